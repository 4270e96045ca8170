#include "tests/unit/compare_support.h"

#include "compare/median.h"

enum { MOST = 50 };

struct median_sign_row {
    size_t few, n;
    double p;
};

struct median_row {
    size_t n;
    double x[MOST];
    double level, median, lower, upper; /* NaN: no bound */
};
#include "tests/reference/median_scipy.inc"

static void p_values_are_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof median_sign_rows / sizeof *median_sign_rows; i++)
        assert_near(tg_sign_p(median_sign_rows[i].few, median_sign_rows[i].n),
                    median_sign_rows[i].p);
    assert_near(tg_sign_p(0, 0), 1);
}

static void bounds_are_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof median_rows / sizeof *median_rows; i++) {
        struct median_row row = median_rows[i];
        struct tg_interval interval = tg_median_interval(row.x, row.n, row.level);
        assert_int_equal(interval.count, row.n);
        assert_near(interval.estimate, row.median);
        assert_true(isnan(row.lower) ? interval.lower == -INFINITY : interval.lower == row.lower);
        assert_true(isnan(row.upper) ? interval.upper == INFINITY : interval.upper == row.upper);
    }
}

/* By hand: 2^-8 = 0.39 % and 9 / 2^8 = 3.5 % are the two lowest levels of eight values. */
static void eight_values_have_bounds_at_half_a_percent(void **state)
{
    (void)state;
    double x[] = {5, 2, 8, 1, 7, 4, 6, 3};
    struct tg_interval interval = tg_median_interval(x, 8, 0.005);
    assert_near(interval.level, 1.0 / 256);
    assert_near(interval.lower, 1);
    assert_near(interval.upper, 8);
    interval = tg_median_interval(x, 8, 0.036);
    assert_near(interval.level, 9.0 / 256);
    assert_near(interval.lower, 2);
    assert_near(interval.upper, 7);
    interval = tg_median_interval(x, 7, 0.005);
    assert_true(isinf(interval.lower) && isinf(interval.upper));
    assert_near(interval.level, 0);
    interval = tg_median_interval(x, 0, 0.005);
    assert_true(isnan(interval.estimate) && isinf(interval.lower) && isinf(interval.upper));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_values_are_scipys),
        cmocka_unit_test(bounds_are_scipys),
        cmocka_unit_test(eight_values_have_bounds_at_half_a_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
