/* SQLite sessions: what operations do, return, count and report. Expectations follow SQLite's
 * documentation (lang_transaction.html, lang_returning.html, rescode.html). */
#include "engine_fixture.h"

#include <pthread.h>
#include <sqlite3.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct tg_outcome run(struct fixture *f, void *session, uint32_t op,
                             const struct tg_value *args)
{
    struct tg_outcome outcome;
    f->engine->execute(session, op, args, &outcome);
    return outcome;
}

static const char *const GET[] = {"SELECT * FROM t WHERE id = :id"};
static const char *const PUT[] = {"INSERT INTO t (id, x) VALUES (:id, :x)"};
static const char *const ALL[] = {"SELECT id, x FROM t ORDER BY id"};
static const char *const TRIPLE[] = {"UPDATE t SET x = 3 * x WHERE id <= @id"};
static const char *const ID[] = {"id"};
static const char *const ID_X[] = {"id", "x"};
static const char *const X_ID[] = {"x", "id"};

enum { OP_GET, OP_PUT, OP_ALL, OP_TRIPLE, OP_OWN };

static void basic_ops(struct fixture *f)
{
    fixture_schema(f, "CREATE TABLE t (id INTEGER PRIMARY KEY, x);");
    fixture_op(f, "get", GET, 1, ID, 1);
    fixture_op(f, "put", PUT, 1, X_ID, 2); /* arguments by name, not by position */
    fixture_op(f, "all", ALL, 1, NULL, 0);
    fixture_op(f, "triple", TRIPLE, 1, ID, 1);
}

static void test_rows(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    fixture_build(f, NULL, 0);
    void *session = fixture_session(f);
    for (int i = 1; i <= 5; i++) {
        struct tg_value args[] = {int_value(10 * i), int_value(i)};
        struct tg_outcome outcome = run(f, session, OP_PUT, args);
        assert_int_equal(outcome.error, 0);
        assert_int_equal(outcome.rows, 1); /* changed */
        assert_int_equal(outcome.retries, 0);
    }
    struct tg_value three = int_value(3), nine = int_value(9);
    assert_int_equal(run(f, session, OP_GET, &three).rows, 1);
    assert_int_equal(run(f, session, OP_GET, &nine).rows, 0);
    assert_int_equal(run(f, session, OP_ALL, NULL).rows, 5);
    assert_int_equal(run(f, session, OP_TRIPLE, &three).rows, 3);
    assert_int_equal(run(f, session, OP_TRIPLE, &(struct tg_value){.type = TG_VALUE_NULL}).rows, 0);
    f->engine->session_close(session);
}

static void test_errors(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    fixture_build(f, NULL, 0);
    void *session = fixture_session(f);
    struct tg_value args[] = {int_value(1), int_value(1)};
    assert_int_equal(run(f, session, OP_PUT, args).error, 0);
    struct tg_outcome outcome = run(f, session, OP_PUT, args);
    assert_int_equal(outcome.error, SQLITE_CONSTRAINT_PRIMARYKEY);
    assert_int_equal(outcome.retries, 0);
    assert_string_equal(f->engine->error_name(outcome.error), "SQLITE_CONSTRAINT_PRIMARYKEY");
    assert_string_equal(f->engine->error_text(session), "UNIQUE constraint failed: t.id");
    /* and the session goes on */
    assert_int_equal(run(f, session, OP_ALL, NULL).rows, 1);
    f->engine->session_close(session);
}

static void test_error_names(void **state)
{
    const struct tg_engine *engine = ((struct fixture *)*state)->engine;
    assert_string_equal(engine->error_name(0), "SQLITE_OK");
    assert_string_equal(engine->error_name(5), "SQLITE_BUSY");
    assert_string_equal(engine->error_name(517), "SQLITE_BUSY_SNAPSHOT");
    assert_string_equal(engine->error_name(262), "SQLITE_LOCKED_SHAREDCACHE");
    assert_string_equal(engine->error_name(787), "SQLITE_CONSTRAINT_FOREIGNKEY");
    assert_string_equal(engine->error_name(5 | 200 << 8), "SQLITE_BUSY");
    assert_string_equal(engine->error_name(99), "SQLITE_UNKNOWN");
}

/* ---- transactions ---- */

static const char *const MOVE[] = {"UPDATE t SET x = x - 1 WHERE id = :id",
                                   "INSERT INTO t (id, x) VALUES (:x, 0)"};

