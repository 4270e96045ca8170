#include "sample_sweep.h"

#include <math.h>

#include "common/units.h"

static const uint64_t sizes[SAMPLE_SIZES] = {1000, 10000, 100000, 1000000};

static const struct {
    const char *name;
    int64_t count;
    int64_t latency_ns[SAMPLE_SIZES];
} ops[] = {
    {"get", 20000, {5200, 6100, 9300, 14100}},
    {"query", 5000, {1000000, 2000000, 4000000, 8000000}},
    {"put", 5000, {40000, 40000, 40000, 40000}},
    {"rare", 200, {1000000, 1000000, 2000000, 2000000}},
};
enum { OPS = sizeof ops / sizeof *ops };

static const double rates[SAMPLE_SIZES] = {1000, 900, 700, 400};

static struct tg_hdr *constant(int64_t count, int64_t value)
{
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    for (int64_t i = 0; i < count; i++)
        tg_hdr_record(hdr, value);
    return hdr;
}

static struct tg_target_result target(const char *key, const char *text, enum tg_metric_kind metric,
                                      enum tg_compare compare, double limit, double value)
{
    bool met = compare == TG_LESS    ? value < limit
               : compare == TG_EQUAL ? value == limit
                                     : value >= limit;
    return (struct tg_target_result){
        .key = key,
        .phase = "steady",
        .text = text,
        .metric = metric,
        .compare = compare,
        .limit = limit,
        .value = value,
        .ratio = tg_target_ratio(compare, value, limit),
        .status = met ? TG_TARGET_MET : TG_TARGET_MISSED,
    };
}

static void fill_targets(struct tg_result *run, size_t size)
{
    const struct tg_target_result targets[] = {
        target("scale/steady/get/service.p99", "get.p99 < 20us", TG_METRIC_PERCENTILE, TG_LESS,
               20e3, (double)ops[0].latency_ns[size]),
        target("scale/steady/get/service.p50", "get.p50 < 50ms", TG_METRIC_PERCENTILE, TG_LESS,
               50e6, (double)ops[0].latency_ns[size]),
        target("scale/steady/query/service.p99", "query.p99 < 3ms", TG_METRIC_PERCENTILE, TG_LESS,
               3e6, (double)ops[1].latency_ns[size]),
        target("scale/steady/put/service.p99", "put.p99 < 50ms", TG_METRIC_PERCENTILE, TG_LESS,
               50e6, (double)ops[2].latency_ns[size]),
        target("scale/steady/*/rate", "rate >= 100/s", TG_METRIC_RATE, TG_GREATER_EQUAL, 100,
               rates[size]),
        target("scale/steady/*/errors", "errors == 0", TG_METRIC_ERRORS, TG_EQUAL, 0, 0),
    };
    run->target_count = sizeof targets / sizeof *targets;
    run->targets = tg_arena_array(&run->arena, run->target_count, sizeof *run->targets);
    for (size_t i = 0; i < run->target_count; i++)
        run->targets[i] = targets[i];
}

static struct tg_result *make_run(size_t size)
{
    struct tg_result *run = tg_result_new();
    run->scenario = "scale";
    run->id = tg_arena_format(&run->arena, "scale-20251121T00000%zuZ", size);
    run->started_unix_ms = 1763683200000 + 1000 * (int64_t)size;
    run->sweep = (struct tg_sweep_place){.id = "scale-20251121T000000Z",
                                         .table = "memory_entries",
                                         .rows = sizes[size],
                                         .planned = sizes,
                                         .planned_count = SAMPLE_SIZES};
    static const int64_t took_ns[SAMPLE_SIZES] = {10400000000, 10900000000, 13100000000,
                                                  41700000000};
    struct tg_load_result *loads = tg_arena_array(&run->arena, 2, sizeof *loads);
    loads[0] = (struct tg_load_result){"sessions", sizes[size] / 10};
    loads[1] = (struct tg_load_result){"memory_entries", sizes[size]};
    run->loads = loads;
    run->load_count = 2;
    run->dataset_cached = size == 0;
    run->dataset_bytes = (int64_t)sizes[size] * 800;
    run->dataset_build_ns = (int64_t)sizes[size] * 12000;
    run->total_ns = took_ns[size];
    if (size >= 2) { /* query.p99 is above its limit */
        static const char *reasons[] = {"steady: target missed: query.p99 < 3ms"};
        run->verdict = TG_VERDICT_FAIL;
        run->reasons = reasons;
        run->reason_count = 1;
    }
    run->phase_count = 1;
    run->phases = tg_arena_array(&run->arena, 1, sizeof *run->phases);
    struct tg_phase_result *phase = run->phases;
    phase->name = "steady";
    phase->workers = 1;
    phase->elapsed_ns = 10 * TG_NS_PER_S;
    phase->hiccups = constant(1, 50000);
    phase->op_count = OPS;
    phase->ops = tg_arena_array(&run->arena, OPS, sizeof *phase->ops);
    for (size_t i = 0; i < OPS; i++)
        phase->ops[i] =
            (struct tg_op_result){.name = ops[i].name,
                                  .succeeded = ops[i].count,
                                  .service = constant(ops[i].count, ops[i].latency_ns[size])};
    fill_targets(run, size);
    return run;
}

void tg_sample_sweep(struct tg_result *runs[SAMPLE_SIZES])
{
    for (size_t i = 0; i < SAMPLE_SIZES; i++)
        runs[i] = make_run(SAMPLE_SIZES - 1 - i);
}

void tg_sample_sweep_free(struct tg_result *runs[SAMPLE_SIZES])
{
    for (size_t i = 0; i < SAMPLE_SIZES; i++)
        tg_result_free(runs[i]);
}
