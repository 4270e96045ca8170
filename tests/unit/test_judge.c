#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "common/units.h"
#include "runner/drive/result.h"

/* Every expected number here is worked out by hand from the few values that go in; values below
 * 2,048 ns are their own buckets at three significant digits, so percentiles of them are exact. */

static struct tg_hdr *hdr_of(size_t count, const int64_t *values)
{
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    for (size_t i = 0; i < count; i++)
        tg_hdr_record(hdr, values[i]);
    return hdr;
}
#define HDR(...)                                                                                   \
    hdr_of(sizeof(int64_t[]){__VA_ARGS__} / sizeof(int64_t), (const int64_t[]){__VA_ARGS__})

/* A scenario "s" with the operations get and put, two phases, and room for one target. */
struct fixture {
    struct tg_scenario scenario;
    struct tg_op ops[2];
    struct tg_phase phases[2];
    struct tg_target target;
    struct tg_result *result;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    f->ops[0].name = "get";
    f->ops[1].name = "put";
    f->phases[0] = (struct tg_phase){.name = "closed", .workers = 2};
    f->phases[1] = (struct tg_phase){.name = "open", .workers = 2, .rate_per_s = 100};
    f->scenario = (struct tg_scenario){.name = "s",
                                       .ops = f->ops,
                                       .op_count = 2,
                                       .phases = f->phases,
                                       .phase_count = 2,
                                       .targets = &f->target};
    struct tg_result *result = f->result = tg_result_new();
    result->scenario = "s";
    result->verified = true;
    result->phase_count = 2;
    result->phases = tg_arena_array(&result->arena, 2, sizeof *result->phases);

    struct tg_phase_result *closed = &result->phases[0];
    *closed = (struct tg_phase_result){
        .name = "closed",
        .workers = 2,
        .elapsed_ns = 2 * TG_NS_PER_S,
        .op_count = 2,
        .hiccups = HDR(5),
        .cpu_user_ns = TG_NS_PER_S,
        .cpu_system_ns = TG_NS_PER_S / 2,
        .rss_peak_bytes = 4096,
    };
    closed->ops = tg_arena_array(&result->arena, 2, sizeof *closed->ops);
    closed->ops[0] = (struct tg_op_result){
        .name = "get", .succeeded = 4, .retries = 3, .service = HDR(100, 200, 300, 400)};
    closed->ops[1] = (struct tg_op_result){
        .name = "put", .succeeded = 2, .failed = 2, .retries = 4, .service = HDR(1000, 2000)};

    struct tg_phase_result *open = &result->phases[1];
    *open = (struct tg_phase_result){
        .name = "open",
        .open_loop = true,
        .rate_per_s = 100,
        .workers = 2,
        .elapsed_ns = TG_NS_PER_S,
        .op_count = 1,
        .hiccups = HDR(5),
    };
    open->ops = tg_arena_array(&result->arena, 1, sizeof *open->ops);
    open->ops[0] = (struct tg_op_result){.name = "get",
                                         .succeeded = 2,
                                         .service = HDR(10, 20),
                                         .response = HDR(110, 120),
                                         .lag = HDR(90, 100)};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    tg_result_free(f->result);
    free(f);
    return 0;
}

static double metric(const struct fixture *f, size_t phase, enum tg_metric_kind kind,
                     const char *op)
{
    return tg_result_metric(&f->result->phases[phase], &(struct tg_metric){.kind = kind}, op);
}

static double percentile(const struct fixture *f, size_t phase, enum tg_latency_kind latency,
                         double p, const char *op)
{
    struct tg_metric what = {
        .kind = TG_METRIC_PERCENTILE, .latency = latency, .percentile = p, .op = op ? 0 : -1};
    return tg_result_metric(&f->result->phases[phase], &what, op);
}

static void near(double value, double expected)
{
    assert_true(fabs(value - expected) <= 1e-12 * fabs(expected));
}

static void latencies_of_one_operation_and_of_all(void **state)
{
    struct fixture *f = *state;
    near(percentile(f, 0, TG_LATENCY_DEFAULT, 50, "get"), 200);
    near(percentile(f, 0, TG_LATENCY_DEFAULT, 75, "get"), 300);
    near(percentile(f, 0, TG_LATENCY_SERVICE, 100, "get"), 400);
    /* All six: 100 200 300 400 1000 2000; the third is the median by rank. */
    near(percentile(f, 0, TG_LATENCY_DEFAULT, 50, NULL), 300);
    near(percentile(f, 0, TG_LATENCY_DEFAULT, 99, NULL), 2000);
    near(metric(f, 0, TG_METRIC_MEAN, "get"), 250);
    near(metric(f, 0, TG_METRIC_MEAN, NULL), 4000.0 / 6);
    near(metric(f, 0, TG_METRIC_MIN, NULL), 100);
    near(metric(f, 0, TG_METRIC_MAX, NULL), 2000);
    near(metric(f, 0, TG_METRIC_MAX, "get"), 400);
}

