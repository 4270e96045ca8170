/* What one interval says against one margin. All numbers are log changes, positive is worse. */
#ifndef TG_COMPARE_VERDICT_H
#define TG_COMPARE_VERDICT_H

#include <stdbool.h>

#include "compare/interval.h"

enum tg_gate_verdict {
    TG_GATE_INCONCLUSIVE, /* not decided: not yet, or not at all */
    TG_GATE_PASS,         /* proved to be less than the margin worse */
    TG_GATE_IMPROVEMENT,  /* a pass, and proved better, by the margin or more as far as one knows */
    TG_GATE_REGRESSION,   /* proved worse, by the margin or more as far as one knows */
};

/* "inconclusive", "pass", "improvement", "regression" */
const char *tg_gate_verdict_name(enum tg_gate_verdict verdict);

/* 0 pass or improvement, 1 regression, 3 inconclusive. */
int tg_gate_exit_code(enum tg_gate_verdict verdict);

struct tg_found {
    bool worse;     /* lower bound > 0 */
    bool better;    /* upper bound < 0 */
    bool within;    /* upper bound < margin: non-inferiority (Wellek, Testing Statistical Hypotheses
                       of Equivalence and Noninferiority, 2nd ed. (2010), section 2.1) */
    bool regressed; /* worse, and the estimate >= margin */
    bool improved;  /* better, and the estimate <= -margin */
};

/* `margin` > 0. An interval without an estimate or bounds finds nothing. */
struct tg_found tg_find(const struct tg_interval *interval, double margin);

/* The smallest true change that an interval like this one would show to be one with probability
 * `power` (0.5 to 1, exclusive): h (1 + z_power / z_level), with h = (upper - lower) / 2 its half
 * width, level its one-sided level and z_q the normal q-quantile from above. For: the half width is
 * about z_level standard errors, and to lie above 0 with that probability the lower bound has to
 * have its expectation z_power standard errors above it (Julious, Sample Sizes for Clinical Trials
 * (2010), eq. 3.5, solved for the difference). Infinite without bounds. */
double tg_smallest_detectable(const struct tg_interval *interval, double power);

#endif
