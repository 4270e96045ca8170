/* The executive summary: two pages, for those who read no tables of plans. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/milestone/document_points.h"
#include "reports/milestone/document_tables.h"
#include "reports/run/report_view.h"

enum { HIGHLIGHTS = 8, WATCHED = 3 };

static void add_summary(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    struct tg_ranking ranking = tg_rank_targets(milestone);
    struct tg_text line = {0};
    if (*milestone->summary)
        tg_document_sayf(document, "%s", milestone->summary);
    if (!isnan(milestone->score))
        tg_text_addf(&line, "Score %.10g of 100 (%s). ", milestone->score,
                     milestone->score_formula);
    if (ranking.count > 0)
        tg_text_addf(&line, "%zu of %zu targets of the results met", ranking.met, ranking.count);
    if (ranking.missed > 0)
        tg_text_addf(&line, ", %zu missed", ranking.missed);
    if (ranking.open > 0)
        tg_text_addf(&line, ", %zu without data or in doubt", ranking.open);
    if (ranking.count > 0)
        tg_text_add(&line, ". ");
    size_t compared = 0;
    for (size_t i = 0; i < milestone->comparison_count; i++)
        compared += !milestone->comparisons[i].task || milestone->comparisons[i].task->compared;
    tg_text_addf(&line, "%zu run%s, %zu comparison%s, %zu size sweep%s.", milestone->run_count,
                 tg_plural(milestone->run_count, "s"), compared, tg_plural(compared, "s"),
                 milestone->sweep_count, tg_plural(milestone->sweep_count, "s"));
    tg_document_sayf(document, "%s", line.data);
    if (milestone->confidence)
        tg_document_sayf(document, "Confidence: %s", milestone->confidence);
    tg_text_free(&line);
    tg_ranking_free(&ranking);
}

static void add_achievements(struct tg_document *document)
{
    tg_document_section(document, 2, "Key achievements");
    size_t length = document->out->length;
    tg_document_notes(document, &document->milestone->achievements);
    tg_add_achievement_points(document);
    tg_document_end_list(document, length, "None that the data show.");
    tg_document_explain_signs(document);
}

static void add_highlights(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    tg_document_section(document, 2, "Highlights");
    if (ranking.count == 0)
        tg_document_sayf(document, "No target was measured.");
    else if (ranking.count > HIGHLIGHTS)
        tg_document_sayf(document,
                         "What is missed first, then what is met, the least headroom "
                         "first: %d of %zu targets.",
                         HIGHLIGHTS, ranking.count);
    tg_add_ranked(document, &ranking, HIGHLIGHTS);
    tg_ranking_free(&ranking);
}

/* ---- what it means ---- */

/* Ten operations beyond the p99 at least. */
static bool is_sure(const struct tg_milestone_row *row)
{
    if (isnan(row->p99_ns))
        return false;
    const struct tg_hdr *hdr = row->response ? row->measured->response : row->measured->service;
    return hdr && tg_percentile_support(hdr->total, 99) == TG_SUPPORT_GOOD;
}

/* "session_get in phase steady of memory_store". Free with free(). */
static char *row_name(const struct tg_milestone *milestone, const struct tg_milestone_row *row)
{
    const char *scenario = tg_scenario_to_tell(milestone, row->source);
    return tg_format("%s in phase %s%s%s", row->op, row->phase->name, scenario ? " of " : "",
                     scenario ? scenario : "");
}

static void add_slowest_at_p99(struct tg_document *document, size_t sure, size_t open,
                               const struct tg_milestone_row *slowest)
{
    char p50[TG_UNIT_TEXT], p99[TG_UNIT_TEXT];
    struct tg_text among = {0};
    if (open > 0)
        tg_text_addf(&among,
                     "of the %zu operation%s with enough samples for a p99 the slowest at "
                     "it",
                     sure, tg_plural(sure, "s"));
    else
        tg_text_add(&among, "the slowest operation at its p99");
    /* Operations that fell due and were never started are in no percentile. */
    bool all_started = !slowest->response || slowest->phase->issued >= slowest->phase->offered;
    char *name = row_name(document->milestone, slowest);
    tg_document_pointf(document, slowest->source,
                       "For users: %s is %s: half of its %s times are within %s, 99 of 100 within "
                       "%s%s",
                       among.data, name, slowest->response ? "response" : "service",
                       tg_format_duration(llround(slowest->p50_ns), p50),
                       tg_format_duration(llround(slowest->p99_ns), p99),
                       all_started ? "" : ", of those that were started");
    free(name);
    tg_text_free(&among);
}

