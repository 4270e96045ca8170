#include "reports/task/attempt.h"

#include <dirent.h>
#include <stdlib.h>

#include "baselines/result_store.h"
#include "baselines/standing.h"
#include "common/exit_code.h"
#include "common/file.h"
#include "common/text.h"
#include "reports/gate/position_text.h"

enum { MOST_DETAILS = 3 };

static const char *const side_names[TG_SIDES] = {"before", "after"};

struct attempt_report {
    const struct tg_result *result;
    struct tg_arena *arena;
    struct tg_compare_view *view;
    const char **positions; /* sentences */
    size_t position_count;
};

/* ---- the position against competitors ---- */

static void add_sentence(struct attempt_report *report, struct tg_text *text)
{
    report->positions[report->position_count++] =
        tg_arena_strdup(report->arena, tg_text_string(text));
    tg_text_free(text);
}

static void add_sides(struct attempt_report *report, const struct tg_standing *standing)
{
    for (int side = 0; side < TG_SIDES; side++) {
        struct tg_text text = {0};
        if (standing->positions[side].relation == TG_RELATION_NONE)
            continue;
        tg_text_addf(&text, "%s %s: ", standing->metric, side_names[side]);
        tg_position_text(standing->competitor, standing->figure, standing->positions[side], &text);
        add_sentence(report, &text);
    }
}

static void add_standing(struct attempt_report *report, const struct tg_standing *standing)
{
    struct tg_text text = {0};
    report->view->lead_lost = report->view->lead_lost || standing->lead == TG_LEAD_LOST;
    if (standing->of_runs) {
        tg_runs_position_text(standing, &text);
        add_sentence(report, &text);
    } else if (standing->lead != TG_LEAD_NONE) {
        tg_text_addf(&text, "%s: ", standing->metric);
        tg_lead_text(standing->competitor, standing->figure, standing->positions[TG_BEFORE],
                     standing->positions[TG_AFTER], standing->lead, &text);
        add_sentence(report, &text);
    } else {
        add_sides(report, standing);
    }
}

/* The run with exactly this id, or NULL and in *why_not what is wrong with it, in `arena`. */
static struct tg_result *stored_run(const char *home, const char *id, struct tg_arena *arena,
                                    const char **why_not)
{
    struct tg_diags diags = {0};
    struct tg_result *run = NULL;
    const char *path = tg_arena_format(arena, "%s/results/%s/result.json", home, id);
    *why_not = NULL;
    if (!tg_path_exists(path))
        *why_not = tg_arena_format(arena, "result %s is gone", id);
    else if (tg_store_read(path, &run, &diags) != TG_OK)
        *why_not = tg_arena_format(arena, "%s: %s", path, diags.items[0].message);
    tg_diags_free(&diags);
    return run;
}

static void add_why_not(struct attempt_report *report, enum tg_side side, const char *why_not)
{
    struct tg_text text = {0};
    tg_text_addf(&text, "the run %s gives no position: %s", side_names[side], why_not);
    add_sentence(report, &text);
}

static enum tg_status take_positions(const struct tg_attempt_source *source,
                                     const struct tg_attempt *attempt,
                                     struct attempt_report *report)
{
    const char *why_not[TG_SIDES] = {NULL, NULL};
    struct tg_competitors competitors;
    struct tg_standing *standings;
    size_t count;
    enum tg_status status = tg_attempt_competitors(source, &competitors);
    if (status != TG_OK)
        return status;
    struct tg_result *before =
        stored_run(source->key.home, attempt->before->result, report->arena, &why_not[TG_BEFORE]);
    const struct tg_result *runs[TG_SIDES] = {before, attempt->result};
    tg_standings(attempt->comparison, runs, &competitors, report->arena, &standings, &count);
    report->positions =
        tg_arena_array(report->arena, 2 * count + TG_SIDES, sizeof *report->positions);
    for (size_t i = 0; i < count; i++)
        add_standing(report, &standings[i]);
    for (int side = 0; side < TG_SIDES; side++) {
        if (runs[side])
            why_not[side] =
                tg_standing_why_not(runs[side], attempt->comparison->phase, report->arena);
        if (why_not[side])
            add_why_not(report, (enum tg_side)side, why_not[side]);
    }
    tg_result_free(before);
    tg_competitors_free(&competitors);
    return TG_OK;
}

