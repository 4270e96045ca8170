#include "tests/unit/compare_support.h"

#include "compare/signed_rank.h"

enum { N_MAX = 80 };

static void the_distribution_is_rs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof signed_rank_rows / sizeof *signed_rank_rows; i++)
        assert_near(tg_signed_rank_cdf(signed_rank_rows[i].n, signed_rank_rows[i].t),
                    signed_rank_rows[i].p);
    assert_near(tg_signed_rank_cdf(10, -1), 0);
    assert_near(tg_signed_rank_cdf(10, 2.9), 3.0 / 1024); /* T = 0, 1, 2: one pattern each */
}

static void p_values_and_bounds_are_rs(void **state)
{
    (void)state;
    double scratch[N_MAX * (N_MAX + 1) / 2];
    for (size_t i = 0; i < sizeof one_samples / sizeof *one_samples; i++) {
        const struct one_sample *row = &one_samples[i];
        for (int a = 0; a < 3; a++)
            assert_near(
                tg_signed_rank_p(row->x, row->n, row->theta, (enum tg_alternative)a, scratch),
                row->p[a]);
        if (isnan(row->estimate))
            continue;
        double level = 0.5 * (1 - row->confidence);
        struct tg_interval interval = tg_signed_rank_interval(row->x, row->n, level, scratch);
        assert_near(interval.estimate, row->estimate);
        assert_true(interval.level <= level);
        if (ldexp(1, -(int)row->n) > level) { /* R gives the widest it can; we say there is none */
            assert_near(interval.lower, -INFINITY);
            assert_near(interval.upper, INFINITY);
        } else {
            assert_near(interval.lower, row->lower);
            assert_near(interval.upper, row->upper);
        }
    }
}

static void ties_beyond_the_exact_range_are_rs(void **state)
{
    (void)state;
    double scratch[N_MAX];
    for (size_t i = 0; i < sizeof tied_samples / sizeof *tied_samples; i++)
        for (int a = 0; a < 3; a++)
            assert_near(tg_signed_rank_p(tied_samples[i].x, tied_samples[i].n, 0,
                                         (enum tg_alternative)a, scratch),
                        tied_samples[i].p[a]);
}

static void ties_and_zeros_are_scipys(void **state)
{
    (void)state;
    double scratch[12];
    for (size_t i = 0; i < sizeof tied_rows / sizeof *tied_rows; i++)
        for (int a = 0; a < 3; a++)
            assert_near(tg_signed_rank_p(tied_rows[i].x, tied_rows[i].n, 0, (enum tg_alternative)a,
                                         scratch),
                        tied_rows[i].p[a]);
    const double zeros[3] = {0, 0, 0};
    assert_near(tg_signed_rank_p(zeros, 3, 0, TG_ALTERNATIVE_GREATER, scratch), 1);
    assert_near(tg_signed_rank_p(NULL, 0, 0, TG_ALTERNATIVE_DIFFERENT, scratch), 1);
}

/* Mean rank of |x[i]|, times 2. */
static size_t doubled_rank(const double *x, size_t n, size_t i)
{
    size_t smaller = 0;
    size_t same = 0;
    for (size_t j = 0; j < n; j++) {
        smaller += fabs(x[j]) < fabs(x[i]);
        same += fabs(x[j]) == fabs(x[i]);
    }
    return 2 * smaller + same + 1;
}

/* The second method: all 2^n ways to sign the magnitudes, counted. */
static void p_values_are_what_counting_gives(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (size_t n = 1; n <= 11; n++) {
        for (int repeat = 0; repeat < 20; repeat++) {
            double x[11];
            double scratch[11];
            size_t observed = 0;
            for (size_t i = 0; i < n; i++) /* coarse, so that there are ties and zeros */
                x[i] = floor(12 * next_unit(&seed)) - 5;
            for (size_t i = 0; i < n; i++)
                observed += x[i] > 0 ? doubled_rank(x, n, i) : 0;
            size_t at_least = 0;
            size_t at_most = 0;
            for (size_t signs = 0; signs < (size_t)1 << n; signs++) {
                size_t sum = 0;
                for (size_t i = 0; i < n; i++)
                    sum += signs >> i & 1 && x[i] != 0 ? doubled_rank(x, n, i) : 0;
                at_least += sum >= observed;
                at_most += sum <= observed;
            }
            assert_near(tg_signed_rank_p(x, n, 0, TG_ALTERNATIVE_GREATER, scratch),
                        ldexp((double)at_least, -(int)n));
            assert_near(tg_signed_rank_p(x, n, 0, TG_ALTERNATIVE_LESS, scratch),
                        ldexp((double)at_most, -(int)n));
        }
    }
}

