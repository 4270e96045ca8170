#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "baselines/standing.h"
#include "sample_result.h"

/* p50 of 12 launches, ms; all doubled on the side after. In order: 9.9, 9.95,
 * 10, 10.05, 10.1, 10.15, 10.2, 10.25, 10.3, 10.4, 10.6, 10.8. At most one of 12 values lies below
 * the median with a probability of 13/4096 = 0.32 %, at most two with 79/4096 = 1.9 %: so the
 * second and the eleventh are the bounds at 0.5 %, as those of SciPy 1.17, stats.quantile_test(x,
 * p=0.5, alternative="greater" and "less").confidence_interval(0.995). */
static const double launches[] = {10.1, 10.4,  9.9,  10.2, 10.8,  10.05,
                                  10.3, 10.15, 9.95, 10.6, 10.25, 10.0};
enum { LAUNCHES = sizeof launches / sizeof *launches };

static const struct tg_result *const no_runs[TG_SIDES] = {NULL, NULL};

static struct tg_comparison *compare_of(const char *const *metrics, size_t metric_count,
                                        size_t op_count, size_t launch_count)
{
    static const char *const names[] = {"recall", "recall_more"};
    struct tg_comparison *comparison = tg_comparison_new();
    comparison->metrics =
        tg_arena_array(&comparison->arena, metric_count, sizeof *comparison->metrics);
    comparison->metric_count = metric_count;
    for (size_t i = 0; i < metric_count; i++)
        comparison->metrics[i].name = metrics[i];
    comparison->ops = tg_arena_array(&comparison->arena, op_count, sizeof *comparison->ops);
    comparison->op_count = op_count;
    for (size_t i = 0; i < op_count; i++)
        comparison->ops[i].name = names[i];
    for (size_t i = 0; i < launch_count; i++) {
        size_t number = tg_comparison_add_launch(comparison);
        for (size_t j = 0; j < metric_count; j++) {
            comparison->metrics[j].values[number].pooled[TG_BEFORE] = launches[i] * 1e6;
            comparison->metrics[j].values[number].pooled[TG_AFTER] = launches[i] * 2e6;
        }
    }
    return comparison;
}

static const char *applies[] = {"recall"};

static struct tg_competitors competitor(struct tg_competitor *one, double p50_ms)
{
    *one = (struct tg_competitor){.name = "X", .applies_to = applies, .applies_to_count = 1};
    for (int i = 0; i < TG_FIGURE_COUNT; i++)
        one->figures[i] = (struct tg_published){NAN, NAN};
    one->figures[TG_FIGURE_P50] = (struct tg_published){p50_ms * 1e6, p50_ms * 1e6};
    one->figures[TG_FIGURE_RATE] = (struct tg_published){100, 100};
    return (struct tg_competitors){.items = one, .count = 1};
}

static void estimates_as_scipy_does(void **state)
{
    (void)state;
    static const char *const metrics[] = {"recall.p50"};
    struct tg_arena arena = {0};
    struct tg_competitor one;
    struct tg_competitors competitors = competitor(&one, 15);
    struct tg_comparison *comparison = compare_of(metrics, 1, 2, LAUNCHES);
    struct tg_standing *standings;
    size_t count;
    tg_standings(comparison, no_runs, &competitors, &arena, &standings, &count);
    assert_int_equal(count, 1);
    assert_string_equal(standings->metric, "recall.p50");
    assert_true(fabs(standings->ours[TG_BEFORE].value - 10175000) < 0.01);
    assert_true(fabs(standings->ours[TG_BEFORE].low - 9950000) < 0.01);
    assert_true(fabs(standings->ours[TG_BEFORE].high - 10600000) < 0.01);
    assert_true(fabs(standings->ours[TG_AFTER].low - 19900000) < 0.01);
    assert_true(fabs(standings->ours[TG_AFTER].high - 21200000) < 0.01);
    /* 15 ms lies between the two intervals. */
    assert_int_equal(standings->positions[TG_BEFORE].relation, TG_RELATION_AHEAD);
    assert_int_equal(standings->positions[TG_AFTER].relation, TG_RELATION_BEHIND);
    assert_int_equal(standings->lead, TG_LEAD_LOST);
    tg_comparison_free(comparison);
    tg_arena_free(&arena);
}

/* 2^-7 is above 0.5 %: seven launches have no bounds, and no lead that could be lost. */
static void few_launches_have_no_bounds(void **state)
{
    (void)state;
    static const char *const metrics[] = {"recall.p50"};
    struct tg_arena arena = {0};
    struct tg_competitor one;
    struct tg_competitors competitors = competitor(&one, 15);
    for (size_t launch_count = 7; launch_count <= 8; launch_count++) {
        struct tg_comparison *comparison = compare_of(metrics, 1, 1, launch_count);
        struct tg_standing *standings;
        size_t count;
        tg_standings(comparison, no_runs, &competitors, &arena, &standings, &count);
        assert_int_equal(count, 1);
        assert_int_equal(standings->lead, launch_count == 7 ? TG_LEAD_NONE : TG_LEAD_LOST);
        tg_comparison_free(comparison);
    }
    tg_arena_free(&arena);
}

