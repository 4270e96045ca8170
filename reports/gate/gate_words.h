/* How figures of a comparison are written, the same in tables, pages, test cases and annotations.
 * All of it is plain text on one line; whoever puts it into a document escapes it. */
#ifndef TG_REPORTS_GATE_WORDS_H
#define TG_REPORTS_GATE_WORDS_H

#include "reports/gate/gate_view.h"

/* The verdict for programs: "pass", "fail", "regression", "inconclusive". */
const char *tg_gate_verdict_word(const struct tg_gate_view *gate);

/* "+40.0%"; "-" where there is none. */
void tg_gate_add_change(const struct tg_gate_change *change, struct tg_text *out);
/* "+37.0 .. +43.0%"; "-" where a bound is out of reach. */
void tg_gate_add_interval(const struct tg_gate_change *change, struct tg_text *out);
/* "+40.0% (+37.0 .. +43.0%)", without the interval where there is none. */
void tg_gate_add_change_and_interval(const struct tg_gate_change *change, struct tg_text *out);
/* "1.25 ms -> 1.75 ms, +40.0% (+37.0 .. +43.0%), margin 5.0%"; of one that was not measured the
 * margin alone. */
void tg_gate_add_row(const struct tg_gate_row *row, struct tg_text *out);

/* "10, and 11 fresh ones to confirm; each 10 pairs of 50 ms" */
void tg_gate_add_launches(const struct tg_gate_view *gate, struct tg_text *out);
/* "steal 0.8% of the time; 3 of 210 slice pairs dropped for it" */
void tg_gate_add_platform(const struct tg_gate_view *gate, struct tg_text *out);

/* What belongs below the table, "a.p50, a.p99: NOTE": what several metrics have in common once.
 * *count of them, in `arena`. */
const char *const *tg_gate_notes(const struct tg_gate_view *gate, size_t *count,
                                 struct tg_arena *arena);

/* When it began: "2025-11-21 00:00 UTC", or "2025-11-21T00:00:00" as XML Schema wants it; 1970 for
 * what no calendar has. */
void tg_gate_add_start(const struct tg_gate_view *gate, struct tg_text *out);
void tg_gate_add_time_stamp(int64_t unix_ms, struct tg_text *out);

#endif
