/* What the platform takes away: steal and pressure counters of the kernel, and a hiccup meter. */
#ifndef TG_RUNNER_DRIVE_PLATFORM_H
#define TG_RUNNER_DRIVE_PLATFORM_H

#include <stdint.h>

#include "common/diag.h"
#include "runner/histogram/hdr.h"

struct tg_platform_counters { /* cumulative; -1 where the kernel has no such counter */
    int64_t steal_ns;         /* /proc/stat, all CPUs; resolution 10 ms */
    int64_t cpu_pressure_ns;  /* /proc/pressure/cpu, "some" */
    int64_t io_pressure_ns;   /* /proc/pressure/io, "some" */
};

void tg_platform_read(struct tg_platform_counters *counters);

/* now - before, -1 where either is unknown. */
int64_t tg_counter_delta(int64_t now, int64_t before);

struct tg_hiccup_meter; /* opaque */

/* Starts a thread that sleeps 1 ms again and again and records how late it woke, after Gil Tene's
 * jHiccup. */
enum tg_status tg_hiccups_start(struct tg_hiccup_meter **meter, struct tg_diags *diags) TG_CHECKED;
/* The worst lateness since the last call, ns. */
int64_t tg_hiccups_take_max(struct tg_hiccup_meter *meter);
/* Forgets what was recorded so far: the recorded part of a phase begins. */
void tg_hiccups_restart(struct tg_hiccup_meter *meter);
/* Ends the thread and hands over its histogram (ns, free with free()). */
struct tg_hdr *tg_hiccups_stop(struct tg_hiccup_meter *meter);

#endif
