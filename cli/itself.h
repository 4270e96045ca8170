/* Measuring one variant against itself: what a baseline is made of, and what is compared with one.
 */
#ifndef TG_CLI_ITSELF_H
#define TG_CLI_ITSELF_H

#include <stdbool.h>

#include "cli/cli.h"
#include "gate/comparison.h"

struct tg_itself {
    const char *path; /* of the scenario */
    struct tg_overrides *overrides;
    const char *phase;                /* NULL: the first, or that of `like` */
    int64_t budget_ns;                /* 0: the scenario's, or that of `like` */
    const struct tg_comparison *like; /* a baseline to be compared with; NULL: none */
    bool quiet;
};

/* Measures TG_BASELINE_LAUNCHES launches, or as many as the budget has room for, with progress on
 * standard error. An error, before anything is measured, when the operations are not those of
 * `like`. Else as tg_interleave. Errors of the scenario itself are printed. */
enum tg_status tg_measure_itself(const struct tg_itself *itself, struct tg_comparison *comparison,
                                 struct tg_diags *diags) TG_CHECKED;

#endif
