/* A comparison as a JSON document, format 1; docs/comparison.md documents every key. */
#ifndef TG_BASELINES_COMPARISON_JSON_H
#define TG_BASELINES_COMPARISON_JSON_H

#include <stddef.h>

#include "common/json.h"
#include "gate/comparison.h"

enum {
    TG_COMPARISON_FORMAT = 1,
    TG_COMPARISON_MOST_BYTES = 16 << 20, /* of a document that is read */
};
#define TG_COMPARISON_KIND "tailgate-comparison"

/* The whole document; what it was judged to be follows from it and is not in it. Free with
 * cJSON_Delete. */
cJSON *tg_comparison_to_json(const struct tg_comparison *comparison);

/* The comparison that a document describes: the numbers that were written, bit for bit, so that
 * the judgement is the same. Untrusted input: any bytes give a comparison or errors at `path`,
 * never a crash. *comparison is set on success alone; free with tg_comparison_free. */
enum tg_status tg_comparison_parse(const char *text, size_t length, const char *path,
                                   struct tg_comparison **comparison,
                                   struct tg_diags *diags) TG_CHECKED;

/* The words of the document for enumerations, so that writer and reader cannot disagree. Indexed by
 * the enumeration. */
extern const char *const tg_compared_unit_words[TG_COMPARED_SHARE + 1];
extern const char *const tg_direction_words[TG_HIGHER_IS_BETTER + 1];
extern const char *const tg_comparison_end_words[TG_END_NOT_GATED + 1];
extern const char *const tg_side_words[TG_SIDES];

#endif
