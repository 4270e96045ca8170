#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "runner/scenario/sections.h"

static bool parse_limit(struct tg_metric *metric, const char *text, double *limit)
{
    int64_t whole;
    bool ok;
    switch (metric->kind) {
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
    case TG_METRIC_ELAPSED:
        ok = tg_parse_duration_ns(text, &whole);
        *limit = ok ? (double)whole : 0;
        return ok;
    case TG_METRIC_RSS:
        ok = tg_parse_bytes(text, &whole);
        *limit = ok ? (double)whole : 0;
        return ok;
    case TG_METRIC_RATE:
        return tg_parse_rate_per_s(text, limit);
    case TG_METRIC_ERRORS:
        /* "errors <= 1%" speaks of the share of the operations. */
        if (!tg_ends_with(text, "%"))
            return tg_parse_number(text, limit);
        metric->kind = TG_METRIC_ERROR_RATE;
        return tg_parse_fraction(text, limit);
    case TG_METRIC_ERROR_RATE:
    case TG_METRIC_CPU:
        return tg_parse_fraction(text, limit);
    case TG_METRIC_COUNT:
    case TG_METRIC_RETRIES:
        return tg_parse_number(text, limit);
    case TG_METRIC_STALLS: /* refused before */
        break;
    }
    return false;
}

static const char *limit_example(enum tg_metric_kind kind)
{
    switch (kind) {
    case TG_METRIC_RATE:
        return "800/s";
    case TG_METRIC_RSS:
        return "256MiB";
    case TG_METRIC_ERROR_RATE:
    case TG_METRIC_CPU:
        return "5%";
    case TG_METRIC_COUNT:
    case TG_METRIC_ERRORS:
    case TG_METRIC_RETRIES:
        return "0";
    default:
        return "50ms";
    }
}

/* A copy of the `length` bytes at `text` without spaces around them. */
static char *trimmed(struct tg_arena *arena, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    return tg_arena_memdup(arena, text, length);
}

/* The comparison at `at`; *after is what follows. */
static bool parse_compare(const char *at, enum tg_compare *compare, const char **after)
{
    static const struct {
        const char *sign;
        enum tg_compare compare;
    } signs[] = {{"<=", TG_LESS_EQUAL},
                 {">=", TG_GREATER_EQUAL},
                 {"==", TG_EQUAL},
                 {"<", TG_LESS},
                 {">", TG_GREATER}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (tg_starts_with(at, signs[i].sign)) {
            *compare = signs[i].compare;
            *after = at + strlen(signs[i].sign);
            return true;
        }
    }
    return false;
}

static bool fits_phase(struct tg_reader *reader, const struct tg_toml_node *node,
                       const struct tg_target *target)
{
    const struct tg_scenario *scenario = reader->scenario;
    const struct tg_phase *phase = &scenario->phases[target->phase];
    if (phase->entry_count == 0)
        return true; /* its mix is wrong, and that was reported */
    if (!tg_phase_runs(phase, &target->metric)) {
        tg_node_error(reader, node, "the phase \"%s\" does not run the operation \"%s\"",
                      phase->name, scenario->ops[target->metric.op].name);
        return false;
    }
    if (tg_metric_needs_rate(&target->metric) && phase->rate_per_s <= 0) {
        tg_diag_hint(tg_node_error(reader, node, "the phase \"%s\" has no rate and so no %s time",
                                   phase->name, tg_latency_names[target->metric.latency]),
                     "give the phase a rate, or use the service time");
        return false;
    }
    return true;
}

static bool read_target(struct tg_reader *reader, const struct tg_toml_node *node,
                        struct tg_target *target)
{
    struct tg_arena *arena = &reader->scenario->arena;
    const char *text = node->string;
    const char *sign = text + strcspn(text, "<>=!");
    const char *limit_at;
    target->text = text;
    target->place = node->place;
    if (!parse_compare(sign, &target->compare, &limit_at)) {
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" is no target", text),
                     "write METRIC < LIMIT, as in \"session_get.p99 < 50ms\", with <, <=, >, >= or "
                     "==");
        return false;
    }
    const char *metric = trimmed(arena, text, (size_t)(sign - text));
    if (!tg_read_metric(reader, node->place, metric, &target->metric) ||
        !fits_phase(reader, node, target))
        return false;
    if (target->metric.kind == TG_METRIC_STALLS) {
        tg_diag_hint(tg_node_error(reader, node, "\"%s\" is no target: it compares two variants",
                                   target->metric.text),
                     "name it in [gate], or set a target on p99.9 or max");
        return false;
    }
    const char *limit = trimmed(arena, limit_at, strlen(limit_at));
    if (parse_limit(&target->metric, limit, &target->limit))
        return true;
    tg_diag_hint(
        tg_node_error(reader, node, "\"%s\" is no limit for \"%s\"", limit, target->metric.text),
        "write a limit such as %s", limit_example(target->metric.kind));
    return false;
}

static size_t find_phase(const struct tg_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->phase_count; i++) {
        if (scenario->phases[i].name && strcmp(scenario->phases[i].name, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static void unknown_phase(struct tg_reader *reader, const struct tg_toml_node *node)
{
    const struct tg_scenario *scenario = reader->scenario;
    const char **names = tg_calloc(scenario->phase_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < scenario->phase_count; i++) {
        if (scenario->phases[i].name)
            names[count++] = scenario->phases[i].name;
    }
    tg_hint_names(tg_key_error(reader, node, "no phase is called \"%s\"", node->key), node->key,
                  names, count, "phases");
    free(names);
}

void tg_read_targets(struct tg_reader *reader, const struct tg_toml_node *targets)
{
    struct tg_scenario *scenario = reader->scenario;
    if (!tg_read_type(reader, targets, TG_TOML_TABLE))
        return;
    size_t most = 0;
    for (const struct tg_toml_node *node = targets->first; node; node = node->next)
        most += node->type == TG_TOML_ARRAY ? node->count : 1;
    scenario->targets = tg_arena_array(&scenario->arena, most, sizeof *scenario->targets);
    for (const struct tg_toml_node *node = targets->first; node; node = node->next) {
        size_t phase = find_phase(scenario, node->key);
        if (phase == SIZE_MAX) {
            unknown_phase(reader, node);
            continue;
        }
        size_t count;
        const struct tg_toml_node **texts = tg_read_strings(reader, node, &count);
        for (size_t i = 0; i < count; i++) {
            struct tg_target *target = &scenario->targets[scenario->target_count];
            *target = (struct tg_target){.phase = (uint32_t)phase};
            if (read_target(reader, texts[i], target))
                scenario->target_count++;
        }
    }
}
