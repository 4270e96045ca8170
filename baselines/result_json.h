/* A result as a JSON document, format 1; docs/result.md documents every key. */
#ifndef TG_BASELINES_RESULT_JSON_H
#define TG_BASELINES_RESULT_JSON_H

#include <stddef.h>

#include "common/json.h"
#include "runner/drive/result.h"

enum {
    TG_RESULT_FORMAT = 1,
    TG_RESULT_MOST_BYTES = 64 << 20, /* of a document that is read */
};
#define TG_RESULT_KIND "tailgate-result"

/* The whole document. Free with cJSON_Delete. */
cJSON *tg_result_to_json(const struct tg_result *result);

/* The result that a document describes. Untrusted input: any bytes give a result or errors at
 * `path`, never a crash. *result is set on success alone; free with tg_result_free. Interval logs
 * are not read, their file names are. */
enum tg_status tg_result_parse(const char *text, size_t length, const char *path,
                               struct tg_result **result, struct tg_diags *diags) TG_CHECKED;

/* "pass", "fail", "invalid"; static. */
const char *tg_verdict_name(enum tg_verdict verdict);

/* The words of the document for enumerations, so that writer and reader cannot disagree. Indexed by
 * the enumeration. */
extern const char *const tg_metric_words[TG_METRIC_CPU + 1];
extern const char *const tg_compare_words[TG_EQUAL + 1];
extern const char *const tg_target_status_words[TG_TARGET_NO_DATA + 1];
extern const char *const tg_arrival_words[TG_ARRIVAL_POISSON + 1];
extern const char *const tg_verdict_words[TG_VERDICT_INVALID + 1];

#endif
