#include "runner/scenario/scenario.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "common/text.h"
#include "runner/scenario/override.h"
#include "runner/scenario/sections.h"

/* ---- the top of the document ---- */

static void read_name(struct tg_reader *reader, const struct tg_toml_node *node)
{
    const char *name;
    if (!tg_read_string(reader, node, &name))
        return;
    reader->scenario->name = name;
    bool good = *name != '\0';
    for (const char *at = name; *at; at++)
        good = good && (isalnum((unsigned char)*at) || strchr("_.-", *at));
    if (!good)
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" cannot be the name of a scenario", name),
                     "names are letters, digits, '_', '.' and '-'");
}

static const struct tg_toml_node *field_with_hint(struct tg_fields *fields, const char *key,
                                                  const char *what, const char *hint)
{
    const struct tg_toml_node *node = tg_field(fields, key);
    if (!node)
        tg_diag_hint(tg_node_error(fields->reader, fields->table, "missing %s", what), "%s", hint);
    return node;
}

static void read_document(struct tg_reader *reader)
{
    struct tg_scenario *scenario = reader->scenario;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, reader->root);
    tg_read_format(reader, tg_field_required(&fields, "format", "1"));
    read_name(reader, tg_field_required(&fields, "name", "\"my_store\""));
    scenario->description = "";
    tg_read_string(reader, tg_field(&fields, "description"), &scenario->description);
    int64_t seed = 1;
    tg_read_int(reader, tg_field(&fields, "seed"), 0, INT64_MAX, &seed);
    scenario->seed = (uint64_t)seed;
    tg_read_engine(reader, field_with_hint(&fields, "engine", "[engine]",
                                           "add [engine] with kind = \"sqlite\""));
    tg_read_loads(reader, tg_field(&fields, "load"));
    tg_read_ops(reader, tg_field(&fields, "op"));
    tg_read_queries(reader, tg_field(&fields, "query"));
    tg_resolve_picks(reader);
    tg_read_mixes(reader, tg_field(&fields, "mix"));
    tg_read_phases(reader, field_with_hint(&fields, "phase", "[[phase]]: nothing would be run",
                                           "add [[phase]] with name, mix and for"));
    tg_read_targets(reader, tg_field(&fields, "targets"));
    tg_read_gate(reader, tg_field(&fields, "gate"));
    tg_read_inject(reader, tg_field(&fields, "inject"));
    tg_read_sweep(reader, tg_field(&fields, "sweep"));
    tg_fields_close(&fields);
}

/* ---- what follows from a good document ---- */

/* The views of the operations and phases that the engine and the stream work on. */
static void fill_views(struct tg_scenario *scenario)
{
    struct tg_arena *arena = &scenario->arena;
    struct tg_engine_op *engine_ops = tg_arena_array(arena, scenario->op_count, sizeof *engine_ops);
    struct tg_op_spec *ops = tg_arena_array(arena, scenario->op_count, sizeof *ops);
    for (size_t i = 0; i < scenario->op_count; i++) {
        const struct tg_op *op = &scenario->ops[i];
        engine_ops[i] = op->engine;
        ops[i] = (struct tg_op_spec){.name = op->name,
                                     .params = op->params,
                                     .param_count = op->param_count,
                                     .batch = op->engine.batch};
    }
    struct tg_phase_mix *phases = tg_arena_array(arena, scenario->phase_count, sizeof *phases);
    for (size_t i = 0; i < scenario->phase_count; i++) {
        const struct tg_phase *phase = &scenario->phases[i];
        phases[i] = (struct tg_phase_mix){
            .name = phase->name, .entries = phase->entries, .entry_count = phase->entry_count};
    }
    scenario->store.ops = engine_ops;
    scenario->store.op_count = scenario->op_count;
    scenario->workload = (struct tg_workload_spec){
        .seed = scenario->seed,
        .loads = scenario->loads,
        .load_count = scenario->load_count,
        .ops = ops,
        .op_count = scenario->op_count,
        .phases = phases,
        .phase_count = scenario->phase_count,
    };
}

static void hash_node(struct tg_hash *hash, const struct tg_toml_node *node)
{
    struct tg_text text = {0};
    if (node)
        tg_toml_canonical(node, &text);
    tg_hash_string(hash, tg_text_string(&text));
    tg_text_free(&text);
}

static void hash_schema(struct tg_hash *hash, const struct tg_scenario *scenario)
{
    tg_hash_u64(hash, scenario->store.schema_count);
    for (size_t i = 0; i < scenario->store.schema_count; i++)
        tg_hash_string(hash, scenario->store.schema[i].text);
}

/* A library that is given as a file by what is in it: one that was built again may lay out the data
 * in another way. One that cannot be read is told of when it is loaded. */
static void hash_library(struct tg_hash *hash, struct tg_scenario *scenario,
                         const struct tg_toml_node *node)
{
    struct tg_diags ignored = {0};
    hash_node(hash, node);
    if (!node || node->type != TG_TOML_STRING || !strchr(node->string, '/'))
        return;
    if (tg_hash_file(scenario->store.library, scenario->library_sha256, &ignored) != TG_OK) {
        scenario->library_sha256[0] = '\0';
        tg_diags_free(&ignored);
    }
    tg_hash_string(hash, scenario->library_sha256);
}

