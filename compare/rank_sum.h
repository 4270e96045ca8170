/* Two samples of launches that were not interleaved: the Mann-Whitney (Wilcoxon rank-sum) test, and
 * the estimate and bounds of the shift between them. For stored results. The launches of either
 * are taken as independent, and of the same shape but for a shift; what changed on the machine
 * between the two measurements is indistinguishable from a change of the store.
 *
 * Source: Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed. (2014), sections
 * 4.1 (test, 4.3-4.13), 4.2 (Hodges-Lehmann shift, 4.22) and 4.3 (bounds, 4.34). */
#ifndef TG_COMPARE_RANK_SUM_H
#define TG_COMPARE_RANK_SUM_H

#include <stddef.h>

#include "common/arena.h"
#include "compare/interval.h"
#include "compare/signed_rank.h"

/* Up to here per sample p-values and bounds are exact, the p-value with ties as well; beyond, the
 * normal approximation with continuity correction, and of the p-value with tie correction, takes
 * over. */
enum { TG_RANK_SUM_EXACT_MAX = 50 };

/* P(U <= u), U the number of pairs (of m x n untied ones) in which the second sample's value is the
 * larger, when both samples come from one distribution. m, n >= 1. m * n * n numbers or so
 * are allocated in `scratch` when exact, none otherwise. */
double tg_rank_sum_cdf(size_t m, size_t n, double u, struct tg_arena *scratch);

/* The largest k with P(U <= k - 1) <= level (0 to 0.5); 0: out of reach of so few launches. */
size_t tg_rank_sum_order(size_t m, size_t n, double level, struct tg_arena *scratch);

/* The p-value of "the second sample (`after`) is greater than, less than, different from the
 * first". `m` values before, `n` after, no NaN among them. 1 when either is empty or all values
 * are equal. Values that tie share the mean of their ranks, and when exact the p-value is that over
 * all C(m + n, n) choices of which ranks are after's. With ties about n (m + n)^2 numbers are
 * allocated in `scratch`. */
double tg_rank_sum_p(const double *before, size_t m, const double *after, size_t n,
                     enum tg_alternative alternative, struct tg_arena *scratch);

/* The shift from before to after: the median of the m x n differences after[j] - before[i], between
 * the k-th smallest and the k-th largest of them, k = tg_rank_sum_order(m, n, level). With ties the
 * closed interval covers at least as often. NaN and no bounds when either sample is empty. */
struct tg_interval tg_rank_sum_interval(const double *before, size_t m, const double *after,
                                        size_t n, double level, struct tg_arena *scratch);

#endif
