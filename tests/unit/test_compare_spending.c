#include "tests/unit/compare_support.h"

#include "compare/signed_rank.h"
#include "compare/spending.h"

static void what_may_be_spent_is_lan_and_demets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof spent_rows / sizeof *spent_rows; i++)
        for (int s = 0; s < 3; s++)
            assert_near(tg_spent((enum tg_spending)s, spent_rows[i].alpha, spent_rows[i].t),
                        spent_rows[i].spent[s]);
    assert_near(tg_spent(TG_SPEND_LATE, 0.05, 0), 0);
}

/* The second method: the 6 launches' magnitudes in each of their 720 orders, their signs in each of
 * 64 ways; the sums of ranks of the first 4 and of all, counted. */
static size_t signed_rank_sum(const size_t *magnitude, unsigned signs, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n && signs >> i & 1; j++)
            sum += magnitude[j] <= magnitude[i];
    return sum;
}

static void count_orders(size_t *magnitude, size_t placed, size_t count[11][22])
{
    if (placed == 6) {
        for (unsigned signs = 0; signs < 64; signs++)
            count[signed_rank_sum(magnitude, signs, 4)][signed_rank_sum(magnitude, signs, 6)]++;
        return;
    }
    for (size_t i = placed; i < 6; i++) {
        size_t kept = magnitude[placed];
        magnitude[placed] = magnitude[i];
        magnitude[i] = kept;
        count_orders(magnitude, placed + 1, count);
        magnitude[i] = magnitude[placed];
        magnitude[placed] = kept;
    }
}

static void two_looks_are_what_counting_gives(void **state)
{
    struct tg_arena *arena = *state;
    size_t magnitude[6] = {0, 1, 2, 3, 4, 5};
    size_t count[11][22] = {{0}};
    count_orders(magnitude, 0, count);
    for (size_t order = 1; order <= 11; order++) {
        double joint[22];
        tg_joint_signed_rank(4, order, 6, 22, joint, arena);
        for (size_t t = 0; t < 22; t++) {
            size_t ways = 0;
            for (size_t s = 0; s < order; s++)
                ways += count[s][t];
            assert_near(joint[t], (double)ways / (720 * 64));
        }
    }
}

static void a_plan_spends_what_it_may_and_no_more(void **state)
{
    struct tg_arena *arena = *state;
    for (int s = 0; s < 3; s++) {
        struct tg_look_plan plan = tg_look_plan((enum tg_spending)s, 0.05, tg_gate_looks, 4, arena);
        double previous = 0;
        double levels = 0;
        for (size_t i = 0; i < plan.count; i++) {
            const struct tg_look *look = &plan.looks[i];
            double spendable = tg_spent((enum tg_spending)s, 0.05, (double)look->launches / 32);
            assert_true(look->spent <= spendable * (1 + 1e-9) && look->spent >= previous);
            /* One more Walsh average would cost at least its own share of the level, which at most
             * the previous look shares: nothing larger fits by a wide margin. */
            assert_true(spendable - look->spent < 0.006);
            assert_near(look->level, tg_signed_rank_level(look->launches, look->order));
            levels += look->level;
            previous = look->spent;
        }
        assert_true(levels > previous); /* looks overlap, and the plan knows */
    }
    struct tg_look_plan plan = tg_look_plan(TG_SPEND_EARLY, 0.05, tg_gate_looks, 4, arena);
    /* 0.02149 may be spent at 10 launches: 19/1024 = 0.0186 fits, 25/1024 = 0.0244 does not. */
    assert_int_equal(plan.looks[0].order, 8);
    assert_near(plan.looks[0].level, 19.0 / 1024);
    /* 0.00045 may be spent: less than 1/1024. */
    assert_int_equal(tg_look_plan(TG_SPEND_LATE, 0.05, tg_gate_looks, 4, arena).looks[0].order, 0);
}

static void one_look_gets_it_all(void **state)
{
    struct tg_arena *arena = *state;
    const size_t launches[1] = {16};
    struct tg_look_plan plan = tg_look_plan(TG_SPEND_LATE, 0.05, launches, 1, arena);
    assert_int_equal(plan.looks[0].order, tg_signed_rank_order(16, 0.05));
    struct tg_look last = tg_last_look(&plan, 0, 12, arena);
    assert_int_equal(last.order, tg_signed_rank_order(12, 0.05));
}

static void a_last_look_spends_the_rest(void **state)
{
    struct tg_arena *arena = *state;
    struct tg_look_plan plan = tg_look_plan(TG_SPEND_EARLY, 0.05, tg_gate_looks, 4, arena);
    struct tg_look last = tg_last_look(&plan, 2, 20, arena);
    assert_true(last.spent <= 0.05 && last.spent > 0.047);
    assert_true(last.level > plan.looks[2].level);
    struct tg_look far = tg_last_look(&plan, 4, 64, arena); /* beyond what is counted: no sharing */
    assert_true(far.spent <= 0.05);
    assert_true(far.level <= 0.05 - plan.looks[3].spent + 1e-12);
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
        cmocka_unit_test(what_may_be_spent_is_lan_and_demets),
        cmocka_unit_test(two_looks_are_what_counting_gives),
        cmocka_unit_test(a_plan_spends_what_it_may_and_no_more),
        cmocka_unit_test(one_look_gets_it_all),
        cmocka_unit_test(a_last_look_spends_the_rest),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
