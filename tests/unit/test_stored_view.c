/* What is shown of a baseline, and of a comparison with one. The goldens were read by a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "golden.h"
#include "reports/gate/baseline_text.h"
#include "reports/gate/gate_text.h"
#include "reports/gate/stored_view.h"
#include "sample_comparison.h"

struct both {
    struct tg_comparison *stored, *now;
    struct tg_arena arena;
};

/* The sample of two variants serves as one of each: its after is a fifth slower in one metric. */
static struct both set_up(bool slower)
{
    struct both both = {.stored = tg_sample_comparison(12), .now = tg_sample_comparison(16)};
    both.stored->started_unix_ms -= INT64_C(24) * 3600 * 1000;
    for (size_t i = 0; i < both.stored->launch_count; i++)
        both.stored->launches[i].yardstick_ns = 100000 + 200 * ((int64_t)i % 5);
    for (size_t i = 0; i < both.now->launch_count; i++) {
        both.now->launches[i].yardstick_ns = 100400 + 150 * ((int64_t)i % 7);
        for (int side = 0; side < TG_SIDES; side++)
            both.now->metrics[1].values[i].pooled[side] *= slower ? 1.3 : 1;
    }
    return both;
}

static void tear_down(struct both *both)
{
    tg_comparison_free(both->stored);
    tg_comparison_free(both->now);
    tg_arena_free(&both->arena);
}

static struct tg_gate_view view_of(struct both *both, const char *differs, bool allow)
{
    const struct tg_stored_source source = {
        .name = "main", .stored = both->stored, .now = both->now, .differs = differs};
    struct tg_stored_judgement judgement =
        tg_stored_judge(both->stored, both->now, differs == NULL, &both->arena);
    return tg_stored_view(&source, &judgement, allow, &both->arena);
}

static void a_regression_at_100_columns(void **state)
{
    (void)state;
    struct both both = set_up(true);
    struct tg_gate_view view = view_of(&both, NULL, false);
    struct tg_text out = {0};
    tg_report_gate(&view, 100, false, &out);
    check_golden("stored-gate-100.txt", &out);
    assert_int_equal(view.exit_code, 1);
    tg_text_free(&out);
    tear_down(&both);
}

/* Those metrics alone that a baseline can be asked about. The sample is made from the same launches
 * in both, or it is slower by 30 % in one metric now, where 7.5 % are allowed. */
static void a_pass_is_0_and_a_regression_1(void **state)
{
    (void)state;
    for (int slower = 0; slower < 2; slower++) {
        struct both both = set_up(slower);
        both.stored->metric_count = both.now->metric_count = 3;
        const struct tg_gate_view view = view_of(&both, NULL, false);
        assert_int_equal(view.exit_code, slower);
        assert_string_equal(view.verdict, slower ? "REGRESSION" : "PASS");
        assert_int_equal(view.good, !slower);
        assert_int_equal(view.bad, slower);
        assert_int_equal(view_of(&both, NULL, true).exit_code, slower);
        tear_down(&both);
    }
}

/* As much slower as the store: there is no verdict, and nothing is coloured as one. */
static void a_slower_machine_at_100_columns(void **state)
{
    (void)state;
    struct both both = set_up(true);
    for (size_t i = 0; i < both.now->launch_count; i++)
        both.now->launches[i].yardstick_ns += 30000;
    struct tg_gate_view view = view_of(&both, NULL, false);
    struct tg_text out = {0};
    tg_report_gate(&view, 100, false, &out);
    check_golden("stored-machine-100.txt", &out);
    assert_int_equal(view.exit_code, 3);
    for (size_t i = 0; i < view.row_count; i++)
        assert_false(view.rows[i].good || view.rows[i].bad);
    assert_int_equal(view_of(&both, NULL, true).exit_code, 0);
    tg_text_free(&out);
    tear_down(&both);
}

/* Margins of 40 %, a store slower by 30 %, and a machine faster by 25 %. */
static void a_faster_machine_may_hide_a_slower_store(void **state)
{
    (void)state;
    struct both both = set_up(true);
    for (size_t i = 0; i < both.now->metric_count; i++)
        both.now->metrics[i].margin = 0.4;
    struct tg_gate_view view = view_of(&both, NULL, false);
    assert_string_equal(view.rows[1].verdict, "pass");
    for (size_t i = 0; i < both.now->launch_count; i++)
        both.now->launches[i].yardstick_ns -= 25000;
    view = view_of(&both, NULL, false);
    assert_string_equal(view.rows[0].verdict, "pass");
    assert_string_equal(view.rows[1].verdict, "inconclusive");
    assert_non_null(strstr(view.rows[1].note, "could hide that it is slower"));
    tear_down(&both);
}

static void across_hosts_at_100_columns(void **state)
{
    (void)state;
    struct both both = set_up(true);
    struct tg_gate_view view = view_of(&both, "CPU Z80 there, AMD EPYC here", true);
    struct tg_text out = {0};
    tg_report_gate(&view, 100, false, &out);
    check_golden("stored-across-100.txt", &out);
    /* --allow-inconclusive does not make a pass of it. */
    assert_int_equal(view.exit_code, 3);
    assert_false(view.good || view.bad);
    for (size_t i = 0; i < view.row_count; i++)
        assert_false(view.rows[i].good || view.rows[i].bad);
    tg_text_free(&out);
    tear_down(&both);
}

static void a_baseline_at_100_columns(void **state)
{
    (void)state;
    struct both both = set_up(false);
    const struct tg_baseline_shown shown = {
        .name = "main",
        .path = "baselines/main.json",
        .comparison = both.stored,
        .host = "AMD EPYC, 2 CPUs, 24 GiB, Linux 6.1.0-28-amd64, kvm",
        .differs = "CPU AMD EPYC there, Z80 here",
    };
    struct tg_text out = {0};
    tg_report_baseline(&shown, 100, false, &out);
    check_golden("baseline-100.txt", &out);
    tg_text_free(&out);
    tear_down(&both);
}

/* What could not be gated leaves the question open; that alone may exit with 0. */
static void an_open_question_may_be_allowed(void **state)
{
    (void)state;
    struct both both = set_up(false);
    assert_int_equal(view_of(&both, NULL, false).exit_code, 3);
    struct tg_gate_view allowed = view_of(&both, NULL, true);
    assert_int_equal(allowed.exit_code, 0);
    assert_string_equal(allowed.verdict, "CANNOT TELL");
    both.now->end = TG_END_INTERRUPTED;
    assert_int_equal(view_of(&both, NULL, true).exit_code, 3);
    both.now->end = TG_END_NOT_GATED;
    assert_int_equal(view_of(&both, NULL, true).exit_code, 3);
    tear_down(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regression_at_100_columns),
        cmocka_unit_test(a_pass_is_0_and_a_regression_1),
        cmocka_unit_test(a_slower_machine_at_100_columns),
        cmocka_unit_test(a_faster_machine_may_hide_a_slower_store),
        cmocka_unit_test(across_hosts_at_100_columns),
        cmocka_unit_test(a_baseline_at_100_columns),
        cmocka_unit_test(an_open_question_may_be_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
