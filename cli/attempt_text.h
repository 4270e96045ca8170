/* What is printed of one `tailgate after`: then, and by `tailgate compare`. */
#ifndef TG_CLI_ATTEMPT_TEXT_H
#define TG_CLI_ATTEMPT_TEXT_H

#include "reports/task/attempt.h"

struct tg_attempt_output {
    bool allow_inconclusive;
    bool json;
    bool not_stored; /* it should have been kept and could not be: then a pass is an error */
    const char *log; /* file to which the block for the log is added; NULL: none */
};

/* Judges an attempt and prints what there is to say. Returns the exit code of the verdict, and 4
 * when there is none or, instead of 0, when it could not be kept or the log cannot be written. */
int tg_print_attempt(const struct tg_attempt_source *source, const struct tg_attempt *attempt,
                     const struct tg_attempt_output *output);

#endif
