#include "reports/gate/gate_next.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/spending.h"
#include "reports/layout/markup.h"
#include "reports/run/report_view.h"
#include "runner/engine/engine.h"

enum { MOST_OPERATIONS = 3 };

static const double LEAST_SHARE = 0.05; /* of the lost time, for an operation to be named */
static const double MANY_DROPPED = 0.1;

struct next {
    const struct tg_gate_view *gate;
    struct tg_view view;
    bool begun; /* the heading was written, or none is wanted */
};

/* ---- lines ---- */

static void begin(struct next *next)
{
    if (next->begun)
        return;
    tg_text_add(next->view.out, "\n");
    tg_style_add(next->view.out, TG_BOLD, next->view.color, "What to do next");
    tg_text_add(next->view.out, "\n");
    next->begun = true;
}

static void say(struct next *next, const char *sentence)
{
    begin(next);
    tg_text_add(next->view.out, "  ");
    tg_wrap_add(next->view.out, sentence, 2, 2, next->view.width);
}

static void add_word(struct tg_text *out, const char *word)
{
    tg_text_add(out, " ");
    tg_shell_word(out, word);
}

/* Does the scenario, with the overrides of that side, run this variant? A bundle is run with its
 * own artefacts, but that of a task's side after was made of what the scenario is now. Of a
 * baseline there are numbers alone. */
bool tg_gate_can_run(const struct tg_gate_view *gate, enum tg_side side)
{
    if (!gate->scenario_path || (side == TG_BEFORE && gate->baseline))
        return false;
    return !gate->sides[side].bundle || (side == TG_AFTER && gate->task);
}

void tg_gate_add_command(const struct tg_gate_view *gate, const char *command, enum tg_side side,
                         struct tg_text *out)
{
    const struct tg_compared_side *variant = &gate->sides[side];
    tg_text_addf(out, "tailgate %s", command);
    add_word(out, gate->scenario_path);
    if (tg_starts_with(command, "run") &&
        *gate->phase) { /* the phase that was compared, and no other */
        tg_text_add(out, " --phase");
        add_word(out, gate->phase);
    }
    for (size_t i = 0; i < variant->override_count; i++) {
        tg_text_add(out, " --set");
        add_word(out, variant->overrides[i]);
    }
}

/* On a line of its own, with what stands around it. */
static void add_command(struct next *next, const char *before, const char *command,
                        enum tg_side side, const char *after)
{
    tg_text_addf(next->view.out, "    %s", before);
    tg_gate_add_command(next->gate, command, side, next->view.out);
    tg_text_addf(next->view.out, "%s\n", after);
}

/* ---- a regression ---- */

bool tg_gate_mean_slower(const struct tg_gate_moved *moved)
{
    return moved->change.low > 0;
}

bool tg_gate_leads(const struct tg_gate_moved *moved)
{
    return tg_gate_mean_slower(moved) && moved->lost_share >= LEAST_SHARE;
}

const char *tg_gate_why_none_leads(const struct tg_gate_view *gate)
{
    for (size_t i = 0; i < gate->moved_count; i++)
        if (tg_gate_mean_slower(&gate->moved[i]))
            return " that is proved slower loses much of the time";
    return "'s mean service time is proved slower";
}

static void say_moved(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    size_t shown = 0;
    for (size_t i = 0; i < gate->moved_count && shown < MOST_OPERATIONS; i++) {
        const struct tg_gate_moved *moved = &gate->moved[i];
        char before[TG_UNIT_TEXT], after[TG_UNIT_TEXT];
        if (!tg_gate_leads(moved))
            continue;
        if (shown++ == 0)
            say(next, "Look at the operations that lose the time, by their mean service times:");
        tg_text_add(next->view.out, "    ");
        char *line = tg_format("%s: mean %s -> %s (%+.1f%%), %.0f%% of the time that is lost",
                               moved->name, tg_format_duration(llround(moved->before_ns), before),
                               tg_format_duration(llround(moved->after_ns), after),
                               100 * moved->change.change, 100 * moved->lost_share);
        tg_wrap_add(next->view.out, line, 4, 6, next->view.width);
        free(line);
    }
    if (shown > 0 || gate->moved_count == 0 || gate->fails_more)
        return;
    char *line = tg_format("No operation%s: look at the slowest operations, not at all of them.",
                           tg_gate_why_none_leads(gate));
    say(next, line);
    free(line);
}

