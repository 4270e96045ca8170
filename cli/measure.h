/* Running a scenario as a whole: what run, before and after have in common. */
#ifndef TG_CLI_MEASURE_H
#define TG_CLI_MEASURE_H

#include <stdbool.h>

#include "baselines/host.h"
#include "cli/cli.h"
#include "runner/drive/result.h"

struct tg_measuring {
    const struct tg_overrides *overrides; /* that the scenario was loaded with */
    bool coverage;                        /* look at the query plans */
    bool quiet;                           /* no progress */
    const char *const *phases;            /* the names of those to run; none: all */
    size_t phase_count;
    const struct tg_sweep_place *sweep; /* that the run is a part of; NULL: none */
};

/* tg_run with progress and stop requests, after the surroundings were noted in `result`, which is
 * fresh, and in *host, which lives in it. From here on signals are caught. */
enum tg_status tg_measure(const struct tg_scenario *scenario, const struct tg_measuring *measuring,
                          struct tg_result *result, struct tg_host *host,
                          struct tg_diags *diags) TG_CHECKED;

/* Proves that --out can make `folder`: it does not exist, and there is a place for it. */
enum tg_status tg_check_new_folder(const char *folder, struct tg_diags *diags) TG_CHECKED;

/* On standard output, for people or as the document. */
void tg_print_result(const struct tg_result *result, bool json);

#endif
