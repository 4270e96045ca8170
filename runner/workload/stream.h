/* The stream: which operation runs at an index of a phase, and with which arguments. A pure
 * function of (seed, phase, index): the same for 1 or 8 workers, on every machine. */
#ifndef TG_RUNNER_WORKLOAD_STREAM_H
#define TG_RUNNER_WORKLOAD_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/hash.h"
#include "runner/workload/gen.h"

/* Indices of phase p start at p * TG_PHASE_STRIDE for the generator "next", so that keys inserted
 * in one phase do not come back in the following. Phase numbers count from 1. Warm-up indices
 * continue the phase's own: warm-up is the head of the stream. */
#define TG_PHASE_STRIDE UINT64_C(1000000000000)

struct tg_op_spec { /* one operation, as the stream sees it */
    const char *name;
    const struct tg_gen_named *params;
    size_t param_count;
    uint32_t batch; /* >= 1: sets of arguments per operation */
};

struct tg_mix_entry {
    uint32_t op; /* index into the ops */
    double weight;
};

struct tg_phase_mix { /* one phase, as the stream sees it */
    const char *name;
    const struct tg_mix_entry *entries;
    size_t entry_count;
};

struct tg_workload_spec {
    uint64_t seed;
    const struct tg_load_spec *loads;
    size_t load_count;
    const struct tg_op_spec *ops;
    size_t op_count;
    const struct tg_phase_mix *phases;
    size_t phase_count;
};

struct tg_workload; /* compiled, immutable: shared by all workers */

/* Lives in `arena`; `spec` has to stay alive. */
struct tg_workload *tg_workload_compile(struct tg_arena *arena,
                                        const struct tg_workload_spec *spec);

/* Operations at the indices first, first + stride, ... of `phase` (0-based): `count` of them into
 * `ops`. Walker's alias method (Vose 1991) over 32 bits each. Allocates nothing. A stride of 1 is
 * several times as fast as one from 4 on, because four neighbours share a random block. */
void tg_stream_ops(const struct tg_workload *workload, uint32_t phase, uint64_t first,
                   uint64_t stride, size_t count, uint32_t *ops);

/* Arguments of operation `op` at `index` of `phase`: batch * param_count values, row after row,
 * into `args`. Texts live in `scratch`, which is not reset here. The values of batch row r are
 * those of index index * batch + r. */
void tg_stream_args(const struct tg_workload *workload, uint32_t phase, uint32_t op, uint64_t index,
                    struct tg_arena *scratch, struct tg_value *args);

/* One row of the load `load`: column_count values into `row`. */
void tg_load_row(const struct tg_workload *workload, size_t load, uint64_t index,
                 struct tg_arena *scratch, struct tg_value *row);

enum { TG_FINGERPRINT_OPS = 1000, TG_FINGERPRINT_ROWS = 100 };

/* SHA-256 over, in order: the first TG_FINGERPRINT_ROWS rows of every load with their names and
 * numbers of rows, and the first TG_FINGERPRINT_OPS operations of every phase with the arguments of
 * the first and the last row of their batches. Values enter by type and bytes; reals by their IEEE
 * bits. docs/stream.md has every byte. */
void tg_workload_fingerprint(const struct tg_workload *workload, char out[TG_HASH_TEXT]);

#endif
