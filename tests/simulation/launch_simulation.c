/* The error rates of the gate from the operations on: drawn one by one, recorded in the histograms
 * of slices, and from there on the way that measured ones take (gate/metrics.h). The sides have
 * unlike numbers of operations, as sides of unlike speed have, and the same distribution of them.
 * Then stalls, counted beyond a fixed limit. Prints tables, and fails when a rate is above what it
 * is promised to be by more than the luck of the draw.
 *
 *     launch_simulation [--trials N] [--seed S]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare/signed_rank.h"
#include "gate/metrics.h"
#include "tests/simulation/noise.h"

enum { PAIRS = 50, PERCENTILES = 3, MOST_METRICS = PERCENTILES, FIRST_LOOK = 10 };

/* Promised by compare/gate.h. */
static const double PASS_LEVEL = 0.05;
static const double CONFIRM_LEVEL = 0.01;

/* ---- a launch in memory ---- */

struct bench { /* one gate after the other */
    struct tg_scenario *scenario;
    struct tg_gated_set set;
    struct tg_comparison *comparison;
    struct tg_launch launch;
    struct tg_slice slices[TG_SIDES][PAIRS];
    struct tg_hdr *hdrs[TG_SIDES][PAIRS];
    int64_t steal_ns[PAIRS];
};

static struct tg_scenario *scenario_with(const char *gate)
{
    char path[] = "/tmp/tailgate-launch-XXXXXX";
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        abort();
    fprintf(file,
            "format = 1\nname = \"one\"\n[engine]\nkind = \"noop\"\n[op.a]\n[mix.main]\na = 1\n"
            "[[phase]]\nname = \"main\"\nmix = \"main\"\nfor = \"1s\"\n[gate]\n%s",
            gate);
    fclose(file);
    if (tg_scenario_load(path, NULL, 0, &scenario, &diags) != TG_OK)
        abort();
    unlink(path);
    tg_diags_free(&diags);
    return scenario;
}

static void set_up(struct bench *bench, const char *gate)
{
    struct tg_diags diags = {0};
    *bench = (struct bench){.scenario = scenario_with(gate), .launch = {.op_count = 1}};
    bench->comparison = tg_comparison_new();
    if (tg_gated_choose(bench->scenario, 0, 0, &bench->set, bench->comparison, &diags) != TG_OK)
        abort();
    struct tg_slice_pairs *pairs = &bench->launch.pairs[TG_CLOSED_LOOP];
    *pairs = (struct tg_slice_pairs){.count = PAIRS, .room = PAIRS, .steal_ns = bench->steal_ns};
    for (int side = 0; side < TG_SIDES; side++) {
        pairs->slices[side] = bench->slices[side];
        for (int pair = 0; pair < PAIRS; pair++) {
            bench->hdrs[side][pair] = tg_hdr_new(&tg_hdr_latency_ns);
            bench->slices[side][pair] =
                (struct tg_slice){.elapsed_ns = 10000000, .ops = &bench->hdrs[side][pair]};
        }
    }
}

static void tear_down(struct bench *bench)
{
    for (int side = 0; side < TG_SIDES; side++)
        for (int pair = 0; pair < PAIRS; pair++)
            free(bench->hdrs[side][pair]);
    tg_comparison_free(bench->comparison);
    tg_scenario_free(bench->scenario);
}

struct outcome {
    const struct tg_gate *gate; /* in the arena */
    size_t launches;            /* fresh ones included */
};

/* A gate from its first launch to its verdict; its launches stay in the comparison. `draw` fills
 * the histograms of one. */
static struct outcome run_gate(struct bench *bench, struct tg_arena *arena, struct source *source,
                               void (*draw)(struct bench *, struct source *, const void *),
                               const void *setting)
{
    struct tg_gate_config config = tg_comparison_config(bench->comparison, arena);
    struct tg_launch_estimate estimates[MOST_METRICS];
    struct tg_gate *gate = tg_gate_new(arena, &config);
    bench->comparison->launch_count = 0;
    while (gate->step != TG_GATE_DONE) {
        draw(bench, source, setting);
        size_t number = tg_comparison_add_launch(bench->comparison);
        tg_gated_record(&bench->set, &bench->launch, bench->comparison, number);
        tg_comparison_feed(bench->comparison, number, estimates, gate);
    }
    return (struct outcome){gate, bench->comparison->launch_count};
}

/* Whether `count` of `trials` is more than `rate` explains: by four standard errors, and one for
 * the smallest numbers. */
