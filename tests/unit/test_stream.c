#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/chi_square.h"
#include "tests/unit/sample_workload.h"

static struct tg_arena arena;
static struct tg_arena scratch;
static struct tg_workload_spec spec;
static struct tg_workload *workload;

static int compile_sample(void **state)
{
    (void)state;
    spec = sample_workload(1);
    workload = tg_workload_compile(&arena, &spec);
    return 0;
}

static int free_arenas(void **state)
{
    (void)state;
    tg_arena_free(&arena);
    tg_arena_free(&scratch);
    return 0;
}

/* The same on every platform and for every version of "tailgate stream 1": another compiler,
 * another processor, another C library must give these very digits. tests/reference/stream.py, a
 * second implementation in Python, prints them too. If this test fails, streams have changed:
 * stored results are no longer comparable, and the version in docs/stream.md has to change with
 * them. */
static void fingerprints_are_the_pinned_ones(void **state)
{
    (void)state;
    static const struct {
        uint64_t seed;
        const char *fingerprint;
    } pinned[] = {
        {1, "de00e8705437db2aa2aec7fbb1d2e755716952a746789abeea824005a52c2f9a"},
        {0xDEADBEEF, "6d9c161eaa4536bed71640b6ac0707d3bd70bae67db5ef35be304657e93aa37a"},
        {UINT64_MAX, "8246ba755c9fb547874088ac4e6f7c85823fb325a692aa8ae2ad7840b6578d59"},
    };
    for (size_t i = 0; i < COUNT_OF(pinned); i++) {
        const struct tg_workload_spec seeded = sample_workload(pinned[i].seed);
        char got[TG_HASH_TEXT];
        tg_workload_fingerprint(tg_workload_compile(&arena, &seeded), got);
        assert_string_equal(got, pinned[i].fingerprint);
    }
}

static void assert_fingerprint_differs(const struct tg_workload_spec *changed)
{
    char original[TG_HASH_TEXT], got[TG_HASH_TEXT];
    tg_workload_fingerprint(workload, original);
    tg_workload_fingerprint(tg_workload_compile(&arena, changed), got);
    assert_string_not_equal(original, got);
}

static void fingerprints_notice_small_changes(void **state)
{
    (void)state;
    struct tg_workload_spec changed = sample_workload(1);
    struct tg_load_spec loads[COUNT_OF(sample_loads)];
    struct tg_gen_named users[COUNT_OF(sample_users)];
    struct tg_mix_entry mixed[COUNT_OF(sample_mixed)];
    struct tg_phase_mix phases[COUNT_OF(sample_phases)];
    struct tg_op_spec ops[COUNT_OF(sample_ops)];
    memcpy(loads, sample_loads, sizeof loads);
    memcpy(users, sample_users, sizeof users);
    memcpy(mixed, sample_mixed, sizeof mixed);
    memcpy(phases, sample_phases, sizeof phases);
    memcpy(ops, sample_ops, sizeof ops);
    loads[0].columns = users;
    phases[0].entries = mixed;
    changed.loads = loads;
    changed.phases = phases;
    changed.ops = ops;

    users[3].spec.sd = 10.000000000000002; /* one bit of one real */
    assert_fingerprint_differs(&changed);
    users[3] = sample_users[3];
    users[9].name = "land";
    assert_fingerprint_differs(&changed);
    users[9] = sample_users[9];
    loads[1].rows = 151;
    assert_fingerprint_differs(&changed);
    loads[1] = sample_loads[1];
    mixed[2].weight = 26;
    assert_fingerprint_differs(&changed);
    mixed[2] = sample_mixed[2];
    phases[1].name = "reading";
    assert_fingerprint_differs(&changed);
    phases[1] = sample_phases[1];
    ops[1].batch = 2;
    assert_fingerprint_differs(&changed);
}

enum { OPS = 4000, WORKERS = 8 };

