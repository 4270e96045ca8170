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

#endif
