#include "tests/unit/compare_support.h"

#include "compare/failures.h"
#include "compare/proportion.h"
#include "compare/signed_rank.h"

/* scipy.stats.binom.sf(least - 1, trials, share), SciPy 1.17.1. */
static void binomial_tails_are_scipys(void **state)
{
    (void)state;
    static const struct {
        int64_t least, trials;
        double share, p;
    } rows[] = {
        {1, 1, 0.25, 0.25},
        {3, 10, 0.5, 0.9453125},
        {7, 10, 0.5, 0.171875},
        {10, 10, 2.0 / 3, 0.017341529915832606},
        {30, 300, 0.125, 0.92228623189824366},
        {60, 300, 0.125, 0.00015807658912769365},
        {9, 1000, 0.001, 1.093609520480021e-06},
        {1000, 1000, 0.99, 4.3171247410657815e-05},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_near(tg_binomial_tail(rows[i].least, rows[i].trials, rows[i].share), rows[i].p);
    /* The logarithms of such factorials have nine digits left. */
    assert_true(fabs(tg_binomial_tail(500900, 1000000, 0.5) - 0.036009313838238806) < 1e-9);
    assert_true(fabs(tg_binomial_tail(499000, 1000000, 0.5) - 0.97730383204532667) < 1e-9);
    assert_near(tg_binomial_tail(0, 0, 0.5), 1);
    assert_near(tg_binomial_tail(1, 0, 0.5), 0);
    assert_near(tg_binomial_tail(5, 5, 1), 1);
    assert_near(tg_binomial_tail(1, 5, 0), 0);
}

static void shares_are_compared_to_the_last_operation(void **state)
{
    (void)state;
    const int64_t huge = INT64_C(1) << 61;
    static const struct tg_failures alike = {12, 1000, 18, 1500};
    assert_false(tg_fails_more(&alike));
    assert_true(tg_fails_more(&(struct tg_failures){12, 1000, 19, 1500}));
    assert_true(tg_fails_more(&(struct tg_failures){12, 1000, 11, 900}));
    assert_false(tg_fails_more(&(struct tg_failures){12, 1000, 17, 1500}));
    /* As doubles they are all 1. */
    assert_true(tg_fails_more(&(struct tg_failures){huge - 2, huge, huge - 1, huge}));
    assert_false(tg_fails_more(&(struct tg_failures){huge - 1, huge, huge - 2, huge - 1}));
}

static void nothing_tried_says_nothing(void **state)
{
    (void)state;
    static const struct tg_failures none[] = {{0, 0, 5, 10}, {5, 10, 0, 0}, {0, 0, 0, 0}};
    struct tg_failure_signs signs = {0};
    for (size_t i = 0; i < 3; i++) {
        assert_false(tg_fails_more(&none[i]));
        tg_failure_signs_add(&signs, &none[i]);
    }
    assert_int_equal(signs.more + signs.fewer, 0);
    assert_near(tg_failure_signs_p(&signs), 1);
}

struct launch_row {
    struct tg_failures launch;
    int sign;
    double chance;
};

/* The chances by enumeration of the binomial in exact fractions (Python); those of one and two
 * failures by hand as well. */
static void a_launch_is_a_coin(void **state)
{
    (void)state;
    static const struct launch_row rows[] = {
        {{0, 1000, 1, 1000}, 1, 0.5},
        {{1, 1000, 1, 1000}, 0, 0},
        {{0, 1000, 0, 2000}, 0, 0},
        {{0, 1000, 1, 2000}, 1, 2.0 / 3}, /* it has two thirds of the operations */
        {{1, 1000, 0, 10000}, -1, 10.0 / 11},
        {{1, 2000, 0, 1000}, -1, 0.5}, /* 1/3, but never below 1/2 */
        {{0, 1000, 2, 999}, 1, 0.5},
        {{1, 1000, 1, 999}, 0, 0}, /* a larger share, but not by one operation */
        {{1, 999, 1, 1000}, -1, 0.5},
        {{10, 1000, 12, 1200}, 0, 0},
        {{10, 1000, 9, 500}, 1, 0.5},
        {{0, 1000, 4, 2000}, 1, 16.0 / 27},
        {{1, 1000, 32, 10000}, 1, 0.53913651565083798},
        {{1000000, 2000000, 500001, 2000000}, -1, 0.5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct tg_failure_signs signs = {0};
        tg_failure_signs_add(&signs, &rows[i].launch);
        assert_int_equal(signs.more, rows[i].sign > 0);
        assert_int_equal(signs.fewer, rows[i].sign < 0);
        assert_near(signs.chances, rows[i].chance);
    }
}

static void launches_alike_are_the_sign_test(void **state)
{
    (void)state;
    struct tg_failure_signs signs = {0};
    for (int64_t i = 0; i < 12; i++)
        tg_failure_signs_add(&signs, &(struct tg_failures){5, 1000, i < 3 ? 4 : 6 + i, 1000});
    assert_near(tg_failure_signs_p(&signs), tg_sign_test_p(9, 3));
}

/* The only failure of each launch is on the side with ten times the operations: (10/11)^12. With
 * thirty of them it would have to be always that side. */
static void rare_failures_prove_little_on_a_faster_side(void **state)
{
    (void)state;
    struct tg_failure_signs rare = {0};
    struct tg_failure_signs many = {0};
    for (size_t i = 0; i < 12; i++) {
        tg_failure_signs_add(&rare, &(struct tg_failures){0, 1000, 1, 10000});
        tg_failure_signs_add(&many, &(struct tg_failures){0, 1000, 30, 10000});
    }
    assert_near(tg_failure_signs_p(&rare), pow(10.0 / 11, 12));
    assert_near(tg_failure_signs_p(&many), pow(0.5, 12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(binomial_tails_are_scipys),
        cmocka_unit_test(shares_are_compared_to_the_last_operation),
        cmocka_unit_test(nothing_tried_says_nothing),
        cmocka_unit_test(a_launch_is_a_coin),
        cmocka_unit_test(launches_alike_are_the_sign_test),
        cmocka_unit_test(rare_failures_prove_little_on_a_faster_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
