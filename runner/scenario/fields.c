#include "runner/scenario/fields.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"

/* ---- tables ---- */

void tg_fields_open(struct tg_fields *fields, struct tg_reader *reader,
                    const struct tg_toml_node *table)
{
    *fields = (struct tg_fields){.reader = reader, .table = table};
}

const struct tg_toml_node *tg_field(struct tg_fields *fields, const char *key)
{
    assert(fields->asked_count < TG_FIELDS_LIMIT);
    fields->asked[fields->asked_count++] = key;
    struct tg_toml_node *node = tg_toml_get(fields->table, key);
    if (node)
        node->seen = true;
    return node;
}

const struct tg_toml_node *tg_field_required(struct tg_fields *fields, const char *key,
                                             const char *example)
{
    const struct tg_toml_node *node = tg_field(fields, key);
    if (!node) {
        struct tg_diag *diag =
            tg_node_error(fields->reader, fields->table, "missing key \"%s\"", key);
        tg_diag_hint(diag, "add %s = %s", key, example);
    }
    return node;
}

void tg_fields_close(struct tg_fields *fields)
{
    for (const struct tg_toml_node *node = fields->table->first; node; node = node->next) {
        if (node->seen)
            continue;
        struct tg_diag *diag = tg_key_error(fields->reader, node, "unknown key \"%s\"", node->key);
        tg_hint_names(diag, node->key, fields->asked, fields->asked_count, "known keys");
    }
}

/* ---- errors ---- */

static struct tg_diag *error_at(struct tg_reader *reader, struct tg_place at, const char *fmt,
                                va_list args) TG_PRINTF(3, 0);

static struct tg_diag *error_at(struct tg_reader *reader, struct tg_place at, const char *fmt,
                                va_list args)
{
    char *message = tg_vformat(fmt, args);
    struct tg_diag *diag = tg_diag_error(reader->diags, at, "%s", message);
    free(message);
    return diag;
}

struct tg_diag *tg_node_error(struct tg_reader *reader, const struct tg_toml_node *node,
                              const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct tg_diag *diag = error_at(reader, node->place, fmt, args);
    va_end(args);
    return diag;
}

struct tg_diag *tg_key_error(struct tg_reader *reader, const struct tg_toml_node *node,
                             const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    struct tg_diag *diag = error_at(reader, node->key_place, fmt, args);
    va_end(args);
    return diag;
}

void tg_hint_names(struct tg_diag *diag, const char *wanted, const char *const *names, size_t count,
                   const char *label)
{
    enum { LISTED = 24 };
    const char *nearest = tg_nearest_name(wanted, names, count);
    if (nearest) {
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
        return;
    }
    if (count == 0)
        return;
    struct tg_text list = {0};
    for (size_t i = 0; i < count && i < LISTED; i++)
        tg_text_addf(&list, "%s%s", i ? ", " : "", names[i]);
    if (count > LISTED)
        tg_text_add(&list, ", ...");
    tg_diag_hint(diag, "%s: %s", label, tg_text_string(&list));
    tg_text_free(&list);
}

static bool wrong_type(struct tg_reader *reader, const struct tg_toml_node *node,
                       const char *wanted)
{
    tg_node_error(reader, node, "\"%s\" must be %s, not %s", node->name, wanted,
                  tg_toml_type_name(node->type));
    return false;
}

/* ---- values ---- */

bool tg_read_type(struct tg_reader *reader, const struct tg_toml_node *node, enum tg_toml_type type)
{
    if (!node)
        return false;
    return node->type == type || wrong_type(reader, node, tg_toml_type_name(type));
}

bool tg_read_string(struct tg_reader *reader, const struct tg_toml_node *node, const char **out)
{
    if (!tg_read_type(reader, node, TG_TOML_STRING))
        return false;
    *out = node->string;
    return true;
}

bool tg_read_bool(struct tg_reader *reader, const struct tg_toml_node *node, bool *out)
{
    if (!node)
        return false;
    if (node->type != TG_TOML_BOOLEAN)
        return wrong_type(reader, node, "true or false");
    *out = node->boolean;
    return true;
}

