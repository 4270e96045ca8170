/* [inject] at work. How long a busy wait takes is bounded from below alone, or by another one: any
 * machine may be slower than one thinks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/inject.h"

enum { OPS = 3, PHASES = 2 };

static struct tg_injector *make(uint64_t seed, struct tg_inject first, struct tg_inject second)
{
    static struct tg_op ops[OPS] = {{.name = "get"}, {.name = "put"}, {.name = "left_alone"}};
    static struct tg_phase phases[PHASES] = {{.name = "one"}, {.name = "two"}};
    struct tg_inject injects[OPS] = {first, second};
    const struct tg_scenario scenario = {.seed = seed,
                                         .ops = ops,
                                         .op_count = OPS,
                                         .phases = phases,
                                         .phase_count = PHASES,
                                         .injects = injects};
    tg_clock_init();
    return tg_injector_new(&scenario);
}

static const struct tg_inject nothing;

static struct tg_inject share_of_all(double share)
{
    return (struct tg_inject){.add_share = share, .of = 1, .slowest = 1};
}

/* What an operation of that service time, which ends now, is made to wait. */
static int64_t wait_of(struct tg_injector *injector, uint32_t phase, uint32_t op, uint64_t index,
                       int64_t service_ns)
{
    int64_t end_ns = tg_now_ns();
    return tg_inject(injector, phase, op, index, end_ns - service_ns, end_ns) - end_ns;
}

/* The shortest of many: what the wait is when nothing comes between. */
static int64_t shortest_wait(struct tg_injector *injector, uint32_t op, int64_t service_ns)
{
    int64_t shortest = INT64_MAX;
    for (uint64_t i = 0; i < 200; i++) {
        int64_t wait_ns = wait_of(injector, 0, op, i, service_ns);
        if (wait_ns < shortest)
            shortest = wait_ns;
    }
    return shortest;
}

static int64_t reading_ns(void)
{
    return tg_clock_overhead_ps() / 1000 + 1;
}

static void a_percentage_is_of_the_operations_own_time(void **state)
{
    (void)state;
    struct tg_injector *injector = make(1, share_of_all(0.05), share_of_all(0.5));
    for (int64_t service_ns = 4000; service_ns <= 100000; service_ns *= 5) {
        int64_t small = shortest_wait(injector, 0, service_ns);
        int64_t large = shortest_wait(injector, 1, service_ns);
        assert_true(small >= service_ns / 20 - reading_ns());
        assert_true(large >= service_ns / 2 - reading_ns());
        assert_true(large > small);
        assert_true(shortest_wait(injector, 1, 5 * service_ns) > large);
    }
    tg_injector_free(injector);
}

static void a_fixed_wait_does_not_depend_on_the_operation(void **state)
{
    (void)state;
    struct tg_injector *injector =
        make(1, (struct tg_inject){.add_ns = 5000, .of = 1, .slowest = 1}, share_of_all(1));
    int64_t after_nothing = shortest_wait(injector, 0, 0);
    int64_t after_long = shortest_wait(injector, 0, 100 * TG_NS_PER_US);
    assert_true(after_nothing >= 5000 - reading_ns());
    assert_true(after_long >= 5000 - reading_ns());
    assert_true(after_long < shortest_wait(injector, 1, 100 * TG_NS_PER_US));
    tg_injector_free(injector);
}

static void other_operations_are_left_alone(void **state)
{
    (void)state;
    struct tg_injector *injector = make(1, share_of_all(1), nothing);
    for (uint64_t i = 0; i < 100; i++) {
        assert_int_equal(wait_of(injector, 1, 1, i, TG_NS_PER_MS), 0);
        assert_int_equal(wait_of(injector, 1, 2, i, TG_NS_PER_MS), 0);
    }
    tg_injector_free(injector);
}

/* ---- a pseudo-random share ---- */

enum { INDICES = 20000 };

static void choose(struct tg_injector *injector, uint32_t phase, uint32_t op, bool *slowed)
{
    for (uint64_t i = INDICES; i-- > 0;)
        slowed[i] = wait_of(injector, phase, op, i, 0) > 0;
}

static int count_of(const bool *slowed)
{
    int count = 0;
    for (size_t i = 0; i < INDICES; i++)
        count += slowed[i];
    return count;
}

static int shared(const bool *a, const bool *b)
{
    int count = 0;
    for (size_t i = 0; i < INDICES; i++)
        count += a[i] && b[i];
    return count;
}

/* 2 % of 20,000 are 400, with a standard deviation of sqrt(20000 * 0.02 * 0.98) = 19.8; the bounds
 * are five of them away. Two independent choices have 8 in common (sd 2.8); 25 are six away. */
