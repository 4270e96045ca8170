#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runner/workload/alias.h"
#include "runner/workload/dist.h"
#include "tests/unit/chi_square.h"

enum { N = 1000, DRAWS = 200000 };

/* Distance in units of the last place of `exact`. */
static double ulps(double got, long double exact)
{
    const double nearest = (double)exact;
    const double unit = nextafter(fabs(nearest), INFINITY) - fabs(nearest);
    return (double)(fabsl((long double)got - exact) / unit);
}

/* The reference is the C library's long double function (64-bit significand or more). */
static void logarithm_is_within_2_ulp(void **state)
{
    (void)state;
    double worst = 0;
    for (uint64_t i = 0; i < 200000; i++) {
        struct tg_random random;
        tg_random_at(&random, 1, i);
        /* All magnitudes, and the neighbourhood of 1, where the result is small. */
        const double wide = ldexp(1 + tg_random_unit(&random), (int)(i % 2046) - 1022);
        const double near = 1 + ldexp(tg_random_unit(&random) - 0.5, -(int)(i % 40));
        worst = fmax(worst, ulps(tg_det_log(wide), logl(wide)));
        if (near != 1)
            worst = fmax(worst, ulps(tg_det_log(near), logl(near)));
    }
    assert_true(worst < 2);
    assert_true(tg_det_log(1) == 0);
    assert_true(ulps(tg_det_log(0x1p-1074), logl(0x1p-1074L)) < 2);
    assert_true(ulps(tg_det_log(0x1.8p-1030), logl(0x1.8p-1030L)) < 2);
    assert_true(ulps(tg_det_log(0x1.fffffffffffffp1023), logl(0x1.fffffffffffffp1023L)) < 2);
}

static void exponential_is_within_2_ulp(void **state)
{
    (void)state;
    double worst = 0;
    for (uint64_t i = 0; i < 200000; i++) {
        struct tg_random random;
        tg_random_at(&random, 2, i);
        const double wide = tg_random_unit(&random) * 1417 - 708;
        const double near = ldexp(tg_random_unit(&random) - 0.5, -(int)(i % 60));
        worst = fmax(worst, ulps(tg_det_exp(wide), expl(wide)));
        worst = fmax(worst, ulps(tg_det_exp(near), expl(near)));
    }
    assert_true(worst < 2);
    assert_true(tg_det_exp(0) == 1);
    assert_true(isinf(tg_det_exp(710)));
    assert_true(tg_det_exp(-746) == 0);
    assert_true(ulps(tg_det_exp(709.78), expl(709.78)) < 2);
    assert_true(ulps(tg_det_exp(-740), expl(-740)) < 2); /* subnormal */
}

