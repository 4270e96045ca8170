#include "baselines/result_json.h"

#include <math.h>
#include <stdlib.h>

#include "baselines/json_writer.h"
#include "common/text.h"
#include "common/units.h"
#include "runner/histogram/codec.h"

const char *const tg_metric_words[] = {
    [TG_METRIC_PERCENTILE] = "percentile",
    [TG_METRIC_MEAN] = "mean",
    [TG_METRIC_MIN] = "min",
    [TG_METRIC_MAX] = "max",
    [TG_METRIC_RATE] = "rate",
    [TG_METRIC_COUNT] = "count",
    [TG_METRIC_ERRORS] = "errors",
    [TG_METRIC_ERROR_RATE] = "error_rate",
    [TG_METRIC_RETRIES] = "retries",
    [TG_METRIC_ELAPSED] = "elapsed",
    [TG_METRIC_RSS] = "rss",
    [TG_METRIC_CPU] = "cpu",
};
const char *const tg_compare_words[] = {
    [TG_LESS] = "<",           [TG_LESS_EQUAL] = "<=", [TG_GREATER] = ">",
    [TG_GREATER_EQUAL] = ">=", [TG_EQUAL] = "==",
};
const char *const tg_target_status_words[] = {
    [TG_TARGET_MET] = "met",
    [TG_TARGET_MISSED] = "missed",
    [TG_TARGET_NO_DATA] = "no_data",
};
const char *const tg_arrival_words[] = {
    [TG_ARRIVAL_CONSTANT] = "constant",
    [TG_ARRIVAL_POISSON] = "poisson",
};
const char *const tg_verdict_words[] = {
    [TG_VERDICT_PASS] = "pass",
    [TG_VERDICT_FAIL] = "fail",
    [TG_VERDICT_INVALID] = "invalid",
};

const char *tg_verdict_name(enum tg_verdict verdict)
{
    return tg_verdict_words[verdict];
}

static void add_strings(cJSON *object, const char *key, const char *const *items, size_t count)
{
    cJSON *array = tg_json_add(object, key, tg_json_array());
    for (size_t i = 0; i < count; i++)
        tg_json_push(array, cJSON_CreateString(items[i]));
}

static void add_histogram(cJSON *object, const char *key, const struct tg_hdr *hdr)
{
    static const struct {
        const char *key;
        double percentile;
    } percentiles[] = {
        {"p50_ns", 50},
        {"p95_ns", 95},
        {"p99_ns", 99},
        {"p99_9_ns", 99.9},
    };
    if (!hdr) {
        tg_json_add(object, key, cJSON_CreateNull());
        return;
    }
    cJSON *json = tg_json_add(object, key, tg_json_object());
    bool empty = hdr->total == 0;
    tg_json_add_int64(json, "count", hdr->total);
    tg_json_add_int64(json, "out_of_range", hdr->out_of_range);
    tg_put_known(json, "min_ns", empty ? -1 : hdr->min);
    tg_json_add_double(json, "mean_ns", empty ? NAN : tg_hdr_mean(hdr));
    for (size_t i = 0; i < sizeof percentiles / sizeof *percentiles; i++)
        tg_put_known(json, percentiles[i].key,
                     empty ? -1 : tg_hdr_percentile(hdr, percentiles[i].percentile));
    tg_put_known(json, "max_ns", empty ? -1 : hdr->max);
    tg_json_add_double(json, "sum_ns", hdr->sum);
    struct tg_text encoded = {0};
    tg_hdr_encode_base64(hdr, &encoded);
    tg_json_add_string(json, "hdr", tg_text_string(&encoded));
    tg_text_free(&encoded);
}

static cJSON *op_to_json(const struct tg_op_result *op, int64_t elapsed_ns)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "name", op->name);
    tg_json_add_int64(json, "succeeded", op->succeeded);
    tg_json_add_int64(json, "failed", op->failed);
    tg_json_add_int64(json, "retries", op->retries);
    tg_json_add_int64(json, "rows", op->rows);
    tg_json_add_double(
        json, "rate_per_s",
        elapsed_ns > 0 ? (double)op->succeeded / ((double)elapsed_ns / (double)TG_NS_PER_S) : NAN);
    cJSON *errors = tg_json_add(json, "errors", tg_json_array());
    for (size_t i = 0; i < op->error_count; i++) {
        cJSON *error = tg_json_push(errors, tg_json_object());
        tg_json_add_int64(error, "code", op->errors[i].code);
        tg_json_add_string(error, "name", op->errors[i].name);
        tg_json_add_int64(error, "count", op->errors[i].count);
        tg_json_add_string(error, "text", op->errors[i].text);
    }
    add_histogram(json, "service", op->service);
    add_histogram(json, "response", op->response);
    add_histogram(json, "lag", op->lag);
    return json;
}

