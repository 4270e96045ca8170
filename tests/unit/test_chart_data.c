/* Charts made of results, comparisons and sweeps. The sample's values are spread evenly, so that
 * their percentiles follow by hand; HDR histograms keep them to 0.1 %. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "common/file.h"
#include "common/units.h"
#include "reports/figures/chart_data.h"
#include "runner/histogram/log.h"
#include "tests/unit/sample_gate.h"
#include "tests/unit/sample_result.h"

struct both {
    struct tg_result *result;
    struct tg_arena arena;
};

static int set_up(void **state)
{
    static struct both both;
    both = (struct both){.result = tg_sample_result()};
    both.result->id = "memory_store-20251121T000000Z";
    *state = &both;
    return 0;
}

static int tear_down(void **state)
{
    struct both *both = *state;
    tg_result_free(both->result);
    tg_arena_free(&both->arena);
    return 0;
}

static void assert_close(double value, double expected)
{
    if (!(fabs(value - expected) <= 0.002 * fabs(expected)))
        fail_msg("%.10g is not %.10g", value, expected);
}

static double y_at(const struct tg_chart_series *series, double x)
{
    for (size_t i = 0; i < series->count; i++)
        if (fabs(series->x[i] - x) < 1e-9)
            return series->y[i];
    return NAN;
}

static void assert_is_file_name(const char *name)
{
    assert_true(*name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0');
}

/* ---- one run ---- */

static void latency_goes_as_far_as_ten_operations_carry(void **state)
{
    struct both *both = *state;
    struct tg_chart *chart = tg_chart_latency(both->result, 0, &both->arena);
    assert_non_null(chart);
    assert_string_equal(chart->name, "latency-steady");
    assert_string_equal(chart->source, "memory_store-20251121T000000Z, phase steady");
    assert_string_equal(chart->y.label, "response time"); /* the phase has a rate */
    assert_int_equal(chart->x.unit, TG_CHART_PERCENTILE);
    assert_int_equal(chart->series_count, 2);
    const struct tg_chart_series *gets = &chart->series[0];
    assert_string_equal(gets->name, "session_get");
    assert_close(y_at(gets, 0), 32000); /* 32 to 180 µs, evenly */
    assert_close(y_at(gets, 50), 106000);
    assert_close(y_at(gets, 99), 178520);
    assert_close(y_at(gets, 99.9), 179852);
    assert_true(isnan(y_at(gets, 99.99))); /* 5 of 48,000 lie beyond it */
    assert_close(100 - gets->x[gets->count - 1], 100 * 10.0 / 48000);
    for (size_t i = 1; i < gets->count; i++)
        assert_true(gets->x[i] >= gets->x[i - 1] && gets->y[i] >= gets->y[i - 1]);

    chart = tg_chart_latency(both->result, 1, &both->arena); /* 50 operations in closed loop */
    assert_string_equal(chart->y.label, "service time");
    assert_close(chart->series[0].x[chart->series[0].count - 1], 80);
    assert_close(y_at(&chart->series[0], 50), 300000 + 3200000.0 * 24 / 49); /* the 25th of 50 */
}

/* Ten operations beyond it: 100 - 1000 / count, which at these counts is one that is asked for. */
static void no_percentile_is_there_twice(void **state)
{
    static const struct {
        int64_t count;
        double last;
    } cases[] = {{20, 50},   {40, 75},      {100, 90},         {200, 95},
                 {1000, 99}, {10000, 99.9}, {1001, 99.0009990}};
    struct both *both = *state;
    struct tg_phase_result *phase = &both->result->phases[1];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tg_hdr_reset(phase->ops[0].service);
        for (int64_t k = 1; k <= cases[i].count; k++)
            tg_hdr_record(phase->ops[0].service, 1000 * k);
        const struct tg_chart *chart = tg_chart_latency(both->result, 1, &both->arena);
        const struct tg_chart_series *series = &chart->series[0];
        assert_float_equal(series->x[series->count - 1], cases[i].last, 1e-6);
        for (size_t k = 1; k < series->count; k++)
            assert_true(series->x[k] > series->x[k - 1] + 1e-6);
    }
}

