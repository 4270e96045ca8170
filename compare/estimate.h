/* What one launch says about one metric: ln(after / before), the sign turned where more is better,
 * so that positive is always worse. Logarithms because changes of performance multiply: +5 % and
 * its undoing are the same distance from 0. */
#ifndef TG_COMPARE_ESTIMATE_H
#define TG_COMPARE_ESTIMATE_H

#include <stddef.h>
#include <stdint.h>

enum tg_direction {
    TG_LOWER_IS_BETTER,  /* latency, CPU, memory */
    TG_HIGHER_IS_BETTER, /* rate */
};

/* ln(after / before), or its negative where higher is better. Both in the same unit, whichever.
 * NaN ("this launch has no value for this metric") when either is not finite or not above 0. */
double tg_log_change(double before, double after, enum tg_direction direction);
/* The other way round, for people: 0.05 for a log change of ln 1.05. Of a rate it is the factor by
 * which the before side is faster, less 1. */
double tg_change_of_log(double log_change);
/* The ratio after / before less 1 as a table shows it: negative for a rate that fell. */
double tg_shown_change(double log_change, enum tg_direction direction);

/* The two estimates of a launch; either may be NaN. */
struct tg_launch_estimate {
    double pooled;  /* from the percentile (or rate) of all slices of the launch merged */
    double typical; /* the median over the launch's slice pairs */
};

/* `pooled_*`: the metric over all slices of the launch merged, one number per side. `before` and
 * `after`: the metric of each slice, in pairs, `pairs` (>= 0) of them; pairs without a value on
 * either side are left out. `scratch` has room for `pairs` numbers. */
struct tg_launch_estimate tg_launch_estimate(double pooled_before, double pooled_after,
                                             const double *before, const double *after,
                                             size_t pairs, enum tg_direction direction,
                                             double *scratch);

/* The median, the mean of the two middle ones for an even `count`; NaN for 0. Reorders `values`,
 * none of which is NaN. */
double tg_median(double *values, size_t count);

/* How many operations it takes for `exceedances` of them to lie beyond a percentile (0 < p < 100):
 * ceil(exceedances / (1 - p/100)). 200 for 100 beyond the median, 10,000 for 100 beyond p99. With
 * e exceedances the sampling error of a percentile's rank is about 1 / sqrt(e): 10 % for 100.
 * (The number beyond is binomial; David & Nagaraja, Order Statistics, 3rd ed., section 2.5.) */
int64_t tg_operations_needed(double percentile, int64_t exceedances);
enum { TG_EXCEEDANCES = 100 }; /* per launch and side, for a percentile to be gated */

/* The metric of stalls too rare for any percentile: the share of a launch's operations beyond a
 * limit, compared like a latency. Half a count is added, so that 0 has a logarithm (Haldane 1956,
 * Annals of Human Genetics 20: 309-311). NaN when `total` is below 1; 0 <= beyond <= total.
 *
 * The limit must not come from one side of the same launch: a limit that is the before side's own
 * percentile is exceeded by that side exactly as often as its definition says, the two sides are
 * not exchangeable any more, and the error levels of the gate do not hold. Take it from an earlier
 * launch that does not count. */
double tg_share_beyond(int64_t beyond, int64_t total);
/* The logarithm of a count is a measurement only if the count is not small: where 0.05 are expected
 * nearly every launch has none on either side, and what is compared are the halves that were added,
 * over the numbers of operations. */
enum {
    TG_STALLS_EXPECTED = 30, /* per launch and side, for stalls to be gated */
    TG_STALLS_COUNTED = 20,  /* both sides together, for a launch to have a value */
};

#endif
