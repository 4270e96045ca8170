/* SQL cut into tokens, and the parts of a simple statement: enough to find aliases and to propose
 * rewrites, which are then judged by SQLite itself. */
#ifndef TG_RUNNER_ENGINE_SQLITE_TOKENS_H
#define TG_RUNNER_ENGINE_SQLITE_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

enum tg_token_kind {
    TG_TOKEN_WORD,   /* keyword or bare name */
    TG_TOKEN_QUOTED, /* "name", `name`, [name] */
    TG_TOKEN_STRING, /* 'text' */
    TG_TOKEN_NUMBER,
    TG_TOKEN_PARAMETER, /* ?, ?1, :x, @x, $x */
    TG_TOKEN_OTHER,     /* an operator or a punctuation mark */
};

struct tg_token {
    enum tg_token_kind kind;
    const char *text; /* in the SQL */
    size_t length;
    int depth; /* of parentheses around it; those of a pair have the depth outside */
};

struct tg_tokens {
    const struct tg_token *items;
    size_t count;
};

/* Comments and blanks are left out. Never fails: what is no SQL gives odd tokens. */
struct tg_tokens tg_sql_tokens(struct tg_arena *arena, const char *sql);
/* Is the token this keyword or operator? Letters in any case; quoted names are no keywords. */
bool tg_token_is(const struct tg_token *token, const char *word);
/* Is it a name (not a keyword of a clause), bare or quoted? */
bool tg_token_is_name(const struct tg_token *token);
/* The name without its quotes. */
char *tg_token_name(struct tg_arena *arena, const struct tg_token *token);
/* Do both stand for the same: names and keywords in any case, everything else byte by byte? */
bool tg_token_same(struct tg_arena *arena, const struct tg_token *a, const struct tg_token *b);
/* The SQL from token `first` up to the end of token `end` - 1, copied. */
char *tg_tokens_text(struct tg_arena *arena, struct tg_tokens tokens, size_t first, size_t end);
/* First token at `depth` in [first, end) that is `word`; `end` when there is none. */
size_t tg_tokens_find(struct tg_tokens tokens, size_t first, size_t end, int depth,
                      const char *word);

#endif
