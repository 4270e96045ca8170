#include "tests/unit/compare_support.h"

#include <string.h>

#include "compare/gate.h"
#include "compare/signed_rank.h"

enum { A, B, C, METRICS };

struct bench { /* a gate, and what its launches say until told otherwise */
    struct tg_arena arena;
    struct tg_gate *gate;
    struct tg_gate_metric metrics[METRICS];
    double pooled[METRICS];
    double typical[METRICS];
    double spread;
    struct tg_failures failures;
    size_t added;
};

static int set_up(void **state)
{
    static struct bench bench;
    memset(&bench, 0, sizeof bench);
    bench.spread = 0.01;
    bench.failures = (struct tg_failures){.operations_before = 1000, .operations_after = 1000};
    for (size_t m = 0; m < METRICS; m++)
        bench.metrics[m] = (struct tg_gate_metric){.name = "metric", .margin = log1p(0.05)};
    struct tg_gate_config config = tg_gate_defaults(&bench.arena);
    config.metrics = bench.metrics;
    config.metric_count = METRICS;
    bench.gate = tg_gate_new(&bench.arena, &config);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    tg_arena_free(&((struct bench *)*state)->arena);
    return 0;
}

/* One launch: the changes set, and noise that is between -spread and spread and cancels out. */
static void add_one(struct bench *bench)
{
    struct tg_launch_estimate estimates[METRICS];
    for (size_t m = 0; m < METRICS; m++) {
        double noise = bench->spread * ((double)((bench->added + m) * 7 % 11) - 5) / 5;
        estimates[m].pooled = bench->pooled[m] + noise;
        estimates[m].typical = bench->typical[m] + 0.9 * noise;
    }
    tg_gate_add(bench->gate,
                &(struct tg_gate_launch){.metrics = estimates, .failures = bench->failures});
    bench->added++;
}

static void add(struct bench *bench, size_t launches)
{
    while (launches-- > 0 && bench->gate->step != TG_GATE_DONE)
        add_one(bench);
}

static void change(struct bench *bench, size_t metric, double log_change)
{
    bench->pooled[metric] = log_change;
    bench->typical[metric] = log_change;
}

static void no_change_passes_at_the_first_look(void **state)
{
    struct bench *bench = *state;
    add(bench, 9);
    assert_int_equal(bench->gate->step, TG_GATE_MEASURE);
    assert_int_equal(bench->gate->next_answer_in, 1);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    add(bench, 1);
    assert_int_equal(bench->gate->step, TG_GATE_DONE);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->next_answer_in, 0);
    for (size_t m = 0; m < METRICS; m++) {
        assert_int_equal(bench->gate->metrics[m].verdict, TG_GATE_PASS);
        assert_int_equal(bench->gate->metrics[m].decided_at, 10);
        assert_false(bench->gate->metrics[m].worse);
    }
    assert_int_equal(bench->gate->errors.verdict, TG_GATE_PASS);
}

static void a_slowdown_is_a_regression_once_confirmed(void **state)
{
    struct bench *bench = *state;
    change(bench, B, log1p(0.10));
    add(bench, 10);
    assert_int_equal(bench->gate->step, TG_GATE_CONFIRM);
    assert_int_equal(bench->gate->next_answer_in, 10);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    assert_true(bench->gate->metrics[B].flagged);
    add(bench, 10);
    assert_int_equal(bench->gate->step, TG_GATE_DONE);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
    assert_int_equal(bench->gate->launches, 10);
    assert_int_equal(bench->gate->fresh_launches, 10);
    const struct tg_metric_verdict *slow = &bench->gate->metrics[B];
    assert_int_equal(slow->verdict, TG_GATE_REGRESSION);
    assert_near(slow->fresh_p, 1.0 / 1024);
    assert_near(slow->fresh_level, 0.005);
    assert_int_equal(slow->fresh_count, 10);
    assert_true(fabs(slow->all_estimate - log1p(0.10)) < 0.002);
    assert_int_equal(bench->gate->metrics[A].verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->metrics[C].verdict, TG_GATE_PASS);
}

