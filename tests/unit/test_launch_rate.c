/* A launch at the phase's rate, with a store that stalls for much longer than a slice: every
 * operation that fell due in a slice is in its response times. How many those are follows from the
 * schedule, and how long they waited at least from the injected stall; a busy machine only adds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "common/file.h"
#include "common/units.h"
#include "runner/drive/clock.h"
#include "runner/drive/launch.h"

static const int64_t SLICE_NS = 50 * TG_NS_PER_MS;

/* Operation i falls due i * 0.5 ms after the start of a slice. What falls due in the first 0.5 ms
 * is not recorded: i = 0 is not, 1 (at 0.5 ms) to 100 (at 50 ms) are, 101 is due at the end. */
enum { PAIRS = 2, DUE_IN_A_SLICE = 100 };

struct bench {
    char folder[64];
    struct tg_arena arena;
    struct tg_scenario *scenarios[TG_SIDES];
    struct tg_launch launch;
};

static void load_side(struct bench *bench, const char *path, enum tg_side side,
                      const struct tg_override *override)
{
    struct tg_diags diags = {0};
    assert_int_equal(
        tg_scenario_load(path, override, override ? 1 : 0, &bench->scenarios[side], &diags), TG_OK);
    tg_diags_free(&diags);
}

/* Measures PAIRS pairs. The side after stalls for `stall` in every operation. */
static void measure(struct bench *bench, const char *workers, const char *stall)
{
    static const char text[] = "format = 1\nname = \"stall\"\n[engine]\nkind = \"noop\"\n[op.a]\n"
                               "[[phase]]\nname = \"main\"\nmix = \"a\"\nfor = \"1s\"\n"
                               "rate = 2000\nworkers = ";
    *bench = (struct bench){.folder = "/tmp/tailgate-launch-XXXXXX"};
    assert_non_null(mkdtemp(bench->folder));
    char *path = tg_arena_format(&bench->arena, "%s/stall.toml", bench->folder);
    char *content = tg_arena_format(&bench->arena, "%s%s\n", text, workers);
    struct tg_diags diags = {0};
    assert_int_equal(tg_file_write(path, content, strlen(content), true, &diags), TG_OK);
    load_side(bench, path, TG_BEFORE, NULL);
    load_side(bench, path, TG_AFTER, &(struct tg_override){.key = "inject.a", .value = stall});
    struct tg_launch_spec spec = {
        .slices[TG_OPEN_LOOP] = {PAIRS, SLICE_NS},
        .warmup_ns = TG_NS_PER_MS,
        .patience_ns = 60 * TG_NS_PER_S,
        .home = bench->folder,
    };
    for (int side = 0; side < TG_SIDES; side++) {
        spec.scenarios[side] = bench->scenarios[side];
        spec.workloads[side] =
            tg_workload_compile(&bench->arena, &bench->scenarios[side]->workload);
    }
    tg_clock_init();
    assert_int_equal(tg_launch_measure(&spec, &bench->launch, &diags), TG_OK);
    tg_diags_free(&diags);
}

static void bench_free(struct bench *bench)
{
    struct tg_diags diags = {0};
    tg_launch_free(&bench->launch);
    for (int side = 0; side < TG_SIDES; side++)
        tg_scenario_free(bench->scenarios[side]);
    assert_int_equal(tg_remove_tree(bench->folder, &diags), TG_OK);
    tg_diags_free(&diags);
    tg_arena_free(&bench->arena);
}

static void assert_nothing_is_missing(const struct bench *bench)
{
    const struct tg_slice_pairs *pairs = &bench->launch.pairs[TG_OPEN_LOOP];
    assert_int_equal(pairs->count, PAIRS);
    for (int side = 0; side < TG_SIDES; side++)
        for (int pair = 0; pair < PAIRS; pair++) {
            const struct tg_slice *slice = &pairs->slices[side][pair];
            assert_int_equal(slice->ops[0]->total, DUE_IN_A_SLICE);
            assert_int_equal(slice->succeeded + slice->undone, DUE_IN_A_SLICE);
        }
}

/* The first operation of each slice keeps the only worker for six slices, longer than the grace of
 * two: nothing else is issued. The first that counts has waited for 299.5 ms, the last for 250. */
static void a_stall_beyond_the_grace_is_no_gap(void **state)
{
    (void)state;
    struct bench bench;
    measure(&bench, "1", "300ms");
    assert_nothing_is_missing(&bench);
    for (int pair = 0; pair < PAIRS; pair++) {
        const struct tg_slice *slice = &bench.launch.pairs[TG_OPEN_LOOP].slices[TG_AFTER][pair];
        assert_int_equal(slice->undone, DUE_IN_A_SLICE);
        assert_true(slice->least_undone_ns >= 250 * TG_NS_PER_MS);
        assert_true(slice->ops[0]->min >= 250 * TG_NS_PER_MS);
        assert_true(slice->ops[0]->max >= 299 * TG_NS_PER_MS);
        assert_true(slice->elapsed_ns >= 299 * TG_NS_PER_MS);
    }
    bench_free(&bench);
}

/* The grace is as long as both slices of a side together: each of three workers can start an
 * operation of 60 ms three times before 150.5 ms. Those and what they left undone are all. */
static void what_is_issued_and_what_is_not_add_up(void **state)
{
    (void)state;
    struct bench bench;
    measure(&bench, "3", "60ms");
    assert_nothing_is_missing(&bench);
    for (int pair = 0; pair < PAIRS; pair++) {
        const struct tg_slice *slice = &bench.launch.pairs[TG_OPEN_LOOP].slices[TG_AFTER][pair];
        assert_true(slice->undone >= DUE_IN_A_SLICE - 9);
        assert_true(slice->least_undone_ns >= 100 * TG_NS_PER_MS);
        assert_true(slice->ops[0]->max >= 100 * TG_NS_PER_MS);
    }
    bench_free(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stall_beyond_the_grace_is_no_gap),
        cmocka_unit_test(what_is_issued_and_what_is_not_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
