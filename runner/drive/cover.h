/* The index coverage of a scenario that is not run. */
#ifndef TG_RUNNER_DRIVE_COVER_H
#define TG_RUNNER_DRIVE_COVER_H

#include <signal.h>

#include "runner/drive/coverage.h"

/* Plans every statement, with remedies, on a store of its own that a worker process makes in a
 * temporary folder ($TMPDIR, else /tmp) and that is gone afterwards: of the schema without rows, or
 * with the rows where engine.analyze is on, because statistics change plans. *coverage lives in
 * `arena`. A crash of the store is TG_STORE, a request to stop (*stop > 0; stop may be NULL)
 * TG_INTERRUPTED. The caller has no other thread running. */
enum tg_status tg_cover(const struct tg_scenario *scenario, const volatile sig_atomic_t *stop,
                        struct tg_arena *arena, struct tg_coverage *coverage,
                        struct tg_diags *diags) TG_CHECKED;

#endif
