#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "baselines/comparison_json.h"
#include "common/text.h"
#include "sample_comparison.h"
#include "tests/unit/golden.h"
#include "tests/unit/json_damage.h"

static char *document_of(const struct tg_comparison *comparison)
{
    cJSON *json = tg_comparison_to_json(comparison);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    return text;
}

static char *sample_document(size_t launches)
{
    struct tg_comparison *comparison = tg_sample_comparison(launches);
    char *text = document_of(comparison);
    tg_comparison_free(comparison);
    return text;
}

static char *complaint(const char *text, size_t length)
{
    struct tg_diags diags = {0};
    struct tg_comparison *comparison = NULL;
    char *message = NULL;
    enum tg_status status = tg_comparison_parse(text, length, "c.json", &comparison, &diags);
    if (status == TG_OK) {
        assert_int_equal(diags.count, 0);
        tg_comparison_free(comparison);
    } else {
        assert_null(comparison);
        assert_int_equal(diags.errors, 1);
        assert_string_equal(diags.items[0].path, "c.json");
        message = tg_strdup(diags.items[0].message);
    }
    tg_diags_free(&diags);
    return message;
}

/* The comparison that is read from what was written of `comparison`. */
static struct tg_comparison *read_again(const struct tg_comparison *comparison)
{
    struct tg_diags diags = {0};
    struct tg_comparison *read = NULL;
    char *text = document_of(comparison);
    if (tg_comparison_parse(text, strlen(text), "c.json", &read, &diags) != TG_OK)
        fail_msg("%s", diags.items[0].message);
    assert_int_equal(diags.count, 0);
    char *again = document_of(read);
    assert_string_equal(again, text);
    free(again);
    free(text);
    return read;
}

/* ---- round trips ---- */

/* One NaN is as good as another. */
static void check_same_bits(double actual, double expected)
{
    if (isnan(expected))
        assert_true(isnan(actual));
    else
        assert_memory_equal(&actual, &expected, sizeof actual);
}

static void check_same_numbers(const struct tg_comparison *a, const struct tg_comparison *b)
{
    assert_int_equal(a->metric_count, b->metric_count);
    assert_int_equal(a->op_count, b->op_count);
    assert_int_equal(a->launch_count, b->launch_count);
    for (size_t m = 0; m < b->metric_count; m++)
        check_same_bits(a->metrics[m].margin, b->metrics[m].margin);
    for (size_t op = 0; op < b->op_count; op++)
        check_same_bits(a->ops[op].weight, b->ops[op].weight);
    for (size_t i = 0; i < b->launch_count; i++) {
        assert_memory_equal(&a->launches[i], &b->launches[i], sizeof *a->launches);
        for (int side = 0; side < TG_SIDES; side++) {
            for (size_t m = 0; m < b->metric_count; m++)
                check_same_bits(a->metrics[m].values[i].pooled[side],
                                b->metrics[m].values[i].pooled[side]);
            for (size_t op = 0; op < b->op_count; op++) {
                check_same_bits(a->ops[op].values[i].mean_ns[side],
                                b->ops[op].values[i].mean_ns[side]);
                assert_int_equal(a->ops[op].values[i].operations[side],
                                 b->ops[op].values[i].operations[side]);
            }
        }
        for (size_t m = 0; m < b->metric_count; m++)
            check_same_bits(a->metrics[m].values[i].typical, b->metrics[m].values[i].typical);
    }
}

