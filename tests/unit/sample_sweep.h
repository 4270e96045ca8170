/* The runs of a sweep made by hand: four sizes of memory_entries, 1,000 to 1,000,000 rows. The
 * values are chosen, not measured. */
#ifndef TG_TESTS_SAMPLE_SWEEP_H
#define TG_TESTS_SAMPLE_SWEEP_H

#include "runner/drive/result.h"

enum { SAMPLE_SIZES = 4 };

/* Largest first. Phase "steady", closed loop, every operation of one kind as long as the others:
 *   get      5.2, 6.1, 9.3, 14.1 us    targets p99 < 20us, p50 < 50ms
 *   query    1, 2, 4, 8 ms             target p99 < 3ms
 *   put      40 us at all sizes        target p99 < 50ms
 *   rare     200 of 1, 1, 2, 2 ms: too few for a p99; no target
 * and for the phase: rate >= 100/s with 1,000, 900, 700, 400/s; errors == 0, met everywhere. */
void tg_sample_sweep(struct tg_result *runs[SAMPLE_SIZES]);
void tg_sample_sweep_free(struct tg_result *runs[SAMPLE_SIZES]);

#endif
