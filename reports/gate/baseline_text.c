#include "reports/gate/baseline_text.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "common/units.h"
#include "gate/stored.h"
#include "reports/gate/gate_view.h"
#include "reports/run/report_view.h"

const char *tg_minute_text(int64_t unix_ms, struct tg_arena *arena)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc = {0};
    char text[40] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &utc);
    return tg_arena_strdup(arena, text);
}

static void value_cell(struct tg_table *table, enum tg_compared_unit unit, double value)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, tg_gate_value_text(unit, value, text));
}

static void add_metric(struct tg_table *table, const struct tg_comparison *comparison,
                       const struct tg_compared_metric *metric, struct tg_arena *arena)
{
    double *values = tg_arena_array(arena, comparison->launch_count, sizeof *values);
    size_t count = tg_stored_values(comparison, metric, values);
    double median = tg_median(values, count);
    double lowest = NAN;
    double highest = NAN;
    for (size_t i = 0; i < count; i++) { /* fmin and fmax ignore a NaN */
        lowest = fmin(lowest, values[i]);
        highest = fmax(highest, values[i]);
    }
    tg_table_cell(table, metric->name);
    value_cell(table, metric->unit, median);
    value_cell(table, metric->unit, lowest);
    value_cell(table, metric->unit, highest);
}

static void add_metrics(struct tg_view *view, const struct tg_comparison *comparison,
                        struct tg_arena *arena)
{
    static const struct tg_table_column columns[] = {
        {.title = "metric", .may_shorten = true},
        {.title = "median", .right = true},
        {.title = "lowest launch", .right = true, .keep = 1},
        {.title = "highest launch", .right = true, .keep = 1},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < comparison->metric_count; i++)
        add_metric(&table, comparison, &comparison->metrics[i], arena);
    tg_text_add(view->out, "\n");
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
    bool first = true;
    for (size_t i = 0; i < comparison->metric_count; i++) {
        const struct tg_compared_metric *metric = &comparison->metrics[i];
        if (!metric->why_not)
            continue;
        char *line = tg_format("%s: %s", metric->name, metric->why_not);
        tg_text_add(view->out, first ? "\n" : "");
        tg_wrap_add(view->out, line, 0, 4, view->width);
        free(line);
        first = false;
    }
}

void tg_report_baseline(const struct tg_baseline_shown *shown, int columns, bool color,
                        struct tg_text *out)
{
    const struct tg_comparison *comparison = shown->comparison;
    struct tg_arena arena = {0};
    struct tg_view view = {
        .out = out, .width = columns > 0 ? (size_t)columns : 100, .color = color};
    char slice[TG_UNIT_TEXT];
    bool open = comparison->open_slice_ns > 0;
    tg_view_line(&view, TG_DIM, "baseline", "%s, in %s", shown->name, shown->path);
    tg_view_line(&view, TG_DIM, "scenario", "%s, phase %s in closed loop%s", comparison->scenario,
                 comparison->phase, open ? " and at its rate" : "");
    tg_view_line(&view, TG_DIM, "variant", "%s", comparison->sides[TG_BEFORE].label);
    tg_view_line(&view, TG_DIM, "measured", "%s%s%s%s",
                 tg_minute_text(comparison->started_unix_ms, &arena),
                 comparison->git_commit ? ", commit " : "",
                 comparison->git_commit ? comparison->git_commit : "",
                 comparison->git_commit && comparison->git_dirty ? " with changes" : "");
    tg_view_line(&view, TG_DIM, "host", "%s", shown->host ? shown->host : "unknown");
    tg_view_line(&view, TG_DIM, "here", "%s%s",
                 shown->differs ? "not comparable: " : "comparable with what is measured here",
                 shown->differs ? shown->differs : "");
    tg_view_line(&view, TG_DIM, "launches", "%zu; each %u pairs of %s", comparison->launch_count,
                 comparison->pairs, tg_short_duration(comparison->slice_ns, slice));
    add_metrics(&view, comparison, &arena);
    tg_arena_free(&arena);
}
