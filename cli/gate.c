#include <stdlib.h>

#include "baselines/comparison_store.h"
#include "baselines/result_store.h"
#include "cli/baseline_gate.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "cli/gate_sides.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "gate/interleave.h"
#include "reports/gate/gate_log.h"

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
    "  --before-ref REV      the variant before is what git revision REV of this project builds\n"
    "  --after-ref REV       the same for the variant after; both take the scenario as it is now\n"
    "  --build COMMAND       builds a revision, in the root of its checkout (with --*-ref)\n"
    "  --bisect              exit codes for \"git bisect run\": 125 (skip) for cannot tell and for "
    "a\n"
    "                        revision that does not build or open, 128 (abort) for errors\n"
    "  --before-bundle ID    the variant before is a stored bundle, or that of the task ID (not "
    "the\n"
    "                        competitive one); what is gated, [gate], is still SCENARIO's\n"
    "  --after-bundle ID     the same for the variant after\n"
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
    OPT_BEFORE_REF,
    OPT_AFTER_REF,
    OPT_BUILD,
    OPT_BISECT,
    OPT_BEFORE_BUNDLE,
    OPT_AFTER_BUNDLE,
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
    {"before-ref", required_argument, NULL, OPT_BEFORE_REF},
    {"after-ref", required_argument, NULL, OPT_AFTER_REF},
    {"build", required_argument, NULL, OPT_BUILD},
    {"bisect", no_argument, NULL, OPT_BISECT},
    {"before-bundle", required_argument, NULL, OPT_BEFORE_BUNDLE},
    {"after-bundle", required_argument, NULL, OPT_AFTER_BUNDLE},
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
    struct tg_gate_sides sides;
    bool bisect;
    const char *phase;
    int64_t budget_ns;    /* 0: the scenario's */
    const char *baseline; /* NULL: the variant before is measured */
    bool across_hosts;
    struct tg_show show;
    bool quiet;
};

/* Where the argument of an option that is kept as it is goes; NULL: it is another option. */
static const char **text_of(struct gate_command *command, int code)
{
    switch (code) {
    case OPT_BEFORE_REF:
        return &command->sides.refs.revisions[TG_BEFORE];
    case OPT_AFTER_REF:
        return &command->sides.refs.revisions[TG_AFTER];
    case OPT_BUILD:
        return &command->sides.refs.build;
    case OPT_BEFORE_BUNDLE:
        return &command->sides.bundles[TG_BEFORE];
    case OPT_AFTER_BUNDLE:
        return &command->sides.bundles[TG_AFTER];
    case OPT_PHASE:
        return &command->phase;
    case OPT_BASELINE:
        return &command->baseline;
    case OPT_LOG:
        return &command->show.log;
    default:
        return NULL;
    }
}

static bool *flag_of(struct gate_command *command, int code)
{
    switch (code) {
    case OPT_BISECT:
        return &command->bisect;
    case OPT_ACROSS:
        return &command->across_hosts;
    case OPT_ALLOW:
        return &command->show.allow_inconclusive;
    case OPT_JSON:
        return &command->show.json;
    default:
        return &command->quiet;
    }
}

static bool take_option(void *context, int code, const char *argument)
{
    struct gate_command *command = context;
    const char **text = text_of(command, code);
    if (text) {
        *text = argument;
        return true;
    }
    switch (code) {
    case OPT_SET:
        return tg_overrides_add(&command->sides.both, "--set", argument);
    case OPT_BEFORE:
        return tg_overrides_add(&command->sides.overrides[TG_BEFORE], "--before", argument);
    case OPT_AFTER:
        return tg_overrides_add(&command->sides.overrides[TG_AFTER], "--after", argument);
    case OPT_BUDGET:
        return tg_take_budget("gate", argument, &command->budget_ns);
    default:
        *flag_of(command, code) = true;
        return true;
    }
}

