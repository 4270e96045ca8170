#include "runner/drive/watch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/file.h"
#include "common/units.h"
#include "runner/drive/arrivals.h"
#include "runner/drive/channel.h"
#include "runner/drive/clock.h"
#include "runner/drive/platform.h"
#include "runner/histogram/log.h"

static const int64_t TICK_NS = 500 * TG_NS_PER_MS;
static const int64_t POLL_NS = 50 * TG_NS_PER_MS;
static const int64_t LEAST_INTERVAL_NS = TG_NS_PER_S;
static const int64_t MOST_INTERVALS = 120; /* so that a long run's log stays bounded */
static const int64_t OVERRUN_NS = 60 * TG_NS_PER_S;

struct interval_op {        /* of the interval that is being collected */
    struct tg_hdr *primary; /* response in open loop, service in closed loop */
    struct tg_hdr *service; /* open loop only */
};

struct watch {
    const struct tg_watch_spec *spec;
    const struct tg_phase *phase;
    struct tg_worker *worker;
    struct tg_slots *slots;
    struct tg_arena *arena;
    struct tg_phase_result *result;
    struct tg_hiccup_meter *meter;
    struct tg_hdr *all; /* primary latencies of all operations, for the progress */
    struct interval_op *interval_ops;
    struct tg_text log;
    struct tg_platform_counters platform_start;    /* of the recorded part */
    struct tg_platform_counters platform_interval; /* of the interval */
    size_t interval_capacity;
    int64_t begun_ns;    /* the request was sent */
    int64_t record_ns;   /* 0: still warming up */
    int64_t last_end_ns; /* of the last operation */
    int64_t interval_start_ns;
    int64_t interval_length_ns;
    int64_t last_tick_ns;
    int64_t window_ns[2]; /* the two ticks before: the rate is that since the older one */
    int64_t window_operations[2];
};

/* ---- taking what a worker left ---- */

static void take_errors(struct watch *watch, struct tg_op_result *op,
                        const struct tg_op_record *record)
{
    for (size_t i = 0; i < TG_ERROR_KINDS && record->errors[i].count > 0; i++) {
        const struct tg_error_slot *slot = &record->errors[i];
        size_t at = 0;
        while (at < op->error_count && op->errors[at].code != slot->code)
            at++;
        if (at == TG_ERROR_KINDS)
            at--;
        if (at == op->error_count) {
            op->errors[op->error_count++] = (struct tg_error_count){
                .code = slot->code,
                .name = slot->code == TG_EXPECT_ROWS_CODE
                            ? "expect_rows"
                            : watch->spec->scenario->engine->error_name(slot->code),
                .text = tg_arena_strdup(watch->arena, slot->text),
            };
        }
        op->errors[at].count += slot->count;
    }
}

static void move_hdr(struct tg_hdr *from, struct tg_hdr *total, struct tg_hdr *interval)
{
    if (from->total == 0 && from->out_of_range == 0)
        return;
    tg_hdr_add(total, from);
    if (interval)
        tg_hdr_add(interval, from);
    tg_hdr_reset(from);
}

static void take_record(struct watch *watch, size_t i, struct tg_op_record *record)
{
    struct tg_op_result *op = &watch->result->ops[i];
    struct interval_op *interval = &watch->interval_ops[i];
    op->succeeded += record->succeeded;
    op->failed += record->failed;
    op->retries += record->retries;
    op->rows += record->rows;
    take_errors(watch, op, record);
    struct tg_hdr *primary = record->response ? record->response : record->service;
    tg_hdr_add(watch->all, primary);
    if (op->response) {
        assert(record->response && record->lag);
        move_hdr(record->response, op->response, interval->primary);
        move_hdr(record->service, op->service, interval->service);
        move_hdr(record->lag, op->lag, NULL);
    } else {
        move_hdr(record->service, op->service, interval->primary);
    }
    record->succeeded = record->failed = record->retries = record->rows = 0;
    memset(record->errors, 0, sizeof record->errors);
}

