#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/json_reader.h"
#include "baselines/result_json.h"
#include "runner/histogram/codec.h"

/* Bounds on what a document may make us allocate, and on counts, so that those of a whole document
 * can be added up; far beyond what a run produces. */
enum { MOST_HISTOGRAMS = 20000, LARGEST_HISTOGRAM_BYTES = 1 << 20, MOST_WORKERS = 1 << 20 };
static const int64_t MOST_OPERATIONS = INT64_C(1) << 48;

/* ---- histograms ---- */

/* The encoding keeps buckets; the exact smallest and largest value and the sum stand beside it and
 * have to agree with the buckets. */
static bool restore_exact(struct tg_reader *reader, struct tg_node node, struct tg_hdr *hdr)
{
    int64_t count;
    int64_t least;
    int64_t most;
    if (!tg_need_int(reader, node, "count", 0, MOST_OPERATIONS, &count) ||
        !tg_need_int(reader, node, "out_of_range", 0, MOST_OPERATIONS, &hdr->out_of_range))
        return false;
    if (count != hdr->total)
        return tg_read_wrong(reader, node, "count", "differs from what the histogram holds");
    if (count == 0)
        return true;
    double sum;
    if (!tg_need_amount(reader, node, "min_ns", &least) ||
        !tg_need_amount(reader, node, "max_ns", &most) ||
        !tg_need_double(reader, node, "sum_ns", &sum))
        return false;
    if (least > most || tg_hdr_index(hdr, least) != tg_hdr_index(hdr, hdr->min) ||
        tg_hdr_index(hdr, most) != tg_hdr_index(hdr, hdr->max))
        return tg_read_wrong(reader, node, "",
                             "has a smallest or largest value that is not in its buckets");
    /* Sums are rounded, so they may stray a little. */
    double slack = 1 + 1e-6;
    if (!(sum * slack >= (double)least * (double)count &&
          sum <= (double)most * (double)count * slack))
        return tg_read_wrong(reader, node, "sum_ns", "cannot be the sum of the values");
    hdr->min = least;
    hdr->max = most;
    hdr->sum = sum;
    return true;
}

static bool need_histogram(struct tg_reader *reader, struct tg_node node, const char *key,
                           bool required, struct tg_hdr **out)
{
    if (!required && tg_read_null(node, key))
        return true;
    struct tg_node at;
    const char *encoded;
    if (!tg_need_object(reader, node, key, &at))
        return false;
    const char *dot = *node.where ? "." : "";
    at.where = tg_arena_format(reader->arena, "%s%s%s", node.where, dot, key);
    if (!tg_json_get_string(at.json, "hdr", &encoded))
        return tg_read_wrong(reader, at, "hdr", "is missing or is not a text");
    if (++reader->histograms > MOST_HISTOGRAMS)
        return tg_read_wrong(reader, at, "", "is one histogram too many for a result");
    struct tg_hdr *hdr = NULL;
    if (tg_hdr_decode_base64(encoded, strlen(encoded), (struct tg_place){.path = reader->path},
                             &hdr, reader->diags) != TG_OK)
        return tg_read_wrong(reader, at, "hdr", "does not decode");
    *out = hdr; /* owned by the result from here on, whatever is found wrong with it */
    if (tg_hdr_size(&hdr->config) > LARGEST_HISTOGRAM_BYTES)
        return tg_read_wrong(reader, at, "hdr",
                             "has a range and precision beyond those of a result");
    return restore_exact(reader, at, hdr);
}

/* ---- phases ---- */

static bool read_errors(struct tg_reader *reader, struct tg_node node, struct tg_op_result *op)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, node, "errors", &array, &count))
        return false;
    op->errors = tg_arena_array(reader->arena, count, sizeof *op->errors);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_error_count *error = &op->errors[op->error_count];
        struct tg_node at = tg_read_element(reader, node, "errors", item, op->error_count++);
        int64_t code;
        if (!tg_need_int(reader, at, "code", INT32_MIN, INT32_MAX, &code) ||
            !tg_need_text(reader, at, "name", &error->name) ||
            !tg_need_amount(reader, at, "count", &error->count) ||
            !tg_need_text(reader, at, "text", &error->text))
            return false;
        error->code = (int)code;
    }
    return true;
}

