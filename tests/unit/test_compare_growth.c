#include "tests/unit/compare_support.h"

#include "compare/growth.h"
#include "compare/student.h"

struct factor_row {
    size_t degrees;
    double share, factor;
};
struct line_row {
    size_t count;
    double n[6], y[6], confidence, exponent, low, high, log_factor;
};
#include "tests/reference/growth_scipy.inc"

static const double sizes[] = {1e3, 1e4, 1e5, 1e6};
enum { SIZES = sizeof sizes / sizeof *sizes };

static void factors_are_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof factor_rows / sizeof *factor_rows; i++) {
        const struct factor_row *row = &factor_rows[i];
        assert_near(tg_student_factor(row->share, row->degrees), row->factor);
        assert_near(tg_student_within(row->factor, row->degrees), row->share);
    }
}

/* With one degree of freedom it is Cauchy's distribution, 2/pi atan t, and with two it is
 * t / sqrt(2 + t^2). */
static void few_degrees_have_closed_forms(void **state)
{
    (void)state;
    for (double t = 0; t < 50; t += 0.37) {
        assert_near(tg_student_within(t, 1), 2 / M_PI * atan(t));
        assert_near(tg_student_within(t, 2), t / sqrt(2 + t * t));
    }
}

static void lines_are_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof line_rows / sizeof *line_rows; i++) {
        const struct line_row *row = &line_rows[i];
        struct tg_growth growth = tg_growth_fit(row->n, row->y, row->count, row->confidence);
        assert_int_equal(growth.sizes, row->count);
        assert_near(growth.exponent, row->exponent);
        assert_near(growth.low, row->low);
        assert_near(growth.high, row->high);
        assert_near(growth.log_factor, row->log_factor);
        assert_near(growth.confidence, row->confidence);
    }
}

/* y = 3 n^0.5: 3 * sqrt(1e8) = 30,000. */
static void a_line_without_noise_is_found(void **state)
{
    (void)state;
    double y[SIZES];
    for (size_t i = 0; i < SIZES; i++)
        y[i] = 3 * sqrt(sizes[i]);
    struct tg_growth growth = tg_growth_fit(sizes, y, SIZES, 0.95);
    assert_near(growth.exponent, 0.5);
    assert_true(growth.low <= growth.exponent && growth.exponent <= growth.high);
    assert_true(growth.high - growth.low < 1e-6);
    assert_near(growth.log_factor, log(3));
    assert_near(tg_growth_reaches(&growth, 30000), 1e8);
}

static void what_has_no_logarithm_is_left_out(void **state)
{
    (void)state;
    const double n[] = {1e3, 1e4, 0, 1e5, 1e6, 1e7, -5};
    const double y[] = {10, NAN, 7, 1000, 0, INFINITY, 3};
    struct tg_growth growth = tg_growth_fit(n, y, 7, 0.95);
    assert_int_equal(growth.sizes, 2);
    assert_near(growth.exponent, 1); /* 10 to 1,000 over 1,000 to 100,000 */
    assert_true(growth.low == -INFINITY && growth.high == INFINITY);
}

static void too_few_sizes_make_no_line(void **state)
{
    (void)state;
    const double y[] = {10, 20};
    const double same[] = {500, 500};
    struct tg_growth none = tg_growth_fit(sizes, y, 0, 0.95);
    struct tg_growth one = tg_growth_fit(sizes, y, 1, 0.95);
    struct tg_growth twice = tg_growth_fit(same, y, 2, 0.95);
    assert_int_equal(none.sizes, 0);
    assert_int_equal(one.sizes, 1);
    assert_true(isnan(none.exponent) && isnan(one.exponent) && isnan(twice.exponent));
    assert_true(isnan(tg_growth_reaches(&one, 5)));
    assert_true(isnan(tg_growth_reaches(&twice, 5)));
}

static void what_does_not_grow_reaches_nothing(void **state)
{
    (void)state;
    const double flat[] = {5, 5, 5, 5};
    const double falling[] = {8, 6, 5, 3};
    struct tg_growth growth = tg_growth_fit(sizes, flat, SIZES, 0.95);
    assert_near(growth.exponent, 0);
    assert_true(isinf(tg_growth_reaches(&growth, 6)));
    growth = tg_growth_fit(sizes, falling, SIZES, 0.95);
    assert_true(growth.exponent < 0);
    assert_true(isinf(tg_growth_reaches(&growth, 6)));
}

static double next_normal(uint64_t *state) /* Box and Muller 1958 */
{
    double radius = sqrt(-2 * log(1 - next_unit(state)));
    return radius * cos(2 * M_PI * next_unit(state));
}

/* The true exponent lies in the interval as often as its confidence says. Within four standard
 * errors of a share of 4,000 lines; with the normal's 1.96 in place of Student's factor, a
 * mistake that is easily made, it would be 81 % rather than 95 %. */
static void the_interval_covers_the_exponent(void **unused)
{
    (void)unused;
    enum { LINES = 4000 };
    const double exponents[] = {0, 0.12, 1};
    const double confidences[] = {0.8, 0.95, 0.99};
    uint64_t state = 20251121;
    for (size_t c = 0; c < 3; c++) {
        size_t covered = 0;
        for (size_t line = 0; line < LINES; line++) {
            double y[SIZES];
            for (size_t i = 0; i < SIZES; i++)
                y[i] = 4e3 * pow(sizes[i], exponents[c]) * exp(0.1 * next_normal(&state));
            struct tg_growth growth = tg_growth_fit(sizes, y, SIZES, confidences[c]);
            covered += growth.low <= exponents[c] && exponents[c] <= growth.high;
        }
        double share = (double)covered / LINES;
        double error = sqrt(confidences[c] * (1 - confidences[c]) / LINES);
        if (fabs(share - confidences[c]) > 4 * error)
            fail_msg("%.4g of the intervals cover, not %.4g", share, confidences[c]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_are_scipys),
        cmocka_unit_test(few_degrees_have_closed_forms),
        cmocka_unit_test(lines_are_scipys),
        cmocka_unit_test(a_line_without_noise_is_found),
        cmocka_unit_test(what_has_no_logarithm_is_left_out),
        cmocka_unit_test(too_few_sizes_make_no_line),
        cmocka_unit_test(what_does_not_grow_reaches_nothing),
        cmocka_unit_test(the_interval_covers_the_exponent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
