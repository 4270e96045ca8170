/* A private, empty copy of a store's schema, in which things are tried: an index more, some less.
 */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "runner/engine/sqlite/plan.h"
#include "runner/engine/sqlite/settings.h"

/* What is made for a virtual table exists already when its own statement comes: failures are no
 * matter, a copy that plans otherwise is not used. */
static void copy_objects(const struct tg_sqlite_session *s, sqlite3 *copy)
{
    static const char SQL[] = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT "
                              "LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type <> 'table', rowid";
    sqlite3_stmt *statement = NULL;
    if (s->store->api.prepare_v2(s->db, SQL, -1, &statement, NULL) == SQLITE_OK) {
        while (s->store->api.step(statement) == SQLITE_ROW)
            (void)!tg_sqlite_run(s->store, copy, tg_sqlite_column(&s->store->api, statement, 0));
    }
    s->store->api.finalize(statement);
}

static void copy_statistics(const struct tg_sqlite_session *s, sqlite3 *copy)
{
    const struct tg_sqlite_store *store = s->store;
    sqlite3_stmt *from = NULL, *to = NULL;
    if (s->store->api.prepare_v2(s->db, "SELECT tbl, idx, stat FROM sqlite_stat1", -1, &from,
                                 NULL) != SQLITE_OK)
        return; /* never analysed */
    if (tg_sqlite_run(store, copy, "ANALYZE sqlite_master") == SQLITE_OK &&
        s->store->api.prepare_v2(copy, "INSERT INTO sqlite_stat1 VALUES (?, nullif(?, ''), ?)", -1,
                                 &to, NULL) == SQLITE_OK) {
        while (s->store->api.step(from) == SQLITE_ROW) {
            int rc = SQLITE_OK;
            for (int i = 0; i < 3 && rc == SQLITE_OK; i++)
                rc = s->store->api.bind_text(to, i + 1, tg_sqlite_column(&s->store->api, from, i),
                                             -1, SQLITE_STATIC);
            s->store->api.step(to);
            s->store->api.reset(to);
        }
    }
    s->store->api.finalize(to);
    s->store->api.finalize(from);
    (void)!tg_sqlite_run(store, copy, "ANALYZE sqlite_master"); /* reads them in */
}

/* Some change plans: foreign_keys adds the look-ups that enforce them. Those that are of a file are
 * refused, which is no matter. */
static void copy_settings(const struct tg_sqlite_session *s, sqlite3 *copy)
{
    for (size_t i = 0; i < s->store->spec.setting_count; i++) {
        char *sql = tg_sqlite_pragma_sql(&s->store->spec.settings[i]);
        (void)!tg_sqlite_run(s->store, copy, sql);
        free(sql);
    }
}

sqlite3 *tg_sqlite_copy_schema(const struct tg_sqlite_session *s)
{
    sqlite3 *copy = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (s->store->api.open_v2(":memory:", &copy, flags, NULL) != SQLITE_OK) {
        s->store->api.close_v2(copy);
        return NULL;
    }
    copy_objects(s, copy);
    copy_statistics(s, copy);
    copy_settings(s, copy);
    return copy;
}

static bool drop_all(const struct tg_sqlite_session *s, sqlite3 *copy, const char *const *dropped,
                     size_t count, struct tg_arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        char *sql =
            tg_arena_format(arena, "DROP INDEX %s", tg_sqlite_name_for_sql(arena, dropped[i]));
        if (tg_sqlite_run(s->store, copy, sql) != SQLITE_OK)
            return false;
    }
    return true;
}

enum tg_status tg_sqlite_without_indexes(void *opaque, const char *const *dropped,
                                         size_t dropped_count, const char *const *sql, size_t count,
                                         struct tg_arena *arena, struct tg_plan *plans,
                                         bool *possible, struct tg_diags *diags)
{
    struct tg_sqlite_session *session = opaque;
    const struct tg_sqlite_api *api = &session->store->api;
    sqlite3 *copy = tg_sqlite_copy_schema(session);
    *possible = copy && drop_all(session, copy, dropped, dropped_count, arena);
    for (size_t i = 0; i < count; i++) {
        plans[i] = (struct tg_plan){0};
        *possible = *possible && tg_sqlite_plan(api, copy, sql[i], arena, &plans[i]) == SQLITE_OK;
    }
    api->close_v2(copy);
    (void)diags; /* what the copy refuses cannot be tried; it is no failure of the store */
    return TG_OK;
}
