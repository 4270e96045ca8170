#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/gate_measure.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "common/file.h"
#include "common/units.h"
#include "reports/gate_text.h"
#include "runner/drive/clock.h"

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
    "  --allow-inconclusive  exit with 0 instead of 3 when nothing could be decided\n"
    "  --quiet               no progress on standard error\n"
    "  --help\n\n"
    "Exit codes: 0 every metric proved within its margin, 1 a regression, confirmed on fresh\n"
    "launches, 3 cannot tell, 4 usage, scenario or environment error.\n";

enum {
    PAIRS = 10,
    OPT_BEFORE = 1,
    OPT_AFTER,
    OPT_SET,
    OPT_PHASE,
    OPT_BUDGET,
    OPT_ALLOW,
    OPT_QUIET,
};

static const int64_t SLICE_NS = 50 * TG_NS_PER_MS;
static const int64_t WARMUP_NS = 100 * TG_NS_PER_MS;
/* Launches that have to fit into the budget, so that at least one look is taken: the first look's
 * ten and two more for what gets slower on the way. */
static const double LAUNCHES_TO_FIT = 12;

static const struct option options[] = {
    {"before", required_argument, NULL, OPT_BEFORE},
    {"after", required_argument, NULL, OPT_AFTER},
    {"set", required_argument, NULL, OPT_SET},
    {"phase", required_argument, NULL, OPT_PHASE},
    {"budget", required_argument, NULL, OPT_BUDGET},
    {"allow-inconclusive", no_argument, NULL, OPT_ALLOW},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {0},
};

struct gate_command {
    struct tg_overrides sides[TG_SIDES];
    const char *phase;
    int64_t budget_ns; /* 0: the scenario's */
    bool allow_inconclusive, quiet;
};

struct gating {
    const struct gate_command *command;
    struct tg_scenario *scenarios[TG_SIDES];
    struct tg_workload *workloads[TG_SIDES];
    struct tg_arena arena;
    struct tg_gated_set set;
    struct tg_launch_spec launch;
    struct tg_gate *gate;
    struct tg_progress progress;
    struct tg_diags diags;
    int64_t begun_ns;
    int64_t budget_ns;
    enum tg_side failed_side; /* whose store failed, when a launch did */
    bool crashed, killed;     /* its process died; by somebody else's hand */
};

static bool take_option(void *context, int code, const char *argument)
{
    struct gate_command *command = context;
    switch (code) {
    case OPT_SET:
        return tg_overrides_add(&command->sides[TG_BEFORE], argument) &&
               tg_overrides_add(&command->sides[TG_AFTER], argument);
    case OPT_BEFORE:
    case OPT_AFTER:
        return tg_overrides_add(&command->sides[code == OPT_AFTER ? TG_AFTER : TG_BEFORE],
                                argument);
    case OPT_PHASE:
        command->phase = argument;
        return true;
    case OPT_BUDGET:
        if (tg_parse_duration_ns(argument, &command->budget_ns) && command->budget_ns > 0)
            return true;
        fprintf(stderr,
                "tailgate gate: error: --budget \"%s\" is not a duration above 0\n  hint: --budget "
                "60s\n",
                argument);
        return false;
    case OPT_ALLOW:
        command->allow_inconclusive = true;
        return true;
    default:
        command->quiet = true;
        return true;
    }
}

/* ---- getting ready ---- */

static bool load_sides(struct gating *gating, const char *path)
{
    char fingerprints[TG_SIDES][TG_HASH_TEXT];
    for (int side = 0; side < TG_SIDES; side++) {
        gating->scenarios[side] = tg_load_scenario(path, &gating->command->sides[side]);
        if (!gating->scenarios[side])
            return false;
        gating->workloads[side] =
            tg_workload_compile(&gating->arena, &gating->scenarios[side]->workload);
        tg_workload_fingerprint(gating->workloads[side], fingerprints[side]);
    }
    if (strcmp(fingerprints[TG_BEFORE], fingerprints[TG_AFTER]) == 0)
        return true;
    tg_diag_hint(tg_diag_error(&gating->diags, (struct tg_place){.path = path},
                               "the two variants do not run the same operations: their streams "
                               "are %.12s and %.12s",
                               fingerprints[TG_BEFORE], fingerprints[TG_AFTER]),
                 "a variant may change the store, the schema and the text of statements, but not "
                 "the seed, the data, the mix or the arguments");
    return false;
}

