/* The charts of a milestone: what was decided first, then each run, comparison and sweep. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "reports/figures/chart_data.h"
#include "reports/milestone/facts.h"
#include "reports/milestone/model.h"

struct charts {
    const struct tg_milestone *milestone;
    struct tg_arena *arena;
    struct tg_chart **items;
    size_t count, room;
};

static bool is_taken(const struct charts *charts, const char *name)
{
    for (size_t i = 0; i < charts->count; i++)
        if (strcmp(charts->items[i]->name, name) == 0)
            return true;
    return false;
}

/* Names of phases that differ only in case, or in a sign, become one name: the next ones of it are
 * numbered. */
static const char *name_of_its_own(const struct charts *charts, const char *wanted)
{
    const char *name = wanted;
    for (size_t number = 2; is_taken(charts, name); number++)
        name = tg_arena_format(charts->arena, "%s-%zu", wanted, number);
    return name;
}

/* Of a source: its label keeps apart what would have the same file name. */
static void add(struct charts *charts, struct tg_chart *chart, const char *label)
{
    if (!chart)
        return;
    if (label) {
        char *name = tg_arena_format(charts->arena, "%s-%s", label, chart->name);
        for (char *at = name; *at; at++)
            *at = (char)tolower((unsigned char)*at);
        chart->name = name;
        chart->source = tg_arena_format(charts->arena, "%s: %s", label, chart->source);
    }
    chart->name = name_of_its_own(charts, chart->name);
    charts->items = tg_arena_grown(charts->arena, charts->items, charts->count, &charts->room,
                                   sizeof *charts->items);
    charts->items[charts->count++] = chart;
}

/* ---- bars of the milestone itself ---- */

/* `bad` may be NULL. */
static struct tg_chart *bars(struct charts *charts, const char *name, const char *title,
                             const char *axis, enum tg_chart_unit unit,
                             const char *const *categories, const double *values, const bool *bad,
                             size_t count)
{
    struct tg_chart *chart = tg_arena_alloc(charts->arena, sizeof *chart);
    struct tg_chart_series *series = tg_arena_alloc(charts->arena, sizeof *series);
    *series = (struct tg_chart_series){.name = axis, .count = count, .y = values, .bad = bad};
    *chart = (struct tg_chart){
        .name = name,
        .title = title,
        .source = charts->milestone->file,
        .kind = TG_CHART_BARS,
        .y = {.label = axis, .unit = unit},
        .categories = categories,
        .category_count = count,
        .series = series,
        .series_count = 1,
    };
    return chart;
}

static void add_criteria(struct charts *charts)
{
    const struct tg_milestone *milestone = charts->milestone;
    size_t count = milestone->criterion_count;
    const char **names = tg_arena_array(charts->arena, count, sizeof *names);
    double *shares = tg_arena_array(charts->arena, count, sizeof *shares);
    bool *bad = tg_arena_array(charts->arena, count, sizeof *bad);
    for (size_t i = 0; i < count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        names[i] = criterion->name;
        shares[i] = criterion->status == TG_CRITERION_NO_DATA ? NAN : criterion->share;
        bad[i] = criterion->status == TG_CRITERION_MISSED;
    }
    if (count > 0)
        add(charts,
            bars(charts, "criteria", "Criteria: how much of what is asked for was reached",
                 "share reached", TG_CHART_FRACTION, names, shares, bad, count),
            NULL);
}

static void add_tests(struct charts *charts)
{
    static const char *const names[] = {"passed", "failed", "errors", "skipped"};
    enum { KINDS = sizeof names / sizeof *names };
    const struct tg_milestone_tests *tests = &charts->milestone->tests;
    const struct tg_milestone_suite *sum = &tests->sum;
    if (!tests->given)
        return;
    double *values = tg_arena_array(charts->arena, KINDS, sizeof *values);
    bool *bad = tg_arena_array(charts->arena, KINDS, sizeof *bad);
    bad[1] = sum->failed > 0;
    bad[2] = sum->errors > 0;
    values[0] = (double)(sum->tests - sum->failed - sum->errors - sum->skipped);
    values[1] = (double)sum->failed;
    values[2] = (double)sum->errors;
    values[3] = (double)sum->skipped;
    struct tg_chart *chart =
        bars(charts, "tests", "Tests", "tests", TG_CHART_COUNT, names, values, bad, KINDS);
    const struct tg_milestone_source *source = &charts->milestone->sources[tests->source];
    chart->source = tg_arena_format(charts->arena, "%s: %s", source->label, source->id);
    add(charts, chart, NULL);
}

