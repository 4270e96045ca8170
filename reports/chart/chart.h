/* Charts: what is shown, apart from how. One description serves the bars of a Markdown page and the
 * pictures that gnuplot draws. Knows nothing of results; reports/figures/chart_data.h makes charts
 * of them.
 */
#ifndef TG_REPORTS_CHART_CHART_H
#define TG_REPORTS_CHART_CHART_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/text.h"

enum tg_chart_unit {
    TG_CHART_NS,
    TG_CHART_PER_S,
    TG_CHART_FRACTION, /* shown in percent */
    TG_CHART_CHANGE,   /* a fraction with its sign, shown in percent */
    TG_CHART_BYTES,
    TG_CHART_COUNT,
    TG_CHART_RATIO,
    TG_CHART_SECONDS,    /* of a time axis */
    TG_CHART_PERCENTILE, /* values from 0 to 100 on HdrHistogram's axis, log of 1 / (1 - p/100) */
};

enum tg_chart_kind {
    TG_CHART_BARS,   /* one row per category, a bar in it per series; text and picture */
    TG_CHART_FOREST, /* one row per category: estimate and interval, with a margin; both */
    TG_CHART_LINES,  /* y over x, a line per series; as text a bar per point, by series, and where
                        there are many points a band of columns */
};

struct tg_chart_axis {
    const char *label; /* "response time"; the unit is added */
    enum tg_chart_unit unit;
    bool log; /* also chosen by the renderer where values of bars differ by more than 100 times */
};

enum tg_chart_style {
    TG_CHART_LINE, /* with points where there are few */
    TG_CHART_STEPS,
    TG_CHART_POINTS,
    TG_CHART_IMPULSES, /* thin columns from below, in the background: hiccups of the platform */
    TG_CHART_LIMIT,    /* a target: a dashed line; in bars a mark and not a bar */
};

struct tg_chart_series {
    const char *name;
    enum tg_chart_style style;
    unsigned group;           /* lines: those of the same group > 0 have the same colour, the first
                                 the strongest line; 0: a colour of its own */
    size_t count;             /* of values; of bars and forests the number of categories */
    const double *x;          /* lines only */
    const double *y;          /* NaN: missing, and shown as missing */
    const double *low, *high; /* NULL, or the interval around each y; infinite: open on that side */
    const bool *bad;          /* NULL, or which values are to stand out (a target missed) */
};

struct tg_chart {
    const char *name; /* of its file, without folder and ending: [a-z0-9-] */
    const char *title;
    const char *source; /* "memory_store-20251121T000000Z, phase steady", printed below it */
    enum tg_chart_kind kind;
    struct tg_chart_axis x, y; /* bars and forests: y is the axis of the values, x is not used */
    const char *const *categories;
    size_t category_count;
    /* Forest: per category, a fraction > 0. Worse than 1 + margin times as much is a regression;
     * where higher is better, worse than 1 / (1 + margin) times, on the other side of 0. */
    const double *margins;
    const bool *higher_is_better; /* per category; NULL: none is */
    const struct tg_chart_series *series;
    size_t series_count;
};

/* Appends the chart in characters: categories, bars in eighths of a block, values behind them, all
 * aligned, at most `columns` wide (at least 40). Nothing for 0 and an explicit sign for what is
 * missing, for what is off the scale, and for a log scale. Not fenced. */
void tg_chart_text(const struct tg_chart *chart, size_t columns, struct tg_text *out);

/* Is there a gnuplot in PATH? */
bool tg_chart_can_draw(void);
/* What to say once where it is not: how to get the pictures. A literal. */
const char *tg_chart_how_to_draw(void);

enum tg_picture { TG_PICTURE_SVG, TG_PICTURE_PNG };
/* Appends the picture's bytes. TG_SYSTEM and an error when gnuplot is missing, fails, or takes
 * longer than a minute. */
enum tg_status tg_chart_draw(const struct tg_chart *chart, enum tg_picture format,
                             struct tg_text *out, struct tg_diags *diags) TG_CHECKED;

#endif
