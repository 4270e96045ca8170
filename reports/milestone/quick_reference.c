/* The quick reference: one page, for those who have to act. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/layout/markup.h"
#include "reports/milestone/document_points.h"
#include "reports/milestone/document_tables.h"
#include "reports/milestone/facts.h"
#include "reports/milestone/validation.h"

enum { MOST_TARGETS = 8, MOST_ISSUES = 5, MOST_LIMITS = 6, SHORT_SQL = 120 };

static void add_results(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    tg_document_section(document, 2, "Results");
    if (ranking.count == 0)
        tg_document_sayf(document, "No target was measured.");
    else
        tg_document_sayf(
            document,
            "%zu of %zu targets of the results met, %zu missed, %zu without data or in doubt%s.",
            ranking.met, ranking.count, ranking.missed, ranking.open,
            ranking.count > 1 ? "; what is missed first, then the least headroom" : "");
    tg_add_ranked(document, &ranking, MOST_TARGETS);
    tg_document_more(document, ranking.count, MOST_TARGETS,
                     "target with more headroom, or none to tell",
                     "targets with more headroom, or none to tell");
    tg_ranking_free(&ranking);
}

static void add_issues(struct tg_document *document)
{
    const struct tg_findings *findings = &document->milestone->findings;
    size_t issues = tg_count_issues(findings);
    tg_document_section(document, 2, "Known issues");
    for (size_t i = 0; i < issues && i < MOST_ISSUES; i++) {
        const struct tg_finding *finding = &findings->items[i];
        size_t source = tg_document_source_of(document->milestone, finding->source);
        tg_text_addf(document->out, "- **Issue %zu (%s)**", i + 1,
                     tg_finding_severity_name(finding->severity));
        if (*finding->where) {
            tg_text_add(document->out, " ");
            tg_markdown_code(document->out, finding->where);
        }
        tg_text_add(document->out, ": ");
        tg_markdown_text(document->out, finding->title);
        if (finding->remedy) {
            tg_text_addf(document->out, ". *%s:* ", finding->verified ? "Verified" : "Advice");
            tg_markdown_text(document->out, finding->remedy);
        }
        if (finding->sql && strlen(finding->sql) <= SHORT_SQL && !strchr(finding->sql, '\n')) {
            tg_text_add(document->out, ": ");
            tg_markdown_code(document->out, finding->sql);
        }
        tg_text_add(document->out, source == TG_NO_SOURCE ? "" : " ");
        tg_document_add_source(document->milestone, source, document->out);
        tg_text_add(document->out, "\n");
    }
    if (issues > 0)
        tg_text_add(document->out, "\n");
    else
        tg_document_sayf(document, "None.");
    tg_document_more(document, issues, MOST_ISSUES, "issue of no higher severity",
                     "issues of no higher severity");
}

/* The counts, and how many indexes each table has. */
static bool show_indexes(const struct tg_result *result, struct tg_text *out)
{
    const struct tg_coverage *coverage = &result->coverage;
    if (!tg_show_plan_counts(result, out))
        return false;
    for (size_t i = 0, first = 0; i < coverage->index_count; i++) {
        const char *table = coverage->indexes[i].info.table;
        if (i + 1 < coverage->index_count &&
            strcmp(coverage->indexes[i + 1].info.table, table) == 0)
            continue;
        tg_text_add(out, first == 0 ? "Indexes per table: " : ", ");
        tg_markdown_code(out, table);
        tg_text_addf(out, " %zu", i + 1 - first);
        first = i + 1;
    }
    if (coverage->index_count > 0)
        tg_text_add(out, ".\n\n");
    return true;
}

static bool show_settings(const struct tg_result *result, struct tg_text *out)
{
    size_t length = out->length;
    for (size_t i = 0; i < result->setting_count; i++) {
        const struct tg_setting_state *setting = &result->settings[i];
        if (!setting->requested)
            continue;
        char *text = tg_format("%s = %s", setting->name, setting->actual);
        tg_text_add(out, out->length > length ? ", " : "");
        tg_markdown_code(out, text);
        free(text);
    }
    if (out->length == length)
        return false;
    tg_text_add(out, ".\n\n");
    return true;
}

static void add_actions(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Actions");
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->condition_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "Before approval: %s", milestone->conditions[i]);
    tg_add_advice_points(document);
    tg_document_end_list(document, length, "None.");
    tg_document_more(document, milestone->recommendation_count, TG_ADVICE_POINTS, "recommendation",
                     "recommendations");
}

/* ---- how to run ---- */

static bool is_first_path(const struct tg_milestone *milestone, size_t run)
{
    for (size_t i = 0; i < run; i++)
        if (strcmp(milestone->runs[i].result->scenario_path,
                   milestone->runs[run].result->scenario_path) == 0)
            return false;
    return true;
}

