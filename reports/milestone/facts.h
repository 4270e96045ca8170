/* What the documents derive from the results of a milestone, by rules that stand here. Internal to
 * reports/milestone/. */
#ifndef TG_REPORTS_MILESTONE_DOCUMENT_FACTS_H
#define TG_REPORTS_MILESTONE_DOCUMENT_FACTS_H

#include <stddef.h>

#include "reports/milestone/milestone.h"

/* ---- scenarios ---- */

/* The scenario of the run with this source where the milestone has runs of several scenarios, whose
 * phases and operations may have the same names; NULL where there is one, or no such run. */
const char *tg_scenario_to_tell(const struct tg_milestone *milestone, size_t source);

/* ---- targets ---- */

struct tg_ranked_target {
    const struct tg_target_result *target;
    const struct tg_result *result;
    size_t source;
    const char *doubt; /* why what was measured for it proves nothing; NULL: it does */
};

struct tg_ranking {
    struct tg_ranked_target *items;
    size_t count;
    size_t met, missed, open; /* open: without data, or in doubt */
};

/* The targets of all runs: missed ones first, then open ones, then those that are met; in each the
 * one with the smallest ratio first, and what has no ratio ("errors == 0") last. Free with
 * tg_ranking_free. */
struct tg_ranking tg_rank_targets(const struct tg_milestone *milestone);
void tg_ranking_free(struct tg_ranking *ranking);

/* "session_get.p99 < 50ms in phase steady", " of SCENARIO" where there are several. Free with
 * free(). */
char *tg_ranked_name(const struct tg_milestone *milestone, const struct tg_ranked_target *ranked);
/* The value, with "~" before a percentile of few operations; sets *few then. */
char *tg_ranked_value(const struct tg_ranked_target *ranked, bool *few, char out[TG_UNIT_TEXT + 1]);

/* ---- plans ---- */

struct tg_plan_counts {
    size_t planned;   /* statements whose plan reaches a table */
    size_t by_search; /* of those, that reach all their rows by an index or a key */
    size_t tableless; /* besides: a list of values, a table-valued function; nothing to search */
    size_t index_scans, automatic, table_scans;
    size_t sorts;           /* with a temporary B-tree, whatever they read */
    size_t indexes, unused; /* unused: by no statement, and not of a constraint */
    size_t tables;          /* that have an index */
};
struct tg_plan_counts tg_count_plans(const struct tg_coverage *coverage);
/* The worst way in which the plan reaches rows, apart from sorting; TG_STEP_OTHER: none. */
enum tg_step_kind tg_plan_access(const struct tg_plan *plan);
bool tg_plan_sorts(const struct tg_plan *plan);

/* ---- issues ---- */

/* How many findings are about the store. Those of severity info, which come last, are about the
 * measurement. */
size_t tg_count_issues(const struct tg_findings *findings);

/* ---- shares ---- */

/* As percent with one decimal, rounded down: 99.96 % is not 100 %. */
double tg_floored_percent(double share);

/* ---- time ---- */

struct tg_time_share { /* of an operation in a phase with several */
    const struct tg_phase_result *phase;
    const struct tg_op_result *op;
    double time;       /* of the service time of all operations of the phase, 0 to 1 */
    double operations; /* of the operations that succeeded */
    size_t source;
};

/* The operation that takes the most of the store's time in each phase with several, largest share
 * first. Free with free(). */
struct tg_time_share *tg_time_shares(const struct tg_milestone *milestone, size_t *count);

#endif
