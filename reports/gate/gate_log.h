/* What a comparison leaves behind in a project: an entry of its performance log, in Markdown, and
 * a line for the commit message. */
#ifndef TG_REPORTS_GATE_LOG_H
#define TG_REPORTS_GATE_LOG_H

#include <stdbool.h>

#include "common/diag.h"
#include "common/text.h"
#include "reports/gate/gate_view.h"

/* Appends one line with its line break, as honest as the verdict:
 *   Performance: P99 latency +2.3%, throughput -0.8% (within 5% target)
 *   Performance: P99 latency +40.0%, throughput -0.8% (regression: session_get.p99 +40.0%)
 *   Performance: P95 latency +2.5% (cannot tell: 1 of 3 metrics not proved within 5% target)
 * The latency is the worst change of the gated p99 (of the highest gated percentile where there is
 * no p99, of the means where there is none), the throughput that of the rate (of the worst rate
 * where there is none of all). Other metrics are named where there is neither. */
void tg_gate_commit_line(const struct tg_gate_view *gate, struct tg_text *out);

/* Appends the entry: a comment that marks the comparison, a heading, what was before, what is
 * after, the change, the status, where the store stands beside competitors. */
void tg_gate_log_entry(const struct tg_gate_view *gate, struct tg_text *out);

/* Can `path` be logged to? It is a regular file or not there yet, and its folder can be written. */
enum tg_status tg_gate_log_check(const char *path, struct tg_diags *diags) TG_CHECKED;
/* Appends the entry to the file `path`, which is made with a heading where there is none, and is
 * whole at any time. *added is false when the entry of this comparison stands there already. */
enum tg_status tg_gate_log_append(const char *path, const struct tg_gate_view *gate, bool *added,
                                  struct tg_diags *diags) TG_CHECKED;

#endif
