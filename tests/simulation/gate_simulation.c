/* The error rates of the whole gate, by simulation: every look, both estimates, all metrics, the
 * confirmation, failing operations. Prints tables, and fails when a rate is above what it is
 * promised to be by more than the luck of the draw.
 *
 *     gate_simulation [--trials N] [--seed S]
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/gate.h"
#include "compare/signed_rank.h"
#include "tests/simulation/noise.h"

enum { METRICS = 10 };

/* Robust sd over launches of p50, p95, p99, p99 and rate as measured on a shared 2-core machine. */
static const double spreads[5] = {0.012, 0.017, 0.026, 0.027, 0.020};

static const struct noise quiet = {.name = "normal", .scale = 1};
static const struct noise heavy = {.name = "heavy (t3)", .heavy = true, .scale = 1};
static const struct noise stalls = {.name = "stalls", .scale = 1, .stalls = 0.01};
static const struct noise drift = {.name = "drift", .scale = 1, .walk = 0.01, .slope = 0.01};
/* A p99 whose launches differ by 16 % or 21 %, as one does that a slow tail moves. */
static const struct noise unruly = {.name = "normal x 6", .scale = 6};
static const struct noise unrulier = {.name = "normal x 8", .scale = 8};
/* With so much noise the margin means nothing and the tests stand alone: the hardest case. */
static const struct noise loud = {.name = "normal x 15", .scale = 15};
static const struct noise loud_heavy = {.name = "heavy x 15", .heavy = true, .scale = 15};
static const struct noise loud_drift = {
    .name = "drift x 15", .scale = 15, .walk = 0.3, .slope = 0.3};

struct setting {
    const struct noise *noise;
    size_t metrics;
    double change;  /* true, of the slowed metrics: 0.05 for 5 % */
    size_t changed; /* how many are slowed, from number 2 (a p99) on */
    bool pooled_only;
    size_t most; /* launches in the budget, and half of them more to confirm; 0: enough */
};

struct tally {
    size_t trials;
    size_t pass;
    size_t regression;
    size_t false_regression; /* a metric called one that was not slowed */
    size_t named;            /* every slowed metric was called one */
    size_t launches;
    size_t first_look; /* done after it */
};

static bool slowed(const struct setting *setting, size_t metric)
{
    size_t first = setting->changed < setting->metrics ? 2 : 0;
    return metric >= first && metric < first + setting->changed;
}

static struct tg_gate *run_gate(struct tg_arena *arena, struct source *source,
                                const struct setting *setting,
                                const struct tg_gate_config *defaults)
{
    struct tg_gate_metric metrics[METRICS];
    struct tg_launch_estimate estimates[METRICS];
    for (size_t m = 0; m < setting->metrics; m++)
        metrics[m] = (struct tg_gate_metric){
            .name = "metric", .margin = log1p(0.05), .pooled_only = setting->pooled_only};
    struct tg_gate_config config = *defaults;
    config.metrics = metrics;
    config.metric_count = setting->metrics;
    struct tg_gate *gate = tg_gate_new(arena, &config);
    size_t room = setting->most > 0 ? setting->most : SIZE_MAX / 2;
    while (gate->step != TG_GATE_DONE &&
           gate->launches + gate->fresh_launches <
               (gate->step == TG_GATE_CONFIRM ? room + room / 2 : room)) {
        for (size_t m = 0; m < setting->metrics; m++)
            estimates[m] = simulate_launch(source, setting->noise, spreads[m % 5],
                                           slowed(setting, m) ? log1p(setting->change) : 0);
        tg_gate_add(gate, &(struct tg_gate_launch){.metrics = estimates});
    }
    tg_gate_finish(gate);
    return gate;
}

