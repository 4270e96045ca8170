/* The summary as JSON. Every number has its unit in its key, every figure the label of its source.
 */
#include "reports/milestone/summary.h"

#include <math.h>
#include <stdlib.h>

#include "baselines/result_json.h"
#include "common/json.h"
#include "reports/gate/gate_json.h"
#include "reports/milestone/facts.h"
#include "reports/milestone/model.h"

static void add_null(cJSON *object, const char *key)
{
    tg_json_add(object, key, cJSON_CreateNull());
}

static void add_source(const struct tg_milestone *milestone, cJSON *object, size_t source)
{
    tg_json_add_string(object, "source", milestone->sources[source].label);
}

static void add_texts(cJSON *object, const char *key, const char *const *items, size_t count)
{
    cJSON *array = tg_json_add(object, key, tg_json_array());
    for (size_t i = 0; i < count; i++)
        tg_json_push(array, cJSON_CreateString(items[i]));
}

/* ---- what it is, and what was decided ---- */

static void add_sources(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "sources", tg_json_array());
    for (size_t i = 0; i < milestone->source_count; i++) {
        const struct tg_milestone_source *source = &milestone->sources[i];
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "label", source->label);
        tg_json_add_string(item, "id", source->id);
        tg_json_add_string(item, "what", source->what);
    }
}

static void add_criteria(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "criteria", tg_json_array());
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "name", criterion->name);
        tg_json_add_double(item, "weight", criterion->weight);
        tg_json_add_bool(item, "must", criterion->must);
        tg_json_add_bool(item, "implied", criterion->implied);
        tg_json_add_string(item, "status", tg_criterion_status_name(criterion->status));
        tg_json_add_double(item, "share", criterion->share);
        tg_json_add_string(item, "asked", criterion->asked);
        tg_json_add_string(item, "evidence", criterion->evidence);
    }
}

static void add_decision(cJSON *json, const struct tg_milestone *milestone)
{
    tg_json_add_string(json, "status", tg_decision_name(milestone->decision));
    tg_json_add_string(json, "reason", milestone->reason);
    tg_json_add_int64(json, "exit_code", milestone->exit_code);
    add_texts(json, "conditions", milestone->conditions, milestone->condition_count);
    tg_json_add_double(json, "score", milestone->score);
    tg_json_add_string(json, "score_formula", milestone->score_formula);
    tg_json_add_double(json, "approve_at", milestone->approve_at);
    tg_json_add_string(json, "confidence", milestone->confidence);
}

/* ---- figures ---- */

static void add_rows(cJSON *benchmarks, const char *key, const struct tg_milestone *milestone,
                     const struct tg_milestone_row *rows, size_t count)
{
    cJSON *array = tg_json_add(benchmarks, key, tg_json_array());
    for (size_t i = 0; i < count; i++) {
        const struct tg_milestone_row *row = &rows[i];
        cJSON *item = tg_json_push(array, tg_json_object());
        add_source(milestone, item, row->source);
        tg_json_add_string(item, "phase", row->phase->name);
        tg_json_add_string(item, "operation", row->op);
        tg_json_add_int64(item, "workers", row->phase->workers);
        tg_json_add_string(item, "time", row->response ? "response" : "service");
        tg_json_add_double(item, "p50_ns", row->p50_ns);
        tg_json_add_double(item, "p95_ns", row->p95_ns);
        tg_json_add_double(item, "p99_ns", row->p99_ns);
        tg_json_add_double(item, "rate_per_s", row->rate_per_s);
        tg_json_add_string(item, "target", row->target ? row->target->text : NULL);
        tg_json_add_string(item, "doubt", row->doubt);
    }
}

static void add_benchmarks(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *benchmarks = tg_json_add(json, "benchmarks", tg_json_object());
    add_rows(benchmarks, "latency", milestone, milestone->latencies, milestone->latency_count);
    add_rows(benchmarks, "throughput", milestone, milestone->throughputs,
             milestone->throughput_count);
    add_rows(benchmarks, "concurrency", milestone, milestone->concurrency,
             milestone->concurrency_count);
}

/* The unit of a target's limit and value: the end of their keys. */
static const char *unit_of(const struct tg_target_result *target)
{
    switch (target->metric) {
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
    case TG_METRIC_ELAPSED:
        return "ns";
    case TG_METRIC_RATE:
        return "per_s";
    case TG_METRIC_RSS:
        return "bytes";
    case TG_METRIC_ERROR_RATE:
    case TG_METRIC_STALLS:
        return "share";
    case TG_METRIC_CPU:
        return "cpus";
    case TG_METRIC_COUNT:
    case TG_METRIC_ERRORS:
    case TG_METRIC_RETRIES:
        break;
    }
    return "count";
}

