#include "reports/chart/scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LARGEST = 1e200;     /* so that sums and powers of it are numbers */
static const double MOST_RATIO = 100;    /* of values side by side on a linear scale */
static const double MOST_MEDIANS = 20;   /* of a scale with a sign */
static const double MOST_MARGINS = 10;   /* of a forest */
static const double USUAL_MARGIN = 0.05; /* where a forest has none */

struct extent {                     /* of finite values */
    double low, high;               /* infinite the wrong way round: there is none */
    double smallest_above, largest; /* > 0; likewise */
};

static const struct extent no_extent = {INFINITY, -INFINITY, INFINITY, 0};

static void widen(struct extent *extent, double value)
{
    if (!isfinite(value))
        return;
    value = fmin(fmax(value, -LARGEST), LARGEST);
    if (value > 0)
        value = fmax(value, 1 / LARGEST);
    extent->low = fmin(extent->low, value);
    extent->high = fmax(extent->high, value);
    if (value > 0)
        extent->smallest_above = fmin(extent->smallest_above, value);
    extent->largest = fmax(extent->largest, value);
}

static void widen_all(struct extent *extent, const double *values, size_t count)
{
    for (size_t i = 0; values && i < count; i++)
        widen(extent, values[i]);
}

static struct extent extent_of_values(const struct tg_chart *chart)
{
    struct extent extent = no_extent;
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct tg_chart_series *series = &chart->series[i];
        widen_all(&extent, series->y, series->count);
        widen_all(&extent, series->low, series->count);
        widen_all(&extent, series->high, series->count);
    }
    return extent;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of the finite numbers other than 0, by size; `fallback` where there are none. */
static double median_size(const double *values, size_t count, double fallback)
{
    double *sizes = tg_calloc(count, sizeof *sizes);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (isfinite(values[i]) && values[i] != 0)
            sizes[kept++] = fabs(values[i]);
    qsort(sizes, kept, sizeof *sizes, ascending);
    double median = kept > 0 ? sizes[kept / 2] : fallback;
    free(sizes);
    return median;
}

static double median_of_chart(const struct tg_chart *chart)
{
    size_t count = 0;
    for (size_t i = 0; i < chart->series_count; i++)
        count += chart->series[i].count;
    double *all = tg_calloc(count, sizeof *all);
    size_t at = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        memcpy(all + at, chart->series[i].y, chart->series[i].count * sizeof *all);
        at += chart->series[i].count;
    }
    double median = median_size(all, count, 1);
    free(all);
    return median;
}

static struct tg_scale log_scale(const struct extent *extent)
{
    double top = ceil(log10(extent->largest) - 1e-9);
    double bottom = floor(log10(extent->smallest_above) + 1e-9);
    if (pow(10, bottom) >= extent->smallest_above * (1 - 1e-9))
        bottom--;
    bottom = fmax(bottom, top - TG_SCALE_DECADES);
    return (struct tg_scale){.low = pow(10, bottom), .high = pow(10, top), .log = true};
}

struct tg_scale tg_scale_of_values(const struct tg_chart *chart)
{
    struct extent extent = extent_of_values(chart);
    if (extent.low > extent.high)
        return (struct tg_scale){.low = 0, .high = 1, .empty = true};
    bool bars = chart->kind == TG_CHART_BARS;
    bool far = extent.largest > MOST_RATIO * extent.smallest_above;
    if (extent.low >= 0 && extent.largest > 0 && (chart->y.log || (bars && far)))
        return log_scale(&extent);
    struct tg_scale scale = {.low = fmin(0, extent.low), .high = fmax(0, extent.high)};
    if (scale.low < 0) {
        double reach = MOST_MEDIANS * median_of_chart(chart);
        scale.low = fmax(scale.low, -reach);
        scale.high = fmin(scale.high, reach);
    }
    if (scale.low == scale.high)
        scale.high = 1; /* all of it is 0 */
    return scale;
}

struct tg_scale tg_scale_of_changes(const struct tg_chart *chart)
{
    double reach = USUAL_MARGIN;
    if (chart->margins)
        reach = fmin(median_size(chart->margins, chart->category_count, USUAL_MARGIN), LARGEST);
    double most = MOST_MARGINS * reach;
    reach *= 1.5; /* the least that shows where the margin is */
    struct extent extent = extent_of_values(chart);
    if (extent.low <= extent.high)
        reach = fmax(reach, 1.05 * fmax(fabs(extent.low), fabs(extent.high)));
    reach = fmin(reach, most);
    return (struct tg_scale){.low = -reach, .high = reach};
}