static void percentiles_need_operations(void **state)
{
    struct both *both = *state;
    struct tg_chart *chart = tg_chart_percentiles(both->result, 0, &both->arena);
    assert_int_equal(chart->category_count, 2);
    assert_int_equal(chart->series_count, 3);
    assert_string_equal(chart->categories[1], "memory_put");
    assert_string_equal(chart->series[1].name, "p95");
    assert_close(chart->series[1].y[1], 92000 + 0.95 * 1908000); /* 92 µs to 2 ms */
    chart = tg_chart_percentiles(both->result, 1, &both->arena);
    assert_close(chart->series[0].y[0], 300000 + 3200000.0 * 24 / 49);
    assert_true(isnan(chart->series[2].y[0])); /* none of 50 lies beyond p99 */

    both->result->phases[1].ops[0].service->total = 0;
    assert_null(tg_chart_percentiles(both->result, 1, &both->arena));
    assert_null(tg_chart_latency(both->result, 1, &both->arena));
}

static void targets_stand_beside_their_like(void **state)
{
    struct both *both = *state;
    struct tg_chart *charts[TG_CHART_TARGET_KINDS];
    assert_int_equal(tg_chart_targets(both->result, &both->arena, charts), 3);
    assert_int_equal(charts[0]->y.unit, TG_CHART_NS);
    assert_int_equal(charts[0]->category_count, 2);
    assert_string_equal(charts[0]->categories[0], "steady: session_get.p99");
    assert_string_equal(charts[0]->categories[1], "burst: sessions_read.p99");
    assert_int_equal(charts[0]->series[1].style, TG_CHART_LIMIT);
    assert_close(charts[0]->series[0].y[0], 178500);
    assert_close(charts[0]->series[1].y[0], 50e6);
    assert_false(charts[0]->series[0].bad[0]);

    assert_int_equal(charts[1]->y.unit, TG_CHART_PER_S);
    assert_close(charts[1]->series[0].y[0], 999.8);
    assert_true(charts[1]->series[0].bad[0]); /* of 1,300/s */

    assert_string_equal(charts[2]->categories[0], "burst: task_take.errors == 0");
    assert_true(isnan(charts[2]->series[0].y[0]));
    both->result->phases[0].invalid = "the harness could not offer the rate";
    (void)tg_chart_targets(both->result, &both->arena, charts);
    assert_false(charts[1]->series[0].bad[0]); /* which is no fault of the store */
    both->result->targets[3].value = 0;        /* nothing of nothing */
    assert_int_equal(tg_chart_targets(both->result, &both->arena, charts), 2);
    both->result->targets[3].value = 2;
    (void)tg_chart_targets(both->result, &both->arena, charts);
    assert_true(isinf(charts[2]->series[0].y[0]));
    both->result->targets[3].limit = 8;
    (void)tg_chart_targets(both->result, &both->arena, charts);
    assert_close(charts[2]->series[0].y[0], 0.25);
    assert_close(charts[2]->series[1].y[0], 1);
    both->result->target_count = 0;
    assert_int_equal(tg_chart_targets(both->result, &both->arena, charts), 0);
}

static double value_of(const struct tg_chart *chart, const char *category)
{
    for (size_t i = 0; i < chart->category_count; i++)
        if (strcmp(chart->categories[i], category) == 0)
            return chart->series[0].y[i];
    fail_msg("no category \"%s\"", category);
    return NAN;
}

static void plans_and_indexes_are_counted(void **state)
{
    struct both *both = *state;
    const struct tg_coverage *coverage = &both->result->coverage;
    struct tg_chart *chart = tg_chart_plans(coverage, "a source", &both->arena);
    assert_string_equal(chart->source, "a source");
    assert_string_equal(chart->title, "The costliest step of each of 2 plans");
    assert_true(value_of(chart, "search") == 1);
    assert_true(value_of(chart, "table scan") == 1); /* sorts as well: the scan is worse */
    assert_true(value_of(chart, "temporary B-tree") == 0);
    chart = tg_chart_indexes(coverage, "a source", &both->arena);
    assert_string_equal(chart->title, "2 indexes by table, 1 unused");
    assert_true(value_of(chart, "sessions (1 unused)") == 2);
    assert_true(chart->series[0].bad[0]);
    const struct tg_coverage none = {0};
    assert_null(tg_chart_plans(&none, "a source", &both->arena));
    assert_null(tg_chart_indexes(&none, "a source", &both->arena));
}

