#include <math.h>
#include <stdlib.h>

#include "baselines/comparison_json.h"
#include "baselines/json_reader.h"

/* Bounds on what a document may hold, far beyond what a gate measures: so that it can be judged in
 * a moment, and that counts of all its launches can be added up. */
enum { MOST_LAUNCHES = 4096, MOST_METRICS = 1000, MOST_OPS = 10000, MOST_WORKERS = 1 << 20 };
static const int64_t MOST_OF_A_LAUNCH = INT64_C(1) << 50; /* operations, or nanoseconds */
/* Of nanoseconds, operations per second or a share; fits into 64 bits. */
static const double LARGEST_VALUE = 9e18;
/* That of the largest double to 1 is 710. */
static const double LARGEST_LOG_CHANGE = 700;

/* ---- numbers ---- */

/* From `lowest` to `highest`; null, for "none", gives NaN. */
static bool need_value(struct tg_reader *reader, struct tg_node node, const char *key,
                       double lowest, double highest, double *out)
{
    if (!tg_need_double(reader, node, key, out))
        return false;
    return isnan(*out) || (*out >= lowest && *out <= highest) ||
           tg_read_wrong(reader, node, key, "is out of range");
}

static bool need_count(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out)
{
    return tg_need_int(reader, node, key, 0, MOST_OF_A_LAUNCH, out);
}

static bool need_uint32(struct tg_reader *reader, struct tg_node node, const char *key,
                        int64_t lowest, int64_t highest, uint32_t *out)
{
    int64_t value;
    if (!tg_need_int(reader, node, key, lowest, highest, &value))
        return false;
    *out = (uint32_t)value;
    return true;
}

/* An array of at most `most` elements. */
static bool need_list(struct tg_reader *reader, struct tg_node node, const char *key, size_t most,
                      const cJSON **array, size_t *count)
{
    return tg_need_array(reader, node, key, array, count) &&
           (*count <= most || tg_read_wrong(reader, node, key, "has too many elements"));
}

/* The array "values" of a metric or an operation: one element per launch. */
static bool need_values(struct tg_reader *reader, struct tg_node node, size_t launches,
                        const cJSON **array)
{
    size_t count;
    return tg_need_array(reader, node, "values", array, &count) &&
           (count == launches ||
            tg_read_wrong(reader, node, "values", "has not one element per launch"));
}

/* ---- launches ---- */

/* Baselines have it, those of earlier versions do not. */
static bool read_yardstick(struct tg_reader *reader, struct tg_node node,
                           struct tg_compared_launch *launch)
{
    launch->yardstick_ns = 0;
    return !tg_json_get(node.json, "yardstick_ns") || tg_read_null(node, "yardstick_ns") ||
           tg_need_int(reader, node, "yardstick_ns", 1, MOST_OF_A_LAUNCH, &launch->yardstick_ns);
}

static bool read_launch(struct tg_reader *reader, struct tg_node node,
                        struct tg_compared_launch *launch)
{
    if (!need_count(reader, node, "operations_before", &launch->operations[TG_BEFORE]) ||
        !need_count(reader, node, "operations_after", &launch->operations[TG_AFTER]) ||
        !need_count(reader, node, "failed_before", &launch->failed[TG_BEFORE]) ||
        !need_count(reader, node, "failed_after", &launch->failed[TG_AFTER]) ||
        !need_count(reader, node, "pairs", &launch->pairs) ||
        !need_count(reader, node, "pairs_dropped", &launch->pairs_dropped) ||
        !tg_need_known(reader, node, "steal_ns", &launch->steal_ns) ||
        !read_yardstick(reader, node, launch))
        return false;
    if (launch->failed[TG_BEFORE] > launch->operations[TG_BEFORE])
        return tg_read_wrong(reader, node, "failed_before", "is more than were tried");
    if (launch->failed[TG_AFTER] > launch->operations[TG_AFTER])
        return tg_read_wrong(reader, node, "failed_after", "is more than were tried");
    if (launch->pairs_dropped > launch->pairs)
        return tg_read_wrong(reader, node, "pairs_dropped", "is more than there were");
    return launch->steal_ns <= MOST_OF_A_LAUNCH ||
           tg_read_wrong(reader, node, "steal_ns", "is out of range");
}

