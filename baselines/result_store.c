#include "baselines/result_store.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

enum { MOST_OF_A_NAME = 10000 };

const char *tg_store_home(void)
{
    static char *in_project;
    const char *home = getenv("TAILGATE_HOME");
    if (home && *home)
        return home;
    if (!in_project) {
        char *root = tg_path_find_upwards(TG_PROJECT_FILE);
        in_project = tg_path_join(root, ".tailgate");
        free(root);
    }
    return in_project;
}

enum tg_status tg_store_check(const char *home, struct tg_diags *diags)
{
    char *results = tg_path_join(home, "results");
    enum tg_status status = tg_check_writable_folder(results, diags);
    free(results);
    if (status != TG_OK)
        tg_diag_hint(&diags->items[diags->count - 1],
                     "set TAILGATE_HOME to a folder that can be written");
    return status;
}

/* ---- saving ---- */

/* "SCENARIO-20251121T000000Z", "...-2" for number 2. Free with free(). */
static char *make_id(const struct tg_result *result, long number)
{
    time_t seconds = (time_t)(result->started_unix_ms / 1000);
    struct tm utc = {0};
    char stamp[32] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    char *id = number > 1 ? tg_format("%s-%s-%ld", result->scenario, stamp, number)
                          : tg_format("%s-%s", result->scenario, stamp);
    /* Scenario names are plain already; a hidden or nested folder would not be found again. */
    for (char *at = id; *at; at++)
        if (!isalnum((unsigned char)*at) && (at == id || !strchr("_.-", *at)))
            *at = '_';
    return id;
}

static enum tg_status write_document(const char *folder, const struct tg_result *result,
                                     struct tg_diags *diags)
{
    cJSON *json = tg_result_to_json(result);
    char *text = tg_json_print(json);
    char *path = tg_path_join(folder, "result.json");
    enum tg_status status = tg_file_write(path, text, strlen(text), true, diags);
    free(path);
    free(text);
    cJSON_Delete(json);
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
        status =
            tg_file_write(path, phase->interval_log, strlen(phase->interval_log), false, diags);
        free(path);
    }
    return status;
}

/* Renames unless `to` exists. File systems without RENAME_NOREPLACE still refuse to replace a
 * folder that is not empty, and a result's never is. */
static int rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    return rename(from, to) == 0 ? 0 : errno;
}

/* Moves the finished folder to its place, under the first id that is free. */
static enum tg_status publish(const char *from, const char *results, const char *folder,
                              struct tg_result *result, struct tg_diags *diags)
{
    for (long number = 1; number <= MOST_OF_A_NAME; number++) {
        char *id = make_id(result, number);
        char *target = folder ? tg_strdup(folder) : tg_path_join(results, id);
        enum tg_status status = TG_OK;
        int error = !folder && tg_path_exists(target) ? EEXIST : 0;
        if (error == 0) {
            result->id = tg_arena_strdup(&result->arena, id);
            status = write_document(from, result, diags);
            error = status == TG_OK ? rename_new(from, target) : 0;
            result->folder = tg_arena_strdup(&result->arena, target);
        }
        bool taken = error == EEXIST || error == ENOTEMPTY;
        if (error != 0 && (folder || !taken))
            status = tg_diag_errno(diags, target, error, "cannot store the result");
        free(id);
        free(target);
        if (status != TG_OK || error == 0)
            return status;
    }
    tg_diag_error(diags, (struct tg_place){.path = results},
                  "has no name left for a result of this second");
    return TG_SYSTEM;
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

enum tg_status tg_store_save(const char *home, const char *folder, struct tg_result *result,
                             const struct tg_host *host, struct tg_diags *diags)
{
    if (host)
        set_host(result, host);
    /* The temporary folder stands beside the final one: a rename cannot cross file systems. */
    char *results = folder ? tg_path_folder(folder) : tg_path_join(home, "results");
    char *temporary = tg_format("%s/.new.%ld", results, (long)getpid());
    enum tg_status status = tg_make_folders(results, diags);
    if (status == TG_OK)
        status = tg_remove_tree(temporary, diags);
    if (status == TG_OK && mkdir(temporary, 0777) != 0)
        status = tg_diag_errno(diags, temporary, errno, "cannot create the folder");
    if (status == TG_OK) {
        status = write_logs(temporary, result, diags);
        if (status == TG_OK)
            status = publish(temporary, results, folder, result, diags);
        if (status == TG_OK) {
            tg_sync_folder(results);
            free_logs(result);
        } else {
            struct tg_diags ignored = {0}; /* the first error is the one to hear about */
            (void)!tg_remove_tree(temporary, &ignored);
            tg_diags_free(&ignored);
            result->id = result->folder = NULL;
        }
    }
    free(temporary);
    free(results);
    return status;
}

/* ---- finding and reading ---- */

static void unknown_name(const char *home, const char *name, const struct tg_store_entry *entries,
                         size_t count, struct tg_diags *diags)
{
    if (count == 0) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = home}, "holds no result yet"),
                     "`tailgate run SCENARIO` makes one");
        return;
    }
    struct tg_diag *diag =
        tg_diag_error(diags, (struct tg_place){0}, "there is no result \"%s\" in %s", name, home);
    const char **names = tg_calloc(2 * count, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[2 * i] = entries[i].id;
        names[2 * i + 1] = entries[i].scenario;
    }
    const char *nearest = tg_nearest_name(name, names, 2 * count);
    if (nearest)
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
    else
        tg_diag_hint(diag, "the newest is %s; `tailgate show --list` names all %zu", entries[0].id,
                     count);
    free(names);
}

