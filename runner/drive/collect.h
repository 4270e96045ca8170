/* Collecting what the workers of a phase have recorded. */
#ifndef TG_RUNNER_DRIVE_COLLECT_H
#define TG_RUNNER_DRIVE_COLLECT_H

#include "runner/drive/intervals.h"
#include "runner/drive/slots.h"

struct tg_collector {
    const struct tg_engine *engine; /* names its errors */
    struct tg_phase_result *result;
    struct tg_intervals *intervals;
    struct tg_hdr *all; /* primary latencies of all operations, for the progress */
    struct tg_arena *arena;
};

/* For tg_slot_collect, with the collector: moves what is in `set` into the result and the interval,
 * and leaves the set empty. */
void tg_collect_set(void *collector, struct tg_record_set *set);

#endif
