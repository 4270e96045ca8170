/* Charts made of what was measured. Each lives in `arena` and borrows from what it is made of; NULL
 * where there is nothing to show. */
#ifndef TG_REPORTS_CHART_DATA_H
#define TG_REPORTS_CHART_DATA_H

#include "baselines/result_store.h"
#include "reports/chart/chart.h"
#include "reports/gate/gate_view.h"
#include "reports/sweep/sweep_view.h"

/* Latency by percentile, HdrHistogram style, of every operation of a phase (response time where it
 * has a rate, else service time), from p0 to the last percentile with ten operations beyond it. */
struct tg_chart *tg_chart_latency(const struct tg_result *result, size_t phase,
                                  struct tg_arena *arena);
/* p50, p95 and p99 of every operation of a phase as bars. */
struct tg_chart *tg_chart_percentiles(const struct tg_result *result, size_t phase,
                                      struct tg_arena *arena);
/* p99 over time of the operation with the most of it, from the phase's interval log, with the
 * platform's hiccups and stolen time behind it. NULL also where the log cannot be read. */
struct tg_chart *tg_chart_over_time(const struct tg_result *result, size_t phase,
                                    struct tg_arena *arena);
/* What was measured against each target of a result: bars of durations, of rates, of all else in
 * their own charts; *charts has room for TG_CHART_TARGET_KINDS, the number is returned. */
enum { TG_CHART_TARGET_KINDS = 3 };
size_t tg_chart_targets(const struct tg_result *result, struct tg_arena *arena,
                        struct tg_chart *charts[]);
/* How many plans search, scan an index, scan a table; indexes per table. */
struct tg_chart *tg_chart_plans(const struct tg_coverage *coverage, const char *source,
                                struct tg_arena *arena);
struct tg_chart *tg_chart_indexes(const struct tg_coverage *coverage, const char *source,
                                  struct tg_arena *arena);
/* Before against after, per gated latency, and per gated rate; and the changes with intervals and
 * margins. */
struct tg_chart *tg_chart_before_after(const struct tg_gate_view *gate, struct tg_arena *arena);
struct tg_chart *tg_chart_before_after_rates(const struct tg_gate_view *gate,
                                             struct tg_arena *arena);
struct tg_chart *tg_chart_changes(const struct tg_gate_view *gate, struct tg_arena *arena);
/* p50 and p99 over the rows, of every operation of a sweep's phase, log-log, with the targets. */
struct tg_chart *tg_chart_growth(const struct tg_sweep_view *sweep, const char *phase,
                                 struct tg_arena *arena);

#endif
