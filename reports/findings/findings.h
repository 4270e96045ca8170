/* What Tailgate itself has to say about a store, a workload or a measurement: each finding with how
 * bad it is, what shows it, and what to do. */
#ifndef TG_REPORTS_FINDINGS_H
#define TG_REPORTS_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/json.h"
#include "common/text.h"
#include "reports/gate/gate_view.h"
#include "reports/sweep/sweep_view.h"
#include "runner/drive/result.h"

enum tg_finding_severity {
    TG_FINDING_CRITICAL, /* the store lost or damaged data, or crashed */
    TG_FINDING_HIGH,     /* a target or an expectation missed, operations failed */
    TG_FINDING_MEDIUM,   /* costs time now, or will when data grows */
    TG_FINDING_LOW,
    TG_FINDING_INFO, /* about the measurement, not the store */
    TG_FINDING_SEVERITIES,
};

/* "critical", "high", ... ; static. */
const char *tg_finding_severity_name(enum tg_finding_severity severity);

struct tg_finding {
    const char *code; /* stable, for programs: "table-scan", "unused-index" */
    enum tg_finding_severity severity;
    const char *where;    /* "active_sessions", "phase steady", "idx_x on sessions" */
    const char *title;    /* one sentence without a full stop */
    const char *evidence; /* the plan or the figure; may have several lines */
    const char *remedy;   /* what to do; NULL: nothing is known */
    const char *sql;      /* of the remedy, to be copied; NULL: none */
    bool verified;        /* the remedy was tried, and `verification` says how it turned out */
    const char *verification;
    const char *source; /* id of the result or comparison it comes from */
};

struct tg_findings {
    struct tg_finding *items; /* worst first; of one severity in the order of the result */
    size_t count;
};

struct tg_finding_limits {
    double headroom;   /* a target met with a smaller ratio is worth a finding: 1.2 */
    double steal;      /* share of the CPU time of all CPUs that the platform took: 0.02 */
    double wal_growth; /* the log's peak size in multiples of what its auto-checkpoint keeps: 4 */
};
struct tg_finding_limits tg_finding_limits_default(void);

/* Of one result: plans, indexes, settings, errors and retries, growth of the write-ahead log,
 * headroom, the platform, integrity. In `arena`, and borrows from the result. */
struct tg_findings tg_findings_of_result(const struct tg_result *result,
                                         const struct tg_finding_limits *limits,
                                         struct tg_arena *arena);
/* Of a comparison: metrics that could not be gated, regressions, inconclusive ones, steal. */
struct tg_findings tg_findings_of_gate(const struct tg_gate_view *gate,
                                       const struct tg_finding_limits *limits,
                                       struct tg_arena *arena);
/* Of all sizes of a sweep, joined; what is said of several sizes in the same words names them. */
struct tg_findings tg_findings_of_sweep(const struct tg_sweep_view *sweep,
                                        const struct tg_finding_limits *limits,
                                        struct tg_arena *arena);
/* Of index coverage alone, for `report index`. `source` is borrowed. */
struct tg_findings tg_findings_of_coverage(const struct tg_coverage *coverage, const char *source,
                                           struct tg_arena *arena);
/* All of them, worst first; what is said twice (same code, place, title and remedy, and of high and
 * critical ones the same evidence) once, with the source of the first. */
struct tg_findings tg_findings_join(const struct tg_findings *lists, size_t count,
                                    struct tg_arena *arena);

/* "2 medium, 5 low"; nothing without findings. */
void tg_findings_count(const struct tg_findings *findings, struct tg_text *out);
void tg_findings_markdown(const struct tg_findings *findings, struct tg_text *out);
cJSON *tg_findings_to_json(const struct tg_findings *findings);

#endif
