#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/comparison_store.h"
#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/task.h"

static const char help[] =
    "Usage: tailgate compare TASK [OPTION]...\n\n"
    "Shows the verdict on a task again: the newest `tailgate after TASK`, judged from what it has\n"
    "stored. Nothing is measured.\n\n"
    "  --competitive         that of the competitive scenario\n"
    "  --json                print JSON, for programs\n"
    "  --log FILE            add a block about it to FILE, once (default: the log of\n"
    "                        tailgate.toml, if it names one)\n"
    "  --allow-inconclusive  exit with 0 instead of 3 when nothing could be decided\n"
    "  --help\n\n"
    "Exit codes: 0 every metric proved within its margin and every target met, 1 a regression,\n"
    "a target missed, or the store failed, 2 a competitive regression, 3 cannot tell, 4 usage,\n"
    "scenario or environment error.\n";

enum { OPT_COMPETITIVE = 1, OPT_JSON, OPT_LOG, OPT_ALLOW };

static const struct option options[] = {
    {"competitive", no_argument, NULL, OPT_COMPETITIVE},
    {"json", no_argument, NULL, OPT_JSON},
    {"log", required_argument, NULL, OPT_LOG},
    {"allow-inconclusive", no_argument, NULL, OPT_ALLOW},
    {0},
};

struct compare_command {
    struct tg_attempt_output output;
    bool competitive;
};

static bool take_option(void *context, int code, const char *argument)
{
    struct compare_command *command = context;
    switch (code) {
    case OPT_COMPETITIVE:
        command->competitive = true;
        return true;
    case OPT_JSON:
        command->output.json = true;
        return true;
    case OPT_LOG:
        command->output.log = argument;
        return true;
    default:
        command->output.allow_inconclusive = true;
        return true;
    }
}

/* The newest attempt, which has to be one against the before side as it is stored now. */
static enum tg_status find_attempt(struct tg_task_session *session, struct tg_task_before *before,
                                   struct tg_task_attempt *newest)
{
    struct tg_task_attempt *attempts;
    size_t count;
    enum tg_status status =
        tg_task_read_before(&session->key, &session->arena, before, &session->diags);
    if (status == TG_OK)
        status = tg_task_read_attempts(&session->key, &session->arena, &attempts, &count,
                                       &session->diags);
    if (status != TG_OK)
        return status;
    const char *missing = NULL;
    if (count == 0)
        missing = "has no after yet";
    else if (strcmp(attempts[count - 1].bundle, before->bundle) != 0)
        missing = "has a new before, which nothing was compared with yet";
    if (missing) {
        tg_diag_hint(tg_diag_error(&session->diags, (struct tg_place){0}, "task \"%s\" %s",
                                   session->key.task, missing),
                     "run `tailgate after %s%s` with the changed code", session->key.task,
                     session->option);
        return TG_INVALID;
    }
    *newest = attempts[count - 1];
    return TG_OK;
}

static enum tg_status load(struct tg_task_session *session, const struct tg_task_attempt *attempt,
                           struct tg_result **result, struct tg_comparison **comparison)
{
    enum tg_status status =
        tg_store_load(session->key.home, attempt->result, result, &session->diags);
    if (status != TG_OK || !attempt->comparison)
        return status;
    char *path;
    status = tg_comparison_find(session->key.home, attempt->comparison, &path, &session->diags);
    if (status == TG_OK) {
        status = tg_comparison_read(path, comparison, &session->diags);
        free(path);
    }
    return status;
}

/* A damaged file is named, and what to do about it. */
static void say_lost(struct tg_task_session *session)
{
    tg_diag_hint(tg_diag_add(&session->diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                             "so the verdict on task \"%s\" cannot be shown", session->key.task),
                 "restore the file, or run `tailgate after %s%s` again", session->key.task,
                 session->option);
}

static int run_compare(struct compare_command *command, const char *task)
{
    struct tg_task_session session;
    struct tg_task_before before;
    struct tg_task_attempt attempt;
    struct tg_result *result = NULL;
    struct tg_comparison *comparison = NULL;
    int exit_code = TG_EXIT_ERROR;
    bool found = tg_task_open(&session, task, command->competitive) == TG_OK &&
                 find_attempt(&session, &before, &attempt) == TG_OK;
    if (found && load(&session, &attempt, &result, &comparison) != TG_OK) {
        say_lost(&session);
    } else if (found) {
        if (!command->output.log)
            command->output.log = session.project.log;
        const struct tg_attempt newest = {&before, result, comparison};
        exit_code = tg_print_attempt(&session, &newest, &command->output);
    }
    tg_task_close(&session);
    tg_comparison_free(comparison);
    tg_result_free(result);
    return exit_code;
}

static int run(void *context, char **operands, int count)
{
    (void)count;
    return run_compare(context, operands[0]);
}

int tg_cmd_compare(int argc, char **argv)
{
    struct compare_command command = {0};
    const struct tg_command_line line = {
        .name = "compare",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = 1,
        .run = run,
    };
    return tg_run_command(&line, argc, argv);
}
