/* A milestone made of results, comparisons and sweeps that were written by hand: what its criteria
 * count, its score, its decision. All that is expected was worked out by hand from the samples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "reports/milestone/load.h"
#include "sample_gate.h"
#include "sample_result.h"
#include "sample_sweep.h"

#define HEAD "format = 1\nproject = 'Store'\nmilestone = 'M1'\nresults = 'r'\n"

struct place {
    struct tg_arena arena;
    struct tg_diags diags;
    struct tg_milestone_file file;
    struct tg_milestone_data data;
    struct tg_result *results[2];
    struct tg_milestone_loaded_gate gate;
    struct tg_comparison comparison;
    struct tg_sweep_runs sweep;
    struct tg_result *sizes[SAMPLE_SIZES];
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    place->results[0] = tg_sample_result();
    place->results[0]->id = "memory_store-20251121T000000Z";
    place->data.results = place->results;
    place->data.result_count = 1;
    tg_sample_sweep(place->sizes);
    place->sweep = (struct tg_sweep_runs){place->sizes, SAMPLE_SIZES};
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    tg_result_free(place->results[0]);
    tg_result_free(place->results[1]);
    tg_sample_sweep_free(place->sizes);
    tg_diags_free(&place->diags);
    tg_arena_free(&place->arena);
    free(place);
    return 0;
}

/* The milestone of HEAD and `text`. */
static struct tg_milestone *make(struct place *place, const char *text)
{
    const char *whole = tg_arena_format(&place->arena, "%s%s", HEAD, text);
    if (tg_milestone_file_parse(whole, strlen(whole), "m.toml", &place->arena, &place->file,
                                &place->diags) != TG_OK)
        fail_msg("%d: %s", place->diags.items[0].line, place->diags.items[0].message);
    return tg_milestone_make(&place->file, &place->data, &place->arena);
}

static void with_gate(struct place *place, const struct tg_gate_view *view)
{
    place->gate = (struct tg_milestone_loaded_gate){
        .comparison = &place->comparison, .view = *view, .name = ""};
    place->data.gates = &place->gate;
    place->data.gate_count = 1;
}

static void check(const struct tg_milestone *milestone, size_t criterion,
                  enum tg_criterion_status status, double share, const char *evidence)
{
    const struct tg_milestone_criterion *found = &milestone->criteria[criterion];
    assert_string_equal(tg_criterion_status_name(found->status), tg_criterion_status_name(status));
    assert_float_equal(found->share, share, 1e-12);
    if (!tg_starts_with(found->evidence, evidence))
        fail_msg("\"%s\" does not begin with \"%s\"", found->evidence, evidence);
}

static void check_decision(const struct tg_milestone *milestone, enum tg_decision decision,
                           int exit_code, double score, const char *reason)
{
    assert_string_equal(tg_decision_name(milestone->decision), tg_decision_name(decision));
    assert_int_equal(milestone->exit_code, exit_code);
    assert_float_equal(milestone->score, score, 1e-12);
    if (!strstr(milestone->reason, reason))
        fail_msg("\"%s\" does not say \"%s\"", milestone->reason, reason);
}

/* ---- targets, and the score ---- */

#define TARGETS                                                                                    \
    "[[criteria]]\nname = 'Latency'\nmeasure = 'targets'\nof = 'latency'\nweight = 40\n"           \
    "must = true\n"                                                                                \
    "[[criteria]]\nname = 'Rate'\nmeasure = 'targets'\nof = 'rate'\nweight = 20\n"                 \
    "[[criteria]]\nname = 'Half'\nmeasure = 'targets'\nat_least = '50%'\nweight = 10\n"

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
          "0 of 1 rate targets met (R1); missed: rate >= 1_300/s in phase steady, 1,000/s (R1)");
    check(milestone, 2, TG_CRITERION_MET, 1, "2 of 4 targets met (R1); missed: rate");
    check(milestone, 3, TG_CRITERION_INCONCLUSIVE, 0,
          "0 of 1 errors targets met (R1); open: task_take.errors == 0 in phase burst, nothing was "
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
                        "Rate: asked: all rate targets met; measured: 0 of 1 rate targets met "
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

/* ---- what decides without being asked for ---- */

static void criteria_that_are_implied(void **state)
{
    struct place *place = *state;
    const struct tg_milestone *milestone = make(place, "");
    assert_int_equal(milestone->criterion_count, 1);
    assert_true(milestone->criteria[0].implied);
    check(milestone, 0, TG_CRITERION_MISSED, 0,
          "0 of 1 results passed (R1); missed: plan of active_sessions");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 0, "\"Every result passes\" is missed");
    /* Beside criteria of the file it has no weight. */
    milestone = make(place, "[[criteria]]\nname = 'i'\nmeasure = 'integrity'\n");
    assert_int_equal(milestone->criterion_count, 2);
    check(milestone, 0, TG_CRITERION_MET, 1, "1 of 1 stores intact");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 100, "\"Every result passes\" is missed");
    with_gate(place, &sample_gate);
    milestone = make(place, TARGETS);
    assert_int_equal(milestone->criterion_count, 4);
    check_decision(milestone, TG_DECISION_REJECTED, 1, 71.4, "\"No regression\" is missed");
}

