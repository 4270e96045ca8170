/* Remedies: candidates are made from the query's own words, and kept only when SQLite plans them
 * better. Rewrites are planned on the store; new indexes in a private, empty copy of its schema. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "runner/engine/sqlite/plan.h"
#include "runner/engine/sqlite/query.h"

enum { MOST_REMEDIES = 3, MOST_CANDIDATES = 32, MOST_COLUMNS = 16 };

struct badness { /* how often a plan does what one would rather avoid */
    int table_scans, auto_indexes, index_scans, sorts;
};

struct search {
    struct tg_sqlite_session *session;
    const struct tg_sqlite_api *api;
    struct tg_arena *arena;
    const char *sql;
    struct tg_query_parts query;
    struct badness before;
    struct tg_remedy *remedies; /* best first */
    struct badness *after;      /* of each */
    size_t count;
};

static struct badness badness_of(const struct tg_plan *plan)
{
    struct badness b = {0};
    for (size_t i = 0; i < plan->step_count; i++) {
        b.table_scans += plan->steps[i].kind == TG_STEP_TABLE_SCAN;
        b.auto_indexes += plan->steps[i].kind == TG_STEP_AUTO_INDEX;
        b.index_scans += plan->steps[i].kind == TG_STEP_INDEX_SCAN;
        b.sorts += plan->steps[i].kind == TG_STEP_TEMP_BTREE;
    }
    return b;
}

static int worse(struct badness a, struct badness b)
{
    if (a.table_scans != b.table_scans)
        return a.table_scans - b.table_scans;
    if (a.auto_indexes != b.auto_indexes)
        return a.auto_indexes - b.auto_indexes;
    if (a.index_scans != b.index_scans)
        return a.index_scans - b.index_scans;
    return a.sorts - b.sorts;
}

/* Something is better and nothing is worse; a table scan may become an index scan. */
static bool improves(struct badness after, struct badness before)
{
    return worse(after, before) < 0 && after.table_scans <= before.table_scans &&
           after.auto_indexes <= before.auto_indexes && after.sorts <= before.sorts &&
           after.table_scans + after.index_scans <= before.table_scans + before.index_scans;
}

/* "removes the table scan and the sort; an index scan remains" */
static char *effect(struct tg_arena *arena, struct badness before, struct badness after)
{
    const struct {
        int before, after;
        const char *gone, *left;
    } parts[] = {
        {before.table_scans, after.table_scans, "the table scan", "a table scan"},
        {before.auto_indexes, after.auto_indexes, "the automatic index", "an automatic index"},
        {before.index_scans, after.index_scans, "the index scan", "an index scan"},
        {before.sorts, after.sorts, "the temporary B-tree", "a temporary B-tree"},
    };
    const char *gone = "", *left = "";
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].after < parts[i].before)
            gone = tg_arena_format(arena, "%s%s%s", gone, *gone ? " and " : "", parts[i].gone);
        if (parts[i].after > 0)
            left = tg_arena_format(arena, "%s%s%s", left, *left ? " and " : "", parts[i].left);
    }
    return tg_arena_format(arena, "removes %s%s%s%s", gone, *left ? "; " : "", left,
                           *left ? " remains" : "");
}

/* Keeps a candidate that helps, in its place by how much; earlier ones win ties. */
static void keep(struct search *s, const char *what, const char *sql, const struct tg_plan *plan)
{
    struct badness after = badness_of(plan);
    if (!improves(after, s->before) || s->count == MOST_CANDIDATES)
        return;
    size_t at = s->count++;
    for (; at > 0 && worse(after, s->after[at - 1]) < 0; at--) {
        s->remedies[at] = s->remedies[at - 1];
        s->after[at] = s->after[at - 1];
    }
    s->after[at] = after;
    s->remedies[at] = (struct tg_remedy){
        .what = tg_arena_format(s->arena, "%s: %s", what, effect(s->arena, s->before, after)),
        .sql = sql,
        .plan = *plan};
}

static void try_rewrite(struct search *s, const char *what, const char *sql)
{
    struct tg_plan plan;
    if (tg_sqlite_plan(s->api, s->session->db, sql, s->arena, &plan) == SQLITE_OK)
        keep(s, what, sql, &plan);
}

/* The statement with tokens [first, end) replaced by `text`. */
static char *splice(const struct search *s, size_t first, size_t end, const char *text)
{
    const struct tg_token *items = s->query.tokens.items;
    size_t head = (size_t)(items[first].text - s->sql);
    return tg_arena_format(s->arena, "%.*s%s%s", (int)head, s->sql, text,
                           items[end - 1].text + items[end - 1].length);
}

/* ---- partial indexes whose condition holds, but is not stated ---- */

