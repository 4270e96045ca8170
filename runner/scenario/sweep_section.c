#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "runner/scenario/sections.h"

/* ---- scaling: before the loads are read, so that all that follows from them follows ---- */

static struct tg_toml_node *rows_node(const struct tg_toml_node *table)
{
    struct tg_toml_node *rows = table->type == TG_TOML_TABLE ? tg_toml_get(table, "rows") : NULL;
    return rows && rows->type == TG_TOML_INTEGER && rows->integer > 0 ? rows : NULL;
}

static bool is_fixed(const struct tg_toml_node *sweep, const char *table)
{
    const struct tg_toml_node *fixed = tg_toml_get(sweep, "fixed");
    if (!fixed)
        return false;
    if (fixed->type == TG_TOML_STRING)
        return strcmp(fixed->string, table) == 0;
    for (const struct tg_toml_node *name = fixed->first; name; name = name->next)
        if (name->type == TG_TOML_STRING && strcmp(name->string, table) == 0)
            return true;
    return false;
}

/* The table that the sizes are of: as "of" says, else the largest of those that grow. */
static const struct tg_toml_node *sized_table(const struct tg_toml_node *sweep,
                                              const struct tg_toml_node *load)
{
    const struct tg_toml_node *of = tg_toml_get(sweep, "of");
    if (of)
        return of->type == TG_TOML_STRING ? tg_toml_get(load, of->string) : NULL;
    const struct tg_toml_node *largest = NULL;
    for (const struct tg_toml_node *table = load ? load->first : NULL; table; table = table->next) {
        const struct tg_toml_node *rows = rows_node(table);
        if (rows && !is_fixed(sweep, table->key) &&
            (!largest || rows->integer > rows_node(largest)->integer))
            largest = table;
    }
    return largest;
}

/* Rounded, at least 1. All three are at most TG_MOST_ROWS: double precision is off by less than
 * 0.001 as long as the result is, too. */
static double scaled(int64_t rows, int64_t size, int64_t whole)
{
    return fmax(1, round((double)rows * (double)size / (double)whole));
}

void tg_sweep_scale(struct tg_scenario *scenario, const struct tg_toml_node *root,
                    struct tg_diags *diags)
{
    const struct tg_toml_node *sweep = tg_toml_get(root, "sweep");
    const struct tg_toml_node *load = tg_toml_get(root, "load");
    if (!sweep || sweep->type != TG_TOML_TABLE || !load || load->type != TG_TOML_TABLE)
        return;
    const struct tg_toml_node *sized = sized_table(sweep, load);
    const struct tg_toml_node *whole_node = sized ? rows_node(sized) : NULL;
    const struct tg_toml_node *at = tg_toml_get(sweep, "at");
    if (!whole_node || whole_node->integer > TG_MOST_ROWS)
        return; /* which the readers of the sections complain about */
    scenario->sweep.table = sized->key;
    if (!at || at->type != TG_TOML_INTEGER || at->integer < 1 || at->integer > TG_MOST_ROWS)
        return;
    int64_t whole = whole_node->integer; /* before it is scaled itself */
    for (const struct tg_toml_node *table = load->first; table; table = table->next) {
        struct tg_toml_node *rows = rows_node(table);
        if (!rows || rows->integer > TG_MOST_ROWS || is_fixed(sweep, table->key))
            continue;
        double wanted = scaled(rows->integer, at->integer, whole);
        if (wanted > (double)TG_MOST_ROWS) {
            char size[TG_UNIT_TEXT];
            tg_diag_hint(tg_diag_error(diags, at->place,
                                       "\"%s\" would have more than %" PRId64 " rows with %s in "
                                       "\"%s\"",
                                       table->key, TG_MOST_ROWS, tg_format_count(at->integer, size),
                                       sized->key),
                         "choose smaller sizes, or add \"%s\" to fixed", table->key);
            return;
        }
        rows->integer = (int64_t)wanted;
    }
}

/* ---- the section ---- */

static bool known_load(struct tg_reader *reader, struct tg_place at, const char *name)
{
    if (tg_find_load(reader->scenario, name) != SIZE_MAX)
        return true;
    tg_hint_loads(reader,
                  tg_diag_error(reader->diags, at, "no load defines the table \"%s\"", name), name);
    return false;
}

/* An array of numbers of rows, each above the one before. */
static const uint64_t *read_sizes(struct tg_reader *reader, const struct tg_toml_node *node,
                                  size_t *count)
{
    uint64_t above = 0;
    *count = 0;
    if (!tg_read_type(reader, node, TG_TOML_ARRAY))
        return NULL;
    if (node->count == 0)
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" names no size", node->name),
                     "write [1_000, 10_000, 100_000]");
    uint64_t *sizes = tg_arena_array(&reader->scenario->arena, node->count, sizeof *sizes);
    for (const struct tg_toml_node *item = node->first; item; item = item->next) {
        int64_t rows;
        if (!tg_read_int(reader, item, 1, TG_MOST_ROWS, &rows))
            continue;
        if ((uint64_t)rows <= above)
            tg_diag_hint(
                tg_node_error(reader, item, "%" PRId64 " comes after %" PRIu64, rows, above),
                "sizes are listed once each, from the smallest to the largest");
        else
            above = (uint64_t)rows;
        sizes[(*count)++] = (uint64_t)rows;
    }
    return sizes;
}

