/* Whether the workers offered the rate, on figures by hand: one worker at 100/s from 1 s on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "common/units.h"
#include "runner/drive/offer.h"

struct fixture {
    struct tg_arena arena;
    struct tg_phase phase;
    struct tg_worker_slot worker;
    struct tg_slots slots;
    struct tg_offer offer;
    struct tg_phase_result result;
};

static int set_up(void **state)
{
    static struct fixture f;
    f = (struct fixture){
        .phase = {.name = "p", .rate_per_s = 100, .workers = 1, .duration_ns = TG_NS_PER_S},
        /* Half of what fell due was started; a fifth of the second in the store. */
        .worker = {.issued = 50, .store_ns = TG_NS_PER_S / 5},
        .result = {.open_loop = true,
                   .rate_per_s = 100,
                   .workers = 1,
                   .elapsed_ns = TG_NS_PER_S - 1},
    };
    f.slots.workers = &f.worker;
    f.offer = (struct tg_offer){.phase = &f.phase,
                                .seed = 1,
                                .slots = &f.slots,
                                .record_ns = TG_NS_PER_S,
                                .last_end_ns = 2 * TG_NS_PER_S};
    f.result.busy_lag = tg_hdr_new(&tg_hdr_latency_ns);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    free(f->result.busy_lag);
    tg_arena_free(&f->arena);
    return 0;
}

/* It came back half a second after its end: what fell due then is not the phase's. */
static void what_falls_due_ends_with_the_phase(void **state)
{
    struct fixture *f = *state;
    tg_offer_count(&f->offer, 2 * TG_NS_PER_S + TG_NS_PER_S / 2, &f->result);
    assert_int_equal(f->result.offered, 100);
    assert_int_equal(f->result.issued, 50);
}

static void workers_outside_of_the_store_say_nothing_about_it(void **state)
{
    struct fixture *f = *state;
    tg_offer_count(&f->offer, 2 * TG_NS_PER_S, &f->result);
    assert_string_equal(
        tg_offer_doubt(&f->offer, &f->result, &f->arena),
        "the harness offered only 50.0/s of 100/s, and its workers spent only 20% of "
        "their time in the store: lower the rate, or add workers");
    f->worker.store_ns = 6 * TG_NS_PER_S / 10; /* the store was too slow: a result */
    assert_null(tg_offer_doubt(&f->offer, &f->result, &f->arena));
    /* Until 1.5 s it was on time, with all of its time in the store: what counts came after. */
    f->worker.on_time_ns = 3 * TG_NS_PER_S / 2;
    f->worker.on_time_store_ns = TG_NS_PER_S / 2;
    assert_non_null(tg_offer_doubt(&f->offer, &f->result, &f->arena));
    f->worker.issued = 99; /* one operation is under way */
    f->result.issued = 0;
    tg_offer_count(&f->offer, 2 * TG_NS_PER_S, &f->result);
    assert_null(tg_offer_doubt(&f->offer, &f->result, &f->arena));
}

static void nothing_is_said_of_what_was_not_recorded(void **state)
{
    struct fixture *f = *state;
    f->offer.record_ns = 0;
    tg_offer_count(&f->offer, 2 * TG_NS_PER_S, &f->result);
    assert_int_equal(f->result.offered, 0);
    assert_null(tg_offer_doubt(&f->offer, &f->result, &f->arena));
}

/* 50 operations at 100/s that took until 1 s after the start: a count is always reached, and what
 * fell due meanwhile is held against it, if the last ones were the latest. */
static void a_count_is_late_when_its_last_operations_are(void **state)
{
    struct fixture *f = *state;
    f->phase.duration_ns = 0;
    f->phase.count = 50;
    tg_offer_count(&f->offer, 2 * TG_NS_PER_S, &f->result);
    assert_int_equal(f->result.offered, 50);
    /* The last was due after 490 ms and ended after 1 s: 510 ms late. */
    tg_hdr_record_many(f->result.busy_lag, 510 * TG_NS_PER_MS, 40);
    assert_non_null(tg_offer_doubt(&f->offer, &f->result, &f->arena));
    /* They had been later, and caught up. */
    tg_hdr_record_many(f->result.busy_lag, 600 * TG_NS_PER_MS, 1);
    assert_null(tg_offer_doubt(&f->offer, &f->result, &f->arena));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_falls_due_ends_with_the_phase),
        TEST(workers_outside_of_the_store_say_nothing_about_it),
        TEST(nothing_is_said_of_what_was_not_recorded),
        TEST(a_count_is_late_when_its_last_operations_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
