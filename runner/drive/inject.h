/* [inject] at work: makes operations slower by a known amount, so that one can see what a gate
 * sees. All of its own work is done outside of the times that are measured. */
#ifndef TG_RUNNER_DRIVE_INJECT_H
#define TG_RUNNER_DRIVE_INJECT_H

#include "runner/scenario/scenario.h"

/* Operations of a name that a worker has to have seen before it can tell which are its slowest. */
enum { TG_INJECT_LEARNS = 200 };

/* What one worker needs; of one thread at a time. Kept from phase to phase, because it learns how
 * long operations take. */
struct tg_injector;

/* For a scenario with injects; it has to live as long. Takes about a millisecond. Free with
 * tg_injector_free. */
struct tg_injector *tg_injector_new(const struct tg_scenario *scenario);
void tg_injector_free(struct tg_injector *injector);

/* To be called right after an operation, with the readings of tg_now_ns around it. Waits if the
 * operation is one to be slowed, and returns the time at which it ended then: end_ns without a
 * wait, else the first reading of the clock that is not earlier than the wanted time less half the
 * cost of a reading, which is on average the wanted time.
 *
 * Which operations are slowed by "of" is a pure function of the scenario's seed, the names of phase
 * and operation, and the index in the stream. "slowest" compares with the percentile of all the
 * service times, without waits, that this injector was told of before. */
int64_t tg_inject(struct tg_injector *injector, uint32_t phase, uint32_t op, uint64_t index,
                  int64_t start_ns, int64_t end_ns);

#endif
