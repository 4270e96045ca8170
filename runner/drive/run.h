/* A whole run: data set, worker process, coverage, phases in file order, integrity, judgement. */
#ifndef TG_RUNNER_DRIVE_RUN_H
#define TG_RUNNER_DRIVE_RUN_H

#include <signal.h>

#include "runner/drive/observer.h"
#include "runner/drive/result.h"
#include "runner/scenario/scenario.h"

struct tg_run_options {
    const char *home;          /* state: caches and scratch copies; exists and is writable */
    bool coverage;             /* plan the statements before the first phase */
    const char *const *phases; /* the names of those to run, in any order; none: all of them */
    size_t phase_count;
    const volatile sig_atomic_t *stop; /* grows with every request to stop; may be NULL */
    struct tg_observer observer;
};

/* Runs and judges. TG_OK: *result is complete as far as the run came, whatever the verdict (an
 * interruption or a crash of the store in a phase included). Anything else: nothing was measured;
 * TG_INVALID for the name of a phase that the scenario does not have.
 * `result` is fresh from tg_result_new. */
enum tg_status tg_run(const struct tg_scenario *scenario, const struct tg_run_options *options,
                      struct tg_result *result, struct tg_diags *diags) TG_CHECKED;

#endif