/* Eight launches are wrong about one lead in 256 cases, nine in 512: two leads make that 1/128,
 * more than 0.5 %, and 1/256. */
static void many_leads_take_more_launches(void **state)
{
    (void)state;
    static const char *const metrics[] = {"recall.p50", "recall.service.p50"};
    struct tg_arena arena = {0};
    struct tg_competitor one;
    struct tg_competitors competitors = competitor(&one, 15);
    for (size_t launch_count = 8; launch_count <= 9; launch_count++) {
        struct tg_comparison *comparison = compare_of(metrics, 2, 1, launch_count);
        struct tg_standing *standings;
        size_t count;
        tg_standings(comparison, no_runs, &competitors, &arena, &standings, &count);
        assert_int_equal(count, 2);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(standings[i].lead,
                             launch_count == 8 ? TG_LEAD_IN_DOUBT : TG_LEAD_LOST);
            /* The position of each is as certain as before. */
            assert_int_equal(standings[i].positions[TG_BEFORE].relation, TG_RELATION_AHEAD);
            assert_int_equal(standings[i].positions[TG_AFTER].relation, TG_RELATION_BEHIND);
        }
        tg_comparison_free(comparison);
    }
    tg_arena_free(&arena);
}

/* More is better, and a range is met at its better end: 110/s before, 95/s after against 90 to 100.
 * One launch of 12 on the wrong side leaves the lead lost (0.32 %), two leave it in doubt. */
static void a_rate_loses_its_lead_the_other_way_round(void **state)
{
    (void)state;
    static const char *const metrics[] = {"rate"};
    struct tg_arena arena = {0};
    struct tg_competitor one;
    struct tg_competitors competitors = competitor(&one, 15);
    one.figures[TG_FIGURE_RATE] = (struct tg_published){90, 100};
    for (size_t wrong = 0; wrong <= 2; wrong++) {
        struct tg_comparison *comparison = compare_of(metrics, 1, 1, LAUNCHES);
        struct tg_standing *standings;
        size_t count;
        for (size_t i = 0; i < LAUNCHES; i++) {
            comparison->metrics[0].values[i].pooled[TG_BEFORE] = 110;
            comparison->metrics[0].values[i].pooled[TG_AFTER] = i < wrong ? 101 : 95;
        }
        tg_standings(comparison, no_runs, &competitors, &arena, &standings, &count);
        assert_int_equal(count, 1);
        assert_int_equal(standings->lead, wrong <= 1 ? TG_LEAD_LOST : TG_LEAD_IN_DOUBT);
        tg_comparison_free(comparison);
    }
    tg_arena_free(&arena);
}

static size_t standings_of(const char *metric, size_t op_count, bool open_loop, const char *why_not)
{
    struct tg_arena arena = {0};
    struct tg_competitor one;
    struct tg_competitors competitors = competitor(&one, 15);
    struct tg_comparison *comparison = compare_of(&metric, 1, op_count, LAUNCHES);
    struct tg_standing *standings;
    size_t count;
    comparison->metrics[0].open_loop = open_loop;
    comparison->metrics[0].why_not = why_not;
    tg_standings(comparison, no_runs, &competitors, &arena, &standings, &count);
    tg_comparison_free(comparison);
    tg_arena_free(&arena);
    return count;
}

static void compares_only_what_is_alike(void **state)
{
    (void)state;
    assert_int_equal(standings_of("recall.p50", 2, false, NULL), 1);
    assert_int_equal(standings_of("recall.service.p50", 2, false, NULL), 1);
    assert_int_equal(standings_of("recall.response.p50", 2, true, NULL), 1);
    assert_int_equal(standings_of("recall.lag.p50", 2, true, NULL), 0);
    assert_int_equal(standings_of("recall.p50", 2, false, "too few operations"), 0);
    /* Nobody has published these. */
    assert_int_equal(standings_of("recall.p99", 2, false, NULL), 0);
    assert_int_equal(standings_of("recall.p95", 2, false, NULL), 0);
    /* Another operation, whose name begins alike. */
    assert_int_equal(standings_of("recall_more.p50", 2, false, NULL), 0);
    /* Of all operations: the competitor's only where it is alone. */
    assert_int_equal(standings_of("p50", 2, false, NULL), 0);
    assert_int_equal(standings_of("p50", 1, false, NULL), 1);
    /* A rate is the store's own in closed loop, and when nothing else is run. */
    assert_int_equal(standings_of("rate", 1, false, NULL), 1);
    assert_int_equal(standings_of("rate", 1, true, NULL), 0);
    assert_int_equal(standings_of("rate", 2, false, NULL), 0);
    assert_int_equal(standings_of("recall.rate", 2, false, NULL), 0);
}