/* ---- over time ---- */

/* An interval log of `seconds` seconds: every second `per_second` operations of 1 ms and, in the
 * last second, as many of 8 ms. */
static void write_log(const char *folder, int seconds, int64_t per_second)
{
    struct tg_text log = {0};
    struct tg_diags diags = {0};
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    tg_hdr_log_header(&log, "made by a test", 1760000000000);
    for (int i = 0; i < seconds; i++) {
        tg_hdr_reset(hdr);
        tg_hdr_record_many(hdr, i + 1 < seconds ? 1000000 : 8000000, per_second);
        tg_hdr_log_interval(&log, "memory_put", i, 1, hdr);
        tg_hdr_record_many(hdr, 3600000000000, per_second);
        tg_hdr_log_interval(&log, "memory_put.service", i, 1, hdr); /* not asked for */
    }
    char *path = tg_path_join(folder, "steady.hlog");
    assert_int_equal(tg_file_write(path, log.data, log.length, true, &diags), TG_OK);
    free(path);
    free(hdr);
    tg_text_free(&log);
}

static void p99_over_time_comes_from_the_log(void **state)
{
    enum { SECONDS = 60 };
    struct both *both = *state;
    struct tg_diags diags = {0};
    struct tg_phase_result *phase = &both->result->phases[0];
    struct tg_phase_interval *intervals = tg_arena_array(&both->arena, SECONDS, sizeof *intervals);
    for (int i = 0; i < SECONDS; i++)
        intervals[i] = (struct tg_phase_interval){
            .start_ns = i * TG_NS_PER_S,
            .length_ns = TG_NS_PER_S,
            .steal_ns = i == 5 ? -1 : i * TG_NS_PER_MS,
            .hiccup_max_ns = 70000 + i,
        };
    phase->intervals = intervals;
    phase->interval_count = SECONDS;
    assert_null(tg_chart_over_time(both->result, 0, &both->arena)); /* it was not stored */

    char folder[] = "/tmp/tailgate-chart-data.XXXXXX";
    assert_non_null(mkdtemp(folder));
    both->result->folder = folder;
    phase->interval_log_file = "steady.hlog";
    assert_null(tg_chart_over_time(both->result, 0, &both->arena)); /* it is not there */

    /* memory_put has the highest p99, and 11,988 operations: 200 each for 59 points at most. */
    write_log(folder, SECONDS, 200);
    struct tg_chart *chart = tg_chart_over_time(both->result, 0, &both->arena);
    assert_non_null(chart);
    assert_string_equal(chart->title, "p99 of memory_put over time, phase steady");
    assert_string_equal(chart->y.label, "response time");
    assert_int_equal(chart->series_count, 3);
    const struct tg_chart_series *p99 = &chart->series[0];
    assert_int_equal(p99->count, 59);
    assert_close(p99->y[0], 1e6);
    assert_close(p99->y[58], 8e6);
    assert_true(p99->x[0] > 0 && p99->x[58] < 60);
    const struct tg_chart_series *hiccups = &chart->series[1], *steal = &chart->series[2];
    assert_int_equal(hiccups->style, TG_CHART_IMPULSES);
    assert_int_equal(hiccups->count, SECONDS);
    assert_close(hiccups->x[7], 7.5);
    assert_close(hiccups->y[7], 70007);
    assert_close(steal->y[7], 7e6);
    assert_true(isnan(steal->y[5])); /* unknown is not 0 */

    phase->ops[1].response->total = 300; /* not enough for two points, and for a p99 */
    chart = tg_chart_over_time(both->result, 0, &both->arena);
    assert_string_equal(chart->title, "p99 of session_get over time, phase steady");
    assert_int_equal(tg_remove_tree(folder, &diags), TG_OK);
    both->result->folder = NULL;
}

/* ---- comparisons ---- */

