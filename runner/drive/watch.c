#include "runner/drive/watch.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/file.h"
#include "common/units.h"
#include "runner/drive/channel.h"
#include "runner/drive/clock.h"
#include "runner/drive/collect.h"
#include "runner/drive/offer.h"

static const int64_t TICK_NS = 500 * TG_NS_PER_MS;
static const int64_t POLL_NS = 50 * TG_NS_PER_MS;

struct watch {
    const struct tg_watch_spec *spec;
    const struct tg_phase *phase;
    struct tg_worker *worker;
    struct tg_slots *slots;
    struct tg_arena *arena;
    struct tg_phase_result *result;
    struct tg_collector collector;
    struct tg_intervals intervals;
    struct tg_hiccup_meter *meter;
    struct tg_platform_counters platform_start; /* of the recorded part */
    int64_t begun_ns;                           /* the request was sent */
    struct tg_patience patience;                /* ... since then */
    int64_t record_ns;                          /* 0: still warming up */
    int64_t last_tick_ns;
    int64_t window_ns[2]; /* the two ticks before: the rate is that since the older one */
    int64_t window_operations[2];
};

static bool all_collected(const struct watch *watch)
{
    for (uint32_t w = 0; w < watch->phase->workers; w++)
        if (!tg_slot_settled(&watch->slots->workers[w]))
            return false;
    return true;
}

/* Workers hand over between two operations: give them a moment, but do not wait for a long one. */
static void harvest(struct watch *watch)
{
    enum { TRIES = 5 };
    const struct timespec pause = {.tv_nsec = TG_NS_PER_MS};
    for (uint32_t w = 0; w < watch->phase->workers; w++)
        tg_slot_request(&watch->slots->workers[w]);
    for (int i = 0; i < TRIES && !all_collected(watch); i++) {
        nanosleep(&pause, NULL);
        for (uint32_t w = 0; w < watch->phase->workers; w++)
            tg_slot_collect(&watch->slots->workers[w], tg_collect_set, &watch->collector);
    }
}

/* ---- progress ---- */

static int64_t operations_so_far(const struct tg_phase_result *result, int64_t *failed)
{
    int64_t operations = 0;
    *failed = 0;
    for (size_t i = 0; i < result->op_count; i++) {
        operations += result->ops[i].succeeded + result->ops[i].failed;
        *failed += result->ops[i].failed;
    }
    return operations;
}

static void notify(struct watch *watch, enum tg_event_kind kind, int64_t now)
{
    if (!watch->spec->observer.notify)
        return;
    int64_t failed;
    int64_t operations = operations_so_far(watch->result, &failed);
    double window_s = (double)(now - watch->window_ns[0]) / 1e9;
    struct tg_event event = {
        .kind = kind,
        .text = watch->phase->name,
        .phase = watch->spec->phase,
        .phase_count = (uint32_t)watch->spec->scenario->phase_count,
        .warming_up = watch->record_ns == 0 && watch->phase->warmup_ns > 0,
        .elapsed_ns = now - watch->begun_ns,
        .planned_ns =
            watch->phase->duration_ns > 0 ? watch->phase->duration_ns + watch->phase->warmup_ns : 0,
        .planned_count = watch->phase->count,
        .operations = operations,
        .failed = failed,
        .rate_per_s =
            window_s > 0 ? (double)(operations - watch->window_operations[0]) / window_s : 0,
        .p99_ns = tg_hdr_percentile(watch->collector.all, 99),
    };
    watch->window_ns[0] = watch->window_ns[1];
    watch->window_operations[0] = watch->window_operations[1];
    watch->window_ns[1] = watch->last_tick_ns = now;
    watch->window_operations[1] = operations;
    watch->spec->observer.notify(watch->spec->observer.context, &event);
}

static void note_files(struct watch *watch)
{
    watch->result->files_bytes = tg_folder_bytes(watch->spec->folder);
    if (watch->result->files_bytes > watch->result->files_peak_bytes)
        watch->result->files_peak_bytes = watch->result->files_bytes;
    const char *suffix = watch->spec->scenario->engine->log_suffix;
    int64_t log_bytes = suffix ? tg_folder_bytes_of(watch->spec->folder, suffix) : -1;
    if (log_bytes > watch->result->log_peak_bytes)
        watch->result->log_peak_bytes = log_bytes;
}

/* ---- the loop ---- */

static void note_record_start(struct watch *watch)
{
    int64_t record_ns = atomic_load(&watch->slots->record_start_ns);
    if (watch->record_ns != 0 || record_ns == 0)
        return;
    watch->record_ns = record_ns;
    tg_platform_read(&watch->platform_start);
    tg_intervals_begin(&watch->intervals, record_ns, &watch->platform_start);
    tg_hiccups_restart(watch->meter);
}

