/* The page of `tailgate report index`. */
#include "reports/figures/chart_data.h"
#include "reports/findings/findings_page.h"
#include "reports/index/coverage_page.h"

void tg_index_page(const struct tg_coverage *coverage, const char *scenario, const char *path,
                   enum tg_page_format format, struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_page page;
    struct tg_text span = {0};
    tg_page_begin(&page, format, TG_INDEX_REPORT_COMMAND,
                  tg_arena_format(&arena, "Index coverage of %s", scenario), out);
    tg_span_text(&page, &span, "Scenario ");
    tg_span_code(&page, &span, path);
    tg_span_text(&page, &span,
                 ". Every statement was planned, none was run. A remedy is listed where the plan "
                 "with it in place was seen to be better; nothing was changed in the store.");
    tg_page_paragraph(&page, tg_text_string(&span));
    tg_coverage_sum(coverage, &page);
    tg_page_chart(&page, tg_chart_plans(coverage, path, &arena));

    struct tg_findings findings = tg_findings_of_coverage(coverage, scenario, &arena);
    tg_page_section(&page, 2, "Findings");
    tg_findings_page(&findings, &page);
    tg_page_section(&page, 2, "Statements");
    tg_coverage_queries(coverage, &page);
    tg_page_section(&page, 2, "Tables");
    tg_coverage_tables(coverage, &page);
    tg_page_section(&page, 2, "Indexes");
    tg_page_chart(&page, tg_chart_indexes(coverage, path, &arena));
    tg_coverage_indexes(coverage, &page);
    tg_page_section(&page, 2, "Appendix: the plans in full");
    tg_page_fold(&page, "All statements, their plans, and their remedies");
    tg_coverage_plans(coverage, &page);
    tg_page_fold_end(&page);
    tg_page_end(&page);
    tg_text_free(&span);
    tg_arena_free(&arena);
}

static void add_counts(cJSON *json, const struct tg_coverage *coverage)
{
    struct tg_coverage_counts counts = tg_coverage_counts(coverage);
    cJSON *sum = tg_json_add(json, "sum", tg_json_object());
    tg_json_add_int64(sum, "statements", (int64_t)counts.statements);
    tg_json_add_int64(
        sum, "searches",
        (int64_t)(counts.kinds[TG_STEP_SEARCH] + counts.kinds[TG_STEP_COVERING_SEARCH]));
    tg_json_add_int64(sum, "table_scans", (int64_t)counts.kinds[TG_STEP_TABLE_SCAN]);
    tg_json_add_int64(sum, "index_scans", (int64_t)counts.kinds[TG_STEP_INDEX_SCAN]);
    tg_json_add_int64(sum, "automatic_indexes", (int64_t)counts.kinds[TG_STEP_AUTO_INDEX]);
    tg_json_add_int64(sum, "sorts", (int64_t)counts.sorts);
    tg_json_add_int64(sum, "indexes", (int64_t)counts.indexes);
    tg_json_add_int64(sum, "indexes_of_constraints", (int64_t)counts.automatic);
    tg_json_add_int64(sum, "unused_indexes", (int64_t)counts.unused);
    tg_json_add_int64(sum, "expectations_missed", (int64_t)coverage->miss_count);
}

cJSON *tg_index_report_json(const struct tg_coverage *coverage, const char *scenario,
                            const char *path)
{
    struct tg_arena arena = {0};
    struct tg_findings findings = tg_findings_of_coverage(coverage, scenario, &arena);
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_INDEX_REPORT_KIND);
    tg_json_add_int64(json, "format", 1);
    tg_json_add_string(json, "tailgate", TG_VERSION);
    tg_json_add_string(json, "scenario", scenario);
    tg_json_add_string(json, "path", path);
    add_counts(json, coverage);
    tg_json_add(json, "findings", tg_findings_to_json(&findings));
    tg_json_add(json, "coverage", tg_coverage_to_json(coverage));
    tg_arena_free(&arena);
    return json;
}
