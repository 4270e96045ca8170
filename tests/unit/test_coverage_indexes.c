/* Which indexes could go. What is expected follows from the definitions in the schema below: what
 * repeats what, and what enforces what; a second store that is made without those that are said to
 * be spare has to be planned as well. */
#include "engine_fixture.h"

#include "common/text.h"
#include "runner/drive/coverage.h"

#define TABLES                                                                                     \
    "CREATE TABLE parents (id TEXT PRIMARY KEY, note TEXT);"                                       \
    "CREATE TABLE rows (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, code TEXT,"                \
    "  parent TEXT REFERENCES parents (id));"                                                      \
    "CREATE TABLE pairs (x TEXT, y TEXT, z TEXT, PRIMARY KEY (x, y)) WITHOUT ROWID;"

static const struct {
    const char *name, *sql;
} indexes[] = {
    /* repeats the automatic one, in use */
    {"parents_id", "CREATE UNIQUE INDEX parents_id ON parents (id);"},
    /* repeats the rowid */
    {"rows_id", "CREATE UNIQUE INDEX rows_id ON rows (ID);"},
    /* the beginning of rows_ab, in use */
    {"rows_a", "CREATE INDEX rows_a ON rows (a);"},
    {"rows_ab", "CREATE INDEX rows_ab ON rows (a, b);"},
    /* another condition */
    {"rows_a_some", "CREATE INDEX rows_a_some ON rows (a) WHERE b = 'x';"},
    /* another direction than rows_b */
    {"rows_b_down", "CREATE INDEX rows_b_down ON rows (b DESC);"},
    {"rows_b", "CREATE INDEX rows_b ON rows (b);"},
    /* alike: one of the two is used */
    {"rows_c", "CREATE INDEX rows_c ON rows (c);"},
    {"rows_c_again", "CREATE INDEX rows_c_again ON rows (c);"},
    /* other comparisons */
    {"rows_c_nocase", "CREATE INDEX rows_c_nocase ON rows (c COLLATE NOCASE);"},
    /* unused, but enforces */
    {"rows_code", "CREATE UNIQUE INDEX rows_code ON rows (code);"},
    {"rows_code_b", "CREATE INDEX rows_code_b ON rows (code, b);"},
    /* unused, but serves the reference */
    {"rows_parent", "CREATE INDEX rows_parent ON rows (parent);"},
    /* repeats the key */
    {"pairs of x", "CREATE INDEX \"pairs of x\" ON pairs (x, y);"},
};
enum { INDEXES = sizeof indexes / sizeof *indexes };

static const struct tg_plan_expect NOTHING = {
    .scan = -1, .table_scan = -1, .temp_btree = -1, .auto_index = -1};

static struct tg_query queries[] = {
    {.name = "parent", .sql = "SELECT note FROM parents WHERE id = :id"},
    {.name = "by_a", .sql = "SELECT c FROM rows WHERE a = :a"},
    {.name = "by_ab", .sql = "SELECT c FROM rows WHERE a = :a AND b = :b"},
    {.name = "by_b", .sql = "SELECT a FROM rows INDEXED BY rows_b WHERE b = :b"},
    {.name = "by_c", .sql = "SELECT a FROM rows WHERE c = :c"},
    {.name = "by_id", .sql = "SELECT a FROM rows WHERE id = :id"},
    {.name = "pair", .sql = "SELECT z FROM pairs WHERE x = :x AND y = :y"},
};
enum { QUERIES = sizeof queries / sizeof *queries };

struct indexes_fixture {
    struct fixture *f;
    struct tg_scenario scenario;
    void *session;
    struct tg_arena arena;
    struct tg_coverage coverage;
    char *schema; /* owned; NULL: a literal */
};

