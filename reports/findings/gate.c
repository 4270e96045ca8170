/* What a comparison has to say beyond its table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/findings/list.h"
#include "reports/gate/gate_next.h"
#include "reports/gate/gate_words.h"

/* "20.1 µs -> 22.3 µs, +10.9% (+9.8% .. +12.1%), margin 5.0%" */
static const char *figures(struct tg_finding_list *list, const struct tg_gate_row *row)
{
    char before[TG_UNIT_TEXT], after[TG_UNIT_TEXT];
    if (isnan(row->before) || isnan(row->after))
        return "";
    const char *change = "";
    if (isfinite(row->pooled.low) && isfinite(row->pooled.high))
        change = tg_arena_format(list->arena, ", %+.1f%% (%+.1f .. %+.1f%%), margin %.1f%%",
                                 100 * row->pooled.change, 100 * row->pooled.low,
                                 100 * row->pooled.high, 100 * row->margin);
    return tg_arena_format(list->arena, "%s -> %s%s",
                           tg_gate_value_text(row->unit, row->before, before),
                           tg_gate_value_text(row->unit, row->after, after), change);
}

/* The operation that the metric is of; NULL: of all of them, or of one whose means are not known.
 */
static const struct tg_gate_moved *moved_of(const struct tg_gate_view *gate, const char *metric)
{
    for (size_t i = 0; i < gate->moved_count; i++) {
        const char *name = gate->moved[i].name;
        if (tg_starts_with(metric, name) && metric[strlen(name)] == '.')
            return &gate->moved[i];
    }
    return NULL;
}

static const char *where_to_look(struct tg_finding_list *list, const struct tg_gate_view *gate,
                                 const struct tg_gate_row *row)
{
    const struct tg_gate_moved *own = moved_of(gate, row->metric);
    char before[TG_UNIT_TEXT], after[TG_UNIT_TEXT];
    for (size_t i = 0; i < gate->moved_count; i++) { /* the one that explains most first */
        const struct tg_gate_moved *moved = &gate->moved[i];
        bool leads = tg_gate_leads(moved);
        if (own ? own != moved || !tg_gate_mean_slower(moved) : !leads)
            continue;
        const char *share =
            leads ? tg_arena_format(list->arena, ", which is %.0f%% of the time that is lost",
                                    100 * moved->lost_share)
                  : "";
        return tg_arena_format(list->arena,
                               "look at %s first: its mean service time went from %s to %s%s. ",
                               moved->name, tg_format_duration(llround(moved->before_ns), before),
                               tg_format_duration(llround(moved->after_ns), after), share);
    }
    if (own)
        return tg_arena_format(list->arena,
                               "the mean service time of %s is not proved slower: look at its "
                               "slowest operations, not at all of them. ",
                               own->name);
    if (gate->moved_count == 0)
        return "";
    return tg_arena_format(list->arena,
                           "no operation%s: look at the slowest operations, not at all of them. ",
                           tg_gate_why_none_leads(gate));
}

/* The gist of what gate_next.h says below the verdict, about this metric. */
static const char *advice_for(struct tg_finding_list *list, const struct tg_gate_view *gate,
                              const struct tg_gate_row *row)
{
    const char *look = where_to_look(list, gate, row);
    bool both = tg_gate_can_run(gate, TG_BEFORE);
    return tg_arena_format(list->arena, "%s%s %s", look, *look ? "Profile" : "profile",
                           both ? "both variants and compare them: perf record -g of each, then "
                                  "perf diff"
                                : "the variant after: perf record -g, then perf report");
}

static bool came_to_verdict(const struct tg_gate_view *gate)
{
    return gate->end == TG_END_DECIDED || gate->end == TG_END_BUDGET;
}

/* More launches now narrow half of what is measured against a baseline at most, and do not tell a
 * machine from a store. */
static const char *advice_for_doubt(const struct tg_gate_view *gate)
{
    if (!came_to_verdict(gate))
        return "compare again, and let it come to its verdict";
    return gate->baseline ? "measure both variants side by side with `tailgate gate`, which a "
                            "machine that changes cannot deceive"
                          : "give the gate a larger budget, or state the margin that is needed";
}

