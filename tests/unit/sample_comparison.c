#include "sample_comparison.h"

#include <math.h>

#include "common/units.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const struct tg_compared_metric metrics[] = {
    {.name = "session_get.p50", .unit = TG_COMPARED_NS, .margin = 0.05},
    {.name = "memory_put.p99", .unit = TG_COMPARED_NS, .margin = 0.075, .open_loop = true},
    {.name = "rate", .unit = TG_COMPARED_PER_S, .direction = TG_HIGHER_IS_BETTER, .margin = 0.05},
    {.name = "memory_put.stalls", .unit = TG_COMPARED_SHARE, .margin = 1, .pooled_only = true},
    {.name = "memory_put.p99.9",
     .unit = TG_COMPARED_NS,
     .margin = 0.05,
     .why_not = "a launch would have 8,000 operations, and 100 beyond it take 100,000"},
};
static const char *const ops[] = {"session_get", "memory_put"};

/* What a metric is before, and by how much it changes. */
static const double levels[] = {20100, 1.25e6, 48765, 0.001};
static const double changes[] = {1.001, 1.2, 0.998, 1.0};
static const double log_changes[] = {0.001, 0.1823, 0.002, NAN}; /* ln 1.2 = 0.1823 */

/* Within 1 % of 1, different for every launch, with all the digits that a double has. */
static double noise(size_t launch, size_t salt)
{
    return 1 + (double)((launch * 7919 + salt * 104729) % 1999) / 100000.0 - 0.01;
}

static void add_launch(struct tg_comparison *comparison)
{
    size_t number = tg_comparison_add_launch(comparison);
    struct tg_compared_launch *launch = &comparison->launches[number];
    *launch = (struct tg_compared_launch){.operations = {48003, 48002},
                                          .failed = {3, 2},
                                          .pairs = 20,
                                          .pairs_dropped = (int64_t)(number % 3),
                                          .steal_ns = number % 7 == 1 ? -1 : 12345678};
    for (size_t i = 0; i < COUNT(levels); i++) {
        struct tg_compared_value *value = &comparison->metrics[i].values[number];
        value->pooled[TG_BEFORE] = levels[i] * noise(number, i);
        value->pooled[TG_AFTER] = levels[i] * changes[i] * noise(number, i + 10);
        value->typical = log_changes[i] + noise(number, 20) - 1;
    }
    for (int side = 0; side < TG_SIDES; side++) {
        comparison->ops[0].values[number].mean_ns[side] = 21000 * noise(number, 30 + (size_t)side);
        comparison->ops[0].values[number].operations[side] = 48000 + (int64_t)number;
    }
}

static void fill_sides(struct tg_comparison *comparison)
{
    static struct tg_named_value facts[] = {{"version", "3.40.1"},
                                            {"library", "/usr/lib/libsqlite3.so.0"}};
    static const char *const overrides[] = {"engine.pragma.cache_size=-2000"};
    comparison->sides[TG_BEFORE] = (struct tg_compared_side){
        .label = "task 001, before",
        .bundle = "9b3f",
        .scenario_hash = "aaaa",
        .facts = facts,
        .fact_count = COUNT(facts),
    };
    comparison->sides[TG_AFTER] = (struct tg_compared_side){
        .label = "engine.pragma.cache_size=-2000",
        .scenario_hash = "bbbb",
        .overrides = overrides,
        .override_count = COUNT(overrides),
        .facts = facts,
        .fact_count = COUNT(facts),
    };
}

static void fill_head(struct tg_comparison *comparison)
{
    comparison->task = "001";
    comparison->competitive = true;
    comparison->scenario = "memory_store";
    comparison->scenario_path = "scenarios/memory_store/gate.toml";
    comparison->phase = "steady";
    comparison->rate_per_s = 1000;
    comparison->workers = 2;
    comparison->seed = 0xDEADBEEFDEADBEEF;
    comparison->stream_fingerprint = "cccc";
    comparison->engine_kind = "sqlite";
    comparison->git_commit = "0123456789abcdef0123456789abcdef01234567";
    comparison->git_dirty = true;
    comparison->started_unix_ms = INT64_C(1763683200000); /* 2025-11-21T00:00:00Z */
    comparison->elapsed_ns = 42 * TG_NS_PER_S;
    comparison->budget_ns = 60 * TG_NS_PER_S;
    comparison->pairs = 10;
    comparison->slice_ns = 50 * TG_NS_PER_MS;
    comparison->open_pairs = 4;
    comparison->open_slice_ns = 70 * TG_NS_PER_MS;
    comparison->end = TG_END_DECIDED;
    comparison->host = tg_json_object();
    tg_json_add_string(comparison->host, "cpu_model", "a processor");
    tg_json_add_int64(comparison->host, "cpus", 2);
}

struct tg_comparison *tg_sample_comparison(size_t launches)
{
    struct tg_comparison *comparison = tg_comparison_new();
    fill_head(comparison);
    fill_sides(comparison);
    comparison->metrics =
        tg_arena_array(&comparison->arena, COUNT(metrics), sizeof *comparison->metrics);
    comparison->metric_count = COUNT(metrics);
    for (size_t i = 0; i < COUNT(metrics); i++)
        comparison->metrics[i] = metrics[i];
    comparison->ops = tg_arena_array(&comparison->arena, COUNT(ops), sizeof *comparison->ops);
    comparison->op_count = COUNT(ops);
    for (size_t i = 0; i < COUNT(ops); i++)
        comparison->ops[i] = (struct tg_compared_op){.name = ops[i], .weight = NAN};
    for (size_t i = 0; i < launches; i++)
        add_launch(comparison);
    return comparison;
}

const struct tg_sample_ending tg_sample_endings[TG_SAMPLE_ENDINGS] = {
    {21, TG_END_DECIDED, TG_BEFORE, false, 1},    {21, TG_END_DECIDED, TG_BEFORE, true, 1},
    {2, TG_END_BUDGET, TG_BEFORE, false, 3},      {2, TG_END_BUDGET, TG_BEFORE, true, 3},
    {0, TG_END_INTERRUPTED, TG_BEFORE, false, 3}, {21, TG_END_INTERRUPTED, TG_BEFORE, true, 3},
    {12, TG_END_INTERRUPTED, TG_BEFORE, true, 3}, {0, TG_END_CRASHED, TG_AFTER, true, 1},
    {12, TG_END_CRASHED, TG_AFTER, true, 1},      {0, TG_END_CRASHED, TG_BEFORE, true, 3},
    {12, TG_END_CRASHED, TG_BEFORE, true, 3},     {3, TG_END_KILLED, TG_AFTER, true, 3},
    {0, TG_END_NOT_GATED, TG_BEFORE, false, 3},
};

struct tg_comparison *tg_sample_ended(const struct tg_sample_ending *ending)
{
    struct tg_comparison *comparison = tg_sample_comparison(ending->launches);
    comparison->competitive = false;
    comparison->end = ending->end;
    comparison->failed_side = ending->failed_side;
    if (ending->end == TG_END_CRASHED || ending->end == TG_END_KILLED)
        comparison->crash = "the worker process was ended by a signal";
    comparison->metric_count -= ending->gated;
    return comparison;
}
