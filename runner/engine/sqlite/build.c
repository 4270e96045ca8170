/* Building a data set: rows first, in one transaction, indexes and triggers after them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"

static enum tg_status run(struct tg_sqlite_store *store, const char *sql, struct tg_diags *diags)
{
    if (tg_sqlite_run(store, store->builder, sql) != SQLITE_OK)
        return tg_sqlite_fail(store, store->builder, (struct tg_place){.path = store->path}, diags,
                              "%s", sql);
    return TG_OK;
}

/* The file is thrown away when the build fails, so nothing has to survive a crash on the way. */
static enum tg_status prepare_to_load(struct tg_sqlite_store *store, struct tg_diags *diags)
{
    static const char *const STATEMENTS[] = {
        "PRAGMA journal_mode = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA cache_size = -65536",
    };
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < sizeof STATEMENTS / sizeof STATEMENTS[0] && status == TG_OK; i++)
        status = run(store, STATEMENTS[i], diags);
    return status;
}

static char *insert_sql(const struct tg_row_source *source)
{
    struct tg_text sql = {0};
    char *table = tg_sqlite_quote(source->table, '\"');
    tg_text_addf(&sql, "INSERT INTO %s (", table);
    free(table);
    for (size_t i = 0; i < source->column_count; i++) {
        char *column = tg_sqlite_quote(source->columns[i], '\"');
        tg_text_addf(&sql, "%s%s", i > 0 ? ", " : "", column);
        free(column);
    }
    tg_text_add(&sql, ") VALUES (");
    for (size_t i = 0; i < source->column_count; i++)
        tg_text_add(&sql, i > 0 ? ", ?" : "?");
    tg_text_add(&sql, ")");
    return sql.data;
}

/* SQLITE_DONE, or the code of the row that failed, which is *row. */
static int load_rows(const struct tg_sqlite_api *api, sqlite3_stmt *statement,
                     const struct tg_row_source *source, struct tg_value *values, uint64_t *row)
{
    int rc = SQLITE_DONE;
    for (*row = 0; *row < source->rows; (*row)++) {
        source->row(source->context, *row, values);
        for (size_t i = 0; i < source->column_count; i++) {
            if ((rc = tg_sqlite_bind(api, statement, (int)i + 1, &values[i])) != SQLITE_OK)
                return rc;
        }
        rc = api->step(statement);
        api->reset(statement);
        if (rc != SQLITE_DONE)
            return rc;
    }
    return rc;
}

static enum tg_status load_table(struct tg_sqlite_store *store, const struct tg_row_source *source,
                                 struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &store->api;
    sqlite3_stmt *statement = NULL;
    char *sql = insert_sql(source);
    int rc = api->prepare_v3(store->builder, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    free(sql);
    if (rc != SQLITE_OK) {
        enum tg_status failed = tg_sqlite_fail(store, store->builder, (struct tg_place){0}, diags,
                                               "load %s", source->table);
        tg_diag_hint(&diags->items[diags->count - 1],
                     "[load.%s] is about a table of the schema and its columns", source->table);
        return failed;
    }
    struct tg_value *values = tg_calloc(source->column_count + 1, sizeof *values);
    uint64_t row = 0;
    enum tg_status status = TG_OK;
    if (load_rows(api, statement, source, values, &row) != SQLITE_DONE) {
        status = tg_sqlite_fail(store, store->builder, (struct tg_place){0}, diags,
                                "load %s: row %llu", source->table, (unsigned long long)row);
        struct tg_diag *diag = &diags->items[diags->count - 1];
        if (!diag->hint)
            tg_diag_hint(diag, "the generators of [load.%s] made a row that the schema refuses",
                         source->table);
    }
    free(values);
    api->finalize(statement);
    return status;
}

static enum tg_status load_tables(struct tg_sqlite_store *store,
                                  const struct tg_row_source *sources, size_t count,
                                  struct tg_diags *diags)
{
    enum tg_status status = run(store, "BEGIN", diags);
    for (size_t i = 0; i < count && status == TG_OK; i++)
        status = load_table(store, &sources[i], diags);
    return status == TG_OK ? run(store, "COMMIT", diags) : status;
}

static enum tg_status finish_schema(struct tg_sqlite_store *store, struct tg_diags *diags)
{
    for (size_t i = 0; i < store->later_count; i++) {
        const struct tg_sqlite_later *later = &store->later[i];
        if (tg_sqlite_run(store, store->builder, later->sql) != SQLITE_OK) {
            tg_diag_error(diags, later->place, "%s", store->api.errmsg(store->builder));
            return TG_STORE;
        }
    }
    return TG_OK;
}

/* What was loaded reaches the disk now, not while the first phase is measured. */
static enum tg_status sync_file(const char *path, struct tg_diags *diags)
{
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return tg_diag_errno(diags, path, errno, "cannot open the database that was built");
    int failed = fsync(file);
    int error = errno;
    close(file);
    return failed ? tg_diag_errno(diags, path, error, "cannot sync") : TG_OK;
}

/* A new connection puts the journal mode back, which for a log is a property of the file; closing
 * the last one folds a log into the file. */
static enum tg_status settle(struct tg_sqlite_store *store, struct tg_diags *diags)
{
    store->api.close_v2(store->builder);
    store->builder = NULL;
    sqlite3 *db;
    enum tg_status status = tg_sqlite_connect_set(store, &db, diags);
    store->api.close_v2(db);
    return status == TG_OK && store->path ? sync_file(store->path, diags) : status;
}

/* The file is gone when the user reads of a violation: what counts is the load. */
static enum tg_status check_loaded(struct tg_sqlite_store *store, struct tg_diags *diags)
{
    const struct tg_place nowhere = {0};
    enum tg_status status = tg_sqlite_check_foreign_keys(store, store->builder, nowhere, diags);
    if (status != TG_OK)
        tg_diag_hint(&diags->items[diags->count - 1],
                     "the generator of this column has to draw keys that the other load makes, as "
                     "\"pick\" does");
    return status;
}

enum tg_status tg_sqlite_build(void *opaque, const struct tg_row_source *sources, size_t count,
                               struct tg_diags *diags)
{
    struct tg_sqlite_store *store = opaque;
    enum tg_status status = prepare_to_load(store, diags);
    if (status == TG_OK)
        status = load_tables(store, sources, count, diags);
    if (status == TG_OK)
        status = finish_schema(store, diags);
    if (status == TG_OK)
        status = check_loaded(store, diags);
    if (status == TG_OK && store->analyze)
        status = run(store, "ANALYZE", diags);
    return status == TG_OK ? settle(store, diags) : status;
}