static void workers_see_the_same_stream(void **state)
{
    (void)state;
    static uint32_t alone[OPS], mine[OPS], single;
    tg_stream_ops(workload, 0, 1000, 1, OPS, alone);
    for (uint64_t i = 0; i < OPS; i++) {
        tg_stream_ops(workload, 0, 1000 + i, 1, 1, &single);
        assert_int_equal(single, alone[i]);
    }
    for (uint64_t workers = 1; workers <= WORKERS; workers++)
        for (uint64_t worker = 0; worker < workers; worker++) {
            const size_t count = (OPS - worker + workers - 1) / workers;
            tg_stream_ops(workload, 0, 1000 + worker, workers, count, mine);
            for (size_t i = 0; i < count; i++)
                assert_int_equal(mine[i], alone[worker + i * workers]);
        }
    /* In pieces of odd sizes, too. */
    for (size_t done = 0, piece = 1; done < OPS; piece = piece % 37 + 1) {
        const size_t count = piece < OPS - done ? piece : OPS - done;
        tg_stream_ops(workload, 0, 1000 + done, 1, count, mine);
        assert_memory_equal(mine, alone + done, count * sizeof *mine);
        done += count;
    }
}

static void operations_follow_the_weights(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    static uint32_t ops[COUNT];
    uint64_t counts[3] = {0};
    uint64_t pairs[9] = {0};
    const double p[] = {0.7, 0.25, 0.05}; /* get, put, idle */
    double pair_p[9];
    tg_stream_ops(workload, 0, 0, 1, COUNT, ops);
    for (size_t i = 0; i < COUNT; i++)
        counts[ops[i]]++;
    for (size_t i = 0; i < COUNT; i += 2)
        pairs[3 * ops[i] + ops[i + 1]]++;
    for (size_t i = 0; i < 9; i++)
        pair_p[i] = p[i / 3] * p[i % 3];
    assert_true(chi_square_fits(counts, p, 3));
    assert_true(chi_square_fits(pairs, pair_p, 9));
    tg_stream_ops(workload, 1, 0, 1, COUNT, ops);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(ops[i], 0);
}

static void batches_take_successive_values(void **state)
{
    (void)state;
    struct tg_value args[9];
    tg_stream_args(workload, 0, 1, 4, &scratch, args);
    /* post_ 150 + 1 * TG_PHASE_STRIDE + 4 * 3 + row */
    assert_string_equal(args[0].bytes, "post_1000000000162");
    assert_string_equal(args[3].bytes, "post_1000000000163");
    assert_string_equal(args[6].bytes, "post_1000000000164");
    assert_int_equal(args[1].type, TG_VALUE_NULL);
    assert_int_equal(args[2].integer, 12);
    assert_int_equal(args[8].integer, 14);
    /* The next phase goes on far away, where no key was used before. */
    tg_stream_args(workload, 1, 1, 0, &scratch, args);
    assert_string_equal(args[0].bytes, "post_2000000000150");
}

static void picked_arguments_are_loaded_values(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 200; i++) {
        struct tg_value args[2];
        tg_stream_args(workload, 0, 0, i, &scratch, args);
        bool found = false;
        for (uint64_t row = 0; row < 150 && !found; row++) {
            struct tg_value post[COUNT_OF(sample_posts)];
            tg_load_row(workload, 1, row, &scratch, post);
            found = strcmp(post[0].bytes, args[0].bytes) == 0;
        }
        assert_true(found);
        tg_arena_reset(&scratch);
    }
}

static void rows_do_not_depend_on_the_order_of_asking(void **state)
{
    (void)state;
    enum { COLUMNS = COUNT_OF(sample_posts) };
    struct tg_value first[COLUMNS], again[COLUMNS], other[COLUMNS];
    tg_load_row(workload, 1, 77, &scratch, first);
    for (uint64_t row = 149; row > 70; row--)
        tg_load_row(workload, 1, row, &scratch, other);
    tg_load_row(workload, 1, 77, &scratch, again);
    for (size_t i = 0; i < COLUMNS; i++) {
        assert_int_equal(first[i].type, again[i].type);
        if (first[i].type == TG_VALUE_TEXT || first[i].type == TG_VALUE_BLOB)
            assert_memory_equal(first[i].bytes, again[i].bytes, first[i].length);
        else
            assert_int_equal(first[i].integer, again[i].integer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fingerprints_are_the_pinned_ones),
        cmocka_unit_test(fingerprints_notice_small_changes),
        cmocka_unit_test(workers_see_the_same_stream),
        cmocka_unit_test(operations_follow_the_weights),
        cmocka_unit_test(batches_take_successive_values),
        cmocka_unit_test(picked_arguments_are_loaded_values),
        cmocka_unit_test(rows_do_not_depend_on_the_order_of_asking),
    };
    return cmocka_run_group_tests(tests, compile_sample, free_arenas);
}
