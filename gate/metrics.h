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

/* Is operation `op` of the mix one that the metric is about? One whose limit is not known has no
 * stalls. */
bool tg_gated_takes_part(const struct tg_gated_set *set, const struct tg_gated *gated, size_t op);

/* Is the pair to be left out? Looks at the platform only, never at what was measured; fixed before
 * anything was. A percentile counts an operation that was held up as one operation, and misses the
 * others of its slice when they are left out: with 39 % of the time stolen, launches that left out
 * every pair with a tick of stolen time differed by half as much again as those that kept it
 * (docs/statistics.md). So only a pair that had little else goes. The counters tick in 10 ms, half
 * of a pair at its shortest. They add up all CPUs, and so does the time that they are held against.
 */
bool tg_gated_contaminated(const struct tg_gated_set *set, const struct tg_slice_pairs *pairs,
                           uint32_t pair);

/* Writes the values of a launch into launch `number` of the comparison. Where operations at the
 * rate were left undone, the time they had waited counts as theirs; a metric that is therefore a
 * lower bound on both sides has no value. Pairs in which the platform stole more than three
 * quarters of the time of the CPUs that a side can use are left out, both halves and the yardstick
 * before them. Stalls have no value where fewer than TG_STALLS_COUNTED were seen. */
void tg_gated_record(const struct tg_gated_set *set, const struct tg_launch *launch,
                     struct tg_comparison *comparison, size_t number);

#endif
