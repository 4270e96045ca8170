/* Reading a JSON document field by field: each step returns false once it has said, in the
 * diagnostics, which field is wrong and how; the first error ends the reading. Texts are copied
 * into the reader's arena. */
#ifndef TG_BASELINES_JSON_READER_H
#define TG_BASELINES_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/json.h"
#include "runner/engine/engine.h"

struct tg_reader {
    struct tg_arena *arena;
    struct tg_diags *diags;
    const char *path;  /* of the document, for messages */
    size_t histograms; /* decoded so far */
};

/* An object of the document and the words for where it is: "phases[0].ops[2]". */
struct tg_node {
    const cJSON *json;
    const char *where; /* "" for the document itself */
};

/* Adds the error "WHERE.KEY WHAT" and returns false; `key` may be "". */
bool tg_read_wrong(struct tg_reader *reader, struct tg_node node, const char *key,
                   const char *what);

bool tg_need_int(struct tg_reader *reader, struct tg_node node, const char *key, int64_t lowest,
                 int64_t highest, int64_t *out);
/* A whole number from 0 to half of what fits, so that two can be added. */
bool tg_need_amount(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out);
/* The same, or null for "unknown", which gives -1. */
bool tg_need_known(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out);
/* The same of a key that documents of earlier versions do not have: -1 without it. */
bool tg_may_know(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out);
/* null gives NaN. */
bool tg_need_double(struct tg_reader *reader, struct tg_node node, const char *key, double *out);
bool tg_need_bool(struct tg_reader *reader, struct tg_node node, const char *key, bool *out);
bool tg_need_text(struct tg_reader *reader, struct tg_node node, const char *key, const char **out);
/* null gives NULL. */
bool tg_need_text_or_null(struct tg_reader *reader, struct tg_node node, const char *key,
                          const char **out);
/* One of `words`; *out is its index. */
bool tg_need_word(struct tg_reader *reader, struct tg_node node, const char *key,
                  const char *const *words, size_t count, unsigned *out);
#define TG_WORDS(list) (list), sizeof(list) / sizeof *(list)

bool tg_need_object(struct tg_reader *reader, struct tg_node node, const char *key,
                    struct tg_node *out);
/* An array and its number of elements; walk it with cJSON_ArrayForEach. */
bool tg_need_array(struct tg_reader *reader, struct tg_node node, const char *key,
                   const cJSON **array, size_t *count);
/* The node of element `number` of the array `key`. */
struct tg_node tg_read_element(struct tg_reader *reader, struct tg_node node, const char *key,
                               const cJSON *json, size_t number);
bool tg_need_strings(struct tg_reader *reader, struct tg_node node, const char *key,
                     const char ***items, size_t *item_count);
bool tg_need_named_values(struct tg_reader *reader, struct tg_node node, const char *key,
                          struct tg_named_value **items, size_t *item_count);
/* What tg_put_seed and tg_put_git wrote. *commit is NULL when it is unknown. */
bool tg_need_seed(struct tg_reader *reader, struct tg_node node, uint64_t *seed);
bool tg_need_git(struct tg_reader *reader, struct tg_node root, const char **commit, bool *dirty);
/* That the document is of this kind ("a NOUN of Tailgate") and of the one format that is read. */
bool tg_need_kind(struct tg_reader *reader, struct tg_node root, const char *kind, const char *noun,
                  int format);
bool tg_read_null(struct tg_node node, const char *key);

#endif