static bool read_launches(struct tg_reader *reader, struct tg_node root,
                          struct tg_comparison *comparison)
{
    const cJSON *array;
    size_t count;
    if (!need_list(reader, root, "launches", MOST_LAUNCHES, &array, &count))
        return false;
    comparison->launches = tg_arena_array(reader->arena, count, sizeof *comparison->launches);
    comparison->launch_room = count;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at =
            tg_read_element(reader, root, "launches", item, comparison->launch_count);
        if (!read_launch(reader, at, &comparison->launches[comparison->launch_count++]))
            return false;
    }
    return true;
}

/* ---- metrics ---- */

static bool read_metric_values(struct tg_reader *reader, struct tg_node node, size_t launches,
                               struct tg_compared_metric *metric)
{
    const cJSON *array;
    if (!need_values(reader, node, launches, &array))
        return false;
    metric->values = tg_arena_array(reader->arena, launches, sizeof *metric->values);
    size_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_compared_value *value = &metric->values[i];
        struct tg_node at = tg_read_element(reader, node, "values", item, i++);
        if (!need_value(reader, at, "before", 0, LARGEST_VALUE, &value->pooled[TG_BEFORE]) ||
            !need_value(reader, at, "after", 0, LARGEST_VALUE, &value->pooled[TG_AFTER]) ||
            !need_value(reader, at, "typical", -LARGEST_LOG_CHANGE, LARGEST_LOG_CHANGE,
                        &value->typical))
            return false;
    }
    return true;
}

static bool read_metric(struct tg_reader *reader, struct tg_node node, size_t launches,
                        struct tg_compared_metric *metric)
{
    unsigned unit;
    unsigned direction;
    if (!tg_need_text(reader, node, "name", &metric->name) ||
        !tg_need_word(reader, node, "unit", TG_WORDS(tg_compared_unit_words), &unit) ||
        !tg_need_word(reader, node, "better", TG_WORDS(tg_direction_words), &direction) ||
        !tg_need_bool(reader, node, "open_loop", &metric->open_loop) ||
        !tg_need_bool(reader, node, "pooled_only", &metric->pooled_only) ||
        !tg_need_double(reader, node, "margin", &metric->margin) ||
        !tg_need_text_or_null(reader, node, "why_not", &metric->why_not))
        return false;
    metric->unit = (enum tg_compared_unit)unit;
    metric->direction = (enum tg_direction)direction;
    if (!(metric->margin > 0 && metric->margin <= LARGEST_VALUE))
        return tg_read_wrong(reader, node, "margin", "has to be above 0");
    return read_metric_values(reader, node, launches, metric);
}

static bool read_metrics(struct tg_reader *reader, struct tg_node root,
                         struct tg_comparison *comparison)
{
    const cJSON *array;
    size_t count;
    if (!need_list(reader, root, "metrics", MOST_METRICS, &array, &count))
        return false;
    comparison->metrics = tg_arena_array(reader->arena, count, sizeof *comparison->metrics);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at =
            tg_read_element(reader, root, "metrics", item, comparison->metric_count);
        if (!read_metric(reader, at, comparison->launch_count,
                         &comparison->metrics[comparison->metric_count++]))
            return false;
    }
    return true;
}

/* ---- operations ---- */

/* Earlier versions do not have it. */
static bool read_weight(struct tg_reader *reader, struct tg_node node, struct tg_compared_op *op)
{
    op->weight = NAN;
    return !tg_json_get(node.json, "weight") ||
           need_value(reader, node, "weight", 0, LARGEST_VALUE, &op->weight);
}

