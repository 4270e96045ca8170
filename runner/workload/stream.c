#include "runner/workload/stream.h"

#include <assert.h>
#include <string.h>

#include "runner/workload/alias.h"
#include "runner/workload/random.h"

struct row_gens { /* of a load's columns or an operation's parameters */
    struct tg_gen **gens;
    size_t count;
};

struct phase {
    uint64_t key;
    struct tg_alias mix;        /* chooses an operation */
    struct row_gens *op_params; /* one per operation of the workload */
};

struct tg_workload {
    const struct tg_workload_spec *spec;
    struct row_gens *loads;
    struct phase *phases;
};

/* `prefix` and a column's name, joined by '/', are the column's place. */
static struct row_gens compile_row(struct tg_arena *arena, const struct tg_gen_named *columns,
                                   size_t count, const struct tg_gen_scope *scope,
                                   const char *prefix)
{
    struct row_gens row = {tg_arena_array(arena, count, sizeof(struct tg_gen *)), count};
    for (size_t i = 0; i < count; i++) {
        const char *place = tg_arena_format(arena, "%s/%s", prefix, columns[i].name);
        row.gens[i] = tg_gen_compile(arena, &columns[i].spec, scope, place);
    }
    return row;
}

static void compile_phase(struct tg_arena *arena, const struct tg_workload_spec *spec,
                          uint32_t number, struct phase *phase)
{
    const struct tg_phase_mix *mix = &spec->phases[number];
    const struct tg_gen_scope scope = {
        .seed = spec->seed,
        .loads = spec->loads,
        .load_count = spec->load_count,
        .next_first = (number + 1) * TG_PHASE_STRIDE,
    };
    phase->key = tg_random_key(spec->seed, tg_arena_format(arena, "phase/%s", mix->name));
    double *weights = tg_arena_array(arena, mix->entry_count, sizeof *weights);
    for (size_t i = 0; i < mix->entry_count; i++) {
        assert(mix->entries[i].op < spec->op_count);
        weights[i] = mix->entries[i].weight;
    }
    phase->mix = tg_alias_make(arena, weights, mix->entry_count);
    for (size_t i = 0; i < mix->entry_count; i++) {
        struct tg_alias_slot *slot = &phase->mix.slots[i];
        slot->choice[0] = mix->entries[slot->choice[0]].op;
        slot->choice[1] = mix->entries[slot->choice[1]].op;
    }
    phase->op_params = tg_arena_array(arena, spec->op_count, sizeof *phase->op_params);
    for (size_t i = 0; i < spec->op_count; i++) {
        const struct tg_op_spec *op = &spec->ops[i];
        const char *prefix = tg_arena_format(arena, "phase/%s/%s", mix->name, op->name);
        assert(op->batch >= 1);
        phase->op_params[i] = compile_row(arena, op->params, op->param_count, &scope, prefix);
    }
}

struct tg_workload *tg_workload_compile(struct tg_arena *arena, const struct tg_workload_spec *spec)
{
    struct tg_workload *workload = tg_arena_alloc(arena, sizeof *workload);
    workload->spec = spec;
    workload->loads = tg_arena_array(arena, spec->load_count, sizeof *workload->loads);
    workload->phases = tg_arena_array(arena, spec->phase_count, sizeof *workload->phases);
    const struct tg_gen_scope scope = {
        .seed = spec->seed, .loads = spec->loads, .load_count = spec->load_count};
    for (size_t i = 0; i < spec->load_count; i++) {
        const struct tg_load_spec *load = &spec->loads[i];
        const char *prefix = tg_arena_format(arena, "load/%s", load->table);
        workload->loads[i] = compile_row(arena, load->columns, load->column_count, &scope, prefix);
    }
    for (size_t i = 0; i < spec->phase_count; i++)
        compile_phase(arena, spec, (uint32_t)i, &workload->phases[i]);
    return workload;
}

/* A block has so many words of 32 bits and serves as many neighbouring indices. */
enum { WORDS = 4, ALL_WORDS = WORDS * TG_RANDOM_LANES };

static uint32_t word_of(const struct tg_random_block *block, uint64_t number)
{
    return (uint32_t)(block[number / WORDS].word[number / 2 % 2] >> number % 2 * 32);
}

/* Near indices are served by neighbouring blocks: returns how many of at most `count` were chosen.
 */
static size_t choose_near(uint64_t key, const struct tg_alias *mix, uint64_t first, uint64_t stride,
                          size_t count, uint32_t *ops)
{
    struct tg_random_block block[TG_RANDOM_LANES];
    for (uint64_t i = 0; i < TG_RANDOM_LANES; i++)
        block[i] = (struct tg_random_block){{first / WORDS + i, 0}};
    tg_philox_lanes(key, block, block);
    size_t chosen = 0;
    for (uint64_t at = first % WORDS; at < ALL_WORDS && chosen < count; at += stride)
        ops[chosen++] = tg_alias_choose(mix, word_of(block, at));
    return chosen;
}

/* Far ones need a block each. */
static size_t choose_far(uint64_t key, const struct tg_alias *mix, uint64_t first, uint64_t stride,
                         size_t count, uint32_t *ops)
{
    struct tg_random_block block[TG_RANDOM_LANES];
    for (uint64_t i = 0; i < TG_RANDOM_LANES; i++)
        block[i] = (struct tg_random_block){{(first + i * stride) / WORDS, 0}};
    tg_philox_lanes(key, block, block);
    size_t chosen = 0;
    for (; chosen < TG_RANDOM_LANES && chosen < count; chosen++)
        ops[chosen] =
            tg_alias_choose(mix, word_of(&block[chosen], (first + chosen * stride) % WORDS));
    return chosen;
}

