#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "baselines/bundle.h"
#include "baselines/comparison_store.h"
#include "baselines/result_store.h"
#include "cli/attempt_text.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "cli/measure.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/task.h"
#include "common/text.h"
#include "common/units.h"
#include "gate/interleave.h"
#include "runner/scenario/diff.h"

static const char help[] =
    "Usage: tailgate after TASK [OPTION]...\n\n"
    "Ends a task, after the change was made: runs the scenario as it is now, stores the result,\n"
    "keeps the variant, and compares it with the one that `tailgate before TASK` has kept. Their\n"
    "launches take turns, as those of `tailgate gate` do. The change may be one of the store's\n"
    "library, its settings, its schema, the text of statements; what is measured has to be the\n"
    "same.\n\n"
    "  --competitive         the competitive scenario, as in `tailgate before`\n"
    "  --set KEY=VALUE       override a key of the scenario, after those of `before`\n"
    "  --budget DURATION     how long the comparison may take (default: that of tailgate.toml,\n"
    "                        else of [gate], else 60s)\n"
    "  --allow-inconclusive  exit with 0 instead of 3 when nothing could be decided\n"
    "  --quiet               no progress on standard error\n"
    "  --help\n\n"
    "Exit codes: 0 every metric proved within its margin and every target met, 1 a regression,\n"
    "a target missed, or the store failed or crashed, 2 with --competitive a metric that is "
    "slower\n"
    "or a lead that is lost, 3 cannot tell, 4 usage, scenario or environment error.\n";

enum { OPT_COMPETITIVE = 1, OPT_SET, OPT_BUDGET, OPT_ALLOW, OPT_QUIET };

static const struct option options[] = {
    {"competitive", no_argument, NULL, OPT_COMPETITIVE},
    {"set", required_argument, NULL, OPT_SET},
    {"budget", required_argument, NULL, OPT_BUDGET},
    {"allow-inconclusive", no_argument, NULL, OPT_ALLOW},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {0},
};

struct after_command {
    struct tg_overrides overrides;
    int64_t budget_ns; /* 0: not given */
    bool competitive, allow_inconclusive, quiet;
};

static bool take_option(void *context, int code, const char *argument)
{
    struct after_command *command = context;
    switch (code) {
    case OPT_COMPETITIVE:
        command->competitive = true;
        return true;
    case OPT_SET:
        return tg_overrides_add(&command->overrides, "--set", argument);
    case OPT_BUDGET:
        return tg_take_budget("after", argument, &command->budget_ns);
    case OPT_ALLOW:
        command->allow_inconclusive = true;
        return true;
    default:
        command->quiet = true;
        return true;
    }
}

struct after_run {
    const struct after_command *command;
    struct tg_task_session session;
    struct tg_task_before before;
    struct tg_bundle *bundles[TG_SIDES];
    struct tg_scenario *scenarios[TG_SIDES]; /* with the project's margins, as they are compared */
    struct tg_scenario *current;             /* as it is now, without them: what is run and kept */
    struct tg_overrides overrides;           /* that it was loaded with */
    struct tg_scenario_change *changes;
    size_t change_count;
    struct tg_result *result;
    struct tg_host host;
    struct tg_comparison *comparison; /* NULL: none was made */
    struct tg_task_attempt attempt;
    bool not_stored; /* what was found: the verdict is shown, and a pass is none */
};

/* ---- getting ready ---- */

static enum tg_status load_bundle(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    enum tg_status status = tg_bundle_load(session->key.home, run->before.bundle,
                                           &run->bundles[TG_BEFORE], &session->diags);
    if (status != TG_OK)
        tg_diag_hint(tg_diag_add(&session->diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                                 "so the before side of task \"%s\" cannot be run",
                                 session->key.task),
                     "run `tailgate before %s%s --replace` with the code as it was before the "
                     "change",
                     session->key.task, session->option);
    return status;
}

/* What is added to both sides alike: the project's margins. */
static struct tg_overrides project_overrides(const struct after_run *run)
{
    return (struct tg_overrides){.items = run->session.gate->margins,
                                 .count = run->session.gate->margin_count};
}

/* The scenario as it is now, as it is compared and as it is kept. */
static enum tg_status load_current(struct after_run *run, const char *path)
{
    const struct tg_overrides project = project_overrides(run);
    struct tg_overrides all = {0};
    struct tg_diags known = {0}; /* the same warnings once more */
    tg_overrides_join(&all, &run->overrides);
    tg_overrides_join(&all, &project);
    enum tg_status status = tg_scenario_load(path, all.items, all.count, &run->scenarios[TG_AFTER],
                                             &run->session.diags);
    if (status == TG_OK)
        status = tg_scenario_load(path, run->overrides.items, run->overrides.count, &run->current,
                                  &known);
    tg_diags_free(&known);
    tg_overrides_free(&all);
    return status;
}

