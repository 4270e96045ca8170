#include "runner/drive/run.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/channel.h"
#include "runner/drive/clock.h"
#include "runner/drive/dataset.h"
#include "runner/drive/watch.h"

struct run {
    const struct tg_scenario *scenario;
    const struct tg_run_options *options;
    struct tg_result *result;
    struct tg_arena arena; /* of the compiled workload */
    struct tg_workload *workload;
    struct tg_slots *slots;
    struct tg_dataset dataset;
    struct tg_worker worker;
};

static bool stopped(const struct run *run)
{
    return run->options->stop && *run->options->stop > 0;
}

/* Until the user asks for an end. */
static struct tg_worker_wait patiently(const struct run *run)
{
    return (struct tg_worker_wait){.stop = run->options->stop};
}

static cJSON *request(const char *what)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "do", what);
    return json;
}

static void describe_scenario(struct run *run)
{
    const struct tg_scenario *scenario = run->scenario;
    struct tg_result *result = run->result;
    struct tg_arena *arena = &result->arena;
    char fingerprint[TG_HASH_TEXT];
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    tg_workload_fingerprint(run->workload, fingerprint);
    result->scenario = tg_arena_strdup(arena, scenario->name);
    result->scenario_path = tg_arena_strdup(arena, scenario->path);
    result->scenario_hash = tg_arena_strdup(arena, scenario->hash);
    result->dataset_hash = tg_arena_strdup(arena, scenario->dataset_hash);
    result->stream_fingerprint = tg_arena_strdup(arena, fingerprint);
    result->seed = scenario->seed;
    result->started_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / TG_NS_PER_MS;
    result->engine_kind = tg_arena_strdup(arena, scenario->engine->kind);
    result->clock = tg_clock_name();
    result->clock_overhead_ps = tg_clock_overhead_ps();
    result->load_count = scenario->load_count;
    result->loads = tg_arena_array(arena, scenario->load_count, sizeof *result->loads);
    for (size_t i = 0; i < scenario->load_count; i++) {
        result->loads[i].table = tg_arena_strdup(arena, scenario->loads[i].table);
        result->loads[i].rows = scenario->loads[i].rows;
    }
}

/* Room for the largest phase: every other one fits as well. */
static enum tg_status make_slots(struct run *run, struct tg_diags *diags)
{
    uint32_t workers = 1;
    uint32_t ops = 1;
    bool open_loop = false;
    for (size_t i = 0; i < run->scenario->phase_count; i++) {
        const struct tg_phase *phase = &run->scenario->phases[i];
        workers = phase->workers > workers ? phase->workers : workers;
        ops = phase->entry_count > ops ? (uint32_t)phase->entry_count : ops;
        open_loop = open_loop || phase->rate_per_s > 0;
    }
    run->slots = tg_slots_new(workers, ops, open_loop, diags);
    return run->slots ? TG_OK : TG_SYSTEM;
}

static const char *copy_or_null(struct tg_arena *arena, const cJSON *item, const char *key)
{
    const char *text;
    return tg_json_get_string(item, key, &text) ? tg_arena_strdup(arena, text) : NULL;
}

static void take_description(struct run *run, const cJSON *answer)
{
    struct tg_result *result = run->result;
    struct tg_arena *arena = &result->arena;
    const cJSON *facts = tg_json_get(answer, "facts");
    const cJSON *settings = tg_json_get(answer, "settings");
    const cJSON *item;
    result->facts =
        tg_arena_array(arena, (size_t)cJSON_GetArraySize(facts) + 1, sizeof *result->facts);
    cJSON_ArrayForEach(item, facts)
    {
        result->facts[result->fact_count++] = (struct tg_named_value){
            .name = copy_or_null(arena, item, "name"), .value = copy_or_null(arena, item, "value")};
    }
    result->settings =
        tg_arena_array(arena, (size_t)cJSON_GetArraySize(settings) + 1, sizeof *result->settings);
    cJSON_ArrayForEach(item, settings)
    {
        result->settings[result->setting_count++] =
            (struct tg_setting_state){.name = copy_or_null(arena, item, "name"),
                                      .requested = copy_or_null(arena, item, "requested"),
                                      .actual = copy_or_null(arena, item, "actual")};
    }
}

