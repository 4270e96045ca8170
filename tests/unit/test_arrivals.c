#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runner/drive/arrivals.h"

static const struct tg_phase steady = {.name = "steady", .rate_per_s = 1000};
static const struct tg_phase random_phase = {
    .name = "bursty", .rate_per_s = 1000, .arrival = TG_ARRIVAL_POISSON};

static void constant_arrivals_are_index_over_rate(void **state)
{
    (void)state;
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, &steady, 1);
    assert_int_equal(tg_arrivals_due_ns(&arrivals, 0), 0);
    assert_int_equal(tg_arrivals_due_ns(&arrivals, 1), 1000000);
    assert_int_equal(tg_arrivals_due_ns(&arrivals, 60000), INT64_C(60000000000));
    /* No accumulated rounding: a third of a second is not a whole number of ns, the 3,000,000th is.
     */
    const struct tg_phase thirds = {.name = "thirds", .rate_per_s = 3};
    tg_arrivals_init(&arrivals, &thirds, 1);
    assert_int_equal(tg_arrivals_due_ns(&arrivals, 3000000), INT64_C(1000000000000000));
}

static void arrivals_are_counted_as_they_fall_due(void **state)
{
    (void)state;
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, &steady, 1);
    assert_int_equal(tg_arrivals_before(&arrivals, 0), 0);
    assert_int_equal(tg_arrivals_before(&arrivals, 1), 1); /* the one at 0 */
    assert_int_equal(tg_arrivals_before(&arrivals, 1000000),
                     1); /* the one at 1 ms is not before it */
    assert_int_equal(tg_arrivals_before(&arrivals, 1000001), 2);
    assert_int_equal(tg_arrivals_before(&arrivals, INT64_C(60000000000)), 60000);
    const struct tg_phase *phases[] = {&steady, &random_phase};
    for (size_t p = 0; p < 2; p++) {
        tg_arrivals_init(&arrivals, phases[p], 7);
        uint64_t count = tg_arrivals_before(&arrivals, 50000000);
        assert_true(tg_arrivals_due_ns(&arrivals, count) >= 50000000);
        assert_true(count == 0 || tg_arrivals_due_ns(&arrivals, count - 1) < 50000000);
    }
}

/* Exponential gaps of mean 1 ms: mean and variance over 100,000 of them. The standard error of the
 * mean is 1 ms / sqrt(100,000) = 3.2 us, that of the variance about sqrt(8 / 100,000) = 0.9 % of
 * it; the bounds are five of those, and the seed is fixed. */
static void poisson_gaps_are_exponential(void **state)
{
    (void)state;
    enum { GAPS = 100000 };
    struct tg_arrivals arrivals;
    tg_arrivals_init(&arrivals, &random_phase, 42);
    double sum = 0, squares = 0;
    int above_mean = 0;
    int64_t last = tg_arrivals_due_ns(&arrivals, 0);
    assert_int_equal(last, 0);
    for (uint64_t i = 1; i <= GAPS; i++) {
        int64_t due = tg_arrivals_due_ns(&arrivals, i);
        double gap_ms = (double)(due - last) / 1e6;
        assert_true(due >= last);
        sum += gap_ms;
        squares += gap_ms * gap_ms;
        above_mean += gap_ms > 1;
        last = due;
    }
    double mean = sum / GAPS;
    double variance = squares / GAPS - mean * mean;
    assert_true(mean > 0.984 && mean < 1.016);
    assert_true(variance > 0.955 && variance < 1.045);
    /* P(gap > mean) = 1/e = 0.36788; standard error 0.0015. */
    assert_true(above_mean > 0.3602 * GAPS && above_mean < 0.3756 * GAPS);
}

static void poisson_arrivals_do_not_depend_on_the_way_there(void **state)
{
    (void)state;
    struct tg_arrivals walking, jumping;
    tg_arrivals_init(&walking, &random_phase, 42);
    tg_arrivals_init(&jumping, &random_phase, 42);
    for (uint64_t i = 0; i < 1000; i++)
        (void)tg_arrivals_due_ns(&walking, i);
    int64_t at_700 = tg_arrivals_due_ns(&walking, 700); /* back again */
    assert_int_equal(tg_arrivals_due_ns(&jumping, 700), at_700);
    tg_arrivals_init(&jumping, &random_phase, 43);
    assert_int_not_equal(tg_arrivals_due_ns(&jumping, 700), at_700);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_arrivals_are_index_over_rate),
        cmocka_unit_test(arrivals_are_counted_as_they_fall_due),
        cmocka_unit_test(poisson_gaps_are_exponential),
        cmocka_unit_test(poisson_arrivals_do_not_depend_on_the_way_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
