#include "cli/report_format.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [TG_REPORT_MARKDOWN] = "markdown",
    [TG_REPORT_HTML] = "html",
    [TG_REPORT_JSON] = "json",
};
enum { FORMATS = sizeof names / sizeof *names };

bool tg_take_report_format(const char *command, const char *name, enum tg_report_format *format)
{
    for (int i = 0; i < FORMATS; i++) {
        if (strcmp(names[i], name) == 0) {
            *format = (enum tg_report_format)i;
            return true;
        }
    }
    const char *nearest = tg_nearest_name(name, names, FORMATS);
    fprintf(stderr, "tailgate %s: error: unknown format \"%s\"\n", command, name);
    if (nearest)
        fprintf(stderr, "  hint: did you mean \"%s\"?\n", nearest);
    else
        fputs("  hint: markdown, html or json\n", stderr);
    return false;
}

enum tg_page_format tg_report_page_format(enum tg_report_format format)
{
    assert(format != TG_REPORT_JSON);
    return format == TG_REPORT_HTML ? TG_PAGE_HTML : TG_PAGE_MARKDOWN;
}

void tg_add_report_json(cJSON *json, struct tg_text *out)
{
    char *text = tg_json_print(json);
    tg_text_add(out, text);
    free(text);
    cJSON_Delete(json);
}
