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
        struct tg_interval interval = tg_rank_sum_interval(row->before, row->m, row->after, row->n,
                                                           0.5 * (1 - row->confidence), arena);
        assert_near(interval.estimate, row->estimate);
        assert_near(interval.lower, row->lower);
        assert_near(interval.upper, row->upper);
        tg_arena_reset(arena);
    }
}

static void p_values_with_ties_are_scipys(void **state)
{
    struct tg_arena *arena = *state;
    for (size_t i = 0; i < sizeof tied_two_samples / sizeof *tied_two_samples; i++) {
        const struct two_sample *row = &tied_two_samples[i];
        for (int a = 0; a < 3; a++)
            assert_near(tg_rank_sum_p(row->before, row->m, row->after, row->n,
                                      (enum tg_alternative)a, arena),
                        row->p[a]);
        tg_arena_reset(arena);
    }
}

/* By hand: of the launches of both samples, `failing` have failures, each another share of them.
 * That all of them are in the second sample is C(size, failing) of C(2 size, failing) choices. */
static void rare_failures_are_as_likely_as_their_places(void **state)
{
    struct tg_arena *arena = *state;
    for (size_t size = 16; size <= TG_RANK_SUM_EXACT_MAX; size += 34) {
        double chance = 1;
        for (size_t failing = 1; failing <= size; failing++) {
            const double before[TG_RANK_SUM_EXACT_MAX] = {0};
            double after[TG_RANK_SUM_EXACT_MAX] = {0};
            for (size_t i = 0; i < failing; i++)
                after[i] = 0.01 * (double)(i + 1);
            chance *= (double)(size - failing + 1) / (double)(2 * size - failing + 1);
            if (failing % 5 == 0 || (size == 16 && failing < 8)) {
                assert_near(tg_rank_sum_p(before, size, after, size, TG_ALTERNATIVE_GREATER, arena),
                            chance);
                assert_near(tg_rank_sum_p(after, size, before, size, TG_ALTERNATIVE_LESS, arena),
                            chance);
                tg_arena_reset(arena);
            }
            if (size == 16 && failing == 5)
                assert_near(chance, 4368.0 / 201376); /* 0.0217 */
        }
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

/* Likewise with ties, and with pairs counted instead of ranks added: every choice of which 5 of 11
 * values are the second sample's, against each of them as what was observed. */
static void tied_p_values_are_what_counting_gives(void **state)
{
    static const double values[11] = {0, 0, 0, 0, 1, 2, 2, 3, 3, 3, 7};
    enum { CHOICES = 462 }; /* C(11, 5) */
    struct tg_arena *arena = *state;
    double u[CHOICES] = {0};
    double before[CHOICES][6], after[CHOICES][5];
    size_t all = 0;
    for (unsigned choice = 0; choice < 1u << 11; choice++) {
        if (__builtin_popcount(choice) != 5)
            continue;
        size_t m = 0;
        size_t n = 0;
        for (unsigned i = 0; i < 11; i++) {
            if (choice >> i & 1)
                after[all][n++] = values[i];
            else
                before[all][m++] = values[i];
        }
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < n; j++)
                u[all] += after[all][j] > before[all][i]    ? 1
                          : after[all][j] == before[all][i] ? 0.5
                                                            : 0;
        all++;
    }
    assert_int_equal(all, CHOICES);
    for (size_t observed = 0; observed < CHOICES; observed++) {
        size_t greater = 0;
        size_t less = 0;
        for (size_t i = 0; i < CHOICES; i++) {
            greater += u[i] >= u[observed];
            less += u[i] <= u[observed];
        }
        const double *b = before[observed];
        const double *a = after[observed];
        assert_near(tg_rank_sum_p(b, 6, a, 5, TG_ALTERNATIVE_GREATER, arena),
                    (double)greater / CHOICES);
        assert_near(tg_rank_sum_p(b, 6, a, 5, TG_ALTERNATIVE_LESS, arena), (double)less / CHOICES);
        tg_arena_reset(arena);
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
        cmocka_unit_test(p_values_with_ties_are_scipys),
        cmocka_unit_test(rare_failures_are_as_likely_as_their_places),
        cmocka_unit_test(the_distribution_is_what_counting_gives),
        cmocka_unit_test(tied_p_values_are_what_counting_gives),
        cmocka_unit_test(what_says_nothing_decides_nothing),
        cmocka_unit_test(large_samples_are_close_to_the_exact_ones),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
