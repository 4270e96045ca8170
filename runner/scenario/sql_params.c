#include "runner/scenario/sql_params.h"

#include <ctype.h>
#include <string.h>

struct scan {
    struct tg_arena *arena;
    struct tg_sql *sql;
    size_t capacity; /* of sql->params */
    size_t words;
    bool ended;         /* a semicolon was read */
    bool after_replace; /* the last word was REPLACE */
};

static bool word_character(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static const char *word_end(const char *at)
{
    while (word_character(*at) || *at == '$')
        at++;
    return at;
}

/* The end of what starts with the quote *at; doubled quotes read as two strings, which is as good.
 */
static const char *quoted_end(const char *at)
{
    const char close = *at == '[' ? ']' : *at;
    const char *end = strchr(at + 1, close);
    return end ? end + 1 : at + strlen(at);
}

/* The end of the comment at `at`, or `at` when there is none. */
static const char *comment_end(const char *at)
{
    const char *end = at;
    if (at[0] == '-' && at[1] == '-') {
        end = at + strcspn(at, "\n");
    } else if (at[0] == '/' && at[1] == '*') {
        end = strstr(at + 2, "*/");
        end = end ? end + 2 : at + strlen(at);
    }
    return end;
}

static void add_param(struct scan *scan, const char *name, size_t length)
{
    struct tg_sql *sql = scan->sql;
    for (size_t i = 0; i < sql->param_count; i++) {
        if (strlen(sql->params[i]) == length && memcmp(sql->params[i], name, length) == 0)
            return;
    }
    if (sql->param_count == scan->capacity) {
        scan->capacity = scan->capacity ? 2 * scan->capacity : 8;
        const char **grown = tg_arena_array(scan->arena, scan->capacity, sizeof *grown);
        if (sql->param_count > 0)
            memcpy(grown, sql->params, sql->param_count * sizeof *grown);
        sql->params = grown;
    }
    sql->params[sql->param_count++] = tg_arena_memdup(scan->arena, name, length);
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

static void add_word(struct scan *scan, const char *at, size_t length)
{
    static const char *const first[] = {"INSERT", "UPDATE", "DELETE", "REPLACE",
                                        "CREATE", "DROP",   "ALTER"};
    static const char *const in_with[] = {"INSERT", "UPDATE", "DELETE"};
    struct tg_sql *sql = scan->sql;
    char word[sizeof sql->keyword] = "";
    for (size_t i = 0; i < length && i + 1 < sizeof word; i++)
        word[i] = (char)toupper((unsigned char)at[i]);
    if (scan->words++ == 0) {
        memcpy(sql->keyword, word, sizeof word);
        sql->writes = is_one_of(word, first, sizeof first / sizeof *first);
    } else if (strcmp(sql->keyword, "WITH") == 0) {
        /* replace() is a function as well. */
        if (is_one_of(word, in_with, sizeof in_with / sizeof *in_with) ||
            (scan->after_replace && strcmp(word, "INTO") == 0))
            sql->writes = true;
    }
    scan->after_replace = strcmp(word, "REPLACE") == 0;
}

/* Reads one token that is neither space nor comment; returns where the next one starts. */
static const char *scan_token(struct scan *scan, const char *at)
{
    if (*at == ';') {
        scan->ended = true;
        return at + 1;
    }
    if (scan->ended)
        scan->sql->several = true;
    if (strchr("'\"`[", *at))
        return quoted_end(at);
    if (at[0] == ':' && at[1] == ':')
        return at + 2;
    if (strchr(":@$", *at) && word_character(at[1])) {
        const char *end = word_end(at + 1);
        add_param(scan, at + 1, (size_t)(end - at - 1));
        return end;
    }
    if (*at == '?')
        scan->sql->positional = true;
    if (!word_character(*at))
        return at + 1;
    const char *end = word_end(at);
    add_word(scan, at, (size_t)(end - at));
    return end;
}

struct tg_sql tg_sql_scan(struct tg_arena *arena, const char *text)
{
    struct tg_sql sql = {0};
    struct scan scan = {.arena = arena, .sql = &sql};
    for (const char *at = text; *at;) {
        const char *after = comment_end(at);
        if (after != at)
            at = after;
        else if (isspace((unsigned char)*at))
            at++;
        else
            at = scan_token(&scan, at);
    }
    return sql;
}