static void every_field_survives_the_round_trip(void **state)
{
    (void)state;
    struct tg_comparison *sample = tg_sample_comparison(TG_SAMPLE_LAUNCHES);
    sample->id = "memory_store-20251121T000000Z";
    sample->sides[TG_AFTER].commit = "89abcdef0123456789abcdef0123456789abcdef";
    struct tg_comparison *read = read_again(sample);
    check_same_numbers(read, sample);
    assert_string_equal(read->id, sample->id);
    assert_string_equal(read->task, "001");
    assert_true(read->competitive);
    assert_string_equal(read->scenario, "memory_store");
    assert_string_equal(read->scenario_path, "scenarios/memory_store/gate.toml");
    assert_string_equal(read->phase, "steady");
    assert_true(read->rate_per_s == 1000);
    assert_int_equal(read->workers, 2);
    assert_true(read->seed == 0xDEADBEEFDEADBEEF);
    assert_string_equal(read->stream_fingerprint, "cccc");
    assert_string_equal(read->engine_kind, "sqlite");
    assert_string_equal(read->sides[TG_BEFORE].label, "task 001, before");
    assert_string_equal(read->sides[TG_BEFORE].bundle, "9b3f");
    assert_null(read->sides[TG_AFTER].bundle);
    assert_null(read->sides[TG_BEFORE].commit);
    assert_string_equal(read->sides[TG_AFTER].commit, sample->sides[TG_AFTER].commit);
    assert_string_equal(read->sides[TG_AFTER].scenario_hash, "bbbb");
    assert_int_equal(read->sides[TG_AFTER].fact_count, 2);
    assert_int_equal(read->sides[TG_BEFORE].override_count, 0);
    assert_int_equal(read->sides[TG_AFTER].override_count, 1);
    assert_string_equal(read->sides[TG_AFTER].overrides[0], "engine.pragma.cache_size=-2000");
    assert_string_equal(read->sides[TG_AFTER].facts[0].value, "3.40.1");
    assert_string_equal(read->git_commit, sample->git_commit);
    assert_true(read->git_dirty);
    assert_true(read->started_unix_ms == sample->started_unix_ms);
    assert_true(read->elapsed_ns == sample->elapsed_ns);
    assert_true(read->budget_ns == sample->budget_ns);
    assert_int_equal(read->pairs, 10);
    assert_true(read->slice_ns == sample->slice_ns);
    assert_int_equal(read->open_pairs, sample->open_pairs);
    assert_true(read->open_slice_ns == sample->open_slice_ns);
    assert_int_equal(read->end, TG_END_DECIDED);
    assert_null(read->crash);
    assert_int_equal(tg_json_get(read->host, "cpus")->valueint, 2);
    tg_comparison_free(read);
    tg_comparison_free(sample);
}

static void every_kind_of_metric_survives_the_round_trip(void **state)
{
    (void)state;
    struct tg_comparison *sample = tg_sample_comparison(2);
    struct tg_comparison *read = read_again(sample);
    for (size_t i = 0; i < sample->metric_count; i++) {
        const struct tg_compared_metric *before = &sample->metrics[i];
        const struct tg_compared_metric *after = &read->metrics[i];
        assert_string_equal(after->name, before->name);
        assert_int_equal(after->unit, before->unit);
        assert_int_equal(after->direction, before->direction);
        assert_int_equal(after->open_loop, before->open_loop);
        assert_int_equal(after->pooled_only, before->pooled_only);
    }
    assert_null(read->metrics[0].why_not);
    assert_string_equal(read->metrics[4].why_not, sample->metrics[4].why_not);
    tg_comparison_free(read);
    tg_comparison_free(sample);
}

/* Each of them needs 17 digits or is at an end of what doubles can be. */
static void numbers_survive_to_the_last_bit(void **state)
{
    (void)state;
    static const double values[] = {
        0.1 + 0.2, 1.0 / 3, 1 + DBL_EPSILON,      1 - DBL_EPSILON / 2, DBL_MIN, 5e-324,
        -0.0,      9e18,    123456789012345678.0, 9007199254740993.0,  NAN,     2.5e-9,
    };
    enum { COUNT = sizeof values / sizeof *values };
    struct tg_comparison *sample = tg_sample_comparison(COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        sample->metrics[0].values[i].pooled[TG_AFTER] = values[i];
        sample->metrics[0].values[i].typical = -values[i] / 1e17;
        sample->ops[1].values[i].mean_ns[TG_BEFORE] = values[i];
        sample->ops[1].values[i].operations[TG_AFTER] = INT64_C(1) << (i * 4);
    }
    sample->launches[0].operations[TG_AFTER] = INT64_C(1) << 50;
    sample->launches[0].failed[TG_AFTER] = INT64_C(1) << 50;
    sample->launches[1].steal_ns = 0;
    sample->launches[0].yardstick_ns = 1;
    sample->launches[1].yardstick_ns = INT64_C(1) << 50;
    sample->metrics[1].margin = 0.1 + 0.2;
    struct tg_comparison *read = read_again(sample);
    check_same_numbers(read, sample);
    tg_comparison_free(read);
    tg_comparison_free(sample);
}

