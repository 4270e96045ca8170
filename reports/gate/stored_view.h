/* A comparison with a baseline, as the view that the reports of gates are made from. */
#ifndef TG_REPORTS_STORED_VIEW_H
#define TG_REPORTS_STORED_VIEW_H

#include "gate/stored.h"
#include "reports/gate/gate_view.h"

struct tg_stored_source {
    const char *name; /* of the baseline */
    const struct tg_comparison *stored, *now;
    const char *differs; /* why the two are not comparable, in words; NULL: they are */
};

/* `allow_inconclusive`: an open question exits with 0; it does not cover what is not comparable,
 * interruptions, or a measurement without any metric. Lives in `arena`, and borrows from the
 * comparisons and the judgement. */
struct tg_gate_view tg_stored_view(const struct tg_stored_source *source,
                                   const struct tg_stored_judgement *judgement,
                                   bool allow_inconclusive, struct tg_arena *arena);

#endif
