/* What the tests of compare/ share. Static functions, so that each test stays one program. */
#ifndef TG_TESTS_UNIT_COMPARE_SUPPORT_H
#define TG_TESTS_UNIT_COMPARE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

/* The rows of the reference values; the tables of R and SciPy are generated beside their scripts.
 */
struct tied_row {
    size_t n;
    double x[12], p[3];
};
struct sign_row {
    size_t more, fewer;
    double p;
};
struct normal_row {
    double z, p;
};
struct spent_row {
    double alpha, t, spent[3];
};
struct signed_rank_row {
    size_t n;
    double t, p;
};
struct rank_sum_row {
    size_t m, n;
    double u, p;
};
struct one_sample { /* p: greater, less, two-sided */
    size_t n;
    double x[80], theta, p[3], estimate, lower, upper, confidence;
};
struct two_sample {
    size_t m;
    double before[60];
    size_t n;
    double after[60], p[3], estimate, lower, upper, confidence;
};

/* No program uses all of them. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
#include "tests/reference/wilcoxon_r.inc"
#include "tests/reference/wilcoxon_scipy.inc"
#pragma GCC diagnostic pop

/* Equal but for rounding: relative where the number is large. */
static inline void assert_near(double value, double expected)
{
    if (isnan(expected) || isinf(expected)) {
        assert_true(isnan(expected) ? isnan(value) : value == expected);
        return;
    }
    double distance = fabs(value - expected);
    if (!(distance <= 1e-9 * fmax(fabs(expected), 1e-6)))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* Numbers for property tests: the same in every run. */
static inline double next_unit(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

#endif
