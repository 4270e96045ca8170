#include "runner/drive/clock.h"

#include <stdio.h>
#include <string.h>

struct tg_clock tg_clock;

static bool initialised;

#if TG_CLOCK_HAS_TSC

/* The kernel keeps "tsc" as its clock source only while its watchdog finds it stable and in step on
 * all CPUs; that is the word we take. */
static bool kernel_trusts_tsc(void)
{
    char source[32] = "";
    FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "re");
    if (!file)
        return false;
    bool trusted = fgets(source, sizeof source, file) && strcmp(source, "tsc\n") == 0;
    fclose(file);
    return trusted;
}

struct clock_pair {
    uint64_t ticks;
    int64_t ns;
};

/* A reading of both clocks that nothing came between: the tightest of some tries. */
static struct clock_pair read_pair(void)
{
    struct clock_pair best = {0};
    uint64_t tightest = UINT64_MAX;
    for (int i = 0; i < 64; i++) {
        uint64_t before = __rdtsc();
        int64_t ns = tg_monotonic_ns();
        uint64_t after = __rdtsc();
        if (after - before < tightest) {
            tightest = after - before;
            best = (struct clock_pair){.ticks = before + (after - before) / 2, .ns = ns};
        }
    }
    return best;
}

static bool calibrate_tsc(void)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    struct clock_pair first = read_pair();
    nanosleep(&pause, NULL);
    struct clock_pair second = read_pair();
    if (second.ticks <= first.ticks || second.ns <= first.ns)
        return false;
    double ns_per_tick = (double)(second.ns - first.ns) / (double)(second.ticks - first.ticks);
    tg_clock.base_ticks = second.ticks;
    tg_clock.base_ns = second.ns;
    tg_clock.ns_per_tick_q32 = (uint64_t)(ns_per_tick * 4294967296.0 + 0.5);
    return true;
}

#endif

void tg_clock_init(void)
{
    if (initialised)
        return;
    initialised = true;
#if TG_CLOCK_HAS_TSC
    tg_clock.tsc = kernel_trusts_tsc() && calibrate_tsc();
#endif
}

int64_t tg_clock_overhead_ps(void)
{
    enum { ROUNDS = 20, READINGS = 1000 };
    int64_t least_ns = INT64_MAX;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t start = tg_now_ns();
        int64_t last = start;
        for (int i = 0; i < READINGS; i++)
            last = tg_now_ns();
        if (last - start < least_ns)
            least_ns = last - start;
    }
    return least_ns * 1000 / READINGS;
}

const char *tg_clock_name(void)
{
    return tg_clock.tsc ? "tsc" : "monotonic";
}
