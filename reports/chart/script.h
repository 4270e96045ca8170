/* The script that makes gnuplot (5.2 or later) draw a chart. Internal to reports/chart/.
 *
 * Whatever stands in a name cannot become a command. Names are lines of the data block $T, which
 * gnuplot reads as they are, without escapes, substitution of commands (`...`), macros (@name) or
 * comments; each begins with "|", so that none can be the line that ends the block, and control
 * characters are gone. The script refers to them as $T[7][2:*]. They are drawn as labels and in the
 * key with enhanced text off, never as labels of ticks, where gnuplot would look for % formats. */
#ifndef TG_REPORTS_CHART_SCRIPT_H
#define TG_REPORTS_CHART_SCRIPT_H

#include "reports/chart/chart.h"
#include "reports/chart/label.h"
#include "reports/chart/scale.h"

/* Appends the whole script. */
void tg_script_make(const struct tg_chart *chart, enum tg_picture format, struct tg_text *out);

struct tg_script {
    const struct tg_chart *chart;
    struct tg_text names; /* lines of $T */
    size_t name_count;
    struct tg_text data; /* data blocks */
    size_t block_count;
    struct tg_text commands;      /* set ... */
    struct tg_text plots;         /* what `plot` is given, with ", " between */
    int width, height;            /* pixels */
    int top, bottom, left, right; /* margins of the plot, pixels */
};

/* Pixels of the usual fonts, as gnuplot reckons them. */
enum { TG_SCRIPT_CHAR = 8, TG_SCRIPT_SMALL_CHAR = 7, TG_SCRIPT_LINE = 20 };

/* Adds a name, fitted into `columns`, and returns its number: use with "$T[%zu][2:*]". */
size_t tg_script_name(struct tg_script *script, const char *text, size_t columns);
/* Begins the data block $D<number>; rows are then added to script->data. */
size_t tg_script_block(struct tg_script *script);
void tg_script_end_block(struct tg_script *script);
/* A row of the block: "NaN" for NaN and infinite ones. */
void tg_script_row(struct tg_script *script, const double *cells, size_t count);
/* One more piece of the plot command. */
void tg_script_plot(struct tg_script *script, const char *fmt, ...) TG_PRINTF(2, 3);

/* The range along "x" or "y", round ticks and their labels. */
void tg_script_axis(struct tg_script *script, const char *axis, const struct tg_scale *scale,
                    enum tg_chart_unit unit, size_t most);
/* "response time (log scale)" at the axis "x" or "y". */
void tg_script_axis_label(struct tg_script *script, const char *axis,
                          const struct tg_chart_axis *of, bool log);

/* Okabe and Ito's colours that read on white ("Color Universal Design", 2008), then the same again.
 * "#0072B2". */
const char *tg_script_color(size_t number);
extern const size_t tg_script_color_count;
extern const char *const tg_script_bad_color, *const tg_script_ink, *const tg_script_faint;

/* By kind: fill names, data, commands and plots, and set size and margins. */
void tg_script_bars(struct tg_script *script);
void tg_script_forest(struct tg_script *script);
void tg_script_lines(struct tg_script *script);

/* gnuplot's SVG as it stands both alone and inside a page, more than once: no prologue, ids of its
 * own, a title and a description for those who do not see it, nothing of gnuplot's version. False:
 * `svg` holds none. */
bool tg_svg_tidy(const struct tg_chart *chart, const char *svg, struct tg_text *out);

/* tg_chart_draw with another patience than a minute. */
enum tg_status tg_chart_draw_within(const struct tg_chart *chart, enum tg_picture format,
                                    int64_t patience_ms, struct tg_text *out,
                                    struct tg_diags *diags) TG_CHECKED;

#endif
