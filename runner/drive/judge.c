#include <assert.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/result.h"

struct tg_result *tg_result_new(void)
{
    return tg_calloc(1, sizeof(struct tg_result));
}

static void free_phase(struct tg_phase_result *phase)
{
    for (size_t i = 0; i < phase->op_count; i++) {
        free(phase->ops[i].service);
        free(phase->ops[i].response);
        free(phase->ops[i].lag);
    }
    free(phase->busy_lag);
    free(phase->late_lag);
    free(phase->hiccups);
    free(phase->interval_log);
}

void tg_result_free(struct tg_result *result)
{
    if (!result)
        return;
    for (size_t i = 0; i < result->phase_count; i++)
        free_phase(&result->phases[i]);
    tg_arena_free(&result->arena);
    free(result);
}

/* ---- metrics ---- */

struct totals {
    int64_t succeeded;
    int64_t failed;
    int64_t retries;
};

static bool in_scope(const struct tg_op_result *op, const char *op_name)
{
    return !op_name || strcmp(op->name, op_name) == 0;
}

static struct totals totals_of(const struct tg_phase_result *phase, const char *op_name)
{
    struct totals sum = {0};
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        if (!in_scope(op, op_name))
            continue;
        sum.succeeded += op->succeeded;
        sum.failed += op->failed;
        sum.retries += op->retries;
    }
    return sum;
}

static enum tg_latency_kind effective_latency(const struct tg_phase_result *phase,
                                              enum tg_latency_kind kind)
{
    if (kind != TG_LATENCY_DEFAULT)
        return kind;
    return phase->open_loop ? TG_LATENCY_RESPONSE : TG_LATENCY_SERVICE;
}

static const struct tg_hdr *latency_of(const struct tg_op_result *op, enum tg_latency_kind kind)
{
    switch (kind) {
    case TG_LATENCY_RESPONSE:
        return op->response;
    case TG_LATENCY_LAG:
        return op->lag;
    case TG_LATENCY_SERVICE:
    case TG_LATENCY_DEFAULT:
        break;
    }
    return op->service;
}

static double latency_figure(const struct tg_hdr *hdr, const struct tg_metric *metric)
{
    if (hdr->total == 0)
        return NAN;
    switch (metric->kind) {
    case TG_METRIC_MEAN:
        return tg_hdr_mean(hdr);
    case TG_METRIC_MIN:
        return (double)hdr->min;
    case TG_METRIC_MAX:
        return (double)hdr->max;
    default:
        return (double)tg_hdr_percentile(hdr, metric->percentile);
    }
}

static double latency_metric(const struct tg_phase_result *phase, const struct tg_metric *metric,
                             const char *op_name)
{
    enum tg_latency_kind kind = effective_latency(phase, metric->latency);
    struct tg_hdr *merged = NULL;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_hdr *hdr =
            in_scope(&phase->ops[i], op_name) ? latency_of(&phase->ops[i], kind) : NULL;
        if (!hdr)
            continue;
        if (!merged)
            merged = tg_hdr_new(&hdr->config);
        tg_hdr_add(merged, hdr);
    }
    double value = merged ? latency_figure(merged, metric) : NAN;
    free(merged);
    return value;
}

/* Counts of nothing: an operation that was never tried has no error rate, and "no errors" about it
 * would be an empty boast. */
static double counted_metric(const struct tg_phase_result *phase, enum tg_metric_kind kind,
                             struct totals sum)
{
    double tried = (double)(sum.succeeded + sum.failed);
    if (tried <= 0)
        return NAN;
    switch (kind) {
    case TG_METRIC_RATE:
        return phase->elapsed_ns > 0
                   ? (double)sum.succeeded / ((double)phase->elapsed_ns / (double)TG_NS_PER_S)
                   : NAN;
    case TG_METRIC_COUNT:
        return (double)sum.succeeded;
    case TG_METRIC_ERRORS:
        return (double)sum.failed;
    case TG_METRIC_ERROR_RATE:
        return (double)sum.failed / tried;
    default:
        return (double)sum.retries;
    }
}

double tg_result_metric(const struct tg_phase_result *phase, const struct tg_metric *metric,
                        const char *op_name)
{
    switch (metric->kind) {
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
        return latency_metric(phase, metric, op_name);
    case TG_METRIC_RATE:
    case TG_METRIC_COUNT:
    case TG_METRIC_ERRORS:
    case TG_METRIC_ERROR_RATE:
    case TG_METRIC_RETRIES:
        return counted_metric(phase, metric->kind, totals_of(phase, op_name));
    case TG_METRIC_ELAPSED:
        return phase->elapsed_ns > 0 ? (double)phase->elapsed_ns : NAN;
    case TG_METRIC_RSS:
        return phase->rss_peak_bytes > 0 ? (double)phase->rss_peak_bytes : NAN;
    case TG_METRIC_CPU:
        return phase->elapsed_ns > 0
                   ? (double)(phase->cpu_user_ns + phase->cpu_system_ns) / (double)phase->elapsed_ns
                   : NAN;
    case TG_METRIC_STALLS: /* of a gate, not of a run */
        break;
    }
    assert(!"unknown metric");
    return NAN;
}

