/* What a report shows of a comparison: the view that tables, JSON and pages are made from. */
#ifndef TG_REPORTS_GATE_VIEW_H
#define TG_REPORTS_GATE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "gate/comparison.h"

struct tg_gate_row {
    const char *metric;
    enum tg_compared_unit unit;
    double before, after; /* in that unit; NaN: none */
    /* Changes as fractions, as a reader sees them: of a rate that fell, negative. NaN or infinite:
     * none. */
    double change, low, high;
    double margin;       /* fraction */
    const char *verdict; /* "pass", "regression", ...; "not gated" */
    bool good, bad;      /* how to colour it */
    const char *note;    /* NULL or one sentence, shown below the table */
};

struct tg_gate_view {
    const char *scenario, *phase;
    const char *before, *after; /* the variants in words: "cache_size=-64000", "as it stands" */
    const struct tg_gate_row *rows;
    size_t row_count; /* 0: it ended before anything was measured */
    size_t launches, fresh_launches;
    uint32_t pairs;
    int64_t slice_ns, open_slice_ns, elapsed_ns;
    int64_t pairs_seen, pairs_dropped;
    int64_t steal_ns; /* during slices, all CPUs; -1: unknown */
    int64_t failed_before, failed_after;
    const char *baseline; /* what to know of a comparison with one, a sentence; NULL: it is none */
    const char *verdict;  /* "PASS", "REGRESSION", "CANNOT TELL" */
    bool good, bad;
    const char *meaning; /* one sentence */
    int exit_code;
};

/* The view of `comparison` as judged. `allow_inconclusive`: an open question exits with 0. It does
 * not cover interruptions, crashes, or gates that had nothing to measure. Lives in `arena`, and
 * borrows from the comparison and the judgement. */
struct tg_gate_view tg_gate_view_make(const struct tg_comparison *comparison,
                                      const struct tg_judgement *judgement, bool allow_inconclusive,
                                      struct tg_arena *arena);

#endif
