#include "reports/gate/gate_json.h"

#include "baselines/comparison_json.h"
#include "reports/gate/gate_words.h"

static void add_strings(cJSON *object, const char *key, const char *const *items, size_t count)
{
    cJSON *array = tg_json_add(object, key, tg_json_array());
    for (size_t i = 0; i < count; i++)
        tg_json_push(array, cJSON_CreateString(items[i]));
}

static void add_side(cJSON *json, const char *key, const char *label,
                     const struct tg_compared_side *side)
{
    cJSON *object = tg_json_add(json, key, tg_json_object());
    tg_json_add_string(object, "label", label);
    tg_json_add_string(object, "bundle", side->bundle);
    tg_json_add_string(object, "commit", side->commit);
    tg_json_add_string(object, "scenario_hash", side->scenario_hash);
    add_strings(object, "overrides", side->overrides, side->override_count);
    cJSON *facts = tg_json_add(object, "facts", tg_json_array());
    for (size_t i = 0; i < side->fact_count; i++) {
        cJSON *fact = tg_json_push(facts, tg_json_object());
        tg_json_add_string(fact, "name", side->facts[i].name);
        tg_json_add_string(fact, "value", side->facts[i].value);
    }
}

static void add_change(cJSON *object, const struct tg_gate_change *change)
{
    tg_json_add_double(object, "change", change->change);
    tg_json_add_double(object, "low", change->low);
    tg_json_add_double(object, "high", change->high);
}

static void add_metric(cJSON *array, const struct tg_gate_row *row)
{
    cJSON *metric = tg_json_push(array, tg_json_object());
    tg_json_add_string(metric, "name", row->metric);
    tg_json_add_string(metric, "unit", tg_compared_unit_words[row->unit]);
    tg_json_add_double(metric, "before", row->before);
    tg_json_add_double(metric, "after", row->after);
    add_change(metric, &row->pooled);
    add_change(tg_json_add(metric, "typical", tg_json_object()), &row->typical);
    tg_json_add_double(metric, "margin", row->margin);
    tg_json_add_string(metric, "verdict", row->verdict);
    tg_json_add_string(metric, "note", row->note);
    tg_json_add_double(metric, "detectable", row->detectable);
    tg_json_add_double(metric, "provable", row->provable);
    tg_json_add_double(metric, "launches_needed", row->launches_needed);
}

static void add_moved(cJSON *array, const struct tg_gate_moved *moved)
{
    cJSON *op = tg_json_push(array, tg_json_object());
    tg_json_add_string(op, "name", moved->name);
    tg_json_add_double(op, "before_ns", moved->before_ns);
    tg_json_add_double(op, "after_ns", moved->after_ns);
    add_change(op, &moved->change);
    tg_json_add_double(op, "mix_share", moved->mix_share);
    tg_json_add_double(op, "lost_share", moved->lost_share);
}

static void add_crash(cJSON *json, const struct tg_gate_view *gate)
{
    if (!gate->crash) {
        tg_json_add(json, "crash", cJSON_CreateNull());
        return;
    }
    cJSON *crash = tg_json_add(json, "crash", tg_json_object());
    tg_json_add_string(crash, "side", tg_side_words[gate->failed_side]);
    tg_json_add_string(crash, "how", gate->crash);
}

static void add_figures(cJSON *json, const struct tg_gate_view *gate)
{
    tg_json_add_int64(json, "launches", (int64_t)gate->launches);
    tg_json_add_int64(json, "fresh_launches", (int64_t)gate->fresh_launches);
    tg_json_add_int64(json, "pairs", gate->pairs_seen);
    tg_json_add_int64(json, "pairs_dropped", gate->pairs_dropped);
    tg_json_add_int64(json, "pairs_per_launch", gate->pairs);
    tg_json_add_int64(json, "slice_ns", gate->slice_ns);
    if (gate->open_slice_ns > 0) {
        tg_json_add_int64(json, "open_pairs_per_launch", gate->open_pairs);
        tg_json_add_int64(json, "open_slice_ns", gate->open_slice_ns);
    } else {
        tg_json_add(json, "open_pairs_per_launch", cJSON_CreateNull());
        tg_json_add(json, "open_slice_ns", cJSON_CreateNull());
    }
    if (gate->steal_ns >= 0)
        tg_json_add_int64(json, "steal_ns", gate->steal_ns);
    else
        tg_json_add(json, "steal_ns", cJSON_CreateNull());
    tg_json_add_double(json, "steal_share", gate->steal_share);
    tg_json_add_int64(json, "elapsed_ns", gate->elapsed_ns);
    tg_json_add_int64(json, "budget_ns", gate->budget_ns);
}

cJSON *tg_gate_to_json(const struct tg_gate_view *gate)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_VERDICT_KIND);
    tg_json_add_int64(json, "format", TG_VERDICT_FORMAT);
    tg_json_add_string(json, "id", gate->id);
    tg_json_add_int64(json, "started_unix_ms", gate->started_unix_ms);
    tg_json_add_string(json, "task", gate->task);
    tg_json_add_bool(json, "competitive", gate->competitive);
    tg_json_add_string(json, "scenario", gate->scenario);
    tg_json_add_string(json, "scenario_path", gate->scenario_path);
    tg_json_add_string(json, "phase", gate->phase);
    tg_json_add_string(json, "engine", gate->engine_kind);
    add_side(json, "before", gate->before, &gate->sides[TG_BEFORE]);
    add_side(json, "after", gate->after, &gate->sides[TG_AFTER]);
    tg_json_add_string(json, "verdict", tg_gate_verdict_word(gate));
    tg_json_add_int64(json, "exit_code", gate->exit_code);
    tg_json_add_string(json, "meaning", gate->meaning);
    tg_json_add_string(json, "baseline", gate->baseline);
    if (gate->yardstick)
        add_change(tg_json_add(json, "yardstick", tg_json_object()), &gate->yardstick_change);
    else
        tg_json_add(json, "yardstick", cJSON_CreateNull());
    tg_json_add_string(json, "end", tg_comparison_end_words[gate->end]);
    add_crash(json, gate);
    cJSON *metrics = tg_json_add(json, "metrics", tg_json_array());
    for (size_t i = 0; i < gate->row_count; i++)
        add_metric(metrics, &gate->rows[i]);
    cJSON *errors = tg_json_add(json, "errors", tg_json_object());
    tg_json_add_int64(errors, "before", gate->failed_before);
    tg_json_add_int64(errors, "after", gate->failed_after);
    tg_json_add_int64(errors, "operations_before", gate->operations_before);
    tg_json_add_int64(errors, "operations_after", gate->operations_after);
    tg_json_add_bool(errors, "more", gate->fails_more);
    add_figures(json, gate);
    cJSON *moved = tg_json_add(json, "moved", tg_json_array());
    for (size_t i = 0; i < gate->moved_count; i++)
        add_moved(moved, &gate->moved[i]);
    add_strings(json, "positions", gate->positions, gate->position_count);
    add_strings(json, "details", gate->details, gate->detail_count);
    return json;
}
