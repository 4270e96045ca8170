/* The measured loops, against an engine that lives in this file and knows what it was asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/loop.h"

enum { MOST_CALLS = 4096, FAIL_CODE = 5 };

static struct fake {
    atomic_int calls;
    int64_t
        keys[MOST_CALLS]; /* argument "key" of each call: a unique number per index of the stream */
    int64_t first_call_takes_ns;
    int64_t each_call_takes_ns;
    int fail_every; /* 0: never */
    int64_t rows;
} fake;

static void fake_execute(void *session, uint32_t op, const struct tg_value *args,
                         struct tg_outcome *outcome)
{
    (void)session;
    (void)op;
    int call = atomic_fetch_add(&fake.calls, 1);
    if (call < MOST_CALLS)
        fake.keys[call] = args[0].integer;
    int64_t until = tg_now_ns() + (call == 0 ? fake.first_call_takes_ns : fake.each_call_takes_ns);
    while (tg_now_ns() < until)
        continue;
    outcome->rows = fake.rows;
    if (fake.fail_every > 0 && call % fake.fail_every == 0)
        outcome->error = FAIL_CODE;
}

static const char *fake_error_text(void *session)
{
    (void)session;
    return "database is locked";
}

static const struct tg_engine engine = {
    .kind = "fake", .execute = fake_execute, .error_text = fake_error_text};

struct bench { /* a scenario of one phase and one operation, made by hand */
    struct tg_arena arena;
    struct tg_gen_named key;
    struct tg_op op;
    struct tg_op_spec op_spec;
    struct tg_mix_entry entry;
    struct tg_phase phase;
    struct tg_phase_mix mix;
    struct tg_scenario scenario;
    struct tg_inject inject; /* of the operation; scenario.injects = &inject turns it on */
    struct tg_workload *workload;
    struct tg_slots *slots;
    uint32_t record_of_op[1];
    int64_t grace_ns;
    int64_t start_earlier_ns; /* the phase starts so long before its threads */
};

static struct bench *bench_new(struct tg_phase phase)
{
    struct bench *bench = calloc(1, sizeof *bench);
    struct tg_diags diags = {0};
    assert_non_null(bench);
    memset(&fake, 0, sizeof fake);
    tg_clock_init();
    bench->key = (struct tg_gen_named){
        .name = "key",
        .spec = {.kind = TG_GEN_INT,
                 .dist = {.kind = TG_DIST_SEQUENTIAL, .over = UINT64_C(1) << 40},
                 .step = 1}};
    bench->op = (struct tg_op){.name = "get",
                               .params = &bench->key,
                               .param_count = 1,
                               .expect_rows_min = -1,
                               .expect_rows_max = -1,
                               .engine = {.batch = 1}};
    bench->op_spec =
        (struct tg_op_spec){.name = "get", .params = &bench->key, .param_count = 1, .batch = 1};
    bench->entry = (struct tg_mix_entry){.op = 0, .weight = 1};
    bench->phase = phase;
    bench->phase.name = "p";
    bench->phase.entries = &bench->entry;
    bench->phase.entry_count = 1;
    bench->mix = (struct tg_phase_mix){.name = "p", .entries = &bench->entry, .entry_count = 1};
    bench->scenario = (struct tg_scenario){.seed = 1,
                                           .engine = &engine,
                                           .ops = &bench->op,
                                           .op_count = 1,
                                           .phases = &bench->phase,
                                           .phase_count = 1};
    bench->scenario.workload = (struct tg_workload_spec){
        .seed = 1, .ops = &bench->op_spec, .op_count = 1, .phases = &bench->mix, .phase_count = 1};
    bench->workload = tg_workload_compile(&bench->arena, &bench->scenario.workload);
    bench->slots = tg_slots_new(phase.workers, 1, true, &diags);
    assert_non_null(bench->slots);
    return bench;
}

static void bench_free(struct bench *bench)
{
    tg_slots_free(bench->slots);
    tg_arena_free(&bench->arena);
    free(bench);
}

struct worker_thread {
    pthread_t thread;
    struct tg_loop loop;
    struct tg_arena scratch;
    struct tg_value args[1];
};

static void *worker_main(void *context)
{
    struct worker_thread *worker = context;
    if (worker->loop.spec->rate_per_s > 0)
        tg_loop_open(&worker->loop);
    else
        tg_loop_closed(&worker->loop);
    return NULL;
}

