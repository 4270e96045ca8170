/* A comparison: what a gate measured, launch by launch. Enough to be judged again later, with the
 * same margins or others, and to be shown without the scenario or the store at hand. */
#ifndef TG_GATE_COMPARISON_H
#define TG_GATE_COMPARISON_H

#include "common/arena.h"
#include "common/json.h"
#include "compare/gate.h"
#include "runner/drive/launch.h"
#include "runner/engine/engine.h"

enum tg_compared_unit {
    TG_COMPARED_NS,
    TG_COMPARED_PER_S,
    TG_COMPARED_SHARE, /* of operations, a fraction */
};

struct tg_compared_value {   /* of one metric in one launch */
    double pooled[TG_SIDES]; /* of all slices of a side merged, in the metric's unit; NaN: none */
    double typical;          /* log change, the median over the slice pairs; NaN: none */
};

struct tg_compared_metric {
    const char *name; /* as the scenario writes it */
    enum tg_compared_unit unit;
    enum tg_direction direction;
    bool open_loop;                   /* measured at the phase's rate, not in closed loop */
    bool pooled_only;                 /* has no typical estimate */
    double margin;                    /* a fraction, > 0: 0.05 */
    const char *why_not;              /* why it could not be gated here; NULL: it was */
    struct tg_compared_value *values; /* one per launch */
};

struct tg_compared_op_value {
    double mean_ns[TG_SIDES]; /* service time, closed loop; NaN: none */
    int64_t operations[TG_SIDES];
};

struct tg_compared_op { /* every operation of the mix, gated or not: shows where time went */
    const char *name;
    double weight;                       /* in the mix, as the scenario writes it; NaN: not known */
    struct tg_compared_op_value *values; /* one per launch */
};

struct tg_compared_launch {
    int64_t operations[TG_SIDES]; /* tried, failing ones included, all slices */
    int64_t failed[TG_SIDES];     /* of them */
    int64_t pairs;                /* of slices */
    int64_t pairs_dropped;        /* for stolen CPU time */
    int64_t steal_ns;             /* all CPUs, during slices; -1: unknown */
    int64_t yardstick_ns; /* what a piece of it took (runner/drive/yardstick.h); 0: not measured */
};

enum tg_comparison_end {
    TG_END_DECIDED,     /* or all looks were taken */
    TG_END_BUDGET,      /* the time was up */
    TG_END_INTERRUPTED, /* by a signal to Tailgate */
    TG_END_CRASHED,     /* the store of failed_side: its process died */
    TG_END_KILLED,      /* the same by SIGKILL, which no store sends to itself */
    TG_END_NOT_GATED,   /* not one metric could be */
};

struct tg_compared_side {
    const char *label;            /* the variant in words: "cache_size=-64000" */
    const char *bundle;           /* id of the stored bundle that it was; NULL: none */
    const char *commit;           /* full hash of the git revision that was built; NULL: of none */
    const char *scenario_hash;    /* with the variant's overrides */
    const char *const *overrides; /* "KEY=VALUE", what --set would take to run this variant */
    size_t override_count;
    struct tg_named_value *facts; /* what the store said of itself: version, library */
    size_t fact_count;
};

struct tg_comparison {
    struct tg_arena arena; /* everything below lives in it */
    const char *id;        /* name of its folder; NULL before it was stored */
    const char *task;      /* NULL: of no task */
    bool competitive;
    const char *scenario; /* name */
    const char *scenario_path;
    const char *phase;
    double rate_per_s; /* of the phase; 0: closed loop alone */
    uint32_t workers;
    uint64_t seed;
    const char *stream_fingerprint;
    const char *engine_kind;
    struct tg_compared_side sides[TG_SIDES];
    const char *git_commit; /* NULL: unknown */
    bool git_dirty;
    int64_t started_unix_ms;
    int64_t elapsed_ns;    /* with the pilot */
    int64_t budget_ns;     /* without the pilot */
    uint32_t pairs;        /* of slices per launch, closed loop */
    int64_t slice_ns;      /* closed loop */
    uint32_t open_pairs;   /* likewise, at the phase's rate; 0: no metric needs open loop */
    int64_t open_slice_ns; /* 0: no metric needs open loop */
    struct tg_compared_metric *metrics;
    size_t metric_count;
    struct tg_compared_op *ops;
    size_t op_count;
    struct tg_compared_launch *launches;
    size_t launch_count; /* in the order they were measured, those to confirm included */
    size_t launch_room;
    enum tg_comparison_end end;
    enum tg_side failed_side; /* with TG_END_CRASHED and TG_END_KILLED */
    const char *crash;        /* ... how, in words; else NULL */
    cJSON *host;              /* document part "host" (docs/result.md), owned; NULL: none */
};

struct tg_comparison *tg_comparison_new(void);
void tg_comparison_free(struct tg_comparison *comparison);
/* Makes room for one more launch, with everything NaN or 0, and returns its number. */
size_t tg_comparison_add_launch(struct tg_comparison *comparison);

/* The median over the launches of a metric's pooled value on one side; NaN: none. */
double tg_compared_median(const struct tg_comparison *comparison, size_t metric, enum tg_side side);

struct tg_judgement {
    struct tg_gate *gate; /* of the metrics without why_not, in order; NULL: there was none */
    enum tg_gate_verdict verdict; /* of all, with what could not be gated */
    int exit_code;                /* 0, 1 or 3 */
    const char *meaning;          /* one sentence */
};

/* The configuration of the gate that judges `comparison`; metric_count may be 0. In `arena`. */
struct tg_gate_config tg_comparison_config(const struct tg_comparison *comparison,
                                           struct tg_arena *arena);
/* What launch `number` says to such a gate; `estimates` has room for its metrics. */
void tg_comparison_feed(const struct tg_comparison *comparison, size_t number,
                        struct tg_launch_estimate *estimates, struct tg_gate *gate);
/* Judges from the beginning. The same launches give the same judgement; with another margin in a
 * metric, that of a gate with this margin that stopped when these launches ended. The levels of
 * compare/gate.h hold for margins that were chosen before the launches were seen. Lives in
 * `arena`. */
struct tg_judgement tg_comparison_judge(const struct tg_comparison *comparison,
                                        struct tg_arena *arena);

#endif
