#include "gate/selftest.h"

#include <math.h>
#include <string.h>

static struct tg_tested_estimate estimate_of(const struct tg_interval *interval)
{
    return (struct tg_tested_estimate){
        .estimate = tg_change_of_log(interval->estimate),
        .low = tg_change_of_log(interval->lower),
        .high = tg_change_of_log(interval->upper),
    };
}

static const struct tg_tested_estimate no_estimate = {NAN, NAN, NAN};

static struct tg_tested_metric make_metric(const struct tg_compared_metric *compared,
                                           const struct tg_metric_verdict *verdict,
                                           struct tg_arena *arena)
{
    struct tg_tested_metric metric = {
        .name = tg_arena_strdup(arena, compared->name),
        .margin = compared->margin,
        .estimates = {no_estimate, no_estimate},
        .provable = NAN,
    };
    if (!verdict) {
        metric.why_not =
            tg_arena_strdup(arena, compared->why_not ? compared->why_not : "nothing was measured");
        return metric;
    }
    metric.verdict = verdict->verdict;
    metric.estimates[TG_GATE_POOLED] = estimate_of(&verdict->interval[TG_GATE_POOLED]);
    if (!compared->pooled_only)
        metric.estimates[TG_GATE_TYPICAL] = estimate_of(&verdict->interval[TG_GATE_TYPICAL]);
    if (isfinite(verdict->provable))
        metric.provable = tg_change_of_log(verdict->provable);
    return metric;
}

struct tg_tested_gate tg_tested_make(const struct tg_comparison *comparison,
                                     const struct tg_judgement *judgement, struct tg_arena *arena)
{
    struct tg_tested_gate tested = {
        .scenario = tg_arena_strdup(arena, comparison->scenario),
        .scenario_hash = tg_arena_strdup(arena, comparison->sides[TG_BEFORE].scenario_hash),
        .phase = tg_arena_strdup(arena, comparison->phase),
        .budget_ns = comparison->budget_ns,
        .started_unix_ms = comparison->started_unix_ms,
        .elapsed_ns = comparison->elapsed_ns,
        .exit_code = judgement->exit_code,
        .verdict = judgement->verdict,
        .meaning = tg_arena_strdup(arena, judgement->meaning),
        .launches = judgement->gate ? (int64_t)judgement->gate->launches : 0,
        .fresh_launches = judgement->gate ? (int64_t)judgement->gate->fresh_launches : 0,
        .slice_ns = comparison->slice_ns,
        .metrics = tg_arena_array(arena, comparison->metric_count, sizeof *tested.metrics),
        .metric_count = comparison->metric_count,
    };
    for (size_t i = 0; i < comparison->launch_count; i++) {
        tested.pairs += comparison->launches[i].pairs;
        tested.pairs_dropped += comparison->launches[i].pairs_dropped;
    }
    size_t gated = 0;
    for (size_t i = 0; i < comparison->metric_count; i++) {
        bool judged = judgement->gate && !comparison->metrics[i].why_not;
        tested.metrics[i] = make_metric(&comparison->metrics[i],
                                        judged ? &judgement->gate->metrics[gated++] : NULL, arena);
    }
    return tested;
}

static bool same_metrics(const struct tg_tested_gate *a, const struct tg_tested_gate *b)
{
    if (a->metric_count != b->metric_count)
        return false;
    for (size_t i = 0; i < a->metric_count; i++)
        if (strcmp(a->metrics[i].name, b->metrics[i].name) != 0 ||
            a->metrics[i].margin != b->metrics[i].margin)
            return false;
    return true;
}

const char *tg_tested_unlike(const struct tg_tested_gate *a, const struct tg_tested_gate *b)
{
    if (strcmp(a->tool, b->tool) != 0)
        return "another version of Tailgate";
    if (strcmp(a->host, b->host) != 0)
        return "another machine";
    if (strcmp(a->scenario_hash, b->scenario_hash) != 0 || strcmp(a->phase, b->phase) != 0)
        return "another scenario";
    if (a->budget_ns != b->budget_ns)
        return "another budget";
    return same_metrics(a, b) ? NULL : "other metrics";
}
