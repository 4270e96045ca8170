/* Charts made by hand, with every edge a chart has: what the tests of charts show and draw. */
#ifndef TG_TESTS_UNIT_CHART_SAMPLES_H
#define TG_TESTS_UNIT_CHART_SAMPLES_H

#include <math.h>

#include "reports/chart/chart.h"

/* Tries everything at once: ends of strings, substitution of commands, macros, formats, enhanced
 * text, continuation, comments, markup, the end of a data block. */
#define HOSTILE                                                                                    \
    "a'b\"; system(\"touch tailgate_hacked\"); `touch tailgate_hacked` @x $T[1] %s%n "             \
    "{/*9 x}^2_3 <b>&amp;</b> # \\"

/* ---- bars ---- */

static const char *const edge_categories[] = {
    "zero",   "smallest that shows", "an eighth",       "half",
    "all",    "missing",             "without an end",  "a name that is far too long for its place",
    "größer", "表データ",
};
static const double edge_values[] = {0, 1, 12.5, 50, 100, NAN, INFINITY, 33.3, 66.7, 25};
static const bool edge_bad[] = {false, false, false, false, true,
                                false, true,  false, false, false};
static const struct tg_chart_series edge_series[] = {
    {.name = "count", .count = 10, .y = edge_values, .bad = edge_bad}};
static const struct tg_chart edge_chart = {
    .name = "edges",
    .title = "Edges of a linear scale",
    .source = "made by hand",
    .kind = TG_CHART_BARS,
    .y = {"things", TG_CHART_COUNT, false},
    .categories = edge_categories,
    .category_count = 10,
    .series = edge_series,
    .series_count = 1,
};

/* The latencies of the user's document, each against its target of 10 or 50 ms. */
static const char *const target_categories[] = {"session_get.p99", "memory_get.p99",
                                                "namespace_query.p99", "task_dequeue.p99",
                                                "task_dequeue.max", "not_run.p99"};
static const double target_values[] = {0.11e6, 0.11e6, 0.76e6, 1e6, 12.5e6, NAN};
static const double target_limits[] = {50e6, 50e6, 50e6, 10e6, 10e6, 50e6};
static const bool target_missed[] = {false, false, false, false, true, false};
static const struct tg_chart_series target_series[] = {
    {.name = "measured", .count = 6, .y = target_values, .bad = target_missed},
    {.name = "target", .style = TG_CHART_LIMIT, .count = 6, .y = target_limits},
};
static const struct tg_chart target_chart = {
    .name = "targets",
    .title = "Latency against targets (less is better)",
    .source = "memory_store-20251121T000000Z",
    .kind = TG_CHART_BARS,
    .y = {"response time", TG_CHART_NS, false},
    .categories = target_categories,
    .category_count = 6,
    .series = target_series,
    .series_count = 2,
};

static const char *const signed_categories[] = {"faster", "same", "slower", "far off", "much faster"};
static const double signed_values[] = {-0.04, 0, 0.02, 9, -0.1};
static const double signed_low[] = {-0.05, -0.01, 0.01, 8, -0.2};
static const double signed_high[] = {-0.03, 0.01, 0.03, 10, -0.05};
static const struct tg_chart_series signed_series[] = {
    {.name = "change", .count = 5, .y = signed_values, .low = signed_low, .high = signed_high}};
static const struct tg_chart signed_chart = {
    .name = "signed",
    .title = "Bars to both sides of 0",
    .source = "made by hand",
    .kind = TG_CHART_BARS,
    .y = {"change", TG_CHART_CHANGE, false},
    .categories = signed_categories,
    .category_count = 5,
    .series = signed_series,
    .series_count = 1,
};

/* ---- a forest ---- */

static const char *const forest_categories[] = {"session_get.p50", "session_get.p99",
                                                "memory_put.p95",  "memory_put.p99.9",
                                                "stalls",          "rate",
                                                "slow_rate",       "far_off.p99"};
static const double forest_change[] = {0.005, 0.4, 0.025, NAN, -0.988, 0.02, -0.25, 9};
static const double forest_low[] = {-0.001, 0.37, -INFINITY, NAN, -0.99, 0.01, -0.28, 8.5};
static const double forest_high[] = {0.011, 0.43, INFINITY, NAN, -0.98, 0.03, -0.22, 9.5};
static const double forest_margins[] = {0.05, 0.05, 0.075, 0.05, 1, 0.05, 0.05, 0.05};
static const bool forest_bad[] = {false, true, false, false, false, false, true, true};
static const bool forest_higher[] = {false, false, false, false, false, true, true, false};
static const struct tg_chart_series forest_series[] = {{.name = "change",
                                                        .count = 8,
                                                        .y = forest_change,
                                                        .low = forest_low,
                                                        .high = forest_high,
                                                        .bad = forest_bad}};
