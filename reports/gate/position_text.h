/* A position against a published figure in words. Every sentence about one says that the figure was
 * not measured here. */
#ifndef TG_REPORTS_POSITION_TEXT_H
#define TG_REPORTS_POSITION_TEXT_H

#include "baselines/standing.h"
#include "common/text.h"
#include "compare/position.h"

/* Appends the published figure as it is written: "27.96 ms", "22 to 24 ms", "200 to 400/s"; "-"
 * when there is none. */
void tg_published_text(enum tg_figure figure, struct tg_published published, struct tg_text *out);

/* Appends one sentence without a full stop:
 *   "61.2% faster than Neo4j 5.14's published p99 of 27.96 ms; not measured here"
 *   "within Qdrant 1.7's published p99 of 22 to 24 ms; not measured here"
 * Tenfold and more is said as a multiple: "1,730 times as fast as Neo4j 5.14's ...". Nothing for
 * TG_RELATION_NONE. */
void tg_position_text(const struct tg_competitor *competitor, enum tg_figure figure,
                      struct tg_position position, struct tg_text *out);

/* Appends what became of a lead, without a full stop; nothing for TG_LEAD_NONE:
 *   "lead lost over Neo4j 5.14's published p99 of 27.96 ms: 61.2% faster than that before, 3.0%
 *    slower than that after; not measured here" */
void tg_lead_text(const struct tg_competitor *competitor, enum tg_figure figure,
                  struct tg_position before, struct tg_position after, enum tg_lead lead,
                  struct tg_text *out);

/* Appends the position of plain runs, without a full stop:
 *   "recall.p99, one run each at 1,000/s: 10.8 ms before, 61.2% faster than Neo4j 5.14's published
 *    p99 of 27.96 ms; 11.2 ms after, 59.9% faster than theirs, which was not measured here"
 * A value that few operations lie beyond has a "~" in front, as in the report of a run. A side
 * without a position is left out. */
void tg_runs_position_text(const struct tg_standing *standing, struct tg_text *out);

#endif
