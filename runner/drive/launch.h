/* A launch of a comparison: a fresh worker process per side, each on its own copy of its data set,
 * the same stream on both, measured in short slices that take turns. Both sides thus meet the same
 * machine, minute by minute. */
#ifndef TG_RUNNER_DRIVE_LAUNCH_H
#define TG_RUNNER_DRIVE_LAUNCH_H

#include <signal.h>

#include "runner/drive/observer.h"
#include "runner/histogram/hdr.h"
#include "runner/scenario/scenario.h"

enum tg_side { TG_BEFORE, TG_AFTER, TG_SIDES };
/* How slices are run: back to back, or at the phase's rate. */
enum tg_loop_kind { TG_CLOSED_LOOP, TG_OPEN_LOOP, TG_LOOP_KINDS };

/* An open slice goes on with what fell due in it for as long as all of them on one side last
 * together, 10 s at most (tg_phase_grace_ns): they are one phase, cut into pieces. */
struct tg_slice_plan {
    uint32_t pairs; /* slices per side, in the order A B B A A B ...; 0: none of this kind */
    int64_t slice_ns;
};

struct tg_launch_spec {
    const struct tg_scenario *scenarios[TG_SIDES];
    const struct tg_workload *workloads[TG_SIDES]; /* with the same fingerprint */
    uint32_t phase;                                /* 0-based; its mix is run by its workers */
    uint32_t number;    /* of the launch: fixes the piece of the stream */
    uint64_t order_key; /* with the number: which side goes first. Drawn anew for each gate */
    struct tg_slice_plan slices[TG_LOOP_KINDS]; /* closed ones first; open ones need a rate */
    bool yardstick;      /* taken before each pair: of the phase's workers, with no store in it */
    int64_t warmup_ns;   /* unrecorded, in closed loop, before the first slice of each side */
    int64_t patience_ns; /* a slice that takes so much longer than planned, or a closing that takes
                            so long, hangs; such as TG_WORKER_PATIENCE_NS */
    const char *home;
    bool datasets_checked;             /* an earlier launch of this process has seen them */
    const volatile sig_atomic_t *stop; /* may be NULL */
    struct tg_observer observer;       /* told when a data set has to be built */
};

struct tg_slice {
    int64_t elapsed_ns; /* first start to last end */
    int64_t succeeded;
    int64_t failed;
    int64_t undone;          /* open loop: fell due, and never started within the grace */
    int64_t least_undone_ns; /* ... the shortest time that one of them had waited; 0: none */
    /* Of successes, ns, in the order of the phase's mix: service times of a closed loop, response
     * times of an open one. Those of the undone are among them, as long as they had waited. */
    struct tg_hdr **ops;
};

struct tg_slice_pairs {
    struct tg_slice *slices[TG_SIDES]; /* `room` of them */
    int64_t *steal_ns;                 /* per pair, all CPUs; -1: unknown */
    int64_t
        *yardstick_ns; /* per pair, what a piece of it took (yardstick.h); NULL: not asked for */
    uint32_t count;    /* pairs that were measured on both sides */
    uint32_t room;
    void *histograms; /* where those of the slices are */
    size_t histogram_bytes;
};

struct tg_launch {
    struct tg_slice_pairs pairs[TG_LOOP_KINDS];
    size_t op_count;
    struct tg_arena arena;                  /* of facts and crash */
    struct tg_named_value *facts[TG_SIDES]; /* what the stores said of themselves */
    size_t fact_count[TG_SIDES];
    enum tg_side failed_side; /* with TG_STORE: whose store it was */
    bool crashed;             /* ... and its process died or hung, rather than the store refusing */
    int crash_signal;         /* ... of this signal; 0: it exited, or hung */
    const char *crash;        /* ... in words; NULL without a crash */
};

/* Measures. Whatever is returned, *launch has to be freed. TG_STORE: the store of failed_side would
 * not open, crashed or hung, be it when its data set was built or when it was closed. When the one
 * after crashes, the one before has to get through the same, or it is failed_side.
 * TG_INTERRUPTED: *stop. */
enum tg_status tg_launch_measure(const struct tg_launch_spec *spec, struct tg_launch *launch,
                                 struct tg_diags *diags) TG_CHECKED;
void tg_launch_free(struct tg_launch *launch);

#endif