static bool read_op(struct tg_reader *reader, struct tg_node node, bool open_loop,
                    struct tg_op_result *op)
{
    return tg_need_text(reader, node, "name", &op->name) &&
           tg_need_int(reader, node, "succeeded", 0, MOST_OPERATIONS, &op->succeeded) &&
           tg_need_int(reader, node, "failed", 0, MOST_OPERATIONS, &op->failed) &&
           tg_need_int(reader, node, "retries", 0, MOST_OPERATIONS, &op->retries) &&
           tg_need_amount(reader, node, "rows", &op->rows) && read_errors(reader, node, op) &&
           need_histogram(reader, node, "service", true, &op->service) &&
           need_histogram(reader, node, "response", open_loop, &op->response) &&
           need_histogram(reader, node, "lag", open_loop, &op->lag);
}

static bool read_ops(struct tg_reader *reader, struct tg_node node, struct tg_phase_result *phase)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, node, "ops", &array, &count))
        return false;
    phase->ops = tg_arena_array(reader->arena, count, sizeof *phase->ops);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at = tg_read_element(reader, node, "ops", item, phase->op_count);
        if (!read_op(reader, at, phase->open_loop, &phase->ops[phase->op_count++]))
            return false;
    }
    return true;
}

static bool read_intervals(struct tg_reader *reader, struct tg_node node,
                           struct tg_phase_result *phase)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, node, "intervals", &array, &count))
        return false;
    phase->intervals = tg_arena_array(reader->arena, count, sizeof *phase->intervals);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_phase_interval *interval = &phase->intervals[phase->interval_count];
        struct tg_node at =
            tg_read_element(reader, node, "intervals", item, phase->interval_count++);
        if (!tg_need_amount(reader, at, "start_ns", &interval->start_ns) ||
            !tg_need_amount(reader, at, "length_ns", &interval->length_ns) ||
            !tg_need_known(reader, at, "steal_ns", &interval->steal_ns) ||
            !tg_need_known(reader, at, "hiccup_max_ns", &interval->hiccup_max_ns))
            return false;
    }
    return true;
}

static bool read_schedule(struct tg_reader *reader, struct tg_node node,
                          struct tg_phase_result *phase)
{
    int64_t workers;
    int64_t planned_count;
    if (!tg_need_text(reader, node, "name", &phase->name) ||
        !tg_need_bool(reader, node, "open_loop", &phase->open_loop) ||
        !tg_need_int(reader, node, "workers", 1, MOST_WORKERS, &workers) ||
        !tg_need_amount(reader, node, "planned_ns", &phase->planned_ns) ||
        !tg_need_amount(reader, node, "planned_count", &planned_count) ||
        !tg_need_amount(reader, node, "warmup_ns", &phase->warmup_ns) ||
        !tg_need_amount(reader, node, "elapsed_ns", &phase->elapsed_ns) ||
        !tg_need_bool(reader, node, "interrupted", &phase->interrupted) ||
        !tg_need_text_or_null(reader, node, "invalid", &phase->invalid) ||
        !tg_need_amount(reader, node, "offered", &phase->offered) ||
        !tg_need_amount(reader, node, "issued", &phase->issued))
        return false;
    phase->workers = (uint32_t)workers;
    phase->planned_count = (uint64_t)planned_count;
    if (!phase->open_loop)
        return tg_read_null(node, "arrival") ||
               tg_read_wrong(reader, node, "arrival", "has to be null in a closed loop");
    unsigned arrival;
    if (!tg_need_double(reader, node, "rate_per_s", &phase->rate_per_s) ||
        !tg_need_word(reader, node, "arrival", TG_WORDS(tg_arrival_words), &arrival))
        return false;
    phase->arrival = (enum tg_arrival)arrival;
    return phase->rate_per_s > 0 || tg_read_wrong(reader, node, "rate_per_s", "has to be above 0");
}

