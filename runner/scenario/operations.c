#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runner/scenario/sections.h"
#include "runner/scenario/sql_params.h"

enum { BATCH_LIMIT = 1000000 };

/* One operation while it is read. */
struct op_reader {
    struct tg_reader *reader;
    const struct tg_toml_node *table;
    struct tg_fields fields; /* the keys that are no parameters */
    struct tg_op *op;
    struct tg_sql *sql; /* one per statement */
    const struct tg_toml_node *const *sql_nodes;
};

size_t tg_find_op(const struct tg_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->op_count; i++) {
        if (strcmp(scenario->ops[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

void tg_hint_ops(struct tg_reader *reader, struct tg_diag *diag, const char *wanted)
{
    const struct tg_scenario *scenario = reader->scenario;
    const char **names = tg_calloc(scenario->op_count, sizeof *names);
    for (size_t i = 0; i < scenario->op_count; i++)
        names[i] = scenario->ops[i].name;
    tg_hint_names(diag, wanted, names, scenario->op_count, "operations");
    free(names);
}

/* ---- what operations and queries share ---- */

/* Scans one statement and rejects what no engine could be handed. */
static struct tg_sql read_statement(struct tg_reader *reader, const struct tg_toml_node *node,
                                    bool in_op)
{
    static const char *const control[] = {"BEGIN",    "COMMIT",    "END",
                                          "ROLLBACK", "SAVEPOINT", "RELEASE"};
    struct tg_sql sql = tg_sql_scan(&reader->scenario->arena, node->string);
    if (sql.keyword[0] == '\0')
        tg_node_error(reader, node, "\"%s\" holds no statement", node->name);
    else if (sql.several)
        tg_diag_hint(
            tg_node_error(reader, node, "\"%s\" holds more than one statement", node->name),
            in_op ? "write an array: sql = [\"...\", \"...\"]" : "write one query per statement");
    if (in_op && sql.positional)
        tg_diag_hint(tg_node_error(reader, node, "the statement has a ? parameter"),
                     "give the parameter a name, as in :id");
    for (size_t i = 0; in_op && i < sizeof control / sizeof *control; i++) {
        if (strcmp(sql.keyword, control[i]) == 0)
            tg_diag_hint(tg_node_error(reader, node, "%s is not for operations", control[i]),
                         "the statements of an operation are one transaction already");
    }
    return sql;
}

static void read_plan(struct tg_reader *reader, const struct tg_toml_node *node,
                      struct tg_plan_expect *plan)
{
    static const char *const flags[] = {"scan", "table_scan", "temp_btree", "auto_index"};
    int *const values[] = {&plan->scan, &plan->table_scan, &plan->temp_btree, &plan->auto_index};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        *values[i] = -1;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    plan->given = true;
    plan->place = node->place;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    tg_read_string(reader, tg_field(&fields, "index"), &plan->index);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        bool allowed;
        if (tg_read_bool(reader, tg_field(&fields, flags[i]), &allowed))
            *values[i] = allowed;
    }
    tg_fields_close(&fields);
    if (node->count == 0)
        tg_diag_hint(tg_node_error(reader, node, "\"plan\" expects nothing"),
                     "add scan = false, or index = \"...\"");
}

/* ---- expect_rows ---- */

/* Reads a whole number at *at and moves past it. */
static bool whole_number(const char **at, int64_t *number)
{
    if (!isdigit((unsigned char)**at))
        return false;
    *number = 0;
    for (; isdigit((unsigned char)**at); (*at)++) {
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, **at - '0', number))
            return false;
    }
    return true;
}

/* "5", "1..100", ">=1", "<=100", with spaces around the numbers. */
static bool parse_row_range(const char *text, int64_t *min, int64_t *max)
{
    const char *at = text + strspn(text, " ");
    bool at_least = tg_starts_with(at, ">=");
    bool at_most = tg_starts_with(at, "<=");
    if (at_least || at_most)
        at += 2;
    at += strspn(at, " ");
    *min = 0;
    *max = INT64_MAX;
    if (!whole_number(&at, at_most ? max : min))
        return false;
    at += strspn(at, " ");
    if (!at_least && !at_most) {
        *max = *min;
        if (tg_starts_with(at, "..")) {
            at += 2;
            at += strspn(at, " ");
            if (!whole_number(&at, max))
                return false;
        }
    }
    at += strspn(at, " ");
    return *at == '\0' && *min <= *max;
}

static void read_expect_rows(struct tg_reader *reader, const struct tg_toml_node *node,
                             struct tg_op *op)
{
    op->expect_rows_min = -1;
    op->expect_rows_max = -1;
    if (!node)
        return;
    int64_t rows;
    if (node->type != TG_TOML_STRING) {
        if (tg_read_int(reader, node, 0, INT64_MAX, &rows))
            op->expect_rows_min = op->expect_rows_max = rows;
        return;
    }
    int64_t min;
    int64_t max;
    if (parse_row_range(node->string, &min, &max)) {
        op->expect_rows_min = min;
        op->expect_rows_max = max;
        return;
    }
    tg_diag_hint(
        tg_node_error(reader, node, "\"expect_rows\" is no number of rows: \"%s\"", node->string),
        "write 1, \"1..100\", \">=1\" or \"<=100\"");
}

/* ---- statements and parameters ---- */

static void read_sql(struct op_reader *in, const struct tg_toml_node *node)
{
    struct tg_arena *arena = &in->reader->scenario->arena;
    struct tg_engine_op *engine_op = &in->op->engine;
    size_t count;
    in->sql_nodes = tg_read_strings(in->reader, node, &count);
    const char **statements = tg_arena_array(arena, count, sizeof *statements);
    struct tg_place *places = tg_arena_array(arena, count, sizeof *places);
    in->sql = tg_arena_array(arena, count, sizeof *in->sql);
    for (size_t i = 0; i < count; i++) {
        in->sql[i] = read_statement(in->reader, in->sql_nodes[i], true);
        statements[i] = in->sql_nodes[i]->string;
        places[i] = in->sql_nodes[i]->place;
    }
    engine_op->statements = statements;
    engine_op->statement_places = places;
    engine_op->statement_count = count;
}

/* The value of parameter `name`: among the operation's own keys or under [op.NAME.params]. */
static struct tg_toml_node *find_param(const struct op_reader *in, const char *name)
{
    const struct tg_toml_node *params = tg_toml_get(in->table, "params");
    struct tg_toml_node *node = params ? tg_toml_get(params, name) : NULL;
    if (node)
        return node;
    for (size_t i = 0; i < in->fields.asked_count; i++) {
        if (strcmp(in->fields.asked[i], name) == 0)
            return NULL; /* the key has its own meaning */
    }
    return tg_toml_get(in->table, name);
}

static void add_param(struct op_reader *in, const char *name, const struct tg_toml_node *node,
                      struct tg_gen_named *params)
{
    const struct tg_gen_context context = {
        .load = SIZE_MAX,
        .column = SIZE_MAX,
        .after_statement = in->op->engine.statement_count > 1,
    };
    params[in->op->param_count].name = name;
    tg_read_generator(in->reader, node, &context, &params[in->op->param_count++].spec);
}

static bool is_param(const struct tg_op *op, const struct tg_gen_named *params, const char *name)
{
    for (size_t i = 0; i < op->param_count; i++) {
        if (strcmp(params[i].name, name) == 0)
            return true;
    }
    return false;
}

/* Parameters in the order in which the statements name them first. */
static void read_sql_params(struct op_reader *in, struct tg_gen_named *params)
{
    for (size_t s = 0; s < in->op->engine.statement_count; s++) {
        for (size_t p = 0; p < in->sql[s].param_count; p++) {
            const char *name = in->sql[s].params[p];
            if (is_param(in->op, params, name))
                continue;
            struct tg_toml_node *node = find_param(in, name);
            if (!node) {
                tg_diag_hint(tg_node_error(in->reader, in->sql_nodes[s],
                                           "the parameter :%s has no generator", name),
                             "add %s = { gen = \"...\" } to [op.%s.params]", name, in->op->name);
                params[in->op->param_count++].name = name; /* reported once */
                continue;
            }
            node->seen = true;
            add_param(in, name, node, params);
            if (params[in->op->param_count - 1].spec.kind == TG_GEN_RETURNED && s == 0)
                tg_node_error(in->reader, node,
                              "\"%s\" is taken from the row of an earlier statement, but the first "
                              "statement has it already",
                              name);
        }
    }
}

/* Keys that are no parameter of any statement. */
static void reject_other_keys(struct op_reader *in, const struct tg_toml_node *table,
                              const struct tg_gen_named *params)
{
    const char **names = tg_calloc(in->op->param_count + TG_FIELDS_LIMIT, sizeof *names);
    size_t count = 0;
    for (; count < in->op->param_count; count++)
        names[count] = params[count].name;
    for (size_t i = 0; table == in->table && i < in->fields.asked_count; i++)
        names[count++] = in->fields.asked[i];
    for (const struct tg_toml_node *node = table->first; node; node = node->next) {
        if (node->seen)
            continue;
        if (is_param(in->op, params, node->key)) {
            tg_key_error(in->reader, node, "parameter \"%s\" is given twice", node->key);
            continue;
        }
        struct tg_diag *diag =
            tg_key_error(in->reader, node,
                         "\"%s\" is no key of an operation and no statement has a parameter :%s",
                         node->key, node->key);
        tg_hint_names(diag, node->key, names, count, "known");
    }
    free(names);
}

static size_t most_params(const struct op_reader *in, const struct tg_toml_node *nested)
{
    size_t most = in->table->count + (nested ? nested->count : 0);
    for (size_t s = 0; s < in->op->engine.statement_count; s++)
        most += in->sql[s].param_count;
    return most;
}

/* Without statements, every key that has no meaning of its own is a parameter. */
static void read_all_params(struct op_reader *in, const struct tg_toml_node *table,
                            struct tg_gen_named *params)
{
    for (struct tg_toml_node *node = table->first; node; node = node->next) {
        if (node->seen)
            continue;
        node->seen = true;
        if (is_param(in->op, params, node->key))
            tg_key_error(in->reader, node, "parameter \"%s\" is given twice", node->key);
        else
            add_param(in, node->key, node, params);
    }
}

static void read_params(struct op_reader *in, const struct tg_toml_node *nested)
{
    struct tg_arena *arena = &in->reader->scenario->arena;
    struct tg_op *op = in->op;
    if (nested && !tg_read_type(in->reader, nested, TG_TOML_TABLE))
        nested = NULL;
    size_t most = most_params(in, nested);
    struct tg_gen_named *params = tg_arena_array(arena, most, sizeof *params);
    const struct tg_engine *engine = in->reader->scenario->engine;
    if (!engine || engine->takes_sql) {
        read_sql_params(in, params);
        if (op->engine.statement_count > 0) { /* else nobody knows the parameters */
            reject_other_keys(in, in->table, params);
            if (nested)
                reject_other_keys(in, nested, params);
        }
    } else {
        read_all_params(in, in->table, params);
        if (nested)
            read_all_params(in, nested, params);
    }
    op->params = params;
    const char **names = tg_arena_array(arena, op->param_count, sizeof *names);
    const char **returned = tg_arena_array(arena, op->param_count, sizeof *returned);
    for (size_t i = 0; i < op->param_count; i++) {
        names[i] = params[i].name;
        if (params[i].spec.kind == TG_GEN_RETURNED)
            returned[i] = params[i].spec.column;
    }
    op->engine.params = names;
    op->engine.returned = returned;
    op->engine.param_count = op->param_count;
}

static void read_begin(struct op_reader *in, const struct tg_toml_node *node)
{
    static const char *const words[] = {"deferred", "immediate"};
    struct tg_engine_op *engine_op = &in->op->engine;
    bool transaction = engine_op->statement_count > 1 || engine_op->batch > 1;
    bool writes = false;
    for (size_t i = 0; i < engine_op->statement_count; i++)
        writes = writes || in->sql[i].writes;
    size_t word = writes;
    if (tg_read_word(in->reader, node, words, 2, &word) && !transaction &&
        engine_op->statement_count == 1)
        tg_diag_hint(tg_key_error(in->reader, node,
                                  "\"begin\" has no effect: one statement with batch = 1 is not "
                                  "run in a transaction"),
                     "remove it");
    engine_op->immediate = transaction && word == 1;
}

/* ---- operations ---- */

static void check_op_name(struct tg_reader *reader, const struct tg_toml_node *node)
{
    if (!tg_is_identifier(node->key))
        tg_diag_hint(
            tg_key_error(reader, node, "\"%s\" cannot be the name of an operation", node->key),
            "names are letters, digits and _, and do not start with a digit");
    else if (tg_is_metric_word(node->key))
        tg_diag_hint(tg_key_error(reader, node, "\"%s\" is the name of a metric", node->key),
                     "give the operation another name");
}

static void read_op(struct tg_reader *reader, const struct tg_toml_node *table, struct tg_op *op)
{
    struct op_reader in = {.reader = reader, .table = table, .op = op};
    const struct tg_engine *engine = reader->scenario->engine;
    bool without_sql = engine && !engine->takes_sql;
    check_op_name(reader, table);
    op->name = table->key;
    op->engine.name = table->key;
    op->engine.place = table->place;
    tg_fields_open(&in.fields, reader, table);
    const struct tg_toml_node *sql = without_sql
                                         ? tg_field(&in.fields, "sql")
                                         : tg_field_required(&in.fields, "sql", "\"SELECT ...\"");
    const struct tg_toml_node *begin = tg_field(&in.fields, "begin");
    const struct tg_toml_node *plan = tg_field(&in.fields, "plan");
    const struct tg_toml_node *for_sql[] = {sql, begin, plan};
    for (size_t i = 0; without_sql && i < sizeof for_sql / sizeof *for_sql; i++) {
        if (for_sql[i])
            tg_key_error(reader, for_sql[i], "the engine \"%s\" takes no SQL and so no \"%s\"",
                         engine->kind, for_sql[i]->key);
    }
    int64_t batch = 1;
    tg_read_int(reader, tg_field(&in.fields, "batch"), 1, BATCH_LIMIT, &batch);
    op->engine.batch = (uint32_t)batch;
    read_expect_rows(reader, tg_field(&in.fields, "expect_rows"), op);
    const struct tg_toml_node *params = tg_field(&in.fields, "params");
    read_plan(reader, plan, &op->plan);
    read_sql(&in, without_sql ? NULL : sql);
    read_begin(&in, begin);
    read_params(&in, params);
}

void tg_read_ops(struct tg_reader *reader, const struct tg_toml_node *op)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_type(reader, op, TG_TOML_TABLE))
        return;
    scenario->ops = tg_arena_array(&scenario->arena, op->count, sizeof *scenario->ops);
    for (const struct tg_toml_node *table = op->first; table; table = table->next) {
        if (tg_read_type(reader, table, TG_TOML_TABLE))
            read_op(reader, table, &scenario->ops[scenario->op_count++]);
    }
}

void tg_read_queries(struct tg_reader *reader, const struct tg_toml_node *query)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_type(reader, query, TG_TOML_TABLE))
        return;
    if (scenario->engine && !scenario->engine->takes_sql)
        tg_key_error(reader, query, "the engine \"%s\" takes no SQL and so no queries",
                     scenario->engine->kind);
    scenario->queries = tg_arena_array(&scenario->arena, query->count, sizeof *scenario->queries);
    for (const struct tg_toml_node *table = query->first; table; table = table->next) {
        if (!tg_read_type(reader, table, TG_TOML_TABLE))
            continue;
        struct tg_query *read = &scenario->queries[scenario->query_count++];
        read->name = table->key;
        struct tg_fields fields;
        tg_fields_open(&fields, reader, table);
        const struct tg_toml_node *sql = tg_field_required(&fields, "sql", "\"SELECT ...\"");
        if (tg_read_string(reader, sql, &read->sql)) {
            read->sql_place = sql->place;
            read_statement(reader, sql, false);
        }
        read_plan(reader, tg_field(&fields, "plan"), &read->plan);
        tg_fields_close(&fields);
    }
}
