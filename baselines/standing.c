#include "baselines/standing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "compare/signed_rank.h"

static const double LEVEL = 0.005; /* of each bound */

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

static struct tg_measured measured(const struct tg_comparison *comparison,
                                   const struct tg_compared_metric *metric, enum tg_side side,
                                   struct tg_arena *scratch)
{
    double *logs = tg_arena_array(scratch, comparison->launch_count + 1, sizeof *logs);
    size_t count = 0;
    for (size_t i = 0; i < comparison->launch_count; i++) {
        double value = metric->values[i].pooled[side];
        if (isfinite(value) && value > 0)
            logs[count++] = log(value);
    }
    double *walsh = tg_arena_array(scratch, tg_walsh_count(count) + 1, sizeof *walsh);
    struct tg_interval interval = tg_signed_rank_interval(logs, count, LEVEL, walsh);
    /* exp(-infinity) is 0, below which no figure of ours can be. */
    return (struct tg_measured){
        .value = exp(interval.estimate), .low = exp(interval.lower), .high = exp(interval.upper)};
}

static void compare(const struct tg_comparison *comparison, const struct tg_compared_metric *metric,
                    struct tg_standing *standing, struct tg_arena *scratch)
{
    const struct tg_published theirs = standing->competitor->figures[standing->figure];
    for (int side = 0; side < TG_SIDES; side++) {
        standing->ours[side] = measured(comparison, metric, (enum tg_side)side, scratch);
        standing->positions[side] = tg_position(standing->figure, standing->ours[side], theirs);
    }
    standing->lead =
        tg_lead(standing->figure, standing->ours[TG_BEFORE], standing->ours[TG_AFTER], theirs);
}

void tg_standings(const struct tg_comparison *comparison, const struct tg_competitors *competitors,
                  struct tg_arena *arena, struct tg_standing **standings, size_t *count)
{
    struct tg_arena scratch = {0};
    *count = 0;
    *standings = tg_arena_array(arena, comparison->metric_count * competitors->count + 1,
                                sizeof **standings);
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        const char *operation;
        enum tg_figure figure;
        if (metric->why_not || !published_kind(comparison, metric, &operation, &figure))
            continue;
        for (size_t j = 0; j < competitors->count; j++) {
            struct tg_standing *standing = &(*standings)[*count];
            *standing = (struct tg_standing){
                .competitor = &competitors->items[j], .metric = metric->name, .figure = figure};
            if (!tg_competitor_applies(standing->competitor, operation))
                continue;
            compare(comparison, metric, standing, &scratch);
            if (standing->positions[TG_BEFORE].relation != TG_RELATION_NONE ||
                standing->positions[TG_AFTER].relation != TG_RELATION_NONE)
                (*count)++;
        }
    }
    tg_arena_free(&scratch);
}
