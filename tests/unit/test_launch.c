/* Launches whose stores fail: an engine that lives in this file crashes or hangs on one side, where
 * it is told to. What to expect follows from what launch.h and worker.h promise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/launch.h"
#include "runner/drive/worker.h"

/* Far longer than a store that is well needs, on a busy machine as well. */
static const int64_t LONG_NS = 60 * TG_NS_PER_S;
static const int64_t SHORT_NS = 300 * TG_NS_PER_MS;

enum fault { WELL, ABORTS, EXITS, EXITS_AS_IF_WELL, HANGS };

/* Set before a launch: its worker processes inherit it. The store of a side knows its side from its
 * folder. */
static struct {
    enum fault executing[TG_SIDES], closing[TG_SIDES];
} faults;

struct fake_store {
    enum tg_side side;
};

static void fail_as_told(enum fault fault)
{
    if (fault == ABORTS) {
        signal(SIGABRT, SIG_DFL);
        abort();
    }
    if (fault == EXITS || fault == EXITS_AS_IF_WELL)
        _exit(fault == EXITS ? 3 : 0);
    if (fault == HANGS)
        for (;;)
            pause();
}

static enum tg_status fake_open(const struct tg_store_spec *spec, bool build, void **store,
                                struct tg_diags *diags)
{
    (void)build;
    (void)diags;
    struct fake_store *fake = calloc(1, sizeof *fake);
    if (!fake)
        abort();
    fake->side = strstr(spec->folder, "/after") ? TG_AFTER : TG_BEFORE;
    *store = fake;
    return TG_OK;
}

static enum tg_status fake_build(void *store, const struct tg_row_source *sources, size_t count,
                                 struct tg_diags *diags)
{
    (void)store;
    (void)sources;
    (void)count;
    (void)diags;
    return TG_OK;
}

static enum tg_status fake_session_open(void *store, void **session, struct tg_diags *diags)
{
    (void)diags;
    *session = store;
    return TG_OK;
}

static void fake_execute(void *session, uint32_t op, const struct tg_value *args,
                         struct tg_outcome *outcome)
{
    (void)op;
    (void)args;
    *outcome = (struct tg_outcome){0};
    const struct fake_store *fake = session;
    fail_as_told(faults.executing[fake->side]);
}

static void fake_session_close(void *session)
{
    (void)session;
}

static void fake_close(void *store)
{
    const struct fake_store *fake = store;
    fail_as_told(faults.closing[fake->side]);
    free(store);
}

static const struct tg_engine engine = {
    .kind = "fake",
    .open = fake_open,
    .build = fake_build,
    .session_open = fake_session_open,
    .execute = fake_execute,
    .session_close = fake_session_close,
    .close = fake_close,
};

struct bench { /* a scenario of one phase and one operation, made by hand, and a launch of it */
    struct tg_arena arena;
    struct tg_op op;
    struct tg_op_spec op_spec;
    struct tg_mix_entry entry;
    struct tg_phase phase;
    struct tg_phase_mix mix;
    struct tg_scenario scenario;
    volatile sig_atomic_t stop;
    char home[64];
    struct tg_launch_spec spec;
    struct tg_launch launch;
    struct tg_diags diags;
};

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (!bench)
        return -1;
    tg_clock_init();
    memset(&faults, 0, sizeof faults);
    strcpy(bench->home, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(bench->home))
        return -1;
    bench->op = (struct tg_op){
        .name = "get", .expect_rows_min = -1, .expect_rows_max = -1, .engine = {.batch = 1}};
    bench->op_spec = (struct tg_op_spec){.name = "get", .batch = 1};
    bench->entry = (struct tg_mix_entry){.op = 0, .weight = 1};
    bench->phase =
        (struct tg_phase){.name = "p", .workers = 1, .entries = &bench->entry, .entry_count = 1};
    bench->mix = (struct tg_phase_mix){.name = "p", .entries = &bench->entry, .entry_count = 1};
    bench->scenario = (struct tg_scenario){.seed = 1,
                                           .engine = &engine,
                                           .ops = &bench->op,
                                           .op_count = 1,
                                           .phases = &bench->phase,
                                           .phase_count = 1};
    bench->scenario.workload = (struct tg_workload_spec){
        .seed = 1, .ops = &bench->op_spec, .op_count = 1, .phases = &bench->mix, .phase_count = 1};
    const struct tg_workload *workload =
        tg_workload_compile(&bench->arena, &bench->scenario.workload);
    bench->spec = (struct tg_launch_spec){
        .scenarios = {&bench->scenario, &bench->scenario},
        .workloads = {workload, workload},
        .slices = {[TG_CLOSED_LOOP] = {.pairs = 2, .slice_ns = TG_NS_PER_MS}},
        .warmup_ns = TG_NS_PER_MS,
        .patience_ns = LONG_NS,
        .home = bench->home,
        .stop = &bench->stop,
    };
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    struct tg_diags ignored = {0};
    if (tg_remove_tree(bench->home, &ignored) != TG_OK)
        return -1;
    tg_launch_free(&bench->launch);
    tg_diags_free(&bench->diags);
    tg_arena_free(&bench->arena);
    free(bench);
    return 0;
}

