/* Whether the workers offered the rate that a phase asks for, and whose fault it was if not. */
#ifndef TG_RUNNER_DRIVE_OFFER_H
#define TG_RUNNER_DRIVE_OFFER_H

#include "runner/drive/result.h"
#include "runner/drive/slots.h"

struct tg_offer {
    const struct tg_phase *phase;
    uint64_t seed; /* the scenario's */
    const struct tg_slots *slots;
    int64_t record_ns;   /* start of the recorded part; 0: it was never reached */
    int64_t last_end_ns; /* of the last operation */
};

/* Fills result->issued and, in open loop, result->offered, of a phase that ended at `end_ns`. */
void tg_offer_count(const struct tg_offer *offer, int64_t end_ns, struct tg_phase_result *result);

/* Why a phase that was counted says nothing about the store, in `arena`: the workers fell behind
 * the rate while they were mostly outside of the store. NULL: it says something. A rate that the
 * store could not sustain is a result. */
const char *tg_offer_doubt(const struct tg_offer *offer, const struct tg_phase_result *result,
                           struct tg_arena *arena);

#endif
