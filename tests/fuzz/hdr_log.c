/* Any text is a log or an error with a place in it. */
#include <stdlib.h>
#include <string.h>

#include "runner/histogram/log.h"
#include "tests/fuzz/fuzz.h"

static enum tg_status see(void *context, const struct tg_hdr_log_line *line)
{
    int *lines = context;
    (*lines)++;
    if (line->hdr->total < 0 || strlen(line->tag) >= TG_HDR_TAG)
        abort();
    return TG_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tg_diags diags = {0};
    double start_s;
    double base_s;
    int lines = 0;
    enum tg_status status =
        tg_hdr_log_read((const char *)data, size, "input", &start_s, &base_s, see, &lines, &diags);
    if (status == TG_OK ? diags.count != 0 : diags.count != 1 || diags.items[0].line <= lines)
        abort();
    tg_diags_free(&diags);
    return 0;
}
