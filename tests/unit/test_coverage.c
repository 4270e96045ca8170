/* Index coverage: plans of all statements, users of indexes, expectations, and the JSON form. The
 * plans are those that test_engine_plan.c checks one by one. */
#include "engine_fixture.h"

#include "memory_store_schema.h"
#include "runner/drive/coverage.h"

static const char *const GET[] = {"SELECT * FROM sessions WHERE user_id = :u"};
static const char *const DEQUEUE[] = {
    "SELECT id FROM tasks WHERE status = 'pending' ORDER BY priority DESC, submitted_at LIMIT 1",
    "UPDATE tasks SET status = 'running' WHERE prompt = :id",
};
static const char *const USER[] = {"u"};
static const char *const ID[] = {"id"};

static const struct tg_plan_expect NOTHING = {
    .scan = -1, .table_scan = -1, .temp_btree = -1, .auto_index = -1};

static struct tg_plan_expect expecting(int line)
{
    struct tg_plan_expect expect = NOTHING;
    expect.given = true;
    expect.place = (struct tg_place){.path = "test.toml", .line = line, .column = 8};
    return expect;
}

struct coverage_fixture {
    struct fixture *f;
    struct tg_scenario scenario;
    struct tg_op ops[2];
    struct tg_query queries[3];
    void *session;
    struct tg_arena arena;
    struct tg_coverage coverage;
};

static int coverage_setup(void **state)
{
    struct coverage_fixture *c = calloc(1, sizeof *c);
    void *inner = NULL;
    fixture_setup(&inner);
    struct fixture *f = c->f = inner;
    fixture_schema(f, MEMORY_STORE);
    fixture_op(f, "get", GET, 1, USER, 1);
    fixture_op(f, "dequeue", DEQUEUE, 2, ID, 1)->immediate = true;
    fixture_build(f, NULL, 0);
    c->session = fixture_session(f);
    for (int i = 0; i < 2; i++)
        c->ops[i] = (struct tg_op){.name = f->ops[i].name, .plan = NOTHING, .engine = f->ops[i]};
    c->queries[0] = (struct tg_query){.name = "active", .sql = ACTIVE, .plan = NOTHING};
    c->queries[1] = (struct tg_query){.name = "prefix", .sql = PREFIX_LIKE, .plan = NOTHING};
    c->queries[2] = (struct tg_query){.name = "pragma", .sql = "PRAGMA page_size", .plan = NOTHING};
    c->scenario = (struct tg_scenario){.path = "test.toml",
                                       .engine = f->engine,
                                       .ops = c->ops,
                                       .op_count = 2,
                                       .queries = c->queries,
                                       .query_count = 3};
    *state = c;
    return 0;
}

static int coverage_teardown(void **state)
{
    struct coverage_fixture *c = *state;
    c->f->engine->session_close(c->session);
    tg_arena_free(&c->arena);
    void *inner = c->f;
    fixture_teardown(&inner);
    free(c);
    return 0;
}

static void collect(struct coverage_fixture *c, bool with_remedies)
{
    expect_ok(c->f, tg_coverage_collect(&c->scenario, c->session, with_remedies, &c->arena,
                                        &c->coverage, &c->f->diags));
}

static size_t users_of(const struct coverage_fixture *c, const char *index)
{
    for (size_t i = 0; i < c->coverage.index_count; i++) {
        if (strcmp(c->coverage.indexes[i].info.name, index) == 0)
            return c->coverage.indexes[i].users;
    }
    fail_msg("no index %s", index);
    return 0;
}

static void test_statements(void **state)
{
    struct coverage_fixture *c = *state;
    collect(c, true);
    static const struct {
        const char *owner;
        size_t number;
        bool query;
        enum tg_step_kind worst;
        bool remedies;
    } expected[] = {
        {"get", 1, false, TG_STEP_SEARCH, false},
        {"dequeue", 1, false, TG_STEP_SEARCH, false},
        {"dequeue", 2, false, TG_STEP_TABLE_SCAN, true},
        {"active", 1, true, TG_STEP_TABLE_SCAN, true},
        {"prefix", 1, true, TG_STEP_INDEX_SCAN, true},
        {"pragma", 1, true, TG_STEP_OTHER, false},
    };
    assert_int_equal(c->coverage.statement_count, 6);
    for (size_t i = 0; i < 6; i++) {
        const struct tg_coverage_statement *s = &c->coverage.statements[i];
        assert_string_equal(s->owner, expected[i].owner);
        assert_int_equal(s->number, expected[i].number);
        assert_int_equal(s->query, expected[i].query);
        assert_int_equal(tg_plan_worst(&s->plan), expected[i].worst);
        assert_int_equal(s->remedy_count > 0, expected[i].remedies);
    }
    assert_int_equal(c->coverage.statements[5].plan.step_count, 0);
    assert_int_equal(users_of(c, "idx_sessions_user_created"), 1);
    assert_int_equal(users_of(c, "idx_tasks_status_priority"), 1);
    assert_int_equal(users_of(c, "idx_sessions_project"), 0);
    assert_int_equal(c->coverage.miss_count, 0);
}

