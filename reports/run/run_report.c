/* `tailgate report run`: a sweep's page, and both as documents. */
#include <stdlib.h>
#include <string.h>

#include "baselines/result_json.h"
#include "reports/figures/chart_data.h"
#include "reports/findings/findings_page.h"
#include "reports/run/run_page.h"
#include "reports/sweep/sweep_page.h"

/* ---- a run as a document ---- */

/* The encoded histograms are most of a result, and of no use to who reads a report. */
static void leave_out_histograms(cJSON *json)
{
    cJSON_DeleteItemFromObjectCaseSensitive(json, "hdr");
    for (cJSON *child = json->child; child; child = child->next)
        leave_out_histograms(child);
}

static cJSON *report_json(const char *kind, const struct tg_findings *findings)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", kind);
    tg_json_add_int64(json, "format", 1);
    tg_json_add_string(json, "tailgate", TG_VERSION);
    tg_json_add(json, "findings", tg_findings_to_json(findings));
    return json;
}

cJSON *tg_run_report_json(const struct tg_result *result, const struct tg_finding_limits *limits)
{
    struct tg_arena arena = {0};
    struct tg_findings findings = tg_findings_of_result(result, limits, &arena);
    cJSON *json = report_json(TG_RUN_REPORT_KIND, &findings);
    cJSON *document = tg_json_add(json, "result", tg_result_to_json(result));
    leave_out_histograms(document);
    tg_arena_free(&arena);
    return json;
}

/* ---- a sweep ---- */

static bool first_of_phase(const struct tg_sweep_view *sweep, size_t op)
{
    for (size_t i = 0; i < op; i++) {
        if (strcmp(sweep->ops[i].phase, sweep->ops[op].phase) == 0)
            return false;
    }
    return true;
}

void tg_sweep_page(const struct tg_sweep_view *sweep, const struct tg_finding_limits *limits,
                   enum tg_page_format format, struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_page page;
    struct tg_findings findings = tg_findings_of_sweep(sweep, limits, &arena);
    tg_page_begin(&page, format, TG_RUN_REPORT_COMMAND,
                  tg_arena_format(&arena, "Size sweep of %s", sweep->scenario), out);
    tg_sweep_on_page(sweep, &page);
    for (size_t i = 0; i < sweep->op_count; i++) {
        if (first_of_phase(sweep, i))
            tg_page_chart(&page, tg_chart_growth(sweep, sweep->ops[i].phase, &arena));
    }
    tg_page_section(&page, 2, "Findings");
    tg_page_paragraphf(&page, "Of all sizes; what several of them show is listed once.");
    tg_findings_page(&findings, &page);
    tg_page_end(&page);
    tg_arena_free(&arena);
}

cJSON *tg_sweep_report_json(const struct tg_sweep_view *sweep,
                            const struct tg_finding_limits *limits)
{
    struct tg_arena arena = {0};
    struct tg_findings findings = tg_findings_of_sweep(sweep, limits, &arena);
    cJSON *json = report_json(TG_SWEEP_REPORT_KIND, &findings);
    tg_json_add(json, "sweep", tg_sweep_to_json(sweep));
    tg_arena_free(&arena);
    return json;
}
