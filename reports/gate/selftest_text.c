#include "reports/gate/selftest_text.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "common/units.h"
#include "compare/proportion.h"
#include "reports/run/report_view.h"

enum { INTERVAL_TEXT = 48, DAY_TEXT = 32 };

static const char *day_of(int64_t unix_ms, char out[DAY_TEXT])
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    strftime(out, DAY_TEXT, "%Y-%m-%d", &utc);
    return out;
}

static const char *rate_interval(size_t happened, size_t trials, char out[INTERVAL_TEXT])
{
    struct tg_interval interval = tg_proportion(happened, trials, TG_SELFTEST_LEVEL);
    snprintf(out, INTERVAL_TEXT, "%.1f .. %.1f%%", 100 * interval.lower, 100 * interval.upper);
    return out;
}

/* ---- how often gates said what ---- */

static void kind_cell(struct tg_table *table, const struct tg_selftest_row *row)
{
    if (!row->effect)
        tg_table_cell(table, "nothing");
    else if (!row->op)
        tg_table_cellf(table, TG_PLAIN, "%s", row->effect);
    else
        tg_table_cellf(table, TG_PLAIN, "  %s", row->op);
}

static void count_cell(struct tg_table *table, size_t count, enum tg_style style)
{
    tg_table_cellf(table, count > 0 ? style : TG_PLAIN, "%zu", count);
}

