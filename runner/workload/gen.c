#include "runner/workload/gen.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "runner/workload/gen_internal.h"

void tg_gen_dist(struct tg_gen *gen, const struct tg_gen_scope *scope, uint64_t over)
{
    struct tg_dist_spec spec = gen->spec->dist;
    spec.over = over;
    /* One permutation for the whole workload: what is popular in one operation is popular in all
     * that draw from the same range, as it is in a real store. */
    tg_dist_init(&gen->dist, &spec, tg_random_key(scope->seed, "scramble"));
}

static uint64_t draw(const struct tg_gen *gen, uint64_t index)
{
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    return tg_dist_draw(&gen->dist, &random);
}

static struct tg_value formatted(const struct tg_gen *gen, int64_t number, struct tg_arena *scratch)
{
    uint32_t length;
    const char *text = tg_int_format_write(&gen->format, number, scratch, &length);
    return tg_value_bytes(TG_VALUE_TEXT, text, length);
}

/* ---- whole numbers ---- */

/* Wraps around like the hardware does, on purpose: a scenario's numbers may end anywhere. */
static int64_t number_at(const struct tg_gen *gen, uint64_t index)
{
    return (int64_t)((uint64_t)gen->spec->min + (uint64_t)gen->spec->step * draw(gen, index));
}

static struct tg_value make_int(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    (void)scratch;
    return tg_value_int(number_at(gen, index));
}

static struct tg_value make_formatted(const struct tg_gen *gen, uint64_t index,
                                      struct tg_arena *scratch)
{
    return formatted(gen, number_at(gen, index), scratch);
}

static void parse_format(struct tg_gen *gen, struct tg_arena *arena)
{
    const bool valid = tg_int_format_parse(&gen->format, gen->spec->as, arena);
    assert(valid);
    (void)valid;
}

static void compile_int(struct tg_gen *gen, struct tg_arena *arena,
                        const struct tg_gen_scope *scope)
{
    tg_gen_dist(gen, scope, gen->spec->dist.over);
    gen->dist.spec.first = scope->next_first;
    gen->make = make_int;
    if (gen->spec->as) {
        parse_format(gen, arena);
        gen->make = make_formatted;
    }
}

/* ---- floats, booleans, constants ---- */

static struct tg_value make_float(const struct tg_gen *gen, uint64_t index,
                                  struct tg_arena *scratch)
{
    (void)scratch;
    const struct tg_gen_spec *spec = gen->spec;
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    if (spec->float_normal)
        return tg_value_float(spec->mean + spec->sd * tg_random_normal(&random));
    const double width = spec->float_max - spec->float_min;
    const double number = spec->float_min + width * tg_random_unit(&random);
    /* The sum may round up to the excluded end. */
    if (number >= spec->float_max && width > 0)
        return tg_value_float(nextafter(spec->float_max, spec->float_min));
    return tg_value_float(number);
}

static struct tg_value make_bool(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    (void)scratch;
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    return tg_value_int(tg_random_unit(&random) < gen->spec->probability);
}

static struct tg_value make_const(const struct tg_gen *gen, uint64_t index,
                                  struct tg_arena *scratch)
{
    (void)index;
    (void)scratch;
    return gen->spec->constant;
}

/* The engine fills it in, from the row that an earlier statement returned. */
static struct tg_value make_returned(const struct tg_gen *gen, uint64_t index,
                                     struct tg_arena *scratch)
{
    (void)gen;
    (void)index;
    (void)scratch;
    return tg_value_null();
}

/* ---- weighted choice ---- */

static struct tg_value make_choice(const struct tg_gen *gen, uint64_t index,
                                   struct tg_arena *scratch)
{
    (void)scratch;
    const uint64_t bits = tg_philox(gen->key, index, 0).word[0];
    return gen->spec->choices[tg_alias_choose(&gen->alias, (uint32_t)bits)].value;
}

