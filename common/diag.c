#include "common/diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

void tg_diags_init(struct tg_diags *diags)
{
    memset(diags, 0, sizeof *diags);
}

void tg_diags_free(struct tg_diags *diags)
{
    for (size_t i = 0; i < diags->count; i++) {
        free(diags->items[i].path);
        free(diags->items[i].message);
        free(diags->items[i].hint);
    }
    free(diags->items);
    tg_diags_init(diags);
}

static struct tg_diag *diag_push(struct tg_diags *diags, enum tg_severity severity,
                                 struct tg_place at, char *message)
{
    if (diags->count == diags->capacity) {
        diags->capacity = diags->capacity ? diags->capacity * 2 : 8;
        diags->items = tg_realloc(diags->items, diags->capacity * sizeof *diags->items);
    }
    struct tg_diag *diag = &diags->items[diags->count++];
    *diag = (struct tg_diag){
        .severity = severity,
        .path = at.path ? tg_strdup(at.path) : NULL,
        .line = at.line,
        .column = at.column,
        .message = message,
    };
    if (severity == TG_SEVERITY_ERROR)
        diags->errors++;
    return diag;
}

struct tg_diag *tg_diag_error(struct tg_diags *diags, struct tg_place at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *message = tg_vformat(fmt, args);
    va_end(args);
    return diag_push(diags, TG_SEVERITY_ERROR, at, message);
}

struct tg_diag *tg_diag_add(struct tg_diags *diags, enum tg_severity severity, struct tg_place at,
                            const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *message = tg_vformat(fmt, args);
    va_end(args);
    return diag_push(diags, severity, at, message);
}

void tg_diag_hint(struct tg_diag *diag, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    free(diag->hint);
    diag->hint = tg_vformat(fmt, args);
    va_end(args);
}

enum tg_status tg_diag_errno(struct tg_diags *diags, const char *path, int error, const char *fmt,
                             ...)
{
    va_list args;
    va_start(args, fmt);
    char *what = tg_vformat(fmt, args);
    va_end(args);
    char *message = tg_format("%s: %s", what, strerror(error));
    free(what);
    diag_push(diags, TG_SEVERITY_ERROR, (struct tg_place){.path = path}, message);
    return TG_SYSTEM;
}

static int diag_order(const struct tg_diag *a, const struct tg_diag *b)
{
    int by_path = strcmp(a->path ? a->path : "", b->path ? b->path : "");
    if (by_path != 0)
        return by_path;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

void tg_diags_sort(struct tg_diags *diags)
{
    /* Insertion sort: stable, and a list of diagnostics is short. */
    for (size_t i = 1; i < diags->count; i++) {
        struct tg_diag moving = diags->items[i];
        size_t at = i;
        while (at > 0 && diag_order(&diags->items[at - 1], &moving) > 0) {
            diags->items[at] = diags->items[at - 1];
            at--;
        }
        diags->items[at] = moving;
    }
}
