/* The interleaved gate: launches of two variants, side by side, until every metric is decided or
 * the budget ends. docs/gate.md describes what happens, docs/statistics.md why. */
#ifndef TG_GATE_INTERLEAVE_H
#define TG_GATE_INTERLEAVE_H

#include <signal.h>

#include "gate/comparison.h"
#include "runner/drive/observer.h"
#include "runner/scenario/scenario.h"

struct tg_interleave_progress { /* after each launch */
    const struct tg_comparison *comparison;
    struct tg_gate *gate; /* NULL: a fixed number of launches, which no gate watches */
    size_t launches;      /* that fixed number; else 0 */
    bool answered;        /* a look was taken or a confirmation ended */
    int64_t left_ns;      /* of the budget; never negative */
};

struct tg_interleave_spec {
    struct tg_scenario *scenarios[TG_SIDES];
    const char *labels[TG_SIDES];
    const char *phase; /* NULL: the first */
    int64_t budget_ns; /* 0: the scenario's */
    double margin;     /* > 0: of every metric but stalls, in place of the scenario's */
    /* > 0: so many launches, whatever they show, or as many as the budget has room for. Ends with
     * TG_END_DECIDED or TG_END_BUDGET. */
    size_t launches;
    /* Per launch and side, all slices of a kind together, as far as the budget allows: as long as
     * those of a baseline. */
    int64_t least_ns[TG_LOOP_KINDS];
    bool yardstick; /* taken in every launch (runner/drive/yardstick.h) */
    const char *home;
    const volatile sig_atomic_t *stop; /* may be NULL */
    struct tg_observer observer;       /* told what is being done */
    void (*progress)(void *context, const struct tg_interleave_progress *progress); /* or NULL */
    void *progress_context;
};

/* Measures into `comparison`, fresh from tg_comparison_new. TG_OK: it can be judged, whatever
 * happened on the way (a crash of a store and an interruption included). Else nothing was compared:
 * TG_INVALID for variants whose streams differ and for metrics that the phase does not have,
 * TG_STORE for a store that does not open. */
enum tg_status tg_interleave(const struct tg_interleave_spec *spec,
                             struct tg_comparison *comparison, struct tg_diags *diags) TG_CHECKED;

#endif