static void a_crash_and_what_is_unknown_survive(void **state)
{
    (void)state;
    static const enum tg_comparison_end ends[] = {TG_END_CRASHED, TG_END_KILLED};
    for (size_t i = 0; i < 2; i++) {
        struct tg_comparison *sample = tg_sample_comparison(3);
        sample->end = ends[i];
        sample->failed_side = TG_AFTER;
        sample->crash = "signal 11 (\"Segmentation fault\")";
        cJSON_Delete(sample->host);
        sample->host = NULL;
        sample->task = sample->git_commit = NULL;
        sample->git_dirty = false;
        struct tg_comparison *read = read_again(sample);
        assert_int_equal(read->end, ends[i]);
        assert_int_equal(read->failed_side, TG_AFTER);
        assert_string_equal(read->crash, sample->crash);
        assert_null(read->host);
        assert_null(read->task);
        assert_null(read->git_commit);
        assert_null(read->id);
        tg_comparison_free(read);
        tg_comparison_free(sample);
    }
}

static void a_comparison_without_launches_survives(void **state)
{
    (void)state;
    static const enum tg_comparison_end ends[] = {TG_END_BUDGET, TG_END_INTERRUPTED,
                                                  TG_END_NOT_GATED};
    for (size_t i = 0; i < 3; i++) {
        struct tg_comparison *sample = tg_sample_comparison(0);
        sample->end = ends[i];
        struct tg_comparison *read = read_again(sample);
        assert_int_equal(read->end, ends[i]);
        assert_int_equal(read->launch_count, 0);
        assert_int_equal(read->metric_count, 5);
        /* What was read can still grow. */
        assert_int_equal(tg_comparison_add_launch(read), 0);
        tg_comparison_free(read);
        tg_comparison_free(sample);
    }
}

/* ---- judgement ---- */

static void check_same_interval(const struct tg_interval *a, const struct tg_interval *b)
{
    assert_int_equal(a->count, b->count);
    check_same_bits(a->estimate, b->estimate);
    check_same_bits(a->lower, b->lower);
    check_same_bits(a->upper, b->upper);
    check_same_bits(a->level, b->level);
}

static void check_same_judgement(const struct tg_judgement *a, const struct tg_judgement *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->exit_code, b->exit_code);
    assert_string_equal(a->meaning, b->meaning);
    assert_int_equal(a->gate->launches, b->gate->launches);
    assert_int_equal(a->gate->fresh_launches, b->gate->fresh_launches);
    assert_int_equal(a->gate->config.metric_count, b->gate->config.metric_count);
    assert_int_equal(a->gate->errors.total.failed_after, b->gate->errors.total.failed_after);
    for (size_t i = 0; i < b->gate->config.metric_count; i++) {
        const struct tg_metric_verdict *left = &a->gate->metrics[i];
        const struct tg_metric_verdict *right = &b->gate->metrics[i];
        assert_int_equal(left->verdict, right->verdict);
        assert_int_equal(left->decided_at, right->decided_at);
        check_same_bits(left->fresh_p, right->fresh_p);
        check_same_bits(left->provable, right->provable);
        check_same_bits(left->all_estimate, right->all_estimate);
        for (int side = 0; side < TG_GATE_SIDES; side++)
            check_same_interval(&left->interval[side], &right->interval[side]);
    }
}

