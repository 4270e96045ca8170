/* A forest plot as a picture: a row per change, its interval around it, the region beyond its
 * margin in the background. */
#include <math.h>

#include "reports/chart/script.h"
#include "reports/chart/text.h"

enum { WIDTH = 760, ROW = 26, NAME_COLUMNS = 34, VALUE_COLUMNS = 36, MOST_TICKS = 7 };

struct forest {
    struct tg_script *script;
    const struct tg_chart *chart;
    const struct tg_chart_series *series;
    struct tg_scale scale;
};

static double middle_of(size_t category)
{
    return -((double)category + 0.5);
}

static double inside(const struct tg_scale *scale, double value)
{
    return fmin(fmax(value, scale->low), scale->high);
}

static void shade_margins(const struct forest *forest)
{
    for (size_t i = 0; i < forest->chart->category_count; i++) {
        double margin = tg_forest_margin(forest->chart, i);
        double place = tg_scale_place(&forest->scale, margin);
        if (!(place > 0 && place < 1))
            continue;
        tg_text_addf(&forest->script->commands,
                     "set object rectangle from first %.10g, first %.6g to graph %d, first %.6g "
                     "fc rgb '#F9E0D0' fs solid 1 noborder behind\n",
                     margin, middle_of(i) - 0.42, margin > 0, middle_of(i) + 0.42);
    }
}

static bool is_bad(const struct forest *forest, size_t category)
{
    return forest->series->bad && forest->series->bad[category];
}

/* Estimates that lie on the scale, those that stand out or all others; intervals end at its
 * edges. */
static void plot_rows(const struct forest *forest, bool bad)
{
    struct tg_script *script = forest->script;
    const struct tg_chart_series *series = forest->series;
    size_t block = tg_script_block(script);
    size_t count = 0;
    for (size_t i = 0; i < forest->chart->category_count; i++) {
        if (isnan(series->y[i]) || is_bad(forest, i) != bad)
            continue;
        double low = series->low ? series->low[i] : series->y[i];
        double high = series->high ? series->high[i] : series->y[i];
        if (series->y[i] < forest->scale.low || series->y[i] > forest->scale.high)
            continue; /* an arrow stands for it */
        double cells[] = {series->y[i], middle_of(i), inside(&forest->scale, low),
                          inside(&forest->scale, high)};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            tg_script_number(&script->data, cells[k]);
        tg_text_add(&script->data, "\n");
        count++;
    }
    tg_script_end_block(script);
    if (count > 0)
        tg_script_plot(script,
                       "$D%zu using 1:2:3:4 with xerrorbars notitle lw 2 pt %d ps 0.8 lc rgb '%s'",
                       block, bad ? 5 : 7, bad ? tg_script_bad_color : tg_script_color(0));
}

/* An arrow head where an interval goes on behind an edge. */
static void add_arrows(const struct forest *forest)
{
    const struct tg_chart_series *series = forest->series;
    const struct tg_scale *scale = &forest->scale;
    for (size_t i = 0; i < forest->chart->category_count; i++) {
        if (isnan(series->y[i]))
            continue;
        double low = fmin(series->y[i], series->low ? series->low[i] : series->y[i]);
        double high = fmax(series->y[i], series->high ? series->high[i] : series->y[i]);
        const char *color = is_bad(forest, i) ? tg_script_bad_color : tg_script_color(0);
        double head = 0.04 * (scale->high - scale->low);
        if (low < scale->low)
            tg_text_addf(
                &forest->script->commands,
                "set arrow from first %.10g, first %.6g to graph 0, first %.6g head filled "
                "size graph 0.015,25 lw 2 lc rgb '%s' front\n",
                scale->low + head, middle_of(i), middle_of(i), color);
        if (high > scale->high)
            tg_text_addf(
                &forest->script->commands,
                "set arrow from first %.10g, first %.6g to graph 1, first %.6g head filled "
                "size graph 0.015,25 lw 2 lc rgb '%s' front\n",
                scale->high - head, middle_of(i), middle_of(i), color);
    }
}

