/* Counter-based random numbers: the n-th number of a stream is computed, not reached. Philox4x32-10
 * (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11), checked
 * against the known answers of Random123. */
#ifndef TG_RUNNER_WORKLOAD_RANDOM_H
#define TG_RUNNER_WORKLOAD_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct tg_random_block {
    uint64_t word[2];
};

/* One block: key and 128-bit counter in, 128 random bits out. Words are (x1 << 32 | x0), (x3 << 32
 * | x2). */
struct tg_random_block tg_philox(uint64_t key, uint64_t counter_low, uint64_t counter_high);

/* Four blocks at once, for about the time of two: out[i] = tg_philox(key, counter[i].word[0],
 * counter[i].word[1]). `out` may be `counter`. */
enum { TG_RANDOM_LANES = 4 };
void tg_philox_lanes(uint64_t key, const struct tg_random_block counter[TG_RANDOM_LANES],
                     struct tg_random_block out[TG_RANDOM_LANES]);

/* The key of a place in a scenario, such as "load/sessions/user_id" or "steady/session_get/id":
 * word 0 of Philox with the seed as key over (FNV-1a of the place's name, all ones). A place's own
 * sub-places ("null", "centre") take the place's key as the seed. */
uint64_t tg_random_key(uint64_t seed, const char *place);

/* The draws that belong to one (key, index): as many as a generator needs, each by its number. */
struct tg_random {
    uint64_t key;
    uint64_t index;
    uint32_t drawn;                                /* 64-bit words handed out so far */
    struct tg_random_block ready[TG_RANDOM_LANES]; /* blocks worked out ahead */
};

void tg_random_at(struct tg_random *random, uint64_t key, uint64_t index);
/* Draw n is word n % 2 of the block at counter (index, n / 2). */
uint64_t tg_random_u64(struct tg_random *random);
/* Uniform on [0, bound), bound >= 1, without bias (Lemire 2019, arXiv:1805.10941). */
uint64_t tg_random_below(struct tg_random *random, uint64_t bound);
/* Uniform on [0, 1), 53 bits. */
double tg_random_unit(struct tg_random *random);

#endif
