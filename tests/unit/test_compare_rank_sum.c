#include "tests/unit/compare_support.h"

#include "compare/rank_sum.h"

static void the_distribution_is_rs(void **state)
{
    struct tg_arena *arena = *state;
    for (size_t i = 0; i < sizeof rank_sum_rows / sizeof *rank_sum_rows; i++) {
        const struct rank_sum_row *row = &rank_sum_rows[i];
        assert_near(tg_rank_sum_cdf(row->m, row->n, row->u, arena), row->p);
        assert_near(tg_rank_sum_cdf(row->n, row->m, row->u, arena), row->p);
        tg_arena_reset(arena);
    }
}

static void p_values_and_bounds_are_rs(void **state)
{
    struct tg_arena *arena = *state;
    for (size_t i = 0; i < sizeof two_samples / sizeof *two_samples; i++) {
        const struct two_sample *row = &two_samples[i];
        for (int a = 0; a < 3; a++)
            assert_near(tg_rank_sum_p(row->before, row->m, row->after, row->n,
                                      (enum tg_alternative)a, arena),
                        row->p[a]);
        if (!isnan(row->estimate)) {
            struct tg_interval interval = tg_rank_sum_interval(
                row->before, row->m, row->after, row->n, 0.5 * (1 - row->confidence), arena);
            assert_near(interval.estimate, row->estimate);
            assert_near(interval.lower, row->lower);
            assert_near(interval.upper, row->upper);
        }
        tg_arena_reset(arena);
    }
}

/* The second method: every choice of which 5 of 11 ranks are the second sample's, counted. */
static void the_distribution_is_what_counting_gives(void **state)
{
    struct tg_arena *arena = *state;
    size_t at[31] = {0};
    size_t all = 0;
    for (unsigned choice = 0; choice < 1u << 11; choice++) {
        if (__builtin_popcount(choice) != 5)
            continue;
        size_t u = 0;
        size_t first = 0;
        for (unsigned i = 0; i < 11; i++) {
            if (choice >> i & 1)
                u += first;
            else
                first++;
        }
        at[u]++;
        all++;
    }
    size_t below = 0;
    for (size_t u = 0; u <= 30; u++) {
        below += at[u];
        assert_near(tg_rank_sum_cdf(6, 5, (double)u, arena), (double)below / (double)all);
    }
}

static void what_says_nothing_decides_nothing(void **state)
{
    struct tg_arena *arena = *state;
    const double same[4] = {2, 2, 2, 2};
    assert_near(tg_rank_sum_p(same, 4, same, 4, TG_ALTERNATIVE_GREATER, arena), 1);
    assert_near(tg_rank_sum_p(same, 4, NULL, 0, TG_ALTERNATIVE_GREATER, arena), 1);
    struct tg_interval none = tg_rank_sum_interval(NULL, 0, same, 4, 0.05, arena);
    assert_near(none.estimate, NAN);
    assert_near(none.lower, -INFINITY);
    struct tg_interval few = tg_rank_sum_interval(same, 2, same, 2, 0.05, arena); /* 1/6 at best */
    assert_near(few.upper, INFINITY);
    assert_int_equal(tg_rank_sum_order(2, 2, 0.05, arena), 0);
    assert_int_equal(tg_rank_sum_order(3, 3, 0.05, arena), 1); /* 1 of 20 arrangements */
}

static void large_samples_are_close_to_the_exact_ones(void **state)
{
    struct tg_arena *arena = *state;
    /* pwilcox(1400, 60, 60) in R 4.2.2; the normal approximation
     * with continuity correction is good to three digits there. */
    assert_true(fabs(tg_rank_sum_cdf(60, 60, 1400, arena) / 0.01783882909 - 1) < 0.01);
    size_t order = tg_rank_sum_order(60, 60, 0.05, arena);
    assert_true(tg_rank_sum_cdf(60, 60, (double)order - 1, arena) <= 0.05);
    assert_true(tg_rank_sum_cdf(60, 60, (double)order, arena) > 0.05);
}

static int set_up(void **state)
{
    static struct tg_arena arena;
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    tg_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distribution_is_rs),
        cmocka_unit_test(p_values_and_bounds_are_rs),
        cmocka_unit_test(the_distribution_is_what_counting_gives),
        cmocka_unit_test(what_says_nothing_decides_nothing),
        cmocka_unit_test(large_samples_are_close_to_the_exact_ones),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
