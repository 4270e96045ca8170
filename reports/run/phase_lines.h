/* A phase in words, for the text summary and for pages. */
#ifndef TG_REPORTS_PHASE_LINES_H
#define TG_REPORTS_PHASE_LINES_H

#include "common/arena.h"
#include "common/units.h"
#include "reports/run/report_view.h"

/* Response times count where operations fell due, service times where the next one waits for the
 * last. */
const struct tg_hdr *tg_main_latency(const struct tg_phase_result *phase,
                                     const struct tg_op_result *op);
/* All operations of the phase together, their service times or those of tg_main_latency; NULL
 * without operations. Free with free(). */
struct tg_hdr *tg_merged_latency(const struct tg_phase_result *phase, bool service);

/* A percentile: "-" when less than one operation lies beyond it, "~" in front when fewer than ten
 * do. */
enum { TG_PERCENTILE_TEXT = TG_UNIT_TEXT + 1 };
enum tg_support tg_percentile_text(const struct tg_hdr *hdr, double percentile,
                                   char out[TG_PERCENTILE_TEXT]);

/* "open loop 1,000/s constant, 4 workers, 60 s (+1 s warm-up)"; in `arena`. */
const char *tg_phase_title(const struct tg_phase_result *phase, struct tg_arena *arena);

struct tg_phase_line {
    enum tg_style style; /* of the label */
    const char *label, *text;
};
/* Waiting, platform, resources, errors, doubts; *count of them, in `arena`. Sets *few_samples when
 * a percentile among them is shown as "-" or "~", and leaves it alone otherwise. */
const struct tg_phase_line *tg_phase_lines(const struct tg_phase_result *phase, size_t *count,
                                           bool *few_samples, struct tg_arena *arena);

#endif