static bool choose_phase(struct gating *gating, uint32_t *phase)
{
    const struct tg_scenario *scenario = gating->scenarios[TG_BEFORE];
    const char *names[64];
    size_t count = 0;
    *phase = 0;
    if (!gating->command->phase)
        return true;
    for (size_t i = 0; i < scenario->phase_count; i++) {
        if (strcmp(scenario->phases[i].name, gating->command->phase) == 0) {
            *phase = (uint32_t)i;
            return true;
        }
        if (count < sizeof names / sizeof *names)
            names[count++] = scenario->phases[i].name;
    }
    struct tg_diag *diag = tg_diag_error(&gating->diags, (struct tg_place){.path = scenario->path},
                                         "there is no phase \"%s\"", gating->command->phase);
    const char *nearest = tg_nearest_name(gating->command->phase, names, count);
    tg_diag_hint(diag, "did you mean \"%s\"?", nearest ? nearest : names[0]);
    return false;
}

static void plan_launches(struct gating *gating, uint32_t phase)
{
    gating->launch = (struct tg_launch_spec){
        .scenarios = {gating->scenarios[TG_BEFORE], gating->scenarios[TG_AFTER]},
        .workloads = {gating->workloads[TG_BEFORE], gating->workloads[TG_AFTER]},
        .phase = phase,
        .pairs = PAIRS,
        .slice_ns = SLICE_NS,
        .warmup_ns = WARMUP_NS,
        .home = tg_store_home(),
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &gating->progress},
    };
    gating->budget_ns = gating->command->budget_ns > 0
                            ? gating->command->budget_ns
                            : gating->scenarios[TG_BEFORE]->gate.budget_ns;
    if (gating->budget_ns <= 0)
        gating->budget_ns = 60 * TG_NS_PER_S;
}

/* ---- launches ---- */

static enum tg_status measure(struct gating *gating, struct tg_launch *launch)
{
    enum tg_status status = tg_launch_measure(&gating->launch, launch, &gating->diags);
    gating->failed_side = launch->failed_side;
    gating->crashed = launch->crashed;
    gating->killed = launch->crashed && launch->crash_signal == SIGKILL;
    gating->launch.number++;
    gating->launch.datasets_checked = true;
    return status;
}

static void announce(struct gating *gating, const char *text)
{
    struct tg_event event = {.kind = TG_EVENT_STEP, .text = text};
    tg_progress_notify(&gating->progress, &event);
}

/* Two launches that are not counted: they build the data sets, and show how long slices have to be
 * for the percentiles to have enough beyond them. */
static enum tg_status pilot(struct gating *gating)
{
    struct tg_launch launch;
    announce(gating, "two launches to try out");
    enum tg_status status = measure(gating, &launch);
    if (status == TG_OK) {
        tg_launch_free(&launch);
        /* Once more with the data sets at hand: this one's length is what a launch takes. */
        int64_t start_ns = tg_now_ns();
        status = measure(gating, &launch);
        double took_ns = (double)(tg_now_ns() - start_ns);
        double slices_ns = 2.0 * PAIRS * (double)SLICE_NS;
        double room_ns = (double)gating->budget_ns / LAUNCHES_TO_FIT - (took_ns - slices_ns);
        double factor = tg_gated_stretch(&gating->set, &launch, fmax(1, room_ns / slices_ns));
        if (status == TG_OK) {
            gating->launch.slice_ns = (int64_t)((double)SLICE_NS * factor);
            (void)tg_gated_exclude(&gating->set, &launch, factor * 1.05);
        }
    }
    tg_launch_free(&launch);
    return status;
}

