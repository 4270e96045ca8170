#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "baselines/standing.h"

/* p50 of 12 launches, ms. Estimate and bounds from R 4: wilcox.test(log(x), conf.int = TRUE,
 * conf.level = 0.99, exact = TRUE), then exp(): (pseudo)median 10.1987743831514, interval
 * 9.99987499921874 to 10.49571341072154; all doubled on the side after. */
static const double launches[] = {10.1, 10.4,  9.9,  10.2, 10.8,  10.05,
                                  10.3, 10.15, 9.95, 10.6, 10.25, 10.0};
enum { LAUNCHES = sizeof launches / sizeof *launches };

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

static void estimates_as_r_does(void **state)
{
    (void)state;
    static const char *const metrics[] = {"recall.p50"};
    struct tg_arena arena = {0};
    struct tg_competitor one;
    struct tg_competitors competitors = competitor(&one, 15);
    struct tg_comparison *comparison = compare_of(metrics, 1, 2, LAUNCHES);
    struct tg_standing *standings;
    size_t count;
    tg_standings(comparison, &competitors, &arena, &standings, &count);
    assert_int_equal(count, 1);
    assert_string_equal(standings->metric, "recall.p50");
    assert_true(fabs(standings->ours[TG_BEFORE].value - 10198774.3831514) < 0.01);
    assert_true(fabs(standings->ours[TG_BEFORE].low - 9999874.99921874) < 0.01);
    assert_true(fabs(standings->ours[TG_BEFORE].high - 10495713.41072154) < 0.01);
    assert_true(fabs(standings->ours[TG_AFTER].low - 19999749.9984375) < 0.01);
    assert_true(fabs(standings->ours[TG_AFTER].high - 20991426.8214431) < 0.01);
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
        tg_standings(comparison, &competitors, &arena, &standings, &count);
        assert_int_equal(count, 1);
        assert_int_equal(standings->lead, launch_count == 7 ? TG_LEAD_NONE : TG_LEAD_LOST);
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
    tg_standings(comparison, &competitors, &arena, &standings, &count);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates_as_r_does),
        cmocka_unit_test(few_launches_have_no_bounds),
        cmocka_unit_test(compares_only_what_is_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
