/* Expected values by hand; the division is written beside each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "compare/position.h"

static const double ms = 1e6;

static struct tg_measured exactly(double value)
{
    return (struct tg_measured){.value = value, .low = value, .high = value};
}

static struct tg_measured between(double low, double value, double high)
{
    return (struct tg_measured){.value = value, .low = low, .high = high};
}

static struct tg_published one(double value)
{
    return (struct tg_published){.low = value, .high = value};
}

static struct tg_published range(double low, double high)
{
    return (struct tg_published){.low = low, .high = high};
}

static void check(struct tg_position position, enum tg_relation relation, double advantage)
{
    assert_int_equal(position.relation, relation);
    if (isnan(advantage))
        assert_true(isnan(position.advantage));
    else
        assert_true(fabs(position.advantage - advantage) < 1e-12);
}

static void a_latency_against_one_figure(void **state)
{
    (void)state;
    /* (27.96 - 10.85) / 27.96 = 17.11 / 27.96 = 0.6119456...: "61.2 % faster" */
    struct tg_position ahead = tg_position(TG_FIGURE_P99, exactly(10.85 * ms), one(27.96 * ms));
    check(ahead, TG_RELATION_AHEAD, 1711.0 / 2796.0);
    assert_int_equal(lround(1000 * ahead.advantage), 612);
    /* (8 - 10) / 8 = -0.25 */
    check(tg_position(TG_FIGURE_P99, exactly(10 * ms), one(8 * ms)), TG_RELATION_BEHIND, -0.25);
    check(tg_position(TG_FIGURE_P50, exactly(18 * ms), one(18 * ms)), TG_RELATION_LEVEL, NAN);
}

static void a_rate_against_one_figure(void **state)
{
    (void)state;
    /* 700 / 280 - 1 = 1.5;  140 / 280 - 1 = -0.5 */
    check(tg_position(TG_FIGURE_RATE, exactly(700), one(280)), TG_RELATION_AHEAD, 1.5);
    check(tg_position(TG_FIGURE_RATE, exactly(140), one(280)), TG_RELATION_BEHIND, -0.5);
    check(tg_position(TG_FIGURE_RATE, exactly(280), one(280)), TG_RELATION_LEVEL, NAN);
}

static void a_range_is_met_at_the_end_that_does_not_flatter(void **state)
{
    (void)state;
    const struct tg_published qdrant = range(22 * ms, 24 * ms);
    /* (22 - 11) / 22 = 0.5, not (24 - 11) / 24;  (24 - 36) / 24 = -0.5, not (22 - 36) / 22 */
    check(tg_position(TG_FIGURE_P99, exactly(11 * ms), qdrant), TG_RELATION_AHEAD, 0.5);
    check(tg_position(TG_FIGURE_P99, exactly(36 * ms), qdrant), TG_RELATION_BEHIND, -0.5);
    check(tg_position(TG_FIGURE_P99, exactly(22 * ms), qdrant), TG_RELATION_LEVEL, NAN);
    check(tg_position(TG_FIGURE_P99, exactly(24 * ms), qdrant), TG_RELATION_LEVEL, NAN);

    const struct tg_published weaviate = range(200, 400);
    /* 500 / 400 - 1 = 0.25;  150 / 200 - 1 = -0.25 */
    check(tg_position(TG_FIGURE_RATE, exactly(500), weaviate), TG_RELATION_AHEAD, 0.25);
    check(tg_position(TG_FIGURE_RATE, exactly(150), weaviate), TG_RELATION_BEHIND, -0.25);
    check(tg_position(TG_FIGURE_RATE, exactly(400), weaviate), TG_RELATION_LEVEL, NAN);
}

static void an_interval_across_an_end_is_unclear(void **state)
{
    (void)state;
    const struct tg_published neo4j = one(28 * ms);
    check(tg_position(TG_FIGURE_P99, between(14 * ms, 21 * ms, 27 * ms), neo4j), TG_RELATION_AHEAD,
          0.25); /* the value against theirs: (28 - 21) / 28 */
    check(tg_position(TG_FIGURE_P99, between(14 * ms, 21 * ms, 28 * ms), neo4j),
          TG_RELATION_UNCLEAR, NAN);
    check(tg_position(TG_FIGURE_P99, between(27 * ms, 35 * ms, 40 * ms), neo4j),
          TG_RELATION_UNCLEAR, NAN);
    check(tg_position(TG_FIGURE_P99, between(29 * ms, 35 * ms, 40 * ms), neo4j), TG_RELATION_BEHIND,
          -0.25); /* (28 - 35) / 28 */
    check(tg_position(TG_FIGURE_P99, between(-INFINITY, 1 * ms, INFINITY), neo4j),
          TG_RELATION_UNCLEAR, NAN);

    const struct tg_published weaviate = range(200, 400);
    check(tg_position(TG_FIGURE_RATE, between(250, 300, 350), weaviate), TG_RELATION_LEVEL, NAN);
    check(tg_position(TG_FIGURE_RATE, between(350, 380, 410), weaviate), TG_RELATION_UNCLEAR, NAN);
    check(tg_position(TG_FIGURE_RATE, between(401, 600, 800), weaviate), TG_RELATION_AHEAD, 0.5);
}