/* ---- plain runs ---- */

/* The phase "steady" of the sample: session_get and memory_put at 1,000/s. The response times of
 * session_get are spread evenly from 32 to 180 us over 48,000 operations: p50 106 us, p99
 * 32 + 0.99 * 148 = 178.52 us. */
struct runs {
    struct tg_arena arena;
    struct tg_comparison *comparison;
    struct tg_result *results[TG_SIDES];
    struct tg_phase_result *phases[TG_SIDES];
    struct tg_competitor competitor;
    struct tg_standing *standings;
    size_t count;
};

static int set_up(void **state)
{
    static const char *const metrics[] = {"session_get.p50"};
    static const char *session_get[] = {"session_get"};
    static struct runs runs;
    runs = (struct runs){.comparison = compare_of(metrics, 1, 2, LAUNCHES)};
    runs.comparison->ops[0].name = "session_get";
    runs.comparison->ops[1].name = "memory_put";
    runs.comparison->phase = "steady";
    for (int side = 0; side < TG_SIDES; side++) {
        runs.results[side] = tg_sample_result();
        runs.phases[side] = &runs.results[side]->phases[0];
    }
    competitor(&runs.competitor, 15);
    runs.competitor.applies_to = session_get;
    runs.competitor.figures[TG_FIGURE_P99] = (struct tg_published){357040, 357040}; /* doubled */
    *state = &runs;
    return 0;
}

static int tear_down(void **state)
{
    struct runs *runs = *state;
    tg_comparison_free(runs->comparison);
    for (int side = 0; side < TG_SIDES; side++)
        tg_result_free(runs->results[side]);
    tg_arena_free(&runs->arena);
    return 0;
}

static void take(struct runs *runs)
{
    const struct tg_result *const given[TG_SIDES] = {runs->results[TG_BEFORE],
                                                     runs->results[TG_AFTER]};
    const struct tg_competitors competitors = {.items = &runs->competitor, .count = 1};
    tg_standings(runs->comparison, given, &competitors, &runs->arena, &runs->standings,
                 &runs->count);
}

static void runs_stand_in_for_what_is_not_gated(void **state)
{
    struct runs *runs = *state;
    take(runs);
    /* The gated p50 first; the rate is what was asked for. */
    assert_int_equal(runs->count, 2);
    assert_string_equal(runs->standings[0].metric, "session_get.p50");
    assert_false(runs->standings[0].of_runs);
    const struct tg_standing *p99 = &runs->standings[1];
    assert_string_equal(p99->metric, "session_get.p99");
    assert_true(p99->of_runs);
    assert_true(p99->rate_per_s == 1000);
    for (int side = 0; side < TG_SIDES; side++) {
        /* 3 significant digits of the histogram */
        assert_true(fabs(p99->ours[side].value - 178520) < 180);
        assert_true(isinf(p99->ours[side].low) && isinf(p99->ours[side].high));
        assert_int_equal(p99->positions[side].relation, TG_RELATION_AHEAD);
        assert_true(fabs(p99->positions[side].advantage - 0.5) < 0.001);
        assert_false(p99->weak[side]);
    }
}

/* Ten times as far behind after as it was ahead before: still no lead that could be lost. */
static void one_run_loses_no_lead(void **state)
{
    struct runs *runs = *state;
    tg_hdr_reset(runs->phases[TG_AFTER]->ops[0].response);
    tg_hdr_record_many(runs->phases[TG_AFTER]->ops[0].response, 3570400, 48000);
    take(runs);
    assert_int_equal(runs->count, 2);
    assert_int_equal(runs->standings[1].positions[TG_BEFORE].relation, TG_RELATION_AHEAD);
    assert_int_equal(runs->standings[1].positions[TG_AFTER].relation, TG_RELATION_BEHIND);
    assert_true(fabs(runs->standings[1].positions[TG_AFTER].advantage + 9) < 0.01);
    assert_int_equal(runs->standings[1].lead, TG_LEAD_NONE);
}

static void without_a_gated_metric_all_are_of_runs(void **state)
{
    struct runs *runs = *state;
    runs->comparison->metrics[0].why_not = "too few operations";
    runs->competitor.figures[TG_FIGURE_P50] = (struct tg_published){53e3, 53e3}; /* half of ours */
    take(runs);
    assert_int_equal(runs->count, 2);
    assert_string_equal(runs->standings[0].metric, "session_get.p50");
    assert_true(runs->standings[0].of_runs);
    assert_true(fabs(runs->standings[0].ours[TG_AFTER].value - 106000) < 106);
    assert_int_equal(runs->standings[0].positions[TG_AFTER].relation, TG_RELATION_BEHIND);
}

