#include "cli/gate_measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"

static const double USUAL_MARGIN = 0.05;

/* ---- which metrics ---- */

static int32_t place_of(const struct tg_phase *phase, int32_t op)
{
    for (size_t i = 0; i < phase->entry_count; i++)
        if ((int32_t)phase->entries[i].op == op)
            return (int32_t)i;
    return -1;
}

/* Whether a margin's name means `metric`, but for the operation: a gate has service times only. */
static bool same_figure(const struct tg_metric *named, const struct tg_metric *metric)
{
    bool service = named->latency == TG_LATENCY_DEFAULT || named->latency == TG_LATENCY_SERVICE;
    return named->kind == metric->kind && named->percentile == metric->percentile && service;
}

static double margin_of(struct tg_scenario *scenario, const struct tg_metric *metric)
{
    double margin = USUAL_MARGIN;
    for (size_t i = 0; i < scenario->gate.margin_count; i++) {
        const struct tg_named_margin *named = &scenario->gate.margins[i];
        struct tg_metric parsed;
        const char *why, *hint;
        if (!tg_metric_parse(scenario, named->name, &parsed, &why, &hint) ||
            !same_figure(&parsed, metric))
            continue;
        if (parsed.op == metric->op)
            return named->fraction;
        if (parsed.op < 0)
            margin = named->fraction;
    }
    return margin;
}

static bool gateable_kind(const struct tg_metric *metric)
{
    bool latency = metric->kind == TG_METRIC_PERCENTILE || metric->kind == TG_METRIC_MEAN;
    bool service = metric->latency == TG_LATENCY_DEFAULT || metric->latency == TG_LATENCY_SERVICE;
    return (latency && service) || metric->kind == TG_METRIC_RATE;
}

static enum tg_status add_metric(struct tg_gated_set *set, const struct tg_metric *metric,
                                 struct tg_diags *diags)
{
    const struct tg_phase *phase = &set->scenario->phases[set->phase];
    struct tg_place at = {.path = set->scenario->path};
    int32_t place = place_of(phase, metric->op);
    if (!gateable_kind(metric)) {
        tg_diag_hint(tg_diag_error(diags, at, "\"%s\" cannot be gated", metric->text),
                     "service-time percentiles, means and rates can");
        return TG_INVALID;
    }
    if (metric->op >= 0 && place < 0) {
        tg_diag_hint(
            tg_diag_error(diags, at, "phase %s does not measure \"%s\"", phase->name, metric->text),
            "choose another phase with --phase");
        return TG_INVALID;
    }
    struct tg_gated *gated = &set->items[set->count++];
    *gated = (struct tg_gated){
        .name = metric->text,
        .metric = *metric,
        .place = place,
        .direction = metric->kind == TG_METRIC_RATE ? TG_HIGHER_IS_BETTER : TG_LOWER_IS_BETTER,
        .margin = margin_of(set->scenario, metric),
    };
    return TG_OK;
}

static enum tg_status add_usual(struct tg_gated_set *set, struct tg_scenario *scenario,
                                struct tg_diags *diags)
{
    static const char *const percentiles[] = {"p50", "p95", "p99"};
    const struct tg_phase *phase = &scenario->phases[set->phase];
    const char *why, *hint;
    struct tg_metric metric;
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < phase->entry_count * 3 && status == TG_OK; i++) {
        const char *text =
            tg_arena_format(&scenario->arena, "%s.%s", scenario->ops[phase->entries[i / 3].op].name,
                            percentiles[i % 3]);
        if (tg_metric_parse(scenario, text, &metric, &why, &hint))
            status = add_metric(set, &metric, diags);
    }
    if (status == TG_OK && tg_metric_parse(scenario, "rate", &metric, &why, &hint))
        status = add_metric(set, &metric, diags);
    return status;
}

enum tg_status tg_gated_choose(struct tg_scenario *scenario, uint32_t phase,
                               struct tg_gated_set *set, struct tg_diags *diags)
{
    size_t named = scenario->gate.metric_count;
    size_t most = named > 0 ? named : 3 * scenario->phases[phase].entry_count + 1;
    *set = (struct tg_gated_set){
        .scenario = scenario,
        .phase = phase,
        .items = tg_arena_array(&scenario->arena, most, sizeof *set->items),
    };
    if (named == 0)
        return add_usual(set, scenario, diags);
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < named; i++)
        if (add_metric(set, &scenario->gate.metrics[i], diags) != TG_OK)
            status = TG_INVALID;
    return status;
}

/* ---- values ---- */

/* Adds the metric's histograms of one slice to `into`. */
static void add_slice(const struct tg_gated *gated, const struct tg_launch *launch,
                      const struct tg_slice *slice, struct tg_hdr *into)
{
    for (size_t op = 0; op < launch->op_count; op++)
        if (gated->place < 0 || (size_t)gated->place == op)
            tg_hdr_add(into, slice->ops[op]);
}

static double value_of(const struct tg_gated *gated, const struct tg_hdr *hdr, int64_t elapsed_ns)
{
    if (hdr->total == 0)
        return NAN;
    if (gated->metric.kind == TG_METRIC_RATE)
        return elapsed_ns > 0 ? (double)hdr->total * 1e9 / (double)elapsed_ns : NAN;
    if (gated->metric.kind == TG_METRIC_MEAN)
        return tg_hdr_mean(hdr);
    return (double)tg_hdr_percentile(hdr, gated->metric.percentile);
}

