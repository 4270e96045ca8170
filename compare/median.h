/* The median of a distribution of any shape: the sign test, and the bounds between order statistics
 * that belong to it. Nothing is assumed but that the values are independent; where many tie, the
 * levels are kept the better (Conover 1999, Practical Nonparametric Statistics, 3rd ed., sections
 * 3.2 and 3.4; David & Nagaraja 2003, Order Statistics, 3rd ed., section 7.1). */
#ifndef TG_COMPARE_MEDIAN_H
#define TG_COMPARE_MEDIAN_H

#include <stddef.h>

#include "compare/interval.h"

/* The probability that of `n` independent values at most `few` (<= n) lie on a side of the median
 * on which each lies at least half of the time: the p-value of the sign test against "half of all
 * values, or more, lie there". 1 for n = 0. */
double tg_sign_p(size_t few, size_t n);

/* Estimate: the sample's median, the mean of the two middle ones for an even n; NaN for n = 0.
 * Bounds: the k-th smallest and the k-th largest value, k the largest with
 * tg_sign_p(k - 1, n) <= level (0 to 0.5); -/+ infinity where there is none. Each lies beyond the
 * true median with a probability of at most `level`. Reorders `values`, none of which is NaN. */
struct tg_interval tg_median_interval(double *values, size_t n, double level);

#endif
