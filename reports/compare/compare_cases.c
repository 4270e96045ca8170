#include "reports/compare/compare_cases.h"

#include <math.h>
#include <string.h>

#include "reports/gate/gate_words.h"
#include "reports/run/target_text.h"

/* Besides metrics and targets: errors, the store, competitors, the run, the gate as a whole. */
enum { MOST_OTHERS = 5 };

static struct tg_case_list new_list(const char *scenario, const char *part, size_t room,
                                    struct tg_arena *arena)
{
    return (struct tg_case_list){
        .name = tg_arena_format(arena, "%s.%s", scenario, part),
        .items = tg_arena_array(arena, room + MOST_OTHERS, sizeof(struct tg_case)),
    };
}

static void add(struct tg_case_list *list, const char *name, enum tg_case_outcome outcome,
                const char *type, const char *message)
{
    list->items[list->count++] = (struct tg_case){name, outcome, type, message};
    list->counts[outcome]++;
}

/* Takes the text over. */
static const char *kept(struct tg_text *text, struct tg_arena *arena)
{
    const char *copy = tg_arena_strdup(arena, tg_text_string(text));
    tg_text_free(text);
    return copy;
}

/* ---- the comparison ---- */

static const char *type_of(const struct tg_gate_row *row)
{
    if (row->judged_as != TG_GATE_INCONCLUSIVE)
        return tg_gate_verdict_name(row->judged_as);
    if (row->suspected)
        return "suspected";
    return strcmp(row->verdict, "not gated") == 0 ? "not-gated" : "inconclusive";
}

static void add_row(struct tg_case_list *list, const struct tg_gate_row *row,
                    struct tg_arena *arena)
{
    struct tg_text text = {0};
    const bool measured = !isnan(row->before) || !row->note;
    if (row->note)
        tg_text_addf(&text, measured ? "%s (" : "%s", row->note);
    if (measured)
        tg_gate_add_row(row, &text);
    if (row->note && measured)
        tg_text_add(&text, ")");
    add(list, row->metric,
        row->bad    ? TG_CASE_FAILED
        : row->good ? TG_CASE_PASSED
                    : TG_CASE_SKIPPED,
        type_of(row), kept(&text, arena));
}

static void add_errors(struct tg_case_list *list, const struct tg_gate_view *gate,
                       struct tg_arena *arena)
{
    struct tg_text text = {0};
    tg_text_add(&text, "failing operations: ");
    tg_gate_add_errors(gate, &text);
    if (gate->fails_more && !gate->fails_proved)
        tg_text_add(&text, "; more after, which is not proved");
    add(list, "errors",
        gate->fails_proved ? TG_CASE_FAILED
        : gate->fails_more ? TG_CASE_SKIPPED
                           : TG_CASE_PASSED,
        gate->fails_proved ? "regression"
        : gate->fails_more ? "suspected"
                           : "pass",
        kept(&text, arena));
}

/* Only a crash after the change is the change's: one before it, or a store that was killed from
 * outside, leaves the question open. */
static void add_crash(struct tg_case_list *list, const struct tg_gate_view *gate,
                      struct tg_arena *arena)
{
    const char *side = gate->failed_side == TG_AFTER ? "after" : "before";
    bool crashed = gate->end == TG_END_CRASHED;
    add(list, tg_arena_format(arena, "store %s", side),
        crashed && gate->failed_side == TG_AFTER ? TG_CASE_ERROR : TG_CASE_SKIPPED,
        crashed ? "crash" : "killed",
        tg_arena_format(arena, "the store of the variant %s: %s", side, gate->crash));
}

static struct tg_case_list of_gate(const struct tg_compare_view *view, struct tg_arena *arena)
{
    const struct tg_gate_view *gate = &view->gate;
    struct tg_case_list list = new_list(gate->scenario, gate->phase, gate->row_count, arena);
    list.started_unix_ms = gate->started_unix_ms;
    list.took_ns = gate->elapsed_ns;
    for (size_t i = 0; i < gate->row_count; i++)
        add_row(&list, &gate->rows[i], arena);
    if (gate->row_count > 0)
        add_errors(&list, gate, arena);
    if (gate->crash)
        add_crash(&list, gate, arena);
    if (view->held_against)
        add(&list, "competitors", view->lead_lost ? TG_CASE_FAILED : TG_CASE_PASSED,
            view->lead_lost ? "lead-lost" : "pass",
            view->lead_lost ? "a lead over a competitor is lost" : NULL);
    return list;
}

