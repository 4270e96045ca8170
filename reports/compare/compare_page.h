/* A comparison for people: a comment on a pull request, and a page that stands alone. */
#ifndef TG_REPORTS_COMPARE_PAGE_H
#define TG_REPORTS_COMPARE_PAGE_H

#include <stddef.h>

#include "reports/compare/compare_view.h"
#include "reports/page/page.h"

enum {
    TG_COMMENT_MOST_BYTES = 65536,   /* of a comment on GitHub, which counts characters */
    TG_SUMMARY_MOST_BYTES = 1 << 20, /* of a step's summary */
    TG_COMPARE_LEAST_BYTES = 49152,  /* the part that is never left out fits into it */
};

/* Appends Markdown: the verdict in the first line, then a hidden comment that stays the same for
 * this task or this scenario and phase ("<!-- tailgate compare: 001 -->"), by which a program finds
 * the comment again, the metrics that a reader has to see, and the rest in parts to unfold. At most
 * `most_bytes` of it (TG_COMPARE_LEAST_BYTES or more): parts for which there is no room are left
 * out whole, the least important first, and the last line names them. `made_by` as in
 * tg_page_begin. */
void tg_compare_markdown(const struct tg_compare_view *view, const char *made_by, size_t most_bytes,
                         struct tg_text *out);

/* Appends the same as one HTML file, with pictures where gnuplot is there. */
void tg_compare_html(const struct tg_compare_view *view, const char *made_by, struct tg_text *out);

#endif
