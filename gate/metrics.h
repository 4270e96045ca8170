/* From what a launch measured to what the statistics are fed: the gated metrics of one phase. */
#ifndef TG_GATE_METRICS_H
#define TG_GATE_METRICS_H

#include "gate/comparison.h"
#include "runner/scenario/scenario.h"

struct tg_gated {
    struct tg_metric metric;
    int32_t place;          /* of the operation in the phase's mix; -1: all of them */
    enum tg_loop_kind loop; /* which slices it is taken from */
};

struct tg_gated_set {
    const struct tg_scenario *scenario; /* of the before side */
    uint32_t phase;
    int64_t cpus;           /* that a side can keep busy: its workers, at most those online */
    struct tg_gated *items; /* one per metric of the comparison, in its order */
    size_t count;
    int64_t *stall_ns; /* per operation of the mix: slower than this is a stall; 0: not known */
};

/* The number of the phase called `name`; NULL: the first. An unknown one is an error that says
 * which is meant. */
enum tg_status tg_gated_phase(const struct tg_scenario *scenario, const char *name,
                              uint32_t *number, struct tg_diags *diags) TG_CHECKED;

/* The metrics of [gate], or p50, p95 and p99 of every operation and the rate when it names none;
 * and their margins (5 % where none is given, 100 % for stalls; `margin` > 0 replaces all but those
 * of stalls). Fills set and the metrics and operations of `comparison`. Errors: a kind that cannot
 * be gated, an operation that the phase does not run, response times of a phase without a rate. */
enum tg_status tg_gated_choose(struct tg_scenario *scenario, uint32_t phase, double margin,
                               struct tg_gated_set *set, struct tg_comparison *comparison,
                               struct tg_diags *diags) TG_CHECKED;

/* Does a metric need slices of that kind? */
bool tg_gated_needs(const struct tg_gated_set *set, enum tg_loop_kind loop);

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

/* Writes the values of a launch into launch `number` of the comparison. Where operations at the
 * rate were left undone, the time they had waited counts as theirs; a metric that is therefore a
 * lower bound on both sides has no value. Pairs in which the platform stole more than three
 * quarters of the time of the CPUs that a side can use are left out, both halves and the yardstick
 * before them. Stalls have no value where fewer than TG_STALLS_COUNTED were seen. */
void tg_gated_record(const struct tg_gated_set *set, const struct tg_launch *launch,
                     struct tg_comparison *comparison, size_t number);

#endif
