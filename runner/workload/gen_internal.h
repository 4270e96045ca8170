/* What the files of the value generators share. */
#ifndef TG_RUNNER_WORKLOAD_GEN_INTERNAL_H
#define TG_RUNNER_WORKLOAD_GEN_INTERNAL_H

#include "common/arena.h"
#include "runner/workload/alias.h"
#include "runner/workload/digits.h"
#include "runner/workload/gen.h"
#include "runner/workload/random.h"

struct tg_json_field { /* compiled */
    const char *lead;  /* what stands before the value: ,"name": */
    size_t lead_length;
    const struct tg_gen *gen;
};

struct tg_gen {
    const struct tg_gen_spec *spec;
    struct tg_value (*make)(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch);
    uint64_t key;      /* of the place */
    uint64_t null_key; /* decides which values are NULL, so that the others stay as they are */
    uint64_t part_key; /* vector: of the cluster centres */
    struct tg_dist dist;
    struct tg_int_format format;  /* int and pick with `as` */
    struct tg_alias alias;        /* choice */
    const struct tg_gen *picked;  /* pick: the column's generator */
    struct tg_json_field *fields; /* json: field_count of them */
};

/* The compiled generator `gen` is begun: spec and keys are set. Each sets `make` and its own part.
 */
void tg_json_compile(struct tg_gen *gen, struct tg_arena *arena, const struct tg_gen_scope *scope,
                     const char *place);
void tg_text_compile(struct tg_gen *gen, const struct tg_gen_scope *scope);
void tg_time_compile(struct tg_gen *gen, const struct tg_gen_scope *scope);
void tg_vector_compile(struct tg_gen *gen);
void tg_graph_compile(struct tg_gen *gen);

/* Sets gen->dist: the distribution of the spec over `over` numbers, scrambled as in the whole
 * workload. */
void tg_gen_dist(struct tg_gen *gen, const struct tg_gen_scope *scope, uint64_t over);

static inline struct tg_value tg_value_null(void)
{
    return (struct tg_value){.type = TG_VALUE_NULL};
}

static inline struct tg_value tg_value_int(int64_t integer)
{
    return (struct tg_value){.type = TG_VALUE_INT, .integer = integer};
}

static inline struct tg_value tg_value_float(double real)
{
    return (struct tg_value){.type = TG_VALUE_FLOAT, .real = real};
}

static inline struct tg_value tg_value_bytes(enum tg_value_type type, const char *bytes,
                                             size_t length)
{
    return (struct tg_value){.type = type, .length = (uint32_t)length, .bytes = bytes};
}

#endif