static void what_is_read_is_judged_as_what_was_written(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    for (size_t launches = 1; launches <= TG_SAMPLE_LAUNCHES; launches += 4) {
        struct tg_comparison *sample = tg_sample_comparison(launches);
        if (launches < 10)
            sample->end = TG_END_BUDGET;
        struct tg_comparison *read = read_again(sample);
        struct tg_judgement before = tg_comparison_judge(sample, &arena);
        struct tg_judgement after = tg_comparison_judge(read, &arena);
        check_same_judgement(&after, &before);
        /* A fifth slower, and nothing else is: by construction of the sample. */
        if (launches == TG_SAMPLE_LAUNCHES) {
            assert_int_equal(after.exit_code, 1);
            assert_int_equal(after.gate->metrics[0].verdict, TG_GATE_PASS);
            assert_int_equal(after.gate->metrics[1].verdict, TG_GATE_REGRESSION);
        }
        tg_comparison_free(read);
        tg_comparison_free(sample);
    }
    tg_arena_free(&arena);
}

/* ---- the document ---- */

/* The keys and the layout are a promise to readers: docs/comparison.md. */
static void the_document_is_laid_out_to_be_read(void **state)
{
    (void)state;
    struct tg_comparison *sample = tg_sample_comparison(2);
    cJSON *json = tg_comparison_to_json(sample);
    cJSON_DeleteItemFromObject(json, "tailgate"); /* changes with every version */
    char *text = tg_json_print(json);
    struct tg_text out = {0};
    tg_text_add(&out, text);
    check_golden("comparison.json", &out);
    tg_text_free(&out);
    free(text);
    cJSON_Delete(json);
    tg_comparison_free(sample);
}

/* Each key stands in the page as `key`, or at the end of `list[].key`. */
static void check_documented(const cJSON *json, const char *page, size_t *keys)
{
    for (const cJSON *child = json->child; child; child = child->next) {
        if (child->string) {
            char *alone = tg_format("`%s`", child->string);
            char *inside = tg_format("[].%s`", child->string);
            if (!strstr(page, alone) && !strstr(page, inside))
                fail_msg("\"%s\" is not documented", child->string);
            free(alone);
            free(inside);
            (*keys)++;
        }
        if (!child->string || strcmp(child->string, "host") != 0)
            check_documented(child, page, keys);
    }
}

static void every_key_is_documented(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    struct tg_text page = {0};
    size_t keys = 0;
    struct tg_comparison *sample = tg_sample_comparison(1);
    cJSON *json = tg_comparison_to_json(sample);
    assert_int_equal(tg_file_read("docs/comparison.md", 1 << 20, &page, &diags), TG_OK);
    check_documented(json, page.data, &keys);
    assert_in_range(keys, 100, 200);
    cJSON_Delete(json);
    tg_comparison_free(sample);
    tg_text_free(&page);
}

static void each_missing_or_mistyped_key_is_an_error_that_names_it(void **state)
{
    (void)state;
    static const char *const derived[] = {"tailgate", "started", NULL};
    static const char *const free_form[] = {"host", NULL};
    static const char *const later[] = {"open_pairs", NULL};
    char *text = sample_document(2);
    const struct damage damage = {complaint, derived, free_form, later, NULL, 0};
    assert_in_range(damage_document(text, damage), 130, 1000);
    free(text);
}

static void truncated_documents_are_refused(void **state)
{
    (void)state;
    char *text = sample_document(3);
    check_truncated(text, complaint);
    free(text);
}

/* Earlier versions did as many pairs at the rate as in closed loop. */
static void pairs_at_the_rate_may_be_missing(void **state)
{
    (void)state;
    char *text = sample_document(1);
    char *key = strstr(text, "open_pairs");
    assert_non_null(key);
    key[0] = 'O'; /* another key */
    struct tg_diags diags = {0};
    struct tg_comparison *read = NULL;
    assert_int_equal(tg_comparison_parse(text, strlen(text), "sample", &read, &diags), TG_OK);
    assert_int_equal(read->pairs, 10);
    assert_int_equal(read->open_pairs, 10);
    tg_comparison_free(read);
    tg_diags_free(&diags);
    free(text);
}