static bool int_in_range(struct tg_reader *reader, const struct tg_toml_node *node, int64_t value,
                         int64_t min, int64_t max)
{
    if (value >= min && value <= max)
        return true;
    if (max == INT64_MAX)
        tg_node_error(reader, node, "\"%s\" must be at least %" PRId64 ", not %" PRId64, node->name,
                      min, value);
    else
        tg_node_error(reader, node, "\"%s\" must be from %" PRId64 " to %" PRId64 ", not %" PRId64,
                      node->name, min, max, value);
    return false;
}

bool tg_read_int(struct tg_reader *reader, const struct tg_toml_node *node, int64_t min,
                 int64_t max, int64_t *out)
{
    if (!tg_read_type(reader, node, TG_TOML_INTEGER) ||
        !int_in_range(reader, node, node->integer, min, max))
        return false;
    *out = node->integer;
    return true;
}

void tg_read_format(struct tg_reader *reader, const struct tg_toml_node *node)
{
    if (!tg_read_type(reader, node, TG_TOML_INTEGER) || node->integer == 1)
        return;
    tg_diag_hint(
        tg_node_error(reader, node, "\"format\" must be 1, not %lld", (long long)node->integer),
        "this version of Tailgate reads format 1");
}

static bool number_of(struct tg_reader *reader, const struct tg_toml_node *node, double *out)
{
    if (!node)
        return false;
    if (node->type != TG_TOML_INTEGER && node->type != TG_TOML_FLOAT)
        return wrong_type(reader, node, "a number");
    double number = node->type == TG_TOML_INTEGER ? (double)node->integer : node->real;
    if (!isfinite(number)) {
        tg_node_error(reader, node, "\"%s\" must be a finite number", node->name);
        return false;
    }
    *out = number;
    return true;
}

bool tg_read_number(struct tg_reader *reader, const struct tg_toml_node *node, double min,
                    double max, double *out)
{
    double number;
    if (!number_of(reader, node, &number))
        return false;
    if (number < min || number > max) {
        tg_node_error(reader, node, "\"%s\" must be from %g to %g, not %g", node->name, min, max,
                      number);
        return false;
    }
    *out = number;
    return true;
}

bool tg_read_number_above(struct tg_reader *reader, const struct tg_toml_node *node, double above,
                          double max, double *out)
{
    double number;
    if (!number_of(reader, node, &number))
        return false;
    if (number <= above || number > max) {
        tg_node_error(reader, node, "\"%s\" must be above %g and at most %g, not %g", node->name,
                      above, max, number);
        return false;
    }
    *out = number;
    return true;
}

bool tg_read_fraction(struct tg_reader *reader, const struct tg_toml_node *node, double *out)
{
    if (!node)
        return false;
    double fraction;
    if (node->type == TG_TOML_STRING) {
        if (!tg_parse_fraction(node->string, &fraction)) {
            struct tg_diag *diag = tg_node_error(reader, node, "\"%s\" is no fraction: \"%s\"",
                                                 node->name, node->string);
            tg_diag_hint(diag, "write \"5%%\" or 0.05");
            return false;
        }
    } else if (node->type == TG_TOML_INTEGER || node->type == TG_TOML_FLOAT) {
        if (!number_of(reader, node, &fraction))
            return false;
    } else {
        return wrong_type(reader, node, "a fraction such as \"5%\" or 0.05");
    }
    if (fraction < 0 || fraction > 1) {
        tg_node_error(reader, node, "\"%s\" must be from 0%% to 100%%, not %g%%", node->name,
                      100 * fraction);
        return false;
    }
    *out = fraction;
    return true;
}

bool tg_read_duration(struct tg_reader *reader, const struct tg_toml_node *node, int64_t min_ns,
                      int64_t *out_ns)
{
    if (!node)
        return false;
    int64_t duration_ns;
    if (node->type != TG_TOML_STRING)
        return wrong_type(reader, node, "a duration such as \"50ms\"");
    if (!tg_parse_duration_ns(node->string, &duration_ns)) {
        struct tg_diag *diag =
            tg_node_error(reader, node, "\"%s\" is no duration: \"%s\"", node->name, node->string);
        tg_diag_hint(diag, "write a number and a unit: ns, us, ms, s, min or h, as in \"50ms\"");
        return false;
    }
    if (duration_ns < min_ns) {
        char least[TG_UNIT_TEXT];
        tg_node_error(reader, node, "\"%s\" must be at least %s, not \"%s\"", node->name,
                      tg_format_duration(min_ns, least), node->string);
        return false;
    }
    *out_ns = duration_ns;
    return true;
}

