/* Findings of comparisons: of the sample gate, which was read by a person, and of every way in
 * which a gate can end, whose exit codes are those of docs/gate.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "findings_place.h"
#include "reports/compare/compare_view.h"
#include "reports/gate/stored_view.h"
#include "sample_comparison.h"
#include "sample_gate.h"

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
    check_advised(&findings);
    gate = sample_gate;
    gate.steal_share = 0.0201;
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    check_advised(&findings);
    /* p99 is of session_get alone, the rate of all: in both it is where the time went. */
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(findings.items[i].remedy,
                            "look at session_get first: its mean service time went from 61.2 µs to "
                            "84.0 µs, which is 83% of the time that is lost. Profile both variants "
                            "and compare them: perf record -g of each, then perf diff");
    const struct tg_gate_moved still[] = {
        {"session_get", 61200, 61300, {0.0016, -0.01, 0.02}, 0.4, 0.01}};
    gate.moved = still;
    gate.moved_count = 1;
    gate.baseline = "of last week"; /* which cannot be run any more */
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_string_equal(findings.items[0].remedy,
                        "the mean service time of session_get is not proved slower: look at its "
                        "slowest operations, not at all of them. Profile the variant after: perf "
                        "record -g, then perf report");
    assert_string_equal(findings.items[1].remedy,
                        "no operation's mean service time is proved slower: look at the slowest "
                        "operations, not at all of them. Profile the variant after: perf record "
                        "-g, then perf report");
    gate.moved_count = 0;
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_true(tg_starts_with(findings.items[0].remedy, "profile the variant after: perf"));
    const struct tg_gate_moved little[] = {
        {"memory_put", 400000, 420000, {0.05, -0.01, 0.1}, 0.1, 0.98},
        {"session_get", 61200, 62300, {0.018, 0.01, 0.02}, 0.4, 0.02}};
    gate.moved = little; /* slower, and no reason for much */
    gate.moved_count = 2;
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_true(tg_starts_with(findings.items[0].remedy,
                               "look at session_get first: its mean service time went from 61.2 µs "
                               "to 62.3 µs. Profile"));
    assert_true(tg_starts_with(findings.items[1].remedy,
                               "no operation that is proved slower loses much of the time: look at "
                               "the slowest operations, not at all of them. Profile"));
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
        check_advised(&findings);
        const struct tg_finding *suspected = find(&findings, "suspected-regression");
        if (suspected && ending->end == TG_END_INTERRUPTED) /* a larger budget would not help */
            assert_string_equal(suspected->remedy, "compare again, and let it come to its verdict");
        const struct tg_finding *crash = find(&findings, "crash");
        const struct tg_finding *killed = find(&findings, "killed");
        assert_int_equal(crash != NULL, ending->end == TG_END_CRASHED);
        assert_int_equal(killed != NULL, ending->end == TG_END_KILLED);
        if (crash)
            assert_int_equal(crash->severity, ending->failed_side == TG_AFTER ? TG_FINDING_CRITICAL
                                                                              : TG_FINDING_INFO);
        if (killed)
            assert_int_equal(killed->severity, TG_FINDING_INFO);
        if (crash && ending->failed_side == TG_AFTER) { /* as the run before the change did */
            view.gate.crash_in_doubt = "it did not get through the run before either: signal 6";
            findings = tg_findings_of_gate(&view.gate, &sample->limits, &sample->arena);
            assert_int_equal(count_grave(&findings), 0);
            assert_string_equal(find(&findings, "crash")->evidence,
                                "the worker process was ended by a signal\nit did not get through "
                                "the run before either: signal 6");
            check_advised(&findings);
        }
        tg_comparison_free(comparison);
    }
}

/* Of one variant against itself, so that what a metric says is said by both sides alike. */
static struct tg_comparison *new_baseline(const struct tg_sample_ending *ending, int64_t failed)
{
    struct tg_comparison *comparison = tg_sample_ended(ending);
    for (size_t i = 0; i < comparison->launch_count; i++) {
        comparison->launches[i].yardstick_ns = 100000 + 200 * ((int64_t)i % 5);
        for (int side = 0; side < TG_SIDES; side++)
            comparison->launches[i].failed[side] = failed;
    }
    return comparison;
}

/* So it is with a baseline: failures that would be proved are no regression where nothing is. */
static void findings_of_baselines_agree_with_it_too(void **state)
{
    const struct tg_sample_ending whole = {21, TG_END_DECIDED, TG_BEFORE, true, 0};
    struct sample *sample = *state;
    size_t bad = 0;
    for (size_t i = 0; i < TG_SAMPLE_ENDINGS; i++)
        for (int differs = 0; differs < 2; differs++) {
            struct tg_comparison *stored = new_baseline(&whole, 0);
            struct tg_comparison *now = new_baseline(&tg_sample_endings[i], 4000);
            const struct tg_stored_source source = {
                .name = "main",
                .stored = stored,
                .now = now,
                .differs = differs ? "another CPU" : NULL,
            };
            struct tg_stored_judgement judgement =
                tg_stored_judge(stored, now, !differs, &sample->arena);
            struct tg_gate_view gate = tg_stored_view(&source, &judgement, false, &sample->arena);
            struct tg_findings findings =
                tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
            assert_int_equal(count_grave(&findings) > 0, gate.exit_code != 3);
            assert_true(gate.bad || !gate.fails_proved);
            check_advised(&findings);
            bad += gate.bad;
            tg_comparison_free(stored);
            tg_comparison_free(now);
        }
    assert_true(bad > 0);
}

/* More launches now narrow half of it at most, and do not tell a machine from a store. */
static void a_baseline_is_no_matter_of_budgets(void **state)
{
    struct sample *sample = *state;
    struct tg_gate_view gate = sample_gate;
    gate.baseline = "of last week";
    struct tg_findings findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_string_equal(find(&findings, "inconclusive")->remedy,
                        "measure both variants side by side with `tailgate gate`, which a machine "
                        "that changes cannot deceive");
    struct tg_gate_row row = sample_rows[2];
    row.verdict = "not judged";
    gate.rows = &row;
    gate.row_count = 1;
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_null(find(&findings, "inconclusive"));
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
    assert_true(tg_starts_with(find(&findings, "errors")->remedy,
                               "see which operations fail, and why: tailgate run --no-coverage "
                               "scenarios/memory_store/gate.toml --phase steady --set "
                               "phase.steady.workers=2 --set "));
    gate.scenario_path = NULL; /* nobody knows how to run it */
    findings = tg_findings_of_gate(&gate, &sample->limits, &sample->arena);
    assert_string_equal(find(&findings, "errors")->remedy,
                        "run the variant after alone: the report of a run names its errors");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_a_comparison),
        TEST(findings_agree_with_the_exit_code),
        TEST(findings_of_baselines_agree_with_it_too),
        TEST(a_baseline_is_no_matter_of_budgets),
        TEST(failures_have_to_be_proved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