static void what_is_missing_has_no_position(void **state)
{
    (void)state;
    const struct tg_measured good = exactly(10);
    const double bad[] = {NAN, 0, -1, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (int figure = 0; figure < TG_FIGURE_COUNT; figure++) {
            check(tg_position(figure, exactly(bad[i]), one(20)), TG_RELATION_NONE, NAN);
            check(tg_position(figure, good, one(bad[i])), TG_RELATION_NONE, NAN);
            assert_int_equal(tg_lead(figure, exactly(bad[i]), good, one(20)), TG_LEAD_NONE);
            assert_int_equal(tg_lead(figure, good, exactly(bad[i]), one(20)), TG_LEAD_NONE);
            assert_int_equal(tg_lead(figure, good, good, one(bad[i])), TG_LEAD_NONE);
        }
    }
    check(tg_position(TG_FIGURE_P99, between(NAN, 10, 11), one(20)), TG_RELATION_NONE, NAN);
    check(tg_position(TG_FIGURE_P99, between(9, 10, NAN), one(20)), TG_RELATION_NONE, NAN);
    check(tg_position(TG_FIGURE_P99, between(11, 10, 12), one(20)), TG_RELATION_NONE, NAN);
    check(tg_position(TG_FIGURE_P99, good, range(30, 20)), TG_RELATION_NONE, NAN);
}

static void a_lead_is_lost_only_by_whole_intervals(void **state)
{
    (void)state;
    static const struct {
        struct tg_measured before, after;
        enum tg_lead lead;
    } cases[] = {
        {{20, 18, 22}, {21, 19, 27}, TG_LEAD_KEPT},
        {{20, 18, 22}, {27, 25, 29}, TG_LEAD_IN_DOUBT}, /* most of it is ahead */
        {{20, 18, 22}, {30, 27, 33}, TG_LEAD_IN_DOUBT}, /* the value is behind, the end is not */
        {{20, 18, 22}, {30, 28, 33}, TG_LEAD_LOST},     /* level at the best is not ahead */
        {{20, 18, 22}, {40, 35, 45}, TG_LEAD_LOST},
        {{27, 25, 29}, {40, 35, 45}, TG_LEAD_NONE}, /* there was none for certain */
        {{27, 25, 28}, {40, 35, 45}, TG_LEAD_NONE},
        {{35, 30, 40}, {50, 45, 55}, TG_LEAD_NONE},
        {{35, 30, 40}, {20, 18, 22}, TG_LEAD_NONE}, /* won, not lost */
        {{20, 20, 20}, {30, 30, 30}, TG_LEAD_LOST},
        {{20, -INFINITY, INFINITY}, {30, 30, 30}, TG_LEAD_NONE}, /* nothing is known */
        {{20, 20, 20}, {30, -INFINITY, INFINITY}, TG_LEAD_IN_DOUBT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* 28 is their figure; of a range its better end counts, whatever the other is. */
        assert_int_equal(tg_lead(TG_FIGURE_P99, cases[i].before, cases[i].after, one(28)),
                         cases[i].lead);
        assert_int_equal(tg_lead(TG_FIGURE_P50, cases[i].before, cases[i].after, range(28, 90)),
                         cases[i].lead);
    }
    const struct tg_published weaviate = range(200, 400);
    assert_int_equal(
        tg_lead(TG_FIGURE_RATE, between(450, 500, 550), between(410, 450, 500), weaviate),
        TG_LEAD_KEPT);
    assert_int_equal(
        tg_lead(TG_FIGURE_RATE, between(450, 500, 550), between(350, 380, 410), weaviate),
        TG_LEAD_IN_DOUBT);
    assert_int_equal(
        tg_lead(TG_FIGURE_RATE, between(450, 500, 550), between(350, 380, 400), weaviate),
        TG_LEAD_LOST);
    assert_int_equal(
        tg_lead(TG_FIGURE_RATE, between(350, 380, 400), between(100, 150, 180), weaviate),
        TG_LEAD_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_latency_against_one_figure),
        cmocka_unit_test(a_rate_against_one_figure),
        cmocka_unit_test(a_range_is_met_at_the_end_that_does_not_flatter),
        cmocka_unit_test(an_interval_across_an_end_is_unclear),
        cmocka_unit_test(what_is_missing_has_no_position),
        cmocka_unit_test(a_lead_is_lost_only_by_whole_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
