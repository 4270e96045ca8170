#include "reports/milestone/document_tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/layout/markup.h"
#include "reports/run/target_text.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- cells ---- */

static void source_cell(struct tg_grid *grid, const struct tg_milestone *milestone, size_t source)
{
    tg_document_add_source(milestone, source, tg_grid_next(grid));
}

void tg_scenario_cell(struct tg_grid *grid, const struct tg_milestone *milestone, size_t source)
{
    tg_grid_code(grid, tg_scenario_to_tell(milestone, source));
}

static int64_t samples_of(const struct tg_milestone_row *row)
{
    int64_t samples = 0;
    for (size_t i = 0; i < row->phase->op_count; i++) {
        const struct tg_op_result *op = &row->phase->ops[i];
        const struct tg_hdr *hdr = row->response ? op->response : op->service;
        if (hdr && (!row->measured || row->measured == op))
            samples += hdr->total;
    }
    return samples;
}

static void percentile_cell(struct tg_document *document, struct tg_grid *grid,
                            const struct tg_milestone_row *row, double percentile, double value_ns)
{
    char text[TG_UNIT_TEXT];
    enum tg_support support = tg_percentile_support(samples_of(row), percentile);
    if (support != TG_SUPPORT_GOOD)
        document->few_samples = true;
    if (isnan(value_ns) || support == TG_SUPPORT_NONE)
        tg_grid_cellf(grid, "-");
    else
        tg_grid_cellf(grid, "%s%s", support == TG_SUPPORT_WEAK ? "~" : "",
                      tg_format_duration(llround(value_ns), text));
}

static const struct tg_result *run_of(const struct tg_document *document,
                                      const struct tg_milestone_row *row)
{
    const struct tg_milestone *milestone = document->milestone;
    size_t i = 0;
    while (i + 1 < milestone->run_count && milestone->runs[i].source != row->source)
        i++;
    return milestone->runs[i].result;
}

/* The target without the name of the operation, which stands in its own column; with the value
 * where no other column has it. */
static void target_cells(struct tg_document *document, struct tg_grid *grid,
                         const struct tg_milestone_row *row, bool has_value)
{
    char value[TG_UNIT_TEXT + 1], ratio[TG_RATIO_TEXT];
    const struct tg_target_result *target = row->target;
    if (!target) {
        tg_grid_skip(grid);
        tg_grid_skip(grid);
        tg_grid_skip(grid);
        return;
    }
    const char *text = target->text;
    size_t name = row->op ? strlen(row->op) : 0;
    if (row->op && strncmp(text, row->op, name) == 0 && text[name] == '.')
        text += name + 1;
    if (has_value)
        tg_grid_cellf(grid, "%s", text);
    else
        tg_grid_cellf(grid, "%s: %s", text,
                      tg_ranked_value(&(struct tg_ranked_target){.target = target,
                                                                 .result = run_of(document, row)},
                                      &document->few_samples, value));
    tg_text_add(tg_grid_next(grid), tg_document_target_status(target->status, row->doubt));
    tg_grid_cellf(grid, "%s", tg_target_ratio_text(target, ratio));
}

/* What is known against rows, each reason of a phase once. */
static void add_doubts(struct tg_document *document, const struct tg_milestone_row *rows,
                       size_t count)
{
    size_t length = document->out->length;
    for (size_t i = 0; i < count; i++) {
        bool said = !rows[i].doubt;
        for (size_t k = 0; k < i && !said; k++)
            said = rows[k].phase == rows[i].phase && rows[k].doubt &&
                   strcmp(rows[k].doubt, rows[i].doubt) == 0;
        if (!said)
            tg_document_pointf(document, rows[i].source, "In doubt, phase %s: %s",
                               rows[i].phase->name, rows[i].doubt);
    }
    tg_document_end_list(document, length, NULL);
}

/* The load that a phase put on the store: "closed loop, 50 workers", "1,000/s, 4 workers". */
static void load_cell(struct tg_grid *grid, const struct tg_phase_result *phase)
{
    char rate[TG_UNIT_TEXT];
    tg_grid_cellf(grid, "%s, %u worker%s",
                  phase->open_loop ? tg_format_rate(phase->rate_per_s, rate) : "closed loop",
                  phase->workers, tg_plural(phase->workers, "s"));
}

static void count_cell(struct tg_grid *grid, int64_t count)
{
    char text[TG_UNIT_TEXT];
    tg_grid_cellf(grid, "%s", tg_format_count(count, text));
}

static void rate_cell(struct tg_grid *grid, double rate_per_s)
{
    char text[TG_UNIT_TEXT];
    tg_grid_cellf(grid, "%s", isnan(rate_per_s) ? "-" : tg_format_rate(rate_per_s, text));
}

struct sums {
    int64_t succeeded, failed, retries;
};

static struct sums sums_of(const struct tg_milestone_row *row)
{
    struct sums sums = {0};
    for (size_t i = 0; i < row->phase->op_count; i++) {
        const struct tg_op_result *op = &row->phase->ops[i];
        if (row->measured && row->measured != op)
            continue;
        sums.succeeded += op->succeeded;
        sums.failed += op->failed;
        sums.retries += op->retries;
    }
    return sums;
}

