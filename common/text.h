/* Text: a growing buffer, formatting, the nearest name to a misspelt one, width on a terminal. */
#ifndef TG_COMMON_TEXT_H
#define TG_COMMON_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"

/* malloc family that never returns NULL: memory that runs out aborts. Free with free(). */
void *tg_realloc(void *memory, size_t size);
void *tg_calloc(size_t count, size_t size);
char *tg_strdup(const char *text);
char *tg_format(const char *fmt, ...) TG_PRINTF(1, 2);
char *tg_vformat(const char *fmt, va_list args) TG_PRINTF(1, 0);

/* A growing buffer. A zeroed struct is an empty one. `data` is NUL-terminated as soon as anything
 * was added and NULL before; it may hold NUL bytes inside. */
struct tg_text {
    char *data;
    size_t length;
    size_t capacity;
};

void tg_text_add(struct tg_text *text, const char *string);
void tg_text_add_bytes(struct tg_text *text, const void *bytes, size_t length);
void tg_text_addf(struct tg_text *text, const char *fmt, ...) TG_PRINTF(2, 3);
/* `count` times `character`. */
void tg_text_pad(struct tg_text *text, char character, size_t count);
/* Empties it and keeps the memory. */
void tg_text_clear(struct tg_text *text);
void tg_text_free(struct tg_text *text);
/* The text as a C string, "" when empty. Borrowed. */
const char *tg_text_string(const struct tg_text *text);

/* Columns that UTF-8 text takes on a terminal: one per code point, none for combining marks, two
 * for East Asian wide ones; a malformed byte counts one. */
size_t tg_text_width(const char *utf8);

/* The candidate nearest to `name` by optimal-string-alignment distance (case-insensitive), or NULL
 * when none is near enough to be what was meant (at most a third of the name's letters differ, at
 * least 1). */
const char *tg_nearest_name(const char *name, const char *const *candidates, size_t count);

/* The `ending` of a noun, "s" or "es", after this number of them: "" after 1. */
const char *tg_plural(size_t count, const char *ending);

bool tg_starts_with(const char *text, const char *prefix);
bool tg_ends_with(const char *text, const char *suffix);

#endif
