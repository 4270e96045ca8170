#include "sample_milestone.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "sample_gate.h"
#include "sample_result.h"
#include "sample_sweep.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct sample {
    struct tg_milestone milestone; /* first: freed by its address */
    struct tg_arena arena;
    struct tg_result *run;
    struct tg_result *sizes[SAMPLE_SIZES];
    bool has_sizes;
    struct tg_gate_view gate;
    struct tg_findings gate_findings;
};

enum { SOURCE_RUN, SOURCE_GATE, SOURCE_SWEEP, SOURCE_JUNIT, SOURCE_COBERTURA };

/* ---- the run of the milestone that is approved ---- */

static void *copy(struct tg_arena *arena, const void *from, size_t size)
{
    return memcpy(tg_arena_alloc(arena, size), from, size);
}

/* Values as the histograms have them: a target's is that of the table. */
static void measure(struct tg_target_result *target, const struct tg_hdr *hdr)
{
    target->value = (double)tg_hdr_percentile(hdr, 99);
    target->ratio = target->limit / target->value;
}

/* What the sample result shares with other tests, copied to be changed. */
static void own_coverage(struct tg_result *run)
{
    struct tg_coverage *coverage = &run->coverage;
    coverage->statements = copy(&run->arena, coverage->statements,
                                coverage->statement_count * sizeof *coverage->statements);
    coverage->indexes =
        copy(&run->arena, coverage->indexes, coverage->index_count * sizeof *coverage->indexes);
}

static void heal(struct tg_result *run)
{
    static struct tg_plan_step search[] = {
        {.kind = TG_STEP_SEARCH,
         .id = 4,
         .table = "sessions",
         .index = "idx_sessions_project",
         .detail = "SEARCH sessions USING INDEX idx_sessions_project (project_id=?)"},
        {.kind = TG_STEP_TEMP_BTREE, .id = 20, .detail = "USE TEMP B-TREE FOR ORDER BY"}};
    static struct tg_target_result targets[] = {
        {"memory_store/steady/session_get/response.p99", "steady", "session_get.p99 < 50ms",
         TG_METRIC_PERCENTILE, TG_LESS, 50e6, 178500, 50e6 / 178500, TG_TARGET_MET},
        {"memory_store/steady/memory_put/response.p99", "steady", "memory_put.p99 < 50ms",
         TG_METRIC_PERCENTILE, TG_LESS, 50e6, 1981000, 50e6 / 1981000, TG_TARGET_MET},
        {"memory_store/steady/memory_put/rate", "steady", "memory_put.rate > 30/s", TG_METRIC_RATE,
         TG_GREATER, 30, 199.8, 199.8 / 30, TG_TARGET_MET},
        {"memory_store/steady/*/rate", "steady", "rate >= 900/s", TG_METRIC_RATE, TG_GREATER_EQUAL,
         900, 999.8, 999.8 / 900, TG_TARGET_MET},
        {"memory_store/steady/*/errors", "steady", "errors == 0", TG_METRIC_ERRORS, TG_EQUAL, 0, 0,
         0, TG_TARGET_MET},
        {"memory_store/burst/sessions_read/service.p99", "burst", "sessions_read.p99 <= 2s",
         TG_METRIC_PERCENTILE, TG_LESS_EQUAL, 2e9, 3467000, 2e9 / 3467000, TG_TARGET_MET},
        {"memory_store/burst/*/elapsed", "burst", "elapsed < 2000ms", TG_METRIC_ELAPSED, TG_LESS,
         2e9, 4e6, 500, TG_TARGET_MET},
        {"memory_store/burst/*/errors", "burst", "errors == 0", TG_METRIC_ERRORS, TG_EQUAL, 0, 0, 0,
         TG_TARGET_MET},
    };
    struct tg_op_result *put = &run->phases[0].ops[1];
    measure(&targets[0], run->phases[0].ops[0].response);
    measure(&targets[1], run->phases[0].ops[1].response);
    measure(&targets[5], run->phases[1].ops[0].service);
    targets[4].ratio = targets[7].ratio = NAN;
    put->failed = 0;
    put->error_count = 0;
    put->errors = NULL;
    run->coverage.statements[1].plan = (struct tg_plan){search, COUNT(search)};
    run->coverage.indexes[1].users = 1;
    run->coverage.miss_count = 0;
    run->targets = tg_arena_array(&run->arena, COUNT(targets), sizeof *targets);
    memcpy(run->targets, targets, sizeof targets);
    run->target_count = COUNT(targets);
    run->verdict = TG_VERDICT_PASS;
    run->reason_count = 0;
    run->override_count = 0;
    run->git_dirty = false;
}

