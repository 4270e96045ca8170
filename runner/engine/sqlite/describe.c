/* What a store says of itself: library, settings, counters. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/hash.h"
#include "common/text.h"
#include "runner/engine/sqlite/settings.h"

/* ---- facts ---- */

/* Compile options that change how fast SQLite is or how it plans, by their beginnings. */
static const char *const TELLING[] = {
    "COMPILER=",
    "DEBUG",
    "DEFAULT_AUTOVACUUM",
    "DEFAULT_CACHE_SIZE",
    "DEFAULT_LOOKASIDE",
    "DEFAULT_MMAP_SIZE",
    "DEFAULT_PAGE_SIZE",
    "DEFAULT_SYNCHRONOUS",
    "DEFAULT_WAL_SYNCHRONOUS",
    "DEFAULT_WORKER_THREADS",
    "DIRECT_OVERFLOW_READ",
    "ENABLE_MEMORY_MANAGEMENT",
    "ENABLE_MEMSYS",
    "ENABLE_STAT4",
    "LIKE_DOESNT_MATCH_BLOBS",
    "MUTEX_",
    "OMIT_AUTOMATIC_INDEX",
    "OMIT_LOOKASIDE",
    "OMIT_SHARED_CACHE",
    "SECURE_DELETE",
    "SYSTEM_MALLOC",
    "THREADSAFE",
};

static char *compile_options(const struct tg_sqlite_api *api, struct tg_arena *arena)
{
    struct tg_text text = {0};
    const char *option;
    for (int i = 0; api->compileoption_get && (option = api->compileoption_get(i)); i++) {
        for (size_t j = 0; j < sizeof TELLING / sizeof TELLING[0]; j++) {
            if (tg_starts_with(option, TELLING[j]))
                tg_text_addf(&text, "%s%s", text.length > 0 ? " " : "", option);
        }
    }
    char *options = tg_arena_strdup(arena, tg_text_string(&text));
    tg_text_free(&text);
    return options;
}

static const char *database_kind(const struct tg_sqlite_store *store)
{
    if (!store->memory)
        return "file";
    return strstr(store->uri, "vfs=memdb") ? "in memory (memdb)" : "in memory (shared cache)";
}

enum tg_status tg_sqlite_describe(void *opaque, struct tg_arena *arena, struct tg_list *facts,
                                  struct tg_diags *diags)
{
    struct tg_sqlite_store *store = opaque;
    const struct tg_sqlite_api *api = &store->api;
    char hash[TG_HASH_TEXT] = "";
    char *path = tg_sqlite_library_path(store->spec.library);
    enum tg_status status = path ? tg_hash_file(path, hash, diags) : TG_OK;
    const struct tg_named_value all[] = {
        {"version", api->libversion()},
        {"source_id", api->sourceid()},
        {"library", path ? path : "unknown"},
        {"library_sha256", hash},
        {"threadsafe", tg_arena_format(arena, "%d", api->threadsafe())},
        {"compile_options", compile_options(api, arena)},
        {"database", database_kind(store)},
    };
    facts->count = sizeof all / sizeof all[0];
    struct tg_named_value *items = tg_arena_array(arena, facts->count, sizeof *items);
    for (size_t i = 0; i < facts->count; i++)
        items[i] = (struct tg_named_value){all[i].name, tg_arena_strdup(arena, all[i].value)};
    facts->items = items;
    free(path);
    return status;
}

/* ---- settings ---- */

static const char *const TOLD[] = {
    "journal_mode", "synchronous",        "cache_size", "page_size",  "foreign_keys",
    "busy_timeout", "wal_autocheckpoint", "mmap_size",  "temp_store",
};
enum { TOLD_COUNT = sizeof TOLD / sizeof TOLD[0] };

static bool requested(const struct tg_store_spec *spec, const char *name)
{
    for (size_t i = 0; i < spec->setting_count; i++) {
        if (strcasecmp(spec->settings[i].name, name) == 0)
            return true;
    }
    return false;
}