static void what_fresh_launches_do_not_show_is_no_regression(void **state)
{
    struct bench *bench = *state;
    change(bench, B, log1p(0.10));
    add(bench, 10);
    change(bench, B, 0);
    add(bench, 10);
    assert_int_equal(bench->gate->step, TG_GATE_MEASURE);
    assert_int_equal(bench->gate->next_answer_in, 6);
    assert_int_equal(bench->gate->confirmations, 1);
    assert_true(bench->gate->metrics[B].fresh_p > 0.005);
    /* The same again at 16: half of what was left of the level, and six more fresh launches. */
    change(bench, B, log1p(0.10));
    add(bench, 6);
    assert_int_equal(bench->gate->step, TG_GATE_CONFIRM);
    assert_int_equal(bench->gate->fresh_wanted, 16);
    assert_int_equal(bench->gate->next_answer_in, 6);
    change(bench, B, 0);
    add(bench, 6);
    assert_near(bench->gate->metrics[B].fresh_level, 0.0025);
    assert_int_equal(bench->gate->metrics[B].fresh_count, 16);
    add(bench, 100);
    assert_int_equal(bench->gate->step, TG_GATE_DONE);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    assert_int_equal(bench->gate->metrics[B].decided_at, 0);
}

/* Of ten fresh launches the one that moved most speaks against it: rank sums of 10 or less are 43
 * of 1,024. With six more that moved further they are 43 of 65,536. */
static void a_later_confirmation_builds_on_the_one_before(void **state)
{
    struct bench *bench = *state;
    bench->spread = 0;
    change(bench, B, log1p(0.10));
    add(bench, 10);
    for (int i = 0; i < 10; i++) {
        change(bench, B, i == 0 ? -0.2 : log1p(0.10) + 0.001 * i);
        add_one(bench);
    }
    assert_int_equal(bench->gate->step, TG_GATE_MEASURE);
    assert_near(bench->gate->metrics[B].fresh_p, 43.0 / 1024);
    change(bench, B, log1p(0.40));
    add(bench, 12);
    assert_near(bench->gate->metrics[B].fresh_p, 43.0 / 65536);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
    assert_int_equal(bench->gate->launches, 16);
    assert_int_equal(bench->gate->fresh_launches, 16);
}

/* Fresh launches that are slower, but so little that the estimate of all falls below the margin. */
static void a_confirmed_change_within_the_margin_is_no_regression(void **state)
{
    struct bench *bench = *state;
    change(bench, B, log1p(0.06));
    add(bench, 10);
    change(bench, B, log1p(0.03));
    add(bench, 10);
    assert_true(bench->gate->metrics[B].fresh_p <= 0.005);
    assert_true(bench->gate->metrics[B].all_estimate < log1p(0.05));
    assert_int_equal(bench->gate->step, TG_GATE_MEASURE);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_INCONCLUSIVE);
}

static void one_estimate_is_enough_for_a_regression(void **state)
{
    struct bench *bench = *state;
    bench->pooled[C] = 0.2;
    add(bench, 20);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
    assert_int_equal(bench->gate->metrics[C].flagged_side, TG_GATE_POOLED);
    tear_down(state);
    set_up(state);
    bench->typical[C] = 0.2;
    add(bench, 20);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
    assert_int_equal(bench->gate->metrics[C].flagged_side, TG_GATE_TYPICAL);
}

static void a_pass_needs_both_estimates(void **state)
{
    struct bench *bench = *state;
    bench->pooled[A] = log1p(0.0495); /* within, but not provably */
    add(bench, 100);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    assert_int_equal(bench->gate->metrics[A].verdict, TG_GATE_INCONCLUSIVE);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->metrics[B].decided_at, 10);
    assert_true(bench->gate->metrics[A].worse);
    tear_down(state);
    set_up(state);
    bench->typical[A] = NAN; /* has no value in any launch */
    add(bench, 100);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    tear_down(state);
    set_up(state);
    bench->typical[A] = NAN; /* ... which a metric of pooled numbers does not need */
    bench->metrics[A].pooled_only = true;
    add(bench, 10);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
}

static void a_real_change_within_the_margin_passes_and_is_told(void **state)
{
    struct bench *bench = *state;
    change(bench, A, log1p(0.02));
    add(bench, 10);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
    assert_true(bench->gate->metrics[A].worse);
    assert_true(bench->gate->metrics[A].provable < log1p(0.05));
    assert_false(bench->gate->metrics[B].worse);
}