static void say_profile(struct next *next)
{
    bool both = tg_gate_can_run(next->gate, TG_BEFORE);
    say(next, both ? "Profile both variants, and see which functions take more of the time:"
                   : "Profile the variant after:");
    if (both)
        add_command(next, "perf record -g -o before.perf -- ", "run --no-coverage", TG_BEFORE, "");
    add_command(next, "perf record -g -o after.perf -- ", "run --no-coverage", TG_AFTER, "");
    tg_text_add(next->view.out, both ? "    perf diff before.perf after.perf\n"
                                     : "    perf report -i after.perf\n");
}

static void say_plans(struct next *next)
{
    const char *kind = next->gate->engine_kind;
    const struct tg_engine *engine = kind ? tg_engine_find(kind) : NULL;
    if (!engine || !engine->explain)
        return;
    say(next, "See whether a query plan has changed:");
    add_command(next, "", "plan", TG_AFTER, "");
}

static void say_failing(struct next *next)
{
    if (!tg_gate_can_run(next->gate, TG_AFTER))
        return;
    say(next, "See which operations fail, and why:");
    add_command(next, "", "run --no-coverage", TG_AFTER, "");
}

static bool any_slower(const struct tg_gate_view *gate)
{
    for (size_t i = 0; i < gate->row_count; i++)
        if (gate->rows[i].bad)
            return true;
    return false;
}

static void after_regression(struct next *next)
{
    if (next->gate->fails_more)
        say_failing(next);
    if (!any_slower(next->gate))
        return;
    say_moved(next);
    if (tg_gate_can_run(next->gate, TG_AFTER)) {
        say_profile(next);
        say_plans(next);
    }
}

/* ---- a crash ---- */

static void after_crash(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    char *how = tg_format("The store of the variant %s: %s",
                          gate->failed_side == TG_AFTER ? "after" : "before", gate->crash);
    say(next, how);
    free(how);
    if (gate->crash_in_doubt) {
        char *doubt = tg_format("It says nothing about the change, because %s. Have the variant "
                                "before get through the same run, then compare again.",
                                gate->crash_in_doubt);
        say(next, doubt);
        free(doubt);
    }
    if (gate->end != TG_END_CRASHED || !tg_gate_can_run(gate, gate->failed_side))
        return;
    say(next, "Make it crash again with a core file, and see where (its name is that of "
              "/proc/sys/kernel/core_pattern; with systemd: coredumpctl debug tailgate). "
              "One that hangs is made to crash by kill -ABRT:");
    /* One of a task that died before its first phase did so when it was built, opened or planned.
     */
    add_command(next, "(ulimit -c unlimited; ", *gate->phase ? "run --no-coverage" : "run",
                gate->failed_side, ")");
    tg_text_add(next->view.out, "    gdb -batch -ex bt \"$(command -v tailgate)\" core\n");
}

/* ---- cannot tell ---- */

static size_t most_launches(void)
{
    return tg_gate_looks[sizeof tg_gate_looks / sizeof *tg_gate_looks - 1];
}

/* The one that needs most launches, not counting what is suspected; NULL: none is known. */
static const struct tg_gate_row *most_needing(const struct tg_gate_view *gate)
{
    const struct tg_gate_row *most = NULL;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        if (!row->suspected && !isnan(row->launches_needed) &&
            (!most || row->launches_needed > most->launches_needed))
            most = row;
    }
    return most;
}

/* Launches that would have been enough; 0: not known, or out of reach. */
static double enough_launches(const struct tg_gate_view *gate)
{
    double needed = 0;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        /* A regression, once confirmed, decides the gate whatever else is open. */
        if (row->suspected && row->launches_needed > 0)
            return row->launches_needed;
        if (row->judged_as != TG_GATE_INCONCLUSIVE)
            continue;
        if (isnan(row->before) || row->suspected)
            return 0; /* more launches are not what it lacks */
        /* Too few for any statement: the first look, and some to spare. */
        needed = fmax(needed, isnan(row->launches_needed) ? 1.2 * (double)tg_gate_looks[0]
                                                          : ceil(row->launches_needed));
    }
    return needed <= (double)most_launches() ? needed : 0;
}

static int64_t round_up(int64_t budget_ns)
{
    int64_t step_s = budget_ns <= 120 * TG_NS_PER_S ? 10 : budget_ns <= 600 * TG_NS_PER_S ? 30 : 60;
    int64_t step_ns = step_s * TG_NS_PER_S;
    return (budget_ns + step_ns - 1) / step_ns * step_ns;
}

