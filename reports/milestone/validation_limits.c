/* Where time goes, how far it scales, what changed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/gate/gate_words.h"
#include "reports/layout/markup.h"
#include "reports/milestone/document_tables.h"
#include "reports/milestone/validation.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { TIGHTEST = 5, MOST_PHASES = 10, MOST_MOVED = 5 };

/* ---- bottlenecks ---- */

static void add_time_shares(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL},           {"Phase", false, "phase"},
        {"Operation", false, NULL},          {"Share of time", true, NULL},
        {"Share of operations", true, NULL}, {"Mean service time", true, NULL},
        {"Source", false, "source"},
    };
    size_t count;
    struct tg_time_share *shares = tg_time_shares(document->milestone, &count);
    struct tg_grid grid;
    if (count > 0)
        tg_document_sayf(document,
                         "The operation that takes the most of the store's time, in each "
                         "phase that mixes several%s:",
                         count > MOST_PHASES ? " (the ten largest shares)" : "");
    else
        tg_document_sayf(document, "No phase mixes operations, so no share of time can be told.");
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < count && i < MOST_PHASES; i++) {
        char text[TG_UNIT_TEXT];
        tg_scenario_cell(&grid, document->milestone, shares[i].source);
        tg_grid_code(&grid, shares[i].phase->name);
        tg_grid_code(&grid, shares[i].op->name);
        tg_grid_cellf(&grid, "%s", tg_format_percent(shares[i].time, text));
        tg_grid_cellf(&grid, "%s", tg_format_percent(shares[i].operations, text));
        tg_grid_cellf(&grid, "%s",
                      tg_format_duration(llround(tg_hdr_mean(shares[i].op->service)), text));
        tg_document_add_source(document->milestone, shares[i].source, tg_grid_next(&grid));
    }
    tg_grid_end(&grid, document->out);
    free(shares);
}

/* Those without a ratio ("errors == 0") have no headroom to speak of. */
static void add_tightest(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    size_t tight = 0;
    for (size_t i = 0; i < ranking.count; i++)
        if (isfinite(ranking.items[i].target->ratio))
            ranking.items[tight++] = ranking.items[i];
    ranking.count = tight;
    if (tight > 0)
        tg_document_sayf(document, "The targets with the least headroom:");
    tg_add_ranked(document, &ranking, TIGHTEST);
    tg_ranking_free(&ranking);
}

void tg_add_bottlenecks(struct tg_document *document)
{
    tg_document_section(document, 2, "Bottlenecks");
    if (document->milestone->run_count == 0) {
        tg_document_sayf(document, "Nothing was measured that could show one.");
        return;
    }
    add_time_shares(document);
    add_tightest(document);
}

/* ---- scale ---- */

void tg_add_scale(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Scale limits");
    if (milestone->sweep_count == 0)
        tg_document_sayf(document, "No size sweep was measured, so how far it scales is not known; "
                                   "nothing is estimated from one size.");
    for (size_t i = 0; i < milestone->sweep_count; i++) {
        tg_text_add(document->out, "### ");
        tg_markdown_text(document->out, milestone->sweeps[i].view.scenario);
        tg_text_add(document->out, " ");
        tg_document_add_source(milestone, milestone->sweeps[i].source, document->out);
        tg_text_add(document->out, "\n\n");
        tg_markdown_sweep(&milestone->sweeps[i].view, document->out);
    }
}

/* ---- before against after ---- */

static void change_cell(struct tg_grid *grid, const struct tg_gate_change *change,
                        void (*add)(const struct tg_gate_change *, struct tg_text *))
{
    struct tg_text text = {0};
    add(change, &text);
    tg_markdown_text(tg_grid_next(grid), tg_text_string(&text));
    tg_text_free(&text);
}

static void add_rows(const struct tg_gate_view *gate, struct tg_text *out)
{
    static const struct tg_grid_column columns[] = {
        {"Metric", false, NULL},       {"Before", true, NULL},   {"After", true, NULL},
        {"Change", true, NULL},        {"Interval", true, NULL}, {"Margin", true, "margin"},
        {"Verdict", false, "verdict"},
    };
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        char text[TG_UNIT_TEXT];
        tg_grid_code(&grid, row->metric);
        tg_grid_cellf(&grid, "%s", tg_gate_value_text(row->unit, row->before, text));
        tg_grid_cellf(&grid, "%s", tg_gate_value_text(row->unit, row->after, text));
        change_cell(&grid, &row->pooled, tg_gate_add_change);
        change_cell(&grid, &row->pooled, tg_gate_add_interval);
        tg_grid_cellf(&grid, "%s", tg_format_percent(row->margin, text));
        tg_grid_cellf(&grid, "%s%s", row->bad ? "❌ " : row->good ? "✅ " : "⚠️ ", row->verdict);
    }
    tg_grid_end(&grid, out);
}

