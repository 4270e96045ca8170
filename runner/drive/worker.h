/* The worker process: a fresh process that loads the store and measures. The coordinator never
 * loads the store's library, so that a crash of the store is an answer and not the end of Tailgate.
 */
#ifndef TG_RUNNER_DRIVE_WORKER_H
#define TG_RUNNER_DRIVE_WORKER_H

#include <signal.h>

#include "common/json.h"
#include "common/units.h"
#include "runner/drive/slots.h"
#include "runner/scenario/scenario.h"

struct tg_worker {
    pid_t pid;        /* 0: none */
    int fd;           /* of the channel */
    char *crash;      /* how it ended, when it did not end as it was told to; owned */
    int crash_signal; /* 0: it exited, or hung */
    bool killed;      /* by tg_worker_kill, on request or because it hung */
    int64_t hung_ns;  /* it was killed for not coming back within that time; 0: it was not */
};

/* A store that is so much later than planned hangs: longer than the 10 s for which a phase at a
 * rate may go on after its end. */
#define TG_WORKER_PATIENCE_NS (60 * TG_NS_PER_S)

/* How long an answer is waited for. */
struct tg_worker_wait {
    const volatile sig_atomic_t *stop; /* requests to stop; may be NULL */
    int heeded;                        /* of them; a further one kills the worker */
    int64_t limit_ns; /* a worker that takes longer hangs, and is killed; 0: none */
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

/* How long an answer has been waited for. When this process stood still as well, stopped by Ctrl-Z
 * or on a machine that was suspended, the store is not to blame: no more than a second counts
 * between two looks. Zero before the first. */
struct tg_patience {
    int64_t last_ns; /* 0: no look yet */
    int64_t waited_ns;
};
/* Looks at `now_ns`; returns the time waited so far, ns. */
int64_t tg_patience_look(struct tg_patience *patience, int64_t now_ns);

/* Sends `request` (deleted). False when the worker is gone. */
bool tg_worker_send(struct tg_worker *worker, cJSON *request);
/* Takes the answer: TG_OK, or what the worker reported, with its diagnostics. *answer (may be NULL)
 * is the caller's. A worker that is gone gives TG_STORE and worker->crash. */
enum tg_status tg_worker_answer(struct tg_worker *worker, cJSON **answer,
                                struct tg_diags *diags) TG_CHECKED;
/* Both, and waits in between. TG_INTERRUPTED: it was killed on request, without worker->crash. A
 * worker that hung gives TG_STORE and worker->crash. */
enum tg_status tg_worker_call(struct tg_worker *worker, cJSON *request, struct tg_worker_wait wait,
                              cJSON **answer, struct tg_diags *diags) TG_CHECKED;

/* Kills a worker that does not come back; its answer is to be taken nevertheless. `hung_ns`: it
 * hung for so long; 0: somebody asked for it. */
void tg_worker_kill(struct tg_worker *worker, int64_t hung_ns);

/* Closes the store of an idle worker, and waits for the end of its process. A store that crashes,
 * exits or hangs at that gives TG_STORE and worker->crash, else as tg_worker_call. TG_OK for one
 * that is gone: how has been told. */
enum tg_status tg_worker_close(struct tg_worker *worker, struct tg_worker_wait wait,
                               struct tg_diags *diags) TG_CHECKED;

/* Kills it, if it is still there, and frees what it holds. */
void tg_worker_end(struct tg_worker *worker);

/* The child's side: serves requests on `fd` until the channel closes. */
_Noreturn void tg_worker_serve(int fd, const struct tg_scenario *scenario,
                               const struct tg_workload *workload, struct tg_slots *slots);

#endif
