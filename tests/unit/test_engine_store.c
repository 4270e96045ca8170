/* SQLite stores: libraries, settings, schema, load, integrity. Expectations are those of SQLite's
 * documentation (pragma.html, c3ref/open.html, foreignkeys.html) and were seen with 3.40.1. */
#include "engine_fixture.h"

#include <dlfcn.h>
#include <sqlite3.h>
#include <sys/stat.h>

/* An independent way to the files: the same library, called directly. */
struct direct {
    __typeof__(sqlite3_open) *open;
    __typeof__(sqlite3_close) *close;
    __typeof__(sqlite3_exec) *exec;
    __typeof__(sqlite3_prepare_v2) *prepare;
    __typeof__(sqlite3_step) *step;
    __typeof__(sqlite3_column_text) *text;
    __typeof__(sqlite3_finalize) *finalize;
};

static struct direct direct_load(void)
{
    void *handle = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    assert_non_null(handle);
    struct direct d;
    *(void **)&d.open = dlsym(handle, "sqlite3_open");
    *(void **)&d.close = dlsym(handle, "sqlite3_close");
    *(void **)&d.exec = dlsym(handle, "sqlite3_exec");
    *(void **)&d.prepare = dlsym(handle, "sqlite3_prepare_v2");
    *(void **)&d.step = dlsym(handle, "sqlite3_step");
    *(void **)&d.text = dlsym(handle, "sqlite3_column_text");
    *(void **)&d.finalize = dlsym(handle, "sqlite3_finalize");
    return d;
}

static char *store_path(const struct fixture *f)
{
    return tg_path_join(f->folder, "store.db");
}

static sqlite3 *direct_open(const struct direct *d, const struct fixture *f)
{
    sqlite3 *db = NULL;
    char *path = store_path(f);
    assert_int_equal(d->open(path, &db), SQLITE_OK);
    free(path);
    return db;
}

/* First column of the first row, into a static buffer. */
static const char *ask(const struct fixture *f, const char *sql)
{
    static char answer[256];
    struct direct d = direct_load();
    sqlite3 *db = direct_open(&d, f);
    sqlite3_stmt *statement = NULL;
    assert_int_equal(d.prepare(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(d.step(statement), SQLITE_ROW);
    snprintf(answer, sizeof answer, "%s", (const char *)d.text(statement, 0));
    d.finalize(statement);
    d.close(db);
    return answer;
}

static enum tg_status open_build(struct fixture *f)
{
    return f->engine->open(&f->spec, true, &f->store, &f->diags);
}

/* ---- libraries ---- */

static void test_library_absent(void **state)
{
    struct fixture *f = *state;
    f->spec.library = "/nonexistent/libsqlite3.so";
    assert_int_equal(open_build(f), TG_SYSTEM);
    assert_non_null(strstr(expect_diag(f, "cannot load")->message, "/nonexistent/libsqlite3.so"));
}

static void test_library_is_something_else(void **state)
{
    struct fixture *f = *state;
    f->spec.library = "libz.so.1";
    assert_int_equal(open_build(f), TG_SYSTEM);
    expect_diag(f, "libz.so.1 has no sqlite3_open_v2: it is not a SQLite library");
}

/* ---- settings ---- */

static void test_settings_take(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "journal_mode", "WAL"); /* would fix the page size if it came first */
    fixture_set(f, "synchronous", "NORMAL");
    fixture_set(f, "foreign_keys", "ON");
    fixture_set(f, "cache_size", "-64000");
    fixture_set(f, "temp_store", "memory");
    fixture_set(f, "page_size", "8192");
    fixture_set(f, "auto_vacuum", "incremental");
    fixture_set(f, "encoding", "UTF-16");
    fixture_set(f, "busy_timeout", "5000");
    fixture_set(f, "case_sensitive_like", "true");
    fixture_set(f, "mmap_size", "1048576");
    fixture_schema(f, "CREATE TABLE t (x);");
    fixture_build(f, NULL, 0);
    assert_string_equal(ask(f, "PRAGMA journal_mode"), "wal");
    assert_string_equal(ask(f, "PRAGMA page_size"), "8192");
    assert_string_equal(ask(f, "PRAGMA auto_vacuum"), "2");
    assert_string_equal(ask(f, "PRAGMA encoding"), "UTF-16le");
}

static void test_wal_in_memory_is_refused(void **state)
{
    struct fixture *f = *state;
    f->spec.database = ":memory:";
    fixture_set(f, "foreign_keys", "ON");
    fixture_set(f, "journal_mode", "WAL");
    assert_int_equal(open_build(f), TG_STORE);
    const struct tg_diag *diag = expect_diag(f, "journal_mode is memory, not WAL");
    assert_string_equal(diag->path, "test.toml");
    assert_int_equal(diag->line, 11);
    assert_non_null(strstr(diag->hint, "in-memory"));
    assert_int_equal(f->diags.count, 1);
}

static void test_unknown_settings_are_refused_together(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "cache_sise", "100");
    fixture_set(f, "synchronous", "NORMAL");
    fixture_set(f, "mmap_size", "99999999999999");
    fixture_set(f, "x; DROP TABLE t", "1");
    assert_int_not_equal(open_build(f), TG_OK);
    assert_string_equal(expect_diag(f, "\"cache_sise\"")->hint, "did you mean \"cache_size\"?");
    expect_diag(f, "not 99999999999999");
    expect_diag(f, "is not the name of a pragma");
    assert_int_equal(f->diags.errors, 3);
}