/* A column that only ever says "all" says nothing; nor does "all" of a phase with one operation. */
static void op_cell(struct tg_grid *grid, const struct tg_milestone_row *rows, size_t count,
                    size_t i)
{
    bool any = false;
    for (size_t k = 0; k < count; k++)
        any = any || rows[k].op;
    if (any && !rows[i].op && rows[i].phase->op_count != 1)
        tg_grid_cellf(grid, "all");
    else
        tg_grid_code(grid, any && !rows[i].op ? rows[i].phase->ops[0].name : rows[i].op);
}

/* ---- tables ---- */

static bool shows_value(const struct tg_milestone_row *row)
{
    double value = row->target ? row->target->value : NAN;
    return isnan(value) || value == row->p50_ns || value == row->p95_ns || value == row->p99_ns;
}

void tg_add_latencies(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL}, {"Operation", false, NULL},  {"Phase", false, "phase"},
        {"Time", false, "time"},   {"p50", true, NULL},         {"p95", true, NULL},
        {"p99", true, NULL},       {"Target", false, NULL},     {"Status", false, NULL},
        {"Ratio", true, NULL},     {"Source", false, "source"},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    if (milestone->latency_count == 0) {
        tg_document_sayf(document, "No latency was measured.");
        return;
    }
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->latency_count; i++) {
        const struct tg_milestone_row *row = &milestone->latencies[i];
        tg_scenario_cell(&grid, milestone, row->source);
        op_cell(&grid, milestone->latencies, milestone->latency_count, i);
        tg_grid_code(&grid, row->phase->name);
        tg_grid_cellf(&grid, "%s", row->response ? "response" : "service");
        percentile_cell(document, &grid, row, 50, row->p50_ns);
        percentile_cell(document, &grid, row, 95, row->p95_ns);
        percentile_cell(document, &grid, row, 99, row->p99_ns);
        target_cells(document, &grid, row, shows_value(row));
        source_cell(&grid, milestone, row->source);
    }
    tg_grid_end(&grid, document->out);
    add_doubts(document, milestone->latencies, milestone->latency_count);
    tg_document_explain_signs(document);
}

void tg_add_throughputs(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL}, {"Operation", false, NULL},  {"Phase", false, "phase"},
        {"Load", false, "load"},   {"Operations", true, NULL},  {"Failed", true, "failed"},
        {"Rate", true, NULL},      {"Target", false, NULL},     {"Status", false, NULL},
        {"Ratio", true, NULL},     {"Source", false, "source"},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    if (milestone->throughput_count == 0) {
        tg_document_sayf(document, "No rate was measured.");
        return;
    }
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->throughput_count; i++) {
        const struct tg_milestone_row *row = &milestone->throughputs[i];
        struct sums sums = sums_of(row);
        tg_scenario_cell(&grid, milestone, row->source);
        op_cell(&grid, milestone->throughputs, milestone->throughput_count, i);
        tg_grid_code(&grid, row->phase->name);
        load_cell(&grid, row->phase);
        count_cell(&grid, sums.succeeded);
        count_cell(&grid, sums.failed);
        rate_cell(&grid, row->rate_per_s);
        target_cells(document, &grid, row, true);
        source_cell(&grid, milestone, row->source);
    }
    tg_grid_end(&grid, document->out);
    add_doubts(document, milestone->throughputs, milestone->throughput_count);
}

void tg_add_concurrency(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL},
        {"Operation", false, "operations"},
        {"Phase", false, "phase"},
        {"Load", false, "load"},
        {"Operations", true, NULL},
        {"Took", true, NULL},
        {"Rate", true, NULL},
        {"p50", true, NULL},
        {"p99", true, NULL},
        {"Failed", true, "failed"},
        {"Waits or retries", true, "waits or retries"},
        {"Target", false, NULL},
        {"Status", false, NULL},
        {"Ratio", true, NULL},
        {"Source", false, "source"},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    if (milestone->concurrency_count == 0) {
        tg_document_sayf(document, "No phase with several workers was measured.");
        return;
    }
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->concurrency_count; i++) {
        const struct tg_milestone_row *row = &milestone->concurrency[i];
        struct sums sums = sums_of(row);
        char took[TG_UNIT_TEXT];
        tg_scenario_cell(&grid, milestone, row->source);
        op_cell(&grid, milestone->concurrency, milestone->concurrency_count, i);
        tg_grid_code(&grid, row->phase->name);
        load_cell(&grid, row->phase);
        count_cell(&grid, sums.succeeded);
        tg_grid_cellf(&grid, "%s", tg_format_duration(row->phase->elapsed_ns, took));
        rate_cell(&grid, row->rate_per_s);
        percentile_cell(document, &grid, row, 50, row->p50_ns);
        percentile_cell(document, &grid, row, 99, row->p99_ns);
        count_cell(&grid, sums.failed);
        count_cell(&grid, sums.retries);
        target_cells(document, &grid, row,
                     !row->target || row->target->metric == TG_METRIC_ELAPSED ||
                         row->target->metric == TG_METRIC_RATE || shows_value(row));
        source_cell(&grid, milestone, row->source);
    }
    tg_grid_end(&grid, document->out);
    add_doubts(document, milestone->concurrency, milestone->concurrency_count);
    tg_document_explain_signs(document);
}

