/* The child's side of worker.h: opens the store, runs phases in threads, answers in JSON. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/channel.h"
#include "runner/drive/coverage.h"
#include "runner/drive/inject.h"
#include "runner/drive/load.h"
#include "runner/drive/phase_threads.h"
#include "runner/drive/worker.h"

/* The other side had the machine's caches before this slice: until they are our own again nothing
 * is recorded. */
static const int64_t SLICE_SETTLE_NS = 500 * TG_NS_PER_US;

struct server {
    const struct tg_scenario *scenario;
    const struct tg_workload *workload;
    const struct tg_engine *engine;
    struct tg_slots *slots;
    char *folder; /* the store's spec points to it */
    struct tg_store_spec spec;
    void *store;     /* NULL: not open */
    void **sessions; /* of the workers, opened as phases need them */
    uint32_t session_count;
    /* Of the workers, where the scenario slows operations. They stay when the store is closed, and
     * from slice to slice: one slice is too short to learn what is slow. */
    struct tg_injector **injectors;
    uint32_t injector_count;
    cJSON *answer;
    struct tg_diags diags;
};

static void close_store(struct server *server)
{
    for (uint32_t i = 0; i < server->session_count; i++)
        server->engine->session_close(server->sessions[i]);
    free(server->sessions);
    server->sessions = NULL;
    server->session_count = 0;
    if (server->store)
        server->engine->close(server->store);
    server->store = NULL;
    free(server->folder);
    server->folder = NULL;
}

static enum tg_status open_store(struct server *server, const cJSON *request, bool build)
{
    const char *folder = ".";
    bool rows = true;
    (void)tg_json_get_string(request, "folder", &folder);
    (void)tg_json_get_bool(request, "rows", &rows);
    close_store(server);
    server->folder = tg_strdup(folder);
    server->spec = server->scenario->store;
    server->spec.folder = server->folder;
    enum tg_status status =
        server->engine->open(&server->spec, build, &server->store, &server->diags);
    if (status == TG_OK && build)
        status =
            tg_load_store(server->scenario, server->workload, server->store, rows, &server->diags);
    return status;
}

static enum tg_status do_build(struct server *server, const cJSON *request)
{
    enum tg_status status = open_store(server, request, true);
    close_store(server);
    return status;
}

static void add_pair(cJSON *list, const char *name, const char *key, const char *value)
{
    cJSON *item = tg_json_push(list, tg_json_object());
    tg_json_add_string(item, "name", name);
    tg_json_add_string(item, key, value);
}

static enum tg_status describe_store(struct server *server)
{
    const struct tg_engine *engine = server->engine;
    struct tg_arena arena = {0};
    struct tg_list facts = {0};
    struct tg_list states = {0};
    enum tg_status status = TG_OK;
    if (engine->describe)
        status = engine->describe(server->store, &arena, &facts, &server->diags);
    if (status == TG_OK && engine->settings)
        status = engine->settings(server->store, &arena, &states, &server->diags);
    cJSON *list = tg_json_add(server->answer, "facts", tg_json_array());
    const struct tg_named_value *fact = facts.items;
    for (size_t i = 0; i < facts.count; i++)
        add_pair(list, fact[i].name, "value", fact[i].value);
    list = tg_json_add(server->answer, "settings", tg_json_array());
    const struct tg_setting_state *state = states.items;
    for (size_t i = 0; i < states.count; i++) {
        add_pair(list, state[i].name, "actual", state[i].actual);
        tg_json_add_string(list->child->prev, "requested", state[i].requested);
    }
    tg_arena_free(&arena);
    return status;
}

static enum tg_status do_open(struct server *server, const cJSON *request)
{
    bool build = false;
    (void)tg_json_get_bool(request, "build", &build);
    enum tg_status status = open_store(server, request, build);
    return status == TG_OK ? describe_store(server) : status;
}

static enum tg_status need_sessions(struct server *server, uint32_t count)
{
    if (server->session_count < count)
        server->sessions = tg_realloc(server->sessions, count * sizeof *server->sessions);
    while (server->session_count < count) {
        enum tg_status status = server->engine->session_open(
            server->store, &server->sessions[server->session_count], &server->diags);
        if (status != TG_OK)
            return status;
        server->session_count++;
    }
    return TG_OK;
}

