#include "baselines/competitors.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"
#include "runner/scenario/fields.h"

#define IN_PROJECT "baselines/competitors"

/* ---- one file ---- */

typedef bool read_figure(struct tg_reader *reader, const struct tg_toml_node *node, double *out);

static bool read_latency(struct tg_reader *reader, const struct tg_toml_node *node, double *out)
{
    int64_t duration_ns;
    if (!tg_read_duration(reader, node, 1, &duration_ns))
        return false;
    *out = (double)duration_ns;
    return true;
}

/* A figure, or a range as an array of two. NaN when there is none or it is wrong. */
static struct tg_published read_published(struct tg_reader *reader, const struct tg_toml_node *node,
                                          read_figure *read)
{
    const struct tg_published none = {.low = NAN, .high = NAN};
    struct tg_published range = none;
    if (!node)
        return none;
    if (node->type != TG_TOML_ARRAY) {
        if (read(reader, node, &range.low))
            range.high = range.low;
        return range;
    }
    if (node->count != 2) {
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" has %zu values", node->name, node->count),
                     "a range has two: its lower and its upper end");
        return none;
    }
    bool low = read(reader, tg_toml_at(node, 0), &range.low);
    bool high = read(reader, tg_toml_at(node, 1), &range.high);
    if (!low || !high)
        return none;
    if (range.low >= range.high) {
        tg_diag_hint(tg_node_error(reader, node,
                                   "\"%s\" is no range: it ends where it begins, or "
                                   "before",
                                   node->name),
                     "the lower end comes first; a single figure needs no brackets");
        return none;
    }
    return range;
}

static void read_published_section(struct tg_reader *reader, const struct tg_toml_node *node,
                                   struct tg_competitor *out)
{
    if (!tg_read_type(reader, node, TG_TOML_TABLE))
        return;
    struct tg_fields fields;
    tg_fields_open(&fields, reader, node);
    out->figures[TG_FIGURE_P50] = read_published(reader, tg_field(&fields, "p50"), read_latency);
    out->figures[TG_FIGURE_P99] = read_published(reader, tg_field(&fields, "p99"), read_latency);
    out->figures[TG_FIGURE_RATE] = read_published(reader, tg_field(&fields, "rate"), tg_read_rate);
    out->recall = read_published(reader, tg_field(&fields, "recall"), tg_read_fraction);
    tg_fields_close(&fields);
    if (!tg_toml_get(node, "p50") && !tg_toml_get(node, "p99") && !tg_toml_get(node, "rate"))
        tg_diag_hint(tg_node_error(reader, node, "no figure is published"),
                     "add p50, p99 or rate; leave out what the source does not say");
}

static void read_text(struct tg_fields *fields, const char *key, const char *example,
                      const char **out)
{
    const struct tg_toml_node *node = tg_field_required(fields, key, example);
    *out = "";
    if (tg_read_string(fields->reader, node, out) && **out == '\0')
        tg_diag_hint(tg_node_error(fields->reader, node, "\"%s\" is empty", key),
                     "what the source does not say is \"not stated\"");
}

static void read_date(struct tg_fields *fields, const char **out)
{
    static const size_t date_length = sizeof "2025-11-09" - 1;
    const struct tg_toml_node *node = tg_field_required(fields, "read", "2025-11-09");
    *out = "";
    if (!node)
        return;
    if (node->type != TG_TOML_TIME || strlen(node->string) != date_length)
        tg_diag_hint(tg_node_error(fields->reader, node, "\"read\" must be a date"),
                     "write the day when the source was read, without quotes: 2025-11-09");
    else
        *out = node->string;
}

static void read_applies_to(struct tg_reader *reader, const struct tg_toml_node *node,
                            struct tg_arena *arena, struct tg_competitor *out)
{
    if (!tg_read_type(reader, node, TG_TOML_ARRAY))
        return;
    if (node->count == 0)
        tg_diag_hint(tg_node_error(reader, node, "\"applies_to\" is empty"),
                     "name the operations that do the same, as in [\"search\"]");
    out->applies_to = tg_arena_array(arena, node->count, sizeof *out->applies_to);
    for (const struct tg_toml_node *child = node->first; child; child = child->next) {
        const char *operation;
        if (!tg_read_string(reader, child, &operation))
            continue;
        if (!tg_is_identifier(operation))
            tg_diag_hint(tg_node_error(reader, child, "\"%s\" cannot be an operation", operation),
                         "operations are letters, digits and '_', and do not start with a digit");
        out->applies_to[out->applies_to_count++] = operation;
    }
}

static void read_document(struct tg_reader *reader, struct tg_arena *arena,
                          struct tg_competitor *out)
{
    struct tg_fields fields;
    tg_fields_open(&fields, reader, reader->root);
    tg_read_format(reader, tg_field_required(&fields, "format", "1"));
    read_text(&fields, "name", "\"Neo4j\"", &out->name);
    read_text(&fields, "version", "\"5.14\"", &out->version);
    read_text(&fields, "source", "\"neo4j.com, performance guide\"", &out->source);
    read_date(&fields, &out->read);
    read_text(&fields, "hardware", "\"not stated\"", &out->hardware);
    read_text(&fields, "workload", "\"nearest-neighbour search\"", &out->workload);
    read_text(&fields, "data", "\"1,000,000 x 768\"", &out->data);
    read_applies_to(reader, tg_field_required(&fields, "applies_to", "[\"search\"]"), arena, out);
    const struct tg_toml_node *published = tg_field(&fields, "published");
    if (published)
        read_published_section(reader, published, out);
    else
        tg_diag_hint(tg_node_error(reader, reader->root, "missing [published]"),
                     "add [published] with p50, p99 or rate");
    tg_fields_close(&fields);
}

