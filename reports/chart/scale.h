/* From values to places on a chart. Internal to reports/chart/. */
#ifndef TG_REPORTS_CHART_SCALE_H
#define TG_REPORTS_CHART_SCALE_H

#include "reports/chart/chart.h"

struct tg_scale {
    double low, high; /* low < high; of a log scale both > 0 */
    bool log;
    bool empty; /* no value: nothing can be placed */
};

/* Of the values of a chart, its limits and intervals. Bars begin at 0 or, on a log scale, a decade
 * or less below the smallest of them; a log scale spans TG_SCALE_DECADES at most, and a scale with
 * a sign 20 times the median of its values: what is beyond is off the scale. */
enum { TG_SCALE_DECADES = 12 };
struct tg_scale tg_scale_of_values(const struct tg_chart *chart);
/* Of the estimates, intervals and margins of a forest, with 0 inside: at most 10 times the median
 * margin to either side. */
struct tg_scale tg_scale_of_changes(const struct tg_chart *chart);
/* Of the x of lines; time begins at 0. */
struct tg_scale tg_scale_of_x(const struct tg_chart *chart);

/* Where a value lies, 0 (low) to 1 (high); below 0 or above 1 when it is off the scale, infinite
 * for 0 on a log scale and for infinite values; NaN for none. */
double tg_scale_place(const struct tg_scale *scale, double value);

/* Round values for the ticks of an axis in that unit, ascending; at most `most` (2 to
 * TG_SCALE_TICKS) of them. Returns how many. */
enum { TG_SCALE_TICKS = 16 };
size_t tg_scale_ticks(const struct tg_scale *scale, enum tg_chart_unit unit, size_t most,
                      double ticks[TG_SCALE_TICKS]);

#endif
