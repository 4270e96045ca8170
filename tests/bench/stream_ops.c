/* Nanoseconds to choose one operation of a mix of ten, in batches of 256, one thread. The best of
 * several rounds: what the code costs, not what the machine was busy with. An argument sets the
 * stride (number of workers), 1 by default. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "runner/workload/stream.h"

enum { OPS = 10, BATCH = 256, BATCHES = 20000, ROUNDS = 7 };

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    const uint64_t stride = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    struct tg_op_spec ops[OPS];
    struct tg_mix_entry mix[OPS];
    for (uint32_t i = 0; i < OPS; i++) {
        ops[i] = (struct tg_op_spec){.name = "op", .batch = 1};
        mix[i] = (struct tg_mix_entry){.op = i, .weight = i + 1};
    }
    const struct tg_phase_mix phase = {.name = "steady", .entries = mix, .entry_count = OPS};
    const struct tg_workload_spec spec = {
        .seed = 1, .ops = ops, .op_count = OPS, .phases = &phase, .phase_count = 1};
    struct tg_arena arena = {0};
    const struct tg_workload *workload = tg_workload_compile(&arena, &spec);

    static uint32_t chosen[BATCH];
    uint64_t sum = 0;
    double best_ns = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = now_ns();
        for (uint64_t batch = 0; batch < BATCHES; batch++) {
            tg_stream_ops(workload, 0, batch * BATCH * stride, stride, BATCH, chosen);
            sum += chosen[batch % BATCH];
        }
        const double taken_ns = now_ns() - start;
        if (round == 0 || taken_ns < best_ns)
            best_ns = taken_ns;
    }
    printf("stream_ops_ns %.2f\n", best_ns / ((double)BATCH * BATCHES));
    fprintf(stderr, "checksum %" PRIu64 "\n", sum); /* keeps the work from being optimised away */
    tg_arena_free(&arena);
    return 0;
}
