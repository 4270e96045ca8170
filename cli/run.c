#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baselines/host.h"
#include "baselines/result_json.h"
#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "common/file.h"
#include "common/json.h"
#include "common/text.h"
#include "reports/run_text.h"
#include "runner/drive/run.h"

static const char help[] =
    "Usage: tailgate run SCENARIO [OPTION]...\n\n"
    "Runs every phase of a scenario, in file order, and judges what was measured against its\n"
    "targets. The result is stored under .tailgate/results/ and summed up on standard output.\n\n"
    "  --set KEY=VALUE   override a key of the scenario: phase.steady.rate=500,\n"
    "                    engine.pragma.cache_size=-64000, \"targets.steady[0]=rate > 1/s\"\n"
    "  --out DIR         store the result as the new folder DIR\n"
    "  --no-coverage     do not look at the query plans\n"
    "  --json            print the result document instead of the summary\n"
    "  --quiet           no progress on standard error\n"
    "  --help\n\n"
    "Ctrl-C ends the phase and keeps what was measured; a second one ends it at once.\n\n"
    "Exit codes: 0 every target met, 1 a target or plan expectation missed or the store failed,\n"
    "3 nothing can be said (interrupted, rate not offered), 4 usage, scenario or environment "
    "error.\n";

struct run_command {
    struct tg_overrides overrides;
    char *out; /* of --out, owned */
    bool no_coverage, json, quiet;
};

enum { OPT_SET = 1, OPT_OUT, OPT_NO_COVERAGE, OPT_JSON, OPT_QUIET };

static const struct option options[] = {
    {"set", required_argument, NULL, OPT_SET},
    {"out", required_argument, NULL, OPT_OUT},
    {"no-coverage", no_argument, NULL, OPT_NO_COVERAGE},
    {"json", no_argument, NULL, OPT_JSON},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {0},
};

/* "DIR/" is DIR: the last part of the name is what will be made. */
static bool take_out(struct run_command *command, const char *argument)
{
    size_t length = strlen(argument);
    while (length > 1 && argument[length - 1] == '/')
        length--;
    if (length == 0) {
        fputs("tailgate run: error: --out: the name of a folder is expected\n"
              "  hint: without --out the result goes into .tailgate/results/\n",
              stderr);
        return false;
    }
    free(command->out);
    command->out = tg_format("%.*s", (int)length, argument);
    return true;
}

static bool take_option(void *context, int code, const char *argument)
{
    struct run_command *command = context;
    switch (code) {
    case OPT_SET:
        return tg_overrides_add(&command->overrides, "--set", argument);
    case OPT_OUT:
        return take_out(command, argument);
    case OPT_NO_COVERAGE:
        command->no_coverage = true;
        return true;
    case OPT_JSON:
        command->json = true;
        return true;
    default:
        command->quiet = true;
        return true;
    }
}

static void note_overrides(struct tg_result *result, const struct tg_overrides *overrides)
{
    result->override_count = overrides->count;
    result->overrides =
        tg_arena_array(&result->arena, overrides->count + 1, sizeof *result->overrides);
    for (size_t i = 0; i < overrides->count; i++)
        result->overrides[i] = tg_arena_format(&result->arena, "%s=%s", overrides->items[i].key,
                                               overrides->items[i].value);
}

static void note_surroundings(struct tg_result *result, struct tg_host *host)
{
    struct tg_git git;
    tg_host_read(&result->arena, host);
    tg_git_read(&result->arena, &git);
    result->git_commit = git.commit;
    result->git_dirty = git.dirty;
}

static void print_result(const struct run_command *command, const struct tg_result *result)
{
    struct tg_text text = {0};
    if (command->json) {
        cJSON *json = tg_result_to_json(result);
        text.data = tg_json_print(json);
        cJSON_Delete(json);
    } else {
        tg_report_run(result, tg_terminal_columns(), tg_use_color(stdout), &text);
    }
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
}

/* A result that cannot be kept is found out before a minute is spent on it. */
static enum tg_status check_store(const struct run_command *command, struct tg_diags *diags)
{
    enum tg_status status = tg_store_check(tg_store_home(), diags);
    if (status != TG_OK || !command->out)
        return status;
    if (tg_path_exists(command->out)) {
        struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){.path = command->out},
                                             "exists already, and a result is never overwritten");
        tg_diag_hint(diag, "give --out a new name");
        return TG_INVALID;
    }
    char *parent = tg_path_folder(command->out);
    status = tg_check_writable_folder(parent, diags);
    free(parent);
    if (status != TG_OK)
        tg_diag_hint(&diags->items[diags->count - 1],
                     "give --out a new folder in a place that can be written");
    return status;
}

/* Measures, stores, prints. */
static int run_scenario(const struct run_command *command, const struct tg_scenario *scenario,
                        struct tg_result *result, struct tg_diags *diags)
{
    if (check_store(command, diags) != TG_OK)
        return TG_EXIT_ERROR;
    struct tg_progress progress;
    tg_progress_init(&progress, command->quiet);
    struct tg_run_options run = {
        .home = tg_store_home(),
        .coverage = !command->no_coverage,
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &progress},
    };
    tg_catch_signals();
    struct tg_host host;
    note_surroundings(result, &host);
    note_overrides(result, &command->overrides);
    enum tg_status status = tg_run(scenario, &run, result, diags);
    tg_progress_clear(&progress);
    if (status == TG_INTERRUPTED)
        return TG_EXIT_UNKNOWN;
    if (status != TG_OK)
        return TG_EXIT_ERROR;
    status = tg_store_save(tg_store_home(), command->out, result, &host, diags);
    print_result(command, result);
    return status == TG_OK ? tg_verdict_exit_code(result->verdict) : TG_EXIT_ERROR;
}

int tg_cmd_run(int argc, char **argv)
{
    struct run_command command = {0};
    struct tg_command_line line = {
        .name = "run",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = 1,
    };
    char **operands;
    int count;
    int exit_code = TG_EXIT_ERROR;
    if (tg_parse_command_line(&line, argc, argv, &operands, &count, &exit_code)) {
        struct tg_scenario *scenario = tg_load_scenario(operands[0], &command.overrides);
        if (scenario) {
            struct tg_diags diags = {0};
            struct tg_result *result = tg_result_new();
            exit_code = run_scenario(&command, scenario, result, &diags);
            tg_print_diags(&diags, stderr);
            tg_diags_free(&diags);
            tg_result_free(result);
            tg_scenario_free(scenario);
        }
    }
    tg_overrides_free(&command.overrides);
    free(command.out);
    return exit_code;
}
