/* How often a lead over competitors is called lost that is not, by simulation: skewed launches, one
 * or many figures, a fixed number of launches or as many as the gate takes. Prints a table, and
 * fails when a rate is above its level by more than the luck of the draw.
 *
 *     standing_simulation [--trials N] [--seed S]
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "baselines/standing.h"
#include "common/text.h"
#include "tests/simulation/noise.h"

enum { MOST_PAIRS = 15, MOST_LAUNCHES = 80 };

static const double LEVEL = 0.005; /* promised by baselines/standing.h */
static const double FIGURE_NS = 1e6;

/* Factors whose median is 1. */
enum shape { SYMMETRIC, TAIL_UP, TAIL_DOWN };
static const char *const shape_names[] = {"symmetric", "tail up", "tail down"};

static double factor(struct source *source, enum shape shape)
{
    static const double spread = 0.03;
    if (shape == SYMMETRIC)
        return exp(spread * normal(source));
    /* An exponential variable is at most ln 2 half of the time. */
    double skewed = exp(spread * (-log(uniform(source)) / log(2) - 1));
    return shape == TAIL_UP ? skewed : 1 / skewed;
}

struct setting {
    enum shape shape;
    size_t pairs;         /* metrics, each held against one figure */
    size_t launches;      /* 0: until the gate is done */
    double before, after; /* true medians, as multiples of the figure */
};

/* Either there was no lead, by a hair, or it is kept by one; each with the shape that is worse for
 * bounds which take launches for symmetric. */
static const struct setting settings[] = {
    {SYMMETRIC, 1, 10, 1, 2},    {TAIL_DOWN, 1, 10, 1, 2},     {TAIL_UP, 1, 10, 0.5, 1},
    {SYMMETRIC, 1, 32, 1, 2},    {TAIL_DOWN, 1, 32, 1, 2},     {TAIL_UP, 1, 32, 0.5, 1},
    {TAIL_DOWN, 5, 24, 1, 2},    {TAIL_UP, 5, 24, 0.5, 1},     {SYMMETRIC, 15, 24, 1, 2},
    {TAIL_DOWN, 15, 24, 1, 2},   {TAIL_UP, 15, 24, 0.5, 1},    {TAIL_DOWN, 1, 0, 1, 1.05},
    {TAIL_UP, 1, 0, 0.95, 1},    {SYMMETRIC, 1, 0, 0.97, 1},   {TAIL_DOWN, 10, 0, 1, 1.05},
    {TAIL_UP, 10, 0, 0.95, 1},   {SYMMETRIC, 1, 10, 0.9, 1.1}, {SYMMETRIC, 5, 24, 0.9, 1.1},
    {TAIL_UP, 15, 24, 0.9, 1.1}, {TAIL_UP, 1, 10, 0.9, 1.1},
};

struct bench { /* one comparison, used again for every trial */
    struct tg_comparison *comparison;
    struct tg_competitor competitors[MOST_PAIRS];
    const char *applies[MOST_PAIRS];
};

static void set_up(struct bench *bench, size_t pairs)
{
    struct tg_comparison *comparison = bench->comparison = tg_comparison_new();
    struct tg_arena *arena = &comparison->arena;
    comparison->metrics = tg_arena_array(arena, pairs, sizeof *comparison->metrics);
    comparison->ops = tg_arena_array(arena, pairs, sizeof *comparison->ops);
    comparison->metric_count = comparison->op_count = pairs;
    for (size_t i = 0; i < pairs; i++) {
        bench->applies[i] = comparison->ops[i].name = tg_arena_format(arena, "op%zu", i);
        comparison->metrics[i].name = tg_arena_format(arena, "op%zu.p50", i);
        comparison->metrics[i].margin = 0.05;
        comparison->metrics[i].direction = TG_LOWER_IS_BETTER;
        struct tg_competitor *competitor = &bench->competitors[i];
        *competitor = (struct tg_competitor){
            .name = "X", .applies_to = &bench->applies[i], .applies_to_count = 1};
        for (int figure = 0; figure < TG_FIGURE_COUNT; figure++)
            competitor->figures[figure] = (struct tg_published){NAN, NAN};
        competitor->figures[TG_FIGURE_P50] = (struct tg_published){FIGURE_NS, FIGURE_NS};
    }
    for (size_t i = 0; i < MOST_LAUNCHES; i++)
        tg_comparison_add_launch(comparison);
}

