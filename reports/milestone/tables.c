/* The tables of latencies, throughputs and concurrency. */
#include <math.h>
#include <stdlib.h>

#include "reports/milestone/model.h"
#include "reports/run/report_view.h"

/* ---- targets ---- */

enum tg_target_class tg_target_class_of(const struct tg_target_result *target)
{
    switch (target->metric) {
    case TG_METRIC_RATE:
        return TG_TARGET_RATE;
    case TG_METRIC_ERRORS:
    case TG_METRIC_ERROR_RATE:
    case TG_METRIC_RETRIES:
        return TG_TARGET_ERRORS;
    case TG_METRIC_ELAPSED:
        return TG_TARGET_ELAPSED;
    case TG_METRIC_RSS:
    case TG_METRIC_CPU:
        return TG_TARGET_RESOURCES;
    case TG_METRIC_COUNT:
    case TG_METRIC_STALLS:
        return TG_TARGET_COUNTS;
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
        break;
    }
    return TG_TARGET_LATENCY;
}

/* What metric the key names, behind its last '/': "response.p99". */
static const char *metric_of(const struct tg_target_result *target)
{
    const char *slash = strrchr(target->key, '/');
    return slash ? slash + 1 : target->key;
}

/* ---- rows ---- */

struct table {
    struct tg_milestone_row *rows;
    size_t count, room;
};

struct tables {
    struct tg_making *making;
    const struct tg_milestone_run *run;
    const struct tg_phase_result *phase;
    struct table latencies, throughputs, concurrency;
};

static double percentile_of(const struct tg_phase_result *phase, const struct tg_op_result *op,
                            bool response, double percentile)
{
    int64_t count = 0;
    for (size_t i = 0; i < phase->op_count; i++)
        if (!op || op == &phase->ops[i])
            count += phase->ops[i].succeeded;
    if (tg_percentile_support(count, percentile) == TG_SUPPORT_NONE)
        return NAN;
    const struct tg_metric metric = {
        .op = -1,
        .latency = response ? TG_LATENCY_RESPONSE : TG_LATENCY_SERVICE,
        .kind = TG_METRIC_PERCENTILE,
        .percentile = percentile,
    };
    return tg_result_metric(phase, &metric, op ? op->name : NULL);
}

static void add_row(struct tables *tables, struct table *table, const struct tg_op_result *op,
                    const struct tg_target_result *target)
{
    const struct tg_phase_result *phase = tables->phase;
    const struct tg_metric rate = {.op = -1, .kind = TG_METRIC_RATE};
    bool response = phase->open_loop && !(target && tg_starts_with(metric_of(target), "service."));
    table->rows = tg_arena_grown(tables->making->arena, table->rows, table->count, &table->room,
                                 sizeof *table->rows);
    table->rows[table->count++] = (struct tg_milestone_row){
        .op = op ? op->name : NULL,
        .phase = phase,
        .measured = op,
        .response = response,
        .p50_ns = percentile_of(phase, op, response, 50),
        .p95_ns = percentile_of(phase, op, response, 95),
        .p99_ns = percentile_of(phase, op, response, 99),
        .rate_per_s = tg_result_metric(phase, &rate, op ? op->name : NULL),
        .target = target,
        .doubt = target ? tg_target_doubt(tables->run->result, phase, target)
                        : tg_phase_doubt(tables->run->result, phase),
        .source = tables->run->source,
    };
}

/* A row for each target of the class on this operation (NULL: on the whole phase). Returns how many
 * there were. */
static size_t add_targets(struct tables *tables, struct table *table, const struct tg_op_result *op,
                          enum tg_target_class class)
{
    const struct tg_result *result = tables->run->result;
    size_t added = 0;
    for (size_t i = 0; i < result->target_count; i++) {
        const struct tg_target_result *target = &result->targets[i];
        if (tg_target_class_of(target) != class || strcmp(target->phase, tables->phase->name) != 0)
            continue;
        const char *of = tg_target_op(target, tables->making->arena);
        if (op ? !of || strcmp(of, op->name) != 0 : of != NULL)
            continue;
        add_row(tables, table, op, target);
        added++;
    }
    return added;
}

static void add_phase(struct tables *tables)
{
    const struct tg_phase_result *phase = tables->phase;
    size_t throughputs = 0;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        if (add_targets(tables, &tables->latencies, op, TG_TARGET_LATENCY) == 0)
            add_row(tables, &tables->latencies, op, NULL);
        throughputs += add_targets(tables, &tables->throughputs, op, TG_TARGET_RATE);
    }
    add_targets(tables, &tables->latencies, NULL, TG_TARGET_LATENCY);
    throughputs += add_targets(tables, &tables->throughputs, NULL, TG_TARGET_RATE);
    bool concurrent = phase->workers > 1;
    size_t elapsed = add_targets(tables, concurrent ? &tables->concurrency : &tables->throughputs,
                                 NULL, TG_TARGET_ELAPSED);
    if (concurrent && elapsed == 0)
        add_row(tables, &tables->concurrency, NULL, NULL);
    if (throughputs + (concurrent ? 0 : elapsed) == 0)
        add_row(tables, &tables->throughputs, NULL, NULL);
}

void tg_milestone_add_rows(struct tg_making *making)
{
    struct tg_milestone *milestone = making->milestone;
    struct tables tables = {.making = making};
    for (size_t i = 0; i < milestone->run_count; i++) {
        tables.run = &milestone->runs[i];
        for (size_t k = 0; k < tables.run->result->phase_count; k++) {
            tables.phase = &tables.run->result->phases[k];
            add_phase(&tables);
        }
    }
    milestone->latencies = tables.latencies.rows;
    milestone->latency_count = tables.latencies.count;
    milestone->throughputs = tables.throughputs.rows;
    milestone->throughput_count = tables.throughputs.count;
    milestone->concurrency = tables.concurrency.rows;
    milestone->concurrency_count = tables.concurrency.count;
}
