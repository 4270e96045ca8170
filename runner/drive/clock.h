/* The clock of the measured loop: nanoseconds since an arbitrary start, by the invariant time-stamp
 * counter where the kernel itself trusts it, else by CLOCK_MONOTONIC. Both run at the rate of
 * CLOCK_MONOTONIC. */
#ifndef TG_RUNNER_DRIVE_CLOCK_H
#define TG_RUNNER_DRIVE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#define TG_CLOCK_HAS_TSC 1
#else
#define TG_CLOCK_HAS_TSC 0
#endif

struct tg_clock {
    bool tsc;
    uint64_t base_ticks;
    int64_t base_ns;          /* CLOCK_MONOTONIC at base_ticks */
    uint64_t ns_per_tick_q32; /* fixed point, 32 fractional bits */
};

/* The process's clock; set by tg_clock_init, inherited by forked children. */
extern struct tg_clock tg_clock;

/* Chooses and calibrates; takes about 20 ms the first time, nothing afterwards. Call before any
 * thread. */
void tg_clock_init(void);

static inline int64_t tg_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Now, in ns, on the time line of CLOCK_MONOTONIC (a TSC clock may be off by some ppm of the time
 * since tg_clock_init). Not serialising: out-of-order execution may move it by some ns. */
static inline int64_t tg_now_ns(void)
{
#if TG_CLOCK_HAS_TSC
    if (__builtin_expect(tg_clock.tsc, 1)) {
        unsigned __int128 scaled =
            (unsigned __int128)(__rdtsc() - tg_clock.base_ticks) * tg_clock.ns_per_tick_q32;
        return tg_clock.base_ns + (int64_t)(scaled >> 32);
    }
#endif
    return tg_monotonic_ns();
}

/* Cost of one reading in picoseconds, the least of several rounds. */
int64_t tg_clock_overhead_ps(void);

/* "tsc" or "monotonic". */
const char *tg_clock_name(void);

#endif