/* ---- the verdict ---- */

static void set_verdict(struct tg_gate_view *view, const char *verdict, const char *meaning,
                        bool bad, int exit_code)
{
    view->verdict = verdict;
    view->meaning = meaning;
    view->good = false;
    view->bad = bad;
    view->exit_code = exit_code;
}

static const char *first_reason(const struct attempt_report *report)
{
    const struct tg_result *result = report->result;
    if (result->reason_count == 0)
        return "no reason is known";
    return tg_arena_format(report->arena, "%s%s", result->reasons[0],
                           result->reason_count > 1 ? ", and more" : "");
}

/* A store that crashed is a regression, unless it did not get through the run before either. What
 * else the run missed it missed anyway; its second reason says that then. */
static void add_failure(struct attempt_report *report)
{
    struct tg_gate_view *view = &report->view->gate;
    const struct tg_result *result = report->result;
    struct tg_arena *arena = report->arena;
    const char *doubt = view->crash_in_doubt;
    if (doubt && !tg_result_fails_besides(result)) {
        set_verdict(
            view, "CANNOT TELL",
            tg_arena_format(arena, "the store crashed in the run after the change, but %s", doubt),
            false, TG_EXIT_UNKNOWN);
        return;
    }
    view->failed = doubt || !tg_result_crashed(result);
    const char *reason =
        doubt && result->reason_count > 1 ? result->reasons[1] : first_reason(report);
    set_verdict(view, view->failed ? "FAIL" : "REGRESSION",
                tg_arena_format(arena, "in the run after the change: %s", reason), true,
                TG_EXIT_FAIL);
}

/* What the run and the competitors add to what the gate found. The worst counts, a failure of the
 * run before a competitive regression, and that before a question that stayed open. */
static void add_up(struct attempt_report *report)
{
    struct tg_gate_view *view = &report->view->gate;
    const enum tg_verdict verdict = report->result->verdict;
    const bool slower = view->bad;
    if (report->view->lead_lost && !slower)
        set_verdict(view, "REGRESSION", "a lead over a competitor is lost", true,
                    TG_EXIT_COMPETITIVE);
    if (verdict == TG_VERDICT_FAIL && (!view->bad || !report->view->compared)) {
        add_failure(report);
    } else if (verdict == TG_VERDICT_FAIL) {
        view->exit_code = TG_EXIT_FAIL;
    } else if (verdict == TG_VERDICT_INVALID && !view->bad) {
        const char *meaning = tg_arena_format(
            report->arena, "the run after the change says nothing: %s", first_reason(report));
        set_verdict(view, "CANNOT TELL", meaning, false, TG_EXIT_UNKNOWN);
    }
}

/* The verdict is not of what was tried last: nothing passes by it. */
static void beware_of_newer(struct attempt_report *report)
{
    struct tg_gate_view *view = &report->view->gate;
    if (!tg_compare_is_stale(report->view) || view->exit_code != TG_EXIT_PASS)
        return;
    if (view->good)
        set_verdict(view, "CANNOT TELL",
                    report->view->newer->result
                        ? "passed, but a newer attempt with another variant was interrupted"
                        : "passed, but a newer attempt has no result",
                    false, TG_EXIT_UNKNOWN);
    view->exit_code = TG_EXIT_UNKNOWN;
}

/* ---- the whole ---- */

