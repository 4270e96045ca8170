/* Vectors and graphs: generators whose values are judged together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runner/workload/gen.h"
#include "tests/unit/chi_square.h"

static struct tg_arena arena;
static struct tg_arena scratch;
static const struct tg_gen_scope scope = {.seed = 7};

static int free_arenas(void **state)
{
    (void)state;
    tg_arena_free(&arena);
    tg_arena_free(&scratch);
    return 0;
}

/* ---- vectors ---- */

static void read_vector(const struct tg_gen *gen, uint64_t index, uint32_t dims, double *out)
{
    const struct tg_value value = tg_gen_value(gen, index, &scratch);
    assert_int_equal(value.type, TG_VALUE_BLOB);
    assert_int_equal(value.length, 4 * dims);
    double square = 0;
    for (uint32_t i = 0; i < dims; i++) {
        uint32_t bits = 0;
        for (uint32_t byte = 0; byte < 4; byte++)
            bits |= (uint32_t)(unsigned char)value.bytes[4 * i + byte] << 8 * byte;
        float number;
        memcpy(&number, &bits, sizeof number);
        out[i] = number;
        square += out[i] * out[i];
    }
    assert_true(fabs(sqrt(square) - 1) < 1e-6);
    tg_arena_reset(&scratch);
}

static double dot(const double *a, const double *b, uint32_t dims)
{
    double sum = 0;
    for (uint32_t i = 0; i < dims; i++)
        sum += a[i] * b[i];
    return sum;
}

/* In three dimensions each coordinate of a point on the sphere is uniform on [-1, 1] (Archimedes).
 */
static void spherical_vectors_point_everywhere_alike(void **state)
{
    (void)state;
    const struct tg_gen_spec spec = {.kind = TG_GEN_VECTOR, .dims = 3};
    const struct tg_gen *gen = tg_gen_compile(&arena, &spec, &scope, "place");
    uint64_t counts[3][20] = {{0}};
    double even[20];
    for (size_t i = 0; i < 20; i++)
        even[i] = 0.05;
    for (uint64_t i = 0; i < 20000; i++) {
        double vector[3];
        read_vector(gen, i, 3, vector);
        for (size_t d = 0; d < 3; d++)
            counts[d][(size_t)fmin(19, (vector[d] + 1) * 10)]++;
    }
    for (size_t d = 0; d < 3; d++)
        assert_true(chi_square_fits(counts[d], even, 20));
}

static void large_vectors_have_unit_length(void **state)
{
    (void)state;
    const struct tg_gen_spec spec = {.kind = TG_GEN_VECTOR, .dims = 768};
    const struct tg_gen *gen = tg_gen_compile(&arena, &spec, &scope, "place");
    double a[768], b[768];
    for (uint64_t i = 0; i < 20; i++) {
        read_vector(gen, i, 768, a);
        read_vector(gen, i + 1, 768, b);
        /* The cosine of two directions has sd 1/sqrt(768) = 0.036. */
        assert_true(fabs(dot(a, b, 768)) < 0.2);
    }
}

/* With noise of length s around a unit centre, two vectors of a cluster have a cosine of about
 * 1 / (1 + s^2) and those of two clusters one near 0. */
static void clustered_vectors_stay_near_their_centres(void **state)
{
    (void)state;
    enum { DIMS = 256, COUNT = 300, CLUSTERS = 5 };
    const struct tg_gen_spec spec = {
        .kind = TG_GEN_VECTOR, .dims = DIMS, .clusters = CLUSTERS, .cluster_sd = 0.5};
    const struct tg_gen *gen = tg_gen_compile(&arena, &spec, &scope, "place");
    static double vectors[COUNT][DIMS];
    for (uint64_t i = 0; i < COUNT; i++)
        read_vector(gen, i, DIMS, vectors[i]);
    size_t leaders[CLUSTERS] = {0};
    uint64_t members[CLUSTERS] = {0};
    size_t clusters = 0;
    double sum = 0;
    uint64_t pairs = 0;
    for (size_t i = 0; i < COUNT; i++) {
        size_t c = 0;
        while (c < clusters && dot(vectors[i], vectors[leaders[c]], DIMS) < 0.5)
            c++;
        if (c == clusters) {
            assert_true(clusters < CLUSTERS);
            leaders[clusters++] = i;
        } else {
            sum += dot(vectors[i], vectors[leaders[c]], DIMS);
            pairs++;
        }
        members[c]++;
    }
    assert_int_equal(clusters, CLUSTERS);
    assert_true(fabs(sum / (double)pairs - 1 / 1.25) < 0.02);
    assert_true(chi_square_fits(members, (const double[]){0.2, 0.2, 0.2, 0.2, 0.2}, CLUSTERS));
}

/* ---- graphs ---- */

enum { NODES = 20000, DEGREE = 4, EDGES = NODES * DEGREE };

