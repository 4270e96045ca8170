#include "baselines/result_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/json_writer.h"
#include "common/file.h"
#include "common/text.h"

static const struct tg_shelf results = {
    .folder = "results",
    .document = "result.json",
    .noun = "result",
    .make = "tailgate run SCENARIO",
    .list = "tailgate show --list",
};

/* State is not for the user's commits. */
static enum tg_status keep_from_git(const char *home, struct tg_diags *diags)
{
    static const char everything[] = "*\n";
    char *path = tg_path_join(home, ".gitignore");
    enum tg_status status = TG_OK;
    if (!tg_path_exists(path))
        status = tg_file_write(path, everything, strlen(everything), true, diags);
    free(path);
    return status;
}

enum tg_status tg_store_check(const char *home, struct tg_diags *diags)
{
    char *folder = tg_path_join(home, results.folder);
    enum tg_status status = tg_check_writable_folder(folder, diags);
    free(folder);
    if (status == TG_OK)
        status = keep_from_git(home, diags);
    if (status != TG_OK)
        tg_diag_hint(&diags->items[diags->count - 1],
                     "set TAILGATE_HOME to a folder that can be written");
    return status;
}

/* ---- saving ---- */

static enum tg_status write_document(const char *folder, const struct tg_result *result,
                                     struct tg_diags *diags)
{
    char *path = tg_path_join(folder, results.document);
    enum tg_status status = tg_put_document(path, tg_result_to_json(result), true, diags);
    free(path);
    return status;
}

static enum tg_status write_logs(const char *folder, struct tg_result *result,
                                 struct tg_diags *diags)
{
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < result->phase_count && status == TG_OK; i++) {
        struct tg_phase_result *phase = &result->phases[i];
        if (!phase->interval_log)
            continue;
        assert(!strchr(phase->name, '/'));
        phase->interval_log_file = tg_arena_format(&result->arena, "%s.hlog", phase->name);
        char *path = tg_path_join(folder, phase->interval_log_file);
        status = tg_file_write(path, phase->interval_log, strlen(phase->interval_log), true, diags);
        free(path);
    }
    return status;
}

static void free_logs(struct tg_result *result)
{
    for (size_t i = 0; i < result->phase_count; i++) {
        free(result->phases[i].interval_log);
        result->phases[i].interval_log = NULL;
    }
}

static void set_host(struct tg_result *result, const struct tg_host *host)
{
    cJSON *json = tg_host_to_json(host);
    char *text = cJSON_PrintUnformatted(json);
    if (!text)
        abort();
    result->host_json = tg_arena_strdup(&result->arena, text);
    cJSON_free(text);
    cJSON_Delete(json);
}

static enum tg_status write_result(void *context, const char *folder, const char *id,
                                   struct tg_diags *diags)
{
    struct tg_result *result = context;
    result->id = tg_arena_strdup(&result->arena, id);
    enum tg_status status = write_logs(folder, result, diags);
    return status == TG_OK ? write_document(folder, result, diags) : status;
}

enum tg_status tg_store_save(const char *home, const char *folder, struct tg_result *result,
                             const struct tg_host *host, struct tg_diags *diags)
{
    if (host)
        set_host(result, host);
    const struct tg_shelf_item item = {result->scenario, result->started_unix_ms, write_result,
                                       result};
    char *id = NULL;
    char *stored_in = NULL;
    enum tg_status status = tg_shelf_put(&results, home, folder, &item, &id, &stored_in, diags);
    if (status == TG_OK)
        free_logs(result);
    result->id = id ? tg_arena_strdup(&result->arena, id) : NULL;
    result->folder = stored_in ? tg_arena_strdup(&result->arena, stored_in) : NULL;
    free(id);
    free(stored_in);
    return status;
}

/* ---- finding and reading ---- */

/* The verdict alone; histograms are left undecoded. */
static const char *read_verdict(const char *home, const char *id, struct tg_arena *arena)
{
    struct tg_diags ignored = {0};
    struct tg_text text = {0};
    char *path = tg_format("%s/%s/%s/%s", home, results.folder, id, results.document);
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

enum tg_status tg_store_list(const char *home, bool with_verdicts, struct tg_arena *arena,
                             struct tg_store_entry **entries, size_t *count, struct tg_diags *diags)
{
    enum tg_status status = tg_shelf_list(&results, home, arena, entries, count, diags);
    for (size_t i = 0; with_verdicts && i < *count; i++)
        (*entries)[i].verdict = read_verdict(home, (*entries)[i].id, arena);
    return status;
}

enum tg_status tg_store_find(const char *home, const char *name, char **path,
                             struct tg_diags *diags)
{
    return tg_shelf_find(&results, home, name, path, diags);
}

enum tg_status tg_store_read(const char *path, struct tg_result **result, struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_RESULT_MOST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_result_parse(tg_text_string(&text), text.length, path, result, diags);
    if (status == TG_OK) {
        char *folder = tg_path_folder(path);
        (*result)->folder = tg_arena_strdup(&(*result)->arena, folder);
        free(folder);
    }
    tg_text_free(&text);
    return status;
}

enum tg_status tg_store_load(const char *home, const char *name, struct tg_result **result,
                             struct tg_diags *diags)
{
    char *path;
    enum tg_status status = tg_store_find(home, name, &path, diags);
    if (status != TG_OK)
        return status;
    status = tg_store_read(path, result, diags);
    free(path);
    return status;
}
