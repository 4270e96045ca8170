#include "baselines/selftest_record.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "baselines/json_reader.h"
#include "common/file.h"
#include "common/text.h"

enum { FORMAT = 1, MOST_METRICS = 1000 };

static const size_t LIMIT_BYTES = (size_t)64 << 20;
static const char *const NOT_GATED = "not gated";
static const char *const estimate_names[TG_GATE_SIDES] = {"pooled", "typical"};

/* ---- writing ---- */

static cJSON *estimate_to_json(const struct tg_tested_estimate *estimate)
{
    cJSON *json = tg_json_object();
    tg_json_add_double(json, "estimate", estimate->estimate);
    tg_json_add_double(json, "low", estimate->low);
    tg_json_add_double(json, "high", estimate->high);
    return json;
}

static cJSON *metric_to_json(const struct tg_tested_metric *metric)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "name", metric->name);
    tg_json_add_double(json, "margin", metric->margin);
    tg_json_add_string(json, "verdict",
                       metric->why_not ? NOT_GATED : tg_gate_verdict_name(metric->verdict));
    tg_json_add_string(json, "why_not", metric->why_not);
    for (int side = 0; side < TG_GATE_SIDES; side++)
        tg_json_add(json, estimate_names[side], estimate_to_json(&metric->estimates[side]));
    tg_json_add_double(json, "provable", metric->provable);
    return json;
}

cJSON *tg_tested_to_json(const struct tg_tested_gate *gate)
{
    cJSON *json = tg_json_object();
    tg_json_add_int64(json, "format", FORMAT);
    tg_json_add_string(json, "tool", gate->tool);
    cJSON *host = tg_json_add(json, "host", tg_json_object());
    tg_json_add_string(host, "fingerprint", gate->host);
    tg_json_add_string(host, "line", gate->host_line);
    tg_json_add_string(json, "scenario", gate->scenario);
    tg_json_add_string(json, "scenario_hash", gate->scenario_hash);
    tg_json_add_string(json, "phase", gate->phase);
    tg_json_add_int64(json, "budget_ns", gate->budget_ns);
    tg_json_add_string(json, "effect", gate->effect);
    tg_json_add_string(json, "op", gate->op);
    tg_json_add_int64(json, "started_unix_ms", gate->started_unix_ms);
    tg_json_add_int64(json, "elapsed_ns", gate->elapsed_ns);
    tg_json_add_int64(json, "used_ns", gate->used_ns);
    tg_json_add_int64(json, "exit_code", gate->exit_code);
    tg_json_add_string(json, "verdict", tg_gate_verdict_name(gate->verdict));
    tg_json_add_string(json, "meaning", gate->meaning);
    tg_json_add_int64(json, "launches", gate->launches);
    tg_json_add_int64(json, "fresh_launches", gate->fresh_launches);
    tg_json_add_int64(json, "slice_ns", gate->slice_ns);
    tg_json_add_int64(json, "pairs", gate->pairs);
    tg_json_add_int64(json, "pairs_dropped", gate->pairs_dropped);
    cJSON *metrics = tg_json_add(json, "metrics", tg_json_array());
    for (size_t i = 0; i < gate->metric_count; i++)
        tg_json_push(metrics, metric_to_json(&gate->metrics[i]));
    return json;
}

static enum tg_status append_bytes(const char *path, const char *bytes, size_t length,
                                   struct tg_diags *diags)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return tg_diag_errno(diags, path, errno, "cannot append to it");
    bool written = true;
    /* In one call: a line is there or it is not, and the end of the disk is the only exception. */
    if (length > 0) {
        ssize_t done = write(fd, bytes, length);
        if (done >= 0 && (size_t)done < length)
            errno = ENOSPC;
        written = done >= 0 && (size_t)done == length && (fsync(fd) == 0 || errno == EINVAL);
    }
    int error = errno;
    close(fd);
    return written ? TG_OK : tg_diag_errno(diags, path, error, "cannot append to it");
}

enum tg_status tg_tested_append(const char *path, const struct tg_tested_gate *gate,
                                struct tg_diags *diags)
{
    cJSON *json = tg_tested_to_json(gate);
    char *line = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (!line)
        abort();
    struct tg_text text = {0};
    tg_text_addf(&text, "%s\n", line);
    cJSON_free(line);
    enum tg_status status = append_bytes(path, text.data, text.length, diags);
    tg_text_free(&text);
    return status;
}

enum tg_status tg_tested_check(const char *path, struct tg_diags *diags)
{
    return append_bytes(path, NULL, 0, diags);
}

/* ---- reading ---- */

/* Those that tg_gate_verdict_name gives, and "not gated". */
static const char *const verdicts[] = {"inconclusive", "pass", "improvement", "regression",
                                       "not gated"};
enum { NOT_GATED_WORD = 4 };

static bool read_estimate(struct tg_reader *reader, struct tg_node node, const char *key,
                          struct tg_tested_estimate *estimate)
{
    struct tg_node inner;
    return tg_need_object(reader, node, key, &inner) &&
           tg_need_double(reader, inner, "estimate", &estimate->estimate) &&
           tg_need_double(reader, inner, "low", &estimate->low) &&
           tg_need_double(reader, inner, "high", &estimate->high);
}

