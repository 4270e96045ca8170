#include "runner/workload/random.h"

#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "runner/workload/wide.h"

#define MULTIPLIER_0 UINT32_C(0xD2511F53)
#define MULTIPLIER_1 UINT32_C(0xCD9E8D57)
#define KEY_STEP_0 UINT32_C(0x9E3779B9)
#define KEY_STEP_1 UINT32_C(0xBB67AE85)
enum { ROUNDS = 10 };

struct tg_random_block tg_philox(uint64_t key, uint64_t counter_low, uint64_t counter_high)
{
    uint32_t x0 = (uint32_t)counter_low, x1 = (uint32_t)(counter_low >> 32);
    uint32_t x2 = (uint32_t)counter_high, x3 = (uint32_t)(counter_high >> 32);
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t product0 = (uint64_t)MULTIPLIER_0 * x0;
        const uint64_t product1 = (uint64_t)MULTIPLIER_1 * x2;
        x0 = (uint32_t)(product1 >> 32) ^ x1 ^ k0;
        x1 = (uint32_t)product1;
        x2 = (uint32_t)(product0 >> 32) ^ x3 ^ k1;
        x3 = (uint32_t)product0;
        k0 += KEY_STEP_0;
        k1 += KEY_STEP_1;
    }
    return (struct tg_random_block){{(uint64_t)x1 << 32 | x0, (uint64_t)x3 << 32 | x2}};
}

#ifdef __SSE2__

/* Two blocks side by side: each x holds one 32-bit word per 64-bit lane. The lanes' upper halves
 * may hold anything: the multiplication does not read them. */
struct pair {
    __m128i x0, x1, x2, x3;
};

static struct pair load_pair(const struct tg_random_block counter[2])
{
    const __m128i first = _mm_loadu_si128((const __m128i *)&counter[0]);
    const __m128i second = _mm_loadu_si128((const __m128i *)&counter[1]);
    const __m128i low = _mm_unpacklo_epi64(first, second);
    const __m128i high = _mm_unpackhi_epi64(first, second);
    return (struct pair){low, _mm_srli_epi64(low, 32), high, _mm_srli_epi64(high, 32)};
}

static struct pair round_of_pair(struct pair x, __m128i k0, __m128i k1)
{
    const __m128i product0 = _mm_mul_epu32(x.x0, _mm_set1_epi32((int)MULTIPLIER_0));
    const __m128i product1 = _mm_mul_epu32(x.x2, _mm_set1_epi32((int)MULTIPLIER_1));
    return (struct pair){
        _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product1, 32), x.x1), k0), product1,
        _mm_xor_si128(_mm_xor_si128(_mm_srli_epi64(product0, 32), x.x3), k1), product0};
}

static __m128i joined(__m128i lower, __m128i upper)
{
    const __m128i mask = _mm_set1_epi64x(UINT32_MAX);
    return _mm_or_si128(_mm_and_si128(lower, mask), _mm_slli_epi64(upper, 32));
}

static void store_pair(struct pair x, struct tg_random_block out[2])
{
    const __m128i low = joined(x.x0, x.x1);
    const __m128i high = joined(x.x2, x.x3);
    _mm_storeu_si128((__m128i *)&out[0], _mm_unpacklo_epi64(low, high));
    _mm_storeu_si128((__m128i *)&out[1], _mm_unpackhi_epi64(low, high));
}

void tg_philox_lanes(uint64_t key, const struct tg_random_block counter[TG_RANDOM_LANES],
                     struct tg_random_block out[TG_RANDOM_LANES])
{
    struct pair a = load_pair(counter);
    struct pair b = load_pair(counter + 2);
    __m128i k0 = _mm_set1_epi32((int)(uint32_t)key);
    __m128i k1 = _mm_set1_epi32((int)(uint32_t)(key >> 32));
#pragma GCC unroll 10
    for (int round = 0; round < ROUNDS; round++) {
        a = round_of_pair(a, k0, k1);
        b = round_of_pair(b, k0, k1);
        k0 = _mm_add_epi32(k0, _mm_set1_epi32((int)KEY_STEP_0));
        k1 = _mm_add_epi32(k1, _mm_set1_epi32((int)KEY_STEP_1));
    }
    store_pair(a, out);
    store_pair(b, out + 2);
}

#else

void tg_philox_lanes(uint64_t key, const struct tg_random_block counter[TG_RANDOM_LANES],
                     struct tg_random_block out[TG_RANDOM_LANES])
{
    for (int i = 0; i < TG_RANDOM_LANES; i++)
        out[i] = tg_philox(key, counter[i].word[0], counter[i].word[1]);
}

#endif

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
    if (number == 0) {
        /* Most generators need no more than this one. */
        random->ready[0] = tg_philox(random->key, random->index, 0);
        return random->ready[0].word[0];
    }
    /* Block 0 stood alone; then come 1 to 4, 5 to 8, ... */
    const uint32_t ahead = number - 2;
    if (number >= 2 && ahead % (2 * TG_RANDOM_LANES) == 0) {
        struct tg_random_block counter[TG_RANDOM_LANES];
        for (uint32_t i = 0; i < TG_RANDOM_LANES; i++)
            counter[i] = (struct tg_random_block){{random->index, number / 2 + i}};
        tg_philox_lanes(random->key, counter, random->ready);
    }
    return number == 1 ? random->ready[0].word[1]
                       : random->ready[ahead / 2 % TG_RANDOM_LANES].word[number % 2];
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
