#include "baselines/comparison_json.h"

#include <math.h>
#include <stdlib.h>

#include "baselines/json_writer.h"

const char *const tg_compared_unit_words[] = {
    [TG_COMPARED_NS] = "ns",
    [TG_COMPARED_PER_S] = "per_s",
    [TG_COMPARED_SHARE] = "share",
};
const char *const tg_direction_words[] = {
    [TG_LOWER_IS_BETTER] = "lower",
    [TG_HIGHER_IS_BETTER] = "higher",
};
const char *const tg_comparison_end_words[] = {
    [TG_END_DECIDED] = "decided", [TG_END_BUDGET] = "budget", [TG_END_INTERRUPTED] = "interrupted",
    [TG_END_CRASHED] = "crashed", [TG_END_KILLED] = "killed", [TG_END_NOT_GATED] = "not_gated",
};
const char *const tg_side_words[] = {[TG_BEFORE] = "before", [TG_AFTER] = "after"};

static void add_scenario(cJSON *json, const struct tg_comparison *comparison)
{
    cJSON *scenario = tg_json_add(json, "scenario", tg_json_object());
    tg_json_add_string(scenario, "name", comparison->scenario);
    tg_json_add_string(scenario, "path", comparison->scenario_path);
    tg_json_add_string(scenario, "phase", comparison->phase);
    tg_json_add_double(scenario, "rate_per_s", comparison->rate_per_s);
    tg_json_add_int64(scenario, "workers", comparison->workers);
    tg_put_seed(scenario, comparison->seed);
    tg_json_add_string(scenario, "stream_fingerprint", comparison->stream_fingerprint);
    tg_json_add_string(scenario, "engine", comparison->engine_kind);
}

static void add_side(cJSON *json, const char *key, const struct tg_compared_side *side)
{
    cJSON *item = tg_json_add(json, key, tg_json_object());
    tg_json_add_string(item, "label", side->label);
    tg_json_add_string(item, "bundle", side->bundle);
    if (side->commit)
        tg_json_add_string(item, "commit", side->commit);
    tg_json_add_string(item, "scenario_hash", side->scenario_hash);
    cJSON *overrides = tg_json_add(item, "overrides", tg_json_array());
    for (size_t i = 0; i < side->override_count; i++)
        tg_json_push(overrides, cJSON_CreateString(side->overrides[i]));
    tg_put_named_values(item, "facts", side->facts, side->fact_count);
}

static void add_plan(cJSON *json, const struct tg_comparison *comparison)
{
    cJSON *plan = tg_json_add(json, "plan", tg_json_object());
    tg_json_add_int64(plan, "budget_ns", comparison->budget_ns);
    tg_json_add_int64(plan, "pairs", comparison->pairs);
    tg_json_add_int64(plan, "slice_ns", comparison->slice_ns);
    tg_json_add_int64(plan, "open_pairs", comparison->open_pairs);
    tg_json_add_int64(plan, "open_slice_ns", comparison->open_slice_ns);
}

static void add_end(cJSON *json, const struct tg_comparison *comparison)
{
    bool died = comparison->end == TG_END_CRASHED || comparison->end == TG_END_KILLED;
    cJSON *end = tg_json_add(json, "end", tg_json_object());
    tg_json_add_string(end, "how", tg_comparison_end_words[comparison->end]);
    tg_json_add_string(end, "failed_side", died ? tg_side_words[comparison->failed_side] : NULL);
    tg_json_add_string(end, "crash", died ? comparison->crash : NULL);
}

static void add_metric(cJSON *metrics, const struct tg_compared_metric *metric, size_t launches)
{
    cJSON *item = tg_json_push(metrics, tg_json_object());
    tg_json_add_string(item, "name", metric->name);
    tg_json_add_string(item, "unit", tg_compared_unit_words[metric->unit]);
    tg_json_add_string(item, "better", tg_direction_words[metric->direction]);
    tg_json_add_bool(item, "open_loop", metric->open_loop);
    tg_json_add_bool(item, "pooled_only", metric->pooled_only);
    tg_json_add_double(item, "margin", metric->margin);
    tg_json_add_string(item, "why_not", metric->why_not);
    cJSON *values = tg_json_add(item, "values", tg_json_array());
    for (size_t i = 0; i < launches; i++) {
        cJSON *value = tg_json_push(values, tg_json_object());
        tg_json_add_double(value, "before", metric->values[i].pooled[TG_BEFORE]);
        tg_json_add_double(value, "after", metric->values[i].pooled[TG_AFTER]);
        tg_json_add_double(value, "typical", metric->values[i].typical);
    }
}

