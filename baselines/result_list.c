#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
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

/* The verdict alone; histograms are left undecoded. */
static const char *read_verdict(const char *results, const char *id, struct tg_arena *arena)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    char *path = tg_format("%s/%s/result.json", results, id);
    cJSON *json = NULL;
    if (tg_file_read(path, TG_RESULT_MOST_BYTES, &text, &ignored) == TG_OK)
        json = tg_json_parse(tg_text_string(&text), text.length, path, &ignored);
    const char *verdict = "damaged";
    if (json && tg_json_get_string(json, "verdict", &verdict))
        verdict = tg_arena_strdup(arena, verdict);
    cJSON_Delete(json);
    free(path);
    tg_text_free(&text);
    tg_diags_free(&ignored);
    return verdict;
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

enum tg_status tg_store_list(const char *home, bool with_verdicts, struct tg_arena *arena,
                             struct tg_store_entry **entries, size_t *count, struct tg_diags *diags)
{
    *entries = NULL;
    *count = 0;
    char *results = tg_path_join(home, "results");
    DIR *folder = opendir(results);
    enum tg_status status = TG_OK;
    if (folder) {
        collect(folder, arena, entries, count);
        closedir(folder);
    } else if (errno != ENOENT) {
        status = tg_diag_errno(diags, results, errno, "cannot read the folder");
        tg_diag_hint(&diags->items[diags->count - 1],
                     "TAILGATE_HOME says where results are kept; without it they are in .tailgate");
    }
    for (size_t i = 0; with_verdicts && i < *count; i++)
        (*entries)[i].verdict = read_verdict(results, (*entries)[i].id, arena);
    free(results);
    return status;
}