/* What the coordinator sums up from the sets that workers hand over. */
struct sums {
    int64_t succeeded, failed, service, response, lag, busy, late;
    int64_t least_service, least_response;
    int64_t slow_services;  /* service time of 90 us and more */
    int64_t late_responses; /* response time of 10 ms and more */
    int64_t error_code, error_count;
    char error_text[TG_ERROR_TEXT];
};

static void take(void *context, struct tg_record_set *set)
{
    struct sums *sums = context;
    struct tg_op_record *record = &set->ops[0];
    sums->succeeded += record->succeeded;
    sums->failed += record->failed;
    sums->service += record->service->total;
    sums->response += record->response->total;
    sums->lag += record->lag->total;
    sums->busy += set->busy_lag->total;
    sums->late += set->late_lag->total;
    if (record->service->min < sums->least_service)
        sums->least_service = record->service->min;
    if (record->response->min < sums->least_response)
        sums->least_response = record->response->min;
    sums->slow_services += tg_hdr_count_above(record->service, 90 * TG_NS_PER_US);
    sums->late_responses += tg_hdr_count_above(record->response, 10 * TG_NS_PER_MS);
    if (record->errors[0].count > 0) {
        sums->error_code = record->errors[0].code;
        sums->error_count += record->errors[0].count;
        memcpy(sums->error_text, record->errors[0].text, sizeof sums->error_text);
    }
    struct tg_hdr *hdrs[] = {record->service, record->response, record->lag, set->busy_lag,
                             set->late_lag};
    for (size_t i = 0; i < sizeof hdrs / sizeof *hdrs; i++)
        tg_hdr_reset(hdrs[i]);
    record->succeeded = record->failed = 0;
    memset(record->errors, 0, sizeof record->errors);
}

static struct sums bench_run(struct bench *bench, int harvests)
{
    struct sums sums = {.least_service = INT64_MAX, .least_response = INT64_MAX};
    uint32_t count = bench->phase.workers;
    struct worker_thread *workers = calloc(count, sizeof *workers);
    assert_non_null(workers);
    int64_t start_ns = tg_now_ns() - bench->start_earlier_ns;
    for (uint32_t w = 0; w < count; w++) {
        workers[w].loop = (struct tg_loop){
            .scenario = &bench->scenario,
            .engine = &engine,
            .workload = bench->workload,
            .injector = bench->scenario.injects ? tg_injector_new(&bench->scenario) : NULL,
            .spec = &bench->phase,
            .check_rows = true,
            .worker = w,
            .workers = count,
            .start_ns = start_ns,
            .record_ns = start_ns + bench->phase.warmup_ns,
            .end_ns = bench->phase.duration_ns > 0
                          ? start_ns + bench->phase.warmup_ns + bench->phase.duration_ns
                          : INT64_MAX,
            .grace_ns = bench->grace_ns,
            .count = bench->phase.count,
            .slots = bench->slots,
            .slot = &bench->slots->workers[w],
            .record_of_op = bench->record_of_op,
            .scratch = &workers[w].scratch,
            .args = workers[w].args,
        };
        assert_int_equal(pthread_create(&workers[w].thread, NULL, worker_main, &workers[w]), 0);
    }
    for (int i = 0; i < harvests; i++) {
        struct timespec pause = {.tv_nsec = TG_NS_PER_MS};
        for (uint32_t w = 0; w < count; w++)
            tg_slot_request(&bench->slots->workers[w]);
        nanosleep(&pause, NULL);
        for (uint32_t w = 0; w < count; w++)
            tg_slot_collect(&bench->slots->workers[w], take, &sums);
    }
    for (uint32_t w = 0; w < count; w++) {
        pthread_join(workers[w].thread, NULL);
        tg_slot_harvest_rest(&bench->slots->workers[w], take, &sums);
        tg_injector_free(workers[w].loop.injector);
        tg_arena_free(&workers[w].scratch);
    }
    free(workers);
    return sums;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Every index of the stream once, whoever executes it. */
static void assert_keys_are_the_first(int count)
{
    assert_int_equal(atomic_load(&fake.calls), count);
    qsort(fake.keys, (size_t)count, sizeof *fake.keys, by_number);
    for (int i = 0; i < count; i++)
        assert_int_equal(fake.keys[i], i);
}

static void closed_loop_runs_each_index_once_with_1_and_8_workers(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= 8; workers += 7) {
        struct bench *bench = bench_new((struct tg_phase){.workers = workers, .count = 1003});
        struct sums sums = bench_run(bench, 0);
        assert_keys_are_the_first(1003);
        assert_int_equal(sums.succeeded, 1003);
        assert_int_equal(sums.service, 1003);
        assert_int_equal(sums.response, 0); /* a closed loop has no response time */
        bench_free(bench);
    }
}