static void add_intervals(cJSON *json, const struct tg_phase_result *phase)
{
    cJSON *intervals = tg_json_add(json, "intervals", tg_json_array());
    for (size_t i = 0; i < phase->interval_count; i++) {
        const struct tg_phase_interval *interval = &phase->intervals[i];
        cJSON *item = tg_json_push(intervals, tg_json_object());
        tg_json_add_int64(item, "start_ns", interval->start_ns);
        tg_json_add_int64(item, "length_ns", interval->length_ns);
        tg_put_known(item, "steal_ns", interval->steal_ns);
        tg_put_known(item, "hiccup_max_ns", interval->hiccup_max_ns);
    }
}

static cJSON *phase_to_json(const struct tg_phase_result *phase)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "name", phase->name);
    tg_json_add_bool(json, "open_loop", phase->open_loop);
    tg_json_add_double(json, "rate_per_s", phase->open_loop ? phase->rate_per_s : NAN);
    tg_json_add_string(json, "arrival", phase->open_loop ? tg_arrival_words[phase->arrival] : NULL);
    tg_json_add_int64(json, "workers", phase->workers);
    tg_json_add_int64(json, "planned_ns", phase->planned_ns);
    tg_json_add_int64(json, "planned_count", (int64_t)phase->planned_count);
    tg_json_add_int64(json, "warmup_ns", phase->warmup_ns);
    tg_json_add_int64(json, "elapsed_ns", phase->elapsed_ns);
    tg_json_add_bool(json, "interrupted", phase->interrupted);
    tg_json_add_string(json, "invalid", phase->invalid);
    tg_json_add_int64(json, "offered", phase->offered);
    tg_json_add_int64(json, "issued", phase->issued);
    cJSON *ops = tg_json_add(json, "ops", tg_json_array());
    for (size_t i = 0; i < phase->op_count; i++)
        tg_json_push(ops, op_to_json(&phase->ops[i], phase->elapsed_ns));
    add_histogram(json, "busy_lag", phase->busy_lag);
    add_histogram(json, "late_lag", phase->late_lag);
    add_histogram(json, "hiccups", phase->hiccups);
    tg_put_known(json, "steal_ns", phase->steal_ns);
    tg_put_known(json, "cpu_pressure_ns", phase->cpu_pressure_ns);
    tg_put_known(json, "io_pressure_ns", phase->io_pressure_ns);
    tg_json_add_int64(json, "cpu_user_ns", phase->cpu_user_ns);
    tg_json_add_int64(json, "cpu_system_ns", phase->cpu_system_ns);
    tg_json_add_int64(json, "rss_peak_bytes", phase->rss_peak_bytes);
    tg_json_add_int64(json, "files_bytes", phase->files_bytes);
    tg_json_add_int64(json, "files_peak_bytes", phase->files_peak_bytes);
    tg_put_known(json, "log_peak_bytes", phase->log_peak_bytes);
    tg_put_known(json, "harness_ns", phase->harness_ns);
    tg_put_named_values(json, "counters", phase->counters, phase->counter_count);
    add_intervals(json, phase);
    tg_json_add_string(json, "interval_log",
                       phase->interval_log_file ? phase->interval_log_file : "");
    return json;
}

static void add_targets(cJSON *json, const struct tg_result *result)
{
    cJSON *targets = tg_json_add(json, "targets", tg_json_array());
    for (size_t i = 0; i < result->target_count; i++) {
        const struct tg_target_result *target = &result->targets[i];
        cJSON *item = tg_json_push(targets, tg_json_object());
        tg_json_add_string(item, "key", target->key);
        tg_json_add_string(item, "phase", target->phase);
        tg_json_add_string(item, "text", target->text);
        tg_json_add_string(item, "metric", tg_metric_words[target->metric]);
        tg_json_add_string(item, "compare", tg_compare_words[target->compare]);
        tg_json_add_double(item, "limit", target->limit);
        tg_json_add_double(item, "value", target->value);
        tg_json_add_double(item, "ratio", target->ratio);
        tg_json_add_string(item, "status", tg_target_status_words[target->status]);
    }
}

static void add_scenario(cJSON *json, const struct tg_result *result)
{
    cJSON *scenario = tg_json_add(json, "scenario", tg_json_object());
    tg_json_add_string(scenario, "name", result->scenario);
    tg_json_add_string(scenario, "path", result->scenario_path);
    tg_json_add_string(scenario, "hash", result->scenario_hash);
    tg_put_seed(scenario, result->seed);
    tg_json_add_string(scenario, "stream_fingerprint", result->stream_fingerprint);
    add_strings(scenario, "overrides", result->overrides, result->override_count);
}

