/* A milestone made of results, comparisons and sweeps that were written by hand: what its criteria
 * count, its score, its decision. All that is expected was worked out by hand from the samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/json.h"
#include "milestone_place.h"
#include "reports/compare/compare_view.h"
#include "sample_comparison.h"

/* The sample has four targets: two of latency that are met, a rate that is missed, and errors of an
 * operation that never ran. */
static void targets_are_counted_by_what_they_limit(void **state)
{
    const struct tg_milestone *milestone =
        make(*state, TARGETS "[[criteria]]\nname = 'Errors'\nmeasure = 'targets'\nof = 'errors'\n"
                             "weight = 30\n");
    assert_int_equal(milestone->criterion_count, 4);
    check(milestone, 0, TG_CRITERION_MET, 1, "2 of 2 latency targets met (R1)");
    check(milestone, 1, TG_CRITERION_MISSED, 0,
          "0 of 1 rate target met (R1); missed: rate >= 1_300/s in phase steady, 1,000/s (R1)");
    check(milestone, 2, TG_CRITERION_MET, 1, "2 of 4 targets met (R1); missed: rate");
    check(milestone, 3, TG_CRITERION_INCONCLUSIVE, 0,
          "0 of 1 error target met (R1); open: task_take.errors == 0 in phase burst, nothing was "
          "measured (R1)");
    assert_string_equal(milestone->score_formula,
                        "100 × (40 × 1 + 20 × 0 + 10 × 1 + 30 × 0) / 100 = 50");
    check_decision(milestone, TG_DECISION_APPROVED, 0, 50, "every must-criterion is met");
    assert_null(milestone->confidence);
    /* What is not met and no must is advice, before what the findings advise. */
    assert_true(milestone->recommendation_count >= 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(milestone->recommendations[i].by_tool);
        assert_string_equal(milestone->recommendations[i].priority, "P2");
        assert_non_null(strstr(milestone->recommendations[i].text, i ? "Errors" : "Rate"));
    }
}

static void a_missed_must_rejects_whatever_the_score(void **state)
{
    const struct tg_milestone *milestone =
        make(*state, "[[criteria]]\nname = 'Latency'\nmeasure = 'targets'\nof = 'latency'\n"
                     "weight = 99\n[[criteria]]\nname = 'Rate'\nmeasure = 'targets'\nof = 'rate'\n"
                     "weight = 1\nmust = true\n");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 99, "the must-criterion \"Rate\" is missed");
    assert_int_equal(milestone->condition_count, 1);
    assert_string_equal(milestone->conditions[0],
                        "Rate: asked: all rate targets met; measured: 0 of 1 rate target met "
                        "(R1); missed: rate >= 1_300/s in phase steady, 1,000/s (R1)");
}

/* 2 of 4 are met, 1 is open: three quarters are possible, more are not. */
static void what_is_open_may_still_be_enough(void **state)
{
    const struct tg_milestone *milestone = make(
        *state, "[[criteria]]\nname = 'a'\nmeasure = 'targets'\nat_least = '75%'\nmust = true\n"
                "[[criteria]]\nname = 'b'\nmeasure = 'targets'\nat_least = '80%'\n"
                "[[criteria]]\nname = 'c'\nmeasure = 'targets'\nphases = 'no*'\nmust = true\n");
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0.6666, "2 of 4 targets met (R1)");
    check(milestone, 1, TG_CRITERION_MISSED, 0.625, "2 of 4 targets met (R1)");
    check(milestone, 2, TG_CRITERION_NO_DATA, 0, "there is no target (phase no*)");
    /* (0.6666 + 0.625 + 0) / 3 = 0.43053..., rounded down. */
    check_decision(milestone, TG_DECISION_CONDITIONAL, 3, 43, "\"a\" is not decided");
    assert_int_equal(milestone->condition_count, 2);
}

