/* One `tailgate after`: what is said about it, then and by `tailgate compare`. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "baselines/result_json.h"
#include "baselines/result_store.h"
#include "baselines/standing.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "cli/task.h"
#include "common/file.h"
#include "common/text.h"
#include "reports/gate_json.h"
#include "reports/gate_log.h"
#include "reports/gate_text.h"
#include "reports/position_text.h"
#include "reports/report_view.h"

enum { MOST_DETAILS = 3 };

static const char *const side_names[TG_SIDES] = {"before", "after"};

struct attempt_report {
    const struct tg_result *result;
    const struct tg_newer_attempt *newer; /* NULL: none */
    struct tg_arena *arena;
    struct tg_gate_view view;
    const char **positions; /* sentences */
    size_t position_count;
    const char *details[MOST_DETAILS];
    bool lead_lost;
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
    report->lead_lost = report->lead_lost || standing->lead == TG_LEAD_LOST;
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

static enum tg_status take_positions(struct tg_task_session *session,
                                     const struct tg_attempt *attempt,
                                     struct attempt_report *report)
{
    const char *why_not[TG_SIDES] = {NULL, NULL};
    struct tg_competitors competitors;
    struct tg_standing *standings;
    size_t count;
    enum tg_status status = tg_task_competitors(session, &competitors);
    if (status != TG_OK)
        return status;
    struct tg_result *before =
        stored_run(session->key.home, attempt->before->result, report->arena, &why_not[TG_BEFORE]);
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

static bool of_another(const struct attempt_report *report)
{
    return report->newer && !report->newer->same_variant;
}

/* What the run and the competitors add to what the gate found. The worst counts, a failure of the
 * run before a competitive regression, and that before a question that stayed open. */
static void add_up(struct attempt_report *report)
{
    struct tg_gate_view *view = &report->view;
    const enum tg_verdict verdict = report->result->verdict;
    const bool slower = view->exit_code == TG_EXIT_FAIL;
    /* A crash is no matter of how fast others are. */
    if (view->competitive && slower && view->end != TG_END_CRASHED)
        view->exit_code = TG_EXIT_COMPETITIVE;
    if (report->lead_lost && !slower)
        set_verdict(view, "REGRESSION", "a lead over a competitor is lost", true,
                    TG_EXIT_COMPETITIVE);
    if (verdict == TG_VERDICT_FAIL && !view->bad) {
        const char *meaning =
            tg_arena_format(report->arena, "in the run after the change: %s", first_reason(report));
        view->failed = report->result->crash == NULL; /* a crash is a regression */
        set_verdict(view, view->failed ? "FAIL" : "REGRESSION", meaning, true, TG_EXIT_FAIL);
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
    struct tg_gate_view *view = &report->view;
    if (!of_another(report) || view->exit_code != TG_EXIT_PASS)
        return;
    if (view->good)
        set_verdict(view, "CANNOT TELL",
                    "passed, but a newer attempt with another variant was interrupted", false,
                    TG_EXIT_UNKNOWN);
    view->exit_code = TG_EXIT_UNKNOWN;
}

/* ---- output ---- */

static void add_newer_text(const struct attempt_report *report, struct tg_text *text)
{
    const struct tg_newer_attempt *newer = report->newer;
    struct tg_text line = {0};
    tg_text_addf(&line,
                 "the newest attempt (%s, result %s) was interrupted; this is the one before it, "
                 "%s\n",
                 newer->when, newer->result,
                 newer->same_variant ? "of the same variant"
                                     : "of another variant, whose pass does not count here");
    tg_wrap_add(text, tg_text_string(&line), 0, 2, tg_terminal_columns());
    tg_text_add(text, "\n");
    tg_text_free(&line);
}

static void add_run_text(const struct attempt_report *report, struct tg_text *text)
{
    const struct tg_result *result = report->result;
    tg_text_addf(text, "\nrun after the change: %s (tailgate show %s)\n",
                 tg_verdict_name(result->verdict), result->id);
    for (size_t i = 0; i < result->reason_count; i++)
        tg_text_addf(text, "    %s\n", result->reasons[i]);
    if (!report->positions)
        return;
    tg_text_add(text,
                report->position_count > 0
                    ? "competitors, by figures published by others on other hardware:\n"
                    : "competitors: nothing measured here can be held against their figures\n");
    for (size_t i = 0; i < report->position_count; i++) {
        tg_text_add(text, "    ");
        tg_wrap_add(text, report->positions[i], 4, 6, tg_terminal_columns());
    }
}

static void add_run_json(const struct attempt_report *report, cJSON *json)
{
    const struct tg_result *result = report->result;
    cJSON *run = tg_json_add(json, "run", tg_json_object());
    tg_json_add_string(run, "result", result->id);
    tg_json_add_string(run, "verdict", tg_verdict_name(result->verdict));
    cJSON *reasons = tg_json_add(run, "reasons", tg_json_array());
    for (size_t i = 0; i < result->reason_count; i++)
        tg_json_push(reasons, cJSON_CreateString(result->reasons[i]));
    const struct tg_newer_attempt *newer = report->newer;
    cJSON *interrupted = tg_json_add(json, "newer", newer ? tg_json_object() : cJSON_CreateNull());
    if (newer) {
        tg_json_add_string(interrupted, "result", newer->result);
        tg_json_add_bool(interrupted, "same_variant", newer->same_variant);
    }
}

static void print_json(const struct attempt_report *report)
{
    cJSON *json = tg_gate_to_json(&report->view);
    add_run_json(report, json);
    char *text = tg_json_print(json);
    fputs(text, stdout);
    free(text);
    cJSON_Delete(json);
}

static void print_text(const struct attempt_report *report, bool comparison)
{
    const struct tg_gate_view *view = &report->view;
    struct tg_text text = {0};
    if (report->newer)
        add_newer_text(report, &text);
    if (comparison) {
        tg_report_gate(view, tg_terminal_columns(), tg_use_color(stdout), &text);
        add_run_text(report, &text);
        tg_text_add(&text, "\n");
        tg_gate_commit_line(view, &text);
    } else {
        tg_text_addf(&text, "%s %s (exit code %d); nothing was compared\n", view->verdict,
                     view->meaning, view->exit_code);
        add_run_text(report, &text);
    }
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
}

/* A view of a comparison that was not made, for the same reports. */
static const struct tg_comparison *no_comparison(const struct tg_task_session *session,
                                                 const struct tg_result *result,
                                                 struct tg_comparison *empty)
{
    *empty = (struct tg_comparison){
        .task = session->key.task,
        .competitive = session->key.competitive,
        .scenario = result->scenario,
        .scenario_path = result->scenario_path,
        .phase = result->phase_count > 0 ? result->phases[0].name : "",
        .engine_kind = result->engine_kind,
        .sides = {{.label = "not run"}, {.label = "now"}},
        .started_unix_ms = result->started_unix_ms,
        .end = TG_END_INTERRUPTED,
    };
    return empty;
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

static void add_details(struct tg_task_session *session, struct attempt_report *report)
{
    report->details[0] = tg_arena_format(report->arena, "%s/results/%s/: the run after the change",
                                         session->key.home, report->result->id);
    report->view.details = report->details;
    report->view.detail_count = 1;
    const char *kept =
        tg_arena_format(report->arena, "%s/tasks/%s", session->key.home, session->key.task);
    if (has_logs(kept))
        report->details[report->view.detail_count++] =
            tg_arena_format(report->arena, "%s/: logs, system metrics and diagnostics", kept);
    if (report->view.sides[TG_AFTER].bundle)
        report->details[report->view.detail_count++] =
            tg_arena_format(report->arena, "%s/bundles/%s/: the variant after", session->key.home,
                            report->view.sides[TG_AFTER].bundle);
    report->view.positions = report->positions;
    report->view.position_count = report->position_count;
}

int tg_print_attempt(struct tg_task_session *session, const struct tg_attempt *attempt,
                     const struct tg_attempt_output *output)
{
    const struct tg_result *result = attempt->result;
    const struct tg_comparison *comparison = attempt->comparison;
    struct tg_comparison empty;
    struct attempt_report report = {
        .result = result, .newer = attempt->newer, .arena = &session->arena};
    const struct tg_comparison *shown =
        comparison ? comparison : no_comparison(session, result, &empty);
    if (comparison && session->key.competitive &&
        take_positions(session, attempt, &report) != TG_OK)
        return TG_EXIT_ERROR;
    struct tg_judgement judgement = tg_comparison_judge(shown, &session->arena);
    report.view = tg_gate_view_make(shown, &judgement, output->allow_inconclusive, &session->arena);
    add_up(&report);
    beware_of_newer(&report);
    add_details(session, &report);
    bool logged = !comparison || !output->log || of_another(&report) ||
                  tg_log_comparison(&report.view, output->log);
    /* A verdict that is bad news already stays it. */
    if ((output->not_stored || !logged) && report.view.exit_code == TG_EXIT_PASS)
        report.view.exit_code = TG_EXIT_ERROR;
    if (output->json)
        print_json(&report);
    else
        print_text(&report, comparison != NULL);
    return report.view.exit_code;
}