static void add_moved(struct tg_document *document, const struct tg_gate_view *gate)
{
    static const struct tg_grid_column columns[] = {
        {"Operation", false, NULL},
        {"Mean before", true, NULL},
        {"Mean after", true, NULL},
        {"Change", true, NULL},
        {"Share of the mix", true, NULL},
        {"Share of the time lost", true, "share of the time lost"},
    };
    struct tg_grid grid;
    bool slower = false;
    for (size_t i = 0; i < gate->row_count; i++)
        slower = slower || gate->rows[i].bad;
    if (gate->moved_count == 0 || !slower)
        return;
    tg_document_sayf(document,
                     "What moved, the operation that explains most of the lost time "
                     "first%s:",
                     gate->moved_count > MOST_MOVED ? " (five of them)" : "");
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < gate->moved_count && i < MOST_MOVED; i++) {
        const struct tg_gate_moved *moved = &gate->moved[i];
        char text[TG_UNIT_TEXT];
        tg_grid_code(&grid, moved->name);
        tg_grid_cellf(&grid, "%s", tg_format_duration(llround(moved->before_ns), text));
        tg_grid_cellf(&grid, "%s", tg_format_duration(llround(moved->after_ns), text));
        change_cell(&grid, &moved->change, tg_gate_add_change_and_interval);
        tg_grid_cellf(&grid, "%s", tg_format_percent(moved->mix_share, text));
        tg_grid_cellf(&grid, "%s", tg_format_percent(moved->lost_share, text));
    }
    tg_grid_end(&grid, document->out);
}

static void add_notes(struct tg_document *document, const struct tg_gate_view *gate)
{
    struct tg_arena scratch = {0};
    struct tg_text line = {0};
    size_t count;
    const char *const *notes = tg_gate_notes(gate, &count, &scratch);
    size_t length = document->out->length;
    for (size_t i = 0; i < count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", notes[i]);
    tg_gate_add_launches(gate, &line);
    tg_document_pointf(document, TG_NO_SOURCE, "Launches: %s", line.data);
    tg_text_clear(&line);
    tg_gate_add_errors(gate, &line);
    tg_document_pointf(document, TG_NO_SOURCE, "Failed operations: %s", line.data);
    tg_text_clear(&line);
    tg_gate_add_platform(gate, &line);
    tg_document_pointf(document, TG_NO_SOURCE, "Platform: %s", line.data);
    tg_document_end_list(document, length, NULL);
    tg_text_free(&line);
    tg_arena_free(&scratch);
}

static void add_comparison(struct tg_document *document,
                           const struct tg_milestone_comparison *comparison)
{
    const struct tg_gate_view *gate = comparison->gate;
    struct tg_text *out = document->out;
    tg_text_add(out, "### ");
    tg_markdown_text(out, gate->scenario);
    if (*gate->phase) /* else it ended before there was one */
        tg_text_add(out, ", phase ");
    tg_markdown_text(out, gate->phase);
    tg_text_add(out, " ");
    tg_document_add_source(document->milestone, comparison->source, out);
    tg_text_addf(out, "\n\n**%s%s:** ",
                 gate->bad    ? "❌ "
                 : gate->good ? "✅ "
                              : "⚠️ ",
                 gate->verdict);
    tg_document_sayf(document, "%s", gate->meaning);
    if (comparison->task && !comparison->task->compared) {
        tg_document_sayf(document,
                         "The run after the change ended too badly; nothing was compared.");
        return;
    }
    tg_document_pointf(document, TG_NO_SOURCE, "Before: %s", gate->before);
    tg_document_pointf(document, TG_NO_SOURCE, "After: %s", gate->after);
    for (size_t i = 0; i < gate->position_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "Competitors, by published figures: %s",
                           gate->positions[i]);
    tg_text_add(out, "\n");
    if (gate->row_count == 0)
        tg_document_sayf(document, "It ended before anything was measured.");
    add_rows(gate, out);
    if (gate->row_count > 0)
        add_notes(document, gate);
    add_moved(document, gate);
}

void tg_add_before_after(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Before against after");
    if (milestone->comparison_count == 0)
        tg_document_sayf(document, "No comparison was given. What was before is not known, and not "
                                   "estimated.");
    for (size_t i = 0; i < milestone->comparison_count; i++)
        add_comparison(document, &milestone->comparisons[i]);
}
