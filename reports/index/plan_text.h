/* The text form of index coverage. */
#ifndef TG_REPORTS_PLAN_TEXT_H
#define TG_REPORTS_PLAN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text.h"
#include "runner/drive/coverage.h"

/* Appends a table of all plans, the plans that scan or sort with their verified remedies, the
 * indexes with their users, and the expectations that were missed. `columns` is the width to keep
 * to (0 or less: 80; at least 40), `color` switches terminal colours on. */
void tg_report_plan(const struct tg_coverage *coverage, int columns, bool color,
                    struct tg_text *out);

/* How many steps of the plan lie above `step`; a loop in an edited document is no error. */
size_t tg_plan_step_depth(const struct tg_plan *plan, const struct tg_plan_step *step);

#endif
