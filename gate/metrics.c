#include "gate/metrics.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"

static const double USUAL_MARGIN = 0.05;
/* Stalls are few, and their number varies by a third or so from launch to launch. */
static const double USUAL_STALL_MARGIN = 1.0;

/* ---- which phase ---- */

enum tg_status tg_gated_phase(const struct tg_scenario *scenario, const char *name,
                              uint32_t *number, struct tg_diags *diags)
{
    *number = 0;
    return name ? tg_phase_find(scenario, name, number, diags) : TG_OK;
}

/* ---- which metrics ---- */

static int32_t place_of(const struct tg_phase *phase, int32_t op)
{
    for (size_t i = 0; i < phase->entry_count; i++)
        if ((int32_t)phase->entries[i].op == op)
            return (int32_t)i;
    return -1;
}

static double margin_of(struct tg_scenario *scenario, const struct tg_metric *metric)
{
    double margin = metric->kind == TG_METRIC_STALLS ? USUAL_STALL_MARGIN : USUAL_MARGIN;
    for (size_t i = 0; i < scenario->gate.margin_count; i++) {
        const struct tg_named_margin *named = &scenario->gate.margins[i];
        struct tg_metric parsed;
        const char *why, *hint;
        if (!tg_metric_parse(scenario, named->name, &parsed, &why, &hint) ||
            !tg_margin_covers(&parsed, metric))
            continue;
        if (parsed.op == metric->op)
            return named->fraction;
        margin = named->fraction;
    }
    return margin;
}

static bool gateable_kind(const struct tg_metric *metric)
{
    bool latency = metric->kind == TG_METRIC_PERCENTILE || metric->kind == TG_METRIC_MEAN;
    return (latency && metric->latency != TG_LATENCY_LAG) || metric->kind == TG_METRIC_RATE ||
           metric->kind == TG_METRIC_STALLS;
}

static bool check_metric(struct tg_scenario *scenario, const struct tg_phase *phase,
                         const struct tg_metric *metric, struct tg_diags *diags)
{
    struct tg_place at = {.path = scenario->path};
    if (!gateable_kind(metric)) {
        tg_diag_hint(tg_diag_error(diags, at, "\"%s\" cannot be gated", metric->text),
                     "percentiles and means of service and response times, rates and stalls can");
        return false;
    }
    if (metric->op >= 0 && place_of(phase, metric->op) < 0) {
        tg_diag_hint(
            tg_diag_error(diags, at, "phase %s does not measure \"%s\"", phase->name, metric->text),
            "choose another phase with --phase");
        return false;
    }
    if (metric->latency == TG_LATENCY_RESPONSE && phase->rate_per_s <= 0) {
        tg_diag_hint(tg_diag_error(diags, at, "phase %s has no rate, and so no \"%s\"", phase->name,
                                   metric->text),
                     "choose another phase with --phase, or gate the service time");
        return false;
    }
    return true;
}

struct choosing {
    struct tg_scenario *scenario;
    double margin; /* 0: the scenario's */
    struct tg_gated_set *set;
    struct tg_comparison *comparison;
};

static void add_metric(struct choosing *choosing, const struct tg_metric *metric)
{
    const struct tg_phase *phase = &choosing->scenario->phases[choosing->set->phase];
    struct tg_comparison *comparison = choosing->comparison;
    bool open_loop = metric->latency == TG_LATENCY_RESPONSE;
    /* What is meant for latencies and rates would be below the noise of stalls. */
    bool replaced = choosing->margin > 0 && metric->kind != TG_METRIC_STALLS;
    choosing->set->items[choosing->set->count++] = (struct tg_gated){
        .metric = *metric,
        .place = place_of(phase, metric->op),
        .loop = open_loop ? TG_OPEN_LOOP : TG_CLOSED_LOOP,
    };
    comparison->metrics[comparison->metric_count++] = (struct tg_compared_metric){
        .name = tg_arena_strdup(&comparison->arena, metric->text),
        .unit = metric->kind == TG_METRIC_RATE     ? TG_COMPARED_PER_S
                : metric->kind == TG_METRIC_STALLS ? TG_COMPARED_SHARE
                                                   : TG_COMPARED_NS,
        .direction = metric->kind == TG_METRIC_RATE ? TG_HIGHER_IS_BETTER : TG_LOWER_IS_BETTER,
        .open_loop = open_loop,
        .pooled_only = metric->kind == TG_METRIC_STALLS,
        .margin = replaced ? choosing->margin : margin_of(choosing->scenario, metric),
    };
}

