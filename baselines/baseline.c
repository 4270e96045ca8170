#include "baselines/baseline.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baselines/json_writer.h"
#include "baselines/shelf.h"
#include "common/file.h"
#include "common/text.h"
#include "gate/stored.h"

enum { LONGEST_NAME = 100 };

/* ---- names ---- */

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > LONGEST_NAME || !isalnum((unsigned char)*name))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isascii((unsigned char)name[i]) ||
            (!isalnum((unsigned char)name[i]) && !strchr("-_.", name[i])))
            return false;
    return true;
}

static enum tg_status check_name(const char *name, struct tg_diags *diags)
{
    if (is_name(name))
        return TG_OK;
    tg_diag_hint(
        tg_diag_error(diags, (struct tg_place){0}, "\"%s\" cannot be the name of a baseline", name),
        "letters, digits, \"-\", \"_\" and \".\", a letter or a digit first: main, 1.4-rc2");
    return TG_INVALID;
}

/* Free with free(). */
static char *folder_of(const char *home, enum tg_baseline_place place)
{
    if (place == TG_BASELINE_LOCAL)
        return tg_path_join(home, "baselines");
    char *root = tg_path_find_upwards(TG_PROJECT_FILE);
    char *folder = tg_path_join(root, "baselines");
    free(root);
    return folder;
}

char *tg_baseline_path(const char *home, enum tg_baseline_place place, const char *name)
{
    char *folder = folder_of(home, place);
    char *path = tg_format("%s/%s.json", folder, name);
    free(folder);
    return path;
}

/* ---- reading ---- */

/* Whether the file claims to be a comparison; it may be damaged all the same. */
static bool is_ours(const char *path)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    cJSON *json = NULL;
    const char *kind = "";
    if (tg_file_read(path, TG_COMPARISON_MOST_BYTES, &text, &ignored) == TG_OK)
        json = tg_json_parse(tg_text_string(&text), text.length, path, &ignored);
    bool ours =
        json && tg_json_get_string(json, "kind", &kind) && strcmp(kind, TG_COMPARISON_KIND) == 0;
    cJSON_Delete(json);
    tg_text_free(&text);
    tg_diags_free(&ignored);
    return ours;
}

static enum tg_status not_ours(const char *path, const char *what, struct tg_diags *diags)
{
    tg_diag_hint(
        tg_diag_error(diags, (struct tg_place){.path = path}, "is not a baseline of Tailgate"),
        "%s", what);
    return TG_INVALID;
}

enum tg_status tg_baseline_read(const char *path, struct tg_comparison **comparison,
                                struct tg_diags *diags)
{
    struct tg_comparison *read;
    enum tg_status status = tg_comparison_read(path, &read, diags);
    if (status != TG_OK)
        return status;
    if (!tg_compares_itself(read)) {
        tg_comparison_free(read);
        return not_ours(path, "it compares two variants; `tailgate baseline save` measures one",
                        diags);
    }
    *comparison = read;
    return TG_OK;
}

/* ---- finding ---- */

static bool taken(const char *home, enum tg_baseline_place place, const char *name)
{
    char *path = tg_baseline_path(home, place, name);
    bool exists = tg_path_exists(path);
    free(path);
    return exists;
}

static void unknown_name(const char *home, const char *name, struct tg_diags *diags)
{
    struct tg_baseline_list list;
    struct tg_diags ignored = {0};
    const char *nearest = NULL;
    struct tg_diag *diag =
        tg_diag_error(diags, (struct tg_place){0}, "there is no baseline \"%s\"", name);
    if (tg_baseline_list(home, &list, &ignored) == TG_OK && list.count > 0) {
        const char **names = tg_arena_array(&list.arena, list.count, sizeof *names);
        for (size_t i = 0; i < list.count; i++)
            names[i] = list.entries[i].name;
        nearest = tg_nearest_name(name, names, list.count);
    }
    if (nearest)
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
    else if (list.count > 0)
        tg_diag_hint(diag, "`tailgate baseline list` names all %zu", list.count);
    else
        tg_diag_hint(diag, "`tailgate baseline save NAME SCENARIO` makes one");
    tg_diags_free(&ignored);
    tg_baseline_list_free(&list);
}