static void add_rows(struct tg_view *view, const struct tg_selftest_summary *summary)
{
    static const struct tg_table_column columns[] = {
        {.title = "slowed by", .may_shorten = true},
        {.title = "gates", .right = true},
        {.title = "regression", .right = true},
        {.title = "pass", .right = true, .keep = 4},
        {.title = "cannot tell", .right = true, .keep = 3},
        {.title = "rate", .right = true},
        {.title = "95% interval", .right = true, .keep = 5},
        {.title = "named", .right = true, .keep = 2},
        {.title = "median", .right = true, .keep = 1},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < summary->row_count; i++) {
        const struct tg_selftest_row *row = &summary->rows[i];
        char interval[INTERVAL_TEXT], took[TG_UNIT_TEXT];
        size_t called = row->effect ? row->seen : row->regressions;
        kind_cell(&table, row);
        tg_table_cellf(&table, TG_PLAIN, "%zu", row->gates);
        count_cell(&table, row->regressions, row->effect ? TG_GREEN : TG_RED);
        count_cell(&table, row->passes, row->effect ? TG_PLAIN : TG_GREEN);
        count_cell(&table, row->unknown, TG_YELLOW);
        tg_table_cellf(&table, TG_PLAIN, "%.0f%%", 100.0 * (double)called / (double)row->gates);
        tg_table_cell(&table, rate_interval(called, row->gates, interval));
        if (row->effect)
            tg_table_cellf(&table, TG_PLAIN, "%zu", row->named);
        else
            tg_table_cell(&table, "-");
        tg_table_cell(&table, tg_format_duration(row->median_ns, took));
    }
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

static void add_row_notes(struct tg_view *view, const struct tg_selftest_row *row)
{
    char interval[INTERVAL_TEXT];
    if (!row->effect || row->op)
        return;
    if (row->beyond > 0)
        tg_view_line(view, row->false_passes > 0 ? TG_YELLOW : TG_DIM, "passes",
                     "of %s, the margin or more, %zu of %zu gates passed (95%% interval %s); a "
                     "gate promises at most 5%%",
                     row->effect, row->false_passes, row->beyond,
                     rate_interval(row->false_passes, row->beyond, interval));
    if (row->tails > 0)
        tg_view_line(view, TG_DIM, "tail",
                     "of %s, %zu of %zu gates called the highest percentile of the operation a "
                     "regression and passed the lowest (95%% interval %s)",
                     row->effect, row->tails, row->gates,
                     rate_interval(row->tails, row->gates, interval));
    if (row->others > 0)
        tg_view_line(view, TG_YELLOW, "others",
                     "of %s, %zu of %zu gates called an operation slower that was not slowed",
                     row->effect, row->others, row->gates);
}

/* ---- what could be gated ---- */

static void fraction_cell(struct tg_table *table, double fraction)
{
    if (isnan(fraction))
        tg_table_cell(table, "-");
    else
        tg_table_cellf(table, TG_PLAIN, "%.1f%%", 100 * fraction);
}

static void add_metrics(struct tg_view *view, const struct tg_selftest_summary *summary)
{
    static const struct tg_table_column columns[] = {
        {.title = "metric", .may_shorten = true}, {.title = "margin", .right = true, .keep = 2},
        {.title = "proved", .right = true},       {.title = "half prove", .right = true, .keep = 1},
        {.title = "95% prove", .right = true},    {.title = "advised", .right = true},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < summary->metric_count; i++) {
        const struct tg_selftest_metric *metric = &summary->metrics[i];
        tg_table_cell(&table, metric->name);
        fraction_cell(&table, metric->margin);
        tg_table_cellf(&table, metric->proved == summary->self_gates ? TG_GREEN : TG_YELLOW,
                       "%zu of %zu", metric->proved, summary->self_gates);
        fraction_cell(&table, metric->median);
        fraction_cell(&table, metric->most);
        fraction_cell(&table, metric->advised);
    }
    tg_text_add(view->out, "\n");
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* ---- what to write into the scenario ---- */

static void add_margins(struct tg_view *view, const struct tg_selftest_summary *summary)
{
    const char *before = "margin = { ";
    for (size_t i = 0; i < summary->metric_count; i++) {
        const struct tg_selftest_metric *metric = &summary->metrics[i];
        if (isnan(metric->advised))
            continue;
        tg_text_addf(view->out, "%s\"%s\" = \"%.6g%%\"", before, metric->name,
                     100 * metric->advised);
        before = ", ";
    }
    tg_text_add(view->out, " }\n");
}

static size_t advised(const struct tg_selftest_summary *summary)
{
    size_t count = 0;
    for (size_t i = 0; i < summary->metric_count; i++)
        count += !isnan(summary->metrics[i].advised);
    return count;
}

static void add_block(struct tg_view *view, const struct tg_selftest_summary *summary)
{
    char interval[INTERVAL_TEXT];
    tg_view_line(view, TG_DIM, "advice",
                 "the smallest margins that 95%% of gates prove for a variant that is no slower, "
                 "and the budget that 95%% of gates stay within:");
    tg_text_add(view->out, "\n[gate]\n");
    add_margins(view, summary);
    if (summary->budget_ns > 0)
        tg_text_addf(view->out, "budget = \"%.0fs\"\n", (double)summary->budget_ns / 1e9);
    tg_text_add(view->out, "\n");
    tg_view_line(view, TG_DIM, "support",
                 "%zu of %zu gates against itself would have passed with these margins (95%% "
                 "interval %s)",
                 summary->self_proved, summary->self_gates,
                 rate_interval(summary->self_proved, summary->self_gates, interval));
}

static void add_advice(struct tg_view *view, const struct tg_selftest_summary *summary)
{
    size_t with_margin = advised(summary);
    tg_text_add(view->out, "\n");
    if (with_margin > 0)
        add_block(view, summary);
    if (summary->budget_ns == 0)
        tg_view_line(view, TG_YELLOW, "budget",
                     "it cut %zu of %zu gates short: try twice as much with --budget",
                     summary->timed - summary->in_time, summary->timed);
    if (with_margin < summary->metric_count)
        tg_view_line(
            view, TG_YELLOW, "left out",
            "%zu of %zu metrics could not be proved at any margin in more than 5%% of gates: "
            "raise --budget, or take them out of [gate]",
            summary->metric_count - with_margin, summary->metric_count);
}

/* ---- the whole ---- */

static void add_head(struct tg_view *view, const struct tg_selftest_summary *summary,
                     const struct tg_tested_gate *gate, size_t count)
{
    char budget[TG_UNIT_TEXT], took[TG_UNIT_TEXT], first[DAY_TEXT], last[DAY_TEXT];
    tg_view_line(view, TG_DIM, "scenario", "%s, phase %s", gate->scenario, gate->phase);
    tg_view_line(view, TG_DIM, "host", "%s", gate->host_line);
    tg_view_line(view, TG_DIM, "gates", "%zu, each with a budget of %s; %s in all, %s to %s", count,
                 tg_short_duration(gate->budget_ns, budget),
                 tg_format_duration(summary->elapsed_ns, took),
                 day_of(summary->first_unix_ms, first), day_of(summary->last_unix_ms, last));
    tg_text_add(view->out, "\n");
}

void tg_report_selftest(const struct tg_selftest_summary *summary,
                        const struct tg_tested_gate *gates, size_t count, int columns, bool color,
                        struct tg_text *out)
{
    struct tg_view view = {
        .out = out, .width = columns > 0 ? (size_t)columns : 100, .color = color};
    if (count > 0) {
        add_head(&view, summary, &gates[0], count);
        add_rows(&view, summary);
        tg_text_add(out, "\n");
        for (size_t i = 0; i < summary->row_count; i++)
            add_row_notes(&view, &summary->rows[i]);
    }
    if (summary->metric_count > 0) {
        add_metrics(&view, summary);
        add_advice(&view, summary);
    }
    tg_view_line(&view,
                 summary->exit_code == 1   ? TG_RED
                 : summary->exit_code == 0 ? TG_GREEN
                                           : TG_YELLOW,
                 summary->verdict, "%s (exit code %d)", summary->meaning, summary->exit_code);
}

/* ---- JSON ---- */

static void add_rate(cJSON *json, const char *key, size_t happened, size_t trials)
{
    struct tg_interval interval = tg_proportion(happened, trials, TG_SELFTEST_LEVEL);
    cJSON *rate = tg_json_add(json, key, tg_json_object());
    tg_json_add_int64(rate, "count", (int64_t)happened);
    tg_json_add_int64(rate, "of", (int64_t)trials);
    tg_json_add_double(rate, "rate", interval.estimate);
    tg_json_add_double(rate, "low", interval.lower);
    tg_json_add_double(rate, "high", interval.upper);
}

static cJSON *row_to_json(const struct tg_selftest_row *row)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "effect", row->effect);
    tg_json_add_string(json, "op", row->op);
    tg_json_add_int64(json, "gates", (int64_t)row->gates);
    add_rate(json, "regressions", row->regressions, row->gates);
    add_rate(json, "passes", row->passes, row->gates);
    add_rate(json, "cannot_tell", row->unknown, row->gates);
    if (row->effect) {
        add_rate(json, "seen", row->seen, row->gates);
        add_rate(json, "named", row->named, row->gates);
        add_rate(json, "others", row->others, row->gates);
        add_rate(json, "false_passes", row->false_passes, row->beyond);
        add_rate(json, "tails", row->tails, row->gates);
    }
    tg_json_add_int64(json, "median_ns", row->median_ns);
    return json;
}

