/* What tells two scenarios apart. The hash of a scenario is a second way to the same answer, and
 * --set a third: a key and a value of the list, set on the one side, give the other. */
#include "scenario_support.h"

#include "runner/scenario/diff.h"

static const char base[] = "format = 1\n"
                           "name = \"base\"\n"
                           "description = \"one\"\n"
                           "[engine]\n"
                           "kind = \"sqlite\"\n"
                           "schema = \"schema.sql\"\n"
                           "pragma = { cache_size = -2000 }\n"
                           "[load.t]\n"
                           "rows = 100\n"
                           "id = { gen = \"sequential\" }\n"
                           "state = { gen = \"choice\", of = { on = 3, off = 1 } }\n"
                           "[load.t.columns]\n"
                           "\"odd.name\" = { gen = \"bool\", p = 0.5 }\n"
                           "[op.get]\n"
                           "sql = \"SELECT * FROM t WHERE id = :id\"\n"
                           "id = { gen = \"pick\", of = \"t.id\" }\n"
                           "[op.put]\n"
                           "sql = [\"DELETE FROM t WHERE id = :id\", \"INSERT INTO t (id) VALUES "
                           "(:id)\"]\n"
                           "id = { gen = \"pick\", of = \"t.id\" }\n"
                           "[query.count]\n"
                           "sql = \"SELECT count(*) FROM t\"\n"
                           "[mix.main]\n"
                           "get = 3\n"
                           "put = 1\n"
                           "[[phase]]\n"
                           "name = \"first\"\n"
                           "mix = \"get\"\n"
                           "count = 10\n"
                           "[[phase]]\n"
                           "name = \"steady\"\n"
                           "mix = \"main\"\n"
                           "rate = 1000\n"
                           "for = \"60s\"\n"
                           "[targets]\n"
                           "steady = [\"get.p99 < 50ms\", \"errors == 0\"]\n"
                           "[gate]\n"
                           "margin = { p99 = 0.05 }\n";

static struct tg_scenario *load_good(const char *text, const struct tg_override *overrides,
                                     size_t count)
{
    char *said;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), overrides, count, &said);
    if (!scenario) {
        fail_msg("%s", said);
        abort(); /* the analyser does not know that fail_msg ends the test */
    }
    free(said);
    return scenario;
}