/* A view of a comparison that was not made, for the same reports. */
static const struct tg_comparison *no_comparison(const struct tg_attempt_source *source,
                                                 const struct tg_result *result,
                                                 struct tg_arena *arena)
{
    struct tg_comparison *empty = tg_arena_alloc(arena, sizeof *empty);
    const bool died = result->crash != NULL;
    const size_t phase = died && result->phase_count > 0 ? result->phase_count - 1 : 0;
    *empty = (struct tg_comparison){
        .task = source->key.task,
        .competitive = source->key.competitive,
        .scenario = result->scenario,
        .scenario_path = result->scenario_path,
        .phase = result->phase_count > 0 ? result->phases[phase].name : "",
        .engine_kind = result->engine_kind,
        .sides = {{.label = "not run"},
                  {.label = "now",
                   .overrides = result->overrides,
                   .override_count = result->override_count}},
        .started_unix_ms = result->started_unix_ms,
        .end = !died                      ? TG_END_INTERRUPTED
               : tg_result_killed(result) ? TG_END_KILLED
                                          : TG_END_CRASHED,
        .failed_side = TG_AFTER,
        .crash = result->crash,
    };
    return empty;
}

/* Why a crash of the run after the change may be no news; NULL: it is. */
static const char *doubt_crash(const struct tg_attempt_source *source,
                               const struct tg_attempt *attempt)
{
    const char *why_not;
    const char *doubt = NULL;
    struct tg_result *before =
        stored_run(source->key.home, attempt->before->result, source->arena, &why_not);
    if (!before)
        doubt = tg_arena_format(source->arena, "what it did before is not known: %s", why_not);
    else if (before->crash)
        doubt = tg_arena_format(source->arena, "it did not get through the run before either: %s",
                                before->crash);
    tg_result_free(before);
    return doubt;
}

/* scripts/performance_check.sh keeps them beside the records; the commands alone keep none. */
static bool has_logs(const char *folder)
{
    DIR *open = opendir(folder);
    const struct dirent *item;
    bool found = false;
    while (open && !found && (item = readdir(open)))
        found = tg_ends_with(item->d_name, "_log.txt");
    if (open)
        closedir(open);
    return found;
}

static void add_details(const struct tg_attempt_source *source, struct attempt_report *report)
{
    struct tg_gate_view *gate = &report->view->gate;
    const char *home = source->key.home;
    const char **details = tg_arena_array(report->arena, MOST_DETAILS, sizeof *details);
    gate->details = details;
    details[gate->detail_count++] = tg_arena_format(
        report->arena, "%s/results/%s/: the run after the change", home, report->result->id);
    const char *kept = tg_arena_format(report->arena, "%s/tasks/%s", home, source->key.task);
    if (has_logs(kept))
        details[gate->detail_count++] =
            tg_arena_format(report->arena, "%s/: logs, system metrics and diagnostics", kept);
    if (gate->sides[TG_AFTER].bundle)
        details[gate->detail_count++] = tg_arena_format(
            report->arena, "%s/bundles/%s/: the variant after", home, gate->sides[TG_AFTER].bundle);
    gate->positions = report->positions;
    gate->position_count = report->position_count;
}

enum tg_status tg_attempt_view(const struct tg_attempt_source *source,
                               const struct tg_attempt *attempt, bool allow_inconclusive,
                               struct tg_compare_view *view)
{
    const struct tg_result *run = attempt->result;
    struct tg_arena *arena = source->arena;
    struct attempt_report report = {.result = run, .arena = arena, .view = view};
    *view = tg_compare_view_make(attempt->comparison ? attempt->comparison
                                                     : no_comparison(source, run, arena),
                                 allow_inconclusive, arena);
    view->compared = attempt->comparison != NULL;
    view->run = run;
    view->newer = attempt->newer;
    view->held_against = view->compared && source->key.competitive;
    if (!view->host)
        view->host = tg_compare_run_host(run, arena);
    view->commits[TG_BEFORE] = attempt->before->git;
    view->commits[TG_AFTER] = (struct tg_git){run->git_commit, run->git_dirty};
    if (view->held_against) {
        enum tg_status status = take_positions(source, attempt, &report);
        if (status != TG_OK)
            return status;
    }
    if (tg_result_crashed(run))
        view->gate.crash_in_doubt = doubt_crash(source, attempt);
    add_up(&report);
    beware_of_newer(&report);
    add_details(source, &report);
    return TG_OK;
}