static void an_improvement_is_the_mirror_image(void **state)
{
    struct bench *bench = *state;
    change(bench, A, -log1p(0.10));
    change(bench, B, -log1p(0.02));
    add(bench, 10);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->metrics[A].verdict, TG_GATE_IMPROVEMENT);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_PASS);
    assert_int_equal(tg_gate_exit_code(bench->gate->verdict), 0);
}

/* One launch of ten the other way, of rank 6: 14/1024. Enough for one metric at the first look's
 * 19/1024, not for one of three. */
static void an_improvement_has_to_stand_among_all_metrics(void **state)
{
    struct bench *bench = *state;
    for (size_t i = 1; i <= 10; i++) {
        double value = (i == 6 ? 0.1 : -0.1) * (1 + 0.01 * (double)i);
        struct tg_launch_estimate estimates[METRICS] = {{value, value}};
        for (size_t m = 1; m < METRICS; m++)
            estimates[m] = (struct tg_launch_estimate){-0.1 - 0.001 * (double)i, -0.1};
        tg_gate_add(bench->gate, &(struct tg_gate_launch){.metrics = estimates});
    }
    assert_int_equal(bench->gate->metrics[A].verdict, TG_GATE_PASS);
    assert_true(bench->gate->metrics[A].interval[TG_GATE_POOLED].upper < 0);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_IMPROVEMENT);
}

static void noise_is_inconclusive_and_says_what_it_could_have_seen(void **state)
{
    struct bench *bench = *state;
    bench->spread = 0.4;
    add(bench, 100);
    assert_int_equal(bench->gate->launches, 32);
    assert_int_equal(bench->gate->looks, 4);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    const struct tg_metric_verdict *metric = &bench->gate->metrics[A];
    const struct tg_interval *pooled = &metric->interval[TG_GATE_POOLED];
    assert_near(metric->detectable, tg_smallest_detectable(pooled, 0.8)); /* the wider one */
    assert_near(metric->provable, pooled->upper);
    assert_true(metric->detectable > log1p(0.05));
}

static void passes_last_unless_a_regression_shows(void **state)
{
    struct bench *bench = *state;
    change(bench, A, log1p(0.0495)); /* keeps the gate open */
    add(bench, 10);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_PASS);
    change(bench, B, log1p(0.05)); /* 6 launches of it prove nothing, nor what came before wrong */
    add(bench, 6);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->metrics[B].interval[TG_GATE_POOLED].count, 10);
    change(bench, B, 0.5);
    add(bench, 16);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_INCONCLUSIVE);
    assert_true(bench->gate->metrics[B].flagged);
    assert_int_equal(bench->gate->step, TG_GATE_CONFIRM);
    add(bench, 100);
    assert_int_equal(bench->gate->metrics[B].verdict, TG_GATE_REGRESSION);
}

static void failures_that_only_after_has_are_a_regression(void **state)
{
    struct bench *bench = *state;
    bench->failures.failed_after = 1;
    add(bench, 10);
    assert_int_equal(bench->gate->step, TG_GATE_CONFIRM);
    assert_true(bench->gate->errors.flagged);
    add(bench, 10);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
    assert_int_equal(bench->gate->errors.verdict, TG_GATE_REGRESSION);
    assert_near(bench->gate->errors.fresh_p, 1.0 / 1024);
    assert_int_equal(bench->gate->errors.total.failed_after, 20);
    assert_int_equal(bench->gate->metrics[A].verdict, TG_GATE_PASS);
}

static void a_failure_that_does_not_come_back_stops_the_pass_only(void **state)
{
    struct bench *bench = *state;
    bench->failures.failed_after = 3;
    add(bench, 1);
    bench->failures.failed_after = 0;
    add(bench, 19);
    assert_int_equal(bench->gate->step, TG_GATE_MEASURE);
    add(bench, 100);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    assert_int_equal(bench->gate->confirmations, 1); /* tried once: it did not become more */
    assert_int_equal(bench->gate->launches, 32);
    assert_near(bench->gate->errors.fresh_p, 1);
}