/* The name has to stay inside the result's folder. */
static bool read_interval_log(struct tg_reader *reader, struct tg_node node,
                              struct tg_phase_result *phase)
{
    if (!tg_need_text(reader, node, "interval_log", &phase->interval_log_file))
        return false;
    if (strchr(phase->interval_log_file, '/'))
        return tg_read_wrong(reader, node, "interval_log", "has to be a plain file name");
    return true;
}

static bool read_phase(struct tg_reader *reader, struct tg_node node, struct tg_phase_result *phase)
{
    return read_schedule(reader, node, phase) && read_ops(reader, node, phase) &&
           need_histogram(reader, node, "busy_lag", phase->open_loop, &phase->busy_lag) &&
           need_histogram(reader, node, "late_lag", phase->open_loop, &phase->late_lag) &&
           need_histogram(reader, node, "hiccups", true, &phase->hiccups) &&
           tg_need_known(reader, node, "steal_ns", &phase->steal_ns) &&
           tg_need_known(reader, node, "cpu_pressure_ns", &phase->cpu_pressure_ns) &&
           tg_need_known(reader, node, "io_pressure_ns", &phase->io_pressure_ns) &&
           tg_need_amount(reader, node, "cpu_user_ns", &phase->cpu_user_ns) &&
           tg_need_amount(reader, node, "cpu_system_ns", &phase->cpu_system_ns) &&
           tg_need_amount(reader, node, "rss_peak_bytes", &phase->rss_peak_bytes) &&
           tg_need_amount(reader, node, "files_bytes", &phase->files_bytes) &&
           tg_need_amount(reader, node, "files_peak_bytes", &phase->files_peak_bytes) &&
           tg_may_know(reader, node, "log_peak_bytes", &phase->log_peak_bytes) &&
           tg_need_known(reader, node, "harness_ns", &phase->harness_ns) &&
           tg_need_named_values(reader, node, "counters", &phase->counters,
                                &phase->counter_count) &&
           read_intervals(reader, node, phase) && read_interval_log(reader, node, phase);
}

static bool read_phases(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, root, "phases", &array, &count))
        return false;
    result->phases = tg_arena_array(reader->arena, count, sizeof *result->phases);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at = tg_read_element(reader, root, "phases", item, result->phase_count);
        /* Counted first: tg_result_free then finds what a half-read phase owns. */
        if (!read_phase(reader, at, &result->phases[result->phase_count++]))
            return false;
    }
    return true;
}

/* ---- the rest of the document ---- */

static bool read_target(struct tg_reader *reader, struct tg_node node,
                        struct tg_target_result *target)
{
    unsigned metric;
    unsigned compare;
    unsigned status;
    if (!tg_need_text(reader, node, "key", &target->key) ||
        !tg_need_text(reader, node, "phase", &target->phase) ||
        !tg_need_text(reader, node, "text", &target->text) ||
        !tg_need_word(reader, node, "metric", TG_WORDS(tg_metric_words), &metric) ||
        !tg_need_word(reader, node, "compare", TG_WORDS(tg_compare_words), &compare) ||
        !tg_need_word(reader, node, "status", TG_WORDS(tg_target_status_words), &status) ||
        !tg_need_double(reader, node, "limit", &target->limit) ||
        !tg_need_double(reader, node, "value", &target->value))
        return false;
    target->metric = (enum tg_metric_kind)metric;
    target->compare = (enum tg_compare)compare;
    target->status = (enum tg_target_status)status;
    /* JSON has no infinity, so the ratio is made again rather than read. */
    target->ratio = tg_target_ratio(target->compare, target->value, target->limit);
    return true;
}