/* An operation with few samples may be slower than all others: it is not passed over. */
static void add_slowest(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    const struct tg_milestone_row *slowest = NULL, *slowest_open = NULL;
    const struct tg_op_result *counted = NULL; /* with other targets in the rows that follow */
    size_t sure = 0, open = 0;
    char p50[TG_UNIT_TEXT];
    for (size_t i = 0; i < milestone->latency_count; i++) {
        const struct tg_milestone_row *row = &milestone->latencies[i];
        if (!row->measured || row->measured == counted || row->doubt)
            continue;
        counted = row->measured;
        if (is_sure(row)) {
            sure++;
            slowest = !slowest || row->p99_ns > slowest->p99_ns ? row : slowest;
            continue;
        }
        open++;
        if (!isnan(row->p50_ns) && (!slowest_open || row->p50_ns > slowest_open->p50_ns))
            slowest_open = row;
    }
    if (slowest)
        add_slowest_at_p99(document, sure, open, slowest);
    char *name = slowest_open ? row_name(milestone, slowest_open) : NULL;
    if (name)
        tg_document_pointf(document, slowest_open->source,
                           "For users: %zu operation%s too few samples for a p99; the slowest by "
                           "its median (%s) is %s",
                           open, open == 1 ? " has" : "s have",
                           tg_format_duration(llround(slowest_open->p50_ns), p50), name);
    free(name);
}

static void add_statements(struct tg_document *document)
{
    const struct tg_findings *findings = &document->milestone->findings;
    size_t issues = tg_count_issues(findings);
    size_t verified = 0;
    for (size_t i = 0; i < issues; i++)
        verified += findings->items[i].verified;
    if (issues > 0)
        tg_document_pointf(document, TG_NO_SOURCE,
                           "For developers: %zu issue%s open, %zu with a verified remedy", issues,
                           issues == 1 ? " is" : "s are", verified);
}

static void add_resources(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    int64_t memory = 0, files = 0;
    size_t source = TG_NO_SOURCE;
    char memory_text[TG_UNIT_TEXT], files_text[TG_UNIT_TEXT];
    for (size_t i = 0; i < milestone->run_count; i++)
        for (size_t k = 0; k < milestone->runs[i].result->phase_count; k++) {
            const struct tg_phase_result *phase = &milestone->runs[i].result->phases[k];
            if (phase->rss_peak_bytes <= memory)
                continue;
            memory = phase->rss_peak_bytes;
            files = phase->files_peak_bytes > phase->files_bytes ? phase->files_peak_bytes
                                                                 : phase->files_bytes;
            source = milestone->runs[i].source;
        }
    if (memory == 0)
        return;
    struct tg_text line = {0};
    tg_text_addf(&line, "For operators: the store's process took at most %s of memory",
                 tg_format_bytes(memory, memory_text));
    if (files > 0)
        tg_text_addf(&line, "; its files %s in that phase", tg_format_bytes(files, files_text));
    tg_document_pointf(document, source, "%s", line.data);
    tg_text_free(&line);
}

static void add_meaning(struct tg_document *document)
{
    tg_document_section(document, 2, "What it means");
    size_t length = document->out->length;
    tg_document_notes(document, &document->milestone->meaning);
    add_slowest(document);
    add_statements(document);
    add_resources(document);
    tg_document_end_list(document, length, "Nothing was measured, and nothing written down.");
}

/* ---- risks, next steps ---- */

/* Findings about the measurement. An index of a constraint that no statement uses is none. */
static void add_notes(struct tg_document *document)
{
    const struct tg_findings *findings = &document->milestone->findings;
    for (size_t i = tg_count_issues(findings); i < findings->count; i++) {
        const struct tg_finding *finding = &findings->items[i];
        if (strcmp(finding->code, "unused-index") != 0)
            tg_document_pointf(document,
                               tg_document_source_of(document->milestone, finding->source),
                               "Note %zu: %s", i + 1, finding->title);
    }
}

