/* Remedies. The memory store's findings (made by hand with the sqlite3 shell 3.40.1, before this
 * engine was written) have to come out; and nothing may be proposed that does not help. */
#include "engine_fixture.h"

#include "memory_store_schema.h"

struct remedy_fixture {
    struct fixture *f;
    void *session;
    struct tg_arena arena;
    struct tg_list list;
};

static void open_with(struct remedy_fixture *r, const char *schema)
{
    fixture_schema(r->f, schema);
    fixture_build(r->f, NULL, 0);
    r->session = fixture_session(r->f);
}

static int remedy_setup(void **state)
{
    struct remedy_fixture *r = calloc(1, sizeof *r);
    void *inner = NULL;
    fixture_setup(&inner);
    r->f = inner;
    *state = r;
    return 0;
}

static int remedy_teardown(void **state)
{
    struct remedy_fixture *r = *state;
    if (r->session)
        r->f->engine->session_close(r->session);
    tg_arena_free(&r->arena);
    void *inner = r->f;
    fixture_teardown(&inner);
    free(r);
    return 0;
}

static size_t remedies(struct remedy_fixture *r, const char *sql)
{
    expect_ok(r->f, r->f->engine->remedies(r->session, sql, (struct tg_place){0}, &r->arena,
                                           &r->list, &r->f->diags));
    return r->list.count;
}

static const struct tg_remedy *remedy(const struct remedy_fixture *r, size_t number)
{
    assert_true(number < r->list.count);
    return &((const struct tg_remedy *)r->list.items)[number];
}

static bool plan_has(const struct tg_plan *plan, enum tg_step_kind kind)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].kind == kind)
            return true;
    }
    return false;
}

static void print_remedies(const struct remedy_fixture *r)
{
    for (size_t i = 0; i < r->list.count; i++)
        print_message("%s\n    %s\n", remedy(r, i)->what, remedy(r, i)->sql);
}

static const struct tg_remedy *find(const struct remedy_fixture *r, const char *sql)
{
    for (size_t i = 0; i < r->list.count; i++) {
        if (strcmp(remedy(r, i)->sql, sql) == 0)
            return remedy(r, i);
    }
    print_remedies(r);
    fail_msg("not proposed: %s", sql);
    return NULL;
}

/* Query 2: the condition of the partial index has to be stated in its own words. */
static void test_active_sessions(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, MEMORY_STORE);
    assert_true(remedies(r, ACTIVE) >= 1);
    const struct tg_remedy *first = remedy(r, 0);
    assert_string_equal(first->sql,
                        "SELECT * FROM sessions WHERE status = 'active' AND "
                        "status IN ('active', 'paused') ORDER BY last_update_time DESC");
    assert_string_equal(first->what,
                        "state the condition of the partial index idx_sessions_status_updated, "
                        "which holds anyway but SQLite does not infer: removes the table scan and "
                        "the temporary B-tree");
    assert_int_equal(first->plan.step_count, 1);
    assert_int_equal(first->plan.steps[0].kind, TG_STEP_SEARCH);
    assert_string_equal(first->plan.steps[0].index, "idx_sessions_status_updated");
    find(r, "CREATE INDEX idx_sessions_status_last_update_time ON sessions "
            "(status, last_update_time DESC)");
    /* What the first design proposed does not help, and is never proposed. */
    for (size_t i = 0; i < r->list.count; i++)
        assert_null(strstr(remedy(r, i)->sql, "IN ('active')"));
}

static void test_active_in_list(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, MEMORY_STORE);
    assert_true(remedies(r, ACTIVE_IN_ONE) >= 1);
    find(r, "SELECT * FROM sessions WHERE status IN ('active') AND status IN ('active', 'paused') "
            "ORDER BY last_update_time DESC");
    /* Two values cannot come sorted from an index that starts with them. The one by time alone
     * would be walked whole: not better. */
    remedies(r, ACTIVE_IN_TWO);
    for (size_t i = 0; i < r->list.count; i++)
        assert_false(plan_has(&remedy(r, i)->plan, TG_STEP_TABLE_SCAN));
}

