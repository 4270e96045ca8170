/* When the operations of an open loop fall due: a pure function of the schedule and the operation's
 * ordinal, never an accumulated interval, so that lateness cannot add up. */
#ifndef TG_RUNNER_DRIVE_ARRIVALS_H
#define TG_RUNNER_DRIVE_ARRIVALS_H

#include <stdint.h>

#include "runner/scenario/scenario.h"

struct tg_arrivals {
    enum tg_arrival kind;
    double gap_ns; /* mean distance between neighbours */
    uint64_t key;  /* Poisson: of the random gaps */
    /* Poisson: where the cursor stands. Going forward costs one draw per operation, going back
     * starts again. */
    uint64_t ordinal;
    double due_ns;
};

/* The schedule of a phase with rate_per_s > 0. */
void tg_arrivals_init(struct tg_arrivals *arrivals, const struct tg_phase *phase, uint64_t seed);

/* ns after the phase's start at which operation `ordinal` (from 0) falls due. Constant: ordinal /
 * rate. Poisson: the sum of `ordinal` exponential gaps. */
int64_t tg_arrivals_due_ns(struct tg_arrivals *arrivals, uint64_t ordinal);

/* How many operations fall due before `time_ns`. */
uint64_t tg_arrivals_before(struct tg_arrivals *arrivals, int64_t time_ns);

#endif