static bool read_targets(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, root, "targets", &array, &count))
        return false;
    result->targets = tg_arena_array(reader->arena, count, sizeof *result->targets);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at = tg_read_element(reader, root, "targets", item, result->target_count);
        if (!read_target(reader, at, &result->targets[result->target_count++]))
            return false;
    }
    return true;
}

/* Earlier versions do not have it. */
static bool read_left_out(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    return !tg_json_get(root.json, "left_out") || tg_read_null(root, "left_out") ||
           tg_need_strings(reader, root, "left_out", &result->left_out, &result->left_out_count);
}

static bool read_verdict(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    unsigned verdict;
    if (!tg_need_word(reader, root, "verdict", TG_WORDS(tg_verdict_words), &verdict))
        return false;
    result->verdict = (enum tg_verdict)verdict;
    return tg_need_strings(reader, root, "reasons", &result->reasons, &result->reason_count) &&
           read_left_out(reader, root, result) &&
           tg_need_text_or_null(reader, root, "id", &result->id) &&
           tg_need_amount(reader, root, "started_unix_ms", &result->started_unix_ms) &&
           tg_need_amount(reader, root, "total_ns", &result->total_ns);
}

static bool read_scenario(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    struct tg_node at;
    return tg_need_object(reader, root, "scenario", &at) &&
           tg_need_text(reader, at, "name", &result->scenario) &&
           tg_need_text(reader, at, "path", &result->scenario_path) &&
           tg_need_text(reader, at, "hash", &result->scenario_hash) &&
           tg_need_seed(reader, at, &result->seed) &&
           tg_need_text(reader, at, "stream_fingerprint", &result->stream_fingerprint) &&
           tg_need_strings(reader, at, "overrides", &result->overrides, &result->override_count);
}

static bool read_engine(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    struct tg_node at;
    const cJSON *array;
    size_t count;
    if (!tg_need_object(reader, root, "engine", &at) ||
        !tg_need_text(reader, at, "kind", &result->engine_kind) ||
        !tg_need_named_values(reader, at, "facts", &result->facts, &result->fact_count) ||
        !tg_need_array(reader, at, "settings", &array, &count))
        return false;
    result->settings = tg_arena_array(reader->arena, count, sizeof *result->settings);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_setting_state *setting = &result->settings[result->setting_count];
        struct tg_node here =
            tg_read_element(reader, at, "settings", item, result->setting_count++);
        if (!tg_need_text(reader, here, "name", &setting->name) ||
            !tg_need_text_or_null(reader, here, "requested", &setting->requested) ||
            !tg_need_text(reader, here, "actual", &setting->actual))
            return false;
    }
    return true;
}

static bool read_dataset(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    struct tg_node at;
    const cJSON *array;
    size_t count;
    if (!tg_need_object(reader, root, "dataset", &at) ||
        !tg_need_text(reader, at, "hash", &result->dataset_hash) ||
        !tg_need_bool(reader, at, "cached", &result->dataset_cached) ||
        !tg_need_amount(reader, at, "build_ns", &result->dataset_build_ns) ||
        !tg_need_amount(reader, at, "size_bytes", &result->dataset_bytes) ||
        !tg_need_array(reader, at, "loads", &array, &count))
        return false;
    result->loads = tg_arena_array(reader->arena, count, sizeof *result->loads);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_load_result *load = &result->loads[result->load_count];
        struct tg_node here = tg_read_element(reader, at, "loads", item, result->load_count++);
        int64_t rows;
        if (!tg_need_text(reader, here, "table", &load->table) ||
            !tg_need_amount(reader, here, "rows", &rows))
            return false;
        load->rows = (uint64_t)rows;
    }
    return true;
}

static bool read_planned(struct tg_reader *reader, struct tg_node at, struct tg_sweep_place *place)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, at, "planned", &array, &count))
        return false;
    uint64_t *planned = tg_arena_array(reader->arena, count, sizeof *planned);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        bool good = cJSON_IsNumber(item) && item->valuedouble >= 1 &&
                    item->valuedouble <= (double)TG_MOST_ROWS;
        if (!good)
            return tg_read_wrong(reader, at, "planned", "holds something that is no size");
        planned[place->planned_count++] = (uint64_t)item->valuedouble;
    }
    place->planned = planned;
    return count > 0 || tg_read_wrong(reader, at, "planned", "is empty");
}

