/* Diagnostics: what went wrong, where, and what to do next. Libraries fill them, only cli/ prints
 * them. */
#ifndef TG_COMMON_DIAG_H
#define TG_COMMON_DIAG_H

#include <stdarg.h>
#include <stddef.h>

#define TG_CHECKED __attribute__((warn_unused_result))
#define TG_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* What a fallible function returns. Anything but TG_OK comes with at least one entry in the
 * diagnostics that the caller handed in. */
enum tg_status {
    TG_OK = 0,
    TG_INVALID,     /* the user's input is wrong: scenario, argument, stored file */
    TG_SYSTEM,      /* the environment refused: file, memory, process, library */
    TG_STORE,       /* the store under test refused or failed */
    TG_INTERRUPTED, /* a signal asked us to stop */
};

enum tg_severity { TG_SEVERITY_NOTE, TG_SEVERITY_WARNING, TG_SEVERITY_ERROR };

struct tg_diag {
    enum tg_severity severity;
    char *path; /* NULL: no file is involved */
    int line;   /* 1-based; 0: the file as a whole */
    int column; /* 1-based, in characters; 0: the line as a whole */
    char *message;
    char *hint; /* NULL: none */
};

struct tg_diags {
    struct tg_diag *items; /* in the order they were found */
    size_t count;
    size_t capacity;
    size_t errors; /* how many of them are errors */
};

/* An empty list. A zeroed struct is one as well. */
void tg_diags_init(struct tg_diags *diags);
/* Frees what the list owns and leaves it empty. */
void tg_diags_free(struct tg_diags *diags);

/* A place in a file. Copied by whoever keeps it; `path` is borrowed. */
struct tg_place {
    const char *path;
    int line;
    int column;
};

/* Adds an error and returns it for tg_diag_hint(). All strings are copied. Memory that runs out
 * aborts. */
struct tg_diag *tg_diag_error(struct tg_diags *diags, struct tg_place at, const char *fmt, ...)
    TG_PRINTF(3, 4);
/* The same for a warning or a note. */
struct tg_diag *tg_diag_add(struct tg_diags *diags, enum tg_severity severity, struct tg_place at,
                            const char *fmt, ...) TG_PRINTF(4, 5);
/* Sets the hint of `diag`: one sentence that says what to do. */
void tg_diag_hint(struct tg_diag *diag, const char *fmt, ...) TG_PRINTF(2, 3);

/* Adds "MESSAGE: strerror(error)" about the file `path` (NULL: none). Returns TG_SYSTEM. */
enum tg_status tg_diag_errno(struct tg_diags *diags, const char *path, int error, const char *fmt,
                             ...) TG_PRINTF(4, 5);

/* Stable order by (path, line, column); entries without a line keep their place in front. */
void tg_diags_sort(struct tg_diags *diags);

#endif