/* Sizes 100,000 and 1,000,000 of the sample miss a target. */
static void sizes_decide_without_being_asked_for(void **state)
{
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    const struct tg_milestone *milestone = make(place, "");
    assert_int_equal(milestone->criterion_count, 1);
    assert_true(milestone->criteria[0].implied);
    check(milestone, 0, TG_CRITERION_MISSED, 0.5,
          "2 of 4 sizes passed (S1); missed: 100,000 rows: steady: target missed: query.p99 < 3ms "
          "(S1); missed: 1,000,000 rows: ");
    check_decision(milestone, TG_DECISION_REJECTED, 1, 50, "\"Every size passes\" is missed");
    /* Who says up to which size the targets are to hold has asked. */
    milestone = make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n");
    assert_int_equal(milestone->criterion_count, 1);
    /* A size that was planned and not measured is open. */
    place->sweep = (struct tg_sweep_runs){place->sizes + 2, 2}; /* the two smallest */
    milestone = make(place, "");
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0.5,
          "2 of 4 sizes passed (S1); open: 100,000 rows: not measured (S1)");
    check_decision(milestone, TG_DECISION_CONDITIONAL, 3, 50, "is not decided");
}

/* Not only of the largest; and the source is the sweep, which the documents list. */
static void findings_of_all_sizes_count(void **state)
{
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sizes[3]->crash = "signal 11 (SIGSEGV)"; /* the smallest */
    place->sizes[3]->crash_signal = 11;
    const struct tg_milestone *milestone =
        make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n");
    assert_string_equal(milestone->findings.items[0].code, "crash");
    assert_string_equal(milestone->findings.items[0].source, milestone->sources[0].id);
    assert_string_equal(milestone->findings.items[1].where, "phase steady, 100,000 rows");
    assert_string_equal(milestone->findings.items[2].where, "phase steady, 1,000,000 rows");
    check_decision(milestone, TG_DECISION_REJECTED, 1, milestone->score, "1 critical finding");
}

/* Its own size is no override of a sweep; what was set beside it is. */
static void overrides_of_a_sweep_are_told(void **state)
{
    static const char *overrides[] = {"engine.pragma.synchronous=OFF", "sweep.at=1000000"};
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sizes[0]->overrides = overrides; /* the largest */
    place->sizes[0]->override_count = 2;
    const struct tg_milestone *milestone = make(place, "");
    assert_string_equal(milestone->sources[0].what, "4 sizes of scale, 2025-11-21 00:00 UTC, with "
                                                    "engine.pragma.synchronous=OFF");
    assert_int_equal(milestone->caveat_count, 1);
    assert_string_equal(milestone->caveats[0], "S1 was run with engine.pragma.synchronous=OFF, not "
                                               "the scenario as it stands");
}

static void check_achieved(const struct tg_milestone *milestone, const char *text, bool expected)
{
    struct tg_text out = {0};
    tg_milestone_executive(milestone, &out);
    assert_true((strstr(out.data, text) != NULL) == expected);
    tg_text_free(&out);
}

/* The two smallest sizes meet all six limits. What the next one, cut short, says of them is not
 * known, and so no achievement. */
static void limits_are_held_where_they_were_measured(void **state)
{
    struct place *place = *state;
    place->data.result_count = 0;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    place->sweep = (struct tg_sweep_runs){place->sizes + 2, 2};
    check_achieved(make(place, ""),
                   "scale meets its 6 limits at every measured size, up to 10,000 rows", true);
    place->sweep = (struct tg_sweep_runs){place->sizes + 1, 3};
    place->sizes[1]->phases[0].interrupted = true;
    check_achieved(make(place, ""), "at every measured size", false);
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
    with_gate(place, &view);
    milestone = make(place, text);
    check(milestone, 0, TG_CRITERION_MET, 1, "1 of 1 gated metrics");
    assert_non_null(strstr(milestone->confidence, "of C1 is proved"));
    assert_non_null(strstr(milestone->confidence, "at most 5%"));
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
    check(milestone, 1, TG_CRITERION_MET, 1, "1 of 1 statements");
    check(milestone, 2, TG_CRITERION_NO_DATA, 0, "there is no query plan (operation x)");
}