static void add_usual(struct choosing *choosing)
{
    struct tg_scenario *scenario = choosing->scenario;
    const struct tg_phase *phase = &scenario->phases[choosing->set->phase];
    struct tg_metric *usual =
        tg_arena_array(&scenario->arena, 3 * phase->entry_count + 1, sizeof *usual);
    size_t count = tg_gate_usual(scenario, phase, usual);
    for (size_t i = 0; i < count; i++)
        add_metric(choosing, &usual[i]);
}

static void name_operations(const struct tg_scenario *scenario, const struct tg_phase *phase,
                            struct tg_comparison *comparison)
{
    comparison->ops =
        tg_arena_array(&comparison->arena, phase->entry_count, sizeof *comparison->ops);
    comparison->op_count = phase->entry_count;
    for (size_t i = 0; i < phase->entry_count; i++)
        comparison->ops[i] = (struct tg_compared_op){
            .name = tg_arena_strdup(&comparison->arena, scenario->ops[phase->entries[i].op].name),
            .weight = phase->entries[i].weight,
        };
}

/* How many CPUs a side can keep busy. */
static int64_t cpus_of(const struct tg_phase *phase)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 && online < (long)phase->workers ? online : (int64_t)phase->workers;
}

enum tg_status tg_gated_choose(struct tg_scenario *scenario, uint32_t phase_number, double margin,
                               struct tg_gated_set *set, struct tg_comparison *comparison,
                               struct tg_diags *diags)
{
    const struct tg_phase *phase = &scenario->phases[phase_number];
    size_t named = scenario->gate.metric_count;
    size_t most = named > 0 ? named : 3 * phase->entry_count + 1;
    struct choosing choosing = {scenario, margin, set, comparison};
    *set = (struct tg_gated_set){
        .scenario = scenario,
        .phase = phase_number,
        .cpus = cpus_of(phase),
        .items = tg_arena_array(&scenario->arena, most, sizeof *set->items),
        .stall_ns = tg_arena_array(&scenario->arena, phase->entry_count, sizeof *set->stall_ns),
    };
    comparison->metrics = tg_arena_array(&comparison->arena, most, sizeof *comparison->metrics);
    name_operations(scenario, phase, comparison);
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < named; i++) {
        if (check_metric(scenario, phase, &scenario->gate.metrics[i], diags))
            add_metric(&choosing, &scenario->gate.metrics[i]);
        else
            status = TG_INVALID;
    }
    if (named == 0)
        add_usual(&choosing);
    return status;
}

bool tg_gated_needs(const struct tg_gated_set *set, enum tg_loop_kind loop)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].loop == loop)
            return true;
    return false;
}

/* ---- values ---- */

bool tg_gated_takes_part(const struct tg_gated_set *set, const struct tg_gated *gated, size_t op)
{
    bool meant = gated->place < 0 || (size_t)gated->place == op;
    return meant && (gated->metric.kind != TG_METRIC_STALLS || set->stall_ns[op] > 0);
}

bool tg_gated_contaminated(const struct tg_gated_set *set, const struct tg_slice_pairs *pairs,
                           uint32_t pair)
{
    int64_t both_ns =
        pairs->slices[TG_BEFORE][pair].elapsed_ns + pairs->slices[TG_AFTER][pair].elapsed_ns;
    return pairs->steal_ns[pair] > both_ns / 4 * 3 * set->cpus;
}

/* What is known of some slices of one side; each operation has a histogram of its own, because
 * each has a limit of its own for stalls. */
