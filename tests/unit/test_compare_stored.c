#include "tests/unit/compare_support.h"

#include "compare/stored.h"

enum { LAUNCHES = 16 };

/* Latencies of `launches`, around `middle`, with a spread of +/- 1 %. */
static void fill(double *values, double middle, size_t phase)
{
    for (size_t i = 0; i < LAUNCHES; i++)
        values[i] = middle * (1 + 0.002 * ((double)((i + phase) * 7 % 11) - 5) + 1e-7 * (double)i);
}

static struct tg_stored_metric metric_of(const double *before, const double *after,
                                         enum tg_direction direction)
{
    return (struct tg_stored_metric){.before = before,
                                     .before_count = LAUNCHES,
                                     .after = after,
                                     .after_count = LAUNCHES,
                                     .direction = direction,
                                     .margin = log1p(0.05)};
}

static void each_metric_gets_its_verdict(void **state)
{
    struct tg_arena *arena = *state;
    double before[LAUNCHES], same[LAUNCHES], slower[LAUNCHES], faster[LAUNCHES];
    fill(before, 200, 0);
    fill(same, 201, 3);
    fill(slower, 220, 5);
    fill(faster, 180, 7);
    const struct tg_stored_metric metrics[] = {
        metric_of(before, same, TG_LOWER_IS_BETTER),
        metric_of(before, slower, TG_LOWER_IS_BETTER),
        metric_of(before, faster, TG_LOWER_IS_BETTER),
        metric_of(before, slower, TG_HIGHER_IS_BETTER),
        metric_of(before, faster, TG_HIGHER_IS_BETTER),
    };
    const enum tg_gate_verdict expected[] = {TG_GATE_PASS, TG_GATE_REGRESSION, TG_GATE_IMPROVEMENT,
                                             TG_GATE_IMPROVEMENT, TG_GATE_REGRESSION};
    struct tg_stored_verdict verdicts[5];
    assert_int_equal(tg_stored_compare(metrics, 5, verdicts, arena), TG_GATE_REGRESSION);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(verdicts[i].verdict, expected[i]);
    assert_true(fabs(verdicts[1].interval.estimate - log(1.1)) < 0.005);
    /* Complete separation, 1 of C(32, 16) = 601080390 arrangements; Holm over five metrics. */
    assert_near(verdicts[1].p, 5 / 601080390.0);
    assert_int_equal(tg_stored_compare(metrics, 1, verdicts, arena), TG_GATE_PASS);
    assert_int_equal(tg_stored_compare(metrics + 2, 2, verdicts, arena), TG_GATE_PASS);
}

static void what_cannot_be_told_is_inconclusive(void **state)
{
    struct tg_arena *arena = *state;
    double before[LAUNCHES], after[LAUNCHES];
    fill(before, 200, 0);
    fill(after, 200 * 1.05, 3);
    struct tg_stored_metric metrics[2] = {metric_of(before, after, TG_LOWER_IS_BETTER),
                                          metric_of(before, before, TG_LOWER_IS_BETTER)};
    metrics[0].margin = log1p(0.052);
    struct tg_stored_verdict verdicts[2];
    assert_int_equal(tg_stored_compare(metrics, 2, verdicts, arena), TG_GATE_INCONCLUSIVE);
    assert_int_equal(verdicts[0].verdict, TG_GATE_INCONCLUSIVE);
    assert_int_equal(verdicts[1].verdict, TG_GATE_PASS);
    assert_true(verdicts[0].provable > log1p(0.052) && verdicts[0].detectable > 0);
    for (size_t i = 3; i < LAUNCHES; i++) /* launches without a value are no launches */
        after[i] = i % 2 ? NAN : 0;
    metrics[1] = metric_of(after, after, TG_LOWER_IS_BETTER);
    metrics[1].after_count = 2;
    assert_int_equal(tg_stored_compare(metrics + 1, 1, verdicts, arena), TG_GATE_INCONCLUSIVE);
    assert_int_equal(verdicts[0].interval.count, 5);
}

