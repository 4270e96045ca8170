/* Charts of one run: its latencies, its targets. */
#include "reports/figures/chart_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/figures/chart_make.h"
#include "reports/run/target_text.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- latency by percentile ---- */

enum { STEPS_PER_DECADE = 20, MOST_DECADES = 9 };

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Evenly along HdrHistogram's axis, and those that people ask for, up to the last one with ten of
 * `count` operations beyond it. */
static size_t percentiles_of(int64_t count, double *percentiles)
{
    static const double asked[] = {50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999};
    static const double rounding = 1e-9;
    size_t kept = 0;
    double last = 100 - 1000 / (double)count;
    percentiles[kept++] = 0;
    for (size_t i = 0; i < COUNT(asked); i++)
        if (tg_percentile_support(count, asked[i]) == TG_SUPPORT_GOOD)
            percentiles[kept++] = asked[i];
    for (int i = 1; i < STEPS_PER_DECADE * MOST_DECADES; i++) {
        double percentile = 100 - 100 * pow(10, -(double)i / STEPS_PER_DECADE);
        if (percentile <= last && i % STEPS_PER_DECADE != 0) /* those are asked for */
            percentiles[kept++] = percentile;
    }
    qsort(percentiles, kept, sizeof *percentiles, ascending);
    /* Of 1,000 operations it is p99, which is there. */
    if (last > percentiles[kept - 1] + rounding)
        percentiles[kept++] = last;
    return kept;
}

static struct tg_chart_series latency_of(const struct tg_op_result *op, const struct tg_hdr *hdr,
                                         struct tg_arena *arena)
{
    size_t most = STEPS_PER_DECADE * MOST_DECADES + 16;
    double *x = tg_chart_numbers(arena, most);
    double *y = tg_chart_numbers(arena, most);
    size_t count = percentiles_of(hdr->total, x);
    for (size_t i = 0; i < count; i++)
        y[i] = (double)tg_hdr_percentile(hdr, x[i]);
    return (struct tg_chart_series){.name = op->name, .count = count, .x = x, .y = y};
}

struct tg_chart *tg_chart_latency(const struct tg_result *result, size_t phase,
                                  struct tg_arena *arena)
{
    const struct tg_phase_result *of = &result->phases[phase];
    struct tg_chart_series *series = tg_arena_array(arena, of->op_count, sizeof *series);
    size_t count = 0;
    for (size_t i = 0; i < of->op_count; i++) {
        const struct tg_hdr *hdr = tg_chart_latency_of(of, &of->ops[i]);
        if (hdr->total > 0)
            series[count++] = latency_of(&of->ops[i], hdr, arena);
    }
    if (count == 0)
        return NULL;
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_LINES, "latency", of->name,
                                          tg_chart_source_of(result, of->name, arena));
    chart->title = tg_arena_format(arena, "Latency by percentile, phase %s", of->name);
    chart->x = (struct tg_chart_axis){"percentile of operations", TG_CHART_PERCENTILE, false};
    chart->y = (struct tg_chart_axis){tg_chart_latency_name(of), TG_CHART_NS, true};
    tg_chart_set_series(chart, series, count);
    return chart;
}

/* ---- p50, p95, p99 ---- */

struct tg_chart *tg_chart_percentiles(const struct tg_result *result, size_t phase,
                                      struct tg_arena *arena)
{
    static const struct {
        const char *name;
        double percentile;
    } asked[] = {{"p50", 50}, {"p95", 95}, {"p99", 99}};
    const struct tg_phase_result *of = &result->phases[phase];
    const char **names = tg_arena_array(arena, of->op_count, sizeof *names);
    struct tg_chart_series *series = tg_arena_array(arena, COUNT(asked), sizeof *series);
    bool any = false;
    for (size_t i = 0; i < of->op_count; i++)
        names[i] = of->ops[i].name;
    for (size_t k = 0; k < COUNT(asked); k++) {
        double *y = tg_chart_numbers(arena, of->op_count);
        for (size_t i = 0; i < of->op_count; i++) {
            const struct tg_hdr *hdr = tg_chart_latency_of(of, &of->ops[i]);
            if (tg_percentile_support(hdr->total, asked[k].percentile) != TG_SUPPORT_NONE)
                y[i] = (double)tg_hdr_percentile(hdr, asked[k].percentile);
            any |= !isnan(y[i]);
        }
        series[k] = (struct tg_chart_series){.name = asked[k].name, .count = of->op_count, .y = y};
    }
    if (!any)
        return NULL;
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_BARS, "percentiles", of->name,
                                          tg_chart_source_of(result, of->name, arena));
    chart->title = tg_arena_format(arena, "p50, p95 and p99, phase %s", of->name);
    chart->y = (struct tg_chart_axis){tg_chart_latency_name(of), TG_CHART_NS, false};
    tg_chart_set_categories(chart, names, of->op_count);
    tg_chart_set_series(chart, series, COUNT(asked));
    return chart;
}

