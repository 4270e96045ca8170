/* Lines in characters: with few points a bar per point, else columns in eighths of a block over a
 * common x, a band of them per series. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/chart/text.h"

enum { FEW_POINTS = 16, MOST_ROWS = 12, EIGHTHS = 8, HEIGHT = 4, HEIGHT_BEHIND = 2, GAP = 2 };

/* ---- few points: bars ---- */

/* Points of the axis of percentiles that a reader looks for. */
static const double usual[] = {0, 50, 90, 95, 99, 99.9, 99.99, 99.999, 99.9999, 100};

static bool is_usual(double percentile)
{
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (fabs(percentile - usual[i]) <= 1e-6 * (100.001 - usual[i]))
            return true;
    return false;
}

/* Which points of a series get a row: the usual percentiles; else all, or evenly spaced ones with
 * the first and the last. */
static bool has_row(const struct tg_chart *chart, const struct tg_chart_series *series, size_t i)
{
    if (chart->x.unit == TG_CHART_PERCENTILE)
        return is_usual(series->x[i]);
    if (series->count <= MOST_ROWS)
        return true;
    size_t steps = MOST_ROWS - 1;
    size_t step = i * steps / (series->count - 1);
    return i == (step * (series->count - 1) + steps - 1) / steps;
}

static void push_point(const struct tg_chart *chart, const struct tg_chart_series *series, size_t i,
                       struct tg_bar_rows *rows, struct tg_arena *arena)
{
    char x[TG_UNIT_TEXT], y[TG_UNIT_TEXT];
    rows->rows[rows->count++] = (struct tg_bar_row){
        .label = tg_arena_format(arena, "  %s", tg_label_value(chart->x.unit, series->x[i], x)),
        .value = series->y[i],
        .value_text = tg_arena_strdup(arena, tg_label_value(chart->y.unit, series->y[i], y)),
        .interval_text = tg_label_interval(chart, series, i, arena),
        .bad = series->bad && series->bad[i],
        .limit = NAN,
    };
}

static void push_limit(const struct tg_chart *chart, const struct tg_chart_series *series,
                       struct tg_bar_rows *rows, struct tg_arena *arena)
{
    char text[TG_UNIT_TEXT];
    if (series->count == 0 || isnan(series->y[0]))
        return;
    rows->rows[rows->count++] = (struct tg_bar_row){
        .label = series->name,
        .value = series->y[0],
        .mark_alone = true,
        .value_text = tg_arena_strdup(arena, tg_label_value(chart->y.unit, series->y[0], text)),
        .interval_text = "",
        .limit = NAN,
    };
}

static void render_points(const struct tg_chart *chart, const struct tg_scale *scale,
                          size_t columns, struct tg_signs *signs, struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_bar_rows rows = {0};
    size_t room = 0;
    for (size_t i = 0; i < chart->series_count; i++)
        room += chart->series[i].count + 1;
    rows.rows = tg_arena_array(&arena, room, sizeof *rows.rows);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct tg_chart_series *series = &chart->series[i];
        if (series->style == TG_CHART_LIMIT) {
            push_limit(chart, series, &rows, &arena);
            continue;
        }
        rows.rows[rows.count++] =
            (struct tg_bar_row){.label = series->name, .heading = true, .limit = NAN};
        for (size_t j = 0; j < series->count; j++)
            if (has_row(chart, series, j))
                push_point(chart, series, j, &rows, &arena);
    }
    tg_bar_rows_render(&rows, scale, columns, signs, out);
    tg_text_add(out, "\n");
    tg_arena_free(&arena);
}

/* ---- many points: columns ---- */

struct band { /* of one series */
    const struct tg_chart *chart;
    const struct tg_scale *x, *y;
    size_t margin, width; /* columns before the field and of it */
    size_t points;        /* how many places of x the series tells apart, <= width */
    int64_t height;       /* rows */
    int64_t limit_row;    /* -1: none */
    double *tops;         /* per place the largest value, NaN: none */
    struct tg_signs *signs;
};

static void collect_tops(struct band *band, const struct tg_chart_series *series)
{
    for (size_t i = 0; i < band->points; i++)
        band->tops[i] = NAN;
    size_t *hits = tg_calloc(band->points, sizeof *hits);
    for (size_t i = 0; i < series->count; i++) {
        double place = tg_scale_place(band->x, series->x[i]);
        if (!(place >= -1e-9 && place <= 1 + 1e-9) || isnan(series->y[i]))
            continue;
        size_t at = (size_t)llround(place * (double)(band->points - 1));
        band->tops[at] = fmax(series->y[i], hits[at] ? band->tops[at] : -INFINITY);
        if (hits[at]++)
            band->signs->worst_of_several = true;
    }
    free(hits);
}