static void compile_choice(struct tg_gen *gen, struct tg_arena *arena)
{
    const size_t count = gen->spec->choice_count;
    double *weights = tg_arena_array(arena, count, sizeof *weights);
    for (size_t i = 0; i < count; i++)
        weights[i] = gen->spec->choices[i].weight;
    gen->alias = tg_alias_make(arena, weights, count);
    gen->make = make_choice;
}

/* ---- the value of another column ---- */

static struct tg_value make_pick(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    /* "next" is the one distribution that leaves the range. */
    const uint64_t row = draw(gen, index) % gen->dist.spec.over;
    const struct tg_value value = tg_gen_value(gen->picked, row, scratch);
    if (gen->spec->as && value.type == TG_VALUE_INT)
        return formatted(gen, value.integer, scratch);
    return value;
}

static const struct tg_load_spec *find_load(const struct tg_gen_scope *scope, const char *table)
{
    for (size_t i = 0; i < scope->load_count; i++)
        if (strcmp(scope->loads[i].table, table) == 0)
            return &scope->loads[i];
    return NULL;
}

static const struct tg_gen_spec *find_column(const struct tg_load_spec *load, const char *column)
{
    for (size_t i = 0; i < load->column_count; i++)
        if (strcmp(load->columns[i].name, column) == 0)
            return &load->columns[i].spec;
    return NULL;
}

enum { PICKS_MAX = 100 }; /* a chain of picks as long as this can only be a cycle */

static void compile_pick(struct tg_gen *gen, struct tg_arena *arena,
                         const struct tg_gen_scope *scope)
{
    const struct tg_gen_spec *spec = gen->spec;
    const struct tg_load_spec *load = find_load(scope, spec->table);
    assert(load && load->rows >= 1);
    const struct tg_gen_spec *column = find_column(load, spec->column);
    assert(column);
    struct tg_gen_scope load_scope = *scope;
    load_scope.next_first = 0;
    load_scope.picks++;
    assert(load_scope.picks <= PICKS_MAX);
    const char *place = tg_arena_format(arena, "load/%s/%s", spec->table, spec->column);
    gen->picked = tg_gen_compile(arena, column, &load_scope, place);
    tg_gen_dist(gen, scope, load->rows);
    if (spec->as)
        parse_format(gen, arena);
    gen->make = make_pick;
}

/* ---- all of them ---- */

struct tg_gen *tg_gen_compile(struct tg_arena *arena, const struct tg_gen_spec *spec,
                              const struct tg_gen_scope *scope, const char *place)
{
    struct tg_gen *gen = tg_arena_alloc(arena, sizeof *gen);
    gen->spec = spec;
    gen->key = tg_random_key(scope->seed, place);
    gen->null_key = tg_random_key(gen->key, "null");
    switch (spec->kind) {
    case TG_GEN_INT:
        compile_int(gen, arena, scope);
        break;
    case TG_GEN_FLOAT:
        gen->make = make_float;
        break;
    case TG_GEN_TEXT:
        tg_text_compile(gen, scope);
        break;
    case TG_GEN_CHOICE:
        compile_choice(gen, arena);
        break;
    case TG_GEN_TIMESTAMP:
        tg_time_compile(gen, scope);
        break;
    case TG_GEN_BOOL:
        gen->make = make_bool;
        break;
    case TG_GEN_CONST:
        gen->make = make_const;
        break;
    case TG_GEN_JSON:
        tg_json_compile(gen, arena, scope, place);
        break;
    case TG_GEN_VECTOR:
        tg_vector_compile(gen);
        break;
    case TG_GEN_PICK:
        compile_pick(gen, arena, scope);
        break;
    case TG_GEN_GRAPH:
        tg_graph_compile(gen);
        break;
    case TG_GEN_RETURNED:
        gen->make = make_returned;
        break;
    }
    assert(gen->make);
    return gen;
}

struct tg_value tg_gen_value(const struct tg_gen *gen, uint64_t index, struct tg_arena *scratch)
{
    if (gen->spec->null_fraction > 0) {
        struct tg_random random;
        tg_random_at(&random, gen->null_key, index);
        if (tg_random_unit(&random) < gen->spec->null_fraction)
            return tg_value_null();
    }
    return gen->make(gen, index, scratch);
}
