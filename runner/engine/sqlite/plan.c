/* EXPLAIN QUERY PLAN, classified. The words are not an interface of SQLite; these are those of 3.25
 * to 3.50: "SCAN TABLE t AS x" became "SCAN x" in 3.36, "LEFT-JOIN" was added at the end in 3.39.
 */
#include "runner/engine/sqlite/plan.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "runner/engine/sqlite/tokens.h"

#define PREFIX "EXPLAIN QUERY PLAN "

struct schema_names { /* tables, and indexes with their tables */
    struct schema_name {
        const char *type, *name, *table;
    } * items;
    size_t count;
};

static int read_names(const struct tg_sqlite_api *api, sqlite3 *db, struct tg_arena *arena,
                      struct schema_names *names)
{
    /* A virtual table has no plan of its own to speak of: SQLite only hands over the constraints.
     */
    static const char SQL[] = "SELECT type, name, tbl_name, count(*) OVER () FROM sqlite_master "
                              "WHERE type IN ('table', 'index') AND coalesce(sql, '') NOT LIKE "
                              "'create virtual %' ORDER BY rowid";
    sqlite3_stmt *statement = NULL;
    int rc = api->prepare_v2(db, SQL, -1, &statement, NULL);
    while (rc == SQLITE_OK && (rc = api->step(statement)) == SQLITE_ROW) {
        if (!names->items)
            names->items = tg_arena_array(arena, (size_t)api->column_int64(statement, 3),
                                          sizeof *names->items);
        struct schema_name *name = &names->items[names->count++];
        name->type = tg_arena_strdup(arena, tg_sqlite_column(api, statement, 0));
        name->name = tg_arena_strdup(arena, tg_sqlite_column(api, statement, 1));
        name->table = tg_arena_strdup(arena, tg_sqlite_column(api, statement, 2));
        rc = SQLITE_OK;
    }
    api->finalize(statement);
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static const struct schema_name *find_name(const struct schema_names *names, const char *type,
                                           const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i].type, type) == 0 && strcasecmp(names->items[i].name, name) == 0)
            return &names->items[i];
    }
    return NULL;
}

/* The table that is called `alias` somewhere in the statement ("FROM sessions AS s"), or NULL. */
static const char *resolve_alias(const struct schema_names *names, struct tg_tokens tokens,
                                 struct tg_arena *arena, const char *alias)
{
    for (size_t i = 0; i + 1 < tokens.count; i++) {
        if (!tg_token_is_name(&tokens.items[i]))
            continue;
        size_t next = i + 1 + tg_token_is(&tokens.items[i + 1], "AS");
        if (next >= tokens.count || !tg_token_is_name(&tokens.items[next]) ||
            strcasecmp(tg_token_name(arena, &tokens.items[next]), alias) != 0)
            continue;
        const struct schema_name *table =
            find_name(names, "table", tg_token_name(arena, &tokens.items[i]));
        if (table)
            return table->name;
    }
    return NULL;
}

/* Copies the text between `start` and the first of `stops` (or the end). */
static char *cut(struct tg_arena *arena, const char *start, const char *const *stops, size_t count)
{
    const char *end = start + strlen(start);
    for (size_t i = 0; i < count; i++) {
        const char *stop = strstr(start, stops[i]);
        if (stop && stop < end)
            end = stop;
    }
    return tg_arena_memdup(arena, start, (size_t)(end - start));
}

/* The index that the step names, or NULL. */
static char *index_of(struct tg_arena *arena, const char *detail)
{
    static const char *const STOPS[] = {" (", " LEFT-JOIN", " FOR IN-OPERATOR"};
    const char *at = strstr(detail, "USING INDEX ");
    if (at)
        return cut(arena, at + strlen("USING INDEX "), STOPS, 3);
    at = strstr(detail, "USING COVERING INDEX ");
    return at ? cut(arena, at + strlen("USING COVERING INDEX "), STOPS, 3) : NULL;
}

/* What stands behind SCAN or SEARCH: a table, an alias, or a part of the query. */
static char *subject_of(struct tg_arena *arena, const char *detail)
{
    static const char *const STOPS[] = {" USING ", " AS ", " VIRTUAL TABLE ", " LEFT-JOIN", " ("};
    const char *start = strchr(detail, ' ');
    if (!start)
        return tg_arena_strdup(arena, "");
    start++;
    if (tg_starts_with(start, "TABLE "))
        start += strlen("TABLE ");
    return cut(arena, start, STOPS, 5);
}