static bool above(size_t count, size_t trials, double rate)
{
    double n = (double)trials;
    return (double)count > n * rate + 4 * sqrt(n * rate * (1 - rate)) + 1;
}

static double percent(size_t count, size_t trials)
{
    return 100 * (double)count / (double)trials;
}

/* ---- percentiles ---- */

enum shape { PARETO, LOGNORMAL };
static const char *const shape_names[] = {"Pareto", "lognormal"};

struct sides { /* what the operations of a slice are */
    enum shape shape;
    double operations[TG_SIDES]; /* mean number */
    double spread;               /* its sd over slices */
};

static int64_t draw_ns(struct source *source, enum shape shape)
{
    /* From 500 ns on with index 2, or around it with an sd of 1 of the logarithm. */
    double factor = shape == PARETO ? 1 / sqrt(uniform(source)) : exp(normal(source));
    return llround(500 * factor);
}

static void draw_operations(struct bench *bench, struct source *source, const void *setting)
{
    const struct sides *sides = setting;
    for (int side = 0; side < TG_SIDES; side++) {
        for (int pair = 0; pair < PAIRS; pair++) {
            double mean = sides->operations[side];
            int64_t count = llround(mean + sides->spread * normal(source));
            tg_hdr_reset(bench->hdrs[side][pair]);
            for (int64_t i = 0; i < count; i++)
                tg_hdr_record(bench->hdrs[side][pair], draw_ns(source, sides->shape));
        }
    }
}

struct percentile_tally {
    double sum; /* of typical */
    double sum_of_squares;
    size_t launches;
    size_t flagged; /* by typical alone, at the first look */
    size_t called;  /* a regression */
};

static bool flags(const struct tg_compared_metric *metric, const struct tg_gate_config *config)
{
    double values[FIRST_LOOK];
    double walsh[FIRST_LOOK * (FIRST_LOOK + 1) / 2];
    for (size_t i = 0; i < FIRST_LOOK; i++)
        values[i] = metric->values[i].typical;
    struct tg_interval interval =
        tg_signed_rank_interval(values, FIRST_LOOK, config->plan.looks[0].level, walsh);
    return interval.lower > 0 && interval.estimate >= log1p(metric->margin);
}

static void count_in(struct percentile_tally *tally, const struct tg_compared_metric *metric,
                     const struct outcome *outcome, size_t number)
{
    for (size_t i = 0; i < outcome->launches; i++) {
        tally->sum += metric->values[i].typical;
        tally->sum_of_squares += metric->values[i].typical * metric->values[i].typical;
    }
    tally->launches += outcome->launches;
    tally->flagged += flags(metric, &outcome->gate->config);
    tally->called += outcome->gate->metrics[number].verdict == TG_GATE_REGRESSION;
}

static bool simulate_percentiles(const struct sides *sides, size_t trials, struct source *source)
{
    static const char *const names[PERCENTILES] = {"p90", "p95", "p99"};
    struct percentile_tally tallies[PERCENTILES] = {0};
    struct tg_arena arena = {0};
    struct bench bench;
    bool good = true;
    set_up(&bench, "metrics = [\"a.p90\", \"a.p95\", \"a.p99\"]\n");
    for (size_t trial = 0; trial < trials; trial++) {
        struct outcome outcome = run_gate(&bench, &arena, source, draw_operations, sides);
        for (size_t m = 0; m < PERCENTILES; m++)
            count_in(&tallies[m], &bench.comparison->metrics[m], &outcome, m);
        tg_arena_reset(&arena);
    }
    for (size_t m = 0; m < PERCENTILES; m++) {
        double n = (double)tallies[m].launches;
        double mean = tallies[m].sum / n;
        bool too_often = above(tallies[m].called, trials, CONFIRM_LEVEL);
        printf("%-9s %6.0f %6.0f %4s %+7.2f%% %7.1f%% %8.2f%% %7.2f%%%s\n",
               shape_names[sides->shape], sides->operations[TG_BEFORE], sides->operations[TG_AFTER],
               names[m], 100 * mean, 100 * sqrt(tallies[m].sum_of_squares / n - mean * mean),
               percent(tallies[m].flagged, trials), percent(tallies[m].called, trials),
               too_often ? "  FALSE REGRESSIONS" : "");
        good &= !too_often;
    }
    tg_arena_free(&arena);
    tear_down(&bench);
    return good;
}

