/* The fixed piece of work that tells a slower machine from a slower store. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/text.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/yardstick.h"

/* Expected: the same loop over a Philox4x32-10 of its own in Python 3, after Salmon et al. */
static void the_piece_is_fixed(void **state)
{
    (void)state;
    uint64_t *words = tg_calloc(TG_YARDSTICK_WORDS, sizeof *words);
    for (uint64_t i = 0; i < TG_YARDSTICK_WORDS; i++)
        words[i] = 3 * i;
    assert_true(tg_yardstick_piece(words, 0) == UINT64_C(0x27d7c7af7914a0aa));
    assert_true(tg_yardstick_piece(words, 7) == UINT64_C(0x6e8719021a0a9408));
    free(words);
}

static void each_turn_is_as_long_as_asked_and_no_longer_than_its_pieces(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    tg_clock_init();
    for (uint32_t threads = 1; threads <= 3; threads++) {
        struct tg_yardstick *yardstick = tg_yardstick_new(threads, &diags);
        assert_non_null(yardstick);
        for (int turn = 0; turn < 2; turn++) {
            int64_t work_ns = 0;
            int64_t start_ns = tg_now_ns();
            assert_int_equal(tg_yardstick_run(yardstick, 2 * TG_NS_PER_MS, &work_ns, &diags),
                             TG_OK);
            int64_t took_ns = tg_now_ns() - start_ns;
            assert_true(took_ns >= 2 * TG_NS_PER_MS);
            assert_true(work_ns > 0 && work_ns <= took_ns);
        }
        tg_yardstick_free(yardstick);
    }
    assert_int_equal(diags.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_piece_is_fixed),
        cmocka_unit_test(each_turn_is_as_long_as_asked_and_no_longer_than_its_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