struct tg_scale tg_scale_of_x(const struct tg_chart *chart)
{
    struct extent extent = no_extent;
    for (size_t i = 0; i < chart->series_count; i++)
        widen_all(&extent, chart->series[i].x, chart->series[i].count);
    if (extent.low > extent.high)
        return (struct tg_scale){.low = 0, .high = 1, .empty = true};
    struct tg_scale scale = {.low = extent.low, .high = extent.high};
    if (chart->x.unit == TG_CHART_SECONDS)
        scale.low = fmin(scale.low, 0);
    if (chart->x.log && extent.largest > 0) {
        scale.low = extent.smallest_above;
        scale.log = true;
    }
    if (scale.low == scale.high) { /* a single point: in the middle */
        double room = fmax(0.5, 0.01 * fabs(scale.high));
        scale.low = scale.log ? scale.low / 2 : scale.low - room;
        scale.high = scale.log ? scale.high * 2 : scale.high + room;
    }
    return scale;
}

double tg_scale_place(const struct tg_scale *scale, double value)
{
    if (isnan(value) || scale->empty)
        return NAN;
    if (!scale->log)
        return (value - scale->low) / (scale->high - scale->low);
    return value > 0 ? log(value / scale->low) / log(scale->high / scale->low) : -INFINITY;
}

/* ---- ticks ---- */

/* 1, 2 or 5 times a power of ten, or for bytes a power of two, at least `step`. */
static double round_step(double step, enum tg_chart_unit unit)
{
    if (unit == TG_CHART_BYTES)
        return exp2(ceil(log2(step)));
    double power = pow(10, floor(log10(step) + 1e-9));
    double digit = step / power;
    double rounded = digit <= 1 + 1e-6 ? 1 : digit <= 2 + 1e-6 ? 2 : digit <= 5 + 1e-6 ? 5 : 10;
    return rounded * power;
}

static bool only_whole(enum tg_chart_unit unit)
{
    return unit == TG_CHART_COUNT || unit == TG_CHART_NS || unit == TG_CHART_BYTES;
}

static size_t linear_ticks(const struct tg_scale *scale, enum tg_chart_unit unit, size_t most,
                           double *ticks)
{
    double step = round_step((scale->high - scale->low) / (double)(most - 1), unit);
    if (only_whole(unit))
        step = fmax(step, 1);
    size_t count = 0;
    double slack = 1e-9 * (scale->high - scale->low);
    double first = ceil((scale->low - slack) / step);
    while (count < most && (first + (double)count) * step <= scale->high + slack) {
        ticks[count] = (first + (double)count) * step + 0.0; /* never -0 */
        count++;
    }
    return count;
}

/* 1, 2 and 5 times the powers of ten, for scales of less than two decades. */
static size_t fine_ticks(const struct tg_scale *scale, double bottom, size_t most, double *ticks)
{
    static const double ticks_of[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500};
    size_t count = 0;
    for (size_t i = 0; i < sizeof ticks_of / sizeof *ticks_of && count < most; i++) {
        double tick = ticks_of[i] * pow(10, bottom);
        if (tick >= scale->low * (1 - 1e-9) && tick <= scale->high * (1 + 1e-9))
            ticks[count++] = tick;
    }
    return count;
}

/* Powers of ten (of two for bytes), every so many of them that they are few enough. */
static size_t log_ticks(const struct tg_scale *scale, enum tg_chart_unit unit, size_t most,
                        double *ticks)
{
    double base = unit == TG_CHART_BYTES ? 2 : 10;
    double bottom = ceil(log(scale->low) / log(base) - 1e-9);
    double top = floor(log(scale->high) / log(base) + 1e-9);
    if (top - bottom < 2 && base == 10)
        return fine_ticks(scale, bottom, most, ticks);
    double stride = ceil((top - bottom + 1) / (double)most);
    size_t count = 0;
    while (count < most && bottom + (double)count * stride <= top) {
        ticks[count] = pow(base, bottom + (double)count * stride);
        count++;
    }
    return count;
}

size_t tg_scale_ticks(const struct tg_scale *scale, enum tg_chart_unit unit, size_t most,
                      double ticks[TG_SCALE_TICKS])
{
    if (scale->log)
        return log_ticks(scale, unit, most, ticks);
    return linear_ticks(scale, unit, most, ticks);
}