/* A phase limited by time is dealt out in blocks: still no index is run twice. */
static void no_index_is_run_twice_in_a_timed_phase(void **state)
{
    (void)state;
    enum { TRIES = 50 };
    int calls = 0;
    /* Again where a busy machine lets no worker begin in time. */
    for (int i = 0; i < TRIES && calls == 0; i++) {
        struct bench *bench =
            bench_new((struct tg_phase){.workers = 3, .duration_ns = 20 * TG_NS_PER_MS});
        fake.each_call_takes_ns = 20 * TG_NS_PER_US; /* so that every worker has its turn */
        (void)bench_run(bench, 0);
        calls = atomic_load(&fake.calls);
        bench_free(bench);
    }
    assert_true(calls > 0);
    size_t count = calls < MOST_CALLS ? (size_t)calls : MOST_CALLS;
    qsort(fake.keys, count, sizeof *fake.keys, by_number);
    for (size_t i = 1; i < count; i++)
        assert_true(fake.keys[i - 1] < fake.keys[i]);
}

static void open_loop_runs_each_index_once_with_1_and_8_workers(void **state)
{
    (void)state;
    for (uint32_t workers = 1; workers <= 8; workers += 7) {
        struct bench *bench =
            bench_new((struct tg_phase){.workers = workers, .count = 1003, .rate_per_s = 100000});
        struct sums sums = bench_run(bench, 0);
        assert_keys_are_the_first(1003);
        assert_int_equal(sums.succeeded, 1003);
        assert_int_equal(sums.service, 1003);
        assert_int_equal(sums.response, 1003);
        assert_int_equal(sums.lag, 1003);
        assert_int_equal(sums.busy + sums.late, 1003);
        bench_free(bench);
    }
}

/* One call blocks the only worker for 50 ms at 1,000/s: the operations that fell due meanwhile are
 * issued at once, none is skipped, and their response times hold the time they waited. A loop that
 * measured from the start of each call ("coordinated omission") would find one slow operation. */
static void operations_that_had_to_wait_show_it(void **state)
{
    (void)state;
    /* Again where a busy machine kept the worker from being on time once more. */
    bool caught_up = false;
    for (int i = 0; i < 100 && !caught_up; i++) {
        struct bench *bench =
            bench_new((struct tg_phase){.workers = 1, .count = 100, .rate_per_s = 1000});
        fake.first_call_takes_ns = 50 * TG_NS_PER_MS;
        struct sums sums = bench_run(bench, 0);
        assert_keys_are_the_first(100);
        assert_int_equal(sums.succeeded, 100);
        assert_true(sums.late_responses >= 38); /* those due 1 ms to 39 ms after the start */
        assert_true(sums.busy >= 48);           /* found late: the worker was in the store */
        /* Besides the first; what it spent in the store until then is known. */
        caught_up = sums.late > 1;
        assert_true(!caught_up || bench->slots->workers[0].on_time_store_ns >= 50 * TG_NS_PER_MS);
        bench_free(bench);
    }
    assert_true(caught_up);
}

/* The thread starts 20 ms after the phase did, as on a busy machine: what fell due before is late,
 * but the worker was not in the store. */
static void a_worker_that_starts_late_was_not_busy(void **state)
{
    (void)state;
    struct bench *bench =
        bench_new((struct tg_phase){.workers = 1, .count = 1, .rate_per_s = 1000});
    bench->start_earlier_ns = 20 * TG_NS_PER_MS;
    struct sums sums = bench_run(bench, 0);
    assert_int_equal(sums.late, 1);
    assert_int_equal(sums.busy, 0);
    bench_free(bench);
}

/* One call blocks the only worker from the first operation to 20 ms after the end. What fell due in
 * the phase is issued nevertheless, as long as the grace lasts: a stall at the end must not hide
 * the operations behind it. */
/* False: the worker began after the end of the phase and, without grace, had nothing to do. */
static bool wait_at_the_end(bool grace)
{
    struct bench *bench = bench_new(
        (struct tg_phase){.workers = 1, .duration_ns = 30 * TG_NS_PER_MS, .rate_per_s = 1000});
    bench->grace_ns = grace ? TG_NS_PER_S : 0;
    fake.first_call_takes_ns = 50 * TG_NS_PER_MS;
    struct sums sums = bench_run(bench, 0);
    bool began = grace || atomic_load(&fake.calls) > 0;
    if (began) {
        assert_keys_are_the_first(grace ? 30 : 1);
        assert_int_equal(sums.response, grace ? 30 : 1);
        assert_int_equal(sums.late_responses, grace ? 30 : 1); /* the last one waits for 21 ms */
        assert_true(bench->slots->workers[0].on_time_ns > 0);
        assert_int_equal(bench->slots->workers[0].on_time_store_ns, 0); /* behind ever since */
    }
    bench_free(bench);
    return began;
}