/* ---- targets ---- */

double tg_target_ratio(enum tg_compare compare, double value, double limit)
{
    switch (compare) {
    case TG_LESS:
    case TG_LESS_EQUAL:
        /* Nothing is a multiple of a limit of 0: the count of errors says more than a ratio. */
        return limit > 0 ? limit / value : NAN;
    case TG_GREATER:
    case TG_GREATER_EQUAL:
        return value / limit;
    case TG_EQUAL:
        break;
    }
    return NAN;
}

static bool holds(enum tg_compare compare, double value, double limit)
{
    switch (compare) {
    case TG_LESS:
        return value < limit;
    case TG_LESS_EQUAL:
        return value <= limit;
    case TG_GREATER:
        return value > limit;
    case TG_GREATER_EQUAL:
        return value >= limit;
    case TG_EQUAL:
        return value == limit;
    }
    assert(!"unknown comparison");
    return false;
}

static const struct tg_phase_result *phase_named(const struct tg_result *result, const char *name)
{
    for (size_t i = 0; i < result->phase_count; i++)
        if (strcmp(result->phases[i].name, name) == 0)
            return &result->phases[i];
    return NULL;
}

bool tg_result_left_out(const struct tg_result *result, const char *phase)
{
    for (size_t i = 0; i < result->left_out_count; i++)
        if (strcmp(result->left_out[i], phase) == 0)
            return true;
    return false;
}

/* The part of the key after the operation. Which latency "p99" means depends on the phase, so the
 * key says it: two numbers with one key are about the same thing. */
static const char *metric_key(struct tg_arena *arena, const struct tg_metric *metric,
                              enum tg_latency_kind latency)
{
    static const char *const latency_names[] = {
        [TG_LATENCY_RESPONSE] = "response",
        [TG_LATENCY_SERVICE] = "service",
        [TG_LATENCY_LAG] = "lag",
    };
    static const char *const names[] = {
        [TG_METRIC_MEAN] = "mean",       [TG_METRIC_MIN] = "min",
        [TG_METRIC_MAX] = "max",         [TG_METRIC_RATE] = "rate",
        [TG_METRIC_COUNT] = "count",     [TG_METRIC_ERRORS] = "errors",
        [TG_METRIC_RETRIES] = "retries", [TG_METRIC_ERROR_RATE] = "error_rate",
        [TG_METRIC_RSS] = "rss",         [TG_METRIC_ELAPSED] = "elapsed",
        [TG_METRIC_CPU] = "cpu",
    };
    if (metric->kind == TG_METRIC_PERCENTILE)
        return tg_arena_format(arena, "%s.p%.10g", latency_names[latency], metric->percentile);
    if (metric->kind <= TG_METRIC_MAX)
        return tg_arena_format(arena, "%s.%s", latency_names[latency], names[metric->kind]);
    return names[metric->kind];
}

static void judge_target(struct tg_result *result, const struct tg_scenario *scenario,
                         const struct tg_target *target, struct tg_target_result *judged)
{
    const char *phase_name = scenario->phases[target->phase].name;
    const struct tg_phase_result *phase = phase_named(result, phase_name);
    const char *op = target->metric.op < 0 ? NULL : scenario->ops[target->metric.op].name;
    bool open_loop = scenario->phases[target->phase].rate_per_s > 0;
    enum tg_latency_kind latency = effective_latency(
        &(struct tg_phase_result){.open_loop = open_loop}, target->metric.latency);

    *judged = (struct tg_target_result){
        .key = tg_arena_format(&result->arena, "%s/%s/%s/%s", result->scenario, phase_name,
                               op ? op : "*", metric_key(&result->arena, &target->metric, latency)),
        .phase = tg_arena_strdup(&result->arena, phase_name),
        .text = tg_arena_strdup(&result->arena, target->text),
        .metric = target->metric.kind,
        .compare = target->compare,
        .limit = target->limit,
        .value = phase ? tg_result_metric(phase, &target->metric, op) : NAN,
    };
    judged->ratio = tg_target_ratio(judged->compare, judged->value, judged->limit);
    if (isnan(judged->value))
        judged->status = TG_TARGET_NO_DATA;
    else
        judged->status =
            holds(judged->compare, judged->value, judged->limit) ? TG_TARGET_MET : TG_TARGET_MISSED;
}

