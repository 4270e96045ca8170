/* A workload that uses every generator and every distribution. tests/reference/stream.py describes
 * the same one in Python. */
#ifndef TG_TESTS_UNIT_SAMPLE_WORKLOAD_H
#define TG_TESTS_UNIT_SAMPLE_WORKLOAD_H

#include "runner/workload/stream.h"

#define SAMPLE_TEXT(string)                                                                        \
    {                                                                                              \
        .type = TG_VALUE_TEXT, .length = sizeof(string) - 1, .bytes = (string)                     \
    }
#define SAMPLE_ROWS                                                                                \
    {                                                                                              \
        .kind = TG_DIST_SEQUENTIAL, .over = UINT64_MAX                                             \
    }
#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const struct tg_gen_choice sample_plans[] = {{SAMPLE_TEXT("free"), 7},
                                                    {SAMPLE_TEXT("paid"), 2.5},
                                                    {{.type = TG_VALUE_INT, .integer = 0}, 1}};

static const struct tg_gen_named sample_users[] = {
    {"id", {.kind = TG_GEN_INT, .dist = SAMPLE_ROWS, .step = 1, .as = "user_%05d"}},
    {"age",
     {.kind = TG_GEN_INT, .dist = {.kind = TG_DIST_UNIFORM, .over = 60}, .min = 18, .step = 1}},
    {"score", {.kind = TG_GEN_FLOAT, .float_min = -1, .float_max = 1}},
    {"height", {.kind = TG_GEN_FLOAT, .float_normal = true, .mean = 170, .sd = 10}},
    {"bio",
     {.kind = TG_GEN_TEXT,
      .min_length = 0,
      .max_length = 40,
      .dist = {.kind = TG_DIST_UNIFORM},
      .null_fraction = 0.3}},
    {"plan", {.kind = TG_GEN_CHOICE, .choices = sample_plans, .choice_count = 3}},
    {"active", {.kind = TG_GEN_BOOL, .probability = 0.3}},
    {"joined",
     {.kind = TG_GEN_TIMESTAMP,
      .dist = SAMPLE_ROWS,
      .start_unix_ns = INT64_C(1735689600000000000),
      .step = 1000000000}},
    {"seen",
     {.kind = TG_GEN_TIMESTAMP,
      .dist = {.kind = TG_DIST_GAUSSIAN, .over = 1000000, .mean = 0.5, .sd = 0.25},
      .start_unix_ns = -INT64_C(500000000),
      .step = 1000000}},
    {"country", {.kind = TG_GEN_CONST, .constant = SAMPLE_TEXT("fr")}},
};

static const struct tg_gen_spec sample_number = {
    .kind = TG_GEN_INT,
    .dist = {.kind = TG_DIST_HOTSET, .over = 1000, .hot = 0.1, .hot_share = 0.9, .scrambled = true},
    .step = 7};
static const struct tg_gen_spec sample_quote = {.kind = TG_GEN_CONST,
                                                .constant = SAMPLE_TEXT("a \"b\"\n")};
static const struct tg_gen_spec sample_real = {
    .kind = TG_GEN_FLOAT, .float_min = -5, .float_max = 5};
static const struct tg_gen_spec sample_maybe = {
    .kind = TG_GEN_BOOL, .probability = 0.5, .null_fraction = 0.25};
static const struct tg_gen_field sample_inner[] = {{"n", &sample_number}, {"q", &sample_quote}};
static const struct tg_gen_spec sample_list = {
    .kind = TG_GEN_JSON, .fields = sample_inner, .field_count = 2, .count = 2};
static const struct tg_gen_field sample_fields[] = {
    {"real", &sample_real}, {"maybe", &sample_maybe}, {"list", &sample_list}};

static const struct tg_gen_named sample_posts[] = {
    {"author",
     {.kind = TG_GEN_PICK,
      .table = "users",
      .column = "id",
      .dist = {.kind = TG_DIST_ZIPF, .theta = 0.99, .scrambled = true}}},
    {"rank",
     {.kind = TG_GEN_INT,
      .dist = {.kind = TG_DIST_ZIPF, .over = UINT64_C(1) << 40, .theta = 1},
      .step = 1,
      .as = "r%x"}},
    {"late",
     {.kind = TG_GEN_INT, .dist = {.kind = TG_DIST_LATEST, .over = 5000, .theta = 1.3}, .step = 1}},
    {"doc", {.kind = TG_GEN_JSON, .fields = sample_fields, .field_count = 3, .count = -1}},
    {"sphere", {.kind = TG_GEN_VECTOR, .dims = 5}},
    {"embedding", {.kind = TG_GEN_VECTOR, .dims = 8, .clusters = 3, .cluster_sd = 0.15}},
    {"source", {.kind = TG_GEN_GRAPH, .graph_end = TG_GRAPH_SOURCE, .nodes = 50, .degree = 3}},
    {"target", {.kind = TG_GEN_GRAPH, .graph_end = TG_GRAPH_TARGET, .nodes = 50, .degree = 3}},
};

static const struct tg_gen_named sample_get[] = {
    {"id",
     {.kind = TG_GEN_PICK,
      .table = "posts",
      .column = "author",
      .dist = {.kind = TG_DIST_LATEST, .theta = 0.99}}},
    {"age",
     {.kind = TG_GEN_PICK,
      .table = "users",
      .column = "age",
      .as = "<%4d>",
      .dist = {.kind = TG_DIST_UNIFORM}}},
};
static const struct tg_gen_named sample_put[] = {
    {"id",
     {.kind = TG_GEN_INT,
      .dist = {.kind = TG_DIST_NEXT, .over = 1},
      .min = 150,
      .step = 1,
      .as = "post_%d"}},
    {"parent", {.kind = TG_GEN_RETURNED, .column = "id"}},
    {"at",
     {.kind = TG_GEN_TIMESTAMP,
      .dist = {.kind = TG_DIST_SEQUENTIAL, .over = 86400},
      .step = 1000000000,
      .time_form = TG_TIME_UNIX_S}},
};

static const struct tg_load_spec sample_loads[] = {
    {"users", 200, sample_users, COUNT_OF(sample_users)},
    {"posts", 150, sample_posts, COUNT_OF(sample_posts)},
};
static const struct tg_op_spec sample_ops[] = {
    {"get", sample_get, COUNT_OF(sample_get), 1},
    {"put", sample_put, COUNT_OF(sample_put), 3},
    {"idle", NULL, 0, 1},
};
static const struct tg_mix_entry sample_mixed[] = {{2, 5}, {0, 70}, {1, 25}};
static const struct tg_mix_entry sample_reads[] = {{0, 1}};
static const struct tg_phase_mix sample_phases[] = {
    {"mixed", sample_mixed, COUNT_OF(sample_mixed)},
    {"reads", sample_reads, COUNT_OF(sample_reads)},
};

static inline struct tg_workload_spec sample_workload(uint64_t seed)
{
    return (struct tg_workload_spec){
        .seed = seed,
        .loads = sample_loads,
        .load_count = COUNT_OF(sample_loads),
        .ops = sample_ops,
        .op_count = COUNT_OF(sample_ops),
        .phases = sample_phases,
        .phase_count = COUNT_OF(sample_phases),
    };
}

#endif
