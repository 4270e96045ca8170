#include "baselines/json_reader.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool tg_read_wrong(struct tg_reader *reader, struct tg_node node, const char *key, const char *what)
{
    tg_diag_error(reader->diags, (struct tg_place){.path = reader->path}, "%s%s%s %s", node.where,
                  *node.where && *key ? "." : "", key, what);
    return false;
}

bool tg_need_int(struct tg_reader *reader, struct tg_node node, const char *key, int64_t lowest,
                 int64_t highest, int64_t *out)
{
    int64_t value;
    if (!tg_json_get_int64(node.json, key, &value))
        return tg_read_wrong(reader, node, key, "is missing or is not a whole number");
    if (value < lowest || value > highest)
        return tg_read_wrong(reader, node, key, "is out of range");
    *out = value;
    return true;
}

bool tg_need_amount(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out)
{
    return tg_need_int(reader, node, key, 0, INT64_MAX / 2, out);
}

bool tg_read_null(struct tg_node node, const char *key)
{
    return cJSON_IsNull(tg_json_get(node.json, key));
}

/* null: unknown, -1 in memory. */
bool tg_need_known(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out)
{
    if (tg_read_null(node, key)) {
        *out = -1;
        return true;
    }
    return tg_need_amount(reader, node, key, out);
}

bool tg_may_know(struct tg_reader *reader, struct tg_node node, const char *key, int64_t *out)
{
    *out = -1;
    return !tg_json_get(node.json, key) || tg_need_known(reader, node, key, out);
}

/* null: NaN. */
bool tg_need_double(struct tg_reader *reader, struct tg_node node, const char *key, double *out)
{
    *out = NAN;
    if (tg_read_null(node, key) || tg_json_get_double(node.json, key, out))
        return true;
    return tg_read_wrong(reader, node, key, "is missing or is not a number");
}

bool tg_need_bool(struct tg_reader *reader, struct tg_node node, const char *key, bool *out)
{
    if (tg_json_get_bool(node.json, key, out))
        return true;
    return tg_read_wrong(reader, node, key, "is missing or is neither true nor false");
}

bool tg_need_text(struct tg_reader *reader, struct tg_node node, const char *key, const char **out)
{
    const char *text;
    if (!tg_json_get_string(node.json, key, &text))
        return tg_read_wrong(reader, node, key, "is missing or is not a text");
    *out = tg_arena_strdup(reader->arena, text);
    return true;
}

/* null: NULL. */
bool tg_need_text_or_null(struct tg_reader *reader, struct tg_node node, const char *key,
                          const char **out)
{
    *out = NULL;
    return tg_read_null(node, key) || tg_need_text(reader, node, key, out);
}

bool tg_need_word(struct tg_reader *reader, struct tg_node node, const char *key,
                  const char *const *words, size_t count, unsigned *out)
{
    const char *text;
    if (!tg_json_get_string(node.json, key, &text))
        return tg_read_wrong(reader, node, key, "is missing or is not a text");
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(words[i], text) == 0) {
            *out = i;
            return true;
        }
    }
    return tg_read_wrong(reader, node, key, "is a word that this version does not know");
}

bool tg_need_object(struct tg_reader *reader, struct tg_node node, const char *key,
                    struct tg_node *out)
{
    out->json = tg_json_get(node.json, key);
    out->where = key;
    if (cJSON_IsObject(out->json))
        return true;
    return tg_read_wrong(reader, node, key, "is missing or is not an object");
}

/* An array of objects: *count and the first element for next_element(). */
bool tg_need_array(struct tg_reader *reader, struct tg_node node, const char *key,
                   const cJSON **array, size_t *count)
{
    *count = 0;
    *array = tg_json_get(node.json, key);
    if (!cJSON_IsArray(*array))
        return tg_read_wrong(reader, node, key, "is missing or is not an array");
    *count = (size_t)cJSON_GetArraySize(*array);
    return true;
}

struct tg_node tg_read_element(struct tg_reader *reader, struct tg_node node, const char *key,
                               const cJSON *json, size_t number)
{
    const char *dot = *node.where ? "." : "";
    return (struct tg_node){
        json, tg_arena_format(reader->arena, "%s%s%s[%zu]", node.where, dot, key, number)};
}

bool tg_need_strings(struct tg_reader *reader, struct tg_node node, const char *key,
                     const char ***items, size_t *item_count)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, node, key, &array, &count))
        return false;
    const char **texts = tg_arena_array(reader->arena, count, sizeof *texts);
    size_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        if (!cJSON_IsString(item))
            return tg_read_wrong(reader, node, key, "holds something that is not a text");
        texts[i++] = tg_arena_strdup(reader->arena, item->valuestring);
    }
    *items = texts;
    *item_count = count;
    return true;
}

bool tg_need_named_values(struct tg_reader *reader, struct tg_node node, const char *key,
                          struct tg_named_value **items, size_t *item_count)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, node, key, &array, &count))
        return false;
    struct tg_named_value *values = tg_arena_array(reader->arena, count, sizeof *values);
    size_t i = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_node at = tg_read_element(reader, node, key, item, i);
        if (!tg_need_text(reader, at, "name", &values[i].name) ||
            !tg_need_text(reader, at, "value", &values[i].value))
            return false;
        i++;
    }
    *items = values;
    *item_count = count;
    return true;
}

bool tg_need_seed(struct tg_reader *reader, struct tg_node node, uint64_t *seed)
{
    const char *text;
    if (!tg_need_text(reader, node, "seed", &text))
        return false;
    size_t digits = strspn(text, "0123456789"); /* strtoull would let a sign and blanks pass */
    errno = 0;
    *seed = strtoull(text, NULL, 10);
    return (digits > 0 && text[digits] == '\0' && errno == 0) ||
           tg_read_wrong(reader, node, "seed", "is not a whole number of 64 bits");
}

bool tg_need_git(struct tg_reader *reader, struct tg_node root, const char **commit, bool *dirty)
{
    struct tg_node at;
    return tg_read_null(root, "git") ||
           (tg_need_object(reader, root, "git", &at) &&
            tg_need_text(reader, at, "commit", commit) && tg_need_bool(reader, at, "dirty", dirty));
}

bool tg_need_kind(struct tg_reader *reader, struct tg_node root, const char *kind, const char *noun,
                  int format)
{
    struct tg_place place = {.path = reader->path};
    const char *actual;
    int64_t number;
    if (!tg_json_get_string(root.json, "kind", &actual) || strcmp(actual, kind) != 0) {
        tg_diag_error(reader->diags, place, "is not a %s of Tailgate: \"kind\" is not \"%s\"", noun,
                      kind);
        return false;
    }
    if (!tg_need_int(reader, root, "format", 1, INT32_MAX, &number))
        return false;
    if (number != format) {
        tg_diag_hint(tg_diag_error(reader->diags, place,
                                   "has format %lld; this version reads format %d",
                                   (long long)number, format),
                     "use the version of tailgate that wrote it, or a newer one");
        return false;
    }
    return true;
}
