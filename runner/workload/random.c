#include "runner/workload/random.h"

#include <assert.h>

#include "runner/workload/wide.h"

/* Word i of every block side by side: independent chains that a processor can overlap. */
struct lanes {
    uint32_t x0[TG_PHILOX_LANES], x1[TG_PHILOX_LANES], x2[TG_PHILOX_LANES], x3[TG_PHILOX_LANES];
};

static inline __attribute__((always_inline)) void ten_rounds(struct lanes *lanes, int count,
                                                             uint64_t key)
{
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < count; i++) {
            const uint64_t product0 = lanes->x0[i] * UINT64_C(0xD2511F53);
            const uint64_t product1 = lanes->x2[i] * UINT64_C(0xCD9E8D57);
            lanes->x0[i] = (uint32_t)(product1 >> 32) ^ lanes->x1[i] ^ k0;
            lanes->x1[i] = (uint32_t)product1;
            lanes->x2[i] = (uint32_t)(product0 >> 32) ^ lanes->x3[i] ^ k1;
            lanes->x3[i] = (uint32_t)product0;
        }
        k0 += UINT32_C(0x9E3779B9);
        k1 += UINT32_C(0xBB67AE85);
    }
}

static inline struct tg_random_block block_of(const struct lanes *lanes, int i)
{
    return (struct tg_random_block){
        {(uint64_t)lanes->x1[i] << 32 | lanes->x0[i], (uint64_t)lanes->x3[i] << 32 | lanes->x2[i]}};
}

struct tg_random_block tg_philox(uint64_t key, uint64_t counter_low, uint64_t counter_high)
{
    struct lanes lanes;
    lanes.x0[0] = (uint32_t)counter_low;
    lanes.x1[0] = (uint32_t)(counter_low >> 32);
    lanes.x2[0] = (uint32_t)counter_high;
    lanes.x3[0] = (uint32_t)(counter_high >> 32);
    ten_rounds(&lanes, 1, key);
    return block_of(&lanes, 0);
}

void tg_philox_run(uint64_t key, uint64_t first, struct tg_random_block out[TG_PHILOX_LANES])
{
    struct lanes lanes;
    for (int i = 0; i < TG_PHILOX_LANES; i++) {
        const uint64_t counter = first + (uint64_t)i;
        lanes.x0[i] = (uint32_t)counter;
        lanes.x1[i] = (uint32_t)(counter >> 32);
        lanes.x2[i] = lanes.x3[i] = 0;
    }
    ten_rounds(&lanes, TG_PHILOX_LANES, key);
    for (int i = 0; i < TG_PHILOX_LANES; i++)
        out[i] = block_of(&lanes, i);
}

static uint64_t fnv1a(const char *text)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
    return hash;
}

uint64_t tg_random_key(uint64_t seed, const char *place)
{
    /* The upper counter half is one that no draw reaches, so a key is never also a draw. */
    return tg_philox(seed, fnv1a(place), UINT64_MAX).word[0];
}

void tg_random_at(struct tg_random *random, uint64_t key, uint64_t index)
{
    random->key = key;
    random->index = index;
    random->drawn = 0;
}

uint64_t tg_random_u64(struct tg_random *random)
{
    const uint32_t number = random->drawn++;
    if (number % 2 == 0)
        random->block = tg_philox(random->key, random->index, number / 2);
    return random->block.word[number % 2];
}

uint64_t tg_random_below(struct tg_random *random, uint64_t bound)
{
    assert(bound >= 1);
    uint64_t low;
    uint64_t high = tg_multiply_wide(tg_random_u64(random), bound, &low);
    if (low < bound) {
        /* 2^64 mod bound products would be one too many for some results: draw again. */
        const uint64_t surplus = (0 - bound) % bound;
        while (low < surplus)
            high = tg_multiply_wide(tg_random_u64(random), bound, &low);
    }
    return high;
}

double tg_random_unit(struct tg_random *random)
{
    return (double)(tg_random_u64(random) >> 11) * 0x1p-53;
}
