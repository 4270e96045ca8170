#include "cli/measure.h"

#include <stdio.h>

#include "baselines/result_json.h"
#include "baselines/result_store.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "common/json.h"
#include "common/text.h"
#include "reports/run_text.h"
#include "runner/drive/run.h"

static void note_surroundings(struct tg_result *result, struct tg_host *host)
{
    struct tg_git git;
    tg_host_read(&result->arena, host);
    tg_git_read(&result->arena, &git);
    result->git_commit = git.commit;
    result->git_dirty = git.dirty;
}

enum tg_status tg_measure(const struct tg_scenario *scenario, const struct tg_measuring *measuring,
                          struct tg_result *result, struct tg_host *host, struct tg_diags *diags)
{
    struct tg_progress progress;
    tg_progress_init(&progress, measuring->quiet);
    struct tg_run_options run = {
        .home = tg_store_home(),
        .coverage = measuring->coverage,
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &progress},
    };
    tg_catch_signals();
    note_surroundings(result, host);
    result->overrides = tg_overrides_texts(measuring->overrides, &result->arena);
    result->override_count = measuring->overrides->count;
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
