/* A fixed piece of work of our own, timed beside the store: what it takes longer, the machine is
 * slower, whatever the store does. It draws random numbers and follows them through a few MiB of
 * memory, each draw waiting for the last: it feels the clock frequency, the caches, the memory, and
 * neighbours that want the same CPUs. */
#ifndef TG_RUNNER_DRIVE_YARDSTICK_H
#define TG_RUNNER_DRIVE_YARDSTICK_H

#include <stdint.h>

#include "common/diag.h"

/* As long as the shortest slice of a launch. Much less would not do: a thread that has just woken
 * is let run before its neighbours for the first milliseconds, and would not notice them. */
#define TG_YARDSTICK_NS INT64_C(10000000)

struct tg_yardstick; /* opaque */

/* For `threads` >= 1 threads at once, as many as the store is driven by: a single one would find
 * the CPU that a neighbour leaves free. NULL: there is no memory for it, and why. */
struct tg_yardstick *tg_yardstick_new(uint32_t threads, struct tg_diags *diags);
void tg_yardstick_free(struct tg_yardstick *yardstick);

/* Does the work again and again, in each thread for `length_ns` at least. *work_ns is what one
 * piece took on the average, > 0. An average and not a median: being kept waiting is what it is to
 * show. Needs tg_clock_init. */
enum tg_status tg_yardstick_run(struct tg_yardstick *yardstick, int64_t length_ns, int64_t *work_ns,
                                struct tg_diags *diags) TG_CHECKED;

/* One piece over a memory of TG_YARDSTICK_WORDS; a function of `start` and the memory alone. */
enum { TG_YARDSTICK_WORDS = 1 << 19 };
uint64_t tg_yardstick_piece(const uint64_t *words, uint64_t start);

#endif