static void integrity(void **state)
{
    static const char text[] = "[[criteria]]\nname = 'i'\nmeasure = 'integrity'\n";
    static const char *violations[] = {"row 3 of orders has no customer"};
    struct place *place = *state;
    place->results[0]->verified = false;
    check(make(place, text), 0, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 stores intact");
    place->results[0]->violations = violations;
    place->results[0]->violation_count = 1;
    check(make(place, text), 0, TG_CRITERION_MISSED, 0,
          "0 of 1 stores intact after their run (R1); missed: row 3 of orders");
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

/* The sample sweep: of four limits on latency that of `query` holds up to 10,000 rows, the others
 * at all sizes, up to 1,000,000. */
static void sweeps(void **state)
{
    struct place *place = *state;
    place->data.sweeps = &place->sweep;
    place->data.sweep_count = 1;
    const struct tg_milestone *milestone = make(
        place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n"
               "[[criteria]]\nname = 'b'\nmeasure = 'capacity'\nrows = 1_000_000\n"
               "[[criteria]]\nname = 'c'\nmeasure = 'capacity'\nrows = 10_000_000\n"
               "operations = 'put'\n"
               "[[criteria]]\nname = 'd'\nmeasure = 'growth'\nat_most = 0.2\noperations = 'put'\n"
               "[[criteria]]\nname = 'e'\nmeasure = 'growth'\nat_most = 0.2\noperations = 'get'\n"
               "[[criteria]]\nname = 'f'\nmeasure = 'growth'\nat_most = 0.2\n"
               "operations = ['query', 'put']\n");
    check(milestone, 0, TG_CRITERION_MET, 1, "4 of 4 latency targets met at 10,000 rows (S1)");
    check(milestone, 1, TG_CRITERION_MISSED, 0.75,
          "3 of 4 latency targets met at 1,000,000 rows (S1); missed: query.p99 < 3ms, met up to "
          "10,000, missed at 100,000 (S1)");
    check(milestone, 2, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 latency targets met at 10,000,000");
    check(milestone, 3, TG_CRITERION_MET, 1, "1 of 1 operations");
    check(milestone, 4, TG_CRITERION_INCONCLUSIVE, 0, "0 of 1 operations");
    check(milestone, 5, TG_CRITERION_MISSED, 0.5, "1 of 2 operations");
    /* A limit on the latencies of a whole phase is one, where no operations are named. */
    for (size_t i = 0; i < SAMPLE_SIZES; i++) {
        struct tg_target_result *rate = &place->sizes[i]->targets[4];
        rate->key = "scale/steady/*/service.p99";
        rate->text = "p99 < 1ms";
        rate->metric = TG_METRIC_PERCENTILE;
        rate->status = TG_TARGET_MISSED;
    }
    milestone = make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 10_000\n"
                            "[[criteria]]\nname = 'b'\nmeasure = 'capacity'\nrows = 10_000\n"
                            "operations = '*'\n");
    check(milestone, 0, TG_CRITERION_MISSED, 0.8,
          "4 of 5 latency targets met at 10,000 rows (S1); missed: p99 < 1ms, met up to none, "
          "missed at 1,000 (S1)");
    check(milestone, 1, TG_CRITERION_MET, 1, "4 of 4 latency targets met at 10,000 rows (S1)");
    /* Met at 10,000 and missed at 100,000: nothing was measured at 50,000. */
    milestone = make(place, "[[criteria]]\nname = 'a'\nmeasure = 'capacity'\nrows = 50_000\n"
                            "operations = 'query'\n");
    check(milestone, 0, TG_CRITERION_INCONCLUSIVE, 0,
          "0 of 1 latency targets met at 50,000 rows (S1); open: query.p99 < 3ms, met up to "
          "10,000, missed at 100,000 (S1)");
}

/* ---- rows, caveats, documents ---- */

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

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

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
        CASE(criteria_that_are_implied),
        CASE(sizes_decide_without_being_asked_for),
        CASE(findings_of_all_sizes_count),
        CASE(overrides_of_a_sweep_are_told),
        CASE(limits_are_held_where_they_were_measured),
        CASE(a_critical_finding_rejects),
        CASE(gates),
        CASE(plans),
        CASE(integrity),
        CASE(tests_of_the_user),
        CASE(code_coverage),
        CASE(findings),
        CASE(sweeps),
        CASE(rows_of_the_tables),
        CASE(caveats),
        CASE(the_summary_is_json_with_units_and_sources),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
