#include "baselines/sweep_store.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "common/file.h"
#include "common/json.h"
#include "common/text.h"

/* Is it a result of the sweep `id`? Histograms stay undecoded, and what cannot be read is none. */
static bool belongs_to(const char *path, const char *id)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    cJSON *json = NULL;
    const char *sweep = NULL;
    if (tg_path_exists(path) && tg_file_read(path, TG_RESULT_MOST_BYTES, &text, &ignored) == TG_OK)
        json = tg_json_parse(tg_text_string(&text), text.length, path, &ignored);
    bool same =
        tg_json_get_string(tg_json_get(json, "sweep"), "id", &sweep) && strcmp(sweep, id) == 0;
    cJSON_Delete(json);
    tg_text_free(&text);
    tg_diags_free(&ignored);
    return same;
}

static enum tg_status add_run(const char *path, struct tg_sweep_runs *runs, struct tg_diags *diags)
{
    struct tg_result *result;
    enum tg_status status = tg_store_read(path, &result, diags);
    if (status != TG_OK)
        return status;
    runs->items = tg_realloc(runs->items, (runs->count + 1) * sizeof *runs->items);
    runs->items[runs->count++] = result;
    return TG_OK;
}

/* In the store the names of folders begin with that of the scenario: other scenarios' results need
 * not be opened. A folder that --out made has another name, and so may those beside it. */
static enum tg_status add_neighbours(const char *own, const struct tg_result *first,
                                     struct tg_sweep_runs *runs, struct tg_diags *diags)
{
    char *parent = tg_path_folder(own);
    DIR *folder = opendir(parent);
    enum tg_status status = TG_OK;
    if (!folder)
        status = tg_diag_errno(diags, parent, errno, "cannot list");
    const char *own_name = strrchr(own, '/') ? strrchr(own, '/') + 1 : own;
    bool stored = tg_starts_with(own_name, first->scenario);
    struct dirent *entry;
    while (status == TG_OK && (entry = readdir(folder))) {
        bool hidden = entry->d_name[0] == '.';
        if (hidden || (stored && !tg_starts_with(entry->d_name, first->scenario)))
            continue;
        char *path = tg_format("%s/%s/result.json", parent, entry->d_name);
        if (belongs_to(path, first->sweep.id))
            status = add_run(path, runs, diags);
        free(path);
    }
    if (folder)
        closedir(folder);
    free(parent);
    return status;
}

static int by_size(const void *a, const void *b)
{
    const struct tg_result *const *left = a;
    const struct tg_result *const *right = b;
    uint64_t rows[] = {(*left)->sweep.rows, (*right)->sweep.rows};
    return rows[0] < rows[1] ? -1 : rows[0] > rows[1];
}

static enum tg_status load_all(const char *path, struct tg_sweep_runs *runs, struct tg_diags *diags)
{
    struct tg_result *named = NULL;
    enum tg_status status = tg_store_read(path, &named, diags);
    if (status == TG_OK && (named->sweep.planned_count == 0 || !named->sweep.id)) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                                   "the result belongs to no size sweep"),
                     "`tailgate run` of a scenario with [sweep] makes one");
        status = TG_INVALID;
    }
    char *folder = tg_path_folder(path);
    char *own = status == TG_OK ? realpath(folder, NULL) : NULL;
    if (status == TG_OK && !own)
        status = tg_diag_errno(diags, folder, errno, "cannot open");
    if (status == TG_OK)
        status = add_neighbours(own, named, runs, diags);
    if (status == TG_OK)
        qsort(runs->items, runs->count, sizeof(struct tg_result *), by_size);
    free(own);
    free(folder);
    tg_result_free(named);
    return status;
}

enum tg_status tg_store_load_sweep(const char *home, const char *name, struct tg_sweep_runs *runs,
                                   struct tg_diags *diags)
{
    char *path;
    *runs = (struct tg_sweep_runs){0};
    enum tg_status status = tg_store_find(home, name, &path, diags);
    if (status != TG_OK)
        return status;
    status = load_all(path, runs, diags);
    free(path);
    if (status != TG_OK)
        tg_sweep_runs_free(runs);
    return status;
}

void tg_sweep_runs_free(struct tg_sweep_runs *runs)
{
    for (size_t i = 0; i < runs->count; i++)
        tg_result_free(runs->items[i]);
    free(runs->items);
    *runs = (struct tg_sweep_runs){0};
}