static void test_remedies_are_optional(void **state)
{
    struct coverage_fixture *c = *state;
    collect(c, false);
    for (size_t i = 0; i < c->coverage.statement_count; i++)
        assert_int_equal(c->coverage.statements[i].remedy_count, 0);
}

static void expect_miss(const struct coverage_fixture *c, size_t number, const char *owner,
                        const char *start, int line)
{
    assert_true(number < c->coverage.miss_count);
    const struct tg_coverage_miss *miss = &c->coverage.misses[number];
    assert_string_equal(miss->owner, owner);
    if (strncmp(miss->message, start, strlen(start)) != 0)
        fail_msg("\"%s\" does not start with \"%s\"", miss->message, start);
    assert_int_equal(miss->place.line, line);
    assert_string_equal(miss->place.path, "test.toml");
}

static void test_expectations(void **state)
{
    struct coverage_fixture *c = *state;
    c->ops[0].plan = expecting(1); /* met, all of it */
    c->ops[0].plan.index = "idx_sessions_user_created";
    c->ops[0].plan.scan = c->ops[0].plan.temp_btree = c->ops[0].plan.auto_index = 0;
    c->ops[1].plan = expecting(2);
    c->ops[1].plan.index = "idx_tasks_session";
    c->ops[1].plan.table_scan = 0;
    c->queries[0].plan = expecting(3);
    c->queries[0].plan.index = "idx_nosuch";
    c->queries[0].plan.scan = c->queries[0].plan.temp_btree = 0;
    c->queries[1].plan = expecting(4); /* an index scan is a scan, but no table scan */
    c->queries[1].plan.scan = c->queries[1].plan.table_scan = 0;
    collect(c, false);
    expect_miss(c, 0, "dequeue",
                "expects index idx_tasks_session, the plan uses idx_tasks_status_priority", 2);
    expect_miss(c, 1, "dequeue", "expects no table scan, the plan of statement 2 has: SCAN ", 2);
    expect_miss(c, 2, "active",
                "expects index idx_nosuch (there is no such index), the plan uses no index: SCAN ",
                3);
    expect_miss(c, 3, "active", "expects no scan, the plan has: SCAN ", 3);
    expect_miss(c, 4, "active", "expects no temporary B-tree, the plan has: USE TEMP B-TREE", 3);
    expect_miss(c, 5, "prefix", "expects no scan, the plan has: SCAN ", 4);
    assert_int_equal(c->coverage.miss_count, 6);
}

/* An allowed scan, and an expectation that is not given, miss nothing. */
static void test_allowed(void **state)
{
    struct coverage_fixture *c = *state;
    c->queries[0].plan = expecting(3);
    c->queries[0].plan.scan = c->queries[0].plan.table_scan = 1;
    c->queries[1].plan.scan = 0; /* given is false */
    collect(c, false);
    assert_int_equal(c->coverage.miss_count, 0);
}

static void test_errors_are_listed_together(void **state)
{
    struct coverage_fixture *c = *state;
    c->queries[0].sql = "SELECT nosuch FROM sessions";
    c->queries[0].sql_place = (struct tg_place){.path = "test.toml", .line = 42};
    c->queries[2].sql = "SELECT * FROM nosuch_table";
    assert_int_equal(
        tg_coverage_collect(&c->scenario, c->session, true, &c->arena, &c->coverage, &c->f->diags),
        TG_STORE);
    assert_int_equal(expect_diag(c->f, "no such column: nosuch")->line, 42);
    expect_diag(c->f, "no such table: nosuch_table");
}

static void test_engine_without_plans(void **state)
{
    struct coverage_fixture *c = *state;
    c->scenario.engine = tg_engine_find("noop");
    assert_int_equal(
        tg_coverage_collect(&c->scenario, c->session, true, &c->arena, &c->coverage, &c->f->diags),
        TG_INVALID);
    expect_diag(c->f, "the noop engine has no query plans");
}

