#include "runner/drive/launch.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "runner/drive/dataset.h"
#include "runner/drive/platform.h"
#include "runner/drive/slots.h"
#include "runner/drive/worker.h"

/* Each slice has a piece of the stream of its own, larger than any slice can get through. */
static const uint64_t SLICE_STRIDE = UINT64_C(1) << 27;

struct side {
    struct tg_dataset dataset;
    struct tg_worker worker;
    struct tg_slots *slots;
};

struct launching {
    const struct tg_launch_spec *spec;
    struct tg_launch *launch;
    struct side sides[TG_SIDES];
};

static const char *const side_names[TG_SIDES] = {"before", "after"};

/* Fair and reproducible: a launch's number decides which side goes first. */
static enum tg_side first_side(const struct tg_launch_spec *spec)
{
    uint64_t key = tg_random_key(spec->scenarios[TG_BEFORE]->seed, "launch/order");
    return tg_philox(key, spec->number, 0).word[0] & 1 ? TG_AFTER : TG_BEFORE;
}

static enum tg_status open_side(struct launching *launching, enum tg_side which,
                                struct tg_diags *diags)
{
    const struct tg_launch_spec *spec = launching->spec;
    const struct tg_scenario *scenario = spec->scenarios[which];
    const struct tg_phase *phase = &scenario->phases[spec->phase];
    struct side *side = &launching->sides[which];
    const struct tg_dataset_spec dataset = {
        .scenario = scenario,
        .workload = spec->workloads[which],
        .home = spec->home,
        .name = side_names[which],
        .checked = spec->datasets_checked,
        .stop = spec->stop,
        .observer = spec->observer,
    };
    side->slots = tg_slots_new(phase->workers, (uint32_t)phase->entry_count, false, diags);
    if (!side->slots)
        return TG_SYSTEM;
    enum tg_status status = tg_dataset_prepare(&dataset, &side->dataset, diags);
    if (status == TG_OK)
        status =
            tg_worker_start(&side->worker, scenario, spec->workloads[which], side->slots, diags);
    if (status != TG_OK)
        return status;
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "open");
    tg_json_add_string(request, "folder", side->dataset.folder);
    tg_json_add_bool(request, "build", side->dataset.build_at_open);
    return tg_worker_call(&side->worker, request, spec->stop, 0, NULL, diags);
}

struct collecting {
    struct tg_slice *slice; /* NULL: thrown away */
    size_t op_count;
};

static void take_set(void *context, struct tg_record_set *set)
{
    struct collecting *collecting = context;
    struct tg_slice *slice = collecting->slice;
    for (size_t i = 0; slice && i < collecting->op_count; i++) {
        slice->succeeded += set->ops[i].succeeded;
        slice->failed += set->ops[i].failed;
        tg_hdr_add(slice->ops[i], set->ops[i].service);
    }
}

static void collect(const struct side *side, uint32_t workers, struct collecting *collecting)
{
    int64_t first = INT64_MAX;
    int64_t last = 0;
    for (uint32_t w = 0; w < workers; w++) {
        struct tg_worker_slot *slot = &side->slots->workers[w];
        tg_slot_harvest_rest(slot, take_set, collecting);
        if (slot->first_start_ns == 0)
            continue;
        first = slot->first_start_ns < first ? slot->first_start_ns : first;
        last = slot->last_end_ns > last ? slot->last_end_ns : last;
    }
    if (collecting->slice && last > first)
        collecting->slice->elapsed_ns = last - first;
}

/* One slice of one side; `number` counts them, warm-up included, alike on both sides. */
static enum tg_status run_slice(struct launching *launching, enum tg_side which, uint32_t number,
                                int64_t length_ns, struct tg_slice *slice, struct tg_diags *diags)
{
    const struct tg_launch_spec *spec = launching->spec;
    struct side *side = &launching->sides[which];
    uint64_t piece = (uint64_t)spec->number * (spec->pairs + 1) + number;
    tg_slots_reset(side->slots);
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "run");
    tg_json_add_int64(request, "phase", spec->phase);
    tg_json_add_int64(request, "first_index", (int64_t)(piece * SLICE_STRIDE));
    tg_json_add_int64(request, "slice_ns", length_ns);
    enum tg_status status = tg_worker_call(&side->worker, request, spec->stop, 0, NULL, diags);
    if (status != TG_OK) {
        launching->launch->failed_side = which;
        return status;
    }
    struct collecting collecting = {.slice = slice, .op_count = launching->launch->op_count};
    collect(side, spec->scenarios[which]->phases[spec->phase].workers, &collecting);
    return TG_OK;
}

