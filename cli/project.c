#include "cli/project.h"

#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "common/file.h"
#include "common/text.h"
#include "common/units.h"
#include "runner/scenario/fields.h"

static const double COMPETITIVE_MARGIN = 0.10;

static void read_path(struct tg_reader *reader, struct tg_project *project,
                      const struct tg_toml_node *node, const char **out)
{
    const char *text;
    if (!tg_read_string(reader, node, &text))
        return;
    if (!*text)
        tg_node_error(reader, node, "\"%s\" is empty", node->name);
    *out = tg_project_to_here(project, text, &project->arena);
}

static bool read_margin(struct tg_reader *reader, const struct tg_toml_node *node, double *out)
{
    if (!tg_read_fraction(reader, node, out))
        return false;
    if (*out > 0)
        return true;
    tg_node_error(reader, node, "a margin must be above 0%%");
    return false;
}

static void read_margins(struct tg_reader *reader, struct tg_arena *arena,
                         const struct tg_toml_node *node, struct tg_project_gate *gate)
{
    if (!node)
        return;
    if (node->type != TG_TOML_TABLE) {
        read_margin(reader, node, &gate->margin);
        return;
    }
    gate->margin = 0;
    gate->margins = tg_arena_array(arena, node->count, sizeof *gate->margins);
    for (const struct tg_toml_node *child = node->first; child; child = child->next) {
        double margin;
        if (child->type == TG_TOML_TABLE) /* p99.9 = ... without quotes */
            tg_diag_hint(
                tg_key_error(reader, child, "\"%s\" must be a margin, not a table", child->name),
                "a metric with a dot needs quotes: \"p99.9\" = \"5%%\"");
        else if (read_margin(reader, child, &margin))
            gate->margins[gate->margin_count++] = (struct tg_override){
                .key = tg_arena_format(arena, "gate.margin.\"%s\"", child->key),
                .value = child->type == TG_TOML_STRING ? child->string
                                                       : tg_arena_format(arena, "%.15g", margin),
                .option = TG_PROJECT_FILE,
            };
    }
}

static void read_competitors(struct tg_reader *reader, struct tg_project *project,
                             const struct tg_toml_node *node)
{
    if (!tg_read_type(reader, node, TG_TOML_ARRAY))
        return;
    if (node->count == 0)
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" is empty", node->name),
                     "leave it out for all competitors there are");
    project->competitors =
        tg_arena_array(&project->arena, node->count, sizeof *project->competitors);
    for (const struct tg_toml_node *child = node->first; child; child = child->next)
        if (tg_read_string(reader, child, &project->competitors[project->competitor_count]))
            project->competitor_count++;
}

static void read_gate(struct tg_reader *reader, struct tg_project *project,
                      const struct tg_toml_node *node, bool competitive)
{
    struct tg_project_gate *gate = competitive ? &project->competitive : &project->internal;
    struct tg_fields fields;
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    tg_fields_open(&fields, reader, node);
    if (competitive) {
        read_path(reader, project, tg_field(&fields, "scenario"), &gate->scenario);
        read_competitors(reader, project, tg_field(&fields, "competitors"));
    }
    read_margins(reader, &project->arena, tg_field(&fields, "margin"), gate);
    tg_read_duration(reader, tg_field(&fields, "budget"), TG_NS_PER_S, &gate->budget_ns);
    tg_fields_close(&fields);
}

static void read_document(struct tg_reader *reader, struct tg_project *project)
{
    struct tg_fields fields;
    tg_fields_open(&fields, reader, reader->root);
    tg_read_format(reader, tg_field_required(&fields, "format", "1"));
    read_path(reader, project, tg_field(&fields, "scenario"), &project->internal.scenario);
    read_path(reader, project, tg_field(&fields, "log"), &project->log);
    read_gate(reader, project, tg_field(&fields, "gate"), false);
    read_gate(reader, project, tg_field(&fields, "competitive"), true);
    tg_fields_close(&fields);
}

enum tg_status tg_project_load(struct tg_project *project, struct tg_diags *diags)
{
    *project = (struct tg_project){.competitive = {.margin = COMPETITIVE_MARGIN}};
    char *root = tg_path_find_upwards(TG_PROJECT_FILE);
    if (!root)
        return TG_OK;
    project->root = tg_arena_strdup(&project->arena, root);
    char *path = tg_path_join(root, TG_PROJECT_FILE);
    free(root);
    size_t errors_before = diags->errors;
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_TOML_LIMIT_BYTES, &text, diags);
    if (status == TG_OK) {
        struct tg_reader reader = {.diags = diags};
        reader.root =
            tg_toml_parse(&project->arena, path, tg_text_string(&text), text.length, diags);
        if (reader.root)
            read_document(&reader, project);
        status = diags->errors > errors_before ? TG_INVALID : TG_OK;
    }
    tg_diags_sort(diags);
    tg_text_free(&text);
    free(path);
    return status;
}

void tg_project_free(struct tg_project *project)
{
    tg_arena_free(&project->arena);
}

const char *tg_project_from_root(const struct tg_project *project, const char *path,
                                 struct tg_arena *arena)
{
    char *root = project->root ? realpath(project->root, NULL) : NULL;
    char *whole = root ? realpath(path, NULL) : NULL;
    size_t length = root ? strlen(root) : 0;
    const char *from_root = path;
    if (whole && strncmp(whole, root, length) == 0 && whole[length] == '/')
        from_root = whole + length + 1;
    from_root = tg_arena_strdup(arena, from_root);
    free(whole);
    free(root);
    return from_root;
}

const char *tg_project_to_here(const struct tg_project *project, const char *path,
                               struct tg_arena *arena)
{
    char *joined = tg_path_join(project->root, path);
    const char *here = tg_arena_strdup(arena, joined);
    free(joined);
    return here;
}
