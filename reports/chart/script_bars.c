/* Bars as a picture: categories from top to bottom, their names before and their values behind
 * the bars, a common axis below. */
#include <math.h>
#include <string.h>

#include "reports/chart/script.h"

enum {
    WIDTH = 760,
    ROW = 20,
    NAME_COLUMNS = 34,
    VALUE_COLUMNS = 36,
    KEY_LINE_COLUMNS = 100,
    MOST_TICKS = 6
};
static const double GAP_ROWS = 0.6; /* between categories */

struct bars {
    struct tg_script *script;
    const struct tg_chart *chart;
    struct tg_scale scale;
    size_t bar_count;                    /* series that are bars */
    const struct tg_chart_series *limit; /* the only one; NULL */
    struct tg_arena arena;
};

/* The middle of a bar, in rows from the top. */
static double row_of(const struct bars *bars, size_t category, size_t bar)
{
    size_t rows = bars->bar_count ? bars->bar_count : 1;
    return (double)category * ((double)rows + GAP_ROWS) + (double)bar + 0.5 + GAP_ROWS / 2;
}

static double rows_in_all(const struct bars *bars)
{
    size_t rows = bars->bar_count ? bars->bar_count : 1;
    return (double)bars->chart->category_count * ((double)rows + GAP_ROWS);
}

/* "179 µs, target 50.0 ms" */
static const char *value_text(struct bars *bars, const struct tg_chart_series *series, size_t i)
{
    char value[TG_UNIT_TEXT], limit[TG_UNIT_TEXT];
    const struct tg_chart *chart = bars->chart;
    struct tg_text text = {0};
    bool bad = series->bad && series->bad[i];
    double place = tg_scale_place(&bars->scale, series->y[i]);
    tg_text_addf(&text, "%s%s", bad ? "! " : "",
                 tg_label_value(chart->y.unit, series->y[i], value));
    const char *interval = tg_label_interval(chart, series, i, &bars->arena);
    if (*interval)
        tg_text_addf(&text, " %s", interval);
    if (bars->limit && !isnan(bars->limit->y[i]))
        tg_text_addf(&text, ", %s %s", bars->limit->name,
                     tg_label_value(chart->y.unit, bars->limit->y[i], limit));
    if (place > 1 + 1e-9 || (place < 0 && series->y[i] != 0))
        tg_text_add(&text, ", off the scale");
    const char *kept = tg_arena_strdup(&bars->arena, tg_text_string(&text));
    tg_text_free(&text);
    return kept;
}

/* The key is one line. */
static size_t key_columns(const struct bars *bars)
{
    size_t columns = KEY_LINE_COLUMNS / bars->chart->series_count;
    return columns > 10 ? columns - 6 : 4;
}

static double inside(const struct tg_scale *scale, double value)
{
    return fmin(fmax(value, scale->low), scale->high);
}

/* Bars of a series, those that stand out or all others; returns how many. */
static size_t add_boxes(struct bars *bars, const struct tg_chart_series *series, size_t bar,
                        bool bad)
{
    size_t count = 0;
    const struct tg_scale *scale = &bars->scale;
    struct tg_text *out = &bars->script->data;
    double start = scale->log ? scale->low : 0;
    for (size_t i = 0; i < bars->chart->category_count; i++) {
        double value = series->y[i];
        if (isnan(value) || (series->bad && series->bad[i]) != bad)
            continue;
        double end = inside(scale, value);
        double middle = -row_of(bars, i, bar);
        double corners[] = {end,          middle,      fmin(start, end), fmax(start, end),
                            middle - 0.4, middle + 0.4};
        for (size_t k = 0; k < sizeof corners / sizeof *corners; k++)
            tg_script_number(out, corners[k]);
        tg_text_add(out, "\n");
        count++;
    }
    return count;
}

static void plot_series(struct bars *bars, const struct tg_chart_series *series, size_t bar)
{
    struct tg_script *script = bars->script;
    const char *color = tg_script_color(bar);
    size_t name = tg_script_name(script, series->name, key_columns(bars));
    for (int bad = 0; bad < 2; bad++) {
        size_t block = tg_script_block(script);
        size_t count = add_boxes(bars, series, bar, bad);
        tg_script_end_block(script);
        bool only = bars->bar_count == 1;
        if (count > 0)
            tg_script_plot(script,
                           "$D%zu using 1:2:3:4:5:6 with boxxyerror notitle fs solid 1 border lc "
                           "rgb '%s' lc rgb '%s'",
                           block, bad ? tg_script_bad_color : color,
                           bad && only ? tg_script_bad_color : color);
    }
    if (bars->chart->series_count > 1)
        tg_script_plot(script, "NaN with boxes fs solid 1 noborder lc rgb '%s' title $T[%zu][2:*]",
                       color, name);
    for (size_t i = 0; i < bars->chart->category_count; i++) {
        bool bad = series->bad && series->bad[i];
        tg_text_addf(&script->commands,
                     "set label $T[%zu][2:*] at graph 1, first %.6g left offset char 1,0 "
                     "font ',11' tc rgb '%s'\n",
                     tg_script_name(script, value_text(bars, series, i), VALUE_COLUMNS),
                     -row_of(bars, i, bar), bad ? tg_script_bad_color : tg_script_ink);
    }
    if (!series->low || !series->high)
        return;
    size_t block = tg_script_block(script);
    for (size_t i = 0; i < bars->chart->category_count; i++) {
        double cells[] = {series->y[i], -row_of(bars, i, bar), inside(&bars->scale, series->low[i]),
                          inside(&bars->scale, series->high[i])};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            tg_script_number(&script->data, cells[k]);
        tg_text_add(&script->data, "\n");
    }
    tg_script_end_block(script);
    tg_script_plot(script, "$D%zu using 1:2:3:4 with xerrorbars notitle pt 7 ps 0.3 lc rgb '%s'",
                   block, tg_script_ink);
}

