/* Progress on standard error: lines that are redrawn on a terminal, plain lines elsewhere. */
#ifndef TG_CLI_PROGRESS_H
#define TG_CLI_PROGRESS_H

#include <stdbool.h>

#include "common/text.h"
#include "gate/interleave.h"
#include "runner/drive/observer.h"

struct tg_progress {
    bool quiet;
    bool terminal;
    bool color;
    int drawn; /* lines that stand on the terminal, which the next output has to clear */
    int columns, rows;
    int64_t last_line_ns; /* elsewhere: elapsed time of the phase at the last line */
};

void tg_progress_init(struct tg_progress *progress, bool quiet);
/* Wipes the lines off the terminal. */
void tg_progress_clear(struct tg_progress *progress);
/* Asks the terminal again how large it is. */
void tg_progress_measure(struct tg_progress *progress);
/* Replaces what is drawn by `text`: lines that fit the terminal, without a final line break. */
void tg_progress_draw(struct tg_progress *progress, const struct tg_text *text);
/* For an observer whose context is the struct tg_progress. */
void tg_progress_notify(void *context, const struct tg_event *event);
/* The same for the progress of a gate. */
void tg_progress_gate(void *context, const struct tg_interleave_progress *progress);

#endif
