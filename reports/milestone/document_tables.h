/* The tables of figures: latency, throughput, concurrency, and the targets that are none of these.
 * Internal to reports/milestone/. */
#ifndef TG_REPORTS_MILESTONE_DOCUMENT_TABLES_H
#define TG_REPORTS_MILESTONE_DOCUMENT_TABLES_H

#include "reports/milestone/document.h"
#include "reports/milestone/facts.h"

/* Each appends its table, or one line where there is nothing to show. */
/* The scenario of a run's source, where there are several; an empty cell otherwise. */
void tg_scenario_cell(struct tg_grid *grid, const struct tg_milestone *milestone, size_t source);

void tg_add_latencies(struct tg_document *document);
void tg_add_throughputs(struct tg_document *document);
void tg_add_concurrency(struct tg_document *document);
void tg_add_other_targets(struct tg_document *document);

/* The first `limit` targets of the ranking: metric, limit, value, ratio, status. */
void tg_add_ranked(struct tg_document *document, const struct tg_ranking *ranking, size_t limit);

#endif
