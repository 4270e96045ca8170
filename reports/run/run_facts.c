#include "reports/run/run_facts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "baselines/host.h"
#include "common/text.h"
#include "common/units.h"

enum { SHORT_HASH = 12, MOST_OTHER_FACTS = 8 };

struct writer {
    struct tg_arena *arena;
    struct tg_run_fact *facts;
    size_t count;
};

static void add(struct writer *writer, const char *label, const char *fmt, ...) TG_PRINTF(3, 4);
static void add(struct writer *writer, const char *label, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    writer->facts[writer->count++] =
        (struct tg_run_fact){.label = label, .text = tg_arena_strdup(writer->arena, text)};
    free(text);
}

static const char *fact(const struct tg_result *result, const char *name)
{
    for (size_t i = 0; i < result->fact_count; i++)
        if (strcmp(result->facts[i].name, name) == 0)
            return result->facts[i].value;
    return NULL;
}

static void add_engine(struct writer *writer, const struct tg_result *result)
{
    const char *version = fact(result, "version");
    const char *library = fact(result, "library");
    add(writer, "engine", "%s%s%s%s%s", result->engine_kind, version ? " " : "",
        version ? version : "", library ? ", " : "", library ? library : "");
}

static void add_host(struct writer *writer, const struct tg_result *result)
{
    cJSON *json = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    struct tg_arena scratch = {0};
    struct tg_host host;
    if (json && tg_host_from_json(json, &scratch, &host))
        add(writer, "host", "%s; clock %s", tg_host_line(&host, &scratch), result->clock);
    else
        add(writer, "clock", "%s", result->clock);
    tg_arena_free(&scratch);
    cJSON_Delete(json);
}

static void add_dataset(struct writer *writer, const struct tg_result *result)
{
    char rows_text[TG_UNIT_TEXT];
    char size[TG_UNIT_TEXT];
    char time[TG_UNIT_TEXT];
    uint64_t rows = 0;
    for (size_t i = 0; i < result->load_count; i++)
        rows += result->loads[i].rows;
    struct tg_text line = {0};
    tg_text_addf(&line, "%s rows in %zu table%s", tg_format_count((int64_t)rows, rows_text),
                 result->load_count, tg_plural(result->load_count, "s"));
    if (result->dataset_bytes > 0)
        tg_text_addf(&line, ", %s", tg_format_bytes(result->dataset_bytes, size));
    tg_text_addf(&line, ", %s in %s", result->dataset_cached ? "copied from the cache" : "built",
                 tg_format_duration(result->dataset_build_ns, time));
    add(writer, "data set", "%s", line.data);
    tg_text_free(&line);
}

static void add_sweep(struct writer *writer, const struct tg_result *result)
{
    const struct tg_sweep_place *place = &result->sweep;
    char rows[TG_UNIT_TEXT];
    const char *id = place->id ? place->id : result->id;
    if (place->planned_count == 0)
        return;
    add(writer, "sweep", "%s rows of %s, one of %zu size%s%s%s",
        tg_format_count((int64_t)place->rows, rows), place->table, place->planned_count,
        tg_plural(place->planned_count, "s"), id ? " of " : "", id ? id : "");
}

static void add_start(struct writer *writer, const struct tg_result *result)
{
    time_t seconds = (time_t)(result->started_unix_ms / 1000);
    struct tm utc = {0};
    char date[32] = "";
    char took[TG_UNIT_TEXT];
    if (gmtime_r(&seconds, &utc))
        strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S UTC", &utc);
    add(writer, "started", "%s, took %s", date, tg_format_duration(result->total_ns, took));
}

const struct tg_run_fact *tg_run_facts(const struct tg_result *result, size_t *count,
                                       struct tg_arena *arena)
{
    struct writer w = {
        .arena = arena,
        .facts = tg_arena_array(arena, result->override_count + MOST_OTHER_FACTS, sizeof *w.facts)};
    struct writer *writer = &w;
    add(writer, "scenario", "%s (%s)", result->scenario, result->scenario_path);
    for (size_t i = 0; i < result->override_count; i++)
        add(writer, i == 0 ? "set" : "", "%s", result->overrides[i]);
    add_engine(writer, result);
    add_host(writer, result);
    if (result->git_commit)
        add(writer, "git", "%.*s%s", SHORT_HASH, result->git_commit,
            result->git_dirty ? " with uncommitted changes" : "");
    if (result->load_count > 0)
        add_dataset(writer, result);
    add_sweep(writer, result);
    add(writer, "stream", "seed 0x%llX, fingerprint %.*s", (unsigned long long)result->seed,
        SHORT_HASH, result->stream_fingerprint);
    add_start(writer, result);
    *count = w.count;
    return w.facts;
}