static enum tg_status run_pair(struct launching *launching, uint32_t pair, enum tg_side first,
                               struct tg_diags *diags)
{
    struct tg_launch *launch = launching->launch;
    struct tg_platform_counters start, end;
    enum tg_status status = TG_OK;
    tg_platform_read(&start);
    for (int turn = 0; turn < TG_SIDES && status == TG_OK; turn++) {
        enum tg_side which = turn == 0 ? first : TG_AFTER - first;
        status = run_slice(launching, which, pair + 1, launching->spec->slice_ns,
                           &launch->slices[which][pair], diags);
    }
    tg_platform_read(&end);
    launch->steal_ns[pair] = tg_counter_delta(end.steal_ns, start.steal_ns);
    return status;
}

static enum tg_status run_slices(struct launching *launching, enum tg_side first,
                                 struct tg_diags *diags)
{
    const struct tg_launch_spec *spec = launching->spec;
    enum tg_status status = TG_OK;
    for (int turn = 0; turn < TG_SIDES && status == TG_OK; turn++)
        status = run_slice(launching, turn == 0 ? first : TG_AFTER - first, 0, spec->warmup_ns,
                           NULL, diags);
    for (uint32_t pair = 0; pair < spec->pairs && status == TG_OK; pair++) {
        status = run_pair(launching, pair, pair % 2 ? TG_AFTER - first : first, diags);
        launching->launch->pairs += status == TG_OK;
    }
    return status;
}

static void make_room(struct tg_launch *launch, const struct tg_launch_spec *spec)
{
    *launch = (struct tg_launch){
        .room = spec->pairs,
        .op_count = spec->scenarios[TG_BEFORE]->phases[spec->phase].entry_count,
        .steal_ns = tg_calloc(spec->pairs, sizeof *launch->steal_ns),
    };
    for (int side = 0; side < TG_SIDES; side++) {
        launch->slices[side] = tg_calloc(spec->pairs, sizeof *launch->slices[side]);
        for (uint32_t i = 0; i < spec->pairs; i++) {
            struct tg_hdr **ops = tg_calloc(launch->op_count, sizeof *ops);
            for (size_t op = 0; op < launch->op_count; op++)
                ops[op] = tg_hdr_new(&tg_hdr_latency_ns);
            launch->slices[side][i].ops = ops;
        }
    }
}

enum tg_status tg_launch_measure(const struct tg_launch_spec *spec, struct tg_launch *launch,
                                 struct tg_diags *diags)
{
    struct launching launching = {.spec = spec, .launch = launch};
    enum tg_side first = first_side(spec);
    enum tg_status status = TG_OK;
    make_room(launch, spec);
    for (int side = 0; side < TG_SIDES; side++)
        launching.sides[side].worker.fd = -1;
    for (int turn = 0; turn < TG_SIDES && status == TG_OK; turn++) {
        enum tg_side which = turn == 0 ? first : TG_AFTER - first;
        status = open_side(&launching, which, diags);
        if (status != TG_OK)
            launch->failed_side = which;
    }
    if (status == TG_OK)
        status = run_slices(&launching, first, diags);
    for (int side = 0; side < TG_SIDES; side++) {
        if (launching.sides[side].worker.crash) {
            launch->failed_side = side;
            launch->crashed = true;
            launch->crash_signal = launching.sides[side].worker.crash_signal;
        }
        tg_worker_end(&launching.sides[side].worker);
        tg_dataset_release(&launching.sides[side].dataset);
        tg_slots_free(launching.sides[side].slots);
    }
    return status;
}

void tg_launch_free(struct tg_launch *launch)
{
    for (int side = 0; side < TG_SIDES; side++) {
        for (uint32_t i = 0; launch->slices[side] && i < launch->room; i++) {
            for (size_t op = 0; op < launch->op_count; op++)
                free(launch->slices[side][i].ops[op]);
            free(launch->slices[side][i].ops);
        }
        free(launch->slices[side]);
    }
    free(launch->steal_ns);
    *launch = (struct tg_launch){0};
}
