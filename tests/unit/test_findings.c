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
#include "findings_place.h"

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
    check_advised(&findings);
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

/* What to do about a target is what its phase shows. In steady, 48,000 session_get take 70 µs each,
 * which are 3.36 s, and 11,988 memory_put 645 µs, 7.73 s: 70 % of the time. */
static void advice_for_a_target(void **state)
{
    struct sample *sample = *state;
    struct tg_target_result *rate = &sample->result->targets[1];
    struct tg_target_result *p99 = &sample->result->targets[0];
    struct tg_findings findings = findings_of(sample);
    assert_string_equal(find(&findings, "target-missed")->remedy,
                        "the phase offers 1,000/s, which is less than the target asks for: raise "
                        "its rate, or lower the target");
    rate->limit = 999.9;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "target-missed")->remedy,
                        "memory_put takes 70% of the time that the operations of the phase take: "
                        "make it cheaper, or add workers");
    rate->status = TG_TARGET_MET;
    rate->ratio = 2;
    p99->status = TG_TARGET_MISSED; /* 178.5 µs of response, 109 µs of service */
    p99->limit = 150000;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "target-missed")->remedy,
                        "the service time would have met the limit: operations wait because every "
                        "worker is busy. Add workers; memory_put takes 70% of the time that the "
                        "operations of the phase take");
    struct tg_hdr *busy_lag = sample->result->phases[0].busy_lag;
    sample->result->phases[0].busy_lag = NULL; /* there was always a free one */
    findings = findings_of(sample);
    assert_non_null(strstr(find(&findings, "target-missed")->remedy, "workers woke late"));
    sample->result->phases[0].busy_lag = busy_lag;
    p99->limit = 100000;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "target-missed")->remedy,
                        "profile the phase: perf record -g -- tailgate run --no-coverage "
                        "scenarios/memory_store/milestone.toml --phase steady --set "
                        "phase.steady.rate=1000, then perf report");
    sample->result->coverage.statements[1].owner = "session_get"; /* which scans, that is */
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "target-missed")->remedy,
                        "begin with the plan of session_get, which reads every row of sessions: it "
                        "has a finding of its own");
    sample->result->coverage.statements[1].owner = "memory_put";
    p99->status = TG_TARGET_MET;
    rate->status = TG_TARGET_MISSED;
    findings = findings_of(sample);
    assert_string_equal(find(&findings, "target-missed")->remedy,
                        "memory_put takes 70% of the time that the operations of the phase take: "
                        "begin with its plan, which reads every row of sessions: it has a finding "
                        "of its own");
    sample->result->coverage.statements[1].owner = "active_sessions";
}

static const char *advice_of(struct sample *sample)
{
    struct tg_findings findings = findings_of(sample);
    return find(&findings, "target-missed")->remedy;
}

/* What is too fast for its target becomes no slower by cheaper operations or more workers. */
static void advice_goes_the_way_of_the_limit(void **state)
{
    static const struct {
        enum tg_metric_kind metric;
        enum tg_compare compare;
        bool cheaper;
    } cases[] = {
        {TG_METRIC_RATE, TG_GREATER_EQUAL, true}, {TG_METRIC_RATE, TG_LESS, false},
        {TG_METRIC_COUNT, TG_GREATER, true},      {TG_METRIC_COUNT, TG_LESS_EQUAL, false},
        {TG_METRIC_COUNT, TG_EQUAL, false},       {TG_METRIC_ELAPSED, TG_LESS, true},
        {TG_METRIC_ELAPSED, TG_GREATER, false},
    };
    struct sample *sample = *state;
    struct tg_target_result *target = &sample->result->targets[1];
    target->limit = 999.9; /* which the phase offers */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        target->metric = cases[i].metric;
        target->compare = cases[i].compare;
        const char *advice = advice_of(sample);
        assert_int_equal(strstr(advice, "make it cheaper, or add workers") != NULL,
                         cases[i].cheaper);
        assert_int_equal(tg_starts_with(advice, "profile the phase"), !cases[i].cheaper);
    }
}

/* A lag is over before the store has anything to do. */
static void advice_about_lags(void **state)
{
    struct sample *sample = *state;
    struct tg_target_result *target = &sample->result->targets[1];
    target->key = "memory_store/steady/session_get/lag.p99";
    target->metric = TG_METRIC_PERCENTILE;
    target->compare = TG_LESS;
    target->limit = 1000;
    assert_string_equal(advice_of(sample),
                        "operations wait because every worker is busy. Add workers; memory_put "
                        "takes 70% of the time that the operations of the phase take");
    struct tg_hdr *busy_lag = sample->result->phases[0].busy_lag;
    sample->result->phases[0].busy_lag = NULL;
    assert_string_equal(advice_of(sample), "workers woke late, which is the machine's doing. "
                                           "Measure on a quieter one");
    sample->result->phases[0].busy_lag = busy_lag;
}

