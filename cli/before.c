#include <stdio.h>
#include <string.h>

#include "baselines/bundle.h"
#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/measure.h"
#include "cli/signals.h"
#include "cli/task.h"

static const char help[] =
    "Usage: tailgate before TASK [SCENARIO] [OPTION]...\n\n"
    "Begins a task, before the change is made: runs the scenario, stores the result, and keeps\n"
    "all that is needed to run this variant again: the scenario, its schema files, the store's\n"
    "library. `tailgate after TASK` compares the changed code with it.\n\n"
    "SCENARIO is that of tailgate.toml, unless it is given.\n\n"
    "  --competitive    with the competitive scenario; the two kinds are kept apart\n"
    "  --set KEY=VALUE  override a key of the scenario, now and in `tailgate after TASK`\n"
    "  --replace        replace what an earlier `before` of this task has stored\n"
    "  --quiet          no progress on standard error\n"
    "  --help\n\n"
    "Exit codes: 0 every target met, 1 a target or plan expectation missed or the store failed,\n"
    "3 nothing can be said about the targets; in all three the before side is stored, unless it\n"
    "was interrupted, or the store crashed before its first phase. 4 usage, scenario or\n"
    "environment error: nothing is.\n";

enum { OPT_COMPETITIVE = 1, OPT_SET, OPT_REPLACE, OPT_QUIET };

static const struct option options[] = {
    {"competitive", no_argument, NULL, OPT_COMPETITIVE},
    {"set", required_argument, NULL, OPT_SET},
    {"replace", no_argument, NULL, OPT_REPLACE},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {0},
};

struct before_command {
    struct tg_overrides overrides;
    bool competitive, replace, quiet;
};

static bool take_option(void *context, int code, const char *argument)
{
    struct before_command *command = context;
    switch (code) {
    case OPT_COMPETITIVE:
        command->competitive = true;
        return true;
    case OPT_SET:
        return tg_overrides_add(&command->overrides, "--set", argument);
    case OPT_REPLACE:
        command->replace = true;
        return true;
    default:
        command->quiet = true;
        return true;
    }
}

static enum tg_status refuse_second(struct tg_task_session *session)
{
    struct tg_diag *diag =
        tg_diag_error(&session->diags, (struct tg_place){0},
                      "task \"%s\" has a %sbefore already, which is not overwritten",
                      session->key.task, session->key.competitive ? "competitive " : "");
    tg_diag_hint(diag,
                 "`tailgate before %s%s --replace` replaces it; `tailgate after %s%s` "
                 "compares with it",
                 session->key.task, session->option, session->key.task, session->option);
    return TG_INVALID;
}

/* The scenario to run: the one given, else the project's. NULL with an error when there is none. */
static const char *choose_scenario(struct tg_task_session *session, const char *given)
{
    const char *scenario = given ? given : session->gate->scenario;
    if (!scenario)
        tg_diag_hint(tg_diag_error(&session->diags, (struct tg_place){0},
                                   "no scenario is given, and no " TG_PROJECT_FILE " names one"),
                     "`tailgate before %s SCENARIO%s`, or add %s to " TG_PROJECT_FILE,
                     session->key.task, session->option,
                     session->key.competitive ? "scenario = \"...\" below [competitive]"
                                              : "scenario = \"...\"");
    return scenario;
}

/* The scenario as it is to be run. The project's margins have no part in the run, but a name in
 * them that means nothing is to be heard of before the change is made. NULL with errors. */
static struct tg_scenario *load(struct tg_task_session *session,
                                const struct before_command *command, const char *path)
{
    const struct tg_overrides margins = {.items = session->gate->margins,
                                         .count = session->gate->margin_count};
    struct tg_overrides all = {0};
    struct tg_scenario *scenario = NULL;
    struct tg_scenario *gated = NULL;
    tg_overrides_join(&all, &command->overrides);
    tg_overrides_join(&all, &margins);
    enum tg_status status = tg_scenario_load(path, all.items, all.count, &gated, &session->diags);
    struct tg_diags known = {0}; /* the same warnings once more */
    if (status == TG_OK)
        status = tg_scenario_load(path, command->overrides.items, command->overrides.count,
                                  &scenario, &known);
    tg_diags_free(&known);
    tg_scenario_free(gated);
    tg_overrides_free(&all);
    return status == TG_OK ? scenario : NULL;
}

