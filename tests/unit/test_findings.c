/* Findings. The sample result was read by a person, who wrote down what there is to say about it;
 * limits are met and passed by one, calculated by hand beside each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/compare/compare_view.h"
#include "reports/findings/findings.h"
#include "sample_comparison.h"
#include "sample_gate.h"
#include "sample_result.h"

struct expected {
    const char *code;
    enum tg_finding_severity severity;
    const char *where;
};

static void expect_findings(const struct tg_findings *findings, const struct expected *expected,
                            size_t count)
{
    for (size_t i = 0; i < findings->count || i < count; i++) {
        if (i >= findings->count)
            fail_msg("%s of %s is missing", expected[i].code, expected[i].where);
        if (i >= count)
            fail_msg("%s of %s is one too many", findings->items[i].code, findings->items[i].where);
        assert_string_equal(findings->items[i].code, expected[i].code);
        assert_string_equal(findings->items[i].where, expected[i].where);
        assert_int_equal(findings->items[i].severity, expected[i].severity);
    }
}

#define EXPECT(findings, list) expect_findings(&(findings), list, sizeof(list) / sizeof *(list))

static const struct tg_finding *find(const struct tg_findings *findings, const char *code)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (strcmp(findings->items[i].code, code) == 0)
            return &findings->items[i];
    }
    return NULL;
}

struct sample {
    struct tg_result *result;
    struct tg_finding_limits limits;
    struct tg_arena arena;
};

static int set_up(void **state)
{
    struct sample *sample = tg_calloc(1, sizeof *sample);
    sample->result = tg_sample_result();
    sample->result->id = "memory_store-20251121T000000Z";
    sample->limits = tg_finding_limits_default();
    *state = sample;
    return 0;
}

static int tear_down(void **state)
{
    struct sample *sample = *state;
    tg_result_free(sample->result);
    tg_arena_free(&sample->arena);
    free(sample);
    return 0;
}

static struct tg_findings findings_of(struct sample *sample)
{
    return tg_findings_of_result(sample->result, &sample->limits, &sample->arena);
}

static void of_the_sample(void **state)
{
    static const struct expected expected[] = {
        {"target-missed", TG_FINDING_HIGH, "phase steady"},
        {"errors", TG_FINDING_HIGH, "memory_put, phase steady"},
        {"plan-expectation", TG_FINDING_HIGH, "active_sessions"},
        {"table-scan", TG_FINDING_MEDIUM, "active_sessions"},
        {"duplicate-index", TG_FINDING_MEDIUM, "idx_sessions_pk on sessions"},
        {"retries", TG_FINDING_LOW, "phase steady"},
        {"target-without-data", TG_FINDING_INFO, "phase burst"},
        {"unused-index", TG_FINDING_INFO, "idx_sessions_project on sessions"},
    };
    struct tg_findings findings = findings_of(*state);
    EXPECT(findings, expected);
    assert_string_equal(findings.items[0].evidence, "measured 1,000/s, 1.30× short");
    assert_string_equal(findings.items[1].evidence, "12 of 12,000 operations failed (0.1%)\n"
                                                    "11 of SQLITE_BUSY, first: database is locked\n"
                                                    "1 of expect_rows, first: 0 rows, expected 1");
    assert_non_null(strstr(findings.items[1].remedy, "busy_timeout"));
    assert_string_equal(findings.items[3].title, "active_sessions reads every row of sessions and "
                                                 "sorts in a temporary B-tree");
    assert_false(findings.items[3].verified); /* the sample has no remedies */
    assert_string_equal(findings.items[4].sql, "DROP INDEX idx_sessions_pk");
    assert_true(findings.items[4].verified);
    assert_string_equal(findings.items[4].verification,
                        "all 2 statements were planned again without it: session_get uses "
                        "sqlite_autoindex_sessions_1 in the same way; no other plan changes");
    assert_non_null(strstr(findings.items[7].remedy, "project_id -> projects"));
    assert_null(findings.items[7].sql);
    for (size_t i = 0; i < findings.count; i++)
        assert_string_equal(findings.items[i].source, "memory_store-20251121T000000Z");
}

/* ---- one thing at a time ---- */