/* Whatever a target limits, there is something to do about it. */
static void advice_for_every_target(void **state)
{
    static const char *const keys[] = {"memory_store/steady/memory_put/response.p99",
                                       "memory_store/steady/*/rate",
                                       "memory_store/steady/nothing/response.p99", "rate"};
    struct sample *sample = *state;
    struct tg_target_result *target = &sample->result->targets[1];
    for (int metric = TG_METRIC_PERCENTILE; metric <= TG_METRIC_STALLS; metric++)
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            target->metric = (enum tg_metric_kind)metric;
            target->key = keys[i];
            for (int compare = TG_LESS; compare <= TG_EQUAL; compare++) {
                target->compare = (enum tg_compare)compare;
                struct tg_findings findings = findings_of(sample);
                assert_non_null(find(&findings, "target-missed"));
                check_advised(&findings);
            }
        }
    sample->result->phases[0].op_count = 0;
    struct tg_findings findings = findings_of(sample);
    check_advised(&findings);
    sample->result->phases[0].op_count = 2;
}

/* One plan of each kind that nothing was found for. */
static void advice_for_plans(void **state)
{
    static const struct {
        enum tg_step_kind kind;
        const char *code, *remedy;
    } cases[] = {
        {TG_STEP_TABLE_SCAN, "table-scan", "an index on the columns that it is filtered"},
        {TG_STEP_INDEX_SCAN, "index-scan", "an index that begins with the columns"},
        {TG_STEP_AUTO_INDEX, "automatic-index", "create an index on the columns that it joins"},
        {TG_STEP_TEMP_BTREE, "temporary-b-tree", "an index that goes on with the columns"},
    };
    struct sample *sample = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tg_plan_step step = {
            .kind = cases[i].kind, .table = "t", .index = "i", .detail = "a step"};
        struct tg_coverage_statement statement = {
            .owner = "op", .number = 1, .sql = "SELECT 1", .plan = {&step, 1}};
        struct tg_coverage_miss miss = {.owner = "op", .message = "expects another plan"};
        const struct tg_coverage coverage = {
            .statements = &statement, .statement_count = 1, .misses = &miss, .miss_count = 1};
        struct tg_findings findings = tg_findings_of_coverage(&coverage, "s", &sample->arena);
        const struct tg_finding *finding = find(&findings, cases[i].code);
        assert_non_null(finding);
        assert_false(finding->verified);
        if (!strstr(finding->remedy, cases[i].remedy))
            fail_msg("%s: %s", cases[i].code, finding->remedy);
        assert_non_null(strstr(find(&findings, "plan-expectation")->remedy, "tailgate plan"));
    }
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
    const struct tg_finding *errors = find(&findings, "errors"); /* nor is what fails there */
    assert_int_equal(errors->severity, TG_FINDING_INFO);
    assert_string_equal(errors->title, "memory_put failed in a phase that says nothing");
    check_advised(&findings);
    sample->result->phases[0].invalid = NULL; /* killed before it had its rate */
    sample->result->targets[1].phase = sample->result->phases[1].name;
    sample->result->crash = "killed by signal 9";
    sample->result->crash_signal = SIGKILL;
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "target-missed")->severity, TG_FINDING_INFO);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_HIGH); /* in the one before */
    sample->result->phase_count = 1;
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_INFO);
    sample->result->crash_signal = SIGSEGV; /* its own doing, and what failed until then */
    findings = findings_of(sample);
    assert_int_equal(find(&findings, "errors")->severity, TG_FINDING_HIGH);
    sample->result->phase_count = 2;
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

/* ---- joins, output ---- */

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_missed_expectation_has_the_remedy_of_its_statement),
        TEST(of_the_sample),
        TEST(indexes_that_enforce_are_not_to_be_dropped),
        TEST(the_log),
        TEST(stolen_time),
        TEST(advice_for_a_target),
        TEST(advice_goes_the_way_of_the_limit),
        TEST(advice_about_lags),
        TEST(advice_for_every_target),
        TEST(advice_for_plans),
        TEST(headroom),
        TEST(phases_that_say_nothing),
        TEST(errors_that_are_allowed),
        TEST(settings_in_other_words),
        TEST(crashes_and_damage),
        TEST(what_is_said_twice_is_joined),
        TEST(what_falls_short_is_said_each_time),
        TEST(names_change_nothing_around_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
