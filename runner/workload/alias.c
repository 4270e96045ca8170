#include "runner/workload/alias.h"

#include <assert.h>

/* Shares of a slot, in 1/2^32; a share of 1 does not fit and needs `other` to be the same. */
static void fill(struct tg_alias_slot *slot, uint32_t kept, double share, uint32_t other)
{
    const double scaled = share * 0x1p32;
    slot->choice[0] = kept;
    slot->choice[1] = other;
    slot->below = scaled < 0x1p32 ? (uint32_t)scaled : UINT32_MAX;
}

struct tg_alias tg_alias_make(struct tg_arena *arena, const double *weights, size_t count)
{
    assert(count >= 1 && count <= UINT64_C(1) << 31);
    double sum = 0;
    size_t heaviest = 0;
    for (size_t i = 0; i < count; i++) {
        assert(weights[i] >= 0);
        sum += weights[i];
        if (weights[i] > weights[heaviest])
            heaviest = i;
    }
    assert(sum > 0 && sum <= 0x1.fffffffffffffp1023);

    struct tg_alias_slot *slots = tg_arena_array(arena, count, sizeof *slots);
    double *share = tg_arena_array(arena, count, sizeof *share);
    /* Two stacks in one array: the poor (share below 1) from the left, the rich from the right. */
    uint32_t *order = tg_arena_array(arena, count, sizeof *order);
    size_t poor = 0;
    size_t rich = count;
    for (size_t i = 0; i < count; i++) {
        share[i] = weights[i] / sum * (double)count;
        if (share[i] < 1)
            order[poor++] = (uint32_t)i;
        else
            order[--rich] = (uint32_t)i;
    }
    while (poor > 0 && rich < count) {
        const uint32_t small = order[--poor];
        const uint32_t large = order[rich++];
        fill(&slots[small], small, share[small], large);
        share[large] -= 1 - share[small];
        if (share[large] < 1)
            order[poor++] = large;
        else
            order[--rich] = large;
    }
    /* What is left has share 1 but for rounding; a weight of 0 must not gain by it. */
    while (rich < count) {
        const uint32_t large = order[rich++];
        fill(&slots[large], large, 1, large);
    }
    while (poor > 0) {
        const uint32_t small = order[--poor];
        fill(&slots[small], small, share[small], weights[small] > 0 ? small : (uint32_t)heaviest);
    }
    return (struct tg_alias){slots, count};
}
