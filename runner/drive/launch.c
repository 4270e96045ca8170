#include "runner/drive/launch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/text.h"
#include "runner/drive/dataset.h"
#include "runner/drive/phase_threads.h"
#include "runner/drive/platform.h"
#include "runner/drive/slots.h"
#include "runner/drive/worker.h"
#include "runner/drive/yardstick.h"

/* Each slice has a piece of the stream of its own, larger than any slice can get through. */
static const uint64_t SLICE_STRIDE = UINT64_C(1) << 27;

/* How much longer a slice of the store before is in which it may crash like the one after, and how
 * long at least: a busy machine is not to keep it from its first operation. */
enum { TRY_FACTOR = 10 };
static const int64_t LEAST_TRY_NS = TG_NS_PER_S;

struct side {
    struct tg_dataset dataset;
    struct tg_worker worker;
    struct tg_slots *slots;
};

struct launching {
    const struct tg_launch_spec *spec;
    struct tg_launch *launch;
    struct side sides[TG_SIDES];
    struct tg_yardstick *yardstick; /* NULL: not asked for */
};

static const char *const side_names[TG_SIDES] = {"before", "after"};

/* By lot, and evenly: of two launches that follow each other each side goes first in one. */
static enum tg_side first_side(const struct tg_launch_spec *spec)
{
    bool after = tg_philox(spec->order_key, spec->number / 2, 0).word[0] & 1;
    return after == (spec->number % 2 == 0) ? TG_AFTER : TG_BEFORE;
}

static void keep_facts(struct tg_launch *launch, enum tg_side which, const cJSON *answer)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(answer, "facts");
    size_t count = (size_t)cJSON_GetArraySize(list);
    struct tg_named_value *facts = tg_arena_array(&launch->arena, count, sizeof *facts);
    size_t kept = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *name, *value;
        if (tg_json_get_string(item, "name", &name) && tg_json_get_string(item, "value", &value))
            facts[kept++] =
                (struct tg_named_value){.name = tg_arena_strdup(&launch->arena, name),
                                        .value = tg_arena_strdup(&launch->arena, value)};
    }
    launch->facts[which] = facts;
    launch->fact_count[which] = kept;
}

static void note_failure(struct launching *launching, enum tg_side which, const char *when)
{
    const struct side *side = &launching->sides[which];
    struct tg_launch *launch = launching->launch;
    const char *crash = side->worker.crash;
    launch->failed_side = which;
    launch->crash_signal = side->worker.crash_signal;
    if (side->dataset.crash) {
        crash = side->dataset.crash;
        when = " while it built the data set";
        launch->crash_signal = side->dataset.crash_signal;
    }
    launch->crashed = crash != NULL;
    if (launch->crashed)
        launch->crash = tg_arena_format(&launch->arena, "%s%s", crash, when);
}

static bool after_crashed(const struct tg_launch *launch)
{
    return launch->crashed && launch->failed_side == TG_AFTER;
}

static enum tg_status open_store(struct launching *launching, enum tg_side which,
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
    bool open_loop = spec->slices[TG_OPEN_LOOP].pairs > 0;
    side->slots = tg_slots_new(phase->workers, (uint32_t)phase->entry_count, open_loop, diags);
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
    cJSON *answer = NULL;
    struct tg_worker_wait wait = {.stop = spec->stop};
    status = tg_worker_call(&side->worker, request, wait, &answer, diags);
    if (status == TG_OK)
        keep_facts(launching->launch, which, answer);
    cJSON_Delete(answer);
    return status;
}

static enum tg_status open_side(struct launching *launching, enum tg_side which,
                                struct tg_diags *diags)
{
    enum tg_status status = open_store(launching, which, diags);
    if (status != TG_OK)
        note_failure(launching, which, " on opening");
    return status;
}

/* The store before is opened in any case where the one after crashes: it may do so as well. */
static enum tg_status open_sides(struct launching *launching, enum tg_side first,
                                 struct tg_diags *diags)
{
    enum tg_status status = open_side(launching, first, diags);
    if (status != TG_OK && !after_crashed(launching->launch))
        return status;
    enum tg_status other = open_side(launching, TG_AFTER - first, diags);
    return other != TG_OK ? other : status;
}

struct collecting {
    struct tg_slice *slice; /* NULL: thrown away */
    enum tg_loop_kind loop;
    size_t op_count;
};

static void take_set(void *context, struct tg_record_set *set)
{
    struct collecting *collecting = context;
    struct tg_slice *slice = collecting->slice;
    for (size_t i = 0; slice && i < collecting->op_count; i++) {
        slice->succeeded += set->ops[i].succeeded;
        slice->failed += set->ops[i].failed;
        tg_hdr_add(slice->ops[i],
                   collecting->loop == TG_OPEN_LOOP ? set->ops[i].response : set->ops[i].service);
    }
}

static void add_undone(struct tg_slice *slice, const struct tg_worker_slot *slot)
{
    if (slot->undone == 0)
        return;
    if (slice->undone == 0 || slot->least_undone_ns < slice->least_undone_ns)
        slice->least_undone_ns = slot->least_undone_ns;
    slice->undone += slot->undone;
}