struct merged {
    struct tg_hdr **ops;
    size_t op_count;
    int64_t elapsed_ns;
    bool single;             /* one slice, and so few operations */
    int64_t least_undone_ns; /* struct tg_slice */
};

/* What a side's slices say of a metric. */
struct reading {
    double value;  /* NaN: nothing */
    bool at_least; /* operations were left undone, and the true value is this or more */
};

static void merged_init(struct merged *merged, size_t op_count)
{
    *merged =
        (struct merged){.ops = tg_calloc(op_count, sizeof *merged->ops), .op_count = op_count};
    for (size_t op = 0; op < op_count; op++)
        merged->ops[op] = tg_hdr_new(&tg_hdr_latency_ns);
}

static void merged_free(struct merged *merged)
{
    for (size_t op = 0; op < merged->op_count; op++)
        free(merged->ops[op]);
    free(merged->ops);
}

/* Operations beyond their limits; *total: all that have one. */
static int64_t count_stalls(const struct tg_gated_set *set, const struct tg_gated *gated,
                            const struct merged *merged, int64_t *total)
{
    int64_t beyond = 0;
    *total = 0;
    for (size_t op = 0; op < merged->op_count; op++) {
        if (!tg_gated_takes_part(set, gated, op))
            continue;
        beyond += tg_hdr_count_above(merged->ops[op], set->stall_ns[op]);
        *total += merged->ops[op]->total;
    }
    return beyond;
}

static double stall_share(const struct tg_gated_set *set, const struct tg_gated *gated,
                          const struct merged *merged)
{
    int64_t total;
    int64_t beyond = count_stalls(set, gated, merged, &total);
    return tg_share_beyond(beyond, total);
}

/* `scratch` is any histogram of latencies. */
static double value_of(const struct tg_gated_set *set, const struct tg_gated *gated,
                       const struct merged *merged, struct tg_hdr *scratch)
{
    const struct tg_hdr *hdr = scratch;
    if (gated->metric.kind == TG_METRIC_STALLS)
        return stall_share(set, gated, merged);
    if (gated->place >= 0) {
        hdr = merged->ops[gated->place];
    } else {
        tg_hdr_reset(scratch);
        for (size_t op = 0; op < merged->op_count; op++)
            tg_hdr_add(scratch, merged->ops[op]);
    }
    if (hdr->total == 0)
        return NAN;
    if (gated->metric.kind == TG_METRIC_RATE)
        return merged->elapsed_ns > 0 ? (double)hdr->total * 1e9 / (double)merged->elapsed_ns : NAN;
    if (gated->metric.kind == TG_METRIC_MEAN)
        return tg_hdr_mean(hdr);
    /* The nearest rank of few jumps where one more operation moves it, and the faster side has more
     * of them: unchanged percentiles would differ between the sides. */
    return merged->single ? tg_hdr_quantile(hdr, gated->metric.percentile)
                          : (double)tg_hdr_percentile(hdr, gated->metric.percentile);
}

/* A percentile among the waits of what was left undone is a lower bound, and so is a mean that they
 * are in. Below them all it is as exact as any. */
static struct reading reading_of(const struct tg_gated_set *set, const struct tg_gated *gated,
                                 const struct merged *merged, struct tg_hdr *scratch)
{
    struct reading reading = {.value = value_of(set, gated, merged, scratch)};
    int64_t undone_ns = merged->least_undone_ns;
    reading.at_least = undone_ns > 0 &&
                       (gated->metric.kind == TG_METRIC_MEAN || reading.value >= (double)undone_ns);
    return reading;
}

/* Two lower bounds say nothing about each other. One is kept: a side that left operations undone is
 * that much slower at least, and must not go unmeasured for it. */
static void drop_bounds(const struct reading sides[TG_SIDES], double *before, double *after)
{
    bool unknown = sides[TG_BEFORE].at_least && sides[TG_AFTER].at_least;
    *before = unknown ? NAN : sides[TG_BEFORE].value;
    *after = unknown ? NAN : sides[TG_AFTER].value;
}

