#include "cli/itself.h"

#include <math.h>
#include <string.h>

#include "baselines/baseline.h"
#include "baselines/result_store.h"
#include "cli/comparison.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "gate/interleave.h"

static bool same_stream(const struct tg_scenario *scenario, const struct tg_comparison *like,
                        struct tg_diags *diags)
{
    struct tg_arena arena = {0};
    char stream[TG_HASH_TEXT];
    tg_workload_fingerprint(tg_workload_compile(&arena, &scenario->workload), stream);
    tg_arena_free(&arena);
    if (strcmp(stream, like->stream_fingerprint) == 0)
        return true;
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = scenario->path},
                               "does not run the operations of the baseline: their streams are "
                               "%.12s and %.12s",
                               stream, like->stream_fingerprint),
                 "a baseline tells about the same seed, data, mix and arguments; after a change of "
                 "these it has to be saved again");
    return false;
}

/* A fingerprint is made of the first thousand operations, and a rare one may not be among them. */
static bool same_mix(const struct tg_scenario *scenario, const struct tg_phase *phase,
                     const struct tg_comparison *like, struct tg_diags *diags)
{
    bool same = phase->entry_count == like->op_count;
    for (size_t i = 0; same && i < like->op_count; i++) {
        const struct tg_mix_entry *entry = &phase->entries[i];
        const struct tg_compared_op *op = &like->ops[i];
        same = (isnan(op->weight) || op->weight == entry->weight) &&
               strcmp(op->name, scenario->ops[entry->op].name) == 0;
    }
    if (!same)
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = scenario->path},
                                   "the mix of phase %s is not what it was in the baseline",
                                   phase->name),
                     "its operations, their order and their weights have to be the same; after a "
                     "change of these the baseline has to be saved again");
    return same;
}

/* A phase that is not there is an error of tg_interleave. */
static bool same_load(const struct tg_scenario *scenario, const struct tg_comparison *like,
                      struct tg_diags *diags)
{
    for (size_t i = 0; i < scenario->phase_count; i++) {
        const struct tg_phase *phase = &scenario->phases[i];
        if (strcmp(phase->name, like->phase) != 0)
            continue;
        if (!same_mix(scenario, phase, like, diags))
            return false;
        bool rate_matters = like->open_slice_ns > 0;
        if (phase->workers == like->workers &&
            (!rate_matters || phase->rate_per_s == like->rate_per_s))
            return true;
        tg_diag_hint(
            tg_diag_error(diags, (struct tg_place){.path = scenario->path},
                          "phase %s is not what it was in the baseline: %u workers at %g/s, "
                          "then %u at %g/s",
                          phase->name, phase->workers, phase->rate_per_s, like->workers,
                          like->rate_per_s),
            "save the baseline again");
        return false;
    }
    return true;
}

static bool comparable(const struct tg_itself *itself, const struct tg_scenario *scenario,
                       struct tg_diags *diags)
{
    if (!itself->like)
        return true;
    if (itself->phase && strcmp(itself->phase, itself->like->phase) != 0) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "the baseline is of phase \"%s\", not of \"%s\"",
                                   itself->like->phase, itself->phase),
                     "leave out --phase");
        return false;
    }
    return same_stream(scenario, itself->like, diags) && same_load(scenario, itself->like, diags);
}

static void make_alike(const struct tg_comparison *like, struct tg_interleave_spec *spec)
{
    spec->phase = like->phase;
    if (spec->budget_ns == 0)
        spec->budget_ns = like->budget_ns;
    spec->least_ns[TG_CLOSED_LOOP] = like->slice_ns * like->pairs;
    spec->least_ns[TG_OPEN_LOOP] = like->open_slice_ns * like->open_pairs;
}

enum tg_status tg_measure_itself(const struct tg_itself *itself, struct tg_comparison *comparison,
                                 struct tg_diags *diags)
{
    struct tg_progress progress;
    tg_progress_init(&progress, itself->quiet);
    struct tg_interleave_spec spec = {
        .phase = itself->phase,
        .budget_ns = itself->budget_ns,
        .launches = TG_BASELINE_LAUNCHES,
        .yardstick = true,
        .home = tg_store_home(),
        .stop = tg_stop_requests(),
        .observer = {.notify = tg_progress_notify, .context = &progress},
        .progress = tg_progress_gate,
        .progress_context = &progress,
    };
    if (itself->like)
        make_alike(itself->like, &spec);
    enum tg_status status = TG_OK;
    for (int side = 0; side < TG_SIDES && status == TG_OK; side++) {
        spec.labels[side] = tg_overrides_words(itself->overrides);
        spec.scenarios[side] = tg_load_scenario(itself->path, itself->overrides);
        tg_note_overrides(comparison, (enum tg_side)side, itself->overrides);
        if (!spec.scenarios[side])
            status = TG_INVALID;
    }
    if (status == TG_OK && !comparable(itself, spec.scenarios[TG_BEFORE], diags))
        status = TG_INVALID;
    if (status == TG_OK)
        status = tg_store_check(spec.home, diags);
    if (status == TG_OK) {
        tg_catch_signals();
        status = tg_interleave(&spec, comparison, diags);
        tg_progress_clear(&progress);
    }
    for (int side = 0; side < TG_SIDES; side++)
        tg_scenario_free(spec.scenarios[side]);
    return status;
}