static void test_worst(void **state)
{
    (void)state;
    struct tg_plan_step steps[] = {{.kind = TG_STEP_OTHER},      {.kind = TG_STEP_COVERING_SEARCH},
                                   {.kind = TG_STEP_SEARCH},     {.kind = TG_STEP_TEMP_BTREE},
                                   {.kind = TG_STEP_INDEX_SCAN}, {.kind = TG_STEP_AUTO_INDEX},
                                   {.kind = TG_STEP_TABLE_SCAN}};
    /* the documented order: each further step is the worst so far, and stays it backwards */
    for (size_t i = 0; i < 7; i++) {
        struct tg_plan plan = {.steps = steps, .step_count = i + 1};
        assert_int_equal(tg_plan_worst(&plan), steps[i].kind);
        struct tg_plan tail = {.steps = steps + i, .step_count = 7 - i};
        assert_int_equal(tg_plan_worst(&tail), TG_STEP_TABLE_SCAN);
    }
    assert_int_equal(tg_plan_worst(&(struct tg_plan){0}), TG_STEP_OTHER);
}

/* ---- JSON ---- */

static void test_json_round_trip(void **state)
{
    struct coverage_fixture *c = *state;
    c->queries[0].plan = expecting(3);
    c->queries[0].plan.scan = 0;
    collect(c, true);
    cJSON *json = tg_coverage_to_json(&c->coverage);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    json = tg_json_parse(text, strlen(text), "x.json", &c->f->diags);
    assert_non_null(json);
    struct tg_coverage back;
    assert_true(tg_coverage_from_json(json, &c->arena, &back));
    cJSON_Delete(json); /* everything was copied */
    cJSON *again = tg_coverage_to_json(&back);
    char *text_again = tg_json_print(again);
    assert_string_equal(text, text_again);
    assert_int_equal(back.statement_count, 6);
    assert_string_equal(back.statements[3].remedies[0].sql, ACTIVE_REMEDY);
    assert_int_equal(back.statements[3].remedies[0].plan.steps[0].kind, TG_STEP_SEARCH);
    assert_int_equal(back.miss_count, 1);
    assert_int_equal(back.misses[0].place.line, 3);
    assert_int_equal(back.index_count, c->coverage.index_count);
    cJSON_Delete(again);
    free(text);
    free(text_again);
}

static void test_json_that_is_none(void **state)
{
    struct coverage_fixture *c = *state;
    static const char *const TEXTS[] = {
        "[]",
        "{}",
        "{\"statements\":[],\"indexes\":[]}",
        "{\"statements\":{},\"indexes\":[],\"misses\":[]}",
        "{\"statements\":[],\"indexes\":[{\"table\":\"t\"}],\"misses\":[]}",
        "{\"statements\":[{\"owner\":\"a\",\"query\":false,\"number\":-1,\"sql\":\"s\","
        "\"steps\":[],\"remedies\":[]}],\"indexes\":[],\"misses\":[]}",
        "{\"statements\":[{\"owner\":\"a\",\"query\":false,\"number\":1,\"sql\":\"s\",\"steps\":[{"
        "\"kind\":\"nosuch\",\"id\":1,\"parent\":0,\"table\":null,\"index\":null,\"detail\":\"d\"}]"
        ","
        "\"remedies\":[]}],\"indexes\":[],\"misses\":[]}",
        "{\"statements\":[],\"indexes\":[],\"misses\":[{\"owner\":\"a\",\"message\":3}]}",
    };
    struct tg_coverage coverage;
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        cJSON *json = tg_json_parse(TEXTS[i], strlen(TEXTS[i]), "x.json", &c->f->diags);
        assert_non_null(json);
        assert_false(tg_coverage_from_json(json, &c->arena, &coverage));
        cJSON_Delete(json);
    }
    assert_false(tg_coverage_from_json(NULL, &c->arena, &coverage));
    const char empty[] = "{\"statements\":[],\"indexes\":[],\"misses\":[]}";
    cJSON *json = tg_json_parse(empty, strlen(empty), "x.json", &c->f->diags);
    assert_true(tg_coverage_from_json(json, &c->arena, &coverage));
    cJSON_Delete(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, coverage_setup, coverage_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_statements),
        TEST(test_remedies_are_optional),
        TEST(test_expectations),
        TEST(test_allowed),
        TEST(test_errors_are_listed_together),
        TEST(test_engine_without_plans),
        cmocka_unit_test(test_worst),
        TEST(test_json_round_trip),
        TEST(test_json_that_is_none),
    };
    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