static cJSON *metric_to_json(const struct tg_selftest_metric *metric, size_t gates)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "name", metric->name);
    tg_json_add_double(json, "margin", metric->margin);
    add_rate(json, "proved", metric->proved, gates);
    tg_json_add_double(json, "half_prove", metric->median);
    tg_json_add_double(json, "most_prove", metric->most);
    tg_json_add_double(json, "advised_margin", metric->advised);
    return json;
}

cJSON *tg_selftest_to_json(const struct tg_selftest_summary *summary,
                           const struct tg_tested_gate *gates, size_t count)
{
    cJSON *json = tg_json_object();
    tg_json_add_int64(json, "format", 1);
    tg_json_add_string(json, "scenario", count > 0 ? gates[0].scenario : NULL);
    tg_json_add_string(json, "phase", count > 0 ? gates[0].phase : NULL);
    tg_json_add_string(json, "host", count > 0 ? gates[0].host_line : NULL);
    tg_json_add_int64(json, "gates", (int64_t)count);
    tg_json_add_int64(json, "elapsed_ns", summary->elapsed_ns);
    cJSON *kinds = tg_json_add(json, "kinds", tg_json_array());
    for (size_t i = 0; i < summary->row_count; i++)
        tg_json_push(kinds, row_to_json(&summary->rows[i]));
    cJSON *metrics = tg_json_add(json, "metrics", tg_json_array());
    for (size_t i = 0; i < summary->metric_count; i++)
        tg_json_push(metrics, metric_to_json(&summary->metrics[i], summary->self_gates));
    cJSON *advice = tg_json_add(json, "advice", tg_json_object());
    add_rate(advice, "would_pass", summary->self_proved, summary->self_gates);
    add_rate(advice, "in_time", summary->in_time, summary->timed);
    if (summary->budget_ns > 0)
        tg_json_add_int64(advice, "budget_ns", summary->budget_ns);
    else
        tg_json_add(advice, "budget_ns", cJSON_CreateNull());
    tg_json_add_string(json, "verdict", summary->verdict);
    tg_json_add_string(json, "meaning", summary->meaning);
    tg_json_add_int64(json, "exit_code", summary->exit_code);
    return json;
}