/* scipy.special.ndtri 1.11, confirmed by mpmath's ncdf with 30 digits. */
static void normal_quantiles_are_right(void **state)
{
    (void)state;
    static const double table[][2] = {
        {1e-300, -37.0470962993612},      {1e-20, -9.262340089798409},  {1e-10, -6.361340902404056},
        {1e-5, -4.264890793922825},       {0.001, -3.090232306167813},  {0.07, -1.4757910281791706},
        {0.0750001, -1.4395307645017301}, {0.3, -0.5244005127080409},   {0.9, 1.2815515655446004},
        {0.975, 1.959963984540054},       {0.99999, 4.264890793923841},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_true(fabs(tg_det_normal_quantile(table[i][0]) / table[i][1] - 1) < 4e-15);
    assert_true(tg_det_normal_quantile(0.5) == 0);
}

static void count_draws(const struct tg_dist_spec *spec, uint64_t key, uint64_t counts[N])
{
    struct tg_dist dist;
    tg_dist_init(&dist, spec, 77);
    for (uint64_t i = 0; i < N; i++)
        counts[i] = 0;
    for (uint64_t i = 0; i < DRAWS; i++) {
        struct tg_random random;
        tg_random_at(&random, key, i);
        const uint64_t number = tg_dist_draw(&dist, &random);
        assert_true(number < spec->over);
        counts[number]++;
    }
}

static void uniform_draws_fit(void **state)
{
    (void)state;
    uint64_t counts[N];
    double p[N];
    for (size_t i = 0; i < N; i++)
        p[i] = 1.0 / N;
    count_draws(&(struct tg_dist_spec){.kind = TG_DIST_UNIFORM, .over = N}, 11, counts);
    assert_true(chi_square_fits(counts, p, N));
}

/* Exact probabilities by definition: 1/(k+1)^theta over their sum. */
static void zipf_probabilities(double theta, double p[N])
{
    double sum = 0;
    for (size_t i = 0; i < N; i++)
        sum += p[i] = pow((double)i + 1, -theta);
    for (size_t i = 0; i < N; i++)
        p[i] /= sum;
}

static void zipf_draws_fit_for_every_theta(void **state)
{
    (void)state;
    static const double thetas[] = {0.1, 0.5, 0.99, 1, 1.0000000001, 1.01, 1.5, 3};
    for (size_t t = 0; t < sizeof thetas / sizeof thetas[0]; t++) {
        uint64_t counts[N];
        double p[N];
        zipf_probabilities(thetas[t], p);
        count_draws(&(struct tg_dist_spec){.kind = TG_DIST_ZIPF, .over = N, .theta = thetas[t]},
                    21 + t, counts);
        assert_true(chi_square_fits(counts, p, N));
    }
}

static void scrambled_and_latest_rename_the_zipf_numbers(void **state)
{
    (void)state;
    struct tg_dist_spec spec = {.kind = TG_DIST_ZIPF, .over = N, .theta = 0.99};
    uint64_t plain[N], scrambled[N], latest[N];
    count_draws(&spec, 5, plain);
    spec.scrambled = true;
    count_draws(&spec, 5, scrambled);
    spec.kind = TG_DIST_LATEST;
    count_draws(&spec, 5, latest);
    for (uint64_t i = 0; i < N; i++) {
        assert_int_equal(scrambled[tg_permute(77, N, i)], plain[i]);
        assert_int_equal(latest[N - 1 - i], plain[i]);
    }
}

static void zipf_reaches_over_a_huge_range(void **state)
{
    (void)state;
    /* Sum of 1/k^theta up to m over that up to 2^40, for m = 1, 10^3, 10^6, 10^9; mpmath:
     * zeta(theta) - zeta(theta, m + 1) with 30 digits. */
    static const uint64_t ends[] = {1, 1000, 1000000, 1000000000, UINT64_C(1) << 40};
    static const struct {
        double theta;
        double share[4];
    } exact[] = {
        {0.5, {4.7683749024942e-7, 2.9469037914501e-5, 0.00095297886713871, 0.0301571545146906}},
        {0.99, {0.0307434270072992, 0.237614509078423, 0.473198209174599, 0.725648301461875}},
        {1, {0.0353318151717111, 0.264475272918194, 0.508521160389239, 0.752584675509409}},
        {1.2, {0.179467123630038, 0.778127236427854, 0.946887173046649, 0.98928340613423}},
    };
    for (size_t t = 0; t < sizeof exact / sizeof exact[0]; t++) {
        const struct tg_dist_spec spec = {
            .kind = TG_DIST_ZIPF, .over = ends[4], .theta = exact[t].theta};
        struct tg_dist dist;
        tg_dist_init(&dist, &spec, 0);
        uint64_t counts[5] = {0};
        for (uint64_t i = 0; i < DRAWS; i++) {
            struct tg_random random;
            tg_random_at(&random, 31 + t, i);
            const uint64_t rank = tg_dist_draw(&dist, &random) + 1;
            size_t bin = 0;
            while (rank > ends[bin])
                bin++;
            counts[bin]++;
        }
        double p[5];
        for (size_t i = 0; i < 5; i++)
            p[i] = (i < 4 ? exact[t].share[i] : 1) - (i > 0 ? exact[t].share[i - 1] : 0);
        assert_true(chi_square_fits(counts, p, 5));
    }
}

static void zipf_over_one_number_is_that_number(void **state)
{
    (void)state;
    const struct tg_dist_spec spec = {.kind = TG_DIST_ZIPF, .over = 1, .theta = 0.99};
    struct tg_dist dist;
    tg_dist_init(&dist, &spec, 0);
    for (uint64_t i = 0; i < 1000; i++) {
        struct tg_random random;
        tg_random_at(&random, 1, i);
        assert_int_equal(tg_dist_draw(&dist, &random), 0);
    }
}

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

/* Exact: the normal's mass in [i, i + 1), over its mass in [0, N). */
static void gaussian_draws_fit(void **state)
{
    (void)state;
    static const double cases[][2] = {{0.5, 1.0 / 6}, {0.9, 0.2}, {0, 0.05}};
    for (size_t c = 0; c < 3; c++) {
        const double mean = cases[c][0], sd = cases[c][1];
        const double whole = normal_below((1 - mean) / sd) - normal_below(-mean / sd);
        double p[N];
        for (size_t i = 0; i < N; i++)
            p[i] = (normal_below(((double)(i + 1) / N - mean) / sd) -
                    normal_below(((double)i / N - mean) / sd)) /
                   whole;
        uint64_t counts[N];
        count_draws(
            &(struct tg_dist_spec){.kind = TG_DIST_GAUSSIAN, .over = N, .mean = mean, .sd = sd},
            41 + c, counts);
        assert_true(chi_square_fits(counts, p, N));
    }
}

static void gaussian_far_outside_gives_the_nearest_number(void **state)
{
    (void)state;
    struct tg_random random;
    struct tg_dist dist;
    tg_dist_init(
        &dist, &(struct tg_dist_spec){.kind = TG_DIST_GAUSSIAN, .over = 10, .mean = 1, .sd = 0}, 0);
    tg_random_at(&random, 1, 0);
    assert_int_equal(tg_dist_draw(&dist, &random), 9);
    tg_dist_init(
        &dist, &(struct tg_dist_spec){.kind = TG_DIST_GAUSSIAN, .over = 10, .mean = -9, .sd = 0.01},
        0);
    assert_int_equal(tg_dist_draw(&dist, &random), 0);
}

static void hotset_draws_fit(void **state)
{
    (void)state;
    double p[N];
    for (size_t i = 0; i < N; i++)
        p[i] = i < 200 ? 0.8 / 200 : 0.2 / 800;
    struct tg_dist_spec spec = {.kind = TG_DIST_HOTSET, .over = N, .hot = 0.2, .hot_share = 0.8};
    uint64_t plain[N], scrambled[N];
    count_draws(&spec, 51, plain);
    assert_true(chi_square_fits(plain, p, N));
    spec.scrambled = true;
    count_draws(&spec, 51, scrambled);
    for (uint64_t i = 0; i < N; i++)
        assert_int_equal(scrambled[tg_permute(77, N, i)], plain[i]);
    /* Nothing cold, and less than one number hot. */
    count_draws(&(struct tg_dist_spec){.kind = TG_DIST_HOTSET, .over = N, .hot = 1}, 52, plain);
    assert_true(plain[N - 1] > 0);
    count_draws(&(struct tg_dist_spec){.kind = TG_DIST_HOTSET, .over = N, .hot = 0, .hot_share = 1},
                53, plain);
    assert_int_equal(plain[0], DRAWS);
}

static void counters_follow_the_index(void **state)
{
    (void)state;
    struct tg_dist dist;
    struct tg_random random;
    tg_dist_init(&dist, &(struct tg_dist_spec){.kind = TG_DIST_SEQUENTIAL, .over = 7}, 0);
    tg_random_at(&random, 1, 16);
    assert_int_equal(tg_dist_draw(&dist, &random), 2);
    tg_dist_init(&dist, &(struct tg_dist_spec){.kind = TG_DIST_NEXT, .over = 7, .first = 1000}, 0);
    assert_int_equal(tg_dist_draw(&dist, &random), 1016);
}

/* Neighbouring indices must not know of each other: all 25 pairs alike. */
static void neighbours_are_independent(void **state)
{
    (void)state;
    struct tg_dist dist;
    tg_dist_init(&dist, &(struct tg_dist_spec){.kind = TG_DIST_UNIFORM, .over = 5}, 0);
    uint64_t counts[25] = {0};
    double p[25];
    for (uint64_t i = 0; i < DRAWS; i += 2) {
        struct tg_random a, b;
        tg_random_at(&a, 61, i);
        tg_random_at(&b, 61, i + 1);
        counts[5 * tg_dist_draw(&dist, &a) + tg_dist_draw(&dist, &b)]++;
    }
    for (size_t i = 0; i < 25; i++)
        p[i] = 1.0 / 25;
    assert_true(chi_square_fits(counts, p, 25));
}

static void permutation_is_one(void **state)
{
    (void)state;
    static const uint64_t more[] = {511, 512, 513, 1000, 4096, 4097, 65537, 100000};
    for (size_t i = 0; i < 256 + 8; i++) {
        const uint64_t n = i < 256 ? i + 1 : more[i - 256];
        uint8_t *met = calloc(n, 1);
        uint64_t moved = 0;
        for (uint64_t at = 0; at < n; at++) {
            const uint64_t to = tg_permute(99, n, at);
            assert_true(to < n);
            assert_int_equal(met[to], 0);
            met[to] = 1;
            moved += to != at;
        }
        free(met);
        if (n >= 100)
            assert_true(moved > n * 9 / 10);
    }
    assert_true(tg_permute(1, UINT64_C(1) << 63, (UINT64_C(1) << 63) - 1) < UINT64_C(1) << 63);
    uint64_t same = 0;
    for (uint64_t at = 0; at < 1000; at++)
        same += tg_permute(1, 1000, at) == tg_permute(2, 1000, at);
    assert_true(same < 15); /* two random permutations agree in one place on average */
}

/* Where the first hundred of 10,000 go is spread evenly over tenths, for many keys. */
static void permutation_spreads_neighbours(void **state)
{
    (void)state;
    uint64_t counts[10] = {0};
    double tenth[10];
    for (size_t i = 0; i < 10; i++)
        tenth[i] = 0.1;
    for (uint64_t key = 0; key < 1000; key++)
        for (uint64_t at = 0; at < 100; at++)
            counts[tg_permute(key * 1000003, 10000, at) / 1000]++;
    assert_true(chi_square_fits(counts, tenth, 10));
}

static void weighted_choices_fit(void **state)
{
    (void)state;
    static const double weights[] = {40, 0, 10, 0.5, 25, 0, 24.5};
    double p[7];
    uint64_t counts[7] = {0};
    struct tg_arena arena = {0};
    const struct tg_alias alias = tg_alias_make(&arena, weights, 7);
    for (uint64_t i = 0; i < DRAWS; i++)
        counts[tg_alias_choose(&alias, (uint32_t)tg_philox(71, i, 0).word[0])]++;
    for (size_t i = 0; i < 7; i++)
        p[i] = weights[i] / 100;
    assert_int_equal(counts[1] + counts[5], 0);
    assert_true(chi_square_fits(counts, p, 7));
    tg_arena_free(&arena);
}

/* Added up over the slots, each choice has its share. */
static void alias_tables_hold_the_weights(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    for (size_t count = 1; count <= 40; count++) {
        double weights[40];
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += weights[i] = (double)(tg_philox(81, count, i).word[0] % 1000);
        weights[0] += 1;
        sum += 1;
        const struct tg_alias alias = tg_alias_make(&arena, weights, count);
        double share[40] = {0};
        for (size_t i = 0; i < count; i++) {
            const double below = alias.slots[i].below * 0x1p-32;
            share[alias.slots[i].choice[0]] += below / (double)count;
            share[alias.slots[i].choice[1]] += (1 - below) / (double)count;
        }
        for (size_t i = 0; i < count; i++)
            assert_true(fabs(share[i] - weights[i] / sum) < 1e-8);
    }
    tg_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logarithm_is_within_2_ulp),
        cmocka_unit_test(exponential_is_within_2_ulp),
        cmocka_unit_test(normal_quantiles_are_right),
        cmocka_unit_test(uniform_draws_fit),
        cmocka_unit_test(zipf_draws_fit_for_every_theta),
        cmocka_unit_test(scrambled_and_latest_rename_the_zipf_numbers),
        cmocka_unit_test(zipf_reaches_over_a_huge_range),
        cmocka_unit_test(zipf_over_one_number_is_that_number),
        cmocka_unit_test(gaussian_draws_fit),
        cmocka_unit_test(gaussian_far_outside_gives_the_nearest_number),
        cmocka_unit_test(hotset_draws_fit),
        cmocka_unit_test(counters_follow_the_index),
        cmocka_unit_test(neighbours_are_independent),
        cmocka_unit_test(permutation_is_one),
        cmocka_unit_test(permutation_spreads_neighbours),
        cmocka_unit_test(weighted_choices_fit),
        cmocka_unit_test(alias_tables_hold_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
