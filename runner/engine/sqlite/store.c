#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"
#include "runner/engine/registry.h"
#include "runner/engine/sqlite/settings.h"
#include "runner/engine/sqlite/sqlite.h"

#define DEFAULT_DATABASE "store.db"
enum {
    SETUP_TIMEOUT_MS =
        1000,              /* sessions that open at once wait for each other's recovery of a log */
    MEMDB_SINCE = 3036000, /* the first version whose VFS "memdb" can be shared */
};

enum tg_status tg_sqlite_fail(const struct tg_sqlite_store *store, sqlite3 *db,
                              struct tg_place place, struct tg_diags *diags, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *what = tg_vformat(fmt, args);
    va_end(args);
    struct tg_diag *diag = tg_diag_error(diags, place, "%s: %s", what, store->api.errmsg(db));
    if ((store->api.extended_errcode(db) & 0xff) == SQLITE_FULL)
        tg_diag_hint(diag, "make room on the file system, or make the data set smaller");
    free(what);
    return TG_STORE;
}

int tg_sqlite_run(const struct tg_sqlite_store *store, sqlite3 *db, const char *sql)
{
    const struct tg_sqlite_api *api = &store->api;
    sqlite3_stmt *statement = NULL;
    int rc = api->prepare_v2(db, sql, -1, &statement, NULL);
    if (rc == SQLITE_OK) {
        while ((rc = api->step(statement)) == SQLITE_ROW)
            continue;
    }
    int final = api->finalize(statement);
    return rc == SQLITE_DONE ? final : rc;
}

char *tg_sqlite_text(const struct tg_sqlite_store *store, sqlite3 *db, const char *sql)
{
    const struct tg_sqlite_api *api = &store->api;
    sqlite3_stmt *statement = NULL;
    char *text = NULL;
    if (api->prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        api->step(statement) == SQLITE_ROW && api->column_type(statement, 0) != SQLITE_NULL)
        text = tg_strdup(tg_sqlite_column(api, statement, 0));
    api->finalize(statement);
    return text;
}

const char *tg_sqlite_column(const struct tg_sqlite_api *api, sqlite3_stmt *statement, int column)
{
    const unsigned char *text = api->column_text(statement, column);
    return text ? (const char *)text : "";
}

char *tg_sqlite_quote(const char *text, char quote)
{
    struct tg_text quoted = {0};
    tg_text_pad(&quoted, quote, 1);
    for (const char *p = text; *p; p++)
        tg_text_pad(&quoted, *p, *p == quote ? 2 : 1);
    tg_text_pad(&quoted, quote, 1);
    return quoted.data;
}

static enum tg_status open_failed(struct tg_sqlite_store *store, sqlite3 *db, int rc,
                                  struct tg_diags *diags)
{
    const char *text = db ? store->api.errmsg(db) : store->api.errstr(rc);
    struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){.path = store->path},
                                         "cannot open the database: %s", text);
    if ((rc & 0xff) == SQLITE_BUSY) {
        tg_diag_hint(diag, "another connection or process holds a lock on it");
    } else if ((rc & 0xff) == SQLITE_NOTADB) {
        tg_diag_hint(diag, "the file is something else, or encrypted");
    } else if ((rc & 0xff) == SQLITE_CANTOPEN && store->path &&
               euidaccess(store->path, R_OK) != 0) {
        tg_diag_hint(diag, "the file is not readable: %s", strerror(errno));
    }
    return TG_STORE;
}

/* Opening reads nothing yet; this does, so that a locked or foreign file is found here. */
static enum tg_status probe(struct tg_sqlite_store *store, sqlite3 *db, struct tg_diags *diags)
{
    int rc = tg_sqlite_run(store, db, "SELECT count(*) FROM sqlite_master");
    if (rc != SQLITE_OK)
        return open_failed(store, db, rc, diags);
    if (store->api.db_readonly(db, "main") == 1) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = store->path},
                                   "the database is read-only"),
                     "the file and its folder have to be writable");
        return TG_STORE;
    }
    return TG_OK;
}

enum tg_status tg_sqlite_connect(struct tg_sqlite_store *store, int flags, sqlite3 **db,
                                 struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &store->api;
    *db = NULL;
    int rc =
        api->open_v2(store->uri, db,
                     flags | SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, NULL);
    enum tg_status status;
    if (rc != SQLITE_OK) {
        status = open_failed(store, *db, rc, diags);
    } else {
        api->extended_result_codes(*db, 1);
        int timeout_ms = store->busy_timeout_ms;
        api->busy_timeout(*db, timeout_ms > SETUP_TIMEOUT_MS ? timeout_ms : SETUP_TIMEOUT_MS);
        status = probe(store, *db, diags);
    }
    if (status != TG_OK) {
        api->close_v2(*db);
        *db = NULL;
    }
    return status;
}

enum tg_status tg_sqlite_connect_set(struct tg_sqlite_store *store, sqlite3 **db,
                                     struct tg_diags *diags)
{
    int flags = store->memory ? SQLITE_OPEN_CREATE : 0;
    enum tg_status status = tg_sqlite_connect(store, flags, db, diags);
    if (status != TG_OK)
        return status;
    status = tg_sqlite_apply_settings(store, *db, diags);
    if (status != TG_OK) {
        store->api.close_v2(*db);
        *db = NULL;
    }
    return status;
}

