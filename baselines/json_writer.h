/* Parts that all stored documents have in common; json_reader.h reads them. */
#ifndef TG_BASELINES_JSON_WRITER_H
#define TG_BASELINES_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/json.h"
#include "runner/engine/engine.h"

/* An unknown quantity (the kernel does not say) is negative in memory and null on paper. */
void tg_put_known(cJSON *object, const char *key, int64_t value);
void tg_put_named_values(cJSON *object, const char *key, const struct tg_named_value *items,
                         size_t count);
/* The key "seed": it uses all 64 bits, so it is a string, whatever its value. */
void tg_put_seed(cJSON *object, uint64_t seed);
/* The key "git"; `commit` may be NULL. */
void tg_put_git(cJSON *object, const char *commit, bool dirty);
/* The key `key`, for people, and KEY_unix_ms. */
void tg_put_time(cJSON *object, const char *key, int64_t unix_ms);

/* Writes a whole document (deleted) to `path`, whose folder is made where it is missing. A file
 * that is there is an error unless `replace`. */
enum tg_status tg_put_document(const char *path, cJSON *json, bool replace,
                               struct tg_diags *diags) TG_CHECKED;

#endif
