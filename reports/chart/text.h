/* Charts in characters: what bars, forests and lines share. Internal to reports/chart/. */
#ifndef TG_REPORTS_CHART_TEXT_H
#define TG_REPORTS_CHART_TEXT_H

#include "reports/chart/chart.h"
#include "reports/chart/label.h"
#include "reports/chart/scale.h"

/* Signs that were used and have to be explained below the chart. */
struct tg_signs {
    bool off_scale;        /* ◀ ▶ */
    bool bad;              /* ! */
    bool margin;           /* ░ */
    bool open;             /* an interval without an end */
    bool worst_of_several; /* a column stands for several points */
    bool missing;          /* · */
    const char *mark;      /* ┃: the name of the limit; NULL: none that is not named elsewhere */
};

/* Bars in rows, with headings between them; what bars and lines with few points are shown as. */
struct tg_bar_row {
    const char *label;
    bool heading;                           /* the label alone */
    double value;                           /* NaN: none */
    const char *value_text, *interval_text; /* the latter "" where there is none */
    bool bad, mark_alone; /* mark_alone: a limit; a mark at its value and no bar */
    double limit;         /* a mark at it; NaN: none */
    const char *limit_text;
};
struct tg_bar_rows {
    struct tg_bar_row *rows;
    size_t count;
    const char *value_title, *limit_title; /* NULL: no titles */
};
void tg_bar_rows_render(const struct tg_bar_rows *rows, const struct tg_scale *scale,
                        size_t columns, struct tg_signs *signs, struct tg_text *out);

/* The change of a category from which on it is worse than its margin, < 0 where higher is better;
 * NaN: it has none. */
double tg_forest_margin(const struct tg_chart *chart, size_t category);

/* Each appends its part between title and foot. */
void tg_text_bars(const struct tg_chart *chart, size_t columns, struct tg_signs *signs,
                  struct tg_text *out);
void tg_text_forest(const struct tg_chart *chart, size_t columns, struct tg_signs *signs,
                    struct tg_text *out);
void tg_text_lines(const struct tg_chart *chart, size_t columns, struct tg_signs *signs,
                   struct tg_text *out);

/* Cuts trailing spaces and ends the line. */
void tg_text_end_line(struct tg_text *out);
/* "response time, log scale from 10 µs to 1 s" on a line of its own. */
void tg_text_scale_line(const struct tg_chart_axis *axis, const struct tg_scale *scale,
                        size_t columns, struct tg_text *out);
/* One line, or several broken at spaces. */
void tg_text_wrapped(struct tg_text *out, const char *text, size_t columns);

#endif
