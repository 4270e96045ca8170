/* How findings are put together: a growing list in an arena. Internal to reports/findings/. */
#ifndef TG_REPORTS_FINDINGS_LIST_H
#define TG_REPORTS_FINDINGS_LIST_H

#include "reports/findings/findings.h"

struct tg_finding_list {
    struct tg_arena *arena;
    const struct tg_finding_limits *limits;
    const char *source; /* of every finding */
    struct tg_finding *items;
    size_t count, capacity;
};

/* A new finding, to be filled; valid until the next one is added. `code` is a literal. */
struct tg_finding *tg_finding_add(struct tg_finding_list *list, enum tg_finding_severity severity,
                                  const char *code);
/* The list as findings, worst first, otherwise in its order. */
struct tg_findings tg_finding_list_end(struct tg_finding_list *list);

/* "phase steady", in the arena. */
const char *tg_finding_phase(struct tg_finding_list *list, const struct tg_phase_result *phase);

/* The worst way of the plan to reach rows, in words ("reads every row of sessions"), and the code
 * of a finding about it; NULL: none of the bad ones. In the arena. */
const char *tg_finding_bad_access(struct tg_finding_list *list, const struct tg_plan *plan,
                                  const char **code);
/* What to do about a target that was missed by the store, judging by what its phase shows; in the
 * arena. The phase was run. */
const char *tg_finding_target_advice(struct tg_finding_list *list, const struct tg_result *result,
                                     const struct tg_target_result *target);

/* One file each. */
void tg_find_in_plans(struct tg_finding_list *list, const struct tg_coverage *coverage);
void tg_find_in_indexes(struct tg_finding_list *list, const struct tg_coverage *coverage);
void tg_find_in_settings(struct tg_finding_list *list, const struct tg_result *result);
void tg_find_in_errors(struct tg_finding_list *list, const struct tg_result *result);
void tg_find_in_log(struct tg_finding_list *list, const struct tg_result *result);
void tg_find_in_targets(struct tg_finding_list *list, const struct tg_result *result);
void tg_find_in_platform(struct tg_finding_list *list, const struct tg_result *result);
void tg_find_in_integrity(struct tg_finding_list *list, const struct tg_result *result);

#endif
