/* A size sweep as reports see it: the runs of one scenario at several sizes of its data, and how
 * each operation grew. */
#ifndef TG_REPORTS_SWEEP_VIEW_H
#define TG_REPORTS_SWEEP_VIEW_H

#include "common/arena.h"
#include "common/json.h"
#include "common/text.h"
#include "compare/growth.h"
#include "runner/drive/result.h"

enum { TG_SWEEP_FARTHEST = 10 }; /* times the largest size: a line is not believed beyond that */

struct tg_sweep_limit {                    /* a target over the sizes */
    const struct tg_target_result *target; /* as in the largest run that has it */
    /* Of the target's own figure, for a lower limit of its reciprocal: what grows is what hurts. */
    struct tg_growth growth;
    /* The largest size that was measured and meets it, all smaller ones doing so; 0: none does.
     * Never more than what was measured. */
    double capacity_rows;
    double missed_rows; /* the smallest size that was measured and misses it; 0: none does */
    /* Extrapolated, beyond the sizes: where the line of its figure reaches the limit. Infinite: the
     * exponent's interval includes 0 or less, so it is not shown to grow; NaN: not known (fewer
     * than three sizes, a count or an exact limit), or missed within what was measured. May be far
     * beyond TG_SWEEP_FARTHEST times the sizes: tg_sweep_believed_rows is what is shown. */
    double degrades_rows;
    /* The same with the upper bound of the exponent through the largest size that meets it: it may
     * be so soon. */
    double degrades_soonest_rows;
};

struct tg_sweep_op {
    const char *phase, *op;
    bool response;        /* response times; else service times */
    const double *p50_ns; /* per run; NaN: none, or too few operations for it */
    const double *p99_ns;
    const double *rate_per_s;
    struct tg_growth p50_growth, p99_growth;
    const struct tg_sweep_limit *limits; /* on this operation's latency in this phase */
    size_t limit_count;
};

struct tg_sweep_view {
    const char *id; /* of the sweep, which is that of its first run */
    const char *scenario;
    const struct tg_result *const *runs; /* by size, smallest first */
    const double *rows;                  /* per run: of the table that grows (the largest) */
    size_t run_count;
    const char *table;       /* whose rows are the size */
    const uint64_t *planned; /* sizes, smallest first; more than run_count when it was cut short */
    size_t planned_count;
    const struct tg_sweep_op *ops; /* of all phases, in the order of the scenario */
    size_t op_count;
    const struct tg_sweep_limit *others; /* all other targets: rates, errors, whole phases */
    size_t other_count;
};

/* Of runs that belong to one sweep, at least one, in any order; of two of one size the later
 * counts. In `arena`, and borrows from the runs. */
struct tg_sweep_view tg_sweep_view_make(const struct tg_result *const *runs, size_t count,
                                        struct tg_arena *arena);

/* The worst of its runs: a fail over "cannot tell", which is also what a planned size that was not
 * measured makes of a pass. */
enum tg_verdict tg_sweep_verdict(const struct tg_sweep_view *sweep);

/* The sizes, the growth of each operation and the capacity for each target, in text and in
 * Markdown.
 */
void tg_report_sweep(const struct tg_sweep_view *sweep, int columns, bool color,
                     struct tg_text *out);
void tg_markdown_sweep(const struct tg_sweep_view *sweep, struct tg_text *out);

/* The same as a document, kind "tailgate-sweep"; docs/sweep.md documents every key. Free with
 * cJSON_Delete. */
#define TG_SWEEP_KIND "tailgate-sweep"
enum { TG_SWEEP_FORMAT = 1 };
cJSON *tg_sweep_to_json(const struct tg_sweep_view *sweep);

/* An extrapolated number of rows as it is shown, to two digits: a line through a handful of sizes
 * knows no more. Never rounded below a measured size that it reaches. NaN: not known, or farther
 * than TG_SWEEP_FARTHEST times the largest size. */
double tg_sweep_believed_rows(const struct tg_sweep_view *sweep, double rows);

/* ---- words, plain text in `arena`, "" where there is nothing to say ---- */

/* "4 sizes of memory_entries, 1,000 to 1,000,000 rows"; says which of the planned ones are missing.
 */
const char *tg_sweep_sizes_words(const struct tg_sweep_view *sweep, struct tg_arena *arena);
/* Of one of the runs: "2,900,000", all tables together; "built in 4.20 s". */
const char *tg_sweep_all_rows_words(const struct tg_result *run, struct tg_arena *arena);
const char *tg_sweep_set_up_words(const struct tg_result *run, struct tg_arena *arena);
/* "0.148"; "0.065 .. 0.232"; "x 1.41", which is how much ten times the data costs. */
const char *tg_sweep_exponent_words(const struct tg_growth *growth, struct tg_arena *arena);
const char *tg_sweep_interval_words(const struct tg_growth *growth, struct tg_arena *arena);
const char *tg_sweep_tenfold_words(const struct tg_growth *growth, struct tg_arena *arena);
/* "1,000,000 (largest)", "10,000, missed at 100,000", "none, missed at 1,000", "1,000, no data at
 * 10,000, missed at 100,000". */
const char *tg_sweep_capacity_words(const struct tg_sweep_view *sweep,
                                    const struct tg_sweep_limit *limit, struct tg_arena *arena);
/* "about 3,400,000", "beyond 10,000,000", "no growth shown". Always an extrapolation: say so. */
const char *tg_sweep_degrades_words(const struct tg_sweep_view *sweep,
                                    const struct tg_sweep_limit *limit, struct tg_arena *arena);
const char *tg_sweep_soonest_words(const struct tg_sweep_view *sweep,
                                   const struct tg_sweep_limit *limit, struct tg_arena *arena);
/* How to read the two tables, one sentence each; *count of them. */
const char *const *tg_sweep_notes(const struct tg_sweep_view *sweep, size_t *count,
                                  struct tg_arena *arena);

#endif
