/* A target and what was measured against it, in words: the same in every report. */
#ifndef TG_REPORTS_TARGET_TEXT_H
#define TG_REPORTS_TARGET_TEXT_H

#include "common/units.h"
#include "reports/run/report_view.h"
#include "runner/drive/result.h"

enum { TG_RATIO_TEXT = TG_UNIT_TEXT + 16 };

/* The two halves of "session_get.p99 < 50ms". Borrows from the target. */
struct tg_target_words {
    int metric_length; /* bytes of its text that name the metric */
    const char *limit; /* "< 50ms"; "" in a text without a comparison */
};
struct tg_target_words tg_target_words(const struct tg_target_result *target);

/* The value in its unit, "-" without data. Returns `out`. */
char *tg_target_value_text(const struct tg_target_result *target, char out[TG_UNIT_TEXT]);
/* "454× better", "1.30× over", "at the limit": rounded, never capped; "" where a ratio means
 * nothing. Returns `out`. */
char *tg_target_ratio_text(const struct tg_target_result *target, char out[TG_RATIO_TEXT]);

/* The operation that it is about, in `arena`; NULL: the whole phase. */
const char *tg_target_op(const struct tg_target_result *target, struct tg_arena *arena);
/* The phase that it is about; NULL: it was not run. */
const struct tg_phase_result *tg_target_phase(const struct tg_result *result,
                                              const struct tg_target_result *target);
/* Why what was measured in the phase, or of this target, proves nothing; NULL: it does. What is in
 * doubt decides no verdict. */
const char *tg_phase_doubt(const struct tg_result *result, const struct tg_phase_result *phase);
const char *tg_target_doubt(const struct tg_result *result, const struct tg_phase_result *phase,
                            const struct tg_target_result *target);
/* Why a target that was missed in the phase, or an operation that failed, is no fault; NULL: it is.
 */
const char *tg_phase_excuse(const struct tg_result *result, const struct tg_phase_result *phase);

/* What a report says of a target: its status, unless that is in doubt. */
enum tg_target_standing {
    TG_STANDING_MET,
    TG_STANDING_MISSED,
    TG_STANDING_NO_DATA,
    TG_STANDING_IN_DOUBT,
};
enum tg_target_standing tg_target_standing(const struct tg_result *result,
                                           const struct tg_target_result *target);

/* How far the value can be trusted where it is a percentile; good for all else. */
enum tg_support tg_target_support(const struct tg_result *result,
                                  const struct tg_target_result *target);

#endif
