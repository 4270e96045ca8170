#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runner/workload/random.h"
#include "runner/workload/wide.h"
#include "tests/unit/chi_square.h"

/* The philox4x32 10 lines of kat_vectors in Random123: four counter words, two key words, four
 * results. */
static const uint32_t known_answers[][10] = {
    {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
    {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e,
     0xa20bc7c6, 0x6d5451fd},
    {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb,
     0x5001e420, 0x24126ea1},
};

static uint64_t two(const uint32_t *words)
{
    return (uint64_t)words[1] << 32 | words[0];
}

static void philox_gives_the_known_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known_answers / sizeof known_answers[0]; i++) {
        const uint32_t *line = known_answers[i];
        const struct tg_random_block block = tg_philox(two(line + 4), two(line), two(line + 2));
        assert_int_equal(block.word[0], two(line + 6));
        assert_int_equal(block.word[1], two(line + 8));
    }
}

static void lanes_are_single_blocks(void **state)
{
    (void)state;
    const struct tg_random_block counter[TG_RANDOM_LANES] = {
        {{0, 0}},
        {{UINT64_MAX, UINT64_MAX}},
        {{UINT64_C(0x85a308d3243f6a88), UINT64_C(0x0370734413198a2e)}},
        {{1, UINT64_C(1) << 63}},
    };
    const uint64_t keys[] = {0, UINT64_MAX, UINT64_C(0x299f31d0a4093822)};
    for (size_t k = 0; k < 3; k++) {
        struct tg_random_block block[TG_RANDOM_LANES];
        tg_philox_lanes(keys[k], counter, block);
        for (size_t i = 0; i < TG_RANDOM_LANES; i++) {
            const struct tg_random_block single =
                tg_philox(keys[k], counter[i].word[0], counter[i].word[1]);
            assert_memory_equal(&block[i], &single, sizeof single);
        }
    }
}

/* Expected values: a Python implementation of Philox and FNV-1a after their papers. */
static void keys_depend_on_seed_and_place(void **state)
{
    (void)state;
    assert_int_equal(tg_random_key(1, "load/sessions/user_id"), UINT64_C(0xebd76cdecca58775));
    assert_int_equal(tg_random_key(0xDEADBEEF, "phase/steady"), UINT64_C(0x1bb38378e8c3166b));
    assert_int_equal(tg_random_key(0, ""), UINT64_C(0xd9c1ff040d81fbc8));
}

static void draws_are_the_words_of_the_blocks(void **state)
{
    (void)state;
    struct tg_random random;
    tg_random_at(&random, 42, 7);
    for (uint32_t n = 0; n < 50; n++)
        assert_int_equal(tg_random_u64(&random), tg_philox(42, 7, n / 2).word[n % 2]);
}

static void wide_products_are_whole(void **state)
{
    (void)state;
    uint64_t low;
    /* 0x0123456789abcdef * 0xfedcba9876543210, from Python's integers. */
    assert_int_equal(
        tg_multiply_wide(UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210), &low),
        UINT64_C(0x0121fa00ad77d742));
    assert_int_equal(low, UINT64_C(0x2236d88fe5618cf0));
    assert_int_equal(tg_multiply_wide(UINT64_MAX, UINT64_MAX, &low), UINT64_MAX - 1);
    assert_int_equal(low, 1);
}

/* With a bound of 3/4 of 2^64, a product without rejection would give a third of the numbers twice
 * the probability of the others. */
static void bounded_draws_have_no_bias(void **state)
{
    (void)state;
    const uint64_t bound = UINT64_C(3) << 62;
    const double third[] = {1.0 / 3, 1.0 / 3, 1.0 / 3};
    uint64_t counts[3] = {0};
    for (uint64_t i = 0; i < 100000; i++) {
        struct tg_random random;
        tg_random_at(&random, 1, i);
        const uint64_t number = tg_random_below(&random, bound);
        assert_true(number < bound);
        counts[number % 3]++;
    }
    assert_true(chi_square_fits(counts, third, 3));

    uint64_t small[10] = {0};
    double tenth[10];
    for (size_t i = 0; i < 10; i++)
        tenth[i] = 0.1;
    for (uint64_t i = 0; i < 100000; i++) {
        struct tg_random random;
        tg_random_at(&random, 2, i);
        small[tg_random_below(&random, 10)]++;
    }
    assert_true(chi_square_fits(small, tenth, 10));

    struct tg_random random;
    tg_random_at(&random, 3, 0);
    assert_int_equal(tg_random_below(&random, 1), 0);
}

static void units_use_53_bits(void **state)
{
    (void)state;
    double sum = 0;
    for (uint64_t i = 0; i < 100000; i++) {
        struct tg_random random;
        tg_random_at(&random, 5, i);
        const double unit = tg_random_unit(&random);
        assert_true(unit >= 0 && unit < 1);
        assert_true(unit == ldexp((double)(tg_philox(5, i, 0).word[0] >> 11), -53));
        sum += unit;
    }
    /* Mean 1/2, standard error sqrt(1/12 / 100000) = 0.00091. */
    assert_true(fabs(sum / 100000 - 0.5) < 4 * 0.00091);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_known_answers),
        cmocka_unit_test(lanes_are_single_blocks),
        cmocka_unit_test(keys_depend_on_seed_and_place),
        cmocka_unit_test(draws_are_the_words_of_the_blocks),
        cmocka_unit_test(wide_products_are_whole),
        cmocka_unit_test(bounded_draws_have_no_bias),
        cmocka_unit_test(units_use_53_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
