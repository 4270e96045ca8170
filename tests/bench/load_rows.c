/* Nanoseconds to generate one row of six typical columns, one thread: the best of several rounds.
 */
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "runner/workload/stream.h"

enum { ROWS = 200000, COLUMNS = 6, ROUNDS = 7 };

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static const struct tg_gen_choice statuses[] = {
    {{.type = TG_VALUE_TEXT, .length = 6, .bytes = "active"}, 70},
    {{.type = TG_VALUE_TEXT, .length = 6, .bytes = "paused"}, 20},
    {{.type = TG_VALUE_TEXT, .length = 8, .bytes = "archived"}, 10},
};

static const struct tg_gen_named columns[COLUMNS] = {
    {"id",
     {.kind = TG_GEN_INT,
      .dist = {.kind = TG_DIST_SEQUENTIAL, .over = UINT64_MAX},
      .step = 1,
      .as = "sess_%08d"}},
    {"user_id",
     {.kind = TG_GEN_INT,
      .dist = {.kind = TG_DIST_ZIPF, .over = 5000, .theta = 0.99},
      .step = 1,
      .as = "user_%d"}},
    {"status", {.kind = TG_GEN_CHOICE, .choices = statuses, .choice_count = 3}},
    {"created_at",
     {.kind = TG_GEN_TIMESTAMP,
      .dist = {.kind = TG_DIST_SEQUENTIAL, .over = UINT64_MAX},
      .start_unix_ns = INT64_C(1735689600000000000),
      .step = 1000000000}},
    {"title", {.kind = TG_GEN_TEXT, .min_length = 60, .max_length = 60}},
    {"priority",
     {.kind = TG_GEN_INT, .dist = {.kind = TG_DIST_UNIFORM, .over = 10}, .step = 1, .min = 1}},
};

int main(void)
{
    const struct tg_load_spec load = {"sessions", ROWS, columns, COLUMNS};
    const struct tg_workload_spec spec = {.seed = 1, .loads = &load, .load_count = 1};
    struct tg_arena arena = {0};
    struct tg_arena scratch = {0};
    const struct tg_workload *workload = tg_workload_compile(&arena, &spec);

    uint64_t sum = 0;
    double best_ns = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const double start = now_ns();
        for (uint64_t i = 0; i < ROWS; i++) {
            struct tg_value row[COLUMNS];
            tg_arena_reset(&scratch);
            tg_load_row(workload, 0, i, &scratch, row);
            sum += row[1].length + (uint64_t)row[5].integer;
        }
        const double taken_ns = now_ns() - start;
        if (round == 0 || taken_ns < best_ns)
            best_ns = taken_ns;
    }
    printf("load_row_ns %.1f\n", best_ns / ROWS);
    fprintf(stderr, "checksum %" PRIu64 "\n", sum);
    tg_arena_free(&scratch);
    tg_arena_free(&arena);
    return 0;
}