enum tg_status tg_competitor_read(const char *path, struct tg_arena *arena,
                                  struct tg_competitor *out, struct tg_diags *diags)
{
    const size_t errors_before = diags->errors;
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_TOML_LIMIT_BYTES, &text, diags);
    if (status != TG_OK) {
        tg_diag_hint(&diags->items[diags->count - 1],
                     "every .toml file of this folder is taken for a competitor");
    } else {
        struct tg_reader reader = {.diags = diags};
        *out = (struct tg_competitor){.path = tg_arena_strdup(arena, path)};
        reader.root = tg_toml_parse(arena, out->path, tg_text_string(&text), text.length, diags);
        if (reader.root)
            read_document(&reader, arena, out);
        if (diags->errors > errors_before)
            status = TG_INVALID;
    }
    tg_text_free(&text);
    return status;
}

/* ---- a folder ---- */

static int by_text(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b);
}

static enum tg_status list_files(const char *folder, struct tg_arena *arena, const char ***paths,
                                 size_t *count, struct tg_diags *diags)
{
    DIR *open_folder = opendir(folder);
    if (!open_folder) {
        enum tg_status status =
            tg_diag_errno(diags, folder, errno, "cannot read the folder of the competitors");
        tg_diag_hint(&diags->items[diags->count - 1],
                     "a project keeps them in " IN_PROJECT ", one .toml file each");
        return status;
    }
    const char **found = NULL;
    struct dirent *item;
    while ((item = readdir(open_folder))) {
        if (*item->d_name == '.' || !tg_ends_with(item->d_name, ".toml"))
            continue;
        found = tg_realloc(found, (*count + 1) * sizeof *found);
        found[(*count)++] = tg_arena_format(arena, "%s/%s", folder, item->d_name);
    }
    closedir(open_folder);
    if (*count == 0) {
        const struct tg_place whole = {.path = folder};
        tg_diag_hint(tg_diag_error(diags, whole, "no competitor is described here"),
                     "each has a .toml file; docs/competitors.md says what is in it");
        return TG_INVALID;
    }
    qsort(found, *count, sizeof *found, by_text);
    *paths = found;
    return TG_OK;
}

static enum tg_status refuse_twins(const struct tg_competitors *competitors, struct tg_diags *diags)
{
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < competitors->count; i++) {
        const struct tg_competitor *one = &competitors->items[i];
        for (size_t j = 0; j < i; j++) {
            const struct tg_competitor *other = &competitors->items[j];
            if (strcmp(one->name, other->name) != 0 || strcmp(one->version, other->version) != 0)
                continue;
            const struct tg_place whole = {.path = one->path};
            tg_diag_hint(tg_diag_error(diags, whole, "%s %s is described in %s as well", one->name,
                                       one->version, other->path),
                         "remove one of the two, or tell them apart by their versions");
            status = TG_INVALID;
        }
    }
    return status;
}

enum tg_status tg_competitors_load(const char *folder, struct tg_competitors *out,
                                   struct tg_diags *diags)
{
    *out = (struct tg_competitors){0};
    const char **paths = NULL;
    size_t count = 0;
    enum tg_status status = list_files(folder, &out->arena, &paths, &count, diags);
    out->items = tg_arena_array(&out->arena, count, sizeof *out->items);
    for (size_t i = 0; i < count; i++) {
        enum tg_status read =
            tg_competitor_read(paths[i], &out->arena, &out->items[out->count], diags);
        if (read == TG_OK)
            out->count++;
        else
            status = read;
    }
    free(paths);
    if (status == TG_OK)
        status = refuse_twins(out, diags);
    tg_diags_sort(diags);
    if (status != TG_OK)
        tg_competitors_free(out);
    return status;
}

void tg_competitors_free(struct tg_competitors *competitors)
{
    struct tg_arena arena = competitors->arena;
    *competitors = (struct tg_competitors){0};
    tg_arena_free(&arena);
}

bool tg_competitor_applies(const struct tg_competitor *competitor, const char *operation)
{
    for (size_t i = 0; i < competitor->applies_to_count; i++) {
        if (strcmp(competitor->applies_to[i], operation) == 0)
            return true;
    }
    return false;
}

/* ---- where they are ---- */

static char *own_folder(void)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length < 0)
        return NULL;
    path[length] = '\0';
    return tg_path_folder(path);
}

/* `folder`/`name` if it is there. */
static char *existing(const char *folder, const char *name)
{
    char *path = tg_path_join(folder, name);
    if (tg_path_exists(path))
        return path;
    free(path);
    return NULL;
}

char *tg_competitors_folder(const char *project, const char *program)
{
    char *found = project ? existing(project, IN_PROJECT) : NULL;
    char *own = program ? tg_strdup(program) : own_folder();
    if (!found && own)
        found = existing(own, TG_SHARE_FROM_PROGRAM "/competitors");
    if (!found && own) /* build/PRESET/tailgate */
        found = existing(own, "../../" IN_PROJECT);
    free(own);
    return found;
}
