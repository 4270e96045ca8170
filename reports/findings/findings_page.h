/* Findings on a page: a table, and behind a fold the evidence and the remedy of each. */
#ifndef TG_REPORTS_FINDINGS_PAGE_H
#define TG_REPORTS_FINDINGS_PAGE_H

#include "reports/findings/findings.h"
#include "reports/page/page.h"

/* Appends them to `page`, below a heading of the caller's. tg_findings_markdown is the same for a
 * Markdown document that is no page. */
void tg_findings_page(const struct tg_findings *findings, struct tg_page *page);

#endif
