#include "cli/report_out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "reports/page/page.h"

/* An empty file is nobody's: mktemp makes such. */
static bool is_ours(const struct tg_report_out *out)
{
    char beginning[TG_PAGE_MARK_BYTES];
    int file = open(out->path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, beginning, sizeof beginning - 1) : -1;
    if (file >= 0)
        close(file);
    if (length <= 0)
        return length == 0;
    beginning[length] = '\0';
    char *kind = tg_format("\"kind\": \"%s\"", out->kind ? out->kind : "");
    bool ours = tg_page_made_by(beginning, out->made_by) || (out->kind && strstr(beginning, kind));
    free(kind);
    return ours;
}

enum tg_status tg_report_out_check(const struct tg_report_out *out, struct tg_diags *diags)
{
    struct stat info;
    const struct tg_place place = {.path = out->path};
    if (!out->path)
        return TG_OK;
    if (stat(out->path, &info) != 0) {
        char *folder = tg_path_folder(out->path);
        enum tg_status status = TG_OK;
        if (!tg_path_exists(folder)) {
            status = tg_diag_errno(diags, out->path, ENOENT, "cannot write the report");
            tg_diag_hint(&diags->items[diags->count - 1], "make the folder %s first", folder);
        }
        free(folder);
        return status;
    }
    if (!S_ISREG(info.st_mode)) {
        tg_diag_hint(tg_diag_error(diags, place, "is not a file that a report can be written to"),
                     "name a file; without --out the report goes to standard output");
        return TG_INVALID;
    }
    if (is_ours(out))
        return TG_OK;
    tg_diag_hint(
        tg_diag_error(diags, place, "exists, and \"%s\" did not make it", out->made_by),
        "name another file, or remove this one; a report made by the same command is replaced");
    return TG_INVALID;
}

enum tg_status tg_report_out_write(const struct tg_report_out *out, const struct tg_text *report,
                                   struct tg_diags *diags)
{
    if (!out->path) {
        fwrite(tg_text_string(report), 1, report->length, stdout);
        return TG_OK; /* main looks whether standard output could be written */
    }
    enum tg_status status = tg_report_out_check(out, diags);
    if (status == TG_OK)
        status = tg_file_write(out->path, tg_text_string(report), report->length, true, diags);
    return status;
}
