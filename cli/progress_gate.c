#include <stdio.h>

#include "cli/progress.h"
#include "reports/gate_progress.h"

/* On a terminal after each launch; elsewhere, where every line stays, after those that answered. */
void tg_progress_gate(void *context, const struct tg_interleave_progress *gated)
{
    struct tg_progress *progress = context;
    if (progress->quiet || gated->gate->step == TG_GATE_DONE)
        return;
    struct tg_text text = {0};
    if (progress->terminal) {
        tg_progress_measure(progress);
        /* One column and one line less: the cursor stands behind the last character. */
        tg_report_gate_progress(gated, (size_t)progress->columns - 1, (size_t)progress->rows - 1,
                                progress->color, &text);
        tg_progress_draw(progress, &text);
    } else if (gated->answered) {
        tg_report_gate_progress_line(gated, &text);
        fprintf(stderr, "%s\n", text.data);
    }
    tg_text_free(&text);
}