static void add_with_unit(cJSON *object, const char *name, const char *unit, double value)
{
    char *key = tg_format("%s_%s", name, unit);
    tg_json_add_double(object, key, value);
    free(key);
}

static void add_targets(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "targets", tg_json_array());
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        for (size_t k = 0; k < result->target_count; k++) {
            const struct tg_target_result *target = &result->targets[k];
            cJSON *item = tg_json_push(array, tg_json_object());
            add_source(milestone, item, milestone->runs[i].source);
            tg_json_add_string(item, "key", target->key);
            tg_json_add_string(item, "text", target->text);
            tg_json_add_string(item, "compare", tg_compare_words[target->compare]);
            add_with_unit(item, "limit", unit_of(target), target->limit);
            add_with_unit(item, "value", unit_of(target), target->value);
            tg_json_add_double(item, "ratio", target->ratio);
            tg_json_add_string(item, "status", tg_target_status_words[target->status]);
            tg_json_add_string(item, "doubt",
                               tg_target_doubt(result, tg_target_phase(result, target), target));
        }
    }
}

static void add_before_after(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "before_after", tg_json_array());
    for (size_t i = 0; i < milestone->comparison_count; i++) {
        cJSON *item = tg_json_push(array, tg_json_object());
        add_source(milestone, item, milestone->comparisons[i].source);
        const struct tg_milestone_comparison *comparison = &milestone->comparisons[i];
        tg_json_add(item, "verdict",
                    comparison->task ? tg_compare_to_json(comparison->task)
                                     : tg_gate_to_json(comparison->gate));
    }
}

static void add_index_usage(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "index_usage", tg_json_array());
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        if (!result->has_coverage)
            continue;
        struct tg_plan_counts counts = tg_count_plans(&result->coverage);
        cJSON *item = tg_json_push(array, tg_json_object());
        add_source(milestone, item, milestone->runs[i].source);
        tg_json_add_int64(item, "statements", (int64_t)(counts.planned + counts.tableless));
        tg_json_add_int64(item, "tableless", (int64_t)counts.tableless);
        tg_json_add_int64(item, "by_search", (int64_t)counts.by_search);
        tg_json_add_double(item, "by_search_share",
                           counts.planned ? (double)counts.by_search / (double)counts.planned
                                          : NAN);
        tg_json_add_int64(item, "index_scans", (int64_t)counts.index_scans);
        tg_json_add_int64(item, "automatic_indexes", (int64_t)counts.automatic);
        tg_json_add_int64(item, "table_scans", (int64_t)counts.table_scans);
        tg_json_add_int64(item, "sorts", (int64_t)counts.sorts);
        tg_json_add_int64(item, "indexes", (int64_t)counts.indexes);
        cJSON *unused = tg_json_add(item, "unused_indexes", tg_json_array());
        for (size_t k = 0; k < result->coverage.index_count; k++) {
            const struct tg_coverage_index *index = &result->coverage.indexes[k];
            if (index->users == 0 && !index->info.automatic)
                tg_json_push(unused, cJSON_CreateString(index->info.name));
        }
    }
}

/* ---- sizes ---- */

static void add_growth(cJSON *object, const char *key, const struct tg_growth *growth)
{
    cJSON *item = tg_json_add(object, key, tg_json_object());
    tg_json_add_double(item, "exponent", growth->exponent);
    tg_json_add_double(item, "low", growth->low);
    tg_json_add_double(item, "high", growth->high);
    tg_json_add_double(item, "confidence_share", growth->confidence);
    tg_json_add_int64(item, "sizes", (int64_t)growth->sizes);
}

static void add_words(cJSON *object, const char *key, const char *words)
{
    tg_json_add_string(object, key, *words ? words : NULL);
}

static void add_limit(cJSON *limits, const struct tg_sweep_view *view,
                      const struct tg_sweep_limit *limit)
{
    struct tg_arena scratch = {0};
    cJSON *json = tg_json_push(limits, tg_json_object());
    tg_json_add_string(json, "text", limit->target->text);
    tg_json_add_double(json, "capacity_rows", limit->capacity_rows);
    tg_json_add_bool(json, "missed", limit->missed_rows > 0);
    tg_json_add_double(json, "missed_rows", limit->missed_rows > 0 ? limit->missed_rows : NAN);
    add_words(json, "extrapolated_degrades", tg_sweep_degrades_words(view, limit, &scratch));
    add_words(json, "extrapolated_soonest", tg_sweep_soonest_words(view, limit, &scratch));
    tg_json_add_double(json, "extrapolated_degrades_rows",
                       tg_sweep_believed_rows(view, limit->degrades_rows));
    tg_json_add_double(json, "extrapolated_soonest_rows",
                       tg_sweep_believed_rows(view, limit->degrades_soonest_rows));
    tg_arena_free(&scratch);
}

