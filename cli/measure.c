#include "cli/measure.h"

#include <stdio.h>
#include <stdlib.h>

#include "baselines/result_json.h"
#include "baselines/result_store.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "common/file.h"
#include "common/json.h"
#include "common/text.h"
#include "reports/run/run_text.h"
#include "runner/drive/run.h"

static void note_surroundings(struct tg_result *result, struct tg_host *host)
{
    struct tg_git git;
    tg_host_read(&result->arena, host);
    tg_git_read(&result->arena, &git);
    result->git_commit = git.commit;
    result->git_dirty = git.dirty;
}

static void note_sweep(struct tg_result *result, const struct tg_sweep_place *place)
{
    struct tg_arena *arena = &result->arena;
    uint64_t *planned = tg_arena_array(arena, place->planned_count, sizeof *planned);
    for (size_t i = 0; i < place->planned_count; i++)
        planned[i] = place->planned[i];
    result->sweep = *place;
    result->sweep.id = place->id ? tg_arena_strdup(arena, place->id) : NULL;
    result->sweep.table = tg_arena_strdup(arena, place->table);
    result->sweep.planned = planned;
}

enum tg_status tg_check_new_folder(const char *folder, struct tg_diags *diags)
{
    if (tg_path_exists(folder)) {
        struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){.path = folder},
                                             "exists already, and a result is never overwritten");
        tg_diag_hint(diag, "give --out a new name");
        return TG_INVALID;
    }
    char *parent = tg_path_folder(folder);
    enum tg_status status = tg_check_writable_folder(parent, diags);
    free(parent);
    if (status != TG_OK)
        tg_diag_hint(&diags->items[diags->count - 1],
                     "give --out a new folder in a place that can be written");
    return status;
}

enum tg_status tg_measure(const struct tg_scenario *scenario, const struct tg_measuring *measuring,
                          struct tg_result *result, struct tg_host *host, struct tg_diags *diags)
{
    struct tg_progress progress;
    tg_progress_init(&progress, measuring->quiet);
    struct tg_run_options run = {
        .home = tg_store_home(),
        .coverage = measuring->coverage,
        .phases = measuring->phases,
        .phase_count = measuring->phase_count,
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &progress},
    };
    tg_catch_signals();
    note_surroundings(result, host);
    result->overrides = tg_overrides_texts(measuring->overrides, &result->arena);
    result->override_count = measuring->overrides->count;
    if (measuring->sweep)
        note_sweep(result, measuring->sweep);
    enum tg_status status = tg_run(scenario, &run, result, diags);
    tg_progress_clear(&progress);
    return status;
}

void tg_print_result(const struct tg_result *result, bool json)
{
    struct tg_text text = {0};
    if (json) {
        cJSON *document = tg_result_to_json(result);
        text.data = tg_json_print(document);
        cJSON_Delete(document);
    } else {
        tg_report_run(result, tg_terminal_columns(), tg_use_color(stdout), &text);
    }
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
}