/* On a terminal after each launch; elsewhere, where every line stays, after those that answered. */
static void announce_launch(struct gating *gating, bool answered)
{
    const struct tg_gate *gate = gating->gate;
    double left_s = (double)(gating->begun_ns + gating->budget_ns - tg_now_ns()) / 1e9;
    bool confirming = gate->step == TG_GATE_CONFIRM;
    size_t decided = 0;
    if (gate->step == TG_GATE_DONE || (!gating->progress.terminal && !answered))
        return;
    for (size_t i = 0; i < gate->config.metric_count; i++)
        decided += gate->metrics[i].verdict != TG_GATE_INCONCLUSIVE;
    char *text =
        tg_format("%zu launches, %zu of %zu metrics proved; %s after %zu more, %.0f s left",
                  gate->launches + gate->fresh_launches, decided, gate->config.metric_count,
                  confirming ? "a slowdown is confirmed or not" : "next look", gate->next_answer_in,
                  left_s > 0 ? left_s : 0);
    announce(gating, text);
    free(text);
}

static enum tg_status launch_until_decided(struct gating *gating)
{
    struct tg_gate *gate = gating->gate;
    struct tg_launch_estimate *estimates =
        tg_arena_array(&gating->arena, gating->set.count, sizeof *estimates);
    enum tg_status status = TG_OK;
    announce_launch(gating, true);
    while (gate->step != TG_GATE_DONE && status == TG_OK &&
           tg_now_ns() - gating->begun_ns < gating->budget_ns) {
        struct tg_launch launch;
        size_t answers = gate->looks + gate->confirmations;
        status = measure(gating, &launch);
        if (status == TG_OK) {
            tg_gated_estimate(&gating->set, &launch, true, estimates);
            tg_gate_add(gate, &(struct tg_gate_launch){
                                  .metrics = estimates,
                                  .failed_before = tg_gated_failed(&launch, TG_BEFORE),
                                  .failed_after = tg_gated_failed(&launch, TG_AFTER),
                              });
            announce_launch(gating, gate->looks + gate->confirmations > answers);
        }
        tg_launch_free(&launch);
    }
    if (status == TG_OK)
        tg_gate_finish(gate);
    return status;
}

static bool make_gate(struct gating *gating)
{
    struct tg_gate_metric *metrics =
        tg_arena_array(&gating->arena, gating->set.count, sizeof *metrics);
    size_t count = 0;
    for (size_t i = 0; i < gating->set.count; i++)
        if (!gating->set.items[i].why_not)
            metrics[count++] = (struct tg_gate_metric){
                .name = gating->set.items[i].name, .margin = log1p(gating->set.items[i].margin)};
    if (count == 0)
        return false;
    struct tg_gate_config config = tg_gate_defaults(&gating->arena);
    config.metrics = metrics;
    config.metric_count = count;
    gating->gate = tg_gate_new(&gating->arena, &config);
    return true;
}

/* ---- the answer ---- */

static const char *note_of(struct gating *gating, const struct tg_metric_verdict *verdict,
                           double margin)
{
    struct tg_arena *arena = &gating->arena;
    double detectable = 100 * tg_change_of_log(verdict->detectable);
    double provable = 100 * tg_change_of_log(verdict->provable);
    if (verdict->verdict == TG_GATE_PASS && verdict->worse)
        return "looks slower, by less than its margin (not confirmed on fresh launches)";
    if (verdict->verdict != TG_GATE_INCONCLUSIVE)
        return NULL;
    if (verdict->flagged)
        return verdict->fresh_count > 0
                   ? "looks like a regression, but fresh launches did not confirm it"
                   : "looks like a regression; the budget ended before fresh launches confirmed it";
    if (!isfinite(provable))
        return "too few launches for any statement";
    return tg_arena_format(
        arena,
        "not proved: a margin of %.1f%% would have passed, %.3g%% was asked for; a "
        "change of %.1f%% would have been seen",
        provable, 100 * margin, detectable);
}