enum tg_status tg_baseline_find(const char *home, const char *name, char **path,
                                struct tg_diags *diags)
{
    enum tg_status status = check_name(name, diags);
    if (status != TG_OK)
        return status;
    for (int place = 0; place < TG_BASELINE_PLACES; place++) {
        if (taken(home, (enum tg_baseline_place)place, name)) {
            *path = tg_baseline_path(home, (enum tg_baseline_place)place, name);
            return TG_OK;
        }
    }
    unknown_name(home, name, diags);
    return TG_INVALID;
}

/* ---- saving and removing ---- */

/* Whether it can be written; a measurement that makes no baseline leaves no folder for it. */
static enum tg_status check_folder(const char *folder, enum tg_baseline_place place,
                                   struct tg_diags *diags)
{
    bool existed = tg_path_exists(folder);
    enum tg_status status = tg_check_writable_folder(folder, diags);
    if (status != TG_OK)
        tg_diag_hint(&diags->items[diags->count - 1], "%s",
                     place == TG_BASELINE_LOCAL
                         ? "set TAILGATE_HOME to a folder that can be written"
                         : "--local keeps it among the results");
    else if (!existed)
        rmdir(folder);
    return status;
}

enum tg_status tg_baseline_check(const char *home, enum tg_baseline_place place, const char *name,
                                 bool replace, struct tg_diags *diags)
{
    enum tg_status status = check_name(name, diags);
    if (status != TG_OK)
        return status;
    enum tg_baseline_place other =
        place == TG_BASELINE_PROJECT ? TG_BASELINE_LOCAL : TG_BASELINE_PROJECT;
    bool elsewhere = taken(home, other, name);
    char *path = tg_baseline_path(home, elsewhere ? other : place, name);
    char *folder = folder_of(home, place);
    if (elsewhere || (taken(home, place, name) && !replace)) {
        struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){.path = path},
                                             "there is a baseline \"%s\"", name);
        if (elsewhere)
            tg_diag_hint(diag, "choose another name, or `tailgate baseline rm %s`", name);
        else
            tg_diag_hint(diag, "choose another name, or replace it: --replace");
        status = TG_INVALID;
    } else if (taken(home, place, name) && !is_ours(path)) {
        status = not_ours(path, "it will not be replaced: choose another name", diags);
    } else {
        status = check_folder(folder, place, diags);
    }
    free(folder);
    free(path);
    return status;
}

/* One line per metric, so that a diff shows at a glance what became of each. */
static void add_medians(cJSON *json, const struct tg_comparison *comparison)
{
    cJSON *medians = tg_json_add(json, "medians", tg_json_object());
    for (size_t i = 0; i < comparison->metric_count; i++) {
        struct tg_arena scratch = {0};
        double median = tg_stored_median(comparison, &comparison->metrics[i], &scratch);
        char digits[40];
        snprintf(digits, sizeof digits, "%.4g", median);
        tg_json_add_double(medians, comparison->metrics[i].name, strtod(digits, NULL));
        tg_arena_free(&scratch);
    }
}

enum tg_status tg_baseline_save(const char *home, enum tg_baseline_place place, const char *name,
                                bool replace, struct tg_comparison *comparison,
                                const struct tg_host *host, struct tg_diags *diags)
{
    char *path = tg_baseline_path(home, place, name);
    cJSON_Delete(comparison->host);
    comparison->host = tg_host_to_json(host);
    cJSON *json = tg_comparison_to_json(comparison);
    add_medians(json, comparison);
    enum tg_status status = tg_put_document(path, json, replace, diags);
    free(path);
    return status;
}

