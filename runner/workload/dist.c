#include "runner/workload/dist.h"

#include <assert.h>

/* ---- zipf: rejection-inversion ----
 *
 * Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM TOMACS 6(3), 1996. The hat over rank k is h(x) = x^-theta on
 * (k - 1/2, k + 1/2]; H is an integral of h, written so that it passes smoothly through theta = 1,
 * where it is the logarithm. */

/* (e^t - 1) / t, 1 at t = 0. Near 0 the two rounding errors cancel in the quotient (Higham,
 * "Accuracy and stability of numerical algorithms", section 1.14.1). */
static double exp_minus_1_over(double t)
{
    const double e = tg_det_exp(t);
    if (e == 1)
        return 1;
    return t > -1 && t < 1 ? (e - 1) / tg_det_log(e) : (e - 1) / t;
}

/* ln(1 + t) / t, 1 at t = 0, by the same argument. t > -1. */
static double log_1_plus_over(double t)
{
    const double u = 1 + t;
    return u == 1 ? 1 : tg_det_log(u) / (u - 1);
}

static double zipf_hat(double theta, double x)
{
    return tg_det_exp(-theta * tg_det_log(x));
}

static double zipf_area(double theta, double x)
{
    const double l = tg_det_log(x);
    return exp_minus_1_over((1 - theta) * l) * l;
}

/* The x with that area, at most `limit`. */
static double zipf_area_inverse(double theta, double area, double limit)
{
    const double t = area * (1 - theta);
    if (1 + t <= 0)
        return limit;
    const double x = tg_det_exp(log_1_plus_over(t) * area);
    return x < limit ? x : limit;
}

static void zipf_init(struct tg_dist *dist)
{
    const double theta = dist->spec.theta;
    dist->zipf_low = zipf_area(theta, 1.5) - 1;
    dist->zipf_high = zipf_area(theta, (double)dist->spec.over + 0.5);
    dist->zipf_sure = 2 - zipf_area_inverse(theta, zipf_area(theta, 2.5) - zipf_hat(theta, 2), 2.5);
}

/* Rank - 1, in 0 .. over - 1. */
static uint64_t zipf_draw(const struct tg_dist *dist, struct tg_random *random)
{
    const double theta = dist->spec.theta;
    const double last = (double)dist->spec.over;
    for (;;) {
        const double area =
            dist->zipf_high + tg_random_unit(random) * (dist->zipf_low - dist->zipf_high);
        const double x = zipf_area_inverse(theta, area, last);
        uint64_t rank = x < 1 ? 1 : (uint64_t)(x + 0.5);
        if (rank > dist->spec.over)
            rank = dist->spec.over;
        const double k = (double)rank;
        if (k - x <= dist->zipf_sure || area >= zipf_area(theta, k + 0.5) - zipf_hat(theta, k))
            return rank - 1;
    }
}

/* ---- the others ---- */

static uint64_t gaussian_draw(const struct tg_dist *dist, struct tg_random *random)
{
    enum { TRIES = 64 };
    const double over = (double)dist->spec.over;
    double x = 0;
    for (int i = 0; i < TRIES; i++) {
        x = dist->spec.mean * over + dist->spec.sd * over * tg_random_normal(random);
        if (x >= 0 && x < over) {
            const uint64_t number = (uint64_t)x;
            return number < dist->spec.over ? number : dist->spec.over - 1;
        }
    }
    /* Practically all of the mass lies outside: the nearest number stands for it. */
    return x < 0 ? 0 : dist->spec.over - 1;
}

static uint64_t hotset_draw(const struct tg_dist *dist, struct tg_random *random)
{
    const uint64_t cold_count = dist->spec.over - dist->hot_count;
    const bool hot = tg_random_unit(random) < dist->spec.hot_share;
    if (hot || cold_count == 0)
        return tg_random_below(random, dist->hot_count);
    return dist->hot_count + tg_random_below(random, cold_count);
}

static uint64_t hot_numbers(const struct tg_dist_spec *spec)
{
    const double wanted = spec->hot * (double)spec->over;
    if (wanted < 1)
        return 1;
    return wanted < (double)spec->over ? (uint64_t)wanted : spec->over;
}

void tg_dist_init(struct tg_dist *dist, const struct tg_dist_spec *spec, uint64_t scramble_key)
{
    assert(spec->over >= 1);
    *dist = (struct tg_dist){.spec = *spec, .scramble_key = scramble_key};
    if (spec->kind == TG_DIST_ZIPF || spec->kind == TG_DIST_LATEST) {
        assert(spec->theta > 0);
        zipf_init(dist);
    }
    if (spec->kind == TG_DIST_HOTSET)
        dist->hot_count = hot_numbers(spec);
}

static uint64_t scrambled(const struct tg_dist *dist, uint64_t number)
{
    return dist->spec.scrambled ? tg_permute(dist->scramble_key, dist->spec.over, number) : number;
}

uint64_t tg_dist_draw(const struct tg_dist *dist, struct tg_random *random)
{
    switch (dist->spec.kind) {
    case TG_DIST_UNIFORM:
        return tg_random_below(random, dist->spec.over);
    case TG_DIST_ZIPF:
        return scrambled(dist, zipf_draw(dist, random));
    case TG_DIST_LATEST:
        return dist->spec.over - 1 - zipf_draw(dist, random);
    case TG_DIST_GAUSSIAN:
        return gaussian_draw(dist, random);
    case TG_DIST_HOTSET:
        return scrambled(dist, hotset_draw(dist, random));
    case TG_DIST_SEQUENTIAL:
        return random->index % dist->spec.over;
    case TG_DIST_NEXT:
        return dist->spec.first + random->index;
    }
    assert(!"a distribution");
    return 0;
}

double tg_random_normal(struct tg_random *random)
{
    /* 52 bits and a half fit a double exactly, so p is never 0 or 1. */
    const double k = (double)(tg_random_u64(random) >> 12);
    return tg_det_normal_quantile((k + 0.5) * 0x1p-52);
}

/* Finaliser of SplitMix64 (Steele, Lea and Flood 2014; constants: Stafford's variant 13). */
static uint64_t mix(uint64_t x)
{
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

uint64_t tg_permute(uint64_t key, uint64_t n, uint64_t at)
{
    enum { ROUNDS = 4 };
    assert(at < n && n <= UINT64_C(1) << 63);
    unsigned bits = 2;
    while (UINT64_C(1) << bits < n)
        bits++;
    const unsigned low_bits = bits / 2;
    const uint64_t low_mask = (UINT64_C(1) << low_bits) - 1;
    const uint64_t high_mask = (UINT64_C(1) << (bits - low_bits)) - 1;
    do {
        uint64_t low = at & low_mask;
        uint64_t high = at >> low_bits;
        for (uint64_t round = 0; round < ROUNDS; round += 2) {
            high ^= mix(key + (round << 60) + low) & high_mask;
            low ^= mix(key + ((round + 1) << 60) + high) & low_mask;
        }
        at = high << low_bits | low;
    } while (at >= n);
    return at;
}