/* The text `base` with `from` replaced by `to`. Free with free(). */
static char *edited(const char *from, const char *to)
{
    const char *at = strstr(base, from);
    if (!at)
        fail_msg("the scenario has no \"%s\"", from);
    return tg_format("%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

/* The list as "v KEY: BEFORE -> AFTER\n" lines, m for what matters; "-" for what is not there. */
static char *diff_text(const struct tg_scenario *before, const struct tg_scenario *after)
{
    struct tg_arena arena = {0};
    struct tg_scenario_change *changes;
    size_t count;
    struct tg_text text = {0};
    tg_text_add(&text, "");
    tg_scenario_diff(before, after, &arena, &changes, &count);
    for (size_t i = 0; i < count; i++)
        tg_text_addf(&text, "%s %s: %s -> %s\n", changes[i].kind == TG_CHANGE_VARIANT ? "v" : "m",
                     changes[i].key, changes[i].before ? changes[i].before : "-",
                     changes[i].after ? changes[i].after : "-");
    tg_arena_free(&arena);
    return text.data;
}

static void assert_diff(const struct tg_scenario *before, const struct tg_scenario *after,
                        const char *expected)
{
    char *text = diff_text(before, after);
    assert_string_equal(text, expected);
    /* The hash knows nothing of the list. */
    assert_int_equal(*expected == '\0', strcmp(before->hash, after->hash) == 0);
    free(text);
}

static void assert_edit(const char *from, const char *to, const char *expected)
{
    char *text = edited(from, to);
    struct tg_scenario *before = load_good(base, NULL, 0);
    struct tg_scenario *after = load_good(text, NULL, 0);
    assert_diff(before, after, expected);
    tg_scenario_free(after);
    tg_scenario_free(before);
    free(text);
}

static void what_says_the_same_does_not_differ(void **state)
{
    (void)state;
    assert_edit("[op.get]", "# a comment\n[op.get]", "");
    assert_edit("rows = 100\n", "rows = 1_00\n", "");
    assert_edit("rate = 1000\nfor = \"60s\"", "for = \"60s\"\nrate = 1000", "");
    assert_edit("[query.count]\nsql = \"SELECT count(*) FROM t\"",
                "[query]\ncount = { sql = 'SELECT count(*) FROM t' }", "");
}

static void a_variant_may_change_the_store(void **state)
{
    (void)state;
    assert_edit("-2000", "-4000", "v engine.pragma.cache_size: -2000 -> -4000\n");
    assert_edit("kind = \"sqlite\"\n", "kind = \"sqlite\"\nlibrary = \"new/lib.so\"\n",
                "v engine.library: - -> \"new/lib.so\"\n");
    assert_edit("kind = \"sqlite\"\n", "kind = \"sqlite\"\nbusy_retries = 3\n",
                "v engine.busy_retries: - -> 3\n");
    assert_edit("SELECT * FROM", "SELECT\\n\\\"id\\\" FROM",
                "v op.get.sql: \"SELECT * FROM t WHERE id = :id\" -> "
                "\"SELECT\\n\\\"id\\\" FROM t WHERE id = :id\"\n");
    assert_edit("(id) VALUES", "(id)  VALUES",
                "v op.put.sql[1]: \"INSERT INTO t (id) VALUES (:id)\" -> "
                "\"INSERT INTO t (id)  VALUES (:id)\"\n");
    assert_edit("[op.put]\n", "[op.put]\nbegin = \"immediate\"\nexpect_rows = 1\n",
                "v op.put.begin: - -> \"immediate\"\n"
                "v op.put.expect_rows: - -> 1\n");
    assert_edit("[op.put]\n", "plan = { scan = false }\n[op.put]\n",
                "v op.get.plan.scan: - -> false\n");
    assert_edit("[query.count]\nsql = \"SELECT count(*) FROM t\"\n", "",
                "v query.count.sql: \"SELECT count(*) FROM t\" -> -\n");
    assert_edit("description = \"one\"\n", "", "v description: \"one\" -> -\n");
}

static void what_is_measured_matters(void **state)
{
    (void)state;
    assert_edit("name = \"base\"\n", "name = \"base\"\nseed = 7\n", "m seed: - -> 7\n");
    assert_edit("\"base\"", "\"other\"", "m name: \"base\" -> \"other\"\n");
    assert_edit("rows = 100", "rows = 101", "m load.t.rows: 100 -> 101\n");
    assert_edit("p = 0.5", "p = 0.1", "m load.t.columns.\"odd.name\".p: 0.5 -> 0.1\n");
    assert_edit("p = 0.5", "p = 1.0", "m load.t.columns.\"odd.name\".p: 0.5 -> 1.0\n");
    assert_edit("[op.put]\n", "[op.put]\nbatch = 2\n", "m op.put.batch: - -> 2\n");
    assert_edit("of = \"t.id\" }\n[op", "of = \"t.id\", by = \"zipf\" }\n[op",
                "m op.get.id.by: - -> \"zipf\"\n");
    assert_edit("get = 3", "get = 2", "m mix.main.get: 3 -> 2\n");
    assert_edit("rate = 1000", "rate = \"1000/s\"", "m phase.steady.rate: 1000 -> \"1000/s\"\n");
    assert_edit("\"errors == 0\"", "\"errors == 0\", \"rate > 5/s\"",
                "m targets.steady[2]: - -> \"rate > 5/s\"\n");
    assert_edit("0.05", "0.02", "m gate.margin.p99: 0.05 -> 0.02\n");
}

static void the_kind_of_engine_matters(void **state)
{
    (void)state;
    static const char one[] = "format = 1\nname = \"n\"\n[engine]\nkind = \"sqlite\"\n"
                              "[op.a]\nsql = \"SELECT 1\"\n"
                              "[[phase]]\nname = \"p\"\nmix = \"a\"\ncount = 1\n";
    static const char other[] = "format = 1\nname = \"n\"\n[engine]\nkind = \"noop\"\n"
                                "delay = \"1us\"\n[op.a]\n"
                                "[[phase]]\nname = \"p\"\nmix = \"a\"\ncount = 1\n";
    struct tg_scenario *before = load_good(one, NULL, 0);
    struct tg_scenario *after = load_good(other, NULL, 0);
    assert_diff(before, after,
                "v engine.delay: - -> \"1us\"\n"
                "m engine.kind: \"sqlite\" -> \"noop\"\n"
                "m op.a: - -> {}\n"
                "v op.a.sql: \"SELECT 1\" -> -\n");
    tg_scenario_free(after);
    tg_scenario_free(before);
}

static void orders_that_matter_are_seen(void **state)
{
    (void)state;
    assert_edit("get = 3\nput = 1", "put = 1\nget = 3", "m mix.main: get, put -> put, get\n");
    assert_edit("on = 3, off = 1", "off = 1, on = 3", "m load.t.state.of: on, off -> off, on\n");
    static const char first[] = "[[phase]]\nname = \"first\"\nmix = \"get\"\ncount = 10\n";
    char *without = edited(first, "");
    char *moved = tg_format("%s%s", without, first);
    struct tg_scenario *before = load_good(base, NULL, 0);
    struct tg_scenario *after = load_good(moved, NULL, 0);
    assert_diff(before, after, "m phase: first, steady -> steady, first\n");
    tg_scenario_free(after);
    /* A phase that went away is not a change of the order as well. */
    after = load_good(without, NULL, 0);
    assert_diff(before, after, "m phase.first.count: 10 -> -\nm phase.first.mix: \"get\" -> -\n");
    assert_diff(after, before, "m phase.first.count: - -> 10\nm phase.first.mix: - -> \"get\"\n");
    tg_scenario_free(after);
    tg_scenario_free(before);
    free(moved);
    free(without);
}

/* The digests are those of `printf 'CREATE TABLE t (id INTEGER PRIMARY KEY);\n' | sha256sum`, and
 * of the same with two tables. */
static void schema_files_are_told_apart_by_content(void **state)
{
    (void)state;
    static const char one[] = "CREATE TABLE t (id INTEGER PRIMARY KEY);\n";
    static const char two[] = "CREATE TABLE t (id INTEGER PRIMARY KEY);\nCREATE TABLE u (x);\n";
    struct tg_scenario *before = load_good(base, NULL, 0);
    write_file("same.sql", one, strlen(one));
    write_file("more.sql", two, strlen(two));
    const struct tg_override renamed = {.key = "engine.schema", .value = "same.sql"};
    struct tg_scenario *after = load_good(base, &renamed, 1);
    char *text = diff_text(before, after);
    assert_string_equal(text, "");
    free(text);
    tg_scenario_free(after);
    const struct tg_override changed = {.key = "engine.schema", .value = "more.sql"};
    after = load_good(base, &changed, 1);
    assert_diff(before, after,
                "v engine.schema[0]: \"schema.sql\" (SHA-256 "
                "0884e3a1377e298c8b6932b7d78a5244a4e7fcf6066486be45fff155d85fd58b) -> \"more.sql\" "
                "(SHA-256 8e798f07ac7914bacc7d3876bcfe35fa296a8b043cc529a70491164cfe1f2c5c)\n");
    tg_scenario_free(after);
    const struct tg_override added = {.key = "engine.schema",
                                      .value = "[\"schema.sql\", \"more.sql\"]"};
    after = load_good(base, &added, 1);
    assert_diff(before, after,
                "v engine.schema[1]: - -> \"more.sql\" (SHA-256 "
                "8e798f07ac7914bacc7d3876bcfe35fa296a8b043cc529a70491164cfe1f2c5c)\n");
    tg_scenario_free(after);
    tg_scenario_free(before);
}

/* Sets all that came or changed on the one side: that has to give the other. */
static void changes_can_be_set(void **state)
{
    (void)state;
    static const struct tg_override made[] = {
        {.key = "seed", .value = "9"},
        {.key = "engine.pragma.cache_size", .value = "-1"},
        {.key = "engine.pragma.journal_mode", .value = "WAL"},
        {.key = "phase.steady.rate", .value = "12.5"},
        {.key = "phase.first.warmup", .value = "1s"},
        {.key = "load.t.columns.\"odd.name\".p", .value = "0.25"},
        {.key = "op.get.sql", .value = "SELECT \"id\",\n\t'\\' FROM t WHERE id = :id"},
        {.key = "op.put.sql[0]", .value = "DELETE FROM t WHERE  id = :id"},
        {.key = "targets.steady[1]", .value = "errors <= 1%"},
        {.key = "targets.steady[2]", .value = "rate > 1/s"},
    };
    enum { MADE = sizeof made / sizeof *made };
    struct tg_scenario *before = load_good(base, NULL, 0);
    struct tg_scenario *after = load_good(base, made, MADE);
    struct tg_arena arena = {0};
    struct tg_scenario_change *changes;
    size_t count;
    tg_scenario_diff(before, after, &arena, &changes, &count);
    assert_int_equal(count, MADE);
    struct tg_override set[MADE];
    for (size_t i = 0; i < count; i++)
        set[i] = (struct tg_override){.key = changes[i].key, .value = changes[i].after};
    struct tg_scenario *again = load_good(base, set, count);
    assert_string_equal(again->hash, after->hash);
    tg_scenario_free(again);
    tg_arena_free(&arena);
    tg_scenario_free(after);
    tg_scenario_free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_says_the_same_does_not_differ),
        cmocka_unit_test(a_variant_may_change_the_store),
        cmocka_unit_test(what_is_measured_matters),
        cmocka_unit_test(the_kind_of_engine_matters),
        cmocka_unit_test(orders_that_matter_are_seen),
        cmocka_unit_test(schema_files_are_told_apart_by_content),
        cmocka_unit_test(changes_can_be_set),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
