/* Where a report goes: standard output, or the file of --out. */
#ifndef TG_CLI_REPORT_OUT_H
#define TG_CLI_REPORT_OUT_H

#include "common/diag.h"
#include "common/text.h"

struct tg_report_out {
    const char *path;    /* NULL: standard output */
    const char *made_by; /* the command, as reports/page/page.h marks its files with it */
    const char *kind;    /* of the JSON documents that it writes; NULL: none */
};

/* Proves that a report can be written there: a file that is there already is replaced when the same
 * command made it or it is empty, and is an error else. */
enum tg_status tg_report_out_check(const struct tg_report_out *out,
                                   struct tg_diags *diags) TG_CHECKED;
/* Checks again and writes: a file is whole or as it was. */
enum tg_status tg_report_out_write(const struct tg_report_out *out, const struct tg_text *report,
                                   struct tg_diags *diags) TG_CHECKED;

#endif