static void an_open_loop_means_response_unless_told(void **state)
{
    struct fixture *f = *state;
    near(percentile(f, 1, TG_LATENCY_DEFAULT, 100, "get"), 120);
    near(percentile(f, 1, TG_LATENCY_RESPONSE, 100, "get"), 120);
    near(percentile(f, 1, TG_LATENCY_SERVICE, 100, "get"), 20);
    near(percentile(f, 1, TG_LATENCY_LAG, 100, NULL), 100);
    near(metric(f, 1, TG_METRIC_MEAN, "get"), 115);
}

static void counts_and_rates(void **state)
{
    struct fixture *f = *state;
    near(metric(f, 0, TG_METRIC_RATE, "get"), 2); /* 4 in 2 s */
    near(metric(f, 0, TG_METRIC_RATE, NULL), 3);  /* 6 in 2 s: failures are no throughput */
    near(metric(f, 0, TG_METRIC_COUNT, NULL), 6); /* successes */
    near(metric(f, 0, TG_METRIC_ERRORS, NULL), 2);
    near(metric(f, 0, TG_METRIC_ERRORS, "get"), 0);
    near(metric(f, 0, TG_METRIC_ERROR_RATE, "put"), 0.5);
    near(metric(f, 0, TG_METRIC_ERROR_RATE, NULL), 0.25); /* 2 of 8 */
    near(metric(f, 0, TG_METRIC_RETRIES, NULL), 7);
    near(metric(f, 0, TG_METRIC_ELAPSED, NULL), 2e9);
    near(metric(f, 0, TG_METRIC_RSS, NULL), 4096);
    near(metric(f, 0, TG_METRIC_CPU, NULL), 0.75); /* 1.5 s in 2 s */
}

static void no_data_is_not_a_number(void **state)
{
    struct fixture *f = *state;
    struct tg_phase_result *open = &f->result->phases[1];
    assert_true(isnan(metric(f, 0, TG_METRIC_MAX, "nobody")));
    assert_true(isnan(metric(f, 0, TG_METRIC_ERRORS, "nobody")));
    assert_true(isnan(metric(f, 0, TG_METRIC_RATE, "nobody")));
    assert_true(isnan(percentile(f, 0, TG_LATENCY_LAG, 99, "get"))); /* closed loop has none */
    assert_true(isnan(metric(f, 1, TG_METRIC_RSS, NULL)));
    open->elapsed_ns = 0;
    assert_true(isnan(metric(f, 1, TG_METRIC_RATE, NULL)));
    assert_true(isnan(metric(f, 1, TG_METRIC_CPU, NULL)));
    assert_true(isnan(metric(f, 1, TG_METRIC_ELAPSED, NULL)));
    open->ops[0].succeeded = 0;
    tg_hdr_reset(open->ops[0].response);
    assert_true(isnan(metric(f, 1, TG_METRIC_MEAN, NULL)));
    assert_true(isnan(metric(f, 1, TG_METRIC_ERROR_RATE, NULL)));
    /* Only failures: a rate of 0 is a fact, not a lack of data. */
    open->elapsed_ns = TG_NS_PER_S;
    open->ops[0].failed = 5;
    near(metric(f, 1, TG_METRIC_ERROR_RATE, NULL), 1);
    assert_true(metric(f, 1, TG_METRIC_RATE, NULL) == 0);
}

static void ratios_say_how_much_room_there_is(void **state)
{
    (void)state;
    near(tg_target_ratio(TG_LESS, 110000, 50e6), 50e6 / 110000); /* 454.5 */
    near(tg_target_ratio(TG_LESS_EQUAL, 65, 50), 50.0 / 65);
    near(tg_target_ratio(TG_GREATER_EQUAL, 4347, 30), 144.9);
    near(tg_target_ratio(TG_GREATER, 15, 30), 0.5);
    assert_true(isinf(tg_target_ratio(TG_LESS, 0, 5)));
    assert_true(isinf(tg_target_ratio(TG_GREATER, 5, 0)));
    assert_true(isnan(tg_target_ratio(TG_LESS_EQUAL, 0, 0)));
    assert_true(isnan(tg_target_ratio(TG_LESS_EQUAL, 3, 0)));
    assert_true(isnan(tg_target_ratio(TG_EQUAL, 5, 5)));
    assert_true(isnan(tg_target_ratio(TG_LESS, NAN, 5)));
    assert_true(isnan(tg_target_ratio(TG_GREATER, NAN, 5)));
}

