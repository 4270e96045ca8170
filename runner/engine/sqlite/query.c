#include "runner/engine/sqlite/query.h"

#include <string.h>
#include <strings.h>

static bool is(struct tg_tokens tokens, size_t at, size_t end, const char *word)
{
    return at < end && tg_token_is(&tokens.items[at], word);
}

/* A column at `at`, perhaps qualified ("s.status"): its length in tokens, 0 when it is none. */
static size_t column_at(struct tg_tokens tokens, size_t at, size_t end)
{
    if (at >= end || !tg_token_is_name(&tokens.items[at]) || is(tokens, at + 1, end, "("))
        return 0;
    if (is(tokens, at + 1, end, ".") && at + 2 < end && tg_token_is_name(&tokens.items[at + 2]))
        return 3;
    return 1;
}

/* Does [first, end) stand for one value while the statement runs: literals and parameters, and
 * operators and functions of them? */
static bool is_value(struct tg_tokens tokens, size_t first, size_t end)
{
    if (first >= end)
        return false;
    for (size_t i = first; i < end; i++) {
        if (column_at(tokens, i, end) > 0 || is(tokens, i, end, "SELECT") ||
            is(tokens, i, end, "CASE"))
            return false;
    }
    return true;
}

static const char *column_name(struct tg_arena *arena, struct tg_tokens tokens, size_t at,
                               size_t length)
{
    return tg_token_name(arena, &tokens.items[at + length - 1]);
}

static enum tg_condition_kind comparison(struct tg_tokens tokens, size_t at, size_t end)
{
    static const char *const RANGE[] = {"<", "<=", ">", ">="};
    if (is(tokens, at, end, "=") || is(tokens, at, end, "=="))
        return TG_CONDITION_EQUAL;
    for (size_t i = 0; i < sizeof RANGE / sizeof RANGE[0]; i++) {
        if (is(tokens, at, end, RANGE[i]))
            return TG_CONDITION_RANGE;
    }
    return TG_CONDITION_OTHER;
}

/* "column IS ...", from behind the IS. */
static void read_is(struct tg_tokens tokens, size_t at, struct tg_condition *c)
{
    if (is(tokens, at, c->end, "NOT") && is(tokens, at + 1, c->end, "NULL") && at + 2 == c->end) {
        c->kind = TG_CONDITION_NOT_NULL;
    } else if (!is(tokens, at, c->end, "NOT") && is_value(tokens, at, c->end)) {
        c->kind = TG_CONDITION_EQUAL;
        c->value_first = at;
        c->value_end = c->end;
    }
}

static void read_in(struct tg_tokens tokens, size_t at, struct tg_condition *c)
{
    if (!is(tokens, at, c->end, "(") ||
        tg_tokens_find(tokens, at + 1, c->end, tokens.items[at].depth, ")") != c->end - 1 ||
        !is_value(tokens, at + 1, c->end - 1))
        return;
    c->kind = TG_CONDITION_IN;
    c->value_first = at + 1;
    c->value_end = c->end - 1;
}

/* What follows a column; `at` is behind it. */
static void read_tail(struct tg_tokens tokens, size_t at, struct tg_condition *c)
{
    enum tg_condition_kind compared = comparison(tokens, at, c->end);
    if (compared != TG_CONDITION_OTHER && is_value(tokens, at + 1, c->end)) {
        c->kind = compared;
        c->value_first = at + 1;
        c->value_end = c->end;
    } else if (is(tokens, at, c->end, "IS")) {
        read_is(tokens, at + 1, c);
    } else if (is(tokens, at, c->end, "NOTNULL") && at + 1 == c->end) {
        c->kind = TG_CONDITION_NOT_NULL;
    } else if (is(tokens, at, c->end, "IN")) {
        read_in(tokens, at + 1, c);
    } else if (is(tokens, at, c->end, "BETWEEN")) {
        c->kind = TG_CONDITION_RANGE;
    } else if (is(tokens, at, c->end, "LIKE") && is_value(tokens, at + 1, c->end) &&
               tg_tokens_find(tokens, at, c->end, tokens.items[at].depth, "ESCAPE") == c->end) {
        c->kind = TG_CONDITION_LIKE;
        c->value_first = at + 1;
        c->value_end = c->end;
    }
}

/* "value = column". */
static void read_reversed(struct tg_arena *arena, struct tg_tokens tokens, struct tg_condition *c)
{
    int depth = tokens.items[c->first].depth;
    for (size_t i = c->first; i < c->end; i++) {
        enum tg_condition_kind kind = comparison(tokens, i, c->end);
        if (kind == TG_CONDITION_OTHER || tokens.items[i].depth != depth)
            continue;
        size_t length = column_at(tokens, i + 1, c->end);
        if (length == 0 || i + 1 + length != c->end || !is_value(tokens, c->first, i))
            return;
        *c = (struct tg_condition){.kind = kind,
                                   .first = c->first,
                                   .end = c->end,
                                   .column = column_name(arena, tokens, i + 1, length),
                                   .value_first = c->first,
                                   .value_end = i};
        return;
    }
}