static void add_risks(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Risks");
    tg_document_section(document, 3, "Performance");
    size_t length = document->out->length;
    tg_add_performance_risks(document);
    tg_document_end_list(
        document, length,
        milestone->run_count + milestone->comparison_count > 0
            ? "None that the data show: every criterion is met, no target has less "
              "than twice what it asks."
            : "Not known: nothing was measured.");
    tg_document_section(document, 3, "Technical debt");
    length = document->out->length;
    tg_add_debt(document);
    tg_document_end_list(document, length, "No issue is open.");
    tg_document_section(document, 3, "What the figures do not cover");
    length = document->out->length;
    for (size_t i = 0; i < milestone->caveat_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", milestone->caveats[i]);
    if (milestone->sweep_count == 0)
        tg_document_pointf(document, TG_NO_SOURCE,
                           "Growth with the size of the data: no size sweep was measured");
    if (milestone->comparison_count == 0)
        tg_document_pointf(document, TG_NO_SOURCE,
                           "What was before: no comparison was given, and nothing is estimated");
    if (!milestone->tests.given)
        tg_document_pointf(document, TG_NO_SOURCE, "Correctness: no test results were given");
    tg_add_open_limits(document);
    add_notes(document);
    tg_document_end_list(document, length, "No gap in what was measured is known.");
    if (milestone->risks.count == 0)
        return;
    tg_document_section(document, 3, "As seen by the authors");
    tg_document_notes(document, &milestone->risks);
    tg_text_add(document->out, "\n");
}

static void add_watched(struct tg_document *document)
{
    struct tg_ranking ranking = tg_rank_targets(document->milestone);
    size_t tight = 0;
    for (size_t i = 0; i < ranking.count; i++)
        if (isfinite(ranking.items[i].target->ratio))
            ranking.items[tight++] = ranking.items[i];
    bool are_risks = tight >= WATCHED && ranking.open == 0 &&
                     ranking.items[WATCHED - 1].target->ratio < TG_LITTLE_HEADROOM;
    tg_document_section(document, 3, "Watch");
    tg_document_sayf(document, tight == 0  ? "No target has a headroom that could be watched."
                               : are_risks ? "The targets that are named as risks."
                                           : "The targets with the least headroom:");
    size_t length = document->out->length;
    for (size_t i = 0; i < tight && i < WATCHED && !are_risks; i++) {
        char *name = tg_ranked_name(document->milestone, &ranking.items[i]);
        tg_document_pointf(document, ranking.items[i].source, "%s", name);
        free(name);
    }
    tg_document_end_list(document, length, NULL);
    tg_ranking_free(&ranking);
}

static void add_next_steps(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Next steps");
    if (milestone->condition_count > 0) {
        tg_document_section(document, 3, "Before it can be approved");
        for (size_t i = 0; i < milestone->condition_count; i++)
            tg_document_pointf(document, TG_NO_SOURCE, "%s", milestone->conditions[i]);
        tg_text_add(document->out, "\n");
    }
    tg_document_section(document, 3, "Planned");
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->next_step_count; i++)
        tg_document_pointf(document, TG_NO_SOURCE, "%s", milestone->next_steps[i].text);
    tg_document_end_list(document, length, "The milestone's file names none.");
    tg_document_section(document, 3, "Recommended");
    length = document->out->length;
    tg_add_advice_points(document);
    tg_document_end_list(document, length, "Nothing.");
    tg_document_more(document, milestone->recommendation_count, TG_ADVICE_POINTS, "recommendation",
                     "recommendations");
    add_watched(document);
}

/* ---- technical details, artefacts ---- */

static void add_test_details(struct tg_document *document)
{
    const struct tg_milestone_tests *tests = &document->milestone->tests;
    const struct tg_milestone_code_coverage *coverage = &document->milestone->code_coverage;
    if (tests->given)
        tg_document_pointf(document, tests->source,
                           "Tests: %lld; failed: %lld, ended in an error: %lld, skipped: %lld",
                           (long long)tests->sum.tests, (long long)tests->sum.failed,
                           (long long)tests->sum.errors, (long long)tests->sum.skipped);
    if (coverage->given)
        tg_document_pointf(document, coverage->source, "Code coverage: %.10g%% of the lines",
                           tg_floored_percent(coverage->line_rate));
}

static void add_details(struct tg_document *document)
{
    const struct tg_milestone *milestone = document->milestone;
    tg_document_section(document, 2, "Technical details");
    size_t length = document->out->length;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        uint64_t rows = 0;
        char count[TG_UNIT_TEXT];
        struct tg_text line = {0};
        for (size_t k = 0; k < result->load_count; k++)
            rows += result->loads[k].rows;
        tg_text_addf(&line, "%s on %s", result->scenario, result->engine_kind);
        for (size_t k = 0; k < result->fact_count; k++)
            if (strcmp(result->facts[k].name, "version") == 0)
                tg_text_addf(&line, " %s", result->facts[k].value);
        tg_text_addf(&line, ": %s rows in %zu table%s", tg_format_count((int64_t)rows, count),
                     result->load_count, tg_plural(result->load_count, "s"));
        if (result->has_coverage) {
            struct tg_plan_counts counts = tg_count_plans(&result->coverage);
            size_t planned = counts.planned + counts.tableless;
            tg_text_addf(
                &line, ", %zu index%s, %zu statement%s planned", result->coverage.index_count,
                tg_plural(result->coverage.index_count, "es"), planned, tg_plural(planned, "s"));
        }
        tg_text_addf(&line, ", %zu phase%s", result->phase_count,
                     tg_plural(result->phase_count, "s"));
        tg_document_pointf(document, milestone->runs[i].source, "%s", line.data);
        tg_text_free(&line);
    }
    add_test_details(document);
    tg_document_end_list(document, length, "No run was given, and no test results.");
}

static void add_artefacts(struct tg_document *document)
{
    tg_document_section(document, 2, "Artefacts");
    tg_document_files(document, TG_MILESTONE_EXECUTIVE);
    tg_document_notes(document, &document->milestone->key_files);
    tg_text_add(document->out, "\n");
}

void tg_milestone_executive(const struct tg_milestone *milestone, struct tg_text *out)
{
    struct tg_document document;
    tg_document_begin(&document, milestone, "executive summary", out);
    add_summary(&document);
    add_achievements(&document);
    add_highlights(&document);
    add_meaning(&document);
    add_risks(&document);
    add_next_steps(&document);
    add_details(&document);
    add_artefacts(&document);
    tg_document_end(&document);
}