static void a_least_score(void **state)
{
    const struct tg_milestone *milestone = make(*state, "approve_at = 71.5\n" TARGETS);
    check_decision(milestone, TG_DECISION_CONDITIONAL, 1, 71.4, "the score is 71.4");
    milestone = make(*state, "approve_at = 71.4\n" TARGETS); /* 50 of 70: 71.428... */
    check_decision(milestone, TG_DECISION_APPROVED, 0, 71.4, "every must");
    milestone = make(*state, "approve_at = 80\n[[criteria]]\nname = 'a'\nmeasure = 'integrity'\n"
                             "weight = 0\nmust = true\n"
                             "[[criteria]]\nname = 'b'\nmeasure = 'targets'\nof = 'latency'\n"
                             "weight = 0\nmust = true\n");
    assert_string_equal(milestone->reason,
                        "there is no score, as no criterion has a weight, and 80 is asked for");
    assert_string_equal(milestone->conditions[0],
                        "Score: 80 is asked for, and no criterion has a weight");
}

static void what_is_met_in_an_invalid_phase_is_open(void **state)
{
    struct place *place = *state;
    place->results[0]->phases[0].invalid = "the harness was late";
    const struct tg_milestone *milestone = make(place, TARGETS);
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0.5,
          "1 of 2 latency targets met (R1); open: session_get.p99 < 50ms in phase steady, the "
          "harness was late (R1)");
    /* 40 × 0.5 + 10 × 0.25 / 0.5, of 70. */
    check_decision(milestone, TG_DECISION_CONDITIONAL, 3, 35.7, "\"Latency\" is not decided");
}

/* 600 of 60,000 operations that fell due were never started: all of those beyond a p99. */
static void operations_that_were_never_started(void **state)
{
    struct place *place = *state;
    place->results[0]->phases[0].issued = 60000 - 600;
    check(make(place, TARGETS), 0, TG_CRITERION_MET, 1, "2 of 2");
    place->results[0]->phases[0].issued = 60000 - 601;
    check(make(place, TARGETS), 0, TG_CRITERION_INCONCLUSIVE, 0.5, "1 of 2");
}

static void every_result_counts(void **state)
{
    struct place *place = *state;
    place->results[1] = tg_sample_result();
    place->results[1]->id = "memory_store-20251122T000000Z";
    place->data.result_count = 2;
    const struct tg_milestone *milestone = make(place, TARGETS);
    check(milestone, 0, TG_CRITERION_MET, 1, "4 of 4 latency targets met (R1, R2)");
    /* Rows of one table that come from different results say so. */
    assert_int_equal(milestone->latency_count, 6);
    assert_string_equal(milestone->sources[milestone->latencies[2].source].label, "R1");
    assert_string_equal(milestone->sources[milestone->latencies[3].source].label, "R2");
}

static void check_said(const struct tg_milestone *milestone,
                       void (*write)(const struct tg_milestone *, struct tg_text *),
                       const char *text, bool expected)
{
    struct tg_text out = {0};
    write(milestone, &out);
    if ((strstr(out.data, text) != NULL) != expected)
        fail_msg("\"%s\" is %s there:\n%s", text, expected ? "not" : "still", out.data);
    tg_text_free(&out);
}

/* Operations and phases of the same name in two scenarios are told apart wherever they stand side
 * by side. One scenario alone is not repeated in each row. */
static void scenarios_are_told_apart(void **state)
{
    struct place *place = *state;
    place->results[1] = tg_sample_result();
    place->results[1]->id = "other-20251122T000000Z";
    place->results[1]->scenario = "other";
    place->results[1]->targets[0].status = TG_TARGET_MISSED;
    place->results[1]->targets[0].ratio = 0.5;
    place->data.result_count = 2;
    const struct tg_milestone *milestone = make(place, "");
    check_said(milestone, tg_milestone_validation, "| `memory_store` | `session_get`   | `steady`",
               true);
    check_said(milestone, tg_milestone_validation, "| `other`        | `session_get`   | `steady`",
               true);
    check_said(milestone, tg_milestone_validation, "| `other`        | `memory_put` | ",
               true); /* the bottleneck */
    check_said(milestone, tg_milestone_validation,
               "Target without data: task_take.errors == 0 in phase burst of other", true);
    check_said(milestone, tg_milestone_quick_reference, "| `other`        | session_get.p99 ",
               true);
    check_said(milestone, tg_milestone_executive,
               "session_get.p99 in phase steady of other: ", true);
    check_said(milestone, tg_milestone_chart_page, "[other: p50, p95 and p99, phase steady]", true);
    place->results[1]->scenario = "memory_store";
    milestone = make(place, "");
    check_said(milestone, tg_milestone_quick_reference, "| Scenario", false);
    check_said(milestone, tg_milestone_executive, " of memory_store:", false);
    check_said(milestone, tg_milestone_chart_page, "[memory_store: p50", false);
}