struct recording { /* of one launch */
    const struct tg_gated_set *set;
    const struct tg_launch *launch;
    struct tg_comparison *comparison;
    size_t number;
    struct tg_hdr *scratch;
    struct reading *slices[TG_SIDES]; /* metric * room + pair that counts */
    struct reading *pooled[TG_SIDES]; /* by metric */
    uint32_t room;
    int64_t *stalls; /* per metric, both sides together; 0 for all but stalls */
};

static void record_slice(struct recording *recording, enum tg_loop_kind loop, enum tg_side side,
                         const struct tg_slice *slice, uint32_t pair)
{
    const struct merged one = {.ops = slice->ops,
                               .op_count = recording->launch->op_count,
                               .elapsed_ns = slice->elapsed_ns,
                               .single = true,
                               .least_undone_ns = slice->least_undone_ns};
    for (size_t i = 0; i < recording->set->count; i++)
        if (recording->set->items[i].loop == loop && !recording->comparison->metrics[i].why_not)
            recording->slices[side][i * recording->room + pair] =
                reading_of(recording->set, &recording->set->items[i], &one, recording->scratch);
}

/* One kind of slices on one side; returns how many pairs counted. */
static uint32_t record_side(struct recording *recording, enum tg_loop_kind loop, enum tg_side side)
{
    const struct tg_slice_pairs *pairs = &recording->launch->pairs[loop];
    struct tg_comparison *comparison = recording->comparison;
    struct tg_compared_launch *launch = &comparison->launches[recording->number];
    struct merged merged;
    uint32_t counted = 0;
    merged_init(&merged, recording->launch->op_count);
    for (uint32_t i = 0; i < pairs->count; i++) {
        const struct tg_slice *slice = &pairs->slices[side][i];
        launch->operations[side] += slice->succeeded + slice->failed;
        launch->failed[side] += slice->failed;
        if (tg_gated_contaminated(recording->set, pairs, i))
            continue;
        for (size_t op = 0; op < merged.op_count; op++)
            tg_hdr_add(merged.ops[op], slice->ops[op]);
        merged.elapsed_ns += slice->elapsed_ns;
        if (slice->undone > 0 &&
            (merged.least_undone_ns == 0 || slice->least_undone_ns < merged.least_undone_ns))
            merged.least_undone_ns = slice->least_undone_ns;
        record_slice(recording, loop, side, slice, counted++);
    }
    for (size_t i = 0; i < recording->set->count; i++) {
        const struct tg_gated *gated = &recording->set->items[i];
        int64_t total;
        if (gated->loop != loop || comparison->metrics[i].why_not)
            continue;
        recording->pooled[side][i] = reading_of(recording->set, gated, &merged, recording->scratch);
        if (gated->metric.kind == TG_METRIC_STALLS)
            recording->stalls[i] += count_stalls(recording->set, gated, &merged, &total);
    }
    for (size_t op = 0; loop == TG_CLOSED_LOOP && op < merged.op_count; op++) {
        struct tg_compared_op_value *value = &comparison->ops[op].values[recording->number];
        value->operations[side] = merged.ops[op]->total;
        value->mean_ns[side] = merged.ops[op]->total > 0 ? tg_hdr_mean(merged.ops[op]) : NAN;
    }
    merged_free(&merged);
    return counted;
}

/* Both sides together: given their sum, which side's they are says nothing of whether they count. A
 * rule for each side, or for the larger number, would keep the launches in which the faster side
 * had more by chance. */
static void leave_out_few_stalls(struct recording *recording)
{
    for (size_t i = 0; i < recording->set->count; i++) {
        struct tg_compared_metric *metric = &recording->comparison->metrics[i];
        if (recording->set->items[i].metric.kind != TG_METRIC_STALLS || metric->why_not ||
            recording->stalls[i] >= TG_STALLS_COUNTED)
            continue;
        for (int side = 0; side < TG_SIDES; side++)
            metric->values[recording->number].pooled[side] = NAN;
    }
}