static void a_side_without_a_run_has_no_position(void **state)
{
    struct runs *runs = *state;
    struct tg_result *before = runs->results[TG_BEFORE];
    runs->results[TG_BEFORE] = NULL;
    take(runs);
    assert_int_equal(runs->count, 2);
    assert_int_equal(runs->standings[1].positions[TG_BEFORE].relation, TG_RELATION_NONE);
    assert_int_equal(runs->standings[1].positions[TG_AFTER].relation, TG_RELATION_AHEAD);
    runs->results[TG_BEFORE] = before;
}

/* The sample after, spoilt: is there a p99 of it, and why not? */
static void check_spoilt(struct runs *runs, enum tg_relation relation, const char *why_not)
{
    const char *said = tg_standing_why_not(runs->results[TG_AFTER], "steady", &runs->arena);
    take(runs);
    assert_int_equal(runs->count, 2);
    assert_int_equal(runs->standings[1].positions[TG_AFTER].relation, relation);
    if (why_not)
        assert_string_equal(said, why_not);
    else
        assert_null(said);
}

static void a_run_that_says_nothing_has_no_position(void **state)
{
    struct runs *runs = *state;
    struct tg_phase_result *after = runs->phases[TG_AFTER];
    check_spoilt(runs, TG_RELATION_AHEAD, NULL);
    after->invalid = "the harness was late";
    check_spoilt(runs, TG_RELATION_NONE, "the harness was late");
    after->invalid = NULL;
    after->interrupted = true;
    check_spoilt(runs, TG_RELATION_NONE, "it was interrupted");
    after->interrupted = false;
    after->name = "other";
    check_spoilt(runs, TG_RELATION_NONE, "it has no phase \"steady\"");
    after->name = "steady";
    /* 1 % of 60,000 is 600. */
    after->issued = 60000 - 600;
    check_spoilt(runs, TG_RELATION_AHEAD, NULL);
    after->issued = 60000 - 601;
    check_spoilt(runs, TG_RELATION_NONE, NULL);
}

static void few_operations_are_said(void **state)
{
    struct runs *runs = *state;
    static const struct {
        int64_t operations;
        bool weak;
        enum tg_relation relation;
    } cases[] = {{1000, false, TG_RELATION_AHEAD},
                 {999, true, TG_RELATION_AHEAD},
                 {100, true, TG_RELATION_AHEAD},
                 {99, true, TG_RELATION_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        runs->phases[TG_AFTER]->ops[0].succeeded = cases[i].operations;
        take(runs);
        assert_int_equal(runs->standings[1].positions[TG_AFTER].relation, cases[i].relation);
        assert_int_equal(runs->standings[1].weak[TG_AFTER], cases[i].weak);
    }
}

/* 50 operations in 4 ms: 12,500/s. */
static void a_rate_is_the_stores_own_in_closed_loop_alone(void **state)
{
    struct runs *runs = *state;
    static const char *sessions_read[] = {"sessions_read"};
    runs->competitor.applies_to = sessions_read;
    runs->comparison->ops[0].name = "sessions_read";
    runs->comparison->op_count = 1;
    runs->comparison->metric_count = 0;
    runs->comparison->phase = "burst";
    runs->competitor.figures[TG_FIGURE_P50] = (struct tg_published){NAN, NAN};
    take(runs);
    /* Not one of 50 operations lies beyond the p99. */
    assert_int_equal(runs->count, 1);
    assert_int_equal(runs->standings[0].figure, TG_FIGURE_RATE);
    assert_true(fabs(runs->standings[0].ours[TG_BEFORE].value - 12500) < 1e-6);
    assert_true(fabs(runs->standings[0].positions[TG_BEFORE].advantage - 124) < 1e-9);
    assert_true(runs->standings[0].rate_per_s == 0);
    for (int side = 0; side < TG_SIDES; side++)
        runs->results[side]->phases[1].open_loop = true;
    take(runs);
    assert_int_equal(runs->count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates_as_scipy_does),
        cmocka_unit_test(few_launches_have_no_bounds),
        cmocka_unit_test(many_leads_take_more_launches),
        cmocka_unit_test(a_rate_loses_its_lead_the_other_way_round),
        cmocka_unit_test(compares_only_what_is_alike),
        cmocka_unit_test_setup_teardown(runs_stand_in_for_what_is_not_gated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_run_loses_no_lead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_gated_metric_all_are_of_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_side_without_a_run_has_no_position, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_that_says_nothing_has_no_position, set_up, tear_down),
        cmocka_unit_test_setup_teardown(few_operations_are_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rate_is_the_stores_own_in_closed_loop_alone, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
