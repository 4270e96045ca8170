#include "runner/engine/sqlite/tokens.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Past a quoted piece that starts at `sql`; the quote is doubled inside. */
static const char *skip_quoted(const char *sql, char close)
{
    sql++;
    for (;;) {
        sql += strcspn(sql, (char[]){close, '\0'});
        if (*sql == '\0')
            return sql;
        if (sql[1] != close || close == ']')
            return sql + 1;
        sql += 2;
    }
}

static const char *skip_blank(const char *sql)
{
    for (;;) {
        sql += strspn(sql, " \t\r\n\f");
        if (strncmp(sql, "--", 2) == 0) {
            sql += strcspn(sql, "\n");
        } else if (strncmp(sql, "/*", 2) == 0) {
            const char *end = strstr(sql + 2, "*/");
            sql = end ? end + 2 : sql + strlen(sql);
        } else {
            return sql;
        }
    }
}

static const char *skip_operator(const char *sql)
{
    static const char *const LONG[] = {"->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<", ">>"};
    for (size_t i = 0; i < sizeof LONG / sizeof LONG[0]; i++) {
        if (strncmp(sql, LONG[i], strlen(LONG[i])) == 0)
            return sql + strlen(LONG[i]);
    }
    return sql + 1;
}

/* Kind of the token at `sql`, and where it ends. */
static enum tg_token_kind scan(const char *sql, const char **end)
{
    if (*sql == '\'') {
        *end = skip_quoted(sql, '\'');
        return TG_TOKEN_STRING;
    }
    if (*sql == '"' || *sql == '`' || *sql == '[') {
        *end = skip_quoted(sql, *sql == '[' ? ']' : *sql);
        return TG_TOKEN_QUOTED;
    }
    enum tg_token_kind kind = TG_TOKEN_OTHER;
    const char *at = sql;
    if (isdigit((unsigned char)*sql) || (*sql == '.' && isdigit((unsigned char)sql[1]))) {
        kind = TG_TOKEN_NUMBER;
        while (word_byte(*at) || *at == '.' ||
               ((*at == '-' || *at == '+') && tolower(at[-1]) == 'e'))
            at++;
    } else if (strchr("?:@$", *sql)) {
        kind = TG_TOKEN_PARAMETER;
        for (at++; word_byte(*at); at++)
            continue;
    } else if (word_byte(*sql)) {
        kind = TG_TOKEN_WORD;
        while (word_byte(*at))
            at++;
    } else {
        at = skip_operator(sql);
    }
    *end = at;
    return kind;
}

struct tg_tokens tg_sql_tokens(struct tg_arena *arena, const char *sql)
{
    /* No token is shorter than a byte. */
    struct tg_token *items = tg_arena_array(arena, strlen(sql) + 1, sizeof *items);
    size_t count = 0;
    int depth = 0;
    for (sql = skip_blank(sql); *sql; sql = skip_blank(sql)) {
        const char *end;
        enum tg_token_kind kind = scan(sql, &end);
        if (*sql == ')')
            depth--;
        items[count++] = (struct tg_token){
            .kind = kind, .text = sql, .length = (size_t)(end - sql), .depth = depth};
        if (*sql == '(')
            depth++;
        sql = end;
    }
    return (struct tg_tokens){.items = items, .count = count};
}

bool tg_token_is(const struct tg_token *token, const char *word)
{
    return (token->kind == TG_TOKEN_WORD || token->kind == TG_TOKEN_OTHER) &&
           token->length == strlen(word) && strncasecmp(token->text, word, token->length) == 0;
}

bool tg_token_is_name(const struct tg_token *token)
{
    static const char *const KEYWORDS[] = {
        "AND",    "AS",     "BETWEEN", "BY",      "CASE",    "COLLATE",   "CROSS",   "DEFAULT",
        "ELSE",   "END",    "ESCAPE",  "EXCEPT",  "EXISTS",  "FROM",      "FULL",    "GLOB",
        "GROUP",  "HAVING", "IN",      "INDEXED", "INNER",   "INTERSECT", "IS",      "ISNULL",
        "JOIN",   "LEFT",   "LIKE",    "LIMIT",   "NATURAL", "NOT",       "NOTNULL", "NULL",
        "OFFSET", "ON",     "OR",      "ORDER",   "OUTER",   "RETURNING", "RIGHT",   "SELECT",
        "SET",    "THEN",   "UNION",   "USING",   "VALUES",  "WHEN",      "WHERE",   "WINDOW",
    };
    if (token->kind != TG_TOKEN_WORD)
        return token->kind == TG_TOKEN_QUOTED;
    for (size_t i = 0; i < sizeof KEYWORDS / sizeof KEYWORDS[0]; i++) {
        if (tg_token_is(token, KEYWORDS[i]))
            return false;
    }
    return true;
}

char *tg_token_name(struct tg_arena *arena, const struct tg_token *token)
{
    if (token->kind != TG_TOKEN_QUOTED || token->length < 2)
        return tg_arena_memdup(arena, token->text, token->length);
    char *name = tg_arena_alloc(arena, token->length);
    size_t length = 0;
    char close = token->text[token->length - 1];
    for (size_t i = 1; i + 1 < token->length; i++) {
        name[length++] = token->text[i];
        if (close != ']' && token->text[i] == close)
            i++; /* doubled */
    }
    return name;
}

bool tg_token_same(struct tg_arena *arena, const struct tg_token *a, const struct tg_token *b)
{
    bool names = (a->kind == TG_TOKEN_WORD || a->kind == TG_TOKEN_QUOTED) &&
                 (b->kind == TG_TOKEN_WORD || b->kind == TG_TOKEN_QUOTED);
    if (names)
        return strcasecmp(tg_token_name(arena, a), tg_token_name(arena, b)) == 0;
    return a->kind == b->kind && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

char *tg_tokens_text(struct tg_arena *arena, struct tg_tokens tokens, size_t first, size_t end)
{
    if (first >= end)
        return tg_arena_strdup(arena, "");
    const struct tg_token *last = &tokens.items[end - 1];
    const char *start = tokens.items[first].text;
    return tg_arena_memdup(arena, start, (size_t)(last->text + last->length - start));
}

size_t tg_tokens_find(struct tg_tokens tokens, size_t first, size_t end, int depth,
                      const char *word)
{
    for (size_t i = first; i < end; i++) {
        if (tokens.items[i].depth == depth && tg_token_is(&tokens.items[i], word))
            return i;
    }
    return end;
}