/* A miss does not say which statement it is of: a remedy for another one is no remedy for it. */
static void a_missed_expectation_has_the_remedy_of_its_statement(void **state)
{
    struct sample *sample = *state;
    struct tg_plan_step scan = {.kind = TG_STEP_TABLE_SCAN, .table = "t", .detail = "SCAN t"};
    struct tg_plan_step search = {.kind = TG_STEP_SEARCH, .table = "t", .detail = "SEARCH t"};
    struct tg_remedy remedy = {.what = "add an index",
                               .sql = "CREATE INDEX x",
                               .plan = {.steps = &search, .step_count = 1}};
    struct tg_coverage_statement statements[] = {
        {.owner = "op", .number = 1, .sql = "UPDATE t", .plan = {.steps = &scan, .step_count = 1}},
        {.owner = "op",
         .number = 2,
         .sql = "SELECT u",
         .plan = {.steps = &scan, .step_count = 1},
         .remedies = &remedy,
         .remedy_count = 1},
    };
    struct tg_coverage_miss miss = {
        .owner = "op", .message = "expects no scan, the plan of statement 1 has: SCAN t"};
    struct tg_coverage coverage = {
        .statements = statements, .statement_count = 2, .misses = &miss, .miss_count = 1};
    struct tg_findings findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
    assert_string_equal(findings.items[0].code, "plan-expectation");
    assert_null(findings.items[0].sql);
    assert_false(findings.items[0].verified);
    /* The only one that it can be of. */
    coverage.statements = statements + 1;
    coverage.statement_count = 1;
    findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
    assert_string_equal(findings.items[0].sql, "CREATE INDEX x");
    assert_true(findings.items[0].verified);
}

static void indexes_that_enforce_are_not_to_be_dropped(void **state)
{
    struct sample *sample = *state;
    struct tg_coverage_index index = {
        .info = {.table = "t", .name = "i", .columns = "a", .drop = "DROP INDEX i"},
        .trial = TG_INDEX_SPARE};
    const struct tg_coverage coverage = {.indexes = &index, .index_count = 1};
    struct tg_findings findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
    assert_string_equal(findings.items[0].sql, "DROP INDEX i");
    assert_int_equal(findings.items[0].severity, TG_FINDING_LOW);
    index.trial = TG_INDEX_NOT_TRIED;
    index.info.unique = true;
    findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
    assert_null(findings.items[0].sql);
    assert_int_equal(findings.items[0].severity, TG_FINDING_INFO);
    assert_non_null(strstr(findings.items[0].remedy, "enforces uniqueness"));
    index.info.repeats_key = true; /* which is unique as well */
    index.trial = TG_INDEX_SPARE;
    findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
    assert_string_equal(findings.items[0].code, "duplicate-index");
    assert_string_equal(findings.items[0].sql, "DROP INDEX i");
    assert_non_null(strstr(findings.items[0].remedy, "enforces the same uniqueness"));
    index.trial = TG_INDEX_NEEDED;
    findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
    assert_null(findings.items[0].sql);
    assert_int_equal(findings.items[0].severity, TG_FINDING_INFO);
    index.info.automatic = true;
    assert_int_equal(tg_findings_of_coverage(&coverage, "s", &sample->arena).count, 0);
}

/* A log of 1,000 pages of 4,096 bytes: 32 + 1,000 * (4,096 + 24) = 4,120,032 bytes; four times as
 * much is 16,480,128. */
static void the_log(void **state)
{
    static struct tg_setting_state settings[] = {{"page_size", NULL, "4096"},
                                                 {"wal_autocheckpoint", "1000", "1000"}};
    struct sample *sample = *state;
    struct tg_phase_result *phase = &sample->result->phases[0];
    sample->result->settings = settings;
    sample->result->setting_count = 2;
    phase->log_peak_bytes = 16480128;
    struct tg_findings findings = findings_of(sample);
    assert_null(find(&findings, "wal-growth"));
    phase->log_peak_bytes++;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "wal-growth")->where, "phase steady");
    assert_string_equal(find(&findings, "wal-growth")->evidence,
                        "the log reached 15.7 MiB, 4.00 times the 3.93 MiB that a checkpoint every "
                        "1,000 pages keeps");
    /* it is no news that it stays so in the next phase */
    sample->result->phases[1].log_peak_bytes = phase->log_peak_bytes;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "wal-growth")->where, "phase steady");
    settings[1].actual = "0";
    findings = findings_of(sample);
    assert_non_null(strstr(find(&findings, "wal-growth")->title, "nothing checkpoints it"));
    settings[1].actual = "1000";
    phase->log_peak_bytes = sample->result->phases[1].log_peak_bytes = -1;
    findings = findings_of(sample);
    assert_null(find(&findings, "wal-growth"));
}

