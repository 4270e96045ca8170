#include "compare/failures.h"

#include <assert.h>
#include <math.h>

#include "compare/proportion.h"

/* Failures of a launch from which on it is a fair coin, to three digits. */
static const int64_t MANY = 1000000;

static unsigned __int128 product(int64_t a, int64_t b)
{
    return (unsigned __int128)a * (unsigned __int128)b;
}

void tg_failures_add(struct tg_failures *sum, const struct tg_failures *launch)
{
    sum->failed_before += launch->failed_before;
    sum->operations_before += launch->operations_before;
    sum->failed_after += launch->failed_after;
    sum->operations_after += launch->operations_after;
}

bool tg_fails_more(const struct tg_failures *failures)
{
    return product(failures->failed_after, failures->operations_before) >
           product(failures->failed_before, failures->operations_after);
}

/* 1: more fails after, -1: fewer, 0: neither. */
static int sign_of(const struct tg_failures *launch)
{
    const struct tg_failures turned = {
        .failed_before = launch->failed_after,
        .operations_before = launch->operations_after,
        .failed_after = launch->failed_before,
        .operations_after = launch->operations_before,
    };
    bool more =
        launch->failed_after > 0 && product(launch->failed_after - 1, launch->operations_before) >=
                                        product(launch->failed_before, launch->operations_after);
    return more ? 1 : tg_fails_more(&turned) ? -1 : 0;
}

/* The least of the launch's failures that have to fall on the side after for its sign to be at
 * least `sign`. */
static int64_t least_after(const struct tg_failures *launch, int sign)
{
    int64_t failed = launch->failed_before + launch->failed_after;
    int64_t low = 0;
    int64_t high = failed;
    while (low < high) {
        struct tg_failures split = *launch;
        split.failed_after = low + (high - low) / 2;
        split.failed_before = failed - split.failed_after;
        if (sign_of(&split) >= sign)
            high = split.failed_after;
        else
            low = split.failed_after + 1;
    }
    return low;
}

static double chance_of(const struct tg_failures *launch)
{
    int64_t failed = launch->failed_before + launch->failed_after;
    if (failed > MANY)
        return 0.5;
    double after = (double)launch->operations_after;
    double share = after / ((double)launch->operations_before + after);
    double more = tg_binomial_tail(least_after(launch, 1), failed, share);
    double fewer = 1 - tg_binomial_tail(least_after(launch, 0), failed, share);
    return fmax(0.5, more / (more + fewer));
}

void tg_failure_signs_add(struct tg_failure_signs *signs, const struct tg_failures *launch)
{
    assert(launch->failed_before >= 0 && launch->failed_before <= launch->operations_before);
    assert(launch->failed_after >= 0 && launch->failed_after <= launch->operations_after);
    if (launch->operations_before == 0 || launch->operations_after == 0)
        return;
    int sign = sign_of(launch);
    if (sign == 0)
        return;
    signs->more += sign > 0;
    signs->fewer += sign < 0;
    signs->chances += chance_of(launch);
}

double tg_failure_signs_p(const struct tg_failure_signs *signs)
{
    size_t launches = signs->more + signs->fewer;
    if (launches == 0)
        return 1;
    return tg_binomial_tail((int64_t)signs->more, (int64_t)launches,
                            signs->chances / (double)launches);
}
