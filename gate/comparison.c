#include "gate/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

struct tg_comparison *tg_comparison_new(void)
{
    return tg_calloc(1, sizeof(struct tg_comparison));
}

void tg_comparison_free(struct tg_comparison *comparison)
{
    if (!comparison)
        return;
    cJSON_Delete(comparison->host);
    tg_arena_free(&comparison->arena);
    free(comparison);
}

/* ---- launches ---- */

static void *grown(struct tg_comparison *comparison, const void *old, size_t room, size_t size)
{
    char *items = tg_arena_array(&comparison->arena, room, size);
    if (comparison->launch_count > 0)
        memcpy(items, old, comparison->launch_count * size);
    return items;
}

static void make_room(struct tg_comparison *comparison)
{
    size_t room = comparison->launch_room == 0 ? 32 : 2 * comparison->launch_room;
    comparison->launches =
        grown(comparison, comparison->launches, room, sizeof *comparison->launches);
    for (size_t i = 0; i < comparison->metric_count; i++) {
        struct tg_compared_metric *metric = &comparison->metrics[i];
        metric->values = grown(comparison, metric->values, room, sizeof *metric->values);
    }
    for (size_t i = 0; i < comparison->op_count; i++) {
        struct tg_compared_op *op = &comparison->ops[i];
        op->values = grown(comparison, op->values, room, sizeof *op->values);
    }
    comparison->launch_room = room;
}

size_t tg_comparison_add_launch(struct tg_comparison *comparison)
{
    if (comparison->launch_count == comparison->launch_room)
        make_room(comparison);
    size_t number = comparison->launch_count++;
    comparison->launches[number] = (struct tg_compared_launch){.steal_ns = -1};
    for (size_t i = 0; i < comparison->metric_count; i++)
        comparison->metrics[i].values[number] = (struct tg_compared_value){{NAN, NAN}, NAN};
    for (size_t i = 0; i < comparison->op_count; i++)
        comparison->ops[i].values[number] = (struct tg_compared_op_value){.mean_ns = {NAN, NAN}};
    return number;
}

double tg_compared_median(const struct tg_comparison *comparison, size_t metric, enum tg_side side)
{
    const struct tg_compared_metric *compared = &comparison->metrics[metric];
    double *values = tg_calloc(comparison->launch_count + 1, sizeof *values);
    size_t count = 0;
    for (size_t i = 0; i < comparison->launch_count; i++)
        if (!isnan(compared->values[i].pooled[side]))
            values[count++] = compared->values[i].pooled[side];
    double median = tg_median(values, count);
    free(values);
    return median;
}

/* ---- judgement ---- */

struct tg_gate_config tg_comparison_config(const struct tg_comparison *comparison,
                                           struct tg_arena *arena)
{
    struct tg_gate_metric *metrics =
        tg_arena_array(arena, comparison->metric_count, sizeof *metrics);
    struct tg_gate_config config = tg_gate_defaults(arena);
    config.metrics = metrics;
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        if (!metric->why_not)
            metrics[config.metric_count++] =
                (struct tg_gate_metric){.name = metric->name,
                                        .margin = log1p(metric->margin),
                                        .pooled_only = metric->pooled_only};
    }
    return config;
}

void tg_comparison_feed(const struct tg_comparison *comparison, size_t number,
                        struct tg_launch_estimate *estimates, struct tg_gate *gate)
{
    const struct tg_compared_launch *launch = &comparison->launches[number];
    size_t count = 0;
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        if (metric->why_not)
            continue;
        const struct tg_compared_value *value = &metric->values[number];
        estimates[count++] = (struct tg_launch_estimate){
            .pooled =
                tg_log_change(value->pooled[TG_BEFORE], value->pooled[TG_AFTER], metric->direction),
            .typical = metric->pooled_only ? NAN : value->typical,
        };
    }
    const struct tg_failures failures = {
        .failed_before = launch->failed[TG_BEFORE],
        .operations_before = launch->operations[TG_BEFORE],
        .failed_after = launch->failed[TG_AFTER],
        .operations_after = launch->operations[TG_AFTER],
    };
    tg_gate_add(gate, &(struct tg_gate_launch){.metrics = estimates, .failures = failures});
}