/* Asks the workers to end; a second request, or a store that does not come back, kills the process.
 */
static void watch_the_end(struct watch *watch, int64_t now)
{
    const volatile sig_atomic_t *stop = watch->spec->stop;
    if (stop && *stop > 0) {
        atomic_store(&watch->slots->stop, true);
        watch->result->interrupted = true;
    }
    int64_t planned_ns = watch->phase->warmup_ns + watch->phase->duration_ns;
    int64_t limit_ns = planned_ns + TG_WORKER_PATIENCE_NS;
    bool hangs =
        tg_patience_look(&watch->patience, now) > limit_ns && watch->phase->duration_ns > 0;
    if (watch->worker->killed)
        return;
    if (stop && *stop > 1)
        tg_worker_kill(watch->worker, 0);
    else if (hangs)
        tg_worker_kill(watch->worker, limit_ns);
}

static void wait_for_answer(struct watch *watch)
{
    while (!tg_channel_ready(watch->worker->fd, POLL_NS)) {
        int64_t now = tg_now_ns();
        note_record_start(watch);
        watch_the_end(watch, now);
        if (now - watch->last_tick_ns < TICK_NS)
            continue;
        harvest(watch);
        note_files(watch);
        if (tg_intervals_due(&watch->intervals, now))
            tg_intervals_end(&watch->intervals, now, watch->meter);
        notify(watch, TG_EVENT_PROGRESS, now);
    }
    note_record_start(watch);
}

/* ---- before and after ---- */

static void prepare_result(struct watch *watch)
{
    const struct tg_phase *phase = watch->phase;
    struct tg_phase_result *result = watch->result;
    bool open_loop = phase->rate_per_s > 0;
    *result = (struct tg_phase_result){
        .name = tg_arena_strdup(watch->arena, phase->name),
        .open_loop = open_loop,
        .rate_per_s = phase->rate_per_s,
        .arrival = phase->arrival,
        .workers = phase->workers,
        .planned_ns = phase->duration_ns,
        .planned_count = phase->count,
        .warmup_ns = phase->warmup_ns,
        .op_count = phase->entry_count,
        .harness_ns = -1,
        .steal_ns = -1,
        .cpu_pressure_ns = -1,
        .io_pressure_ns = -1,
        .log_peak_bytes = -1,
        .interval_log_file = "",
    };
    result->ops = tg_arena_array(watch->arena, phase->entry_count, sizeof *result->ops);
    for (size_t i = 0; i < phase->entry_count; i++) {
        struct tg_op_result *op = &result->ops[i];
        op->name =
            tg_arena_strdup(watch->arena, watch->spec->scenario->ops[phase->entries[i].op].name);
        op->errors = tg_arena_array(watch->arena, TG_ERROR_KINDS, sizeof *op->errors);
        op->service = tg_hdr_new(&tg_hdr_latency_ns);
        if (open_loop) {
            op->response = tg_hdr_new(&tg_hdr_latency_ns);
            op->lag = tg_hdr_new(&tg_hdr_latency_ns);
        }
    }
    if (open_loop) {
        result->busy_lag = tg_hdr_new(&tg_hdr_latency_ns);
        result->late_lag = tg_hdr_new(&tg_hdr_latency_ns);
    }
}

static void take_counters(struct watch *watch, const cJSON *answer)
{
    const cJSON *counters = tg_json_get(answer, "counters");
    struct tg_phase_result *result = watch->result;
    int size = cJSON_GetArraySize(counters);
    result->counters = tg_arena_array(watch->arena, (size_t)size + 1, sizeof *result->counters);
    const cJSON *counter;
    cJSON_ArrayForEach(counter, counters)
    {
        result->counters[result->counter_count++] = (struct tg_named_value){
            .name = tg_arena_strdup(watch->arena, counter->string),
            .value = tg_arena_format(watch->arena, "%.0f", counter->valuedouble),
        };
    }
}

static void take_answer(struct watch *watch, const cJSON *answer)
{
    struct tg_phase_result *result = watch->result;
    (void)tg_json_get_int64(answer, "cpu_user_ns", &result->cpu_user_ns);
    (void)tg_json_get_int64(answer, "cpu_system_ns", &result->cpu_system_ns);
    (void)tg_json_get_int64(answer, "rss_peak_bytes", &result->rss_peak_bytes);
    (void)tg_json_get_int64(answer, "harness_ns", &result->harness_ns);
    take_counters(watch, answer);
}