/* Where the milestone's file names no command: what made these documents. */
static void add_own_commands(const struct tg_milestone *milestone, struct tg_text *block)
{
    for (size_t i = 0; i < milestone->run_count; i++) {
        if (!is_first_path(milestone, i))
            continue;
        tg_text_add(block, "tailgate run ");
        tg_shell_word(block, milestone->runs[i].result->scenario_path);
        tg_text_add(block, "\n");
    }
    tg_text_add(block, "tailgate report milestone ");
    tg_shell_word(block, milestone->file);
    tg_text_add(block, " --out DIR\n");
}

static void add_commands(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    struct tg_text block = {0};
    if (milestone->run_commands.count == 0)
        add_own_commands(milestone, &block);
    for (size_t i = 0; i < milestone->run_commands.count; i++) {
        const struct tg_milestone_note *note = &milestone->run_commands.items[i];
        if (*note->title)
            tg_text_addf(&block, "# %.*s\n", (int)strcspn(note->title, "\n"), note->title);
        tg_text_addf(&block, "%s\n", note->text);
    }
    tg_document_section(document, 2, "How to run");
    tg_markdown_block(document->out, "sh", block.data);
    tg_text_add(document->out, "\n");
    tg_text_free(&block);
}

/* ---- checklist ---- */

static void check(struct tg_document *document, bool done, const char *what, const char *detail)
{
    tg_text_addf(document->out, "- [%c] ", done ? 'x' : ' ');
    tg_markdown_text(document->out, what);
    if (*detail) {
        tg_text_add(document->out, ": ");
        tg_markdown_text(document->out, detail);
    }
    tg_text_add(document->out, "\n");
}

static void check_findings(struct tg_document *document)
{
    const struct tg_findings *findings = &document->milestone->findings;
    size_t severe = 0;
    char text[64];
    for (size_t i = 0; i < findings->count; i++)
        severe += findings->items[i].severity <= TG_FINDING_HIGH;
    snprintf(text, sizeof text, "%zu of them", severe);
    check(document, severe == 0, "No issue of severity critical or high", severe ? text : "");
}

static void check_integrity(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    size_t sound = 0;
    char text[64];
    for (size_t i = 0; i < milestone->run_count; i++)
        sound +=
            milestone->runs[i].result->verified && milestone->runs[i].result->violation_count == 0;
    snprintf(text, sizeof text, "%zu of %zu", sound, milestone->run_count);
    if (milestone->run_count > 0)
        check(document, sound == milestone->run_count,
              "Integrity of the data checked after every run, nothing found", text);
}

static void add_checklist(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Checklist");
    for (size_t i = 0; i < milestone->criterion_count; i++)
        check(document, milestone->criteria[i].status == TG_CRITERION_MET,
              milestone->criteria[i].name, milestone->criteria[i].evidence);
    check_findings(document);
    check_integrity(document);
    tg_text_addf(document->out, "- [%c] Approved: %s\n\n",
                 milestone->decision == TG_DECISION_APPROVED ? 'x' : ' ',
                 tg_document_decision(milestone->decision));
}

static void add_files(struct tg_document *document)
{
    tg_document_section(document, 2, "Key files");
    tg_document_files(document, TG_MILESTONE_QUICK_REFERENCE);
    const struct tg_milestone *milestone = document->milestone;
    for (size_t i = 0; milestone->key_files.count == 0 && i < milestone->run_count; i++) {
        if (!is_first_path(milestone, i))
            continue;
        tg_text_add(document->out, "- ");
        tg_markdown_code(document->out, milestone->runs[i].result->scenario_path);
        tg_text_add(document->out, ": the scenario\n");
    }
    tg_document_notes(document, &milestone->key_files);
    tg_text_add(document->out, "\n");
}

static void add_focus(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Next focus");
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->next_step_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", milestone->next_steps[i].text);
    tg_document_end_list(document, length, "The milestone's file names none.");
}

void tg_milestone_quick_reference(const struct tg_milestone *milestone, struct tg_text *out)
{
    struct tg_document document;
    tg_document_begin(&document, milestone, "quick reference", out);
    if (!isnan(milestone->score))
        tg_document_sayf(&document, "Score %.10g of 100: %s.", milestone->score,
                         milestone->score_formula);
    if (milestone->confidence)
        tg_document_sayf(&document, "Confidence: %s", milestone->confidence);
    add_results(&document);
    add_issues(&document);
    tg_document_section(&document, 2, "Index coverage");
    if (!tg_document_per_run(&document, show_indexes))
        tg_document_sayf(&document, "No run looked at query plans.");
    tg_document_section(&document, 2, "Configuration, as read back");
    if (!tg_document_per_run(&document, show_settings))
        tg_document_sayf(&document, "No run asked for a setting.");
    add_actions(&document);
    tg_document_section(&document, 2, "Scale limits");
    tg_add_scale_table(&document, MOST_LIMITS);
    add_commands(&document);
    add_files(&document);
    add_checklist(&document);
    add_focus(&document);
    tg_document_end(&document);
}
