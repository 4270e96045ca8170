/* The recording area: where worker threads put what they measure, in memory shared with the
 * coordinator, so that a killed worker process takes nothing with it. Each worker writes one of its
 * two sets; on request it moves to the other and the coordinator empties the first (as
 * HdrHistogram's recorders do). */
#ifndef TG_RUNNER_DRIVE_SLOTS_H
#define TG_RUNNER_DRIVE_SLOTS_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "runner/histogram/hdr.h"

enum { TG_ERROR_KINDS = 8, TG_ERROR_TEXT = 200 };

struct tg_error_slot {
    int code;
    int64_t count;            /* 0: unused */
    char text[TG_ERROR_TEXT]; /* of the first one */
};

struct tg_op_record { /* one operation, one worker */
    struct tg_hdr *service;
    struct tg_hdr *response; /* open loop, else NULL */
    struct tg_hdr *lag;      /* open loop, else NULL */
    int64_t succeeded;
    int64_t failed;
    int64_t retries;
    int64_t rows;
    struct tg_error_slot errors[TG_ERROR_KINDS]; /* the last one also takes all further codes */
};

struct tg_record_set {
    struct tg_op_record *ops; /* in the order of the phase's mix */
    struct tg_hdr *busy_lag;  /* open loop */
    struct tg_hdr *late_lag;
};

struct tg_worker_slot {
    alignas(64) atomic_uint want; /* set & 1 that the coordinator asks for; grows by 1 each time */
    alignas(64) atomic_uint seen; /* the last `want` that the worker took notice of */
    unsigned taken;               /* coordinator's: the last `want` whose set it emptied */
    alignas(64) int64_t first_start_ns; /* of the recorded part; 0: nothing recorded */
    int64_t last_end_ns;
    int64_t issued;   /* operations started in the recorded part */
    int64_t store_ns; /* open loop: time inside the store in the recorded part */
    /* Open loop: the last start of an operation that the worker was not too busy for, 0: never, and
     * store_ns until then. What came after it is the time in which the worker was behind. */
    int64_t on_time_ns;
    int64_t on_time_store_ns;
    int64_t undone; /* open loop: operations that fell due and were given up (struct tg_loop) */
    int64_t least_undone_ns; /* the shortest time that one of them had waited; 0: none */
    struct tg_record_set sets[2];
};

struct tg_slots {                                /* head of the shared area */
    alignas(64) atomic_uint_fast64_t next_index; /* open loop: the next operation to claim */
    alignas(64) atomic_bool stop;                /* asks every worker to end after its operation */
    alignas(64) _Atomic int64_t record_start_ns; /* when the recorded part began; 0: not yet */
    size_t area_bytes;
    uint32_t max_workers;
    uint32_t max_ops;
    struct tg_worker_slot *workers;
};

/* Maps an area for so many workers and operations of a phase (open loop needs more histograms). The
 * memory that no value is recorded in is never touched. NULL and a diagnostic on failure. Free with
 * tg_slots_free. */
struct tg_slots *tg_slots_new(uint32_t max_workers, uint32_t max_ops, bool open_loop,
                              struct tg_diags *diags);
void tg_slots_free(struct tg_slots *slots);

/* Makes the area as new for the next phase. No worker may be running. */
void tg_slots_reset(struct tg_slots *slots);

/* Counts a failure. `text` may be NULL. */
void tg_op_record_error(struct tg_op_record *record, int code, const char *text);

/* Worker side: the set to write to now. Called once per operation. */
static inline const struct tg_record_set *tg_slot_active(struct tg_worker_slot *slot)
{
    unsigned want = atomic_load_explicit(&slot->want, memory_order_acquire);
    if (want != atomic_load_explicit(&slot->seen, memory_order_relaxed))
        atomic_store_explicit(&slot->seen, want, memory_order_release);
    return &slot->sets[want & 1];
}

/* Coordinator side, in two steps: ask the worker to change sets, and, as soon as it has (a worker
 * inside a long operation will not at once), hand the set it left to `take`, which has to empty it.
 * A request that is still pending is not repeated. */
void tg_slot_request(struct tg_worker_slot *slot);
void tg_slot_collect(struct tg_worker_slot *slot,
                     void (*take)(void *context, struct tg_record_set *set), void *context);
/* Nothing is pending: every requested set was collected. */
static inline bool tg_slot_settled(const struct tg_worker_slot *slot)
{
    return slot->taken == atomic_load_explicit(&slot->want, memory_order_relaxed);
}
/* After the workers have ended: hands over both sets. */
void tg_slot_harvest_rest(struct tg_worker_slot *slot,
                          void (*take)(void *context, struct tg_record_set *set), void *context);

#endif
