#include "baselines/standing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "compare/holm.h"
#include "compare/median.h"
#include "runner/scenario/scenario.h"

/* ---- gated metrics ---- */

/* Of each bound, and of all lost leads together. */
static const double LEVEL = 0.005;

/* What follows the name of the metric's operation: "p99" of "get.p99". NULL: of all operations. */
static const char *after_operation(const struct tg_comparison *comparison, const char *metric,
                                   const char **operation)
{
    for (size_t i = 0; i < comparison->op_count; i++) {
        const char *name = comparison->ops[i].name;
        size_t length = strlen(name);
        if (strncmp(metric, name, length) == 0 && metric[length] == '.') {
            *operation = name;
            return metric + length + 1;
        }
    }
    return NULL;
}

/* The operation and the figure that a metric is about; false: none that anybody publishes. */
static bool published_kind(const struct tg_comparison *comparison,
                           const struct tg_compared_metric *metric, const char **operation,
                           enum tg_figure *figure)
{
    static const char *const latencies[] = {"service.", "response."};
    const bool alone = comparison->op_count == 1;
    const char *kind = after_operation(comparison, metric->name, operation);
    if (!kind && alone) {
        kind = metric->name;
        *operation = comparison->ops[0].name;
    }
    if (!kind)
        return false;
    for (size_t i = 0; i < sizeof latencies / sizeof *latencies; i++)
        if (tg_starts_with(kind, latencies[i]))
            kind += strlen(latencies[i]);
    for (int i = 0; i < TG_FIGURE_COUNT; i++) {
        *figure = (enum tg_figure)i;
        if (strcmp(kind, tg_figure_name(*figure)) == 0)
            return *figure != TG_FIGURE_RATE || (alone && !metric->open_loop);
    }
    return false;
}

/* What the launches of a side say, as far as they say something: *count of them. */
static double *values_of(const struct tg_comparison *comparison,
                         const struct tg_compared_metric *metric, enum tg_side side,
                         struct tg_arena *scratch, size_t *count)
{
    double *values = tg_arena_array(scratch, comparison->launch_count + 1, sizeof *values);
    *count = 0;
    for (size_t i = 0; i < comparison->launch_count; i++) {
        double value = metric->values[i].pooled[side];
        if (isfinite(value) && value > 0)
            values[(*count)++] = value;
    }
    return values;
}

static struct tg_measured measured(double *values, size_t count)
{
    struct tg_interval interval = tg_median_interval(values, count, LEVEL);
    return (struct tg_measured){
        .value = interval.estimate, .low = interval.lower, .high = interval.upper};
}

/* Of the sign test that the median is `ahead` of their better end, or, the other way round, that it
 * is not. */
static double sign_p(const struct tg_standing *standing, const double *values, size_t count,
                     bool ahead)
{
    const struct tg_published theirs = standing->competitor->figures[standing->figure];
    const bool rate = standing->figure == TG_FIGURE_RATE;
    size_t against = 0;
    for (size_t i = 0; i < count; i++) {
        bool better = rate ? values[i] > theirs.high : values[i] < theirs.low;
        against += better != ahead;
    }
    return tg_sign_p(against, count);
}

/* A lead is lost only where there was one and is none any more: the weaker evidence counts (Berger
 * 1982, intersection-union test). */
static double compare(const struct tg_comparison *comparison,
                      const struct tg_compared_metric *metric, struct tg_standing *standing,
                      struct tg_arena *scratch)
{
    const struct tg_published theirs = standing->competitor->figures[standing->figure];
    double p[TG_SIDES];
    for (int side = 0; side < TG_SIDES; side++) {
        size_t count;
        double *values = values_of(comparison, metric, (enum tg_side)side, scratch, &count);
        standing->ours[side] = measured(values, count);
        standing->positions[side] = tg_position(standing->figure, standing->ours[side], theirs);
        p[side] = sign_p(standing, values, count, side == TG_BEFORE);
    }
    standing->lead =
        tg_lead(standing->figure, standing->ours[TG_BEFORE], standing->ours[TG_AFTER], theirs);
    return fmax(p[TG_BEFORE], p[TG_AFTER]);
}

/* Of many leads one may look lost by chance: what does not stand up to that is in doubt. */
static void correct(struct tg_standing *standings, const double *p, size_t count,
                    struct tg_arena *scratch)
{
    double *adjusted = tg_arena_array(scratch, count + 1, sizeof *adjusted);
    tg_holm_adjust(p, adjusted, tg_arena_array(scratch, count + 1, sizeof(size_t)), count);
    for (size_t i = 0; i < count; i++)
        if (standings[i].lead == TG_LEAD_LOST && adjusted[i] > LEVEL)
            standings[i].lead = TG_LEAD_IN_DOUBT;
}

static bool says_something(const struct tg_standing *standing)
{
    return standing->positions[TG_BEFORE].relation != TG_RELATION_NONE ||
           standing->positions[TG_AFTER].relation != TG_RELATION_NONE;
}

/* ---- plain runs ---- */

static const struct tg_phase_result *phase_named(const struct tg_result *run, const char *name)
{
    for (size_t i = 0; i < run->phase_count; i++)
        if (strcmp(run->phases[i].name, name) == 0)
            return &run->phases[i];
    return NULL;
}

const char *tg_standing_why_not(const struct tg_result *run, const char *phase,
                                struct tg_arena *arena)
{
    const struct tg_phase_result *measured_in = phase_named(run, phase);
    if (!measured_in)
        return tg_arena_format(arena, "it has no phase \"%s\"", phase);
    if (measured_in->interrupted)
        return "it was interrupted";
    return measured_in->invalid ? tg_arena_strdup(arena, measured_in->invalid) : NULL;
}