static void find_in_row(struct tg_finding_list *list, const struct tg_gate_view *gate,
                        const struct tg_gate_row *row)
{
    bool gated = strcmp(row->verdict, "not gated") != 0;
    struct tg_finding *finding;
    if (row->judged_as == TG_GATE_REGRESSION) {
        finding = tg_finding_add(list, TG_FINDING_HIGH, "regression");
        finding->title = tg_arena_format(list->arena, "%s became worse", row->metric);
        finding->remedy = advice_for(list, gate, row);
    } else if (!gated) {
        finding = tg_finding_add(list, TG_FINDING_INFO, "not-gated");
        finding->title = tg_arena_format(list->arena, "%s could not be gated", row->metric);
        finding->remedy =
            "gate a lower percentile, or give the operation a larger share of the mix";
    } else if (row->judged_as == TG_GATE_INCONCLUSIVE && strcmp(row->verdict, "not judged") != 0) {
        /* What looks like a regression is one until it is shown not to be. */
        finding = tg_finding_add(list, row->suspected ? TG_FINDING_MEDIUM : TG_FINDING_INFO,
                                 row->suspected ? "suspected-regression" : "inconclusive");
        finding->title =
            tg_arena_format(list->arena, "%s %s", row->metric,
                            row->suspected ? "looks worse, and was not confirmed in time"
                                           : "was proved neither worse nor within its margin");
        finding->remedy = advice_for_doubt(gate);
    } else {
        return;
    }
    finding->where = row->metric;
    const char *numbers = figures(list, row);
    finding->evidence =
        row->note ? tg_arena_format(list->arena, "%s%s%s", numbers, *numbers ? "\n" : "", row->note)
                  : numbers;
}

/* Only a crash after the change is the change's, and that only where the run before it is known to
 * have got through. No store ends itself by SIGKILL: somebody did, or the kernel for want of
 * memory. */
static void find_crash(struct tg_finding_list *list, const struct tg_gate_view *gate)
{
    bool before = gate->failed_side == TG_BEFORE;
    bool killed = gate->end == TG_END_KILLED;
    const char *doubt = gate->crash_in_doubt;
    struct tg_finding *finding =
        tg_finding_add(list, killed || before || doubt ? TG_FINDING_INFO : TG_FINDING_CRITICAL,
                       killed ? "killed" : "crash");
    finding->where = before ? "the store before" : "the store after";
    finding->title = killed   ? "the process of the store was killed from outside"
                     : before ? "the process of the store crashed before the change"
                     : doubt  ? "the process of the store crashed, which may be no news"
                              : "the process of the store crashed";
    finding->evidence =
        doubt ? tg_arena_format(list->arena, "%s\n%s", gate->crash, doubt) : gate->crash;
    finding->remedy = killed   ? "look for the kernel's out-of-memory messages, and measure again"
                      : before ? "it says nothing about the change: compare with a variant that "
                                 "does not crash"
                      : doubt  ? "it says nothing about the change: have the variant before get "
                                 "through the same run, then compare again"
                               : "do not release: run the phase again with a build that leaves a "
                                 "core";
}

static const char *failing_advice(struct tg_finding_list *list, const struct tg_gate_view *gate)
{
    struct tg_text text = {0};
    if (!tg_gate_can_run(gate, TG_AFTER))
        return "run the variant after alone: the report of a run names its errors";
    tg_text_add(&text, "see which operations fail, and why: ");
    tg_gate_add_command(gate, "run --no-coverage", TG_AFTER, &text);
    const char *copy = tg_arena_strdup(list->arena, tg_text_string(&text));
    tg_text_free(&text);
    return copy;
}

static void find_failures(struct tg_finding_list *list, const struct tg_gate_view *gate)
{
    struct tg_text text = {0};
    tg_gate_add_errors(gate, &text);
    struct tg_finding *finding =
        tg_finding_add(list, gate->fails_proved ? TG_FINDING_HIGH : TG_FINDING_MEDIUM, "errors");
    finding->where = "all operations";
    finding->title = gate->fails_proved
                         ? "more operations fail after the change"
                         : "more operations fail after the change, which is not proved";
    finding->evidence = tg_arena_strdup(list->arena, tg_text_string(&text));
    finding->remedy = failing_advice(list, gate);
    tg_text_free(&text);
}

static void find_steal(struct tg_finding_list *list, const struct tg_gate_view *gate)
{
    if (!(gate->steal_share > list->limits->steal))
        return;
    char share[TG_UNIT_TEXT], limit[TG_UNIT_TEXT];
    struct tg_finding *finding = tg_finding_add(list, TG_FINDING_INFO, "steal");
    finding->where = "the platform";
    finding->title = "the platform took CPU time away from the measurement";
    finding->evidence = tg_arena_format(
        list->arena,
        "%s of the time of the slices, above %s; %lld of %lld pairs were dropped for it",
        tg_format_percent(gate->steal_share, share), tg_format_percent(list->limits->steal, limit),
        (long long)gate->pairs_dropped, (long long)gate->pairs_seen);
    finding->remedy = "what was dropped was chosen by the platform's counters alone, never by a "
                      "latency; on a quieter host the gate needs less time";
}

struct tg_findings tg_findings_of_gate(const struct tg_gate_view *gate,
                                       const struct tg_finding_limits *limits,
                                       struct tg_arena *arena)
{
    struct tg_finding_list list = {
        .arena = arena, .limits = limits, .source = gate->id ? gate->id : ""};
    if (gate->crash)
        find_crash(&list, gate);
    if (gate->fails_more)
        find_failures(&list, gate);
    for (size_t i = 0; i < gate->row_count; i++)
        find_in_row(&list, gate, &gate->rows[i]);
    find_steal(&list, gate);
    return tg_finding_list_end(&list);
}
