/* What a CI system sees must not contradict the exit code: a bad verdict has a case that failed, an
 * open one none that failed and one that was skipped. The verdicts themselves are those of
 * gate/comparison.h, judged here anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>

#include <string.h>

#include "reports/compare/compare_cases.h"
#include "tests/unit/sample_compare.h"
#include "tests/unit/sample_comparison.h"
#include "tests/unit/sample_result.h"

static void count(const struct tg_case_list *lists, size_t list_count,
                  size_t counts[TG_CASE_OUTCOMES])
{
    memset(counts, 0, TG_CASE_OUTCOMES * sizeof *counts);
    for (size_t i = 0; i < list_count; i++) {
        size_t own[TG_CASE_OUTCOMES] = {0};
        for (size_t k = 0; k < lists[i].count; k++)
            own[lists[i].items[k].outcome]++;
        assert_memory_equal(own, lists[i].counts, sizeof own);
        for (int k = 0; k < TG_CASE_OUTCOMES; k++)
            counts[k] += own[k];
    }
}

static void check_agrees(const struct tg_compare_view *view)
{
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    size_t counts[TG_CASE_OUTCOMES];
    count(lists, tg_compare_cases(view, &arena, lists), counts);
    size_t bad = counts[TG_CASE_FAILED] + counts[TG_CASE_ERROR];
    if (view->gate.bad)
        assert_true(bad > 0);
    else
        assert_int_equal(bad, 0);
    if (!view->gate.bad && !view->gate.good)
        assert_true(counts[TG_CASE_SKIPPED] > 0);
    if (view->gate.good)
        assert_int_equal(counts[TG_CASE_SKIPPED], 0);
    tg_arena_free(&arena);
}

static const struct tg_case *find(const struct tg_case_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    fail_msg("there is no case \"%s\"", name);
    return NULL;
}

static void endings_agree_with_the_exit_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < TG_SAMPLE_ENDINGS; i++) {
        struct tg_arena arena = {0};
        struct tg_comparison *comparison = tg_sample_ended(&tg_sample_endings[i]);
        struct tg_compare_view view = tg_compare_view_make(comparison, false, &arena);
        assert_int_equal(view.gate.exit_code, tg_sample_endings[i].exit_code);
        check_agrees(&view);
        tg_comparison_free(comparison);
        tg_arena_free(&arena);
    }
}

/* One that was interrupted when its regression had just been confirmed: it has no verdict, and no
 * report may show one in a row of its table. */
static void an_interrupted_gate_has_no_regression(void **state)
{
    (void)state;
    const struct tg_sample_ending ending = {21, TG_END_INTERRUPTED, TG_BEFORE, true, 3};
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    struct tg_comparison *comparison = tg_sample_ended(&ending);
    struct tg_compare_view view = tg_compare_view_make(comparison, false, &arena);
    const struct tg_gate_row *row = &view.gate.rows[1];
    assert_string_equal(row->metric, "memory_put.p99");
    assert_int_equal(row->judged_as, TG_GATE_INCONCLUSIVE);
    assert_string_equal(row->verdict, "inconclusive");
    assert_false(row->bad);
    assert_true(row->suspected);
    assert_non_null(row->note);
    assert_string_equal(view.gate.rows[0].verdict, "pass"); /* which was proved */
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "memory_put.p99")->outcome, TG_CASE_SKIPPED);
    assert_string_equal(find(&lists[0], "memory_put.p99")->type, "suspected");
    for (size_t i = 0; i < comparison->launch_count; i++) /* and a twelfth of the operations fail */
        comparison->launches[i].failed[TG_AFTER] = 4000;
    view = tg_compare_view_make(comparison, false, &arena);
    assert_true(view.gate.fails_more);
    assert_false(view.gate.fails_proved);
    comparison->end = TG_END_DECIDED;
    view = tg_compare_view_make(comparison, false, &arena);
    assert_true(view.gate.fails_proved);
    assert_true(view.gate.rows[1].bad);
    tg_comparison_free(comparison);
    tg_arena_free(&arena);
}

/* The kinds of rows are those of tests/unit/sample_gate.h. */
static void each_metric_is_a_case(void **state)
{
    (void)state;
    static const struct {
        const char *name, *type;
        enum tg_case_outcome outcome;
    } expected[] = {
        {"session_get.p50", "pass", TG_CASE_PASSED},
        {"session_get.p99", "regression", TG_CASE_FAILED},
        {"memory_put.p95", "inconclusive", TG_CASE_SKIPPED},
        {"memory_put.p99.9", "not-gated", TG_CASE_SKIPPED},
        {"stalls", "improvement", TG_CASE_PASSED},
        {"rate", "regression", TG_CASE_FAILED},
        {"errors", "pass", TG_CASE_PASSED},
    };
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    struct tg_compare_view view = sample_compare();
    assert_int_equal(tg_compare_cases(&view, &arena, lists), 1);
    assert_string_equal(lists[0].name, "memory_store.steady");
    assert_int_equal(lists[0].count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < lists[0].count; i++) {
        assert_string_equal(lists[0].items[i].name, expected[i].name);
        assert_string_equal(lists[0].items[i].type, expected[i].type);
        assert_int_equal(lists[0].items[i].outcome, expected[i].outcome);
    }
    assert_string_equal(find(&lists[0], "session_get.p99")->message,
                        "1.25 ms -> 1.75 ms, +40.0% (+37.0 .. +43.0%), margin 5.0%");
    tg_arena_free(&arena);
}

