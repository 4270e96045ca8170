/* A TOML document as a tree of our own, with the place of every key and value. Tables keep the
 * order of the file. */
#ifndef TG_RUNNER_SCENARIO_TOML_H
#define TG_RUNNER_SCENARIO_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/text.h"

enum tg_toml_type {
    TG_TOML_TABLE,
    TG_TOML_ARRAY,
    TG_TOML_STRING,
    TG_TOML_INTEGER,
    TG_TOML_FLOAT,
    TG_TOML_BOOLEAN,
    TG_TOML_TIME, /* date, time or both: `string` holds its RFC 3339 text */
};

struct tg_toml_node {
    enum tg_toml_type type;
    const char *key;            /* in a table; NULL for an element of an array and the root */
    const char *name;           /* for messages: the key, or KEY[N] for an element */
    struct tg_place key_place;  /* of the key; for an element that of its value */
    struct tg_place place;      /* of the value; for [TABLE] that of the header */
    struct tg_toml_node *first; /* of a table's or an array's children, in file order */
    struct tg_toml_node *last;
    struct tg_toml_node *next; /* the following child of the same parent */
    size_t count;              /* of children */
    bool seen;                 /* a reader has asked for it */
    union {
        const char *string; /* UTF-8 without NUL characters */
        int64_t integer;
        double real;
        bool boolean;
    };
};

enum { TG_TOML_LIMIT_BYTES = 4 << 20 };

/* Parses `length` bytes. The tree, its strings and the copy of `path` in its places live in
 * `arena`. On failure NULL and one error with place and, where one is known, a hint. */
struct tg_toml_node *tg_toml_parse(struct tg_arena *arena, const char *path, const char *text,
                                   size_t length, struct tg_diags *diags);

/* Does the work once the text is known to be UTF-8 without NUL bytes and not deeply nested; the one
 * C++ function of the project. `path` is borrowed by the tree. */
struct tg_toml_node *tg_toml_bridge_parse(struct tg_arena *arena, const char *path,
                                          const char *text, size_t length, struct tg_diags *diags);

/* A child of `parent` (NULL: none), appended. `key` is NULL for an element of an array. */
struct tg_toml_node *tg_toml_append(struct tg_arena *arena, struct tg_toml_node *parent,
                                    enum tg_toml_type type, const char *key, struct tg_place place);

/* The child with that key, or NULL. Leaves `seen` alone. */
struct tg_toml_node *tg_toml_get(const struct tg_toml_node *table, const char *key);
/* The n-th child, from 0, or NULL. */
struct tg_toml_node *tg_toml_at(const struct tg_toml_node *parent, size_t n);

/* "a table", "an array", "a string", ...; static. */
const char *tg_toml_type_name(enum tg_toml_type type);

/* Has the order of the table's keys a meaning? That of the weighted values "of", of the "fields" of
 * a document, of the loads, and of the operations of a mix has. `parent` may be NULL. */
bool tg_toml_keeps_order(const struct tg_toml_node *node, const struct tg_toml_node *parent);

/* Adds text that depends on the content alone, not on comments, layout or notation. Keys are sorted
 * but where their order has a meaning. */
void tg_toml_canonical(const struct tg_toml_node *node, struct tg_text *text);

#endif
