/* What was tested, and what was not. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/gate/gate_view.h"
#include "reports/layout/markup.h"
#include "reports/milestone/facts.h"
#include "reports/milestone/validation.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- tests ---- */

static void suite_row(struct tg_grid *grid, const struct tg_milestone_suite *suite,
                      const char *name)
{
    char text[TG_UNIT_TEXT];
    int64_t passed = suite->tests - suite->failed - suite->errors - suite->skipped;
    tg_grid_cellf(grid, "%s", name);
    tg_grid_cellf(grid, "%s", tg_format_count(suite->tests, text));
    tg_grid_cellf(grid, "%s", tg_format_count(passed, text));
    tg_grid_cellf(grid, "%s", tg_format_count(suite->failed, text));
    tg_grid_cellf(grid, "%s", tg_format_count(suite->errors, text));
    tg_grid_cellf(grid, "%s", tg_format_count(suite->skipped, text));
    if (isnan(suite->seconds))
        tg_grid_skip(grid);
    else
        tg_grid_cellf(grid, "%s", tg_format_duration(llround(1e9 * suite->seconds), text));
}

static void add_suites(struct tg_document *document, const struct tg_milestone_tests *tests)
{
    static const struct tg_grid_column columns[] = {
        {"Suite", false, NULL},     {"Tests", true, NULL},      {"Passed", true, NULL},
        {"Failed", true, "failed"}, {"Errors", true, "errors"}, {"Skipped", true, "skipped"},
        {"Time", true, NULL},
    };
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < tests->suite_count; i++)
        suite_row(&grid, &tests->suites[i], tests->suites[i].name);
    if (tests->suite_count != 1)
        suite_row(&grid, &tests->sum, "all");
    tg_grid_end(&grid, document->out);
    tg_text_add(document->out, "Source: ");
    tg_document_add_source(document->milestone, tests->source, document->out);
    tg_text_add(document->out, "\n\n");
}