static struct tally simulate(const struct setting *setting, size_t trials, uint64_t seed,
                             const struct tg_gate_config *config)
{
    struct tally tally = {.trials = trials};
    struct source source = {.state = seed};
    struct tg_arena arena = {0};
    for (size_t i = 0; i < trials; i++) {
        const struct tg_gate *gate = run_gate(&arena, &source, setting, config);
        size_t wrong = 0;
        size_t right = 0;
        for (size_t m = 0; m < setting->metrics; m++) {
            bool called = gate->metrics[m].verdict == TG_GATE_REGRESSION;
            wrong += called && !slowed(setting, m);
            right += called && slowed(setting, m);
        }
        tally.pass += gate->verdict == TG_GATE_PASS;
        tally.regression += gate->verdict == TG_GATE_REGRESSION;
        tally.false_regression += wrong > 0;
        tally.named += setting->changed > 0 && right == setting->changed;
        tally.launches += gate->launches + gate->fresh_launches;
        tally.first_look += gate->looks == 1;
        tg_arena_reset(&arena);
    }
    tg_arena_free(&arena);
    return tally;
}

/* Whether `count` of `trials` is more than a rate of `nominal` explains: P(at least as many) under
 * it is below 1 in 10,000. */
static bool above(size_t count, size_t trials, double nominal)
{
    double n = (double)trials;
    double tail = 0;
    for (size_t k = count; k <= trials && (k < count + 2000 || k < count * 2); k++)
        tail += exp(lgamma(n + 1) - lgamma((double)k + 1) - lgamma(n - (double)k + 1) +
                    (double)k * log(nominal) + (n - (double)k) * log1p(-nominal));
    return tail < 1e-4;
}

static double percent(size_t count, size_t trials)
{
    return 100 * (double)count / (double)trials;
}

static bool print_gates(size_t trials, uint64_t seed)
{
    static const struct setting settings[] = {
        {&quiet, 10, 0, 0, false, 0},        {&heavy, 10, 0, 0, false, 0},
        {&stalls, 10, 0, 0, false, 0},       {&drift, 10, 0, 0, false, 0},
        {&loud, 10, 0, 0, false, 0},         {&loud_heavy, 10, 0, 0, false, 0},
        {&loud_drift, 10, 0, 0, false, 0},   {&quiet, 10, 0.05, 1, false, 0},
        {&heavy, 10, 0.05, 1, false, 0},     {&stalls, 10, 0.05, 1, false, 0},
        {&drift, 10, 0.05, 1, false, 0},     {&quiet, 1, 0.05, 1, true, 0},
        {&heavy, 1, 0.05, 1, true, 0},       {&stalls, 1, 0.05, 1, true, 0},
        {&quiet, 10, 0.10, 1, false, 0},     {&heavy, 10, 0.10, 1, false, 0},
        {&stalls, 10, 0.10, 1, false, 0},    {&drift, 10, 0.10, 1, false, 0},
        {&quiet, 10, 0.10, 10, false, 0},    {&unruly, 10, 0.20, 1, false, 40},
        {&unrulier, 10, 0.20, 1, false, 40},
    };
    struct tg_arena arena = {0};
    struct tg_gate_config config = tg_gate_defaults(&arena);
    tg_arena_free(&arena);
    bool good = true;
    printf("\n%-12s %7s %-13s %7s %7s %7s %7s %7s %9s %7s\n", "noise", "metrics", "slower", "pass",
           "regr.", "incon.", "false", "named", "launches", "look 1");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct setting *setting = &settings[i];
        /* One metric costs a tenth of ten, and its error rate is the one that is to be resolved. */
        size_t count = setting->metrics == 1 ? 5 * trials : trials;
        struct tally tally = simulate(setting, count, seed + i, &config);
        bool false_pass = setting->change >= 0.05 && above(tally.pass, count, config.plan.alpha);
        bool false_regression = above(tally.false_regression, count, config.confirm_level);
        char slower[32] = "none";
        if (setting->changed > 0)
            snprintf(slower, sizeof slower, "%zu by %.0f %%", setting->changed,
                     100 * setting->change);
        printf("%-12s %7zu %-13s %6.2f%% %6.2f%% %6.2f%% %6.2f%% %6.1f%% %9.1f %6.1f%%%s%s\n",
               setting->noise->name, setting->metrics, slower, percent(tally.pass, count),
               percent(tally.regression, count),
               percent(count - tally.pass - tally.regression, count),
               percent(tally.false_regression, count), percent(tally.named, count),
               (double)tally.launches / (double)count, percent(tally.first_look, count),
               false_pass ? "  FALSE PASSES" : "", false_regression ? "  FALSE REGRESSIONS" : "");
        good &= !false_pass && !false_regression;
    }
    return good;
}

