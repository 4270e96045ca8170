#include "reports/gate_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/gate_next.h"
#include "reports/report_view.h"

static void value_cell(struct tg_table *table, enum tg_compared_unit unit, double value)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, tg_gate_value_text(unit, value, text));
}

static void change_cells(struct tg_table *table, const struct tg_gate_change *pooled)
{
    if (isnan(pooled->change))
        tg_table_cell(table, "-");
    else
        tg_table_cellf(table, TG_PLAIN, "%+.1f%%", 100 * pooled->change);
    if (isfinite(pooled->low) && isfinite(pooled->high))
        tg_table_cellf(table, TG_PLAIN, "%+.1f .. %+.1f%%", 100 * pooled->low, 100 * pooled->high);
    else
        tg_table_cell(table, "-");
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

/* What several metrics have in common is said once. */
static void add_notes(struct tg_view *view, const struct tg_gate_view *gate)
{
    bool *said = tg_calloc(gate->row_count + 1, sizeof *said);
    bool first = true;
    for (size_t i = 0; i < gate->row_count; i++) {
        const char *note = gate->rows[i].note;
        struct tg_text line = {0};
        if (!note || said[i])
            continue;
        for (size_t k = i; k < gate->row_count; k++) {
            if (!gate->rows[k].note || strcmp(gate->rows[k].note, note) != 0)
                continue;
            tg_text_addf(&line, "%s%s", line.length ? ", " : "", gate->rows[k].metric);
            said[k] = true;
        }
        tg_text_addf(&line, ": %s", note);
        if (first)
            tg_text_add(view->out, "\n");
        first = false;
        tg_wrap_add(view->out, line.data, 0, 4, view->width);
        tg_text_free(&line);
    }
    free(said);
}

static void add_platform(struct tg_view *view, const struct tg_gate_view *gate)
{
    char share[TG_UNIT_TEXT], dropped[TG_UNIT_TEXT], seen[TG_UNIT_TEXT];
    bool known = !isnan(gate->steal_share);
    tg_view_line(view, TG_DIM, "platform", "%s%s%s%s of %s slice pairs dropped for %s",
                 known ? "steal " : "", known ? tg_format_percent(gate->steal_share, share) : "",
                 known ? " of the time; " : "", tg_format_count(gate->pairs_dropped, dropped),
                 tg_format_count(gate->pairs_seen, seen), known ? "it" : "stolen CPU time");
}

static void add_figures(struct tg_view *view, const struct tg_gate_view *gate)
{
    char slice[TG_UNIT_TEXT];
    struct tg_text errors = {0};
    char fresh[64] = "";
    if (gate->fresh_launches > 0)
        snprintf(fresh, sizeof fresh, ", and %zu fresh ones to confirm", gate->fresh_launches);
    char open[64] = "";
    if (gate->open_slice_ns > 0)
        snprintf(open, sizeof open, ", and as many of %s at the rate",
                 tg_short_duration(gate->open_slice_ns, slice));
    tg_view_line(view, TG_DIM, "launches", "%zu%s; each %u pairs of %s%s", gate->launches, fresh,
                 gate->pairs, tg_short_duration(gate->slice_ns, slice), open);
    tg_text_add(view->out, "\n");
    add_rows(view, gate);
    add_notes(view, gate);
    tg_text_add(view->out, "\n");
    tg_gate_add_errors(gate, &errors);
    tg_view_line(view, TG_DIM, "errors", "%s", errors.data);
    tg_text_free(&errors);
    add_platform(view, gate);
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