static void operations_that_wait_at_the_end_are_not_dropped(void **state)
{
    (void)state;
    enum { TRIES = 50 };
    int tries = 0;
    while (!wait_at_the_end(false))
        assert_true(++tries < TRIES);
    assert_true(wait_at_the_end(true));
}

/* How often the store was called in a phase with a warm-up of 10 ms. */
static int calls_with_warm_up(double rate_per_s)
{
    struct bench *bench = bench_new((struct tg_phase){
        .workers = 2, .count = 50, .warmup_ns = 10 * TG_NS_PER_MS, .rate_per_s = rate_per_s});
    struct sums sums = bench_run(bench, 0);
    assert_int_equal(sums.succeeded, 50);
    bench_free(bench);
    return atomic_load(&fake.calls);
}

static void warm_up_is_executed_but_not_recorded(void **state)
{
    (void)state;
    enum { TRIES = 50 };
    int calls = 50;
    assert_int_equal(calls_with_warm_up(5000), 100); /* 10 ms at 5,000/s come on top */
    /* Workers that a busy machine lets begin after the warm-up have none. */
    for (int i = 0; i < TRIES && calls == 50; i++)
        calls = calls_with_warm_up(0);
    assert_true(calls > 50);
}

static void failures_are_counted_and_kept_out_of_latencies(void **state)
{
    (void)state;
    struct bench *bench = bench_new((struct tg_phase){.workers = 1, .count = 100});
    fake.fail_every = 10;
    struct sums sums = bench_run(bench, 0);
    assert_int_equal(sums.succeeded, 90);
    assert_int_equal(sums.failed, 10);
    assert_int_equal(sums.service, 90);
    assert_int_equal(sums.error_code, FAIL_CODE);
    assert_int_equal(sums.error_count, 10);
    assert_string_equal(sums.error_text, "database is locked");
    bench_free(bench);
}

static void unexpected_row_counts_are_failures(void **state)
{
    (void)state;
    struct bench *bench = bench_new((struct tg_phase){.workers = 1, .count = 20});
    bench->op.expect_rows_min = bench->op.expect_rows_max = 1;
    fake.rows = 3;
    struct sums sums = bench_run(bench, 0);
    assert_int_equal(sums.succeeded, 0);
    assert_int_equal(sums.failed, 20);
    assert_int_equal(sums.service, 0);
    assert_string_equal(sums.error_text, "expected 1 row, got 3");
    bench_free(bench);
}

/* A wait of half of each call's 40 us: nothing takes less than 60 us. */
static void an_injected_wait_is_part_of_the_service_time(void **state)
{
    (void)state;
    for (int open = 0; open <= 1; open++) {
        struct bench *bench =
            bench_new((struct tg_phase){.workers = 1, .count = 200, .rate_per_s = open ? 2000 : 0});
        bench->inject = (struct tg_inject){.add_share = 0.5, .of = 1, .slowest = 1};
        bench->scenario.injects = &bench->inject;
        fake.each_call_takes_ns = fake.first_call_takes_ns = 40 * TG_NS_PER_US;
        struct sums sums = bench_run(bench, 0);
        int64_t least_ns = 60 * TG_NS_PER_US - tg_clock_overhead_ps() / 500;
        assert_int_equal(sums.succeeded, 200);
        assert_true(sums.least_service >= least_ns);
        assert_true(sums.least_response >= least_ns); /* of nothing in a closed loop */
        bench_free(bench);
    }
}

/* A single wait outlasts the warm-up: one call in it, and the one that is recorded. */
static void the_warm_up_is_slowed_as_well(void **state)
{
    (void)state;
    struct bench *bench =
        bench_new((struct tg_phase){.workers = 1, .count = 1, .warmup_ns = 20 * TG_NS_PER_MS});
    bench->inject = (struct tg_inject){.add_ns = 40 * TG_NS_PER_MS, .of = 1, .slowest = 1};
    bench->scenario.injects = &bench->inject;
    (void)bench_run(bench, 0);
    assert_true(atomic_load(&fake.calls) <= 2);
    bench_free(bench);
}