static void fill_row(struct gating *gating, const struct tg_gated *gated,
                     const struct tg_metric_verdict *verdict, struct tg_gate_row *row)
{
    *row = (struct tg_gate_row){
        .metric = gated->name,
        .unit = gated->metric.kind == TG_METRIC_RATE ? TG_GATE_PER_S : TG_GATE_NS,
        .before = NAN,
        .after = NAN,
        .change = NAN,
        .low = NAN,
        .high = NAN,
        .margin = gated->margin,
        .verdict = "not gated",
        .note = gated->why_not,
    };
    if (!verdict)
        return;
    const struct tg_interval *interval = &verdict->interval[TG_GATE_POOLED];
    double ends[2] = {tg_shown_change(interval->lower, gated->direction),
                      tg_shown_change(interval->upper, gated->direction)};
    row->before = tg_gated_median(&gating->set, gated, TG_BEFORE);
    row->after = tg_gated_median(&gating->set, gated, TG_AFTER);
    row->change = tg_shown_change(interval->estimate, gated->direction);
    row->low = fmin(ends[0], ends[1]);
    row->high = fmax(ends[0], ends[1]);
    row->verdict = tg_gate_verdict_name(verdict->verdict);
    row->good = verdict->verdict == TG_GATE_PASS || verdict->verdict == TG_GATE_IMPROVEMENT;
    row->bad = verdict->verdict == TG_GATE_REGRESSION;
    row->note = note_of(gating, verdict, gated->margin);
}

static const char *variant_words(struct gating *gating, enum tg_side side)
{
    const struct tg_overrides *overrides = &gating->command->sides[side];
    const char *words = "the scenario as it stands";
    for (size_t i = 0; i < overrides->count; i++)
        words = tg_arena_format(&gating->arena, "%s%s%s=%s", i ? words : "", i ? ", " : "",
                                overrides->items[i].key, overrides->items[i].value);
    return words;
}

static const char *meaning_of(const struct gating *gating, bool incomplete)
{
    const struct tg_gate *gate = gating->gate;
    bool slower = false;
    for (size_t i = 0; i < gate->config.metric_count; i++)
        slower = slower || gate->metrics[i].verdict == TG_GATE_REGRESSION;
    if (slower)
        return "slower, confirmed on fresh launches";
    if (gate->verdict == TG_GATE_REGRESSION)
        return "more operations fail than before, confirmed on fresh launches";
    if (gate->errors.flagged)
        return "more operations fail than before, but fresh launches have not confirmed it";
    if (incomplete)
        return "a metric asked for could not be gated: raise --budget, or take it out of [gate]";
    if (gate->verdict == TG_GATE_PASS)
        return "every metric proved within its margin";
    if (tg_now_ns() - gating->begun_ns >= gating->budget_ns)
        return "the budget ended before every metric was proved";
    return "not every metric was proved by the last look";
}

