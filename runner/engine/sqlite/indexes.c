/* The indexes of a store, as their tables and their own SQL tell. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"
#include "runner/engine/sqlite/tokens.h"

struct definition { /* "CREATE INDEX name ON table (columns) WHERE condition", cut up */
    struct tg_tokens tokens;
    size_t open, close; /* the parentheses of the columns; open == count: no such text */
};

static struct definition read_definition(struct tg_arena *arena, const char *sql)
{
    struct definition d = {.tokens = tg_sql_tokens(arena, sql)};
    d.open = tg_tokens_find(d.tokens, 0, d.tokens.count, 0, "(");
    d.close = tg_tokens_find(d.tokens, d.open, d.tokens.count, 0, ")");
    return d;
}

/* Text of the `number`-th column (from 0) without its direction; for expressions, which have no
 * name. */
static const char *column_text(struct tg_arena *arena, const struct definition *d, int number)
{
    size_t first = d->open + 1;
    for (; number > 0 && first < d->close; number--)
        first = tg_tokens_find(d->tokens, first, d->close, 1, ",") + 1;
    size_t end = tg_tokens_find(d->tokens, first, d->close, 1, ",");
    if (first >= end || end > d->close)
        return "?";
    if (tg_token_is(&d->tokens.items[end - 1], "DESC") ||
        tg_token_is(&d->tokens.items[end - 1], "ASC"))
        end--;
    return tg_tokens_text(arena, d->tokens, first, end);
}

/* "status, last_update_time DESC"; NULL on a failure of SQLite. */
static const char *read_columns(const struct tg_sqlite_api *api, sqlite3_stmt *columns,
                                const char *index, const struct definition *d,
                                struct tg_arena *arena)
{
    struct tg_text text = {0};
    if (api->bind_text(columns, 1, index, -1, SQLITE_STATIC) != SQLITE_OK)
        return NULL;
    int rc, number = 0;
    for (; (rc = api->step(columns)) == SQLITE_ROW; number++) {
        bool named = api->column_type(columns, 0) != SQLITE_NULL;
        const char *collation = tg_sqlite_column(api, columns, 2);
        tg_text_addf(&text, "%s%s", number > 0 ? ", " : "",
                     named ? tg_sqlite_column(api, columns, 0) : column_text(arena, d, number));
        if (strcmp(collation, "BINARY") != 0)
            tg_text_addf(&text, " COLLATE %s", collation);
        if (api->column_int(columns, 1))
            tg_text_add(&text, " DESC");
    }
    api->reset(columns);
    char *copy = rc == SQLITE_DONE ? tg_arena_strdup(arena, tg_text_string(&text)) : NULL;
    tg_text_free(&text);
    return copy;
}

char *tg_sqlite_name_for_sql(struct tg_arena *arena, const char *name)
{
    struct tg_tokens tokens = tg_sql_tokens(arena, name);
    if (tokens.count == 1 && tokens.items[0].kind == TG_TOKEN_WORD &&
        tg_token_is_name(&tokens.items[0]))
        return tg_arena_strdup(arena, name);
    char *quoted = tg_sqlite_quote(name, '"');
    char *copy = tg_arena_strdup(arena, quoted);
    free(quoted);
    return copy;
}

static const char *read_where(const struct definition *d, struct tg_arena *arena)
{
    size_t where = tg_tokens_find(d->tokens, d->close, d->tokens.count, 0, "WHERE");
    if (where >= d->tokens.count)
        return NULL;
    return tg_tokens_text(arena, d->tokens, where + 1, d->tokens.count);
}

/* What else rests on it: columns 6 and 7 of the list. */
static void read_relations(const struct tg_sqlite_api *api, sqlite3_stmt *list,
                           struct tg_arena *arena, struct tg_index_info *info)
{
    const char *key = tg_sqlite_column(api, list, 6);
    const char *reference = tg_sqlite_column(api, list, 7);
    info->repeats_key = *key && !info->where && strcasecmp(info->columns, key) == 0;
    info->foreign_key = *reference ? tg_arena_strdup(arena, reference) : NULL;
    if (!info->automatic)
        info->drop =
            tg_arena_format(arena, "DROP INDEX %s", tg_sqlite_name_for_sql(arena, info->name));
}

static int read_indexes(const struct tg_sqlite_api *api, sqlite3_stmt *list, sqlite3_stmt *columns,
                        struct tg_arena *arena, struct tg_list *indexes)
{
    struct tg_index_info *items = NULL;
    int rc;
    while ((rc = api->step(list)) == SQLITE_ROW) {
        if (!items)
            items = tg_arena_array(arena, (size_t)api->column_int64(list, 5), sizeof *items);
        struct tg_index_info *info = &items[indexes->count++];
        struct definition d = read_definition(arena, tg_sqlite_column(api, list, 4));
        info->table = tg_arena_strdup(arena, tg_sqlite_column(api, list, 0));
        info->name = tg_arena_strdup(arena, tg_sqlite_column(api, list, 1));
        info->unique = api->column_int(list, 2) != 0;
        info->automatic = strcmp(tg_sqlite_column(api, list, 3), "c") != 0;
        info->where = read_where(&d, arena);
        info->columns = read_columns(api, columns, info->name, &d, arena);
        if (!info->columns)
            return SQLITE_ERROR;
        read_relations(api, list, arena, info);
    }
    indexes->items = items;
    return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

enum tg_status tg_sqlite_indexes(void *opaque, struct tg_arena *arena, struct tg_list *indexes,
                                 struct tg_diags *diags)
{
    static const char LIST[] =
        "SELECT t.name, i.name, i.\"unique\", i.origin, coalesce(m.sql, ''), count(*) OVER (), "
        /* the rowid's own name: a primary key for which no index was made */
        "(SELECT c.name FROM pragma_table_info(t.name) AS c WHERE c.pk = 1 AND upper(c.type) = "
        "'INTEGER' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) WHERE origin = 'pk')), "
        "(SELECT f.\"from\" || ' -> ' || f.\"table\" FROM pragma_index_info(i.name) AS x "
        "JOIN pragma_foreign_key_list(t.name) AS f ON f.\"from\" = x.name COLLATE NOCASE "
        "WHERE x.seqno = 0 AND f.seq = 0 ORDER BY f.id LIMIT 1) "
        "FROM sqlite_master AS t JOIN pragma_index_list(t.name) AS i "
        "LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = i.name "
        "WHERE t.type = 'table' ORDER BY t.name, i.name";
    static const char COLUMNS[] =
        "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?) WHERE \"key\" ORDER BY seqno";
    struct tg_sqlite_session *session = opaque;
    const struct tg_sqlite_api *api = &session->store->api;
    sqlite3_stmt *list = NULL, *columns = NULL;
    *indexes = (struct tg_list){0};
    int rc = api->prepare_v2(session->db, LIST, -1, &list, NULL);
    if (rc == SQLITE_OK)
        rc = api->prepare_v2(session->db, COLUMNS, -1, &columns, NULL);
    if (rc == SQLITE_OK)
        rc = read_indexes(api, list, columns, arena, indexes);
    enum tg_status status = TG_OK;
    if (rc != SQLITE_OK)
        status = tg_sqlite_fail(session->store, session->db, (struct tg_place){0}, diags,
                                "reading the indexes");
    api->finalize(list);
    api->finalize(columns);
    return status;
}
