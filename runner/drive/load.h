/* Loading a scenario's data set into an open store. */
#ifndef TG_RUNNER_DRIVE_LOAD_H
#define TG_RUNNER_DRIVE_LOAD_H

#include "runner/scenario/scenario.h"

/* Calls the engine's build on `store`, which was opened for it, with every row of the scenario's
 * loads, or, without `rows`, with none: the schema alone. */
enum tg_status tg_load_store(const struct tg_scenario *scenario, const struct tg_workload *workload,
                             void *store, bool rows, struct tg_diags *diags) TG_CHECKED;

#endif