static void collect(const struct side *side, uint32_t workers, struct collecting *collecting)
{
    int64_t first = INT64_MAX;
    int64_t last = 0;
    for (uint32_t w = 0; w < workers; w++) {
        struct tg_worker_slot *slot = &side->slots->workers[w];
        tg_slot_harvest_rest(slot, take_set, collecting);
        if (collecting->slice)
            add_undone(collecting->slice, slot);
        if (slot->first_start_ns == 0)
            continue;
        first = slot->first_start_ns < first ? slot->first_start_ns : first;
        last = slot->last_end_ns > last ? slot->last_end_ns : last;
    }
    if (collecting->slice && last > first)
        collecting->slice->elapsed_ns = last - first;
}

struct turn { /* one slice of one side */
    enum tg_side side;
    enum tg_loop_kind loop;
    uint32_t number; /* within the launch, warm-up and both kinds included, alike on both sides */
    int64_t length_ns;
    int64_t grace_ns; /* open loop */
};

static enum tg_status run_slice(struct launching *launching, const struct turn *turn,
                                struct tg_slice *slice, struct tg_diags *diags)
{
    const struct tg_launch_spec *spec = launching->spec;
    struct side *side = &launching->sides[turn->side];
    uint32_t slices = 1 + spec->slices[TG_CLOSED_LOOP].pairs + spec->slices[TG_OPEN_LOOP].pairs;
    uint64_t piece = (uint64_t)spec->number * slices + turn->number;
    tg_slots_reset(side->slots);
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "run");
    tg_json_add_int64(request, "phase", spec->phase);
    tg_json_add_int64(request, "first_index", (int64_t)(piece * SLICE_STRIDE));
    tg_json_add_int64(request, "slice_ns", turn->length_ns);
    tg_json_add_bool(request, "open_loop", turn->loop == TG_OPEN_LOOP);
    tg_json_add_int64(request, "grace_ns", turn->grace_ns);
    struct tg_worker_wait wait = {.stop = spec->stop,
                                  .limit_ns = turn->length_ns + turn->grace_ns + spec->patience_ns};
    enum tg_status status = tg_worker_call(&side->worker, request, wait, NULL, diags);
    if (status != TG_OK) {
        note_failure(launching, turn->side, "");
        return status;
    }
    struct collecting collecting = {
        .slice = slice, .loop = turn->loop, .op_count = launching->launch->op_count};
    collect(side, spec->scenarios[turn->side]->phases[spec->phase].workers, &collecting);
    return TG_OK;
}

/* `first` is the side that begins. */
static enum tg_status run_pair(struct launching *launching, struct turn turn, uint32_t pair,
                               enum tg_side first, struct tg_diags *diags)
{
    struct tg_slice_pairs *pairs = &launching->launch->pairs[turn.loop];
    struct tg_platform_counters start, end;
    enum tg_status status = TG_OK;
    if (launching->yardstick)
        status = tg_yardstick_run(launching->yardstick, TG_YARDSTICK_NS, &pairs->yardstick_ns[pair],
                                  diags);
    tg_platform_read(&start);
    for (int i = 0; i < TG_SIDES && status == TG_OK; i++) {
        turn.side = i == 0 ? first : TG_AFTER - first;
        status = run_slice(launching, &turn, &pairs->slices[turn.side][pair], diags);
    }
    tg_platform_read(&end);
    pairs->steal_ns[pair] = tg_counter_delta(end.steal_ns, start.steal_ns);
    return status;
}

/* The store after has crashed, with `status`: does the one before get through the same operations?
 * It may be slower, and is not to stop short of them. */
static enum tg_status try_before(struct launching *launching, struct turn turn,
                                 enum tg_status status, struct tg_diags *diags)
{
    turn.side = TG_BEFORE;
    if (turn.loop == TG_CLOSED_LOOP)
        turn.length_ns *= TRY_FACTOR;
    if (turn.length_ns < LEAST_TRY_NS)
        turn.length_ns = LEAST_TRY_NS;
    enum tg_status before = run_slice(launching, &turn, NULL, diags);
    return before != TG_OK ? before : status;
}

static enum tg_status run_slices(struct launching *launching, enum tg_side first,
                                 struct tg_diags *diags)
{
    const struct tg_launch_spec *spec = launching->spec;
    enum tg_status status = TG_OK;
    struct turn turn = {.loop = TG_CLOSED_LOOP, .length_ns = spec->warmup_ns};
    for (int i = 0; i < TG_SIDES && status == TG_OK; i++) {
        turn.side = i == 0 ? first : TG_AFTER - first;
        status = run_slice(launching, &turn, NULL, diags);
    }
    for (int loop = 0; loop < TG_LOOP_KINDS && status == TG_OK; loop++) {
        turn.loop = (enum tg_loop_kind)loop;
        turn.length_ns = spec->slices[loop].slice_ns;
        turn.grace_ns = tg_phase_grace_ns(spec->slices[loop].pairs * turn.length_ns);
        for (uint32_t pair = 0; pair < spec->slices[loop].pairs && status == TG_OK; pair++) {
            turn.number++;
            status = run_pair(launching, turn, pair, pair % 2 ? TG_AFTER - first : first, diags);
            launching->launch->pairs[loop].count += status == TG_OK;
        }
    }
    if (status == TG_STORE && after_crashed(launching->launch))
        status = try_before(launching, turn, status, diags);
    return status;
}

