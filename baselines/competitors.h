/* Competitors: other systems and the figures that they, or others, have published of them.
 * docs/competitors.md documents the files. Nothing here was measured by us. */
#ifndef TG_BASELINES_COMPETITORS_H
#define TG_BASELINES_COMPETITORS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/diag.h"
#include "compare/position.h"

struct tg_competitor {
    const char *path; /* of its file */
    const char *name, *version;
    const char *source;      /* where the figures are published */
    const char *read;        /* when they were read: "2025-11-09" */
    const char *hardware;    /* "not stated" where the source does not say */
    const char *workload;    /* in words */
    const char *data;        /* in words */
    const char **applies_to; /* operations of a scenario that do the same */
    size_t applies_to_count; /* >= 1 */
    struct tg_published
        figures[TG_FIGURE_COUNT]; /* ns and operations/s; at least one is published */
    struct tg_published recall;   /* share of the true nearest neighbours that it finds, 0 to 1 */
};

struct tg_competitors {
    struct tg_arena arena;       /* everything below lives in it */
    struct tg_competitor *items; /* by the names of their files */
    size_t count;
};

/* Reads every .toml file of `folder`. All errors of all files are found; `diags`, with what it held
 * before, is then in order of file and line. No such file at all is an error, as are two
 * competitors of the same name and version. After a failure `out` is empty. */
enum tg_status tg_competitors_load(const char *folder, struct tg_competitors *out,
                                   struct tg_diags *diags) TG_CHECKED;
void tg_competitors_free(struct tg_competitors *competitors);

/* Reads one file; what `out` points at lives in `arena`. `out` is of use after TG_OK only. */
enum tg_status tg_competitor_read(const char *path, struct tg_arena *arena,
                                  struct tg_competitor *out, struct tg_diags *diags) TG_CHECKED;

/* Does it do what the operation of that name does? */
bool tg_competitor_applies(const struct tg_competitor *competitor, const char *operation);

/* The folder that the competitors are read from: baselines/competitors of the project whose root is
 * `project` (NULL: no project), else what is installed with the program, else, in a development
 * build, that of the source tree. `program` is the folder of the program, NULL that of the one that
 * runs. NULL when there is none. Free with free(). */
char *tg_competitors_folder(const char *project, const char *program);

#endif