static void note_crash(struct run *run, const char *when, const char *phase)
{
    struct tg_result *result = run->result;
    result->crash = tg_arena_format(&result->arena, "%s %s%s", run->worker.crash, when, phase);
    result->crash_signal = run->worker.crash_signal;
}

/* `crash`: of the process that built or opened, NULL: none. Where somebody killed it before the
 * first phase, there is nothing to tell. */
static void note_early_crash(struct run *run, const char *crash, int crash_signal, const char *when)
{
    struct tg_result *result = run->result;
    if (!crash || crash_signal == SIGKILL)
        return;
    result->crash = tg_arena_format(&result->arena, "%s %s", crash, when);
    result->crash_signal = crash_signal;
}

static void note_dataset(struct run *run)
{
    run->result->dataset_cached = run->dataset.cached;
    run->result->dataset_build_ns = run->dataset.prepare_ns;
    run->result->dataset_bytes = run->dataset.bytes;
}

static enum tg_status open_store(struct run *run, struct tg_diags *diags)
{
    enum tg_status status =
        tg_worker_start(&run->worker, run->scenario, run->workload, run->slots, diags);
    if (status != TG_OK)
        return status;
    cJSON *message = request("open");
    tg_json_add_string(message, "folder", run->dataset.folder);
    tg_json_add_bool(message, "build", run->dataset.build_at_open);
    cJSON *answer = NULL;
    int64_t begun_ns = tg_now_ns();
    status = tg_worker_call(&run->worker, message, patiently(run), &answer, diags);
    note_early_crash(run, run->worker.crash, run->worker.crash_signal,
                     run->dataset.build_at_open ? "while it built the data set" : "on opening");
    if (run->dataset.build_at_open)
        run->dataset.prepare_ns += tg_now_ns() - begun_ns;
    if (status == TG_OK)
        take_description(run, answer);
    cJSON_Delete(answer);
    note_dataset(run);
    return status;
}

static enum tg_status cover(struct run *run, struct tg_diags *diags)
{
    if (!run->options->coverage || !run->scenario->engine->explain)
        return TG_OK;
    cJSON *answer = NULL;
    enum tg_status status =
        tg_worker_call(&run->worker, request("coverage"), patiently(run), &answer, diags);
    note_early_crash(run, run->worker.crash, run->worker.crash_signal,
                     "while its query plans were looked at");
    if (status == TG_OK)
        status = tg_coverage_take(answer, &run->result->arena, &run->result->coverage, diags);
    run->result->has_coverage = status == TG_OK;
    cJSON_Delete(answer);
    return status;
}

static enum tg_status run_phases(struct run *run, struct tg_diags *diags)
{
    struct tg_result *result = run->result;
    result->phases =
        tg_arena_array(&result->arena, run->scenario->phase_count, sizeof *result->phases);
    enum tg_status status = TG_OK;
    for (uint32_t i = 0; i < run->scenario->phase_count && status == TG_OK && !stopped(run); i++) {
        if (tg_result_left_out(result, run->scenario->phases[i].name))
            continue;
        struct tg_watch_spec spec = {
            .scenario = run->scenario,
            .phase = i,
            .folder = run->dataset.folder,
            .stop = run->options->stop,
            .observer = run->options->observer,
        };
        struct tg_phase_result *phase = &result->phases[result->phase_count++];
        status = tg_watch_phase(&run->worker, run->slots, &spec, &result->arena, phase, diags);
        if (run->worker.crash)
            note_crash(run, "in phase ", phase->name);
    }
    return status;
}

/* After the phases: a request to stop that ended one is heeded already, a further one counts. */
static struct tg_worker_wait heedfully(const struct run *run)
{
    const struct tg_result *result = run->result;
    struct tg_worker_wait wait = patiently(run);
    wait.heeded = result->phase_count > 0 && result->phases[result->phase_count - 1].interrupted;
    return wait;
}

