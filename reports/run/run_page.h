/* The page of `tailgate report run`: all about one stored result, or about a size sweep. */
#ifndef TG_REPORTS_RUN_PAGE_H
#define TG_REPORTS_RUN_PAGE_H

#include "common/json.h"
#include "reports/findings/findings.h"
#include "reports/page/page.h"
#include "reports/sweep/sweep_view.h"
#include "runner/drive/result.h"

#define TG_RUN_REPORT_COMMAND "tailgate report run" /* marks the pages */
#define TG_RUN_REPORT_KIND "tailgate-report-run"
#define TG_SWEEP_REPORT_KIND "tailgate-report-sweep"

/* What ran where, verdict, targets, figures, findings, index coverage, configuration, platform. */
void tg_run_page(const struct tg_result *result, const struct tg_finding_limits *limits,
                 enum tg_page_format format, struct tg_text *out);
/* The same as a document, docs/report.md. Free with cJSON_Delete. */
cJSON *tg_run_report_json(const struct tg_result *result, const struct tg_finding_limits *limits);

/* The sizes of a sweep, how the operations grow, and the findings of all its runs. */
void tg_sweep_page(const struct tg_sweep_view *sweep, const struct tg_finding_limits *limits,
                   enum tg_page_format format, struct tg_text *out);
cJSON *tg_sweep_report_json(const struct tg_sweep_view *sweep,
                            const struct tg_finding_limits *limits);

#endif
