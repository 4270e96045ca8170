#include "runner/scenario/diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "runner/scenario/toml.h"

struct entry {
    enum tg_change_kind kind;
    const char *key;
    const char *value;    /* for people */
    const char *identity; /* what is compared */
    bool order;           /* the keys of a table, in their order */
};

/* A scenario as a list of entries. */
struct flat {
    struct tg_arena *arena;
    struct entry *items;
    size_t count, capacity;
};

/* Where the walk is: the names on the way from the root. */
enum { TOLD_STEPS = 3 };
struct path {
    const char *key;
    const char *steps[TOLD_STEPS]; /* the first ones, which decide the kind; "" beyond the last */
    size_t depth;
};

/* ---- what a change means ---- */

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(name, names) is_one_of(name, names, sizeof(names) / sizeof *(names))

static enum tg_change_kind kind_of(const struct path *path)
{
    static const char *const free_sections[] = {"description", "inject", "query"};
    static const char *const free_op_keys[] = {"sql", "begin", "plan", "expect_rows"};
    const char *top = path->steps[0];
    bool variant = IS_ONE_OF(top, free_sections);
    if (strcmp(top, "engine") == 0)
        variant = strcmp(path->steps[1], "kind") != 0;
    else if (strcmp(top, "op") == 0)
        variant = IS_ONE_OF(path->steps[2], free_op_keys);
    return variant ? TG_CHANGE_VARIANT : TG_CHANGE_MATTERS;
}

/* ---- keys and values as text ---- */

/* "phase" and "steady" give "phase.steady"; what the language of --set could misread is quoted. */
static struct path below(struct flat *flat, const struct path *path, const char *name)
{
    bool plain = *name && !name[strcspn(name, ".[\"")];
    const char *quote = plain ? "" : "\"";
    struct path child = *path;
    child.key = tg_arena_format(flat->arena, "%s%s%s%s%s", path->key, path->depth > 0 ? "." : "",
                                quote, name, quote);
    if (child.depth < TOLD_STEPS)
        child.steps[child.depth] = name;
    child.depth++;
    return child;
}

static struct path element(struct flat *flat, const struct path *path, size_t number)
{
    struct path child = *path;
    child.key = tg_arena_format(flat->arena, "%s[%zu]", path->key, number);
    return child;
}

static void quote_into(const char *string, struct tg_text *text)
{
    tg_text_add(text, "\"");
    for (const char *at = string; *at; at++) {
        unsigned char byte = (unsigned char)*at;
        if (byte == '\n')
            tg_text_add(text, "\\n");
        else if (byte == '\t')
            tg_text_add(text, "\\t");
        else if (byte < 0x20 || byte == 0x7F)
            tg_text_addf(text, "\\u%04X", byte);
        else
            tg_text_addf(text, "%s%c", byte == '"' || byte == '\\' ? "\\" : "", byte);
    }
    tg_text_add(text, "\"");
}

static const char *quoted(struct flat *flat, const char *string)
{
    struct tg_text text = {0};
    quote_into(string, &text);
    const char *copy = tg_arena_strdup(flat->arena, text.data);
    tg_text_free(&text);
    return copy;
}

/* The fewest digits that give the same number back, and a sign that it is no integer. */
static const char *real_text(struct flat *flat, double real)
{
    char digits[40] = "";
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, real);
        if (strtod(digits, NULL) == real)
            break;
    }
    bool whole = isfinite(real) && !digits[strcspn(digits, ".e")];
    return tg_arena_format(flat->arena, "%s%s", digits, whole ? ".0" : "");
}

static const char *value_text(struct flat *flat, const struct tg_toml_node *node)
{
    switch (node->type) {
    case TG_TOML_TABLE:
        return "{}";
    case TG_TOML_ARRAY:
        return "[]";
    case TG_TOML_STRING:
        return quoted(flat, node->string);
    case TG_TOML_INTEGER:
        return tg_arena_format(flat->arena, "%" PRId64, node->integer);
    case TG_TOML_FLOAT:
        return real_text(flat, node->real);
    case TG_TOML_BOOLEAN:
        return node->boolean ? "true" : "false";
    case TG_TOML_TIME:
        return node->string;
    }
    return "";
}

/* ---- the list ---- */

static void add(struct flat *flat, const struct path *path, const char *value, const char *identity,
                bool order)
{
    if (flat->count == flat->capacity) {
        flat->capacity = 2 * flat->capacity + 64;
        flat->items = tg_realloc(flat->items, flat->capacity * sizeof *flat->items);
    }
    flat->items[flat->count++] = (struct entry){.kind = kind_of(path),
                                                .key = path->key,
                                                .value = value,
                                                .identity = identity,
                                                .order = order};
}

/* The name of an element of an array of tables, by which --set finds it; NULL: it has none. */
static const char *element_name(const struct tg_toml_node *node)
{
    const struct tg_toml_node *name = tg_toml_get(node, "name");
    return name && name->type == TG_TOML_STRING ? name->string : NULL;
}

static void add_order(struct flat *flat, const struct path *path, const struct tg_toml_node *parent)
{
    struct tg_text text = {0};
    for (const struct tg_toml_node *child = parent->first; child; child = child->next)
        tg_text_addf(&text, "%s%s", child == parent->first ? "" : ", ",
                     child->key ? child->key : element_name(child));
    const char *names = tg_arena_strdup(flat->arena, tg_text_string(&text));
    tg_text_free(&text);
    add(flat, path, names, names, true);
}

