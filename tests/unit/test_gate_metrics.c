/* From launches made by hand to the numbers that the statistics get. Latencies are below 2048 ns,
 * where the histogram is exact; expected values are calculated by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "common/text.h"
#include "hand_launch.h"

static const double CLOSE = 1e-12;

/* ---- estimates ---- */

static void pooled_is_of_all_slices_and_typical_of_pairs(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = [\"a.p50\", \"a.mean\"]\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimates[2];
    set_up_usual(&hand);
    estimate_of(&set, &hand, estimates);
    /* The fifth of nine: 100 of 100 x 6, 200 x 3; 200 of 110 x 3, 200 x 3, 300 x 3. */
    assert_float_equal(estimates[0].pooled, log(2), CLOSE);
    /* The median of 1.1, 1 and 3. */
    assert_float_equal(estimates[0].typical, log(1.1), CLOSE);
    /* Means of 1200 / 9 and 1830 / 9. */
    assert_float_equal(estimates[1].pooled, log(1830.0 / 1200), CLOSE);
    assert_float_equal(estimates[1].typical, log(1.1), CLOSE);
    assert_int_equal(comparison->launches[0].pairs, 3);
    assert_int_equal(comparison->launches[0].pairs_dropped, 0);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* Slices of `count` operations where type 8 of Hyndman & Fan has them of one Pareto distribution:
 * as in test_hdr.c, whatever their number is. */
static void record_pareto(struct hand_launch *hand, enum tg_side side, int count)
{
    for (int pair = 0; pair < PAIRS; pair++)
        for (int k = 1; k <= count; k++)
            record(hand, side, pair, A,
                   (int64_t)(1000 / sqrt(1 - (k - 1.0 / 3) / (count + 1.0 / 3))), 1);
}

static void typical_does_not_depend_on_how_many_operations_slices_have(void **state)
{
    (void)state;
    static const int counts[][TG_SIDES] = {{206, 199}, {199, 200}, {208, 250}, {250, 208}};
    struct tg_gated_set set;
    struct tg_scenario *scenario =
        gated("[gate]\nmetrics = [\"a.p90\", \"a.p95\", \"a.p99\"]\n", &set);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct hand_launch hand;
        struct tg_launch_estimate estimates[3];
        set_up_launch(&hand);
        record_pareto(&hand, TG_BEFORE, counts[i][TG_BEFORE]);
        record_pareto(&hand, TG_AFTER, counts[i][TG_AFTER]);
        estimate_of(&set, &hand, estimates);
        for (size_t m = 0; m < 3; m++)
            assert_float_equal(estimates[m].typical, 0, 0.02);
        tear_down_launch(&hand);
    }
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

static void a_rate_that_falls_is_worse(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = [\"rate\", \"a.rate\"]\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimates[2];
    set_up_usual(&hand);
    /* Twice the time for as many operations. */
    record(&hand, TG_AFTER, 0, A, 110, 3); /* but for the a of one slice: six instead of three */
    estimate_of(&set, &hand, estimates);
    /* 12 operations in 3 us, 15 in 6 us; and of pairs 8/7, 2 and 2 times as slow. */
    assert_float_equal(estimates[0].pooled, log(4 / 2.5), CLOSE);
    assert_float_equal(estimates[0].typical, log(2), CLOSE);
    /* 9 in 3 us, 12 in 6 us. */
    assert_float_equal(estimates[1].pooled, log(3 / 2.0), CLOSE);
    /* 4 in 1 us are 4,000,000 per second. */
    assert_float_equal(tg_compared_median(comparison, 0, TG_BEFORE), 4e6, 1e-3);
    assert_float_equal(tg_compared_median(comparison, 0, TG_AFTER), 2.5e6, 1e-3);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

static void a_pair_with_stolen_time_is_left_out_on_both_sides(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"a.p50\"\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimate;
    set_up_usual(&hand);
    hand.steal_ns[0] = -1;   /* unknown */
    hand.steal_ns[1] = 2250; /* three quarters of 1 us and 2 us, not more */
    hand.steal_ns[2] = 2251;
    estimate_of(&set, &hand, &estimate);
    /* The third of six: of 100 x 3, 200 x 3, and of 110 x 3, 200 x 3. */
    assert_float_equal(estimate.pooled, log(1.1), CLOSE);
    /* The middle between the logarithms of 1.1 and 1. */
    assert_float_equal(estimate.typical, log(1.1) / 2, CLOSE);
    assert_int_equal(comparison->launches[0].pairs_dropped, 1);
    assert_int_equal(comparison->launches[0].steal_ns, 4501);

    hand.steal_ns[0] = hand.steal_ns[1] = 2251;
    estimate_of(&set, &hand, &estimate);
    assert_true(isnan(estimate.pooled) && isnan(estimate.typical));
    assert_int_equal(comparison->launches[1].pairs_dropped, 3);
    /* A launch without a value does not move the median of the others. */
    assert_float_equal(tg_compared_median(comparison, 0, TG_AFTER), 110, CLOSE);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* Sixteen workers on as many CPUs lose three quarters of their time when 16 times as much is
 * stolen: 5 % on all of them, or 1/20 * 16 * 3 us = 2.4 us, are no reason to drop a pair. */
static void stolen_time_is_held_against_all_cpus_of_a_side(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"a.p50\"\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimate;
    assert_int_equal(set.cpus, 1); /* one worker */
    set_up_usual(&hand);
    hand.steal_ns[0] = 2400;
    hand.steal_ns[1] = 16 * 2250;
    hand.steal_ns[2] = 16 * 2250 + 1;
    estimate_of(&set, &hand, &estimate);
    assert_int_equal(comparison->launches[0].pairs_dropped, 3);
    set.cpus = 16;
    estimate_of(&set, &hand, &estimate);
    assert_int_equal(comparison->launches[1].pairs_dropped, 1);
    assert_float_equal(estimate.typical, log(1.1) / 2, CLOSE); /* of 1.1 and 1 */
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

static void a_side_uses_no_more_cpus_than_workers_or_than_there_are(void **state)
{
    (void)state;
    static const uint32_t workers[] = {1, 100000};
    const int64_t expected[] = {1, sysconf(_SC_NPROCESSORS_ONLN)};
    for (size_t i = 0; i < 2; i++) {
        struct tg_gated_set set;
        struct tg_diags diags = {0};
        struct tg_scenario *scenario = scenario_with("[gate]\nmetrics = \"a.p50\"\n");
        scenario->phases[0].workers = workers[i];
        comparison = tg_comparison_new();
        assert_int_equal(tg_gated_choose(scenario, 0, 0, &set, comparison, &diags), TG_OK);
        assert_int_equal(set.cpus, expected[i]);
        tg_scenario_free(scenario);
        tg_comparison_free(comparison);
    }
}

static void the_yardstick_is_a_mean_without_dropped_pairs(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"a.p50\"\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimate;
    int64_t yardstick_ns[PAIRS] = {100, 700, 5000};
    set_up_usual(&hand);
    hand.steal_ns[2] = 2251;
    estimate_of(&set, &hand, &estimate);
    assert_int_equal(comparison->launches[0].yardstick_ns, 0); /* not asked for */
    hand.launch.pairs[TG_CLOSED_LOOP].yardstick_ns = yardstick_ns;
    estimate_of(&set, &hand, &estimate);
    assert_int_equal(comparison->launches[1].yardstick_ns, 400);
    hand.steal_ns[0] = hand.steal_ns[1] = 2251;
    estimate_of(&set, &hand, &estimate);
    assert_int_equal(comparison->launches[2].yardstick_ns, 0);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

static void failures_are_those_of_all_slices_of_a_side(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"a.p50\"\n", &set);
    struct tg_launch_estimate estimate;
    struct hand_launch hand;
    set_up_usual(&hand);
    for (int pair = 0; pair < PAIRS; pair++) {
        hand.slices[TG_BEFORE][pair].succeeded = 4;
        hand.slices[TG_BEFORE][pair].failed = pair;
        hand.slices[TG_AFTER][pair].failed = 10;
    }
    hand.steal_ns[0] = INT64_MAX; /* dropped for its latencies; its failures still count */
    estimate_of(&set, &hand, &estimate);
    assert_int_equal(comparison->launches[0].failed[TG_BEFORE], 3);
    assert_int_equal(comparison->launches[0].failed[TG_AFTER], 30);
    assert_int_equal(comparison->launches[0].operations[TG_BEFORE], 3 * 4 + 3);
    assert_int_equal(comparison->launches[0].operations[TG_AFTER], 30);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* ---- at the rate ---- */

/* `count` operations a were left undone after `waited_ns`, which are among the response times. */
static void leave_undone(struct hand_launch *hand, enum tg_side side, int pair, int64_t waited_ns,
                         int64_t count)
{
    record(hand, side, pair, A, waited_ns, count);
    hand->slices[side][pair].undone = count;
    hand->slices[side][pair].least_undone_ns = waited_ns;
}

/* Nine at 100 ns in each slice. After, 21 more in the first slice were left undone at 2000 ns: of
 * its 30 more than half, of all 48 less than half. */
static void what_was_left_undone_counts_as_slow(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated(
        "[gate]\nmetrics = [\"a.response.p50\", \"a.response.p90\", \"a.response.mean\"]\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimates[3];
    set_up_launch(&hand);
    for (int pair = 0; pair < PAIRS; pair++) {
        record(&hand, TG_BEFORE, pair, A, 100, 9);
        record(&hand, TG_AFTER, pair, A, 100, 9);
    }
    leave_undone(&hand, TG_AFTER, 0, 2000, 21);
    move_to_the_rate(&hand);
    estimate_of(&set, &hand, estimates);
    assert_float_equal(estimates[0].pooled, 0, CLOSE);
    assert_float_equal(estimates[0].typical, 0, CLOSE); /* the median of 20, 1 and 1 */
    assert_float_equal(estimates[1].pooled, log(20), CLOSE);
    assert_float_equal(estimates[1].typical, 0, CLOSE);
    /* (27 x 100 + 21 x 2000) / 48 = 931.25 */
    assert_float_equal(estimates[2].pooled, log(9.3125), CLOSE);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* Both sides left nine of ten undone, one for want of 500 ns, the other of 2000: how much slower
 * than that they are nobody knows. The p5 lies below and is exact. */
static void two_lower_bounds_are_no_comparison(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated(
        "[gate]\nmetrics = [\"a.response.p90\", \"a.response.mean\", \"a.response.p5\"]\n", &set);
    struct hand_launch hand;
    struct tg_launch_estimate estimates[3];
    set_up_launch(&hand);
    for (int pair = 0; pair < PAIRS; pair++) {
        record(&hand, TG_BEFORE, pair, A, 100, 1);
        record(&hand, TG_AFTER, pair, A, 200, 1);
        leave_undone(&hand, TG_BEFORE, pair, 500, 9);
        leave_undone(&hand, TG_AFTER, pair, 2000, 9);
    }
    move_to_the_rate(&hand);
    estimate_of(&set, &hand, estimates);
    for (int i = 0; i < 2; i++)
        assert_true(isnan(estimates[i].pooled) && isnan(estimates[i].typical));
    assert_float_equal(estimates[2].pooled, log(2), CLOSE);
    assert_float_equal(estimates[2].typical, log(2), CLOSE);
    assert_true(isnan(tg_compared_median(comparison, 0, TG_AFTER)));
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}
/* ---- which metrics, which margins ---- */

static void a_whole_name_comes_before_its_last_part(void **state)
{
    (void)state;
    static const double expected[] = {0.1, 0.2, 0.3, 0.3, 0.05, 0.07, 0.1, 0.05};
    static const char *const margins[] = {
        "margin = { p50 = \"10%\", \"put.p50\" = \"20%\", \"p99.9\" = \"30%\", rate = \"7%\" }\n",
        "margin = { rate = \"7%\", \"p99.9\" = \"30%\", \"put.p50\" = \"20%\", p50 = \"10%\" }\n",
    };
    for (size_t order = 0; order < 2; order++) {
        struct tg_gated_set set;
        char *gate = tg_format("[gate]\nmetrics = [\"a.p50\", \"put.p50\", \"put.p99.9\", "
                               "\"p99.9\", \"put.p99\", \"rate\", \"a.service.p50\", \"a.mean\"]\n"
                               "%s",
                               margins[order]);
        struct tg_scenario *scenario = gated(gate, &set);
        assert_int_equal(set.count, sizeof expected / sizeof *expected);
        for (size_t i = 0; i < set.count; i++)
            assert_float_equal(comparison->metrics[i].margin, expected[i], CLOSE);
        tg_scenario_free(scenario);
        tg_comparison_free(comparison);
        free(gate);
    }
}

/* One margin for all is meant for what is timed: as that of stalls it would never be proved. */
static void one_margin_for_all_is_none_of_stalls(void **state)
{
    (void)state;
    static const double expected[2][4] = {{0.1, 0.1, 1, 1}, {0.1, 0.1, 0.5, 0.5}};
    static const char *const margins[] = {"p50 = \"3%\"", "stalls = \"50%\""};
    for (size_t named = 0; named < 2; named++) {
        struct tg_gated_set set;
        struct tg_diags diags = {0};
        char *gate = tg_format("[gate]\nmetrics = [\"a.p50\", \"rate\", \"stalls\", "
                               "\"a.stalls\"]\nmargin = { %s }\n",
                               margins[named]);
        struct tg_scenario *scenario = scenario_with(gate);
        comparison = tg_comparison_new();
        assert_int_equal(tg_gated_choose(scenario, 0, 0.1, &set, comparison, &diags), TG_OK);
        assert_int_equal(set.count, 4);
        for (size_t i = 0; i < set.count; i++)
            assert_float_equal(comparison->metrics[i].margin, expected[named][i], CLOSE);
        tg_scenario_free(scenario);
        tg_comparison_free(comparison);
        free(gate);
    }
}

static void percentiles_and_the_rate_are_gated_when_nothing_is_named(void **state)
{
    (void)state;
    static const char *const expected[] = {"a.p50",   "a.p95",   "a.p99", "put.p50",
                                           "put.p95", "put.p99", "rate"};
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("", &set);
    assert_int_equal(set.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < set.count; i++) {
        assert_string_equal(comparison->metrics[i].name, expected[i]);
        assert_int_equal(comparison->metrics[i].direction,
                         i == 6 ? TG_HIGHER_IS_BETTER : TG_LOWER_IS_BETTER);
        assert_float_equal(comparison->metrics[i].margin, 0.05, CLOSE);
    }
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

static void what_cannot_be_gated_is_said_all_at_once(void **state)
{
    (void)state;
    struct tg_scenario *scenario =
        scenario_with("[gate]\nmetrics = [\"a.p50\", \"errors\", \"other.p99\"]\n");
    struct tg_gated_set set;
    comparison = tg_comparison_new();
    struct tg_diags diags = {0};
    assert_int_equal(tg_gated_choose(scenario, 0, 0, &set, comparison, &diags), TG_INVALID);
    assert_int_equal(diags.count, 2);
    assert_string_equal(diags.items[0].message, "\"errors\" cannot be gated");
    assert_string_equal(diags.items[1].message, "phase main does not measure \"other.p99\"");
    tg_diags_free(&diags);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pooled_is_of_all_slices_and_typical_of_pairs),
        cmocka_unit_test(typical_does_not_depend_on_how_many_operations_slices_have),
        cmocka_unit_test(a_rate_that_falls_is_worse),
        cmocka_unit_test(a_pair_with_stolen_time_is_left_out_on_both_sides),
        cmocka_unit_test(stolen_time_is_held_against_all_cpus_of_a_side),
        cmocka_unit_test(a_side_uses_no_more_cpus_than_workers_or_than_there_are),
        cmocka_unit_test(the_yardstick_is_a_mean_without_dropped_pairs),
        cmocka_unit_test(failures_are_those_of_all_slices_of_a_side),
        cmocka_unit_test(what_was_left_undone_counts_as_slow),
        cmocka_unit_test(two_lower_bounds_are_no_comparison),
        cmocka_unit_test(a_whole_name_comes_before_its_last_part),
        cmocka_unit_test(one_margin_for_all_is_none_of_stalls),
        cmocka_unit_test(percentiles_and_the_rate_are_gated_when_nothing_is_named),
        cmocka_unit_test(what_cannot_be_gated_is_said_all_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
