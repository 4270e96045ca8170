#include "compare/estimate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "compare/sort.h"

double tg_log_change(double before, double after, enum tg_direction direction)
{
    if (!(isfinite(before) && isfinite(after) && before > 0 && after > 0))
        return NAN;
    /* The difference of logarithms cannot overflow where the ratio can. */
    double change = log(after) - log(before);
    return direction == TG_HIGHER_IS_BETTER ? -change : change;
}

double tg_change_of_log(double log_change)
{
    return expm1(log_change);
}

double tg_shown_change(double log_change, enum tg_direction direction)
{
    return expm1(direction == TG_HIGHER_IS_BETTER ? -log_change : log_change);
}

double tg_median(double *values, size_t count)
{
    if (count == 0)
        return NAN;
    tg_sort(values, count);
    double middle = values[count / 2];
    return count % 2 == 1 ? middle : 0.5 * (values[count / 2 - 1] + middle);
}

struct tg_launch_estimate tg_launch_estimate(double pooled_before, double pooled_after,
                                             const double *before, const double *after,
                                             size_t pairs, enum tg_direction direction,
                                             double *scratch)
{
    size_t usable = 0;
    for (size_t i = 0; i < pairs; i++) {
        double change = tg_log_change(before[i], after[i], direction);
        if (!isnan(change))
            scratch[usable++] = change;
    }
    return (struct tg_launch_estimate){
        .pooled = tg_log_change(pooled_before, pooled_after, direction),
        .typical = tg_median(scratch, usable),
    };
}

int64_t tg_operations_needed(double percentile, int64_t exceedances)
{
    assert(percentile > 0 && percentile < 100 && exceedances >= 1);
    double needed = 100 * (double)exceedances / (100 - percentile);
    /* 100 - 99.9 is not exactly 0.1: a count that is whole but for rounding stays whole. */
    return (int64_t)ceil(needed * (1 - 1e-12));
}

double tg_share_beyond(int64_t beyond, int64_t total)
{
    assert(beyond >= 0);
    return total < 1 ? NAN : ((double)beyond + 0.5) / (double)total;
}