static void take_set(void *context, struct tg_record_set *set)
{
    struct watch *watch = context;
    for (size_t i = 0; i < watch->result->op_count; i++)
        take_record(watch, i, &set->ops[i]);
    if (watch->result->busy_lag) {
        move_hdr(set->busy_lag, watch->result->busy_lag, NULL);
        move_hdr(set->late_lag, watch->result->late_lag, NULL);
    }
}

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
            tg_slot_collect(&watch->slots->workers[w], take_set, watch);
    }
}

/* ---- intervals ---- */

static void log_hdr(struct watch *watch, const char *op, const char *suffix, double start_s,
                    double length_s, struct tg_hdr *hdr)
{
    if (hdr->total == 0)
        return;
    char *tag = tg_format("%s%s", op, suffix);
    tg_hdr_log_interval(&watch->log, tag, start_s, length_s, hdr);
    free(tag);
    tg_hdr_reset(hdr);
}

static struct tg_phase_interval *push_interval(struct watch *watch)
{
    struct tg_phase_result *result = watch->result;
    if (result->interval_count == watch->interval_capacity) {
        size_t grown = watch->interval_capacity ? watch->interval_capacity * 2 : 128;
        struct tg_phase_interval *moved = tg_arena_array(watch->arena, grown, sizeof *moved);
        if (result->interval_count > 0)
            memcpy(moved, result->intervals, result->interval_count * sizeof *moved);
        result->intervals = moved;
        watch->interval_capacity = grown;
    }
    return &result->intervals[result->interval_count++];
}

static void end_interval(struct watch *watch, int64_t now)
{
    double start_s = (double)(watch->interval_start_ns - watch->record_ns) / 1e9;
    double length_s = (double)(now - watch->interval_start_ns) / 1e9;
    for (size_t i = 0; i < watch->result->op_count; i++) {
        const char *name = watch->result->ops[i].name;
        log_hdr(watch, name, "", start_s, length_s, watch->interval_ops[i].primary);
        if (watch->interval_ops[i].service)
            log_hdr(watch, name, ".service", start_s, length_s, watch->interval_ops[i].service);
    }
    struct tg_platform_counters platform;
    tg_platform_read(&platform);
    *push_interval(watch) = (struct tg_phase_interval){
        .start_ns = watch->interval_start_ns - watch->record_ns,
        .length_ns = now - watch->interval_start_ns,
        .steal_ns = tg_counter_delta(platform.steal_ns, watch->platform_interval.steal_ns),
        .hiccup_max_ns = tg_hiccups_take_max(watch->meter),
    };
    watch->platform_interval = platform;
    watch->interval_start_ns = now;
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
        .p99_ns = tg_hdr_percentile(watch->all, 99),
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
    watch->interval_start_ns = record_ns;
    tg_platform_read(&watch->platform_start);
    watch->platform_interval = watch->platform_start;
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
    bool overrun = watch->phase->duration_ns > 0 && now - watch->begun_ns > planned_ns + OVERRUN_NS;
    if ((overrun || (stop && *stop > 1)) && !watch->worker->killed) {
        if (overrun)
            watch->result->invalid =
                tg_arena_format(watch->arena,
                                "the store did not come back within %lld s of the phase's "
                                "end and was killed",
                                (long long)(OVERRUN_NS / TG_NS_PER_S));
        tg_worker_kill(watch->worker);
    }
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
        if (watch->record_ns != 0 && now - watch->interval_start_ns >= watch->interval_length_ns)
            end_interval(watch, now);
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
    watch->interval_ops =
        tg_arena_array(watch->arena, phase->entry_count, sizeof *watch->interval_ops);
    for (size_t i = 0; i < phase->entry_count; i++) {
        struct tg_op_result *op = &result->ops[i];
        op->name =
            tg_arena_strdup(watch->arena, watch->spec->scenario->ops[phase->entries[i].op].name);
        op->errors = tg_arena_array(watch->arena, TG_ERROR_KINDS, sizeof *op->errors);
        op->service = tg_hdr_new(&tg_hdr_latency_ns);
        watch->interval_ops[i].primary = tg_hdr_new(&tg_hdr_latency_ns);
        if (open_loop) {
            op->response = tg_hdr_new(&tg_hdr_latency_ns);
            op->lag = tg_hdr_new(&tg_hdr_latency_ns);
            watch->interval_ops[i].service = tg_hdr_new(&tg_hdr_latency_ns);
        }
    }
    if (open_loop) {
        result->busy_lag = tg_hdr_new(&tg_hdr_latency_ns);
        result->late_lag = tg_hdr_new(&tg_hdr_latency_ns);
    }
}

