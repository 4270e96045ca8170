#include "runner/drive/dataset.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/worker.h"

static bool lives_in_memory(const struct tg_scenario *scenario)
{
    const char *database = scenario->store.database;
    return !scenario->engine->files || (database && strcmp(database, ":memory:") == 0);
}

static void announce(const struct tg_observer *observer, const char *text)
{
    if (observer->notify) {
        struct tg_event event = {.kind = TG_EVENT_STEP, .text = text};
        observer->notify(observer->context, &event);
    }
}

static void announce_build(const struct tg_observer *observer, const struct tg_scenario *scenario)
{
    int64_t rows = 0;
    char count[TG_UNIT_TEXT];
    for (size_t i = 0; i < scenario->load_count; i++)
        rows += (int64_t)scenario->loads[i].rows;
    if (scenario->load_count == 0)
        return;
    char *text =
        tg_format("building the data set: %s rows in %zu table%s", tg_format_count(rows, count),
                  scenario->load_count, scenario->load_count == 1 ? "" : "s");
    announce(observer, text);
    free(text);
}

/* Folders of runs whose process is gone: a killed Tailgate cannot clean up after itself. */
static void remove_stale_runs(const char *runs)
{
    DIR *folder = opendir(runs);
    if (!folder)
        return;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (pid <= 0 || *end != '\0' || kill((pid_t)pid, 0) == 0 || errno != ESRCH)
            continue;
        char *path = tg_path_join(runs, entry->d_name);
        struct tg_diags ignored = {0};
        if (tg_remove_tree(path, &ignored) != TG_OK)
            tg_diags_free(&ignored);
        free(path);
    }
    closedir(folder);
}

static enum tg_status build_into(const struct tg_scenario *scenario,
                                 const struct tg_workload *workload, const char *folder,
                                 const volatile sig_atomic_t *stop, struct tg_diags *diags)
{
    struct tg_worker worker;
    enum tg_status status = tg_make_folders(folder, diags);
    if (status == TG_OK)
        status = tg_worker_start(&worker, scenario, workload, NULL, diags);
    if (status != TG_OK)
        return status;
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "build");
    tg_json_add_string(request, "folder", folder);
    status = tg_worker_call(&worker, request, stop, NULL, diags);
    tg_worker_end(&worker);
    return status;
}

/* Builds beside the cache and moves the whole into it: a cached data set is complete or absent. */
static enum tg_status build_cached(const struct tg_scenario *scenario,
                                   const struct tg_workload *workload, const char *cached,
                                   const volatile sig_atomic_t *stop, struct tg_diags *diags)
{
    char *building = tg_format("%s.building.%ld", cached, (long)getpid());
    enum tg_status status = build_into(scenario, workload, building, stop, diags);
    /* Another run may have built the same meanwhile: then its copy serves as well. */
    if (status == TG_OK && rename(building, cached) != 0 && errno != EEXIST && errno != ENOTEMPTY)
        status = tg_diag_errno(diags, cached, errno, "cannot keep the data set");
    struct tg_diags ignored = {0};
    if (tg_remove_tree(building, &ignored) != TG_OK)
        tg_diags_free(&ignored);
    free(building);
    return status;
}

static enum tg_status copy_cached(const struct tg_scenario *scenario,
                                  const struct tg_workload *workload, const char *home,
                                  const volatile sig_atomic_t *stop,
                                  const struct tg_observer *observer, struct tg_dataset *dataset,
                                  struct tg_diags *diags)
{
    char *cache = tg_path_join(home, "cache");
    char *cached = tg_format("%s/%.16s", cache, scenario->dataset_hash);
    enum tg_status status = tg_make_folders(cache, diags);
    dataset->cached = tg_path_exists(cached);
    if (status == TG_OK && !dataset->cached) {
        announce_build(observer, scenario);
        status = build_cached(scenario, workload, cached, stop, diags);
    }
    if (status == TG_OK)
        status = tg_copy_folder(cached, dataset->folder, diags);
    dataset->bytes = tg_folder_bytes(dataset->folder);
    free(cache);
    free(cached);
    return status;
}

enum tg_status tg_dataset_prepare(const struct tg_scenario *scenario,
                                  const struct tg_workload *workload, const char *home,
                                  const volatile sig_atomic_t *stop,
                                  const struct tg_observer *observer, struct tg_dataset *dataset,
                                  struct tg_diags *diags)
{
    int64_t begun_ns = tg_now_ns();
    char *runs = tg_path_join(home, "run");
    remove_stale_runs(runs);
    *dataset = (struct tg_dataset){.folder = tg_format("%s/%ld", runs, (long)getpid()),
                                   .build_at_open = lives_in_memory(scenario)};
    free(runs);
    enum tg_status status = tg_remove_tree(dataset->folder, diags);
    if (status == TG_OK)
        status = tg_make_folders(dataset->folder, diags);
    if (status == TG_OK && dataset->build_at_open)
        announce_build(observer, scenario);
    else if (status == TG_OK)
        status = copy_cached(scenario, workload, home, stop, observer, dataset, diags);
    dataset->prepare_ns = tg_now_ns() - begun_ns;
    if (status != TG_OK)
        tg_dataset_release(dataset);
    return status;
}

void tg_dataset_release(struct tg_dataset *dataset)
{
    struct tg_diags ignored = {0};
    if (dataset->folder && tg_remove_tree(dataset->folder, &ignored) != TG_OK)
        tg_diags_free(&ignored); /* left for the next run to clean up */
    free(dataset->folder);
    *dataset = (struct tg_dataset){0};
}