static struct tg_condition read_condition(struct tg_arena *arena, struct tg_tokens tokens,
                                          size_t first, size_t end)
{
    struct tg_condition c = {.first = first, .end = end};
    /* Parentheses around all of it say nothing. */
    while (is(tokens, first, end, "(") &&
           tg_tokens_find(tokens, first + 1, end, tokens.items[first].depth, ")") == end - 1) {
        first++;
        end--;
    }
    bool negated = is(tokens, first, end, "NOT");
    size_t at = first + negated;
    size_t length = column_at(tokens, at, end);
    struct tg_condition inner = {.first = first, .end = end};
    if (length == 0 && !negated && first < end)
        read_reversed(arena, tokens, &inner);
    else if (length > 0 && negated && at + length == end)
        inner.kind = TG_CONDITION_FALSE;
    else if (length > 0 && !negated)
        read_tail(tokens, at + length, &inner);
    if (inner.kind == TG_CONDITION_OTHER)
        return c;
    if (!inner.column)
        inner.column = column_name(arena, tokens, at, length);
    inner.first = c.first;
    inner.end = c.end;
    return inner;
}

/* The AND behind `at` that connects conditions, or `end`: the AND of a BETWEEN does not. */
static size_t next_and(struct tg_tokens tokens, size_t at, size_t end, int depth)
{
    bool between = false;
    for (; at < end; at++) {
        if (tokens.items[at].depth != depth)
            continue;
        if (is(tokens, at, end, "BETWEEN")) {
            between = true;
        } else if (is(tokens, at, end, "AND")) {
            if (!between)
                return at;
            between = false;
        }
    }
    return end;
}

struct tg_conditions tg_conditions_read(struct tg_arena *arena, struct tg_tokens tokens,
                                        size_t first, size_t end)
{
    struct tg_conditions conditions = {0};
    if (first >= end)
        return conditions;
    int depth = tokens.items[first].depth;
    conditions.items = tg_arena_array(arena, end - first, sizeof *conditions.items);
    if (tg_tokens_find(tokens, first, end, depth, "OR") != end ||
        tg_tokens_find(tokens, first, end, depth, "CASE") != end) {
        conditions.items[conditions.count++] = (struct tg_condition){.first = first, .end = end};
        return conditions;
    }
    while (first < end) {
        size_t stop = next_and(tokens, first, end, depth);
        conditions.items[conditions.count++] = read_condition(arena, tokens, first, stop);
        first = stop + 1;
    }
    return conditions;
}

/* Where the clause that starts at `first` ends: at the next one of the statement. */
static size_t clause_end(struct tg_tokens tokens, size_t first)
{
    static const char *const NEXT[] = {"WHERE", "GROUP", "HAVING",    "WINDOW", "ORDER",
                                       "LIMIT", "SET",   "RETURNING", ";"};
    size_t end = tokens.count;
    for (size_t i = 0; i < sizeof NEXT / sizeof NEXT[0]; i++)
        end = tg_tokens_find(tokens, first, end, 0, NEXT[i]);
    return end;
}

static void read_order(struct tg_arena *arena, struct tg_query_parts *query, size_t first)
{
    struct tg_tokens tokens = query->tokens;
    size_t end = clause_end(tokens, first);
    query->order = tg_arena_array(arena, end - first + 1, sizeof *query->order);
    while (first < end) {
        size_t stop = tg_tokens_find(tokens, first, end, 0, ",");
        size_t length = column_at(tokens, first, stop);
        size_t after = first + length;
        bool descending = is(tokens, after, stop, "DESC");
        if (length == 0 || after + (descending || is(tokens, after, stop, "ASC")) != stop) {
            query->order_count = 0; /* an expression, a collation, NULLS LAST */
            return;
        }
        query->order[query->order_count++] = (struct tg_order_term){
            .column = column_name(arena, tokens, first, length), .descending = descending};
        first = stop + 1;
    }
}

/* The token behind which the table is named; `count` when the statement is not of a kind we know.
 */
static size_t before_table(struct tg_tokens tokens)
{
    static const char *const SET[] = {"UNION", "EXCEPT", "INTERSECT"};
    for (size_t i = 0; i < sizeof SET / sizeof SET[0]; i++) {
        if (tg_tokens_find(tokens, 0, tokens.count, 0, SET[i]) != tokens.count)
            return tokens.count;
    }
    if (is(tokens, 0, tokens.count, "UPDATE"))
        return 0;
    if (is(tokens, 0, tokens.count, "SELECT") || is(tokens, 0, tokens.count, "DELETE"))
        return tg_tokens_find(tokens, 0, tokens.count, 0, "FROM");
    return tokens.count;
}

bool tg_query_take_apart(struct tg_arena *arena, const char *sql, struct tg_query_parts *query)
{
    *query = (struct tg_query_parts){.tokens = tg_sql_tokens(arena, sql)};
    struct tg_tokens tokens = query->tokens;
    size_t at = before_table(tokens) + 1;
    if (at >= tokens.count || !tg_token_is_name(&tokens.items[at]))
        return false;
    query->table = tg_token_name(arena, &tokens.items[at]);
    at++;
    at += is(tokens, at, tokens.count, "AS");
    if (at < tokens.count && tg_token_is_name(&tokens.items[at]))
        at++; /* its alias */
    size_t end = clause_end(tokens, at);
    if (end != at)
        return false; /* a join, a qualified name, INDEXED BY */
    size_t where = tg_tokens_find(tokens, end, tokens.count, 0, "WHERE");
    if (where < tokens.count) {
        query->where_end = clause_end(tokens, where + 1);
        query->conditions = tg_conditions_read(arena, tokens, where + 1, query->where_end);
    }
    size_t order = tg_tokens_find(tokens, end, tokens.count, 0, "ORDER");
    if (order == tokens.count)
        order = tg_tokens_find(tokens, end, tokens.count, 0, "GROUP");
    if (order < tokens.count)
        read_order(arena, query, order + 2); /* behind BY */
    query->limited = tg_tokens_find(tokens, end, tokens.count, 0, "LIMIT") < tokens.count;
    return true;
}