/* TG_OK: the comparison can be judged, and is stored if there is something in it. */
static enum tg_status measure(struct gate_command *command, const char *path,
                              struct tg_comparison *comparison, struct tg_diags *diags)
{
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
    enum tg_status status = tg_store_check(spec.home, diags);
    if (status == TG_OK && command->show.log)
        status = tg_gate_log_check(command->show.log, diags);
    tg_catch_signals();
    if (status == TG_OK)
        status = tg_gate_sides_load(&command->sides, path, &spec, comparison, diags);
    if (status == TG_OK)
        status = tg_interleave(&spec, comparison, diags);
    /* A checkout will be gone, and a bundle is not for hands: this is the one that people know. */
    comparison->scenario_path = tg_arena_strdup(&comparison->arena, path);
    tg_progress_clear(&progress);
    for (int side = 0; side < TG_SIDES; side++)
        tg_scenario_free(spec.scenarios[side]);
    return status;
}

/* A comparison that cannot be stored is still shown; a pass is none then. */
static int judge(struct gate_command *command, struct tg_comparison *comparison,
                 struct tg_diags *diags)
{
    struct tg_host host;
    struct tg_show *show = &command->show;
    if (comparison->launch_count > 0) {
        tg_note_surroundings(comparison, &host);
        show->not_stored = tg_comparison_save(tg_store_home(), comparison, &host, diags) != TG_OK;
    }
    if (comparison->id)
        show->stored = tg_arena_format(&comparison->arena, "%s/comparisons/%s", tg_store_home(),
                                       comparison->id);
    return tg_print_comparison(comparison, show);
}

static int run_gate(struct gate_command *command, const char *path)
{
    if (command->across_hosts) {
        fputs("tailgate gate: error: --across-hosts means nothing without --baseline\n"
              "  hint: leave it out\n",
              stderr);
        return TG_EXIT_ERROR;
    }
    struct tg_diags diags = {0};
    struct tg_comparison *comparison = tg_comparison_new();
    enum tg_status status = measure(command, path, comparison, &diags);
    int exit_code = status == TG_INTERRUPTED ? TG_EXIT_UNKNOWN : TG_EXIT_ERROR;
    if (status == TG_OK)
        exit_code = judge(command, comparison, &diags);
    fflush(stdout);
    tg_print_diags(&diags, stderr);
    if (command->bisect) {
        /* A revision whose build fails, or whose store does not open, cannot be tested. */
        bool untestable = command->sides.refs.checkouts[TG_AFTER].build_failed ||
                          (status == TG_STORE && comparison->failed_side == TG_AFTER);
        bool stopped = status == TG_INTERRUPTED || comparison->end == TG_END_INTERRUPTED;
        exit_code = tg_bisect_exit_code(stopped ? TG_EXIT_ERROR : exit_code, untestable);
    }
    tg_diags_free(&diags);
    tg_comparison_free(comparison);
    return exit_code;
}

static int run_against_baseline(struct gate_command *command, const char *path)
{
    struct tg_overrides overrides = {0};
    const struct tg_gate_refs *refs = &command->sides.refs;
    if (command->sides.overrides[TG_BEFORE].count > 0 || tg_gate_refs_given(refs) || refs->build ||
        command->bisect || command->sides.bundles[TG_BEFORE] || command->sides.bundles[TG_AFTER]) {
        fputs("tailgate gate: error: --baseline excludes --before, revisions and bundles\n"
              "  hint: the baseline is the variant before, and what is here the one after\n",
              stderr);
        return TG_EXIT_ERROR;
    }
    tg_overrides_join(&overrides, &command->sides.both);
    tg_overrides_join(&overrides, &command->sides.overrides[TG_AFTER]);
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

static int run(void *context, char **operands, int count)
{
    struct gate_command *command = context;
    (void)count;
    return command->baseline ? run_against_baseline(command, operands[0])
                             : run_gate(command, operands[0]);
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
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    if (command.bisect && exit_code == TG_EXIT_PASS && !tg_output_written())
        exit_code = TG_EXIT_ERROR; /* it would become that, which bisect takes for "bad" */
    if (command.bisect && exit_code == TG_EXIT_ERROR)
        exit_code = tg_bisect_exit_code(exit_code, false);
    tg_gate_sides_end(&command.sides);
    return exit_code;
}
