#include "tests/unit/compare_support.h"

#include "compare/estimate.h"
#include "compare/holm.h"
#include "compare/normal.h"
#include "compare/verdict.h"

static void worse_is_positive_for_latencies_and_rates(void **state)
{
    (void)state;
    assert_near(tg_log_change(200, 210, TG_LOWER_IS_BETTER), log(1.05));
    assert_near(tg_log_change(210, 200, TG_LOWER_IS_BETTER), -log(1.05));
    assert_near(tg_log_change(1050, 1000, TG_HIGHER_IS_BETTER), log(1.05));
    assert_near(tg_change_of_log(log(1.05)), 0.05);
    assert_near(tg_shown_change(log(1.25), TG_LOWER_IS_BETTER), 0.25);
    assert_near(tg_shown_change(log(1.25), TG_HIGHER_IS_BETTER), -0.2);
    assert_near(tg_log_change(1e-300, 1e300, TG_LOWER_IS_BETTER), 600 * log(10));
}

static void nothing_is_made_of_missing_values(void **state)
{
    (void)state;
    const double unusable[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        assert_true(isnan(tg_log_change(unusable[i], 1, TG_LOWER_IS_BETTER)));
        assert_true(isnan(tg_log_change(1, unusable[i], TG_HIGHER_IS_BETTER)));
    }
    assert_true(isnan(tg_median(NULL, 0)));
    assert_true(isnan(tg_share_beyond(0, 0)));
}

static void a_launch_is_two_estimates(void **state)
{
    (void)state;
    double scratch[5];
    /* Changes of the pairs: ln 2, ln 1.1, none (0 operations before), ln 0.5, ln 1.2. By hand: the
     * median of the four is halfway between ln 1.1 and ln 1.2. */
    const double before[] = {10, 10, 0, 10, 10};
    const double after[] = {20, 11, 10, 5, 12};
    struct tg_launch_estimate estimate =
        tg_launch_estimate(10, 13, before, after, 5, TG_LOWER_IS_BETTER, scratch);
    assert_near(estimate.pooled, log(1.3));
    assert_near(estimate.typical, 0.5 * (log(1.1) + log(1.2)));
    estimate = tg_launch_estimate(10, 13, before, after, 2, TG_HIGHER_IS_BETTER, scratch);
    assert_near(estimate.pooled, -log(1.3));
    assert_near(estimate.typical, -0.5 * (log(2) + log(1.1)));
    double odd[] = {3, 1, 2};
    assert_near(tg_median(odd, 3), 2);
}

static void percentiles_need_operations(void **state)
{
    (void)state;
    assert_int_equal(tg_operations_needed(50, TG_EXCEEDANCES), 200);
    assert_int_equal(tg_operations_needed(95, 100), 2000);
    assert_int_equal(tg_operations_needed(99, 100), 10000);
    assert_int_equal(tg_operations_needed(99.9, 100), 100000);
    assert_int_equal(tg_operations_needed(99.99, 100), 1000000);
    assert_int_equal(tg_operations_needed(70, 1), 4); /* 3.33 */
}

static void rare_operations_are_counted(void **state)
{
    (void)state;
    assert_near(tg_share_beyond(10, 1000), 0.0105); /* 10.5 / 1000 */
    assert_near(tg_share_beyond(0, 1000), 0.0005);
    /* 3.5 / 0.5 */
    assert_near(
        tg_log_change(tg_share_beyond(0, 1000), tg_share_beyond(3, 1000), TG_LOWER_IS_BETTER),
        log(7));
}

static void the_normal_distribution_is_scipys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof normal_rows / sizeof *normal_rows; i++) {
        assert_near(tg_normal_cdf(normal_rows[i].z), normal_rows[i].p);
        if (fabs(normal_rows[i].z) < 5)
            assert_near(tg_normal_quantile(normal_rows[i].p), normal_rows[i].z);
    }
    assert_near(tg_normal_quantile(0), -INFINITY);
    assert_near(tg_normal_quantile(1), INFINITY);
}

