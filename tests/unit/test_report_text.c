#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "reports/layout/text_table.h"
#include "reports/run/report_view.h"
#include "reports/run/run_text.h"
#include "sample_result.h"
#include "tests/unit/golden.h"

/* ---- golden files ---- */

static void check_report(const char *name, int columns, bool color)
{
    struct tg_result *result = tg_sample_result();
    struct tg_text out = {0};
    tg_report_run(result, columns, color, &out);
    check_golden(name, &out);
    tg_text_free(&out);
    tg_result_free(result);
}

static void a_run_at_80_columns(void **state)
{
    (void)state;
    check_report("run-80.txt", 80, false);
}

static void a_run_at_120_columns(void **state)
{
    (void)state;
    check_report("run-120.txt", 120, false);
}

static void a_run_at_50_columns(void **state)
{
    (void)state;
    check_report("run-50.txt", 50, false);
}

static void a_run_in_colour(void **state)
{
    (void)state;
    check_report("run-80-colour.txt", 80, true);
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    char *copy = tg_strdup(text);
    char *rest = copy;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        size_t width = tg_text_width(line);
        if (width > widest)
            widest = width;
    }
    free(copy);
    return widest;
}

static void no_line_is_wider_than_asked_for(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    /* A word is never broken: the path of the scenario takes 39 columns behind a label of 12. */
    for (int columns = 51; columns <= 130; columns++) {
        struct tg_text out = {0};
        tg_report_run(result, columns, false, &out);
        assert_in_range(widest_line(out.data), 1, columns);
        tg_text_free(&out);
    }
    tg_result_free(result);
}

static bool report_has(struct tg_result *result, const char *words)
{
    struct tg_text out = {0};
    tg_report_run(result, 200, false, &out);
    bool has = strstr(out.data, words) != NULL;
    tg_text_free(&out);
    return has;
}

static void a_verdict_says_its_exit_code(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    assert_true(report_has(result, "FAIL        the store fell short (exit code 1)"));
    result->verdict = TG_VERDICT_INVALID;
    assert_true(report_has(result, "INVALID     cannot tell (exit code 3)"));
    result->verdict = TG_VERDICT_PASS;
    assert_true(report_has(result, "PASS        every target met (exit code 0)"));
    result->target_count = 0;
    assert_true(report_has(result, "sets no target"));
    tg_result_free(result);
}

static void what_went_wrong_in_a_phase_is_said(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    assert_false(report_has(result, "invalid: "));
    assert_false(report_has(result, "interrupted: "));
    result->phases[0].invalid = "the harness offered 400/s of 1,000/s";
    result->phases[0].interrupted = true;
    result->phases[0].issued = 59000;
    const char *violations[] = {"a", "b"};
    result->violations = violations;
    result->violation_count = 2;
    assert_true(report_has(result, "invalid: the harness offered 400/s of 1,000/s"));
    assert_true(report_has(result, "interrupted: "));
    assert_true(report_has(result, "59,000 of 60,000 operations that fell due were started"));
    assert_true(report_has(result, "2 violations"));
    tg_result_free(result);
}

