/* How far a gate is: each metric's interval closing in on its margin. Texts only; whoever calls
 * puts them on a terminal. */
#ifndef TG_REPORTS_GATE_PROGRESS_H
#define TG_REPORTS_GATE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text.h"
#include "compare/interval.h"
#include "gate/interleave.h"

/* Appends a block of at most `rows` (>= 1) lines of at most `columns` columns, without a final line
 * break: a line per metric, and the launches. What has no room is counted; the undecided stay
 * longest, those that look slower first. */
void tg_report_gate_progress(const struct tg_interleave_progress *progress, size_t columns,
                             size_t rows, bool color, struct tg_text *out);

/* The same in one line, for logs: how many are proved, and the widest interval that is open. */
void tg_report_gate_progress_line(const struct tg_interleave_progress *progress,
                                  struct tg_text *out);

/* Appends "[--|==+==---|--]", `width` (odd, >= 9) characters between the brackets: the interval and
 * its estimate as log changes, worse to the right, with no change in the middle and the margin
 * (> 0) half-way to either end. An estimate that is off the scale is '<' or '>'. */
void tg_interval_bar(const struct tg_interval *interval, double margin, size_t width,
                     struct tg_text *out);

#endif
