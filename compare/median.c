#include "compare/median.h"

#include <assert.h>
#include <math.h>

#include "compare/estimate.h"
#include "compare/proportion.h"
#include "compare/sort.h"

double tg_sign_p(size_t few, size_t n)
{
    assert(few <= n);
    /* Few on one side are many on the other. */
    return tg_binomial_tail((int64_t)(n - few), (int64_t)n, 0.5);
}

struct tg_interval tg_median_interval(double *values, size_t n, double level)
{
    assert(level >= 0 && level <= 0.5);
    struct tg_interval interval = {.count = n, .lower = -INFINITY, .upper = INFINITY};
    size_t beyond = 0; /* values that a bound leaves out */
    interval.estimate = tg_median(values, n);
    tg_sort(values, n);
    while (beyond < n && tg_sign_p(beyond, n) <= level)
        beyond++;
    if (beyond > 0) {
        interval.level = tg_sign_p(beyond - 1, n);
        interval.lower = values[beyond - 1];
        interval.upper = values[n - beyond];
    }
    return interval;
}
