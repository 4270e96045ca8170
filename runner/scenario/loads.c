#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "runner/scenario/sections.h"

size_t tg_find_load(const struct tg_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->load_count; i++) {
        if (strcmp(scenario->loads[i].table, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

void tg_hint_loads(struct tg_reader *reader, struct tg_diag *diag, const char *wanted)
{
    const struct tg_scenario *scenario = reader->scenario;
    const char **names = tg_calloc(scenario->load_count, sizeof *names);
    for (size_t i = 0; i < scenario->load_count; i++)
        names[i] = scenario->loads[i].table;
    tg_hint_names(diag, wanted, names, scenario->load_count, "loaded tables");
    free(names);
}

static bool is_columns_table(const struct tg_toml_node *node)
{
    return strcmp(node->key, "columns") == 0 && node->type == TG_TOML_TABLE;
}

static void read_column(struct tg_reader *reader, const struct tg_toml_node *node,
                        struct tg_gen_context *context, struct tg_gen_named *columns)
{
    struct tg_load_spec *load = &reader->scenario->loads[context->load];
    for (size_t i = 0; i < load->column_count; i++) {
        if (strcmp(columns[i].name, node->key) == 0) {
            tg_key_error(reader, node, "column \"%s\" is given twice", node->key);
            return;
        }
    }
    context->column = load->column_count;
    columns[load->column_count].name = node->key;
    tg_read_generator(reader, node, context, &columns[load->column_count++].spec);
}

static void read_columns(struct tg_reader *reader, size_t number, const struct tg_toml_node *table)
{
    struct tg_load_spec *load = &reader->scenario->loads[number];
    const struct tg_toml_node *nested = tg_toml_get(table, "columns");
    size_t most = table->count + (nested ? nested->count : 0);
    struct tg_gen_named *columns = tg_arena_array(&reader->scenario->arena, most, sizeof *columns);
    load->columns = columns;
    struct tg_gen_context context = {.load = number};
    for (const struct tg_toml_node *node = table->first; node; node = node->next) {
        if (strcmp(node->key, "rows") != 0 && !is_columns_table(node))
            read_column(reader, node, &context, columns);
    }
    if (nested && is_columns_table(nested)) {
        for (const struct tg_toml_node *node = nested->first; node; node = node->next)
            read_column(reader, node, &context, columns);
    }
    if (load->column_count == 0)
        tg_diag_hint(tg_node_error(reader, table, "the load of \"%s\" has no columns", load->table),
                     "add COLUMN = { gen = \"...\" }");
}

void tg_read_loads(struct tg_reader *reader, const struct tg_toml_node *load)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_type(reader, load, TG_TOML_TABLE))
        return;
    scenario->loads = tg_arena_array(&scenario->arena, load->count, sizeof *scenario->loads);
    const struct tg_toml_node **tables = tg_calloc(load->count, sizeof *tables);
    /* All names and sizes first: a generator may refer to a table that follows. */
    for (const struct tg_toml_node *table = load->first; table; table = table->next) {
        if (!tg_read_type(reader, table, TG_TOML_TABLE))
            continue;
        struct tg_fields fields;
        tg_fields_open(&fields, reader, table);
        int64_t rows = 0; /* not known */
        tg_read_int(reader, tg_field_required(&fields, "rows", "1000"), 1, TG_MOST_ROWS, &rows);
        tables[scenario->load_count] = table;
        scenario->loads[scenario->load_count++] =
            (struct tg_load_spec){.table = table->key, .rows = (uint64_t)rows};
    }
    for (size_t i = 0; i < scenario->load_count; i++)
        read_columns(reader, i, tables[i]);
    free(tables);
    const struct tg_engine *engine = scenario->engine;
    if (engine && engine->takes_sql && scenario->load_count > 0 &&
        !tg_toml_get(tg_toml_get(reader->root, "engine"), "schema"))
        tg_diag_hint(tg_node_error(reader, load->first, "no schema makes the table \"%s\"",
                                   scenario->loads[0].table),
                     "add schema = [\"schema.sql\"] to [engine]");
}

/* ---- picks ---- */

static size_t find_column(const struct tg_load_spec *load, const char *name)
{
    for (size_t i = 0; i < load->column_count; i++) {
        if (strcmp(load->columns[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

/* Can the values of `spec` be written with "as"? */
static bool makes_integers(const struct tg_gen_spec *spec)
{
    switch (spec->kind) {
    case TG_GEN_INT:
    case TG_GEN_PICK:
        return spec->as == NULL;
    case TG_GEN_TIMESTAMP:
        return spec->time_form != TG_TIME_ISO;
    case TG_GEN_CONST:
        return spec->constant.type == TG_VALUE_INT;
    case TG_GEN_CHOICE:
        for (size_t i = 0; i < spec->choice_count; i++) {
            if (spec->choices[i].value.type != TG_VALUE_INT)
                return false;
        }
        return true;
    case TG_GEN_BOOL:
    case TG_GEN_GRAPH:
        return true;
    default:
        return false;
    }
}

/* The column that `pick` names, or NULL after an error. */
static const struct tg_gen_named *resolve(struct tg_reader *reader, struct tg_pick_ref *pick)
{
    struct tg_scenario *scenario = reader->scenario;
    struct tg_gen_spec *spec = pick->spec;
    size_t number = tg_find_load(scenario, spec->table);
    if (number == SIZE_MAX) {
        tg_hint_loads(
            reader,
            tg_node_error(reader, pick->of, "no load defines the table \"%s\"", spec->table),
            spec->table);
        return NULL;
    }
    const struct tg_load_spec *load = &scenario->loads[number];
    spec->dist.over = load->rows;
    size_t column = find_column(load, spec->column);
    if (column != SIZE_MAX)
        return &load->columns[column];
    const char **names = tg_calloc(load->column_count, sizeof *names);
    for (size_t i = 0; i < load->column_count; i++)
        names[i] = load->columns[i].name;
    tg_hint_names(tg_node_error(reader, pick->of, "the load of \"%s\" defines no column \"%s\"",
                                spec->table, spec->column),
                  spec->column, names, load->column_count, "its columns");
    free(names);
    return NULL;
}

/* Deeper chains of picks than this are refused, so that following them by recursion is safe. */
enum { PICK_DEPTH_LIMIT = 32 };

struct pick_walk {
    struct tg_reader *reader;
    size_t *first_node; /* of each load's columns in `height` */
    int *height;        /* of the picks below each column: 0 not seen yet, -1 on the path */
    const struct tg_pick_ref *wrong; /* closes a circle, or goes too deep */
    bool circle;
};

/* Depth first from one column along its picks, until one is wrong. */
static void walk_picks(struct pick_walk *walk, size_t load, size_t column, int depth)
{
    const struct tg_scenario *scenario = walk->reader->scenario;
    size_t node = walk->first_node[load] + column;
    int height = 1;
    walk->height[node] = -1;
    for (struct tg_pick_ref *pick = walk->reader->picks; pick && !walk->wrong; pick = pick->next) {
        if (pick->load != load || pick->column != column)
            continue;
        size_t to_load = tg_find_load(scenario, pick->spec->table);
        size_t to_column = find_column(&scenario->loads[to_load], pick->spec->column);
        const int *below = &walk->height[walk->first_node[to_load] + to_column];
        if (*below == 0 && depth < PICK_DEPTH_LIMIT)
            walk_picks(walk, to_load, to_column, depth + 1);
        if (walk->wrong)
            break;
        walk->circle = *below == -1;
        if (*below <= 0 || *below >= PICK_DEPTH_LIMIT)
            walk->wrong = pick;
        else if (height <= *below)
            height = *below + 1;
    }
    walk->height[node] = height;
}

static void report_walk(const struct pick_walk *walk)
{
    struct tg_reader *reader = walk->reader;
    const struct tg_load_spec *load = &reader->scenario->loads[walk->wrong->load];
    const char *column = load->columns[walk->wrong->column].name;
    if (!walk->circle) {
        tg_node_error(reader, walk->wrong->of, "picks of picks are more than %d deep",
                      PICK_DEPTH_LIMIT);
        return;
    }
    tg_diag_hint(tg_node_error(reader, walk->wrong->of,
                               "the values of \"%s.%s\" would be picked from themselves",
                               load->table, column),
                 "one of the columns on this circle needs a generator of its own");
}

static void check_walks(struct tg_reader *reader)
{
    const struct tg_scenario *scenario = reader->scenario;
    size_t columns = 0;
    size_t *first_node = tg_calloc(scenario->load_count + 1, sizeof *first_node);
    for (size_t i = 0; i < scenario->load_count; i++) {
        first_node[i] = columns;
        columns += scenario->loads[i].column_count;
    }
    struct pick_walk walk = {.reader = reader, .first_node = first_node};
    walk.height = tg_calloc(columns + 1, sizeof *walk.height);
    for (const struct tg_pick_ref *pick = reader->picks; pick; pick = pick->next) {
        if (pick->load == SIZE_MAX || walk.height[first_node[pick->load] + pick->column] != 0)
            continue;
        walk.wrong = NULL;
        walk_picks(&walk, pick->load, pick->column, 1);
        if (walk.wrong)
            report_walk(&walk);
    }
    free(walk.height);
    free(first_node);
}

void tg_resolve_picks(struct tg_reader *reader)
{
    bool all_known = true;
    for (struct tg_pick_ref *pick = reader->picks; pick; pick = pick->next) {
        const struct tg_gen_named *column = resolve(reader, pick);
        if (!column)
            all_known = false;
        else if (pick->spec->as && !makes_integers(&column->spec))
            tg_node_error(reader, pick->of, "\"as\" writes integers, and \"%s.%s\" is none",
                          pick->spec->table, pick->spec->column);
    }
    if (all_known)
        check_walks(reader);
}
