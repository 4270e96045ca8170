/* A sweep in figures and words. The line through 5.2, 6.1, 9.3, 14.1 us is that of
 * growth_scipy.inc; the extrapolations were worked out from it by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <string.h>

#include "golden.h"
#include "reports/sweep/sweep_view.h"
#include "sample_sweep.h"

struct sample {
    struct tg_result *runs[SAMPLE_SIZES]; /* largest first */
    struct tg_arena arena;
};

static int set_up(void **state)
{
    struct sample *sample = tg_calloc(1, sizeof *sample);
    tg_sample_sweep(sample->runs);
    *state = sample;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *sample = *state;
    tg_sample_sweep_free(sample->runs);
    tg_arena_free(&sample->arena);
    free(sample);
    return 0;
}

static struct tg_sweep_view view_of(struct sample *sample, size_t count)
{
    const struct tg_result *runs[SAMPLE_SIZES];
    for (size_t i = 0; i < count; i++)
        runs[i] = sample->runs[SAMPLE_SIZES - 1 - i];
    return tg_sweep_view_make(runs, count, &sample->arena);
}

static void near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance * fabs(expected)))
        fail_msg("%.10g is not %.10g", value, expected);
}

static void runs_are_sorted(void **state)
{
    struct sample *sample = *state;
    const struct tg_result *runs[SAMPLE_SIZES + 1] = {sample->runs[0], sample->runs[1],
                                                      sample->runs[2], sample->runs[3]};
    /* A size that was measured again: the later run counts. */
    struct tg_result again = *sample->runs[2];
    again.id = "again";
    again.started_unix_ms += 60000;
    runs[4] = &again;
    struct tg_sweep_view view = tg_sweep_view_make(runs, SAMPLE_SIZES + 1, &sample->arena);
    assert_int_equal(view.run_count, SAMPLE_SIZES);
    for (size_t i = 0; i < SAMPLE_SIZES; i++)
        assert_true(view.rows[i] == pow(10, 3 + (double)i));
    assert_string_equal(view.runs[1]->id, "again");
    assert_string_equal(view.id, "scale-20251121T000000Z");
    assert_string_equal(view.table, "memory_entries");
}

static void operations_have_figures_and_growth(void **state)
{
    struct tg_sweep_view view = view_of(*state, SAMPLE_SIZES);
    assert_int_equal(view.op_count, 4);
    const struct tg_sweep_op *get = &view.ops[0];
    assert_string_equal(get->op, "get");
    assert_string_equal(get->phase, "steady");
    assert_false(get->response);
    near(get->p99_ns[3], 14100, 0.001); /* three digits are recorded */
    near(get->rate_per_s[0], 2000, 1e-9);
    near(get->p99_growth.exponent, 0.14828, 0.01);
    near(get->p99_growth.low, 0.064642, 0.02);
    near(get->p99_growth.high, 0.231918, 0.02);
    near(view.ops[1].p50_growth.exponent, log10(2), 0.001);
    near(view.ops[2].p99_growth.exponent + 1, 1, 1e-9);
}

static void percentiles_of_few_operations_are_not_used(void **state)
{
    struct tg_sweep_view view = view_of(*state, SAMPLE_SIZES);
    const struct tg_sweep_op *rare = &view.ops[3];
    near(rare->p50_ns[0], 1e6, 0.001);
    assert_true(isnan(rare->p99_ns[0]));
    assert_int_equal(rare->p50_growth.sizes, 4);
    assert_int_equal(rare->p99_growth.sizes, 0);
}

static void phases_that_say_nothing_are_not_used(void **state)
{
    struct sample *sample = *state;
    sample->runs[1]->phases[0].invalid = "the harness could not offer the rate";
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_true(isnan(view.ops[0].p50_ns[2]));
    assert_false(isnan(view.ops[0].p50_ns[3]));
    /* Met at 10,000; what would have been at 100,000 is not known, so no more is claimed. */
    assert_true(view.ops[0].limits[0].capacity_rows == 10000);
    assert_true(view.ops[0].limits[0].missed_rows == 0);
    assert_string_equal(tg_sweep_capacity_words(&view, &view.ops[0].limits[0], &sample->arena),
                        "10,000, no data at 100,000");
}

static void an_interrupted_phase_has_no_capacity(void **state)
{
    struct sample *sample = *state;
    sample->runs[0]->phases[0].interrupted = true;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_true(view.ops[2].limits[0].capacity_rows == 100000);
    assert_true(view.ops[2].limits[0].missed_rows == 0);
}