/* Two CPUs for 60 s are 120 s, of which 2 % are 2.4 s. */
static void stolen_time(void **state)
{
    struct sample *sample = *state;
    sample->result->phases[0].steal_ns = 2400 * TG_NS_PER_MS;
    struct tg_findings findings = findings_of(sample);
    assert_null(find(&findings, "steal"));
    sample->result->phases[0].steal_ns++;
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "steal")->severity, TG_FINDING_INFO);
    assert_string_equal(find(&findings, "steal")->evidence,
                        "phase steady: 2.40 s stolen in 60.0 s, 2.0% of the time of 2 CPUs");
    sample->result->phases[0].steal_ns = -1;
    findings = findings_of(sample);
    assert_null(find(&findings, "steal"));
}

static void headroom(void **state)
{
    struct sample *sample = *state;
    struct tg_target_result *target = &sample->result->targets[2];
    target->ratio = 1.2;
    struct tg_findings findings = findings_of(sample);
    assert_null(find(&findings, "little-headroom"));
    target->ratio = 1.19;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "little-headroom")->title,
                        "target met with little to spare: sessions_read.p99 <= 2s");
    target->ratio = INFINITY;
    findings = findings_of(sample);
    assert_null(find(&findings, "little-headroom"));
    sample->limits.headroom = 1000; /* the other one is met 280 times */
    findings = findings_of(sample);
    assert_non_null(find(&findings, "little-headroom"));
}

/* What an interrupted phase misses is no fault of the store. */
static void phases_that_say_nothing(void **state)
{
    struct sample *sample = *state;
    sample->result->phases[0].interrupted = true;
    struct tg_findings findings = findings_of(sample);
    assert_int_equal(find(&findings, "target-missed")->severity, TG_FINDING_INFO);
    assert_non_null(find(&findings, "interrupted"));
    sample->result->phases[0].interrupted = false;
    sample->result->phases[0].invalid = "the harness could not offer the rate";
    sample->result->targets[0].ratio = 1.1; /* nor is what it meets worth a word */
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "target-missed")->severity, TG_FINDING_INFO);
    assert_null(find(&findings, "little-headroom"));
    assert_string_equal(find(&findings, "invalid-phase")->evidence,
                        "the harness could not offer the rate");
    sample->result->phases[0].invalid = NULL; /* killed before it had its rate */
    sample->result->targets[1].phase = sample->result->phases[1].name;
    sample->result->crash = "killed by signal 9";
    sample->result->crash_signal = SIGKILL;
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "target-missed")->severity, TG_FINDING_INFO);
    sample->result->crash_signal = SIGSEGV; /* its own doing, and what it missed until then */
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "target-missed")->severity, TG_FINDING_HIGH);
}

static void errors_that_are_allowed(void **state)
{
    struct sample *sample = *state;
    struct tg_target_result *target = &sample->result->targets[0];
    target->metric = TG_METRIC_ERROR_RATE;
    struct tg_findings findings = findings_of(sample);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_LOW);
    target->status = TG_TARGET_MISSED;
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_HIGH);
}

/* What SQLite reads back, from its documentation of each pragma. */
static void settings_in_other_words(void **state)
{
    static const struct {
        const char *name, *requested, *actual;
        bool same;
    } cases[] = {
        {"synchronous", "NORMAL", "1", true},     {"synchronous", "NORMAL", "2", false},
        {"foreign_keys", "ON", "1", true},        {"foreign_keys", "ON", "0", false},
        {"journal_mode", "WAL", "wal", true},     {"journal_mode", "WAL", "delete", false},
        {"cache_size", "-64000", "-64000", true}, {"cache_size", "-64000", "-2000", false},
        {"temp_store", "MEMORY", "2", true},      {"auto_vacuum", "INCREMENTAL", "2", true},
        {"mmap_size", "0x1000", "4096", true},    {"encoding", "UTF-16", "UTF-16le", true},
    };
    struct sample *sample = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tg_setting_state setting = {cases[i].name, cases[i].requested, cases[i].actual};
        sample->result->settings = &setting;
        sample->result->setting_count = 1;
        struct tg_findings findings = findings_of(sample);
        const struct tg_finding *finding = find(&findings, "setting-differs");
        if (!finding != cases[i].same)
            fail_msg("%s %s and %s", cases[i].name, cases[i].requested, cases[i].actual);
    }
    struct tg_setting_state unasked = {"synchronous", NULL, "2"};
    sample->result->settings = &unasked;
    struct tg_findings findings = findings_of(sample);
    assert_null(find(&findings, "setting-differs"));
}

