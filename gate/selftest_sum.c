#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "compare/proportion.h"
#include "gate/selftest.h"

/* So many gates in a hundred are to get through with the margins and the budget advised. */
static const double WANTED_SHARE = 0.95;
/* Margins are advised in steps of so much; no proof is worth more than the histograms resolve. */
static const double MARGIN_STEP = 0.005;
static const double LEAST_PROVABLE = 0.001;
static const int64_t BUDGET_STEP_NS = 5 * TG_NS_PER_S;
/* A gate makes its slices so long that so many launches fit (gate/interleave.c). */
static const double LAUNCHES_TO_FIT = 12;

/* ---- order statistics, NaN being beyond all numbers ---- */

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

/* The smallest value that at least `share` of all stay within. Sorts. */
static double within(double *values, size_t count, double share)
{
    if (count == 0)
        return NAN;
    qsort(values, count, sizeof *values, by_size);
    size_t rank = (size_t)ceil(share * (double)count - 1e-9);
    return values[rank > 0 ? rank - 1 : 0];
}

/* ---- what a gate says ---- */

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_of_op(const struct tg_tested_metric *metric, const char *op)
{
    size_t length = strlen(op);
    return strncmp(metric->name, op, length) == 0 && metric->name[length] == '.';
}

/* A metric of the whole phase has no operation in front: "rate", "p99.9", "service.p99". No
 * operation can have the name of a metric. */
static bool is_of_phase(const struct tg_tested_metric *metric)
{
    const char *name = metric->name;
    return !strchr(name, '.') || (name[0] == 'p' && isdigit((unsigned char)name[1])) ||
           tg_starts_with(name, "service.") || tg_starts_with(name, "response.");
}

/* The percentile that ends the metric's name; NaN: it is none. */
static double percentile_of(const struct tg_tested_metric *metric, const char *op)
{
    const char *at = metric->name + strlen(op) + 1;
    const char *dot;
    while (*at != 'p' && (dot = strchr(at, '.')))
        at = dot + 1;
    double percentile;
    return *at == 'p' && tg_parse_number(at + 1, &percentile) ? percentile : NAN;
}

static bool passed(enum tg_gate_verdict verdict)
{
    return verdict == TG_GATE_PASS || verdict == TG_GATE_IMPROVEMENT;
}

/* The slowdown as a share of each operation's time; NaN: not of that kind. */
static double share_of(const char *effect)
{
    double share;
    return effect && tg_parse_fraction(effect, &share) ? share : NAN;
}

/* The smallest margin among the slowed operation's own metrics; infinite: none is gated. */
static double margin_of(const struct tg_tested_gate *gate)
{
    double margin = INFINITY;
    for (size_t i = 0; gate->op && i < gate->metric_count; i++)
        if (!gate->metrics[i].why_not && is_of_op(&gate->metrics[i], gate->op))
            margin = fmin(margin, gate->metrics[i].margin);
    return margin;
}

static bool reaches(const struct tg_tested_gate *gate, double times)
{
    return share_of(gate->effect) >= times * margin_of(gate) * (1 - 1e-9);
}

/* The slowed operation's slowest cases alone were called slower. */
static bool tail_alone(const struct tg_tested_gate *gate)
{
    const struct tg_tested_metric *lowest = NULL;
    const struct tg_tested_metric *highest = NULL;
    for (size_t i = 0; i < gate->metric_count; i++) {
        const struct tg_tested_metric *metric = &gate->metrics[i];
        if (!is_of_op(metric, gate->op) || isnan(percentile_of(metric, gate->op)))
            continue;
        if (!lowest || percentile_of(metric, gate->op) < percentile_of(lowest, gate->op))
            lowest = metric;
        if (!highest || percentile_of(metric, gate->op) > percentile_of(highest, gate->op))
            highest = metric;
    }
    return lowest && passed(lowest->verdict) && highest->verdict == TG_GATE_REGRESSION;
}

static bool took_a_look(const struct tg_tested_gate *gate)
{
    for (size_t i = 0; i < gate->metric_count; i++)
        if (!isnan(gate->metrics[i].provable))
            return true;
    return false;
}

/* ---- rows ---- */

static void count_slowed(struct tg_selftest_row *row, const struct tg_tested_gate *gate)
{
    bool of_phase = false;
    bool named = false;
    bool other = false;
    for (size_t i = 0; i < gate->metric_count; i++) {
        const struct tg_tested_metric *metric = &gate->metrics[i];
        if (metric->verdict != TG_GATE_REGRESSION)
            continue;
        if (is_of_op(metric, gate->op))
            named = true;
        else if (is_of_phase(metric))
            of_phase = true;
        else
            other = true;
    }
    row->seen += named || of_phase;
    row->named += named;
    row->others += other;
    row->tails += tail_alone(gate);
    if (reaches(gate, 1)) {
        row->beyond++;
        row->false_passes += passed(gate->verdict);
    }
}