/* Judges the one target "METRIC COMPARE limit" about `op` (-1: all) of `phase`. */
static const struct tg_target_result *judged(struct fixture *f, uint32_t phase,
                                             struct tg_metric what, enum tg_compare compare,
                                             double limit)
{
    f->target = (struct tg_target){
        .text = "the target", .phase = phase, .metric = what, .compare = compare, .limit = limit};
    f->scenario.target_count = 1;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->target_count, 1);
    return &f->result->targets[0];
}

static void comparisons_hold_at_their_limits(void **state)
{
    struct fixture *f = *state;
    struct tg_metric count = {.kind = TG_METRIC_COUNT, .op = 0}; /* 4 */
    static const struct {
        enum tg_compare compare;
        double limit;
        enum tg_target_status status;
    } cases[] = {
        {TG_LESS, 4, TG_TARGET_MISSED},       {TG_LESS, 4.5, TG_TARGET_MET},
        {TG_LESS_EQUAL, 4, TG_TARGET_MET},    {TG_LESS_EQUAL, 3.5, TG_TARGET_MISSED},
        {TG_GREATER, 4, TG_TARGET_MISSED},    {TG_GREATER, 3, TG_TARGET_MET},
        {TG_GREATER_EQUAL, 4, TG_TARGET_MET}, {TG_GREATER_EQUAL, 5, TG_TARGET_MISSED},
        {TG_EQUAL, 4, TG_TARGET_MET},         {TG_EQUAL, 5, TG_TARGET_MISSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(judged(f, 0, count, cases[i].compare, cases[i].limit)->status,
                         cases[i].status);
}

static void keys_name_the_number_for_good(void **state)
{
    struct fixture *f = *state;
    struct tg_metric p99 = {.kind = TG_METRIC_PERCENTILE, .percentile = 99.9, .op = 0};
    assert_string_equal(judged(f, 0, p99, TG_LESS, 1)->key, "s/closed/get/service.p99.9");
    assert_string_equal(judged(f, 1, p99, TG_LESS, 1)->key, "s/open/get/response.p99.9");
    p99.latency = TG_LATENCY_LAG;
    p99.percentile = 50;
    p99.op = -1;
    assert_string_equal(judged(f, 1, p99, TG_LESS, 1)->key, "s/open/*/lag.p50");
    struct tg_metric rate = {.kind = TG_METRIC_RATE, .op = -1};
    assert_string_equal(judged(f, 0, rate, TG_LESS, 1)->key, "s/closed/*/rate");
    struct tg_metric mean = {.kind = TG_METRIC_MEAN, .op = 1};
    assert_string_equal(judged(f, 0, mean, TG_LESS, 1)->key, "s/closed/put/service.mean");
}

static void no_failures(struct fixture *f)
{
    for (size_t p = 0; p < f->result->phase_count; p++)
        for (size_t i = 0; i < f->result->phases[p].op_count; i++)
            f->result->phases[p].ops[i].failed = 0;
}

static void failures_need_a_target_that_allows_them(void **state)
{
    struct fixture *f = *state; /* two of the phase's operations failed */
    f->scenario.target_count = 0;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_FAIL);
    assert_non_null(strstr(f->result->reasons[0], "2 operations failed"));
    no_failures(f);
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);
}

static void a_target_met_passes_and_a_missed_one_fails(void **state)
{
    struct fixture *f = *state;
    no_failures(f);
    struct tg_metric elapsed = {.kind = TG_METRIC_ELAPSED, .op = -1};
    const struct tg_target_result *target = judged(f, 0, elapsed, TG_LESS, 4e9);
    assert_int_equal(target->status, TG_TARGET_MET);
    near(target->value, 2e9);
    near(target->ratio, 2);
    assert_string_equal(target->phase, "closed");
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);
    assert_int_equal(f->result->reason_count, 0);

    assert_int_equal(judged(f, 0, elapsed, TG_LESS, 1e9)->status, TG_TARGET_MISSED);
    assert_int_equal(f->result->verdict, TG_VERDICT_FAIL);
    assert_int_equal(f->result->reason_count, 1);
    assert_string_equal(f->result->reasons[0], "closed: target missed: the target");
}

