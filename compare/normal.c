#include "compare/normal.h"

#include <assert.h>
#include <math.h>

double tg_normal_cdf(double z)
{
    return 0.5 * erfc(-z * M_SQRT1_2);
}

/* Bisection on the lower tail, where the cumulative function is accurate: no table of coefficients
 * to trust, and a quantile is computed a handful of times per gate. */
double tg_normal_quantile(double p)
{
    assert(p >= 0 && p <= 1);
    if (p == 0)
        return -INFINITY;
    if (p > 0.5)
        return -tg_normal_quantile(1 - p);
    double low = -40;
    double high = 0;
    for (;;) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            return middle;
        if (tg_normal_cdf(middle) < p)
            low = middle;
        else
            high = middle;
    }
}