/* ---- targets ---- */

static bool in_rows(const struct tg_milestone_row *rows, size_t count,
                    const struct tg_target_result *target)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].target == target)
            return true;
    return false;
}

static bool is_elsewhere(const struct tg_milestone *milestone,
                         const struct tg_target_result *target)
{
    return in_rows(milestone->latencies, milestone->latency_count, target) ||
           in_rows(milestone->throughputs, milestone->throughput_count, target) ||
           in_rows(milestone->concurrency, milestone->concurrency_count, target);
}

/* Targets that say the same and came out the same share a row: "errors == 0" stands in every
 * phase. */
static bool alike(const struct tg_ranked_target *a, const struct tg_ranked_target *b)
{
    char value_a[TG_UNIT_TEXT], value_b[TG_UNIT_TEXT];
    return a->source == b->source && a->target->status == b->target->status &&
           !a->doubt == !b->doubt && strcmp(a->target->text, b->target->text) == 0 &&
           strcmp(tg_target_value_text(a->target, value_a),
                  tg_target_value_text(b->target, value_b)) == 0;
}

static void other_row(struct tg_document *document, struct tg_grid *grid,
                      const struct tg_ranking *ranking, size_t first, bool *said)
{
    char value[TG_UNIT_TEXT + 1], ratio[TG_RATIO_TEXT];
    const struct tg_ranked_target *ranked = &ranking->items[first];
    tg_scenario_cell(grid, document->milestone, ranked->source);
    tg_grid_cellf(grid, "%s", ranked->target->text);
    struct tg_text *phases = tg_grid_next(grid);
    for (size_t i = first; i < ranking->count; i++) {
        if (said[i] || !alike(ranked, &ranking->items[i]))
            continue;
        tg_text_add(phases, i > first ? ", " : "");
        tg_markdown_code(phases, ranking->items[i].target->phase);
        said[i] = true;
    }
    tg_grid_cellf(grid, "%s", tg_ranked_value(ranked, &document->few_samples, value));
    tg_text_add(tg_grid_next(grid),
                tg_document_target_status(ranked->target->status, ranked->doubt));
    tg_grid_cellf(grid, "%s", tg_target_ratio_text(ranked->target, ratio));
    source_cell(grid, document->milestone, ranked->source);
}

void tg_add_other_targets(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL},   {"Target", false, NULL}, {"Phases", false, NULL},
        {"Value", true, NULL},       {"Status", false, NULL}, {"Ratio", true, NULL},
        {"Source", false, "source"},
    };
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    bool *said = tg_calloc(ranking.count + 1, sizeof *said);
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < ranking.count; i++)
        said[i] = is_elsewhere(document->milestone, ranking.items[i].target);
    for (size_t i = 0; i < ranking.count; i++)
        if (!said[i])
            other_row(document, &grid, &ranking, i, said);
    if (grid.count == 0)
        tg_document_sayf(document, ranking.count > 0 ? "All targets stand in the tables above."
                                                     : "The scenarios set no target.");
    tg_grid_end(&grid, document->out);
    tg_document_explain_signs(document);
    free(said);
    tg_ranking_free(&ranking);
}

void tg_add_ranked(struct tg_document *document, const struct tg_ranking *ranking, size_t limit)
{
    static const struct tg_grid_column columns[] = {
        {"Scenario", false, NULL}, {"Metric", false, NULL},     {"Phase", false, "phase"},
        {"Target", true, NULL},    {"Measured", true, NULL},    {"Ratio", true, NULL},
        {"Status", false, NULL},   {"Source", false, "source"},
    };
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < ranking->count && i < limit; i++) {
        const struct tg_ranked_target *ranked = &ranking->items[i];
        struct tg_target_words words = tg_target_words(ranked->target);
        char value[TG_UNIT_TEXT + 1], ratio[TG_RATIO_TEXT];
        tg_scenario_cell(&grid, document->milestone, ranked->source);
        tg_grid_cellf(&grid, "%.*s", words.metric_length, ranked->target->text);
        tg_grid_code(&grid, ranked->target->phase);
        tg_grid_cellf(&grid, "%s", words.limit);
        tg_grid_cellf(&grid, "%s", tg_ranked_value(ranked, &document->few_samples, value));
        tg_grid_cellf(&grid, "%s", tg_target_ratio_text(ranked->target, ratio));
        tg_text_add(tg_grid_next(&grid),
                    tg_document_target_status(ranked->target->status, ranked->doubt));
        source_cell(&grid, document->milestone, ranked->source);
    }
    tg_grid_end(&grid, document->out);
    tg_document_explain_signs(document);
}
