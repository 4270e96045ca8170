/* What a report shows of a comparison: the view that tables, JSON, logs and pages are made from. */
#ifndef TG_REPORTS_GATE_VIEW_H
#define TG_REPORTS_GATE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/text.h"
#include "common/units.h"
#include "gate/comparison.h"

/* Changes as fractions, as a reader sees them: of a rate that fell, negative. NaN or infinite:
 * none. */
struct tg_gate_change {
    double change, low, high;
};

struct tg_gate_row {
    const char *metric;
    enum tg_compared_unit unit;
    double before, after;          /* in that unit; NaN: none */
    struct tg_gate_change pooled;  /* the one that a table shows */
    struct tg_gate_change typical; /* NaN where the metric has none */
    double margin;                 /* fraction */
    double detectable, provable;   /* fractions, positive is worse (compare/gate.h); NaN: none */
    bool suspected;                /* looks like a regression, without having been confirmed */
    /* How many launches would probably decide an inconclusive one: fresh ones included for what is
     * suspected, without them for all others (infinite where none would). NaN: not known. */
    double launches_needed;
    enum tg_gate_verdict judged_as; /* inconclusive where it could not be gated */
    const char *verdict;            /* "pass", "regression", ...; "not gated" */
    bool good, bad;                 /* how to colour it */
    const char *note;               /* NULL or one sentence, shown below the table */
};

/* An operation of the mix: its mean service time in closed loop. */
struct tg_gate_moved {
    const char *name;
    double before_ns, after_ns;   /* medians over the launches */
    struct tg_gate_change change; /* between bounds of 5 % each */
    double mix_share;             /* of all operations, fraction */
    /* Of the time that the operations which became slower lose, fraction: each weighs as much as
     * its share of the mix. 0 for one that became faster. */
    double lost_share;
};

struct tg_gate_view {
    const char *id;   /* of the comparison; made of scenario and start where it was not stored */
    const char *task; /* NULL: of none */
    bool competitive;
    const char *scenario, *scenario_path, *phase;
    const char *engine_kind;
    const char *before, *after;           /* the variants in words: "cache_size=-64000" */
    const struct tg_compared_side *sides; /* TG_SIDES of them, what else is known of the variants */
    int64_t started_unix_ms;
    const struct tg_gate_row *rows;
    size_t row_count;                  /* 0: it ended before anything was measured */
    const struct tg_gate_moved *moved; /* the one that explains most of the lost time first */
    size_t moved_count;
    size_t launches, fresh_launches;
    uint32_t pairs, open_pairs;
    int64_t slice_ns, open_slice_ns, elapsed_ns, budget_ns;
    int64_t pairs_seen, pairs_dropped;
    int64_t steal_ns;   /* during slices, all CPUs; -1: unknown */
    double steal_share; /* of the time that slices took, as the rule for pairs counts; NaN */
    int64_t failed_before, failed_after;
    int64_t operations_before, operations_after; /* tried, failing ones included */
    bool fails_more;                             /* failures look like a regression, or are one */
    bool fails_proved;                           /* ... and are one */
    enum tg_comparison_end end;
    enum tg_side failed_side;
    const char *crash; /* how a store ended, in words; NULL: none did */
    /* Why a crash after the change says nothing of the change; NULL: it does. */
    const char *crash_in_doubt;
    const char *baseline;  /* what to know of a comparison with one, a sentence; NULL: it is none */
    const char *yardstick; /* what it says of the machine; NULL: of no baseline */
    struct tg_gate_change yardstick_change; /* of the time that it takes; NaN: unknown */
    const char *verdict;                    /* "PASS", "REGRESSION", "CANNOT TELL" */
    bool good, bad;
    const char *meaning; /* one sentence */
    bool failed;         /* bad because of a target that was missed, not because it is slower */
    int exit_code;
    /* A variant is a git revision: it has to be checked out and built before a command runs it. */
    bool revisions;
    /* What the caller may add; borrowed, one line each. */
    const char *stored;         /* where the comparison is kept */
    const char *const *details; /* where diagnostics, logs and results are */
    size_t detail_count;
    const char *const *positions; /* against competitors, a sentence each */
    size_t position_count;
};

/* The view of `comparison` as judged. `allow_inconclusive`: an open question exits with 0. It does
 * not cover interruptions, crashes, or gates that had nothing to measure. Lives in `arena`, and
 * borrows from the comparison and the judgement. */
struct tg_gate_view tg_gate_view_make(const struct tg_comparison *comparison,
                                      const struct tg_judgement *judgement, bool allow_inconclusive,
                                      struct tg_arena *arena);

/* How the mean service times moved, in the order of the view; *count of them, in `arena`. */
const struct tg_gate_moved *tg_gate_moved(const struct tg_comparison *comparison, size_t *count,
                                          struct tg_arena *arena);

/* Sets what the view says of pairs, stolen time and failures. */
void tg_gate_sum_launches(const struct tg_comparison *comparison, struct tg_gate_view *view);

/* An interval of log changes as a reader sees it. */
struct tg_gate_change tg_gate_change_of(const struct tg_interval *interval,
                                        enum tg_direction direction);

/* How many operations failed, and if any did, of how many: "0 before, 0 after", or
 * "12 of 4,100 before (0.293%), 15 of 5,200 after (0.288%)". */
void tg_gate_add_errors(const struct tg_gate_view *view, struct tg_text *out);

/* A value in its unit: "20.1 µs", "48,765/s", "0.0125%"; "-" for NaN. Returns `out`. */
char *tg_gate_value_text(enum tg_compared_unit unit, double value, char out[TG_UNIT_TEXT]);

#endif
