/* The formats of the reports that are pages. */
#ifndef TG_CLI_REPORT_FORMAT_H
#define TG_CLI_REPORT_FORMAT_H

#include <stdbool.h>

#include "common/json.h"
#include "reports/page/page.h"

enum tg_report_format { TG_REPORT_MARKDOWN, TG_REPORT_HTML, TG_REPORT_JSON };

/* The argument of --format; false, and a printed message about `command`, when there is no such
 * format. */
bool tg_take_report_format(const char *command, const char *name, enum tg_report_format *format);
/* Of a format that is not JSON. */
enum tg_page_format tg_report_page_format(enum tg_report_format format);
/* Appends the document as text, and deletes it. */
void tg_add_report_json(cJSON *json, struct tg_text *out);

#endif