static void need_injectors(struct server *server, uint32_t count)
{
    if (!server->scenario->injects || server->injector_count >= count)
        return;
    server->injectors = tg_realloc(server->injectors, count * sizeof(struct tg_injector *));
    while (server->injector_count < count)
        server->injectors[server->injector_count++] = tg_injector_new(server->scenario);
}

static void free_injectors(struct server *server)
{
    for (uint32_t i = 0; i < server->injector_count; i++)
        tg_injector_free(server->injectors[i]);
    free(server->injectors);
}

static enum tg_status do_coverage(struct server *server)
{
    enum tg_status status = need_sessions(server, 1);
    if (status != TG_OK)
        return status;
    struct tg_arena arena = {0};
    struct tg_coverage coverage;
    status = tg_coverage_collect(server->scenario, server->sessions[0], true, &arena, &coverage,
                                 &server->diags);
    if (status == TG_OK)
        tg_json_add(server->answer, "coverage", tg_coverage_to_json(&coverage));
    tg_arena_free(&arena);
    return status;
}

static enum tg_status do_run(struct server *server, const cJSON *request)
{
    int64_t phase = 0;
    int64_t first_index = 0;
    if (!tg_json_get_int64(request, "phase", &phase) || phase < 0 ||
        (size_t)phase >= server->scenario->phase_count)
        abort();
    (void)tg_json_get_int64(request, "first_index", &first_index);
    int64_t slice_ns = 0;
    bool slice = tg_json_get_int64(request, "slice_ns", &slice_ns);
    int64_t grace_ns = 0;
    (void)tg_json_get_int64(request, "grace_ns", &grace_ns);
    struct tg_phase spec = server->scenario->phases[phase];
    bool open_loop = false;
    (void)tg_json_get_bool(request, "open_loop", &open_loop);
    if (slice) {
        spec.rate_per_s = open_loop ? spec.rate_per_s : 0;
        spec.count = 0;
        spec.warmup_ns = SLICE_SETTLE_NS;
        spec.duration_ns = slice_ns;
    }
    enum tg_status status = need_sessions(server, spec.workers);
    if (status != TG_OK)
        return status;
    need_injectors(server, spec.workers);
    struct tg_phase_job job = {
        .scenario = server->scenario,
        .workload = server->workload,
        .sessions = server->sessions,
        .injectors = server->injectors,
        .slots = server->slots,
        .phase = (uint32_t)phase,
        .spec = &spec,
        .slice = slice,
        .slice_grace_ns = grace_ns,
        .first_index = (uint64_t)first_index,
    };
    return tg_phase_run_threads(&job, server->answer, &server->diags);
}

static enum tg_status dispatch(struct server *server, const char *what, const cJSON *request)
{
    if (strcmp(what, "build") == 0)
        return do_build(server, request);
    if (strcmp(what, "open") == 0)
        return do_open(server, request);
    if (strcmp(what, "coverage") == 0)
        return do_coverage(server);
    if (strcmp(what, "run") == 0)
        return do_run(server, request);
    if (strcmp(what, "verify") == 0)
        return server->engine->verify(server->store, &server->diags);
    abort(); /* only our own coordinator speaks on this channel */
}

_Noreturn void tg_worker_serve(int fd, const struct tg_scenario *scenario,
                               const struct tg_workload *workload, struct tg_slots *slots)
{
    struct server server = {
        .scenario = scenario,
        .workload = workload,
        .engine = scenario->engine,
        .slots = slots,
    };
    cJSON *request;
    while ((request = tg_channel_receive(fd))) {
        const char *what = "";
        (void)tg_json_get_string(request, "do", &what);
        bool last = strcmp(what, "close") == 0;
        server.answer = tg_json_object();
        if (last)
            close_store(&server);
        enum tg_status status = last ? TG_OK : dispatch(&server, what, request);
        cJSON_Delete(request);
        tg_json_add_int64(server.answer, "status", status);
        tg_channel_add_diags(server.answer, &server.diags);
        tg_diags_free(&server.diags);
        if (!tg_channel_send(fd, server.answer) || last)
            break;
    }
    free_injectors(&server);
    _exit(0);
}