/* ---- rows ---- */

static double percentile_ns(const struct tg_hdr *hdr, double percentile)
{
    double beyond = (double)hdr->total * (100 - percentile) / 100;
    return beyond < 1 ? NAN : (double)tg_hdr_percentile(hdr, percentile);
}

static struct tg_milestone_row row(const struct tg_result *run, size_t phase_index, size_t op_index,
                                   const char *target)
{
    const struct tg_phase_result *phase = &run->phases[phase_index];
    const struct tg_op_result *op = &phase->ops[op_index];
    const struct tg_hdr *hdr = op->response ? op->response : op->service;
    struct tg_milestone_row row = {
        .op = op->name,
        .phase = phase,
        .measured = op,
        .response = op->response != NULL,
        .p50_ns = percentile_ns(hdr, 50),
        .p95_ns = percentile_ns(hdr, 95),
        .p99_ns = percentile_ns(hdr, 99),
        .rate_per_s = (double)op->succeeded * 1e9 / (double)phase->elapsed_ns,
        .source = SOURCE_RUN,
    };
    for (size_t i = 0; i < run->target_count; i++)
        if (strcmp(run->targets[i].text, target) == 0 &&
            strcmp(run->targets[i].phase, phase->name) == 0)
            row.target = &run->targets[i];
    return row;
}

static struct tg_milestone_row whole(struct tg_milestone_row row, double rate_per_s)
{
    row.op = NULL;
    row.measured = NULL;
    row.rate_per_s = rate_per_s;
    return row;
}

static void fill_rows(struct sample *sample, bool approved)
{
    struct tg_milestone *milestone = &sample->milestone;
    const struct tg_result *run = sample->run;
    const char *rate = approved ? "rate >= 900/s" : "rate >= 1_300/s";
    milestone->latencies = tg_arena_array(&sample->arena, 3, sizeof *milestone->latencies);
    milestone->latencies[0] = row(run, 0, 0, "session_get.p99 < 50ms");
    milestone->latencies[1] = row(run, 0, 1, "memory_put.p99 < 50ms");
    milestone->latencies[2] = row(run, 1, 0, "sessions_read.p99 <= 2s");
    milestone->latency_count = 3;
    milestone->throughputs = tg_arena_array(&sample->arena, 3, sizeof *milestone->throughputs);
    milestone->throughputs[0] = row(run, 0, 0, "");
    milestone->throughputs[1] = row(run, 0, 1, "memory_put.rate > 30/s");
    milestone->throughputs[2] = whole(row(run, 0, 0, rate), 999.8);
    milestone->throughput_count = 3;
    milestone->concurrency = tg_arena_array(&sample->arena, 2, sizeof *milestone->concurrency);
    milestone->concurrency[0] = whole(row(run, 0, 1, ""), 999.8);
    milestone->concurrency[1] = whole(row(run, 1, 0, "elapsed < 2000ms"), 12500);
    milestone->concurrency_count = 2;
}

/* ---- parts that both have ---- */