static void read_fixed(struct tg_reader *reader, const struct tg_toml_node *node,
                       const struct tg_toml_node *of)
{
    size_t count;
    if (!node)
        return;
    const struct tg_toml_node **names = tg_read_strings(reader, node, &count);
    for (size_t i = 0; i < count; i++) {
        known_load(reader, names[i]->place, names[i]->string);
        if (of && of->type == TG_TOML_STRING && strcmp(of->string, names[i]->string) == 0)
            tg_diag_hint(tg_node_error(reader, names[i],
                                       "\"%s\" cannot stay as it is: the sizes are of it",
                                       names[i]->string),
                         "take it out of fixed, or let \"of\" name another table");
    }
}

/* [sweep.full]: what `tailgate run --full` adds. */
static void read_full(struct tg_reader *reader, const struct tg_toml_node *node)
{
    struct tg_sweep_spec *sweep = &reader->scenario->sweep;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    const struct tg_toml_node *rows = tg_field(&fields, "rows");
    sweep->full_sizes = read_sizes(reader, rows, &sweep->full_size_count);
    const struct tg_toml_node *load = tg_field(&fields, "load");
    if (tg_read_type(reader, load, TG_TOML_TABLE)) {
        struct tg_full_load *loads =
            tg_arena_array(&reader->scenario->arena, load->count, sizeof *loads);
        for (const struct tg_toml_node *item = load->first; item; item = item->next) {
            int64_t wanted;
            if (known_load(reader, item->key_place, item->key) &&
                tg_read_int(reader, item, 1, TG_MOST_ROWS, &wanted))
                loads[sweep->full_load_count++] =
                    (struct tg_full_load){.table = item->key, .rows = (uint64_t)wanted};
        }
        sweep->full_loads = loads;
    }
    if (!rows && !load)
        tg_diag_hint(tg_node_error(reader, node, "\"full\" adds nothing"),
                     "write full = { rows = [10_000_000] } or full = { load = { TABLE = ROWS } }");
    tg_fields_close(&fields);
}

void tg_read_sweep(struct tg_reader *reader, const struct tg_toml_node *node)
{
    struct tg_sweep_spec *sweep = &reader->scenario->sweep;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    sweep->given = true;
    sweep->sizes = read_sizes(
        reader, tg_field_required(&fields, "rows", "[1_000, 10_000, 100_000]"), &sweep->size_count);
    const char *name;
    const struct tg_toml_node *of = tg_field(&fields, "of");
    if (tg_read_string(reader, of, &name))
        known_load(reader, of->place, name);
    read_fixed(reader, tg_field(&fields, "fixed"), of);
    read_full(reader, tg_field(&fields, "full"));
    int64_t at = 0;
    tg_read_int(reader, tg_field(&fields, "at"), 1, TG_MOST_ROWS, &at);
    sweep->at = (uint64_t)at;
    tg_fields_close(&fields);
    if (!sweep->table && !of && reader->scenario->load_count == 0)
        tg_diag_hint(tg_node_error(reader, node, "nothing grows: the scenario loads no table"),
                     "add a [load.TABLE]");
    else if (!sweep->table && !of && reader->diags->errors == 0)
        tg_diag_hint(tg_node_error(reader, node, "nothing grows: all tables are fixed"),
                     "take one out of fixed");
}

/* ---- one size ---- */

enum tg_status tg_scenario_load_size(const char *path, const struct tg_override *overrides,
                                     size_t override_count, const char *table, uint64_t rows,
                                     struct tg_scenario **scenario, struct tg_diags *diags)
{
    struct tg_override *all = tg_calloc(override_count + 1, sizeof *all);
    char *value = tg_format("%" PRIu64, rows);
    char size[TG_UNIT_TEXT];
    for (size_t i = 0; i < override_count; i++)
        all[i] = overrides[i];
    all[override_count] = (struct tg_override){.key = TG_SWEEP_AT, .value = value};
    struct tg_diags found = {0};
    enum tg_status status = tg_scenario_load(path, all, override_count + 1, scenario, &found);
    tg_format_count((int64_t)rows, size);
    for (size_t i = 0; i < found.count; i++) {
        const struct tg_diag *diag = &found.items[i];
        const struct tg_place at = {.path = diag->path, .line = diag->line, .column = diag->column};
        if (diag->severity != TG_SEVERITY_ERROR)
            continue; /* was said of the scenario as it stands */
        struct tg_diag *copy =
            tg_diag_error(diags, at, "with %s rows in \"%s\": %s", size, table, diag->message);
        if (diag->hint)
            tg_diag_hint(copy, "%s", diag->hint);
    }
    tg_diags_free(&found);
    free(value);
    free(all);
    return status;
}