/* Results that were stored before there were sweeps lack the key. */
static bool read_sweep(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    struct tg_sweep_place *place = &result->sweep;
    struct tg_node at;
    int64_t rows;
    if (!tg_json_get(root.json, "sweep") || tg_read_null(root, "sweep"))
        return true;
    if (!tg_need_object(reader, root, "sweep", &at) ||
        !tg_need_text_or_null(reader, at, "id", &place->id) ||
        !tg_need_text(reader, at, "table", &place->table) ||
        !tg_need_int(reader, at, "rows", 1, TG_MOST_ROWS, &rows))
        return false;
    place->rows = (uint64_t)rows;
    return read_planned(reader, at, place);
}

static bool read_integrity(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    struct tg_node at;
    int64_t signal_number;
    if (!tg_need_object(reader, root, "integrity", &at) ||
        !tg_need_bool(reader, at, "verified", &result->verified) ||
        !tg_need_strings(reader, at, "violations", &result->violations, &result->violation_count) ||
        !tg_need_text_or_null(reader, at, "crash", &result->crash) ||
        !tg_need_int(reader, at, "crash_signal", 0, 1000, &signal_number))
        return false;
    result->crash_signal = (int)signal_number;
    return true;
}

static bool read_surroundings(struct tg_reader *reader, struct tg_node root,
                              struct tg_result *result)
{
    struct tg_node at;
    if (!tg_need_object(reader, root, "clock", &at) ||
        !tg_need_text(reader, at, "source", &result->clock) ||
        !tg_need_amount(reader, at, "overhead_ps", &result->clock_overhead_ps))
        return false;
    if (!tg_need_git(reader, root, &result->git_commit, &result->git_dirty))
        return false;
    if (tg_read_null(root, "host"))
        return true;
    if (!tg_need_object(reader, root, "host", &at))
        return false;
    char *host = cJSON_PrintUnformatted(at.json);
    if (!host)
        abort();
    result->host_json = tg_arena_strdup(reader->arena, host);
    cJSON_free(host);
    return true;
}

static bool read_coverage(struct tg_reader *reader, struct tg_node root, struct tg_result *result)
{
    if (tg_read_null(root, "coverage"))
        return true;
    result->has_coverage =
        tg_coverage_from_json(tg_json_get(root.json, "coverage"), reader->arena, &result->coverage);
    return result->has_coverage ||
           tg_read_wrong(reader, root, "coverage", "is missing or is damaged");
}

static bool read_document(struct tg_reader *reader, const cJSON *json, struct tg_result *result)
{
    struct tg_node root = {json, ""};
    return tg_need_kind(reader, root, TG_RESULT_KIND, "result", TG_RESULT_FORMAT) &&
           read_verdict(reader, root, result) && read_targets(reader, root, result) &&
           read_scenario(reader, root, result) && read_engine(reader, root, result) &&
           read_dataset(reader, root, result) && read_sweep(reader, root, result) &&
           read_integrity(reader, root, result) && read_surroundings(reader, root, result) &&
           read_phases(reader, root, result) && read_coverage(reader, root, result);
}

enum tg_status tg_result_parse(const char *text, size_t length, const char *path,
                               struct tg_result **result, struct tg_diags *diags)
{
    cJSON *json = tg_json_parse(text, length, path, diags);
    if (!json)
        return TG_INVALID;
    struct tg_result *read = tg_result_new();
    struct tg_reader reader = {.arena = &read->arena, .diags = diags, .path = path};
    bool ok = read_document(&reader, json, read);
    cJSON_Delete(json);
    if (!ok) {
        tg_result_free(read);
        return TG_INVALID;
    }
    *result = read;
    return TG_OK;
}