static enum tg_status load_sides(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    const struct tg_bundle *bundle = run->bundles[TG_BEFORE];
    const struct tg_overrides project = project_overrides(run);
    const struct tg_overrides stored = {.items = bundle->overrides,
                                        .count = bundle->override_count};
    tg_overrides_join(&run->overrides, &stored);
    tg_overrides_join(&run->overrides, &run->command->overrides);
    enum tg_status before = tg_bundle_scenario(bundle, project.items, project.count,
                                               &run->scenarios[TG_BEFORE], &session->diags);
    enum tg_status after = load_current(
        run, tg_project_to_here(&session->project, run->before.scenario, &session->arena));
    return before != TG_OK ? before : after;
}

/* As a diff: a line for each side that has the key. */
static void add_change(struct tg_text *text, const struct tg_scenario_change *change)
{
    if (change->before)
        tg_text_addf(text, "\n  - %s = %s", change->key, change->before);
    if (change->after)
        tg_text_addf(text, "\n  + %s = %s", change->key, change->after);
}

/* What may differ is the change under test; the rest would make the two sides incomparable. */
static enum tg_status check_changes(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    struct tg_text diff = {0};
    tg_scenario_diff(run->scenarios[TG_BEFORE], run->scenarios[TG_AFTER], &session->arena,
                     &run->changes, &run->change_count);
    for (size_t i = 0; i < run->change_count; i++)
        if (run->changes[i].kind == TG_CHANGE_MATTERS)
            add_change(&diff, &run->changes[i]);
    enum tg_status status = TG_OK;
    if (diff.length > 0) {
        const struct tg_place place = {.path = run->scenarios[TG_AFTER]->path};
        tg_diag_hint(tg_diag_error(&session->diags, place,
                                   "what is measured has changed since `tailgate before %s%s`:%s",
                                   session->key.task, session->option, tg_text_string(&diff)),
                     "undo it, or run `tailgate before %s%s --replace` with the new scenario and "
                     "the code as it was before the change",
                     session->key.task, session->option);
        status = TG_INVALID;
    }
    tg_text_free(&diff);
    return status;
}

/* A record that could not be added to afterwards, or competitors that cannot be read, are found out
 * before minutes are spent. */
static enum tg_status check_the_rest(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    struct tg_task_attempt *attempts;
    size_t count;
    enum tg_status status =
        tg_task_read_attempts(&session->key, &session->arena, &attempts, &count, &session->diags);
    if (status == TG_OK)
        status = tg_store_check(session->key.home, &session->diags);
    if (status == TG_OK && session->key.competitive) {
        struct tg_competitors competitors;
        const struct tg_attempt_source source = tg_task_source(session);
        status = tg_attempt_competitors(&source, &competitors);
        if (status == TG_OK)
            tg_competitors_free(&competitors);
    }
    return status;
}

static enum tg_status get_ready(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    enum tg_status status =
        tg_task_read_before(&session->key, &session->arena, &run->before, &session->diags);
    if (status == TG_OK)
        status = load_bundle(run);
    if (status == TG_OK)
        status = load_sides(run);
    if (status == TG_OK)
        status = check_changes(run);
    if (status == TG_OK)
        status = check_the_rest(run);
    return status;
}

/* ---- measuring ---- */

static const char *fact(const struct tg_result *result, const char *name)
{
    for (size_t i = 0; i < result->fact_count; i++)
        if (strcmp(result->facts[i].name, name) == 0)
            return result->facts[i].value;
    return NULL;
}

/* The change under test in words: of the scenario, and of the library's content, which the
 * scenario does not show. */
static void describe_change(const struct after_run *run, struct tg_text *text)
{
    for (size_t i = 0; i < run->change_count; i++)
        add_change(text, &run->changes[i]);
    const struct tg_bundle_artefact *library = tg_bundle_library(run->bundles[TG_BEFORE]);
    const char *content = fact(run->result, "library_sha256");
    if (library && content && strcmp(library->sha256, content) != 0)
        tg_text_addf(text, "\n  - library %s, SHA-256 %.12s\n  + library %s, SHA-256 %.12s",
                     library->path, library->sha256, fact(run->result, "library"), content);
}

