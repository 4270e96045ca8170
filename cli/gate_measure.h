/* From what a launch measured to what the statistics are fed: the gated metrics of one phase. */
#ifndef TG_CLI_GATE_MEASURE_H
#define TG_CLI_GATE_MEASURE_H

#include "compare/gate.h"
#include "runner/drive/launch.h"
#include "runner/scenario/scenario.h"

enum { TG_GATE_LAUNCHES_MAX = 128 };

struct tg_gated {
    const char *name; /* as the scenario writes it */
    struct tg_metric metric;
    int32_t place; /* of the operation in the phase's mix; -1: all of them */
    enum tg_direction direction;
    double margin;       /* a fraction: 0.05 */
    const char *why_not; /* why it cannot be gated here; NULL: it is */
    /* The pooled value of each counted launch, per side: ns, or per second for rates. */
    double values[TG_SIDES][TG_GATE_LAUNCHES_MAX];
};

struct tg_gated_set {
    struct tg_scenario *scenario; /* of the before side */
    uint32_t phase;
    struct tg_gated *items;
    size_t count;
    size_t launches; /* counted */
    int64_t pairs_dropped;
    int64_t pairs_seen;
};

/* The metrics of [gate], or p50, p95 and p99 of every operation and the rate when it names none;
 * and their margins (5 % where none is given). Errors: a kind that cannot be gated, an operation
 * that the phase does not run. The set lives in the scenario's arena. */
enum tg_status tg_gated_choose(struct tg_scenario *scenario, uint32_t phase,
                               struct tg_gated_set *set, struct tg_diags *diags) TG_CHECKED;

/* How much longer slices have to be than those of `pilot` so that every percentile has
 * TG_EXCEEDANCES beyond it on both sides: a factor >= 1. Percentiles that would need more than
 * `most` do not count: one rare operation is not to make all slices long. */
double tg_gated_stretch(const struct tg_gated_set *set, const struct tg_launch *pilot, double most);
/* Says why_not of each metric that slices `factor` times as long as the pilot's still do not give
 * enough operations. Returns how many can be gated. */
size_t tg_gated_exclude(struct tg_gated_set *set, const struct tg_launch *pilot, double factor);

/* Estimates of the gateable metrics, in their order, into `estimates`; pairs in which the platform
 * stole more than a tenth of the time are left out, both halves. With `count` the launch's values
 * are kept. */
void tg_gated_estimate(struct tg_gated_set *set, const struct tg_launch *launch, bool count,
                       struct tg_launch_estimate *estimates);
/* Failing operations of one side, all slices. */
int64_t tg_gated_failed(const struct tg_launch *launch, enum tg_side side);

/* The median over the counted launches of a metric's pooled value. */
double tg_gated_median(const struct tg_gated_set *set, const struct tg_gated *gated,
                       enum tg_side side);

#endif
