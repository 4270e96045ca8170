#include "common/text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *tg_realloc(void *memory, size_t size)
{
    /* realloc(memory, 0) frees on some systems and not on others. */
    void *grown = realloc(memory, size > 0 ? size : 1);
    if (!grown) {
        fputs("tailgate: out of memory\n", stderr);
        abort();
    }
    return grown;
}

void *tg_calloc(size_t count, size_t size)
{
    /* calloc itself, not realloc and memset: large zeroed pages stay untouched until used. */
    void *memory = count > 0 && size > 0 ? calloc(count, size) : calloc(1, 1);
    if (!memory) {
        fputs("tailgate: out of memory\n", stderr);
        abort();
    }
    return memory;
}

char *tg_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(tg_realloc(NULL, size), text, size);
}

char *tg_vformat(const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    if (length < 0)
        abort(); /* only a broken format or an unencodable wide character gets here */
    char *text = tg_realloc(NULL, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, fmt, args);
    return text;
}

char *tg_format(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    return text;
}

static void text_reserve(struct tg_text *text, size_t more)
{
    size_t need = text->length + more + 1;
    if (need <= text->capacity)
        return;
    size_t grown = text->capacity ? text->capacity : 64;
    while (grown < need)
        grown *= 2;
    text->data = tg_realloc(text->data, grown);
    text->capacity = grown;
}

void tg_text_add_bytes(struct tg_text *text, const void *bytes, size_t length)
{
    text_reserve(text, length);
    if (length > 0)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void tg_text_add(struct tg_text *text, const char *string)
{
    tg_text_add_bytes(text, string, strlen(string));
}

void tg_text_addf(struct tg_text *text, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *piece = tg_vformat(fmt, args);
    va_end(args);
    tg_text_add(text, piece);
    free(piece);
}

void tg_text_pad(struct tg_text *text, char character, size_t count)
{
    text_reserve(text, count);
    memset(text->data + text->length, character, count);
    text->length += count;
    text->data[text->length] = '\0';
}

void tg_text_clear(struct tg_text *text)
{
    text->length = 0;
    if (text->data)
        text->data[0] = '\0';
}

void tg_text_free(struct tg_text *text)
{
    free(text->data);
    *text = (struct tg_text){0};
}

const char *tg_text_string(const struct tg_text *text)
{
    return text->data ? text->data : "";
}

/* One code point of UTF-8; a malformed byte is returned as U+FFFD. Moves *at past it. */
static uint32_t next_code_point(const unsigned char **at)
{
    const unsigned char *p = *at;
    unsigned extra = p[0] < 0x80   ? 0
                     : p[0] < 0xC2 ? 4
                     : p[0] < 0xE0 ? 1
                     : p[0] < 0xF0 ? 2
                     : p[0] < 0xF5 ? 3
                                   : 4;
    uint32_t code = extra == 0 ? p[0] : extra < 4 ? p[0] & (0x3Fu >> extra) : 0xFFFD;
    *at = p + 1;
    if (extra == 0 || extra == 4)
        return code;
    for (unsigned i = 1; i <= extra; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0xFFFD;
        code = code << 6 | (p[i] & 0x3F);
    }
    *at = p + 1 + extra;
    return code;
}

static size_t code_point_width(uint32_t code)
{
    if ((code >= 0x0300 && code <= 0x036F) || (code >= 0x200B && code <= 0x200F) ||
        (code >= 0xFE00 && code <= 0xFE0F))
        return 0;
    bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
                (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
                (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
                (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x1F300 && code <= 0x1FAFF) ||
                (code >= 0x20000 && code <= 0x3FFFD);
    return wide ? 2 : 1;
}

size_t tg_text_width(const char *utf8)
{
    size_t width = 0;
    const unsigned char *at = (const unsigned char *)utf8;
    while (*at)
        width += code_point_width(next_code_point(&at));
    return width;
}

/* Optimal string alignment: insertion, deletion, substitution, swap of neighbours, each at cost 1.
 */
static size_t edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 64 };
    size_t rows = strlen(a);
    size_t columns = strlen(b);
    if (rows > LONGEST || columns > LONGEST)
        return SIZE_MAX;
    size_t cost[3][LONGEST + 1];
    for (size_t j = 0; j <= columns; j++)
        cost[0][j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t *now = cost[i % 3];
        const size_t *above = cost[(i + 2) % 3];
        const size_t *two_above = cost[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            int x = tolower((unsigned char)a[i - 1]);
            int y = tolower((unsigned char)b[j - 1]);
            size_t best = above[j - 1] + (x != y);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]) && two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            now[j] = best;
        }
    }
    return cost[rows % 3][columns];
}

const char *tg_nearest_name(const char *name, const char *const *candidates, size_t count)
{
    size_t limit = strlen(name) / 3;
    if (limit < 1)
        limit = 1;
    const char *nearest = NULL;
    size_t nearest_distance = limit + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(name, candidates[i]);
        if (distance < nearest_distance) {
            nearest_distance = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

const char *tg_plural(size_t count, const char *ending)
{
    return count == 1 ? "" : ending;
}

bool tg_starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool tg_ends_with(const char *text, const char *suffix)
{
    size_t length = strlen(text);
    size_t tail = strlen(suffix);
    return length >= tail && memcmp(text + length - tail, suffix, tail) == 0;
}
