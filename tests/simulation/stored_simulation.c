/* How often a comparison with a stored baseline is wrong, by simulation: 16 launches of then
 * against 16 of now, on a machine that became slower or faster by less than the margin, and a store
 * that changed or did not. Prints a table, and fails when a rate is above its level by more than
 * the luck of the draw.
 *
 *     stored_simulation [--trials N] [--seed S]
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "gate/stored.h"
#include "tests/simulation/noise.h"

enum { LAUNCHES = 16 };

/* Promised in docs/statistics.md. */
static const double FALSE_CHANGE = 0.01;
static const double FALSE_PASS = 0.05;

static const double MARGIN = 0.05;
static const double LEVEL_NS = 1e6; /* of the metrics and of the yardstick, then */

struct setting {
    size_t metrics;
    double metric_sd, yardstick_sd; /* of the logarithms, over launches */
    double machine;                 /* what it takes now, as a fraction more, in all figures */
    double store;                   /* the same of the store, in the first metric alone */
};

static const struct setting settings[] = {
    {10, 0.06, 0.01, 0, 0},        {10, 0.06, 0.01, 0.03, 0},    {10, 0.06, 0.01, -0.03, 0},
    {10, 0.03, 0.01, 0, 0},        {10, 0.03, 0.01, 0.03, 0},    {10, 0.03, 0.01, -0.03, 0},
    {1, 0.05, 0.005, 0, 0},        {1, 0.05, 0.005, 0.035, 0},   {1, 0.05, 0.005, -0.035, 0},
    {1, 0.005, 0.01, 0, 0.05},     {1, 0.005, 0.01, 0.03, 0.05}, {1, 0.005, 0.01, -0.03, 0.05},
    {1, 0.03, 0.005, -0.01, 0.05}, {10, 0.01, 0.005, 0, 0.1},    {10, 0.01, 0.005, 0.03, 0.1},
    {10, 0.01, 0.005, -0.03, 0.1}, {10, 0.03, 0.01, 0, 0.1},     {10, 0.03, 0.01, 0.03, 0.1},
    {10, 0.03, 0.01, -0.03, 0.1},  {10, 0.06, 0.01, 0, 0.1},     {10, 0.06, 0.01, 0.03, 0.1},
    {10, 0.06, 0.01, -0.03, 0.1},
};

static struct tg_comparison *make(size_t metrics)
{
    struct tg_comparison *comparison = tg_comparison_new();
    struct tg_arena *arena = &comparison->arena;
    comparison->metrics = tg_arena_array(arena, metrics, sizeof *comparison->metrics);
    comparison->metric_count = metrics;
    for (size_t i = 0; i < metrics; i++) {
        comparison->metrics[i].name = tg_arena_format(arena, "op%zu.p50", i);
        comparison->metrics[i].margin = MARGIN;
        comparison->metrics[i].direction = TG_LOWER_IS_BETTER;
    }
    for (size_t i = 0; i < LAUNCHES; i++) {
        size_t number = tg_comparison_add_launch(comparison);
        comparison->launches[number].operations[TG_BEFORE] = 1000;
        comparison->launches[number].operations[TG_AFTER] = 1000;
    }
    return comparison;
}

/* Takes `machine` and `store` times as long as LEVEL_NS. */
static void draw(struct tg_comparison *comparison, const struct setting *setting, double machine,
                 double store, struct source *source)
{
    for (size_t i = 0; i < LAUNCHES; i++) {
        double yardstick = machine * exp(setting->yardstick_sd * normal(source));
        comparison->launches[i].yardstick_ns = (int64_t)(LEVEL_NS * yardstick);
        for (size_t m = 0; m < setting->metrics; m++) {
            double value = LEVEL_NS * machine * exp(setting->metric_sd * normal(source));
            for (int side = 0; side < TG_SIDES; side++)
                comparison->metrics[m].values[i].pooled[side] = value * (m == 0 ? store : 1);
        }
    }
}

struct counts { /* of comparisons */
    size_t judged, passed;
    size_t worse;  /* a metric that the store did not change is called a regression */
    size_t better; /* or an improvement */
    size_t named;  /* the metric that it did change is called a regression */
};

static void count(struct counts *counts, const struct setting *setting,
                  const struct tg_stored_judgement *judgement)
{
    bool worse = false;
    bool better = false;
    for (size_t i = 0; judgement->judged && i < judgement->row_count; i++) {
        enum tg_gate_verdict verdict = judgement->rows[i].verdict.verdict;
        bool changed = i == 0 && setting->store > 0;
        worse = worse || (!changed && verdict == TG_GATE_REGRESSION);
        better = better || verdict == TG_GATE_IMPROVEMENT;
        counts->named += changed && verdict == TG_GATE_REGRESSION;
    }
    counts->worse += worse;
    counts->better += better;
    counts->judged += judgement->judged;
    counts->passed += judgement->verdict == TG_GATE_PASS;
}

/* Three standard errors, and one for the smallest numbers. */
static bool explained(size_t found, size_t trials, double level)
{
    double n = (double)trials;
    return (double)found <= n * level + 3 * sqrt(n * level * (1 - level)) + 1;
}

/* Prints its line; false: too many. */
static bool simulate(const struct setting *setting, size_t trials, struct source *source)
{
    struct tg_comparison *stored = make(setting->metrics);
    struct tg_comparison *now = make(setting->metrics);
    struct counts counts = {0};
    struct tg_arena arena = {0};
    for (size_t i = 0; i < trials; i++) {
        draw(stored, setting, 1, 1, source);
        draw(now, setting, 1 + setting->machine, 1 + setting->store, source);
        struct tg_stored_judgement judgement = tg_stored_judge(stored, now, true, &arena);
        count(&counts, setting, &judgement);
        tg_arena_reset(&arena);
    }
    tg_arena_free(&arena);
    tg_comparison_free(stored);
    tg_comparison_free(now);
    double percent = 100 / (double)trials;
    printf("%7zu %6g%% %8g%% %7g%% %6g%% %8.2f%% %7.2f%% %7.2f%% %7.2f%% %7.2f%%\n",
           setting->metrics, 100 * setting->metric_sd, 100 * setting->yardstick_sd,
           100 * setting->machine, 100 * setting->store, percent * (double)counts.judged,
           percent * (double)counts.passed, percent * (double)counts.worse,
           percent * (double)counts.better, percent * (double)counts.named);
    return explained(counts.worse, trials, FALSE_CHANGE) &&
           explained(counts.better, trials, FALSE_CHANGE) &&
           (setting->store < MARGIN || explained(counts.passed, trials, FALSE_PASS));
}

int main(int argc, char **argv)
{
    size_t trials = 200;
    struct source source = {.state = 0x57A71C};
    if (!read_options(argc, argv, "stored_simulation", &trials, &source))
        return 4;
    bool good = true;
    puts("metrics     sd yardstick machine  store    judged    pass   worse  better   named");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        good &= simulate(&settings[i], trials, &source);
    return good ? 0 : 1;
}