static struct tg_setting_state read_state(struct tg_sqlite_store *store, sqlite3 *db,
                                          const char *name, const char *value,
                                          struct tg_arena *arena)
{
    char *actual = tg_sqlite_read_setting(store, db, name);
    struct tg_setting_state state = {
        .name = name,
        .requested = value,
        .actual = actual ? tg_arena_strdup(arena, actual) : NULL,
    };
    free(actual);
    return state;
}

enum tg_status tg_sqlite_settings(void *opaque, struct tg_arena *arena, struct tg_list *states,
                                  struct tg_diags *diags)
{
    struct tg_sqlite_store *store = opaque;
    const struct tg_store_spec *spec = &store->spec;
    sqlite3 *db;
    enum tg_status status = tg_sqlite_connect_set(store, &db, diags);
    if (status != TG_OK)
        return status;
    struct tg_setting_state *items =
        tg_arena_array(arena, spec->setting_count + TOLD_COUNT, sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < spec->setting_count; i++)
        items[count++] =
            read_state(store, db, spec->settings[i].name, spec->settings[i].value, arena);
    for (size_t i = 0; i < TOLD_COUNT; i++) {
        if (requested(spec, TOLD[i]))
            continue;
        items[count] = read_state(store, db, TOLD[i], NULL, arena);
        count += items[count].actual != NULL; /* no mmap_size in memory */
    }
    store->api.close_v2(db);
    *states = (struct tg_list){.items = items, .count = count};
    return TG_OK;
}

/* ---- counters ---- */

static const struct {
    const char *name;
    int code;
} CONNECTION_COUNTERS[] = {
    {"cache_hit", SQLITE_DBSTATUS_CACHE_HIT},
    {"cache_miss", SQLITE_DBSTATUS_CACHE_MISS},
    {"cache_write", SQLITE_DBSTATUS_CACHE_WRITE},
    {"cache_spill", SQLITE_DBSTATUS_CACHE_SPILL},
};

static const struct {
    const char *name;
    int code;
} STATEMENT_COUNTERS[] = {
    {"fullscan_step", SQLITE_STMTSTATUS_FULLSCAN_STEP}, {"sort", SQLITE_STMTSTATUS_SORT},
    {"autoindex", SQLITE_STMTSTATUS_AUTOINDEX},         {"vm_step", SQLITE_STMTSTATUS_VM_STEP},
    {"reprepare", SQLITE_STMTSTATUS_REPREPARE},
};

enum {
    CONNECTION_COUNT = sizeof CONNECTION_COUNTERS / sizeof CONNECTION_COUNTERS[0],
    STATEMENT_COUNT = sizeof STATEMENT_COUNTERS / sizeof STATEMENT_COUNTERS[0],
};

static long long statement_total(const struct tg_sqlite_session *session, int code)
{
    /* SQLite counts in 32 bits, unsigned inside. */
    unsigned long long total = 0;
    for (size_t i = 0; i < session->op_count; i++) {
        const struct tg_sqlite_op *op = &session->ops[i];
        for (size_t j = 0; j < op->statement_count; j++)
            total += (unsigned)session->store->api.stmt_status(op->statements[j].handle, code, 0);
    }
    return (long long)total;
}

enum tg_status tg_sqlite_counters(void *opaque, struct tg_arena *arena, struct tg_list *counters,
                                  struct tg_diags *diags)
{
    struct tg_sqlite_session *session = opaque;
    struct tg_named_value *items =
        tg_arena_array(arena, CONNECTION_COUNT + STATEMENT_COUNT, sizeof *items);
    size_t count = 0;
    for (size_t i = 0; i < CONNECTION_COUNT; i++) {
        int current = 0, highest = 0;
        if (session->store->api.db_status(session->db, CONNECTION_COUNTERS[i].code, &current,
                                          &highest, 0) != SQLITE_OK)
            continue; /* a library older than this counter */
        items[count++] = (struct tg_named_value){CONNECTION_COUNTERS[i].name,
                                                 tg_arena_format(arena, "%u", (unsigned)current)};
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++)
        items[count++] = (struct tg_named_value){
            STATEMENT_COUNTERS[i].name,
            tg_arena_format(arena, "%lld", statement_total(session, STATEMENT_COUNTERS[i].code))};
    (void)diags;
    *counters = (struct tg_list){.items = items, .count = count};
    return TG_OK;
}
