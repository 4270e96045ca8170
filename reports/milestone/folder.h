/* The folder of a milestone's documents. It appears whole or not at all. */
#ifndef TG_REPORTS_MILESTONE_FOLDER_H
#define TG_REPORTS_MILESTONE_FOLDER_H

#include "reports/milestone/milestone.h"

struct tg_milestone_output {
    const char *folder; /* to be made; may exist when it is empty */
    bool replace;       /* it may also hold an earlier report, and nothing else */
    bool pictures;      /* draw them where gnuplot is there */
};

/* Can the folder be written? To be asked before anything else is done. What is in it is never
 * touched, but for an earlier report with `replace`. */
enum tg_status tg_milestone_check_folder(const struct tg_milestone_output *output,
                                         struct tg_diags *diags) TG_CHECKED;

/* Draws the pictures, sets what the milestone says of them, and writes all documents. A picture
 * that cannot be drawn is no failure: there are none then, the documents say why, and `diags` gets
 * a warning. On failure nothing is left under the folder's name that was not there before. */
enum tg_status tg_milestone_write(struct tg_milestone *milestone,
                                  const struct tg_milestone_output *output, struct tg_arena *arena,
                                  struct tg_diags *diags) TG_CHECKED;

#endif
