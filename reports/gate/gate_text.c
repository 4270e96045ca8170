#include "reports/gate/gate_text.h"

#include "reports/gate/gate_next.h"
#include "reports/gate/gate_words.h"
#include "reports/run/report_view.h"

static void value_cell(struct tg_table *table, enum tg_compared_unit unit, double value)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, tg_gate_value_text(unit, value, text));
}

static void change_cells(struct tg_table *table, const struct tg_gate_change *pooled)
{
    struct tg_text text = {0};
    tg_gate_add_change(pooled, &text);
    tg_table_cell(table, text.data);
    tg_text_clear(&text);
    tg_gate_add_interval(pooled, &text);
    tg_table_cell(table, text.data);
    tg_text_free(&text);
}

static void add_rows(struct tg_view *view, const struct tg_gate_view *gate)
{
    static const struct tg_table_column columns[] = {
        {.title = "metric", .may_shorten = true},
        {.title = "before", .right = true, .keep = 3},
        {.title = "after", .right = true, .keep = 2},
        {.title = "change", .right = true},
        {.title = "interval", .right = true, .keep = 4},
        {.title = "margin", .right = true, .keep = 1},
        {.title = "verdict"},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        char margin[TG_UNIT_TEXT];
        tg_table_cell(&table, row->metric);
        value_cell(&table, row->unit, row->before);
        value_cell(&table, row->unit, row->after);
        change_cells(&table, &row->pooled);
        tg_table_cell(&table, tg_format_percent(row->margin, margin));
        tg_table_cellf(&table,
                       row->bad    ? TG_RED
                       : row->good ? TG_GREEN
                                   : TG_YELLOW,
                       "%s", row->verdict);
    }
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

static void add_notes(struct tg_view *view, const struct tg_gate_view *gate)
{
    struct tg_arena arena = {0};
    size_t count;
    const char *const *notes = tg_gate_notes(gate, &count, &arena);
    if (count > 0)
        tg_text_add(view->out, "\n");
    for (size_t i = 0; i < count; i++)
        tg_wrap_add(view->out, notes[i], 0, 4, view->width);
    tg_arena_free(&arena);
}

typedef void adder(const struct tg_gate_view *gate, struct tg_text *out);

static void add_line(struct tg_view *view, const char *label, adder *add,
                     const struct tg_gate_view *gate)
{
    struct tg_text text = {0};
    add(gate, &text);
    tg_view_line(view, TG_DIM, label, "%s", text.data);
    tg_text_free(&text);
}

static void add_figures(struct tg_view *view, const struct tg_gate_view *gate)
{
    add_line(view, "launches", tg_gate_add_launches, gate);
    tg_text_add(view->out, "\n");
    add_rows(view, gate);
    add_notes(view, gate);
    tg_text_add(view->out, "\n");
    add_line(view, "errors", tg_gate_add_errors, gate);
    add_line(view, "platform", tg_gate_add_platform, gate);
    if (gate->yardstick)
        tg_view_line(view, TG_DIM, "yardstick", "%s", gate->yardstick);
    if (gate->baseline)
        tg_view_line(view, TG_DIM, "baseline", "%s", gate->baseline);
}

void tg_report_gate(const struct tg_gate_view *gate, int columns, bool color, struct tg_text *out)
{
    struct tg_view view = {
        .out = out, .width = columns > 0 ? (size_t)columns : 100, .color = color};
    char took[TG_UNIT_TEXT];
    tg_view_line(&view, TG_DIM, "scenario", "%s, phase %s in closed loop%s", gate->scenario,
                 gate->phase, gate->open_slice_ns > 0 ? " and at its rate" : "");
    tg_view_line(&view, TG_DIM, "before", "%s", gate->before);
    tg_view_line(&view, TG_DIM, "after", "%s", gate->after);
    if (gate->row_count > 0)
        add_figures(&view, gate);
    tg_view_line(&view,
                 gate->bad    ? TG_RED
                 : gate->good ? TG_GREEN
                              : TG_YELLOW,
                 gate->verdict, "%s (exit code %d, after %s)", gate->meaning, gate->exit_code,
                 tg_format_duration(gate->elapsed_ns, took));
    size_t length = out->length;
    tg_report_gate_next(gate, view.width, color, out);
    if (gate->stored && out->length > length)
        tg_text_add(out, "\n");
    if (gate->stored)
        tg_view_line(&view, TG_DIM, "stored", "%s", gate->stored);
}
