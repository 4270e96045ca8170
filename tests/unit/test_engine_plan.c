/* Plans, indexes and what the store says of itself. The plans of the memory store's queries were
 * found with the sqlite3 shell 3.40.1 before this engine was written; wording that differs between
 * versions of SQLite is not looked at. */
#include "engine_fixture.h"

#include "memory_store_schema.h"

struct plan_fixture {
    struct fixture *f;
    void *session;
    struct tg_arena arena;
};

static int plan_setup(void **state)
{
    struct plan_fixture *p = calloc(1, sizeof *p);
    void *inner = NULL;
    fixture_setup(&inner);
    p->f = inner;
    fixture_schema(p->f, MEMORY_STORE);
    fixture_build(p->f, NULL, 0);
    p->session = fixture_session(p->f);
    *state = p;
    return 0;
}

static int plan_teardown(void **state)
{
    struct plan_fixture *p = *state;
    p->f->engine->session_close(p->session);
    tg_arena_free(&p->arena);
    void *inner = p->f;
    fixture_teardown(&inner);
    free(p);
    return 0;
}

static struct tg_plan explain(struct plan_fixture *p, const char *sql)
{
    struct tg_plan plan;
    expect_ok(p->f, p->f->engine->explain(p->session, sql, (struct tg_place){0}, &p->arena, &plan,
                                          &p->f->diags));
    return plan;
}

/* The kinds of a plan as letters, in its order: S search, C covering search, I index scan, T table
 * scan, A automatic index, B temporary B-tree, - other. */
static const char *kinds(const struct tg_plan *plan)
{
    static char letters[64];
    size_t count = 0;
    for (; count < plan->step_count && count + 1 < sizeof letters; count++)
        letters[count] = "-SCITAB"[plan->steps[count].kind];
    letters[count] = '\0';
    return letters;
}

static void expect_plan(struct plan_fixture *p, const char *sql, const char *letters,
                        const char *table, const char *index)
{
    struct tg_plan plan = explain(p, sql);
    if (strcmp(kinds(&plan), letters) != 0) {
        for (size_t i = 0; i < plan.step_count; i++)
            print_message("%s\n", plan.steps[i].detail);
    }
    assert_string_equal(kinds(&plan), letters);
    assert_string_equal(plan.steps[0].table, table);
    if (index)
        assert_string_equal(plan.steps[0].index, index);
    else
        assert_null(plan.steps[0].index);
}

static void test_critical_queries(void **state)
{
    struct plan_fixture *p = *state;
    /* either unique index of the same column will do */
    struct tg_plan by_id = explain(p, "SELECT * FROM sessions WHERE id = :id");
    assert_string_equal(kinds(&by_id), "S");
    expect_plan(p, ACTIVE, "TB", "sessions", NULL);
    expect_plan(p, ACTIVE_IN_ONE, "TB", "sessions", NULL);
    expect_plan(p, ACTIVE_IN_TWO, "SB", "sessions", "idx_sessions_status_updated");
    expect_plan(p, ACTIVE_REMEDY, "S", "sessions", "idx_sessions_status_updated");
    expect_plan(p, "SELECT * FROM sessions WHERE user_id = :u ORDER BY created_at DESC", "S",
                "sessions", "idx_sessions_user_created");
    expect_plan(p,
                "SELECT value FROM memory_entries WHERE namespace = :n AND key = :k AND "
                "is_deleted = 0 ORDER BY version DESC LIMIT 1",
                "S", "memory_entries", "idx_memory_namespace_key_version");
    struct tg_plan like = explain(p, PREFIX_LIKE);
    assert_string_equal(kinds(&like), "IB");
    struct tg_plan range = explain(p, PREFIX_RANGE);
    assert_string_equal(kinds(&range), "SB");
    expect_plan(p,
                "SELECT * FROM memory_entries WHERE memory_type = 'episodic' AND is_deleted = 0 "
                "AND updated_at < :t",
                "S", "memory_entries", "idx_memory_episodic_ttl");
    expect_plan(p,
                "SELECT id FROM tasks WHERE status = 'pending' ORDER BY priority DESC, "
                "submitted_at LIMIT 1",
                "S", "tasks", "idx_tasks_status_priority");
    expect_plan(p, "SELECT * FROM tasks WHERE session_id = :s ORDER BY submitted_at DESC", "S",
                "tasks", "idx_tasks_session");
    expect_plan(p, "SELECT * FROM audit WHERE memory_namespace = :n ORDER BY timestamp DESC", "S",
                "audit", "idx_audit_memory_namespace");
    expect_plan(p, "SELECT * FROM audit WHERE memory_operation_type = :o ORDER BY timestamp DESC",
                "S", "audit", "idx_audit_memory_operations");
}

