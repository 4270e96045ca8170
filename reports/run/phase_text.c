#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/run/phase_lines.h"
#include "reports/run/report_view.h"

enum { INDENT = 2, HANGING_INDENT = 4 };

/* ---- the table ---- */

static const struct tg_table_column op_columns[] = {
    {.title = "", .may_shorten = true}, /* names the time that the columns are about */
    {.title = "count", .right = true, .keep = 5},
    {.title = "rate", .right = true, .keep = 4},
    {.title = "mean", .right = true, .keep = 1},
    {.title = "p50", .right = true, .keep = 8},
    {.title = "p95", .right = true, .keep = 3},
    {.title = "p99", .right = true},
    {.title = "p99.9", .right = true, .keep = 6},
    {.title = "max", .right = true, .keep = 2},
    {.title = "errors", .right = true, .keep = 7},
};

static void duration_cell(struct tg_table *table, const struct tg_hdr *hdr, double duration_ns)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, hdr->total ? tg_format_duration((int64_t)(duration_ns + 0.5), text) : "-");
}

static void percentile_cell(struct tg_view *view, struct tg_table *table, const struct tg_hdr *hdr,
                            double percentile)
{
    char text[TG_PERCENTILE_TEXT];
    bool good = tg_percentile_text(hdr, percentile, text) == TG_SUPPORT_GOOD;
    if (!good && hdr->total > 0)
        view->few_samples = true;
    tg_table_cellf(table, good ? TG_PLAIN : TG_DIM, "%s", text);
}

static void op_row(struct tg_view *view, struct tg_table *table, const char *name,
                   const struct tg_hdr *hdr, int64_t succeeded, int64_t failed, int64_t elapsed_ns)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, name);
    tg_table_cell(table, tg_format_count(succeeded, text));
    tg_table_cell(table, elapsed_ns > 0
                             ? tg_format_rate((double)succeeded * 1e9 / (double)elapsed_ns, text)
                             : "-");
    duration_cell(table, hdr, tg_hdr_mean(hdr));
    percentile_cell(view, table, hdr, 50);
    percentile_cell(view, table, hdr, 95);
    percentile_cell(view, table, hdr, 99);
    percentile_cell(view, table, hdr, 99.9);
    duration_cell(table, hdr, (double)hdr->max);
    tg_table_cellf(table, failed ? TG_RED : TG_PLAIN, "%s", tg_format_count(failed, text));
}

static void add_table(struct tg_view *view, const struct tg_phase_result *phase)
{
    struct tg_table table;
    struct tg_table_column columns[sizeof op_columns / sizeof *op_columns];
    memcpy(columns, op_columns, sizeof columns);
    columns[0].title = phase->open_loop ? "response time" : "service time";
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    int64_t succeeded = 0;
    int64_t failed = 0;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        succeeded += op->succeeded;
        failed += op->failed;
        op_row(view, &table, op->name, tg_main_latency(phase, op), op->succeeded, op->failed,
               phase->elapsed_ns);
    }
    if (phase->op_count > 1) {
        struct tg_hdr *all = tg_merged_latency(phase, false);
        op_row(view, &table, "(all)", all, succeeded, failed, phase->elapsed_ns);
        free(all);
    }
    tg_table_render(&table, INDENT, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* ---- the whole ---- */

static void add_title(struct tg_view *view, const struct tg_phase_result *phase,
                      struct tg_arena *arena)
{
    tg_text_add(view->out, "\n");
    tg_style_add(view->out, TG_BOLD, view->color, phase->name);
    tg_text_add(view->out, ": ");
    tg_wrap_add(view->out, tg_phase_title(phase, arena), tg_text_width(phase->name) + 2, INDENT,
                view->width);
}

static void add_line(struct tg_view *view, const struct tg_phase_line *line)
{
    tg_text_pad(view->out, ' ', INDENT);
    tg_style_add(view->out, line->style, view->color, line->label);
    tg_text_add(view->out, ": ");
    tg_wrap_add(view->out, line->text, INDENT + tg_text_width(line->label) + 2, HANGING_INDENT,
                view->width);
}

void tg_view_phase(struct tg_view *view, const struct tg_phase_result *phase)
{
    struct tg_arena arena = {0};
    size_t count;
    add_title(view, phase, &arena);
    add_table(view, phase);
    const struct tg_phase_line *lines = tg_phase_lines(phase, &count, &view->few_samples, &arena);
    for (size_t i = 0; i < count; i++)
        add_line(view, &lines[i]);
    tg_arena_free(&arena);
}