/* ---- failing operations ---- */

struct failing {
    double before; /* mean number of failures in a launch before */
    double speed;  /* operations after, as a multiple of those before */
    double more;   /* the share after, as a multiple of that before */
    bool bursts;   /* of 20 operations, which a side as fast as the other has as often */
};

static struct tg_failures fail(struct source *source, const struct failing *failing)
{
    static const double operations = 100000;
    static const double size = 20;
    double before = operations * exp(0.02 * normal(source));
    double after = failing->speed * operations * exp(0.02 * normal(source));
    struct tg_failures failures = {.operations_before = llround(before),
                                   .operations_after = llround(after)};
    double after_of_one = failing->more * after / before;
    if (failing->bursts) { /* as many in the same time, longer on the faster side */
        failures.failed_before = poisson(source, failing->before / size) * (int64_t)size;
        failures.failed_after =
            poisson(source, failing->before / size) * llround(size * after_of_one);
    } else {
        failures.failed_before = poisson(source, failing->before * before / operations);
        failures.failed_after =
            poisson(source, failing->before * before / operations * after_of_one);
    }
    return failures;
}

struct failing_tally {
    size_t flagged; /* at the end, without having been confirmed */
    size_t regression;
};

/* The metric has no values, so that nothing but failures ends a gate: every look is taken. */
static struct failing_tally simulate_failing(const struct failing *failing, size_t trials,
                                             uint64_t seed, const struct tg_gate_config *defaults)
{
    static const struct tg_gate_metric metric = {.name = "metric", .margin = 0.05};
    static const struct tg_launch_estimate none = {NAN, NAN};
    struct failing_tally tally = {0};
    struct source source = {.state = seed};
    struct tg_arena arena = {0};
    struct tg_gate_config config = *defaults;
    config.metrics = &metric;
    config.metric_count = 1;
    for (size_t i = 0; i < trials; i++) {
        struct tg_gate *gate = tg_gate_new(&arena, &config);
        while (gate->step != TG_GATE_DONE)
            tg_gate_add(gate, &(struct tg_gate_launch){.metrics = &none,
                                                       .failures = fail(&source, failing)});
        tally.regression += gate->errors.verdict == TG_GATE_REGRESSION;
        tally.flagged += gate->errors.verdict == TG_GATE_INCONCLUSIVE;
        tg_arena_reset(&arena);
    }
    tg_arena_free(&arena);
    return tally;
}

static bool print_failing(size_t trials, uint64_t seed)
{
    static const struct failing settings[] = {
        {0.1, 1, 1, false},     {1, 1, 1, false},    {10, 1, 1, false},      {100, 1, 1, false},
        {0.1, 1.2, 1, false},   {1, 1.2, 1, false},  {10, 1.2, 1, false},    {100, 1.2, 1, false},
        {0.1, 10, 1, false},    {0.3, 10, 1, false}, {1, 10, 1, false},      {10, 10, 1, false},
        {1, 0.8, 1, false},     {10, 0.1, 1, false}, {10, 1.2, 1, true},     {40, 10, 1, true},
        {1, 1.2, 5, false},     {10, 1.2, 2, false}, {100, 1.2, 1.5, false}, {10, 10, 2, false},
        {100, 0.8, 1.5, false},
    };
    struct tg_arena arena = {0};
    struct tg_gate_config config = tg_gate_defaults(&arena);
    tg_arena_free(&arena);
    bool good = true;
    printf("\n%-7s %8s %10s %6s %9s %7s\n", "failing", "a launch", "operations", "share", "flagged",
           "regr.");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct failing *failing = &settings[i];
        struct failing_tally tally = simulate_failing(failing, trials, seed + i, &config);
        bool too_often =
            failing->more == 1 && above(tally.regression, trials, config.confirm_level);
        bool too_rarely = failing->more > 1 && tally.regression < trials * 9 / 10;
        printf("%-7s %8g %10g %6g %8.2f%% %6.2f%%%s%s\n", failing->bursts ? "bursts" : "singly",
               failing->before, failing->speed, failing->more, percent(tally.flagged, trials),
               percent(tally.regression, trials), too_often ? "  FALSE REGRESSIONS" : "",
               too_rarely ? "  MISSED" : "");
        good &= !too_often && !too_rarely;
    }
    return good;
}

