/* A shelf of the store: a folder of HOME in which everything has a folder of its own, named after
 * its scenario and the second it was started in, with one document in it. A thing's folder appears
 * whole or not at all, and is never changed afterwards. */
#ifndef TG_BASELINES_SHELF_H
#define TG_BASELINES_SHELF_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"

struct tg_shelf {
    const char *folder;   /* of HOME: "results" */
    const char *document; /* in the folder of each thing: "result.json" */
    const char *noun;     /* for messages: "result" */
    const char *make;     /* the command that makes one: "tailgate run SCENARIO" */
    const char *list;     /* the command that lists all; NULL: none */
};

/* Where Tailgate keeps its state: $TAILGATE_HOME, else ".tailgate". Borrowed. */
const char *tg_store_home(void);

struct tg_shelf_item {
    const char *scenario;
    int64_t started_unix_ms;
    /* Writes everything into `folder`, whose name is not the final one; `id` lives only for the
     * call. Called again with another id when somebody else takes the first one meanwhile. */
    enum tg_status (*write)(void *context, const char *folder, const char *id,
                            struct tg_diags *diags);
    void *context;
};

/* Stores a new thing under its id, SCENARIO-YYYYMMDDTHHMMSSZ (UTC), with -2, -3, ... behind it when
 * that is taken. In `folder`, which must not exist yet, or, when that is NULL, in a folder of the
 * shelf named after the id. *id and *stored_in (its folder) are allocated on success alone; free
 * with free(). On failure nothing is left behind. */
enum tg_status tg_shelf_put(const struct tg_shelf *shelf, const char *home, const char *folder,
                            const struct tg_shelf_item *item, char **id, char **stored_in,
                            struct tg_diags *diags) TG_CHECKED;

struct tg_store_entry {
    const char *id;
    const char *scenario;
    const char *started; /* "20251121T000000Z", as in the id */
    long number;         /* 1, or what stands behind the time in the id */
    const char *verdict; /* of a result: "pass", "fail", "invalid"; "damaged" when the document
                            cannot be read; NULL: not asked for */
};

/* All things of the shelf, newest first, in `arena`, without verdicts; none when there is no store
 * yet. */
enum tg_status tg_shelf_list(const struct tg_shelf *shelf, const char *home, struct tg_arena *arena,
                             struct tg_store_entry **entries, size_t *count,
                             struct tg_diags *diags) TG_CHECKED;

/* Path of the document that `name` means: a path to it or to its folder, an id, the name of a
 * scenario (its newest), a prefix of exactly one id; NULL: the newest of all. *path is allocated on
 * success alone; free with free(). An unknown name is an error that says what there is. */
enum tg_status tg_shelf_find(const struct tg_shelf *shelf, const char *home, const char *name,
                             char **path, struct tg_diags *diags) TG_CHECKED;

#endif
