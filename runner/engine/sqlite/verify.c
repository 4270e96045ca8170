/* Integrity: foreign keys and the file's own structure. */
#include <string.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"

enum { VIOLATIONS_SHOWN = 5 };

static void report_foreign_key(const struct tg_sqlite_api *api, sqlite3_stmt *row,
                               struct tg_place place, struct tg_diags *diags)
{
    /* table, rowid (NULL in a table without one), parent, columns of the key */
    const char *table = tg_sqlite_column(api, row, 0);
    const char *parent = tg_sqlite_column(api, row, 2);
    const char *columns = tg_sqlite_column(api, row, 3);
    if (api->column_type(row, 1) == SQLITE_NULL)
        tg_diag_error(diags, place, "foreign key: a row of %s refers by %s to no row of %s", table,
                      columns, parent);
    else
        tg_diag_error(diags, place, "foreign key: row %s of %s refers by %s to no row of %s",
                      tg_sqlite_column(api, row, 1), table, columns, parent);
}

enum tg_status tg_sqlite_check_foreign_keys(struct tg_sqlite_store *store, sqlite3 *db,
                                            struct tg_place place, struct tg_diags *diags)
{
    static const char SQL[] =
        "SELECT \"table\", rowid, parent, (SELECT group_concat(\"from\", ', ') FROM "
        "pragma_foreign_key_list(v.\"table\") AS k WHERE k.id = v.fkid) "
        "FROM pragma_foreign_key_check AS v";
    const struct tg_sqlite_api *api = &store->api;
    sqlite3_stmt *statement = NULL;
    if (api->prepare_v2(db, SQL, -1, &statement, NULL) != SQLITE_OK)
        return tg_sqlite_fail(store, db, place, diags, "foreign-key check");
    long long violations = 0;
    int rc;
    while ((rc = api->step(statement)) == SQLITE_ROW) {
        if (violations++ < VIOLATIONS_SHOWN)
            report_foreign_key(api, statement, place, diags);
    }
    enum tg_status status = violations > 0 ? TG_STORE : TG_OK;
    if (rc != SQLITE_DONE)
        status = tg_sqlite_fail(store, db, place, diags, "foreign-key check");
    api->finalize(statement);
    if (violations > VIOLATIONS_SHOWN)
        tg_diag_error(diags, place, "foreign key: %lld more violations",
                      violations - VIOLATIONS_SHOWN);
    return status;
}

static enum tg_status check_integrity(struct tg_sqlite_store *store, sqlite3 *db,
                                      struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &store->api;
    struct tg_place place = {.path = store->path};
    sqlite3_stmt *statement = NULL;
    if (api->prepare_v2(db, "PRAGMA integrity_check(20)", -1, &statement, NULL) != SQLITE_OK)
        return tg_sqlite_fail(store, db, place, diags, "integrity check");
    enum tg_status status = TG_OK;
    int rc;
    while ((rc = api->step(statement)) == SQLITE_ROW) {
        const char *text = tg_sqlite_column(api, statement, 0);
        if (strcmp(text, "ok") == 0)
            continue;
        tg_diag_error(diags, place, "integrity: %s", text);
        status = TG_STORE;
    }
    if (rc != SQLITE_DONE)
        status = tg_sqlite_fail(store, db, place, diags, "integrity check");
    api->finalize(statement);
    return status;
}

enum tg_status tg_sqlite_verify(void *opaque, struct tg_diags *diags)
{
    struct tg_sqlite_store *store = opaque;
    sqlite3 *db;
    enum tg_status status = tg_sqlite_connect(store, 0, &db, diags);
    if (status != TG_OK)
        return status;
    struct tg_place place = {.path = store->path};
    enum tg_status keys = tg_sqlite_check_foreign_keys(store, db, place, diags);
    status = check_integrity(store, db, diags);
    store->api.close_v2(db);
    return status == TG_OK ? keys : status;
}