static void draw(struct bench *bench, const struct setting *setting, struct source *source)
{
    struct tg_comparison *comparison = bench->comparison;
    size_t count = setting->launches > 0 ? setting->launches : MOST_LAUNCHES;
    comparison->launch_count = count;
    for (size_t i = 0; i < count; i++) {
        for (size_t m = 0; m < setting->pairs; m++) {
            struct tg_compared_value *value = &comparison->metrics[m].values[i];
            value->pooled[TG_BEFORE] = FIGURE_NS * setting->before * factor(source, setting->shape);
            value->pooled[TG_AFTER] = FIGURE_NS * setting->after * factor(source, setting->shape);
            value->typical = log(value->pooled[TG_AFTER] / value->pooled[TG_BEFORE]);
        }
    }
}

/* Keeps the launches that the gate would have made. */
static void stop_as_the_gate_does(struct tg_comparison *comparison)
{
    struct tg_arena arena = {0};
    struct tg_gate_config config = tg_comparison_config(comparison, &arena);
    struct tg_launch_estimate estimates[MOST_PAIRS];
    struct tg_gate *gate = tg_gate_new(&arena, &config);
    size_t made = 0;
    while (made < MOST_LAUNCHES && gate->step != TG_GATE_DONE)
        tg_comparison_feed(comparison, made++, estimates, gate);
    comparison->launch_count = made;
    tg_arena_free(&arena);
}

/* Whether any lead is said to be lost. */
static bool loses_one(struct bench *bench, size_t pairs)
{
    static const struct tg_result *const no_runs[TG_SIDES] = {NULL, NULL};
    const struct tg_competitors competitors = {.items = bench->competitors, .count = pairs};
    struct tg_arena arena = {0};
    struct tg_standing *standings;
    size_t count;
    bool lost = false;
    tg_standings(bench->comparison, no_runs, &competitors, &arena, &standings, &count);
    for (size_t i = 0; i < count; i++)
        lost = lost || standings[i].lead == TG_LEAD_LOST;
    tg_arena_free(&arena);
    return lost;
}

/* Prints its line; false: too many. */
static bool simulate(const struct setting *setting, size_t trials, struct source *source)
{
    struct bench bench;
    size_t lost = 0;
    size_t launches = 0;
    set_up(&bench, setting->pairs);
    for (size_t i = 0; i < trials; i++) {
        draw(&bench, setting, source);
        if (setting->launches == 0)
            stop_as_the_gate_does(bench.comparison);
        launches += bench.comparison->launch_count;
        lost += loses_one(&bench, setting->pairs);
    }
    tg_comparison_free(bench.comparison);
    bool truly = setting->before < 1 && setting->after > 1;
    double n = (double)trials;
    printf("%-10s %6zu %9.1f %7g %6g %8s %8.2f%%\n", shape_names[setting->shape], setting->pairs,
           (double)launches / n, setting->before, setting->after, truly ? "yes" : "no",
           100 * (double)lost / n);
    /* Three standard errors, and one for the smallest numbers. */
    double allowed = n * LEVEL + 3 * sqrt(n * LEVEL * (1 - LEVEL)) + 1;
    return truly || (double)lost <= allowed;
}

int main(int argc, char **argv)
{
    size_t trials = 400;
    struct source source = {.state = 0xDEADBEEF};
    if (!read_options(argc, argv, "standing_simulation", &trials, &source))
        return 4;
    bool good = true;
    puts("launches    pairs  launches  before  after    truly   called lost");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        good &= simulate(&settings[i], trials, &source);
    return good ? 0 : 1;
}
