/* p99 over time, from the interval log of a phase, with what the platform did behind it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "reports/figures/chart_data.h"
#include "reports/figures/chart_make.h"
#include "reports/run/report_view.h"
#include "runner/histogram/log.h"

enum { LARGEST_LOG = 256 << 20, VALUES_PER_POINT = 200 };

struct collect { /* of one operation; a point stands for one interval or several */
    const char *op;
    double point_s; /* how long a point is */
    struct tg_hdr **points;
    size_t count;
};

static enum tg_status collect_line(void *context, const struct tg_hdr_log_line *line)
{
    struct collect *collect = context;
    if (strcmp(line->tag, collect->op) != 0 || line->start_s < 0)
        return TG_OK;
    double at = floor((line->start_s + line->length_s / 2) / collect->point_s);
    if (!(at < (double)collect->count))
        return TG_OK;
    struct tg_hdr **point = &collect->points[(size_t)at];
    if (!*point)
        *point = tg_hdr_new(&line->hdr->config);
    tg_hdr_add(*point, line->hdr);
    return TG_OK;
}

/* The operation with the highest p99, of those that have one. */
static const struct tg_op_result *choose_op(const struct tg_phase_result *phase)
{
    const struct tg_op_result *chosen = NULL;
    int64_t highest_ns = -1;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_hdr *hdr = tg_chart_latency_of(phase, &phase->ops[i]);
        int64_t p99_ns = tg_hdr_percentile(hdr, 99);
        if (tg_percentile_support(hdr->total, 99) != TG_SUPPORT_GOOD || p99_ns <= highest_ns)
            continue;
        highest_ns = p99_ns;
        chosen = &phase->ops[i];
    }
    return chosen;
}

static double recorded_s(const struct tg_phase_result *phase)
{
    const struct tg_phase_interval *last = &phase->intervals[phase->interval_count - 1];
    return (double)(last->start_ns + last->length_ns) / 1e9;
}

static bool read_log(const struct tg_result *result, const struct tg_phase_result *phase,
                     struct collect *collect)
{
    if (!result->folder || !phase->interval_log_file || !*phase->interval_log_file)
        return false;
    struct tg_diags ignored = {0};
    struct tg_text log = {0};
    char *path = tg_path_join(result->folder, phase->interval_log_file);
    bool read = tg_file_read(path, LARGEST_LOG, &log, &ignored) == TG_OK &&
                tg_hdr_log_read(log.data, log.length, path, NULL, NULL, collect_line, collect,
                                &ignored) == TG_OK;
    free(path);
    tg_text_free(&log);
    tg_diags_free(&ignored);
    return read;
}

static struct tg_chart_series p99_series(const struct collect *collect, struct tg_arena *arena)
{
    double *x = tg_chart_numbers(arena, collect->count);
    double *y = tg_chart_numbers(arena, collect->count);
    for (size_t i = 0; i < collect->count; i++) {
        const struct tg_hdr *hdr = collect->points[i];
        x[i] = ((double)i + 0.5) * collect->point_s;
        if (hdr && tg_percentile_support(hdr->total, 99) != TG_SUPPORT_NONE)
            y[i] = (double)tg_hdr_percentile(hdr, 99);
    }
    return (struct tg_chart_series){
        .name = tg_arena_format(arena, "%s p99", collect->op),
        .count = collect->count,
        .x = x,
        .y = y,
    };
}

static void add_platform(const struct tg_phase_result *phase, struct tg_chart_series *series,
                         struct tg_arena *arena)
{
    size_t count = phase->interval_count;
    double *x = tg_chart_numbers(arena, count);
    double *hiccups = tg_chart_numbers(arena, count);
    double *steal = tg_chart_numbers(arena, count);
    for (size_t i = 0; i < count; i++) {
        const struct tg_phase_interval *interval = &phase->intervals[i];
        x[i] = ((double)interval->start_ns + (double)interval->length_ns / 2) / 1e9;
        hiccups[i] = (double)interval->hiccup_max_ns;
        if (interval->steal_ns >= 0)
            steal[i] = (double)interval->steal_ns;
    }
    series[0] = (struct tg_chart_series){.name = "longest hiccup of the platform",
                                         .style = TG_CHART_IMPULSES,
                                         .count = count,
                                         .x = x,
                                         .y = hiccups};
    series[1] = (struct tg_chart_series){.name = "CPU time stolen per interval",
                                         .style = TG_CHART_IMPULSES,
                                         .count = count,
                                         .x = x,
                                         .y = steal};
}

/* Intervals are put together until a point has values enough for a p99. */
static size_t point_count(const struct tg_phase_result *phase, int64_t values)
{
    size_t most = (size_t)(values / VALUES_PER_POINT);
    return phase->interval_count < most ? phase->interval_count : most;
}

static struct tg_chart *make(const struct tg_result *result, const struct tg_phase_result *phase,
                             const struct collect *collect, struct tg_arena *arena)
{
    enum { SERIES = 3 };
    struct tg_chart_series *series = tg_arena_array(arena, SERIES, sizeof *series);
    series[0] = p99_series(collect, arena);
    add_platform(phase, series + 1, arena);
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_LINES, "over-time", phase->name,
                                          tg_chart_source_of(result, phase->name, arena));
    chart->title =
        tg_arena_format(arena, "p99 of %s over time, phase %s", collect->op, phase->name);
    chart->x = (struct tg_chart_axis){"time since the first operation that counts",
                                      TG_CHART_SECONDS, false};
    chart->y = (struct tg_chart_axis){tg_chart_latency_name(phase), TG_CHART_NS, true};
    tg_chart_set_series(chart, series, SERIES);
    return chart;
}

struct tg_chart *tg_chart_over_time(const struct tg_result *result, size_t number,
                                    struct tg_arena *arena)
{
    const struct tg_phase_result *phase = &result->phases[number];
    const struct tg_op_result *op = choose_op(phase);
    if (!op || phase->interval_count < 2)
        return NULL;
    struct collect collect = {.op = op->name};
    collect.count = point_count(phase, tg_chart_latency_of(phase, op)->total);
    if (collect.count < 2 || !(recorded_s(phase) > 0))
        return NULL;
    collect.point_s = recorded_s(phase) / (double)collect.count;
    collect.points = tg_calloc(collect.count, sizeof(struct tg_hdr *));
    struct tg_chart *chart = NULL;
    if (read_log(result, phase, &collect))
        chart = make(result, phase, &collect, arena);
    for (size_t i = 0; i < collect.count; i++)
        free(collect.points[i]);
    free(collect.points);
    return chart;
}
