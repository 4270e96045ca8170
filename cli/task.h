/* What the commands about tasks have in common: before, after, compare. */
#ifndef TG_CLI_TASK_H
#define TG_CLI_TASK_H

#include <stdbool.h>

#include "cli/project.h"
#include "reports/task/attempt.h"

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

/* Where its attempts are. Borrows from the session, which it hands its arena and diagnostics of. */
struct tg_attempt_source tg_task_source(struct tg_task_session *session);

#endif