static bool any_slower(const struct tg_gate *gate)
{
    for (size_t i = 0; i < gate->config.metric_count; i++)
        if (gate->metrics[i].verdict == TG_GATE_REGRESSION)
            return true;
    return false;
}

static const char *meaning_of(const struct tg_comparison *comparison, const struct tg_gate *gate,
                              bool incomplete)
{
    if (any_slower(gate))
        return "slower, confirmed on fresh launches";
    if (gate->verdict == TG_GATE_REGRESSION)
        return "more of the operations fail than before, confirmed on fresh launches";
    if (gate->errors.flagged)
        return "more of the operations fail than before, but fresh launches have not confirmed it";
    if (incomplete)
        return "a metric asked for could not be gated: raise --budget, or take it out of [gate]";
    if (gate->verdict == TG_GATE_PASS)
        return "every metric proved within its margin";
    if (comparison->end == TG_END_BUDGET)
        return "the budget ended before every metric was proved";
    return "not every metric was proved by the last look";
}

/* A crash of the variant after is a regression at any margin. One before says nothing about the
 * change, and neither does SIGKILL: no store sends it to itself. */
static bool judge_end(const struct tg_comparison *comparison, struct tg_arena *arena,
                      struct tg_judgement *judgement)
{
    const char *side = comparison->failed_side == TG_AFTER ? "after" : "before";
    bool crashed = comparison->end == TG_END_CRASHED;
    if (comparison->end == TG_END_DECIDED || comparison->end == TG_END_BUDGET)
        return false;
    if (comparison->end == TG_END_INTERRUPTED)
        judgement->meaning = "interrupted";
    else if (comparison->end == TG_END_NOT_GATED)
        judgement->meaning = "no metric could be gated: raise --budget, or choose others in [gate]";
    else
        judgement->meaning = tg_arena_format(arena, "the store of the variant %s %s", side,
                                             crashed ? "crashed" : "was killed");
    if (crashed && comparison->failed_side == TG_AFTER)
        judgement->verdict = TG_GATE_REGRESSION;
    return true;
}

struct tg_judgement tg_comparison_judge(const struct tg_comparison *comparison,
                                        struct tg_arena *arena)
{
    struct tg_judgement judgement = {.verdict = TG_GATE_INCONCLUSIVE};
    struct tg_gate_config config = tg_comparison_config(comparison, arena);
    bool incomplete = config.metric_count < comparison->metric_count;
    if (config.metric_count > 0 || comparison->launch_count > 0) {
        struct tg_launch_estimate *estimates =
            tg_arena_array(arena, config.metric_count, sizeof *estimates);
        judgement.gate = tg_gate_new(arena, &config);
        for (size_t i = 0; i < comparison->launch_count && judgement.gate->step != TG_GATE_DONE;
             i++)
            tg_comparison_feed(comparison, i, estimates, judgement.gate);
    }
    if (!judge_end(comparison, arena, &judgement) && judgement.gate) {
        tg_gate_finish(judgement.gate);
        judgement.verdict = judgement.gate->verdict;
        /* A metric that was asked for and could not be gated was not proved either. */
        incomplete = incomplete && judgement.verdict != TG_GATE_REGRESSION;
        if (incomplete)
            judgement.verdict = TG_GATE_INCONCLUSIVE;
        judgement.meaning = meaning_of(comparison, judgement.gate, incomplete);
    }
    if (!judgement.meaning)
        judgement.meaning = "nothing was measured";
    judgement.exit_code = tg_gate_exit_code(judgement.verdict);
    return judgement;
}
