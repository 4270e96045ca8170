#include <stdlib.h>

#include "baselines/result_store.h"
#include "cli/baseline_gate.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "gate/interleave.h"
#include "reports/gate_log.h"

static const char help[] =
    "Usage: tailgate gate SCENARIO [--before KEY=VALUE]... [--after KEY=VALUE]... [OPTION]...\n\n"
    "Compares two variants of a scenario: launches of fresh processes on fresh copies of the "
    "data,\n"
    "their slices taking turns on the same stream, until every gated metric is proved to be "
    "within\n"
    "its margin, or one is proved slower, or the budget ends. The mix of the phase is run in "
    "closed\n"
    "loop; the metrics and margins are those of [gate].\n\n"
    "  --before KEY=VALUE    what differs in the variant before (repeat for more)\n"
    "  --after KEY=VALUE     what differs in the variant after: "
    "engine.library=$PWD/new/libsqlite3.so,\n"
    "                        engine.pragma.cache_size=-2000, op.session_get.sql=\"SELECT ...\"\n"
    "  --set KEY=VALUE       override a key in both\n"
    "  --phase NAME          the phase whose mix is run (default: the first)\n"
    "  --budget DURATION     how long it may take (default: that of [gate], else 60s)\n"
    "  --baseline NAME       compare with a stored baseline in place of a variant before\n"
    "  --across-hosts        with a baseline of another machine as well: shown, never passed\n"
    "  --allow-inconclusive  exit with 0 instead of 3 when nothing could be decided\n"
    "  --json                print the verdict as JSON instead of the table\n"
    "  --log FILE            add an entry to a performance log in Markdown\n"
    "  --quiet               no progress on standard error\n"
    "  --help\n\n"
    "Exit codes: 0 every metric proved within its margin, 1 a regression, confirmed on fresh\n"
    "launches, 3 cannot tell, 4 usage, scenario or environment error.\n";

enum {
    OPT_BEFORE = 1,
    OPT_AFTER,
    OPT_SET,
    OPT_PHASE,
    OPT_BUDGET,
    OPT_BASELINE,
    OPT_ACROSS,
    OPT_ALLOW,
    OPT_JSON,
    OPT_LOG,
    OPT_QUIET,
};

static const struct option options[] = {
    {"before", required_argument, NULL, OPT_BEFORE},
    {"after", required_argument, NULL, OPT_AFTER},
    {"set", required_argument, NULL, OPT_SET},
    {"phase", required_argument, NULL, OPT_PHASE},
    {"budget", required_argument, NULL, OPT_BUDGET},
    {"baseline", required_argument, NULL, OPT_BASELINE},
    {"across-hosts", no_argument, NULL, OPT_ACROSS},
    {"allow-inconclusive", no_argument, NULL, OPT_ALLOW},
    {"json", no_argument, NULL, OPT_JSON},
    {"log", required_argument, NULL, OPT_LOG},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {0},
};

struct gate_command {
    struct tg_overrides both;
    struct tg_overrides sides[TG_SIDES];
    const char *phase;
    int64_t budget_ns;    /* 0: the scenario's */
    const char *baseline; /* NULL: the variant before is measured */
    bool across_hosts;
    struct tg_show show;
    bool quiet;
};

static bool take_option(void *context, int code, const char *argument)
{
    struct gate_command *command = context;
    switch (code) {
    case OPT_SET:
        return tg_overrides_add(&command->both, "--set", argument);
    case OPT_BEFORE:
        return tg_overrides_add(&command->sides[TG_BEFORE], "--before", argument);
    case OPT_AFTER:
        return tg_overrides_add(&command->sides[TG_AFTER], "--after", argument);
    case OPT_PHASE:
        command->phase = argument;
        return true;
    case OPT_BUDGET:
        return tg_take_budget("gate", argument, &command->budget_ns);
    case OPT_BASELINE:
        command->baseline = argument;
        return true;
    case OPT_ACROSS:
        command->across_hosts = true;
        return true;
    case OPT_ALLOW:
        command->show.allow_inconclusive = true;
        return true;
    case OPT_JSON:
        command->show.json = true;
        return true;
    case OPT_LOG:
        command->show.log = argument;
        return true;
    default:
        command->quiet = true;
        return true;
    }
}

static int run_gate(struct gate_command *command, const char *path)
{
    struct tg_diags diags = {0};
    struct tg_progress progress;
    tg_progress_init(&progress, command->quiet);
    struct tg_interleave_spec spec = {
        .phase = command->phase,
        .budget_ns = command->budget_ns,
        .home = tg_store_home(),
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &progress},
        .progress = tg_progress_gate,
        .progress_context = &progress,
    };
    struct tg_comparison *comparison = tg_comparison_new();
    enum tg_status status = TG_OK;
    int exit_code = TG_EXIT_ERROR;
    for (int side = 0; side < TG_SIDES && status == TG_OK; side++) {
        spec.labels[side] = tg_overrides_words(&command->sides[side]);
        struct tg_overrides overrides = {0};
        tg_overrides_join(&overrides, &command->both);
        tg_overrides_join(&overrides, &command->sides[side]);
        spec.scenarios[side] = tg_load_scenario(path, &overrides);
        tg_note_overrides(comparison, (enum tg_side)side, &overrides);
        tg_overrides_free(&overrides);
        if (!spec.scenarios[side])
            status = TG_INVALID;
    }
    if (status == TG_OK)
        status = tg_store_check(spec.home, &diags);
    if (status == TG_OK && command->show.log)
        status = tg_gate_log_check(command->show.log, &diags);
    if (status == TG_OK) {
        tg_catch_signals();
        status = tg_interleave(&spec, comparison, &diags);
        tg_progress_clear(&progress);
    }
    tg_print_diags(&diags, stderr);
    if (status == TG_OK)
        exit_code = tg_print_comparison(comparison, &command->show);
    tg_diags_free(&diags);
    tg_comparison_free(comparison);
    for (int side = 0; side < TG_SIDES; side++)
        tg_scenario_free(spec.scenarios[side]);
    return exit_code;
}

static int run_against_baseline(struct gate_command *command, const char *path)
{
    struct tg_overrides overrides = {0};
    if (command->sides[TG_BEFORE].count > 0) {
        fputs("tailgate gate: error: --before and --baseline exclude each other\n"
              "  hint: the baseline is the variant before\n",
              stderr);
        return TG_EXIT_ERROR;
    }
    tg_overrides_join(&overrides, &command->both);
    tg_overrides_join(&overrides, &command->sides[TG_AFTER]);
    const struct tg_baseline_gate gate = {
        .baseline = command->baseline,
        .path = path,
        .overrides = &overrides,
        .phase = command->phase,
        .budget_ns = command->budget_ns,
        .across_hosts = command->across_hosts,
        .show = &command->show,
        .quiet = command->quiet,
    };
    int exit_code = tg_gate_baseline(&gate);
    tg_overrides_free(&overrides);
    return exit_code;
}

int tg_cmd_gate(int argc, char **argv)
{
    struct gate_command command = {0};
    const struct tg_command_line line = {
        .name = "gate",
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
        if (command.baseline) {
            exit_code = run_against_baseline(&command, operands[0]);
        } else if (command.across_hosts) {
            fputs("tailgate gate: error: --across-hosts means nothing without --baseline\n"
                  "  hint: leave it out\n",
                  stderr);
            exit_code = TG_EXIT_ERROR;
        } else {
            exit_code = run_gate(&command, operands[0]);
        }
    }
    tg_overrides_free(&command.both);
    for (int side = 0; side < TG_SIDES; side++)
        tg_overrides_free(&command.sides[side]);
    return exit_code;
}