/* A condition that does not follow must not be stated: the result would differ. */
static void test_what_is_not_implied(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, MEMORY_STORE);
    static const char *const QUERIES[] = {
        "SELECT * FROM sessions WHERE status = 'archived' ORDER BY last_update_time DESC",
        "SELECT * FROM sessions WHERE status = :status ORDER BY last_update_time DESC",
        "SELECT * FROM sessions WHERE status IN ('active', 'created') ORDER BY last_update_time",
        "SELECT * FROM sessions WHERE status = 'active' OR app_name = 'a'",
        "SELECT * FROM sessions WHERE NOT status = 'active'",
        "SELECT * FROM sessions WHERE status = 'Active' ORDER BY last_update_time DESC",
        "SELECT * FROM sessions WHERE status <> 'active' ORDER BY last_update_time DESC",
        "SELECT * FROM sessions WHERE app_name = 'active' ORDER BY last_update_time DESC",
        "SELECT * FROM sessions WHERE status = 'active' || app_name",
    };
    for (size_t i = 0; i < sizeof QUERIES / sizeof QUERIES[0]; i++) {
        remedies(r, QUERIES[i]);
        for (size_t j = 0; j < r->list.count; j++)
            assert_null(strstr(remedy(r, j)->sql, "'paused'"));
    }
}

/* Query 5: LIKE walks the index; the range searches it, and still sorts. */
static void test_namespace_prefix(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, MEMORY_STORE);
    assert_true(remedies(r, PREFIX_LIKE) >= 1);
    const struct tg_remedy *range = find(r, PREFIX_RANGE);
    assert_string_equal(range->what,
                        "write the prefix match as a range, which unlike LIKE minds the case: "
                        "removes the index scan; a temporary B-tree remains");
    assert_true(plan_has(&range->plan, TG_STEP_SEARCH));
    assert_true(plan_has(&range->plan, TG_STEP_TEMP_BTREE));
    /* An index on (is_deleted, updated_at) would sort, and read every entry there is. */
    assert_int_equal(r->list.count, 1);
    assert_int_equal(remedies(r, PREFIX_RANGE), 0);
    remedies(r,
             "SELECT value FROM memory_entries WHERE namespace LIKE :p || '%' AND is_deleted = 0 "
             "ORDER BY updated_at DESC");
    find(r, "SELECT value FROM memory_entries WHERE namespace >= :p AND namespace < :p || "
            "char(1114111) AND is_deleted = 0 ORDER BY updated_at DESC");
}

static void test_patterns_that_are_no_prefix(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, MEMORY_STORE);
    static const char *const PATTERNS[] = {"'%alice'", "'a_b%'",  "'%'",
                                           "'a%b%'",   "'alice'", "'it''%'",
                                           "'x~%'",    ":p",      "'a%' ESCAPE '\\'"};
    for (size_t i = 0; i < sizeof PATTERNS / sizeof PATTERNS[0]; i++) {
        char sql[256];
        snprintf(sql, sizeof sql, "SELECT value FROM memory_entries WHERE namespace LIKE %s",
                 PATTERNS[i]);
        remedies(r, sql);
        for (size_t j = 0; j < r->list.count; j++)
            assert_null(strstr(remedy(r, j)->sql, ">="));
    }
}

/* ---- new indexes ---- */

static const char ORDERS[] =
    "CREATE TABLE \"Order\" (id INTEGER PRIMARY KEY, customer TEXT, state TEXT, total REAL,"
    "  \"placed at\" TEXT, note TEXT);"
    "CREATE TABLE plain (a, b, c);"
    "CREATE INDEX plain_a ON plain (a);";

static void test_new_index(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, ORDERS);
    assert_true(remedies(r, "SELECT * FROM \"Order\" WHERE customer = :c AND state = 'open' "
                            "ORDER BY \"placed at\" DESC, total") >= 1);
    assert_string_equal(remedy(r, 0)->sql,
                        "CREATE INDEX \"idx_Order_customer_state_placed at_total\" "
                        "ON \"Order\" (customer, state, \"placed at\" DESC, total)");
    assert_string_equal(remedy(r, 0)->what,
                        "add an index: removes the table scan and the temporary B-tree");
    assert_true(remedies(r, "SELECT b FROM plain AS p WHERE p.b > :x AND :y = p.c") >= 1);
    find(r, "CREATE INDEX idx_plain_c_b ON plain (c, b)");
    assert_true(remedies(r, "UPDATE plain SET a = 1 WHERE b = 2 AND c BETWEEN 3 AND 4") >= 1);
    find(r, "CREATE INDEX idx_plain_b_c ON plain (b, c)");
    assert_true(remedies(r, "SELECT * FROM plain ORDER BY b DESC LIMIT 10") >= 1);
    find(r, "CREATE INDEX idx_plain_b ON plain (b DESC)");
}

