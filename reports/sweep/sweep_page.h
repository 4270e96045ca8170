/* A sweep on a page: the sizes, the growth of each operation, and the capacity for each target. */
#ifndef TG_REPORTS_SWEEP_PAGE_H
#define TG_REPORTS_SWEEP_PAGE_H

#include "reports/page/page.h"
#include "reports/sweep/sweep_view.h"

/* Appends them to `page`. tg_markdown_sweep is the same for a Markdown document that is no page. */
void tg_sweep_on_page(const struct tg_sweep_view *sweep, struct tg_page *page);

#endif
