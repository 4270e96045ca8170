/* What the scenario tests share: two engines of their own, a folder with a schema, loading a
 * scenario from text, and diagnostics as one string. Included once per test program. */
#ifndef TG_TESTS_SCENARIO_SUPPORT_H
#define TG_TESTS_SCENARIO_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/file.h"
#include "common/text.h"
#include "runner/scenario/scenario.h"

/* ---- engines: only what a scenario asks of one ---- */

static const char *const sqlite_options[] = {"busy_retries"};
static const char *const noop_options[] = {"delay"};
static const struct tg_engine test_sqlite = {.abi = TG_ENGINE_ABI,
                                             .kind = "sqlite",
                                             .default_library = "libsqlite3.so.0",
                                             .files = true,
                                             .options = sqlite_options,
                                             .option_count = 1,
                                             .takes_sql = true};
static const struct tg_engine test_noop = {
    .abi = TG_ENGINE_ABI, .kind = "noop", .options = noop_options, .option_count = 1};
static const struct tg_engine *const test_engines[] = {&test_sqlite, &test_noop};

const struct tg_engine *const *tg_engines(size_t *count)
{
    *count = 2;
    return test_engines;
}

const struct tg_engine *tg_engine_find(const char *kind)
{
    for (size_t i = 0; i < 2; i++) {
        if (strcmp(test_engines[i]->kind, kind) == 0)
            return test_engines[i];
    }
    return NULL;
}

/* ---- a folder of the test's own ---- */

static char test_folder[] = "/tmp/tailgate-scenario-XXXXXX";

static inline void write_file(const char *name, const void *bytes, size_t length)
{
    struct tg_diags diags = {0};
    char *path = tg_path_join(test_folder, name);
    assert_int_equal(tg_file_write(path, bytes, length, true, &diags), TG_OK);
    free(path);
}

static inline int make_folder(void **state)
{
    (void)state;
    static const char schema[] = "CREATE TABLE t (id INTEGER PRIMARY KEY);\n";
    assert_non_null(mkdtemp(test_folder));
    write_file("schema.sql", schema, strlen(schema));
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    return tg_remove_tree(test_folder, &diags) == TG_OK ? 0 : -1;
}

/* ---- loading ---- */

/* The diagnostics as "LINE:COLUMN: SEVERITY: MESSAGE\n  hint: HINT\n" each; a path other than the
 * scenario's stands in front. Empties `diags`. Free with free(). */
static inline char *render(struct tg_diags *diags, const char *scenario_path)
{
    static const char *const severities[] = {"note", "warning", "error"};
    struct tg_text text = {0};
    tg_text_add(&text, "");
    for (size_t i = 0; i < diags->count; i++) {
        const struct tg_diag *diag = &diags->items[i];
        if (!diag->path || strcmp(diag->path, scenario_path) != 0)
            tg_text_addf(&text, "%s: ", diag->path ? diag->path : "(no path)");
        tg_text_addf(&text, "%d:%d: %s: %s\n", diag->line, diag->column, severities[diag->severity],
                     diag->message);
        if (diag->hint)
            tg_text_addf(&text, "  hint: %s\n", diag->hint);
    }
    tg_diags_free(diags);
    return text.data;
}

/* Loads `length` bytes as a scenario in the test's folder; *said gets the diagnostics. */
static inline struct tg_scenario *load_bytes(const char *bytes, size_t length,
                                             const struct tg_override *overrides, size_t count,
                                             char **said)
{
    write_file("scenario.toml", bytes, length);
    char *path = tg_path_join(test_folder, "scenario.toml");
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    enum tg_status status = tg_scenario_load(path, overrides, count, &scenario, &diags);
    assert_int_equal(status == TG_OK, scenario != NULL);
    assert_int_equal(status == TG_OK, diags.errors == 0);
    *said = render(&diags, path);
    free(path);
    return scenario;
}

#endif