/* ---- the run after the change ---- */

/* "measured 1,000/s, 1.30× short", and why that proves nothing where it does not. */
static const char *target_message(const struct tg_result *run,
                                  const struct tg_target_result *target, struct tg_arena *arena)
{
    char value[TG_UNIT_TEXT], ratio[TG_RATIO_TEXT];
    const char *doubt = tg_target_doubt(run, tg_target_phase(run, target), target);
    if (target->status == TG_TARGET_NO_DATA)
        return "nothing was measured that it could be held against";
    tg_target_value_text(target, value);
    tg_target_ratio_text(target, ratio);
    return tg_arena_format(arena, "measured %s%s%s%s%s", value, *ratio ? ", " : "", ratio,
                           doubt ? "; " : "", doubt ? doubt : "");
}

static void add_target(struct tg_case_list *list, const struct tg_result *run,
                       const struct tg_target_result *target, struct tg_arena *arena)
{
    static const struct {
        enum tg_case_outcome outcome;
        const char *type;
    } kinds[] = {
        [TG_STANDING_MET] = {TG_CASE_PASSED, "met"},
        [TG_STANDING_MISSED] = {TG_CASE_FAILED, "target-missed"},
        [TG_STANDING_NO_DATA] = {TG_CASE_SKIPPED, "no-data"},
        [TG_STANDING_IN_DOUBT] = {TG_CASE_SKIPPED, "in-doubt"},
    };
    enum tg_target_standing standing = tg_target_standing(run, target);
    add(list, tg_arena_format(arena, "%s: %s", target->phase, target->text),
        kinds[standing].outcome, kinds[standing].type, target_message(run, target, arena));
}

static const char *all_reasons(const struct tg_result *run, struct tg_arena *arena)
{
    struct tg_text text = {0};
    for (size_t i = 0; i < run->reason_count; i++)
        tg_text_addf(&text, "%s%s", i ? "; " : "", run->reasons[i]);
    return run->reason_count > 0 ? kept(&text, arena) : NULL;
}

static struct tg_case_list of_run(const struct tg_compare_view *view, struct tg_arena *arena)
{
    const struct tg_result *run = view->run;
    struct tg_case_list list = new_list(run->scenario, "run", run->target_count, arena);
    list.of_run = true;
    list.started_unix_ms = run->started_unix_ms;
    list.took_ns = run->total_ns;
    for (size_t i = 0; i < run->target_count; i++)
        add_target(&list, run, &run->targets[i], arena);
    /* A crash that says nothing of the change leaves the question open, unless something else is
     * wrong: that counts then. */
    const bool doubted = view->gate.crash_in_doubt != NULL;
    bool crashed = tg_result_crashed(run) && !(doubted && view->gate.bad);
    add(&list, "run after the change",
        crashed                              ? (doubted ? TG_CASE_SKIPPED : TG_CASE_ERROR)
        : run->verdict == TG_VERDICT_PASS    ? TG_CASE_PASSED
        : run->verdict == TG_VERDICT_INVALID ? TG_CASE_SKIPPED
                                             : TG_CASE_FAILED,
        crashed                              ? "crash"
        : run->verdict == TG_VERDICT_PASS    ? "pass"
        : run->verdict == TG_VERDICT_INVALID ? "invalid"
                                             : "fail",
        all_reasons(run, arena));
    return list;
}

/* An interruption, a machine that may have changed: what is no metric's must not look like a pass
 * for want of a case. */
static void add_rest(const struct tg_gate_view *gate, struct tg_case_list *lists, size_t count)
{
    size_t bad = 0;
    size_t open = 0;
    for (size_t i = 0; i < count; i++) {
        bad += lists[i].counts[TG_CASE_FAILED] + lists[i].counts[TG_CASE_ERROR];
        open += lists[i].counts[TG_CASE_SKIPPED];
    }
    if (gate->bad && bad == 0)
        add(&lists[0], "gate", TG_CASE_FAILED, "regression", gate->meaning);
    else if (!gate->bad && !gate->good && open == 0)
        add(&lists[0], "gate", TG_CASE_SKIPPED, "inconclusive", gate->meaning);
}

size_t tg_compare_cases(const struct tg_compare_view *view, struct tg_arena *arena,
                        struct tg_case_list lists[TG_CASE_LISTS])
{
    size_t count = 0;
    if (view->compared)
        lists[count++] = of_gate(view, arena);
    if (view->run)
        lists[count++] = of_run(view, arena);
    add_rest(&view->gate, lists, count);
    return count;
}
