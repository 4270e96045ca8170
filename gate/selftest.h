/* What a gate sees on a machine: gates of a variant against itself, and against the same variant
 * slowed by a known amount, counted. Pure: records in, rates and advice out. */
#ifndef TG_GATE_SELFTEST_H
#define TG_GATE_SELFTEST_H

#include "gate/comparison.h"

struct tg_tested_estimate { /* changes as fractions, positive is worse: 0.05; NaN: none */
    double estimate;
    double low;
    double high;
};

struct tg_tested_metric {
    const char *name;
    double margin;       /* a fraction */
    const char *why_not; /* why it could not be gated; NULL: it was, and the rest holds */
    enum tg_gate_verdict verdict;
    struct tg_tested_estimate estimates[TG_GATE_SIDES];
    double provable; /* a larger margin than this fraction would have been passed; NaN: none */
};

struct tg_tested_gate { /* one gate of a self-test */
    const char *tool;   /* version of Tailgate */
    const char *host;   /* fingerprint */
    const char *host_line;
    const char *scenario;      /* name */
    const char *scenario_hash; /* not slowed */
    const char *phase;
    int64_t budget_ns;
    const char *effect; /* as [inject] was told: "10%"; NULL: a variant against itself */
    const char *op;     /* the operation that was slowed; NULL: none was */
    int64_t started_unix_ms;
    int64_t elapsed_ns; /* with the pilot */
    int64_t used_ns;    /* of the budget, without the pilot */
    int exit_code;
    enum tg_gate_verdict verdict;
    const char *meaning;
    int64_t launches;
    int64_t fresh_launches;
    int64_t slice_ns;
    int64_t pairs;
    int64_t pairs_dropped;
    struct tg_tested_metric *metrics;
    size_t metric_count;
};

/* The part of the record that the comparison and its judgement say; texts are copied into `arena`.
 */
struct tg_tested_gate tg_tested_make(const struct tg_comparison *comparison,
                                     const struct tg_judgement *judgement, struct tg_arena *arena);

/* Why the two cannot be counted together, in a few words ("another machine"); NULL: they can. */
const char *tg_tested_unlike(const struct tg_tested_gate *a, const struct tg_tested_gate *b);

struct tg_selftest_row { /* gates of one kind */
    const char *effect;  /* NULL: of the variant against itself, where every regression is false */
    const char *op;      /* NULL: whichever was slowed */
    size_t gates;
    size_t regressions;
    size_t passes; /* improvements too */
    size_t unknown;
    size_t seen;         /* regressions of a metric that the slowed operation is a part of */
    size_t named;        /* regressions of a metric of its own */
    size_t others;       /* gates that called a metric of another operation a regression */
    size_t beyond;       /* gates in which the slowdown is the operation's margin or more ... */
    size_t false_passes; /* ... and those of them that passed */
    size_t tails;        /* its highest percentile was called a regression, its lowest one passed */
    int64_t median_ns;   /* of a gate, with the pilot */
};

struct tg_selftest_metric { /* of the gates of the variant against itself */
    const char *name;
    double margin;
    size_t proved;  /* gates that proved it within its margin */
    double median;  /* of `provable` over the gates; NaN: less than half of them have one */
    double most;    /* what at least 95 % of them stay within; NaN: no margin */
    double advised; /* margin to write into [gate]; NaN: none */
};

struct tg_selftest_summary {
    struct tg_selftest_row *rows; /* the variant against itself first, if at all; then by effect in
                                     the order they came, each followed by its operations if it
                                     has several */
    size_t row_count;
    struct tg_selftest_metric *metrics; /* in the gate's order; none without such gates */
    size_t metric_count;
    size_t self_gates;  /* of the variant against itself */
    size_t self_proved; /* how many of them would have passed as a whole with the margins advised */
    size_t measured;    /* gates that took a look at least */
    size_t timed;       /* gates that a budget has to have room for: of the variant against itself,
                           and of slowdowns of twice the margin or more */
    size_t in_time;     /* those that were not cut short by the budget */
    int64_t budget_ns;  /* to write into [gate]; 0: it has to be longer than it was */
    int64_t elapsed_ns; /* in all */
    int64_t first_unix_ms, last_unix_ms; /* starts of gates */
    int exit_code;                       /* 0, 1 or 3 */
    const char
        *verdict; /* "NO FALSE REGRESSION", "FALSE REGRESSION", "SLOWED ONLY", "CANNOT TELL" */
    const char *meaning; /* one sentence */
};

/* Rates of a self-test are shown with exact bounds, each at this level: 95 % in all. */
#define TG_SELFTEST_LEVEL 0.025

/* Counts `gates`, all of them alike; `incomplete`: it ended before each kind had its first. In
 * `arena`, borrows from the gates. */
struct tg_selftest_summary tg_selftest_sum(const struct tg_tested_gate *gates, size_t count,
                                           bool incomplete, struct tg_arena *arena);

#endif