static struct tg_selftest_row make_row(const struct tg_tested_gate *gates, size_t count,
                                       const char *effect, const char *op, double *scratch)
{
    struct tg_selftest_row row = {.effect = effect, .op = op};
    for (size_t i = 0; i < count; i++) {
        const struct tg_tested_gate *gate = &gates[i];
        if (!same(gate->effect, effect) || (op && !same(gate->op, op)))
            continue;
        scratch[row.gates++] = (double)gate->elapsed_ns;
        row.regressions += gate->verdict == TG_GATE_REGRESSION;
        row.passes += passed(gate->verdict);
        row.unknown += gate->verdict == TG_GATE_INCONCLUSIVE;
        if (effect)
            count_slowed(&row, gate);
    }
    row.median_ns = (int64_t)tg_median(scratch, row.gates);
    return row;
}

/* Whether gate `number` is the first with its effect (and its operation, if `by_op`). */
static bool is_first(const struct tg_tested_gate *gates, size_t number, bool by_op)
{
    for (size_t i = 0; i < number; i++)
        if (same(gates[i].effect, gates[number].effect) &&
            (!by_op || same(gates[i].op, gates[number].op)))
            return false;
    return true;
}

static size_t count_ops(const struct tg_tested_gate *gates, size_t count, const char *effect)
{
    size_t ops = 0;
    for (size_t i = 0; i < count; i++)
        ops += same(gates[i].effect, effect) && is_first(gates, i, true);
    return ops;
}

static void add_rows(struct tg_selftest_summary *summary, const struct tg_tested_gate *gates,
                     size_t count, struct tg_arena *arena)
{
    double *scratch = tg_arena_array(arena, count, sizeof *scratch);
    summary->rows = tg_arena_array(arena, 2 * count + 1, sizeof *summary->rows);
    if (summary->self_gates > 0)
        summary->rows[summary->row_count++] = make_row(gates, count, NULL, NULL, scratch);
    for (size_t i = 0; i < count; i++) {
        const char *effect = gates[i].effect;
        if (!effect || !is_first(gates, i, false))
            continue;
        summary->rows[summary->row_count++] = make_row(gates, count, effect, NULL, scratch);
        for (size_t k = i; k < count && count_ops(gates, count, effect) > 1; k++)
            if (same(gates[k].effect, effect) && is_first(gates, k, true))
                summary->rows[summary->row_count++] =
                    make_row(gates, count, effect, gates[k].op, scratch);
    }
}

/* ---- margins ---- */

static struct tg_selftest_metric make_metric(const struct tg_tested_gate *const *selves,
                                             size_t count, size_t number, double *scratch)
{
    struct tg_selftest_metric metric = {.name = selves[0]->metrics[number].name,
                                        .margin = selves[0]->metrics[number].margin};
    for (size_t i = 0; i < count; i++) {
        metric.proved += passed(selves[i]->metrics[number].verdict);
        scratch[i] = selves[i]->metrics[number].provable;
    }
    metric.median = within(scratch, count, 0.5);
    metric.most = within(scratch, count, WANTED_SHARE);
    metric.advised = NAN;
    return metric;
}

/* Each metric gets through in 95 % of gates with a margin of its own `most`, but not all of them in
 * the same ones. So all those margins are stretched by one factor: the smallest with which 95 % of
 * gates pass as a whole; 1 when there is none. */
static double common_factor(const struct tg_selftest_summary *summary,
                            const struct tg_tested_gate *const *selves, size_t count,
                            double *scratch)
{
    for (size_t i = 0; i < count; i++) {
        scratch[i] = 1;
        for (size_t m = 0; m < summary->metric_count; m++) {
            const struct tg_selftest_metric *metric = &summary->metrics[m];
            double ratio = selves[i]->metrics[m].provable / fmax(metric->most, LEAST_PROVABLE);
            if (!isnan(metric->most) && !isnan(scratch[i]))
                scratch[i] = isnan(ratio) ? NAN : fmax(scratch[i], ratio);
        }
    }
    double factor = within(scratch, count, WANTED_SHARE);
    return isnan(factor) ? 1 : factor;
}

static bool would_pass(const struct tg_selftest_summary *summary, const struct tg_tested_gate *gate)
{
    size_t gated = 0;
    for (size_t m = 0; m < summary->metric_count; m++) {
        if (isnan(summary->metrics[m].advised))
            continue;
        gated++;
        if (!(gate->metrics[m].provable < summary->metrics[m].advised))
            return false;
    }
    return gated > 0 && gate->verdict != TG_GATE_REGRESSION;
}

