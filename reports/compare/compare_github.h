/* A comparison for GitHub Actions: annotations, and outputs of the step. */
#ifndef TG_REPORTS_COMPARE_GITHUB_H
#define TG_REPORTS_COMPARE_GITHUB_H

#include "reports/compare/compare_view.h"

/* Appends workflow commands, one a line: the verdict; what failed, at most as much as GitHub shows
 * of one step (ten errors; the last says how much more there is); what could not be told, in one
 * warning. `file` is the scenario as seen from the root of the checkout; NULL: it is not in it. */
void tg_compare_annotations(const struct tg_compare_view *view, const char *file,
                            struct tg_text *out);

/* Appends the outputs `verdict`, `exit_code` and `comparison` as GITHUB_OUTPUT takes them, between
 * delimiters that are in none of the values. */
void tg_compare_outputs(const struct tg_compare_view *view, struct tg_text *out);

#endif
