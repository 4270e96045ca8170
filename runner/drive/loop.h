/* The measured loops: what one worker thread does in one phase, closed and open. They allocate
 * nothing, and an operation costs the harness two readings of the clock and one record per
 * histogram. */
#ifndef TG_RUNNER_DRIVE_LOOP_H
#define TG_RUNNER_DRIVE_LOOP_H

#include <stdint.h>

#include "runner/drive/arrivals.h"
#include "runner/drive/inject.h"
#include "runner/drive/slots.h"
#include "runner/scenario/scenario.h"
#include "runner/workload/stream.h"

struct tg_loop {
    /* what to do */
    const struct tg_scenario *scenario;
    const struct tg_engine *engine;
    const struct tg_workload *workload;
    void *session;
    struct tg_injector *injector; /* this worker's; NULL: nothing is slowed */
    const struct tg_phase *spec;
    uint32_t phase;       /* 0-based, of the stream */
    bool check_rows;      /* hold the scenario's expect_rows against each outcome */
    uint64_t first_index; /* of the stream: the phase starts there */
    uint32_t worker;      /* 0-based */
    uint32_t workers;
    int64_t start_ns;  /* tg_now_ns at which the phase begins, warm-up included */
    int64_t record_ns; /* from here on it is recorded */
    int64_t end_ns;    /* nothing is started from here on; INT64_MAX: limited by count */
    int64_t grace_ns;  /* open loop: what fell due before end_ns is started until so long after */
    /* Open loop: what is left when the grace ends is recorded nevertheless, as a response time of
     * as long as it had waited by then: it would have taken at least that. */
    bool records_undone;
    uint64_t count; /* recorded operations of all workers together; 0: no limit */
    /* where it goes */
    struct tg_slots *slots;
    struct tg_worker_slot *slot;
    const uint32_t *record_of_op; /* scenario operation -> its place in the phase's mix */
    /* scratch of this worker */
    struct tg_arena *scratch;
    struct tg_value *args; /* room for the largest operation's arguments */
};

/* Runs until the end, the count, or slots->stop. Operations that start (closed loop) or fall due
 * (open loop) before record_ns are not recorded. */
void tg_loop_closed(struct tg_loop *loop);
void tg_loop_open(struct tg_loop *loop);

/* Arguments that the largest operation of `scenario` takes, batch included; at least 1. */
size_t tg_loop_most_args(const struct tg_scenario *scenario);

#endif
