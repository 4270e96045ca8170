#include "tests/unit/compare_support.h"

#include "compare/proportion.h"

struct proportion_row {
    size_t happened, trials;
    double level, lower, upper;
};
#include "tests/reference/proportion_r.inc"

static void bounds_are_rs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof proportion_rows / sizeof *proportion_rows; i++) {
        const struct proportion_row *row = &proportion_rows[i];
        struct tg_interval interval = tg_proportion(row->happened, row->trials, row->level);
        assert_near(interval.lower, row->lower);
        assert_near(interval.upper, row->upper);
        assert_near(interval.estimate, (double)row->happened / (double)row->trials);
        assert_int_equal(interval.count, row->trials);
    }
}

/* (1 - p)^n = level, by hand. */
static void what_never_happened_may_still_happen(void **state)
{
    (void)state;
    struct tg_interval interval = tg_proportion(0, 100, 0.05);
    assert_near(interval.lower, 0);
    assert_near(interval.upper, 1 - pow(0.05, 0.01));
    interval = tg_proportion(100, 100, 0.05);
    assert_near(interval.lower, pow(0.05, 0.01));
    assert_near(interval.upper, 1);
}

static void no_trial_says_nothing(void **state)
{
    (void)state;
    struct tg_interval interval = tg_proportion(0, 0, 0.025);
    assert_true(isnan(interval.estimate));
    assert_near(interval.lower, 0);
    assert_near(interval.upper, 1);
}

/* Against the definition: with the bound as the true share, what was seen, or more of it, has the
 * probability `level`. Summed term by term, without logarithms. */
static void bounds_have_their_level(void **state)
{
    (void)state;
    enum { N = 30 };
    for (size_t k = 0; k < N; k++) {
        double upper = tg_proportion(k, N, 0.025).upper;
        double sum = 0;
        double term = pow(1 - upper, N);
        for (size_t i = 0; i <= k; i++) {
            sum += term;
            term *= (double)(N - i) / (double)(i + 1) * upper / (1 - upper);
        }
        assert_near(sum, 0.025);
        assert_near(tg_proportion(N - k, N, 0.025).lower, 1 - upper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_rs),
        cmocka_unit_test(what_never_happened_may_still_happen),
        cmocka_unit_test(no_trial_says_nothing),
        cmocka_unit_test(bounds_have_their_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
