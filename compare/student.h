/* Student's t distribution. */
#ifndef TG_COMPARE_STUDENT_H
#define TG_COMPARE_STUDENT_H

#include <stdbool.h>
#include <stddef.h>

/* P(-t <= T <= t), t >= 0, with `degrees` >= 1 degrees of freedom. Absolute error below 1e-14.
 * (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4: finite sums for whole degrees of freedom.) */
double tg_student_within(double t, size_t degrees);

/* The t with that probability between -t and t, 0 <= share < 1: the factor of a two-sided interval
 * of this confidence. Accurate to 1e-9 of itself up to a share of 0.9999. */
double tg_student_factor(double share, size_t degrees);

#endif