static void add_metrics(struct tg_selftest_summary *summary,
                        const struct tg_tested_gate *const *selves, struct tg_arena *arena)
{
    size_t count = summary->self_gates;
    double *scratch = tg_arena_array(arena, count, sizeof *scratch);
    summary->metric_count = count > 0 ? selves[0]->metric_count : 0;
    summary->metrics = tg_arena_array(arena, summary->metric_count, sizeof *summary->metrics);
    for (size_t m = 0; m < summary->metric_count; m++)
        summary->metrics[m] = make_metric(selves, count, m, scratch);
    double factor = count > 0 ? common_factor(summary, selves, count, scratch) : 1;
    for (size_t m = 0; m < summary->metric_count; m++) {
        struct tg_selftest_metric *metric = &summary->metrics[m];
        /* The next step above it: a pass stays strictly within its margin. */
        if (!isnan(metric->most))
            metric->advised =
                MARGIN_STEP *
                (floor(fmax(metric->most, 0) * factor / MARGIN_STEP * (1 + 1e-9)) + 1);
    }
    for (size_t i = 0; i < count; i++)
        summary->self_proved += would_pass(summary, selves[i]);
}

/* ---- budget ---- */

/* Slowdowns near the margin take any budget there is, and do not count. */
static void add_budget(struct tg_selftest_summary *summary, const struct tg_tested_gate *gates,
                       size_t count, struct tg_arena *arena)
{
    double *needed = tg_arena_array(arena, count, sizeof *needed);
    for (size_t i = 0; i < count; i++) {
        const struct tg_tested_gate *gate = &gates[i];
        bool counts = !gate->effect || reaches(gate, 2);
        if (!counts)
            continue;
        bool cut_short = gate->launches == 0 || (gate->verdict == TG_GATE_INCONCLUSIVE &&
                                                 gate->used_ns >= gate->budget_ns);
        double used = (double)gate->used_ns;
        double launches = (double)(gate->launches + gate->fresh_launches);
        needed[summary->timed++] = cut_short ? NAN : fmax(used, LAUNCHES_TO_FIT * used / launches);
        summary->in_time += !cut_short;
    }
    double enough = within(needed, summary->timed, WANTED_SHARE);
    if (isnan(enough))
        return;
    int64_t steps = (int64_t)ceil(enough / (double)BUDGET_STEP_NS);
    summary->budget_ns = steps > 0 ? steps * BUDGET_STEP_NS : BUDGET_STEP_NS;
    if (summary->budget_ns > gates[0].budget_ns)
        summary->budget_ns = gates[0].budget_ns;
}

/* ---- the whole ---- */

static void judge(struct tg_selftest_summary *summary, bool incomplete, struct tg_arena *arena)
{
    size_t false_ones = summary->self_gates > 0 ? summary->rows[0].regressions : 0;
    struct tg_interval rate = tg_proportion(false_ones, summary->self_gates, TG_SELFTEST_LEVEL);
    if (false_ones > 0) {
        summary->exit_code = 1;
        summary->verdict = "FALSE REGRESSION";
        summary->meaning = tg_arena_format(
            arena,
            "%zu of %zu gates called the variant slower than itself (95%% interval %.2g "
            ".. %.2g%%): do not trust gates here",
            false_ones, summary->self_gates, 100 * rate.lower, 100 * rate.upper);
    } else if (summary->measured == 0 || incomplete) {
        summary->exit_code = 3;
        summary->verdict = "CANNOT TELL";
        summary->meaning = incomplete ? "it ended before there was a gate of each kind"
                                      : "no gate had time for a single look: raise --budget";
    } else if (summary->self_gates == 0) {
        summary->verdict = "SLOWED ONLY";
        summary->meaning = "without gates of the variant against itself nothing is known of false "
                           "regressions";
    } else {
        summary->verdict = "NO FALSE REGRESSION";
        summary->meaning = tg_arena_format(
            arena,
            "none of %zu gates called the variant slower than itself (95%% interval 0 .. %.2g%%)",
            summary->self_gates, 100 * rate.upper);
    }
}

struct tg_selftest_summary tg_selftest_sum(const struct tg_tested_gate *gates, size_t count,
                                           bool incomplete, struct tg_arena *arena)
{
    struct tg_selftest_summary summary = {0};
    const struct tg_tested_gate **selves = tg_arena_array(arena, count, sizeof *selves);
    for (size_t i = 0; i < count; i++) {
        if (!gates[i].effect)
            selves[summary.self_gates++] = &gates[i];
        summary.measured += took_a_look(&gates[i]);
        summary.elapsed_ns += gates[i].elapsed_ns;
        int64_t start = gates[i].started_unix_ms;
        if (i == 0 || start < summary.first_unix_ms)
            summary.first_unix_ms = start;
        if (i == 0 || start > summary.last_unix_ms)
            summary.last_unix_ms = start;
    }
    add_rows(&summary, gates, count, arena);
    add_metrics(&summary, selves, arena);
    add_budget(&summary, gates, count, arena);
    judge(&summary, incomplete, arena);
    return summary;
}
