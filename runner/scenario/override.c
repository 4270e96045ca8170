#include "runner/scenario/override.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum { STEPS_LIMIT = 16 };

/* One step of a dotted path: a key, or the number of an element when `key` is NULL. */
struct step {
    const char *key;
    size_t index;
};

struct override_run {
    struct tg_arena *arena;
    struct tg_diags *diags;
    struct tg_place at;
};

/* ---- the path ---- */

/* Reads NAME or "NAME" at *at. */
static bool parse_key(struct tg_arena *arena, const char **at, struct step *step)
{
    const char *start = *at;
    size_t length;
    if (*start == '"') {
        start++;
        length = strcspn(start, "\"");
        if (start[length] != '"')
            return false;
        *at = start + length + 1;
    } else {
        length = strcspn(start, ".[");
        *at = start + length;
    }
    step->key = tg_arena_memdup(arena, start, length);
    return length > 0;
}

/* Reads [N] at *at. */
static bool parse_index(const char **at, struct step *step)
{
    size_t digits = strspn(*at + 1, "0123456789");
    if (digits == 0 || digits > 9 || (*at)[1 + digits] != ']')
        return false;
    step->key = NULL;
    step->index = strtoul(*at + 1, NULL, 10);
    *at += digits + 2;
    return true;
}

/* The number of steps of `path`, 0 when it is malformed. */
static size_t parse_path(struct tg_arena *arena, const char *path, struct step steps[STEPS_LIMIT])
{
    size_t count = 0;
    const char *at = path;
    bool key_next = true;
    while (*at || key_next) {
        if (count == STEPS_LIMIT)
            return 0;
        if (key_next ? !parse_key(arena, &at, &steps[count]) : !parse_index(&at, &steps[count]))
            return 0;
        count++;
        key_next = *at == '.';
        if (key_next)
            at++;
        else if (*at && *at != '[')
            return 0;
    }
    return count;
}

/* ---- the value ---- */

/* The value in the document "value = BEFORE VALUE AFTER", NULL when it is not that alone. */
static struct tg_toml_node *parse_value(struct tg_arena *arena, const char *before,
                                        const char *value, const char *after)
{
    char *document = tg_format("value = %s%s%s\n", before, value, after);
    struct tg_diags ignored = {0};
    struct tg_toml_node *root = tg_toml_parse(arena, "--set", document, strlen(document), &ignored);
    tg_diags_free(&ignored);
    free(document);
    return root && root->count == 1 && strcmp(root->first->key, "value") == 0 ? root->first : NULL;
}

/* Everything below `node` belongs to the command line, and is called after the key it is set as. */
static void adopt(struct tg_arena *arena, struct tg_toml_node *node, const char *name,
                  struct tg_place at)
{
    node->name = name;
    node->place = at;
    node->key_place = at;
    size_t number = 0;
    for (struct tg_toml_node *child = node->first; child; child = child->next, number++)
        adopt(arena, child,
              child->key ? child->key : tg_arena_format(arena, "%s[%zu]", name, number), at);
}

/* Makes `node` the value, in its place among its siblings. */
static void replace(struct override_run *run, struct tg_toml_node *node,
                    const struct tg_toml_node *value)
{
    struct tg_toml_node kept = *node;
    *node = *value;
    node->key = kept.key;
    node->next = kept.next;
    adopt(run->arena, node, kept.name, run->at);
}

/* ---- the walk ---- */

/* The element of an array of tables whose "name" is `name`. */
static struct tg_toml_node *element_named(struct override_run *run,
                                          const struct tg_toml_node *array, const char *name)
{
    const char **names = tg_calloc(array->count, sizeof *names);
    size_t count = 0;
    struct tg_toml_node *found = NULL;
    for (struct tg_toml_node *child = array->first; child && !found; child = child->next) {
        const struct tg_toml_node *called = tg_toml_get(child, "name");
        if (!called || called->type != TG_TOML_STRING)
            continue;
        if (strcmp(called->string, name) == 0)
            found = child;
        names[count++] = called->string;
    }
    if (!found) {
        struct tg_diag *diag = tg_diag_error(run->diags, run->at,
                                             "no element of \"%s\" has the "
                                             "name \"%s\"",
                                             array->name, name);
        const char *nearest = tg_nearest_name(name, names, count);
        if (nearest)
            tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
        else
            tg_diag_hint(diag, "write a name, or a number from 0 as in %s[0]", array->name);
    }
    free(names);
    return found;
}

/* The child that `step` leads to, NULL when there is none yet; *failed when there cannot be. */
static struct tg_toml_node *follow(struct override_run *run, const struct tg_toml_node *node,
                                   const struct step *step, bool *failed)
{
    struct tg_toml_node *child = NULL;
    if (step->key && node->type == TG_TOML_TABLE)
        return tg_toml_get(node, step->key);
    if (step->key && node->type == TG_TOML_ARRAY) {
        child = element_named(run, node, step->key);
        *failed = child == NULL;
    } else if (!step->key && node->type == TG_TOML_ARRAY) {
        child = tg_toml_at(node, step->index);
        *failed = step->index > node->count;
        if (*failed)
            tg_diag_error(run->diags, run->at, "\"%s\" has %zu elements, counted from 0",
                          node->name, node->count);
    } else {
        tg_diag_error(run->diags, run->at, "\"%s\" is %s and has no %s", node->name,
                      tg_toml_type_name(node->type), step->key ? "keys" : "elements");
        *failed = true;
    }
    return child;
}

bool tg_override_apply(struct tg_arena *arena, struct tg_toml_node *root,
                       const struct tg_override *override, struct tg_diags *diags)
{
    struct override_run run = {.arena = arena, .diags = diags};
    run.at.path = tg_arena_format(arena, "%s %s", override->option ? override->option : "--set",
                                  override->key);
    struct step steps[STEPS_LIMIT];
    size_t count = parse_path(arena, override->key, steps);
    if (count == 0) {
        tg_diag_hint(tg_diag_error(diags, run.at, "\"%s\" is no key", override->key),
                     "write keys with dots between them, as in phase.steady.rate or "
                     "targets.steady[0]");
        return false;
    }
    /* What is no TOML value is text, so that nobody has to quote for TOML and the shell. */
    struct tg_toml_node *value = parse_value(arena, "", override->value, "");
    if (!value)
        value = parse_value(arena, "'''\n", override->value, "'''");
    if (!value) {
        tg_diag_error(diags, run.at, "\"%s\" is no value", override->value);
        return false;
    }
    struct tg_toml_node *node = root;
    for (size_t i = 0; i < count; i++) {
        bool failed = false;
        struct tg_toml_node *child = follow(&run, node, &steps[i], &failed);
        if (failed)
            return false;
        if (!child) {
            bool array = i + 1 < count && !steps[i + 1].key;
            child = tg_toml_append(arena, node, array ? TG_TOML_ARRAY : TG_TOML_TABLE, steps[i].key,
                                   run.at);
        }
        node = child;
    }
    replace(&run, node, value);
    return true;
}