static void test_kinds(void **state)
{
    struct plan_fixture *p = *state;
    expect_plan(p, "SELECT user_id, created_at FROM sessions WHERE user_id = 'u'", "C", "sessions",
                "idx_sessions_user_created");
    expect_plan(p, "SELECT user_id FROM sessions ORDER BY user_id", "I", "sessions",
                "idx_sessions_user_created");
    expect_plan(p, "SELECT * FROM memory_entries WHERE id = 3", "S", "memory_entries", NULL);
    expect_plan(p, "SELECT * FROM checkpoints WHERE task_id = 't'", "S", "checkpoints", NULL);
    expect_plan(p, "DELETE FROM sessions WHERE app_name = 'a'", "T", "sessions", NULL);
    expect_plan(p, "SELECT DISTINCT app_name FROM sessions", "TB", "sessions", NULL);
    struct tg_plan constant = explain(p, "SELECT 1");
    assert_string_equal(kinds(&constant), "-");
    struct tg_plan each = explain(p, "SELECT value FROM json_each('[1]')");
    assert_string_equal(kinds(&each), "-");
    struct tg_plan insert = explain(p, "INSERT INTO audit (timestamp) VALUES (:t)");
    assert_int_equal(insert.step_count, 0);
    struct tg_plan begin = explain(p, "BEGIN IMMEDIATE");
    assert_int_equal(begin.step_count, 0);
}

/* A pragma acts when it is prepared, even behind EXPLAIN: it must not reach SQLite. */
static void test_explaining_a_pragma_does_nothing(void **state)
{
    struct plan_fixture *p = *state;
    struct tg_plan plan = explain(p, "PRAGMA case_sensitive_like = ON");
    assert_int_equal(plan.step_count, 0);
    struct tg_plan like = explain(p, PREFIX_LIKE);
    assert_string_equal(kinds(&like), "IB"); /* a search, if LIKE minded the case */
}

static void test_automatic_index(void **state)
{
    struct plan_fixture *p = *state;
    /* No index on app_name or prompt, and both tables are joined by them. */
    struct tg_plan plan = explain(p, "SELECT * FROM sessions AS s JOIN tasks AS t "
                                     "ON s.app_name = t.prompt");
    assert_string_equal(kinds(&plan), "TA");
    /* Aliases are resolved, whatever order the planner took. */
    const char *a = plan.steps[0].table, *b = plan.steps[1].table;
    assert_true((strcmp(a, "sessions") == 0 && strcmp(b, "tasks") == 0) ||
                (strcmp(a, "tasks") == 0 && strcmp(b, "sessions") == 0));
}

static void test_parts_of_a_query(void **state)
{
    struct plan_fixture *p = *state;
    struct tg_plan plan = explain(
        p, "WITH busy AS MATERIALIZED (SELECT session_id, count(*) AS n FROM tasks GROUP BY 1) "
           "SELECT s.id, (SELECT max(priority) FROM tasks x WHERE x.session_id = s.id) "
           "FROM sessions s LEFT JOIN busy ON busy.session_id = s.id WHERE s.user_id = :u");
    size_t scans_of_parts = 0, searches = 0;
    for (size_t i = 0; i < plan.step_count; i++) {
        const struct tg_plan_step *step = &plan.steps[i];
        /* what is no table of the schema is never counted as a table scan */
        if (step->kind == TG_STEP_TABLE_SCAN)
            assert_string_equal(step->table, "tasks");
        if (step->table && strcmp(step->table, "busy") == 0)
            scans_of_parts++;
        if (step->kind == TG_STEP_SEARCH || step->kind == TG_STEP_COVERING_SEARCH) {
            assert_true(step->table && (strcmp(step->table, "sessions") == 0 ||
                                        strcmp(step->table, "tasks") == 0));
            searches++;
        }
        assert_true(step->parent == 0 || step->parent < step->id);
    }
    assert_int_equal(scans_of_parts, 0);
    assert_true(searches >= 2);
}