static bool is_found(const struct tg_milestone *milestone, const char *code, const char *where)
{
    for (size_t i = 0; i < milestone->findings.count; i++)
        if (strcmp(milestone->findings.items[i].code, code) == 0 &&
            strcmp(milestone->findings.items[i].where, where) == 0)
            return true;
    return false;
}

/* What one scenario of a review does not use another one may. */
static void an_index_that_another_scenario_uses_is_no_finding(void **state)
{
    static const char where[] = "idx_sessions_project on sessions";
    struct place *place = *state;
    place->results[1] = tg_sample_result();
    place->results[1]->id = "other-20251122T000000Z";
    place->results[1]->scenario = "other";
    place->data.result_count = 2;
    assert_true(is_found(make(place, ""), "unused-index", where));
    struct tg_coverage *coverage = &place->results[1]->coverage;
    struct tg_coverage_index *indexes =
        tg_arena_array(&place->arena, coverage->index_count, sizeof *indexes);
    memcpy(indexes, coverage->indexes, coverage->index_count * sizeof *indexes);
    indexes[1].users = 1;
    coverage->indexes = indexes;
    assert_false(is_found(make(place, ""), "unused-index", where));
}

/* ---- what decides without being asked for ---- */

static void criteria_that_are_implied(void **state)
{
    struct place *place = *state;
    const struct tg_milestone *milestone = make(place, "");
    assert_int_equal(milestone->criterion_count, 1);
    assert_true(milestone->criteria[0].implied);
    check(milestone, 0, TG_CRITERION_MISSED, 0,
          "0 of 1 result passed (R1); missed: plan of active_sessions");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 0, "\"Every result passes\" is missed");
    /* Beside criteria of the file it has no weight. */
    milestone = make(place, "[[criteria]]\nname = 'i'\nmeasure = 'integrity'\n");
    assert_int_equal(milestone->criterion_count, 2);
    check(milestone, 0, TG_CRITERION_MET, 1, "1 of 1 store intact");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 100, "\"Every result passes\" is missed");
    with_gate(place, &sample_gate);
    milestone = make(place, TARGETS);
    assert_int_equal(milestone->criterion_count, 4);
    check_decision(milestone, TG_DECISION_REJECTED, 1, 71.4,
                   "\"Every comparison passes\" is missed");
}

static void a_critical_finding_rejects(void **state)
{
    const struct tg_milestone *milestone =
        make(*state, TARGETS "[[finding]]\ntitle = 'it loses writes'\nseverity = 'critical'\n");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 71.4, "1 critical finding");
    assert_string_equal(milestone->conditions[0], "it loses writes");
}

/* ---- the other measures ---- */

/* The sample gate: a pass, two regressions, one inconclusive, one not gated, an improvement. */
static void gates(void **state)
{
    static const char text[] = "[[criteria]]\nname = 'g'\nmeasure = 'gate'\nmust = true\n"
                               "[[criteria]]\nname = 't'\nmeasure = 'targets'\n";
    struct place *place = *state;
    check(make(place, text), 0, TG_CRITERION_NO_DATA, 0,
          "there is no comparison with a measured before");
    with_gate(place, &sample_gate);
    const struct tg_milestone *milestone = make(place, text);
    check(milestone, 0, TG_CRITERION_MISSED, 0.3333,
          "2 of 6 gated metrics proved within their margins (C1); missed: session_get.p99, "
          "regression (C1)");
    assert_non_null(strstr(milestone->confidence, "regression in C1 is confirmed"));
    assert_non_null(strstr(milestone->confidence, "at most 1%"));

    /* All rows pass, and still more operations fail: the gate's own verdict counts. */
    struct tg_gate_view view = sample_gate;
    view.row_count = 1;
    view.fails_more = true;
    with_gate(place, &view);
    check(make(place, text), 0, TG_CRITERION_MISSED, 0.5, "1 of 2 gated metrics");
    view.exit_code = 3;
    view.bad = false;
    with_gate(place, &view);
    milestone = make(place, text);
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0.5, "1 of 2 gated metrics");
    assert_null(milestone->confidence);
    check_decision(milestone, TG_DECISION_CONDITIONAL, 3, 50, "\"g\" is not decided");
    view.exit_code = 0;
    view.good = true;
    view.fails_more = false;
    with_gate(place, &view);
    milestone = make(place, text);
    check(milestone, 0, TG_CRITERION_MET, 1, "1 of 1 gated metrics");
    assert_non_null(strstr(milestone->confidence, "of C1 is proved"));
    assert_non_null(strstr(milestone->confidence, "at most 5%"));
}