/* "! +40.0% (+37.0% .. +43.0%)" */
static const char *value_text(const struct forest *forest, size_t category, struct tg_arena *arena)
{
    char value[TG_UNIT_TEXT];
    const char *interval = tg_label_interval(forest->chart, forest->series, category, arena);
    return tg_arena_format(
        arena, "%s%s%s%s", is_bad(forest, category) ? "! " : "",
        tg_label_value(forest->chart->y.unit, forest->series->y[category], value),
        *interval ? " " : "", interval);
}

static void add_texts(const struct forest *forest, size_t names)
{
    struct tg_script *script = forest->script;
    struct tg_arena arena = {0};
    for (size_t i = 0; i < forest->series->count; i++) {
        tg_text_addf(&script->commands,
                     "set label $T[%zu][2:*] at graph 0, first %.6g right offset char -1,0 tc rgb "
                     "'%s'\n",
                     tg_script_name(script, forest->chart->categories[i], names), middle_of(i),
                     tg_script_ink);
        tg_text_addf(&script->commands,
                     "set label $T[%zu][2:*] at graph 1, first %.6g left offset char 1,0 font "
                     "',11' tc rgb '%s'\n",
                     tg_script_name(script, value_text(forest, i, &arena), VALUE_COLUMNS),
                     middle_of(i), is_bad(forest, i) ? tg_script_bad_color : tg_script_ink);
    }
    tg_arena_free(&arena);
}

static size_t widest_value(const struct forest *forest)
{
    size_t widest = 4;
    struct tg_arena arena = {0};
    for (size_t i = 0; i < forest->series->count; i++) {
        size_t width = tg_text_width(value_text(forest, i, &arena));
        widest = width > widest ? width : widest;
    }
    tg_arena_free(&arena);
    return widest < VALUE_COLUMNS ? widest : VALUE_COLUMNS;
}

static size_t widest_name(const struct tg_chart *chart)
{
    size_t widest = 4;
    for (size_t i = 0; i < chart->category_count; i++) {
        size_t width = tg_text_width(chart->categories[i]);
        widest = width > widest ? width : widest;
    }
    return widest < NAME_COLUMNS ? widest : NAME_COLUMNS;
}

void tg_script_forest(struct tg_script *script)
{
    static const struct tg_chart_series none = {.name = ""};
    const struct tg_chart *chart = script->chart;
    struct forest forest = {
        .script = script,
        .chart = chart,
        .series = chart->series_count ? &chart->series[0] : &none,
        .scale = tg_scale_of_changes(chart),
    };
    size_t names = widest_name(chart);
    size_t rows = chart->category_count ? chart->category_count : 1;
    script->width = WIDTH;
    script->top = 66;
    script->bottom = chart->y.label ? 80 : 58;
    script->left = 24 + (int)names * TG_SCRIPT_CHAR;
    script->right = 24 + (int)widest_value(&forest) * TG_SCRIPT_SMALL_CHAR;
    script->height = script->top + script->bottom + (int)rows * ROW;
    tg_script_axis(script, "x", &forest.scale, chart->y.unit, MOST_TICKS);
    tg_script_axis_label(script, "x", &chart->y, false);
    tg_text_addf(&script->commands,
                 "set yrange [-%zu:0]\nunset ytics\n"
                 "set key at screen %.5f,%.5f left top horizontal Left reverse samplen 1.5 spacing "
                 "1 font ',11'\n"
                 "set arrow from first 0, graph 0 to first 0, graph 1 nohead lw 1.5 lc rgb "
                 "'#666666'\n",
                 rows, 6.0 / script->width, 1 - 36.0 / script->height);
    shade_margins(&forest);
    tg_script_plot(script, "NaN with boxes fs solid 1 noborder lc rgb '#F9E0D0' title 'worse than "
                           "the margin'");
    if (chart->series_count > 0) {
        plot_rows(&forest, false);
        plot_rows(&forest, true);
        add_arrows(&forest);
        add_texts(&forest, names);
    }
}
