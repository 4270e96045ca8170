#include "baselines/shelf.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "common/text.h"

enum { STAMP_LENGTH = 16 };

/* "20251121T000000Z". */
static bool is_stamp(const char *text)
{
    for (size_t i = 0; i < STAMP_LENGTH; i++) {
        bool fits = i == 8    ? text[i] == 'T'
                    : i == 15 ? text[i] == 'Z'
                              : isdigit((unsigned char)text[i]) != 0;
        if (!fits)
            return false;
    }
    return true;
}

/* Takes SCENARIO-STAMP[-NUMBER] apart; false when `id` is not such a name. */
static bool parse_id(struct tg_arena *arena, const char *id, struct tg_store_entry *entry)
{
    for (const char *dash = strchr(id, '-'); dash; dash = strchr(dash + 1, '-')) {
        if (dash == id || strlen(dash + 1) < STAMP_LENGTH || !is_stamp(dash + 1))
            continue;
        const char *rest = dash + 1 + STAMP_LENGTH;
        char *end = NULL;
        long number = *rest == '-' ? strtol(rest + 1, &end, 10) : 1;
        if (*rest != '\0' && (*rest != '-' || end == rest + 1 || *end != '\0'))
            continue;
        *entry = (struct tg_store_entry){
            .id = tg_arena_strdup(arena, id),
            .scenario = tg_arena_memdup(arena, id, (size_t)(dash - id)),
            .started = tg_arena_memdup(arena, dash + 1, STAMP_LENGTH),
            .number = number,
        };
        return true;
    }
    return false;
}

static int newest_first(const void *left, const void *right)
{
    const struct tg_store_entry *a = left;
    const struct tg_store_entry *b = right;
    int by_time = strcmp(b->started, a->started);
    if (by_time != 0)
        return by_time;
    if (a->number != b->number)
        return a->number > b->number ? -1 : 1;
    return strcmp(a->id, b->id);
}

static void collect(DIR *folder, struct tg_arena *arena, struct tg_store_entry **entries,
                    size_t *count)
{
    struct tg_store_entry *found = NULL;
    size_t capacity = 0;
    struct dirent *item;
    while ((item = readdir(folder))) {
        struct tg_store_entry entry;
        if (!parse_id(arena, item->d_name, &entry))
            continue;
        if (*count == capacity) {
            capacity = capacity ? capacity * 2 : 16;
            found = tg_realloc(found, capacity * sizeof *found);
        }
        found[(*count)++] = entry;
    }
    if (*count > 0) {
        qsort(found, *count, sizeof *found, newest_first);
        *entries = tg_arena_array(arena, *count, sizeof **entries);
        memcpy(*entries, found, *count * sizeof *found);
    }
    free(found);
}

enum tg_status tg_shelf_list(const struct tg_shelf *shelf, const char *home, struct tg_arena *arena,
                             struct tg_store_entry **entries, size_t *count, struct tg_diags *diags)
{
    *entries = NULL;
    *count = 0;
    char *path = tg_path_join(home, shelf->folder);
    DIR *folder = opendir(path);
    enum tg_status status = TG_OK;
    if (folder) {
        collect(folder, arena, entries, count);
        closedir(folder);
    } else if (errno != ENOENT) {
        status = tg_diag_errno(diags, path, errno, "cannot read the folder");
        tg_diag_hint(&diags->items[diags->count - 1],
                     "TAILGATE_HOME says where %ss are kept; without it they are in .tailgate",
                     shelf->noun);
    }
    free(path);
    return status;
}

/* ---- by name ---- */

static void unknown_name(const struct tg_shelf *shelf, const char *home, const char *name,
                         const struct tg_store_entry *entries, size_t count, struct tg_diags *diags)
{
    if (count == 0) {
        tg_diag_hint(
            tg_diag_error(diags, (struct tg_place){.path = home}, "holds no %s yet", shelf->noun),
            "`%s` makes one", shelf->make);
        return;
    }
    struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){0}, "there is no %s \"%s\" in %s",
                                         shelf->noun, name, home);
    const char **names = tg_calloc(2 * count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = entries[i].id;
        names[2 * i + 1] = entries[i].scenario;
    }
    const char *nearest = tg_nearest_name(name, names, 2 * count);
    if (nearest)
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
    else if (shelf->list)
        tg_diag_hint(diag, "the newest is %s; `%s` names all %zu", entries[0].id, shelf->list,
                     count);
    else
        tg_diag_hint(diag, "the newest is %s", entries[0].id);
    free(names);
}

/* The entry that `name` means, or NULL after saying why there is none. Entries are newest first, so
 * that the first match of a scenario's name is its newest. */
static const struct tg_store_entry *match(const struct tg_shelf *shelf, const char *home,
                                          const char *name, const struct tg_store_entry *entries,
                                          size_t count, struct tg_diags *diags)
{
    if (!name && count > 0)
        return entries;
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].id, name) == 0)
            return &entries[i];
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].scenario, name) == 0)
            return &entries[i];
    size_t matches = 0;
    const struct tg_store_entry *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (*name && tg_starts_with(entries[i].id, name)) {
            matches++;
            last = &entries[i];
        }
    }
    if (matches == 0) {
        unknown_name(shelf, home, name, entries, count, diags);
    } else if (matches > 1) {
        struct tg_diag *diag =
            tg_diag_error(diags, (struct tg_place){0}, "\"%s\" begins the name of %zu %ss", name,
                          matches, shelf->noun);
        if (shelf->list)
            tg_diag_hint(diag, "%s is one of them; `%s` names all", last->id, shelf->list);
        else
            tg_diag_hint(diag, "%s is one of them", last->id);
    }
    return matches == 1 ? last : NULL;
}

static enum tg_status find_stored(const struct tg_shelf *shelf, const char *home, const char *name,
                                  char **path, struct tg_diags *diags)
{
    struct tg_arena scratch = {0};
    struct tg_store_entry *entries;
    size_t count;
    enum tg_status status = tg_shelf_list(shelf, home, &scratch, &entries, &count, diags);
    if (status == TG_OK) {
        const struct tg_store_entry *found = match(shelf, home, name, entries, count, diags);
        if (found)
            *path = tg_format("%s/%s/%s/%s", home, shelf->folder, found->id, shelf->document);
        else
            status = TG_INVALID;
    }
    tg_arena_free(&scratch);
    return status;
}

/* The document that `name` is a path to: itself, or the one in that folder. NULL: it is no path. */
static char *document_at(const struct tg_shelf *shelf, const char *name)
{
    struct stat info;
    if (stat(name, &info) != 0)
        return NULL;
    if (S_ISREG(info.st_mode))
        return tg_strdup(name);
    char *path = tg_path_join(name, shelf->document);
    if (tg_path_exists(path))
        return path;
    free(path);
    return NULL;
}

enum tg_status tg_shelf_find(const struct tg_shelf *shelf, const char *home, const char *name,
                             char **path, struct tg_diags *diags)
{
    char *given = name ? document_at(shelf, name) : NULL;
    if (given) {
        *path = given;
        return TG_OK;
    }
    if (name && strchr(name, '/')) {
        tg_diag_error(diags, (struct tg_place){.path = name},
                      "is neither a %s nor a folder with one", shelf->document);
        return TG_INVALID;
    }
    return find_stored(shelf, home, name, path, diags);
}