static void test_options_are_checked(void **state)
{
    struct fixture *f = *state;
    fixture_option(f, "busy_retries", "-1");
    fixture_option(f, "analyze", "perhaps");
    fixture_set(f, "busy_timeout", "5s");
    assert_int_equal(open_build(f), TG_INVALID);
    assert_int_equal(f->diags.errors, 3);
}

/* ---- schema ---- */

static void test_schema_error_position(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "-- Größe: a comment\nCREATE TABLE a (x);\n\n"
                      "/* ; */ CREATE INDEX i\n  ON a (x, nosuch);\n");
    assert_int_equal(open_build(f), TG_STORE);
    const struct tg_diag *diag = expect_diag(f, "nosuch");
    assert_string_equal(diag->path, "schema.sql");
    /* SQLite 3.38 and later tell the place; before, it is the start of the statement. The message
     * about a column in CREATE INDEX has no place of its own. */
    assert_true(diag->line == 4 || diag->line == 5);
    assert_true(diag->column >= 4);
}

static void test_schema_syntax_error_position(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "CREATE TABLE a (x);\nCREATE TABLE ü (\n  y INTEGER,\n  CHEK ) );\n");
    assert_int_equal(open_build(f), TG_STORE);
    const struct tg_diag *diag = expect_diag(f, "syntax error");
    /* SQLite before 3.38 does not tell where; the statement's start is shown then. */
    if (diag->line != 2) {
        assert_int_equal(diag->line, 4);
        assert_int_equal(diag->column, 10); /* the second ')' */
    }
}

static void test_schema_pragma_is_warned_of(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "PRAGMA foreign_keys = ON; PRAGMA user_version = 3; CREATE TABLE t (x);");
    fixture_build(f, NULL, 0);
    assert_int_equal(f->diags.count, 1);
    assert_int_equal(f->diags.items[0].severity, TG_SEVERITY_WARNING);
    assert_string_equal(ask(f, "PRAGMA user_version"), "3");
}

/* ---- load ---- */

static const char *const PERSON[] = {"id", "name", "score", "photo", "boss"};

static void person_row(void *context, uint64_t index, struct tg_value *values)
{
    static char name[32];
    const int64_t *wrong_boss = context;
    snprintf(name, sizeof name, "person %d", (int)index);
    values[0] = int_value((int64_t)index + 1);
    values[1] = text_value(name);
    values[2] = (struct tg_value){.type = TG_VALUE_FLOAT, .real = (double)index / 4};
    values[3] = (struct tg_value){.type = TG_VALUE_BLOB, .length = 3, .bytes = "a\0b"};
    values[4] = index == 0 ? (struct tg_value){.type = TG_VALUE_NULL} : int_value(1);
    if (wrong_boss && index == 7)
        values[4] = int_value(*wrong_boss);
}

