#include <math.h>

#include "baselines/result_json.h"
#include "reports/sweep/sweep_view.h"

/* null where it is not finite: not known, or not bounded. */
static void add_growth(cJSON *object, const char *key, const struct tg_growth *growth)
{
    if (isnan(growth->exponent)) {
        tg_json_add(object, key, cJSON_CreateNull());
        return;
    }
    cJSON *json = tg_json_add(object, key, tg_json_object());
    tg_json_add_int64(json, "sizes", (int64_t)growth->sizes);
    tg_json_add_double(json, "exponent", growth->exponent);
    tg_json_add_double(json, "low", growth->low);
    tg_json_add_double(json, "high", growth->high);
    tg_json_add_double(json, "log_factor", growth->log_factor);
    tg_json_add_double(json, "confidence", growth->confidence);
}

static void add_figures(cJSON *object, const char *key, const double *figures, size_t count)
{
    cJSON *array = tg_json_add(object, key, tg_json_array());
    for (size_t i = 0; i < count; i++)
        tg_json_push(array,
                     isfinite(figures[i]) ? cJSON_CreateNumber(figures[i]) : cJSON_CreateNull());
}

/* An extrapolation beyond what is believed is no number. */
static void add_extrapolated(cJSON *json, const struct tg_sweep_view *sweep,
                             const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    cJSON *item = tg_json_add(json, "extrapolated", tg_json_object());
    tg_json_add_string(item, "degrades", tg_sweep_degrades_words(sweep, limit, arena));
    tg_json_add_double(item, "degrades_rows", tg_sweep_believed_rows(sweep, limit->degrades_rows));
    tg_json_add_double(item, "soonest_rows",
                       tg_sweep_believed_rows(sweep, limit->degrades_soonest_rows));
    tg_json_add_double(item, "farthest_rows",
                       TG_SWEEP_FARTHEST * sweep->rows[sweep->run_count - 1]);
}

static void add_limit(cJSON *limits, const struct tg_sweep_view *sweep,
                      const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    cJSON *json = tg_json_push(limits, tg_json_object());
    tg_json_add_string(json, "key", limit->target->key);
    tg_json_add_string(json, "phase", limit->target->phase);
    tg_json_add_string(json, "text", limit->target->text);
    tg_json_add_double(json, "limit", limit->target->limit);
    tg_json_add_double(json, "capacity_rows", limit->capacity_rows);
    tg_json_add_bool(json, "missed", limit->missed_rows > 0);
    tg_json_add_double(json, "missed_rows", limit->missed_rows > 0 ? limit->missed_rows : NAN);
    add_growth(json, "growth", &limit->growth);
    add_extrapolated(json, sweep, limit, arena);
}

static void add_op(cJSON *ops, const struct tg_sweep_view *sweep, const struct tg_sweep_op *op)
{
    cJSON *json = tg_json_push(ops, tg_json_object());
    tg_json_add_string(json, "phase", op->phase);
    tg_json_add_string(json, "op", op->op);
    tg_json_add_string(json, "latency", op->response ? "response" : "service");
    add_figures(json, "p50_ns", op->p50_ns, sweep->run_count);
    add_figures(json, "p99_ns", op->p99_ns, sweep->run_count);
    add_figures(json, "rate_per_s", op->rate_per_s, sweep->run_count);
    add_growth(json, "p50_growth", &op->p50_growth);
    add_growth(json, "p99_growth", &op->p99_growth);
}

static void add_runs(cJSON *json, const struct tg_sweep_view *sweep)
{
    cJSON *runs = tg_json_add(json, "runs", tg_json_array());
    for (size_t i = 0; i < sweep->run_count; i++) {
        const struct tg_result *run = sweep->runs[i];
        cJSON *item = tg_json_push(runs, tg_json_object());
        tg_json_add_int64(item, "rows", (int64_t)run->sweep.rows);
        tg_json_add_string(item, "result", run->id);
        tg_json_add_string(item, "folder", run->folder);
        tg_json_add_string(item, "verdict", tg_verdict_name(run->verdict));
        tg_json_add_int64(item, "dataset_bytes", run->dataset_bytes);
        tg_json_add_bool(item, "dataset_cached", run->dataset_cached);
        tg_json_add_int64(item, "dataset_build_ns", run->dataset_build_ns);
        tg_json_add_int64(item, "total_ns", run->total_ns);
    }
}

cJSON *tg_sweep_to_json(const struct tg_sweep_view *sweep)
{
    struct tg_arena scratch = {0};
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_SWEEP_KIND);
    tg_json_add_int64(json, "format", TG_SWEEP_FORMAT);
    tg_json_add_string(json, "tailgate", TG_VERSION);
    tg_json_add_string(json, "id", sweep->id);
    tg_json_add_string(json, "scenario", sweep->scenario);
    tg_json_add_string(json, "table", sweep->table);
    tg_json_add_string(json, "verdict", tg_verdict_name(tg_sweep_verdict(sweep)));
    tg_json_add_int64(json, "exit_code", tg_verdict_exit_code(tg_sweep_verdict(sweep)));
    cJSON *planned = tg_json_add(json, "planned", tg_json_array());
    for (size_t i = 0; i < sweep->planned_count; i++)
        tg_json_push(planned, cJSON_CreateNumber((double)sweep->planned[i]));
    add_runs(json, sweep);
    cJSON *ops = tg_json_add(json, "ops", tg_json_array());
    cJSON *targets = tg_json_add(json, "targets", tg_json_array());
    for (size_t i = 0; i < sweep->op_count; i++) {
        add_op(ops, sweep, &sweep->ops[i]);
        for (size_t j = 0; j < sweep->ops[i].limit_count; j++)
            add_limit(targets, sweep, &sweep->ops[i].limits[j], &scratch);
    }
    for (size_t i = 0; i < sweep->other_count; i++)
        add_limit(targets, sweep, &sweep->others[i], &scratch);
    tg_arena_free(&scratch);
    return json;
}
