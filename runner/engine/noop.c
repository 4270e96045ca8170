/* The no-op engine: a store that does nothing, or nothing for a fixed time. It measures the harness
 * itself, and an injected delay is a slowdown of known size. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/engine/registry.h"

struct noop_store {
    int64_t delay_ns;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * TG_NS_PER_S + now.tv_nsec;
}

static bool check_spec(const struct tg_store_spec *spec, int64_t *delay_ns, struct tg_diags *diags)
{
    size_t errors = diags->errors;
    for (size_t i = 0; i < spec->setting_count; i++) {
        tg_diag_error(diags, spec->settings[i].place, "the noop engine has no setting \"%s\"",
                      spec->settings[i].name);
    }
    for (size_t i = 0; i < spec->option_count; i++) {
        const struct tg_setting *option = &spec->options[i];
        if (strcmp(option->name, "delay") != 0) {
            tg_diag_hint(tg_diag_error(diags, option->place, "the noop engine has no option \"%s\"",
                                       option->name),
                         "its only option is delay");
        } else if (!tg_parse_duration_ns(option->value, delay_ns)) {
            tg_diag_hint(
                tg_diag_error(diags, option->place, "delay: \"%s\" is no duration", option->value),
                "write it like \"500ns\" or \"10us\"");
        }
    }
    if (spec->schema_count > 0) {
        tg_diag_error(diags, (struct tg_place){.path = spec->schema[0].path},
                      "the noop engine takes no schema");
    }
    return diags->errors == errors;
}

static enum tg_status noop_open(const struct tg_store_spec *spec, bool build, void **store,
                                struct tg_diags *diags)
{
    (void)build;
    int64_t delay_ns = 0;
    if (!check_spec(spec, &delay_ns, diags))
        return TG_INVALID;
    struct noop_store *noop = tg_calloc(1, sizeof *noop);
    noop->delay_ns = delay_ns;
    *store = noop;
    return TG_OK;
}

static enum tg_status noop_build(void *store, const struct tg_row_source *sources, size_t count,
                                 struct tg_diags *diags)
{
    (void)store;
    (void)sources;
    (void)count;
    (void)diags;
    return TG_OK;
}

/* A session has no state of its own: it is the store. */
static enum tg_status noop_session_open(void *store, void **session, struct tg_diags *diags)
{
    (void)diags;
    *session = store;
    return TG_OK;
}

static void noop_execute(void *session, uint32_t op, const struct tg_value *args,
                         struct tg_outcome *outcome)
{
    (void)op;
    (void)args;
    const struct noop_store *noop = session;
    *outcome = (struct tg_outcome){0};
    if (noop->delay_ns > 0) {
        int64_t end_ns = now_ns() + noop->delay_ns;
        while (now_ns() < end_ns)
            continue;
    }
}

static const char *noop_error_text(void *session)
{
    (void)session;
    return "";
}

static const char *noop_error_name(int code)
{
    return code == 0 ? "OK" : "UNKNOWN";
}

static void noop_session_close(void *session)
{
    (void)session;
}

static enum tg_status noop_verify(void *store, struct tg_diags *diags)
{
    (void)store;
    (void)diags;
    return TG_OK;
}

static void noop_close(void *store)
{
    free(store);
}

static const char *const NOOP_OPTIONS[] = {"delay"};

const struct tg_engine tg_engine_noop = {
    .abi = TG_ENGINE_ABI,
    .kind = "noop",
    .summary = "does nothing, or waits: measures the harness itself",
    .options = NOOP_OPTIONS,
    .option_count = 1,
    .open = noop_open,
    .build = noop_build,
    .session_open = noop_session_open,
    .execute = noop_execute,
    .error_text = noop_error_text,
    .error_name = noop_error_name,
    .session_close = noop_session_close,
    .verify = noop_verify,
    .close = noop_close,
};
