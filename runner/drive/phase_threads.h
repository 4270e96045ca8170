/* One phase inside the worker process: a thread per worker, each with its session. */
#ifndef TG_RUNNER_DRIVE_PHASE_THREADS_H
#define TG_RUNNER_DRIVE_PHASE_THREADS_H

#include "common/json.h"
#include "runner/drive/inject.h"
#include "runner/drive/slots.h"
#include "runner/scenario/scenario.h"

struct tg_phase_job {
    const struct tg_scenario *scenario;
    const struct tg_workload *workload;
    void **sessions;                /* one per worker of the phase */
    struct tg_injector **injectors; /* likewise; NULL: the scenario slows nothing */
    struct tg_slots *slots;
    uint32_t phase;              /* 0-based, of the stream */
    const struct tg_phase *spec; /* how it is run: the scenario's phase, or a slice of it */
    uint64_t first_index;
    /* One of many short ones. Leaves out what is measured once a phase (harness cost, counters,
     * memory); in an open loop, what is left undone is recorded (struct tg_loop). */
    bool slice;
    int64_t slice_grace_ns; /* ... and the grace is this */
};

/* How long after its end a phase of that length, without its warm-up, still issues what fell due
 * before: as long, or 10 s at most. */
int64_t tg_phase_grace_ns(int64_t duration_ns);

/* Runs the phase and adds to `answer`: start_ns, record_ns, end_ns (tg_now_ns), cpu_user_ns,
 * cpu_system_ns (recorded part), rss_peak_bytes, harness_ns, counters. */
enum tg_status tg_phase_run_threads(const struct tg_phase_job *job, cJSON *answer,
                                    struct tg_diags *diags) TG_CHECKED;

#endif