static void a_run_that_saw_nothing_never_passes(void **state)
{
    struct fixture *f = *state;
    no_failures(f);
    struct tg_metric errors = {.kind = TG_METRIC_ERRORS, .op = 1};
    /* put is not in the open phase. */
    assert_int_equal(judged(f, 1, errors, TG_EQUAL, 0)->status, TG_TARGET_NO_DATA);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);

    f->scenario.target_count = 0;
    f->result->phases[1].ops[0].succeeded = 0;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    assert_non_null(strstr(f->result->reasons[0], "open: nothing was measured"));

    f->result->phases[1].ops[0].succeeded = 2;
    f->result->phase_count = 1;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    assert_string_equal(f->result->reasons[0], "open: was not run");
    f->result->phase_count = 2;
}

/* The target of the open phase, which comes first, is not judged; that of the closed one is. */
static void a_phase_that_was_left_out_decides_nothing(void **state)
{
    struct fixture *f = *state;
    static const char *left_out[] = {"open"};
    const struct tg_metric errors = {.kind = TG_METRIC_ERRORS, .op = 1};
    const struct tg_metric elapsed = {.kind = TG_METRIC_ELAPSED, .op = -1};
    struct tg_target targets[] = {
        {.text = "of open", .phase = 1, .metric = errors, .compare = TG_EQUAL},
        {.text = "of closed", .phase = 0, .metric = elapsed, .compare = TG_LESS, .limit = 4e9}};
    no_failures(f);
    f->scenario.targets = targets;
    f->scenario.target_count = 2;
    f->result->phase_count = 1;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    f->result->left_out = left_out;
    f->result->left_out_count = 1;
    assert_true(tg_result_left_out(f->result, "open"));
    assert_false(tg_result_left_out(f->result, "closed"));
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);
    assert_int_equal(f->result->target_count, 1);
    assert_string_equal(f->result->targets[0].text, "of closed");
    targets[1].limit = 1e9;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_FAIL);
    assert_int_equal(f->result->reason_count, 1);
    assert_string_equal(f->result->reasons[0], "closed: target missed: of closed");
    f->result->phase_count = 2;
}

/* 98 of 100 operations were started. Whatever the other two took, 98 % are known. */
static void operations_never_started_leave_their_percentiles_open(void **state)
{
    struct fixture *f = *state;
    no_failures(f);
    f->result->phases[1].offered = 100;
    f->result->phases[1].issued = 98;
    struct tg_metric what = {.kind = TG_METRIC_PERCENTILE, .percentile = 98, .op = 0};
    assert_int_equal(judged(f, 1, what, TG_LESS, 1000)->status, TG_TARGET_MET);
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);

    what.percentile = 99;
    assert_int_equal(judged(f, 1, what, TG_LESS, 1000)->status, TG_TARGET_MET);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    assert_string_equal(f->result->reasons[0], "open: 2 of 100 operations that fell due were never "
                                               "started, which leaves open: the target");
    what.latency = TG_LATENCY_SERVICE; /* of those started, and of nothing else */
    (void)judged(f, 1, what, TG_LESS, 1000);
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);

    (void)judged(f, 1, (struct tg_metric){.kind = TG_METRIC_MAX, .op = 0}, TG_LESS, 1000);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    (void)judged(f, 1, (struct tg_metric){.kind = TG_METRIC_RATE, .op = 0}, TG_LESS, 1000);
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);
}

static void each_doubt_makes_it_invalid(void **state)
{
    struct fixture *f = *state;
    no_failures(f);
    struct tg_phase_result *closed = &f->result->phases[0];
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_PASS);

    closed->invalid = "the harness could not keep up";
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    assert_string_equal(f->result->reasons[0], "closed: the harness could not keep up");
    closed->invalid = NULL;

    closed->interrupted = true;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    closed->interrupted = false;

    closed->ops[1].succeeded = 0;
    closed->ops[1].failed = 2; /* as many as a target allows */
    (void)judged(f, 0, (struct tg_metric){.kind = TG_METRIC_ERRORS, .op = -1}, TG_LESS_EQUAL, 2);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    assert_string_equal(f->result->reasons[0], "closed: every put failed (2 of them)");
    f->scenario.target_count = 0;
    closed->ops[1].succeeded = 2;
    closed->ops[1].failed = 0;

    f->result->verified = false;
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    assert_string_equal(f->result->reasons[0],
                        "the check of the store's integrity was interrupted");
    f->result->verified = true;

    tg_hdr_record(closed->ops[0].service, INT64_MAX);
    tg_result_judge(f->result, &f->scenario);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
}