/* ---- verdict ---- */

static void add_reason(struct tg_result *result, size_t *capacity, const char *reason)
{
    if (result->reason_count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 8;
        const char **grown = tg_arena_array(&result->arena, *capacity, sizeof *grown);
        for (size_t i = 0; i < result->reason_count; i++)
            grown[i] = result->reasons[i];
        result->reasons = grown;
    }
    result->reasons[result->reason_count++] = reason;
}

bool tg_result_killed(const struct tg_result *result)
{
    return result->crash && result->crash_signal == SIGKILL;
}

bool tg_result_crashed(const struct tg_result *result)
{
    return result->crash && !tg_result_killed(result);
}

static void add_crash(struct tg_result *result, size_t *capacity)
{
    add_reason(result, capacity, tg_arena_format(&result->arena, "%s", result->crash));
}

/* An invalid phase says nothing about the store, one that was cut short not enough: what they miss
 * is no fault. */
static bool decides(const struct tg_result *result, const struct tg_phase_result *phase)
{
    bool cut_short = tg_result_killed(result) && phase == &result->phases[result->phase_count - 1];
    return phase && !phase->invalid && !phase->interrupted && !cut_short;
}

/* Does the scenario say of this phase how many failures there may be? */
static bool limits_errors(const struct tg_result *result, const struct tg_phase_result *phase)
{
    for (size_t i = 0; i < result->target_count; i++) {
        const struct tg_target_result *target = &result->targets[i];
        bool errors = target->metric == TG_METRIC_ERRORS || target->metric == TG_METRIC_ERROR_RATE;
        if (errors && strcmp(target->phase, phase->name) == 0)
            return true;
    }
    return false;
}

/* Where nothing is said, no operation may fail: a pass with errors in it would be believed by
 * nobody. */
static void collect_unlimited_errors(struct tg_result *result, size_t *capacity)
{
    for (size_t i = 0; i < result->phase_count; i++) {
        const struct tg_phase_result *phase = &result->phases[i];
        int64_t failed = totals_of(phase, NULL).failed;
        if (failed > 0 && decides(result, phase) && !limits_errors(result, phase))
            add_reason(result, capacity,
                       tg_arena_format(&result->arena,
                                       "%s: %lld operation%s failed, and no target of the phase "
                                       "says that any may (such as errors <= 1%%)",
                                       phase->name, (long long)failed,
                                       tg_plural((size_t)failed, "s")));
    }
}

static void collect_failures(struct tg_result *result, size_t *capacity)
{
    struct tg_arena *arena = &result->arena;
    if (tg_result_crashed(result))
        add_crash(result, capacity);
    for (size_t i = 0; i < result->violation_count; i++)
        add_reason(result, capacity,
                   tg_arena_format(arena, "integrity: %s", result->violations[i]));
    for (size_t i = 0; result->has_coverage && i < result->coverage.miss_count; i++)
        add_reason(result, capacity,
                   tg_arena_format(arena, "plan of %s: %s", result->coverage.misses[i].owner,
                                   result->coverage.misses[i].message));
    for (size_t i = 0; i < result->target_count; i++)
        if (result->targets[i].status == TG_TARGET_MISSED &&
            decides(result, phase_named(result, result->targets[i].phase)))
            add_reason(result, capacity,
                       tg_arena_format(arena, "%s: target missed: %s", result->targets[i].phase,
                                       result->targets[i].text));
    collect_unlimited_errors(result, capacity);
}

bool tg_result_fails_besides(const struct tg_result *result)
{
    struct tg_result survived = *result;
    size_t capacity = 0;
    survived.arena = (struct tg_arena){0};
    survived.crash = NULL;
    survived.reasons = NULL;
    survived.reason_count = 0;
    collect_failures(&survived, &capacity);
    tg_arena_free(&survived.arena);
    return survived.reason_count > 0;
}

static int64_t refused_values(const struct tg_op_result *op)
{
    int64_t refused = op->service->out_of_range;
    refused += op->response ? op->response->out_of_range : 0;
    refused += op->lag ? op->lag->out_of_range : 0;
    return refused;
}

static void collect_doubts_of_phase(struct tg_result *result, size_t *capacity,
                                    const struct tg_phase_result *phase)
{
    struct tg_arena *arena = &result->arena;
    struct totals sum = totals_of(phase, NULL);
    if (phase->invalid)
        add_reason(result, capacity, tg_arena_format(arena, "%s: %s", phase->name, phase->invalid));
    if (phase->interrupted)
        add_reason(result, capacity, tg_arena_format(arena, "%s: was interrupted", phase->name));
    if (sum.succeeded == 0)
        add_reason(result, capacity,
                   tg_arena_format(arena, "%s: nothing was measured: no operation succeeded",
                                   phase->name));
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        if (sum.succeeded > 0 && op->succeeded == 0 && op->failed > 0)
            add_reason(result, capacity,
                       tg_arena_format(arena, "%s: every %s failed (%lld of them)", phase->name,
                                       op->name, (long long)op->failed));
        if (refused_values(op) > 0)
            add_reason(result, capacity,
                       tg_arena_format(arena,
                                       "%s: %lld times of %s are beyond what a histogram holds",
                                       phase->name, (long long)refused_values(op), op->name));
    }
}

