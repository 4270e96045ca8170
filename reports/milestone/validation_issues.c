#include <string.h>

#include "reports/layout/markup.h"
#include "reports/milestone/validation.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* ---- issues ---- */

static void add_overview(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Issue", false, NULL}, {"Severity", false, "severity"}, {"Where", false, NULL},
        {"What", false, NULL},  {"Remedy", false, "remedy"},     {"Source", false, "source"},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->findings.count; i++) {
        const struct tg_finding *finding = &milestone->findings.items[i];
        tg_grid_cellf(&grid, "%zu", i + 1);
        tg_grid_cellf(&grid, "%s", tg_finding_severity_name(finding->severity));
        tg_grid_code(&grid, finding->where && *finding->where ? finding->where : NULL);
        tg_grid_cellf(&grid, "%s", finding->title);
        tg_grid_cellf(&grid, "%s",
                      finding->verified ? "verified"
                      : finding->remedy ? "advice"
                                        : "not known"); /* of one that was written by hand */
        tg_document_add_source(milestone, tg_document_source_of(milestone, finding->source),
                               tg_grid_next(&grid));
    }
    tg_grid_end(&grid, document->out);
}

/* A line as running text, several as a block: plans keep their shape. */
static void add_evidence(struct tg_document *document, const char *evidence)
{
    if (!evidence || !*evidence)
        return;
    if (strchr(evidence, '\n')) {
        tg_text_add(document->out, "Evidence:\n\n");
        tg_markdown_block(document->out, "text", evidence);
        tg_text_add(document->out, "\n");
    } else {
        tg_document_sayf(document, "Evidence: %s", evidence);
    }
}

static void add_issue(struct tg_document *document, size_t number, const struct tg_finding *finding)
{
    tg_text_addf(document->out, "#### Issue %zu (%s): ", number,
                 tg_finding_severity_name(finding->severity));
    tg_markdown_text(document->out, finding->title);
    size_t source = tg_document_source_of(document->milestone, finding->source);
    tg_text_add(document->out, source == TG_NO_SOURCE ? "" : " ");
    tg_document_add_source(document->milestone, source, document->out);
    tg_text_add(document->out, "\n\n");
    add_evidence(document, finding->evidence);
    if (finding->remedy)
        tg_document_sayf(document, "%s: %s", finding->verified ? "Remedy" : "Advice",
                         finding->remedy);
    if (finding->sql) {
        tg_markdown_block(document->out, "sql", finding->sql);
        tg_text_add(document->out, "\n");
    }
    if (finding->verification)
        tg_document_sayf(document, "%s: %s", finding->verified ? "Verified" : "Tried",
                         finding->verification);
}

void tg_add_issues(struct tg_document *document)
{
    const struct tg_findings *findings = &document->milestone->findings;
    tg_document_section(document, 2, "Issues");
    if (findings->count == 0) {
        tg_document_sayf(document, "None was found, and none was written down.");
        return;
    }
    add_overview(document);
    for (size_t i = 0; i < findings->count; i++)
        add_issue(document, i + 1, &findings->items[i]);
}

/* ---- recommendations ---- */

void tg_add_recommendations(struct tg_document *document)
{
    static const struct tg_grid_column columns[] = {
        {"Priority", false, "priority"},
        {"Recommendation", false, NULL},
        {"From", false, "from"},
    };
    const struct tg_milestone *milestone = document->milestone;
    struct tg_grid grid;
    tg_document_section(document, 2, "Recommendations");
    if (milestone->recommendation_count == 0)
        tg_document_sayf(document, "None.");
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < milestone->recommendation_count; i++) {
        const struct tg_milestone_advice *advice = &milestone->recommendations[i];
        tg_grid_cellf(&grid, "%s", advice->priority);
        tg_grid_cellf(&grid, "%s", advice->text);
        tg_grid_cellf(&grid, "%s", advice->by_tool ? "Tailgate" : "the milestone's file");
    }
    tg_grid_end(&grid, document->out);
}