static bool same_tokens(struct tg_arena *arena, struct tg_tokens a, size_t a_first, size_t a_end,
                        struct tg_tokens b, size_t b_first, size_t b_end)
{
    if (a_end - a_first != b_end - b_first)
        return false;
    for (size_t i = 0; i < a_end - a_first; i++) {
        if (!tg_token_same(arena, &a.items[a_first + i], &b.items[b_first + i]))
            return false;
    }
    return true;
}

/* Is every value of the query's condition (one, or a list) among those of the list of `wanted`? */
static bool values_within(const struct search *s, const struct tg_condition *given,
                          struct tg_tokens tokens, const struct tg_condition *wanted)
{
    struct tg_tokens own = s->query.tokens;
    for (size_t i = given->value_first; i < given->value_end; i++) {
        if (tg_token_is(&own.items[i], ","))
            continue;
        if (own.items[i].kind != TG_TOKEN_STRING && own.items[i].kind != TG_TOKEN_NUMBER)
            return false;
        bool found = false;
        for (size_t j = wanted->value_first; j < wanted->value_end; j++)
            found = found || tg_token_same(s->arena, &own.items[i], &tokens.items[j]);
        if (!found)
            return false;
    }
    return true;
}

/* Are all values of a condition literals with nothing but commas between them? */
static bool plain_values(struct tg_tokens tokens, const struct tg_condition *c)
{
    if (c->kind == TG_CONDITION_EQUAL && c->value_end - c->value_first != 1)
        return false;
    for (size_t i = c->value_first; i < c->value_end; i++) {
        bool literal =
            tokens.items[i].kind == TG_TOKEN_STRING || tokens.items[i].kind == TG_TOKEN_NUMBER;
        bool comma = (i - c->value_first) % 2 == 1;
        if (comma ? !tg_token_is(&tokens.items[i], ",") : !literal)
            return false;
    }
    return c->value_first < c->value_end;
}

/* Does the query's condition `given` imply the index's condition `wanted`, whatever the row? */
static bool implies(const struct search *s, const struct tg_condition *given,
                    struct tg_tokens tokens, const struct tg_condition *wanted)
{
    struct tg_tokens own = s->query.tokens;
    if (!given->column || !wanted->column || strcasecmp(given->column, wanted->column) != 0)
        return false;
    bool constant = (given->kind == TG_CONDITION_EQUAL || given->kind == TG_CONDITION_IN) &&
                    plain_values(own, given);
    switch (wanted->kind) {
    case TG_CONDITION_EQUAL:
    case TG_CONDITION_IN:
        return constant && plain_values(tokens, wanted) && values_within(s, given, tokens, wanted);
    case TG_CONDITION_FALSE:
        return given->kind == TG_CONDITION_EQUAL && constant &&
               own.items[given->value_first].length == 1 &&
               own.items[given->value_first].text[0] == '0';
    case TG_CONDITION_NOT_NULL:
        return constant || given->kind == TG_CONDITION_RANGE || given->kind == TG_CONDITION_LIKE;
    default:
        return false;
    }
}

/* Adds the conditions of `index` that the query implies but does not state to `extra`. False when
 * one of them is not implied at all. */
static bool missing_conditions(struct search *s, const struct tg_index_info *index,
                               const char **extra)
{
    struct tg_tokens tokens = tg_sql_tokens(s->arena, index->where);
    struct tg_conditions wanted = tg_conditions_read(s->arena, tokens, 0, tokens.count);
    const struct tg_conditions *given = &s->query.conditions;
    *extra = "";
    for (size_t i = 0; i < wanted.count; i++) {
        const struct tg_condition *w = &wanted.items[i];
        bool stated = false, implied = false;
        for (size_t j = 0; j < given->count; j++) {
            const struct tg_condition *g = &given->items[j];
            stated = stated || same_tokens(s->arena, s->query.tokens, g->first, g->end, tokens,
                                           w->first, w->end);
            implied = implied || implies(s, g, tokens, w);
        }
        if (!stated && !implied)
            return false;
        if (!stated)
            *extra = tg_arena_format(s->arena, "%s AND %s", *extra,
                                     tg_tokens_text(s->arena, tokens, w->first, w->end));
    }
    return true;
}

static void try_partial_indexes(struct search *s, const struct tg_list *indexes)
{
    const struct tg_index_info *items = indexes->items;
    size_t last = s->query.where_end - 1;
    for (size_t i = 0; i < indexes->count; i++) {
        const char *extra;
        if (!items[i].where || strcasecmp(items[i].table, s->query.table) != 0 ||
            !missing_conditions(s, &items[i], &extra) || !*extra)
            continue;
        char *token = tg_tokens_text(s->arena, s->query.tokens, last, last + 1);
        char *text = tg_arena_format(s->arena, "%s%s", token, extra);
        char *what = tg_arena_format(s->arena,
                                     "state the condition of the partial index %s, which holds "
                                     "anyway but SQLite does not infer",
                                     items[i].name);
        try_rewrite(s, what, splice(s, last, last + 1, text));
    }
}

