#include "gate/stored.h"

#include <math.h>
#include <string.h>

#include "compare/signed_rank.h"

/* Of the share of failing operations, where some fail in the baseline as well. */
static const double FAILURE_MARGIN = 0.05;

bool tg_compares_itself(const struct tg_comparison *comparison)
{
    return strcmp(comparison->sides[TG_BEFORE].scenario_hash,
                  comparison->sides[TG_AFTER].scenario_hash) == 0;
}

/* ---- one value per launch ---- */

size_t tg_stored_values(const struct tg_comparison *comparison,
                        const struct tg_compared_metric *metric, double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->launch_count; i++) {
        const double *pooled = metric->values[i].pooled;
        double mean = sqrt(pooled[TG_BEFORE]) * sqrt(pooled[TG_AFTER]);
        if (!isnan(mean))
            values[count++] = mean;
    }
    return count;
}

double tg_stored_median(const struct tg_comparison *comparison,
                        const struct tg_compared_metric *metric, struct tg_arena *scratch)
{
    double *values = tg_arena_array(scratch, comparison->launch_count, sizeof *values);
    return tg_median(values, tg_stored_values(comparison, metric, values));
}

/* The share of failing operations in each launch; returns how many launches have one. */
static size_t failure_shares(const struct tg_comparison *comparison, double *shares)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->launch_count; i++) {
        const struct tg_compared_launch *launch = &comparison->launches[i];
        int64_t operations = launch->operations[TG_BEFORE] + launch->operations[TG_AFTER];
        int64_t failed = launch->failed[TG_BEFORE] + launch->failed[TG_AFTER];
        if (operations > 0)
            shares[count++] = (double)failed / (double)operations;
    }
    return count;
}

/* ---- interleaved ---- */

static double width(const struct tg_interval *interval)
{
    return interval->upper - interval->lower;
}

/* How much wider `interval` is than that of `now`'s launches taken in pairs. NaN without bounds,
 * and where the pairs do not vary at all. */
static double wider(const struct tg_interval *interval, const struct tg_comparison *now,
                    const struct tg_compared_metric *metric, struct tg_arena *arena)
{
    double *changes = tg_arena_array(arena, now->launch_count, sizeof *changes);
    size_t count = 0;
    for (size_t i = 0; i < now->launch_count; i++) {
        const double *pooled = metric->values[i].pooled;
        double change = tg_log_change(pooled[TG_BEFORE], pooled[TG_AFTER], metric->direction);
        if (!isnan(change))
            changes[count++] = change;
    }
    double *walsh = tg_arena_array(arena, tg_walsh_count(count), sizeof *walsh);
    struct tg_interval paired = tg_signed_rank_interval(changes, count, tg_stored_alpha, walsh);
    double ratio = width(interval) / width(&paired);
    return width(&paired) > 0 && isfinite(ratio) ? ratio : NAN;
}

static double median_wider(const struct tg_stored_judgement *judgement, struct tg_arena *arena)
{
    double *ratios = tg_arena_array(arena, judgement->row_count, sizeof *ratios);
    size_t count = 0;
    for (size_t i = 0; i < judgement->row_count; i++)
        if (!judgement->rows[i].why_not && !isnan(judgement->rows[i].wider))
            ratios[count++] = judgement->rows[i].wider;
    return tg_median(ratios, count);
}

/* ---- rows ---- */

static const struct tg_compared_metric *same_metric(const struct tg_comparison *comparison,
                                                    const struct tg_compared_metric *metric)
{
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *other = &comparison->metrics[i];
        if (strcmp(other->name, metric->name) == 0 && other->unit == metric->unit &&
            other->direction == metric->direction && other->open_loop == metric->open_loop)
            return other;
    }
    return NULL;
}

static const char *why_not(const struct tg_compared_metric *stored,
                           const struct tg_compared_metric *now, struct tg_arena *arena)
{
    if (!stored)
        return "the baseline does not have it: save it again";
    if (!now)
        return "the baseline has it, [gate] of the scenario does not";
    if (now->why_not)
        return now->why_not;
    if (stored->why_not)
        return tg_arena_format(arena, "not in the baseline: %s", stored->why_not);
    /* Each measurement learns for itself what a stall is (gate/metrics.h). */
    if (now->unit == TG_COMPARED_SHARE)
        return "counted beyond a limit that every measurement finds for itself: interleave it";
    return NULL;
}