static void fill_sources(struct sample *sample)
{
    static const struct tg_milestone_source sources[] = {
        [SOURCE_RUN] = {"R1", "memory_store-20251121T000000Z",
                        "run of memory_store, 2025-11-21 00:00 UTC, commit 0123456789ab, AMD EPYC, "
                        "2 CPUs, 24 GiB, Linux 6.1.0, kvm"},
        [SOURCE_GATE] = {"C1", "memory_store-20251121T010000Z",
                         "comparison, phase steady, 2025-11-21 01:00 UTC"},
        [SOURCE_SWEEP] = {"S1", "scale-20251121T020000Z",
                          "size sweep of scale, 4 sizes, 2025-11-21 02:00 UTC"},
        [SOURCE_JUNIT] = {"I1", "build/junit.xml", "JUnit, given with the milestone"},
        [SOURCE_COBERTURA] = {"I2", "build/coverage.xml", "Cobertura, given with the milestone"},
    };
    struct tg_milestone *milestone = &sample->milestone;
    milestone->sources = copy(&sample->arena, sources, sizeof sources);
    milestone->source_count = COUNT(sources);
    milestone->runs = tg_arena_array(&sample->arena, 1, sizeof *milestone->runs);
    milestone->runs[0] = (struct tg_milestone_run){sample->run, SOURCE_RUN};
    milestone->run_count = 1;
    milestone->comparisons = tg_arena_array(&sample->arena, 1, sizeof *milestone->comparisons);
    milestone->comparisons[0] = (struct tg_milestone_comparison){
        .gate = &sample->gate, .findings = &sample->gate_findings, .source = SOURCE_GATE};
    milestone->comparison_count = 1;
    tg_sample_sweep(sample->sizes);
    sample->has_sizes = true;
    milestone->sweeps = tg_arena_array(&sample->arena, 1, sizeof *milestone->sweeps);
    milestone->sweeps[0] = (struct tg_milestone_sweep){
        tg_sweep_view_make((const struct tg_result *const *)sample->sizes, SAMPLE_SIZES,
                           &sample->arena),
        SOURCE_SWEEP};
    milestone->sweep_count = 1;
}

static void fill_head(struct tg_milestone *milestone)
{
    static const struct tg_milestone_note files[] = {
        {"Schema", "scenarios/memory_store/schema.sql"}};
    static const struct tg_milestone_note commands[] = {
        {"The user's own tests", "python -m pytest tests/performance -v"}};
    static const struct tg_milestone_advice steps[] = {
        {"", "Hierarchical namespaces: 50 ms at p99", false},
        {"", "Pages beyond the first 1,000 rows", false}};
    static const struct tg_milestone_note meaning[] = {
        {"Product", "answers are instant as far as a person can tell"}};
    static const struct tg_milestone_note risks[] = {
        {"Single machine", "all figures come from one host"}};
    milestone->project = "Schema redesign";
    milestone->name = "Milestone 1";
    milestone->version = "1.0";
    milestone->date = "2025-11-21";
    milestone->file = "milestones/1.toml";
    milestone->key_files = (struct tg_milestone_notes){files, COUNT(files)};
    milestone->run_commands = (struct tg_milestone_notes){commands, COUNT(commands)};
    milestone->meaning = (struct tg_milestone_notes){meaning, COUNT(meaning)};
    milestone->risks = (struct tg_milestone_notes){risks, COUNT(risks)};
    milestone->next_steps = steps;
    milestone->next_step_count = COUNT(steps);
}

static void fill_tests(struct tg_milestone *milestone, int64_t failed)
{
    static struct tg_milestone_suite suites[2];
    static const char *const failures[] = {"test_query_performance.test_session_status_query_uses_"
                                           "index: AssertionError: SCAN sessions"};
    suites[0] = (struct tg_milestone_suite){"test_query_performance", 11, failed, 0, 0, 0.46};
    suites[1] = (struct tg_milestone_suite){"test_services", 135, 0, 0, 2, 1.42};
    milestone->tests = (struct tg_milestone_tests){
        .given = true,
        .suites = suites,
        .suite_count = COUNT(suites),
        .sum = {"", 146, failed, 0, 2, 1.88},
        .failures = failures,
        .failure_count = failed > 0 ? 1 : 0,
        .source = SOURCE_JUNIT,
    };
    milestone->code_coverage = (struct tg_milestone_code_coverage){
        .given = true,
        .lines = 8700,
        .lines_covered = 1367,
        .line_rate = 0.1571,
        .branch_rate = NAN,
        .source = SOURCE_COBERTURA,
    };
}