static bool read_op(struct tg_reader *reader, struct tg_node node, size_t launches,
                    struct tg_compared_op *op)
{
    const cJSON *array;
    if (!tg_need_text(reader, node, "name", &op->name) || !read_weight(reader, node, op) ||
        !need_values(reader, node, launches, &array))
        return false;
    op->values = tg_arena_array(reader->arena, launches, sizeof *op->values);
    size_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_compared_op_value *value = &op->values[i];
        struct tg_node at = tg_read_element(reader, node, "values", item, i++);
        if (!need_value(reader, at, "before_ns", 0, LARGEST_VALUE, &value->mean_ns[TG_BEFORE]) ||
            !need_value(reader, at, "after_ns", 0, LARGEST_VALUE, &value->mean_ns[TG_AFTER]) ||
            !need_count(reader, at, "before_count", &value->operations[TG_BEFORE]) ||
            !need_count(reader, at, "after_count", &value->operations[TG_AFTER]))
            return false;
    }
    return true;
}

static bool read_ops(struct tg_reader *reader, struct tg_node root,
                     struct tg_comparison *comparison)
{
    const cJSON *array;
    size_t count;
    if (!need_list(reader, root, "ops", MOST_OPS, &array, &count))
        return false;
    comparison->ops = tg_arena_array(reader->arena, count, sizeof *comparison->ops);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at = tg_read_element(reader, root, "ops", item, comparison->op_count);
        if (!read_op(reader, at, comparison->launch_count,
                     &comparison->ops[comparison->op_count++]))
            return false;
    }
    return true;
}

/* ---- the rest of the document ---- */

static bool read_scenario(struct tg_reader *reader, struct tg_node root,
                          struct tg_comparison *comparison)
{
    struct tg_node at;
    if (!tg_need_object(reader, root, "scenario", &at) ||
        !tg_need_text(reader, at, "name", &comparison->scenario) ||
        !tg_need_text(reader, at, "path", &comparison->scenario_path) ||
        !tg_need_text(reader, at, "phase", &comparison->phase) ||
        !tg_need_double(reader, at, "rate_per_s", &comparison->rate_per_s) ||
        !need_uint32(reader, at, "workers", 1, MOST_WORKERS, &comparison->workers) ||
        !tg_need_seed(reader, at, &comparison->seed) ||
        !tg_need_text(reader, at, "stream_fingerprint", &comparison->stream_fingerprint) ||
        !tg_need_text(reader, at, "engine", &comparison->engine_kind))
        return false;
    return (comparison->rate_per_s >= 0 && comparison->rate_per_s <= LARGEST_VALUE) ||
           tg_read_wrong(reader, at, "rate_per_s", "is out of range");
}

static bool read_side(struct tg_reader *reader, struct tg_node root, const char *key,
                      struct tg_compared_side *side)
{
    struct tg_node at;
    const char **overrides;
    if (!tg_need_object(reader, root, key, &at) ||
        !tg_need_strings(reader, at, "overrides", &overrides, &side->override_count))
        return false;
    side->overrides = overrides;
    return tg_need_text(reader, at, "label", &side->label) &&
           tg_need_text_or_null(reader, at, "bundle", &side->bundle) &&
           (!tg_json_get(at.json, "commit") ||
            tg_need_text_or_null(reader, at, "commit", &side->commit)) &&
           tg_need_text(reader, at, "scenario_hash", &side->scenario_hash) &&
           tg_need_named_values(reader, at, "facts", &side->facts, &side->fact_count);
}