static void a_store_that_died_has_no_capacity(void **state)
{
    struct sample *sample = *state;
    sample->runs[0]->crash = "killed by SIGSEGV in phase steady";
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_true(view.ops[2].limits[0].capacity_rows == 100000);
}

/* 3 of 100 operations that fell due were never started, and have waited longest: the p99 of the
 * others is below the limit and says nothing, as in the run's own verdict. One of 100 could not
 * lift it above. */
static void met_without_what_was_never_started_is_not_met(void **state)
{
    struct sample *sample = *state;
    struct tg_phase_result *phase = &sample->runs[0]->phases[0];
    sample->runs[0]->targets[3].key = "scale/steady/put/response.p99";
    phase->offered = 10000;
    phase->issued = 9700;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_true(view.ops[2].limits[0].capacity_rows == 100000);
    assert_true(view.ops[2].limits[0].missed_rows == 0);
    assert_string_equal(tg_sweep_capacity_words(&view, &view.ops[2].limits[0], &sample->arena),
                        "100,000, no data at 1,000,000");
    phase->issued = 9900;
    view = view_of(sample, SAMPLE_SIZES);
    assert_true(view.ops[2].limits[0].capacity_rows == 1e6);
}

/* What a store missed before it ended itself is its own doing; until somebody killed it, it is not.
 * The figures of such a phase are not complete, so they are not part of a growth. */
static void missed_before_a_crash_is_missed(void **state)
{
    struct sample *sample = *state;
    sample->runs[1]->crash = "ended by signal 11 (SIGSEGV) in phase steady";
    sample->runs[1]->crash_signal = SIGSEGV;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *query = &view.ops[1].limits[0];
    assert_true(query->capacity_rows == 10000);
    assert_true(query->missed_rows == 100000);
    assert_int_equal(query->growth.sizes, 3);
    sample->runs[1]->crash_signal = SIGKILL;
    view = view_of(sample, SAMPLE_SIZES);
    assert_true(view.ops[1].limits[0].capacity_rows == 10000);
    assert_true(view.ops[1].limits[0].missed_rows == 1e6);
}

/* exp((ln 20000 - 7.454616) / 0.14828) = 1.49e7 and 10^6 (20 / 14.1)^(1 / 0.231918) = 4.51e6. */
static void a_limit_is_extrapolated(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *limit = &view.ops[0].limits[0];
    assert_int_equal(view.ops[0].limit_count, 2);
    assert_string_equal(limit->target->text, "get.p99 < 20us");
    assert_true(limit->capacity_rows == 1e6);
    assert_true(limit->missed_rows == 0);
    near(limit->degrades_rows, 1.4875e7, 0.05);
    near(limit->degrades_soonest_rows, 4.514e6, 0.02);
    assert_string_equal(tg_sweep_degrades_words(&view, limit, &sample->arena), "beyond 10,000,000");
    assert_string_equal(tg_sweep_soonest_words(&view, limit, &sample->arena), "about 4,500,000");
    /* A thousand times more room: no number is believed. */
    assert_string_equal(tg_sweep_soonest_words(&view, &view.ops[0].limits[1], &sample->arena),
                        "beyond 10,000,000");
}

/* 1, 2.1, 4.6, 7.9 ms: the line is at 8.42 ms at the largest size, above a limit of 8.2 ms that was
 * met there. What was measured counts for more: it breaks right behind. */
static void a_line_does_not_overrule_what_was_measured(void **state)
{
    struct sample *sample = *state;
    static const double values_ns[] = {1e6, 2.1e6, 4.6e6, 7.9e6};
    for (size_t i = 0; i < SAMPLE_SIZES; i++) {
        struct tg_target_result *target = &sample->runs[SAMPLE_SIZES - 1 - i]->targets[2];
        target->value = values_ns[i];
        target->limit = 8.2e6;
        target->status = TG_TARGET_MET;
    }
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *limit = &view.ops[1].limits[0];
    assert_true(limit->growth.low > 0);
    assert_true(limit->capacity_rows == 1e6);
    assert_true(limit->degrades_rows == 1e6);
    assert_true(limit->degrades_soonest_rows == 1e6);
}