/* Keeps the variant and the record of it. */
static enum tg_status keep(struct tg_task_session *session, const struct before_command *command,
                           const struct tg_scenario *scenario, const struct tg_result *result)
{
    const struct tg_bundle_source source = {
        .scenario = scenario,
        .overrides = command->overrides.items,
        .override_count = command->overrides.count,
        .facts = result->facts,
        .fact_count = result->fact_count,
    };
    struct tg_bundle *bundle = NULL;
    enum tg_status status = tg_bundle_save(session->key.home, &source, &bundle, &session->diags);
    if (status == TG_OK) {
        const struct tg_task_before before = {
            .scenario = tg_project_from_root(&session->project, scenario->path, &session->arena),
            .bundle = bundle->id,
            .result = result->id,
            .started_unix_ms = result->started_unix_ms,
            .git = {.commit = result->git_commit, .dirty = result->git_dirty},
        };
        status = tg_task_write_before(&session->key, &before, command->replace, &session->diags);
    }
    if (status == TG_OK)
        printf("\nthe before side of task %s is stored (bundle %s, result %s)\n"
               "next: make the change, then `tailgate after %s%s`\n",
               session->key.task, bundle->id, result->id, session->key.task, session->option);
    tg_bundle_free(bundle);
    return status;
}

/* Half a run begins no task, and replaces nothing that is whole. */
static int say_interrupted(const struct tg_task_session *session,
                           const struct before_command *command)
{
    const bool kept = tg_task_has_before(&session->key);
    printf("\ninterrupted: the before side of task %s %s; run `tailgate before %s%s%s` again\n",
           session->key.task, kept ? "stays as it was" : "is not stored", session->key.task,
           session->option, command->replace ? " --replace" : "");
    return TG_EXIT_UNKNOWN;
}

static void say_not_stored(struct tg_task_session *session)
{
    tg_diag_add(&session->diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                "so the before side of task \"%s\" is not stored", session->key.task);
}

static int measure(struct tg_task_session *session, const struct before_command *command,
                   const struct tg_scenario *scenario, struct tg_result *result)
{
    const struct tg_measuring measuring = {
        .overrides = &command->overrides, .coverage = true, .quiet = command->quiet};
    struct tg_host host;
    struct tg_diags *diags = &session->diags;
    enum tg_status status = tg_store_check(session->key.home, diags);
    if (status == TG_OK)
        status = tg_measure(scenario, &measuring, result, &host, diags);
    if (status == TG_INTERRUPTED)
        return TG_EXIT_UNKNOWN;
    if (status == TG_OK)
        status = tg_store_save(session->key.home, NULL, result, &host, diags);
    if (status != TG_OK)
        return TG_EXIT_ERROR;
    tg_print_result(result, false);
    if (*tg_stop_requests() > 0)
        return say_interrupted(session, command);
    /* What the store was is not known before it is open. */
    if (result->crash && result->phase_count == 0) {
        say_not_stored(session);
        return tg_verdict_exit_code(result->verdict);
    }
    if (keep(session, command, scenario, result) != TG_OK) {
        say_not_stored(session);
        return TG_EXIT_ERROR;
    }
    return tg_verdict_exit_code(result->verdict);
}

static int run_before(const struct before_command *command, const char *task, const char *given)
{
    struct tg_task_session session;
    int exit_code = TG_EXIT_ERROR;
    enum tg_status status = tg_task_open(&session, task, command->competitive);
    if (status == TG_OK && !command->replace && tg_task_has_before(&session.key))
        status = refuse_second(&session);
    const char *path = status == TG_OK ? choose_scenario(&session, given) : NULL;
    struct tg_scenario *scenario = path ? load(&session, command, path) : NULL;
    if (scenario) {
        struct tg_result *result = tg_result_new();
        exit_code = measure(&session, command, scenario, result);
        tg_result_free(result);
    }
    tg_scenario_free(scenario);
    tg_task_close(&session);
    return exit_code;
}

static int run(void *context, char **operands, int count)
{
    return run_before(context, operands[0], count > 1 ? operands[1] : NULL);
}

int tg_cmd_before(int argc, char **argv)
{
    struct before_command command = {0};
    const struct tg_command_line line = {
        .name = "before",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = 2,
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&command.overrides);
    return exit_code;
}