static void holm_is_rs(void **state)
{
    (void)state;
    double adjusted[7];
    size_t order[7];
    tg_holm_adjust(holm_p, adjusted, order, 7);
    for (size_t i = 0; i < 7; i++)
        assert_near(adjusted[i], holm_adjusted[i]);
    double in_place[] = {0.01, 0.02};
    tg_holm_adjust(in_place, in_place, order, 2);
    assert_near(in_place[0], 0.02);
    assert_near(in_place[1], 0.02);
}

static void an_interval_is_judged_by_its_margin(void **state)
{
    (void)state;
    const struct {
        struct tg_interval interval;
        struct tg_found finding;
    } cases[] = {
        /* worse, better, within, regressed, improved; the margin is 0.05 */
        {{10, 0.06, 0.01, 0.09, 0.02}, {true, false, false, true, false}},
        {{10, 0.05, 0.01, 0.09, 0.02}, {true, false, false, true, false}},
        {{10, 0.04, 0.01, 0.09, 0.02}, {true, false, false, false, false}},
        {{10, 0.06, 0.00, 0.09, 0.02}, {false, false, false, false, false}},
        {{10, 0.03, 0.01, 0.04, 0.02}, {true, false, true, false, false}},
        {{10, 0.03, -0.01, 0.05, 0.02}, {false, false, false, false, false}},
        {{10, 0.00, -0.01, 0.01, 0.02}, {false, false, true, false, false}},
        {{10, -0.06, -0.09, -0.01, 0.02}, {false, true, true, false, true}},
        {{10, -0.03, -0.09, -0.01, 0.02}, {false, true, true, false, false}},
        {{3, 0.9, -INFINITY, INFINITY, 0}, {false, false, false, false, false}},
        {{0, NAN, -INFINITY, INFINITY, 0}, {false, false, false, false, false}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tg_found found = tg_find(&cases[i].interval, 0.05);
        assert_int_equal(found.worse, cases[i].finding.worse);
        assert_int_equal(found.better, cases[i].finding.better);
        assert_int_equal(found.within, cases[i].finding.within);
        assert_int_equal(found.regressed, cases[i].finding.regressed);
        assert_int_equal(found.improved, cases[i].finding.improved);
    }
}

static void the_smallest_detectable_change_follows_from_the_width(void **state)
{
    (void)state;
    struct tg_interval interval = {32, 0.01, -0.02, 0.04, 0.025};
    /* 0.03 (1 + 0.8416212 / 1.9599640), quantiles as every table has them */
    assert_true(fabs(tg_smallest_detectable(&interval, 0.8) - 0.04288219) < 1e-7);
    assert_near(tg_smallest_detectable(&interval, 0.5), 0.03);
    interval.upper = INFINITY;
    assert_near(tg_smallest_detectable(&interval, 0.8), INFINITY);
}

static void verdicts_have_their_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(tg_gate_exit_code(TG_GATE_PASS), 0);
    assert_int_equal(tg_gate_exit_code(TG_GATE_IMPROVEMENT), 0);
    assert_int_equal(tg_gate_exit_code(TG_GATE_REGRESSION), 1);
    assert_int_equal(tg_gate_exit_code(TG_GATE_INCONCLUSIVE), 3);
    assert_string_equal(tg_gate_verdict_name(TG_GATE_IMPROVEMENT), "improvement");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worse_is_positive_for_latencies_and_rates),
        cmocka_unit_test(nothing_is_made_of_missing_values),
        cmocka_unit_test(a_launch_is_two_estimates),
        cmocka_unit_test(percentiles_need_operations),
        cmocka_unit_test(rare_operations_are_counted),
        cmocka_unit_test(the_normal_distribution_is_scipys),
        cmocka_unit_test(holm_is_rs),
        cmocka_unit_test(an_interval_is_judged_by_its_margin),
        cmocka_unit_test(the_smallest_detectable_change_follows_from_the_width),
        cmocka_unit_test(verdicts_have_their_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