static void a_comparison_has_charts(void **state)
{
    struct both *both = *state;
    struct tg_chart *chart = tg_chart_before_after(&sample_gate, &both->arena);
    assert_int_equal(chart->category_count, 3); /* the latencies that were measured */
    assert_string_equal(chart->categories[1], "session_get.p99");
    assert_close(chart->series[0].y[1], 1.25e6);
    assert_close(chart->series[1].y[1], 1.75e6);
    assert_true(chart->series[1].bad[1]);
    assert_string_equal(
        chart->source,
        "memory_store-20251121T000000Z, phase steady, 10 launches and 11 fresh ones");

    chart = tg_chart_before_after_rates(&sample_gate, &both->arena);
    assert_string_equal(chart->name, "before-after-rates");
    assert_int_equal(chart->y.unit, TG_CHART_PER_S);
    assert_int_equal(chart->category_count, 1);
    assert_string_equal(chart->categories[0], "rate");
    assert_close(chart->series[0].y[0], 48765);
    assert_close(chart->series[1].y[0], 36500);
    assert_true(chart->series[1].bad[0]);

    chart = tg_chart_changes(&sample_gate, &both->arena);
    assert_int_equal(chart->kind, TG_CHART_FOREST);
    assert_int_equal(chart->category_count, 6);
    assert_close(chart->series[0].y[1], 0.4);
    assert_close(chart->series[0].low[1], 0.37);
    assert_true(isinf(chart->series[0].high[2]));
    assert_true(isnan(chart->series[0].y[3])); /* could not be gated */
    assert_close(chart->margins[2], 0.075);
    assert_true(chart->higher_is_better[5] && !chart->higher_is_better[1]);
    assert_true(chart->series[0].bad[5]);

    struct tg_gate_view none = sample_gate;
    none.row_count = 0;
    assert_null(tg_chart_changes(&none, &both->arena));
    assert_null(tg_chart_before_after(&none, &both->arena));
    assert_null(tg_chart_before_after_rates(&none, &both->arena));
}

/* ---- a sweep ---- */

static void growth_has_lines_and_limits(void **state)
{
    struct both *both = *state;
    static const double rows[] = {1000, 10000, 100000};
    static const double p50[] = {10000, 20000, 40000}, p99[] = {30000, 60000, NAN};
    static const struct tg_target_result target = {
        .text = "session_get.p99 < 50ms", .phase = "steady", .limit = 50e6};
    static const struct tg_sweep_limit limit = {.target = &target};
    static const struct tg_sweep_op ops[] = {
        {.phase = "load", .op = "other", .p50_ns = p50, .p99_ns = p99},
        {.phase = "steady",
         .op = "session_get",
         .p50_ns = p50,
         .p99_ns = p99,
         .limits = &limit,
         .limit_count = 1},
    };
    const struct tg_sweep_view sweep = {.id = "scale-20251121T000000Z",
                                        .scenario = "scale",
                                        .rows = rows,
                                        .run_count = 3,
                                        .ops = ops,
                                        .op_count = 2};
    struct tg_chart *chart = tg_chart_growth(&sweep, "steady", &both->arena);
    assert_string_equal(chart->name, "growth-steady");
    assert_true(chart->x.log && chart->y.log);
    assert_int_equal(chart->series_count, 3);
    assert_string_equal(chart->series[0].name, "session_get p99");
    assert_string_equal(chart->series[1].name, "session_get p50");
    assert_int_equal(chart->series[2].style, TG_CHART_LIMIT);
    assert_int_equal(chart->series[0].group, chart->series[2].group);
    assert_close(chart->series[0].y[1], 60000);
    assert_close(chart->series[2].x[1], 100000);
    assert_close(chart->series[2].y[1], 50e6);
    assert_null(tg_chart_growth(&sweep, "none", &both->arena));
}

static void names_are_names_of_files(void **state)
{
    struct both *both = *state;
    both->result->phases[0].name = "../Über/\"x\" A_b";
    struct tg_chart *chart = tg_chart_latency(both->result, 0, &both->arena);
    assert_is_file_name(chart->name);
    assert_true(tg_ends_with(chart->name, "-x--a-b"));
    assert_is_file_name(tg_chart_percentiles(both->result, 0, &both->arena)->name);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(latency_goes_as_far_as_ten_operations_carry),
        TEST(no_percentile_is_there_twice),
        TEST(percentiles_need_operations),
        TEST(targets_stand_beside_their_like),
        TEST(plans_and_indexes_are_counted),
        TEST(p99_over_time_comes_from_the_log),
        TEST(a_comparison_has_charts),
        TEST(growth_has_lines_and_limits),
        TEST(names_are_names_of_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
