/* Progress on standard error: one line that is redrawn on a terminal, plain lines elsewhere. */
#ifndef TG_CLI_PROGRESS_H
#define TG_CLI_PROGRESS_H

#include <stdbool.h>

#include "gate/interleave.h"
#include "runner/drive/observer.h"

struct tg_progress {
    bool quiet;
    bool terminal;
    bool drawn; /* a line stands on the terminal that the next output has to clear */
    int columns;
    int64_t last_line_ns; /* elsewhere: elapsed time of the phase at the last line */
};

void tg_progress_init(struct tg_progress *progress, bool quiet);
/* Wipes the line off the terminal. */
void tg_progress_clear(struct tg_progress *progress);
/* For an observer whose context is the struct tg_progress. */
void tg_progress_notify(void *context, const struct tg_event *event);
/* The same for the progress of a gate. */
void tg_progress_gate(void *context, const struct tg_interleave_progress *progress);

#endif