static void add_op_limits(cJSON *array, const struct tg_milestone *milestone,
                          const struct tg_milestone_sweep *sweep, const struct tg_sweep_op *op)
{
    cJSON *item = tg_json_push(array, tg_json_object());
    add_source(milestone, item, sweep->source);
    tg_json_add_string(item, "phase", op->phase);
    tg_json_add_string(item, "operation", op->op);
    tg_json_add_string(item, "time", op->response ? "response" : "service");
    add_growth(item, "p50_growth", &op->p50_growth);
    add_growth(item, "p99_growth", &op->p99_growth);
    cJSON *limits = tg_json_add(item, "targets", tg_json_array());
    for (size_t i = 0; i < op->limit_count; i++)
        add_limit(limits, &sweep->view, &op->limits[i]);
}

/* Rates, errors, whole phases: those of the phase of the other limit `first`, which is its first
 * one. */
static void add_phase_limits(cJSON *array, const struct tg_milestone *milestone,
                             const struct tg_milestone_sweep *sweep, size_t first)
{
    const struct tg_sweep_view *view = &sweep->view;
    const char *phase = view->others[first].target->phase;
    cJSON *item = tg_json_push(array, tg_json_object());
    add_source(milestone, item, sweep->source);
    tg_json_add_string(item, "phase", phase);
    add_null(item, "operation");
    add_null(item, "time");
    add_null(item, "p50_growth");
    add_null(item, "p99_growth");
    cJSON *limits = tg_json_add(item, "targets", tg_json_array());
    for (size_t i = first; i < view->other_count; i++)
        if (strcmp(view->others[i].target->phase, phase) == 0)
            add_limit(limits, view, &view->others[i]);
}

static bool is_first_of_phase(const struct tg_sweep_view *view, size_t other)
{
    for (size_t i = 0; i < other; i++)
        if (strcmp(view->others[i].target->phase, view->others[other].target->phase) == 0)
            return false;
    return true;
}

static void add_scale_limits(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "scale_limits", tg_json_array());
    for (size_t i = 0; i < milestone->sweep_count; i++) {
        const struct tg_milestone_sweep *sweep = &milestone->sweeps[i];
        for (size_t k = 0; k < sweep->view.op_count; k++)
            add_op_limits(array, milestone, sweep, &sweep->view.ops[k]);
        for (size_t k = 0; k < sweep->view.other_count; k++)
            if (is_first_of_phase(&sweep->view, k))
                add_phase_limits(array, milestone, sweep, k);
    }
}

/* ---- what it was measured with ---- */

static void add_settings(cJSON *item, const struct tg_result *result)
{
    cJSON *settings = tg_json_add(item, "settings", tg_json_array());
    for (size_t i = 0; i < result->setting_count; i++) {
        cJSON *setting = tg_json_push(settings, tg_json_object());
        tg_json_add_string(setting, "name", result->settings[i].name);
        tg_json_add_string(setting, "requested", result->settings[i].requested);
        tg_json_add_string(setting, "actual", result->settings[i].actual);
    }
}

static void add_configuration(cJSON *json, const struct tg_milestone *milestone)
{
    cJSON *array = tg_json_add(json, "configuration", tg_json_array());
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_result *result = milestone->runs[i].result;
        cJSON *item = tg_json_push(array, tg_json_object());
        add_source(milestone, item, milestone->runs[i].source);
        tg_json_add_string(item, "scenario", result->scenario);
        tg_json_add_string(item, "scenario_path", result->scenario_path);
        tg_json_add_string(item, "scenario_hash", result->scenario_hash);
        tg_json_add_string(item, "stream_fingerprint", result->stream_fingerprint);
        tg_json_add_string(item, "verdict", tg_verdict_name(result->verdict));
        tg_json_add_string(item, "engine", result->engine_kind);
        cJSON *facts = tg_json_add(item, "facts", tg_json_object());
        for (size_t k = 0; k < result->fact_count; k++)
            tg_json_add_string(facts, result->facts[k].name, result->facts[k].value);
        add_settings(item, result);
        cJSON *loads = tg_json_add(item, "tables", tg_json_array());
        for (size_t k = 0; k < result->load_count; k++) {
            cJSON *load = tg_json_push(loads, tg_json_object());
            tg_json_add_string(load, "name", result->loads[k].table);
            tg_json_add_int64(load, "rows", (int64_t)result->loads[k].rows);
        }
        tg_json_add_bool(item, "integrity_checked", result->verified);
        add_texts(item, "integrity_violations", result->violations, result->violation_count);
    }
}

