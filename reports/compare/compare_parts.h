/* The parts of a page about a comparison. Internal to reports/. */
#ifndef TG_REPORTS_COMPARE_PARTS_H
#define TG_REPORTS_COMPARE_PARTS_H

#include "reports/compare/compare_view.h"
#include "reports/page/page.h"

struct tg_compare_part {
    const char *title;
    /* Adds it to a page, or nothing where there is nothing of this kind. */
    void (*add)(const struct tg_compare_view *view, struct tg_arena *arena, struct tg_page *page);
    unsigned keep; /* where there is no room for all, the smallest goes first */
};

/* In the order in which they are read. */
extern const struct tg_compare_part tg_compare_parts[];
extern const size_t tg_compare_part_count;

/* "✗", "✓", "?" */
const char *tg_verdict_sign(bool good, bool bad);

/* The metrics that a reader has to see: all that did not pass, what is slower first, at most
 * `most_bad` of it, and as many others as make eight rows; a line counts those left out. Names are
 * cut to `most_name` bytes. */
void tg_compare_short_table(const struct tg_compare_view *view, struct tg_arena *arena,
                            struct tg_page *page);

/* `text` if it has at most `most` bytes, else its beginning and " ...". In `arena`. */
const char *tg_shortened(const char *text, size_t most, struct tg_arena *arena);

#endif
