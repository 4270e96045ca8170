/* The validation report: everything, for those who have to decide. */
#include "reports/milestone/validation.h"

#include "common/units.h"
#include "reports/milestone/document_tables.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void add_summary(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    if (*milestone->summary)
        tg_document_sayf(document, "%s", milestone->summary);
    if (milestone->caveat_count == 0)
        return;
    tg_document_section(document, 2, "Before reading the figures");
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->caveat_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", milestone->caveats[i]);
    tg_document_end_list(document, length, NULL);
}

static void run_row(struct tg_document *document, struct tg_grid *grid,
                    const struct tg_milestone_run *run)
{
    static const char *const verdicts[] = {
        [TG_VERDICT_PASS] = "✅ pass",
        [TG_VERDICT_FAIL] = "❌ fail",
        [TG_VERDICT_INVALID] = "⚠️ cannot tell",
    };
    const struct tg_result *result = run->result;
    char took[TG_UNIT_TEXT];
    tg_document_add_source(document->milestone, run->source, tg_grid_next(grid));
    tg_grid_code(grid, result->scenario);
    tg_grid_cellf(grid, "%s", tg_format_duration(result->total_ns, took));
    tg_grid_cellf(grid, "%zu", result->phase_count);
    tg_grid_cellf(grid, "%zu", result->target_count);
    tg_text_add(tg_grid_next(grid), verdicts[result->verdict]);
}

static void add_runs(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Run", false, NULL},   {"Scenario", false, "scenario"}, {"Took", true, NULL},
        {"Phases", true, NULL}, {"Targets", true, NULL},         {"Verdict", false, NULL},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->run_count; i++)
        run_row(document, &grid, &milestone->runs[i]);
    tg_grid_end(&grid, document->out);
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->run_count; i++)
        for (size_t k = 0; k < milestone->runs[i].result->reason_count; k++)
            tg_document_pointf(document, milestone->runs[i].source, "%s",
                               milestone->runs[i].result->reasons[k]);
    tg_document_end_list(document, length, NULL);
}

static void add_results(struct tg_document *document)
{
    tg_document_section(document, 2, "Results");
    if (document->milestone->run_count == 0) {
        tg_document_sayf(document, "No run was given: there is no latency, no throughput, no "
                                   "concurrency and no target to show.");
        return;
    }
    add_runs(document);
    tg_document_section(document, 3, "Latency");
    tg_add_latencies(document);
    tg_document_section(document, 3, "Throughput");
    tg_add_throughputs(document);
    tg_document_section(document, 3, "Concurrency");
    tg_add_concurrency(document);
    tg_document_section(document, 3, "Other targets");
    tg_add_other_targets(document);
}

static void add_decision(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Decision");
    tg_text_addf(document->out, "**%s**: ", tg_document_decision(milestone->decision));
    tg_document_sayf(document, "%s.", milestone->reason);
    if (milestone->condition_count > 0)
        tg_document_sayf(document, "To be done before it can be approved:");
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->condition_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", milestone->conditions[i]);
    tg_document_end_list(document, length, NULL);
    tg_document_sayf(document, "Exit code of the command: %d.", milestone->exit_code);
}

void tg_milestone_validation(const struct tg_milestone *milestone, struct tg_text *out)
{
    struct tg_document document;
    tg_document_begin(&document, milestone, "validation report", out);
    add_summary(&document);
    tg_document_section(&document, 2, "Criteria");
    tg_add_criteria(&document);
    add_results(&document);
    tg_add_index_coverage(&document);
    tg_add_issues(&document);
    tg_add_recommendations(&document);
    tg_add_bottlenecks(&document);
    tg_add_scale(&document);
    tg_add_before_after(&document);
    tg_add_tests(&document);
    tg_add_gaps(&document);
    tg_add_configuration(&document);
    tg_add_integrity(&document);
    add_decision(&document);
    tg_add_plan_appendix(&document);
    tg_add_index_appendix(&document);
    tg_document_end(&document);
}