static bool elements_have_names(const struct tg_toml_node *array)
{
    for (const struct tg_toml_node *child = array->first; child; child = child->next)
        if (!element_name(child))
            return false;
    return true;
}

static void walk(struct flat *flat, const struct tg_toml_node *node, bool ordered,
                 const char *left_out, const struct path *path);

static void walk_table(struct flat *flat, const struct tg_toml_node *table, bool ordered,
                       const char *left_out, const struct path *path)
{
    if (ordered)
        add_order(flat, path, table);
    for (const struct tg_toml_node *child = table->first; child; child = child->next) {
        if (left_out && strcmp(child->key, left_out) == 0)
            continue;
        struct path at = below(flat, path, child->key);
        /* Of the schema it is the content that counts: add_schema(). */
        bool engine = path->depth == 0 && strcmp(child->key, "engine") == 0;
        walk(flat, child, tg_toml_keeps_order(child, table), engine ? "schema" : NULL, &at);
    }
}

static void walk_array(struct flat *flat, const struct tg_toml_node *array, const struct path *path)
{
    bool named = elements_have_names(array);
    if (named)
        add_order(flat, path, array);
    size_t number = 0;
    for (const struct tg_toml_node *child = array->first; child; child = child->next) {
        struct path at =
            named ? below(flat, path, element_name(child)) : element(flat, path, number++);
        walk(flat, child, false, named ? "name" : NULL, &at);
    }
}

static void walk(struct flat *flat, const struct tg_toml_node *node, bool ordered,
                 const char *left_out, const struct path *path)
{
    if (node->type == TG_TOML_TABLE && node->first) {
        walk_table(flat, node, ordered, left_out, path);
    } else if (node->type == TG_TOML_ARRAY && node->first) {
        walk_array(flat, node, path);
    } else {
        const char *value = value_text(flat, node);
        add(flat, path, value, value, false);
    }
}

static void add_schema(struct flat *flat, const struct tg_scenario *scenario)
{
    for (size_t i = 0; i < scenario->store.schema_count; i++) {
        const struct tg_script *script = &scenario->store.schema[i];
        const char *slash = strrchr(script->path, '/');
        char digest[TG_HASH_TEXT];
        struct tg_hash hash;
        tg_hash_init(&hash);
        tg_hash_bytes(&hash, script->text, strlen(script->text));
        tg_hash_end(&hash, digest);
        const struct path at = {.key = tg_arena_format(flat->arena, "engine.schema[%zu]", i),
                                .steps = {"engine", "schema", ""},
                                .depth = 2};
        add(flat, &at,
            tg_arena_format(flat->arena, "%s (SHA-256 %s)",
                            quoted(flat, slash ? slash + 1 : script->path), digest),
            tg_arena_strdup(flat->arena, digest), false);
    }
}

static int by_key(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : (int)a->order - (int)b->order;
}

static struct flat flatten(const struct tg_scenario *scenario, struct tg_arena *arena)
{
    struct flat flat = {.arena = arena};
    const struct path root = {.key = "", .steps = {"", "", ""}};
    walk(&flat, scenario->root, false, NULL, &root);
    add_schema(&flat, scenario);
    qsort(flat.items, flat.count, sizeof *flat.items, by_key);
    return flat;
}

/* ---- the difference ---- */

/* A key that came or went changes the list of its table's keys as well: saying so once is enough.
 */
static bool follows_from_others(const struct tg_scenario_change *order,
                                const struct tg_scenario_change *changes, size_t count)
{
    size_t length = strlen(order->key);
    for (size_t i = 0; i < count; i++) {
        const struct tg_scenario_change *other = &changes[i];
        if ((!other->before || !other->after) && strncmp(other->key, order->key, length) == 0 &&
            other->key[length] == '.')
            return true;
    }
    return false;
}

/* Leaves out the orders of keys that say nothing new. */
static size_t thin_out(struct tg_scenario_change *changes, const bool *orders, size_t count)
{
    bool *kept = tg_calloc(count, sizeof *kept);
    for (size_t i = 0; i < count; i++)
        kept[i] = !orders[i] || !follows_from_others(&changes[i], changes, count);
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (kept[i])
            changes[left++] = changes[i];
    free(kept);
    return left;
}

void tg_scenario_diff(const struct tg_scenario *before, const struct tg_scenario *after,
                      struct tg_arena *arena, struct tg_scenario_change **changes, size_t *count)
{
    struct flat old = flatten(before, arena);
    struct flat new = flatten(after, arena);
    struct tg_scenario_change *found = tg_arena_array(arena, old.count + new.count, sizeof *found);
    bool *orders = tg_calloc(old.count + new.count, sizeof *orders);
    size_t found_count = 0;
    for (size_t i = 0, j = 0; i < old.count || j < new.count;) {
        int side = i == old.count ? 1 : j == new.count ? -1 : by_key(&old.items[i], &new.items[j]);
        const struct entry *left = side <= 0 ? &old.items[i++] : NULL;
        const struct entry *right = side >= 0 ? &new.items[j++] : NULL;
        if (left && right && strcmp(left->identity, right->identity) == 0)
            continue;
        const struct entry *either = left ? left : right;
        orders[found_count] = either->order;
        found[found_count++] = (struct tg_scenario_change){.kind = either->kind,
                                                           .key = either->key,
                                                           .before = left ? left->value : NULL,
                                                           .after = right ? right->value : NULL};
    }
    *changes = found;
    *count = thin_out(found, orders, found_count);
    free(orders);
    free(old.items);
    free(new.items);
}
