#include "cli/baseline_gate.h"

#include <stdlib.h>

#include "baselines/baseline.h"
#include "baselines/result_store.h"
#include "cli/itself.h"
#include "reports/gate/gate_log.h"
#include "reports/gate/stored_view.h"

static int print_report(const struct tg_baseline_gate *gate, const struct tg_stored_source *source)
{
    struct tg_arena arena = {0};
    struct tg_stored_judgement judgement =
        tg_stored_judge(source->stored, source->now, source->differs == NULL, &arena);
    struct tg_gate_view view =
        tg_stored_view(source, &judgement, gate->show->allow_inconclusive, &arena);
    int exit_code = tg_print_view(&view, gate->show);
    tg_arena_free(&arena);
    return exit_code;
}

static int measure_and_compare(const struct tg_baseline_gate *gate,
                               const struct tg_comparison *stored, const char *differs,
                               struct tg_diags *diags)
{
    const struct tg_itself itself = {
        .path = gate->path,
        .overrides = gate->overrides,
        .phase = gate->phase,
        .budget_ns = gate->budget_ns,
        .like = stored,
        .quiet = gate->quiet,
    };
    struct tg_comparison *now = tg_comparison_new();
    int exit_code = TG_EXIT_ERROR;
    enum tg_status status = tg_measure_itself(&itself, now, diags);
    tg_print_diags(diags, stderr);
    tg_diags_free(diags);
    if (status == TG_OK)
        exit_code = print_report(
            gate, &(struct tg_stored_source){
                      .name = gate->baseline, .stored = stored, .now = now, .differs = differs});
    tg_comparison_free(now);
    return exit_code;
}

/* Not a word about speed, and no measurement: what would it be compared with? */
static int refuse(const struct tg_baseline_gate *gate, const char *path, const char *differs,
                  struct tg_diags *diags)
{
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                               "is not comparable with what is measured here: %s", differs),
                 "`tailgate baseline save NAME %s` makes one of this machine; --across-hosts shows "
                 "the figures of both, and passes nothing",
                 gate->path);
    return TG_EXIT_UNKNOWN;
}

int tg_gate_baseline(const struct tg_baseline_gate *gate)
{
    struct tg_diags diags = {0};
    struct tg_arena arena = {0};
    struct tg_comparison *stored = NULL;
    char *path = NULL;
    int exit_code = TG_EXIT_ERROR;
    enum tg_status status = tg_baseline_find(tg_store_home(), gate->baseline, &path, &diags);
    if (status == TG_OK)
        status = tg_baseline_read(path, &stored, &diags);
    if (status == TG_OK && gate->show->log)
        status = tg_gate_log_check(gate->show->log, &diags);
    if (status == TG_OK) {
        struct tg_host host;
        tg_host_read(&arena, &host);
        const char *differs = tg_baseline_differs(stored, &host, &arena);
        exit_code = differs && !gate->across_hosts
                        ? refuse(gate, path, differs, &diags)
                        : measure_and_compare(gate, stored, differs, &diags);
    }
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_comparison_free(stored);
    tg_arena_free(&arena);
    free(path);
    return exit_code;
}