/* Where no metric could be gated: they are a regression all the same, and without them nothing was
 * proved. */
static void failures_alone_are_judged_and_prove_nothing(void **state)
{
    struct bench *bench = *state;
    for (int failing = 0; failing < 2; failing++) {
        struct tg_gate_config config = tg_gate_defaults(&bench->arena);
        bench->gate = tg_gate_new(&bench->arena, &config);
        bench->failures.failed_after = failing * bench->failures.operations_after;
        add(bench, 1000);
        assert_int_equal(bench->gate->step, TG_GATE_DONE);
        assert_int_equal(bench->gate->verdict, failing ? TG_GATE_REGRESSION : TG_GATE_INCONCLUSIVE);
    }
    assert_int_equal(bench->gate->launches, 10);
    assert_int_equal(bench->gate->fresh_launches, 10);
}

static void failures_of_both_sides_are_noise(void **state)
{
    struct bench *bench = *state;
    bench->failures.failed_before = 5;
    bench->failures.failed_after = 4;
    add(bench, 3);
    bench->failures.failed_after = 6; /* 54 against 50 in all, in 7 launches of 10: p = 0.17 */
    add(bench, 7);
    assert_int_equal(bench->gate->errors.total.failed_after, 54);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
    tear_down(state);
    set_up(state);
    bench->failures.failed_before = 5;
    bench->failures.failed_after = 6; /* in all launches: p = 1/1024 */
    add(bench, 20);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
}

/* A variant that is faster does more of everything. */
static void the_same_share_is_not_more(void **state)
{
    struct bench *bench = *state;
    bench->failures = (struct tg_failures){10, 1000, 12, 1200};
    add(bench, 10);
    assert_false(bench->gate->errors.flagged);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->errors.total.failed_after, 120);
    assert_int_equal(bench->gate->errors.total.operations_before, 10000);
}

static void a_larger_share_is_more_even_of_fewer_operations(void **state)
{
    struct bench *bench = *state;
    bench->failures = (struct tg_failures){10, 1000, 9, 500};
    add(bench, 20);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
    assert_near(bench->gate->errors.fresh_p, 1.0 / 1024);
    tear_down(state);
    set_up(state);
    bench->failures = (struct tg_failures){10, 1000, 49, 5000};
    add(bench, 20);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
}

/* Ten times the operations, and the only failures: what is to be expected of no change. */
static void rare_failures_of_a_faster_side_are_not_confirmed(void **state)
{
    struct bench *bench = *state;
    bench->failures = (struct tg_failures){0, 1000, 1, 10000};
    add(bench, 20);
    assert_true(bench->gate->errors.flagged);
    assert_near(bench->gate->errors.fresh_p, pow(10.0 / 11, 10));
    add(bench, 100);
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    tear_down(state);
    set_up(state);
    bench->failures = (struct tg_failures){0, 1000, 500, 10000};
    add(bench, 20);
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
}

static void a_side_that_tried_nothing_does_not_fail_more(void **state)
{
    struct bench *bench = *state;
    bench->failures = (struct tg_failures){0, 0, 5, 10};
    add(bench, 10);
    assert_false(bench->gate->errors.flagged);
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
}

static void a_budget_that_ends_early_gets_a_last_look(void **state)
{
    struct bench *bench = *state;
    tg_gate_finish(bench->gate); /* nothing measured */
    assert_int_equal(bench->gate->step, TG_GATE_DONE);
    assert_int_equal(tg_gate_exit_code(bench->gate->verdict), 3);
    tear_down(state);
    set_up(state);
    add(bench, 7);
    tg_gate_finish(bench->gate); /* all of the 5 % on 7 launches: 3/128 */
    assert_int_equal(bench->gate->verdict, TG_GATE_PASS);
    assert_int_equal(bench->gate->metrics[A].decided_at, 7);
    tg_gate_finish(bench->gate);
    assert_int_equal(bench->gate->looks, 1);
    tear_down(state);
    set_up(state);
    add(bench, 4);
    tg_gate_finish(bench->gate); /* 1/16 is the smallest level of 4 */
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    assert_near(bench->gate->metrics[A].detectable, INFINITY);
}

