/* Bars in characters: a row per bar, in eighths of a block. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/chart/text.h"

enum {
    GAP = 2,
    FLAG = 2,              /* " !" */
    FEWEST_CELLS = 8,      /* of a bar at its longest */
    CELLS_FOR_LIMITS = 16, /* what limits in a column of their own have to leave */
    SHORTEST_LABEL = 6,
    INDENT = 2, /* of a limit below its bar */
    EIGHTHS = 8,
};

/* ---- the bar itself ---- */

/* The first so many eighths of a cell. */
static const char *const from_left[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};

/* There are fewer blocks that grow from the right. */
static const char *from_right(int64_t eighths)
{
    return eighths >= EIGHTHS ? "█" : eighths >= EIGHTHS / 2 ? "▐" : eighths > 0 ? "▕" : " ";
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Which cell a place lies in. */
static int64_t cell_of(double place, int64_t cells)
{
    return clamp((int64_t)floor(fmin(fmax(place, 0), 1) * (double)cells), 0, cells - 1);
}

/* What stands in cell `at`. A value that is not 0 shows at least an eighth. */
static const char *cell_text(const struct tg_scale *scale, double value, int64_t at, int64_t cells)
{
    double place = tg_scale_place(scale, value);
    if (isnan(place) || value == 0)
        return " ";
    if (place > 1 + 1e-9 && at == cells - 1)
        return "▶";
    if (place < 0 && at == 0)
        return "◀";
    double zero = scale->low < 0 ? tg_scale_place(scale, 0) : 0;
    int64_t zero_cell = llround(zero * (double)cells);
    double length = (fmin(fmax(place, 0), 1) - zero) * (double)(cells * EIGHTHS);
    if (value < 0) {
        int64_t eighths = clamp(llround(-length), 1, cells * EIGHTHS);
        return from_right(clamp(eighths - (zero_cell - 1 - at) * EIGHTHS, 0, EIGHTHS) *
                          (at < zero_cell));
    }
    int64_t eighths = place < 0 ? 0 : clamp(llround(length), 1, cells * EIGHTHS);
    return from_left[clamp(eighths - (at - zero_cell) * EIGHTHS, 0, EIGHTHS) * (at >= zero_cell)];
}

static void add_bar(const struct tg_bar_row *row, const struct tg_scale *scale, size_t cells,
                    struct tg_signs *signs, struct tg_text *out)
{
    double mark = tg_scale_place(scale, row->mark_alone ? row->value : row->limit);
    int64_t count = (int64_t)cells;
    int64_t mark_cell = isnan(mark) ? -1 : cell_of(mark, count);
    for (int64_t at = 0; at < count; at++) {
        const char *cell = row->mark_alone ? " " : cell_text(scale, row->value, at, count);
        bool arrow = strcmp(cell, "▶") == 0 || strcmp(cell, "◀") == 0;
        if (at == mark_cell && !arrow)
            cell = mark > 1 + 1e-9 ? "▶" : mark < 0 && isfinite(mark) ? "◀" : "┃";
        signs->off_scale |= strcmp(cell, "▶") == 0 || strcmp(cell, "◀") == 0;
        tg_text_add(out, cell);
    }
}

/* ---- rows ---- */

struct layout {                              /* columns */
    size_t label, cells, value, flag, limit; /* limit 0: limits are rows */
    bool intervals;
};

static size_t at_most(size_t value, size_t most)
{
    return value > most ? most : value;
}

static size_t widest(size_t a, const char *text)
{
    size_t width = text ? tg_text_width(text) : 0;
    return width > a ? width : a;
}

/* What the label takes shrinks first, then the interval goes. */
static struct layout lay_out(const struct tg_bar_rows *rows, size_t columns, bool limits_beside,
                             bool intervals)
{
    struct layout layout = {.intervals = intervals};
    for (size_t i = 0; i < rows->count; i++) {
        const struct tg_bar_row *row = &rows->rows[i];
        if (row->heading)
            continue;
        layout.label = widest(layout.label, row->label);
        size_t value = tg_text_width(row->value_text);
        if (intervals && *row->interval_text)
            value += 1 + tg_text_width(row->interval_text);
        layout.value = value > layout.value ? value : layout.value;
        layout.flag = row->bad ? FLAG : layout.flag;
        if (limits_beside && !isnan(row->limit))
            layout.limit = widest(layout.limit, row->limit_text);
    }
    if (layout.limit) {
        layout.value = widest(layout.value, rows->value_title);
        layout.limit = widest(layout.limit, rows->limit_title) + 2; /* "┃ " before it */
    }
    if (!limits_beside && rows->limit_title)
        layout.label = widest(layout.label, rows->limit_title) + INDENT;
    layout.label = at_most(layout.label, columns * 2 / 5);
    size_t rest = GAP + GAP + layout.value + layout.flag + (layout.limit ? GAP + layout.limit : 0);
    if (layout.label + rest + FEWEST_CELLS > columns)
        layout.label = rest + FEWEST_CELLS + SHORTEST_LABEL < columns
                           ? columns - rest - FEWEST_CELLS
                           : SHORTEST_LABEL;
    layout.cells = layout.label + rest < columns ? columns - layout.label - rest : 0;
    return layout;
}

static struct layout choose_layout(const struct tg_bar_rows *rows, size_t columns)
{
    struct layout layout = lay_out(rows, columns, true, true);
    if (layout.cells < CELLS_FOR_LIMITS)
        layout = lay_out(rows, columns, true, false);
    if (layout.cells < CELLS_FOR_LIMITS)
        layout = lay_out(rows, columns, false, true);
    if (layout.cells < FEWEST_CELLS)
        layout = lay_out(rows, columns, false, false);
    layout.cells = layout.cells < 1 ? 1 : layout.cells;
    return layout;
}

static void add_titles(const struct tg_bar_rows *rows, const struct layout *layout,
                       struct tg_text *out)
{
    if (!layout->limit || !rows->value_title)
        return;
    tg_text_pad(out, ' ', layout->label + GAP + layout->cells + GAP);
    tg_label_column(out, rows->value_title, layout->value, true);
    tg_text_pad(out, ' ', layout->flag + GAP);
    tg_text_add(out, "┃ ");
    tg_label_column(out, rows->limit_title ? rows->limit_title : "", layout->limit - 2, true);
    tg_text_end_line(out);
}

static void add_row(const struct tg_bar_row *row, const struct layout *layout,
                    const struct tg_scale *scale, struct tg_signs *signs, struct tg_text *out)
{
    struct tg_text value = {0};
    tg_text_add(&value, row->value_text);
    if (layout->intervals && *row->interval_text)
        tg_text_addf(&value, " %s", row->interval_text);
    tg_label_column(out, row->label, layout->label, false);
    tg_text_pad(out, ' ', GAP);
    add_bar(row, scale, layout->cells, signs, out);
    tg_text_pad(out, ' ', GAP);
    tg_label_column(out, tg_text_string(&value), layout->value, true);
    if (layout->flag)
        tg_text_add(out, row->bad ? " !" : "  ");
    signs->bad |= row->bad;
    if (layout->limit && !isnan(row->limit)) {
        tg_text_pad(out, ' ', GAP + 2);
        tg_label_column(out, row->limit_text, layout->limit - 2, true);
    }
    tg_text_end_line(out);
    tg_text_free(&value);
}

void tg_bar_rows_render(const struct tg_bar_rows *rows, const struct tg_scale *scale,
                        size_t columns, struct tg_signs *signs, struct tg_text *out)
{
    struct layout layout = choose_layout(rows, columns);
    add_titles(rows, &layout, out);
    for (size_t i = 0; i < rows->count; i++) {
        const struct tg_bar_row *row = &rows->rows[i];
        if (row->heading) {
            tg_label_fit(out, row->label, columns);
            tg_text_end_line(out);
            continue;
        }
        add_row(row, &layout, scale, signs, out);
        if (layout.limit || isnan(row->limit) || row->mark_alone)
            continue;
        char *label = tg_format("%*s%s", INDENT, "", rows->limit_title ? rows->limit_title : "");
        struct tg_bar_row limit = {
            .label = label,
            .value = row->limit,
            .mark_alone = true,
            .limit = NAN,
            .value_text = row->limit_text,
            .interval_text = "",
        };
        add_row(&limit, &layout, scale, signs, out);
        free(label);
    }
}

/* ---- of a chart of bars ---- */

struct kinds_of_series {
    size_t bars, limits;
    const struct tg_chart_series *first_bar, *first_limit;
};

static struct kinds_of_series sort_series(const struct tg_chart *chart)
{
    struct kinds_of_series kinds = {0};
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct tg_chart_series *series = &chart->series[i];
        bool limit = series->style == TG_CHART_LIMIT;
        const struct tg_chart_series **first = limit ? &kinds.first_limit : &kinds.first_bar;
        if (!*first)
            *first = series;
        *(limit ? &kinds.limits : &kinds.bars) += 1;
    }
    return kinds;
}

