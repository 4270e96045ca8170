#include "runner/scenario/toml.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* More dots in one key than any scenario has, and few enough for the parser's recursion. */
enum { KEY_DEPTH_LIMIT = 16 };

struct tg_toml_node *tg_toml_append(struct tg_arena *arena, struct tg_toml_node *parent,
                                    enum tg_toml_type type, const char *key, struct tg_place place)
{
    struct tg_toml_node *node = tg_arena_alloc(arena, sizeof *node);
    node->type = type;
    node->key = key;
    node->name = key ? key : "";
    node->place = place;
    node->key_place = place;
    if (!parent)
        return node;
    if (!key)
        node->name = tg_arena_format(arena, "%s[%zu]", parent->name, parent->count);
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    parent->count++;
    return node;
}

struct tg_toml_node *tg_toml_get(const struct tg_toml_node *table, const char *key)
{
    if (table->type != TG_TOML_TABLE)
        return NULL;
    for (struct tg_toml_node *child = table->first; child; child = child->next) {
        if (strcmp(child->key, key) == 0)
            return child;
    }
    return NULL;
}

struct tg_toml_node *tg_toml_at(const struct tg_toml_node *parent, size_t n)
{
    if (parent->type != TG_TOML_TABLE && parent->type != TG_TOML_ARRAY)
        return NULL;
    struct tg_toml_node *child = parent->first;
    while (child && n-- > 0)
        child = child->next;
    return child;
}

const char *tg_toml_type_name(enum tg_toml_type type)
{
    switch (type) {
    case TG_TOML_TABLE:
        return "a table";
    case TG_TOML_ARRAY:
        return "an array";
    case TG_TOML_STRING:
        return "a string";
    case TG_TOML_INTEGER:
        return "an integer";
    case TG_TOML_FLOAT:
        return "a decimal number";
    case TG_TOML_BOOLEAN:
        return "a boolean";
    case TG_TOML_TIME:
        return "a date or time";
    }
    return "something else";
}

/* ---- checks before the parser ---- */