static bool read_plan(struct tg_reader *reader, struct tg_node root,
                      struct tg_comparison *comparison)
{
    struct tg_node at;
    if (!tg_need_object(reader, root, "plan", &at) ||
        !tg_need_amount(reader, at, "budget_ns", &comparison->budget_ns) ||
        !need_uint32(reader, at, "pairs", 0, UINT32_MAX, &comparison->pairs) ||
        !tg_need_amount(reader, at, "slice_ns", &comparison->slice_ns) ||
        !tg_need_amount(reader, at, "open_slice_ns", &comparison->open_slice_ns))
        return false;
    /* Earlier versions did as many at the rate as in closed loop, and did not say so. */
    comparison->open_pairs = comparison->open_slice_ns > 0 ? comparison->pairs : 0;
    return !tg_json_get(at.json, "open_pairs") ||
           need_uint32(reader, at, "open_pairs", 0, UINT32_MAX, &comparison->open_pairs);
}

static bool read_end(struct tg_reader *reader, struct tg_node root,
                     struct tg_comparison *comparison)
{
    struct tg_node at;
    unsigned how;
    unsigned side;
    if (!tg_need_object(reader, root, "end", &at) ||
        !tg_need_word(reader, at, "how", TG_WORDS(tg_comparison_end_words), &how))
        return false;
    comparison->end = (enum tg_comparison_end)how;
    if (comparison->end != TG_END_CRASHED && comparison->end != TG_END_KILLED) {
        const char *extra = !tg_read_null(at, "failed_side") ? "failed_side" : "crash";
        return tg_read_null(at, extra) ||
               tg_read_wrong(reader, at, extra, "has to be null where no store died");
    }
    if (!tg_need_word(reader, at, "failed_side", TG_WORDS(tg_side_words), &side) ||
        !tg_need_text(reader, at, "crash", &comparison->crash))
        return false;
    comparison->failed_side = (enum tg_side)side;
    return true;
}

static bool read_host(struct tg_reader *reader, struct tg_node root,
                      struct tg_comparison *comparison)
{
    struct tg_node at;
    if (tg_read_null(root, "host"))
        return true;
    if (!tg_need_object(reader, root, "host", &at))
        return false;
    comparison->host = cJSON_Duplicate(at.json, true);
    if (!comparison->host)
        abort();
    return true;
}

static bool read_head(struct tg_reader *reader, struct tg_node root,
                      struct tg_comparison *comparison)
{
    return tg_need_kind(reader, root, TG_COMPARISON_KIND, "comparison", TG_COMPARISON_FORMAT) &&
           tg_need_text_or_null(reader, root, "id", &comparison->id) &&
           tg_need_text_or_null(reader, root, "task", &comparison->task) &&
           tg_need_bool(reader, root, "competitive", &comparison->competitive) &&
           tg_need_amount(reader, root, "started_unix_ms", &comparison->started_unix_ms) &&
           tg_need_amount(reader, root, "elapsed_ns", &comparison->elapsed_ns) &&
           read_end(reader, root, comparison);
}

static bool read_document(struct tg_reader *reader, const cJSON *json,
                          struct tg_comparison *comparison)
{
    struct tg_node root = {json, ""};
    return read_head(reader, root, comparison) && read_scenario(reader, root, comparison) &&
           read_side(reader, root, "before", &comparison->sides[TG_BEFORE]) &&
           read_side(reader, root, "after", &comparison->sides[TG_AFTER]) &&
           tg_need_git(reader, root, &comparison->git_commit, &comparison->git_dirty) &&
           read_host(reader, root, comparison) && read_plan(reader, root, comparison) &&
           read_launches(reader, root, comparison) && read_metrics(reader, root, comparison) &&
           read_ops(reader, root, comparison);
}

enum tg_status tg_comparison_parse(const char *text, size_t length, const char *path,
                                   struct tg_comparison **comparison, struct tg_diags *diags)
{
    cJSON *json = tg_json_parse(text, length, path, diags);
    if (!json)
        return TG_INVALID;
    struct tg_comparison *read = tg_comparison_new();
    struct tg_reader reader = {.arena = &read->arena, .diags = diags, .path = path};
    bool ok = read_document(&reader, json, read);
    cJSON_Delete(json);
    if (!ok) {
        tg_comparison_free(read);
        return TG_INVALID;
    }
    *comparison = read;
    return TG_OK;
}