static void test_transaction_rolls_back(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    fixture_op(f, "move", MOVE, 2, ID_X, 2)->immediate = true;
    static const char *const COUNT_NINES[] = {"SELECT 1 FROM t WHERE x = 9"};
    fixture_op(f, "nines", COUNT_NINES, 1, NULL, 0);
    fixture_build(f, NULL, 0);
    void *session = fixture_session(f);
    struct tg_value put[] = {int_value(10), int_value(1)};
    assert_int_equal(run(f, session, OP_PUT, put).error, 0);
    struct tg_value twice[] = {int_value(1), int_value(1)}; /* the insert collides */
    assert_int_equal(run(f, session, OP_OWN, twice).error, SQLITE_CONSTRAINT_PRIMARYKEY);
    assert_int_equal(run(f, session, OP_OWN + 1, NULL).rows, 0); /* x is 10 again */
    struct tg_value good[] = {int_value(1), int_value(2)};
    assert_int_equal(run(f, session, OP_OWN, good).error, 0);
    assert_int_equal(run(f, session, OP_OWN + 1, NULL).rows, 1);
    f->engine->session_close(session);
}

static void test_batch_is_one_transaction(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    struct tg_engine_op *batch = fixture_op(f, "batch", PUT, 1, ID_X, 2);
    batch->batch = 100;
    batch->immediate = true;
    fixture_build(f, NULL, 0);
    void *session = fixture_session(f);
    struct tg_value args[200];
    for (int i = 0; i < 100; i++) {
        args[2 * i] = int_value(i);
        args[2 * i + 1] = text_value("some text");
    }
    struct tg_outcome outcome = run(f, session, OP_OWN, args);
    assert_int_equal(outcome.error, 0);
    assert_int_equal(outcome.rows, 1); /* of the last batch row */
    assert_int_equal(run(f, session, OP_ALL, NULL).rows, 100);
    for (int i = 0; i < 100; i++)
        args[2 * i] = int_value(100 + i);
    args[2 * 99] = int_value(5); /* the last one collides: none of the hundred stays */
    assert_int_equal(run(f, session, OP_OWN, args).error, SQLITE_CONSTRAINT_PRIMARYKEY);
    assert_int_equal(run(f, session, OP_ALL, NULL).rows, 100);
    f->engine->session_close(session);
}

/* ---- returned values ---- */

static const char *const DEQUEUE[] = {
    "SELECT id, x AS payload FROM t WHERE x IS NOT NULL ORDER BY id DESC",
    "INSERT INTO log (id, payload) VALUES (:task, :payload) RETURNING id",
};
static const char *const DEQUEUE_PARAMS[] = {"unused", "task", "payload"};
static const char *const DEQUEUE_RETURNED[] = {NULL, "ID", "payload"};
static const char *const LOGGED[] = {
    "SELECT 1 FROM log WHERE id IS :id AND payload IS :x AND typeof(payload) = typeof(:x)"};

static void test_returned_values(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    f->script.text = "CREATE TABLE t (id INTEGER PRIMARY KEY, x); CREATE TABLE log (id, payload);";
    fixture_op(f, "dequeue", DEQUEUE, 2, DEQUEUE_PARAMS, 3)->returned = DEQUEUE_RETURNED;
    fixture_op(f, "logged", LOGGED, 1, ID_X, 2);
    static const char *const EMPTY[] = {"UPDATE t SET x = NULL"};
    fixture_op(f, "empty", EMPTY, 1, NULL, 0);
    fixture_build(f, NULL, 0);
    void *session = fixture_session(f);
    struct tg_value none[3] = {int_value(1), int_value(2), int_value(3)};
    struct tg_value null = {.type = TG_VALUE_NULL};
    /* No row to return: NULLs, not the arguments and, in the end, not what went before. */
    assert_int_equal(run(f, session, OP_OWN, none).rows, 1);
    struct tg_value nulls[2] = {null, null};
    assert_int_equal(run(f, session, OP_OWN + 1, nulls).rows, 1);
    struct tg_value values[] = {
        {.type = TG_VALUE_BLOB, .length = 4, .bytes = "\0\1\2\3"},
        {.type = TG_VALUE_FLOAT, .real = 0.5},
        text_value("a text that is longer than what came before it, by far"),
        int_value(INT64_MIN),
    };
    for (size_t i = 0; i < COUNT(values); i++) {
        /* The last row of the first statement wins: the lowest id. */
        struct tg_value put[] = {values[i], int_value(100 - (int64_t)i)};
        assert_int_equal(run(f, session, OP_PUT, put).error, 0);
        assert_int_equal(run(f, session, OP_OWN, none).rows, 1);
        struct tg_value logged[] = {int_value(100 - (int64_t)i), values[i]};
        assert_int_equal(run(f, session, OP_OWN + 1, logged).rows, 1);
    }
    assert_int_equal(run(f, session, OP_OWN + 2, NULL).rows, (int64_t)COUNT(values));
    assert_int_equal(run(f, session, OP_OWN, none).rows, 1);
    assert_int_equal(run(f, session, OP_OWN + 1, nulls).rows, 2);
    f->engine->session_close(session);
}