static void test_explain_error(void **state)
{
    struct plan_fixture *p = *state;
    struct tg_plan plan;
    struct tg_place place = {.path = "x.toml", .line = 7};
    assert_int_equal(p->f->engine->explain(p->session, "SELECT * FROM sessions WHERE idd = 1",
                                           place, &p->arena, &plan, &p->f->diags),
                     TG_STORE);
    const struct tg_diag *diag = expect_diag(p->f, "no such column: idd");
    assert_int_equal(diag->line, 7);
    if (diag->hint) /* SQLite 3.38 and later */
        assert_non_null(strstr(diag->hint, "character 30: idd = 1"));
}

/* ---- indexes ---- */

static const struct tg_index_info *find_index(const struct tg_list *list, const char *name)
{
    const struct tg_index_info *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(items[i].name, name) == 0)
            return &items[i];
    }
    fail_msg("no index %s", name);
    return NULL;
}

static void test_indexes(void **state)
{
    struct plan_fixture *p = *state;
    struct tg_list list;
    expect_ok(p->f, p->f->engine->indexes(p->session, &p->arena, &list, &p->f->diags));
    /* 13 by statement; automatic: sessions, memory_entries, tasks, checkpoints */
    assert_int_equal(list.count, 17);
    const struct tg_index_info *items = list.items;
    for (size_t i = 1; i < list.count; i++) {
        int by_table = strcmp(items[i - 1].table, items[i].table);
        assert_true(by_table < 0 ||
                    (by_table == 0 && strcmp(items[i - 1].name, items[i].name) < 0));
    }
    const struct tg_index_info *partial = find_index(&list, "idx_sessions_status_updated");
    assert_string_equal(partial->table, "sessions");
    assert_string_equal(partial->columns, "status, last_update_time DESC");
    assert_string_equal(partial->where, "status IN ('active', 'paused')");
    assert_false(partial->unique);
    assert_false(partial->automatic);
    const struct tg_index_info *pk = find_index(&list, "idx_sessions_pk");
    assert_true(pk->unique);
    assert_null(pk->where);
    const struct tg_index_info *automatic = find_index(&list, "sqlite_autoindex_memory_entries_1");
    assert_true(automatic->automatic);
    assert_true(automatic->unique);
    assert_string_equal(automatic->columns, "namespace, key, version");
    const struct tg_index_info *odd = find_index(&list, "idx_checkpoints_odd");
    assert_string_equal(odd->columns,
                        "length(state) DESC, state COLLATE NOCASE, coalesce(state, 'a, b')");
}

/* ---- what the store says of itself ---- */

static const char *value_of(const struct tg_list *list, const char *name)
{
    const struct tg_named_value *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(items[i].name, name) == 0)
            return items[i].value;
    }
    fail_msg("no value %s", name);
    return NULL;
}

/* The same questions, answered by the operating system and the shell's tools. */
static void test_describe(void **state)
{
    struct plan_fixture *p = *state;
    struct tg_list facts;
    expect_ok(p->f, p->f->engine->describe(p->f->store, &p->arena, &facts, &p->f->diags));
    assert_int_equal(strncmp(value_of(&facts, "version"), "3.", 2), 0);
    const char *path = value_of(&facts, "library");
    assert_int_equal(access(path, R_OK), 0);
    assert_non_null(strstr(path, "libsqlite3.so"));
    char command[512], line[256] = "";
    snprintf(command, sizeof command, "sha256sum %s", path);
    FILE *tool = popen(command, "r");
    assert_non_null(tool);
    assert_non_null(fgets(line, sizeof line, tool));
    pclose(tool);
    assert_memory_equal(line, value_of(&facts, "library_sha256"), 64);
    assert_string_equal(value_of(&facts, "threadsafe"), "1");
    assert_string_equal(value_of(&facts, "database"), "file");
    assert_non_null(strstr(value_of(&facts, "compile_options"), "THREADSAFE=1"));
}

