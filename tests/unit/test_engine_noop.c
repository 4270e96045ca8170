/* The no-op engine and the registry. */
#include "engine_fixture.h"

#include <time.h>

static void test_registry(void **state)
{
    (void)state;
    size_t count = 0;
    const struct tg_engine *const *engines = tg_engines(&count);
    assert_int_equal(count, 2);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(engines[i]->abi, TG_ENGINE_ABI);
        assert_ptr_equal(tg_engine_find(engines[i]->kind), engines[i]);
    }
    assert_null(tg_engine_find("nosuch"));
    assert_null(tg_engine_find(""));
}

static int64_t elapsed_ns(struct fixture *f)
{
    void *session = fixture_session(f);
    struct timespec start, end;
    struct tg_outcome outcome = {.error = 7, .retries = 7, .rows = 7};
    clock_gettime(CLOCK_MONOTONIC, &start);
    f->engine->execute(session, 0, NULL, &outcome);
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_int_equal(outcome.error, 0);
    assert_int_equal(outcome.retries, 0);
    assert_int_equal(outcome.rows, 0);
    f->engine->session_close(session);
    return (end.tv_sec - start.tv_sec) * INT64_C(1000000000) + end.tv_nsec - start.tv_nsec;
}

/* A lower bound only: the wait is at least as long as asked for. */
static void test_delay(void **state)
{
    struct fixture *f = *state;
    f->engine = tg_engine_find("noop");
    fixture_option(f, "delay", "3ms");
    fixture_build(f, NULL, 0);
    assert_true(elapsed_ns(f) >= 3000000);
}

static void test_wrong_option(void **state)
{
    struct fixture *f = *state;
    f->engine = tg_engine_find("noop");
    fixture_option(f, "delai", "3ms");
    fixture_option(f, "delay", "soon");
    fixture_set(f, "journal_mode", "WAL");
    assert_int_equal(f->engine->open(&f->spec, true, &f->store, &f->diags), TG_INVALID);
    expect_diag(f, "no option \"delai\"");
    expect_diag(f, "\"soon\" is no duration");
    expect_diag(f, "no setting \"journal_mode\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry),
        cmocka_unit_test_setup_teardown(test_delay, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_option, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests_name("noop", tests, NULL, NULL);
}