void tg_stream_ops(const struct tg_workload *workload, uint32_t phase, uint64_t first,
                   uint64_t stride, size_t count, uint32_t *ops)
{
    assert(phase < workload->spec->phase_count && stride >= 1);
    const struct phase *compiled = &workload->phases[phase];
    while (count > 0) {
        const size_t chosen =
            stride < WORDS ? choose_near(compiled->key, &compiled->mix, first, stride, count, ops)
                           : choose_far(compiled->key, &compiled->mix, first, stride, count, ops);
        ops += chosen;
        count -= chosen;
        first += chosen * stride;
    }
}

static void fill_row(const struct row_gens *row, uint64_t index, struct tg_arena *scratch,
                     struct tg_value *values)
{
    for (size_t i = 0; i < row->count; i++)
        values[i] = tg_gen_value(row->gens[i], index, scratch);
}

void tg_stream_args(const struct tg_workload *workload, uint32_t phase, uint32_t op, uint64_t index,
                    struct tg_arena *scratch, struct tg_value *args)
{
    assert(phase < workload->spec->phase_count && op < workload->spec->op_count);
    const struct row_gens *row = &workload->phases[phase].op_params[op];
    const uint64_t batch = workload->spec->ops[op].batch;
    for (uint64_t r = 0; r < batch; r++)
        fill_row(row, index * batch + r, scratch, args + r * row->count);
}

void tg_load_row(const struct tg_workload *workload, size_t load, uint64_t index,
                 struct tg_arena *scratch, struct tg_value *row)
{
    assert(load < workload->spec->load_count);
    fill_row(&workload->loads[load], index, scratch, row);
}

/* ---- fingerprint ---- */

static void hash_value(struct tg_hash *hash, const struct tg_value *value)
{
    /* Letters, not the enumeration: its order is nobody's promise. */
    static const char types[] = {[TG_VALUE_NULL] = 'n',
                                 [TG_VALUE_INT] = 'i',
                                 [TG_VALUE_FLOAT] = 'f',
                                 [TG_VALUE_TEXT] = 't',
                                 [TG_VALUE_BLOB] = 'b'};
    tg_hash_bytes(hash, &types[value->type], 1);
    uint64_t bits = 0;
    switch (value->type) {
    case TG_VALUE_NULL:
        break;
    case TG_VALUE_INT:
        tg_hash_u64(hash, (uint64_t)value->integer);
        break;
    case TG_VALUE_FLOAT:
        memcpy(&bits, &value->real, sizeof bits);
        tg_hash_u64(hash, bits);
        break;
    case TG_VALUE_TEXT:
    case TG_VALUE_BLOB:
        tg_hash_field(hash, value->bytes, value->length);
        break;
    }
}

static void hash_row(struct tg_hash *hash, const struct row_gens *row, uint64_t index,
                     struct tg_arena *scratch)
{
    for (size_t i = 0; i < row->count; i++) {
        const struct tg_value value = tg_gen_value(row->gens[i], index, scratch);
        hash_value(hash, &value);
    }
    tg_arena_reset(scratch);
}

static void hash_load(struct tg_hash *hash, const struct tg_workload *workload, size_t number,
                      struct tg_arena *scratch)
{
    const struct tg_load_spec *load = &workload->spec->loads[number];
    tg_hash_string(hash, load->table);
    tg_hash_u64(hash, load->rows);
    tg_hash_u64(hash, load->column_count);
    for (size_t i = 0; i < load->column_count; i++)
        tg_hash_string(hash, load->columns[i].name);
    for (uint64_t i = 0; i < TG_FINGERPRINT_ROWS && i < load->rows; i++)
        hash_row(hash, &workload->loads[number], i, scratch);
}

static void hash_phase(struct tg_hash *hash, const struct tg_workload *workload, uint32_t phase,
                       struct tg_arena *scratch)
{
    const struct tg_workload_spec *spec = workload->spec;
    uint32_t ops[TG_FINGERPRINT_OPS];
    tg_stream_ops(workload, phase, 0, 1, TG_FINGERPRINT_OPS, ops);
    tg_hash_string(hash, spec->phases[phase].name);
    for (uint64_t i = 0; i < TG_FINGERPRINT_OPS; i++) {
        const struct tg_op_spec *op = &spec->ops[ops[i]];
        const struct row_gens *row = &workload->phases[phase].op_params[ops[i]];
        tg_hash_string(hash, op->name);
        tg_hash_u64(hash, op->batch);
        hash_row(hash, row, i * op->batch, scratch);
        hash_row(hash, row, i * op->batch + op->batch - 1, scratch);
    }
}

void tg_workload_fingerprint(const struct tg_workload *workload, char out[TG_HASH_TEXT])
{
    const struct tg_workload_spec *spec = workload->spec;
    struct tg_arena scratch = {0};
    struct tg_hash hash;
    tg_hash_init(&hash);
    tg_hash_string(&hash, "tailgate stream 1");
    tg_hash_u64(&hash, spec->load_count);
    for (size_t i = 0; i < spec->load_count; i++)
        hash_load(&hash, workload, i, &scratch);
    tg_hash_u64(&hash, spec->phase_count);
    for (size_t i = 0; i < spec->phase_count; i++)
        hash_phase(&hash, workload, (uint32_t)i, &scratch);
    tg_hash_end(&hash, out);
    tg_arena_free(&scratch);
}
