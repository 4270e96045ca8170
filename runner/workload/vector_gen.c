/* Unit vectors, as embeddings are: packed float32, least significant byte first. A vector of
 * independent normals points in every direction alike (Muller 1959). */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "runner/workload/gen_internal.h"

static void normalise(double *vector, uint32_t dims)
{
    double square = 0;
    for (uint32_t i = 0; i < dims; i++)
        square += vector[i] * vector[i];
    const double length = sqrt(square);
    assert(length > 0);
    for (uint32_t i = 0; i < dims; i++)
        vector[i] /= length;
}

static struct tg_value packed(const double *vector, uint32_t dims, struct tg_arena *scratch)
{
    char *bytes = tg_arena_alloc(scratch, (size_t)dims * 4);
    for (uint32_t i = 0; i < dims; i++) {
        const float number = (float)vector[i];
        uint32_t bits;
        memcpy(&bits, &number, sizeof bits);
        for (uint32_t byte = 0; byte < 4; byte++)
            bytes[4 * i + byte] = (char)(unsigned char)(bits >> 8 * byte);
    }
    return tg_value_bytes(TG_VALUE_BLOB, bytes, (size_t)dims * 4);
}

static void add_normals(double *vector, uint32_t dims, double sd, struct tg_random *random)
{
    for (uint32_t i = 0; i < dims; i++)
        vector[i] += sd * tg_random_normal(random);
}

static struct tg_value make_spherical(const struct tg_gen *gen, uint64_t index,
                                      struct tg_arena *scratch)
{
    const uint32_t dims = gen->spec->dims;
    double *vector = tg_arena_array(scratch, dims, sizeof *vector);
    struct tg_random random;
    tg_random_at(&random, gen->key, index);
    add_normals(vector, dims, 1, &random);
    normalise(vector, dims);
    return packed(vector, dims, scratch);
}

static struct tg_value make_clustered(const struct tg_gen *gen, uint64_t index,
                                      struct tg_arena *scratch)
{
    const uint32_t dims = gen->spec->dims;
    double *vector = tg_arena_array(scratch, dims, sizeof *vector);
    struct tg_random random;
    struct tg_random centre;
    tg_random_at(&random, gen->key, index);
    tg_random_at(&centre, gen->part_key, tg_random_below(&random, gen->spec->clusters));
    add_normals(vector, dims, 1, &centre);
    normalise(vector, dims);
    /* Divided by sqrt(dims), the noise is about cluster_sd long whatever the number of dimensions.
     */
    add_normals(vector, dims, gen->spec->cluster_sd / sqrt((double)dims), &random);
    normalise(vector, dims);
    return packed(vector, dims, scratch);
}

void tg_vector_compile(struct tg_gen *gen)
{
    assert(gen->spec->dims >= 1);
    gen->part_key = tg_random_key(gen->key, "centre");
    gen->make = gen->spec->clusters > 0 ? make_clustered : make_spherical;
}
