#include "reports/gate/stored_view.h"

#include <math.h>

#include "common/units.h"
#include "reports/gate/baseline_text.h"

static const char *note_of(const struct tg_stored_row *row, struct tg_arena *arena)
{
    const struct tg_stored_verdict *verdict = &row->verdict;
    if (row->why_not || verdict->verdict != TG_GATE_INCONCLUSIVE)
        return row->why_not;
    if (row->may_be_machine)
        return verdict->provable < log1p(row->metric->margin)
                   ? "not proved: a machine that may be faster could hide that it is slower"
                   : "slower, by no more than the machine may be";
    if (!isfinite(verdict->provable))
        return "too few launches for any statement";
    return tg_arena_format(arena,
                           "not proved: a margin of %.1f%% would have passed, %.3g%% was asked "
                           "for; a change of %.1f%% would have been seen",
                           100 * tg_change_of_log(verdict->provable), 100 * row->metric->margin,
                           100 * tg_change_of_log(verdict->detectable));
}

static struct tg_gate_row make_row(const struct tg_stored_row *row, bool judged,
                                   struct tg_arena *arena)
{
    struct tg_gate_row shown = {
        .metric = row->metric->name,
        .unit = row->metric->unit,
        .before = row->before,
        .after = row->after,
        .pooled = {NAN, NAN, NAN},
        .typical = {NAN, NAN, NAN},
        .margin = row->metric->margin,
        .detectable = NAN,
        .provable = NAN,
        .launches_needed = NAN,
        .verdict = row->why_not ? "not gated" : "not judged",
        .note = row->why_not,
    };
    if (row->why_not)
        return shown;
    shown.pooled = tg_gate_change_of(&row->verdict.interval, row->metric->direction);
    shown.detectable = tg_change_of_log(row->verdict.detectable);
    shown.provable = tg_change_of_log(row->verdict.provable);
    if (!judged)
        return shown;
    enum tg_gate_verdict verdict = row->verdict.verdict;
    shown.judged_as = verdict;
    shown.verdict = tg_gate_verdict_name(verdict);
    shown.good = verdict == TG_GATE_PASS || verdict == TG_GATE_IMPROVEMENT;
    shown.bad = verdict == TG_GATE_REGRESSION;
    shown.note = note_of(row, arena);
    return shown;
}

static const char *words_of_baseline(const struct tg_stored_source *source, struct tg_arena *arena)
{
    const struct tg_comparison *stored = source->stored;
    return tg_arena_format(arena, "baseline %s: %s, %zu launches of %s%s%.12s%s", source->name,
                           stored->sides[TG_BEFORE].label, stored->launch_count,
                           tg_minute_text(stored->started_unix_ms, arena),
                           stored->git_commit ? ", commit " : "",
                           stored->git_commit ? stored->git_commit : "",
                           stored->git_commit && stored->git_dirty ? " with changes" : "");
}

static const char *caution(const struct tg_stored_source *source, double wider,
                           struct tg_arena *arena)
{
    char ratio[TG_UNIT_TEXT];
    const char *width =
        !(wider > 0) /* of so few launches, interleaved ones have no interval either */
            ? "how much wider the intervals are than those of interleaved launches is not known; "
            : tg_arena_format(arena,
                              "the intervals are %s times as wide as those of the same "
                              "launches interleaved; ",
                              tg_format_ratio(wider, ratio));
    return tg_arena_format(
        arena,
        "%s%s%swhat the yardstick does not feel of the machine looks like a change of the store",
        source->differs ? source->differs : "", source->differs ? "; " : "", width);
}

