/* Baselines: comparisons of one variant with itself, stored under a name, for a comparison with
 * launches of another day (gate/stored.h). One plain file each, docs/comparison.md: NAME.json in
 * the folder baselines/ of the project (beside its tailgate.toml, else of the working directory),
 * where it is committed, or in HOME/baselines/. */
#ifndef TG_BASELINES_BASELINE_H
#define TG_BASELINES_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "baselines/comparison_store.h"
#include "baselines/host.h"

enum tg_baseline_place {
    TG_BASELINE_PROJECT, /* looked for first */
    TG_BASELINE_LOCAL,
    TG_BASELINE_PLACES,
};

enum {
    TG_BASELINE_LAUNCHES = 16,       /* of a measurement */
    TG_BASELINE_LEAST_LAUNCHES = 10, /* that make a baseline */
};

/* "baselines/NAME.json". Free with free(). */
char *tg_baseline_path(const char *home, enum tg_baseline_place place, const char *name);

/* Proves before a measurement that it can be stored afterwards: the name is one (letters, digits,
 * '-', '_' and '.', the first a letter or a digit, at most 100), the folder can be written, the
 * name is free in both places or, with `replace`, that of a baseline in `place`. */
enum tg_status tg_baseline_check(const char *home, enum tg_baseline_place place, const char *name,
                                 bool replace, struct tg_diags *diags) TG_CHECKED;

/* Stores it, with `host` as its part "host" and, for whoever reads a diff, the derived key
 * "medians". Refuses a file that exists unless `replace`. */
enum tg_status tg_baseline_save(const char *home, enum tg_baseline_place place, const char *name,
                                bool replace, struct tg_comparison *comparison,
                                const struct tg_host *host, struct tg_diags *diags) TG_CHECKED;

/* The path of the baseline called `name`, allocated on success alone; free with free(). An unknown
 * name is an error that says what there is. */
enum tg_status tg_baseline_find(const char *home, const char *name, char **path,
                                struct tg_diags *diags) TG_CHECKED;

/* Reads a baseline. A comparison of two variants is none. *comparison is set on success alone; free
 * with tg_comparison_free. */
enum tg_status tg_baseline_read(const char *path, struct tg_comparison **comparison,
                                struct tg_diags *diags) TG_CHECKED;

/* Removes the file of a baseline; of anything else in its place it says so. */
enum tg_status tg_baseline_remove(const char *home, const char *name,
                                  struct tg_diags *diags) TG_CHECKED;

struct tg_baseline_entry {
    const char *name;
    const char *path;
    enum tg_baseline_place place;
    struct tg_comparison *comparison; /* NULL: it is damaged */
};

struct tg_baseline_list {
    struct tg_baseline_entry *entries; /* by name */
    size_t count;
    struct tg_arena arena;
};

/* All baselines. Files of other kinds are left out; those that cannot be read are in it. Free the
 * list whatever is returned. */
enum tg_status tg_baseline_list(const char *home, struct tg_baseline_list *list,
                                struct tg_diags *diags) TG_CHECKED;
void tg_baseline_list_free(struct tg_baseline_list *list);

/* In words, why numbers that `baseline` holds say nothing about `host` (with the version of
 * Tailgate among its libraries); NULL: they do. "CPU model A there, B here; kernel ...". In
 * `arena`. */
const char *tg_baseline_differs(const struct tg_comparison *baseline, const struct tg_host *host,
                                struct tg_arena *arena);

#endif