/* ---- approved ---- */

static void fill_gate_that_passes(struct tg_gate_view *gate)
{
    static struct tg_gate_row rows[2];
    rows[0] = sample_rows[0];
    rows[1] = sample_rows[4];
    *gate = sample_gate;
    gate->rows = rows;
    gate->row_count = COUNT(rows);
    gate->moved_count = 0;
    gate->failed_after = 0;
    gate->fresh_launches = 0;
    gate->verdict = "PASS";
    gate->meaning = "every gated metric is proved within its margin";
    gate->bad = false;
    gate->good = true;
    gate->exit_code = 0;
}

static void fill_approved(struct sample *sample)
{
    static const struct tg_finding findings[] = {
        {.code = "temp-btree",
         .severity = TG_FINDING_LOW,
         .where = "active_sessions",
         .title = "The query sorts its rows in a temporary B-tree",
         .evidence = "SEARCH sessions USING INDEX idx_sessions_project (project_id=?)\n"
                     "USE TEMP B-TREE FOR ORDER BY",
         .remedy = "an index that ends with last_update_time DESC",
         .sql = "CREATE INDEX idx_new ON sessions(project_id, last_update_time DESC)",
         .verified = true,
         .verification = "planned again with it: a search, and no sort",
         .source = "memory_store-20251121T000000Z"},
        {.code = "few-operations",
         .severity = TG_FINDING_INFO,
         .where = "phase burst",
         .title = "Too few operations for a p99",
         .evidence = "50 operations",
         .source = "memory_store-20251121T000000Z"},
    };
    static const struct tg_milestone_criterion criteria[] = {
        {"Latency", 3, true, false, TG_CRITERION_MET, 1, "100% of the latency targets",
         "3 of 3 targets met (R1)"},
        {"Throughput", 2, true, false, TG_CRITERION_MET, 1, "100% of the rate targets",
         "2 of 2 targets met (R1)"},
        {"Index coverage", 1, true, false, TG_CRITERION_MET, 1, "95% of the plans without a scan",
         "2 of 2 plans (R1)"},
        {"No regression", 2, true, false, TG_CRITERION_MET, 1, "every comparison passes",
         "C1 passes"},
        {"Tests", 1, false, false, TG_CRITERION_MET, 1, "90% of the tests pass",
         "144 of 144 pass, 2 skipped (I1)"},
        {"Code coverage", 1, false, false, TG_CRITERION_MISSED, 0.1963, "80% of the lines",
         "15.7% of the lines (I2)"},
    };
    static const struct tg_milestone_advice advice[] = {
        {"P2", "Meet the criterion \"Code coverage\": 15.7% of the lines (I2)", true},
        {"P3", "Watch the size of the write-ahead log", false},
        {"P4", "active_sessions: an index that ends with last_update_time DESC", true},
    };
    static const char *const pictures[] = {"criteria", "c1-changes", "r1-latency-steady"};
    static const struct tg_milestone_note achievements[] = {
        {"", "All queries of the old schema run unchanged"}};
    struct tg_milestone *milestone = &sample->milestone;
    fill_gate_that_passes(&sample->gate);
    milestone->summary = "The new schema answers every query of the first milestone.";
    milestone->findings =
        (struct tg_findings){copy(&sample->arena, findings, sizeof findings), COUNT(findings)};
    milestone->criteria = copy(&sample->arena, criteria, sizeof criteria);
    milestone->criterion_count = COUNT(criteria);
    milestone->score = 91.9;
    milestone->score_formula =
        "100 × (3 × 1 + 2 × 1 + 1 × 1 + 2 × 1 + 1 × 1 + 1 × 0.1963) / 10 = 91.9";
    milestone->approve_at = 80;
    milestone->confidence =
        "Every gated metric of C1 is proved to be worse by less than its margin; a gate says so "
        "wrongly with a probability of at most 5% (Hodges-Lehmann estimate, exact Wilcoxon "
        "signed-rank bounds over launches).";
    milestone->decision = TG_DECISION_APPROVED;
    milestone->reason = "every must-criterion is met";
    milestone->recommendations = advice;
    milestone->recommendation_count = COUNT(advice);
    milestone->pictures = pictures;
    milestone->picture_count = COUNT(pictures);
    milestone->achievements = (struct tg_milestone_notes){achievements, COUNT(achievements)};
    fill_tests(milestone, 0);
}

