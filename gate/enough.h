/* Does a launch have enough operations for the gated metrics? Learnt from the pilot, a launch that
 * is not counted. */
#ifndef TG_GATE_ENOUGH_H
#define TG_GATE_ENOUGH_H

#include "gate/metrics.h"

/* Learns from the pilot what a stall is: an operation slower than the p99.9 of its kind on the side
 * before, in the pairs that count. The pilot itself is not judged by it: the limit may not come
 * from a launch that counts (compare/estimate.h). */
void tg_gated_learn_stalls(struct tg_gated_set *set, const struct tg_launch *pilot);
/* How much longer slices have to be than those of `pilot` so that every percentile has
 * TG_EXCEEDANCES beyond it on both sides, and stalls TG_STALLS_EXPECTED beyond their limit: a
 * factor >= `least`. Metrics that would need more than `most` do not count: one rare operation is
 * not to make all slices long. A `least` below 1 lets slices become shorter, as far as the metrics
 * allow. Stalls are learnt before. */
double tg_gated_stretch(const struct tg_gated_set *set, enum tg_loop_kind loop,
                        const struct tg_launch *pilot, double least, double most);
/* Says why_not of each metric of the comparison that slices `factor[loop]` times as long as the
 * pilot's still do not give enough operations. Returns how many can be gated. */
size_t tg_gated_exclude(const struct tg_gated_set *set, const struct tg_launch *pilot,
                        const double factor[TG_LOOP_KINDS], struct tg_comparison *comparison);
/* Operations of the rarest metric of that kind of slices that can be gated, in slices `factor`
 * times as long as the pilot's, on the side that has fewer; INFINITY: there is no such metric. */
double tg_gated_fewest(const struct tg_gated_set *set, enum tg_loop_kind loop,
                       const struct tg_launch *pilot, double factor,
                       const struct tg_comparison *comparison);

/* Was nothing done in more than half of the closed-loop slices of a side? An operation then takes
 * longer than a slice, and what longer ones would have cannot be foretold. */
bool tg_gated_slices_too_short(const struct tg_launch *pilot);
/* Does a larger share of the operations fail after? */
bool tg_gated_fails_more(const struct tg_launch *pilot);

#endif