/* Earlier versions do not have it. */
static void a_weight_may_be_missing_but_not_wrong(void **state)
{
    (void)state;
    static const struct contradiction cases[] = {
        {"ops.0.weight", "-1", "ops[0].weight is out of range"},
        {"ops.0.weight", "\"1\"", "ops[0].weight is missing or is not a number"},
    };
    struct tg_comparison *sample = tg_sample_comparison(2);
    char *without = document_of(sample);
    assert_null(strstr(without, "weight"));
    sample->ops[0].weight = 0.1;
    char *with = document_of(sample);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_contradiction(with, &cases[i], complaint);
    struct tg_comparison *read = read_again(sample);
    check_same_numbers(read, sample);
    tg_comparison_free(read);
    free(with);
    free(without);
    tg_comparison_free(sample);
}

/* Only baselines have it, and those of earlier versions do not: nothing and null are no error. */
static void a_yardstick_may_be_missing_but_not_wrong(void **state)
{
    (void)state;
    static const struct contradiction cases[] = {
        {"launches.1.yardstick_ns", "0", "launches[1].yardstick_ns is out of range"},
        {"launches.1.yardstick_ns", "\"4611686018427387903\"", "yardstick_ns is out of range"},
        {"launches.1.yardstick_ns", "true", "yardstick_ns is missing or is not a whole number"},
    };
    struct tg_comparison *sample = tg_sample_comparison(2);
    char *without = document_of(sample);
    assert_null(strstr(without, "yardstick"));
    sample->launches[0].yardstick_ns = sample->launches[1].yardstick_ns = 123456;
    char *with = document_of(sample);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_contradiction(with, &cases[i], complaint);
    char *last = strrchr(with, '1'); /* the last of the document is that of launch 1 */
    assert_memory_equal(last, "123456", 6);
    for (size_t i = 0; i < 6; i++)
        last[i] = "null  "[i];
    char *message = complaint(with, strlen(with));
    assert_null(message);
    free(with);
    free(without);
    tg_comparison_free(sample);
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    static const struct contradiction cases[] = {
        {"kind", "\"tailgate-result\"", "is not a comparison of Tailgate"},
        {"format", "2", "format 2"},
        {"scenario.seed", "\"18446744073709551616\"", "seed is not a whole number"},
        {"scenario.seed", "\"+1\"", "seed is not a whole number"},
        {"scenario.workers", "0", "scenario.workers is out of range"},
        {"scenario.rate_per_s", "-1", "scenario.rate_per_s is out of range"},
        {"scenario.rate_per_s", "null", "scenario.rate_per_s is out of range"},
        {"started_unix_ms", "-1", "started_unix_ms is out of range"},
        {"end.how", "\"gave up\"", "end.how is a word"},
        {"end.how", "\"crashed\"", "end.failed_side is missing"},
        {"end.failed_side", "\"after\"", "end.failed_side has to be null"},
        {"end.crash", "\"signal 11\"", "end.crash has to be null"},
        {"git", "7", "git is missing or is not an object"},
        {"host", "7", "host is missing or is not an object"},
        {"plan.pairs", "-1", "plan.pairs is out of range"},
        {"plan.open_pairs", "-1", "plan.open_pairs is out of range"},
        {"plan.pairs", "4294967296", "plan.pairs is out of range"},
        {"plan.budget_ns", "1e15.5", "is not valid JSON"},
        {"plan.slice_ns", "0.5", "plan.slice_ns is missing or is not a whole number"},
        {"metrics.0.unit", "\"miles\"", "metrics[0].unit is a word"},
        {"metrics.0.better", "\"faster\"", "metrics[0].better is a word"},
        {"metrics.1.margin", "0", "metrics[1].margin has to be above 0"},
        {"metrics.1.margin", "-0.05", "metrics[1].margin has to be above 0"},
        {"metrics.1.margin", "null", "metrics[1].margin has to be above 0"},
        {"metrics.1.margin", "1e999", "metrics[1].margin is missing or is not a number"},
        {"metrics.2.values.1.before", "-1", "metrics[2].values[1].before is out of range"},
        {"metrics.2.values.1.after", "1e19", "metrics[2].values[1].after is out of range"},
        {"metrics.2.values.1.after", "1e999", "metrics[2].values[1].after is missing or"},
        {"metrics.2.values.1.typical", "1e3", "metrics[2].values[1].typical is out of range"},
        {"metrics.2.values.1.typical", "-1e3", "metrics[2].values[1].typical is out of range"},
        {"metrics.2.values", "[]", "metrics[2].values has not one element per launch"},
        {"metrics.2.values.0", "[1, 2, 3]", "metrics[2].values[0].before is missing"},
        {"ops.0.values", "[{}]", "ops[0].values has not one element per launch"},
        {"ops.0.values.1.before_ns", "-1", "ops[0].values[1].before_ns is out of range"},
        {"ops.0.values.1.after_count", "-1", "ops[0].values[1].after_count is out of range"},
        {"launches", "[]", "values has not one element per launch"},
        {"launches.1.operations_after", "-1", "launches[1].operations_after is out of range"},
        {"launches.1.operations_before", "2", "failed_before is more than were tried"},
        {"launches.1.failed_after", "48003", "failed_after is more than were tried"},
        {"launches.1.failed_after", "-1", "launches[1].failed_after is out of range"},
        {"launches.1.failed_before", "\"9223372036854775807\"", "failed_before is out of range"},
        {"launches.1.pairs_dropped", "21", "launches[1].pairs_dropped is more than there were"},
        {"launches.1.steal_ns", "-1", "launches[1].steal_ns is out of range"},
        {"launches.1.steal_ns", "\"4611686018427387903\"", "steal_ns is out of range"},
    };
    char *text = sample_document(2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_contradiction(text, &cases[i], complaint);
    free(text);
}

/* `count` times `element` as an array. Free with free(). */
static char *array_of(size_t count, const char *element)
{
    struct tg_text out = {0};
    for (size_t i = 0; i < count; i++)
        tg_text_addf(&out, "%s%s", i == 0 ? "[" : ",", element);
    tg_text_add(&out, "]");
    return out.data;
}

static void a_document_has_a_limit_to_every_list(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        size_t too_many;
    } cases[] = {{"launches", 4097}, {"metrics", 1001}, {"ops", 10001}};
    char *text = sample_document(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *words = tg_format("%s has too many elements", cases[i].list);
        char *many = array_of(cases[i].too_many, "{}");
        check_contradiction(text, &(struct contradiction){cases[i].list, many, words}, complaint);
        free(many);
        free(words);
        words = tg_format("%s[0]", cases[i].list); /* one fewer is looked into */
        many = array_of(cases[i].too_many - 1, "{}");
        check_contradiction(text, &(struct contradiction){cases[i].list, many, words}, complaint);
        free(many);
        free(words);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_survives_the_round_trip),
        cmocka_unit_test(every_kind_of_metric_survives_the_round_trip),
        cmocka_unit_test(numbers_survive_to_the_last_bit),
        cmocka_unit_test(a_crash_and_what_is_unknown_survive),
        cmocka_unit_test(a_comparison_without_launches_survives),
        cmocka_unit_test(what_is_read_is_judged_as_what_was_written),
        cmocka_unit_test(the_document_is_laid_out_to_be_read),
        cmocka_unit_test(every_key_is_documented),
        cmocka_unit_test(each_missing_or_mistyped_key_is_an_error_that_names_it),
        cmocka_unit_test(truncated_documents_are_refused),
        cmocka_unit_test(pairs_at_the_rate_may_be_missing),
        cmocka_unit_test(a_weight_may_be_missing_but_not_wrong),
        cmocka_unit_test(a_yardstick_may_be_missing_but_not_wrong),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(a_document_has_a_limit_to_every_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
