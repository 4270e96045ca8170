/* Charts of comparisons and of sweeps. */
#include <math.h>
#include <string.h>

#include "common/text.h"
#include "reports/figures/chart_data.h"
#include "reports/figures/chart_make.h"

/* ---- before and after ---- */

static const char *source_of(const struct tg_gate_view *gate, struct tg_arena *arena)
{
    return gate->fresh_launches > 0
               ? tg_arena_format(arena, "%s, phase %s, %zu launches and %zu fresh ones", gate->id,
                                 gate->phase, gate->launches, gate->fresh_launches)
               : tg_arena_format(arena, "%s, phase %s, %zu launch%s", gate->id, gate->phase,
                                 gate->launches, tg_plural(gate->launches, "es"));
}

struct sort { /* of what is shown on one axis */
    enum tg_compared_unit unit;
    const char *name, *title;
    struct tg_chart_axis axis;
};

static struct tg_chart *before_after(const struct tg_gate_view *gate, const struct sort *sort,
                                     struct tg_arena *arena)
{
    const char **names = tg_arena_array(arena, gate->row_count, sizeof *names);
    double *before = tg_chart_numbers(arena, gate->row_count);
    double *after = tg_chart_numbers(arena, gate->row_count);
    bool *bad = tg_arena_array(arena, gate->row_count, sizeof *bad);
    size_t count = 0;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        if (row->unit != sort->unit || (isnan(row->before) && isnan(row->after)))
            continue;
        names[count] = row->metric;
        before[count] = row->before;
        after[count] = row->after;
        bad[count++] = row->bad;
    }
    if (count == 0)
        return NULL;
    struct tg_chart *chart =
        tg_chart_new(arena, TG_CHART_BARS, sort->name, NULL, source_of(gate, arena));
    struct tg_chart_series *series = tg_arena_array(arena, 2, sizeof *series);
    series[0] = (struct tg_chart_series){.name = "before", .count = count, .y = before};
    series[1] = (struct tg_chart_series){.name = "after", .count = count, .y = after, .bad = bad};
    chart->title = sort->title;
    chart->y = sort->axis;
    tg_chart_set_categories(chart, names, count);
    tg_chart_set_series(chart, series, 2);
    return chart;
}

struct tg_chart *tg_chart_before_after(const struct tg_gate_view *gate, struct tg_arena *arena)
{
    static const struct sort latencies = {
        TG_COMPARED_NS,
        "before-after",
        "Before and after: medians over the launches (less is better)",
        {"latency", TG_CHART_NS, false},
    };
    return before_after(gate, &latencies, arena);
}

struct tg_chart *tg_chart_before_after_rates(const struct tg_gate_view *gate,
                                             struct tg_arena *arena)
{
    static const struct sort rates = {
        TG_COMPARED_PER_S,
        "before-after-rates",
        "Rates before and after: medians over the launches (more is better)",
        {"rate", TG_CHART_PER_S, false},
    };
    return before_after(gate, &rates, arena);
}

struct tg_chart *tg_chart_changes(const struct tg_gate_view *gate, struct tg_arena *arena)
{
    size_t count = gate->row_count;
    if (count == 0)
        return NULL;
    const char **names = tg_arena_array(arena, count, sizeof *names);
    double *change = tg_chart_numbers(arena, count), *margins = tg_chart_numbers(arena, count);
    double *low = tg_chart_numbers(arena, count), *high = tg_chart_numbers(arena, count);
    bool *bad = tg_arena_array(arena, count, sizeof *bad);
    bool *higher = tg_arena_array(arena, count, sizeof *higher);
    for (size_t i = 0; i < count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        names[i] = row->metric;
        change[i] = row->pooled.change;
        low[i] = row->pooled.low;
        high[i] = row->pooled.high;
        margins[i] = row->margin;
        bad[i] = row->bad;
        higher[i] = row->unit == TG_COMPARED_PER_S;
    }
    struct tg_chart *chart =
        tg_chart_new(arena, TG_CHART_FOREST, "changes", NULL, source_of(gate, arena));
    struct tg_chart_series *series = tg_arena_alloc(arena, sizeof *series);
    *series = (struct tg_chart_series){
        .name = "change", .count = count, .y = change, .low = low, .high = high, .bad = bad};
    chart->title = "Changes with their intervals and margins";
    chart->y = (struct tg_chart_axis){"change from before to after", TG_CHART_CHANGE, false};
    chart->margins = margins;
    chart->higher_is_better = higher;
    tg_chart_set_categories(chart, names, count);
    tg_chart_set_series(chart, series, 1);
    return chart;
}

/* ---- growth with size ---- */

static void add_growth(const struct tg_sweep_view *sweep, const struct tg_sweep_op *op,
                       unsigned group, struct tg_chart_series *series, size_t *count,
                       struct tg_arena *arena)
{
    series[(*count)++] = (struct tg_chart_series){
        .name = tg_arena_format(arena, "%s p99", op->op),
        .group = group,
        .count = sweep->run_count,
        .x = sweep->rows,
        .y = op->p99_ns,
    };
    series[(*count)++] = (struct tg_chart_series){
        .name = tg_arena_format(arena, "%s p50", op->op),
        .group = group,
        .count = sweep->run_count,
        .x = sweep->rows,
        .y = op->p50_ns,
    };
    for (size_t i = 0; i < op->limit_count; i++) {
        const struct tg_target_result *target = op->limits[i].target;
        double *x = tg_chart_numbers(arena, 2), *y = tg_chart_numbers(arena, 2);
        x[0] = sweep->rows[0];
        x[1] = sweep->rows[sweep->run_count - 1];
        y[0] = y[1] = target->limit;
        series[(*count)++] = (struct tg_chart_series){
            .name = target->text,
            .style = TG_CHART_LIMIT,
            .group = group,
            .count = 2,
            .x = x,
            .y = y,
        };
    }
}

struct tg_chart *tg_chart_growth(const struct tg_sweep_view *sweep, const char *phase,
                                 struct tg_arena *arena)
{
    size_t most = 0;
    for (size_t i = 0; i < sweep->op_count; i++)
        most += 2 + sweep->ops[i].limit_count;
    struct tg_chart_series *series = tg_arena_array(arena, most, sizeof *series);
    size_t count = 0;
    for (size_t i = 0; i < sweep->op_count; i++)
        if (strcmp(sweep->ops[i].phase, phase) == 0)
            add_growth(sweep, &sweep->ops[i], (unsigned)i + 1, series, &count, arena);
    if (count == 0 || sweep->run_count == 0)
        return NULL;
    struct tg_chart *chart = tg_chart_new(
        arena, TG_CHART_LINES, "growth", phase,
        tg_arena_format(arena, "%s and the other runs of its sweep, phase %s", sweep->id, phase));
    chart->title = tg_arena_format(arena, "Latency over the size of the data, phase %s", phase);
    chart->x = (struct tg_chart_axis){"rows", TG_CHART_COUNT, true};
    chart->y = (struct tg_chart_axis){"latency", TG_CHART_NS, true};
    tg_chart_set_series(chart, series, count);
    return chart;
}