static enum tg_status measure(struct bench *bench)
{
    tg_launch_free(&bench->launch);
    return tg_launch_measure(&bench->spec, &bench->launch, &bench->diags);
}

static void expect_crash(struct bench *bench, enum tg_side side, int signal, const char *words)
{
    const struct tg_launch *launch = &bench->launch;
    assert_int_equal(measure(bench), TG_STORE);
    assert_true(launch->crashed);
    assert_int_equal(launch->failed_side, side);
    assert_int_equal(launch->crash_signal, signal);
    assert_non_null(strstr(launch->crash, words));
    assert_true(bench->diags.count > 0); /* it is told */
}

static void a_store_that_is_well_is_measured_and_closed(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(measure(bench), TG_OK);
    assert_false(bench->launch.crashed);
    assert_null(bench->launch.crash);
    assert_int_equal(bench->launch.pairs[TG_CLOSED_LOOP].count, 2);
    assert_int_equal(bench->diags.count, 0);
}

static void a_crash_on_close_is_a_crash_of_that_side(void **state)
{
    struct bench *bench = *state;
    for (int side = 0; side < TG_SIDES; side++) {
        memset(&faults, 0, sizeof faults);
        faults.closing[side] = ABORTS;
        expect_crash(bench, (enum tg_side)side, SIGABRT, "on close");
        assert_int_equal(bench->launch.pairs[TG_CLOSED_LOOP].count, 2);
        faults.closing[side] = EXITS;
        expect_crash(bench, (enum tg_side)side, 0, "exit code 3 on close");
        faults.closing[side] = EXITS_AS_IF_WELL;
        expect_crash(bench, (enum tg_side)side, 0, "exit code 0 on close");
    }
}

/* Then it says nothing about the change. */
static void of_two_that_crash_on_close_it_is_that_before(void **state)
{
    struct bench *bench = *state;
    faults.closing[TG_BEFORE] = ABORTS;
    faults.closing[TG_AFTER] = EXITS;
    expect_crash(bench, TG_BEFORE, SIGABRT, "on close");
}

static void expect_hang(const struct bench *bench, enum tg_status status)
{
    assert_int_equal(status, TG_STORE);
    assert_true(bench->launch.crashed);
    assert_int_equal(bench->launch.crash_signal, 0);
    assert_non_null(strstr(bench->launch.crash, "the worker process did not come back within"));
}

/* Again where a busy machine lets a slice end before its first operation, or makes the store that
 * is well look like one that hangs. */
static void a_slice_that_hangs_ends_and_is_a_failure_of_its_side(void **state)
{
    enum { TRIES = 100 };
    struct bench *bench = *state;
    bench->spec.patience_ns = SHORT_NS;
    for (int side = 0; side < TG_SIDES; side++) {
        faults.executing[side] = HANGS;
        faults.executing[TG_AFTER - side] = WELL;
        bool failed = false;
        for (int i = 0; i < TRIES && !failed; i++) {
            enum tg_status status = measure(bench);
            bench->spec.number++;
            if (status == TG_OK)
                continue;
            expect_hang(bench, status);
            failed = bench->launch.failed_side == (enum tg_side)side;
        }
        assert_true(failed);
    }
}

