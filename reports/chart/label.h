/* Words and figures on a chart. Internal to reports/chart/. */
#ifndef TG_REPORTS_CHART_LABEL_H
#define TG_REPORTS_CHART_LABEL_H

#include "common/units.h"
#include "reports/chart/chart.h"

/* Appends `text` on one line, at most `columns` (>= 1) wide: what is too much is taken out of the
 * middle, where "…" stands, because names differ at both ends. Returns the columns it took. */
size_t tg_label_fit(struct tg_text *out, const char *text, size_t columns);
/* The same, filled up with spaces to `columns`, behind the text or before it. */
void tg_label_column(struct tg_text *out, const char *text, size_t columns, bool right);

/* A value in its unit, three significant digits: "20.1 µs", "48,765/s", "0.0125%", "+4.0%",
 * "2.10×", "p99.9". "no data" for NaN, "∞" for an infinite one. Returns `out`. */
char *tg_label_value(enum tg_chart_unit unit, double value, char out[TG_UNIT_TEXT]);
/* The same for the tick of an axis: without zeros behind the point. */
char *tg_label_tick(enum tg_chart_unit unit, double value, char out[TG_UNIT_TEXT]);

/* The interval of value `index` of a series: "(19.0 µs .. 21.2 µs)", "" where it has none. */
const char *tg_label_interval(const struct tg_chart *chart, const struct tg_chart_series *series,
                              size_t index, struct tg_arena *arena);

#endif
