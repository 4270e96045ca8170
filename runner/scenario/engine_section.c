#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "runner/scenario/sections.h"

enum { SCHEMA_LIMIT_BYTES = 16 << 20 };

/* The text of a setting, as a store would be told it. */
static bool read_setting(struct tg_reader *reader, const struct tg_toml_node *node,
                         struct tg_setting *setting)
{
    struct tg_arena *arena = &reader->scenario->arena;
    *setting = (struct tg_setting){.name = node->key, .place = node->place};
    switch (node->type) {
    case TG_TOML_STRING:
        setting->value = node->string;
        return true;
    case TG_TOML_INTEGER:
        setting->value = tg_arena_format(arena, "%" PRId64, node->integer);
        return true;
    case TG_TOML_FLOAT:
        setting->value = tg_arena_format(arena, "%.17g", node->real);
        return true;
    case TG_TOML_BOOLEAN:
        setting->value = node->boolean ? "true" : "false";
        return true;
    default:
        tg_node_error(reader, node, "\"%s\" must be a string, a number or a boolean, not %s",
                      node->name, tg_toml_type_name(node->type));
        return false;
    }
}

static void read_kind(struct tg_reader *reader, const struct tg_toml_node *node)
{
    const char *kind;
    if (!tg_read_string(reader, node, &kind))
        return;
    reader->scenario->engine = tg_engine_find(kind);
    if (reader->scenario->engine)
        return;
    size_t count;
    const struct tg_engine *const *engines = tg_engines(&count);
    const char **names = tg_arena_array(&reader->scenario->arena, count, sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = engines[i]->kind;
    tg_hint_names(tg_node_error(reader, node, "no engine is called \"%s\"", kind), kind, names,
                  count, "known engines");
}

static void read_library(struct tg_reader *reader, const struct tg_toml_node *node)
{
    struct tg_scenario *scenario = reader->scenario;
    const char *library;
    if (!tg_read_string(reader, node, &library))
        return;
    if (*library == '\0') {
        tg_node_error(reader, node, "\"library\" is empty");
        return;
    }
    if (scenario->engine && !scenario->engine->default_library) {
        tg_key_error(reader, node, "the engine \"%s\" loads no library", scenario->engine->kind);
        return;
    }
    scenario->store.library = library;
    if (strchr(library, '/')) { /* else a name for the dynamic linker's own search */
        char *joined = tg_path_join(scenario->folder, library);
        scenario->store.library = tg_arena_strdup(&scenario->arena, joined);
        free(joined);
    }
}

static void read_database(struct tg_reader *reader, const struct tg_toml_node *node)
{
    const char *database;
    if (!tg_read_string(reader, node, &database))
        return;
    const struct tg_engine *engine = reader->scenario->engine;
    if (*database == '\0' || (engine && engine->files && strchr(database, '/'))) {
        struct tg_diag *diag = tg_node_error(
            reader, node, "\"database\" must be a plain file name, not \"%s\"", database);
        tg_diag_hint(diag, "the file is made in a folder of Tailgate's own");
        return;
    }
    reader->scenario->store.database = database;
}

static void read_pragmas(struct tg_reader *reader, const struct tg_toml_node *table)
{
    struct tg_store_spec *store = &reader->scenario->store;
    if (!table || !tg_read_type(reader, table, TG_TOML_TABLE))
        return;
    struct tg_setting *settings =
        tg_arena_array(&reader->scenario->arena, table->count, sizeof *settings);
    for (const struct tg_toml_node *node = table->first; node; node = node->next) {
        if (!tg_is_identifier(node->key))
            tg_key_error(reader, node, "\"%s\" cannot be the name of a setting", node->key);
        else if (read_setting(reader, node, &settings[store->setting_count]))
            store->setting_count++;
    }
    store->settings = settings;
}

/* `stored` is the copy to be read instead of the file that `node` names, or NULL. */
static bool read_script(struct tg_reader *reader, const struct tg_toml_node *node,
                        const char *stored, struct tg_script *script)
{
    struct tg_scenario *scenario = reader->scenario;
    char *path = stored ? tg_strdup(stored) : tg_path_join(scenario->folder, node->string);
    script->path = tg_arena_strdup(&scenario->arena, path);
    free(path);
    struct tg_text text = {0};
    struct tg_diags failure = {0};
    const char *wrong = NULL;
    if (tg_file_read(script->path, SCHEMA_LIMIT_BYTES, &text, &failure) != TG_OK)
        wrong = failure.items[0].message;
    else if (text.length == 0)
        wrong = "is empty";
    else if (memchr(text.data, '\0', text.length))
        wrong = "holds NUL bytes";
    if (wrong) {
        struct tg_diag *diag =
            tg_node_error(reader, node, "schema file \"%s\": %s", node->string, wrong);
        tg_diag_hint(diag, "looked for %s; paths are relative to the scenario's folder",
                     script->path);
    } else {
        script->text = tg_arena_memdup(&scenario->arena, text.data, text.length);
    }
    tg_diags_free(&failure);
    tg_text_free(&text);
    return script->text != NULL;
}

static void read_schema(struct tg_reader *reader, const struct tg_toml_node *node)
{
    struct tg_store_spec *store = &reader->scenario->store;
    size_t count;
    const struct tg_toml_node **names = tg_read_strings(reader, node, &count);
    struct tg_script *scripts = tg_arena_array(&reader->scenario->arena, count, sizeof *scripts);
    const struct tg_scenario_files *files = reader->files;
    if (files && files->schema_count != count) {
        tg_node_error(reader, node ? node : reader->root,
                      "%zu schema files are named, and the bundle has %zu", count,
                      files->schema_count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (read_script(reader, names[i], files ? files->schema[i] : NULL,
                        &scripts[store->schema_count]))
            store->schema_count++;
    }
    store->schema = scripts;
}

static void read_options(struct tg_reader *reader, struct tg_fields *fields)
{
    struct tg_store_spec *store = &reader->scenario->store;
    const struct tg_engine *engine = reader->scenario->engine;
    struct tg_setting *options =
        tg_arena_array(&reader->scenario->arena, engine->option_count, sizeof *options);
    for (size_t i = 0; i < engine->option_count; i++) {
        const struct tg_toml_node *node = tg_field(fields, engine->options[i]);
        if (node && read_setting(reader, node, &options[store->option_count]))
            store->option_count++;
    }
    store->options = options;
}

void tg_read_engine(struct tg_reader *reader, const struct tg_toml_node *node)
{
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    read_kind(reader, tg_field_required(&fields, "kind", "\"sqlite\""));
    const struct tg_engine *engine = reader->scenario->engine;
    read_library(reader, tg_field(&fields, "library"));
    if (reader->files && reader->files->library)
        reader->scenario->store.library =
            tg_arena_strdup(&reader->scenario->arena, reader->files->library);
    const struct tg_toml_node *for_sql[] = {
        tg_field(&fields, "database"), tg_field(&fields, "pragma"), tg_field(&fields, "schema")};
    for (size_t i = 0; i < sizeof for_sql / sizeof *for_sql; i++) {
        if (for_sql[i] && engine && !engine->takes_sql)
            tg_key_error(reader, for_sql[i], "the engine \"%s\" has no use for \"%s\"",
                         engine->kind, for_sql[i]->key);
    }
    read_database(reader, for_sql[0]);
    read_pragmas(reader, for_sql[1]);
    read_schema(reader, for_sql[2]);
    if (!engine)
        return; /* which further keys are right depends on it */
    read_options(reader, &fields);
    tg_fields_close(&fields);
}
