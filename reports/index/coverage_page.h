/* Index coverage on a page: per query, per table, the indexes, and every plan in full. */
#ifndef TG_REPORTS_COVERAGE_PAGE_H
#define TG_REPORTS_COVERAGE_PAGE_H

#include "common/json.h"
#include "reports/page/page.h"
#include "runner/drive/coverage.h"

struct tg_coverage_counts {
    size_t statements;                    /* that have a plan */
    size_t kinds[TG_STEP_TEMP_BTREE + 1]; /* of those, by their worst access */
    size_t sorts;                         /* ... with a temporary B-tree, whatever their access */
    size_t indexes, automatic, unused;    /* unused: by no statement, and not automatic */
};
struct tg_coverage_counts tg_coverage_counts(const struct tg_coverage *coverage);
/* The worst way of a plan to reach rows, sorting apart: TG_STEP_OTHER, or one of the kinds of
 * accesses. */
enum tg_step_kind tg_coverage_access(const struct tg_plan *plan);
bool tg_coverage_sorts(const struct tg_plan *plan);

/* "41 of 45 statements search by an index or a key; 2 table scans, 2 index scans, ..." */
void tg_coverage_sum(const struct tg_coverage *coverage, struct tg_page *page);
/* A table of the plans; expectations that are missed below it. */
void tg_coverage_queries(const struct tg_coverage *coverage, struct tg_page *page);
/* A table with a row per table of the store. */
void tg_coverage_tables(const struct tg_coverage *coverage, struct tg_page *page);
/* A table of the indexes. */
void tg_coverage_indexes(const struct tg_coverage *coverage, struct tg_page *page);
/* Every statement with its plan and its remedies; the headings are of level 3. */
void tg_coverage_plans(const struct tg_coverage *coverage, struct tg_page *page);

/* The page of `tailgate report index`. `scenario` and `path` name what was planned. */
void tg_index_page(const struct tg_coverage *coverage, const char *scenario, const char *path,
                   enum tg_page_format format, struct tg_text *out);
/* The same as a document, docs/report.md. Free with cJSON_Delete. */
#define TG_INDEX_REPORT_KIND "tailgate-report-index"
#define TG_INDEX_REPORT_COMMAND "tailgate report index" /* marks the pages */
cJSON *tg_index_report_json(const struct tg_coverage *coverage, const char *scenario,
                            const char *path);

#endif
