/* How many operations the gated metrics need, and what is done where there are fewer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hand_launch.h"

static const double CLOSE = 1e-12;

/* ---- enough operations ---- */

static size_t excluded(const struct tg_gated_set *set, const struct hand_launch *hand,
                       double factor)
{
    return tg_gated_exclude(set, &hand->launch, (double[]){factor, factor}, comparison);
}

static void percentiles_need_a_hundred_operations_beyond_them(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario =
        gated("[gate]\nmetrics = [\"a.p50\", \"a.p99\", \"rate\", \"put.p99\"]\n", &set);
    struct hand_launch hand;
    set_up_launch(&hand);
    for (int pair = 0; pair < 2; pair++) {
        record(&hand, TG_BEFORE, pair, A, 100, 4000);
        record(&hand, TG_AFTER, pair, A, 100, 2500); /* the side that has fewer counts */
        record(&hand, TG_BEFORE, pair, PUT, 100, 2000);
        record(&hand, TG_AFTER, pair, PUT, 100, 2000);
    }
    /* A p99 takes 10,000: twice the 5,000 of a, 2.5 times the 4,000 of put. */
    assert_float_equal(tg_gated_stretch(&set, TG_CLOSED_LOOP, &hand.launch, 1, 100), 2.5, CLOSE);
    assert_float_equal(tg_gated_stretch(&set, TG_CLOSED_LOOP, &hand.launch, 1, 2), 2,
                       CLOSE); /* put is out of reach */
    assert_int_equal(excluded(&set, &hand, 2), 3);
    assert_null(comparison->metrics[1].why_not);
    assert_string_equal(comparison->metrics[3].why_not,
                        "a launch would have 8,000 operations, and 100 beyond it take 10,000");
    assert_int_equal(excluded(&set, &hand, 1.9), 2);
    assert_non_null(comparison->metrics[1].why_not);

    /* What is excluded has no estimate, and the others move up. */
    struct tg_launch_estimate estimates[2] = {{NAN, NAN}, {NAN, NAN}};
    estimate_of(&set, &hand, estimates);
    assert_float_equal(estimates[0].pooled, 0, CLOSE);
    /* (4000 + 2000) in 1 us against (2500 + 2000) in 2 us; the third slice is empty. */
    assert_float_equal(estimates[1].pooled, log(6000.0 * 2 / 4500), CLOSE);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

static void slices_are_never_shortened(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = [\"a.p50\", \"rate\"]\n", &set);
    struct hand_launch hand;
    set_up_launch(&hand);
    record(&hand, TG_BEFORE, 0, A, 100, 1000);
    record(&hand, TG_AFTER, 0, A, 100, 1000);
    assert_float_equal(tg_gated_stretch(&set, TG_CLOSED_LOOP, &hand.launch, 1, 100), 1, 0);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* Slices at the rate that took four times their room: a p99 has twice the 10,000 that it takes, and
 * they get half as long; without a percentile they get as short as the room. */
static void slices_that_took_too_long_keep_what_they_need(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario =
        gated("[gate]\nmetrics = [\"a.response.p99\", \"a.response.mean\", \"rate\"]\n", &set);
    struct hand_launch hand;
    set_up_launch(&hand);
    record(&hand, TG_BEFORE, 0, A, 100, 20000);
    record(&hand, TG_AFTER, 0, A, 100, 20000);
    move_to_the_rate(&hand);
    assert_float_equal(tg_gated_stretch(&set, TG_OPEN_LOOP, &hand.launch, 0.25, 1), 0.5, CLOSE);
    set.items[0] = set.items[1];
    assert_float_equal(tg_gated_stretch(&set, TG_OPEN_LOOP, &hand.launch, 0.25, 1), 0.25, CLOSE);
    assert_float_equal(tg_gated_fewest(&set, TG_OPEN_LOOP, &hand.launch, 0.25, comparison), 5000,
                       CLOSE);
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* ---- stalls ---- */

/* Of 2,000 operations the p99.9 is number 1,998, the first of three that took 500 ns. With the pair
 * that had nearly nothing but stolen time, 1,000 operations of 1,900 ns, it would be one of those.
 */
static void what_a_stall_is_comes_from_the_pairs_that_count(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"stalls\"\n", &set);
    struct hand_launch hand;
    set_up_launch(&hand);
    record(&hand, TG_BEFORE, 0, A, 100, 1997);
    record(&hand, TG_BEFORE, 1, A, 500, 3);
    record(&hand, TG_BEFORE, 2, A, 1900, 1000);
    record(&hand, TG_BEFORE, 0, PUT, 100, 999);
    record(&hand, TG_BEFORE, 2, PUT, 100, 1);
    hand.steal_ns[2] = 2251;
    tg_gated_learn_stalls(&set, &hand.launch);
    assert_int_equal(set.stall_ns[A], 500);
    assert_int_equal(set.stall_ns[PUT], 0); /* fewer than 1,000 that count */
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* 30 beyond a p99.9 take 30,000 operations: six times the 5,000 of the side that has fewer. The
 * 900 of put have no limit, are not counted, and cannot have stalls of their own. */
static void stalls_need_thirty_beyond_the_limit(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario =
        gated("[gate]\nmetrics = [\"stalls\", \"put.stalls\", \"a.p50\"]\n", &set);
    struct hand_launch hand;
    set_up_launch(&hand);
    record(&hand, TG_BEFORE, 0, A, 100, 10000);
    record(&hand, TG_AFTER, 0, A, 100, 5000);
    record(&hand, TG_BEFORE, 0, PUT, 100, 900);
    record(&hand, TG_AFTER, 0, PUT, 100, 900);
    tg_gated_learn_stalls(&set, &hand.launch);
    assert_float_equal(tg_gated_stretch(&set, TG_CLOSED_LOOP, &hand.launch, 1, 100), 6, CLOSE);
    assert_int_equal(excluded(&set, &hand, 6), 2);
    assert_null(comparison->metrics[0].why_not);
    assert_string_equal(
        comparison->metrics[1].why_not,
        "too few operations in a launch to know the p99.9 that a stall lies beyond");
    assert_int_equal(excluded(&set, &hand, 5.9), 1);
    assert_string_equal(
        comparison->metrics[0].why_not,
        "a launch would have 29,500 operations, and 30 beyond the p99.9 take 30,000");
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* Ten times as many stalls, when there are next to none, are as good as none: no value. Of 20 and
 * more the shares are (stalls + 1/2) / operations. */
static void a_launch_with_few_stalls_has_no_value(void **state)
{
    (void)state;
    static const struct {
        int64_t stalls[TG_SIDES];
        double expected; /* of pooled; NaN: none */
    } cases[] = {
        {{0, 1}, NAN},
        {{9, 10}, NAN},
        {{1, 19}, 2.565},  /* 19.5 / 1.5 = 13 */
        {{20, 0}, -3.714}, /* 0.5 / 20.5 = 1 / 41 */
    };
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"a.stalls\"\n", &set);
    set.stall_ns[A] = 500;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hand_launch hand;
        struct tg_launch_estimate estimate = {NAN, NAN};
        set_up_launch(&hand);
        for (int side = 0; side < TG_SIDES; side++) {
            record(&hand, side, 0, A, 100, 30000 - cases[i].stalls[side]);
            record(&hand, side, 1, A, 1000, cases[i].stalls[side]);
            record(&hand, side, 1, PUT, 1000, 100); /* of another kind */
        }
        estimate_of(&set, &hand, &estimate);
        if (isnan(cases[i].expected))
            assert_true(isnan(estimate.pooled));
        else
            assert_float_equal(estimate.pooled, cases[i].expected, 1e-3);
        tear_down_launch(&hand);
    }
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

/* ---- a pilot that says too little ---- */

/* Of three slices of a side two are empty, then one: operations that fail are operations. */
static void slices_without_an_operation_are_too_short(void **state)
{
    (void)state;
    struct hand_launch hand;
    for (int side = 0; side < TG_SIDES; side++) {
        set_up_launch(&hand);
        for (int pair = 0; pair < PAIRS; pair++)
            hand.slices[TG_AFTER - side][pair].succeeded = 1;
        hand.slices[side][0].succeeded = 1;
        assert_true(tg_gated_slices_too_short(&hand.launch));
        hand.slices[side][1].failed = 1;
        assert_false(tg_gated_slices_too_short(&hand.launch));
        tear_down_launch(&hand);
    }
}

static void shares_say_where_more_fails(void **state)
{
    (void)state;
    struct hand_launch hand;
    set_up_launch(&hand);
    assert_false(tg_gated_fails_more(&hand.launch)); /* nothing was done */
    hand.slices[TG_BEFORE][0].succeeded = 99;
    hand.slices[TG_BEFORE][2].failed = 1;
    hand.slices[TG_AFTER][0].succeeded = 198;
    hand.slices[TG_AFTER][1].failed = 2;
    assert_false(tg_gated_fails_more(&hand.launch)); /* 1 of 100, 2 of 200 */
    hand.slices[TG_AFTER][1].failed = 3;
    assert_true(tg_gated_fails_more(&hand.launch));
    tear_down_launch(&hand);
}

static void what_failed_is_not_among_the_operations_of_a_percentile(void **state)
{
    (void)state;
    struct tg_gated_set set;
    struct tg_scenario *scenario = gated("[gate]\nmetrics = \"a.p50\"\n", &set);
    struct hand_launch hand;
    set_up_launch(&hand);
    record(&hand, TG_BEFORE, 0, A, 100, 1000);
    hand.slices[TG_AFTER][0].failed = 1000;
    assert_int_equal(excluded(&set, &hand, 1), 0);
    assert_string_equal(
        comparison->metrics[0].why_not,
        "a launch would have 0 operations that succeed, and 100 beyond it take 200");
    tear_down_launch(&hand);
    tg_scenario_free(scenario);
    tg_comparison_free(comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_need_a_hundred_operations_beyond_them),
        cmocka_unit_test(slices_are_never_shortened),
        cmocka_unit_test(what_a_stall_is_comes_from_the_pairs_that_count),
        cmocka_unit_test(stalls_need_thirty_beyond_the_limit),
        cmocka_unit_test(a_launch_with_few_stalls_has_no_value),
        cmocka_unit_test(slices_that_took_too_long_keep_what_they_need),
        cmocka_unit_test(slices_without_an_operation_are_too_short),
        cmocka_unit_test(shares_say_where_more_fails),
        cmocka_unit_test(what_failed_is_not_among_the_operations_of_a_percentile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
