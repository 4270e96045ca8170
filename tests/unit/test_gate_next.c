/* From a comparison to its view, and what to do next. Expected values are calculated by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "reports/gate/gate_next.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_gate.h"

static void check_close(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9 * (1 + fabs(expected))))
        fail_msg("%.12g, expected %.12g", value, expected);
}

/* ---- the view ---- */

enum { LAUNCHES = 10, OPS = 2 };

/* One metric, two operations, as many launches as a first look has. `after_ns` of the first
 * operation in launch i is 1000 * ratio[i]. */
static struct tg_comparison *comparison_with(const double *ratio)
{
    struct tg_comparison *comparison = tg_comparison_new();
    struct tg_arena *arena = &comparison->arena;
    comparison->scenario = "two";
    comparison->started_unix_ms = 1763683200000;
    comparison->pairs = 10;
    comparison->slice_ns = 50 * TG_NS_PER_MS;
    comparison->metric_count = 1;
    comparison->metrics = tg_arena_array(arena, 1, sizeof *comparison->metrics);
    comparison->metrics[0] = (struct tg_compared_metric){.name = "a.p50", .margin = 0.05};
    comparison->op_count = OPS;
    comparison->ops = tg_arena_array(arena, OPS, sizeof *comparison->ops);
    comparison->ops[0].name = "b";
    comparison->ops[1].name = "a";
    for (size_t i = 0; i < LAUNCHES; i++) {
        size_t number = tg_comparison_add_launch(comparison);
        comparison->metrics[0].values[number] =
            (struct tg_compared_value){{1000, 1000 * ratio[i]}, log(ratio[i])};
        comparison->ops[0].values[number] =
            (struct tg_compared_op_value){.mean_ns = {500, 510}, .operations = {100, 100}};
        comparison->ops[1].values[number] = (struct tg_compared_op_value){
            .mean_ns = {1000, 1000 * ratio[i]}, .operations = {300, 300}};
        comparison->launches[number].pairs = 10;
        comparison->launches[number].steal_ns = 20 * TG_NS_PER_MS;
    }
    return comparison;
}

static struct tg_gate_view view_of(struct tg_comparison *comparison)
{
    struct tg_judgement judgement = tg_comparison_judge(comparison, &comparison->arena);
    return tg_gate_view_make(comparison, &judgement, false, &comparison->arena);
}

/* Of 100 launches' operations a quarter are b: 0.25 * 10 ns and 0.75 * 80 ns are lost per operation
 * of the mix, 2.5 and 60 of 62.5. */
static void lost_time_is_shared_out_by_the_mix(void **state)
{
    (void)state;
    const double ratio[LAUNCHES] = {1.08, 1.08, 1.08, 1.08, 1.08, 1.08, 1.08, 1.08, 1.08, 9};
    struct tg_comparison *comparison = comparison_with(ratio);
    struct tg_gate_view view = view_of(comparison);
    assert_int_equal(view.moved_count, 2);
    assert_string_equal(view.moved[0].name, "a");
    check_close(view.moved[0].before_ns, 1000);
    check_close(view.moved[0].after_ns, 1080);
    check_close(view.moved[0].change.change, 0.08);
    check_close(view.moved[0].change.low, 0.08);
    check_close(view.moved[0].mix_share, 0.75);
    check_close(view.moved[0].lost_share, 0.96);
    assert_string_equal(view.moved[1].name, "b");
    check_close(view.moved[1].lost_share, 0.04);
    tg_comparison_free(comparison);
}

static void what_became_faster_has_lost_nothing(void **state)
{
    (void)state;
    const double ratio[LAUNCHES] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    struct tg_comparison *comparison = comparison_with(ratio);
    struct tg_gate_view view = view_of(comparison);
    assert_string_equal(view.moved[0].name, "b");
    check_close(view.moved[0].lost_share, 1);
    check_close(view.moved[1].lost_share, 0);
    tg_comparison_free(comparison);
}

/* 10 launches x 10 pairs x 2 slices x 50 ms are 10 s; 10 x 20 ms were stolen. */
static void stolen_time_is_a_share_of_the_slices(void **state)
{
    (void)state;
    const double ratio[LAUNCHES] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    struct tg_comparison *comparison = comparison_with(ratio);
    struct tg_gate_view view = view_of(comparison);
    check_close(view.steal_share, 0.02);
    assert_string_equal(view.id, "two-1763683200000");
    assert_true(isnan(view.rows[0].launches_needed)); /* it passed */
    tg_comparison_free(comparison);
}

