#include "reports/gate/gate_view.h"

#include <math.h>
#include <stdio.h>

/* Has the last confirmation had all its launches? All that was suspected took part in it. */
static bool was_put_to_the_test(const struct tg_gate *gate, const struct tg_metric_verdict *verdict)
{
    return verdict->fresh_count > 0 && gate->fresh_launches >= gate->fresh_wanted;
}

static const char *note_of(const struct tg_gate *gate, const struct tg_metric_verdict *verdict,
                           double margin, struct tg_arena *arena)
{
    double detectable = 100 * tg_change_of_log(verdict->detectable);
    double provable = 100 * tg_change_of_log(verdict->provable);
    if (verdict->verdict == TG_GATE_PASS && verdict->worse)
        return "looks slower, by less than its margin (not confirmed on fresh launches)";
    if (verdict->verdict != TG_GATE_INCONCLUSIVE)
        return NULL;
    if (verdict->flagged)
        return was_put_to_the_test(gate, verdict)
                   ? "looks like a regression, but fresh launches did not confirm it"
                   : "looks like a regression; the budget ended before fresh launches could "
                     "confirm it";
    if (verdict->interval[TG_GATE_POOLED].count == 0)
        return "ended before the launches were looked at for the first time";
    if (!isfinite(provable))
        return "too few launches for any statement";
    return tg_arena_format(
        arena,
        "not proved: a margin of %.1f%% would have passed, %.3g%% was asked for; a "
        "change of %.1f%% would have been seen",
        provable, 100 * margin, detectable);
}

/* A bound that is out of reach is out of reach on a reader's scale as well: not "-100 %". */
static double shown_bound(double log_change, enum tg_direction direction)
{
    if (isfinite(log_change))
        return tg_shown_change(log_change, direction);
    return direction == TG_HIGHER_IS_BETTER ? -log_change : log_change;
}

struct tg_gate_change tg_gate_change_of(const struct tg_interval *interval,
                                        enum tg_direction direction)
{
    double ends[2] = {shown_bound(interval->lower, direction),
                      shown_bound(interval->upper, direction)};
    return (struct tg_gate_change){
        .change = tg_shown_change(interval->estimate, direction),
        .low = fmin(ends[0], ends[1]),
        .high = fmax(ends[0], ends[1]),
    };
}

/* How many launches would make the interval narrow enough: its width goes with 1/sqrt(launches).
 * For a change below the margin it has to end below the margin, else it has to begin above 0. */
static double launches_for(const struct tg_interval *interval, double margin)
{
    bool pass = interval->estimate < margin;
    double width =
        pass ? interval->upper - interval->estimate : interval->estimate - interval->lower;
    double room = pass ? margin - interval->estimate : interval->estimate;
    double ratio = width / room;
    return isfinite(width) ? (double)interval->count * ratio * ratio : NAN;
}

static double launches_needed(const struct tg_gate *gate, const struct tg_metric_verdict *verdict,
                              bool pooled_only, double margin)
{
    if (verdict->verdict != TG_GATE_INCONCLUSIVE)
        return NAN;
    if (verdict->flagged) {
        size_t wanted = gate->fresh_wanted;
        if (wanted == 0)
            wanted = gate->config.confirm_launches;
        return was_put_to_the_test(gate, verdict) ? NAN : (double)(gate->launches + wanted);
    }
    double needed = launches_for(&verdict->interval[TG_GATE_POOLED], margin);
    if (pooled_only)
        return needed;
    double typical = launches_for(&verdict->interval[TG_GATE_TYPICAL], margin);
    return isnan(needed) || isnan(typical) ? NAN : fmax(needed, typical);
}

/* A gate that was interrupted, or whose store died, has no verdict, whatever a metric looked like
 * then: what it confirmed a moment before is a suspicion. */
static void set_verdict(const struct tg_judgement *judgement, enum tg_gate_verdict verdict,
                        struct tg_gate_row *row)
{
    bool undone = verdict == TG_GATE_REGRESSION && judgement->verdict != TG_GATE_REGRESSION;
    row->judged_as = undone ? TG_GATE_INCONCLUSIVE : verdict;
    row->verdict = tg_gate_verdict_name(row->judged_as);
    row->good = verdict == TG_GATE_PASS || verdict == TG_GATE_IMPROVEMENT;
    row->bad = row->judged_as == TG_GATE_REGRESSION;
    if (undone) {
        row->suspected = true;
        row->note = "looks like a regression; the gate ended before its verdict";
    }
}

/* `gated`: its number in the gate; NOT_GATED for what could not be. */
enum { NOT_GATED = -1 };
static struct tg_gate_row make_row(const struct tg_comparison *comparison, size_t number,
                                   const struct tg_judgement *judgement, int gated,
                                   struct tg_arena *arena)
{
    const struct tg_gate *gate = judgement->gate;
    const struct tg_compared_metric *metric = &comparison->metrics[number];
    struct tg_gate_row row = {
        .metric = metric->name,
        .unit = metric->unit,
        .before = NAN,
        .after = NAN,
        .pooled = {NAN, NAN, NAN},
        .typical = {NAN, NAN, NAN},
        .margin = metric->margin,
        .detectable = NAN,
        .provable = NAN,
        .launches_needed = NAN,
        .verdict = "not gated",
        .note = metric->why_not,
    };
    if (gated == NOT_GATED)
        return row;
    const struct tg_metric_verdict *verdict = &gate->metrics[gated];
    row.before = tg_compared_median(comparison, number, TG_BEFORE);
    row.after = tg_compared_median(comparison, number, TG_AFTER);
    row.pooled = tg_gate_change_of(&verdict->interval[TG_GATE_POOLED], metric->direction);
    if (!metric->pooled_only)
        row.typical = tg_gate_change_of(&verdict->interval[TG_GATE_TYPICAL], metric->direction);
    if (verdict->interval[TG_GATE_POOLED].count > 0) {
        row.detectable = tg_change_of_log(verdict->detectable);
        row.provable = tg_change_of_log(verdict->provable);
    }
    row.launches_needed =
        launches_needed(gate, verdict, metric->pooled_only, log1p(metric->margin));
    row.suspected = verdict->flagged && verdict->verdict == TG_GATE_INCONCLUSIVE;
    row.note = note_of(gate, verdict, metric->margin, arena);
    set_verdict(judgement, verdict->verdict, &row);
    return row;
}

