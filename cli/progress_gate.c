#include <stdio.h>
#include <stdlib.h>

#include "cli/progress.h"
#include "reports/gate/gate_progress.h"

/* A fixed number of launches decides nothing on the way: there are no intervals to show. */
static void count_launches(struct tg_progress *progress, const struct tg_interleave_progress *gated)
{
    if (!progress->terminal && !gated->answered)
        return;
    char *text = tg_format("%zu of %zu launches, %.0f s left", gated->comparison->launch_count,
                           gated->launches, (double)gated->left_ns / 1e9);
    tg_progress_notify(progress, &(struct tg_event){.kind = TG_EVENT_STEP, .text = text});
    free(text);
}

/* On a terminal after each launch; elsewhere, where every line stays, after those that answered. */
void tg_progress_gate(void *context, const struct tg_interleave_progress *gated)
{
    struct tg_progress *progress = context;
    if (!gated->gate) {
        count_launches(progress, gated);
        return;
    }
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
