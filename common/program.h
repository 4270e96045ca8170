/* Other programs: asked for an answer, given a text to make another of, or run for what they do. */
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

/* Would the program `name` be found in PATH? */
bool tg_program_in_path(const char *name);

enum tg_filter_end {
    TG_FILTER_EXITED,   /* with exit_code */
    TG_FILTER_KILLED,   /* by the signal exit_code - 128 */
    TG_FILTER_HUNG,     /* not done within the patience: killed with all of its process group */
    TG_FILTER_TOO_MUCH, /* wrote more than the limit: killed likewise */
    TG_FILTER_ABSENT,   /* could not be started; exit_code is the errno */
};

struct tg_filter {
    const char *const *arguments; /* ends with NULL; the first is looked for in PATH */
    const char *input;            /* for its standard input; it need not read all of it */
    size_t input_length;
    size_t output_limit; /* bytes */
    int64_t patience_ms;
};

/* Runs a program that makes one text of another, in a process group of its own. Standard output is
 * added to `output`, the first 4 KiB of standard error to `complaints`, whatever is returned. */
enum tg_filter_end tg_program_filter(const struct tg_filter *filter, struct tg_text *output,
                                     struct tg_text *complaints, int *exit_code) TG_CHECKED;

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