/* Row 0 is the lowest. */
static const char *value_cell(struct band *band, double value, int64_t row)
{
    static const char *const from_below[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    double place = tg_scale_place(band->y, value);
    if (isnan(value)) {
        band->signs->missing = true;
        return row == 0 ? "·" : " ";
    }
    if (value == 0)
        return " ";
    if (place > 1 + 1e-9 && row == band->height - 1) {
        band->signs->off_scale = true;
        return "▲";
    }
    int64_t eighths = llround(fmin(fmax(place, 0), 1) * (double)(band->height * EIGHTHS));
    eighths = eighths < 1 ? 1 : eighths;
    int64_t here = eighths - row * EIGHTHS;
    return from_below[here < 0 ? 0 : here > EIGHTHS ? EIGHTHS : here];
}

/* Behind the columns the limit goes through. */
static const char *cell_text(struct band *band, double value, int64_t row)
{
    const char *cell = value_cell(band, value, row);
    return *cell == ' ' && row == band->limit_row ? "┄" : cell;
}

/* Where the limit of the chart goes through a band, -1 where it does not: there is none, it is off
 * the scale, or the band shows something else. */
static int64_t row_of_limit(const struct band *band, const struct tg_chart_series *series)
{
    for (size_t i = 0; i < band->chart->series_count; i++) {
        const struct tg_chart_series *limit = &band->chart->series[i];
        if (limit->style != TG_CHART_LIMIT || limit->count == 0)
            continue;
        double place = tg_scale_place(band->y, limit->y[0]);
        bool inside = place >= 0 && place < 1 && series->style != TG_CHART_IMPULSES;
        return inside ? (int64_t)floor(place * (double)band->height) : -1;
    }
    return -1;
}

static void add_band_row(struct band *band, int64_t row, struct tg_text *out)
{
    char text[TG_UNIT_TEXT] = "";
    enum tg_chart_unit unit = band->chart->y.unit;
    if (row == band->height - 1)
        tg_label_tick(unit, band->y->high, text);
    if (row == 0)
        tg_label_tick(unit, band->y->low, text);
    tg_label_column(out, text, band->margin - 1, true);
    tg_text_add(out, "│");
    for (size_t i = 0; i < band->width; i++)
        tg_text_add(out, cell_text(band, band->tops[i * band->points / band->width], row));
    tg_text_end_line(out);
}

static bool all_zero(const struct tg_chart_series *series)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->y[i] != 0)
            return false;
    return series->count > 0;
}

static void add_band(struct band *band, const struct tg_chart_series *series, size_t columns,
                     struct tg_text *out)
{
    struct tg_text title = {0};
    char low[TG_UNIT_TEXT], high[TG_UNIT_TEXT];
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < series->count; i++) {
        least = fmin(least, series->y[i]);
        most = fmax(most, series->y[i]);
    }
    if (all_zero(series))
        tg_text_addf(&title, "%s: 0 all the time", series->name);
    else if (least > most)
        tg_text_addf(&title, "%s: no data", series->name);
    else
        tg_text_addf(&title, "%s: %s to %s", series->name,
                     tg_label_value(band->chart->y.unit, least, low),
                     tg_label_value(band->chart->y.unit, most, high));
    tg_text_wrapped(out, tg_text_string(&title), columns);
    tg_text_free(&title);
    if (all_zero(series) || least > most)
        return;
    band->height = series->style == TG_CHART_IMPULSES ? HEIGHT_BEHIND : HEIGHT;
    band->limit_row = row_of_limit(band, series);
    /* A single value has no distance to the next one that it could be as wide as. */
    bool steps = series->count > 1 && series->count < band->width;
    band->points = steps ? series->count : band->width;
    collect_tops(band, series);
    for (int64_t row = band->height - 1; row >= 0; row--)
        add_band_row(band, row, out);
}

static void add_x_axis(const struct band *band, struct tg_text *out)
{
    char low[TG_UNIT_TEXT], high[TG_UNIT_TEXT];
    const struct tg_chart *chart = band->chart;
    tg_text_pad(out, ' ', band->margin);
    tg_label_column(out, tg_label_tick(chart->x.unit, band->x->low, low), band->width / 2, false);
    tg_label_column(out, tg_label_tick(chart->x.unit, band->x->high, high),
                    band->width - band->width / 2, true);
    tg_text_end_line(out);
}

static void add_limit(const struct tg_chart *chart, const struct tg_chart_series *series,
                      size_t columns, struct tg_text *out)
{
    char value[TG_UNIT_TEXT];
    struct tg_text line = {0};
    tg_text_addf(&line, "┄ %s: %s", series->name,
                 tg_label_value(chart->y.unit, series->y[0], value));
    tg_text_wrapped(out, tg_text_string(&line), columns);
    tg_text_free(&line);
}

static size_t most_points(const struct tg_chart *chart)
{
    size_t most = 0;
    for (size_t i = 0; i < chart->series_count; i++)
        most = chart->series[i].count > most ? chart->series[i].count : most;
    return most;
}

static void render_bands(const struct tg_chart *chart, const struct tg_scale *scale, size_t columns,
                         struct tg_signs *signs, struct tg_text *out)
{
    char low[TG_UNIT_TEXT], high[TG_UNIT_TEXT];
    struct tg_scale x = tg_scale_of_x(chart);
    tg_label_tick(chart->y.unit, scale->low, low);
    tg_label_tick(chart->y.unit, scale->high, high);
    size_t widest =
        tg_text_width(high) > tg_text_width(low) ? tg_text_width(high) : tg_text_width(low);
    struct band band = {.chart = chart, .x = &x, .y = scale, .margin = widest + 1, .signs = signs};
    band.width = columns - band.margin;
    size_t most = most_points(chart) < band.width ? most_points(chart) : band.width;
    band.width = band.width / most * most;
    band.tops = tg_calloc(band.width, sizeof *band.tops);
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].style != TG_CHART_LIMIT)
            add_band(&band, &chart->series[i], columns, out);
    add_x_axis(&band, out);
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct tg_chart_series *series = &chart->series[i];
        if (series->style == TG_CHART_LIMIT && series->count > 0)
            add_limit(chart, series, columns, out);
    }
    free(band.tops);
}

void tg_text_lines(const struct tg_chart *chart, size_t columns, struct tg_signs *signs,
                   struct tg_text *out)
{
    struct tg_scale scale = tg_scale_of_values(chart);
    if (most_points(chart) <= FEW_POINTS || chart->x.unit == TG_CHART_PERCENTILE)
        render_points(chart, &scale, columns, signs, out);
    else
        render_bands(chart, &scale, columns, signs, out);
    tg_text_scale_line(&chart->y, &scale, columns, out);
}
