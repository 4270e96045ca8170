/* A bench of gates made by hand, for the tests of the self-test. Static functions, so that each
 * test stays one program. */
#ifndef TG_TESTS_UNIT_SELFTEST_SUPPORT_H
#define TG_TESTS_UNIT_SELFTEST_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "common/units.h"
#include "gate/selftest.h"

enum { METRICS = 5, MOST_GATES = 40 };
enum { GET_P50, GET_P99, PUT_P50, PUT_P99, RATE };
static const char *const names[METRICS] = {"get.p50", "get.service.p99.9", "put.p50", "put.p99",
                                           "rate"};

struct bench {
    struct tg_arena arena;
    struct tg_tested_gate gates[MOST_GATES];
    struct tg_tested_metric metrics[MOST_GATES][METRICS];
    size_t count;
};

/* A gate that passed in 20 s of its 60 s, after 10 launches; each metric within 2 %. */
static inline struct tg_tested_gate *add(struct bench *bench, const char *effect, const char *op)
{
    size_t number = bench->count++;
    struct tg_tested_gate *gate = &bench->gates[number];
    *gate = (struct tg_tested_gate){
        .tool = "1.2.3",
        .host = "0123456789abcdef",
        .host_line = "A CPU, 2 CPUs",
        .scenario = "memory",
        .scenario_hash = "fedcba",
        .phase = "steady",
        .budget_ns = 60 * TG_NS_PER_S,
        .effect = effect,
        .op = op,
        .started_unix_ms = 1763700000000 + (int64_t)number * 60000,
        .elapsed_ns = 23 * TG_NS_PER_S,
        .used_ns = 20 * TG_NS_PER_S,
        .verdict = TG_GATE_PASS,
        .meaning = "every metric proved within its margin",
        .launches = 10,
        .slice_ns = 20 * TG_NS_PER_MS,
        .pairs = 250,
        .pairs_dropped = 3,
        .metrics = bench->metrics[number],
        .metric_count = METRICS,
    };
    for (int i = 0; i < METRICS; i++)
        gate->metrics[i] = (struct tg_tested_metric){
            .name = names[i],
            .margin = 0.05,
            .verdict = TG_GATE_PASS,
            .estimates = {{0.001, -0.01, 0.02}, {0.002, -0.005, 0.01}},
            .provable = 0.02,
        };
    return gate;
}

static inline void regress(struct tg_tested_gate *gate, int metric)
{
    gate->verdict = TG_GATE_REGRESSION;
    gate->exit_code = 1;
    gate->metrics[metric].verdict = TG_GATE_REGRESSION;
    gate->metrics[metric].provable = 0.15;
}

/* The budget ended before `metric` was proved. */
static inline void run_out(struct tg_tested_gate *gate, int metric)
{
    gate->verdict = TG_GATE_INCONCLUSIVE;
    gate->exit_code = 3;
    gate->used_ns = gate->budget_ns;
    gate->metrics[metric].verdict = TG_GATE_INCONCLUSIVE;
    gate->metrics[metric].provable = NAN;
}

static inline int set_up(void **state)
{
    *state = calloc(1, sizeof(struct bench));
    return *state == NULL;
}

static inline int tear_down(void **state)
{
    struct bench *bench = *state;
    tg_arena_free(&bench->arena);
    free(bench);
    return 0;
}

static inline void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-12))
        fail_msg("%.17g is not %.17g", value, expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
