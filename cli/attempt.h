/* One `tailgate after`: read again from where it is stored, judged, and shown. */
#ifndef TG_CLI_ATTEMPT_H
#define TG_CLI_ATTEMPT_H

#include "cli/task.h"
#include "reports/compare/compare_view.h"

struct tg_attempt {
    const struct tg_task_before *before;
    struct tg_result *result;             /* the run after the change */
    struct tg_comparison *comparison;     /* NULL: none was made */
    const struct tg_newer_attempt *newer; /* NULL: none, this is the newest */
};

/* Reads the newest attempt of the session's task that its user did not interrupt, or the newest
 * where all were. It has to be one against the before side as it is stored now. What is wrong goes
 * into the session's diagnostics. Free with tg_attempt_free in any case. */
enum tg_status tg_attempt_load(struct tg_task_session *session,
                               struct tg_attempt *attempt) TG_CHECKED;
/* Frees result and comparison. */
void tg_attempt_free(struct tg_attempt *attempt);

/* Judges an attempt: the comparison, what the run missed, the position against competitors. The
 * exit code is 1 when the run failed or the store became slower, 2 in place of 1 for what only the
 * competitive comparison shows (a crash of the store is 1 in either), 3 when nothing can be said. A
 * pass of another variant than that of a newer attempt is none. A run before the change that cannot
 * be read is left out of the positions, and nothing else. *view lives in the session's arena and
 * borrows from the attempt. */
enum tg_status tg_attempt_view(struct tg_task_session *session, const struct tg_attempt *attempt,
                               bool allow_inconclusive, struct tg_compare_view *view) TG_CHECKED;

struct tg_attempt_output {
    bool allow_inconclusive;
    bool json;
    bool not_stored; /* it should have been kept and could not be: then a pass is an error */
    const char *log; /* file to which the block for the log is added; NULL: none */
};

/* Judges an attempt and prints what there is to say. Returns the exit code of the verdict, and 4
 * when there is none or, instead of 0, when it could not be kept or the log cannot be written. */
int tg_print_attempt(struct tg_task_session *session, const struct tg_attempt *attempt,
                     const struct tg_attempt_output *output);

#endif