/* The launches -9s .. 9s in steps of 2s (s = 0.02) are symmetric about 0, so the estimate
 * is 0. Of ten launches the bounds at the first look are the 8th from either end (docs/statistics).
 * The smallest sums of two of -9, -7, ..., 9 (an element with itself included): -18; -16; -14
 * twice; -12 twice; -10 three times: the 8th is -10, the average -5s = -0.1. To pass a margin of 5
 * % the interval has to shrink to ln 1.05. */
static void launches_needed_go_with_the_square_of_the_width(void **state)
{
    (void)state;
    double ratio[LAUNCHES];
    for (int i = 0; i < LAUNCHES; i++)
        ratio[i] = exp(0.02 * (2 * i - 9));
    struct tg_comparison *comparison = comparison_with(ratio);
    comparison->end = TG_END_BUDGET;
    comparison->metrics[0].margin = 0.08;
    struct tg_gate_view view = view_of(comparison);
    double needed = 10 * pow(0.1 / log(1.08), 2); /* 16.9 */
    assert_string_equal(view.rows[0].verdict, "inconclusive");
    check_close(view.rows[0].pooled.high, exp(0.1) - 1);
    check_close(view.rows[0].pooled.low, exp(-0.1) - 1);
    check_close(view.rows[0].launches_needed, needed);

    /* 11 launches with the pilot in 22 s: 17 of 2 s, a fifth more: 40.8 s, or 50 as one says it.
     * The budget had been 20 s. */
    view.elapsed_ns = 22 * TG_NS_PER_S;
    view.budget_ns = 20 * TG_NS_PER_S;
    assert_int_equal(tg_gate_budget_needed(&view), 50 * TG_NS_PER_S);
    /* A third more than it had been, whatever the formula says: 130 s, in steps of 30. */
    view.budget_ns = 100 * TG_NS_PER_S;
    assert_int_equal(tg_gate_budget_needed(&view), 150 * TG_NS_PER_S);
    /* All looks were taken: time is not what it lacked. */
    view.end = TG_END_DECIDED;
    assert_int_equal(tg_gate_budget_needed(&view), 0);
    tg_comparison_free(comparison);
}

static void more_launches_than_there_are_looks_for(void **state)
{
    (void)state;
    double ratio[LAUNCHES];
    for (int i = 0; i < LAUNCHES; i++)
        ratio[i] = exp(0.02 * (2 * i - 9));
    struct tg_comparison *comparison = comparison_with(ratio); /* 5 %: 42 launches */
    comparison->end = TG_END_BUDGET;
    struct tg_gate_view view = view_of(comparison);
    view.elapsed_ns = 22 * TG_NS_PER_S;
    assert_true(view.rows[0].launches_needed > 32);
    assert_int_equal(tg_gate_budget_needed(&view), 0);
    tg_comparison_free(comparison);
}

/* The same launches for the mean of an operation, with bounds of 5 %: P(T <= 10) = 0.042 for ten
 * launches (R: psignrank(10, 10)), so the 11th smallest sum: -8, an average of -4s. */
static void moved_has_bounds_of_5_percent(void **state)
{
    (void)state;
    double ratio[LAUNCHES];
    for (int i = 0; i < LAUNCHES; i++)
        ratio[i] = exp(0.02 * (2 * i - 9));
    struct tg_comparison *comparison = comparison_with(ratio);
    struct tg_gate_view view = view_of(comparison);
    const struct tg_gate_moved *a = &view.moved[strcmp(view.moved[0].name, "a") != 0];
    check_close(a->change.change, 0);
    check_close(a->change.low, exp(-0.08) - 1);
    check_close(a->change.high, exp(0.08) - 1);
    tg_comparison_free(comparison);
}

/* Ten launches that all say +50 % are suspected; a confirmation takes 10 fresh ones. */
static void a_suspicion_needs_its_confirmation(void **state)
{
    (void)state;
    const double ratio[LAUNCHES] = {1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5};
    struct tg_comparison *comparison = comparison_with(ratio);
    comparison->end = TG_END_BUDGET;
    struct tg_gate_view view = view_of(comparison);
    assert_true(view.rows[0].suspected);
    check_close(view.rows[0].launches_needed, 20);
    assert_non_null(strstr(view.rows[0].note, "the budget ended before"));
    tg_comparison_free(comparison);
}

