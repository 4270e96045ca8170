/* One `tailgate after`: read again from where it is stored, and judged. */
#ifndef TG_REPORTS_TASK_ATTEMPT_H
#define TG_REPORTS_TASK_ATTEMPT_H

#include "baselines/competitors.h"
#include "baselines/task.h"
#include "gate/comparison.h"
#include "reports/compare/compare_view.h"

/* Where the attempts at a task are, and whom they are held against. All borrowed. */
struct tg_attempt_source {
    struct tg_task_key key;
    const char *root;               /* of the project; NULL: there is none */
    const char *const *competitors; /* names, as the project file has them */
    size_t competitor_count;        /* 0: all there are */
    struct tg_arena *arena;
    struct tg_diags *diags;
};

struct tg_attempt {
    const struct tg_task_before *before;
    struct tg_result *result;             /* the run after the change */
    struct tg_comparison *comparison;     /* NULL: none was made */
    const struct tg_newer_attempt *newer; /* NULL: none, this is the newest */
};

/* " --competitive" or "", for commands in messages. */
const char *tg_attempt_option(const struct tg_task_key *key);

/* Reads the newest attempt at the task that ended with a result and that its user did not
 * interrupt, or the newest with a result where all were. It has to be one against the before side
 * as it is stored now. What is wrong goes into the diagnostics of the source. Free with
 * tg_attempt_free in any case. */
enum tg_status tg_attempt_load(const struct tg_attempt_source *source,
                               struct tg_attempt *attempt) TG_CHECKED;
/* Frees result and comparison. */
void tg_attempt_free(struct tg_attempt *attempt);

/* Judges an attempt: the comparison, what the run missed, the position against competitors. The
 * exit code is 1 when the run failed or the store became slower, 2 in place of 1 for what only the
 * competitive comparison shows (a crash of the store is 1 in either), 3 when nothing can be said. A
 * pass of another variant than that of a newer attempt is none. A run before the change that cannot
 * be read is left out of the positions, and leaves open what a crash after it says. *view lives in
 * the source's arena and borrows from the attempt. */
enum tg_status tg_attempt_view(const struct tg_attempt_source *source,
                               const struct tg_attempt *attempt, bool allow_inconclusive,
                               struct tg_compare_view *view) TG_CHECKED;

/* The competitors to be held against. Free with tg_competitors_free after success. */
enum tg_status tg_attempt_competitors(const struct tg_attempt_source *source,
                                      struct tg_competitors *competitors) TG_CHECKED;

/* "2025-11-21 12:00 UTC, commit 0123456789ab, with changes". In `arena`. */
const char *tg_attempt_when(int64_t unix_ms, const struct tg_git *git, struct tg_arena *arena);

#endif