static void crashes_and_damage(void **state)
{
    static const char *violations[] = {"row 1", "row 2", "row 3", "row 4", "row 5", "row 6"};
    struct sample *sample = *state;
    sample->result->violations = violations;
    sample->result->violation_count = 6;
    sample->result->crash = "signal 11 in phase steady";
    sample->result->crash_signal = SIGSEGV;
    struct tg_findings findings = findings_of(sample);
    assert_string_equal(findings.items[0].code, "crash");
    assert_int_equal(findings.items[0].severity, TG_FINDING_CRITICAL);
    assert_string_equal(findings.items[1].evidence,
                        "row 1\nrow 2\nrow 3\nrow 4\nrow 5\nand 1 more");
    sample->result->crash_signal = SIGKILL; /* nobody does that to oneself */
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "killed")->severity, TG_FINDING_INFO);
    sample->result->crash = NULL;
    sample->result->verified = false;
    findings = findings_of(sample);
    assert_non_null(find(&findings, "not-checked"));
}

/* ---- comparisons, joins, output ---- */

static void of_a_comparison(void **state)
{
    static const struct expected expected[] = {
        {"regression", TG_FINDING_HIGH, "session_get.p99"},
        {"regression", TG_FINDING_HIGH, "rate"},
        {"inconclusive", TG_FINDING_INFO, "memory_put.p95"},
        {"not-gated", TG_FINDING_INFO, "memory_put.p99.9"},
        {"steal", TG_FINDING_INFO, "the platform"},
    };
    struct sample *sample = *state;
    struct tg_gate_view gate = {
        .id = "g", .rows = sample_rows, .row_count = SAMPLE_ROWS, .steal_share = 0.0201};
    struct tg_findings findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    EXPECT(findings, expected);
    assert_string_equal(findings.items[3].evidence, sample_rows[3].note);
    gate.steal_share = NAN;
    gate.crash = "signal 11";
    gate.end = TG_END_CRASHED;
    gate.failed_side = TG_AFTER;
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_string_equal(findings.items[0].where, "the store after");
    assert_null(find(&findings, "steal"));
}

static size_t count_grave(const struct tg_findings *findings)
{
    size_t grave = 0;
    for (size_t i = 0; i < findings->count; i++)
        grave += findings->items[i].severity <= TG_FINDING_HIGH;
    return grave;
}

/* A gate that cannot tell has nothing grave to say of the store, one that is bad something. */
static void findings_agree_with_the_exit_code(void **state)
{
    struct sample *sample = *state;
    for (size_t i = 0; i < TG_SAMPLE_ENDINGS; i++) {
        const struct tg_sample_ending *ending = &tg_sample_endings[i];
        struct tg_comparison *comparison = tg_sample_ended(ending);
        struct tg_compare_view view = tg_compare_view_make(comparison, false, &sample->arena);
        struct tg_findings findings =
            tg_findings_of_gate(&view.gate, &sample->limits, &sample->arena);
        assert_int_equal(count_grave(&findings) > 0, ending->exit_code != 3);
        const struct tg_finding *crash = find(&findings, "crash");
        const struct tg_finding *killed = find(&findings, "killed");
        assert_int_equal(crash != NULL, ending->end == TG_END_CRASHED);
        assert_int_equal(killed != NULL, ending->end == TG_END_KILLED);
        if (crash)
            assert_int_equal(crash->severity, ending->failed_side == TG_AFTER ? TG_FINDING_CRITICAL
                                                                              : TG_FINDING_INFO);
        if (killed)
            assert_int_equal(killed->severity, TG_FINDING_INFO);
        tg_comparison_free(comparison);
    }
}