static const struct tg_setting_state *setting(const struct tg_list *list, const char *name)
{
    const struct tg_setting_state *items = list->items;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(items[i].name, name) == 0)
            return &items[i];
    }
    fail_msg("no setting %s", name);
    return NULL;
}

static void test_settings(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "journal_mode", "WAL");
    fixture_set(f, "synchronous", "NORMAL");
    fixture_set(f, "busy_timeout", "5000");
    fixture_set(f, "recursive_triggers", "ON");
    fixture_build(f, NULL, 0);
    struct tg_arena arena = {0};
    struct tg_list list;
    expect_ok(f, f->engine->settings(f->store, &arena, &list, &f->diags));
    assert_string_equal(setting(&list, "journal_mode")->requested, "WAL");
    assert_string_equal(setting(&list, "journal_mode")->actual, "wal");
    assert_string_equal(setting(&list, "synchronous")->actual, "1");
    assert_string_equal(setting(&list, "busy_timeout")->actual, "5000");
    assert_string_equal(setting(&list, "recursive_triggers")->actual, "1");
    assert_null(setting(&list, "foreign_keys")->requested);
    assert_string_equal(setting(&list, "foreign_keys")->actual, "0");
    assert_string_equal(setting(&list, "page_size")->actual, "4096");
    assert_string_equal(setting(&list, "wal_autocheckpoint")->actual, "1000");
    assert_int_equal(list.count, 10); /* none twice */
    tg_arena_free(&arena);
}

static void test_counters(void **state)
{
    struct fixture *f = *state;
    static const char *const SCAN[] = {
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10) "
        "INSERT INTO t SELECT i FROM n",
        "SELECT x FROM t ORDER BY -x",
    };
    fixture_schema(f, "CREATE TABLE t (x);");
    fixture_op(f, "scan", SCAN, 2, NULL, 0)->immediate = true;
    fixture_build(f, NULL, 0);
    void *session = fixture_session(f);
    struct tg_arena arena = {0};
    struct tg_list list;
    expect_ok(f, f->engine->counters(session, &arena, &list, &f->diags));
    assert_string_equal(value_of(&list, "sort"), "0");
    assert_string_equal(value_of(&list, "vm_step"), "0");
    struct tg_outcome outcome;
    f->engine->execute(session, 0, NULL, &outcome);
    f->engine->execute(session, 0, NULL, &outcome);
    assert_int_equal(outcome.error, 0);
    assert_int_equal(outcome.rows, 20);
    expect_ok(f, f->engine->counters(session, &arena, &list, &f->diags));
    assert_string_equal(value_of(&list, "sort"), "2");
    assert_string_equal(value_of(&list, "autoindex"), "0");
    assert_true(atoi(value_of(&list, "fullscan_step")) >= 9 + 19); /* steps after the first row */
    assert_true(atoi(value_of(&list, "vm_step")) > 100);
    assert_true(atoi(value_of(&list, "cache_write")) > 0);
    f->engine->session_close(session);
    tg_arena_free(&arena);
}

#define PLAN_TEST(name) cmocka_unit_test_setup_teardown(name, plan_setup, plan_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAN_TEST(test_critical_queries),
        PLAN_TEST(test_kinds),
        PLAN_TEST(test_explaining_a_pragma_does_nothing),
        PLAN_TEST(test_automatic_index),
        PLAN_TEST(test_parts_of_a_query),
        PLAN_TEST(test_explain_error),
        PLAN_TEST(test_indexes),
        PLAN_TEST(test_describe),
        cmocka_unit_test_setup_teardown(test_settings, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_counters, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests_name("sqlite plan", tests, NULL, NULL);
}
