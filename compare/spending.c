#include "compare/spending.h"

#include <assert.h>
#include <math.h>

#include "compare/normal.h"
#include "compare/signed_rank.h"

const size_t tg_gate_looks[4] = {10, 16, 24, 32};

/* A path that has not crossed is followed on a grid of its standardised value, from so far below
 * that nothing is lost up to the boundary. Simpson's rule needs an odd number of points. */
enum { GRID = 401 };
static const double farthest_z = 8;

struct density { /* of paths that have crossed at no look so far, at the last of these looks */
    double launches;
    double at[GRID];     /* sum (Brownian motion at time `launches`) */
    double weight[GRID]; /* density there times Simpson's weight */
};

static double normal_density(double z)
{
    return exp(-0.5 * z * z) / sqrt(2 * M_PI);
}

static double boundary(double level)
{
    return fmin(farthest_z, -tg_normal_quantile(level));
}

static double density_at(const struct density *earlier, double launches, double sum)
{
    if (earlier == NULL)
        return normal_density(sum / sqrt(launches)) / sqrt(launches);
    double sd = sqrt(launches - earlier->launches);
    double density = 0;
    for (size_t i = 0; i < GRID; i++)
        density += earlier->weight[i] * normal_density((sum - earlier->at[i]) / sd);
    return density / sd;
}

static void extend(const struct density *earlier, const struct tg_look *look, struct density *next)
{
    double root = sqrt((double)look->launches);
    double step = (boundary(look->level) + farthest_z) * root / (GRID - 1);
    next->launches = (double)look->launches;
    for (size_t i = 0; i < GRID; i++) {
        double simpson = (i == 0 || i == GRID - 1 ? 1 : i % 2 == 1 ? 4 : 2) * step / 3;
        next->at[i] = -farthest_z * root + (double)i * step;
        next->weight[i] = simpson * density_at(earlier, next->launches, next->at[i]);
    }
}

static double crossing(const struct density *earlier, double launches, double level)
{
    double limit = -tg_normal_quantile(level) * sqrt(launches);
    if (earlier == NULL)
        return level;
    double sd = sqrt(launches - earlier->launches);
    double probability = 0;
    for (size_t i = 0; i < GRID; i++)
        probability += earlier->weight[i] * tg_normal_cdf((earlier->at[i] - limit) / sd);
    return probability;
}

/* The paths left after `count` looks, in one of `room`; NULL for none. */
static const struct density *follow(const struct tg_look *looks, size_t count,
                                    struct density room[2])
{
    const struct density *earlier = NULL;
    for (size_t i = 0; i < count; i++) {
        extend(earlier, &looks[i], &room[i % 2]);
        earlier = &room[i % 2];
    }
    return earlier;
}

double tg_look_cost(const struct tg_look *past, size_t past_count, size_t launches, double level)
{
    struct density room[2];
    return crossing(follow(past, past_count, room), (double)launches, level);
}

double tg_spent(enum tg_spending spending, double alpha, double fraction)
{
    assert(alpha > 0 && alpha < 0.5 && fraction >= 0 && fraction <= 1);
    if (fraction == 0)
        return 0;
    switch (spending) {
    case TG_SPEND_EARLY:
        return alpha * log1p((M_E - 1) * fraction);
    case TG_SPEND_EVENLY:
        return alpha * fraction;
    case TG_SPEND_LATE:
        return 2 * tg_normal_cdf(tg_normal_quantile(alpha / 2) / sqrt(fraction));
    }
    assert(!"a spending function");
    return 0;
}

/* The look at `launches` after `past`, when `spendable` may be spent in all by then. */
static struct tg_look place_look(const struct tg_look *past, size_t past_count, size_t launches,
                                 double spendable)
{
    struct density room[2];
    const struct density *earlier = follow(past, past_count, room);
    double spent = past_count == 0 ? 0 : past[past_count - 1].spent;
    /* The largest order that fits. Its cost grows with it, and none is as high as n^2 / 4. */
    size_t low = 0;
    size_t high = tg_walsh_count(launches) / 2;
    while (low < high) {
        size_t order = low + (high - low + 1) / 2;
        double level = tg_signed_rank_level(launches, order);
        if (spent + crossing(earlier, (double)launches, level) <= spendable * (1 + 1e-12))
            low = order;
        else
            high = order - 1;
    }
    struct tg_look look = {.launches = launches, .order = low, .spent = spent};
    if (low > 0) {
        look.level = tg_signed_rank_level(launches, low);
        look.spent += crossing(earlier, (double)launches, look.level);
    }
    return look;
}

struct tg_look_plan tg_look_plan(enum tg_spending spending, double alpha, const size_t *launches,
                                 size_t count)
{
    assert(count >= 1 && count <= TG_LOOKS_MAX);
    struct tg_look_plan plan = {.alpha = alpha, .count = count};
    for (size_t i = 0; i < count; i++) {
        assert(launches[i] >= 1 && (i == 0 || launches[i] > launches[i - 1]));
        double fraction = (double)launches[i] / (double)launches[count - 1];
        plan.looks[i] = place_look(plan.looks, i, launches[i], tg_spent(spending, alpha, fraction));
    }
    return plan;
}

struct tg_look tg_last_look(const struct tg_look_plan *plan, size_t done, size_t launches)
{
    assert(done <= plan->count && (done == 0 || launches > plan->looks[done - 1].launches));
    return place_look(plan->looks, done, launches, plan->alpha);
}
