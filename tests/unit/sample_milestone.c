#include "sample_milestone.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "reports/milestone/load.h"
#include "sample_gate.h"
#include "sample_result.h"
#include "sample_sweep.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct sample {
    struct tg_milestone milestone; /* made of all the rest; first: freed by its address */
    struct tg_arena arena;
    struct tg_milestone_file file;
    struct tg_milestone_data data;
    struct tg_result *run;
    struct tg_result *sizes[SAMPLE_SIZES];
    struct tg_sweep_runs sweep;
    struct tg_comparison comparison;
    struct tg_milestone_loaded_gate gate;
};

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

/* ---- what is measured ---- */

/* The host and the commit are those of the run. */
static void add_gate(struct sample *sample, bool passes)
{
    static struct tg_gate_row passing[2];
    struct tg_gate_view *view = &sample->gate.view;
    *view = sample_gate;
    view->id = "memory_store-20251121T010000Z";
    view->started_unix_ms += 3600 * 1000;
    if (passes) {
        passing[0] = sample_rows[0];
        passing[1] = sample_rows[4];
        view->rows = passing;
        view->row_count = COUNT(passing);
        view->moved_count = 0;
        view->fresh_launches = 0;
        view->failed_before = view->failed_after = 0;
        view->verdict = "PASS";
        view->meaning = "every gated metric is proved within its margin";
        view->bad = false;
        view->good = true;
        view->exit_code = 0;
    }
    sample->comparison = (struct tg_comparison){.git_commit = sample->run->git_commit,
                                                .git_dirty = sample->run->git_dirty,
                                                .host = cJSON_Parse(sample->run->host_json)};
    sample->gate.comparison = &sample->comparison;
    sample->gate.name = "";
    sample->data.gates = &sample->gate;
    sample->data.gate_count = 1;
}

static void add_sweep(struct sample *sample)
{
    tg_sample_sweep(sample->sizes);
    for (size_t i = 0; i < SAMPLE_SIZES; i++)
        sample->sizes[i]->verified = true;
    sample->sweep = (struct tg_sweep_runs){sample->sizes, SAMPLE_SIZES};
    sample->data.sweeps = &sample->sweep;
    sample->data.sweep_count = 1;
}

static void add_inputs(struct tg_milestone_data *data, int64_t failed)
{
    static struct tg_milestone_suite suites[2];
    static const char *const failures[] = {"test_query_performance.test_session_status_query_uses_"
                                           "index: AssertionError: SCAN sessions"};
    suites[0] = (struct tg_milestone_suite){"test_query_performance", 11, failed, 0, 0, 0.46};
    suites[1] = (struct tg_milestone_suite){"test_services", 135, 0, 0, 2, 1.42};
    data->tests = (struct tg_milestone_tests){
        .given = true,
        .suites = suites,
        .suite_count = COUNT(suites),
        .sum = {"", 146, failed, 0, 2, 1.88},
        .failures = failures,
        .failure_count = failed > 0 ? 1 : 0,
    };
    data->code_coverage = (struct tg_milestone_code_coverage){
        .given = true,
        .lines = 8700,
        .lines_covered = 1367,
        .line_rate = 1367. / 8700,
        .branch_rate = NAN,
    };
}

static void measure_all(struct sample *sample, bool approved)
{
    sample->run = tg_sample_result();
    sample->run->id = "memory_store-20251121T000000Z";
    own_coverage(sample->run);
    if (approved)
        heal(sample->run);
    sample->data.results = &sample->run;
    sample->data.result_count = 1;
    add_gate(sample, approved);
    add_sweep(sample);
    add_inputs(&sample->data, approved ? 0 : 1);
}

/* ---- the files ---- */

#define BEGINNING                                                                                  \
    "format = 1\n"                                                                                 \
    "project = 'Schema redesign'\n"                                                                \
    "milestone = 'Milestone 1'\n"                                                                  \
    "version = '1.0'\n"                                                                            \
    "results = 'memory_store'\n"                                                                   \
    "sweeps = 'scale'\n"                                                                           \
    "before = { comparison = 'memory_store' }\n"

#define INPUTS                                                                                     \
    "[inputs]\n"                                                                                   \
    "junit = 'build/junit.xml'\n"                                                                  \
    "cobertura = 'build/coverage.xml'\n"

#define CRITERION(name, measure, more)                                                             \
    "[[criteria]]\nname = '" name "'\nmeasure = '" measure "'\n" more

