/* A simple statement taken apart: one table, its conditions, its order. */
#ifndef TG_RUNNER_ENGINE_SQLITE_QUERY_H
#define TG_RUNNER_ENGINE_SQLITE_QUERY_H

#include "runner/engine/sqlite/tokens.h"

enum tg_condition_kind {
    TG_CONDITION_OTHER,
    TG_CONDITION_EQUAL,    /* column = value, column == value, value = column, column IS value */
    TG_CONDITION_IN,       /* column IN (values) */
    TG_CONDITION_RANGE,    /* column < value and the like, BETWEEN */
    TG_CONDITION_LIKE,     /* column LIKE pattern, without ESCAPE */
    TG_CONDITION_NOT_NULL, /* column IS NOT NULL, column NOTNULL */
    TG_CONDITION_FALSE,    /* NOT column */
};

struct tg_condition { /* one of those that AND connects */
    enum tg_condition_kind kind;
    size_t first, end;             /* its tokens */
    const char *column;            /* NULL for OTHER */
    size_t value_first, value_end; /* tokens of the value, or of the list inside IN (...) */
};

struct tg_conditions {
    struct tg_condition *items;
    size_t count;
};

struct tg_order_term {
    const char *column;
    bool descending;
};

struct tg_query_parts {
    struct tg_tokens tokens;
    const char *table; /* as written, without quotes */
    size_t where_end;  /* the token behind the condition; 0 when there is no WHERE */
    struct tg_conditions conditions;
    struct tg_order_term *order; /* of ORDER BY, else of GROUP BY */
    size_t order_count;          /* 0 also when a term is more than a column */
    bool limited;
};

/* False when `sql` is not a SELECT, UPDATE or DELETE of a single table without a set operation.
 * Everything lives in `arena`. */
bool tg_query_take_apart(struct tg_arena *arena, const char *sql, struct tg_query_parts *query);
/* The conditions that AND connects in [first, end); an OR at the top makes it a single one of kind
 * OTHER. */
struct tg_conditions tg_conditions_read(struct tg_arena *arena, struct tg_tokens tokens,
                                        size_t first, size_t end);

#endif
