/* What the data say in single points, by rules that stand here: shared by the executive summary and
 * the quick reference. Internal to reports/milestone/. */
#ifndef TG_REPORTS_MILESTONE_DOCUMENT_POINTS_H
#define TG_REPORTS_MILESTONE_DOCUMENT_POINTS_H

#include "reports/milestone/document.h"

/* What was achieved, a point each:
 * - every target of the results is met, where that is so;
 * - the three targets with the largest headroom, of different operations and never of a percentile
 *   with few operations beyond it;
 * - every planned statement of a run reaches its rows by an index, where that is so;
 * - the improvements that a comparison proved, and a comparison that passed as a whole;
 * - every limit met through the largest size of a sweep, where that is so;
 * - an integrity check that found nothing, and tests that all passed. */
void tg_add_achievement_points(struct tg_document *document);

/* Times better than asked: a target that is met with less is a risk. */
#define TG_LITTLE_HEADROOM 2.0

/* What endangers the milestone: criteria that are not met, targets that are missed, of results and
 * of sweeps, metrics that became slower or could not be decided, and up to three targets that are
 * met with less than twice what was asked. */
void tg_add_performance_risks(struct tg_document *document);
/* Targets of sweeps that are not missed, and have no data or are in doubt at a measured size. */
void tg_add_open_limits(struct tg_document *document);
/* How many issues are open by severity, and those that are critical or high. What is about the
 * measurement alone is no issue of the store. */
void tg_add_debt(struct tg_document *document);

/* The most urgent recommendations, TG_ADVICE_POINTS at most. */
enum { TG_ADVICE_POINTS = 5 };
void tg_add_advice_points(struct tg_document *document);

/* The `most` targets of the sweeps that break first: how far each was measured, and the
 * extrapolation, marked as one. */
void tg_add_scale_table(struct tg_document *document, size_t most);

#endif