static void record_platform(const struct tg_gated_set *set, const struct tg_slice_pairs *pairs,
                            struct tg_compared_launch *launch)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        launch->pairs++;
        launch->pairs_dropped += tg_gated_contaminated(set, pairs, i);
        if (pairs->steal_ns[i] >= 0)
            launch->steal_ns = (launch->steal_ns < 0 ? 0 : launch->steal_ns) + pairs->steal_ns[i];
    }
}

/* The mean over the pairs that count: as the rate does, it holds all the time that was lost. */
static int64_t yardstick_of(const struct tg_gated_set *set, const struct tg_launch *launch)
{
    int64_t sum_ns = 0;
    int64_t count = 0;
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++) {
        const struct tg_slice_pairs *pairs = &launch->pairs[loop];
        for (uint32_t i = 0; pairs->yardstick_ns && i < pairs->count; i++) {
            if (tg_gated_contaminated(set, pairs, i))
                continue;
            sum_ns += pairs->yardstick_ns[i];
            count++;
        }
    }
    return count > 0 ? sum_ns / count : 0;
}

/* Both sides of one metric. `before` and `after` have room for `pairs` numbers, scratch as well. */
static void record_metric(const struct recording *recording, size_t i, uint32_t pairs,
                          double *before, double *after, double *scratch)
{
    struct tg_compared_metric *metric = &recording->comparison->metrics[i];
    struct tg_compared_value *value = &metric->values[recording->number];
    const struct reading pooled[TG_SIDES] = {recording->pooled[TG_BEFORE][i],
                                             recording->pooled[TG_AFTER][i]};
    drop_bounds(pooled, &value->pooled[TG_BEFORE], &value->pooled[TG_AFTER]);
    if (metric->pooled_only)
        return;
    for (uint32_t pair = 0; pair < pairs; pair++) {
        size_t at = i * recording->room + pair;
        const struct reading sides[TG_SIDES] = {recording->slices[TG_BEFORE][at],
                                                recording->slices[TG_AFTER][at]};
        drop_bounds(sides, &before[pair], &after[pair]);
    }
    value->typical = tg_launch_estimate(value->pooled[TG_BEFORE], value->pooled[TG_AFTER], before,
                                        after, pairs, metric->direction, scratch)
                         .typical;
}

void tg_gated_record(const struct tg_gated_set *set, const struct tg_launch *launch,
                     struct tg_comparison *comparison, size_t number)
{
    uint32_t room = 1;
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++)
        room = launch->pairs[loop].count > room ? launch->pairs[loop].count : room;
    struct recording recording = {
        .set = set,
        .launch = launch,
        .comparison = comparison,
        .number = number,
        .scratch = tg_hdr_new(&tg_hdr_latency_ns),
        .room = room,
        .stalls = tg_calloc(set->count, sizeof *recording.stalls),
    };
    for (int side = 0; side < TG_SIDES; side++) {
        recording.slices[side] = tg_calloc(set->count * room, sizeof *recording.slices[side]);
        recording.pooled[side] = tg_calloc(set->count, sizeof *recording.pooled[side]);
    }
    double *numbers = tg_calloc(3 * (size_t)room, sizeof *numbers);
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++) {
        uint32_t counted = record_side(&recording, (enum tg_loop_kind)loop, TG_BEFORE);
        (void)record_side(&recording, (enum tg_loop_kind)loop, TG_AFTER);
        record_platform(set, &launch->pairs[loop], &comparison->launches[number]);
        for (size_t i = 0; i < set->count; i++)
            if ((int)set->items[i].loop == loop && !comparison->metrics[i].why_not)
                record_metric(&recording, i, counted, numbers, numbers + room,
                              numbers + 2 * (size_t)room);
    }
    leave_out_few_stalls(&recording);
    comparison->launches[number].yardstick_ns = yardstick_of(set, launch);
    free(numbers);
    free(recording.stalls);
    for (int side = 0; side < TG_SIDES; side++) {
        free(recording.slices[side]);
        free(recording.pooled[side]);
    }
    free(recording.scratch);
}