static void add_failures(struct tg_document *document, const struct tg_milestone_tests *tests)
{
    int64_t failed = tests->sum.failed + tests->sum.errors;
    size_t length = document->out->length;
    if (tests->failure_count > 0 && (int64_t)tests->failure_count < failed)
        tg_document_sayf(document, "The first %zu that failed:", tests->failure_count);
    else if (tests->failure_count > 0)
        tg_document_sayf(document, "Failed:");
    for (size_t i = 0; i < tests->failure_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", tests->failures[i]);
    tg_document_end_list(document, length, NULL);
}

static void add_code_coverage(struct tg_document *document)
{
    const struct tg_milestone_code_coverage *coverage = &document->milestone->code_coverage;
    char lines[TG_UNIT_TEXT], covered[TG_UNIT_TEXT];
    if (!coverage->given) {
        tg_document_sayf(document, "No code coverage was given.");
        return;
    }
    struct tg_text line = {0};
    tg_text_addf(&line, "Code coverage: %.10g%% of the lines",
                 tg_floored_percent(coverage->line_rate));
    if (coverage->lines > 0)
        tg_text_addf(&line, " (%s of %s)", tg_format_count(coverage->lines_covered, covered),
                     tg_format_count(coverage->lines, lines));
    if (!isnan(coverage->branch_rate))
        tg_text_addf(&line, ", %.10g%% of the branches", tg_floored_percent(coverage->branch_rate));
    tg_markdown_text(document->out, line.data);
    tg_text_add(document->out, " ");
    tg_document_add_source(document->milestone, coverage->source, document->out);
    tg_text_add(document->out, "\n\n");
    tg_text_free(&line);
}

void tg_add_tests(struct tg_document *document)
{
    const struct tg_milestone_tests *tests = &document->milestone->tests;
    tg_document_section(document, 2, "Tests");
    if (tests->given) {
        add_suites(document, tests);
        add_failures(document, tests);
    } else {
        tg_document_sayf(document, "No test results were given.");
    }
    add_code_coverage(document);
}

/* ---- gaps ---- */

static void add_no_data(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    for (size_t i = 0; i < ranking.count; i++) {
        const char *doubt = ranking.items[i].doubt;
        if (ranking.items[i].target->status != TG_TARGET_NO_DATA && !doubt)
            continue;
        char *name = tg_ranked_name(document->milestone, &ranking.items[i]);
        tg_document_pointf(document, ranking.items[i].source, "Target %s: %s%s%s",
                           doubt ? "in doubt" : "without data", name, doubt ? ", " : "",
                           doubt ? doubt : "");
        free(name);
    }
    tg_ranking_free(&ranking);
}

static bool is_run(const struct tg_result *result, const char *op)
{
    for (size_t i = 0; i < result->phase_count; i++)
        for (size_t k = 0; k < result->phases[i].op_count; k++)
            if (strcmp(result->phases[i].ops[k].name, op) == 0)
                return true;
    return false;
}

/* Names of statements that were planned and never run, each once. */
static void add_not_run(struct tg_document *document, const struct tg_milestone_run *run)
{
    const struct tg_coverage *coverage = &run->result->coverage;
    struct tg_text names = {0};
    size_t count = 0;
    for (size_t i = 0; run->result->has_coverage && i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *statement = &coverage->statements[i];
        if (statement->number > 1 || (!statement->query && is_run(run->result, statement->owner)))
            continue;
        tg_text_addf(&names, "%s%s", count++ > 0 ? ", " : "", statement->owner);
    }
    if (count > 0)
        tg_document_pointf(document, run->source, "Planned and not run, so without any figure: %s",
                           names.data);
    tg_text_free(&names);
}

/* Operations that were measured and that no target of the run is about. A target on the whole phase
 * covers none of them by name. */
static bool has_target(const struct tg_result *result, const char *op)
{
    size_t length = strlen(op);
    for (size_t i = 0; i < result->target_count; i++)
        if (strncmp(result->targets[i].text, op, length) == 0 &&
            result->targets[i].text[length] == '.')
            return true;
    return false;
}

static bool is_first(const struct tg_result *result, size_t phase, size_t op)
{
    const char *name = result->phases[phase].ops[op].name;
    for (size_t i = 0; i <= phase; i++)
        for (size_t k = 0; k < (i == phase ? op : result->phases[i].op_count); k++)
            if (strcmp(result->phases[i].ops[k].name, name) == 0)
                return false;
    return true;
}

static void add_without_target(struct tg_document *document, const struct tg_milestone_run *run)
{
    const struct tg_result *result = run->result;
    struct tg_text names = {0};
    for (size_t i = 0; i < result->phase_count; i++)
        for (size_t k = 0; k < result->phases[i].op_count; k++) {
            const char *name = result->phases[i].ops[k].name;
            if (is_first(result, i, k) && !has_target(result, name))
                tg_text_addf(&names, "%s%s", names.length ? ", " : "", name);
        }
    if (names.length)
        tg_document_pointf(document, run->source, "Measured without a target of its own: %s",
                           names.data);
    tg_text_free(&names);
}

static void add_not_gated(struct tg_document *document,
                          const struct tg_milestone_comparison *comparison)
{
    const struct tg_gate_view *gate = comparison->gate;
    for (size_t i = 0; i < gate->row_count; i++)
        if (gate->rows[i].judged_as == TG_GATE_INCONCLUSIVE)
            tg_document_pointf(document, comparison->source, "Not decided: %s, %s",
                               gate->rows[i].metric, gate->rows[i].verdict);
}

void tg_add_gaps(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 3, "Gaps");
    size_t length = document->out->length;
    add_no_data(document);
    for (size_t i = 0; i < milestone->criterion_count; i++)
        if (milestone->criteria[i].status == TG_CRITERION_NO_DATA)
            tg_document_pointf(document, TG_NO_SOURCE, "Criterion without data: %s (%s)",
                               milestone->criteria[i].name, milestone->criteria[i].evidence);
    for (size_t i = 0; i < milestone->comparison_count; i++)
        add_not_gated(document, &milestone->comparisons[i]);
    for (size_t i = 0; i < milestone->run_count; i++) {
        add_without_target(document, &milestone->runs[i]);
        add_not_run(document, &milestone->runs[i]);
    }
    if (milestone->tests.given && milestone->tests.sum.skipped > 0)
        tg_document_pointf(document, milestone->tests.source, "Tests that were skipped: %lld",
                           (long long)milestone->tests.sum.skipped);
    tg_document_end_list(document, length, "None that the data show.");
}