/* Whatever a metric looks like: a gate without a verdict misses nothing. */
static void gates_agree_with_their_exit_code(void **state)
{
    static const char text[] = "[[criteria]]\nname = 'g'\nmeasure = 'gate'\nmust = true\n";
    struct place *place = *state;
    place->data.result_count = 0;
    for (size_t i = 0; i < TG_SAMPLE_ENDINGS; i++) {
        struct tg_arena arena = {0};
        struct tg_comparison *comparison = tg_sample_ended(&tg_sample_endings[i]);
        struct tg_compare_view view = tg_compare_view_make(comparison, false, &arena);
        with_gate(place, &view.gate);
        const struct tg_milestone *milestone = make(place, text);
        bool bad = tg_sample_endings[i].exit_code == 1;
        assert_int_equal(milestone->criteria[0].status,
                         bad ? TG_CRITERION_MISSED : TG_CRITERION_INCONCLUSIVE);
        assert_int_equal(milestone->decision == TG_DECISION_REJECTED, bad);
        tg_comparison_free(comparison);
        tg_arena_free(&arena);
    }
}

/* A chart's name is that of its files and its anchor: phases whose names differ only in what such a
 * name cannot show have charts of their own all the same. */
static void charts_have_names_of_their_own(void **state)
{
    struct place *place = *state;
    size_t count;
    size_t numbered = 0;
    place->results[0]->phases[1].name = "STEADY";
    const struct tg_milestone *milestone = make(place, "");
    struct tg_chart **charts = tg_milestone_charts(milestone, &count, &place->arena);
    for (size_t i = 0; i < count; i++) {
        numbered += strcmp(charts[i]->name, "r1-percentiles-steady-2") == 0;
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(charts[i]->name, charts[k]->name);
    }
    assert_int_equal(numbered, 1);
}

/* One statement searches; a query that is only planned scans a table. */
static void plans(void **state)
{
    const struct tg_milestone *milestone =
        make(*state, "[[criteria]]\nname = 'all'\nmeasure = 'plans'\n"
                     "[[criteria]]\nname = 'run'\nmeasure = 'plans'\nqueries = false\n"
                     "[[criteria]]\nname = 'none'\nmeasure = 'plans'\noperations = 'x'\n"
                     "[[criteria]]\nname = 'r'\nmeasure = 'results'\n");
    check(milestone, 0, TG_CRITERION_MISSED, 0.5,
          "1 of 2 statements find their rows by an index or a key (R1); missed: active_sessions, "
          "table scan (R1)");
    check(milestone, 1, TG_CRITERION_MET, 1, "1 of 1 statement");
    check(milestone, 2, TG_CRITERION_NO_DATA, 0, "there is no query plan (operation x)");
}