/* Two digits of 1,240,000 are 1,200,000, below a size that met the target. */
static void rounding_does_not_undercut_what_was_measured(void **state)
{
    struct sample *sample = *state;
    sample->runs[0]->sweep.rows = 1234567;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_true(tg_sweep_believed_rows(&view, 1240000) == 1234567);
    assert_true(tg_sweep_believed_rows(&view, 1234567) == 1234567);
    assert_true(tg_sweep_believed_rows(&view, 1260000) == 1300000);
    assert_true(tg_sweep_believed_rows(&view, 99900) == 100000);
    assert_true(tg_sweep_believed_rows(&view, 100900) == 100000);
    struct tg_sweep_limit limit = view.ops[0].limits[0];
    limit.degrades_soonest_rows = 1240000;
    assert_string_equal(tg_sweep_soonest_words(&view, &limit, &sample->arena), "about 1,234,567");
}

static void what_is_missed_is_not_extrapolated(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *limit = &view.ops[1].limits[0]; /* 1, 2, 4, 8 against 3 ms */
    assert_true(limit->capacity_rows == 10000);
    assert_true(limit->missed_rows == 100000);
    assert_true(isnan(limit->degrades_rows) && isnan(limit->degrades_soonest_rows));
    assert_string_equal(tg_sweep_capacity_words(&view, limit, &sample->arena),
                        "10,000, missed at 100,000");
    assert_string_equal(tg_sweep_degrades_words(&view, limit, &sample->arena), "");
}

/* Met at 1,000, nothing known of 10,000, missed at 100,000: the miss counts, and what lies behind
 * it is not extrapolated. 14.1 us at the largest size met a limit of 20 us; it is the target that
 * was changed. */
static void a_size_without_data_hides_no_miss(void **state)
{
    struct sample *sample = *state;
    sample->runs[2]->phases[0].invalid = "the harness could not offer the rate";
    sample->runs[1]->targets[0].status = TG_TARGET_MISSED;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *limit = &view.ops[0].limits[0];
    assert_true(limit->capacity_rows == 1000);
    assert_true(limit->missed_rows == 100000);
    assert_true(isnan(limit->degrades_rows) && isnan(limit->degrades_soonest_rows));
    assert_string_equal(tg_sweep_capacity_words(&view, limit, &sample->arena),
                        "1,000, no data at 10,000, missed at 100,000");
}

/* Without data at 10,000 and met at all others: it breaks behind the largest, not behind the gap.
 */
static void a_gap_does_not_break(void **state)
{
    struct sample *sample = *state;
    sample->runs[2]->phases[0].invalid = "the harness could not offer the rate";
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *limit = &view.ops[0].limits[0];
    assert_true(limit->capacity_rows == 1000);
    assert_true(limit->missed_rows == 0);
    assert_true(limit->degrades_soonest_rows > 1e6);
    assert_string_equal(tg_sweep_capacity_words(&view, limit, &sample->arena),
                        "1,000, no data at 10,000");
}

/* Met again at the largest size, by chance: a gap below it is no capacity. */
static void capacity_has_no_gaps(void **state)
{
    struct sample *sample = *state;
    sample->runs[0]->targets[2].status = TG_TARGET_MET;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_true(view.ops[1].limits[0].capacity_rows == 10000);
}

static void what_does_not_grow_does_not_break(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    const struct tg_sweep_limit *limit = &view.ops[2].limits[0];
    assert_true(limit->capacity_rows == 1e6);
    assert_true(isinf(limit->degrades_rows));
    assert_string_equal(tg_sweep_degrades_words(&view, limit, &sample->arena), "no growth shown");
}

/* 1,000 to 400/s: the time per operation grows by 2.5 over three decades. The line through the
 * reciprocals, by hand: exponent 0.1303, ln 0.001 at about 700 rows; 1 / 100 is reached beyond. */
static void lower_limits_are_reached_from_above(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_int_equal(view.other_count, 2);
    const struct tg_sweep_limit *rate = &view.others[0];
    assert_string_equal(rate->target->text, "rate >= 100/s");
    assert_true(rate->capacity_rows == 1e6);
    /* Slope over equal steps: (3 (y4 - y1) + (y3 - y2)) / 10 per decade. */
    double decade = (3 * log(1000. / 400) + log(900. / 700)) / 10 / log(10);
    near(rate->growth.exponent, decade, 1e-9);
    assert_true(rate->degrades_soonest_rows > 1e6);
    assert_true(rate->degrades_soonest_rows <= rate->degrades_rows);
    const struct tg_sweep_limit *errors = &view.others[1];
    assert_true(errors->capacity_rows == 1e6);
    assert_true(isnan(errors->degrades_rows) && isnan(errors->degrades_soonest_rows));
}