static struct tg_row_source people(uint64_t rows, int64_t *wrong_boss)
{
    return (struct tg_row_source){.table = "people",
                                  .columns = PERSON,
                                  .column_count = 5,
                                  .rows = rows,
                                  .row = person_row,
                                  .context = wrong_boss};
}

static const char PEOPLE[] =
    "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, score REAL, photo BLOB,\n"
    "  boss INTEGER REFERENCES people(id));\n"
    "CREATE UNIQUE INDEX people_name ON people (name);\n"
    "CREATE TRIGGER people_loud AFTER INSERT ON people BEGIN\n"
    "  UPDATE people SET score = -1 WHERE id = new.id; END;\n"
    "CREATE INDEX people_boss ON people (boss);\n";

static void test_load(void **state)
{
    struct fixture *f = *state;
    fixture_set(f, "journal_mode", "WAL");
    fixture_option(f, "analyze", "true");
    fixture_schema(f, PEOPLE);
    struct tg_row_source source = people(1000, NULL);
    fixture_build(f, &source, 1);
    /* WAL was folded into the file: it can be copied alone. */
    char *wal = tg_path_join(f->folder, "store.db-wal");
    assert_false(tg_path_exists(wal));
    free(wal);
    assert_string_equal(ask(f, "SELECT count(*) || ' ' || sum(boss) FROM people"), "1000 999");
    assert_string_equal(ask(f, "SELECT name || ' ' || score || ' ' || hex(photo) FROM people "
                               "WHERE id = 3"),
                        "person 2 0.5 610062");
    /* The trigger came after the rows, else every score would be -1. */
    assert_string_equal(ask(f, "SELECT count(*) FROM people WHERE score < 0"), "0");
    assert_string_equal(ask(f, "SELECT count(*) FROM sqlite_master WHERE type IN ('index', "
                               "'trigger')"),
                        "3");
    assert_string_equal(ask(f, "SELECT count(*) > 0 FROM sqlite_stat1"), "1");
    assert_string_equal(ask(f, "PRAGMA journal_mode"), "wal");
    /* Built once: a second build would mix two data sets. */
    void *second = NULL;
    assert_int_equal(f->engine->open(&f->spec, true, &second, &f->diags), TG_INVALID);
    expect_diag(f, "exists already");
}

static void test_load_names_the_row_that_fails(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "CREATE TABLE people (id INTEGER PRIMARY KEY CHECK (id <> 5), name, score, "
                      "photo, boss);");
    expect_ok(f, open_build(f));
    struct tg_row_source source = people(10, NULL);
    assert_int_equal(f->engine->build(f->store, &source, 1, &f->diags), TG_STORE);
    expect_diag(f, "load people: row 4: CHECK constraint failed");
}

static void test_load_into_missing_table(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "CREATE TABLE other (id);");
    expect_ok(f, open_build(f));
    struct tg_row_source source = people(10, NULL);
    assert_int_equal(f->engine->build(f->store, &source, 1, &f->diags), TG_STORE);
    expect_diag(f, "load people: no such table: people");
}

static void test_late_index_error_has_its_place(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "CREATE TABLE people (id, name, score, photo, boss);\n"
                      "CREATE UNIQUE INDEX one_boss ON people (boss);\n");
    expect_ok(f, open_build(f));
    struct tg_row_source source = people(10, NULL);
    assert_int_equal(f->engine->build(f->store, &source, 1, &f->diags), TG_STORE);
    const struct tg_diag *diag = expect_diag(f, "UNIQUE constraint failed: people.boss");
    assert_string_equal(diag->path, "schema.sql");
    assert_int_equal(diag->line, 2);
}

static void test_build_checks_foreign_keys(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, PEOPLE);
    expect_ok(f, open_build(f));
    int64_t nobody = 4711;
    struct tg_row_source source = people(10, &nobody);
    assert_int_equal(f->engine->build(f->store, &source, 1, &f->diags), TG_STORE);
    expect_diag(f, "row 8 of people refers by boss to no row of people");
}

