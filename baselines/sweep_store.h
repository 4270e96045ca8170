/* The runs of a size sweep among the stored results. */
#ifndef TG_BASELINES_SWEEP_STORE_H
#define TG_BASELINES_SWEEP_STORE_H

#include <stddef.h>

#include "common/diag.h"
#include "runner/drive/result.h"

struct tg_sweep_runs {
    struct tg_result **items; /* by size, smallest first; owned */
    size_t count;
};

/* All runs of the sweep that the result `name` (as for tg_store_find) is one of: those whose
 * folders lie beside its own. An error when it belongs to no sweep. `runs` is empty after a
 * failure; free with tg_sweep_runs_free. */
enum tg_status tg_store_load_sweep(const char *home, const char *name, struct tg_sweep_runs *runs,
                                   struct tg_diags *diags) TG_CHECKED;
void tg_sweep_runs_free(struct tg_sweep_runs *runs);

#endif