static void integrity(void **state)
{
    static const char text[] = "[[criteria]]\nname = 'i'\nmeasure = 'integrity'\n";
    static const char *violations[] = {"row 3 of orders has no customer"};
    struct place *place = *state;
    place->results[0]->verified = false;
    check(make(place, text), 0, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 store intact");
    place->results[0]->violations = violations;
    place->results[0]->violation_count = 1;
    check(make(place, text), 0, TG_CRITERION_MISSED, 0,
          "0 of 1 store intact after its run (R1); missed: row 3 of orders");
}

/* 12 tests, 2 of them skipped, 1 failed: 9 of 10. 9/10 of 95 % are 0.94736... */
static void tests_of_the_user(void **state)
{
    static const char text[] =
        "[inputs]\njunit = 'j.xml'\n[[criteria]]\nname = 'a'\nmeasure = 'tests'\nat_least = 0.9\n"
        "[[criteria]]\nname = 'b'\nmeasure = 'tests'\nat_least = '95%'\n";
    struct place *place = *state;
    check(make(place, text), 0, TG_CRITERION_NO_DATA, 0, "there is no JUnit file");
    place->data.tests = (struct tg_milestone_tests){
        .given = true, .sum = {.name = "", .tests = 12, .failed = 1, .skipped = 2}};
    const struct tg_milestone *milestone = make(place, text);
    check(milestone, 0, TG_CRITERION_MET, 1, "9 of 10 tests that were run passed (I1)");
    check(milestone, 1, TG_CRITERION_MISSED, 0.9473, "9 of 10 tests");
    place->data.tests.sum.skipped = 12;
    place->data.tests.sum.failed = 0;
    check(make(place, text), 0, TG_CRITERION_NO_DATA, 0, "there is no test that was not skipped");
}

static void code_coverage(void **state)
{
    static const char text[] =
        "[inputs]\nlcov = 'c.info'\n"
        "[[criteria]]\nname = 'a'\nmeasure = 'code_coverage'\nat_least = '80%'\n"
        "[[criteria]]\nname = 'b'\nmeasure = 'code_coverage'\nof = 'branches'\nat_least = 0.5\n";
    struct place *place = *state;
    check(make(place, text), 0, TG_CRITERION_NO_DATA, 0, "no coverage file was given");
    place->data.code_coverage = (struct tg_milestone_code_coverage){.given = true,
                                                                    .lines = 1000,
                                                                    .lines_covered = 7996,
                                                                    .line_rate = 0.7996,
                                                                    .branch_rate = NAN};
    const struct tg_milestone *milestone = make(place, text);
    /* Rounded down: 79.96 % are not 80 %. */
    check(milestone, 0, TG_CRITERION_MISSED, 0.9995,
          "79.9% of the lines of code reached by tests (I1)");
    check(milestone, 1, TG_CRITERION_NO_DATA, 0, "the coverage file says nothing of branches");
    place->data.code_coverage.branch_rate = 0.5;
    check(make(place, text), 1, TG_CRITERION_MET, 1, "50.0% of the branches");
}

static void findings(void **state)
{
    const struct tg_milestone *milestone = make(
        *state, "[[finding]]\ntitle = 'first'\nseverity = 'low'\n"
                "[[finding]]\ntitle = 'second'\nseverity = 'critical'\n"
                "[[criteria]]\nname = 'a'\nmeasure = 'findings'\nseverity = 'critical'\n"
                "[[criteria]]\nname = 'b'\nmeasure = 'findings'\nseverity = 'critical'\nat_most = "
                "1\n[[criteria]]\nname = 'r'\nmeasure = 'results'\n");
    check(milestone, 0, TG_CRITERION_MISSED, 0,
          "1 finding of severity critical, the first: second");
    check(milestone, 1, TG_CRITERION_MET, 1, "1 finding of severity critical");
    assert_string_equal(milestone->criteria[0].asked, "at most 0 findings of severity critical");
}

static void rows_of_the_tables(void **state)
{
    const struct tg_milestone *milestone = make(*state, "");
    assert_int_equal(milestone->latency_count, 3);
    const struct tg_milestone_row *row = &milestone->latencies[0];
    assert_string_equal(row->op, "session_get");
    assert_string_equal(row->target->text, "session_get.p99 < 50ms");
    assert_true(row->response);
    assert_float_equal(row->rate_per_s, 800, 1e-9); /* 48,000 in 60 s */
    assert_null(milestone->latencies[1].target);    /* memory_put has none */
    /* 50 operations: half of them beyond the median, none beyond a p99. */
    row = &milestone->latencies[2];
    assert_string_equal(row->op, "sessions_read");
    assert_false(row->response);
    assert_false(isnan(row->p50_ns));
    assert_true(isnan(row->p99_ns));
    assert_int_equal(milestone->throughput_count, 2);
    assert_null(milestone->throughputs[0].op);
    assert_string_equal(milestone->throughputs[0].target->text, "rate >= 1_300/s");
    assert_int_equal(milestone->concurrency_count, 2); /* 4 and 50 workers */
    assert_int_equal(milestone->concurrency[1].phase->workers, 50);
}

static bool has_caveat(const struct tg_milestone *milestone, const char *text)
{
    for (size_t i = 0; i < milestone->caveat_count; i++)
        if (strstr(milestone->caveats[i], text))
            return true;
    return false;
}

static void caveats(void **state)
{
    struct place *place = *state;
    const struct tg_milestone *milestone = make(place, "");
    assert_true(has_caveat(milestone, "R1 was run with phase.steady.rate=1000"));
    assert_true(has_caveat(milestone, "uncommitted changes, which the commit does not show: R1"));
    assert_false(has_caveat(milestone, "another"));
    assert_string_equal(milestone->date, "2025-11-21"); /* of the result */

    struct tg_result *other = tg_sample_result();
    place->results[1] = other;
    place->data.result_count = 2;
    other->id = "memory_store-20251122T000000Z";
    other->git_commit = "fedcba9876543210fedcba9876543210fedcba98";
    other->host_json =
        "{\"fingerprint\":\"-\",\"cpu_model\":\"AMD EPYC\",\"cpus\":8,\"memory_bytes\":25276448768,"
        "\"architecture\":\"x86_64\",\"kernel\":\"6.1.0-28-amd64\",\"distribution\":\"Debian "
        "GNU/Linux 12 (bookworm)\",\"clock_source\":\"tsc\",\"governor\":\"none\","
        "\"virtualisation\":\"kvm\",\"libraries\":{\"libc\":\"glibc 2.36\"}}";
    milestone = make(place, "");
    assert_true(has_caveat(milestone,
                           "Measured on another machine than R1: R2 (number of CPUs 2 there, 8 "));
    assert_true(has_caveat(milestone, "Measured at another commit than R1 (0123456789ab): R2"));
}

static void the_summary_is_json_with_units_and_sources(void **state)
{
    struct place *place = *state;
    with_gate(place, &sample_gate);
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    const struct tg_milestone *milestone = make(place, TARGETS);
    struct tg_text text = {0};
    tg_milestone_summary(milestone, &text);
    cJSON *json = tg_json_parse(text.data, text.length, "summary.json", &place->diags);
    assert_non_null(json);
    const char *word;
    assert_true(tg_json_get_string(json, "kind", &word));
    assert_string_equal(word, "tailgate-milestone");
    assert_true(tg_json_get_string(json, "status", &word));
    assert_string_equal(word, "REJECTED");
    const cJSON *targets = tg_json_get(json, "targets");
    assert_int_equal(cJSON_GetArraySize(targets), 4);
    const cJSON *rate = cJSON_GetArrayItem(targets, 1);
    double value;
    assert_true(tg_json_get_double(rate, "limit_per_s", &value));
    assert_float_equal(value, 1300, 1e-9);
    assert_true(tg_json_get_double(rate, "value_per_s", &value));
    assert_true(tg_json_get_string(rate, "source", &word));
    assert_string_equal(word, "R1");
    assert_true(cJSON_IsNull(tg_json_get(json, "tests")));
    assert_true(tg_json_get_string(cJSON_GetArrayItem(tg_json_get(json, "before_after"), 0),
                                   "source", &word));
    assert_string_equal(word, "C1");
    cJSON_Delete(json);
    tg_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(targets_are_counted_by_what_they_limit),
        CASE(a_missed_must_rejects_whatever_the_score),
        CASE(what_is_open_may_still_be_enough),
        CASE(a_least_score),
        CASE(what_is_met_in_an_invalid_phase_is_open),
        CASE(operations_that_were_never_started),
        CASE(every_result_counts),
        CASE(scenarios_are_told_apart),
        CASE(an_index_that_another_scenario_uses_is_no_finding),
        CASE(criteria_that_are_implied),
        CASE(a_critical_finding_rejects),
        CASE(charts_have_names_of_their_own),
        CASE(gates),
        CASE(gates_agree_with_their_exit_code),
        CASE(plans),
        CASE(integrity),
        CASE(tests_of_the_user),
        CASE(code_coverage),
        CASE(findings),
        CASE(rows_of_the_tables),
        CASE(caveats),
        CASE(the_summary_is_json_with_units_and_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
