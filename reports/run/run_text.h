/* The text summary of a run. */
#ifndef TG_REPORTS_RUN_TEXT_H
#define TG_REPORTS_RUN_TEXT_H

#include <stdbool.h>

#include "common/text.h"
#include "runner/drive/result.h"

/* Appends the summary: what ran where, the figures of each phase, targets, index coverage,
 * integrity, verdict. `columns` is the width to keep to (0 or less: 80; at least 40), `color`
 * switches terminal colours on.
 *
 * A percentile is shown as "-" when on average less than one of the operations lies beyond it (it
 * would only repeat the maximum) and with "~" in front when fewer than ten do (its relative error
 * is then of the order of its distance to the next percentile). */
void tg_report_run(const struct tg_result *result, int columns, bool color, struct tg_text *out);

#endif