enum tg_status tg_baseline_remove(const char *home, const char *name, struct tg_diags *diags)
{
    char *path;
    enum tg_status status = tg_baseline_find(home, name, &path, diags);
    if (status != TG_OK)
        return status;
    if (!is_ours(path))
        status = not_ours(path, "remove the file yourself if nobody needs it", diags);
    else if (unlink(path) != 0)
        status = tg_diag_errno(diags, path, errno, "cannot remove");
    free(path);
    return status;
}

/* ---- listing ---- */

static int by_name(const void *left, const void *right)
{
    const struct tg_baseline_entry *a = left;
    const struct tg_baseline_entry *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (int)a->place - (int)b->place;
}

/* True when the file belongs into the list; entry->comparison is NULL when it is damaged. */
static bool read_entry(struct tg_baseline_entry *entry)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    bool fits = tg_baseline_read(entry->path, &entry->comparison, &ignored) == TG_OK;
    if (!fits && tg_file_read(entry->path, TG_COMPARISON_MOST_BYTES, &text, &ignored) == TG_OK) {
        cJSON *json = tg_json_parse(tg_text_string(&text), text.length, entry->path, &ignored);
        fits = !json || is_ours(entry->path);
        cJSON_Delete(json);
    }
    tg_text_free(&text);
    tg_diags_free(&ignored);
    return fits;
}

static void collect(DIR *folder, const char *home, enum tg_baseline_place place,
                    struct tg_baseline_list *list)
{
    static const char ending[] = ".json";
    struct dirent *item;
    while ((item = readdir(folder))) {
        size_t length = strlen(item->d_name);
        if (!tg_ends_with(item->d_name, ending))
            continue;
        struct tg_baseline_entry entry = {
            .name = tg_arena_memdup(&list->arena, item->d_name, length - strlen(ending)),
            .place = place,
        };
        if (!is_name(entry.name))
            continue;
        char *path = tg_baseline_path(home, place, entry.name);
        entry.path = tg_arena_strdup(&list->arena, path);
        free(path);
        if (!read_entry(&entry))
            continue;
        list->entries = tg_realloc(list->entries, (list->count + 1) * sizeof *list->entries);
        list->entries[list->count++] = entry;
    }
}

enum tg_status tg_baseline_list(const char *home, struct tg_baseline_list *list,
                                struct tg_diags *diags)
{
    *list = (struct tg_baseline_list){0};
    enum tg_status status = TG_OK;
    for (int place = 0; place < TG_BASELINE_PLACES && status == TG_OK; place++) {
        char *path = folder_of(home, (enum tg_baseline_place)place);
        DIR *folder = opendir(path);
        if (folder) {
            collect(folder, home, (enum tg_baseline_place)place, list);
            closedir(folder);
        } else if (errno != ENOENT) {
            status = tg_diag_errno(diags, path, errno, "cannot list the baselines");
        }
        free(path);
    }
    if (list->count > 1)
        qsort(list->entries, list->count, sizeof *list->entries, by_name);
    return status;
}

void tg_baseline_list_free(struct tg_baseline_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        tg_comparison_free(list->entries[i].comparison);
    free(list->entries);
    tg_arena_free(&list->arena);
}

/* ---- comparable? ---- */

const char *tg_baseline_differs(const struct tg_comparison *baseline, const struct tg_host *host,
                                struct tg_arena *arena)
{
    struct tg_host stored;
    if (!baseline->host || !tg_host_from_json(baseline->host, arena, &stored))
        return "it does not say on which machine it was measured";
    const char *machine = tg_host_difference(&stored, host, arena);
    const char *there = tg_host_library(&stored, "tailgate");
    const char *here = tg_host_library(host, "tailgate");
    if (there && here && strcmp(there, here) == 0)
        return machine;
    return tg_arena_format(arena, "%s%sTailgate %s there, %s here", machine ? machine : "",
                           machine ? "; " : "", there ? there : "unknown", here ? here : "unknown");
}