struct judging {
    const struct tg_comparison *stored, *now;
    struct tg_arena *arena;
    struct tg_stored_judgement *judgement;
    struct tg_stored_metric *metrics; /* of the rows that are compared, then the failures */
    struct tg_stored_verdict *verdicts;
    struct tg_stored_verdict *raw; /* what they would be if the machine could explain nothing */
    size_t count;
};

static void add_row(struct judging *judging, const struct tg_compared_metric *stored,
                    const struct tg_compared_metric *now)
{
    struct tg_arena *arena = judging->arena;
    struct tg_stored_row *row = &judging->judgement->rows[judging->judgement->row_count++];
    *row = (struct tg_stored_row){.metric = now ? now : stored,
                                  .before = NAN,
                                  .after = NAN,
                                  .why_not = why_not(stored, now, arena),
                                  .asked = now != NULL,
                                  .wider = NAN};
    if (row->why_not)
        return;
    double *before = tg_arena_array(arena, judging->stored->launch_count, sizeof *before);
    double *after = tg_arena_array(arena, judging->now->launch_count, sizeof *after);
    judging->metrics[judging->count++] = (struct tg_stored_metric){
        .before = before,
        .before_count = tg_stored_values(judging->stored, stored, before),
        .after = after,
        .after_count = tg_stored_values(judging->now, now, after),
        .direction = now->direction,
        .margin = log1p(now->margin),
    };
    row->before = tg_stored_median(judging->stored, stored, arena);
    row->after = tg_stored_median(judging->now, now, arena);
}

static void add_rows(struct judging *judging)
{
    for (size_t i = 0; i < judging->now->metric_count; i++) {
        const struct tg_compared_metric *now = &judging->now->metrics[i];
        add_row(judging, same_metric(judging->stored, now), now);
    }
    for (size_t i = 0; i < judging->stored->metric_count; i++)
        if (!same_metric(judging->now, &judging->stored->metrics[i]))
            add_row(judging, &judging->stored->metrics[i], NULL);
}

static void add_failures(struct judging *judging)
{
    double *before = tg_arena_array(judging->arena, judging->stored->launch_count, sizeof *before);
    double *after = tg_arena_array(judging->arena, judging->now->launch_count, sizeof *after);
    judging->metrics[judging->count++] = (struct tg_stored_metric){
        .before = before,
        .before_count = failure_shares(judging->stored, before),
        .after = after,
        .after_count = failure_shares(judging->now, after),
        .margin = log1p(FAILURE_MARGIN),
        .failures = true,
    };
}

/* What the machine may have changed is not to count as a change of the store. */
static void compare_all(struct judging *judging)
{
    const struct tg_interval *machine = &judging->judgement->yardstick.wide;
    (void)tg_stored_compare(judging->metrics, judging->count, judging->raw, judging->arena);
    for (size_t i = 0; i < judging->count; i++) {
        judging->metrics[i].machine_lower = fmin(machine->lower, 0);
        judging->metrics[i].machine_upper = fmax(machine->upper, 0);
    }
    (void)tg_stored_compare(judging->metrics, judging->count, judging->verdicts, judging->arena);
}

static void hand_out(struct judging *judging)
{
    struct tg_stored_judgement *judgement = judging->judgement;
    size_t next = 0;
    for (size_t i = 0; i < judgement->row_count; i++) {
        struct tg_stored_row *row = &judgement->rows[i];
        if (row->why_not)
            continue;
        row->may_be_machine = judging->raw[next].verdict == TG_GATE_REGRESSION &&
                              judging->verdicts[next].verdict != TG_GATE_REGRESSION;
        row->verdict = judging->verdicts[next++];
        row->wider = wider(&row->verdict.interval, judging->now, row->metric, judging->arena);
    }
    judgement->failures = judging->verdicts[next].verdict;
    judgement->wider = median_wider(judgement, judging->arena);
}

/* ---- the machine ---- */