static void add_findings(struct charts *charts)
{
    const struct tg_findings *findings = &charts->milestone->findings;
    const char **names = tg_arena_array(charts->arena, TG_FINDING_SEVERITIES, sizeof *names);
    double *counts = tg_arena_array(charts->arena, TG_FINDING_SEVERITIES, sizeof *counts);
    bool *bad = tg_arena_array(charts->arena, TG_FINDING_SEVERITIES, sizeof *bad);
    for (int i = 0; i < TG_FINDING_SEVERITIES; i++)
        names[i] = tg_finding_severity_name((enum tg_finding_severity)i);
    for (size_t i = 0; i < findings->count; i++)
        counts[findings->items[i].severity]++;
    for (int i = 0; i <= TG_FINDING_HIGH; i++)
        bad[i] = counts[i] > 0;
    add(charts,
        bars(charts, "findings", "Findings by severity", "findings", TG_CHART_COUNT, names, counts,
             bad, TG_FINDING_SEVERITIES),
        NULL);
}

static void add_priorities(struct charts *charts)
{
    static const char *const names[] = {"P1", "P2", "P3", "P4"};
    enum { PRIORITIES = sizeof names / sizeof *names };
    const struct tg_milestone *milestone = charts->milestone;
    double *counts = tg_arena_array(charts->arena, PRIORITIES, sizeof *counts);
    for (size_t i = 0; i < milestone->recommendation_count; i++)
        for (size_t k = 0; k < PRIORITIES; k++)
            counts[k] += strcmp(milestone->recommendations[i].priority, names[k]) == 0;
    if (milestone->recommendation_count > 0)
        add(charts,
            bars(charts, "recommendations", "Recommendations by priority", "recommendations",
                 TG_CHART_COUNT, names, counts, NULL, PRIORITIES),
            NULL);
}

/* ---- what was measured ---- */

/* A phase with several operations, or at a rate, has a shape worth a picture; the cost of a single
 * operation is in the charts of targets and percentiles. */
static bool has_shape(const struct tg_phase_result *phase)
{
    return phase->op_count > 1 || phase->open_loop;
}

/* Phases of several scenarios may have one name. */
static void add_of_run(struct charts *charts, const struct tg_milestone_run *run,
                       struct tg_chart *chart)
{
    const char *scenario = tg_scenario_to_tell(charts->milestone, run->source);
    if (chart && scenario)
        chart->title = tg_arena_format(charts->arena, "%s: %s", scenario, chart->title);
    add(charts, chart, charts->milestone->sources[run->source].label);
}

static void add_run(struct charts *charts, const struct tg_milestone_run *run)
{
    const struct tg_result *result = run->result;
    struct tg_chart *targets[TG_CHART_TARGET_KINDS];
    size_t count = tg_chart_targets(result, charts->arena, targets);
    for (size_t i = 0; i < count; i++)
        add_of_run(charts, run, targets[i]);
    for (size_t i = 0; i < result->phase_count; i++) {
        add_of_run(charts, run, tg_chart_percentiles(result, i, charts->arena));
        if (!has_shape(&result->phases[i]))
            continue;
        add_of_run(charts, run, tg_chart_latency(result, i, charts->arena));
        add_of_run(charts, run, tg_chart_over_time(result, i, charts->arena));
    }
    if (!result->has_coverage)
        return;
    add_of_run(charts, run, tg_chart_plans(&result->coverage, result->id, charts->arena));
    add_of_run(charts, run, tg_chart_indexes(&result->coverage, result->id, charts->arena));
}

static void add_sweep(struct charts *charts, const struct tg_milestone_sweep *sweep)
{
    const char *label = charts->milestone->sources[sweep->source].label;
    const char *last = NULL;
    for (size_t i = 0; i < sweep->view.op_count; i++) {
        const char *phase = sweep->view.ops[i].phase;
        if (!last || strcmp(phase, last) != 0)
            add(charts, tg_chart_growth(&sweep->view, phase, charts->arena), label);
        last = phase;
    }
}

struct tg_chart **tg_milestone_charts(const struct tg_milestone *milestone, size_t *count,
                                      struct tg_arena *arena)
{
    struct charts charts = {.milestone = milestone, .arena = arena};
    add_criteria(&charts);
    for (size_t i = 0; i < milestone->comparison_count; i++) {
        const struct tg_milestone_comparison *comparison = &milestone->comparisons[i];
        const char *label = milestone->sources[comparison->source].label;
        add(&charts, tg_chart_changes(comparison->gate, arena), label);
        add(&charts, tg_chart_before_after(comparison->gate, arena), label);
        add(&charts, tg_chart_before_after_rates(comparison->gate, arena), label);
    }
    for (size_t i = 0; i < milestone->run_count; i++)
        add_run(&charts, &milestone->runs[i]);
    for (size_t i = 0; i < milestone->sweep_count; i++)
        add_sweep(&charts, &milestone->sweeps[i]);
    add_tests(&charts);
    add_findings(&charts);
    add_priorities(&charts);
    *count = charts.count;
    return charts.items;
}
