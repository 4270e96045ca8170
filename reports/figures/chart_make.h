/* What makers of charts share. Internal to reports/. */
#ifndef TG_REPORTS_CHART_MAKE_H
#define TG_REPORTS_CHART_MAKE_H

#include "common/arena.h"
#include "reports/chart/chart.h"
#include "runner/drive/result.h"

/* A chart without values, in `arena`; `source` is borrowed. It is called `name`, or `name`-`of`
 * where that is not NULL, with "-" for what a chart's name may not have. */
struct tg_chart *tg_chart_new(struct tg_arena *arena, enum tg_chart_kind kind, const char *name,
                              const char *of, const char *source);
/* Gives it categories, or series; both in its arena. */
void tg_chart_set_categories(struct tg_chart *chart, const char *const *categories, size_t count);
void tg_chart_set_series(struct tg_chart *chart, const struct tg_chart_series *series,
                         size_t count);
/* `count` numbers, all of them NaN. */
double *tg_chart_numbers(struct tg_arena *arena, size_t count);

/* "memory_store-20251121T000000Z, phase steady"; without the phase where it is NULL. */
const char *tg_chart_source_of(const struct tg_result *result, const char *phase,
                               struct tg_arena *arena);

/* Response times where operations fell due at a rate, else service times; and their name. */
const struct tg_hdr *tg_chart_latency_of(const struct tg_phase_result *phase,
                                         const struct tg_op_result *op);
const char *tg_chart_latency_name(const struct tg_phase_result *phase);

#endif