static void add_engine(cJSON *json, const struct tg_result *result)
{
    cJSON *engine = tg_json_add(json, "engine", tg_json_object());
    tg_json_add_string(engine, "kind", result->engine_kind);
    tg_put_named_values(engine, "facts", result->facts, result->fact_count);
    cJSON *settings = tg_json_add(engine, "settings", tg_json_array());
    for (size_t i = 0; i < result->setting_count; i++) {
        cJSON *item = tg_json_push(settings, tg_json_object());
        tg_json_add_string(item, "name", result->settings[i].name);
        tg_json_add_string(item, "requested", result->settings[i].requested);
        tg_json_add_string(item, "actual", result->settings[i].actual);
    }
}

static void add_dataset(cJSON *json, const struct tg_result *result)
{
    cJSON *dataset = tg_json_add(json, "dataset", tg_json_object());
    tg_json_add_string(dataset, "hash", result->dataset_hash);
    tg_json_add_bool(dataset, "cached", result->dataset_cached);
    tg_json_add_int64(dataset, "build_ns", result->dataset_build_ns);
    tg_json_add_int64(dataset, "size_bytes", result->dataset_bytes);
    cJSON *loads = tg_json_add(dataset, "loads", tg_json_array());
    for (size_t i = 0; i < result->load_count; i++) {
        cJSON *item = tg_json_push(loads, tg_json_object());
        tg_json_add_string(item, "table", result->loads[i].table);
        tg_json_add_int64(item, "rows", (int64_t)result->loads[i].rows);
    }
}

static void add_sweep(cJSON *json, const struct tg_result *result)
{
    const struct tg_sweep_place *place = &result->sweep;
    if (place->planned_count == 0) {
        tg_json_add(json, "sweep", cJSON_CreateNull());
        return;
    }
    cJSON *sweep = tg_json_add(json, "sweep", tg_json_object());
    tg_json_add_string(sweep, "id", place->id ? place->id : result->id);
    tg_json_add_string(sweep, "table", place->table);
    tg_json_add_int64(sweep, "rows", (int64_t)place->rows);
    cJSON *planned = tg_json_add(sweep, "planned", tg_json_array());
    for (size_t i = 0; i < place->planned_count; i++)
        tg_json_push(planned, cJSON_CreateNumber((double)place->planned[i]));
}

static void add_integrity(cJSON *json, const struct tg_result *result)
{
    cJSON *integrity = tg_json_add(json, "integrity", tg_json_object());
    tg_json_add_bool(integrity, "verified", result->verified);
    add_strings(integrity, "violations", result->violations, result->violation_count);
    tg_json_add_string(integrity, "crash", result->crash);
    tg_json_add_int64(integrity, "crash_signal", result->crash_signal);
}

static void add_surroundings(cJSON *json, const struct tg_result *result)
{
    cJSON *clock = tg_json_add(json, "clock", tg_json_object());
    tg_json_add_string(clock, "source", result->clock);
    tg_json_add_int64(clock, "overhead_ps", result->clock_overhead_ps);
    tg_put_git(json, result->git_commit, result->git_dirty);
    cJSON *host = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    tg_json_add(json, "host", host ? host : cJSON_CreateNull());
}

cJSON *tg_result_to_json(const struct tg_result *result)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_RESULT_KIND);
    tg_json_add_int64(json, "format", TG_RESULT_FORMAT);
    tg_json_add_string(json, "tailgate", TG_VERSION);
    tg_json_add_string(json, "id", result->id);
    tg_put_time(json, "started", result->started_unix_ms);
    tg_json_add_int64(json, "total_ns", result->total_ns);
    tg_json_add_string(json, "verdict", tg_verdict_words[result->verdict]);
    tg_json_add_int64(json, "exit_code", tg_verdict_exit_code(result->verdict));
    add_strings(json, "reasons", result->reasons, result->reason_count);
    add_targets(json, result);
    add_strings(json, "left_out", result->left_out, result->left_out_count);
    add_scenario(json, result);
    add_engine(json, result);
    add_dataset(json, result);
    add_sweep(json, result);
    add_integrity(json, result);
    add_surroundings(json, result);
    cJSON *phases = tg_json_add(json, "phases", tg_json_array());
    for (size_t i = 0; i < result->phase_count; i++)
        tg_json_push(phases, phase_to_json(&result->phases[i]));
    tg_json_add(json, "coverage",
                result->has_coverage ? tg_coverage_to_json(&result->coverage) : cJSON_CreateNull());
    return json;
}