void tg_gate_sum_launches(const struct tg_comparison *comparison, struct tg_gate_view *view)
{
    view->steal_ns = -1;
    for (size_t i = 0; i < comparison->launch_count; i++) {
        const struct tg_compared_launch *launch = &comparison->launches[i];
        view->pairs_seen += launch->pairs;
        view->pairs_dropped += launch->pairs_dropped;
        view->failed_before += launch->failed[TG_BEFORE];
        view->failed_after += launch->failed[TG_AFTER];
        view->operations_before += launch->operations[TG_BEFORE];
        view->operations_after += launch->operations[TG_AFTER];
        if (launch->steal_ns >= 0)
            view->steal_ns = (view->steal_ns < 0 ? 0 : view->steal_ns) + launch->steal_ns;
    }
    double launch_ns = 2.0 * ((double)comparison->pairs * (double)comparison->slice_ns +
                              (double)comparison->open_pairs * (double)comparison->open_slice_ns);
    double slices_ns = (double)comparison->launch_count * launch_ns;
    view->steal_share =
        view->steal_ns >= 0 && slices_ns > 0 ? (double)view->steal_ns / slices_ns : NAN;
}

static bool ended_early(const struct tg_comparison *comparison)
{
    return comparison->end == TG_END_INTERRUPTED || comparison->end == TG_END_CRASHED ||
           comparison->end == TG_END_KILLED;
}

static void set_outcome(const struct tg_comparison *comparison,
                        const struct tg_judgement *judgement, bool allow_inconclusive,
                        struct tg_gate_view *view)
{
    bool inconclusive = judgement->verdict == TG_GATE_INCONCLUSIVE;
    view->exit_code = judgement->exit_code;
    if (inconclusive && allow_inconclusive && !ended_early(comparison) && judgement->gate)
        view->exit_code = 0;
    view->verdict = inconclusive ? "CANNOT TELL" : view->exit_code == 1 ? "REGRESSION" : "PASS";
    view->good = !inconclusive && view->exit_code == 0;
    view->bad = view->exit_code == 1;
    view->meaning = judgement->meaning;
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
    int gated = 0;
    for (size_t i = 0; i < count; i++) {
        bool judged = gate && !comparison->metrics[i].why_not;
        rows[i] = make_row(comparison, i, judgement, judged ? gated : NOT_GATED, arena);
        gated += judged;
    }
    struct tg_gate_view view = {
        .id = comparison->id ? comparison->id
                             : tg_arena_format(arena, "%s-%lld", comparison->scenario,
                                               (long long)comparison->started_unix_ms),
        .task = comparison->task,
        .competitive = comparison->competitive,
        .scenario = comparison->scenario,
        .scenario_path = comparison->scenario_path,
        .phase = comparison->phase,
        .engine_kind = comparison->engine_kind,
        .sides = comparison->sides,
        .started_unix_ms = comparison->started_unix_ms,
        .before = comparison->sides[TG_BEFORE].label,
        .after = comparison->sides[TG_AFTER].label,
        .rows = rows,
        .row_count = count,
        .launches = gate ? gate->launches : 0,
        .fresh_launches = gate ? gate->fresh_launches : 0,
        .pairs = comparison->pairs,
        .open_pairs = comparison->open_pairs,
        .slice_ns = comparison->slice_ns,
        .open_slice_ns = comparison->open_slice_ns,
        .elapsed_ns = comparison->elapsed_ns,
        .budget_ns = comparison->budget_ns,
        .fails_proved = gate && gate->errors.verdict == TG_GATE_REGRESSION &&
                        judgement->verdict == TG_GATE_REGRESSION,
        .fails_more = gate && (gate->errors.flagged || gate->errors.verdict == TG_GATE_REGRESSION),
        .end = comparison->end,
        .failed_side = comparison->failed_side,
        .crash = comparison->crash,
        .revisions = comparison->sides[TG_BEFORE].commit || comparison->sides[TG_AFTER].commit,
    };
    set_outcome(comparison, judgement, allow_inconclusive, &view);
    tg_gate_sum_launches(comparison, &view);
    view.moved = tg_gate_moved(comparison, &view.moved_count, arena);
    return view;
}

char *tg_gate_value_text(enum tg_compared_unit unit, double value, char out[TG_UNIT_TEXT])
{
    if (isnan(value))
        snprintf(out, TG_UNIT_TEXT, "-");
    else if (unit == TG_COMPARED_PER_S)
        tg_format_rate(value, out);
    else if (unit == TG_COMPARED_NS)
        tg_format_duration(llround(value), out);
    else {
        /* Three significant digits without an exponent: stalls are rarer than one in a thousand. */
        double percent = 100 * value;
        int decimals = percent > 0 ? 2 - (int)floor(log10(percent)) : 0;
        decimals = decimals < 0 ? 0 : decimals > 8 ? 8 : decimals;
        snprintf(out, TG_UNIT_TEXT, "%.*f%%", decimals, percent);
    }
    return out;
}