static enum tg_step_kind kind_of_access(const struct tg_plan_step *step)
{
    bool search = tg_starts_with(step->detail, "SEARCH");
    if (strstr(step->detail, "USING AUTOMATIC "))
        return TG_STEP_AUTO_INDEX;
    if (!step->table)
        return TG_STEP_OTHER; /* a sub-query, a common table expression, a table-valued function */
    if (search)
        return strstr(step->detail, "USING COVERING INDEX ") ? TG_STEP_COVERING_SEARCH
                                                             : TG_STEP_SEARCH;
    return step->index ? TG_STEP_INDEX_SCAN : TG_STEP_TABLE_SCAN;
}

static void classify(const struct schema_names *names, struct tg_tokens tokens,
                     struct tg_arena *arena, struct tg_plan_step *step)
{
    step->index = index_of(arena, step->detail);
    const struct schema_name *index = step->index ? find_name(names, "index", step->index) : NULL;
    if (index)
        step->table = index->table;
    if (strstr(step->detail, "TEMP B-TREE")) {
        step->kind = TG_STEP_TEMP_BTREE;
    } else if (tg_starts_with(step->detail, "SCAN ") || tg_starts_with(step->detail, "SEARCH ")) {
        char *subject = subject_of(arena, step->detail);
        const struct schema_name *table = find_name(names, "table", subject);
        if (!step->table && table)
            step->table = table->name;
        if (!step->table)
            step->table = resolve_alias(names, tokens, arena, subject);
        step->kind = kind_of_access(step);
    } else if (index) {
        step->kind = TG_STEP_SEARCH; /* "USING INDEX i FOR IN-OPERATOR" */
    }
}

static bool has_plan(struct tg_tokens tokens)
{
    static const char *const PLANNED[] = {"SELECT", "INSERT",  "UPDATE", "DELETE",
                                          "WITH",   "REPLACE", "VALUES"};
    for (size_t i = 0; i < sizeof PLANNED / sizeof PLANNED[0] && tokens.count > 0; i++) {
        if (tg_token_is(&tokens.items[0], PLANNED[i]))
            return true;
    }
    return false; /* a pragma, for one, can act as soon as it is prepared, even behind EXPLAIN */
}

static int read_steps(const struct tg_sqlite_api *api, sqlite3_stmt *statement,
                      struct tg_arena *arena, struct tg_plan *plan)
{
    size_t capacity = 0;
    int rc;
    while ((rc = api->step(statement)) == SQLITE_ROW) {
        if (plan->step_count == capacity) {
            capacity = capacity ? 2 * capacity : 8;
            struct tg_plan_step *grown = tg_arena_array(arena, capacity, sizeof *grown);
            if (plan->step_count > 0)
                memcpy(grown, plan->steps, plan->step_count * sizeof *grown);
            plan->steps = grown;
        }
        plan->steps[plan->step_count++] = (struct tg_plan_step){
            .id = api->column_int(statement, 0),
            .parent = api->column_int(statement, 1),
            .detail = tg_arena_strdup(arena, tg_sqlite_column(api, statement, 3)),
        };
    }
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int tg_sqlite_plan(const struct tg_sqlite_api *api, sqlite3 *db, const char *sql,
                   struct tg_arena *arena, struct tg_plan *plan)
{
    *plan = (struct tg_plan){0};
    struct tg_tokens tokens = tg_sql_tokens(arena, sql);
    struct schema_names names = {0};
    if (!has_plan(tokens))
        return SQLITE_OK;
    int rc = read_names(api, db, arena, &names);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_stmt *statement = NULL;
    char *explain = tg_format(PREFIX "%s", sql);
    rc = api->prepare_v2(db, explain, -1, &statement, NULL);
    if (rc == SQLITE_OK)
        rc = read_steps(api, statement, arena, plan);
    for (size_t i = 0; i < plan->step_count; i++)
        classify(&names, tokens, arena, &plan->steps[i]);
    api->finalize(statement);
    free(explain);
    return rc;
}

enum tg_status tg_sqlite_explain(void *opaque, const char *sql, struct tg_place place,
                                 struct tg_arena *arena, struct tg_plan *plan,
                                 struct tg_diags *diags)
{
    struct tg_sqlite_session *session = opaque;
    const struct tg_sqlite_api *api = &session->store->api;
    if (tg_sqlite_plan(api, session->db, sql, arena, plan) == SQLITE_OK)
        return TG_OK;
    int offset = api->error_offset ? api->error_offset(session->db) : -1;
    offset -= (int)strlen(PREFIX);
    struct tg_diag *diag = tg_diag_error(diags, place, "%s", api->errmsg(session->db));
    if (offset >= 0 && (size_t)offset < strlen(sql))
        tg_diag_hint(diag, "the statement is wrong at character %d: %.40s", offset + 1,
                     sql + offset);
    return TG_STORE;
}
