/* A forest plot in characters: a row per change, around a common 0. */
#include <math.h>

#include "reports/chart/text.h"

enum { GAP = 2, FLAG = 2, FEWEST_CELLS = 15, CELLS_FOR_INTERVALS = 25, MOST_CELLS = 61 };

struct forest {
    const struct tg_chart *chart;
    const struct tg_chart_series *series;
    struct tg_scale scale;
    size_t label, cells, change, interval; /* columns; interval 0: not shown */
    bool flag;
    struct tg_signs *signs;
};

double tg_forest_margin(const struct tg_chart *chart, size_t category)
{
    double margin = chart->margins ? chart->margins[category] : NAN;
    bool higher = chart->higher_is_better && chart->higher_is_better[category];
    return higher ? -margin / (1 + margin) : margin;
}

/* -1: off the scale to the left, `cells`: to the right. */
static int64_t cell_of(const struct forest *forest, double value)
{
    double place = tg_scale_place(&forest->scale, value);
    if (place < -1e-9)
        return -1;
    if (place > 1 + 1e-9)
        return (int64_t)forest->cells;
    int64_t cell = (int64_t)floor(place * (double)forest->cells);
    return cell < (int64_t)forest->cells ? cell : (int64_t)forest->cells - 1;
}

static bool beyond_margin(const struct forest *forest, size_t category, int64_t at)
{
    double margin = tg_forest_margin(forest->chart, category);
    if (isnan(margin))
        return false;
    int64_t edge = cell_of(forest, margin);
    return margin > 0 ? at > edge : at < edge;
}

/* The mark at an end of the field: of something that goes on behind it. */
static const char *arrow(struct forest *forest, size_t category, bool right)
{
    const struct tg_chart_series *series = forest->series;
    double estimate = series->y[category];
    double bound = estimate;
    if (series->low && series->high)
        bound = right ? series->high[category] : series->low[category];
    if (isinf(bound)) {
        forest->signs->open = true;
        return right ? "▷" : "◁";
    }
    int64_t cell = cell_of(forest, right ? fmax(bound, estimate) : fmin(bound, estimate));
    if (cell != (right ? (int64_t)forest->cells : -1))
        return NULL;
    forest->signs->off_scale = true;
    return right ? "▶" : "◀";
}

static const char *cell_text(struct forest *forest, size_t category, int64_t at)
{
    const struct tg_chart_series *series = forest->series;
    double estimate = series->y[category];
    bool bad = series->bad && series->bad[category];
    if (!isnan(estimate)) {
        const char *end = at == 0                            ? arrow(forest, category, false)
                          : at == (int64_t)forest->cells - 1 ? arrow(forest, category, true)
                                                             : NULL;
        if (end)
            return end;
        if (at == cell_of(forest, estimate))
            return bad ? "■" : "●";
        if (series->low && series->high && at >= cell_of(forest, series->low[category]) &&
            at <= cell_of(forest, series->high[category]))
            return "─";
    }
    if (at == cell_of(forest, 0))
        return "│";
    if (!beyond_margin(forest, category, at))
        return " ";
    forest->signs->margin = true;
    return "░";
}

static void interval_text(const struct forest *forest, size_t category, struct tg_text *out)
{
    char number[TG_UNIT_TEXT];
    const struct tg_chart_series *series = forest->series;
    if (!series->low || !series->high || isnan(series->y[category]))
        return;
    tg_text_add(out, tg_label_value(forest->chart->y.unit, series->low[category], number));
    tg_text_addf(out, " .. %s",
                 tg_label_value(forest->chart->y.unit, series->high[category], number));
}

static void lay_out(struct forest *forest, size_t columns)
{
    const struct tg_chart *chart = forest->chart;
    char number[TG_UNIT_TEXT];
    for (size_t i = 0; i < chart->category_count; i++) {
        struct tg_text interval = {0};
        interval_text(forest, i, &interval);
        size_t widths[] = {
            tg_text_width(chart->categories[i]),
            tg_text_width(tg_label_value(chart->y.unit, forest->series->y[i], number)),
            tg_text_width(tg_text_string(&interval)),
        };
        forest->label = widths[0] > forest->label ? widths[0] : forest->label;
        forest->change = widths[1] > forest->change ? widths[1] : forest->change;
        forest->interval = widths[2] > forest->interval ? widths[2] : forest->interval;
        forest->flag |= forest->series->bad && forest->series->bad[i];
        tg_text_free(&interval);
    }
    size_t most = columns * 2 / 5;
    forest->label = forest->label > most ? most : forest->label;
    size_t rest = GAP + GAP + forest->change + (forest->flag ? FLAG : 0);
    if (forest->label + rest + GAP + forest->interval + CELLS_FOR_INTERVALS > columns)
        forest->interval = 0;
    rest += forest->interval ? GAP + forest->interval : 0;
    if (forest->label + rest + FEWEST_CELLS > columns)
        forest->label = rest + FEWEST_CELLS < columns ? columns - rest - FEWEST_CELLS : 1;
    forest->label = forest->label < 1 ? 1 : forest->label;
    forest->cells = columns > forest->label + rest ? columns - forest->label - rest : FEWEST_CELLS;
    forest->cells = forest->cells > MOST_CELLS ? MOST_CELLS : forest->cells;
    forest->cells -= forest->cells % 2 == 0; /* 0 in the middle */
}

static void add_row(struct forest *forest, size_t category, struct tg_text *out)
{
    char number[TG_UNIT_TEXT];
    bool bad = forest->series->bad && forest->series->bad[category];
    double estimate = forest->series->y[category];
    struct tg_text interval = {0};
    interval_text(forest, category, &interval);
    tg_label_column(out, forest->chart->categories[category], forest->label, false);
    tg_text_pad(out, ' ', GAP);
    for (int64_t at = 0; at < (int64_t)forest->cells; at++)
        tg_text_add(out, cell_text(forest, category, at));
    tg_text_pad(out, ' ', GAP);
    tg_label_column(out, tg_label_value(forest->chart->y.unit, estimate, number), forest->change,
                    true);
    if (forest->flag)
        tg_text_add(out, bad ? " !" : "  ");
    forest->signs->bad |= bad;
    if (forest->interval) {
        tg_text_pad(out, ' ', GAP);
        tg_label_column(out, tg_text_string(&interval), forest->interval, true);
    }
    tg_text_end_line(out);
    tg_text_free(&interval);
}

/* The ends of the scale and its 0. */
static void add_axis(const struct forest *forest, struct tg_text *out)
{
    char low[TG_UNIT_TEXT], high[TG_UNIT_TEXT];
    tg_label_tick(forest->chart->y.unit, forest->scale.low, low);
    tg_label_tick(forest->chart->y.unit, forest->scale.high, high);
    size_t half = forest->cells / 2;
    tg_text_pad(out, ' ', forest->label + GAP);
    tg_label_column(out, low, half, false);
    tg_text_add(out, "0");
    tg_label_column(out, high, half, true);
    tg_text_end_line(out);
}

void tg_text_forest(const struct tg_chart *chart, size_t columns, struct tg_signs *signs,
                    struct tg_text *out)
{
    if (chart->series_count == 0)
        return;
    struct forest forest = {
        .chart = chart,
        .series = &chart->series[0],
        .scale = tg_scale_of_changes(chart),
        .signs = signs,
    };
    lay_out(&forest, columns);
    for (size_t i = 0; i < chart->category_count; i++)
        add_row(&forest, i, out);
    add_axis(&forest, out);
    tg_text_add(out, "\n");
    if (chart->y.label)
        tg_text_wrapped(out, chart->y.label, columns);
}
