/* Parts of the validation report. Internal to reports/milestone/. Each appends its section, heading
 * included, or one line that says what is missing. */
#ifndef TG_REPORTS_MILESTONE_VALIDATION_H
#define TG_REPORTS_MILESTONE_VALIDATION_H

#include "reports/milestone/document.h"

/* validation_index.c */
void tg_add_index_coverage(struct tg_document *document);
void tg_add_plan_appendix(struct tg_document *document);
void tg_add_index_appendix(struct tg_document *document);

/* The sentence with the number of statements and indexes, also for other documents. */
tg_document_show tg_show_plan_counts;

/* validation_issues.c */
void tg_add_issues(struct tg_document *document);
void tg_add_recommendations(struct tg_document *document);

/* validation_limits.c */
void tg_add_bottlenecks(struct tg_document *document);
void tg_add_scale(struct tg_document *document);
void tg_add_before_after(struct tg_document *document);

/* validation_tests.c */
void tg_add_tests(struct tg_document *document);
void tg_add_gaps(struct tg_document *document);

/* validation_setup.c */
void tg_add_configuration(struct tg_document *document);
void tg_add_integrity(struct tg_document *document);

/* document_criteria.c, for several documents: criterion, must, weight, achieved, status, evidence;
 * below it the score with its formula, and what confidence there is. */
void tg_add_criteria(struct tg_document *document);

#endif
