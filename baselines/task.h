/* Tasks: what `tailgate before TASK` and `tailgate after TASK` remember. HOME/tasks/TASK/ holds
 * before.json and after.json, and the same with -competitive for the competitive scenario; the
 * results, bundles and comparisons that they name are kept elsewhere in HOME. docs/workflow.md
 * documents both files. */
#ifndef TG_BASELINES_TASK_H
#define TG_BASELINES_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "baselines/host.h"
#include "common/arena.h"
#include "common/diag.h"

enum { TG_TASK_FORMAT = 1 };
#define TG_TASK_KIND "tailgate-task"

struct tg_task_key { /* all borrowed */
    const char *home;
    const char *task; /* a name that tg_task_check_name accepts */
    bool competitive;
};

struct tg_task_before {
    const char *scenario; /* path of the file, from the project's root or as it was given */
    const char *bundle;   /* id of the variant */
    const char *result;   /* id of the run */
    int64_t started_unix_ms;
    struct tg_git git; /* of the working directory then */
};

struct tg_task_attempt {    /* one `tailgate after` */
    const char *bundle;     /* that it was compared with */
    const char *result;     /* id of the run; NULL: it ended without one, or has not ended */
    const char *comparison; /* its id; NULL: the run crashed or was interrupted, none was made */
    const char *reason;     /* why it ended without a result; NULL: it has one, or has not ended */
    int64_t started_unix_ms;
    struct tg_git git;
};

/* TG_INVALID and an error unless `task` is 1 to 64 letters, digits, '_', '-' and '.', and does not
 * begin with '.' or '-'. */
enum tg_status tg_task_check_name(const char *task, struct tg_diags *diags) TG_CHECKED;

bool tg_task_has_before(const struct tg_task_key *key);
/* Writes the record; one that is there is replaced only with `replace`. */
enum tg_status tg_task_write_before(const struct tg_task_key *key,
                                    const struct tg_task_before *before, bool replace,
                                    struct tg_diags *diags) TG_CHECKED;
/* Reads the record into *before, whose texts live in `arena`. A task that is not known, or has no
 * record of this kind, is an error that says what there is. */
enum tg_status tg_task_read_before(const struct tg_task_key *key, struct tg_arena *arena,
                                   struct tg_task_before *before,
                                   struct tg_diags *diags) TG_CHECKED;

/* All attempts so far, oldest first, in `arena`; none when there is no record. */
enum tg_status tg_task_read_attempts(const struct tg_task_key *key, struct tg_arena *arena,
                                     struct tg_task_attempt **attempts, size_t *count,
                                     struct tg_diags *diags) TG_CHECKED;
/* Adds one behind those that the record holds; one that is there with the same start and without a
 * result, it replaces: that was its beginning. A record that cannot be read stays as it is. */
enum tg_status tg_task_add_attempt(const struct tg_task_key *key,
                                   const struct tg_task_attempt *attempt,
                                   struct tg_diags *diags) TG_CHECKED;

/* ---- the documents, for who has one in memory ---- */

/* Untrusted input: any bytes give a record or errors at `path`. */
enum tg_status tg_task_parse_before(const struct tg_task_key *key, const char *text, size_t length,
                                    const char *path, struct tg_arena *arena,
                                    struct tg_task_before *before,
                                    struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_task_parse_attempts(const struct tg_task_key *key, const char *text,
                                      size_t length, const char *path, struct tg_arena *arena,
                                      struct tg_task_attempt **attempts, size_t *count,
                                      struct tg_diags *diags) TG_CHECKED;

#endif