/* Upright strokes over the bars of each category. */
static void plot_limit(struct bars *bars, const struct tg_chart_series *series)
{
    struct tg_script *script = bars->script;
    size_t block = tg_script_block(script);
    size_t last = bars->bar_count ? bars->bar_count - 1 : 0;
    for (size_t i = 0; i < bars->chart->category_count; i++) {
        double place = tg_scale_place(&bars->scale, series->y[i]);
        if (!(place >= -1e-9 && place <= 1 + 1e-9))
            continue;
        double bottom = -row_of(bars, i, last) - 0.6;
        double cells[] = {series->y[i], bottom, 0, -row_of(bars, i, 0) + 0.6 - bottom};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            tg_script_number(&script->data, cells[k]);
        tg_text_add(&script->data, "\n");
    }
    tg_text_add(&script->data, "NaN NaN NaN NaN\n"); /* an empty block is an error */
    tg_script_end_block(script);
    tg_script_plot(script,
                   "$D%zu using 1:2:3:4 with vectors nohead lw 3 lc rgb '%s' title $T[%zu][2:*]",
                   block, tg_script_ink, tg_script_name(script, series->name, key_columns(bars)));
}

static void add_names(struct bars *bars, size_t widest)
{
    struct tg_script *script = bars->script;
    double last = bars->bar_count ? (double)bars->bar_count - 1 : 0;
    for (size_t i = 0; i < bars->chart->category_count; i++)
        tg_text_addf(&script->commands,
                     "set label $T[%zu][2:*] at graph 0, first %.6g right offset char -1,0 "
                     "tc rgb '%s'\n",
                     tg_script_name(script, bars->chart->categories[i], widest),
                     -(row_of(bars, i, 0) + last / 2), tg_script_ink);
}

static size_t widest_of(const char *const *texts, size_t count, size_t most)
{
    size_t widest = 1;
    for (size_t i = 0; i < count; i++) {
        size_t width = tg_text_width(texts[i]);
        widest = width > widest ? width : widest;
    }
    return widest < most ? widest : most;
}

static size_t widest_value(struct bars *bars)
{
    size_t widest = 6;
    for (size_t i = 0; i < bars->chart->series_count; i++) {
        const struct tg_chart_series *series = &bars->chart->series[i];
        for (size_t j = 0; series->style != TG_CHART_LIMIT && j < series->count; j++) {
            const char *text = value_text(bars, series, j);
            widest = widest_of(&text, 1, VALUE_COLUMNS) > widest ? tg_text_width(text) : widest;
        }
    }
    return widest < VALUE_COLUMNS ? widest : VALUE_COLUMNS;
}

static void set_size(struct bars *bars, size_t names)
{
    struct tg_script *script = bars->script;
    bool key = bars->chart->series_count > 1;
    script->width = WIDTH;
    script->top = key ? 68 : 44;
    script->bottom = bars->chart->y.label ? 80 : 58;
    script->left = 24 + (int)names * TG_SCRIPT_CHAR;
    script->right = 24 + (int)widest_value(bars) * TG_SCRIPT_SMALL_CHAR;
    script->height = script->top + script->bottom + (int)(rows_in_all(bars) * ROW + 0.5);
    if (key)
        tg_text_addf(&script->commands,
                     "set key at screen %.5f,%.5f left top horizontal Left reverse samplen 1.5 "
                     "spacing 1 font ',11'\n",
                     6.0 / script->width, 1 - 36.0 / script->height);
    else
        tg_text_add(&script->commands, "unset key\n");
}

void tg_script_bars(struct tg_script *script)
{
    struct bars bars = {
        .script = script, .chart = script->chart, .scale = tg_scale_of_values(script->chart)};
    const struct tg_chart *chart = script->chart;
    size_t limits = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        bool limit = chart->series[i].style == TG_CHART_LIMIT;
        bars.bar_count += !limit;
        limits += limit;
        if (limit)
            bars.limit = &chart->series[i];
    }
    if (limits != 1 || bars.bar_count != 1)
        bars.limit = NULL;
    size_t names = widest_of(chart->categories, chart->category_count, NAME_COLUMNS);
    set_size(&bars, names);
    tg_script_axis(script, "x", &bars.scale, chart->y.unit, MOST_TICKS);
    tg_script_axis_label(script, "x", &chart->y, bars.scale.log);
    tg_text_addf(&script->commands, "set yrange [%.6g:0]\nunset ytics\n", -rows_in_all(&bars));
    add_names(&bars, names);
    size_t bar = 0;
    tg_script_plot(script, "NaN notitle"); /* there may be nothing else */
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].style != TG_CHART_LIMIT)
            plot_series(&bars, &chart->series[i], bar++);
    for (size_t i = 0; i < chart->series_count; i++)
        if (chart->series[i].style == TG_CHART_LIMIT)
            plot_limit(&bars, &chart->series[i]);
    tg_arena_free(&bars.arena);
}
