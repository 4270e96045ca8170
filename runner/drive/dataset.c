#include "runner/drive/dataset.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/room.h"
#include "runner/drive/seal.h"
#include "runner/drive/worker.h"

static bool lives_in_memory(const struct tg_scenario *scenario)
{
    const char *database = scenario->store.database;
    return !scenario->engine->files || (database && strcmp(database, ":memory:") == 0);
}

/* A build that cannot fit is refused, any other announced. */
static enum tg_status begin_build(const struct tg_dataset_spec *spec, const char *folder,
                                  struct tg_diags *diags)
{
    const struct tg_scenario *scenario = spec->scenario;
    int64_t rows = 0;
    char count[TG_UNIT_TEXT];
    for (size_t i = 0; i < scenario->load_count; i++)
        rows += (int64_t)scenario->loads[i].rows;
    enum tg_status status = tg_room_check(scenario, folder, diags);
    if (status != TG_OK || scenario->load_count == 0)
        return status;
    char *text =
        tg_format("building the data set: %s rows in %zu table%s", tg_format_count(rows, count),
                  scenario->load_count, tg_plural(scenario->load_count, "s"));
    tg_observe_step(&spec->observer, text);
    free(text);
    return TG_OK;
}

/* What the name of a data set that is being built has before the process's number. */
#define BUILDING ".building."

/* Removes what processes that are gone left in `parent`: a killed Tailgate cannot clean up after
 * itself. The number of the process is the end of the name, after `mark`. */
static void remove_stale(const char *parent, const char *mark)
{
    DIR *folder = opendir(parent);
    if (!folder)
        return;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        const char *marked = strstr(entry->d_name, mark);
        char *end = NULL;
        long pid = marked ? strtol(marked + strlen(mark), &end, 10) : 0;
        if (pid <= 0 || *end != '\0' || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        char *path = tg_path_join(parent, entry->d_name);
        struct tg_diags ignored = {0};
        if (tg_remove_tree(path, &ignored) != TG_OK)
            tg_diags_free(&ignored);
        free(path);
    }
    closedir(folder);
}

static void keep_crash(struct tg_dataset *dataset, const struct tg_worker *worker)
{
    if (!worker->crash)
        return;
    dataset->crash = tg_strdup(worker->crash);
    dataset->crash_signal = worker->crash_signal;
}

static enum tg_status build_into(const struct tg_dataset_spec *spec, const char *folder,
                                 struct tg_dataset *dataset, struct tg_diags *diags)
{
    struct tg_worker worker;
    struct tg_worker_wait wait = {.stop = spec->stop};
    enum tg_status status = tg_make_folders(folder, diags);
    if (status == TG_OK)
        status = tg_worker_start(&worker, spec->scenario, spec->workload, NULL, diags);
    if (status != TG_OK)
        return status;
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "build");
    tg_json_add_string(request, "folder", folder);
    status = tg_worker_call(&worker, request, wait, NULL, diags);
    if (status == TG_OK)
        status = tg_worker_close(&worker, wait, diags);
    keep_crash(dataset, &worker);
    tg_worker_end(&worker);
    return status;
}

/* Builds beside the cache and moves the whole into it: a cached data set is complete or absent. */
static enum tg_status build_cached(const struct tg_dataset_spec *spec, const char *cached,
                                   struct tg_dataset *dataset, struct tg_diags *diags)
{
    char *building = tg_format("%s" BUILDING "%ld", cached, (long)getpid());
    char *data = tg_path_join(building, "data");
    char *seal = tg_path_join(building, "seal");
    enum tg_status status = build_into(spec, data, dataset, diags);
    if (status == TG_OK)
        status = tg_seal_write(seal, data, diags);
    /* Another run may have built the same meanwhile: then its copy serves as well. */
    if (status == TG_OK && rename(building, cached) != 0 && errno != EEXIST && errno != ENOTEMPTY)
        status = tg_diag_errno(diags, cached, errno, "cannot keep the data set");
    struct tg_diags ignored = {0};
    if (tg_remove_tree(building, &ignored) != TG_OK)
        tg_diags_free(&ignored);
    free(seal);
    free(data);
    free(building);
    return status;
}

static enum tg_status check_cached(const char *cached, const char *data, struct tg_diags *diags)
{
    char *seal = tg_path_join(cached, "seal");
    bool intact;
    enum tg_status status = tg_seal_check(seal, data, &intact, diags);
    free(seal);
    if (status != TG_OK || intact)
        return status;
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = cached},
                               "the cached data set is damaged: it is not as it was built"),
                 "remove this folder, and the next run builds the data set again");
    return TG_INVALID;
}

static enum tg_status copy_cached(const struct tg_dataset_spec *spec, struct tg_dataset *dataset,
                                  struct tg_diags *diags)
{
    char *cache = tg_path_join(spec->home, "cache");
    char *cached = tg_format("%s/%.16s", cache, spec->scenario->dataset_hash);
    char *data = tg_path_join(cached, "data");
    enum tg_status status = tg_make_folders(cache, diags);
    remove_stale(cache, BUILDING);
    dataset->cached = tg_path_exists(cached);
    if (status == TG_OK && dataset->cached && !spec->checked) {
        status = check_cached(cached, data, diags);
    } else if (status == TG_OK && !dataset->cached) {
        status = begin_build(spec, cache, diags);
        if (status == TG_OK)
            status = build_cached(spec, cached, dataset, diags);
    }
    if (status == TG_OK)
        status = tg_copy_folder(data, dataset->folder, diags);
    dataset->bytes = tg_folder_bytes(dataset->folder);
    free(cache);
    free(cached);
    free(data);
    return status;
}

enum tg_status tg_dataset_prepare(const struct tg_dataset_spec *spec, struct tg_dataset *dataset,
                                  struct tg_diags *diags)
{
    int64_t begun_ns = tg_now_ns();
    char *runs = tg_path_join(spec->home, "run");
    remove_stale(runs, "");
    *dataset = (struct tg_dataset){.folder = tg_format("%s/%ld%s%s", runs, (long)getpid(),
                                                       spec->name ? "/" : "",
                                                       spec->name ? spec->name : ""),
                                   .named = spec->name != NULL,
                                   .build_at_open = lives_in_memory(spec->scenario)};
    free(runs);
    enum tg_status status = tg_remove_tree(dataset->folder, diags);
    if (status == TG_OK)
        status = tg_make_folders(dataset->folder, diags);
    if (status == TG_OK && dataset->build_at_open && !spec->checked)
        status = begin_build(spec, dataset->folder, diags);
    else if (status == TG_OK && !dataset->build_at_open)
        status = copy_cached(spec, dataset, diags);
    dataset->prepare_ns = tg_now_ns() - begun_ns;
    return status;
}

void tg_dataset_release(struct tg_dataset *dataset)
{
    struct tg_diags ignored = {0};
    if (dataset->folder && tg_remove_tree(dataset->folder, &ignored) != TG_OK)
        tg_diags_free(&ignored); /* left for the next run to clean up */
    if (dataset->named) {
        char *parent = tg_path_folder(dataset->folder);
        (void)rmdir(parent); /* of the last named copy; refused while there is another */
        free(parent);
    }
    free(dataset->folder);
    free(dataset->crash);
    *dataset = (struct tg_dataset){0};
}
