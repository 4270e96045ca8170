/* Lines as a picture. */
#include <math.h>
#include <string.h>

#include "reports/chart/script.h"

enum {
    WIDTH = 760,
    PLOT_HEIGHT = 300,
    KEY_LINE = 16,
    KEY_COLUMNS = 32,
    MOST_KEYS_ON_TOP = 4,
    FEW_POINTS = 40,
    MOST_TICKS = 8,
};
static const double MOST_NINES = 9; /* of the axis of percentiles */

struct lines {
    struct tg_script *script;
    const struct tg_chart *chart;
    struct tg_scale x, y;
};

/* ---- points ---- */

/* HdrHistogram's axis of percentiles: p90 at 1, p99 at 2, p99.9 at 3. */
static double x_of(const struct lines *lines, double x)
{
    if (lines->chart->x.unit != TG_CHART_PERCENTILE)
        return x;
    return x >= 100 ? NAN : fmin(-log10(1 - x / 100), MOST_NINES);
}

/* At the edge of the scale for what is off it. */
static double y_of(const struct lines *lines, double y)
{
    return isnan(y) ? y : fmin(fmax(y, lines->y.low), lines->y.high);
}

static size_t add_points(struct lines *lines, const struct tg_chart_series *series, bool bad_ones)
{
    struct tg_script *script = lines->script;
    size_t block = tg_script_block(script);
    for (size_t i = 0; i < series->count; i++) {
        if (bad_ones && !series->bad[i])
            continue;
        double cells[] = {x_of(lines, series->x[i]), y_of(lines, series->y[i]),
                          y_of(lines, series->low ? series->low[i] : NAN),
                          y_of(lines, series->high ? series->high[i] : NAN)};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            tg_script_number(&script->data, cells[k]);
        tg_text_add(&script->data, "\n");
    }
    tg_text_add(&script->data, "NaN NaN NaN NaN\n"); /* an empty block is an error */
    tg_script_end_block(script);
    return block;
}

/* ---- series ---- */

/* How many series of its group come before it. */
static size_t rank_in_group(const struct tg_chart *chart, size_t number)
{
    size_t rank = 0;
    for (size_t i = 0; i < number && chart->series[number].group > 0; i++)
        rank += chart->series[i].group == chart->series[number].group &&
                chart->series[i].style != TG_CHART_LIMIT;
    return rank;
}

/* What is in the background has none of the palette's colours. */
static bool has_own_color(const struct tg_chart *chart, size_t number)
{
    const struct tg_chart_series *series = &chart->series[number];
    if (series->style == TG_CHART_IMPULSES)
        return false;
    return series->group > 0 ? rank_in_group(chart, number) == 0 && series->style != TG_CHART_LIMIT
                             : series->style != TG_CHART_LIMIT;
}

/* How many colours the series before it, or before the first of its group, have taken. */
static size_t colors_before(const struct tg_chart *chart, size_t number)
{
    const struct tg_chart_series *series = &chart->series[number];
    size_t colors = 0;
    for (size_t i = 0; i < number; i++) {
        bool own = has_own_color(chart, i);
        if (own && series->group > 0 && chart->series[i].group == series->group)
            break;
        colors += own;
    }
    return colors;
}

static const char *color_of(const struct tg_chart *chart, size_t number)
{
    static const char *const background[] = {"#BBBBBB", "#E8B4A0"};
    const struct tg_chart_series *series = &chart->series[number];
    size_t behind = 0;
    for (size_t i = 0; i < number; i++)
        behind += chart->series[i].style == TG_CHART_IMPULSES;
    if (series->style == TG_CHART_IMPULSES)
        return background[behind % 2];
    if (series->style == TG_CHART_LIMIT && series->group == 0)
        return tg_script_ink;
    return tg_script_color(colors_before(chart, number));
}

static const char *plot_style(const struct tg_chart_series *series)
{
    switch (series->style) {
    case TG_CHART_LINE:
        return series->count <= FEW_POINTS ? "linespoints" : "lines";
    case TG_CHART_STEPS:
        return "steps";
    case TG_CHART_POINTS:
        return "points";
    case TG_CHART_IMPULSES:
        return "impulses";
    case TG_CHART_LIMIT:
        return "lines";
    }
    return "lines";
}

