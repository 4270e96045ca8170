/* Schema scripts: run statement by statement, errors shown at their place in the file. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"

enum statement_kind { STATEMENT_NOW, STATEMENT_LATER, STATEMENT_PRAGMA };

/* Line and column (in characters) of byte `offset` of the script. */
static struct tg_place place_in(const struct tg_script *script, size_t offset)
{
    struct tg_place place = {.path = script->path, .line = 1, .column = 1};
    for (size_t i = 0; i < offset && script->text[i]; i++) {
        unsigned char byte = (unsigned char)script->text[i];
        if (byte == '\n') {
            place.line++;
            place.column = 1;
        } else if ((byte & 0xc0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

/* Past blanks, semicolons and comments: where a statement starts, or the end of the text. */
static const char *skip_to_statement(const char *sql)
{
    for (;;) {
        sql += strspn(sql, " \t\r\n\f;");
        if (tg_starts_with(sql, "\xef\xbb\xbf")) {
            sql += 3; /* a byte-order mark */
        } else if (tg_starts_with(sql, "--")) {
            sql += strcspn(sql, "\n");
        } else if (tg_starts_with(sql, "/*")) {
            const char *end = strstr(sql + 2, "*/");
            sql = end ? end + 2 : sql + strlen(sql);
        } else {
            return sql;
        }
    }
}

/* Copies the next word, in upper case and cut to fit, and returns what follows it. */
static const char *next_word(const char *sql, char word[16])
{
    sql = skip_to_statement(sql);
    size_t length = 0;
    for (; isalpha((unsigned char)*sql) || *sql == '_'; sql++) {
        if (length + 1 < 16)
            word[length++] = (char)toupper((unsigned char)*sql);
    }
    word[length] = '\0';
    return sql;
}

static enum statement_kind classify(const char *sql)
{
    char word[16];
    sql = next_word(sql, word);
    if (strcmp(word, "PRAGMA") == 0)
        return STATEMENT_PRAGMA;
    if (strcmp(word, "ANALYZE") == 0 || strcmp(word, "REINDEX") == 0)
        return STATEMENT_LATER;
    if (strcmp(word, "CREATE") != 0)
        return STATEMENT_NOW;
    sql = next_word(sql, word);
    if (strcmp(word, "UNIQUE") == 0 || strcmp(word, "TEMP") == 0 || strcmp(word, "TEMPORARY") == 0)
        next_word(sql, word);
    bool later = strcmp(word, "INDEX") == 0 || strcmp(word, "TRIGGER") == 0;
    return later ? STATEMENT_LATER : STATEMENT_NOW;
}

static void put_aside(struct tg_sqlite_store *store, const char *sql, size_t length,
                      struct tg_place place)
{
    store->later = tg_realloc(store->later, (store->later_count + 1) * sizeof *store->later);
    store->later[store->later_count++] =
        (struct tg_sqlite_later){.sql = tg_format("%.*s", (int)length, sql), .place = place};
}

static enum tg_status schema_error(struct tg_sqlite_store *store, sqlite3 *db,
                                   const struct tg_script *script, const char *statement,
                                   struct tg_diags *diags)
{
    int offset = store->api.error_offset ? store->api.error_offset(db) : -1;
    size_t at = (size_t)(statement - script->text) + (offset > 0 ? (size_t)offset : 0);
    tg_diag_error(diags, place_in(script, at), "%s", store->api.errmsg(db));
    return TG_STORE;
}

static void warn_pragma(const struct tg_script *script, const char *statement,
                        struct tg_diags *diags)
{
    char word[16];
    next_word(next_word(statement, word), word);
    if (strcmp(word, "USER_VERSION") == 0 || strcmp(word, "APPLICATION_ID") == 0)
        return; /* these are stored in the file */
    struct tg_place place = place_in(script, (size_t)(statement - script->text));
    tg_diag_hint(tg_diag_add(diags, TG_SEVERITY_WARNING, place,
                             "a PRAGMA of the schema acts while the data set is built, not on the "
                             "sessions"),
                 "put it under engine.pragma");
}

/* One statement; *sql moves past it. */
static enum tg_status run_statement(struct tg_sqlite_store *store, sqlite3 *db,
                                    const struct tg_script *script, const char **sql, bool later,
                                    struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &store->api;
    const char *start = *sql, *tail = NULL;
    sqlite3_stmt *statement = NULL;
    if (api->prepare_v2(db, start, -1, &statement, &tail) != SQLITE_OK)
        return schema_error(store, db, script, start, diags);
    *sql = tail;
    enum statement_kind kind = classify(start);
    if (kind == STATEMENT_PRAGMA)
        warn_pragma(script, start, diags);
    int rc = SQLITE_DONE;
    if (kind == STATEMENT_LATER && later) {
        put_aside(store, start, (size_t)(tail - start),
                  place_in(script, (size_t)(start - script->text)));
    } else {
        while ((rc = api->step(statement)) == SQLITE_ROW)
            continue;
    }
    enum tg_status status = TG_OK;
    if (rc != SQLITE_DONE)
        status = schema_error(store, db, script, start, diags);
    api->finalize(statement);
    return status;
}

enum tg_status tg_sqlite_run_schema(struct tg_sqlite_store *store, sqlite3 *db, bool later,
                                    struct tg_diags *diags)
{
    for (size_t i = 0; i < store->spec.schema_count; i++) {
        const struct tg_script *script = &store->spec.schema[i];
        const char *sql = skip_to_statement(script->text);
        while (*sql) {
            enum tg_status status = run_statement(store, db, script, &sql, later, diags);
            if (status != TG_OK)
                return status;
            sql = skip_to_statement(sql);
        }
        if (!store->api.get_autocommit(db)) {
            tg_diag_error(diags, (struct tg_place){.path = script->path},
                          "the schema leaves a transaction open");
            return TG_STORE;
        }
    }
    return TG_OK;
}
