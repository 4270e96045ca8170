/* A comparison with what belongs to it: what `tailgate compare` and the pages, JUnit files and
 * annotations of `tailgate report compare` are made from. */
#ifndef TG_REPORTS_COMPARE_VIEW_H
#define TG_REPORTS_COMPARE_VIEW_H

#include "baselines/host.h"
#include "reports/gate/gate_view.h"
#include "runner/drive/result.h"

struct tg_newer_attempt { /* of a task; interrupted by its user, or ended without a result */
    const char *result;   /* NULL: it has none */
    const char *reason;   /* ... and why */
    const char *when;     /* in words */
    bool same_variant;    /* as the one that is shown, by content; false where it is not known */
};

struct tg_compare_view {
    struct tg_gate_view gate;    /* its verdict counts the run and the competitors in */
    bool compared;               /* false: the run ended too badly for a comparison to be made */
    const struct tg_result *run; /* of a task: the run after the change; NULL: of none */
    const struct tg_newer_attempt *newer; /* NULL: none, this is the newest */
    bool held_against;                    /* positions against competitors were looked for */
    bool lead_lost;                       /* to a competitor */
    const char *host;                     /* in one line; NULL: unknown */
    struct tg_git commits[TG_SIDES];      /* commit NULL: unknown */
    const char *again; /* what makes this page again: "tailgate report compare 001" */
};

/* The view of a comparison alone, as judged now, with exit code 2 for a regression of a competitive
 * one; tg_gate_view_make says what allow_inconclusive does. `again` is NULL. Lives in `arena`, and
 * borrows from the comparison. */
struct tg_compare_view tg_compare_view_make(const struct tg_comparison *comparison,
                                            bool allow_inconclusive, struct tg_arena *arena);
/* The host of a run as such a line; NULL: unknown. In `arena`. */
const char *tg_compare_run_host(const struct tg_result *run, struct tg_arena *arena);

/* What to know of a newer attempt, a sentence in `arena`; NULL: there is none. */
const char *tg_compare_newer_text(const struct tg_compare_view *view, struct tg_arena *arena);
/* There is one of another variant, or of one that is not known: what is shown does not pass in its
 * place. */
bool tg_compare_is_stale(const struct tg_compare_view *view);

/* The verdict document (docs/verdict.md), with `run` and `newer` where there is a run. Free with
 * cJSON_Delete. */
cJSON *tg_compare_to_json(const struct tg_compare_view *view);

#endif