static void a_share_is_chosen_by_seed_phase_operation_and_index(void **state)
{
    (void)state;
    const struct tg_inject rule = {.add_ns = 1000, .of = 0.02, .slowest = 1};
    struct tg_injector *injector = make(1, rule, rule);
    static bool first[INDICES], other[INDICES];
    choose(injector, 0, 0, first);
    assert_in_range(count_of(first), 301, 499);
    int even = 0;
    for (size_t i = 0; i < INDICES; i += 2)
        even += first[i];
    assert_in_range(even, 130, 270); /* 200, and five times 14 */

    choose(injector, 1, 0, other); /* another phase */
    assert_in_range(count_of(other), 301, 499);
    assert_in_range(shared(first, other), 0, 25);
    choose(injector, 0, 1, other); /* another operation */
    assert_in_range(shared(first, other), 0, 25);
    tg_injector_free(injector);

    injector = make(2, rule, rule); /* another seed */
    choose(injector, 0, 0, other);
    assert_in_range(shared(first, other), 0, 25);
    tg_injector_free(injector);

    injector = make(1, rule, rule); /* the same again, in another order */
    for (uint64_t i = 0; i < INDICES; i++)
        other[i] = wait_of(injector, 0, 0, i, 0) > 0;
    assert_memory_equal(first, other, sizeof first);
    tg_injector_free(injector);
}

/* ---- the slowest ---- */

enum { SEEN = 5000 };

/* Service times in no order: 7919 and 10007 are prime to each other, so that none comes twice. */
static int64_t service_of(size_t i)
{
    return 1000 + (int64_t)(i * 7919 % 10007) * 100;
}

/* Share of the `count` first service times that are below that of operation `count`, by counting.
 */
static double rank_of(size_t count)
{
    size_t below = 0;
    for (size_t i = 0; i < count; i++)
        below += service_of(i) < service_of(count);
    return (double)below / (double)count;
}

/* Between two looks at the percentile, and by the histogram's resolution, what counts as slow may
 * be off by a little: operations near the border may go either way. */
static void only_the_slowest_are_slowed(void **state)
{
    (void)state;
    const struct tg_inject rule = {.add_ns = 1000, .of = 1, .slowest = 0.02};
    struct tg_injector *injector = make(1, rule, nothing);
    int slowed = 0;
    for (size_t i = 0; i < SEEN; i++) {
        int64_t wait_ns = wait_of(injector, 0, 0, i, service_of(i));
        if (i < TG_INJECT_LEARNS) {
            assert_int_equal(wait_ns, 0); /* nobody knows yet */
            continue;
        }
        double rank = rank_of(i);
        if (wait_ns > 0) {
            slowed++;
            assert_true(rank > 0.97);
            assert_true(wait_ns >= 1000 - reading_ns());
        } else {
            assert_true(rank < 0.99);
        }
    }
    assert_in_range(slowed, (SEEN - TG_INJECT_LEARNS) / 67, (SEEN - TG_INJECT_LEARNS) / 40);
    tg_injector_free(injector);
}

/* What is slow for one operation is not for another, and what was learnt in one phase holds in the
 * next. */
static void each_operation_has_its_own_slowest(void **state)
{
    (void)state;
    const struct tg_inject rule = {.add_share = 0.01, .of = 1, .slowest = 0.1};
    struct tg_injector *injector = make(1, rule, rule);
    for (size_t i = 0; i < 1000; i++) {
        (void)wait_of(injector, 0, 0, i, 1000 + (int64_t)(i % 100));
        (void)wait_of(injector, 0, 1, i, 1000000 + 1000 * (int64_t)(i % 100));
    }
    assert_true(wait_of(injector, 1, 0, 0, 500000) >= 5000 - reading_ns());
    assert_int_equal(wait_of(injector, 1, 1, 0, 500000), 0);
    assert_int_equal(wait_of(injector, 1, 0, 0, 1000), 0);
    assert_true(wait_of(injector, 1, 1, 0, 5000000) >= 50000 - reading_ns());
    tg_injector_free(injector);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_percentage_is_of_the_operations_own_time),
        cmocka_unit_test(a_fixed_wait_does_not_depend_on_the_operation),
        cmocka_unit_test(other_operations_are_left_alone),
        cmocka_unit_test(a_share_is_chosen_by_seed_phase_operation_and_index),
        cmocka_unit_test(only_the_slowest_are_slowed),
        cmocka_unit_test(each_operation_has_its_own_slowest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
