/* The verdict of a gate as a table for people. */
#ifndef TG_REPORTS_GATE_TEXT_H
#define TG_REPORTS_GATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/text.h"

enum tg_gate_unit { TG_GATE_NS, TG_GATE_PER_S };

struct tg_gate_row {
    const char *metric;
    enum tg_gate_unit unit;
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
    size_t row_count;
    size_t launches, fresh_launches;
    uint32_t pairs;
    int64_t slice_ns, elapsed_ns;
    int64_t pairs_seen, pairs_dropped;
    int64_t failed_before, failed_after;
    const char *verdict; /* "PASS", "REGRESSION", "INCONCLUSIVE" */
    bool good, bad;
    const char *meaning; /* one sentence */
    int exit_code;
};

void tg_report_gate(const struct tg_gate_view *gate, int columns, bool color, struct tg_text *out);

#endif
