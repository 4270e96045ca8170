/* A milestone: what its five documents are written from. Made from stored results and the
 * milestone's file (docs/milestone.md); every number in it was measured and names its source, or is
 * an input and says so. */
#ifndef TG_REPORTS_MILESTONE_MILESTONE_H
#define TG_REPORTS_MILESTONE_MILESTONE_H

#include "reports/chart/chart.h"
#include "reports/compare/compare_view.h"
#include "reports/findings/findings.h"
#include "reports/sweep/sweep_view.h"
#include "runner/drive/result.h"

/* Where a number comes from; documents refer to it by its label and list all of them. */
struct tg_milestone_source {
    const char *label; /* "R1", "C1", "I1": runs, comparisons, inputs */
    const char *id;    /* of the result or comparison, or the path of the input */
    const char *what;  /* one line: scenario, start, commit, host */
};

struct tg_milestone_run {
    const struct tg_result *result;
    size_t source; /* in `sources` */
};

/* A row of the tables of latencies, throughputs and concurrency: one operation in one phase of one
 * run, with one target or none. */
struct tg_milestone_row {
    const char *op; /* NULL: all operations of the phase */
    const struct tg_phase_result *phase;
    const struct tg_op_result *measured;   /* NULL: the whole phase */
    bool response;                         /* response times; else service times */
    double p50_ns, p95_ns, p99_ns;         /* NaN: none, or fewer than one operation beyond it */
    double rate_per_s;                     /* NaN */
    const struct tg_target_result *target; /* NULL: it has none of this kind */
    const char *doubt; /* why it proves nothing, target or not: the phase was interrupted, ...;
                          NULL: nothing is known against it */
    size_t source;
};

struct tg_milestone_comparison {
    const struct tg_gate_view *gate;
    const struct tg_findings *findings;
    size_t source;
    /* What `tailgate compare` says of the task that it belongs to, `gate` included; NULL: of none.
     * Of a task whose run after the change ended too badly, nothing was compared. */
    const struct tg_compare_view *task;
};

enum tg_criterion_status {
    TG_CRITERION_MET,
    TG_CRITERION_MISSED,
    TG_CRITERION_INCONCLUSIVE, /* nothing speaks against it, but a part was not decided or measured
                                */
    TG_CRITERION_NO_DATA,      /* nothing was measured that it could be held against */
    TG_CRITERION_STATUSES,
};

struct tg_milestone_criterion {
    const char *name;
    double weight; /* >= 0; 0: it decides where it is a must, and does not count for the score */
    bool must;     /* missing it decides, whatever the score */
    bool implied;  /* not in the file: added where a result or a comparison has no criterion */
    enum tg_criterion_status status;
    double share;      /* achieved of what is asked, 0 to 1: 4 of 5 targets are 0.8; 1 when met;
                          0 without data */
    const char *asked; /* "100% of the latency targets", "no finding of severity high or worse" */
    const char *evidence; /* "39 of 40 targets met (R1)", "no JUnit file was given" */
};

enum tg_decision { TG_DECISION_APPROVED, TG_DECISION_CONDITIONAL, TG_DECISION_REJECTED };

struct tg_milestone_advice { /* a recommendation, or a next step */
    const char *priority;    /* "P1" to "P4"; of a next step "" */
    const char *text;
    bool by_tool; /* of a finding, not of the file */
};

struct tg_milestone_note { /* written by hand: "what it means", risks, key files, artefacts */
    const char *title;     /* may be "" */
    const char *text;
};

struct tg_milestone_notes {
    const struct tg_milestone_note *items;
    size_t count;
};

struct tg_milestone_suite { /* of the user's own tests */
    const char *name;
    int64_t tests, failed, errors, skipped;
    double seconds; /* NaN: not said */
};

struct tg_milestone_tests {
    bool given;
    const struct tg_milestone_suite *suites;
    size_t suite_count;
    struct tg_milestone_suite sum; /* its name is "" */
    const char *const *failures;   /* "suite.case: message", the first 20 */
    size_t failure_count;
    size_t source;
};