/* The keys that changed, for the line of a report. */
static const char *after_label(struct after_run *run)
{
    enum { NAMED = 4 };
    struct tg_text label = {0};
    tg_text_add(&label, run->change_count > 0 ? "now" : "as it is now");
    for (size_t i = 0; i < run->change_count && i < NAMED; i++) {
        const struct tg_scenario_change *change = &run->changes[i];
        bool brief = change->after && strlen(change->after) < 30;
        tg_text_addf(&label, "%s%s%s%s", i ? ", " : ": ", change->key, brief ? " = " : "",
                     brief ? change->after : "");
    }
    if (run->change_count > NAMED)
        tg_text_addf(&label, " and %zu more", run->change_count - NAMED);
    const char *kept = tg_arena_strdup(&run->session.arena, tg_text_string(&label));
    tg_text_free(&label);
    return kept;
}

/* From here on it is an attempt: what is measured adds to this, and if nothing does, no older pass
 * stands in for it. */
static enum tg_status begin_attempt(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    run->attempt = (struct tg_task_attempt){
        .bundle = run->bundles[TG_BEFORE]->id,
        .started_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / TG_NS_PER_MS,
    };
    tg_git_read(&session->arena, &run->attempt.git);
    return tg_task_add_attempt(&session->key, &run->attempt, &session->diags);
}

static enum tg_status run_plainly(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    const struct tg_measuring measuring = {
        .overrides = &run->overrides, .coverage = true, .quiet = run->command->quiet};
    run->result = tg_result_new();
    enum tg_status status =
        tg_measure(run->current, &measuring, run->result, &run->host, &session->diags);
    if (status != TG_OK)
        return status;
    status = tg_store_save(session->key.home, NULL, run->result, &run->host, &session->diags);
    tg_print_result(run->result, false);
    return status;
}

/* Keeps the variant after, and has it compared as it is kept: what is edited or built meanwhile
 * does not reach it. */
static enum tg_status keep_after(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    const struct tg_bundle_source source = {
        .scenario = run->current,
        .overrides = run->overrides.items,
        .override_count = run->overrides.count,
        .facts = run->result->facts,
        .fact_count = run->result->fact_count,
    };
    const struct tg_overrides project = project_overrides(run);
    enum tg_status status =
        tg_bundle_save(session->key.home, &source, &run->bundles[TG_AFTER], &session->diags);
    if (status != TG_OK)
        return status;
    tg_scenario_free(run->scenarios[TG_AFTER]);
    run->scenarios[TG_AFTER] = NULL;
    status = tg_bundle_scenario(run->bundles[TG_AFTER], project.items, project.count,
                                &run->scenarios[TG_AFTER], &session->diags);
    if (status == TG_OK)
        printf("\nthe after side of task %s is stored (bundle %s, result %s)\n", session->key.task,
               run->bundles[TG_AFTER]->id, run->result->id);
    return status;
}

/* What a side was. */
static void note_side(struct after_run *run, enum tg_side side)
{
    struct tg_comparison *comparison = run->comparison;
    const struct tg_bundle *bundle = run->bundles[side];
    const struct tg_overrides overrides = {.items = bundle->overrides,
                                           .count = bundle->override_count};
    comparison->sides[side].bundle = tg_arena_strdup(&comparison->arena, bundle->id);
    tg_note_overrides(comparison, side, &overrides);
}

static enum tg_status interleave(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    const struct after_command *command = run->command;
    struct tg_progress progress;
    tg_progress_init(&progress, command->quiet);
    const struct tg_interleave_spec spec = {
        .scenarios = {run->scenarios[TG_BEFORE], run->scenarios[TG_AFTER]},
        .labels = {tg_arena_format(&session->arena, "as stored %s",
                                   tg_attempt_when(run->before.started_unix_ms, &run->before.git,
                                                   &session->arena)),
                   after_label(run)},
        .budget_ns = command->budget_ns > 0 ? command->budget_ns : session->gate->budget_ns,
        .margin = session->gate->margin,
        .home = session->key.home,
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &progress},
        .progress = tg_progress_gate,
        .progress_context = &progress,
    };
    struct tg_comparison *comparison = run->comparison = tg_comparison_new();
    enum tg_status status = tg_interleave(&spec, comparison, &session->diags);
    tg_progress_clear(&progress);
    if (status != TG_OK)
        return status;
    struct tg_arena *arena = &comparison->arena;
    comparison->task = tg_arena_strdup(arena, session->key.task);
    comparison->competitive = session->key.competitive;
    comparison->scenario_path = tg_arena_strdup(arena, run->current->path);
    comparison->git_commit =
        run->attempt.git.commit ? tg_arena_strdup(arena, run->attempt.git.commit) : NULL;
    comparison->git_dirty = run->attempt.git.dirty;
    note_side(run, TG_BEFORE);
    note_side(run, TG_AFTER);
    run->not_stored =
        tg_comparison_save(session->key.home, comparison, &run->host, &session->diags) != TG_OK;
    run->attempt.comparison = comparison->id;
    return TG_OK;
}

