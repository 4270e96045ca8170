/* The worker process: a fresh process that loads the store and measures. The coordinator never
 * loads the store's library, so that a crash of the store is an answer and not the end of Tailgate.
 */
#ifndef TG_RUNNER_DRIVE_WORKER_H
#define TG_RUNNER_DRIVE_WORKER_H

#include <signal.h>

#include "common/json.h"
#include "runner/drive/slots.h"
#include "runner/scenario/scenario.h"

struct tg_worker {
    pid_t pid;        /* 0: none */
    int fd;           /* of the channel */
    char *crash;      /* how it ended, when it did not end by itself; owned */
    int crash_signal; /* 0: it exited */
    bool killed;      /* by tg_worker_kill */
};

/* Forks. `slots` may be NULL for a worker that only builds. The caller has no other thread running.
 */
enum tg_status tg_worker_start(struct tg_worker *worker, const struct tg_scenario *scenario,
                               const struct tg_workload *workload, struct tg_slots *slots,
                               struct tg_diags *diags) TG_CHECKED;

/* Requests, as answered by the worker process:
 *   {"do":"build","folder":F}              makes the data set in F and closes the store again
 *   {"do":"open","folder":F,"build":B}     -> "facts", "settings" (lists of {name, value...});
 *                                          with "rows":false what is built has none
 *   {"do":"coverage"}                      -> "coverage"
 *   {"do":"run","phase":N,"first_index":I} -> what struct tg_phase_result wants of the process;
 *                                          with "slice_ns":D a closed loop of that length instead,
 *                                          or with "open_loop":true and "grace_ns":G one at the
 *                                          phase's rate
 *   {"do":"verify"}                        violations are the diagnostics, status TG_STORE
 *   {"do":"close"}                         */

/* Sends `request` (deleted). False when the worker is gone. */
bool tg_worker_send(struct tg_worker *worker, cJSON *request);
/* Takes the answer: TG_OK, or what the worker reported, with its diagnostics. *answer (may be NULL)
 * is the caller's. A worker that is gone gives TG_STORE and worker->crash. */
enum tg_status tg_worker_answer(struct tg_worker *worker, cJSON **answer,
                                struct tg_diags *diags) TG_CHECKED;
/* Both, and waits in between; *stop > heeded (stop may be NULL), a request to stop beyond those
 * that were heeded already, kills the worker and gives TG_INTERRUPTED. */
enum tg_status tg_worker_call(struct tg_worker *worker, cJSON *request,
                              const volatile sig_atomic_t *stop, int heeded, cJSON **answer,
                              struct tg_diags *diags) TG_CHECKED;

/* Kills a worker that does not come back; its answer is to be taken nevertheless. */
void tg_worker_kill(struct tg_worker *worker);

/* Ends it: kindly when it is idle and well, else by SIGKILL. Fine on one that is gone. */
void tg_worker_end(struct tg_worker *worker);

/* The child's side: serves requests on `fd` until the channel closes. */
_Noreturn void tg_worker_serve(int fd, const struct tg_scenario *scenario,
                               const struct tg_workload *workload, struct tg_slots *slots);

#endif
