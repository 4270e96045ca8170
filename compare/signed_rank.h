/* One sample of launches: Wilcoxon's signed-rank test, and the estimate and the bounds that belong
 * to it. The launches' values are taken as independent and symmetric about theta; nothing is
 * assumed about their shape, so an outlier counts as one launch, however far out it is.
 *
 * Source of all of it: Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed.
 * (2014), sections 3.1 (test, 3.5-3.12), 3.2 (Hodges-Lehmann estimate, 3.23) and 3.3 (bounds from
 * ordered Walsh averages, 3.30).
 *
 * Ties and zeros. The bounds need no rule: they are order statistics of the Walsh averages, and a
 * closed interval between them covers theta at least as often when values tie as when they do not
 * (an infinitesimal symmetric jitter breaks the ties and moves the bounds infinitesimally). The
 * p-value ranks zeros with the rest and then leaves them out (Pratt 1959, JASA 54: 655-667), gives
 * ties their mean rank, and uses the exact distribution given those ranks. */
#ifndef TG_COMPARE_SIGNED_RANK_H
#define TG_COMPARE_SIGNED_RANK_H

#include <stddef.h>

#include "compare/interval.h"

/* Up to here everything is exact; beyond, the normal approximation with continuity correction. */
enum { TG_SIGNED_RANK_EXACT_MAX = 60 };

/* P(T <= t), T the sum of the positive ranks of `n` (>= 1) untied values under symmetry about 0. */
double tg_signed_rank_cdf(size_t n, double t);

/* The k of the bounds: the largest k with P(T <= k - 1) <= level, so that the k-th smallest Walsh
 * average lies above theta with a probability of at most `level` (0 to 0.5). 0: no bound has that
 * level, because 2^-n is above it. */
size_t tg_signed_rank_order(size_t n, double level);
/* The level that order k really has: P(T <= k - 1), 0 for k = 0. */
double tg_signed_rank_level(size_t n, size_t order);

/* n (n + 1) / 2 */
size_t tg_walsh_count(size_t n);
/* All averages (x[i] + x[j]) / 2, i <= j, ascending. `walsh` has room for tg_walsh_count(n). */
void tg_walsh_averages(const double *x, size_t n, double *walsh);

/* Estimate: the median of the Walsh averages. Bounds: the k-th smallest and the k-th largest of
 * them, k = tg_signed_rank_order(n, level), -/+ infinity for k = 0. No x is NaN; n = 0 gives NaN
 * and no bounds. `walsh` is scratch for tg_walsh_count(n). */
struct tg_interval tg_signed_rank_interval(const double *x, size_t n, double level, double *walsh);

enum tg_alternative { TG_ALTERNATIVE_GREATER, TG_ALTERNATIVE_LESS, TG_ALTERNATIVE_DIFFERENT };

/* The p-value against theta = `theta`. 1 when every x equals theta, or n = 0. `scratch` has room
 * for n numbers. */
double tg_signed_rank_p(const double *x, size_t n, double theta, enum tg_alternative alternative,
                        double *scratch);

/* The sign test, exact: P(at least `more` of more + fewer fair coins fall heads). 1 for 0 and 0.
 * (Hollander, Wolfe & Chicken, 3.39.) */
double tg_sign_test_p(size_t more, size_t fewer);

#endif