static bool print_percentiles(size_t trials, struct source *source)
{
    static const struct sides settings[] = {
        {PARETO, {206, 200}, 5},    {PARETO, {208, 250}, 5},    {PARETO, {250, 208}, 5},
        {PARETO, {207, 207}, 5},    {LOGNORMAL, {206, 200}, 5}, {LOGNORMAL, {208, 250}, 5},
        {LOGNORMAL, {250, 208}, 5}, {LOGNORMAL, {207, 207}, 5},
    };
    bool good = true;
    printf("%-9s %6s %6s %4s %8s %8s %9s %8s\n", "shape", "before", "after", "", "typical", "sd",
           "flagged", "regr.");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        good &= simulate_percentiles(&settings[i], trials, source);
    return good;
}

/* ---- stalls ---- */

struct stalling {
    double before; /* mean number of stalls in a launch before */
    double speed;  /* operations after, as a multiple of those before */
    double more;   /* the share after, as a multiple of that before */
};

/* All in the first slice: stalls have no typical estimate. */
static void draw_stalls(struct bench *bench, struct source *source, const void *setting)
{
    static const double operations = 30000;
    static const double spread = 0.2; /* sd over launches of the logarithm of the rate of stalls */
    const struct stalling *stalling = setting;
    for (int side = 0; side < TG_SIDES; side++) {
        double speed = side == TG_AFTER ? stalling->speed : 1;
        double share = (side == TG_AFTER ? stalling->more : 1) * exp(spread * normal(source));
        int64_t count = llround(operations * speed * exp(0.02 * normal(source)));
        int64_t stalls = poisson(source, stalling->before * share * (double)count / operations);
        tg_hdr_reset(bench->hdrs[side][0]);
        tg_hdr_record_many(bench->hdrs[side][0], 100, count - stalls);
        tg_hdr_record_many(bench->hdrs[side][0], 2000, stalls);
    }
}

static bool simulate_stalls(const struct stalling *stalling, size_t trials, struct source *source)
{
    struct tg_arena arena = {0};
    struct bench bench;
    size_t passes = 0;
    size_t regressions = 0;
    size_t launches = 0;
    size_t valued = 0;
    set_up(&bench, "metrics = [\"a.stalls\"]\n");
    bench.set.stall_ns[0] = 1000;
    for (size_t trial = 0; trial < trials; trial++) {
        struct outcome outcome = run_gate(&bench, &arena, source, draw_stalls, stalling);
        passes += outcome.gate->verdict == TG_GATE_PASS;
        regressions += outcome.gate->verdict == TG_GATE_REGRESSION;
        launches += outcome.launches;
        for (size_t i = 0; i < outcome.launches; i++)
            valued += !isnan(bench.comparison->metrics[0].values[i].pooled[TG_BEFORE]);
        tg_arena_reset(&arena);
    }
    bool false_pass = stalling->more >= 2 && above(passes, trials, PASS_LEVEL);
    bool false_regression = stalling->more <= 1 && above(regressions, trials, CONFIRM_LEVEL);
    printf("%7g %10g %6g %7.1f%% %7.2f%% %7.2f%% %7.2f%%%s%s\n", stalling->before, stalling->speed,
           stalling->more, percent(valued, launches), percent(passes, trials),
           percent(regressions, trials), percent(trials - passes - regressions, trials),
           false_pass ? "  FALSE PASSES" : "", false_regression ? "  FALSE REGRESSIONS" : "");
    tg_arena_free(&arena);
    tear_down(&bench);
    return !false_pass && !false_regression;
}

static bool print_stalls(size_t trials, struct source *source)
{
    static const struct stalling settings[] = {
        {0.05, 1, 1}, {0.5, 10, 1}, {0.5, 0.1, 1}, {0.05, 1, 10}, {1, 10, 1},
        {1, 1, 10},   {5, 1.2, 1},  {5, 3, 1},     {5, 1, 2},     {10, 0.8, 1},
        {10, 1.2, 1}, {10, 1, 2},   {10, 3, 1},    {30, 1, 1},    {30, 1.2, 1},
        {30, 0.8, 1}, {30, 3, 1},   {30, 1, 2},    {30, 1, 5},    {30, 1, 0.1},
    };
    bool good = true;
    printf("\n%7s %10s %6s %8s %8s %8s %8s\n", "stalls", "operations", "share", "counted", "pass",
           "regr.", "incon.");
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        good &= simulate_stalls(&settings[i], trials, source);
    return good;
}

int main(int argc, char **argv)
{
    size_t trials = 12;
    struct source source = {.state = 0xDEADBEEF};
    if (!read_options(argc, argv, "launch_simulation", &trials, &source))
        return 4;
    bool percentiles_good = print_percentiles(trials, &source);
    bool stalls_good = print_stalls(5 * trials, &source);
    return percentiles_good && stalls_good ? 0 : 1;
}