/* ---- LIKE 'prefix%' as a range ---- */

/* Is the column declared as text? Of other columns, LIKE compares the text of a number. */
static bool is_text_column(struct search *s, const char *column)
{
    char *table = tg_sqlite_quote(s->query.table, '\''), *name = tg_sqlite_quote(column, '\'');
    char *sql = tg_format("SELECT type LIKE '%%CHAR%%' OR type LIKE '%%TEXT%%' OR type LIKE "
                          "'%%CLOB%%' FROM pragma_table_info(%s) WHERE name = %s COLLATE NOCASE",
                          table, name);
    char *answer = tg_sqlite_text(s->session->store, s->session->db, sql);
    bool text = answer && strcmp(answer, "1") == 0;
    free(answer);
    free(sql);
    free(name);
    free(table);
    return text;
}

/* Lower and upper bound of the strings that match, as SQL; false when the pattern is no prefix. */
static bool prefix_bounds(struct search *s, const struct tg_condition *c, const char **low,
                          const char **high)
{
    const struct tg_token *value = &s->query.tokens.items[c->value_first];
    size_t count = c->value_end - c->value_first;
    if (count == 3 && value[0].kind == TG_TOKEN_PARAMETER && tg_token_is(&value[1], "||") &&
        value[2].length == 3 && strncmp(value[2].text, "'%'", 3) == 0) {
        *low = tg_tokens_text(s->arena, s->query.tokens, c->value_first, c->value_first + 1);
        *high = tg_arena_format(s->arena, "%s || char(1114111)", *low);
        return true;
    }
    if (count != 1 || value->kind != TG_TOKEN_STRING || value->length < 4 ||
        value->text[value->length - 2] != '%')
        return false;
    char *prefix = tg_arena_memdup(s->arena, value->text, value->length - 2);
    char *last = prefix + strlen(prefix) - 1;
    /* The next letter has to be one byte and no quote, which would have to be doubled. */
    if (strpbrk(prefix, "%_") || (unsigned char)*last >= 0x7e || *last == '\'' || *last == '&')
        return false;
    *low = tg_arena_format(s->arena, "%s'", prefix);
    (*last)++;
    *high = tg_arena_format(s->arena, "%s'", prefix);
    return true;
}

static void try_ranges(struct search *s)
{
    for (size_t i = 0; i < s->query.conditions.count; i++) {
        const struct tg_condition *c = &s->query.conditions.items[i];
        const char *low, *high;
        if (c->kind != TG_CONDITION_LIKE || !is_text_column(s, c->column) ||
            !prefix_bounds(s, c, &low, &high))
            continue;
        size_t like = c->value_first - 1; /* what stands in front of it is the column */
        char *column = tg_tokens_text(s->arena, s->query.tokens, c->first, like);
        if (*column == '(')
            continue;
        char *text = tg_arena_format(s->arena, "%s >= %s AND %s < %s", column, low, column, high);
        try_rewrite(s, "write the prefix match as a range, which unlike LIKE minds the case",
                    splice(s, c->first, c->end, text));
    }
}

/* ---- a new index ---- */

struct index_columns {
    const char *items[MOST_COLUMNS];
    bool descending[MOST_COLUMNS];
    size_t count;
};

static bool has_column(const struct index_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (strcasecmp(columns->items[i], name) == 0)
            return true;
    }
    return false;
}

static void add_column(struct index_columns *columns, const char *name, bool descending)
{
    if (has_column(columns, name) || columns->count == MOST_COLUMNS)
        return;
    columns->descending[columns->count] = descending;
    columns->items[columns->count++] = name;
}

static void add_conditions(const struct search *s, struct index_columns *columns,
                           enum tg_condition_kind kind)
{
    for (size_t i = 0; i < s->query.conditions.count; i++) {
        const struct tg_condition *c = &s->query.conditions.items[i];
        if (c->kind == kind)
            add_column(columns, c->column, false);
    }
}

/* An index that sorts but leaves a range to be filtered row by row may read the whole table for a
 * few rows: its plan looks better than it is. */
static bool leaves_range(const struct search *s, const struct index_columns *columns)
{
    bool ranges = false, served = false;
    for (size_t i = 0; i < s->query.conditions.count; i++) {
        const struct tg_condition *c = &s->query.conditions.items[i];
        if (c->kind == TG_CONDITION_LIKE)
            return true;
        ranges = ranges || c->kind == TG_CONDITION_RANGE;
        served = served || (c->kind == TG_CONDITION_RANGE && has_column(columns, c->column));
    }
    return ranges && !served;
}

