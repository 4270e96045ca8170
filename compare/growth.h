/* How a figure grows with the size of the data: y = c * n^b, a line through the logarithms. */
#ifndef TG_COMPARE_GROWTH_H
#define TG_COMPARE_GROWTH_H

#include <stdbool.h>
#include <stddef.h>

struct tg_growth {
    size_t sizes;      /* points that were used: both coordinates finite and > 0 */
    double exponent;   /* b; NaN below 2 sizes */
    double low, high;  /* bounds of b at `confidence`; infinite below 3 sizes */
    double log_factor; /* ln c */
    double confidence; /* two-sided: 0.95 */
};

/* Ordinary least squares of ln y on ln n, with Student's t bounds of the slope on sizes - 2 degrees
 * of freedom (Draper and Smith, Applied Regression Analysis, 3rd ed., 1998, section 1.4). `n` and
 * `y` have `count` entries; pairs that have no logarithm are left out. */
struct tg_growth tg_growth_fit(const double *n, const double *y, size_t count, double confidence);

/* The size at which the line reaches `limit` from below, > 0: infinite when it does not grow, NaN
 * without a line. */
double tg_growth_reaches(const struct tg_growth *growth, double limit);

#endif
