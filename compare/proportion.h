/* How often something happens, from how often it did. */
#ifndef TG_COMPARE_PROPORTION_H
#define TG_COMPARE_PROPORTION_H

#include <stddef.h>
#include <stdint.h>

#include "compare/interval.h"

/* The share of `happened` in `trials` independent ones (happened <= trials), and its exact bounds:
 * each lies on the wrong side of the true share with a probability of at most `level` (0 to 0.5,
 * exclusive); 0.025 makes an interval of 95 %. No trial gives NaN between 0 and 1. (Clopper &
 * Pearson 1934, Biometrika 26: 404-413.) */
struct tg_interval tg_proportion(size_t happened, size_t trials, double level);

/* P(X >= least) of a binomial X, `trials` (>= 0) with a chance of `share` (0 to 1) each. */
double tg_binomial_tail(int64_t least, int64_t trials, double share);

#endif