static void fill_hashes(struct tg_scenario *scenario, const struct tg_toml_node *root)
{
    struct tg_hash hash;
    tg_hash_init(&hash);
    tg_hash_string(&hash, "tailgate scenario 1");
    hash_node(&hash, root);
    hash_schema(&hash, scenario);
    tg_hash_end(&hash, scenario->hash);

    /* The number changes when the generators come to make other values. */
    tg_hash_init(&hash);
    tg_hash_string(&hash, "tailgate data set 1");
    tg_hash_u64(&hash, scenario->seed);
    hash_node(&hash, tg_toml_get(root, "load"));
    hash_schema(&hash, scenario);
    const struct tg_toml_node *engine = tg_toml_get(root, "engine");
    tg_hash_string(&hash, scenario->engine->kind);
    hash_library(&hash, scenario, tg_toml_get(engine, "library"));
    hash_node(&hash, tg_toml_get(engine, "database"));
    hash_node(&hash, tg_toml_get(engine, "pragma"));
    for (size_t i = 0; i < scenario->store.option_count; i++) {
        tg_hash_string(&hash, scenario->store.options[i].name);
        tg_hash_string(&hash, scenario->store.options[i].value);
    }
    tg_hash_end(&hash, scenario->dataset_hash);
}

/* ---- loading ---- */

static enum tg_status load_tree(struct tg_scenario *scenario, struct tg_toml_node **root,
                                struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(scenario->path, TG_TOML_LIMIT_BYTES, &text, diags);
    if (status != TG_OK) {
        tg_diag_hint(&diags->items[diags->count - 1],
                     "give the path of a scenario, which is a TOML file");
    } else {
        scenario->text = tg_arena_memdup(&scenario->arena, text.data, text.length);
        scenario->text_length = text.length;
        *root = tg_toml_parse(&scenario->arena, scenario->path, tg_text_string(&text), text.length,
                              diags);
        if (!*root)
            status = TG_INVALID;
    }
    tg_text_free(&text);
    if (status == TG_OK && (*root)->count == 0) {
        const struct tg_place whole = {.path = scenario->path};
        tg_diag_hint(tg_diag_error(diags, whole, "the scenario is empty"),
                     "it needs at least format, name, [engine] and a [[phase]]");
        status = TG_INVALID;
    }
    return status;
}

static enum tg_status load(struct tg_scenario *scenario, const struct tg_scenario_files *files,
                           const struct tg_override *overrides, size_t override_count,
                           struct tg_diags *diags)
{
    struct tg_toml_node *root = NULL;
    enum tg_status status = load_tree(scenario, &root, diags);
    if (status != TG_OK)
        return status;
    for (size_t i = 0; i < override_count; i++) {
        if (!tg_override_apply(&scenario->arena, root, &overrides[i], diags))
            status = TG_INVALID;
    }
    if (status != TG_OK)
        return status;
    scenario->root = root;
    tg_sweep_scale(scenario, root, diags);
    struct tg_reader reader = {.scenario = scenario, .diags = diags, .root = root, .files = files};
    reader.picks_end = &reader.picks;
    read_document(&reader);
    if (diags->errors > 0)
        return TG_INVALID;
    fill_views(scenario);
    fill_hashes(scenario, root);
    return TG_OK;
}

enum tg_status tg_scenario_load(const char *path, const struct tg_override *overrides,
                                size_t override_count, struct tg_scenario **scenario,
                                struct tg_diags *diags)
{
    return tg_scenario_load_stored(path, NULL, overrides, override_count, scenario, diags);
}

enum tg_status tg_scenario_load_stored(const char *path, const struct tg_scenario_files *files,
                                       const struct tg_override *overrides, size_t override_count,
                                       struct tg_scenario **out, struct tg_diags *diags)
{
    struct tg_scenario *scenario = tg_calloc(1, sizeof *scenario);
    char *folder = tg_path_folder(path);
    scenario->path = tg_arena_strdup(&scenario->arena, path);
    scenario->folder = tg_arena_strdup(&scenario->arena, folder);
    free(folder);
    struct tg_diags found = {0}; /* of their own: the caller's earlier ones keep their order */
    enum tg_status status = load(scenario, files, overrides, override_count, &found);
    tg_diags_sort(&found);
    for (size_t i = 0; i < found.count; i++) {
        const struct tg_diag *diag = &found.items[i];
        const struct tg_place at = {.path = diag->path, .line = diag->line, .column = diag->column};
        struct tg_diag *copy = tg_diag_add(diags, diag->severity, at, "%s", diag->message);
        if (diag->hint)
            tg_diag_hint(copy, "%s", diag->hint);
    }
    tg_diags_free(&found);
    if (status == TG_OK)
        *out = scenario;
    else
        tg_scenario_free(scenario);
    return status;
}

void tg_scenario_free(struct tg_scenario *scenario)
{
    if (!scenario)
        return;
    struct tg_arena arena = scenario->arena;
    free(scenario);
    tg_arena_free(&arena);
}
