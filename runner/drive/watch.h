/* The coordinator's side of a phase: starts it in the worker process, collects what the workers
 * record while it runs, keeps the interval log, watches the platform, and ends it on time or on
 * request. */
#ifndef TG_RUNNER_DRIVE_WATCH_H
#define TG_RUNNER_DRIVE_WATCH_H

#include <signal.h>

#include "runner/drive/observer.h"
#include "runner/drive/result.h"
#include "runner/drive/worker.h"

struct tg_watch_spec {
    const struct tg_scenario *scenario;
    uint32_t phase;
    uint64_t first_index;              /* of the stream */
    const char *folder;                /* the store's files, for their sizes */
    const volatile sig_atomic_t *stop; /* != 0: end the phase; > 1: at once. May be NULL */
    struct tg_observer observer;
};

/* Runs the phase and fills *result (strings in `arena`, histograms on the heap), which is filled as
 * far as it got whatever is returned. A worker that died gives TG_STORE, with worker->crash. An
 * interruption is TG_OK with result->interrupted. */
enum tg_status tg_watch_phase(struct tg_worker *worker, struct tg_slots *slots,
                              const struct tg_watch_spec *spec, struct tg_arena *arena,
                              struct tg_phase_result *result, struct tg_diags *diags) TG_CHECKED;

#endif