static void ratios_are_rounded_and_never_capped(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    struct tg_target_result *target = &result->targets[0]; /* an upper limit */
    static const struct {
        double ratio;
        const char *words;
    } cases[] = {
        {50e6 / 110e3, "455× better"}, {13392.7, "13,400× better"}, {1 / 1.3, "1.30× over"},
        {1.0001, "at the limit"},      {0.9999, "at the limit"},    {1.01, "1.01× better"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        target->ratio = cases[i].ratio;
        assert_true(report_has(result, cases[i].words));
    }
    target->compare = TG_GREATER;
    target->ratio = 0.5;
    assert_true(report_has(result, "2.00× short"));
    tg_result_free(result);
}

static void a_stored_text_cannot_command_the_terminal(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    result->phases[0].name = "ste\033[2Jady";
    result->phases[0].ops[0].name = "a\nb\tc\x7f";
    result->phases[0].ops[1].errors[0].text = "x\033]0;owned\a y\xC2\x9B"
                                              "31m";
    result->scenario_path = "p\rq";
    result->engine_kind = "\033[31mred";
    struct tg_text out = {0};
    tg_report_run(result, 100, false, &out);
    for (const char *at = out.data; *at; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    assert_null(strchr(out.data, 0x7f));
    assert_null(strstr(out.data, "\xC2\x9B"));
    tg_text_free(&out);
    result->phases[0].ops[1].errors[0].text = "database is locked"; /* the sample is shared */
    tg_result_free(result);
}

/* ---- parts ---- */

static void few_samples_support_no_percentile(void **state)
{
    (void)state;
    /* Values beyond the percentile on average: count * (1 - p/100), worked out by hand. */
    assert_int_equal(tg_percentile_support(0, 50), TG_SUPPORT_NONE);
    assert_int_equal(tg_percentile_support(1, 50), TG_SUPPORT_NONE);
    assert_int_equal(tg_percentile_support(2, 50), TG_SUPPORT_WEAK);
    assert_int_equal(tg_percentile_support(20, 50), TG_SUPPORT_GOOD);
    assert_int_equal(tg_percentile_support(99, 99), TG_SUPPORT_NONE);
    assert_int_equal(tg_percentile_support(100, 99), TG_SUPPORT_WEAK);
    assert_int_equal(tg_percentile_support(999, 99), TG_SUPPORT_WEAK);
    assert_int_equal(tg_percentile_support(1000, 99), TG_SUPPORT_GOOD);
    assert_int_equal(tg_percentile_support(999, 99.9), TG_SUPPORT_NONE);
    assert_int_equal(tg_percentile_support(1000, 99.9), TG_SUPPORT_WEAK);
    assert_int_equal(tg_percentile_support(9999, 99.9), TG_SUPPORT_WEAK);
    assert_int_equal(tg_percentile_support(10000, 99.9), TG_SUPPORT_GOOD);
    assert_int_equal(tg_percentile_support(1000000, 100), TG_SUPPORT_NONE);
}

static void short_durations_lose_their_zeros(void **state)
{
    (void)state;
    char text[TG_UNIT_TEXT];
    assert_string_equal(tg_short_duration(60 * TG_NS_PER_S, text), "60 s");
    assert_string_equal(tg_short_duration(1500 * TG_NS_PER_MS, text), "1.5 s");
    assert_string_equal(tg_short_duration(100 * TG_NS_PER_MS, text), "100 ms");
    assert_string_equal(tg_short_duration(0, text), "0 ns");
    assert_string_equal(tg_short_duration(7200 * TG_NS_PER_S, text), "2h 00m");
}

static const struct tg_table_column three[] = {
    {.title = "name", .may_shorten = true},
    {.title = "n", .right = true, .keep = 2},
    {.title = "µ", .right = true, .keep = 1},
};

static void check_table(size_t indent, size_t width, const char *expected)
{
    struct tg_table table;
    struct tg_text out = {0};
    tg_table_init(&table, three, 3);
    tg_table_cell(&table, "short");
    tg_table_cell(&table, "1");
    tg_table_cell(&table, "1.5 µs");
    tg_table_cell(&table, "日本の長い名前"); /* 7 characters, 14 columns */
    tg_table_cellf(&table, TG_RED, "%d", 1234);
    tg_table_cell(&table, "9");
    tg_table_render(&table, indent, width, false, &out);
    assert_string_equal(out.data, expected);
    tg_text_free(&out);
    tg_table_free(&table);
}

static void tables_align_by_display_width(void **state)
{
    (void)state;
    check_table(1, 80,
                " name               n       µ\n"
                " --------------  ----  ------\n"
                " short              1  1.5 µs\n"
                " 日本の長い名前  1234       9\n");
}

static void narrow_tables_give_up_columns_then_shorten(void **state)
{
    (void)state;
    check_table(0, 20,
                "name               n\n"
                "--------------  ----\n"
                "short              1\n"
                "日本の長い名前  1234\n"
                "(not shown at this\n"
                "width: µ)\n");
    check_table(0, 10,
                "name\n"
                "----------\n"
                "short\n"
                "日本の長..\n"
                "(not shown\n"
                "at this\n"
                "width: n,\n"
                "µ)\n");
}

static void colours_do_not_disturb_the_alignment(void **state)
{
    (void)state;
    struct tg_table table;
    struct tg_text out = {0};
    tg_table_init(&table, three, 3);
    tg_table_cell(&table, "a");
    tg_table_cellf(&table, TG_RED, "7");
    tg_table_cell(&table, "");
    tg_table_render(&table, 0, 80, true, &out);
    assert_string_equal(out.data, "name  n  µ\n----  -  -\na     \033[31m7\033[0m\n");
    tg_text_free(&out);
    tg_table_free(&table);
}

static void wrapping_keeps_numbers_with_their_units(void **state)
{
    (void)state;
    struct tg_text out = {0};
    tg_wrap_add(&out, "it took 60 s in all", 0, 2, 10);
    assert_string_equal(out.data, "it took\n  60 s in\n  all\n");
    tg_text_clear(&out);
    tg_wrap_add(&out, "about ~1.5 ms", 0, 0, 11);
    assert_string_equal(out.data, "about\n~1.5 ms\n");
    tg_text_clear(&out);
    tg_wrap_add(&out, "averyveryverylongword x", 4, 2, 10);
    assert_string_equal(out.data, "averyveryverylongword\n  x\n");
    tg_text_clear(&out);
    tg_wrap_add(&out, "  ", 0, 0, 10);
    assert_string_equal(out.data, "\n");
    tg_text_clear(&out);
    tg_wrap_add(&out, "ends in 5 ", 0, 0, 80);
    assert_string_equal(out.data, "ends in 5\n");
    tg_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_at_80_columns),
        cmocka_unit_test(a_run_at_120_columns),
        cmocka_unit_test(a_run_at_50_columns),
        cmocka_unit_test(a_run_in_colour),
        cmocka_unit_test(no_line_is_wider_than_asked_for),
        cmocka_unit_test(a_verdict_says_its_exit_code),
        cmocka_unit_test(what_went_wrong_in_a_phase_is_said),
        cmocka_unit_test(ratios_are_rounded_and_never_capped),
        cmocka_unit_test(a_stored_text_cannot_command_the_terminal),
        cmocka_unit_test(few_samples_support_no_percentile),
        cmocka_unit_test(short_durations_lose_their_zeros),
        cmocka_unit_test(tables_align_by_display_width),
        cmocka_unit_test(narrow_tables_give_up_columns_then_shorten),
        cmocka_unit_test(colours_do_not_disturb_the_alignment),
        cmocka_unit_test(wrapping_keeps_numbers_with_their_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