static void test_returned_needs_an_earlier_statement(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    f->script.text = "CREATE TABLE t (id INTEGER PRIMARY KEY, x); CREATE TABLE log (id, payload);";
    static const char *const WRONG_ORDER[] = {
        "INSERT INTO log (id, payload) VALUES (:task, :payload)", "SELECT id, x AS payload FROM t"};
    fixture_op(f, "wrong", WRONG_ORDER, 2, DEQUEUE_PARAMS, 3)->returned = DEQUEUE_RETURNED;
    fixture_build(f, NULL, 0);
    void *session = NULL;
    assert_int_equal(f->engine->session_open(f->store, &session, &f->diags), TG_INVALID);
    expect_diag(f, "operation wrong: no statement before this one returns a column \"ID\" for "
                   ":task");
}

/* ---- wrong statements ---- */

static void test_wrong_statements_are_listed_together(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    static const char *const TYPO[] = {"SELECT * FROM t WHERE idd = :id"};
    static const char *const TWO[] = {"SELECT 1; SELECT 2"};
    static const char *const EMPTY[] = {" ; "};
    static const char *const NAMELESS[] = {"SELECT ?"};
    fixture_op(f, "typo", TYPO, 1, ID, 1);
    fixture_op(f, "two", TWO, 1, NULL, 0);
    fixture_op(f, "empty", EMPTY, 1, NULL, 0);
    fixture_op(f, "nameless", NAMELESS, 1, ID, 1);
    fixture_build(f, NULL, 0);
    void *session = NULL;
    assert_int_not_equal(f->engine->session_open(f->store, &session, &f->diags), TG_OK);
    const struct tg_diag *typo = expect_diag(f, "operation typo: no such column: idd");
    assert_int_equal(typo->line, 100);
    expect_diag(f, "operation two: this is not exactly one statement");
    expect_diag(f, "operation empty: this is not exactly one statement");
    expect_diag(f, "operation nameless: parameter ? has no argument");
    assert_int_equal(f->diags.errors, 4);
}

/* ---- contention ---- */

static const char *const COUNT_UP[] = {"SELECT x FROM t WHERE id = 1",
                                       "UPDATE t SET x = x + 1 WHERE id = 1"};
enum { THREADS = 4, ROUNDS = 200 };

struct writer {
    struct fixture *f;
    void *session;
    int failed;
};

static void *count_up(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < ROUNDS; i++) {
        struct tg_outcome outcome;
        writer->f->engine->execute(writer->session, OP_OWN, NULL, &outcome);
        writer->failed += outcome.error != 0;
    }
    return NULL;
}

/* No update is lost and none fails. Whether they meet at all is up to the scheduler, so waits are
 * counted elsewhere. */
static void contend(struct fixture *f, bool immediate)
{
    basic_ops(f);
    fixture_set(f, "busy_timeout", "20000");
    fixture_option(f, "busy_retries", "100000");
    fixture_op(f, "count_up", COUNT_UP, 2, NULL, 0)->immediate = immediate;
    static const char *const CHECK[] = {"SELECT 1 FROM t WHERE id = 1 AND x = :x"};
    static const char *const X[] = {"x"};
    fixture_op(f, "check", CHECK, 1, X, 1);
    fixture_build(f, NULL, 0);
    struct writer writers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        writers[i] = (struct writer){.f = f, .session = fixture_session(f)};
    struct tg_value put[] = {int_value(0), int_value(1)};
    assert_int_equal(run(f, writers[0].session, OP_PUT, put).error, 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_up, &writers[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(writers[i].failed, 0);
    }
    struct tg_value total = int_value(THREADS * ROUNDS);
    assert_int_equal(run(f, writers[0].session, OP_OWN + 1, &total).rows, 1);
    for (int i = 0; i < THREADS; i++)
        f->engine->session_close(writers[i].session);
    expect_ok(f, f->engine->verify(f->store, &f->diags));
}

static void test_contention_in_wal(void **state)
{
    fixture_set(*state, "journal_mode", "WAL");
    fixture_set(*state, "synchronous", "OFF");
    contend(*state, true);
}

/* A deferred transaction that reads first cannot wait for its write lock (SQLITE_BUSY_SNAPSHOT): it
 * is run again from the start. */
static void test_contention_of_deferred_transactions(void **state)
{
    fixture_set(*state, "journal_mode", "WAL");
    fixture_set(*state, "synchronous", "OFF");
    contend(*state, false);
}

static void test_contention_in_memory(void **state)
{
    ((struct fixture *)*state)->spec.database = ":memory:";
    contend(*state, true);
}

/* Opens a session that keeps the write lock, and one beside it. */
static void *hold_lock(struct fixture *f, void **session)
{
    static const char *const BEGIN[] = {"BEGIN IMMEDIATE"};
    basic_ops(f);
    fixture_op(f, "begin", BEGIN, 1, NULL, 0);
    fixture_build(f, NULL, 0);
    void *holder = fixture_session(f);
    *session = fixture_session(f);
    assert_int_equal(run(f, holder, OP_OWN, NULL).error, 0);
    return holder;
}

static void test_lock_without_timeout(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "journal_mode", "WAL");
    fixture_option(f, "busy_retries", "3");
    void *session, *holder = hold_lock(f, &session);
    struct tg_value put[] = {int_value(0), int_value(1)};
    struct tg_outcome outcome = run(f, session, OP_PUT, put);
    assert_int_equal(outcome.error, SQLITE_BUSY);
    assert_int_equal(outcome.retries, 3); /* run again, three times */
    assert_string_equal(f->engine->error_text(session), "database is locked");
    /* Readers of a write-ahead log do not wait. */
    outcome = run(f, session, OP_ALL, NULL);
    assert_int_equal(outcome.error, 0);
    assert_int_equal(outcome.retries, 0);
    f->engine->session_close(holder);
    outcome = run(f, session, OP_PUT, put);
    assert_int_equal(outcome.error, 0);
    assert_int_equal(outcome.retries, 0);
    f->engine->session_close(session);
}