/* The operations at the same places of the stream are slowed, whatever the loop and the workers. */
static void a_share_is_chosen_by_the_place_in_the_stream(void **state)
{
    (void)state;
    for (int open = 0; open <= 1; open++) {
        for (uint32_t workers = 1; workers <= 3; workers += 2) {
            struct bench *bench = bench_new((struct tg_phase){
                .workers = workers, .count = 300, .rate_per_s = open ? 100000 : 0});
            bench->inject =
                (struct tg_inject){.add_ns = 100 * TG_NS_PER_US, .of = 0.2, .slowest = 1};
            bench->scenario.injects = &bench->inject;
            bench->scenario.seed = 2;
            struct tg_injector *injector = tg_injector_new(&bench->scenario);
            int expected = 0;
            bool first_is_slowed = false;
            for (uint64_t index = 0; index < 300; index++) {
                int64_t now_ns = tg_now_ns();
                bool slowed = tg_inject(injector, 0, 0, index, now_ns, now_ns) > now_ns;
                expected += slowed;
                first_is_slowed = first_is_slowed || (slowed && index == 0);
            }
            tg_injector_free(injector);
            struct sums sums = bench_run(bench, 0);
            assert_in_range(expected, 20, 120);
            assert_false(first_is_slowed); /* else a loop that knew no other index would do */
            /* A busy machine makes others slow as well. */
            assert_true(sums.slow_services >= expected);
            bench_free(bench);
        }
    }
}

static void nothing_is_lost_while_sets_change_hands(void **state)
{
    (void)state;
    struct bench *bench =
        bench_new((struct tg_phase){.workers = 2, .duration_ns = 60 * TG_NS_PER_MS});
    struct sums sums = bench_run(bench, 30);
    assert_true(sums.succeeded > 0);
    assert_int_equal(sums.succeeded, sums.service);
    assert_int_equal(sums.succeeded,
                     bench->slots->workers[0].issued + bench->slots->workers[1].issued);
    bench_free(bench);
}

static void a_ninth_kind_of_error_joins_the_last_slot(void **state)
{
    (void)state;
    struct tg_op_record record = {0};
    for (int code = 1; code <= TG_ERROR_KINDS + 1; code++)
        tg_op_record_error(&record, code, "text");
    tg_op_record_error(&record, 2, "another text");
    assert_int_equal(record.failed, TG_ERROR_KINDS + 2);
    assert_int_equal(record.errors[1].count, 2);
    assert_string_equal(record.errors[1].text, "text"); /* the first one's */
    assert_int_equal(record.errors[TG_ERROR_KINDS - 1].count, 2);
}

static void the_clock_keeps_pace_with_the_kernels(void **state)
{
    (void)state;
    tg_clock_init();
    int64_t mono_start = tg_monotonic_ns();
    int64_t start = tg_now_ns();
    struct timespec pause = {.tv_nsec = 50 * TG_NS_PER_MS};
    nanosleep(&pause, NULL);
    int64_t mid = tg_now_ns();
    int64_t mono_end = tg_monotonic_ns();
    /* Whatever came between the readings, ours lie inside of the kernel's, but for calibration (1
     * in 1,000). */
    assert_true(mid - start >= 50 * TG_NS_PER_MS - 50 * TG_NS_PER_US);
    assert_true(mid - start <= (mono_end - mono_start) + (mono_end - mono_start) / 1000);
    assert_true(tg_clock_overhead_ps() > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_loop_runs_each_index_once_with_1_and_8_workers),
        cmocka_unit_test(no_index_is_run_twice_in_a_timed_phase),
        cmocka_unit_test(open_loop_runs_each_index_once_with_1_and_8_workers),
        cmocka_unit_test(operations_that_had_to_wait_show_it),
        cmocka_unit_test(a_worker_that_starts_late_was_not_busy),
        cmocka_unit_test(operations_that_wait_at_the_end_are_not_dropped),
        cmocka_unit_test(warm_up_is_executed_but_not_recorded),
        cmocka_unit_test(failures_are_counted_and_kept_out_of_latencies),
        cmocka_unit_test(unexpected_row_counts_are_failures),
        cmocka_unit_test(an_injected_wait_is_part_of_the_service_time),
        cmocka_unit_test(the_warm_up_is_slowed_as_well),
        cmocka_unit_test(a_share_is_chosen_by_the_place_in_the_stream),
        cmocka_unit_test(nothing_is_lost_while_sets_change_hands),
        cmocka_unit_test(a_ninth_kind_of_error_joins_the_last_slot),
        cmocka_unit_test(the_clock_keeps_pace_with_the_kernels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
