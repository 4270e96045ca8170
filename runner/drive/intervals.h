/* The intervals of a phase: an HdrHistogram log of what each operation took in them, and what the
 * platform did meanwhile. */
#ifndef TG_RUNNER_DRIVE_INTERVALS_H
#define TG_RUNNER_DRIVE_INTERVALS_H

#include "common/text.h"
#include "runner/drive/platform.h"
#include "runner/drive/result.h"

struct tg_interval_op {     /* of the interval that is being collected */
    struct tg_hdr *primary; /* response in open loop, service in closed loop */
    struct tg_hdr *service; /* open loop only */
};

struct tg_intervals {
    struct tg_phase_result *result;
    struct tg_arena *arena;
    struct tg_interval_op *ops; /* as those of the result; for whoever collects */
    struct tg_text log;
    struct tg_platform_counters platform; /* at the start of the interval */
    size_t capacity;                      /* of result->intervals */
    int64_t record_ns;                    /* start of the first */
    int64_t start_ns;                     /* of the one that is being collected */
    int64_t length_ns;                    /* that they have at least */
};

/* Begins the log. `result` has its operations, and gets intervals as they end, in `arena`. */
void tg_intervals_init(struct tg_intervals *intervals, const struct tg_scenario *scenario,
                       const struct tg_phase *phase, struct tg_phase_result *result,
                       struct tg_arena *arena);
/* The recorded part begins, with the platform at `platform`. */
void tg_intervals_begin(struct tg_intervals *intervals, int64_t record_ns,
                        const struct tg_platform_counters *platform);
/* Is the interval long enough to be ended? */
bool tg_intervals_due(const struct tg_intervals *intervals, int64_t now_ns);
/* Writes the interval, and begins the next. */
void tg_intervals_end(struct tg_intervals *intervals, int64_t now_ns,
                      struct tg_hiccup_meter *meter);
/* Frees all but the text of the log, which is result->interval_log from now on. */
void tg_intervals_finish(struct tg_intervals *intervals);

#endif
