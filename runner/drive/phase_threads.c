#include "runner/drive/phase_threads.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/loop.h"

/* A stall at the end of a phase is to cost what it costs at any other time: the operations that
 * fell due in it are still issued. A store that never catches up must not keep the phase for ever.
 */
static const int64_t LONGEST_GRACE_NS = 10 * TG_NS_PER_S;

int64_t tg_phase_grace_ns(int64_t duration_ns)
{
    return duration_ns < LONGEST_GRACE_NS ? duration_ns : LONGEST_GRACE_NS;
}

struct phase_thread {
    pthread_t thread;
    struct tg_loop loop;
    struct tg_arena scratch;
};

static void sleep_until(int64_t time_ns, const atomic_bool *stop)
{
    int64_t left;
    while ((left = time_ns - tg_now_ns()) > 0 && !(stop && atomic_load(stop))) {
        if (left > 50 * TG_NS_PER_MS)
            left = 50 * TG_NS_PER_MS;
        struct timespec pause = {.tv_nsec = left};
        nanosleep(&pause, NULL);
    }
}

static void *thread_main(void *context)
{
    struct phase_thread *self = context;
    prctl(PR_SET_TIMERSLACK, 1UL); /* wake when asked to, not up to 50 us later */
    sleep_until(self->loop.start_ns, NULL);
    if (self->loop.spec->rate_per_s > 0)
        tg_loop_open(&self->loop);
    else
        tg_loop_closed(&self->loop);
    return NULL;
}

static uint32_t *map_records(const struct tg_scenario *scenario, const struct tg_phase *phase)
{
    uint32_t *record_of_op = tg_calloc(scenario->op_count, sizeof *record_of_op);
    for (size_t i = 0; i < phase->entry_count; i++)
        record_of_op[phase->entries[i].op] = (uint32_t)i;
    return record_of_op;
}

static struct tg_loop make_loop(const struct tg_phase_job *job, uint32_t worker,
                                const uint32_t *record_of_op)
{
    const struct tg_phase *phase = job->spec;
    return (struct tg_loop){
        .scenario = job->scenario,
        .engine = job->scenario->engine,
        .workload = job->workload,
        .session = job->sessions[worker],
        .spec = phase,
        .phase = job->phase,
        .check_rows = true,
        .records_undone = job->slice,
        .first_index = job->first_index,
        .worker = worker,
        .workers = phase->workers,
        .end_ns = INT64_MAX,
        .count = phase->count,
        .slots = job->slots,
        .slot = &job->slots->workers[worker],
        .record_of_op = record_of_op,
    };
}

/* Cost of the harness per operation: the same loop over the same stream, with an engine that does
 * nothing. -1 when that cannot be told. */
static int64_t measure_harness_ns(const struct tg_phase_job *job, const uint32_t *record_of_op)
{
    struct tg_diags ignored = {0};
    const struct tg_engine *noop = tg_engine_find("noop");
    const struct tg_store_spec nothing = {.folder = "."};
    void *store = NULL;
    void *session = NULL;
    int64_t cost_ns = -1;
    struct tg_slots *slots = tg_slots_new(1, (uint32_t)job->scenario->op_count, true, &ignored);
    if (slots && noop && noop->open(&nothing, false, &store, &ignored) == TG_OK &&
        noop->session_open(store, &session, &ignored) == TG_OK) {
        struct tg_phase saturated = *job->spec;
        bool open_loop = saturated.rate_per_s > 0;
        if (open_loop)
            saturated.rate_per_s = 1e9;
        struct tg_arena scratch = {0};
        struct tg_loop loop = make_loop(job, 0, record_of_op);
        loop.engine = noop;
        loop.session = session;
        loop.spec = &saturated;
        loop.check_rows = false;
        loop.workers = 1;
        loop.count = 0;
        loop.slots = slots;
        loop.slot = &slots->workers[0];
        loop.scratch = &scratch;
        loop.args = tg_calloc(tg_loop_most_args(job->scenario), sizeof *loop.args);
        loop.start_ns = tg_now_ns();
        /* What is late stays late: an open loop this far behind never comes to an operation that
         * falls due after a warm-up. */
        loop.record_ns = loop.start_ns + (open_loop ? 0 : 5 * TG_NS_PER_MS);
        loop.end_ns = loop.start_ns + 20 * TG_NS_PER_MS;
        if (open_loop)
            tg_loop_open(&loop);
        else
            tg_loop_closed(&loop);
        if (loop.slot->issued > 0)
            cost_ns = (loop.slot->last_end_ns - loop.slot->first_start_ns) / loop.slot->issued;
        free(loop.args);
        tg_arena_free(&scratch);
    }
    if (session)
        noop->session_close(session);
    if (store)
        noop->close(store);
    tg_slots_free(slots);
    tg_diags_free(&ignored);
    return cost_ns;
}

/* ---- what the kernel says of this process ---- */

struct cpu_time {
    int64_t user_ns, system_ns;
};

static int64_t timeval_ns(struct timeval time)
{
    return (int64_t)time.tv_sec * TG_NS_PER_S + (int64_t)time.tv_usec * TG_NS_PER_US;
}

static struct cpu_time cpu_time_now(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (struct cpu_time){timeval_ns(usage.ru_utime), timeval_ns(usage.ru_stime)};
}

static void restart_peak_rss(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "5", 1) != 1) {
            /* An old kernel: the peak then includes the time before the phase. */
        }
        close(fd);
    }
}