static bool read_metric(struct tg_reader *reader, struct tg_node node,
                        struct tg_tested_metric *metric)
{
    unsigned word;
    if (!tg_need_text(reader, node, "name", &metric->name) ||
        !tg_need_double(reader, node, "margin", &metric->margin) ||
        !tg_need_word(reader, node, "verdict", TG_WORDS(verdicts), &word) ||
        !tg_need_text_or_null(reader, node, "why_not", &metric->why_not) ||
        !tg_need_double(reader, node, "provable", &metric->provable))
        return false;
    for (int side = 0; side < TG_GATE_SIDES; side++)
        if (!read_estimate(reader, node, estimate_names[side], &metric->estimates[side]))
            return false;
    if (!(metric->margin > 0))
        return tg_read_wrong(reader, node, "margin", "is not above 0");
    bool not_gated = word == NOT_GATED_WORD;
    if (not_gated != (metric->why_not != NULL))
        return tg_read_wrong(reader, node, "why_not", "does not go with the verdict");
    metric->verdict = not_gated ? TG_GATE_INCONCLUSIVE : (enum tg_gate_verdict)word;
    return true;
}

static bool read_metrics(struct tg_reader *reader, struct tg_node node, struct tg_tested_gate *gate)
{
    const cJSON *array, *item;
    if (!tg_need_array(reader, node, "metrics", &array, &gate->metric_count))
        return false;
    if (gate->metric_count > MOST_METRICS)
        return tg_read_wrong(reader, node, "metrics", "has too many elements");
    gate->metrics = tg_arena_array(reader->arena, gate->metric_count, sizeof *gate->metrics);
    size_t number = 0;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node inner = tg_read_element(reader, node, "metrics", item, number);
        if (!read_metric(reader, inner, &gate->metrics[number++]))
            return false;
    }
    return true;
}

static bool read_what(struct tg_reader *reader, struct tg_node node, struct tg_tested_gate *gate)
{
    struct tg_node host;
    int64_t format;
    return tg_need_int(reader, node, "format", FORMAT, FORMAT, &format) &&
           tg_need_text(reader, node, "tool", &gate->tool) &&
           tg_need_object(reader, node, "host", &host) &&
           tg_need_text(reader, host, "fingerprint", &gate->host) &&
           tg_need_text(reader, host, "line", &gate->host_line) &&
           tg_need_text(reader, node, "scenario", &gate->scenario) &&
           tg_need_text(reader, node, "scenario_hash", &gate->scenario_hash) &&
           tg_need_text(reader, node, "phase", &gate->phase) &&
           tg_need_amount(reader, node, "budget_ns", &gate->budget_ns) &&
           tg_need_text_or_null(reader, node, "effect", &gate->effect) &&
           tg_need_text_or_null(reader, node, "op", &gate->op) &&
           tg_need_amount(reader, node, "started_unix_ms", &gate->started_unix_ms);
}

static bool read_outcome(struct tg_reader *reader, struct tg_node node, struct tg_tested_gate *gate)
{
    int64_t exit_code;
    unsigned verdict;
    if (!tg_need_amount(reader, node, "elapsed_ns", &gate->elapsed_ns) ||
        !tg_need_amount(reader, node, "used_ns", &gate->used_ns) ||
        !tg_need_int(reader, node, "exit_code", 0, 4, &exit_code) ||
        !tg_need_word(reader, node, "verdict", verdicts, NOT_GATED_WORD, &verdict) ||
        !tg_need_text(reader, node, "meaning", &gate->meaning) ||
        !tg_need_amount(reader, node, "launches", &gate->launches) ||
        !tg_need_amount(reader, node, "fresh_launches", &gate->fresh_launches) ||
        !tg_need_amount(reader, node, "slice_ns", &gate->slice_ns) ||
        !tg_need_amount(reader, node, "pairs", &gate->pairs) ||
        !tg_need_int(reader, node, "pairs_dropped", 0, gate->pairs, &gate->pairs_dropped))
        return false;
    if ((gate->effect == NULL) != (gate->op == NULL))
        return tg_read_wrong(reader, node, "op", "does not go with the effect");
    gate->exit_code = (int)exit_code;
    gate->verdict = (enum tg_gate_verdict)verdict;
    return true;
}

/* One line, from *at on, which is moved behind it. */
static bool read_line(const char *path, const char **at, size_t number, struct tg_arena *arena,
                      struct tg_tested_gate *gate, struct tg_diags *diags)
{
    size_t length = strcspn(*at, "\n");
    struct tg_diags problems = {0};
    struct tg_reader reader = {.arena = arena, .diags = &problems, .path = path};
    cJSON *json = tg_json_parse(*at, length, path, &problems);
    struct tg_node node = {.json = json, .where = ""};
    bool good = (*at)[length] == '\n' && json && read_what(&reader, node, gate) &&
                read_outcome(&reader, node, gate) && read_metrics(&reader, node, gate);
    if (!good)
        tg_diag_hint(
            tg_diag_error(diags, (struct tg_place){.path = path, .line = (int)number},
                          "not a record of a self-test: %s",
                          problems.count > 0 ? problems.items[0].message : "the line has no end"),
            "remove the line; the others can be used");
    tg_diags_free(&problems);
    cJSON_Delete(json);
    *at += length + ((*at)[length] == '\n');
    return good;
}

enum tg_status tg_tested_read(const char *path, struct tg_arena *arena,
                              struct tg_tested_gate **gates, size_t *count, struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, LIMIT_BYTES, &text, diags);
    const char *start = tg_text_string(&text);
    size_t lines = 0;
    for (const char *at = start; *at; at += *at == '\n') {
        lines++;
        at += strcspn(at, "\n");
    }
    *gates = tg_arena_array(arena, lines, sizeof **gates);
    *count = 0;
    const char *at = start;
    while (status == TG_OK && *count < lines) {
        if (read_line(path, &at, *count + 1, arena, &(*gates)[*count], diags))
            ++*count;
        else
            status = TG_INVALID;
    }
    tg_text_free(&text);
    return status;
}