int64_t tg_gate_budget_needed(const struct tg_gate_view *gate)
{
    size_t seen = gate->launches + gate->fresh_launches;
    if (gate->end != TG_END_BUDGET || seen == 0 || gate->baseline)
        return 0;
    /* The pilot took about as long as one launch. */
    double launch_ns = (double)gate->elapsed_ns / (double)(seen + 1);
    double needed_ns = 1.2 * enough_launches(gate) * launch_ns;
    if (needed_ns <= 0)
        return 0;
    /* It was not enough as it was. */
    return round_up((int64_t)fmax(needed_ns, 1.3 * (double)gate->budget_ns));
}

static char *budget_text(int64_t budget_ns, char out[TG_UNIT_TEXT])
{
    int64_t s = budget_ns / TG_NS_PER_S;
    if (s % 60 == 0)
        snprintf(out, TG_UNIT_TEXT, "%lldmin", (long long)(s / 60));
    else
        snprintf(out, TG_UNIT_TEXT, "%llds", (long long)s);
    return out;
}

static void say_budget(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    char text[TG_UNIT_TEXT];
    int64_t budget_ns = tg_gate_budget_needed(gate);
    if (budget_ns == 0)
        return;
    char *line = tg_format("--budget %s would probably do: about %.0f launches instead of %zu.",
                           budget_text(budget_ns, text), enough_launches(gate),
                           gate->launches + gate->fresh_launches);
    say(next, line);
    free(line);
}

static void say_out_of_reach(struct next *next)
{
    const struct tg_gate_row *row = most_needing(next->gate);
    if (!row || row->launches_needed <= (double)most_launches())
        return;
    char *line =
        row->launches_needed < 1000
            ? tg_format("%s would need some %.0f launches, and %zu are the most before the last "
                        "look: only a wider margin or a quieter machine would do.",
                        row->metric, row->launches_needed, most_launches())
            : tg_format("The change of %s is so close to its margin that no number of launches "
                        "tells on which side it is: choose another margin, or take it as it is.",
                        row->metric);
    say(next, line);
    free(line);
}

static void after_doubt(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    if (gate->fails_more)
        say_failing(next);
    say_budget(next);
    say_out_of_reach(next);
    if (gate->pairs_seen > 0 &&
        (double)gate->pairs_dropped > MANY_DROPPED * (double)gate->pairs_seen) {
        char *line = tg_format("The platform spoilt %.0f%% of the slice pairs. Try a quieter "
                               "machine; `tailgate doctor` says what disturbs this one.",
                               100 * (double)gate->pairs_dropped / (double)gate->pairs_seen);
        say(next, line);
        free(line);
    }
}

/* Whatever the verdict was, it may be the machine's. */
static void after_a_baseline(struct next *next)
{
    say(next, "Measure both variants side by side, which a machine that changes cannot deceive:");
    tg_text_add(next->view.out, "    tailgate gate");
    add_word(next->view.out, next->gate->scenario_path);
    tg_text_add(next->view.out, " --before KEY=VALUE --after KEY=VALUE\n");
    if (!next->gate->bad)
        say(next, "Or, if the old variant is still at hand and the machine will stay as it is now, "
                  "save the baseline again.");
}

static void say_revisions(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    if (gate->revisions && (gate->bad || gate->fails_more || gate->end == TG_END_CRASHED))
        say(next, "The commands below run what is in the working directory: check out and build "
                  "the revision first that they are about.");
}

static void say_details(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    if (gate->good || gate->detail_count == 0)
        return;
    say(next, "More about what was measured:");
    for (size_t i = 0; i < gate->detail_count; i++)
        tg_text_addf(next->view.out, "    %s\n", gate->details[i]);
}

static void say_all(struct next *next)
{
    const struct tg_gate_view *gate = next->gate;
    if (gate->baseline && !gate->good && !gate->crash && gate->end != TG_END_INTERRUPTED)
        after_a_baseline(next);
    say_revisions(next);
    if (gate->crash)
        after_crash(next);
    else if (gate->bad)
        after_regression(next);
    else if (!gate->good && gate->end != TG_END_INTERRUPTED)
        after_doubt(next);
    say_details(next);
}

void tg_report_gate_next(const struct tg_gate_view *gate, size_t width, bool color,
                         struct tg_text *out)
{
    struct next next = {.gate = gate, .view = {.out = out, .width = width, .color = color}};
    say_all(&next);
}

void tg_gate_add_next(const struct tg_gate_view *gate, size_t width, struct tg_text *out)
{
    struct next next = {.gate = gate, .view = {.out = out, .width = width}, .begun = true};
    say_all(&next);
}
