/* Weighted choice in constant time: Walker's alias method, with the tables of Vose, "A linear
 * algorithm for generating random numbers with a given distribution", IEEE TSE 17(9), 1991. */
#ifndef TG_RUNNER_WORKLOAD_ALIAS_H
#define TG_RUNNER_WORKLOAD_ALIAS_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"

struct tg_alias_slot {
    uint32_t below;     /* fractions below this choose choice[0], the others choice[1] */
    uint32_t choice[2]; /* an array, because the branch would be mispredicted every other time */
};

struct tg_alias {
    struct tg_alias_slot *slots; /* as many as there are weights */
    uint64_t count;
};

/* The table of `count` weights (1 to 2^31, each finite and >= 0, their sum > 0 and finite); lives
 * in `arena`. A probability is met to count / 2^32. A weight of 0 is never chosen. */
struct tg_alias tg_alias_make(struct tg_arena *arena, const double *weights, size_t count);

/* The choice that 32 random bits make: of the 64-bit product bits * count, the upper half is the
 * slot, the lower half the fraction within the slot. */
static inline uint32_t tg_alias_choose(const struct tg_alias *alias, uint32_t bits)
{
    const uint64_t place = bits * alias->count;
    const struct tg_alias_slot *slot = &alias->slots[place >> 32];
    return slot->choice[(uint32_t)place >= slot->below];
}

#endif