/* Bytes of the UTF-8 sequence at `at` of which `left` bytes are there, 0 when it is malformed
 * (overlong, surrogate, beyond U+10FFFF, cut off). */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead > 0xF4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    bool overlong = (lead == 0xE0 && at[1] < 0xA0) || (lead == 0xF0 && at[1] < 0x90);
    bool beyond = (lead == 0xED && at[1] > 0x9F) || (lead == 0xF4 && at[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

/* Line and column, in characters, of the byte at `offset`. */
static struct tg_place place_in(const char *text, size_t offset, const char *path)
{
    struct tg_place at = {.path = path, .line = 1, .column = 1};
    for (size_t i = 0; i < offset; i++) {
        at.column += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (text[i] == '\n') {
            at.line++;
            at.column = 1;
        }
    }
    return at;
}

static bool bytes_are_text(const char *text, size_t length, const char *path,
                           struct tg_diags *diags)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t step;
    for (size_t i = 0; i < length; i += step) {
        step = utf8_length(bytes + i, length - i);
        if (step > 0 && bytes[i] != 0)
            continue;
        struct tg_diag *diag = tg_diag_error(
            diags, place_in(text, i, path), "the byte 0x%02X cannot stand in a scenario", bytes[i]);
        tg_diag_hint(diag, "a scenario is a text file in the encoding UTF-8");
        return false;
    }
    return true;
}

/* The position after the string that starts at `i`, or after as much of it as there is. */
static size_t skip_string(const char *text, size_t length, size_t i)
{
    const char quote = text[i];
    size_t quotes = 1;
    if (length - i >= 3 && text[i + 1] == quote && text[i + 2] == quote)
        quotes = 3;
    for (i += quotes; i < length; i++) {
        if (text[i] == '\\' && quote == '"') {
            i++;
        } else if (text[i] == '\n' && quotes == 1) {
            return i; /* malformed: the parser will say so */
        } else if (text[i] == quote) {
            size_t run = 1;
            while (run < quotes && i + run < length && text[i + run] == quote)
                run++;
            if (run == quotes) {
                /* One or two quotes may end the text itself, just before the closing three. */
                while (quotes == 3 && run < 5 && i + run < length && text[i + run] == quote)
                    run++;
                return i + run;
            }
            i += run - 1;
        }
    }
    return length;
}

/* A key such as a.a.a.a... nests one table per dot, and the parser walks and frees tables by
 * recursion: a long one would take the stack. */
static bool keys_are_shallow(const char *text, size_t length, const char *path,
                             struct tg_diags *diags)
{
    size_t dots = 0;
    for (size_t i = 0; i < length;) {
        char c = text[i];
        if (c == '"' || c == '\'') {
            i = skip_string(text, length, i);
            continue;
        }
        if (c == '#') {
            while (i < length && text[i] != '\n')
                i++;
            continue;
        }
        if (c == '\n' || c == '=' || c == ',' || c == '{' || c == '[')
            dots = 0;
        if (c == '.' && ++dots >= KEY_DEPTH_LIMIT) {
            struct tg_diag *diag = tg_diag_error(diags, place_in(text, i, path),
                                                 "a key of more than %d parts", KEY_DEPTH_LIMIT);
            tg_diag_hint(diag, "nothing in a scenario is nested that deeply");
            return false;
        }
        i++;
    }
    return true;
}

struct tg_toml_node *tg_toml_parse(struct tg_arena *arena, const char *path, const char *text,
                                   size_t length, struct tg_diags *diags)
{
    path = tg_arena_strdup(arena, path);
    if (!bytes_are_text(text, length, path, diags) || !keys_are_shallow(text, length, path, diags))
        return NULL;
    return tg_toml_bridge_parse(arena, path, text, length, diags);
}

/* ---- canonical text ---- */

static void add_quoted(const char *string, struct tg_text *text)
{
    tg_text_addf(text, "%zu:%s", strlen(string), string); /* the length makes quoting needless */
}

static int by_key(const void *a, const void *b)
{
    const struct tg_toml_node *const *x = a;
    const struct tg_toml_node *const *y = b;
    return strcmp((*x)->key, (*y)->key);
}

static void add_table(const struct tg_toml_node *table, bool ordered, struct tg_text *text);

static void add_node(const struct tg_toml_node *node, bool ordered, struct tg_text *text)
{
    switch (node->type) {
    case TG_TOML_TABLE:
        add_table(node, ordered, text);
        break;
    case TG_TOML_ARRAY:
        tg_text_add(text, "[");
        for (const struct tg_toml_node *child = node->first; child; child = child->next) {
            add_node(child, false, text);
            tg_text_add(text, ",");
        }
        tg_text_add(text, "]");
        break;
    case TG_TOML_STRING:
        tg_text_add(text, "s");
        add_quoted(node->string, text);
        break;
    case TG_TOML_TIME:
        tg_text_add(text, "t");
        add_quoted(node->string, text);
        break;
    case TG_TOML_INTEGER:
        tg_text_addf(text, "i%" PRId64, node->integer);
        break;
    case TG_TOML_FLOAT:
        tg_text_addf(text, "f%.17g", node->real);
        break;
    case TG_TOML_BOOLEAN:
        tg_text_add(text, node->boolean ? "true" : "false");
        break;
    }
}

bool tg_toml_keeps_order(const struct tg_toml_node *node, const struct tg_toml_node *parent)
{
    static const char *const keys[] = {"of", "fields", "load"};
    for (size_t i = 0; node->key && i < sizeof keys / sizeof *keys; i++)
        if (strcmp(node->key, keys[i]) == 0)
            return true;
    return parent && parent->type == TG_TOML_TABLE && parent->key &&
           strcmp(parent->key, "mix") == 0;
}

static void add_table(const struct tg_toml_node *table, bool ordered, struct tg_text *text)
{
    const struct tg_toml_node **children = tg_calloc(table->count, sizeof *children);
    size_t count = 0;
    for (const struct tg_toml_node *child = table->first; child; child = child->next)
        children[count++] = child;
    if (!ordered && count > 1)
        qsort(children, count, sizeof *children, by_key);
    tg_text_add(text, "{");
    for (size_t i = 0; i < count; i++) {
        add_quoted(children[i]->key, text);
        tg_text_add(text, "=");
        add_node(children[i], tg_toml_keeps_order(children[i], table), text);
        tg_text_add(text, ";");
    }
    tg_text_add(text, "}");
    free(children);
}

void tg_toml_canonical(const struct tg_toml_node *node, struct tg_text *text)
{
    add_node(node, tg_toml_keeps_order(node, NULL), text);
}