static void start_log(struct watch *watch)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char *comment = tg_format("Tailgate %s, scenario %s, phase %s. Values are nanoseconds: %s",
                              TG_VERSION, watch->spec->scenario->name, watch->phase->name,
                              watch->phase->rate_per_s > 0
                                  ? "response times (tag OP) and service times (tag OP.service)"
                                  : "service times");
    tg_hdr_log_header(&watch->log, comment,
                      (int64_t)now.tv_sec * 1000 + now.tv_nsec / TG_NS_PER_MS);
    free(comment);
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

static void take_times(struct watch *watch)
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
    watch->last_end_ns = last;
}

/* How many operations fall due in the first `length_ns` of the recorded part. */
static int64_t due_within(const struct watch *watch, int64_t length_ns)
{
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, watch->phase, watch->spec->scenario->seed);
    uint64_t before = tg_arrivals_before(&arrivals, watch->phase->warmup_ns);
    return (int64_t)(tg_arrivals_before(&arrivals, watch->phase->warmup_ns + length_ns) - before);
}

static void count_arrivals(struct watch *watch, int64_t end_ns)
{
    struct tg_phase_result *result = watch->result;
    const struct tg_phase *phase = watch->phase;
    for (uint32_t w = 0; w < phase->workers; w++)
        result->issued += watch->slots->workers[w].issued;
    if (!result->open_loop || watch->record_ns == 0)
        return;
    int64_t length_ns = end_ns - watch->record_ns;
    if (phase->duration_ns > 0 && length_ns > phase->duration_ns)
        length_ns = phase->duration_ns;
    result->offered = due_within(watch, length_ns);
    if (phase->count > 0 && result->offered > (int64_t)phase->count)
        result->offered = (int64_t)phase->count;
}

/* Were most operations late, and the last ones the most? Then the rate is out of reach. After a
 * stall of the platform the workers catch up, and the last are less late. */
static bool fell_behind_to_the_end(const struct watch *watch)
{
    const struct tg_phase_result *result = watch->result;
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, watch->phase, watch->spec->scenario->seed);
    uint64_t before = tg_arrivals_before(&arrivals, watch->phase->warmup_ns);
    int64_t due_ns = tg_arrivals_due_ns(&arrivals, before + watch->phase->count - 1);
    int64_t late_ns = watch->last_end_ns - watch->record_ns + watch->phase->warmup_ns - due_ns;
    return 2 * result->busy_lag->total > result->issued &&
           (double)late_ns > 0.9 * (double)result->busy_lag->max;
}

/* How many operations the workers were behind the rate at the end. A count is always reached, at
 * any rate: there it is what fell due beyond it. */
static int64_t operations_behind(const struct watch *watch)
{
    const struct tg_phase_result *result = watch->result;
    if (watch->phase->count == 0)
        return result->offered - result->issued;
    if (result->issued == 0 || !fell_behind_to_the_end(watch))
        return 0;
    return due_within(watch, watch->last_end_ns - watch->record_ns) - result->issued;
}