static void orders_are_the_largest_that_fit(void **state)
{
    (void)state;
    assert_int_equal(tg_signed_rank_order(10, 1.0 / 1024), 1);
    assert_int_equal(tg_signed_rank_order(10, 0.99 / 1024), 0);
    assert_int_equal(tg_signed_rank_order(9, 1.0 / 1024), 0);
    /* Of 1024 sign patterns 1, 2, 3, 5, 7, 10, 14, 19, 25 have a sum of at most 0 .. 8. */
    assert_int_equal(tg_signed_rank_order(10, 19.0 / 1024), 8);
    assert_int_equal(tg_signed_rank_order(10, 24.9 / 1024), 8);
    assert_near(tg_signed_rank_level(10, 8), 19.0 / 1024);
    for (size_t n = 1; n <= 90; n += n < 8 ? 1 : 9) {
        for (int step = 0; step <= 13; step++) {
            double level = 0.0005 * pow(1.66, step); /* to 0.36 */
            size_t order = tg_signed_rank_order(n, level);
            assert_true(tg_signed_rank_level(n, order) <= level * (1 + 1e-9));
            assert_true(tg_signed_rank_level(n, order + 1) > level);
        }
    }
}

/* A bound at its own value is where the test stops rejecting: both are the same statement. */
static void bounds_are_the_test_turned_round(void **state)
{
    (void)state;
    uint64_t seed = 11;
    double walsh[24 * 25 / 2];
    for (size_t n = 10; n <= 24; n += 7) {
        for (int repeat = 0; repeat < 50; repeat++) {
            double x[24];
            for (size_t i = 0; i < n; i++)
                x[i] = next_unit(&seed) - 0.4;
            struct tg_interval interval = tg_signed_rank_interval(x, n, 0.02, walsh);
            double inside = interval.lower + 1e-9;
            double outside = interval.lower - 1e-9;
            assert_true(tg_signed_rank_p(x, n, outside, TG_ALTERNATIVE_GREATER, walsh) <= 0.02);
            assert_true(tg_signed_rank_p(x, n, inside, TG_ALTERNATIVE_GREATER, walsh) > 0.02);
            assert_true(tg_signed_rank_p(x, n, interval.upper + 1e-9, TG_ALTERNATIVE_LESS, walsh) <=
                        0.02);
        }
    }
}

static void intervals_move_with_the_values(void **state)
{
    (void)state;
    uint64_t seed = 5;
    double walsh[16 * 17 / 2];
    double x[16], moved[16], turned[16];
    for (size_t i = 0; i < 16; i++) {
        x[i] = next_unit(&seed);
        moved[i] = 3 * x[i] + 1;
        turned[i] = -x[i];
    }
    struct tg_interval base = tg_signed_rank_interval(x, 16, 0.02, walsh);
    struct tg_interval shifted = tg_signed_rank_interval(moved, 16, 0.02, walsh);
    struct tg_interval mirror = tg_signed_rank_interval(turned, 16, 0.02, walsh);
    assert_near(shifted.estimate, 3 * base.estimate + 1);
    assert_near(shifted.lower, 3 * base.lower + 1);
    assert_near(mirror.estimate, -base.estimate);
    assert_near(mirror.lower, -base.upper);
    assert_near(mirror.upper, -base.lower);
    x[3] = 1e9; /* one launch gone wild moves no bound further than the next Walsh average */
    struct tg_interval wild = tg_signed_rank_interval(x, 16, 0.02, walsh);
    assert_true(wild.upper < 1.01 && fabs(wild.estimate - base.estimate) < 0.2);
    assert_near(tg_signed_rank_interval(NULL, 0, 0.02, walsh).estimate, NAN);
}

static void the_sign_test_is_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sign_rows / sizeof *sign_rows; i++)
        assert_near(tg_sign_test_p(sign_rows[i].more, sign_rows[i].fewer), sign_rows[i].p);
    assert_near(tg_sign_test_p(0, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distribution_is_rs),
        cmocka_unit_test(p_values_and_bounds_are_rs),
        cmocka_unit_test(ties_beyond_the_exact_range_are_rs),
        cmocka_unit_test(ties_and_zeros_are_scipys),
        cmocka_unit_test(p_values_are_what_counting_gives),
        cmocka_unit_test(orders_are_the_largest_that_fit),
        cmocka_unit_test(bounds_are_the_test_turned_round),
        cmocka_unit_test(intervals_move_with_the_values),
        cmocka_unit_test(the_sign_test_is_scipys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