static void two_sizes_are_not_extrapolated(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, 2);
    const struct tg_sweep_limit *limit = &view.ops[0].limits[0];
    assert_true(limit->capacity_rows == 10000);
    assert_true(isnan(limit->degrades_rows) && isnan(limit->degrades_soonest_rows));
    assert_string_equal(tg_sweep_interval_words(&limit->growth, &sample->arena), "");
    assert_string_equal(tg_sweep_sizes_words(&view, &sample->arena),
                        "2 sizes of memory_entries, 1,000 to 10,000 rows; not measured: 100,000; "
                        "1,000,000");
}

static void pages_look_as_read(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    struct tg_text out = {0};
    tg_report_sweep(&view, 120, false, &out);
    check_golden("sweep.txt", &out);
    tg_text_clear(&out);
    tg_report_sweep(&view, 64, false, &out);
    check_golden("sweep_narrow.txt", &out);
    tg_text_clear(&out);
    tg_markdown_sweep(&view, &out);
    check_golden("sweep.md", &out);
    cJSON *json = tg_sweep_to_json(&view);
    char *document = tg_json_print(json);
    tg_text_clear(&out);
    tg_text_add(&out, document);
    check_golden("sweep.json", &out);
    free(document);
    cJSON_Delete(json);
    tg_text_clear(&out);
    view = view_of(sample, 1);
    tg_report_sweep(&view, 100, false, &out);
    check_golden("sweep_one_size.txt", &out);
    tg_text_free(&out);
}

static void the_worst_run_decides(void **state)
{
    struct sample *sample = *state;
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    assert_int_equal(tg_sweep_verdict(&view), TG_VERDICT_FAIL);
    sample->runs[SAMPLE_SIZES - 1]->verdict = TG_VERDICT_INVALID;
    assert_int_equal(tg_sweep_verdict(&view), TG_VERDICT_FAIL);
    for (size_t i = 0; i + 1 < SAMPLE_SIZES; i++)
        sample->runs[i]->verdict = TG_VERDICT_PASS;
    assert_int_equal(tg_sweep_verdict(&view), TG_VERDICT_INVALID);
    sample->runs[SAMPLE_SIZES - 1]->verdict = TG_VERDICT_PASS;
    assert_int_equal(tg_sweep_verdict(&view), TG_VERDICT_PASS);
    /* A size that is missing may be the one that fails. */
    view = view_of(sample, 2);
    assert_int_equal(tg_sweep_verdict(&view), TG_VERDICT_INVALID);
}

/* Names come from the scenario of somebody else. */
static void names_cannot_break_out(void **state)
{
    struct sample *sample = *state;
    sample->runs[SAMPLE_SIZES - 1]->phases[0].ops[0].name = "a|b`c<img src=x>@all";
    struct tg_sweep_view view = view_of(sample, SAMPLE_SIZES);
    struct tg_text out = {0};
    tg_markdown_sweep(&view, &out);
    assert_non_null(strstr(out.data, "<code>a\\|b\\`c\\<img src=x\\>"));
    assert_null(strstr(out.data, "c<img"));
    tg_text_free(&out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(runs_are_sorted),
        TEST(operations_have_figures_and_growth),
        TEST(percentiles_of_few_operations_are_not_used),
        TEST(phases_that_say_nothing_are_not_used),
        TEST(an_interrupted_phase_has_no_capacity),
        TEST(a_store_that_died_has_no_capacity),
        TEST(met_without_what_was_never_started_is_not_met),
        TEST(missed_before_a_crash_is_missed),
        TEST(a_limit_is_extrapolated),
        TEST(a_line_does_not_overrule_what_was_measured),
        TEST(rounding_does_not_undercut_what_was_measured),
        TEST(what_is_missed_is_not_extrapolated),
        TEST(a_size_without_data_hides_no_miss),
        TEST(a_gap_does_not_break),
        TEST(capacity_has_no_gaps),
        TEST(what_does_not_grow_does_not_break),
        TEST(lower_limits_are_reached_from_above),
        TEST(two_sizes_are_not_extrapolated),
        TEST(pages_look_as_read),
        TEST(the_worst_run_decides),
        TEST(names_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
