/* A size sweep as reports see it: the runs of one scenario at several sizes of its data, and how
 * each operation grew. */
#ifndef TG_REPORTS_SWEEP_VIEW_H
#define TG_REPORTS_SWEEP_VIEW_H

#include "compare/growth.h"
#include "runner/drive/result.h"

struct tg_sweep_limit { /* a target on a percentile or the mean of the operation */
    const struct tg_target_result *target; /* as in the largest run that has it */
    /* The largest size that was measured and meets it, all smaller ones doing so; 0: none does.
     * Never more than what was measured. */
    double capacity_rows;
    bool missed; /* at a size that was measured, which is then the next one */
    /* Extrapolated, beyond the sizes: where the line of its figure reaches the limit. Infinite: it
     * does not grow; NaN: not known, or missed within what was measured. */
    double degrades_rows;
    /* The same with the upper bound of the exponent through the largest size: it may be so soon. */
    double degrades_soonest_rows;
};

struct tg_sweep_op {
    const char *phase, *op;
    bool response;        /* response times; else service times */
    const double *p50_ns; /* per run; NaN: none, or too few operations for it */
    const double *p99_ns;
    const double *rate_per_s;
    struct tg_growth p50_growth, p99_growth;
    const struct tg_sweep_limit *limits;
    size_t limit_count;
};

struct tg_sweep_view {
    const char *id; /* of the sweep, which is that of its first run */
    const char *scenario;
    const struct tg_result *const *runs; /* by size, smallest first */
    const double *rows;                  /* per run: of the table that grows (the largest) */
    size_t run_count;
    const struct tg_sweep_op *ops; /* of all phases, in the order of the scenario */
    size_t op_count;
};

/* Of runs that belong to one sweep, in any order. In `arena`, and borrows from the runs. */
struct tg_sweep_view tg_sweep_view_make(const struct tg_result *const *runs, size_t count,
                                        struct tg_arena *arena);

/* The table of growth and the capacity for each target, in text and in Markdown. */
void tg_report_sweep(const struct tg_sweep_view *sweep, int columns, bool color,
                     struct tg_text *out);
void tg_markdown_sweep(const struct tg_sweep_view *sweep, struct tg_text *out);

#endif