/* NaN: it has none that is the store's own. */
static double rate_of_run(const struct tg_phase_result *phase, const char *operation)
{
    const struct tg_metric metric = {.kind = TG_METRIC_RATE};
    return phase->open_loop || phase->op_count > 1 ? NAN
                                                   : tg_result_metric(phase, &metric, operation);
}

static double latency_of_run(const struct tg_phase_result *phase, const char *operation,
                             enum tg_figure figure, bool *weak)
{
    const struct tg_metric count = {.kind = TG_METRIC_COUNT};
    const struct tg_metric percentile = {.kind = TG_METRIC_PERCENTILE,
                                         .percentile = figure == TG_FIGURE_P50 ? 50 : 99};
    const double share = (100 - percentile.percentile) / 100;
    double beyond = share * tg_result_metric(phase, &count, operation);
    /* Those that were never started have waited longest, and are in no histogram. */
    double unstarted = (double)(phase->offered - phase->issued);
    *weak = beyond < 10;
    if (!(beyond >= 1) || unstarted > share * (double)phase->offered)
        return NAN;
    return tg_result_metric(phase, &percentile, operation);
}

static void compare_run(const struct tg_phase_result *phase, enum tg_side side,
                        struct tg_standing *standing)
{
    const enum tg_figure figure = standing->figure;
    double value = figure == TG_FIGURE_RATE
                       ? rate_of_run(phase, standing->operation)
                       : latency_of_run(phase, standing->operation, figure, &standing->weak[side]);
    standing->rate_per_s = phase->rate_per_s;
    standing->ours[side].value = value;
    standing->positions[side] =
        tg_position(figure, (struct tg_measured){.value = value, .low = value, .high = value},
                    standing->competitor->figures[figure]);
}

static void compare_runs(const char *phase_name, const struct tg_result *const runs[TG_SIDES],
                         struct tg_standing *standing)
{
    for (int side = 0; side < TG_SIDES; side++) {
        const struct tg_phase_result *phase =
            runs[side] ? phase_named(runs[side], phase_name) : NULL;
        standing->ours[side] =
            (struct tg_measured){.value = NAN, .low = -INFINITY, .high = INFINITY};
        standing->positions[side] =
            (struct tg_position){.relation = TG_RELATION_NONE, .advantage = NAN};
        if (phase && !phase->invalid && !phase->interrupted)
            compare_run(phase, (enum tg_side)side, standing);
    }
    standing->lead = tg_lead(standing->figure, standing->ours[TG_BEFORE], standing->ours[TG_AFTER],
                             standing->competitor->figures[standing->figure]);
}

/* ---- all of them ---- */

struct list {
    struct tg_standing *items;
    size_t count;
};

static void add_gated(const struct tg_comparison *comparison,
                      const struct tg_competitors *competitors, struct list *list)
{
    struct tg_arena scratch = {0};
    double *p =
        tg_arena_array(&scratch, comparison->metric_count * competitors->count + 1, sizeof *p);
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        const char *operation;
        enum tg_figure figure;
        if (metric->why_not || !published_kind(comparison, metric, &operation, &figure))
            continue;
        for (size_t j = 0; j < competitors->count; j++) {
            struct tg_standing *standing = &list->items[list->count];
            *standing = (struct tg_standing){.competitor = &competitors->items[j],
                                             .operation = operation,
                                             .metric = metric->name,
                                             .figure = figure};
            if (!tg_competitor_applies(standing->competitor, operation))
                continue;
            p[list->count] = compare(comparison, metric, standing, &scratch);
            list->count += says_something(standing);
        }
    }
    correct(list->items, p, list->count, &scratch);
    tg_arena_free(&scratch);
}

static bool is_covered(const struct list *list, size_t gated, const struct tg_standing *standing)
{
    for (size_t i = 0; i < gated; i++)
        if (list->items[i].competitor == standing->competitor &&
            list->items[i].figure == standing->figure &&
            strcmp(list->items[i].operation, standing->operation) == 0)
            return true;
    return false;
}

static void add_of_runs(const struct tg_comparison *comparison,
                        const struct tg_result *const runs[TG_SIDES],
                        const struct tg_competitor *competitor, const char *operation,
                        struct tg_arena *arena, size_t gated, struct list *list)
{
    for (int i = 0; i < TG_FIGURE_COUNT; i++) {
        struct tg_standing *standing = &list->items[list->count];
        *standing = (struct tg_standing){.competitor = competitor,
                                         .operation = operation,
                                         .figure = (enum tg_figure)i,
                                         .of_runs = true};
        if (is_covered(list, gated, standing))
            continue;
        compare_runs(comparison->phase, runs, standing);
        if (!says_something(standing))
            continue;
        standing->metric =
            tg_arena_format(arena, "%s.%s", operation, tg_figure_name(standing->figure));
        list->count++;
    }
}

void tg_standings(const struct tg_comparison *comparison,
                  const struct tg_result *const runs[TG_SIDES],
                  const struct tg_competitors *competitors, struct tg_arena *arena,
                  struct tg_standing **standings, size_t *count)
{
    const size_t most =
        (comparison->metric_count + comparison->op_count * TG_FIGURE_COUNT) * competitors->count;
    struct list list = {.items = tg_arena_array(arena, most + 1, sizeof *list.items)};
    add_gated(comparison, competitors, &list);
    const size_t gated = list.count;
    for (size_t i = 0; i < comparison->op_count; i++)
        for (size_t j = 0; j < competitors->count; j++)
            if (tg_competitor_applies(&competitors->items[j], comparison->ops[i].name))
                add_of_runs(comparison, runs, &competitors->items[j], comparison->ops[i].name,
                            arena, gated, &list);
    *standings = list.items;
    *count = list.count;
}