/* Operations that fell due and were never started have waited longest, and are in no histogram.
 * Could a limit on response times or lags that holds without them not hold with them? */
static bool rests_on_those_started(const struct tg_phase_result *phase,
                                   const struct tg_target *target)
{
    const struct tg_metric *metric = &target->metric;
    double unstarted = (double)(phase->offered - phase->issued);
    bool upper = target->compare == TG_LESS || target->compare == TG_LESS_EQUAL;
    if (!upper || unstarted <= 0 || effective_latency(phase, metric->latency) == TG_LATENCY_SERVICE)
        return false;
    if (metric->kind == TG_METRIC_PERCENTILE)
        return 100 * unstarted > (100 - metric->percentile) * (double)phase->offered;
    return metric->kind == TG_METRIC_MEAN || metric->kind == TG_METRIC_MAX;
}

static void doubt_target(struct tg_result *result, size_t *capacity, const struct tg_target *target,
                         const struct tg_target_result *judged)
{
    struct tg_arena *arena = &result->arena;
    const struct tg_phase_result *phase = phase_named(result, judged->phase);
    if (judged->status == TG_TARGET_NO_DATA)
        add_reason(
            result, capacity,
            tg_arena_format(arena, "%s: no data for the target: %s", judged->phase, judged->text));
    else if (judged->status == TG_TARGET_MET && rests_on_those_started(phase, target))
        add_reason(result, capacity,
                   tg_arena_format(arena,
                                   "%s: %lld of %lld operations that fell due were never started, "
                                   "which leaves open: %s",
                                   judged->phase, (long long)(phase->offered - phase->issued),
                                   (long long)phase->offered, judged->text));
}

/* `targets`: those of the scenario that were judged. */
static void collect_doubts(struct tg_result *result, const struct tg_scenario *scenario,
                           const struct tg_target *const *targets, size_t *capacity)
{
    struct tg_arena *arena = &result->arena;
    if (tg_result_killed(result))
        add_crash(result, capacity);
    for (size_t i = 0; i < result->phase_count; i++)
        collect_doubts_of_phase(result, capacity, &result->phases[i]);
    for (size_t i = 0; i < scenario->phase_count; i++)
        if (!phase_named(result, scenario->phases[i].name) &&
            !tg_result_left_out(result, scenario->phases[i].name))
            add_reason(result, capacity,
                       tg_arena_format(arena, "%s: was not run", scenario->phases[i].name));
    for (size_t i = 0; i < result->target_count; i++)
        doubt_target(result, capacity, targets[i], &result->targets[i]);
    if (!result->verified && !result->crash)
        add_reason(result, capacity, "the check of the store's integrity was interrupted");
    if (result->phase_count == 0 && scenario->phase_count == 0)
        add_reason(result, capacity, "nothing was measured: the scenario has no phase");
}

void tg_result_judge(struct tg_result *result, const struct tg_scenario *scenario)
{
    struct tg_arena *arena = &result->arena;
    const struct tg_target **targets =
        tg_arena_array(arena, scenario->target_count, sizeof(const struct tg_target *));
    result->targets = tg_arena_array(arena, scenario->target_count, sizeof *result->targets);
    result->target_count = 0;
    for (size_t i = 0; i < scenario->target_count; i++) {
        const struct tg_target *target = &scenario->targets[i];
        if (tg_result_left_out(result, scenario->phases[target->phase].name))
            continue;
        targets[result->target_count] = target;
        judge_target(result, scenario, target, &result->targets[result->target_count++]);
    }

    size_t capacity = 0;
    result->reasons = NULL;
    result->reason_count = 0;
    collect_failures(result, &capacity);
    size_t failures = result->reason_count;
    collect_doubts(result, scenario, targets, &capacity);
    if (failures > 0)
        result->verdict = TG_VERDICT_FAIL;
    else
        result->verdict = result->reason_count > 0 ? TG_VERDICT_INVALID : TG_VERDICT_PASS;
}

int tg_verdict_exit_code(enum tg_verdict verdict)
{
    switch (verdict) {
    case TG_VERDICT_PASS:
        return 0;
    case TG_VERDICT_FAIL:
        return 1;
    case TG_VERDICT_INVALID:
        break;
    }
    return 3;
}
