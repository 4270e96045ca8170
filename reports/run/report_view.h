/* What the parts of the text summary share. Internal to reports/. */
#ifndef TG_REPORTS_REPORT_VIEW_H
#define TG_REPORTS_REPORT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reports/layout/text_table.h"
#include "runner/drive/result.h"

struct tg_view {
    struct tg_text *out;
    size_t width;
    bool color;
    bool few_samples; /* a percentile was shown as "-" or "~": explain the signs */
};

/* "LABEL       text", the text wrapped behind the label. `label` is at most TG_LABEL_WIDTH - 1
 * columns wide; TG_PLAIN text only, so that it can be wrapped. */
enum { TG_LABEL_WIDTH = 12 };
void tg_view_line(struct tg_view *view, enum tg_style label_style, const char *label,
                  const char *fmt, ...) TG_PRINTF(4, 5);

/* How far a percentile of so many values can be trusted. */
enum tg_support { TG_SUPPORT_NONE, TG_SUPPORT_WEAK, TG_SUPPORT_GOOD };
enum tg_support tg_percentile_support(int64_t count, double percentile);

/* A duration without trailing zeros: "60 s" rather than "60.0 s". */
char *tg_short_duration(int64_t duration_ns, char out[]);

/* Figures, platform and errors of one phase. */
void tg_view_phase(struct tg_view *view, const struct tg_phase_result *phase);

#endif