static void test_verify(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, PEOPLE);
    struct tg_row_source source = people(10, NULL);
    fixture_build(f, &source, 1);
    expect_ok(f, f->engine->verify(f->store, &f->diags));
    struct direct d = direct_load();
    sqlite3 *db = direct_open(&d, f);
    assert_int_equal(d.exec(db, "UPDATE people SET boss = 99 WHERE id > 2", NULL, NULL, NULL),
                     SQLITE_OK);
    d.close(db);
    assert_int_equal(f->engine->verify(f->store, &f->diags), TG_STORE);
    expect_diag(f, "row 3 of people refers by boss to no row of people");
    expect_diag(f, "3 more violations");
    assert_int_equal(f->diags.errors, 6);
}

static void test_verify_finds_damage(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, PEOPLE);
    struct tg_row_source source = people(2000, NULL);
    fixture_build(f, &source, 1);
    struct direct d = direct_load();
    sqlite3 *db = direct_open(&d, f);
    /* An index that does not hold what its table holds, made the documented way. */
    assert_int_equal(d.exec(db,
                            "PRAGMA writable_schema = ON;"
                            "UPDATE sqlite_master SET sql = 'CREATE INDEX people_boss ON people "
                            "(score)' WHERE name = 'people_boss'",
                            NULL, NULL, NULL),
                     SQLITE_OK);
    d.close(db);
    assert_int_equal(f->engine->verify(f->store, &f->diags), TG_STORE);
    expect_diag(f, "integrity: ");
}

/* ---- files that cannot be used ---- */

static void test_locked_file(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "CREATE TABLE t (x);");
    fixture_build(f, NULL, 0);
    f->engine->close(f->store);
    f->store = NULL;
    struct direct d = direct_load();
    sqlite3 *db = direct_open(&d, f);
    assert_int_equal(d.exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(f->engine->open(&f->spec, false, &f->store, &f->diags), TG_STORE);
    d.close(db);
    assert_non_null(strstr(expect_diag(f, "database is locked")->hint, "lock"));
}

static void test_missing_and_foreign_file(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(f->engine->open(&f->spec, false, &f->store, &f->diags), TG_STORE);
    expect_diag(f, "unable to open database file");
    char *path = store_path(f);
    const char text[] = "This is no database, but it is long enough to look at: a header has 100 "
                        "bytes, and this text has more than that in it.";
    expect_ok(f, tg_file_write(path, text, sizeof text, false, &f->diags));
    free(path);
    assert_int_equal(f->engine->open(&f->spec, false, &f->store, &f->diags), TG_STORE);
    expect_diag(f, "file is not a database");
}

/* Permissions mean nothing to root, so root becomes somebody else for a moment. */
static void test_read_only_file(void **state)
{
    struct fixture *f = *state;
    fixture_schema(f, "CREATE TABLE t (x);");
    fixture_build(f, NULL, 0);
    f->engine->close(f->store);
    f->store = NULL;
    char *path = store_path(f);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(chmod(f->folder, 0755), 0);
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    enum tg_status status = f->engine->open(&f->spec, false, &f->store, &f->diags);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(status, TG_STORE);
    expect_diag(f, "read-only");
    assert_int_equal(chmod(path, 0000), 0);
    if (root)
        assert_int_equal(seteuid(65534), 0);
    status = f->engine->open(&f->spec, false, &f->store, &f->diags);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(status, TG_STORE);
    assert_non_null(strstr(expect_diag(f, "unable to open")->hint, "not readable"));
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_library_absent),
        TEST(test_library_is_something_else),
        TEST(test_settings_take),
        TEST(test_wal_in_memory_is_refused),
        TEST(test_unknown_settings_are_refused_together),
        TEST(test_options_are_checked),
        TEST(test_schema_error_position),
        TEST(test_schema_syntax_error_position),
        TEST(test_schema_pragma_is_warned_of),
        TEST(test_load),
        TEST(test_load_names_the_row_that_fails),
        TEST(test_load_into_missing_table),
        TEST(test_late_index_error_has_its_place),
        TEST(test_build_checks_foreign_keys),
        TEST(test_verify),
        TEST(test_verify_finds_damage),
        TEST(test_locked_file),
        TEST(test_missing_and_foreign_file),
        TEST(test_read_only_file),
    };
    return cmocka_run_group_tests_name("sqlite store", tests, NULL, NULL);
}