/* 4 against 4 launches, all of them slower: 1/70 is enough for a bound at 5 %, not for 1 %. */
static void a_regression_needs_the_stricter_level(void **state)
{
    struct tg_arena *arena = *state;
    const double before[] = {100, 101, 102, 103};
    const double after[] = {120, 121, 122, 123};
    struct tg_stored_metric metric = metric_of(before, after, TG_LOWER_IS_BETTER);
    metric.before_count = metric.after_count = 4;
    struct tg_stored_verdict verdict;
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_INCONCLUSIVE);
    assert_near(verdict.p, 1.0 / 70);
    assert_true(verdict.interval.lower > log1p(0.05));
    metric.before = after; /* nor is the mirror image an improvement: a pass */
    metric.after = before;
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_PASS);
    assert_int_equal(verdict.verdict, TG_GATE_PASS);
}

/* Half of a slowdown by 20 % may be the machine's, or all of it, or who knows how much. By hand:
 * complete separation one way, 1 of C(32, 16) arrangements, or the other, all of them. */
static void what_the_machine_explains_is_no_change(void **state)
{
    static const struct {
        double machine, p;
        enum tg_gate_verdict slower, faster;
    } cases[] = {
        {0, 1 / 601080390.0, TG_GATE_REGRESSION, TG_GATE_IMPROVEMENT},
        {0.095, 1 / 601080390.0, TG_GATE_REGRESSION, TG_GATE_IMPROVEMENT},
        {0.25, 1, TG_GATE_INCONCLUSIVE, TG_GATE_PASS},
        {INFINITY, 1, TG_GATE_INCONCLUSIVE, TG_GATE_PASS},
    };
    struct tg_arena *arena = *state;
    double before[LAUNCHES], slower[LAUNCHES], faster[LAUNCHES];
    fill(before, 200, 0);
    fill(slower, 200 * 1.2, 3);
    fill(faster, 200 / 1.2, 3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int rate = 0; rate < 2; rate++) {
            enum tg_direction direction = rate ? TG_HIGHER_IS_BETTER : TG_LOWER_IS_BETTER;
            struct tg_stored_metric metric = metric_of(before, rate ? faster : slower, direction);
            metric.machine_upper = cases[i].machine;
            struct tg_stored_verdict verdict;
            assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), cases[i].slower);
            assert_near(verdict.p, cases[i].p);
            metric = metric_of(before, rate ? slower : faster, direction);
            metric.machine_lower = -cases[i].machine;
            (void)tg_stored_compare(&metric, 1, &verdict, arena);
            assert_int_equal(verdict.verdict, cases[i].faster);
        }
    }
}

/* Shares of failing operations; p is SciPy's, of tests/reference/wilcoxon.py: some and few. By
 * hand, that of few is C(10, 3) of C(22, 3). */
static void failures_have_no_logarithm(void **state)
{
    struct tg_arena *arena = *state;
    const double none[12] = {0};
    const double some[] = {0, 0, 0.01, 0.02, 0.01, 0.03, 0.02, 0.01, 0.02, 0.04};
    const double few[] = {0, 0, 0, 0, 0, 0, 0, 0.01, 0.02, 0.04};
    struct tg_stored_metric metric = {
        .before = none, .before_count = 12, .after = some, .after_count = 10, .failures = true};
    metric.margin = log1p(0.05);
    struct tg_stored_verdict verdict;
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_REGRESSION);
    assert_near(verdict.p, 0.00014072614691809738);
    metric.after = few;
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_INCONCLUSIVE);
    assert_near(verdict.p, 120.0 / 1540);
    metric.after_count = 7; /* none of them fails */
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_PASS);
    metric.before = some; /* nor are fewer an improvement */
    metric.before_count = 10;
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_PASS);
    assert_int_equal(verdict.verdict, TG_GATE_PASS);
    metric.after = some;
    metric.after_count = 10;
    assert_int_equal(tg_stored_compare(&metric, 1, &verdict, arena), TG_GATE_PASS);
}

static int set_up(void **state)
{
    static struct tg_arena arena;
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    tg_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_metric_gets_its_verdict),
        cmocka_unit_test(what_cannot_be_told_is_inconclusive),
        cmocka_unit_test(a_regression_needs_the_stricter_level),
        cmocka_unit_test(what_the_machine_explains_is_no_change),
        cmocka_unit_test(failures_have_no_logarithm),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