/* ---- targets ---- */

enum target_kind { DURATIONS, RATES, OTHERS };

static enum target_kind kind_of(const struct tg_target_result *target)
{
    switch (target->metric) {
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
    case TG_METRIC_ELAPSED:
        return DURATIONS;
    case TG_METRIC_RATE:
        return RATES;
    default:
        return OTHERS;
    }
}

static bool in_one_phase(const struct tg_result *result)
{
    for (size_t i = 1; i < result->target_count; i++)
        if (strcmp(result->targets[i].phase, result->targets[0].phase) != 0)
            return false;
    return true;
}

/* "session_get.p99", with "steady: " before it where there are several phases; of `others` with
 * the limit, which their chart does not show. */
static const char *target_label(const struct tg_target_result *target, bool with_phase,
                                bool with_limit, struct tg_arena *arena)
{
    size_t length = with_limit ? strlen(target->text) : strcspn(target->text, "<>=");
    while (length > 0 && target->text[length - 1] == ' ')
        length--;
    return tg_arena_format(arena, "%s%s%.*s", with_phase ? target->phase : "",
                           with_phase ? ": " : "", (int)length, target->text);
}

/* Nothing is allowed, and there was nothing: no share that a bar could show. */
static bool is_nothing_of_nothing(const struct tg_target_result *target)
{
    return target->limit == 0 && target->value == 0;
}

/* Of what has no common unit: the value as a share of its limit. Where nothing is allowed, anything
 * is beyond all limits. */
static double share_of_limit(const struct tg_target_result *target)
{
    if (target->limit != 0)
        return target->value / target->limit;
    return isnan(target->value) ? NAN : INFINITY;
}

static struct tg_chart *target_chart(const struct tg_result *result, enum target_kind kind,
                                     struct tg_arena *arena)
{
    static const struct {
        const char *name, *title, *label;
        enum tg_chart_unit unit;
    } kinds[] = {
        [DURATIONS] = {"targets-durations", "Durations and their targets (less is better)",
                       "duration", TG_CHART_NS},
        [RATES] = {"targets-rates", "Rates and their targets (more is better)", "rate",
                   TG_CHART_PER_S},
        [OTHERS] = {"targets-others", "Other targets: share of the limit that is used",
                    "share of the limit", TG_CHART_FRACTION},
    };
    bool with_phase = !in_one_phase(result);
    const char **labels = tg_arena_array(arena, result->target_count, sizeof *labels);
    double *values = tg_chart_numbers(arena, result->target_count);
    double *limits = tg_chart_numbers(arena, result->target_count);
    bool *missed = tg_arena_array(arena, result->target_count, sizeof *missed);
    size_t count = 0;
    for (size_t i = 0; i < result->target_count; i++) {
        const struct tg_target_result *target = &result->targets[i];
        if (kind_of(target) != kind || (kind == OTHERS && is_nothing_of_nothing(target)))
            continue;
        labels[count] = target_label(target, with_phase, kind == OTHERS, arena);
        values[count] = kind == OTHERS ? share_of_limit(target) : target->value;
        limits[count] = kind != OTHERS ? target->limit : target->limit != 0 ? 1 : NAN;
        missed[count++] = tg_target_standing(result, target) == TG_STANDING_MISSED;
    }
    if (count == 0)
        return NULL;
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_BARS, kinds[kind].name, NULL,
                                          tg_chart_source_of(result, NULL, arena));
    struct tg_chart_series *series = tg_arena_array(arena, 2, sizeof *series);
    series[0] =
        (struct tg_chart_series){.name = "measured", .count = count, .y = values, .bad = missed};
    series[1] = (struct tg_chart_series){
        .name = "target", .style = TG_CHART_LIMIT, .count = count, .y = limits};
    chart->title = kinds[kind].title;
    chart->y = (struct tg_chart_axis){kinds[kind].label, kinds[kind].unit, false};
    tg_chart_set_categories(chart, labels, count);
    tg_chart_set_series(chart, series, 2);
    return chart;
}

size_t tg_chart_targets(const struct tg_result *result, struct tg_arena *arena,
                        struct tg_chart *charts[])
{
    size_t count = 0;
    for (int kind = DURATIONS; kind <= OTHERS; kind++) {
        struct tg_chart *chart = target_chart(result, (enum target_kind)kind, arena);
        if (chart)
            charts[count++] = chart;
    }
    return count;
}