static const char *words_of_yardstick(const struct tg_stored_yardstick *yardstick,
                                      const struct tg_gate_change *change, struct tg_arena *arena)
{
    if (yardstick->why_not || !isfinite(change->low) || !isfinite(change->high))
        return "not measured";
    const char *machine = yardstick->same                 ? "the machine is as fast as then"
                          : yardstick->interval.lower > 0 ? "the machine is slower than then"
                          : yardstick->interval.upper < 0 ? "the machine is faster than then"
                                                          : "the machine may be as fast as then";
    return tg_arena_format(arena, "%+.1f%% (%+.1f .. %+.1f%%), %s", 100 * change->change,
                           100 * change->low, 100 * change->high, machine);
}

/* Pairs and stolen time are those of now; failures are those of both sides of either. */
static void sum_launches(const struct tg_stored_source *source, struct tg_gate_view *view)
{
    struct tg_gate_view stored = {0};
    tg_gate_sum_launches(source->stored, &stored);
    tg_gate_sum_launches(source->now, view);
    view->failed_after += view->failed_before;
    view->failed_before = stored.failed_before + stored.failed_after;
    view->operations_after += view->operations_before;
    view->operations_before = stored.operations_before + stored.operations_after;
}

struct tg_gate_view tg_stored_view(const struct tg_stored_source *source,
                                   const struct tg_stored_judgement *judgement,
                                   bool allow_inconclusive, struct tg_arena *arena)
{
    const struct tg_comparison *now = source->now;
    bool comparable = source->differs == NULL;
    bool inconclusive = judgement->verdict == TG_GATE_INCONCLUSIVE;
    bool answered = now->end == TG_END_DECIDED || now->end == TG_END_BUDGET;
    size_t count = now->launch_count > 0 || answered ? judgement->row_count : 0;
    struct tg_gate_row *rows = tg_arena_array(arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++)
        rows[i] = make_row(&judgement->rows[i], judgement->judged, arena);
    int exit_code = judgement->exit_code;
    if (inconclusive && allow_inconclusive && comparable && answered)
        exit_code = 0;
    struct tg_compared_side *sides = tg_arena_array(arena, TG_SIDES, sizeof *sides);
    sides[TG_BEFORE] = source->stored->sides[TG_BEFORE];
    sides[TG_AFTER] = now->sides[TG_AFTER];
    struct tg_gate_view view = {
        .id = tg_arena_format(arena, "%s-%lld", now->scenario, (long long)now->started_unix_ms),
        .scenario = now->scenario,
        .scenario_path = now->scenario_path,
        .phase = now->phase,
        .engine_kind = now->engine_kind,
        .sides = sides,
        .started_unix_ms = now->started_unix_ms,
        .before = words_of_baseline(source, arena),
        .after = tg_arena_format(arena, "now: %s", now->sides[TG_BEFORE].label),
        .rows = rows,
        .row_count = count,
        .launches = now->launch_count,
        .pairs = now->pairs,
        .open_pairs = now->open_pairs,
        .slice_ns = now->slice_ns,
        .open_slice_ns = now->open_slice_ns,
        .elapsed_ns = now->elapsed_ns,
        .budget_ns = now->budget_ns,
        .fails_proved =
            judgement->failures == TG_GATE_REGRESSION && judgement->verdict == TG_GATE_REGRESSION,
        .fails_more = judgement->failures != TG_GATE_PASS,
        .end = now->end,
        .failed_side = TG_AFTER,
        .crash = now->crash,
        .baseline = caution(source, judgement->wider, arena),
        .verdict = inconclusive     ? "CANNOT TELL"
                   : exit_code == 1 ? "REGRESSION"
                                    : "PASS",
        .good = !inconclusive && exit_code == 0,
        .bad = exit_code == 1,
        .meaning = judgement->meaning,
        .exit_code = exit_code,
    };
    const struct tg_stored_yardstick *yardstick = &judgement->yardstick;
    view.yardstick_change = tg_gate_change_of(&yardstick->interval, TG_LOWER_IS_BETTER);
    view.yardstick = words_of_yardstick(yardstick, &view.yardstick_change, arena);
    sum_launches(source, &view);
    return view;
}