static int print_verdict(struct gating *gating)
{
    const struct tg_gate *gate = gating->gate;
    size_t count = gating->set.count;
    struct tg_gate_row *rows = tg_arena_array(&gating->arena, count, sizeof *rows);
    size_t gated = 0;
    for (size_t i = 0; i < count; i++) {
        const struct tg_gated *item = &gating->set.items[i];
        fill_row(gating, item, item->why_not ? NULL : &gate->metrics[gated++], &rows[i]);
    }
    /* A metric that was asked for and could not be gated was not proved either. */
    enum tg_gate_verdict verdict = gate->verdict;
    bool incomplete = gated < count && verdict != TG_GATE_REGRESSION;
    if (incomplete)
        verdict = TG_GATE_INCONCLUSIVE;
    int exit_code = tg_gate_exit_code(verdict);
    bool inconclusive = verdict == TG_GATE_INCONCLUSIVE;
    if (inconclusive && gating->command->allow_inconclusive)
        exit_code = TG_EXIT_PASS;
    struct tg_gate_view view = {
        .scenario = gating->scenarios[TG_BEFORE]->name,
        .phase = gating->scenarios[TG_BEFORE]->phases[gating->launch.phase].name,
        .before = variant_words(gating, TG_BEFORE),
        .after = variant_words(gating, TG_AFTER),
        .rows = rows,
        .row_count = count,
        .launches = gate->launches,
        .fresh_launches = gate->fresh_launches,
        .pairs = gating->launch.pairs,
        .slice_ns = gating->launch.slice_ns,
        .elapsed_ns = tg_now_ns() - gating->begun_ns,
        .pairs_seen = gating->set.pairs_seen,
        .pairs_dropped = gating->set.pairs_dropped,
        .failed_before = gate->errors.failed_before,
        .failed_after = gate->errors.failed_after,
        .verdict = inconclusive     ? "CANNOT TELL"
                   : exit_code == 1 ? "REGRESSION"
                                    : "PASS",
        .good = !inconclusive && exit_code == 0,
        .bad = exit_code == 1,
        .meaning = meaning_of(gating, incomplete),
        .exit_code = exit_code,
    };
    struct tg_text text = {0};
    tg_report_gate(&view, tg_terminal_columns(), tg_use_color(stdout), &text);
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
    return exit_code;
}

/* A crash of the variant after is a regression at any margin. One before says nothing about the
 * change, and neither does SIGKILL: no store sends it to itself. */
static int explain_failure(const struct gating *gating, enum tg_status status)
{
    const char *side = gating->failed_side == TG_AFTER ? "after" : "before";
    if (status == TG_INTERRUPTED) {
        puts("CANNOT TELL interrupted (exit code 3)");
        return TG_EXIT_UNKNOWN;
    }
    if (!gating->crashed) {
        fprintf(stderr, "tailgate gate: error: the variant %s cannot be measured\n", side);
        return TG_EXIT_ERROR;
    }
    if (gating->failed_side == TG_AFTER && !gating->killed) {
        puts("REGRESSION  the store of the variant after crashed (exit code 1)");
        return TG_EXIT_FAIL;
    }
    printf("CANNOT TELL the store of the variant %s %s (exit code 3)\n", side,
           gating->killed ? "was killed" : "crashed");
    return TG_EXIT_UNKNOWN;
}

static int run_gate(struct gating *gating, const char *path)
{
    uint32_t phase;
    if (!load_sides(gating, path) || !choose_phase(gating, &phase) ||
        tg_gated_choose(gating->scenarios[TG_BEFORE], phase, &gating->set, &gating->diags) !=
            TG_OK ||
        tg_store_check(tg_store_home(), &gating->diags) != TG_OK)
        return TG_EXIT_ERROR;
    plan_launches(gating, phase);
    tg_catch_signals();
    enum tg_status status = pilot(gating);
    gating->begun_ns = tg_now_ns();
    if (status == TG_OK && !make_gate(gating)) {
        for (size_t i = 0; i < gating->set.count; i++)
            tg_diag_error(&gating->diags, (struct tg_place){.path = path}, "%s cannot be gated: %s",
                          gating->set.items[i].name, gating->set.items[i].why_not);
        return TG_EXIT_UNKNOWN;
    }
    if (status == TG_OK)
        status = launch_until_decided(gating);
    tg_progress_clear(&gating->progress);
    return status == TG_OK ? print_verdict(gating) : explain_failure(gating, status);
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
        struct gating gating = {.command = &command};
        tg_clock_init();
        tg_progress_init(&gating.progress, command.quiet);
        exit_code = run_gate(&gating, operands[0]);
        tg_progress_clear(&gating.progress);
        tg_print_diags(&gating.diags, stderr);
        tg_diags_free(&gating.diags);
        for (int side = 0; side < TG_SIDES; side++)
            tg_scenario_free(gating.scenarios[side]);
        tg_arena_free(&gating.arena);
    }
    for (int side = 0; side < TG_SIDES; side++)
        tg_overrides_free(&command.sides[side]);
    return exit_code;
}