static void add_op(cJSON *ops, const struct tg_compared_op *op, size_t launches)
{
    cJSON *item = tg_json_push(ops, tg_json_object());
    tg_json_add_string(item, "name", op->name);
    if (!isnan(op->weight))
        tg_json_add_double(item, "weight", op->weight);
    cJSON *values = tg_json_add(item, "values", tg_json_array());
    for (size_t i = 0; i < launches; i++) {
        cJSON *value = tg_json_push(values, tg_json_object());
        tg_json_add_double(value, "before_ns", op->values[i].mean_ns[TG_BEFORE]);
        tg_json_add_double(value, "after_ns", op->values[i].mean_ns[TG_AFTER]);
        tg_json_add_int64(value, "before_count", op->values[i].operations[TG_BEFORE]);
        tg_json_add_int64(value, "after_count", op->values[i].operations[TG_AFTER]);
    }
}

static void add_launches(cJSON *json, const struct tg_comparison *comparison)
{
    cJSON *launches = tg_json_add(json, "launches", tg_json_array());
    for (size_t i = 0; i < comparison->launch_count; i++) {
        const struct tg_compared_launch *launch = &comparison->launches[i];
        cJSON *item = tg_json_push(launches, tg_json_object());
        tg_json_add_int64(item, "operations_before", launch->operations[TG_BEFORE]);
        tg_json_add_int64(item, "operations_after", launch->operations[TG_AFTER]);
        tg_json_add_int64(item, "failed_before", launch->failed[TG_BEFORE]);
        tg_json_add_int64(item, "failed_after", launch->failed[TG_AFTER]);
        tg_json_add_int64(item, "pairs", launch->pairs);
        tg_json_add_int64(item, "pairs_dropped", launch->pairs_dropped);
        tg_put_known(item, "steal_ns", launch->steal_ns);
        if (launch->yardstick_ns > 0)
            tg_json_add_int64(item, "yardstick_ns", launch->yardstick_ns);
    }
}

static cJSON *copy_of(const cJSON *host)
{
    if (!host)
        return cJSON_CreateNull();
    cJSON *copy = cJSON_Duplicate(host, true);
    if (!copy)
        abort();
    return copy;
}

cJSON *tg_comparison_to_json(const struct tg_comparison *comparison)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_COMPARISON_KIND);
    tg_json_add_int64(json, "format", TG_COMPARISON_FORMAT);
    tg_json_add_string(json, "tailgate", TG_VERSION);
    tg_json_add_string(json, "id", comparison->id);
    tg_json_add_string(json, "task", comparison->task);
    tg_json_add_bool(json, "competitive", comparison->competitive);
    tg_put_time(json, "started", comparison->started_unix_ms);
    tg_json_add_int64(json, "elapsed_ns", comparison->elapsed_ns);
    add_end(json, comparison);
    add_scenario(json, comparison);
    add_side(json, "before", &comparison->sides[TG_BEFORE]);
    add_side(json, "after", &comparison->sides[TG_AFTER]);
    tg_put_git(json, comparison->git_commit, comparison->git_dirty);
    tg_json_add(json, "host", copy_of(comparison->host));
    add_plan(json, comparison);
    cJSON *metrics = tg_json_add(json, "metrics", tg_json_array());
    for (size_t i = 0; i < comparison->metric_count; i++)
        add_metric(metrics, &comparison->metrics[i], comparison->launch_count);
    cJSON *ops = tg_json_add(json, "ops", tg_json_array());
    for (size_t i = 0; i < comparison->op_count; i++)
        add_op(ops, &comparison->ops[i], comparison->launch_count);
    add_launches(json, comparison);
    return json;
}