/* Looks at the platform only, never at what was measured; fixed before anything was. */
static bool contaminated(const struct tg_launch *launch, uint32_t pair)
{
    int64_t both_ns =
        launch->slices[TG_BEFORE][pair].elapsed_ns + launch->slices[TG_AFTER][pair].elapsed_ns;
    return launch->steal_ns[pair] > both_ns / 10;
}

static struct tg_launch_estimate estimate_one(struct tg_gated_set *set, struct tg_gated *gated,
                                              const struct tg_launch *launch, bool count)
{
    struct tg_hdr *pooled[TG_SIDES];
    struct tg_hdr *slice_hdr = tg_hdr_new(&tg_hdr_latency_ns);
    double *values = calloc((size_t)launch->pairs * 3 + 1, sizeof *values);
    double pooled_value[TG_SIDES];
    size_t pairs = 0;
    if (!values)
        abort();
    for (int side = 0; side < TG_SIDES; side++) {
        int64_t elapsed_ns = 0;
        pooled[side] = tg_hdr_new(&tg_hdr_latency_ns);
        pairs = 0;
        for (uint32_t i = 0; i < launch->pairs; i++) {
            const struct tg_slice *slice = &launch->slices[side][i];
            if (contaminated(launch, i))
                continue;
            tg_hdr_reset(slice_hdr);
            add_slice(gated, launch, slice, slice_hdr);
            tg_hdr_add(pooled[side], slice_hdr);
            elapsed_ns += slice->elapsed_ns;
            values[(size_t)side * launch->pairs + pairs++] =
                value_of(gated, slice_hdr, slice->elapsed_ns);
        }
        pooled_value[side] = value_of(gated, pooled[side], elapsed_ns);
        if (count && set->launches < TG_GATE_LAUNCHES_MAX)
            gated->values[side][set->launches] = pooled_value[side];
    }
    struct tg_launch_estimate estimate = tg_launch_estimate(
        pooled_value[TG_BEFORE], pooled_value[TG_AFTER], values, values + launch->pairs, pairs,
        gated->direction, values + 2 * (size_t)launch->pairs);
    free(pooled[TG_BEFORE]);
    free(pooled[TG_AFTER]);
    free(slice_hdr);
    free(values);
    return estimate;
}

void tg_gated_estimate(struct tg_gated_set *set, const struct tg_launch *launch, bool count,
                       struct tg_launch_estimate *estimates)
{
    size_t next = 0;
    for (size_t i = 0; i < set->count; i++)
        if (!set->items[i].why_not)
            estimates[next++] = estimate_one(set, &set->items[i], launch, count);
    for (uint32_t i = 0; i < launch->pairs; i++) {
        set->pairs_seen++;
        set->pairs_dropped += contaminated(launch, i);
    }
    set->launches += count;
}

int64_t tg_gated_failed(const struct tg_launch *launch, enum tg_side side)
{
    int64_t failed = 0;
    for (uint32_t i = 0; i < launch->pairs; i++)
        failed += launch->slices[side][i].failed;
    return failed;
}

/* ---- enough operations? ---- */

/* Operations of the metric in a launch, on the side that has fewer. */
static int64_t operations(const struct tg_gated *gated, const struct tg_launch *launch)
{
    int64_t fewest = INT64_MAX;
    for (int side = 0; side < TG_SIDES; side++) {
        int64_t total = 0;
        for (uint32_t i = 0; i < launch->pairs; i++)
            for (size_t op = 0; op < launch->op_count; op++)
                if (gated->place < 0 || (size_t)gated->place == op)
                    total += launch->slices[side][i].ops[op]->total;
        fewest = total < fewest ? total : fewest;
    }
    return fewest;
}

static double shortfall(const struct tg_gated *gated, const struct tg_launch *pilot)
{
    if (gated->metric.kind != TG_METRIC_PERCENTILE || gated->metric.percentile >= 100)
        return 1;
    int64_t seen = operations(gated, pilot);
    int64_t needed = tg_operations_needed(gated->metric.percentile, TG_EXCEEDANCES);
    return seen > 0 ? (double)needed / (double)seen : INFINITY;
}

double tg_gated_stretch(const struct tg_gated_set *set, const struct tg_launch *pilot, double most)
{
    double stretch = 1;
    for (size_t i = 0; i < set->count; i++) {
        double needed = shortfall(&set->items[i], pilot);
        if (needed <= most && needed > stretch)
            stretch = needed;
    }
    return stretch;
}

size_t tg_gated_exclude(struct tg_gated_set *set, const struct tg_launch *pilot, double factor)
{
    size_t left = 0;
    for (size_t i = 0; i < set->count; i++) {
        struct tg_gated *gated = &set->items[i];
        if (shortfall(gated, pilot) > factor) {
            char expected[TG_UNIT_TEXT], needed[TG_UNIT_TEXT];
            gated->why_not = tg_arena_format(
                &set->scenario->arena,
                "a launch would have %s operations, and %d beyond it take %s",
                tg_format_count(llround((double)operations(gated, pilot) * factor), expected),
                TG_EXCEEDANCES,
                tg_format_count(tg_operations_needed(gated->metric.percentile, TG_EXCEEDANCES),
                                needed));
        }
        left += gated->why_not == NULL;
    }
    return left;
}

double tg_gated_median(const struct tg_gated_set *set, const struct tg_gated *gated,
                       enum tg_side side)
{
    double sorted[TG_GATE_LAUNCHES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < set->launches && i < TG_GATE_LAUNCHES_MAX; i++)
        if (!isnan(gated->values[side][i]))
            sorted[count++] = gated->values[side][i];
    return tg_median(sorted, count);
}
