/* What `tailgate report compare --format github` leaves beside the annotations: a summary and
 * outputs, in the files that GitHub Actions names in the environment. */
#ifndef TG_CLI_REPORT_GITHUB_H
#define TG_CLI_REPORT_GITHUB_H

#include "reports/compare/compare_view.h"

/* The scenario as seen from the root of the checkout (GITHUB_WORKSPACE, else the working
 * directory); NULL: it is not in it, or is gone. In `arena`. */
const char *tg_github_scenario(const struct tg_compare_view *view, struct tg_arena *arena);

/* Appends to the files of GITHUB_STEP_SUMMARY and GITHUB_OUTPUT; one that is not named is left out.
 * A summary for which there is no room any more is a warning. */
enum tg_status tg_github_files(const struct tg_compare_view *view, const char *made_by,
                               struct tg_diags *diags) TG_CHECKED;

#endif