static size_t yardstick_values(const struct tg_comparison *comparison, double *values)
{
    size_t count = 0;
    for (size_t i = 0; i < comparison->launch_count; i++)
        if (comparison->launches[i].yardstick_ns > 0)
            values[count++] = (double)comparison->launches[i].yardstick_ns;
    return count;
}

static double smallest_margin(const struct tg_stored_judgement *judgement)
{
    double smallest = INFINITY;
    for (size_t i = 0; i < judgement->row_count; i++)
        if (!judgement->rows[i].why_not)
            smallest = fmin(smallest, judgement->rows[i].metric->margin);
    return smallest;
}

/* The two one-sided tests of equivalence, each at the level of a bound (Schuirmann 1987). */
static void judge_machine(struct judging *judging)
{
    struct tg_stored_yardstick *yardstick = &judging->judgement->yardstick;
    double *before = tg_arena_array(judging->arena, judging->stored->launch_count, sizeof *before);
    double *after = tg_arena_array(judging->arena, judging->now->launch_count, sizeof *after);
    *yardstick = (struct tg_stored_yardstick){
        .interval = {.estimate = NAN, .lower = -INFINITY, .upper = INFINITY},
        .wide = {.estimate = NAN, .lower = -INFINITY, .upper = INFINITY},
        .margin = smallest_margin(judging->judgement),
    };
    const struct tg_stored_metric times = {
        .before = before,
        .before_count = yardstick_values(judging->stored, before),
        .after = after,
        .after_count = yardstick_values(judging->now, after),
        .direction = TG_LOWER_IS_BETTER,
    };
    if (times.before_count == 0)
        yardstick->why_not = "the baseline was saved without a yardstick, which tells a slower "
                             "machine from a slower store: save it again";
    else if (times.after_count == 0)
        yardstick->why_not = "no yardstick was measured now: CPU time was stolen from all slices";
    if (yardstick->why_not)
        return;
    double margin = log1p(yardstick->margin);
    yardstick->interval = tg_stored_interval(&times, tg_stored_alpha, judging->arena);
    yardstick->wide = tg_stored_interval(&times, tg_stored_machine, judging->arena);
    yardstick->same = yardstick->interval.lower > -margin && yardstick->interval.upper < margin;
}

static const char *machine_differs(const struct tg_stored_judgement *judgement,
                                   struct tg_arena *arena)
{
    const struct tg_interval *interval = &judgement->yardstick.interval;
    if (judgement->yardstick.why_not)
        return judgement->yardstick.why_not;
    if (!isfinite(interval->lower) || !isfinite(interval->upper))
        return "too few launches to know whether the machine is as fast as then";
    bool faster = interval->upper < 0;
    double change = 100 * tg_change_of_log(interval->estimate);
    double low = 100 * tg_change_of_log(interval->lower);
    double high = 100 * tg_change_of_log(interval->upper);
    if (interval->lower > 0 || faster)
        return tg_arena_format(arena,
                               "the machine itself was %s by %.1f%% (%.1f .. %.1f%%): the "
                               "yardstick, a fixed piece of work without the store",
                               faster ? "faster" : "slower", faster ? -change : change,
                               faster ? -high : low, faster ? -low : high);
    return tg_arena_format(arena,
                           "the machine is not shown to be as fast as then: the yardstick, a fixed "
                           "piece of work without the store, took %+.1f%% (%+.1f .. %+.1f%%)",
                           change, low, high);
}

/* A machine that may have become faster within the margin is not to make a pass: what it may have
 * sped up is put on it. */
static void doubt_pass(const struct tg_interval *machine, struct tg_stored_row *row)
{
    struct tg_stored_verdict *verdict = &row->verdict;
    double most = verdict->interval.upper - fmin(machine->lower, 0);
    if (verdict->verdict != TG_GATE_PASS || most < log1p(row->metric->margin))
        return;
    row->may_be_machine = true;
    verdict->verdict = TG_GATE_INCONCLUSIVE;
}

/* ---- judgement ---- */

/* True when the end of the measurement is the answer. Both sides are the variant of now, so that it
 * does not matter which of them died. */