static void a_target_missed_without_the_store_is_no_failure(void **state)
{
    struct fixture *f = *state;
    no_failures(f);
    struct tg_metric count = {.kind = TG_METRIC_COUNT, .op = 0}; /* 4 */
    struct tg_phase_result *closed = &f->result->phases[0];
    closed->invalid = "the harness offered only 10/s of 100/s";
    assert_int_equal(judged(f, 0, count, TG_GREATER, 100)->status, TG_TARGET_MISSED);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    closed->invalid = NULL;

    closed->interrupted = true;
    (void)judged(f, 0, count, TG_GREATER, 100);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    /* ... which does not excuse another phase. */
    (void)judged(f, 1, count, TG_GREATER, 100);
    assert_int_equal(f->result->verdict, TG_VERDICT_FAIL);
    closed->interrupted = false;

    /* The last phase is the one that the killed process was in. */
    f->result->crash = "signal 9 (Killed)";
    f->result->crash_signal = 9;
    (void)judged(f, 1, count, TG_GREATER, 100);
    assert_int_equal(f->result->verdict, TG_VERDICT_INVALID);
    (void)judged(f, 0, count, TG_GREATER, 100);
    assert_int_equal(f->result->verdict, TG_VERDICT_FAIL);
}

static void each_fault_of_the_store_fails_even_beside_doubts(void **state)
{
    struct fixture *f = *state;
    struct tg_result *result = f->result;
    result->phases[0].interrupted = true;

    result->crash = "signal 11 (Segmentation fault)";
    result->crash_signal = 11;
    tg_result_judge(result, &f->scenario);
    assert_int_equal(result->verdict, TG_VERDICT_FAIL);
    assert_int_equal(result->reason_count, 2);
    assert_non_null(strstr(result->reasons[0], "Segmentation fault"));

    /* SIGKILL comes from outside: the store is not to blame. */
    result->crash = "signal 9 (Killed)";
    result->crash_signal = 9;
    tg_result_judge(result, &f->scenario);
    assert_int_equal(result->verdict, TG_VERDICT_INVALID);
    assert_int_equal(result->reason_count, 2);
    assert_string_equal(result->reasons[0], "signal 9 (Killed)");
    result->crash = NULL;
    result->crash_signal = 0;

    const char *violations[] = {"row 3 of agents has no task"};
    result->violations = violations;
    result->violation_count = 1;
    tg_result_judge(result, &f->scenario);
    assert_int_equal(result->verdict, TG_VERDICT_FAIL);
    assert_string_equal(result->reasons[0], "integrity: row 3 of agents has no task");
    result->violation_count = 0;

    struct tg_coverage_miss miss = {.owner = "get", .message = "expects index i"};
    result->coverage.misses = &miss;
    result->coverage.miss_count = 1;
    tg_result_judge(result, &f->scenario);
    assert_int_equal(result->verdict, TG_VERDICT_INVALID); /* no coverage was collected */
    result->has_coverage = true;
    tg_result_judge(result, &f->scenario);
    assert_int_equal(result->verdict, TG_VERDICT_FAIL);
    assert_string_equal(result->reasons[0], "plan of get: expects index i");
}

static void verdicts_become_exit_codes(void **state)
{
    (void)state;
    assert_int_equal(tg_verdict_exit_code(TG_VERDICT_PASS), 0);
    assert_int_equal(tg_verdict_exit_code(TG_VERDICT_FAIL), 1);
    assert_int_equal(tg_verdict_exit_code(TG_VERDICT_INVALID), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(latencies_of_one_operation_and_of_all),
        TEST(an_open_loop_means_response_unless_told),
        TEST(counts_and_rates),
        TEST(no_data_is_not_a_number),
        TEST(ratios_say_how_much_room_there_is),
        TEST(comparisons_hold_at_their_limits),
        TEST(keys_name_the_number_for_good),
        TEST(failures_need_a_target_that_allows_them),
        TEST(a_target_met_passes_and_a_missed_one_fails),
        TEST(a_run_that_saw_nothing_never_passes),
        TEST(a_phase_that_was_left_out_decides_nothing),
        TEST(operations_never_started_leave_their_percentiles_open),
        TEST(each_doubt_makes_it_invalid),
        TEST(a_target_missed_without_the_store_is_no_failure),
        TEST(each_fault_of_the_store_fails_even_beside_doubts),
        TEST(verdicts_become_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