static void add_order(const struct search *s, struct index_columns *columns)
{
    for (size_t i = 0; i < s->query.order_count; i++)
        add_column(columns, s->query.order[i].column, s->query.order[i].descending);
}

static bool uses_index(const struct tg_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].index && strcasecmp(plan->steps[i].index, name) == 0)
            return true;
    }
    return false;
}

static void try_index(struct search *s, sqlite3 *copy, const struct index_columns *columns)
{
    const char *name = tg_arena_format(s->arena, "idx_%s", s->query.table), *list = "";
    if (columns->count == 0 || leaves_range(s, columns))
        return;
    for (size_t i = 0; i < columns->count; i++) {
        name = tg_arena_format(s->arena, "%s_%s", name, columns->items[i]);
        list = tg_arena_format(s->arena, "%s%s%s%s", list, i > 0 ? ", " : "",
                               tg_sqlite_name_for_sql(s->arena, columns->items[i]),
                               columns->descending[i] ? " DESC" : "");
    }
    const char *quoted = tg_sqlite_name_for_sql(s->arena, name);
    char *sql = tg_arena_format(s->arena, "CREATE INDEX %s ON %s (%s)", quoted,
                                tg_sqlite_name_for_sql(s->arena, s->query.table), list);
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->remedies[i].sql, sql) == 0)
            return;
    }
    struct tg_plan plan;
    if (tg_sqlite_run(s->session->store, copy, sql) != SQLITE_OK)
        return; /* the order names something that is no column */
    if (tg_sqlite_plan(s->api, copy, s->sql, s->arena, &plan) == SQLITE_OK &&
        uses_index(&plan, name))
        keep(s, "add an index", sql, &plan);
    char *drop = tg_arena_format(s->arena, "DROP INDEX %s", quoted);
    (void)!tg_sqlite_run(s->session->store, copy, drop);
}

/* Equalities lead; then what orders or what limits, as an index can serve only one of the two. */
static void try_new_indexes(struct search *s, sqlite3 *copy)
{
    struct index_columns equal = {0};
    add_conditions(s, &equal, TG_CONDITION_EQUAL);
    struct index_columns listed = equal;
    add_conditions(s, &listed, TG_CONDITION_IN);
    struct index_columns ordered = equal, ranged = listed;
    add_order(s, &ordered);
    add_conditions(s, &ranged, TG_CONDITION_RANGE);
    add_order(s, &ranged);
    add_order(s, &listed);
    /* Walking an index in order without a limit costs more than a scan and a sort. */
    if (equal.count > 0 || s->query.limited)
        try_index(s, copy, &ordered);
    if (s->query.conditions.count > 0) {
        try_index(s, copy, &listed);
        try_index(s, copy, &ranged);
    }
}

/* A copy that plans the statement as the store does; NULL when there is none. */
static sqlite3 *open_copy(const struct search *s)
{
    struct tg_plan plan;
    sqlite3 *copy = tg_sqlite_copy_schema(s->session);
    if (copy && tg_sqlite_plan(s->api, copy, s->sql, s->arena, &plan) == SQLITE_OK &&
        worse(badness_of(&plan), s->before) == 0)
        return copy;
    s->api->close_v2(copy);
    return NULL;
}

enum tg_status tg_sqlite_remedies(void *opaque, const char *sql, struct tg_place place,
                                  struct tg_arena *arena, struct tg_list *remedies,
                                  struct tg_diags *diags)
{
    struct tg_sqlite_session *session = opaque;
    struct search s = {.session = session, .api = &session->store->api, .arena = arena, .sql = sql};
    struct tg_plan plan;
    *remedies = (struct tg_list){0};
    enum tg_status status = tg_sqlite_explain(session, sql, place, arena, &plan, diags);
    if (status != TG_OK)
        return status;
    s.before = badness_of(&plan);
    if (worse(s.before, (struct badness){0}) == 0 || !tg_query_take_apart(arena, sql, &s.query))
        return TG_OK;
    s.remedies = tg_arena_array(arena, MOST_CANDIDATES, sizeof *s.remedies);
    s.after = tg_arena_array(arena, MOST_CANDIDATES, sizeof *s.after);
    struct tg_list indexes;
    status = tg_sqlite_indexes(session, arena, &indexes, diags);
    if (status != TG_OK)
        return status;
    if (s.query.where_end > 0) {
        try_partial_indexes(&s, &indexes);
        try_ranges(&s);
    }
    sqlite3 *copy = open_copy(&s);
    if (copy)
        try_new_indexes(&s, copy);
    s.api->close_v2(copy);
    *remedies = (struct tg_list){.items = s.remedies,
                                 .count = s.count < MOST_REMEDIES ? s.count : MOST_REMEDIES};
    return TG_OK;
}