#define BY_HAND                                                                                    \
    "[[next_step]]\ntext = 'Hierarchical namespaces: 50 ms at p99'\n"                              \
    "[[next_step]]\ntext = 'Pages beyond the first 1,000 rows'\n"                                  \
    "[[meaning]]\ntitle = 'Product'\n"                                                             \
    "text = 'answers are instant as far as a person can tell'\n"                                   \
    "[[risk]]\ntitle = 'Single machine'\ntext = 'all figures come from one host'\n"                \
    "[[key_file]]\nfile = 'scenarios/memory_store/schema.sql'\ntext = 'the schema'\n"              \
    "[[command]]\nrun = 'python -m pytest tests/performance -v'\n"                                 \
    "text = 'the tests of the application'\n"

static const char approved_file[] = BEGINNING
    "summary = 'The new schema answers every query of the first milestone.'\n"
    "approve_at = 80\n" INPUTS CRITERION("Latency", "targets",
                                         "of = 'latency'\nweight = 3\nmust = true\n")
        CRITERION("Throughput", "targets", "of = 'rate'\nweight = 2\nmust = true\n")
            CRITERION("Index coverage", "plans", "at_least = '95%'\nmust = true\n")
                CRITERION("No regression", "gate", "weight = 2\nmust = true\n")
                    CRITERION("Size", "capacity", "rows = 10_000\nmust = true\n")
                        CRITERION("Tests", "tests", "at_least = '90%'\n") CRITERION(
                            "Code coverage", "code_coverage",
                            "at_least = '80%'\n") "[[recommendation]]\npriority = 'P3'\ntext = "
                                                  "'Watch the size of the write-ahead log'\n"
                                                  "[[achievement]]\ntext = 'All queries of the old "
                                                  "schema run unchanged'\n" BY_HAND;

/* No criterion on sizes: that every size passes is implied. */
static const char rejected_file[] = BEGINNING INPUTS CRITERION(
    "Latency", "targets", "of = 'latency'\nweight = 3\nmust = true\n")
    CRITERION("Throughput", "targets", "of = 'rate'\nweight = 2\nmust = true\n") CRITERION(
        "No regression", "gate", "weight = 2\nmust = true\n")
        CRITERION("Growth", "growth", "at_most = 0.5\n") CRITERION(
            "Tests", "tests",
            "") "[[recommendation]]\npriority = 'P1'\n"
                "text = 'Find out what made session_get slower before anything else'\n"
                "[[finding]]\ntitle = 'The session service asks once per row'\nseverity = 'low'\n"
                "evidence = 'code review'\nremedy = 'ask once for all'\n" BY_HAND;

static const char bare_file[] =
    "format = 1\nproject = 'Schema redesign'\nmilestone = 'Milestone 2'\ndate = 2025-11-21\n"
    "results = 'memory_store'\n" CRITERION("Tests", "tests", "must = true\n");

/* ---- all ---- */

static void parse(struct sample *sample, const char *text, const char *path)
{
    struct tg_diags diags = {0};
    if (tg_milestone_file_parse(text, strlen(text), path, &sample->arena, &sample->file, &diags) !=
        TG_OK) {
        fprintf(stderr, "%s:%d: %s\n", path, diags.items[0].line, diags.items[0].message);
        abort();
    }
    tg_diags_free(&diags);
}

struct tg_milestone *tg_sample_milestone(enum tg_sample_milestone kind)
{
    static const char *const pictures[] = {"criteria", "c1-changes", "r1-targets-durations"};
    struct sample *sample = tg_calloc(1, sizeof *sample);
    if (kind == TG_SAMPLE_BARE)
        parse(sample, bare_file, "milestones/2.toml");
    else
        parse(sample, kind == TG_SAMPLE_APPROVED ? approved_file : rejected_file,
              "milestones/1.toml");
    if (kind != TG_SAMPLE_BARE)
        measure_all(sample, kind == TG_SAMPLE_APPROVED);
    sample->milestone = *tg_milestone_make(&sample->file, &sample->data, &sample->arena);
    if (kind == TG_SAMPLE_APPROVED) {
        sample->milestone.pictures = pictures;
        sample->milestone.picture_count = COUNT(pictures);
    } else {
        sample->milestone.picture_note = "Pictures were not asked for (--no-pictures).";
    }
    return &sample->milestone;
}

void tg_sample_milestone_free(struct tg_milestone *milestone)
{
    struct sample *sample = (struct sample *)milestone;
    tg_result_free(sample->run);
    if (sample->data.sweep_count > 0)
        tg_sample_sweep_free(sample->sizes);
    cJSON_Delete(sample->comparison.host);
    tg_arena_free(&sample->arena);
    free(sample);
}

struct tg_result *tg_sample_milestone_run(struct tg_milestone *milestone)
{
    return ((struct sample *)milestone)->run;
}

struct tg_gate_view *tg_sample_milestone_gate(struct tg_milestone *milestone)
{
    return &((struct sample *)milestone)->gate.view;
}
