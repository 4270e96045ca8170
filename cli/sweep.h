/* `tailgate run` of a scenario with [sweep]: one run for each size of the data. */
#ifndef TG_CLI_SWEEP_H
#define TG_CLI_SWEEP_H

#include <stdbool.h>

#include "cli/cli.h"
#include "reports/sweep/sweep_view.h"

struct tg_sweep_command {
    const char *path; /* of the scenario */
    const struct tg_overrides *overrides;
    const char *out; /* a new folder that gets one folder per size; NULL: the store */
    bool full;       /* with what [sweep.full] adds */
    bool coverage;   /* look at the query plans */
    bool json, quiet;
};

/* Measures every size, smallest first, stores each, prints what the sizes show together. `scenario`
 * is the scenario as it stands, with a [sweep] and no sweep.at. What was measured before an error
 * or an interruption is stored and shown. Returns the exit code, the worst of all sizes. */
int tg_run_sweep(const struct tg_sweep_command *command, const struct tg_scenario *scenario,
                 struct tg_diags *diags);

/* Are the scenario's sizes sound, those of --full included? Measures nothing. */
enum tg_status tg_check_sweep(const char *path, const struct tg_overrides *overrides,
                              const struct tg_scenario *scenario,
                              struct tg_diags *diags) TG_CHECKED;

/* As text for the terminal that standard output is, or as the document. `runs` as for
 * tg_sweep_view_make. */
void tg_add_sweep(const struct tg_result *const *runs, size_t count, bool json,
                  struct tg_text *out);

#endif
