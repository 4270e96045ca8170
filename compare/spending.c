#include "compare/spending.h"

#include <assert.h>
#include <math.h>

#include "compare/normal.h"
#include "compare/signed_rank.h"

const size_t tg_gate_looks[4] = {10, 16, 24, 32};

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

/* The launch with the rank-th smallest magnitude of all n comes now. p[t] is of paths with sum t
 * among all; this makes it of paths one launch on. `stay` is the chance that the launch is not one
 * of the first m, `joined` are paths (or NULL) from which it came as one of them, by chance `join`:
 * with a negative sign their sum among the first m stays, with a positive one it has grown. */
static void step(double *p, size_t sums, size_t rank, double stay, double join,
                 const double *negative, const double *positive)
{
    for (size_t t = sums; t-- > 0;) {
        double alone = p[t] + (t >= rank ? p[t - rank] : 0);
        double joined = negative == NULL ? 0 : negative[t];
        if (positive != NULL && t >= rank)
            joined += positive[t - rank];
        p[t] = 0.5 * (stay * alone + join * joined);
    }
}

void tg_joint_signed_rank(size_t m, size_t order, size_t n, size_t sums, double *joint,
                          struct tg_arena *scratch)
{
    assert(m >= 1 && m < n && order >= 1 && sums >= 1);
    /* paths[(k * order + s) * sums + t]: k of the first m launches seen so far, in ascending order
     * of magnitude, their sum s, the sum among all t. Sums only grow, so larger ones are dropped.
     * Downwards in k and s, a cell is read before it is overwritten. */
    double *paths = tg_arena_array(scratch, (m + 1) * order * sums, sizeof *paths);
    paths[0] = 1;
    for (size_t rank = 1; rank <= n; rank++) {
        double to_come = (double)(n - rank + 1);
        for (size_t k = (rank < m ? rank : m) + 1; k-- > 0;) {
            /* The chance that the next launch is one of the first m when k of them were seen. */
            double stay = 1 - (double)(m - k) / to_come;
            double join = (double)(m - k + 1) / to_come;
            for (size_t s = order; s-- > 0;) {
                double *cell = paths + (k * order + s) * sums;
                const double *fewer = k == 0 ? NULL : cell - order * sums;
                step(cell, sums, rank, stay, join, fewer,
                     k == 0 || s < k ? NULL : fewer - k * sums);
            }
        }
    }
    for (size_t t = 0; t < sums; t++) {
        joint[t] = 0;
        for (size_t s = 0; s < order; s++)
            joint[t] += paths[(m * order + s) * sums + t];
    }
}

/* The look at `launches` after `past` (NULL: the first), when `spendable` may be spent by then. */
static struct tg_look place_look(const struct tg_look *past, size_t launches, double spendable,
                                 struct tg_arena *scratch)
{
    static const struct tg_look none = {0};
    if (past == NULL)
        past = &none;
    struct tg_look look = {.launches = launches, .spent = past->spent};
    /* Above the level that is left, at most the past look's can be shared with it. */
    double allowed = (spendable - past->spent) * (1 + 1e-12);
    size_t highest = tg_signed_rank_order(launches, fmin(0.5, allowed + past->level));
    if (highest == 0)
        return look;
    double *joint = tg_arena_array(scratch, highest, sizeof *joint);
    if (past->order > 0 && launches <= TG_JOINT_LAUNCHES_MAX)
        tg_joint_signed_rank(past->launches, past->order, launches, highest, joint, scratch);
    double shared = 0;
    for (size_t order = 1; order <= highest; order++) {
        double level = tg_signed_rank_level(launches, order);
        shared += joint[order - 1];
        if (level - shared > allowed)
            break;
        look.order = order;
        look.level = level;
        look.spent = past->spent + level - shared;
    }
    return look;
}

struct tg_look_plan tg_look_plan(enum tg_spending spending, double alpha, const size_t *launches,
                                 size_t count, struct tg_arena *scratch)
{
    assert(count >= 1 && count <= TG_LOOKS_MAX);
    struct tg_look_plan plan = {.alpha = alpha, .count = count};
    for (size_t i = 0; i < count; i++) {
        assert(launches[i] >= 1 && (i == 0 || launches[i] > launches[i - 1]));
        double fraction = (double)launches[i] / (double)launches[count - 1];
        plan.looks[i] = place_look(i == 0 ? NULL : &plan.looks[i - 1], launches[i],
                                   tg_spent(spending, alpha, fraction), scratch);
    }
    return plan;
}

struct tg_look tg_last_look(const struct tg_look_plan *plan, size_t done, size_t launches,
                            struct tg_arena *scratch)
{
    assert(done <= plan->count && (done == 0 || launches > plan->looks[done - 1].launches));
    return place_look(done == 0 ? NULL : &plan->looks[done - 1], launches, plan->alpha, scratch);
}