/* Thousands of histograms, most of which count in a few places: fresh pages from the kernel, of
 * which those that are never counted in take no memory. What malloc() has used before it would have
 * to wipe. */
static void make_histograms(struct tg_slice_pairs *pairs, size_t op_count)
{
    const size_t each = tg_hdr_size(&tg_hdr_latency_ns);
    pairs->histogram_bytes = (size_t)TG_SIDES * pairs->room * op_count * each;
    if (pairs->histogram_bytes == 0)
        return;
    pairs->histograms = mmap(NULL, pairs->histogram_bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pairs->histograms == MAP_FAILED)
        abort();
    char *next = pairs->histograms;
    for (int side = 0; side < TG_SIDES; side++)
        for (uint32_t i = 0; i < pairs->room; i++)
            for (size_t op = 0; op < op_count; op++, next += each)
                pairs->slices[side][i].ops[op] = tg_hdr_init(next, &tg_hdr_latency_ns);
}

static void make_pairs(struct tg_slice_pairs *pairs, uint32_t room, size_t op_count, bool yardstick)
{
    *pairs = (struct tg_slice_pairs){.room = room,
                                     .steal_ns = tg_calloc(room + 1, sizeof *pairs->steal_ns)};
    if (yardstick)
        pairs->yardstick_ns = tg_calloc(room + 1, sizeof *pairs->yardstick_ns);
    for (int side = 0; side < TG_SIDES; side++) {
        pairs->slices[side] = tg_calloc(room + 1, sizeof *pairs->slices[side]);
        for (uint32_t i = 0; i < room; i++)
            pairs->slices[side][i].ops = tg_calloc(op_count, sizeof(struct tg_hdr *));
    }
    make_histograms(pairs, op_count);
}

/* Some stores fail in what they have left for the end, such as the last checkpoint. */
static enum tg_status close_side(struct launching *launching, enum tg_side which,
                                 struct tg_diags *diags)
{
    const struct tg_launch_spec *spec = launching->spec;
    struct tg_worker_wait wait = {.stop = spec->stop, .limit_ns = spec->patience_ns};
    enum tg_status status = tg_worker_close(&launching->sides[which].worker, wait, diags);
    if (status != TG_OK)
        note_failure(launching, which, " on close");
    return status;
}

static void end_side(struct launching *launching, enum tg_side which)
{
    struct side *side = &launching->sides[which];
    tg_worker_end(&side->worker);
    tg_dataset_release(&side->dataset);
    tg_slots_free(side->slots);
}

enum tg_status tg_launch_measure(const struct tg_launch_spec *spec, struct tg_launch *launch,
                                 struct tg_diags *diags)
{
    struct launching launching = {.spec = spec, .launch = launch};
    enum tg_side first = first_side(spec);
    *launch =
        (struct tg_launch){.op_count = spec->scenarios[TG_BEFORE]->phases[spec->phase].entry_count};
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++)
        make_pairs(&launch->pairs[loop], spec->slices[loop].pairs, launch->op_count,
                   spec->yardstick);
    for (int side = 0; side < TG_SIDES; side++)
        launching.sides[side].worker.fd = -1;
    enum tg_status status = open_sides(&launching, first, diags);
    if (status == TG_OK && spec->yardstick) {
        launching.yardstick =
            tg_yardstick_new(spec->scenarios[TG_BEFORE]->phases[spec->phase].workers, diags);
        status = launching.yardstick ? TG_OK : TG_SYSTEM;
    }
    if (status == TG_OK)
        status = run_slices(&launching, first, diags);
    tg_yardstick_free(launching.yardstick);
    for (int side = 0; side < TG_SIDES && status == TG_OK; side++)
        status = close_side(&launching, (enum tg_side)side, diags);
    for (int side = 0; side < TG_SIDES; side++)
        end_side(&launching, (enum tg_side)side);
    return status;
}

static void free_pairs(struct tg_slice_pairs *pairs)
{
    for (int side = 0; side < TG_SIDES; side++) {
        for (uint32_t i = 0; pairs->slices[side] && i < pairs->room; i++)
            free(pairs->slices[side][i].ops);
        free(pairs->slices[side]);
    }
    if (pairs->histograms)
        munmap(pairs->histograms, pairs->histogram_bytes);
    free(pairs->steal_ns);
    free(pairs->yardstick_ns);
}

void tg_launch_free(struct tg_launch *launch)
{
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++)
        free_pairs(&launch->pairs[loop]);
    tg_arena_free(&launch->arena);
    *launch = (struct tg_launch){0};
}