static void plot_series(struct lines *lines, size_t number)
{
    struct tg_script *script = lines->script;
    const struct tg_chart_series *series = &lines->chart->series[number];
    const char *color = color_of(lines->chart, number);
    size_t rank = rank_in_group(lines->chart, number);
    /* The palette has run out and begins again. */
    const char *dash = colors_before(lines->chart, number) < tg_script_color_count ? "1" : "(12,4)";
    bool limit = series->style == TG_CHART_LIMIT;
    bool behind = series->style == TG_CHART_IMPULSES;
    size_t name = tg_script_name(script, series->name, KEY_COLUMNS);
    size_t block = add_points(lines, series, false);
    tg_script_plot(script,
                   "$D%zu using 1:2 with %s lw %s dt %s pt %d ps %s lc rgb '%s' title "
                   "$T[%zu][2:*]",
                   block, plot_style(series),
                   behind          ? "4"
                   : limit || rank ? "1.5"
                                   : "2.5",
                   limit  ? "(8,5)"
                   : rank ? "(2,3)"
                          : dash,
                   rank ? 6 : 7, rank ? "0.4" : "0.5", color, name);
    if (series->low && series->high)
        tg_script_plot(script, "$D%zu using 1:2:3:4 with yerrorbars notitle lw 1 pt 0 lc rgb '%s'",
                       block, color);
    if (series->bad)
        tg_script_plot(script, "$D%zu using 1:2 with points notitle lw 2 pt 6 ps 1.2 lc rgb '%s'",
                       add_points(lines, series, true), tg_script_bad_color);
}

/* ---- axes, key ---- */

static void add_percentile_axis(struct lines *lines)
{
    static const double ticks[] = {0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999, 99.99999};
    struct tg_text *out = &lines->script->commands;
    char label[TG_UNIT_TEXT];
    double top = 1;
    for (size_t i = 0; i < lines->chart->series_count; i++)
        for (size_t j = 0; j < lines->chart->series[i].count; j++)
            top = fmax(top, x_of(lines, lines->chart->series[i].x[j]));
    tg_text_addf(out,
                 "set xrange [0:%.10g]\nset xtics nomirror scale 0.5 font ',11' tc rgb '#444444' (",
                 top);
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++)
        tg_text_addf(out, "%s'%s' %.10g", i ? ", " : "",
                     tg_label_tick(TG_CHART_PERCENTILE, ticks[i], label), x_of(lines, ticks[i]));
    tg_text_add(out, ")\nset grid xtics\n");
}

static void set_key(struct lines *lines)
{
    struct tg_script *script = lines->script;
    const struct tg_chart *chart = lines->chart;
    size_t widest = 4;
    for (size_t i = 0; i < chart->series_count; i++) {
        size_t width = tg_text_width(chart->series[i].name);
        width = width < KEY_COLUMNS ? width : KEY_COLUMNS;
        widest = width > widest ? width : widest;
    }
    bool on_top = chart->series_count <= MOST_KEYS_ON_TOP &&
                  chart->series_count * (widest + 8) * TG_SCRIPT_SMALL_CHAR < WIDTH - 40;
    int key_height = (int)chart->series_count * KEY_LINE + 10;
    script->width = WIDTH;
    script->top = on_top ? 68 : 46;
    script->bottom = chart->x.label ? 80 : 58;
    script->left = 92;
    script->right = on_top ? 24 : 60 + (int)widest * TG_SCRIPT_SMALL_CHAR;
    script->height = script->top + script->bottom +
                     (!on_top && key_height > PLOT_HEIGHT ? key_height : PLOT_HEIGHT);
    if (on_top)
        tg_text_addf(&script->commands,
                     "set key at screen %.5f,%.5f left top horizontal Left reverse samplen 2 "
                     "spacing 1 font ',11'\n",
                     6.0 / script->width, 1 - 36.0 / script->height);
    else
        tg_text_addf(&script->commands,
                     "set key at screen %.5f,%.5f left top vertical maxrows %zu Left reverse "
                     "samplen 2 spacing 1 font ',11'\n",
                     1 - (script->right - 4.0) / script->width,
                     1 - (double)script->top / script->height, chart->series_count);
}

void tg_script_lines(struct tg_script *script)
{
    struct lines lines = {
        .script = script,
        .chart = script->chart,
        .x = tg_scale_of_x(script->chart),
        .y = tg_scale_of_values(script->chart),
    };
    const struct tg_chart *chart = script->chart;
    set_key(&lines);
    if (chart->x.unit == TG_CHART_PERCENTILE)
        add_percentile_axis(&lines);
    else
        tg_script_axis(script, "x", &lines.x, chart->x.unit, MOST_TICKS);
    tg_script_axis(script, "y", &lines.y, chart->y.unit, MOST_TICKS);
    tg_script_axis_label(script, "x", &chart->x, lines.x.log);
    tg_script_axis_label(script, "y", &chart->y, lines.y.log);
    tg_script_plot(script, "NaN notitle"); /* there may be nothing else */
    for (int behind = 1; behind >= 0; behind--)
        for (size_t i = 0; i < chart->series_count; i++)
            if ((chart->series[i].style == TG_CHART_IMPULSES) == behind)
                plot_series(&lines, i);
}