/* ---- looks ---- */

/* How often one estimate's lower bound lies above its true value at any look. Distribution-free:
 * it depends on signs and ranks alone, so one symmetric distribution stands for all. */
static size_t count_crossings(const struct tg_look_plan *plan, size_t trials, uint64_t seed)
{
    struct source source = {.state = seed};
    size_t crossed = 0;
    for (size_t trial = 0; trial < trials; trial++) {
        double x[32];
        double walsh[32 * 33 / 2];
        bool above_theta = false;
        for (size_t n = 0; n < 32; n++)
            x[n] = normal(&source);
        for (size_t k = 0; k < plan->count && !above_theta; k++) {
            const struct tg_look *look = &plan->looks[k];
            above_theta = tg_signed_rank_interval(x, look->launches, look->level, walsh).lower > 0;
        }
        crossed += above_theta;
    }
    return crossed;
}

static bool print_plan(enum tg_spending spending, double alpha, size_t trials, uint64_t seed)
{
    static const char *const names[] = {"early", "evenly", "late"};
    struct tg_arena arena = {0};
    struct tg_gate_config config = tg_gate_defaults(&arena);
    config.plan = tg_look_plan(spending, alpha, tg_gate_looks, 4, &arena);
    tg_arena_free(&arena);
    size_t crossed = count_crossings(&config.plan, trials, seed);
    bool too_often = above(crossed, trials, alpha);
    printf("%-8s %-5g ", names[spending], alpha);
    for (size_t k = 0; k < config.plan.count; k++)
        printf(" %4zu (%.4f)", config.plan.looks[k].order, config.plan.looks[k].level);
    printf(" %7.2f%% %8.2f%%", 100 * config.plan.looks[3].spent, percent(crossed, trials));
    static const struct noise *const noises[] = {&quiet, &heavy, &stalls};
    for (size_t i = 0; i < 3; i++) {
        const struct setting same = {noises[i], METRICS, 0, 0, false, 0};
        struct tally tally = simulate(&same, trials / 10, seed, &config);
        printf(" %6.1f", (double)tally.launches / (double)tally.trials);
    }
    printf("%s\n", too_often ? "  TOO OFTEN" : "");
    return !too_often;
}

static bool print_plans(size_t trials, uint64_t seed)
{
    bool good = true;
    printf("%-14s  %-51s %8s %9s %20s\n", "", "order (level) at 10, 16, 24, 32 launches", "at most",
           "simulated", "launches to a pass");
    printf("%-8s %-5s %72s %6s %6s %6s\n", "spending", "alpha", "", "normal", "heavy", "stalls");
    for (int i = 0; i < 6; i++)
        good &= print_plan((enum tg_spending)(i % 3), i < 3 ? 0.05 : 0.025, trials, seed);
    return good;
}

int main(int argc, char **argv)
{
    size_t trials = 300;
    uint64_t seed = 0xDEADBEEF;
    bool understood = argc % 2 == 1;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--trials") == 0)
            trials = strtoull(argv[i + 1], NULL, 0);
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 0);
        else
            understood = false;
    }
    if (!understood || trials < 10) {
        fprintf(stderr, "usage: gate_simulation [--trials N] [--seed S]\n");
        return 4;
    }
    bool plans_good = print_plans(10 * trials, seed);
    bool gates_good = print_gates(trials, seed);
    bool failing_good = print_failing(10 * trials, seed);
    return plans_good && gates_good && failing_good ? 0 : 1;
}