static const struct tg_chart forest_chart = {
    .name = "changes",
    .title = "Changes with their intervals and margins",
    .source = "memory_store-20251121T000000Z, 10 launches",
    .kind = TG_CHART_FOREST,
    .y = {"change from before to after", TG_CHART_CHANGE, false},
    .categories = forest_categories,
    .category_count = 8,
    .margins = forest_margins,
    .higher_is_better = forest_higher,
    .series = forest_series,
    .series_count = 1,
};

/* ---- lines ---- */

enum { TIME_POINTS = 60 };
static double time_x[TIME_POINTS], time_p99[TIME_POINTS], time_hiccups[TIME_POINTS],
    time_steal[TIME_POINTS];
static const double time_limit_x[] = {0, 60}, time_limit[] = {5e6, 5e6};
static const struct tg_chart_series time_series[] = {
    {.name = "session_get p99", .count = TIME_POINTS, .x = time_x, .y = time_p99},
    {.name = "longest hiccup of the platform",
     .style = TG_CHART_IMPULSES,
     .count = TIME_POINTS,
     .x = time_x,
     .y = time_hiccups},
    {.name = "CPU time stolen per interval",
     .style = TG_CHART_IMPULSES,
     .count = TIME_POINTS,
     .x = time_x,
     .y = time_steal},
    {.name = "session_get.p99 < 5ms",
     .style = TG_CHART_LIMIT,
     .count = 2,
     .x = time_limit_x,
     .y = time_limit},
};
static const struct tg_chart time_chart = {
    .name = "over-time",
    .title = "p99 of session_get over time, phase steady",
    .source = "memory_store-20251121T000000Z, phase steady",
    .kind = TG_CHART_LINES,
    .x = {"time", TG_CHART_SECONDS, false},
    .y = {"response time", TG_CHART_NS, true},
    .series = time_series,
    .series_count = 4,
};

/* A quiet minute with one stall in the 20th second, a gap after it, and a slow end. */
static void fill_time_chart(void)
{
    for (int i = 0; i < TIME_POINTS; i++) {
        time_x[i] = i + 0.5;
        time_p99[i] = i == 20 ? 30e6 : i == 21 ? NAN : 150e3 + 1000 * i * (i > 40 ? 10 : 1);
        time_hiccups[i] = i == 20 ? 28e6 : 60e3 + 500 * (i % 7);
        time_steal[i] = i == 20 ? 25e6 : i % 10 == 0 ? 1e6 : 0;
    }
}

static const double growth_rows[] = {1e3, 1e4, 1e5, 1e6};
static const double growth_p99[] = {20e3, 40e3, 90e3, 180e3}, growth_p50[] = {8e3, 9e3, 10e3, 12e3};
static const double scan_p99[] = {60e3, 600e3, 6e6, 61e6}, scan_p50[] = {50e3, 500e3, 5e6, NAN};
static const double growth_limit_x[] = {1e3, 1e6}, growth_limit[] = {50e6, 50e6};
static const struct tg_chart_series growth_series[] = {
    {.name = "session_get p99", .group = 1, .count = 4, .x = growth_rows, .y = growth_p99},
    {.name = "session_get p50", .group = 1, .count = 4, .x = growth_rows, .y = growth_p50},
    {.name = "namespace_query p99", .group = 2, .count = 4, .x = growth_rows, .y = scan_p99},
    {.name = "namespace_query p50", .group = 2, .count = 4, .x = growth_rows, .y = scan_p50},
    {.name = "namespace_query.p99 < 50ms",
     .style = TG_CHART_LIMIT,
     .group = 2,
     .count = 2,
     .x = growth_limit_x,
     .y = growth_limit},
};
static const struct tg_chart growth_chart = {
    .name = "growth",
    .title = "Latency over the size of the data, phase steady",
    .source = "memory_scale-20251121T000000Z",
    .kind = TG_CHART_LINES,
    .x = {"rows", TG_CHART_COUNT, true},
    .y = {"latency", TG_CHART_NS, true},
    .series = growth_series,
    .series_count = 5,
};

/* ---- names that want out ---- */

static const char *const hostile_categories[] = {HOSTILE, "two\nlines\r\tand \x1b[31mred",
                                                 "TAILGATE_END", "|\xff\xfe invalid \xc2\x9b",
                                                 "%d %s %%", ""};
static const double hostile_values[] = {1, 2, 3, 4, 5, 6};
static const struct tg_chart_series hostile_series[] = {
    {.name = HOSTILE, .count = 6, .y = hostile_values},
    {.name = "TAILGATE_END\nTAILGATE_END\nsystem('touch tailgate_hacked')",
     .style = TG_CHART_LIMIT,
     .count = 6,
     .y = hostile_values},
};
static const struct tg_chart hostile_chart = {
    .name = "hostile",
    .title = HOSTILE,
    .source = HOSTILE "\nTAILGATE_END\nsystem('touch tailgate_hacked')",
    .kind = TG_CHART_BARS,
    .y = {HOSTILE, TG_CHART_COUNT, false},
    .categories = hostile_categories,
    .category_count = 6,
    .series = hostile_series,
    .series_count = 2,
};

#endif