/* ---- rejected ---- */

static const struct tg_finding bad_findings[] = {
    {.code = "target-missed",
     .severity = TG_FINDING_HIGH,
     .where = "phase steady",
     .title = "A target is missed: rate >= 1_300/s",
     .evidence = "999.8/s, 1.30× short",
     .source = "memory_store-20251121T000000Z"},
    {.code = "regression",
     .severity = TG_FINDING_HIGH,
     .where = "session_get.p99",
     .title = "Slower than before",
     .evidence = "1.25 ms -> 1.75 ms, +40.0% (+37.0 .. +43.0%), margin 5.0%",
     .remedy = "look at what session_get does since the change",
     .source = "memory_store-20251121T010000Z"},
    {.code = "table-scan",
     .severity = TG_FINDING_MEDIUM,
     .where = "active_sessions",
     .title = "The query scans the table sessions and sorts what it finds",
     .evidence = "SCAN sessions\nUSE TEMP B-TREE FOR ORDER BY",
     .remedy = "repeat the condition of the partial index",
     .sql = "SELECT id FROM sessions\nWHERE status = 'active' AND status IN ('active', 'paused')\n"
            "ORDER BY last_update_time DESC",
     .verified = true,
     .verification = "planned again: SEARCH sessions USING INDEX idx_sessions_status_updated",
     .source = "memory_store-20251121T000000Z"},
    {.code = "unused-index",
     .severity = TG_FINDING_LOW,
     .where = "idx_sessions_project on sessions",
     .title = "No statement of the scenario uses this index",
     .evidence = "0 of 2 plans name it",
     .remedy = "drop it, unless something beyond the scenario needs it",
     .sql = "DROP INDEX idx_sessions_project",
     .source = "memory_store-20251121T000000Z"},
    {.code = "by-hand",
     .severity = TG_FINDING_LOW,
     .where = "",
     .title = "The session service asks once per row",
     .evidence = "code review",
     .remedy = "ask once for all",
     .source = ""},
};

static const struct tg_milestone_criterion bad_criteria[] = {
    {"Latency", 3, true, false, TG_CRITERION_MET, 1, "100% of the latency targets",
     "2 of 2 targets met (R1)"},
    {"Throughput", 2, true, false, TG_CRITERION_MISSED, 0, "100% of the rate targets",
     "0 of 1 targets met (R1)"},
    {"No regression", 2, true, false, TG_CRITERION_MISSED, 0, "every comparison passes",
     "C1 is a regression"},
    {"Growth", 1, false, false, TG_CRITERION_INCONCLUSIVE, 0, "an exponent of at most 0.5",
     "query.p99 is not decided (S1)"},
    {"Tests", 1, false, false, TG_CRITERION_MISSED, 0.9930, "100% of the tests pass",
     "143 of 144 pass, 2 skipped (I1)"},
    {"Every result passes", 0, true, true, TG_CRITERION_MISSED, 0, "every result passes",
     "R1 fails"},
};