/* The attempt stays one without a result, and says why if that can be written. */
static void keep_reason(struct after_run *run)
{
    const struct tg_diags *diags = &run->session.diags;
    struct tg_diags ignored = {0};
    struct tg_task_attempt attempt = run->attempt;
    attempt.comparison = NULL;
    for (size_t i = 0; i < diags->count; i++) /* the last: a crash before it is no reason */
        if (diags->items[i].severity == TG_SEVERITY_ERROR)
            attempt.reason = diags->items[i].message;
    if (tg_task_add_attempt(&run->session.key, &attempt, &ignored) != TG_OK)
        tg_diags_free(&ignored);
}

/* An attempt whose comparison is lost would read as one that was never compared. */
static void keep_attempt(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    if (run->not_stored) {
        keep_reason(run);
    } else {
        run->attempt.result = run->result->id;
        run->not_stored =
            tg_task_add_attempt(&session->key, &run->attempt, &session->diags) != TG_OK;
    }
    if (run->not_stored)
        tg_diag_hint(tg_diag_add(&session->diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                                 "so this attempt is not kept, and `tailgate compare %s%s` cannot "
                                 "show it",
                                 session->key.task, session->option),
                     "see to that, and run `tailgate after %s%s` again", session->key.task,
                     session->option);
}

static void print_change(const struct after_run *run)
{
    const struct tg_task_session *session = &run->session;
    struct tg_text change = {0};
    describe_change(run, &change);
    if (change.length > 0)
        printf("\nchanged since `tailgate before %s%s`:%s\n\n", session->key.task, session->option,
               tg_text_string(&change));
    else
        printf("\nnothing has changed since `tailgate before %s%s` in the scenario, the schema and "
               "the library\n\n",
               session->key.task, session->option);
    tg_text_free(&change);
}

/* A store that has just crashed, or a user who has just interrupted, needs no comparison. */
static bool ends_here(const struct tg_result *result)
{
    bool ends = result->crash != NULL;
    for (size_t i = 0; i < result->phase_count; i++)
        ends = ends || result->phases[i].interrupted;
    return ends;
}

static int measure(struct after_run *run)
{
    struct tg_task_session *session = &run->session;
    if (begin_attempt(run) != TG_OK)
        return TG_EXIT_ERROR;
    enum tg_status status = run_plainly(run);
    if (status == TG_OK && !ends_here(run->result)) {
        status = keep_after(run);
        if (status == TG_OK)
            status = interleave(run);
    }
    if (status != TG_OK) {
        keep_reason(run);
        return status == TG_INTERRUPTED ? TG_EXIT_UNKNOWN : TG_EXIT_ERROR;
    }
    keep_attempt(run);
    print_change(run);
    const struct tg_attempt_output output = {.allow_inconclusive = run->command->allow_inconclusive,
                                             .not_stored = run->not_stored};
    const struct tg_attempt attempt = {
        .before = &run->before, .result = run->result, .comparison = run->comparison};
    const struct tg_attempt_source source = tg_task_source(session);
    return tg_print_attempt(&source, &attempt, &output);
}

static int run_after(const struct after_command *command, const char *task)
{
    struct after_run run = {.command = command};
    int exit_code = TG_EXIT_ERROR;
    if (tg_task_open(&run.session, task, command->competitive) == TG_OK && get_ready(&run) == TG_OK)
        exit_code = measure(&run);
    tg_task_close(&run.session);
    tg_comparison_free(run.comparison);
    tg_result_free(run.result);
    tg_overrides_free(&run.overrides);
    tg_scenario_free(run.current);
    for (int side = 0; side < TG_SIDES; side++) {
        tg_scenario_free(run.scenarios[side]);
        tg_bundle_free(run.bundles[side]);
    }
    return exit_code;
}

static int run(void *context, char **operands, int count)
{
    (void)count;
    return run_after(context, operands[0]);
}

int tg_cmd_after(int argc, char **argv)
{
    struct after_command command = {0};
    const struct tg_command_line line = {
        .name = "after",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = 1,
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&command.overrides);
    return exit_code;
}
