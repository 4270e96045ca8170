/* What was measured now against what was stored: two samples of launches that were not interleaved.
 * Both comparisons are of one variant against itself. Such a launch has two values of each metric:
 * their geometric mean is what the launch says, and their differences tell what interleaving would
 * have given. The machine may have changed between the two times: a yardstick, taken in the
 * launches of both, has to show that it has not (docs/baselines.md). */
#ifndef TG_GATE_STORED_H
#define TG_GATE_STORED_H

#include "compare/stored.h"
#include "gate/comparison.h"

struct tg_stored_row {
    const struct tg_compared_metric *metric; /* as measured now, or as stored where now has none */
    double before, after;                    /* medians over the launches; NaN: none */
    const char *why_not;                     /* why it was not compared; NULL: it was */
    bool asked;                              /* now: without it there is no pass */
    struct tg_stored_verdict verdict;        /* nothing without a comparison */
    bool may_be_machine; /* decided, were it not for what the yardstick leaves open */
    double wider; /* width of the interval over that of now's launches, interleaved; NaN: unknown */
};

struct tg_stored_yardstick {
    const char *why_not;         /* why it says nothing; NULL: it does */
    struct tg_interval interval; /* log change of its time, slower is positive; else unbounded */
    struct tg_interval wide;     /* the same at tg_stored_machine: what it may explain */
    double margin;               /* a fraction: the smallest of the metrics that are compared */
    bool same;                   /* proved: both bounds are within the margin */
};

struct tg_stored_judgement {
    struct tg_stored_row *rows; /* those measured now, in their order, then those stored alone */
    size_t row_count;
    enum tg_gate_verdict failures; /* more of the operations fail than in it? */
    double wider;                  /* the median over the rows; NaN: unknown */
    struct tg_stored_yardstick yardstick;
    enum tg_gate_verdict verdict;
    int exit_code;       /* 0, 1 or 3 */
    const char *meaning; /* one sentence */
    bool judged;         /* else the rows have figures, and no verdict that may be shown */
};

/* Is it a comparison of one variant with itself, as baselines are? */
bool tg_compares_itself(const struct tg_comparison *comparison);

/* What each launch says of a metric: the geometric mean of both sides, NaN where either has none.
 * Returns how many are not NaN; these come first in `values`, which has room for all launches. */
size_t tg_stored_values(const struct tg_comparison *comparison,
                        const struct tg_compared_metric *metric, double *values);
/* Their median; NaN: none. */
double tg_stored_median(const struct tg_comparison *comparison,
                        const struct tg_compared_metric *metric, struct tg_arena *scratch);

/* Margins are those of `now`. `comparable`: false leaves the figures and takes the verdicts:
 * neither a pass nor a regression comes of it, and none does from a machine that is not shown to be
 * as fast as then. Lives in `arena`, and borrows from both comparisons. */
struct tg_stored_judgement tg_stored_judge(const struct tg_comparison *stored,
                                           const struct tg_comparison *now, bool comparable,
                                           struct tg_arena *arena);

#endif