/* ---- inputs ---- */

static void add_suite(cJSON *item, const struct tg_milestone_suite *suite)
{
    tg_json_add_int64(item, "tests", suite->tests);
    tg_json_add_int64(item, "failed", suite->failed);
    tg_json_add_int64(item, "errors", suite->errors);
    tg_json_add_int64(item, "skipped", suite->skipped);
    tg_json_add_double(item, "elapsed_s", suite->seconds);
}

static void add_tests(cJSON *json, const struct tg_milestone *milestone)
{
    const struct tg_milestone_tests *tests = &milestone->tests;
    if (!tests->given) {
        add_null(json, "tests");
        return;
    }
    cJSON *item = tg_json_add(json, "tests", tg_json_object());
    add_source(milestone, item, tests->source);
    add_suite(item, &tests->sum);
    cJSON *suites = tg_json_add(item, "suites", tg_json_array());
    for (size_t i = 0; i < tests->suite_count; i++) {
        cJSON *suite = tg_json_push(suites, tg_json_object());
        tg_json_add_string(suite, "name", tests->suites[i].name);
        add_suite(suite, &tests->suites[i]);
    }
    add_texts(item, "failures", tests->failures, tests->failure_count);
}

static void add_code_coverage(cJSON *json, const struct tg_milestone *milestone)
{
    const struct tg_milestone_code_coverage *coverage = &milestone->code_coverage;
    if (!coverage->given) {
        add_null(json, "code_coverage");
        return;
    }
    cJSON *item = tg_json_add(json, "code_coverage", tg_json_object());
    add_source(milestone, item, coverage->source);
    if (coverage->lines > 0) {
        tg_json_add_int64(item, "lines", coverage->lines);
        tg_json_add_int64(item, "lines_covered", coverage->lines_covered);
    }
    tg_json_add_double(item, "line_share", coverage->line_rate);
    tg_json_add_double(item, "branch_share", coverage->branch_rate);
}

/* ---- the rest ---- */

static void add_advice(cJSON *json, const char *key, const struct tg_milestone_advice *advice,
                       size_t count, bool with_priority)
{
    cJSON *array = tg_json_add(json, key, tg_json_array());
    for (size_t i = 0; i < count; i++) {
        cJSON *item = tg_json_push(array, tg_json_object());
        if (with_priority)
            tg_json_add_string(item, "priority", advice[i].priority);
        tg_json_add_string(item, "text", advice[i].text);
        if (with_priority)
            tg_json_add_bool(item, "by_tool", advice[i].by_tool);
    }
}

static void add_notes(cJSON *json, const char *key, const struct tg_milestone_notes *notes)
{
    cJSON *array = tg_json_add(json, key, tg_json_array());
    for (size_t i = 0; i < notes->count; i++) {
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "title", notes->items[i].title);
        tg_json_add_string(item, "text", notes->items[i].text);
    }
}

void tg_milestone_summary(const struct tg_milestone *milestone, struct tg_text *out)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_MILESTONE_KIND);
    tg_json_add_int64(json, "format", TG_MILESTONE_FORMAT);
    tg_json_add_string(json, "project", milestone->project);
    tg_json_add_string(json, "milestone", milestone->name);
    tg_json_add_string(json, "version", milestone->version);
    tg_json_add_string(json, "date", milestone->date);
    tg_json_add_string(json, "file", milestone->file);
    tg_json_add_string(json, "summary", milestone->summary);
    add_decision(json, milestone);
    add_criteria(json, milestone);
    add_sources(json, milestone);
    add_texts(json, "caveats", milestone->caveats, milestone->caveat_count);
    add_benchmarks(json, milestone);
    add_targets(json, milestone);
    add_before_after(json, milestone);
    add_index_usage(json, milestone);
    add_scale_limits(json, milestone);
    tg_json_add(json, "issues", tg_findings_to_json(&milestone->findings));
    add_advice(json, "recommendations", milestone->recommendations, milestone->recommendation_count,
               true);
    add_tests(json, milestone);
    add_code_coverage(json, milestone);
    add_configuration(json, milestone);
    add_advice(json, "next_focus", milestone->next_steps, milestone->next_step_count, false);
    add_notes(json, "achievements", &milestone->achievements);
    add_notes(json, "risks", &milestone->risks);
    add_texts(json, "pictures", milestone->pictures, milestone->picture_count);
    char *text = tg_json_print(json);
    tg_text_add(out, text);
    free(text);
    cJSON_Delete(json);
}