static void failures_have_to_be_proved(void **state)
{
    struct sample *sample = *state;
    struct tg_gate_view gate = sample_gate;
    gate.fails_more = true;
    struct tg_findings findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_MEDIUM);
    assert_non_null(strstr(find(&findings, "errors")->title, "not proved"));
    gate.fails_proved = true;
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_HIGH);
}

static void what_is_said_twice_is_joined(void **state)
{
    struct sample *sample = *state;
    struct tg_finding low = {.code = "a", .severity = TG_FINDING_LOW, .where = "x", .source = "1"};
    struct tg_finding again = {
        .code = "a", .severity = TG_FINDING_LOW, .where = "x", .source = "2"};
    struct tg_finding other = {.code = "a", .severity = TG_FINDING_HIGH, .where = "y"};
    const struct tg_findings lists[] = {{&low, 1}, {&again, 1}, {&other, 1}, {NULL, 0}};
    struct tg_findings joined = tg_findings_join(lists, 4, &sample->arena);
    assert_int_equal(joined.count, 2);
    assert_string_equal(joined.items[0].where, "y");
    assert_string_equal(joined.items[1].source, "1");
}

/* Two targets missed in one phase, and one store that falls short in two results: each counts. */
static void what_falls_short_is_said_each_time(void **state)
{
    struct sample *sample = *state;
    struct tg_finding of_one[] = {
        {.code = "target-missed", .severity = TG_FINDING_HIGH, .where = "phase a", .title = "x"},
        {.code = "target-missed", .severity = TG_FINDING_HIGH, .where = "phase a", .title = "y"},
        {.code = "retries", .severity = TG_FINDING_LOW, .where = "b", .title = "r"},
    };
    struct tg_finding of_other[] = {of_one[0], of_one[0], of_one[2]};
    of_one[0].evidence = "3 ms";
    of_other[0].evidence = "4 ms";
    of_other[1].evidence = "3 ms";
    of_one[2].evidence = "2 of 8";
    of_other[2].evidence = "3 of 9";
    const struct tg_findings lists[] = {{of_one, 3}, {of_other, 3}};
    struct tg_findings joined = tg_findings_join(lists, 2, &sample->arena);
    assert_int_equal(joined.count, 4);
    assert_string_equal(joined.items[0].evidence, "3 ms");
    assert_string_equal(joined.items[1].title, "y");
    assert_string_equal(joined.items[2].evidence, "4 ms");
    assert_string_equal(joined.items[3].code, "retries");
}

static void names_change_nothing_around_them(void **state)
{
    struct sample *sample = *state;
    struct tg_finding nasty = {.code = "a",
                               .severity = TG_FINDING_LOW,
                               .where = "a|b",
                               .title = "</details><script>`x`",
                               .evidence = "one\n```\n</pre>",
                               .remedy = "@octocat",
                               .sql = "SELECT '```'",
                               .source = ""};
    const struct tg_findings findings = {&nasty, 1};
    struct tg_text text = {0};
    tg_findings_markdown(&findings, &text);
    assert_non_null(strstr(text.data, "a\\|b"));
    assert_null(strstr(text.data, "<script>"));
    assert_non_null(strstr(text.data, "@<!-- -->octocat"));
    assert_non_null(strstr(text.data, "````text\none\n```\n"));
    cJSON *json = tg_findings_to_json(&findings);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(json->child, "title")),
                        nasty.title);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(json->child, "verification")));
    cJSON_Delete(json);
    tg_text_clear(&text);
    tg_findings_markdown(&(struct tg_findings){0}, &text);
    assert_string_equal(text.data, "None.\n\n");
    tg_text_free(&text);
    (void)sample;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_missed_expectation_has_the_remedy_of_its_statement),
        TEST(of_the_sample),
        TEST(indexes_that_enforce_are_not_to_be_dropped),
        TEST(the_log),
        TEST(stolen_time),
        TEST(headroom),
        TEST(phases_that_say_nothing),
        TEST(errors_that_are_allowed),
        TEST(settings_in_other_words),
        TEST(crashes_and_damage),
        TEST(of_a_comparison),
        TEST(findings_agree_with_the_exit_code),
        TEST(failures_have_to_be_proved),
        TEST(what_is_said_twice_is_joined),
        TEST(what_falls_short_is_said_each_time),
        TEST(names_change_nothing_around_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