/* Of two launches that follow each other each side goes first in one. */
static void what_both_do_is_a_failure_of_the_side_before(void **state)
{
    struct bench *bench = *state;
    bench->spec.patience_ns = SHORT_NS;
    bench->spec.warmup_ns = 50 * TG_NS_PER_MS; /* enough for an operation on a busy machine */
    faults.executing[TG_BEFORE] = faults.executing[TG_AFTER] = HANGS;
    for (int failures = 0; failures < 4; bench->spec.number++) {
        enum tg_status status = measure(bench);
        if (status == TG_OK) /* as above */
            continue;
        expect_hang(bench, status);
        assert_int_equal(bench->launch.failed_side, TG_BEFORE);
        failures++;
    }
}

/* Of a minute in which nobody looked a second counts. */
static void a_pause_of_our_own_is_no_hang(void **state)
{
    (void)state;
    struct tg_patience patience = {0};
    int64_t now_ns = 7 * TG_NS_PER_S;
    assert_int_equal(tg_patience_look(&patience, now_ns), 0);
    assert_int_equal(tg_patience_look(&patience, now_ns += 50), 50);
    assert_int_equal(tg_patience_look(&patience, now_ns += LONG_NS), TG_NS_PER_S + 50);
    assert_int_equal(tg_patience_look(&patience, now_ns += TG_NS_PER_S), 2 * TG_NS_PER_S + 50);
}

/* A worker process whose store is open. */
static struct tg_worker open_worker(struct bench *bench)
{
    struct tg_worker worker;
    assert_int_equal(tg_worker_start(&worker, &bench->scenario, bench->spec.workloads[TG_BEFORE],
                                     NULL, &bench->diags),
                     TG_OK);
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "open");
    tg_json_add_string(request, "folder", bench->home);
    assert_int_equal(
        tg_worker_call(&worker, request, (struct tg_worker_wait){0}, NULL, &bench->diags), TG_OK);
    return worker;
}

static void a_store_that_hangs_on_close_is_killed_and_told(void **state)
{
    struct bench *bench = *state;
    faults.closing[TG_BEFORE] = HANGS;
    struct tg_worker worker = open_worker(bench);
    bench->stop = 1; /* heeded already: it ends nothing more */
    const struct tg_worker_wait wait = {.stop = &bench->stop, .heeded = 1, .limit_ns = SHORT_NS};
    assert_int_equal(tg_worker_close(&worker, wait, &bench->diags), TG_STORE);
    assert_string_equal(worker.crash,
                        "the worker process did not come back within 300 ms and was killed");
    assert_int_equal(worker.crash_signal, 0);
    assert_int_equal(bench->diags.count, 1);
    assert_string_equal(bench->diags.items[0].message, worker.crash);
    tg_worker_end(&worker);
}

static void an_interruption_of_the_closing_is_no_crash(void **state)
{
    struct bench *bench = *state;
    faults.closing[TG_BEFORE] = HANGS;
    struct tg_worker worker = open_worker(bench);
    bench->stop = 1;
    const struct tg_worker_wait wait = {.stop = &bench->stop, .limit_ns = LONG_NS};
    assert_int_equal(tg_worker_close(&worker, wait, &bench->diags), TG_INTERRUPTED);
    assert_null(worker.crash);
    tg_worker_end(&worker);
}

/* Nobody waits for a worker that is ended in another way. */
static void a_worker_that_is_not_closed_is_killed(void **state)
{
    struct bench *bench = *state;
    faults.closing[TG_BEFORE] = HANGS;
    struct tg_worker worker = open_worker(bench);
    pid_t pid = worker.pid;
    tg_worker_end(&worker);
    assert_int_equal(worker.pid, 0);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(tg_worker_close(&worker, (struct tg_worker_wait){0}, &bench->diags), TG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_store_that_is_well_is_measured_and_closed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_crash_on_close_is_a_crash_of_that_side, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(of_two_that_crash_on_close_it_is_that_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_both_do_is_a_failure_of_the_side_before, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_slice_that_hangs_ends_and_is_a_failure_of_its_side,
                                        set_up, tear_down),
        cmocka_unit_test(a_pause_of_our_own_is_no_hang),
        cmocka_unit_test_setup_teardown(a_store_that_hangs_on_close_is_killed_and_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_worker_that_is_not_closed_is_killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_interruption_of_the_closing_is_no_crash, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
