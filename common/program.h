/* Other programs: asked for an answer, or run for what they do. */
#ifndef TG_COMMON_PROGRAM_H
#define TG_COMMON_PROGRAM_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/text.h"

/* Runs a program without input and adds what it prints on standard output to `answer` (the first
 * 64 KiB). `arguments` ends with NULL; the first is looked for in PATH. True when it ended
 * successfully and within `patience_ms`, after which it is killed. */
bool tg_program_ask(const char *const *arguments, int64_t patience_ms, struct tg_text *answer);

struct tg_program_job {
    const char *command;               /* for the shell */
    const char *folder;                /* to run it in */
    const char *log;                   /* file that takes its output, written anew */
    const volatile sig_atomic_t *stop; /* ends it when it is not 0; may be NULL */
};

/* Runs a shell command to its end. *exit_code is its exit code, or 128 and the signal that ended
 * it. TG_INTERRUPTED: it was stopped, with SIGTERM, and after five seconds or a second request
 * (*stop > 1) with SIGKILL. Children that leave its process group survive that. */
enum tg_status tg_program_run(const struct tg_program_job *job, int *exit_code,
                              struct tg_diags *diags) TG_CHECKED;

#endif
