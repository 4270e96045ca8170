#include "runner/drive/cover.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "common/text.h"
#include "runner/drive/worker.h"

/* Does the store gather statistics, which its planner would then use? */
static bool needs_rows(const struct tg_scenario *scenario)
{
    for (size_t i = 0; i < scenario->store.option_count; i++) {
        const struct tg_setting *option = &scenario->store.options[i];
        if (strcmp(option->name, "analyze") == 0)
            return strcmp(option->value, "true") == 0;
    }
    return false;
}

static cJSON *open_request(const struct tg_scenario *scenario, const char *folder)
{
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "open");
    tg_json_add_string(request, "folder", folder);
    tg_json_add_bool(request, "build", true);
    tg_json_add_bool(request, "rows", needs_rows(scenario));
    return request;
}

static enum tg_status cover_in(const struct tg_scenario *scenario, const char *folder,
                               const volatile sig_atomic_t *stop, struct tg_arena *arena,
                               struct tg_coverage *coverage, struct tg_diags *diags)
{
    struct tg_arena scratch = {0};
    const struct tg_workload *workload = tg_workload_compile(&scratch, &scenario->workload);
    struct tg_worker worker;
    cJSON *answer = NULL;
    struct tg_worker_wait wait = {.stop = stop};
    enum tg_status status = tg_worker_start(&worker, scenario, workload, NULL, diags);
    if (status == TG_OK)
        status = tg_worker_call(&worker, open_request(scenario, folder), wait, NULL, diags);
    if (status == TG_OK) {
        cJSON *request = tg_json_object();
        tg_json_add_string(request, "do", "coverage");
        status = tg_worker_call(&worker, request, wait, &answer, diags);
    }
    if (status == TG_OK)
        status = tg_coverage_take(answer, arena, coverage, diags);
    cJSON_Delete(answer);
    wait.limit_ns = TG_WORKER_PATIENCE_NS;
    if (status == TG_OK)
        status = tg_worker_close(&worker, wait, diags);
    tg_worker_end(&worker);
    tg_arena_free(&scratch);
    return status;
}

enum tg_status tg_cover(const struct tg_scenario *scenario, const volatile sig_atomic_t *stop,
                        struct tg_arena *arena, struct tg_coverage *coverage,
                        struct tg_diags *diags)
{
    const char *temporary = getenv("TMPDIR");
    char *folder =
        tg_format("%s/tailgate-plan-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    enum tg_status status;
    if (mkdtemp(folder)) {
        status = cover_in(scenario, folder, stop, arena, coverage, diags);
        struct tg_diags ignored = {0};
        if (tg_remove_tree(folder, &ignored) != TG_OK)
            tg_diags_free(&ignored); /* in a folder for temporary files: not worth an error */
    } else {
        status = tg_diag_errno(diags, folder, errno, "cannot make a temporary folder");
    }
    free(folder);
    return status;
}
