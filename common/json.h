/* Strict JSON on top of cJSON: case-sensitive look-ups, no trailing text, no duplicate keys, no
 * non-finite numbers; 64-bit integers travel as strings where they could exceed 2^53. */
#ifndef TG_COMMON_JSON_H
#define TG_COMMON_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/diag.h"

/* Parses all of `text`. On failure NULL, and a diagnostic with line and column of `path`. Free with
 * cJSON_Delete. */
cJSON *tg_json_parse(const char *text, size_t length, const char *path, struct tg_diags *diags);
/* Indented by two spaces, with a final newline. The elements of an array that hold nothing nested
 * and are short take one line each, like the rows of a table. Free with free(). */
char *tg_json_print(const cJSON *json);

/* Builders: abort when memory runs out. A non-finite number is written as null. */
cJSON *tg_json_object(void);
cJSON *tg_json_array(void);
/* Adds `item` and hands back the same pointer; `object` owns it from then on. */
cJSON *tg_json_add(cJSON *object, const char *key, cJSON *item);
cJSON *tg_json_push(cJSON *array, cJSON *item);
void tg_json_add_string(cJSON *object, const char *key, const char *value); /* NULL: null */
void tg_json_add_double(cJSON *object, const char *key, double value);
/* A number below 2^53, a decimal string from there on (and the same below 0). */
void tg_json_add_int64(cJSON *object, const char *key, int64_t value);
void tg_json_add_bool(cJSON *object, const char *key, bool value);

/* Readers: false (or NULL) when the key is missing or has another type; *out is then left alone. */
const cJSON *tg_json_get(const cJSON *object, const char *key);
bool tg_json_get_string(const cJSON *object, const char *key, const char **out); /* borrowed */
bool tg_json_get_double(const cJSON *object, const char *key, double *out);
bool tg_json_get_int64(const cJSON *object, const char *key, int64_t *out); /* number or string */
bool tg_json_get_bool(const cJSON *object, const char *key, bool *out);

#endif