/* 20 ms of SQLite's back-off (1, 2, 5, 10, 15, ... ms, as in its sources) are five waits: 1, 2, 5,
 * 10, and the 2 that are left. Run again once: five more, and one for running again. */
static void expect_waits(struct fixture *f, bool reader)
{
    fixture_set(f, "busy_timeout", "20");
    fixture_option(f, "busy_retries", "1");
    void *session, *holder = hold_lock(f, &session);
    struct tg_value put[] = {int_value(0), int_value(1)};
    struct tg_outcome outcome = run(f, session, reader ? OP_ALL : OP_PUT, put);
    assert_int_equal(outcome.error, SQLITE_BUSY);
    assert_int_equal(outcome.retries, 11);
    f->engine->session_close(holder);
    assert_int_equal(run(f, session, OP_PUT, put).error, 0);
    f->engine->session_close(session);
}

static void test_waits_are_counted(void **state)
{
    expect_waits(*state, false);
}

static void test_waits_are_counted_in_memory(void **state)
{
    ((struct fixture *)*state)->spec.database = ":memory:";
    expect_waits(*state, false);
}

/* In memory a writer excludes readers, as the page on engines says. */
static void test_readers_wait_in_memory(void **state)
{
    ((struct fixture *)*state)->spec.database = ":memory:";
    expect_waits(*state, true);
}

/* ---- in memory ---- */

static void test_memory_is_shared_by_sessions_only(void **state)
{
    struct fixture *f = *state;
    basic_ops(f);
    f->spec.database = ":memory:";
    fixture_build(f, NULL, 0);
    void *first = fixture_session(f);
    struct tg_value put[] = {int_value(0), int_value(1)};
    assert_int_equal(run(f, first, OP_PUT, put).error, 0);
    f->engine->session_close(first); /* the data outlives its session */
    void *second = fixture_session(f);
    void *third = fixture_session(f);
    assert_int_equal(run(f, second, OP_ALL, NULL).rows, 1);
    assert_int_equal(run(f, third, OP_ALL, NULL).rows, 1);
    f->engine->session_close(second);
    f->engine->session_close(third);
    void *other = NULL; /* another store of the process is another database */
    expect_ok(f, f->engine->open(&f->spec, true, &other, &f->diags));
    expect_ok(f, f->engine->build(other, NULL, 0, &f->diags));
    void *stranger = NULL;
    expect_ok(f, f->engine->session_open(other, &stranger, &f->diags));
    assert_int_equal(run(f, stranger, OP_ALL, NULL).rows, 0);
    f->engine->session_close(stranger);
    f->engine->close(other);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_rows),
        TEST(test_errors),
        TEST(test_error_names),
        TEST(test_transaction_rolls_back),
        TEST(test_batch_is_one_transaction),
        TEST(test_returned_values),
        TEST(test_returned_needs_an_earlier_statement),
        TEST(test_wrong_statements_are_listed_together),
        TEST(test_contention_in_wal),
        TEST(test_contention_of_deferred_transactions),
        TEST(test_contention_in_memory),
        TEST(test_lock_without_timeout),
        TEST(test_waits_are_counted),
        TEST(test_waits_are_counted_in_memory),
        TEST(test_readers_wait_in_memory),
        TEST(test_memory_is_shared_by_sessions_only),
    };
    return cmocka_run_group_tests_name("sqlite session", tests, NULL, NULL);
}
