#include "runner/drive/platform.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"

/* First line of /proc/stat: "cpu" and the ticks in user, nice, system, idle, iowait, irq, softirq,
 * steal. */
static int64_t read_steal_ns(void)
{
    enum { STEAL_FIELD = 8 };
    char line[256];
    FILE *file = fopen("/proc/stat", "re");
    if (!file)
        return -1;
    char *at = fgets(line, sizeof line, file) ? line : NULL;
    fclose(file);
    for (int field = 0; at && field < STEAL_FIELD; field++) {
        at = strchr(at, ' ');
        at = at ? at + strspn(at, " ") : NULL;
    }
    return at ? strtoll(at, NULL, 10) * (TG_NS_PER_S / sysconf(_SC_CLK_TCK)) : -1;
}

static int64_t read_pressure_ns(const char *path)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    char line[160];
    long long total_us = -1;
    if (fgets(line, sizeof line, file)) {
        const char *total = strstr(line, "total=");
        if (tg_starts_with(line, "some") && total)
            total_us = strtoll(total + strlen("total="), NULL, 10);
    }
    fclose(file);
    return total_us < 0 ? -1 : (int64_t)total_us * TG_NS_PER_US;
}

void tg_platform_read(struct tg_platform_counters *counters)
{
    counters->steal_ns = read_steal_ns();
    counters->cpu_pressure_ns = read_pressure_ns("/proc/pressure/cpu");
    counters->io_pressure_ns = read_pressure_ns("/proc/pressure/io");
}

int64_t tg_counter_delta(int64_t now, int64_t before)
{
    return now < 0 || before < 0 ? -1 : now - before;
}

struct tg_hiccup_meter {
    pthread_t thread;
    atomic_bool stop;
    pthread_mutex_t lock; /* guards the two below; taken 1,000 times a second by the meter */
    struct tg_hdr *hdr;
    int64_t max_ns;
};

static struct timespec timespec_of(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / TG_NS_PER_S, .tv_nsec = ns % TG_NS_PER_S};
}

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * TG_NS_PER_S + now.tv_nsec;
}

static void *hiccup_thread(void *context)
{
    struct tg_hiccup_meter *meter = context;
    /* The kernel may round a sleep up by its timer slack, 50 us by default: not the platform's
     * fault. */
    prctl(PR_SET_TIMERSLACK, 1UL);
    int64_t due = monotonic_ns();
    while (!atomic_load_explicit(&meter->stop, memory_order_relaxed)) {
        due += TG_NS_PER_MS;
        struct timespec until = timespec_of(due);
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
            continue;
        int64_t now = monotonic_ns();
        int64_t late = now - due;
        pthread_mutex_lock(&meter->lock);
        tg_hdr_record(meter->hdr, late);
        if (late > meter->max_ns)
            meter->max_ns = late;
        pthread_mutex_unlock(&meter->lock);
        if (late > TG_NS_PER_MS)
            due = now; /* one long hiccup is one hiccup, not one per millisecond slept through */
    }
    return NULL;
}

enum tg_status tg_hiccups_start(struct tg_hiccup_meter **meter, struct tg_diags *diags)
{
    struct tg_hiccup_meter *made = tg_calloc(1, sizeof *made);
    made->hdr = tg_hdr_new(&tg_hdr_latency_ns);
    pthread_mutex_init(&made->lock, NULL);
    int error = pthread_create(&made->thread, NULL, hiccup_thread, made);
    if (error) {
        free(made->hdr);
        free(made);
        return tg_diag_errno(diags, NULL, error, "cannot start the hiccup meter's thread");
    }
    *meter = made;
    return TG_OK;
}

int64_t tg_hiccups_take_max(struct tg_hiccup_meter *meter)
{
    pthread_mutex_lock(&meter->lock);
    int64_t max_ns = meter->max_ns;
    meter->max_ns = 0;
    pthread_mutex_unlock(&meter->lock);
    return max_ns;
}

void tg_hiccups_restart(struct tg_hiccup_meter *meter)
{
    pthread_mutex_lock(&meter->lock);
    tg_hdr_reset(meter->hdr);
    meter->max_ns = 0;
    pthread_mutex_unlock(&meter->lock);
}

struct tg_hdr *tg_hiccups_stop(struct tg_hiccup_meter *meter)
{
    atomic_store(&meter->stop, true);
    pthread_join(meter->thread, NULL);
    pthread_mutex_destroy(&meter->lock);
    struct tg_hdr *hdr = meter->hdr;
    free(meter);
    return hdr;
}
