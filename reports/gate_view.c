#include "reports/gate_view.h"

#include <math.h>

static const char *note_of(const struct tg_metric_verdict *verdict, double margin,
                           struct tg_arena *arena)
{
    double detectable = 100 * tg_change_of_log(verdict->detectable);
    double provable = 100 * tg_change_of_log(verdict->provable);
    if (verdict->verdict == TG_GATE_PASS && verdict->worse)
        return "looks slower, by less than its margin (not confirmed on fresh launches)";
    if (verdict->verdict != TG_GATE_INCONCLUSIVE)
        return NULL;
    if (verdict->flagged)
        return verdict->fresh_count > 0
                   ? "looks like a regression, but fresh launches did not confirm it"
                   : "looks like a regression; the budget ended before fresh launches confirmed it";
    if (!isfinite(provable))
        return "too few launches for any statement";
    return tg_arena_format(
        arena,
        "not proved: a margin of %.1f%% would have passed, %.3g%% was asked for; a "
        "change of %.1f%% would have been seen",
        provable, 100 * margin, detectable);
}

static struct tg_gate_row make_row(const struct tg_comparison *comparison, size_t number,
                                   const struct tg_metric_verdict *verdict, struct tg_arena *arena)
{
    const struct tg_compared_metric *metric = &comparison->metrics[number];
    struct tg_gate_row row = {
        .metric = metric->name,
        .unit = metric->unit,
        .before = NAN,
        .after = NAN,
        .change = NAN,
        .low = NAN,
        .high = NAN,
        .margin = metric->margin,
        .verdict = "not gated",
        .note = metric->why_not,
    };
    if (!verdict)
        return row;
    const struct tg_interval *interval = &verdict->interval[TG_GATE_POOLED];
    double ends[2] = {tg_shown_change(interval->lower, metric->direction),
                      tg_shown_change(interval->upper, metric->direction)};
    row.before = tg_compared_median(comparison, number, TG_BEFORE);
    row.after = tg_compared_median(comparison, number, TG_AFTER);
    row.change = tg_shown_change(interval->estimate, metric->direction);
    row.low = fmin(ends[0], ends[1]);
    row.high = fmax(ends[0], ends[1]);
    row.verdict = tg_gate_verdict_name(verdict->verdict);
    row.good = verdict->verdict == TG_GATE_PASS || verdict->verdict == TG_GATE_IMPROVEMENT;
    row.bad = verdict->verdict == TG_GATE_REGRESSION;
    row.note = note_of(verdict, metric->margin, arena);
    return row;
}

static void sum_launches(const struct tg_comparison *comparison, struct tg_gate_view *view)
{
    view->steal_ns = -1;
    for (size_t i = 0; i < comparison->launch_count; i++) {
        const struct tg_compared_launch *launch = &comparison->launches[i];
        view->pairs_seen += launch->pairs;
        view->pairs_dropped += launch->pairs_dropped;
        view->failed_before += launch->failed[TG_BEFORE];
        view->failed_after += launch->failed[TG_AFTER];
        if (launch->steal_ns >= 0)
            view->steal_ns = (view->steal_ns < 0 ? 0 : view->steal_ns) + launch->steal_ns;
    }
}

static bool ended_early(const struct tg_comparison *comparison)
{
    return comparison->end == TG_END_INTERRUPTED || comparison->end == TG_END_CRASHED ||
           comparison->end == TG_END_KILLED;
}

struct tg_gate_view tg_gate_view_make(const struct tg_comparison *comparison,
                                      const struct tg_judgement *judgement, bool allow_inconclusive,
                                      struct tg_arena *arena)
{
    const struct tg_gate *gate = judgement->gate;
    /* Nothing was measured before it ended: there is no table to show. */
    size_t count =
        comparison->launch_count > 0 || !ended_early(comparison) ? comparison->metric_count : 0;
    struct tg_gate_row *rows = tg_arena_array(arena, count, sizeof *rows);
    size_t gated = 0;
    for (size_t i = 0; i < count; i++) {
        bool judged = gate && !comparison->metrics[i].why_not;
        rows[i] = make_row(comparison, i, judged ? &gate->metrics[gated++] : NULL, arena);
    }
    bool inconclusive = judgement->verdict == TG_GATE_INCONCLUSIVE;
    int exit_code = judgement->exit_code;
    if (inconclusive && allow_inconclusive && !ended_early(comparison) && gate)
        exit_code = 0;
    struct tg_gate_view view = {
        .scenario = comparison->scenario,
        .phase = comparison->phase,
        .before = comparison->sides[TG_BEFORE].label,
        .after = comparison->sides[TG_AFTER].label,
        .rows = rows,
        .row_count = count,
        .launches = gate ? gate->launches : 0,
        .fresh_launches = gate ? gate->fresh_launches : 0,
        .pairs = comparison->pairs,
        .slice_ns = comparison->slice_ns,
        .open_slice_ns = comparison->open_slice_ns,
        .elapsed_ns = comparison->elapsed_ns,
        .verdict = inconclusive     ? "CANNOT TELL"
                   : exit_code == 1 ? "REGRESSION"
                                    : "PASS",
        .good = !inconclusive && exit_code == 0,
        .bad = exit_code == 1,
        .meaning = judgement->meaning,
        .exit_code = exit_code,
    };
    sum_launches(comparison, &view);
    return view;
}