static void push_bar(const struct tg_chart *chart, const struct tg_chart_series *series,
                     size_t category, const char *label, const struct tg_chart_series *limit,
                     struct tg_bar_rows *rows, struct tg_arena *arena)
{
    char text[TG_UNIT_TEXT];
    bool mark_alone = series->style == TG_CHART_LIMIT;
    struct tg_bar_row row = {
        .label = label,
        .value = series->y[category],
        .mark_alone = mark_alone,
        .bad = series->bad && series->bad[category],
        .limit = limit ? limit->y[category] : NAN,
        .limit_text = "",
    };
    row.value_text = tg_arena_strdup(arena, tg_label_value(chart->y.unit, row.value, text));
    row.interval_text = tg_label_interval(chart, series, category, arena);
    if (!isnan(row.limit))
        row.limit_text = tg_arena_strdup(arena, tg_label_value(chart->y.unit, row.limit, text));
    rows->rows[rows->count++] = row;
}

/* One series: a row per category. Several: a heading per category and a row per series below it. A
 * single limit stands beside the bars it is about, several have rows of their own. */
void tg_text_bars(const struct tg_chart *chart, size_t columns, struct tg_signs *signs,
                  struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct kinds_of_series kinds = sort_series(chart);
    bool beside = kinds.bars == 1 && kinds.limits == 1;
    bool flat = kinds.bars == 1 && kinds.limits <= 1;
    struct tg_bar_rows rows = {
        .rows = tg_arena_array(&arena, chart->category_count * (chart->series_count + 1),
                               sizeof *rows.rows),
        .value_title = beside ? kinds.first_bar->name : NULL,
        .limit_title = beside ? kinds.first_limit->name : NULL,
    };
    for (size_t i = 0; i < chart->category_count; i++) {
        if (!flat)
            rows.rows[rows.count++] =
                (struct tg_bar_row){.label = chart->categories[i], .heading = true, .limit = NAN};
        for (size_t j = 0; j < chart->series_count; j++) {
            const struct tg_chart_series *series = &chart->series[j];
            if (flat && series->style == TG_CHART_LIMIT)
                continue;
            if (series->style == TG_CHART_LIMIT && isnan(series->y[i]))
                continue;
            const char *label =
                flat ? chart->categories[i] : tg_arena_format(&arena, "  %s", series->name);
            push_bar(chart, series, i, label, beside ? kinds.first_limit : NULL, &rows, &arena);
        }
    }
    struct tg_scale scale = tg_scale_of_values(chart);
    tg_bar_rows_render(&rows, &scale, columns, signs, out);
    tg_text_add(out, "\n");
    tg_text_scale_line(&chart->y, &scale, columns, out);
    tg_arena_free(&arena);
}
