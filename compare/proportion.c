#include "compare/proportion.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

/* P(X <= k) of a binomial X, 0 < share < 1. */
static double binomial_cdf(size_t k, size_t trials, double share)
{
    double n = (double)trials;
    double sum = 0;
    for (size_t i = 0; i <= k; i++) {
        double x = (double)i;
        double choose = lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1);
        sum += exp(choose + x * log(share) + (n - x) * log1p(-share));
    }
    return sum;
}

/* The share with P(X <= k) = level: the more often it happens, the smaller P. */
static double share_of(size_t k, size_t trials, double level)
{
    double low = 0;
    double high = 1;
    while (true) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            return middle;
        if (binomial_cdf(k, trials, middle) > level)
            low = middle;
        else
            high = middle;
    }
}

struct tg_interval tg_proportion(size_t happened, size_t trials, double level)
{
    assert(happened <= trials && level > 0 && level < 0.5);
    struct tg_interval interval = {
        .count = trials, .estimate = NAN, .lower = 0, .upper = 1, .level = level};
    if (trials > 0)
        interval.estimate = (double)happened / (double)trials;
    if (happened < trials)
        interval.upper = share_of(happened, trials, level);
    /* The other bound is that of what did not happen, seen from the other end. */
    if (happened > 0)
        interval.lower = 1 - share_of(trials - happened, trials, level);
    return interval;
}

double tg_binomial_tail(int64_t least, int64_t trials, double share)
{
    assert(trials >= 0 && share >= 0 && share <= 1);
    if (least <= 0 || (least <= trials && share == 1))
        return 1;
    if (least > trials || share == 0)
        return 0;
    double n = (double)trials;
    double x = (double)least;
    if (x <= n * share) /* what is left of the other tail, whose terms fall */
        return 1 - tg_binomial_tail(trials - least + 1, trials, 1 - share);
    double term = exp(lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1) + x * log(share) +
                      (n - x) * log1p(-share));
    double sum = 0;
    for (; x <= n && term > sum * 0x1p-60; x++) {
        sum += term;
        term *= (n - x) / (x + 1) * share / (1 - share);
    }
    return fmin(1, sum);
}
