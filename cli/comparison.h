/* Showing a comparison: what gate, after and compare have in common. */
#ifndef TG_CLI_COMPARISON_H
#define TG_CLI_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

#include "baselines/host.h"
#include "cli/cli.h"
#include "gate/comparison.h"
#include "reports/gate/gate_view.h"

struct tg_show {
    bool allow_inconclusive;    /* an open question exits with 0 */
    bool json;                  /* the verdict for programs instead of the report */
    const char *log;            /* performance log to add an entry to; NULL: none */
    const char *stored;         /* where the comparison is kept; NULL: nowhere, or not said */
    const char *const *details; /* where diagnostics are, one line each; shown unless it passed */
    size_t detail_count;
    const char *const *positions; /* against competitors, for the log; a sentence each */
    size_t position_count;
    bool not_stored; /* it should have been kept and could not be: then a pass is an error */
};

/* Keeps what `tailgate run --set` takes to run the variant of that side again. */
void tg_note_overrides(struct tg_comparison *comparison, enum tg_side side,
                       const struct tg_overrides *overrides);

/* Keeps what it was measured on: the commit of the working directory. *host is read, in the
 * comparison's arena. */
void tg_note_surroundings(struct tg_comparison *comparison, struct tg_host *host);

/* Adds to the log, prints the report (and with `log` the line for the commit message); returns the
 * exit code, which is the one that is printed. Sets what `show` has for the view. */
int tg_print_view(struct tg_gate_view *view, const struct tg_show *show);

/* Judges a comparison of two variants and does the same. */
int tg_print_comparison(const struct tg_comparison *comparison, const struct tg_show *show);

/* Adds it to the log `path` and says so on standard error. False when it cannot be written, which
 * has been said. */
bool tg_log_comparison(const struct tg_gate_view *view, const char *path);

#endif
