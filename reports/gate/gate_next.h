/* What to do next, below the verdict of a gate: where the time went and how to profile it after a
 * regression, how to see a crash, and what would help when nothing could be told. */
#ifndef TG_REPORTS_GATE_NEXT_H
#define TG_REPORTS_GATE_NEXT_H

#include "common/text.h"
#include "reports/gate/gate_view.h"

/* Appends the section, with an empty line before it; nothing when there is nothing to add. Commands
 * stand on lines of their own, however long, so that they can be copied. */
void tg_report_gate_next(const struct tg_gate_view *gate, size_t width, bool color,
                         struct tg_text *out);

/* The same without its heading and without colour. */
void tg_gate_add_next(const struct tg_gate_view *gate, size_t width, struct tg_text *out);

/* Can the variant be run from the scenario as it is now? */
bool tg_gate_can_run(const struct tg_gate_view *gate, enum tg_side side);
/* "tailgate COMMAND SCENARIO --set ...", so that it does this with one variant that can be run; of
 * a command that begins with "run", the phase that was compared. */
void tg_gate_add_command(const struct tg_gate_view *gate, const char *command, enum tg_side side,
                         struct tg_text *out);
/* Is the operation's mean service time proved slower? */
bool tg_gate_mean_slower(const struct tg_gate_moved *moved);
/* Why no operation leads, to follow "no operation". */
const char *tg_gate_why_none_leads(const struct tg_gate_view *gate);
/* Is it proved slower, and part enough of the lost time to be named? The mean of one that stalled
 * once is no trace. */
bool tg_gate_leads(const struct tg_gate_moved *moved);

/* The budget that would probably have decided every metric, ns, rounded up to what people write:
 * launches in proportion to the square of the intervals' width, and a fifth to spare. 0: no budget
 * would, or it cannot be computed (no launch, metrics that could not be gated, all looks taken). */
int64_t tg_gate_budget_needed(const struct tg_gate_view *gate);

#endif