struct tg_milestone_code_coverage { /* of the user's code by their tests */
    bool given;
    int64_t lines, lines_covered; /* 0 where the input gives a rate alone */
    double line_rate;             /* 0 to 1 */
    double branch_rate;           /* NaN: not said */
    size_t source;
};

struct tg_milestone_sweep {
    struct tg_sweep_view view;
    size_t source;
};

struct tg_milestone {
    const char *project, *name; /* "Schema redesign", "Milestone 1" */
    const char *version;        /* "" when not said */
    const char *date;           /* "2025-11-21": given, or that of the newest source */
    const char *file;           /* the milestone's file */
    const char *summary;        /* a paragraph written by hand; "" */

    struct tg_milestone_source *sources;
    size_t source_count;
    /* What to know before reading figures, a sentence each: sources from different machines, or
     * with uncommitted changes, a run with overrides, a phase that was invalid. */
    const char *const *caveats;
    size_t caveat_count;
    struct tg_milestone_run *runs;
    size_t run_count;
    struct tg_milestone_row *latencies, *throughputs, *concurrency;
    size_t latency_count, throughput_count, concurrency_count;
    struct tg_milestone_comparison *comparisons;
    size_t comparison_count;
    struct tg_milestone_sweep *sweeps;
    size_t sweep_count;
    struct tg_findings findings; /* of the tool and of the file, worst first */
    struct tg_milestone_tests tests;
    struct tg_milestone_code_coverage code_coverage;

    struct tg_milestone_criterion *criteria;
    size_t criterion_count;
    double score;              /* 0 to 100; NaN: no criterion has a weight */
    const char *score_formula; /* with the numbers in it, one line */
    double approve_at;         /* the least score that is approved; NaN: the file names none */
    const char *confidence;    /* what is proved at which level, one sentence; NULL: nothing is */
    enum tg_decision decision;
    const char *reason;            /* of the decision, one sentence */
    const char *const *conditions; /* what has to be done, of a conditional or rejected one */
    size_t condition_count;
    int exit_code; /* 0 approved; 3 conditional, and for missing data alone; 1 otherwise */

    const struct tg_milestone_advice *recommendations; /* by priority */
    size_t recommendation_count;
    const struct tg_milestone_advice *next_steps;
    size_t next_step_count;
    struct tg_milestone_notes achievements, meaning, risks, key_files, run_commands;

    const char *const
        *pictures; /* file names in DIR/charts, without ending; none without gnuplot */
    size_t picture_count;
    const char *picture_note; /* why there are none; NULL: there are */
};

/* "APPROVED", "CONDITIONAL", "REJECTED"; static. */
const char *tg_decision_name(enum tg_decision decision);
/* "met", "missed", "inconclusive", "no data"; static. */
const char *tg_criterion_status_name(enum tg_criterion_status status);

/* The charts of a milestone, in the order of its document: *count of them, in `arena`. */
struct tg_chart **tg_milestone_charts(const struct tg_milestone *milestone, size_t *count,
                                      struct tg_arena *arena);

/* The documents. Each is a whole file, and leads to the others by these names. */
#define TG_MILESTONE_VALIDATION "validation_report.md"
#define TG_MILESTONE_EXECUTIVE "executive_summary.md"
#define TG_MILESTONE_QUICK_REFERENCE "quick_reference.md"
#define TG_MILESTONE_CHART_PAGE "charts.md"
#define TG_MILESTONE_SUMMARY "summary.json"
void tg_milestone_validation(const struct tg_milestone *milestone, struct tg_text *out);
void tg_milestone_executive(const struct tg_milestone *milestone, struct tg_text *out);
void tg_milestone_quick_reference(const struct tg_milestone *milestone, struct tg_text *out);
void tg_milestone_chart_page(const struct tg_milestone *milestone, struct tg_text *out);
void tg_milestone_summary(const struct tg_milestone *milestone, struct tg_text *out); /* JSON */

#endif
