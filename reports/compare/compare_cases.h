/* What a comparison judged, as test cases: each gated metric, the failing operations, the store
 * itself, and of a task the run after the change with its targets. JUnit files and annotations are
 * made from it. A verdict that is bad has at least one case that failed or is in error, and one
 * that is open at least one that was skipped. */
#ifndef TG_REPORTS_COMPARE_CASES_H
#define TG_REPORTS_COMPARE_CASES_H

#include "reports/compare/compare_view.h"

enum tg_case_outcome {
    TG_CASE_PASSED,
    TG_CASE_FAILED,  /* slower, or missed */
    TG_CASE_ERROR,   /* the store died */
    TG_CASE_SKIPPED, /* cannot tell */
    TG_CASE_OUTCOMES,
};

struct tg_case {
    const char *name; /* "session_get.p99" */
    enum tg_case_outcome outcome;
    const char *type;    /* a word for programs, a literal: "regression", "not-gated" */
    const char *message; /* one line; NULL for one that passed and has nothing to add */
};

struct tg_case_list {
    const char *name; /* "memory_store.steady": scenario and phase; of a run, scenario and "run" */
    bool of_run;      /* after the change; else of the comparison */
    int64_t started_unix_ms;
    int64_t took_ns;
    struct tg_case *items;
    size_t count;
    size_t counts[TG_CASE_OUTCOMES];
};

enum { TG_CASE_LISTS = 2 };
/* Returns how many there are: that of the comparison (none where none was made), then that of the
 * run. In `arena`, and borrows from the view. */
size_t tg_compare_cases(const struct tg_compare_view *view, struct tg_arena *arena,
                        struct tg_case_list lists[TG_CASE_LISTS]);

#endif
