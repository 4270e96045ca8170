/* Records of a self-test: what the gate said, and it comes back as it was written. */
#include "tests/unit/selftest_support.h"

#include <unistd.h>

#include "baselines/selftest_record.h"
#include "common/file.h"
#include "common/text.h"

/* Ten launches, each 1 % slower: every bound is 1 %. */
static void a_record_says_what_the_gate_said(void **state)
{
    struct bench *bench = *state;
    struct tg_comparison *comparison = tg_comparison_new();
    struct tg_compared_metric metrics[] = {
        {.name = "get.p50", .margin = 0.05},
        {.name = "get.p99", .margin = 0.05, .why_not = "too few"},
        {.name = "stalls", .margin = 1, .pooled_only = true},
    };
    comparison->scenario = "memory";
    comparison->phase = "steady";
    comparison->sides[TG_BEFORE].scenario_hash = "fedcba";
    comparison->metrics = metrics;
    comparison->metric_count = 3;
    for (size_t i = 0; i < 10; i++) {
        size_t number = tg_comparison_add_launch(comparison);
        metrics[0].values[number] = (struct tg_compared_value){{100, 101}, log(1.01)};
        metrics[2].values[number] = (struct tg_compared_value){{100, 101}, NAN};
        comparison->launches[number].pairs = 25;
        comparison->launches[number].pairs_dropped = i == 3;
    }
    struct tg_judgement judgement = tg_comparison_judge(comparison, &bench->arena);
    struct tg_tested_gate gate = tg_tested_make(comparison, &judgement, &bench->arena);
    assert_int_equal(gate.metric_count, 3);
    assert_int_equal(gate.metrics[0].verdict, TG_GATE_PASS);
    for (int side = 0; side < TG_GATE_SIDES; side++) {
        assert_near(gate.metrics[0].estimates[side].estimate, 0.01);
        assert_near(gate.metrics[0].estimates[side].low, 0.01);
        assert_near(gate.metrics[0].estimates[side].high, 0.01);
    }
    assert_near(gate.metrics[0].provable, 0.01);
    assert_string_equal(gate.metrics[1].why_not, "too few");
    assert_true(isnan(gate.metrics[1].provable));
    assert_near(gate.metrics[2].provable, 0.01);
    assert_true(isnan(gate.metrics[2].estimates[TG_GATE_TYPICAL].estimate));
    assert_int_equal(gate.verdict, TG_GATE_INCONCLUSIVE); /* one could not be gated */
    assert_int_equal(gate.exit_code, 3);
    assert_int_equal(gate.launches, 10);
    assert_int_equal(gate.pairs, 250);
    assert_int_equal(gate.pairs_dropped, 1);
    assert_string_equal(gate.scenario_hash, "fedcba");
    tg_comparison_free(comparison);
}

static char *temporary_file(void)
{
    char *path = tg_strdup("/tmp/tailgate-selftest-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    return path;
}

static void records_come_back_as_they_were_written(void **state)
{
    struct bench *bench = *state;
    struct tg_diags diags = {0};
    char *path = temporary_file();
    struct tg_tested_gate *self = add(bench, NULL, NULL);
    self->metrics[GET_P50].provable = NAN;
    self->metrics[GET_P50].estimates[TG_GATE_TYPICAL] =
        (struct tg_tested_estimate){NAN, -1, INFINITY};
    self->metrics[PUT_P50].verdict = TG_GATE_INCONCLUSIVE;
    self->metrics[PUT_P50].why_not = "too \"few\"\n";
    regress(add(bench, "{ add = \"50%\", slowest = \"2%\" }", "get"), GET_P99);
    assert_int_equal(tg_tested_check(path, &diags), TG_OK);
    for (size_t i = 0; i < bench->count; i++)
        assert_int_equal(tg_tested_append(path, &bench->gates[i], &diags), TG_OK);
    struct tg_tested_gate *gates;
    size_t count;
    assert_int_equal(tg_tested_read(path, &bench->arena, &gates, &count, &diags), TG_OK);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        /* What is written again is the same, field by field. */
        cJSON *first = tg_tested_to_json(&bench->gates[i]);
        cJSON *second = tg_tested_to_json(&gates[i]);
        assert_true(cJSON_Compare(first, second, true));
        cJSON_Delete(first);
        cJSON_Delete(second);
        assert_null(tg_tested_unlike(&bench->gates[i], &gates[i]));
    }
    assert_null(gates[0].effect);
    assert_string_equal(gates[1].effect, "{ add = \"50%\", slowest = \"2%\" }");
    assert_int_equal(gates[1].metrics[GET_P99].verdict, TG_GATE_REGRESSION);
    assert_near(gates[1].metrics[GET_P99].provable, 0.15);
    assert_true(isnan(gates[0].metrics[GET_P50].provable));
    assert_int_equal(gates[0].started_unix_ms, 1763700000000);
    unlink(path);
    free(path);
    tg_diags_free(&diags);
}

/* Takes a good record, changes one thing, and sees it refused with its line. */
static void damaged_records_are_refused(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *from, *to, *said;
    } cases[] = {
        {"\"format\":1", "\"format\":2", "format is out of range"},
        {"\"verdict\":\"pass\"", "\"verdict\":\"fine\"", "verdict is a word"},
        {"\"margin\":0.05", "\"margin\":0", "metrics[0].margin is not above 0"},
        {"\"op\":null", "\"op\":\"get\"", "op does not go with the effect"},
        {"\"why_not\":null", "\"why_not\":\"x\"", "metrics[0].why_not does not go with"},
        {"\"pairs_dropped\":3", "\"pairs_dropped\":251", "pairs_dropped is out of range"},
        {"\"metrics\":[", "\"metric\":[", "metrics is missing"},
        {"}]}\n", "}]}", "the line has no end"},
        {"}]}\n", "\n", "not a record"},
    };
    add(bench, NULL, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tg_diags diags = {0};
        struct tg_text text = {0};
        char *path = temporary_file();
        for (int k = 0; k < 2; k++)
            assert_int_equal(tg_tested_append(path, &bench->gates[0], &diags), TG_OK);
        assert_int_equal(tg_file_read(path, 1 << 20, &text, &diags), TG_OK);
        const char *second = strchr(text.data, '\n') + 1;
        const char *at = strstr(second, cases[i].from);
        assert_non_null(at);
        char *damaged = tg_format("%.*s%s%s", (int)(at - text.data), text.data, cases[i].to,
                                  at + strlen(cases[i].from));
        assert_int_equal(tg_file_write(path, damaged, strlen(damaged), true, &diags), TG_OK);
        struct tg_tested_gate *gates;
        size_t count;
        assert_int_equal(tg_tested_read(path, &bench->arena, &gates, &count, &diags), TG_INVALID);
        assert_int_equal(diags.count, 1);
        assert_int_equal(diags.items[0].line, 2);
        if (!strstr(diags.items[0].message, cases[i].said))
            fail_msg("\"%s\" does not say \"%s\"", diags.items[0].message, cases[i].said);
        unlink(path);
        free(path);
        free(damaged);
        tg_text_free(&text);
        tg_diags_free(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_record_says_what_the_gate_said),
        TEST(records_come_back_as_they_were_written),
        TEST(damaged_records_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