bool tg_read_rate(struct tg_reader *reader, const struct tg_toml_node *node, double *out_per_s)
{
    static const double highest_per_s = 1e9; /* one per nanosecond */
    if (!node)
        return false;
    double rate_per_s;
    if (node->type == TG_TOML_STRING) {
        if (!tg_parse_rate_per_s(node->string, &rate_per_s)) {
            struct tg_diag *diag =
                tg_node_error(reader, node, "\"%s\" is no rate: \"%s\"", node->name, node->string);
            tg_diag_hint(diag, "write 1000, \"1000/s\" or \"30/min\"");
            return false;
        }
    } else if (node->type != TG_TOML_INTEGER && node->type != TG_TOML_FLOAT) {
        return wrong_type(reader, node, "a rate such as 1000 or \"1000/s\"");
    } else if (!number_of(reader, node, &rate_per_s)) {
        return false;
    }
    if (!(rate_per_s > 0) || rate_per_s > highest_per_s) {
        tg_node_error(reader, node, "\"%s\" must be above 0 and at most %g per second, not %g",
                      node->name, highest_per_s, rate_per_s);
        return false;
    }
    *out_per_s = rate_per_s;
    return true;
}

bool tg_read_bytes(struct tg_reader *reader, const struct tg_toml_node *node, int64_t min,
                   int64_t max, int64_t *out)
{
    if (!node)
        return false;
    int64_t bytes;
    if (node->type == TG_TOML_INTEGER) {
        bytes = node->integer;
    } else if (node->type != TG_TOML_STRING) {
        return wrong_type(reader, node, "a number of bytes such as 200 or \"4KiB\"");
    } else if (!tg_parse_bytes(node->string, &bytes)) {
        struct tg_diag *diag = tg_node_error(reader, node, "\"%s\" is no number of bytes: \"%s\"",
                                             node->name, node->string);
        tg_diag_hint(diag, "write 200 or \"4KiB\"");
        return false;
    }
    if (!int_in_range(reader, node, bytes, min, max))
        return false;
    *out = bytes;
    return true;
}

bool tg_read_word(struct tg_reader *reader, const struct tg_toml_node *node,
                  const char *const *words, size_t count, size_t *out)
{
    const char *word;
    if (!tg_read_string(reader, node, &word))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, words[i]) == 0) {
            *out = i;
            return true;
        }
    }
    struct tg_diag *diag =
        tg_node_error(reader, node, "\"%s\" is not a value of \"%s\"", word, node->name);
    tg_hint_names(diag, word, words, count, "known values");
    return false;
}

const struct tg_toml_node **tg_read_strings(struct tg_reader *reader,
                                            const struct tg_toml_node *node, size_t *count)
{
    *count = 0;
    if (!node)
        return NULL;
    struct tg_arena *arena = &reader->scenario->arena;
    if (node->type == TG_TOML_STRING) {
        const struct tg_toml_node **one = tg_arena_array(arena, 1, sizeof *one);
        one[0] = node;
        *count = 1;
        return one;
    }
    if (node->type != TG_TOML_ARRAY) {
        wrong_type(reader, node, "a string or an array of strings");
        return NULL;
    }
    if (node->count == 0) {
        tg_node_error(reader, node, "\"%s\" is empty", node->name);
        return NULL;
    }
    const struct tg_toml_node **all = tg_arena_array(arena, node->count, sizeof *all);
    size_t good = 0;
    for (const struct tg_toml_node *child = node->first; child; child = child->next) {
        if (tg_read_type(reader, child, TG_TOML_STRING))
            all[good++] = child;
    }
    *count = good == node->count ? good : 0;
    return all;
}

bool tg_is_identifier(const char *text)
{
    if (!isalpha((unsigned char)*text) && *text != '_')
        return false;
    while (isalnum((unsigned char)*text) || *text == '_')
        text++;
    return *text == '\0';
}