/* Violations go into the result: they are a finding about the store, not a failure of ours. */
static void verify(struct run *run)
{
    struct tg_result *result = run->result;
    struct tg_diags found = {0};
    tg_observe_step(&run->options->observer, "checking integrity and foreign keys");
    enum tg_status status =
        tg_worker_call(&run->worker, request("verify"), heedfully(run), NULL, &found);
    if (run->worker.crash)
        note_crash(run, "while its integrity was checked", "");
    result->verified = !run->worker.crash && status != TG_INTERRUPTED;
    result->violations =
        tg_arena_array(&result->arena, found.count + 1, sizeof *result->violations);
    for (size_t i = 0; i < found.count && result->verified; i++)
        if (found.items[i].severity == TG_SEVERITY_ERROR)
            result->violations[result->violation_count++] =
                tg_arena_strdup(&result->arena, found.items[i].message);
    if (status != TG_OK && result->verified && result->violation_count == 0)
        result->violations[result->violation_count++] =
            "the integrity check failed without a reason";
    tg_diags_free(&found);
}

/* The last thing asked of the store, and it may fail at that as well. */
static void close_store(struct run *run, struct tg_diags *diags)
{
    struct tg_result *result = run->result;
    struct tg_worker_wait wait = heedfully(run);
    wait.limit_ns = TG_WORKER_PATIENCE_NS;
    enum tg_status status = tg_worker_close(&run->worker, wait, diags);
    if (status == TG_INTERRUPTED) {
        result->crash = "the worker process was interrupted and killed on close";
        result->crash_signal = SIGKILL;
    } else if (status != TG_OK) {
        note_crash(run, "on close", "");
    }
}

/* Notes what was not asked for. */
static enum tg_status choose_phases(struct run *run, struct tg_diags *diags)
{
    const struct tg_run_options *options = run->options;
    const struct tg_scenario *scenario = run->scenario;
    struct tg_result *result = run->result;
    enum tg_status status = TG_OK;
    if (options->phase_count == 0)
        return TG_OK;
    bool *chosen = tg_arena_array(&run->arena, scenario->phase_count + 1, sizeof *chosen);
    for (size_t i = 0; i < options->phase_count; i++) {
        uint32_t number;
        enum tg_status found = tg_phase_find(scenario, options->phases[i], &number, diags);
        if (found == TG_OK)
            chosen[number] = true;
        else
            status = found;
    }
    result->left_out =
        tg_arena_array(&result->arena, scenario->phase_count + 1, sizeof *result->left_out);
    for (size_t i = 0; i < scenario->phase_count; i++)
        if (!chosen[i])
            result->left_out[result->left_out_count++] =
                tg_arena_strdup(&result->arena, scenario->phases[i].name);
    return status;
}

static enum tg_status prepare_dataset(struct run *run, struct tg_diags *diags)
{
    const struct tg_dataset_spec spec = {
        .scenario = run->scenario,
        .workload = run->workload,
        .home = run->options->home,
        .stop = run->options->stop,
        .observer = run->options->observer,
    };
    enum tg_status status = tg_dataset_prepare(&spec, &run->dataset, diags);
    note_dataset(run);
    note_early_crash(run, run->dataset.crash, run->dataset.crash_signal,
                     "while it built the data set");
    return status;
}

static enum tg_status measure(struct run *run, struct tg_diags *diags)
{
    enum tg_status status = choose_phases(run, diags);
    if (status == TG_OK)
        status = make_slots(run, diags);
    if (status == TG_OK)
        status = prepare_dataset(run, diags);
    if (status == TG_OK)
        status = open_store(run, diags);
    if (status == TG_OK)
        status = cover(run, diags);
    if (status == TG_OK)
        status = run_phases(run, diags);
    if (status == TG_OK) {
        verify(run);
        close_store(run, diags);
    }
    /* A store that died leaves a result: what was measured until then. */
    return run->result->crash ? TG_OK : status;
}

enum tg_status tg_run(const struct tg_scenario *scenario, const struct tg_run_options *options,
                      struct tg_result *result, struct tg_diags *diags)
{
    struct run run = {.scenario = scenario, .options = options, .result = result, .worker.fd = -1};
    tg_clock_init();
    int64_t begun_ns = tg_now_ns();
    run.workload = tg_workload_compile(&run.arena, &scenario->workload);
    describe_scenario(&run);
    enum tg_status status = measure(&run, diags);
    tg_worker_end(&run.worker);
    tg_dataset_release(&run.dataset);
    tg_slots_free(run.slots);
    tg_arena_free(&run.arena);
    result->total_ns = tg_now_ns() - begun_ns;
    if (status == TG_OK)
        tg_result_judge(result, scenario);
    return status;
}
