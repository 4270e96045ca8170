#include "cli/attempt_text.h"
#include "cli/cli.h"
#include "cli/task.h"

static const char help[] =
    "Usage: tailgate compare TASK [OPTION]...\n\n"
    "Shows the verdict on a task again: the newest `tailgate after TASK`, judged from what it has\n"
    "stored. Nothing is measured. One that was interrupted, or ended without a result, is passed\n"
    "over, which is said: the one before it is shown, and passes only if its variant is known to\n"
    "be the same.\n\n"
    "  --competitive         that of the competitive scenario\n"
    "  --json                print JSON, for programs\n"
    "  --log FILE            add a block about it to FILE, once (default: the log of\n"
    "                        tailgate.toml, if it names one)\n"
    "  --allow-inconclusive  exit with 0 instead of 3 when nothing could be decided\n"
    "  --help\n\n"
    "Exit codes: 0 every metric proved within its margin and every target met, 1 a regression,\n"
    "a target missed, or the store failed or crashed, 2 with --competitive a metric that is "
    "slower\n"
    "or a lead that is lost, 3 cannot tell, 4 usage, scenario or environment error.\n";

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

static int run_compare(struct compare_command *command, const char *task)
{
    struct tg_task_session session;
    struct tg_attempt newest = {0};
    int exit_code = TG_EXIT_ERROR;
    if (tg_task_open(&session, task, command->competitive) == TG_OK) {
        const struct tg_attempt_source source = tg_task_source(&session);
        if (!command->output.log)
            command->output.log = session.project.log;
        if (tg_attempt_load(&source, &newest) == TG_OK)
            exit_code = tg_print_attempt(&source, &newest, &command->output);
    }
    tg_task_close(&session);
    tg_attempt_free(&newest);
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
