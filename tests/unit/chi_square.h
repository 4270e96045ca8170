/* Pearson's chi-square test for the tests of drawn numbers. Their seeds are fixed, so a test either
 * always passes or always fails; a right sampler fails one seed in 10,000. */
#ifndef TG_TESTS_UNIT_CHI_SQUARE_H
#define TG_TESTS_UNIT_CHI_SQUARE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Do `counts` of `bins` bins fit `probabilities` (their sum is 1)? Neighbouring bins are merged
 * until each expects at least 10. The limit is the 1 - 1e-4 quantile of chi-square in the
 * approximation of Wilson and Hilferty (1931), at most 3.5 % above scipy.stats.chi2.isf(1e-4, df)
 * from df = 3 on; for df = 1 and 2 SciPy's own values. */
static inline bool chi_square_fits(const uint64_t *counts, const double *probabilities, size_t bins)
{
    double total = 0;
    for (size_t i = 0; i < bins; i++)
        total += (double)counts[i];
    double statistic = 0, expected = 0, seen = 0, left = total;
    int df = -1;
    for (size_t i = 0; i < bins; i++) {
        expected += probabilities[i] * total;
        seen += (double)counts[i];
        if (expected < 10 || (left - expected < 10 && i + 1 < bins))
            continue;
        statistic += (seen - expected) * (seen - expected) / expected;
        left -= expected;
        expected = seen = 0;
        df++;
    }
    const double spread = 2.0 / (9.0 * df);
    const double root = 1 - spread + 3.719016485455709 * sqrt(spread);
    const double limit = df == 1 ? 15.137 : df == 2 ? 18.421 : df * root * root * root;
    if (df < 1 || statistic > limit || seen > 0) {
        fprintf(stderr,
                "chi-square %.1f over the limit %.1f, %d degrees of freedom, %.0f left over\n",
                statistic, limit, df, seen);
        return false;
    }
    return true;
}

#endif
