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

#endif