static struct indexes_fixture *make(const char *schema)
{
    struct indexes_fixture *x = calloc(1, sizeof *x);
    void *inner = NULL;
    fixture_setup(&inner);
    x->f = inner;
    fixture_set(x->f, "foreign_keys", "ON");
    fixture_schema(x->f, schema);
    fixture_build(x->f, NULL, 0);
    x->session = fixture_session(x->f);
    for (size_t i = 0; i < QUERIES; i++)
        queries[i].plan = NOTHING;
    x->scenario = (struct tg_scenario){
        .path = "test.toml", .engine = x->f->engine, .queries = queries, .query_count = QUERIES};
    expect_ok(x->f, tg_coverage_collect(&x->scenario, x->session, true, &x->arena, &x->coverage,
                                        &x->f->diags));
    return x;
}

static void end(struct indexes_fixture *x)
{
    x->f->engine->session_close(x->session);
    tg_arena_free(&x->arena);
    void *inner = x->f;
    fixture_teardown(&inner);
    free(x->schema);
    free(x);
}

/* The tables and the indexes, but for those that are spare in `without` (NULL: with all). Free with
 * free(). */
static char *schema_without(const struct indexes_fixture *without, size_t *left_out);

static struct indexes_fixture *make_all(void)
{
    size_t left_out;
    char *schema = schema_without(NULL, &left_out);
    struct indexes_fixture *x = make(schema);
    x->schema = schema;
    return x;
}

static const struct tg_coverage_index *index_of(const struct indexes_fixture *x, const char *name)
{
    for (size_t i = 0; i < x->coverage.index_count; i++) {
        if (strcmp(x->coverage.indexes[i].info.name, name) == 0)
            return &x->coverage.indexes[i];
    }
    fail_msg("no index %s", name);
    return NULL;
}

static char *schema_without(const struct indexes_fixture *without, size_t *left_out)
{
    struct tg_text text = {0};
    tg_text_add(&text, TABLES);
    *left_out = 0;
    for (size_t i = 0; i < INDEXES; i++) {
        bool out = without && index_of(without, indexes[i].name)->trial == TG_INDEX_SPARE;
        if (!out)
            tg_text_add(&text, indexes[i].sql);
        *left_out += out;
    }
    return text.data;
}

static void expect_index(const struct indexes_fixture *x, const char *name, const char *duplicate,
                         bool longer, enum tg_index_trial trial)
{
    const struct tg_coverage_index *index = index_of(x, name);
    if (duplicate)
        assert_string_equal(index->duplicate_of ? index->duplicate_of : "(none)", duplicate);
    else if (index->duplicate_of)
        fail_msg("%s repeats %s", name, index->duplicate_of);
    assert_int_equal(index->longer, longer);
    if (index->trial != trial)
        fail_msg("%s: trial %d, expected %d", name, (int)index->trial, (int)trial);
}

static void what_repeats_what(void **state)
{
    (void)state;
    struct indexes_fixture *x = make_all();
    expect_index(x, "parents_id", "sqlite_autoindex_parents_1", false, TG_INDEX_SPARE);
    expect_index(x, "rows_id", NULL, false, TG_INDEX_SPARE);
    assert_true(index_of(x, "rows_id")->info.repeats_key);
    expect_index(x, "rows_a", "rows_ab", true, TG_INDEX_SPARE);
    expect_index(x, "rows_ab", NULL, false, TG_INDEX_NOT_TRIED);
    expect_index(x, "rows_a_some", NULL, false, TG_INDEX_SPARE);
    expect_index(x, "rows_b_down", NULL, false, TG_INDEX_SPARE);
    expect_index(x, "rows_b", NULL, false, TG_INDEX_NOT_TRIED);
    expect_index(x, "rows_c_nocase", NULL, false, TG_INDEX_SPARE);
    expect_index(x, "rows_code", NULL, false, TG_INDEX_NOT_TRIED);
    expect_index(x, "rows_code_b", NULL, false, TG_INDEX_SPARE);
    expect_index(x, "rows_parent", NULL, false, TG_INDEX_NOT_TRIED);
    assert_string_equal(index_of(x, "rows_parent")->info.foreign_key, "parent -> parents");
    assert_null(index_of(x, "rows_code")->info.foreign_key);
    expect_index(x, "pairs of x", "sqlite_autoindex_pairs_1", false, TG_INDEX_SPARE);
    assert_string_equal(index_of(x, "pairs of x")->info.drop, "DROP INDEX \"pairs of x\"");
    assert_null(index_of(x, "sqlite_autoindex_parents_1")->info.drop);
    end(x);
}

