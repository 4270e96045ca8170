/* A baseline as text. */
#ifndef TG_REPORTS_BASELINE_TEXT_H
#define TG_REPORTS_BASELINE_TEXT_H

#include "common/text.h"
#include "gate/comparison.h"

struct tg_baseline_shown {
    const char *name, *path;
    const struct tg_comparison *comparison;
    const char *host;    /* one line; NULL: unknown */
    const char *differs; /* why it says nothing about this machine, in words; NULL: it does */
};

/* Appends where it comes from and, per metric, the median, the lowest and the highest launch. */
void tg_report_baseline(const struct tg_baseline_shown *shown, int columns, bool color,
                        struct tg_text *out);

/* "2025-11-21 03:10 UTC". Lives in `arena`. */
const char *tg_minute_text(int64_t unix_ms, struct tg_arena *arena);

#endif