/* ---- the section ---- */

static void add(const char *title, const struct tg_gate_view *gate, struct tg_text *out)
{
    tg_text_addf(out, "%s==== %s\n", out->length ? "\n" : "", title);
    tg_report_gate_next(gate, 80, false, out);
}

static void every_ending(void **state)
{
    (void)state;
    static const char *const details[] = {".tailgate/comparisons/x/diagnostics.txt"};
    struct tg_text out = {0};
    struct tg_gate_view gate = sample_gate;
    gate.details = details;
    gate.detail_count = 1;
    add("regression", &gate, &out);
    gate.detail_count = 0;
    gate.fails_more = true;
    add("regression, failures as well", &gate, &out);
    gate.fails_more = false;
    gate.moved_count = 0;
    struct tg_compared_side sides[TG_SIDES] = {sample_sides[0], sample_sides[1]};
    sides[TG_BEFORE].bundle = "0a1b";
    gate.sides = sides;
    gate.engine_kind = "noop";
    add("regression against a bundle, without plans", &gate, &out);
    gate.moved = &sample_moved[2]; /* none proved slower */
    gate.moved_count = 2;
    add("regression of a tail", &gate, &out);

    const struct tg_gate_moved little[] = {
        {"memory_put", 400000, 420000, {0.05, -0.01, 0.1}, 0.1, 0.98},
        {"session_get", 61200, 62300, {0.018, 0.01, 0.02}, 0.4, 0.02}};
    gate.moved = little;
    add("regression of a tail, where little is slower", &gate, &out);
    gate.moved = &sample_moved[2];

    sides[TG_AFTER].bundle = "0a1c";
    gate.task = "001";
    add("regression of a tail in a task", &gate, &out);
    gate.task = NULL; /* no command runs it */
    add("regression of a tail in a bundle", &gate, &out);
    gate = sample_gate;
    gate.engine_kind = "noop";
    gate.moved_count = 0;
    gate.revisions = true;
    add("regression of a revision", &gate, &out);

    gate = sample_gate;
    gate.end = TG_END_CRASHED;
    gate.failed_side = TG_AFTER;
    gate.crash = "the worker process was ended by signal 6 (Aborted)";
    add("crash", &gate, &out);
    gate.bad = false;
    gate.crash_in_doubt = "it did not get through the run before either: signal 6";
    add("crash, as before the change", &gate, &out);
    gate.crash_in_doubt = NULL;
    gate.end = TG_END_KILLED;
    gate.failed_side = TG_BEFORE;
    gate.crash = "the worker process was ended by signal 9 (Killed)";
    add("killed", &gate, &out);

    struct tg_gate_row row = sample_rows[2];
    gate = sample_gate;
    gate.bad = false;
    gate.rows = &row;
    gate.row_count = 1;
    gate.fresh_launches = 0;
    gate.end = TG_END_BUDGET;
    row.launches_needed = 22.3;
    gate.pairs_dropped = 40;
    add("cannot tell, and a noisy machine", &gate, &out);
    row.launches_needed = 140;
    gate.pairs_dropped = 0;
    add("cannot tell, out of reach", &gate, &out);
    row.launches_needed = INFINITY;
    add("cannot tell, at the margin", &gate, &out);
    row.launches_needed = NAN;
    add("cannot tell, too few launches", &gate, &out);
    gate.end = TG_END_INTERRUPTED;
    add("interrupted", &gate, &out);
    gate.good = true;
    add("pass", &gate, &out);
    check_golden("gate-next.txt", &out);
    tg_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_time_is_shared_out_by_the_mix),
        cmocka_unit_test(what_became_faster_has_lost_nothing),
        cmocka_unit_test(stolen_time_is_a_share_of_the_slices),
        cmocka_unit_test(launches_needed_go_with_the_square_of_the_width),
        cmocka_unit_test(more_launches_than_there_are_looks_for),
        cmocka_unit_test(moved_has_bounds_of_5_percent),
        cmocka_unit_test(a_suspicion_needs_its_confirmation),
        cmocka_unit_test(every_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
