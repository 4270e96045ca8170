#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/measure.h"
#include "cli/sweep.h"
#include "common/text.h"

static const char help[] =
    "Usage: tailgate run SCENARIO [OPTION]...\n\n"
    "Runs every phase of a scenario, in file order, and judges what was measured against its\n"
    "targets. The result is stored under .tailgate/results/ and summed up on standard output.\n"
    "A scenario with [sweep] is run at every size of its data, the smallest first; each size is\n"
    "a result of its own, and what is summed up is how the operations grow. One size alone:\n"
    "--set sweep.at=10_000.\n\n"
    "  --set KEY=VALUE   override a key of the scenario: phase.steady.rate=500,\n"
    "                    engine.pragma.cache_size=-64000, \"targets.steady[0]=rate > 1/s\"\n"
    "  --phase NAME      run this phase alone (repeat for more); targets of others are left out\n"
    "  --out DIR         store the result as the new folder DIR\n"
    "  --no-coverage     do not look at the query plans\n"
    "  --no-sweep        measure the loads as they stand, not the sizes of [sweep]\n"
    "  --full            measure also what [sweep.full] adds\n"
    "  --json            print the result document instead of the summary\n"
    "  --quiet           no progress on standard error\n"
    "  --help\n\n"
    "Ctrl-C ends the phase, and the sweep, and keeps what was measured; a second one ends it at "
    "once.\n\n"
    "Exit codes: 0 every target met, 1 a target or plan expectation missed or the store failed,\n"
    "3 nothing can be said (interrupted, rate not offered), 4 usage, scenario or environment "
    "error.\n";

struct run_command {
    struct tg_overrides overrides;
    const char **phases; /* of --phase, owned; the names are the command line's */
    size_t phase_count;
    char *out; /* of --out, owned */
    bool no_coverage, no_sweep, full, json, quiet;
};

enum {
    OPT_SET = 1,
    OPT_PHASE,
    OPT_OUT,
    OPT_NO_COVERAGE,
    OPT_NO_SWEEP,
    OPT_FULL,
    OPT_JSON,
    OPT_QUIET
};

static const struct option options[] = {
    {"set", required_argument, NULL, OPT_SET},
    {"phase", required_argument, NULL, OPT_PHASE},
    {"out", required_argument, NULL, OPT_OUT},
    {"no-coverage", no_argument, NULL, OPT_NO_COVERAGE},
    {"no-sweep", no_argument, NULL, OPT_NO_SWEEP},
    {"full", no_argument, NULL, OPT_FULL},
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

static bool take_phase(struct run_command *command, const char *argument)
{
    command->phases =
        tg_realloc(command->phases, (command->phase_count + 1) * sizeof *command->phases);
    command->phases[command->phase_count++] = argument;
    return true;
}

static bool take_option(void *context, int code, const char *argument)
{
    struct run_command *command = context;
    switch (code) {
    case OPT_SET:
        return tg_overrides_add(&command->overrides, "--set", argument);
    case OPT_PHASE:
        return take_phase(command, argument);
    case OPT_OUT:
        return take_out(command, argument);
    case OPT_NO_COVERAGE:
        command->no_coverage = true;
        return true;
    case OPT_NO_SWEEP:
        command->no_sweep = true;
        return true;
    case OPT_FULL:
        command->full = true;
        return true;
    case OPT_JSON:
        command->json = true;
        return true;
    default:
        command->quiet = true;
        return true;
    }
}

/* A result that cannot be kept is found out before a minute is spent on it. */
static enum tg_status check_store(const struct run_command *command, struct tg_diags *diags)
{
    enum tg_status status = tg_store_check(tg_store_home(), diags);
    if (status == TG_OK && command->out)
        status = tg_check_new_folder(command->out, diags);
    return status;
}

/* Measures, stores, prints. */
static int run_scenario(const struct run_command *command, const struct tg_scenario *scenario,
                        struct tg_result *result, struct tg_diags *diags)
{
    if (check_store(command, diags) != TG_OK)
        return TG_EXIT_ERROR;
    const struct tg_measuring measuring = {
        .overrides = &command->overrides,
        .coverage = !command->no_coverage,
        .quiet = command->quiet,
        .phases = command->phases,
        .phase_count = command->phase_count,
    };
    struct tg_host host;
    enum tg_status status = tg_measure(scenario, &measuring, result, &host, diags);
    if (status == TG_INTERRUPTED)
        return TG_EXIT_UNKNOWN;
    if (status != TG_OK)
        return TG_EXIT_ERROR;
    status = tg_store_save(tg_store_home(), command->out, result, &host, diags);
    tg_print_result(result, command->json);
    return status == TG_OK ? tg_verdict_exit_code(result->verdict) : TG_EXIT_ERROR;
}

static int run_once(const struct run_command *command, const struct tg_scenario *scenario,
                    struct tg_diags *diags)
{
    struct tg_result *result = tg_result_new();
    int exit_code = run_scenario(command, scenario, result, diags);
    tg_result_free(result);
    return exit_code;
}

static int sweep(const struct run_command *command, const char *path,
                 const struct tg_scenario *scenario, struct tg_diags *diags)
{
    const struct tg_sweep_command sweep = {
        .path = path,
        .overrides = &command->overrides,
        .out = command->out,
        .full = command->full,
        .coverage = !command->no_coverage,
        .json = command->json,
        .quiet = command->quiet,
    };
    return tg_run_sweep(&sweep, scenario, diags);
}

/* --full where there is nothing more to measure would be ignored. */
static bool check_full(const struct run_command *command, const struct tg_scenario *scenario,
                       bool sweeps)
{
    const struct tg_sweep_spec *spec = &scenario->sweep;
    if (!command->full || (sweeps && spec->full_size_count + spec->full_load_count > 0))
        return true;
    const char *why = !spec->given   ? "the scenario has no [sweep]"
                      : spec->at > 0 ? "sweep.at says that one size is measured"
                      : !sweeps      ? "--no-sweep says that no size is"
                                     : "[sweep] has no \"full\" that says what to add";
    fprintf(stderr, "tailgate run: error: --full: %s\n  hint: docs/sweep.md says what it adds\n",
            why);
    return false;
}

/* How the operations grow is said of all phases, at every size. */
static bool check_phases(const struct run_command *command, bool sweeps)
{
    if (command->phase_count == 0 || !sweeps)
        return true;
    fputs("tailgate run: error: --phase: a sweep runs every phase at every size\n"
          "  hint: one size alone with --set sweep.at=ROWS, or the loads as they stand with "
          "--no-sweep\n",
          stderr);
    return false;
}

static int run(void *context, char **operands, int count)
{
    const struct run_command *command = context;
    struct tg_scenario *scenario = tg_load_scenario(operands[0], &command->overrides);
    (void)count;
    if (!scenario)
        return TG_EXIT_ERROR;
    struct tg_diags diags = {0};
    bool sweeps = scenario->sweep.given && scenario->sweep.at == 0 && !command->no_sweep;
    int exit_code = TG_EXIT_ERROR;
    if (check_full(command, scenario, sweeps) && check_phases(command, sweeps))
        exit_code = sweeps ? sweep(command, operands[0], scenario, &diags)
                           : run_once(command, scenario, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_scenario_free(scenario);
    return exit_code;
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
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&command.overrides);
    free(command.out);
    free(command.phases);
    return exit_code;
}