static void targets_of_the_run_are_cases(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    struct tg_result *run = tg_sample_result();
    struct tg_compare_view view = sample_compare();
    view.run = run;
    assert_int_equal(tg_compare_cases(&view, &arena, lists), 2);
    assert_string_equal(lists[1].name, "memory_store.run");
    const struct tg_case *missed = find(&lists[1], "steady: rate >= 1_300/s");
    assert_int_equal(missed->outcome, TG_CASE_FAILED);
    assert_string_equal(missed->message, "measured 1,000/s, 1.30× short");
    assert_int_equal(find(&lists[1], "burst: task_take.errors == 0")->outcome, TG_CASE_SKIPPED);
    assert_int_equal(find(&lists[1], "steady: session_get.p99 < 50ms")->outcome, TG_CASE_PASSED);
    assert_int_equal(find(&lists[1], "run after the change")->outcome, TG_CASE_FAILED);
    view.compared = false; /* the run alone */
    assert_int_equal(tg_compare_cases(&view, &arena, lists), 1);
    assert_true(lists[0].of_run);
    run->crash = "signal 11";
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "run after the change")->outcome, TG_CASE_ERROR);
    view.gate.crash_in_doubt = "it did not get through the run before either: signal 11";
    tg_compare_cases(&view, &arena, lists); /* what else it missed is the change's */
    assert_int_equal(find(&lists[0], "run after the change")->outcome, TG_CASE_FAILED);
    assert_string_equal(find(&lists[0], "run after the change")->type, "fail");
    view.gate.bad = false; /* nothing else */
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "run after the change")->outcome, TG_CASE_SKIPPED);
    assert_string_equal(find(&lists[0], "run after the change")->type, "crash");
    view.gate.crash_in_doubt = NULL;
    view.gate.bad = true;
    run->crash_signal = SIGKILL; /* from outside, after it had missed a target */
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "run after the change")->outcome, TG_CASE_FAILED);
    assert_string_equal(find(&lists[0], "run after the change")->type, "fail");
    run->verdict = TG_VERDICT_INVALID;
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "run after the change")->outcome, TG_CASE_SKIPPED);
    tg_result_free(run);
    tg_arena_free(&arena);
}

/* What a phase misses that says nothing about the store is no failure, and what it meets no pass.
 */
static void targets_in_doubt_are_open(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    struct tg_result *run = tg_sample_result();
    struct tg_compare_view view = sample_compare();
    run->verdict = TG_VERDICT_INVALID;
    run->phases[0].invalid = "the harness could not offer the rate";
    view.run = run;
    view.compared = false;
    view.gate.bad = false;
    view.gate.exit_code = 3;
    check_agrees(&view);
    tg_compare_cases(&view, &arena, lists);
    static const char *const doubtful[] = {"steady: rate >= 1_300/s",
                                           "steady: session_get.p99 < 50ms"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(find(&lists[0], doubtful[i])->outcome, TG_CASE_SKIPPED);
        assert_string_equal(find(&lists[0], doubtful[i])->type, "in-doubt");
    }
    assert_string_equal(find(&lists[0], doubtful[0])->message,
                        "measured 1,000/s, 1.30× short; the harness could not offer the rate");
    assert_int_equal(find(&lists[0], "burst: sessions_read.p99 <= 2s")->outcome, TG_CASE_PASSED);
    assert_string_equal(find(&lists[0], "burst: task_take.errors == 0")->type, "no-data");
    run->phases[0].invalid = NULL;
    run->phases[0].interrupted = true;
    check_agrees(&view);
    run->phases[0].interrupted = false;
    run->phases[0].offered = 61000; /* 1,000 were never started: 1.6 %, more than p99 leaves out */
    run->targets[1].status = TG_TARGET_MET;
    check_agrees(&view);
    tg_compare_cases(&view, &arena, lists);
    assert_string_equal(find(&lists[0], doubtful[1])->type, "in-doubt");
    assert_string_equal(find(&lists[0], doubtful[0])->type, "met"); /* a rate has no tail */
    tg_result_free(run);
    tg_arena_free(&arena);
}

static void failures_and_leads_are_cases(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    struct tg_case_list lists[TG_CASE_LISTS];
    struct tg_compare_view view = sample_compare();
    view.gate.fails_more = true;
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "errors")->outcome, TG_CASE_SKIPPED);
    view.gate.fails_proved = true;
    view.held_against = view.lead_lost = true;
    tg_compare_cases(&view, &arena, lists);
    assert_int_equal(find(&lists[0], "errors")->outcome, TG_CASE_FAILED);
    assert_int_equal(find(&lists[0], "competitors")->outcome, TG_CASE_FAILED);
    tg_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endings_agree_with_the_exit_code),
        cmocka_unit_test(an_interrupted_gate_has_no_regression),
        cmocka_unit_test(each_metric_is_a_case),
        cmocka_unit_test(targets_of_the_run_are_cases),
        cmocka_unit_test(targets_in_doubt_are_open),
        cmocka_unit_test(failures_and_leads_are_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