static bool judge_end(const struct tg_comparison *now, struct tg_stored_judgement *judgement)
{
    if (now->end == TG_END_INTERRUPTED)
        judgement->meaning = "interrupted";
    else if (now->end == TG_END_KILLED)
        judgement->meaning = "the store was killed";
    else if (now->end == TG_END_NOT_GATED)
        judgement->meaning = "no metric could be gated: raise --budget, or choose others in [gate]";
    else if (now->end == TG_END_CRASHED)
        judgement->meaning = "the store crashed";
    if (now->end == TG_END_CRASHED)
        judgement->verdict = TG_GATE_REGRESSION;
    return judgement->meaning != NULL;
}

static bool any_is(const struct tg_stored_judgement *judgement, enum tg_gate_verdict verdict)
{
    for (size_t i = 0; i < judgement->row_count; i++)
        if (!judgement->rows[i].why_not && judgement->rows[i].verdict.verdict == verdict)
            return true;
    return false;
}

static bool any_missing(const struct tg_stored_judgement *judgement)
{
    for (size_t i = 0; i < judgement->row_count; i++)
        if (judgement->rows[i].asked && judgement->rows[i].why_not)
            return true;
    return false;
}

static void judge_rows(struct tg_stored_judgement *judgement, size_t compared)
{
    judgement->judged = true;
    if (any_is(judgement, TG_GATE_REGRESSION)) {
        judgement->verdict = TG_GATE_REGRESSION;
        judgement->meaning = "slower than the baseline, on a machine as fast as then";
    } else if (judgement->failures == TG_GATE_REGRESSION) {
        judgement->verdict = TG_GATE_REGRESSION;
        judgement->meaning = "more of the operations fail than in the baseline";
    } else if (compared == 0 || any_missing(judgement)) {
        judgement->meaning = compared == 0 ? "no metric could be compared with the baseline"
                                           : "a metric asked for could not be compared";
    } else if (judgement->failures == TG_GATE_INCONCLUSIVE) {
        judgement->meaning =
            "more of the operations fail than in the baseline, though that is not proved";
    } else if (any_is(judgement, TG_GATE_INCONCLUSIVE)) {
        judgement->meaning = "not every metric was proved within its margin of the baseline";
    } else {
        judgement->verdict = TG_GATE_PASS;
        judgement->meaning = "every metric proved within its margin of the baseline";
    }
}

static void judge_all(struct judging *judging, size_t compared)
{
    struct tg_stored_judgement *judgement = judging->judgement;
    if (compared > 0 && !judgement->yardstick.same) {
        judgement->meaning = machine_differs(judgement, judging->arena);
        return;
    }
    for (size_t i = 0; i < judgement->row_count; i++)
        if (!judgement->rows[i].why_not)
            doubt_pass(&judgement->yardstick.interval, &judgement->rows[i]);
    judge_rows(judgement, compared);
}

struct tg_stored_judgement tg_stored_judge(const struct tg_comparison *stored,
                                           const struct tg_comparison *now, bool comparable,
                                           struct tg_arena *arena)
{
    size_t most = stored->metric_count + now->metric_count;
    struct tg_stored_judgement judgement = {
        .rows = tg_arena_array(arena, most, sizeof *judgement.rows),
        .verdict = TG_GATE_INCONCLUSIVE,
    };
    struct judging judging = {
        .stored = stored,
        .now = now,
        .arena = arena,
        .judgement = &judgement,
        .metrics = tg_arena_array(arena, most + 1, sizeof *judging.metrics),
        .verdicts = tg_arena_array(arena, most + 1, sizeof *judging.verdicts),
        .raw = tg_arena_array(arena, most + 1, sizeof *judging.raw),
    };
    add_rows(&judging);
    size_t compared = judging.count;
    add_failures(&judging);
    judge_machine(&judging);
    compare_all(&judging);
    hand_out(&judging);
    bool ended = judge_end(now, &judgement);
    if (!ended && comparable)
        judge_all(&judging, compared);
    else if (!ended)
        judgement.meaning = "not comparable with the baseline: shown, not judged";
    judgement.exit_code = tg_gate_exit_code(judgement.verdict);
    return judgement;
}