static void a_budget_that_ends_in_a_confirmation_decides_it(void **state)
{
    struct bench *bench = *state;
    change(bench, B, log1p(0.10));
    add(bench, 13);
    assert_int_equal(bench->gate->step, TG_GATE_CONFIRM);
    tg_gate_finish(bench->gate); /* 3 fresh launches: 1/8 */
    assert_int_equal(bench->gate->verdict, TG_GATE_INCONCLUSIVE);
    assert_true(bench->gate->metrics[B].flagged);
    assert_near(bench->gate->metrics[B].fresh_p, 0.125);
    tear_down(state);
    set_up(state);
    change(bench, B, log1p(0.10));
    add(bench, 18);
    tg_gate_finish(bench->gate); /* 8 fresh launches: 1/256 is below 0.005 */
    assert_int_equal(bench->gate->verdict, TG_GATE_REGRESSION);
}

static void everything_slower_is_confirmed_by_more_launches(void **state)
{
    struct bench *bench = *state;
    for (size_t m = 0; m < METRICS; m++)
        change(bench, m, log1p(0.10));
    add(bench, 10);
    /* 5 / 2^n <= 0.005 / 3: n = 12 */
    assert_int_equal(bench->gate->next_answer_in, 12);
    add(bench, 12);
    for (size_t m = 0; m < METRICS; m++) {
        assert_int_equal(bench->gate->metrics[m].verdict, TG_GATE_REGRESSION);
        assert_near(bench->gate->metrics[m].fresh_p, 3.0 / 4096); /* Holm: 3 times 2^-12 */
    }
    assert_int_equal(tg_confirm_launches(1, 0.005, 10), 10);
    assert_int_equal(tg_confirm_launches(10, 0.005, 10), 14);
    assert_int_equal(tg_confirm_launches(1, 0.005, 30), 30);
}

static void progress_decides_nothing(void **state)
{
    struct bench *bench = *state;
    assert_near(tg_gate_interim(bench->gate, A, TG_GATE_POOLED).estimate, NAN);
    add(bench, 8);
    struct tg_interval interval = tg_gate_interim(bench->gate, A, TG_GATE_POOLED);
    assert_int_equal(interval.count, 8);
    assert_true(interval.lower < interval.estimate && interval.estimate < interval.upper);
    assert_int_equal(bench->gate->looks, 0);
    assert_int_equal(bench->gate->metrics[A].verdict, TG_GATE_INCONCLUSIVE);
}

#define GATE_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATE_TEST(no_change_passes_at_the_first_look),
        GATE_TEST(a_slowdown_is_a_regression_once_confirmed),
        GATE_TEST(what_fresh_launches_do_not_show_is_no_regression),
        GATE_TEST(a_later_confirmation_builds_on_the_one_before),
        GATE_TEST(a_confirmed_change_within_the_margin_is_no_regression),
        GATE_TEST(one_estimate_is_enough_for_a_regression),
        GATE_TEST(a_pass_needs_both_estimates),
        GATE_TEST(a_real_change_within_the_margin_passes_and_is_told),
        GATE_TEST(an_improvement_is_the_mirror_image),
        GATE_TEST(an_improvement_has_to_stand_among_all_metrics),
        GATE_TEST(noise_is_inconclusive_and_says_what_it_could_have_seen),
        GATE_TEST(passes_last_unless_a_regression_shows),
        GATE_TEST(failures_that_only_after_has_are_a_regression),
        GATE_TEST(a_failure_that_does_not_come_back_stops_the_pass_only),
        GATE_TEST(failures_alone_are_judged_and_prove_nothing),
        GATE_TEST(failures_of_both_sides_are_noise),
        GATE_TEST(the_same_share_is_not_more),
        GATE_TEST(a_larger_share_is_more_even_of_fewer_operations),
        GATE_TEST(rare_failures_of_a_faster_side_are_not_confirmed),
        GATE_TEST(a_side_that_tried_nothing_does_not_fail_more),
        GATE_TEST(a_budget_that_ends_early_gets_a_last_look),
        GATE_TEST(a_budget_that_ends_in_a_confirmation_decides_it),
        GATE_TEST(everything_slower_is_confirmed_by_more_launches),
        GATE_TEST(progress_decides_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