/* The part of the time in which the workers were behind that they spent inside the store. The time
 * before does not count: a store that was fast for a minute may stall at its end. */
static double store_share_behind(const struct watch *watch)
{
    int64_t first_start_ns = watch->last_end_ns - watch->result->elapsed_ns;
    int64_t store_ns = 0;
    int64_t behind_ns = 1;
    for (uint32_t w = 0; w < watch->phase->workers; w++) {
        const struct tg_worker_slot *slot = &watch->slots->workers[w];
        store_ns += slot->store_ns - slot->on_time_store_ns;
        behind_ns += watch->last_end_ns - (slot->on_time_ns ? slot->on_time_ns : first_start_ns);
    }
    return (double)store_ns / (double)behind_ns;
}

/* A rate that the store could not sustain is a result. A rate that the workers did not offer
 * although they were mostly outside of the store says nothing about it. */
static void judge_offer(struct watch *watch)
{
    struct tg_phase_result *result = watch->result;
    if (!result->open_loop || result->invalid || result->interrupted || watch->worker->crash ||
        watch->record_ns == 0)
        return;
    int64_t behind = operations_behind(watch);
    if (behind <= (int64_t)result->workers || (double)behind <= 0.01 * (double)result->offered)
        return;
    double store_share = store_share_behind(watch);
    char offered[TG_UNIT_TEXT], wanted[TG_UNIT_TEXT];
    double elapsed_s = (double)(result->elapsed_ns + 1) / 1e9;
    if (store_share < 0.5)
        result->invalid =
            tg_arena_format(watch->arena,
                            "the harness offered only %s of %s, and its workers "
                            "spent only %.0f%% of their time in the store: lower "
                            "the rate, or add workers",
                            tg_format_rate((double)result->issued / elapsed_s, offered),
                            tg_format_rate(result->rate_per_s, wanted), 100 * store_share);
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
        tg_slot_harvest_rest(&watch->slots->workers[w], take_set, watch);
    if (watch->record_ns != 0) {
        end_interval(watch, end_ns);
        struct tg_platform_counters platform;
        tg_platform_read(&platform);
        result->steal_ns = tg_counter_delta(platform.steal_ns, watch->platform_start.steal_ns);
        result->cpu_pressure_ns =
            tg_counter_delta(platform.cpu_pressure_ns, watch->platform_start.cpu_pressure_ns);
        result->io_pressure_ns =
            tg_counter_delta(platform.io_pressure_ns, watch->platform_start.io_pressure_ns);
    }
    note_files(watch);
    take_times(watch);
    count_arrivals(watch, end_ns);
    judge_offer(watch);
    for (size_t i = 0; i < result->op_count; i++)
        qsort(result->ops[i].errors, result->ops[i].error_count, sizeof *result->ops[i].errors,
              by_count);
    if (result->issued == 0 && !result->invalid && !watch->worker->crash)
        result->invalid = "no operation was measured";
    result->interval_log = watch->log.data;
}

static void release(struct watch *watch)
{
    for (size_t i = 0; i < watch->result->op_count; i++) {
        free(watch->interval_ops[i].primary);
        free(watch->interval_ops[i].service);
    }
    free(watch->all);
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
        .all = tg_hdr_new(&tg_hdr_latency_ns),
    };
    watch.interval_length_ns = watch.phase->duration_ns / MOST_INTERVALS;
    if (watch.interval_length_ns < LEAST_INTERVAL_NS)
        watch.interval_length_ns = LEAST_INTERVAL_NS;
    prepare_result(&watch);
    start_log(&watch);
    tg_slots_reset(slots);
    enum tg_status status = tg_hiccups_start(&watch.meter, diags);
    if (status != TG_OK) {
        result->hiccups = tg_hdr_new(&tg_hdr_latency_ns);
        release(&watch);
        return status;
    }
    watch.begun_ns = watch.last_tick_ns = tg_now_ns();
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
