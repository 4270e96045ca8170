/* Two stored results against each other, when they cannot be interleaved: one look, two samples.
 *
 * This is the weaker instrument, in two ways. The spread of both samples enters in full instead of
 * the spread of differences. And the two were measured at different times: what the machine did
 * differently between them looks exactly like a change of the store, so that the levels here hold
 * for the launches as sampled, not for the state of the machine around them. */
#ifndef TG_COMPARE_STORED_H
#define TG_COMPARE_STORED_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "compare/estimate.h"
#include "compare/verdict.h"

struct tg_stored_metric {
    const double *before; /* one value per launch, > 0, any unit; others are left out */
    size_t before_count;
    const double *after;
    size_t after_count;
    enum tg_direction direction;
    double margin; /* log change, > 0 */
    /* The log changes that the machine alone may have made, machine_lower <= 0 <= machine_upper, or
     * infinite: a regression has to lie above them, an improvement below. Of metrics alone. */
    double machine_lower, machine_upper;
    /* The share of operations that failed in each launch, 0 to 1. It is 0 as a rule, which has no
     * logarithm: there is no interval, and the means stand for the estimate. */
    bool failures;
};

struct tg_stored_verdict {
    enum tg_gate_verdict verdict;
    struct tg_interval interval; /* log change; level: tg_stored_alpha at most */
    double p; /* against "worse by no more than machine_upper", adjusted by Holm over the metrics */
    double detectable; /* log change shown with 80 % power */
    double provable;   /* log change: the smallest margin that would have passed */
};

extern const double tg_stored_alpha; /* 0.05: of the bounds, and so of a false pass */
/* Of even one false regression, or improvement, 0.01 are allowed. Half of them are for a machine
 * that changed by more than its bound, half for the metrics beyond that bound. */
extern const double tg_stored_machine; /* 0.005: of each of the two bounds of the machine */
extern const double tg_stored_holm;    /* 0.005: of all metrics together */

/* The log change of one metric between bounds of that one-sided level. */
struct tg_interval tg_stored_interval(const struct tg_stored_metric *metric, double level,
                                      struct tg_arena *scratch);

/* Fills `verdicts` (`count` >= 1, in the metrics' order) and returns that of all: regression if any
 * is one, pass if all pass. Regression: adjusted p <= tg_stored_holm, the lower bound above 0, and
 * the estimate >= margin; improvement: the mirror image; pass: upper bound < margin. p is that of
 * the values after less machine_upper (machine_lower for an improvement), so that a machine that
 * changed by no more makes no rejection likelier. There is nothing fresh to confirm a regression
 * on, which is why Holm's procedure works here on the samples themselves.
 *
 * Failures take part in Holm's procedure and are never an improvement. More fail when the mean
 * share after is above 0 and at least e^margin times that before. That is a regression with an
 * adjusted p
 * <= tg_stored_holm; and inconclusive without one when none failed before, or p alone is <=
 * tg_stored_alpha; anything else passes. */
enum tg_gate_verdict tg_stored_compare(const struct tg_stored_metric *metrics, size_t count,
                                       struct tg_stored_verdict *verdicts,
                                       struct tg_arena *scratch);

#endif
