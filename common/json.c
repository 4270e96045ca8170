#include "common/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static const double EXACT_INTEGER_LIMIT = 9007199254740992.0; /* 2^53 */
enum { ROW_COLUMNS = 120 }; /* of an array's element that is printed on one line */

static int by_text(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b);
}

/* Sorted, because an untrusted object may have very many keys. */
static bool object_repeats_a_key(const cJSON *object)
{
    size_t count = 0;
    size_t capacity = (size_t)cJSON_GetArraySize(object);
    const char **keys = tg_calloc(capacity, sizeof *keys);
    for (const cJSON *child = object->child; child; child = child->next)
        keys[count++] = child->string;
    bool repeated = false;
    if (count > 1)
        qsort(keys, count, sizeof *keys, by_text);
    for (size_t i = 1; i < count && !repeated; i++)
        repeated = strcmp(keys[i - 1], keys[i]) == 0;
    free(keys);
    return repeated;
}

static bool has_duplicate_keys(const cJSON *json)
{
    if (cJSON_IsObject(json) && object_repeats_a_key(json))
        return true;
    for (const cJSON *child = json->child; child; child = child->next)
        if (has_duplicate_keys(child))
            return true;
    return false;
}

static struct tg_place place_of(const char *text, const char *end, const char *path)
{
    struct tg_place place = {.path = path, .line = 1, .column = 1};
    for (const char *at = text; at < end; at++) {
        place.column++;
        if (*at == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

cJSON *tg_json_parse(const char *text, size_t length, const char *path, struct tg_diags *diags)
{
    const char *end = text;
    cJSON *json = length > 0 ? cJSON_ParseWithLengthOpts(text, length, &end, 0) : NULL;
    if (!json) {
        tg_diag_error(diags, place_of(text, end, path), "is not valid JSON here");
        return NULL;
    }
    const char *rest = end;
    while (rest < text + length && strchr(" \t\r\n", *rest) && *rest)
        rest++;
    if (rest < text + length) {
        tg_diag_error(diags, place_of(text, rest, path),
                      "text follows the end of the JSON document");
        cJSON_Delete(json);
        return NULL;
    }
    if (has_duplicate_keys(json)) {
        tg_diag_error(diags, (struct tg_place){.path = path},
                      "a JSON object has the same key twice");
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

/* With the fewest digits that give the same number back; cJSON is content with nearly the same. */
static void print_number(struct tg_text *out, double value)
{
    char digits[40];
    if (!isfinite(value)) {
        tg_text_add(out, "null");
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    if (value == floor(value) && fabs(value) < EXACT_INTEGER_LIMIT)
        snprintf(digits, sizeof digits, "%.0f", value);
    tg_text_add(out, digits);
}

static void print_leaf(struct tg_text *out, const cJSON *json)
{
    if (cJSON_IsNumber(json)) {
        print_number(out, json->valuedouble);
        return;
    }
    char *plain = cJSON_PrintUnformatted(json);
    if (!plain)
        abort();
    tg_text_add(out, plain);
    cJSON_free(plain);
}

/* Elements of an array have no key. */
static void print_key(struct tg_text *out, const cJSON *parent, const cJSON *child)
{
    if (!cJSON_IsObject(parent))
        return;
    cJSON key = {.type = cJSON_String | cJSON_IsReference, .valuestring = child->string};
    print_leaf(out, &key);
    tg_text_add(out, ": ");
}

/* On one line, as the row of a table: what holds nothing nested and is short. False: it is not
 * such, and nothing was printed. */
static bool print_row(struct tg_text *out, const cJSON *json)
{
    size_t start = out->length;
    tg_text_add(out, cJSON_IsObject(json) ? "{" : "[");
    for (const cJSON *child = json->child; child; child = child->next) {
        if (!child->child) {
            print_key(out, json, child);
            print_leaf(out, child);
            tg_text_add(out, child->next ? ", " : "");
        }
        if (child->child || out->length - start >= ROW_COLUMNS) {
            out->length = start;
            return false;
        }
    }
    tg_text_add(out, cJSON_IsObject(json) ? "}" : "]");
    return true;
}

/* cJSON_Print indents with tabs and puts arrays of numbers on one line, however long, which reads
 * badly in a diff. */
static void print_json(struct tg_text *out, const cJSON *json, int depth)
{
    if (!json->child) {
        print_leaf(out, json);
        return;
    }
    bool object = cJSON_IsObject(json);
    tg_text_add(out, object ? "{\n" : "[\n");
    for (const cJSON *child = json->child; child; child = child->next) {
        tg_text_pad(out, ' ', (size_t)(depth + 1) * 2);
        print_key(out, json, child);
        if (object || !child->child || !print_row(out, child))
            print_json(out, child, depth + 1);
        tg_text_add(out, child->next ? ",\n" : "\n");
    }
    tg_text_pad(out, ' ', (size_t)depth * 2);
    tg_text_add(out, object ? "}" : "]");
}

char *tg_json_print(const cJSON *json)
{
    struct tg_text out = {0};
    print_json(&out, json, 0);
    tg_text_add(&out, "\n");
    return out.data;
}

static cJSON *must(cJSON *json)
{
    if (!json)
        abort();
    return json;
}

cJSON *tg_json_object(void)
{
    return must(cJSON_CreateObject());
}

cJSON *tg_json_array(void)
{
    return must(cJSON_CreateArray());
}

cJSON *tg_json_add(cJSON *object, const char *key, cJSON *item)
{
    if (!cJSON_AddItemToObject(object, key, must(item)))
        abort();
    return item;
}

cJSON *tg_json_push(cJSON *array, cJSON *item)
{
    if (!cJSON_AddItemToArray(array, must(item)))
        abort();
    return item;
}

void tg_json_add_string(cJSON *object, const char *key, const char *value)
{
    tg_json_add(object, key, value ? cJSON_CreateString(value) : cJSON_CreateNull());
}

void tg_json_add_double(cJSON *object, const char *key, double value)
{
    tg_json_add(object, key, isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

void tg_json_add_int64(cJSON *object, const char *key, int64_t value)
{
    if (fabs((double)value) < EXACT_INTEGER_LIMIT) {
        tg_json_add(object, key, cJSON_CreateNumber((double)value));
        return;
    }
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, value);
    tg_json_add_string(object, key, digits);
}

void tg_json_add_bool(cJSON *object, const char *key, bool value)
{
    tg_json_add(object, key, cJSON_CreateBool(value));
}

const cJSON *tg_json_get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

bool tg_json_get_string(const cJSON *object, const char *key, const char **out)
{
    const cJSON *item = tg_json_get(object, key);
    if (!cJSON_IsString(item))
        return false;
    *out = item->valuestring;
    return true;
}

bool tg_json_get_double(const cJSON *object, const char *key, double *out)
{
    const cJSON *item = tg_json_get(object, key);
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
        return false;
    *out = item->valuedouble;
    return true;
}

bool tg_json_get_int64(const cJSON *object, const char *key, int64_t *out)
{
    const cJSON *item = tg_json_get(object, key);
    if (cJSON_IsNumber(item)) {
        double value = item->valuedouble;
        if (!(fabs(value) < EXACT_INTEGER_LIMIT) || value != floor(value))
            return false;
        *out = (int64_t)value;
        return true;
    }
    if (!cJSON_IsString(item))
        return false;
    const char *digits = item->valuestring + (item->valuestring[0] == '-');
    if (*digits < '0' || *digits > '9') /* strtoll would let blanks and a plus pass */
        return false;
    char *end;
    errno = 0;
    long long value = strtoll(item->valuestring, &end, 10);
    if (*end != '\0' || errno == ERANGE)
        return false;
    *out = value;
    return true;
}

bool tg_json_get_bool(const cJSON *object, const char *key, bool *out)
{
    const cJSON *item = tg_json_get(object, key);
    if (!cJSON_IsBool(item))
        return false;
    *out = cJSON_IsTrue(item);
    return true;
}