/* Of two alike, the one that the planner chose stays. */
static void one_of_two_stays(void **state)
{
    (void)state;
    struct indexes_fixture *x = make_all();
    const struct tg_coverage_index *first = index_of(x, "rows_c"),
                                   *second = index_of(x, "rows_c_again");
    assert_int_equal(first->users + second->users, 1);
    const struct tg_coverage_index *used = first->users > 0 ? first : second,
                                   *other = first->users > 0 ? second : first;
    expect_index(x, used->info.name, NULL, false, TG_INDEX_NOT_TRIED);
    expect_index(x, other->info.name, used->info.name, false, TG_INDEX_SPARE);
    end(x);
}

static void a_plan_that_changes_is_named(void **state)
{
    (void)state;
    struct indexes_fixture *x = make_all();
    const struct tg_coverage_index *index = index_of(x, "parents_id");
    assert_int_equal(index->users, 1);
    assert_int_equal(index->change_count, 1);
    assert_string_equal(index->changes[0].owner, "parent");
    assert_string_equal(index->changes[0].plan.steps[0].index, "sqlite_autoindex_parents_1");
    assert_int_equal(index_of(x, "rows_code_b")->change_count, 0);
    end(x);
}

/* The second method: a store without them all. */
static void what_can_go_can_go_at_once(void **state)
{
    (void)state;
    size_t left_out;
    struct indexes_fixture *x = make_all();
    char *schema = schema_without(x, &left_out);
    struct indexes_fixture *y = make(schema);
    y->schema = schema;
    assert_int_equal(left_out, 9);
    for (size_t i = 0; i < QUERIES; i++) {
        const struct tg_plan *with = &x->coverage.statements[i].plan,
                             *without = &y->coverage.statements[i].plan;
        assert_int_equal(without->step_count, 1);
        assert_int_equal(without->steps[0].kind, with->steps[0].kind);
    }
    end(y);
    end(x);
}

/* by_b says INDEXED BY rows_b: without it, it cannot be planned. */
static void an_index_that_is_insisted_on_is_needed(void **state)
{
    (void)state;
    struct indexes_fixture *x = make(TABLES "CREATE INDEX rows_b ON rows (b);"
                                            "CREATE INDEX rows_bc ON rows (b, c);"
                                            "CREATE INDEX rows_none ON rows (code);");
    assert_true(index_of(x, "rows_bc")->users > 0);
    expect_index(x, "rows_b", "rows_bc", true, TG_INDEX_NEEDED);
    assert_int_equal(index_of(x, "rows_b")->change_count, 0);
    expect_index(x, "rows_none", NULL, false, TG_INDEX_SPARE);
    end(x);
}

static void trials_survive_json(void **state)
{
    (void)state;
    struct indexes_fixture *x = make_all();
    cJSON *json = tg_coverage_to_json(&x->coverage);
    struct tg_coverage again;
    assert_true(tg_coverage_from_json(json, &x->arena, &again));
    cJSON *repeated = tg_coverage_to_json(&again);
    assert_true(cJSON_Compare(json, repeated, true));
    /* one of an earlier version has no word about it */
    cJSON *index = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "indexes"), 0);
    cJSON_DeleteItemFromObject(index, "without");
    assert_true(tg_coverage_from_json(json, &x->arena, &again));
    assert_int_equal(again.indexes[0].trial, TG_INDEX_NOT_TRIED);
    cJSON_AddStringToObject(index, "without", "a text");
    assert_false(tg_coverage_from_json(json, &x->arena, &again));
    cJSON_Delete(repeated);
    cJSON_Delete(json);
    end(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_repeats_what),
        cmocka_unit_test(one_of_two_stays),
        cmocka_unit_test(a_plan_that_changes_is_named),
        cmocka_unit_test(what_can_go_can_go_at_once),
        cmocka_unit_test(an_index_that_is_insisted_on_is_needed),
        cmocka_unit_test(trials_survive_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