/* Without a condition and without a limit every row is wanted: nothing helps. Nor does an index on
 * what a function makes of a column. */
static void test_no_remedy(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, ORDERS);
    assert_int_equal(remedies(r, "SELECT * FROM plain"), 0);
    assert_int_equal(remedies(r, "SELECT * FROM plain ORDER BY b"), 0);
    assert_int_equal(remedies(r, "SELECT * FROM plain WHERE abs(b) = 3"), 0);
    assert_int_equal(remedies(r, "SELECT * FROM plain WHERE b LIKE '%x'"), 0);
    assert_int_equal(remedies(r, "SELECT * FROM plain WHERE b = 1 OR c = 2 ORDER BY a"), 0);
    assert_int_equal(remedies(r, "SELECT * FROM plain WHERE a = 1"), 0); /* is a search already */
    assert_int_equal(remedies(r, "INSERT INTO plain VALUES (1, 2, 3)"), 0);
    assert_int_equal(remedies(r, "SELECT 1"), 0);
}

/* The store is looked at, never changed. */
static void test_store_is_left_alone(void **state)
{
    struct remedy_fixture *r = *state;
    open_with(r, ORDERS);
    struct tg_list before, after;
    expect_ok(r->f, r->f->engine->indexes(r->session, &r->arena, &before, &r->f->diags));
    assert_true(remedies(r, "SELECT * FROM plain WHERE b = 1") >= 1);
    expect_ok(r->f, r->f->engine->indexes(r->session, &r->arena, &after, &r->f->diags));
    assert_int_equal(before.count, 1);
    assert_int_equal(after.count, 1);
    struct tg_plan plan;
    expect_ok(r->f, r->f->engine->explain(r->session, "SELECT * FROM plain WHERE b = 1",
                                          (struct tg_place){0}, &r->arena, &plan, &r->f->diags));
    assert_int_equal(plan.steps[0].kind, TG_STEP_TABLE_SCAN);
}

/* With statistics that say that an index is useless, the copy has to plan as the store does. */
static void row_of_ones(void *context, uint64_t index, struct tg_value *values)
{
    (void)context;
    values[0] = int_value(1);
    values[1] = int_value((int64_t)index);
    values[2] = int_value((int64_t)index % 2);
}

static void test_statistics_are_used(void **state)
{
    struct remedy_fixture *r = *state;
    static const char *const COLUMNS[] = {"a", "b", "c"};
    struct tg_row_source source = {
        .table = "plain", .columns = COLUMNS, .column_count = 3, .rows = 2000, .row = row_of_ones};
    fixture_option(r->f, "analyze", "yes");
    fixture_schema(r->f, ORDERS);
    fixture_build(r->f, &source, 1);
    r->session = fixture_session(r->f);
    /* Every row has a = 1: the index on a is of no use, and only the statistics say so. */
    static const char EVERY[] = "SELECT * FROM plain WHERE a = 1 AND b = 7";
    struct tg_plan plan;
    expect_ok(r->f, r->f->engine->explain(r->session, EVERY, (struct tg_place){0}, &r->arena, &plan,
                                          &r->f->diags));
    assert_int_equal(plan.steps[0].kind, TG_STEP_TABLE_SCAN);
    assert_true(remedies(r, EVERY) >= 1);
    find(r, "CREATE INDEX idx_plain_a_b ON plain (a, b)");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, remedy_setup, remedy_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_active_sessions),
        TEST(test_active_in_list),
        TEST(test_what_is_not_implied),
        TEST(test_namespace_prefix),
        TEST(test_patterns_that_are_no_prefix),
        TEST(test_new_index),
        TEST(test_no_remedy),
        TEST(test_store_is_left_alone),
        TEST(test_statistics_are_used),
    };
    return cmocka_run_group_tests_name("sqlite remedy", tests, NULL, NULL);
}
