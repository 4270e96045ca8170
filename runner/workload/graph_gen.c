/* Edges of a scale-free graph (Barabasi and Albert 1999), each computed from its number alone.
 *
 * Batagelj and Brandes, "Efficient generation of large random networks", Physical Review E 71,
 * 036113, 2005, write all ends of the edges into one array and draw a target by copying an earlier
 * entry: a node stands there as often as it has edges, which is preferential attachment. Sanders
 * and Schulz, "Scalable generation of scale-free graphs", Information Processing Letters 116(7),
 * 2016, need no array: what an entry holds is found by retracing the copies, each drawn by a hash
 * of its place.
 *
 * Here nodes 0 .. degree are the seed graph: each has an edge to every other. A later node v draws
 * among the 2 * degree * v ends that the nodes before it left, so no edge is a loop; two edges of a
 * node may meet the same target. */
#include <assert.h>

#include "runner/workload/gen_internal.h"

static uint64_t target_of(const struct tg_gen *gen, uint64_t edge)
{
    const uint64_t degree = gen->spec->degree;
    for (;;) {
        const uint64_t node = edge / degree;
        if (node <= degree) {
            const uint64_t other = edge % degree;
            return other < node ? other : other + 1;
        }
        struct tg_random random;
        tg_random_at(&random, gen->key, edge);
        /* Ends 2 e and 2 e + 1 are source and target of edge e. */
        const uint64_t end = tg_random_below(&random, 2 * degree * node);
        edge = end / 2;
        if (end % 2 == 0)
            return edge / degree;
    }
}

static struct tg_value make_source(const struct tg_gen *gen, uint64_t index,
                                   struct tg_arena *scratch)
{
    (void)scratch;
    const uint64_t edges = gen->spec->nodes * gen->spec->degree;
    return tg_value_int((int64_t)(index % edges / gen->spec->degree));
}

static struct tg_value make_target(const struct tg_gen *gen, uint64_t index,
                                   struct tg_arena *scratch)
{
    (void)scratch;
    const uint64_t edges = gen->spec->nodes * gen->spec->degree;
    return tg_value_int((int64_t)target_of(gen, index % edges));
}

void tg_graph_compile(struct tg_gen *gen)
{
    const struct tg_gen_spec *spec = gen->spec;
    assert(spec->degree >= 1 && spec->nodes > spec->degree);
    assert(spec->nodes <= (UINT64_C(1) << 62) / spec->degree);
    gen->make = spec->graph_end == TG_GRAPH_SOURCE ? make_source : make_target;
}