static void fill_rejected(struct sample *sample)
{
    static const char *const caveats[] = {
        "Measured with uncommitted changes, which the commit does not show: R1",
        "R1 was run with phase.steady.rate=1000, not the scenario as it stands"};
    static const char *const conditions[] = {
        "Throughput: 100% of the rate targets is asked for, and 0 of 1 targets met (R1)",
        "No regression: every comparison passes is asked for, and C1 is a regression",
        "Every result passes: every result passes is asked for, and R1 fails"};
    static const struct tg_milestone_advice advice[] = {
        {"P1", "Find out what made session_get slower before anything else", false},
        {"P3", "active_sessions: repeat the condition of the partial index", true},
    };
    struct tg_milestone *milestone = &sample->milestone;
    sample->gate = sample_gate;
    milestone->summary = "";
    milestone->caveats = caveats;
    milestone->caveat_count = COUNT(caveats);
    milestone->findings = (struct tg_findings){
        copy(&sample->arena, bad_findings, sizeof bad_findings), COUNT(bad_findings)};
    milestone->criteria = copy(&sample->arena, bad_criteria, sizeof bad_criteria);
    milestone->criterion_count = COUNT(bad_criteria);
    milestone->score = 44.3;
    milestone->score_formula = "100 × (3 × 1 + 2 × 0 + 2 × 0 + 1 × 0 + 1 × 0.993) / 9 = 44.3";
    milestone->approve_at = NAN;
    milestone->confidence =
        "A regression in C1 is confirmed on fresh launches; a gate calls one wrongly with a "
        "probability of at most 1% (signed-rank test, Holm's procedure).";
    milestone->decision = TG_DECISION_REJECTED;
    milestone->reason = "3 must-criteria are missed, the first: \"Throughput\"";
    milestone->picture_note = "No pictures: gnuplot was not found.";
    milestone->conditions = conditions;
    milestone->condition_count = COUNT(conditions);
    milestone->exit_code = 1;
    milestone->recommendations = advice;
    milestone->recommendation_count = COUNT(advice);
    fill_tests(milestone, 1);
}

/* ---- bare ---- */

static void fill_bare(struct tg_milestone *milestone)
{
    static struct tg_milestone_criterion criteria[] = {
        {"Tests", 1, true, false, TG_CRITERION_NO_DATA, 0, "100% of the tests pass",
         "no JUnit file was given"}};
    static const char *const conditions[] = {
        "Tests: 100% of the tests pass is asked for, and no JUnit file was given"};
    *milestone = (struct tg_milestone){
        .project = "Schema redesign",
        .name = "Milestone 2",
        .version = "",
        .date = "2025-11-21",
        .file = "milestones/2.toml",
        .summary = "",
        .criteria = criteria,
        .criterion_count = 1,
        .score_formula = "100 × (1 × 0) / 1 = 0",
        .approve_at = NAN,
        .decision = TG_DECISION_CONDITIONAL,
        .reason = "the must-criterion \"Tests\" is not decided by what was measured",
        .conditions = conditions,
        .condition_count = 1,
        .exit_code = 3,
        .picture_note = "No pictures: gnuplot was not found.",
    };
}

struct tg_milestone *tg_sample_milestone(enum tg_sample_milestone kind)
{
    struct sample *sample = tg_calloc(1, sizeof *sample);
    struct tg_milestone *milestone = &sample->milestone;
    if (kind == TG_SAMPLE_BARE) {
        fill_bare(milestone);
        return milestone;
    }
    sample->run = tg_sample_result();
    sample->run->id = "memory_store-20251121T000000Z";
    own_coverage(sample->run);
    fill_head(milestone);
    fill_sources(sample);
    if (kind == TG_SAMPLE_APPROVED)
        heal(sample->run); /* before rows are made of it */
    fill_rows(sample, kind == TG_SAMPLE_APPROVED);
    if (kind == TG_SAMPLE_APPROVED)
        fill_approved(sample);
    else
        fill_rejected(sample);
    return milestone;
}

void tg_sample_milestone_free(struct tg_milestone *milestone)
{
    struct sample *sample = (struct sample *)milestone;
    tg_result_free(sample->run);
    if (sample->has_sizes)
        tg_sample_sweep_free(sample->sizes);
    tg_arena_free(&sample->arena);
    free(sample);
}

struct tg_result *tg_sample_milestone_run(struct tg_milestone *milestone)
{
    return ((struct sample *)milestone)->run;
}

struct tg_gate_view *tg_sample_milestone_gate(struct tg_milestone *milestone)
{
    return &((struct sample *)milestone)->gate;
}