/* Returns the end of the last operation. */
static int64_t take_times(struct watch *watch)
{
    int64_t first = INT64_MAX;
    int64_t last = 0;
    for (uint32_t w = 0; w < watch->phase->workers; w++) {
        const struct tg_worker_slot *slot = &watch->slots->workers[w];
        if (slot->first_start_ns == 0)
            continue;
        if (slot->first_start_ns < first)
            first = slot->first_start_ns;
        if (slot->last_end_ns > last)
            last = slot->last_end_ns;
    }
    watch->result->elapsed_ns = last > first ? last - first : 0;
    return last;
}

static int by_count(const void *a, const void *b)
{
    const struct tg_error_count *x = a, *y = b;
    return (x->count < y->count) - (x->count > y->count);
}

static void finish(struct watch *watch, int64_t end_ns)
{
    struct tg_phase_result *result = watch->result;
    for (uint32_t w = 0; w < watch->phase->workers; w++)
        tg_slot_harvest_rest(&watch->slots->workers[w], tg_collect_set, &watch->collector);
    if (watch->record_ns != 0) {
        tg_intervals_end(&watch->intervals, end_ns, watch->meter);
        struct tg_platform_counters platform;
        tg_platform_read(&platform);
        result->steal_ns = tg_counter_delta(platform.steal_ns, watch->platform_start.steal_ns);
        result->cpu_pressure_ns =
            tg_counter_delta(platform.cpu_pressure_ns, watch->platform_start.cpu_pressure_ns);
        result->io_pressure_ns =
            tg_counter_delta(platform.io_pressure_ns, watch->platform_start.io_pressure_ns);
    }
    note_files(watch);
    const struct tg_offer offer = {
        .phase = watch->phase,
        .seed = watch->spec->scenario->seed,
        .slots = watch->slots,
        .record_ns = watch->record_ns,
        .last_end_ns = take_times(watch),
    };
    tg_offer_count(&offer, end_ns, result);
    if (!result->invalid && !result->interrupted && !watch->worker->crash)
        result->invalid = tg_offer_doubt(&offer, result, watch->arena);
    for (size_t i = 0; i < result->op_count; i++)
        qsort(result->ops[i].errors, result->ops[i].error_count, sizeof *result->ops[i].errors,
              by_count);
    if (result->issued == 0 && !result->invalid && !watch->worker->crash)
        result->invalid = "no operation was measured";
}

static void release(struct watch *watch)
{
    tg_intervals_finish(&watch->intervals);
    free(watch->collector.all);
}

enum tg_status tg_watch_phase(struct tg_worker *worker, struct tg_slots *slots,
                              const struct tg_watch_spec *spec, struct tg_arena *arena,
                              struct tg_phase_result *result, struct tg_diags *diags)
{
    struct watch watch = {
        .spec = spec,
        .phase = &spec->scenario->phases[spec->phase],
        .worker = worker,
        .slots = slots,
        .arena = arena,
        .result = result,
        .collector = {.engine = spec->scenario->engine,
                      .result = result,
                      .intervals = &watch.intervals,
                      .all = tg_hdr_new(&tg_hdr_latency_ns),
                      .arena = arena},
    };
    prepare_result(&watch);
    tg_intervals_init(&watch.intervals, spec->scenario, watch.phase, result, arena);
    tg_slots_reset(slots);
    enum tg_status status = tg_hiccups_start(&watch.meter, diags);
    if (status != TG_OK) {
        result->hiccups = tg_hdr_new(&tg_hdr_latency_ns);
        release(&watch);
        return status;
    }
    watch.begun_ns = watch.last_tick_ns = tg_now_ns();
    (void)tg_patience_look(&watch.patience, watch.begun_ns);
    watch.window_ns[0] = watch.window_ns[1] = watch.begun_ns;
    notify(&watch, TG_EVENT_PHASE, watch.begun_ns);
    cJSON *request = tg_json_object();
    tg_json_add_string(request, "do", "run");
    tg_json_add_int64(request, "phase", spec->phase);
    tg_json_add_int64(request, "first_index", (int64_t)spec->first_index);
    if (tg_worker_send(worker, request))
        wait_for_answer(&watch);
    cJSON *answer = NULL;
    status = tg_worker_answer(worker, &answer, diags);
    int64_t end_ns = tg_now_ns();
    (void)tg_json_get_int64(answer, "end_ns", &end_ns);
    if (answer)
        take_answer(&watch, answer);
    cJSON_Delete(answer);
    finish(&watch, end_ns);
    notify(&watch, TG_EVENT_PHASE_END, tg_now_ns());
    result->hiccups = tg_hiccups_stop(watch.meter);
    release(&watch);
    return status;
}
