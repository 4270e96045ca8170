/* What a self-test found, as tables for people and as a document for programs. */
#ifndef TG_REPORTS_SELFTEST_TEXT_H
#define TG_REPORTS_SELFTEST_TEXT_H

#include "common/json.h"
#include "common/text.h"
#include "gate/selftest.h"

/* `gates` are those that were summed up; they say where and of what. */
void tg_report_selftest(const struct tg_selftest_summary *summary,
                        const struct tg_tested_gate *gates, size_t count, int columns, bool color,
                        struct tg_text *out);

/* The same without the gates themselves: docs/selftest.md. */
cJSON *tg_selftest_to_json(const struct tg_selftest_summary *summary,
                           const struct tg_tested_gate *gates, size_t count);

#endif