/* Peak resident set less the shared recording area, which is ours and not the store's. */
static int64_t peak_rss_bytes(void)
{
    long long peak_kib = 0;
    long long shared_kib = 0;
    char line[128];
    FILE *file = fopen("/proc/self/status", "re");
    if (!file)
        return 0;
    while (fgets(line, sizeof line, file)) {
        if (tg_starts_with(line, "VmHWM:"))
            peak_kib = strtoll(line + 6, NULL, 10);
        else if (tg_starts_with(line, "RssShmem:"))
            shared_kib = strtoll(line + 9, NULL, 10);
    }
    fclose(file);
    return (peak_kib - shared_kib) * 1024;
}

/* ---- the engine's counters, summed over the sessions ---- */

static void sum_counters(const struct tg_phase_job *job, uint32_t workers, int sign, cJSON *sums,
                         struct tg_diags *diags)
{
    const struct tg_engine *engine = job->scenario->engine;
    for (uint32_t w = 0; engine->counters && w < workers; w++) {
        struct tg_arena arena = {0};
        struct tg_list list = {0};
        if (engine->counters(job->sessions[w], &arena, &list, diags) == TG_OK) {
            const struct tg_named_value *counter = list.items;
            for (size_t i = 0; i < list.count; i++) {
                double value = (double)sign * strtod(counter[i].value, NULL);
                cJSON *sum = cJSON_GetObjectItemCaseSensitive(sums, counter[i].name);
                if (sum)
                    cJSON_SetNumberValue(sum, sum->valuedouble + value);
                else
                    tg_json_add_double(sums, counter[i].name, value);
            }
        }
        tg_arena_free(&arena);
    }
}

/* ---- the phase ---- */

/* Time enough for every thread to be there, so that all begin together. A slice is one of hundreds,
 * and does with what a thread usually takes. */
static int64_t head_start_ns(const struct tg_phase_job *job)
{
    return (job->slice ? 200 * TG_NS_PER_US : 2 * TG_NS_PER_MS) +
           (int64_t)job->spec->workers * 100 * TG_NS_PER_US;
}

static void plan_times(const struct tg_phase_job *job, struct phase_thread *threads)
{
    const struct tg_phase *phase = job->spec;
    int64_t start_ns = tg_now_ns() + head_start_ns(job);
    for (uint32_t w = 0; w < phase->workers; w++) {
        struct tg_loop *loop = &threads[w].loop;
        loop->start_ns = start_ns;
        loop->record_ns = start_ns + phase->warmup_ns;
        if (phase->duration_ns > 0)
            loop->end_ns = loop->record_ns + phase->duration_ns;
        loop->grace_ns = job->slice ? job->slice_grace_ns : tg_phase_grace_ns(phase->duration_ns);
    }
}

static enum tg_status start_threads(struct phase_thread *threads, uint32_t count, uint32_t *started,
                                    struct tg_diags *diags)
{
    for (*started = 0; *started < count; ++*started) {
        struct phase_thread *thread = &threads[*started];
        int error = pthread_create(&thread->thread, NULL, thread_main, thread);
        if (error)
            return tg_diag_errno(diags, NULL, error, "cannot start thread %u of %u", *started + 1,
                                 count);
    }
    return TG_OK;
}

static enum tg_status run_threads(const struct tg_phase_job *job, struct phase_thread *threads,
                                  cJSON *answer, struct tg_diags *diags)
{
    const struct tg_phase *phase = job->spec;
    uint32_t started;
    plan_times(job, threads);
    enum tg_status status = start_threads(threads, phase->workers, &started, diags);
    if (status != TG_OK)
        atomic_store(&job->slots->stop, true);
    sleep_until(threads[0].loop.record_ns, &job->slots->stop);
    struct cpu_time before = cpu_time_now();
    atomic_store(&job->slots->record_start_ns, threads[0].loop.record_ns);
    for (uint32_t w = 0; w < started; w++)
        pthread_join(threads[w].thread, NULL);
    struct cpu_time after = cpu_time_now();
    tg_json_add_int64(answer, "start_ns", threads[0].loop.start_ns);
    tg_json_add_int64(answer, "record_ns", threads[0].loop.record_ns);
    tg_json_add_int64(answer, "end_ns", tg_now_ns());
    tg_json_add_int64(answer, "cpu_user_ns", after.user_ns - before.user_ns);
    tg_json_add_int64(answer, "cpu_system_ns", after.system_ns - before.system_ns);
    tg_json_add_int64(answer, "rss_peak_bytes", peak_rss_bytes());
    return status;
}

enum tg_status tg_phase_run_threads(const struct tg_phase_job *job, cJSON *answer,
                                    struct tg_diags *diags)
{
    const struct tg_phase *phase = job->spec;
    uint32_t *record_of_op = map_records(job->scenario, phase);
    struct phase_thread *threads = tg_calloc(phase->workers, sizeof *threads);
    size_t most_args = tg_loop_most_args(job->scenario);
    for (uint32_t w = 0; w < phase->workers; w++) {
        threads[w].loop = make_loop(job, w, record_of_op);
        threads[w].loop.injector = job->injectors ? job->injectors[w] : NULL;
        threads[w].loop.scratch = &threads[w].scratch;
        threads[w].loop.args = tg_calloc(most_args, sizeof *threads[w].loop.args);
    }
    cJSON *counters = tg_json_add(answer, "counters", tg_json_object());
    if (!job->slice) {
        tg_json_add_int64(answer, "harness_ns", measure_harness_ns(job, record_of_op));
        sum_counters(job, phase->workers, -1, counters, diags);
        restart_peak_rss();
    }
    enum tg_status status = run_threads(job, threads, answer, diags);
    if (!job->slice)
        sum_counters(job, phase->workers, 1, counters, diags);
    for (uint32_t w = 0; w < phase->workers; w++) {
        free(threads[w].loop.args);
        tg_arena_free(&threads[w].scratch);
    }
    free(threads);
    free(record_of_op);
    return status;
}