/* The sessions of a store share one in-memory database, and no other store of the process does. */
static char *memory_uri(const struct tg_sqlite_api *api)
{
    static atomic_uint stores;
    unsigned number = atomic_fetch_add(&stores, 1);
    /* The VFS "memdb" locks the database as a file is locked, each connection with a page cache of
     * its own. A shared cache locks single tables, answers SQLITE_LOCKED without waiting, and lets
     * only one connection read at a time: second choice. */
    bool memdb = api->libversion_number() >= MEMDB_SINCE && api->vfs_find("memdb");
    return memdb ? tg_format("file:/tailgate-%u?vfs=memdb", number)
                 : tg_format("file:tailgate-%u?mode=memory&cache=shared", number);
}

/* '%', '?' and '#' mean something in a URI. */
static char *file_uri(const char *path)
{
    struct tg_text uri = {0};
    tg_text_add(&uri, "file:");
    for (const char *p = path; *p; p++) {
        if (strchr("%?#", *p))
            tg_text_addf(&uri, "%%%02x", (unsigned char)*p);
        else
            tg_text_add_bytes(&uri, p, 1);
    }
    return uri.data;
}

static enum tg_status locate(struct tg_sqlite_store *store, bool build, struct tg_diags *diags)
{
    const char *database = store->spec.database ? store->spec.database : DEFAULT_DATABASE;
    store->memory = strcmp(database, ":memory:") == 0;
    if (store->memory) {
        store->uri = memory_uri(&store->api);
        if (!build) {
            tg_diag_error(diags, (struct tg_place){0},
                          "an in-memory database cannot be opened without being built");
            return TG_INVALID;
        }
        return TG_OK;
    }
    store->path = tg_path_join(store->spec.folder, database);
    store->uri = file_uri(store->path);
    if (build && tg_path_exists(store->path)) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = store->path},
                                   "the database exists already"),
                     "a data set is built in an empty folder");
        return TG_INVALID;
    }
    return TG_OK;
}

/* The connection that builds: settings are checked on it as any session will have them, then
 * replaced by what loads fast. */
static enum tg_status begin_build(struct tg_sqlite_store *store, struct tg_diags *diags)
{
    enum tg_status status = tg_sqlite_connect(store, SQLITE_OPEN_CREATE, &store->builder, diags);
    if (status == TG_OK)
        status = tg_sqlite_apply_settings(store, store->builder, diags);
    if (status == TG_OK)
        status = tg_sqlite_run_schema(store, store->builder, true, diags);
    return status;
}

static void sqlite_close(void *opaque)
{
    struct tg_sqlite_store *store = opaque;
    store->api.close_v2(store->builder);
    store->api.close_v2(store->keeper);
    for (size_t i = 0; i < store->later_count; i++)
        free(store->later[i].sql);
    free(store->later);
    free(store->uri);
    free(store->path);
    free(store);
}

static enum tg_status sqlite_open(const struct tg_store_spec *spec, bool build, void **opaque,
                                  struct tg_diags *diags)
{
    struct tg_sqlite_store *store = tg_calloc(1, sizeof *store);
    store->spec = *spec;
    enum tg_status status = tg_sqlite_library_load(spec->library, &store->api, diags);
    if (status != TG_OK) {
        free(store);
        return status;
    }
    status = tg_sqlite_read_options(store, diags);
    if (status == TG_OK)
        status = locate(store, build, diags);
    if (status == TG_OK && store->memory)
        status = tg_sqlite_connect(store, SQLITE_OPEN_CREATE, &store->keeper, diags);
    if (status == TG_OK && build) {
        status = begin_build(store, diags);
    } else if (status == TG_OK) {
        sqlite3 *db;
        status = tg_sqlite_connect_set(store, &db, diags);
        store->api.close_v2(db);
    }
    if (status != TG_OK) {
        sqlite_close(store);
        return status;
    }
    *opaque = store;
    return TG_OK;
}

static const char *const SQLITE_OPTIONS[] = {"busy_retries", "analyze"};

const struct tg_engine tg_engine_sqlite = {
    .abi = TG_ENGINE_ABI,
    .kind = "sqlite",
    .summary = "SQLite, from a shared library of your choice",
    .default_library = TG_SQLITE_DEFAULT_LIBRARY,
    .files = true,
    .options = SQLITE_OPTIONS,
    .option_count = sizeof SQLITE_OPTIONS / sizeof SQLITE_OPTIONS[0],
    .takes_sql = true,
    .log_suffix = "-wal",
    .open = sqlite_open,
    .build = tg_sqlite_build,
    .session_open = tg_sqlite_session_open,
    .execute = tg_sqlite_execute,
    .error_text = tg_sqlite_error_text,
    .error_name = tg_sqlite_error_name,
    .session_close = tg_sqlite_session_close,
    .verify = tg_sqlite_verify,
    .close = sqlite_close,
    .describe = tg_sqlite_describe,
    .settings = tg_sqlite_settings,
    .same_setting = tg_sqlite_same_setting,
    .counters = tg_sqlite_counters,
    .explain = tg_sqlite_explain,
    .indexes = tg_sqlite_indexes,
    .remedies = tg_sqlite_remedies,
    .without_indexes = tg_sqlite_without_indexes,
};
