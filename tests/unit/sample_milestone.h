/* What the tests of a milestone's documents are written from: a file and figures that were chosen,
 * not measured. All else, criteria, findings, sources, conditions, is what the program makes of
 * them. */
#ifndef TG_TESTS_SAMPLE_MILESTONE_H
#define TG_TESTS_SAMPLE_MILESTONE_H

#include "reports/milestone/milestone.h"

enum tg_sample_milestone {
    TG_SAMPLE_APPROVED, /* with everything: a run, a comparison that passed, a sweep, tests */
    TG_SAMPLE_REJECTED, /* the sample result with its failures, a regression, failing tests */
    TG_SAMPLE_BARE,     /* a file that names nothing but a criterion */
};

/* Free with tg_sample_milestone_free. Its texts may be changed. */
struct tg_milestone *tg_sample_milestone(enum tg_sample_milestone kind);
void tg_sample_milestone_free(struct tg_milestone *milestone);

/* Its run and its comparison, to be changed. Not of the bare one. */
struct tg_result *tg_sample_milestone_run(struct tg_milestone *milestone);
struct tg_gate_view *tg_sample_milestone_gate(struct tg_milestone *milestone);

#endif