static const struct tg_gen *end_of(enum tg_graph_end end)
{
    const struct tg_gen_spec spec = {
        .kind = TG_GEN_GRAPH, .graph_end = end, .nodes = NODES, .degree = DEGREE};
    struct tg_gen_spec *kept = tg_arena_alloc(&arena, sizeof *kept);
    *kept = spec;
    return tg_gen_compile(&arena, kept, &scope, "place");
}

static uint64_t node_at(const struct tg_gen *gen, uint64_t edge)
{
    return (uint64_t)tg_gen_value(gen, edge, &scratch).integer;
}

static void edges_join_new_nodes_to_old_ones(void **state)
{
    (void)state;
    const struct tg_gen *source = end_of(TG_GRAPH_SOURCE);
    const struct tg_gen *target = end_of(TG_GRAPH_TARGET);
    static uint8_t seed[DEGREE + 1][DEGREE + 1];
    for (uint64_t edge = 0; edge < EDGES; edge++) {
        const uint64_t from = node_at(source, edge);
        const uint64_t to = node_at(target, edge);
        assert_int_equal(from, edge / DEGREE);
        if (from <= DEGREE) {
            assert_true(to <= DEGREE && to != from);
            seed[from][to]++;
        } else {
            assert_true(to < from);
        }
    }
    for (size_t i = 0; i <= DEGREE; i++)
        for (size_t j = 0; j <= DEGREE; j++)
            assert_int_equal(seed[i][j], i != j);
    /* Any order of asking, and past the end again from the start. */
    const uint64_t last = node_at(target, EDGES - 1);
    const uint64_t first = node_at(target, 30);
    assert_int_equal(node_at(end_of(TG_GRAPH_TARGET), EDGES - 1), last);
    assert_int_equal(node_at(target, EDGES + 30), first);
}

/* The plain array of Batagelj and Brandes, filled in order, holds what the retracing finds. */
static void retracing_agrees_with_the_array(void **state)
{
    (void)state;
    const struct tg_gen *target = end_of(TG_GRAPH_TARGET);
    static uint64_t ends[2 * EDGES];
    const uint64_t key = tg_random_key(scope.seed, "place");
    for (uint64_t edge = 0; edge < EDGES; edge++) {
        const uint64_t node = edge / DEGREE;
        ends[2 * edge] = node;
        if (node <= DEGREE) {
            ends[2 * edge + 1] = edge % DEGREE + (edge % DEGREE >= node);
        } else {
            struct tg_random random;
            tg_random_at(&random, key, edge);
            ends[2 * edge + 1] = ends[tg_random_below(&random, node * DEGREE * 2)];
        }
        assert_int_equal(node_at(target, edge), ends[2 * edge + 1]);
    }
}

/* In the limit a node has degree k with probability 2 m (m + 1) / (k (k + 1) (k + 2)), k >= m
 * (Bollobas, Riordan, Spencer and Tusnady 2001), a tail of exponent 3. The degrees of one graph are
 * not independent draws and its oldest nodes stand apart, so frequencies of the small degrees are
 * compared with a margin, and the exponent of the tail is estimated (Clauset, Shalizi and Newman
 * 2009, equation 3.7). */
static void degrees_fall_with_the_third_power(void **state)
{
    (void)state;
    const struct tg_gen *target = end_of(TG_GRAPH_TARGET);
    static uint32_t degree[NODES];
    for (uint64_t edge = 0; edge < EDGES; edge++) {
        degree[edge / DEGREE]++;
        degree[node_at(target, edge)]++;
    }
    uint64_t sum = 0, tail = 0;
    double logs = 0;
    uint64_t counts[12] = {0};
    const double from = 20;
    for (size_t i = 0; i < NODES; i++) {
        sum += degree[i];
        assert_true(degree[i] >= DEGREE);
        if (degree[i] < 12)
            counts[degree[i]]++;
        if (degree[i] >= from) {
            tail++;
            logs += log(degree[i] / (from - 0.5));
        }
    }
    assert_int_equal(sum, 2 * EDGES);
    const double exponent = 1 + (double)tail / logs;
    assert_true(exponent > 2.8 && exponent < 3.2);
    for (size_t i = DEGREE; i < 12; i++) {
        const double k = (double)i;
        const double expected = NODES * 2.0 * DEGREE * (DEGREE + 1) / (k * (k + 1) * (k + 2));
        assert_true(fabs((double)counts[i] / expected - 1) < 0.1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spherical_vectors_point_everywhere_alike),
        cmocka_unit_test(large_vectors_have_unit_length),
        cmocka_unit_test(clustered_vectors_stay_near_their_centres),
        cmocka_unit_test(edges_join_new_nodes_to_old_ones),
        cmocka_unit_test(retracing_agrees_with_the_array),
        cmocka_unit_test(degrees_fall_with_the_third_power),
    };
    return cmocka_run_group_tests(tests, NULL, free_arenas);
}
