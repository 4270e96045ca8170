/* What the commands about tasks have in common: before, after, compare. */
#ifndef TG_CLI_TASK_H
#define TG_CLI_TASK_H

#include <stdbool.h>

#include "baselines/competitors.h"
#include "baselines/task.h"
#include "cli/project.h"
#include "gate/comparison.h"
#include "runner/drive/result.h"

struct tg_task_session {
    struct tg_arena arena;
    struct tg_diags diags;
    struct tg_project project;
    const struct tg_project_gate *gate; /* what the project says about this kind of comparison */
    struct tg_task_key key;
    const char *option; /* " --competitive" or "", for commands in messages */
};

/* Reads the project file and checks the name. Close it in any case. */
enum tg_status tg_task_open(struct tg_task_session *session, const char *task,
                            bool competitive) TG_CHECKED;
/* Prints the diagnostics and frees. */
void tg_task_close(struct tg_task_session *session);

/* The competitors that the project wants to be held against. Free with tg_competitors_free after
 * success. */
enum tg_status tg_task_competitors(struct tg_task_session *session,
                                   struct tg_competitors *competitors) TG_CHECKED;

/* "2025-11-21 12:00 UTC, commit 0123456789ab, with changes". In `arena`. */
const char *tg_task_when(int64_t unix_ms, const struct tg_git *git, struct tg_arena *arena);

struct tg_attempt_output {
    bool allow_inconclusive;
    bool json;
    bool not_stored; /* it should have been kept and could not be: then a pass is an error */
    const char *log; /* file to which the block for the log is added; NULL: none */
};

struct tg_newer_attempt { /* was interrupted before anything could be said */
    const char *result;   /* id; NULL: there is none */
    const char *when;     /* in words */
    bool same_variant;    /* as the one that is shown, by content; false where it is not known */
};

struct tg_attempt {
    const struct tg_task_before *before;
    const struct tg_result *result;         /* the run after the change */
    const struct tg_comparison *comparison; /* NULL: none was made */
    const struct tg_newer_attempt *newer;   /* NULL: none, this is the newest */
};

struct tg_found_attempt {
    struct tg_task_before before;
    struct tg_result *result;
    struct tg_comparison *comparison; /* NULL: none was made */
    struct tg_newer_attempt newer;
};

/* The newest attempt against the before side as it is stored now that was not interrupted by its
 * user; the newest one where all were. Its texts live in the session's arena. Forget it in any
 * case. */
enum tg_status tg_attempt_find(struct tg_task_session *session,
                               struct tg_found_attempt *found) TG_CHECKED;
void tg_attempt_forget(struct tg_found_attempt *found);

/* Judges one attempt and prints what there is to say: the comparison, what the run missed, the
 * position against competitors. Returns the exit code: 1 when the run failed or the store became
 * slower, 2 in place of 1 for what only the competitive comparison shows, 3 when nothing can be
 * said, 4 in place of 0 when it could not be kept or
 * the log cannot be written. A crash of the store is 1 in either comparison. A pass
 * of another variant than that of a newer attempt is none, and is not logged. A run before the
 * change that cannot be read is left out of the positions, and nothing else. */
int tg_print_attempt(struct tg_task_session *session, const struct tg_attempt *attempt,
                     const struct tg_attempt_output *output);

#endif