/* Index of the entry that `name` means, or -1 after saying why there is none. Entries are newest
 * first, so that the first match of a scenario's name is its newest. */
static long match(const char *home, const char *name, const struct tg_store_entry *entries,
                  size_t count, struct tg_diags *diags)
{
    if (!name && count > 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].id, name) == 0)
            return (long)i;
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].scenario, name) == 0)
            return (long)i;
    size_t matches = 0;
    long last = -1;
    for (size_t i = 0; i < count; i++) {
        if (*name && tg_starts_with(entries[i].id, name)) {
            matches++;
            last = (long)i;
        }
    }
    if (matches == 0) {
        unknown_name(home, name, entries, count, diags);
    } else if (matches > 1) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "\"%s\" begins the name of %zu results", name, matches),
                     "%s is one of them; `tailgate show --list` names all", entries[last].id);
    }
    return matches == 1 ? last : -1;
}

static enum tg_status find_stored(const char *home, const char *name, char **path,
                                  struct tg_diags *diags)
{
    struct tg_arena scratch = {0};
    struct tg_store_entry *entries;
    size_t count;
    enum tg_status status = tg_store_list(home, false, &scratch, &entries, &count, diags);
    if (status == TG_OK) {
        long found = match(home, name, entries, count, diags);
        if (found >= 0)
            *path = tg_format("%s/results/%s/result.json", home, entries[found].id);
        else
            status = TG_INVALID;
    }
    tg_arena_free(&scratch);
    return status;
}

/* The document that `name` is a path to: itself, or the one in that folder. NULL: it is no path. */
static char *document_at(const char *name)
{
    struct stat info;
    if (stat(name, &info) != 0)
        return NULL;
    if (S_ISREG(info.st_mode))
        return tg_strdup(name);
    char *path = tg_path_join(name, "result.json");
    if (tg_path_exists(path))
        return path;
    free(path);
    return NULL;
}

enum tg_status tg_store_find(const char *home, const char *name, char **path,
                             struct tg_diags *diags)
{
    char *given = name ? document_at(name) : NULL;
    if (given) {
        *path = given;
        return TG_OK;
    }
    if (name && strchr(name, '/')) {
        tg_diag_error(diags, (struct tg_place){.path = name},
                      "is neither a result.json nor a "
                      "folder with one");
        return TG_INVALID;
    }
    return find_stored(home, name, path, diags);
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
