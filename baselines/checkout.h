/* A revision of the user's project, checked out into a git worktree of its own below HOME and built
 * there. One that is kept is used again by the same revision and command: the good side of a
 * bisection is built once. Others belong to the process that made them, so that gates at the same
 * time do not take them from each other. */
#ifndef TG_BASELINES_CHECKOUT_H
#define TG_BASELINES_CHECKOUT_H

#include <signal.h>
#include <stdbool.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/text.h"
#include "runner/drive/observer.h"

struct tg_checkout_spec {
    const char *home;
    const char *revision; /* as git understands it: "v1.2", "HEAD~3" */
    const char *build;    /* shell command, run in the root of the checkout */
    bool keep;            /* for whoever needs it next */
    const volatile sig_atomic_t *stop;
    struct tg_observer observer;
};

struct tg_checkout {
    const char *root;   /* absolute path of the worktree */
    const char *commit; /* full hash */
    bool build_failed;  /* with TG_INVALID: it was the build, not the revision or git */
    bool own;           /* made for this process alone */
    int lock;           /* of an own one: keeps others from its folder */
};

/* Makes it, or finds the one that was kept; where another process is making that, waits for it.
 * Texts live in `arena`. TG_INVALID: no such revision, no repository, or the build failed (its
 * output is kept, and the message says where); TG_INTERRUPTED. Whatever is returned, give it to
 * tg_checkout_end. */
enum tg_status tg_checkout_make(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                                struct tg_checkout *checkout, struct tg_diags *diags) TG_CHECKED;

/* Removes the worktree unless it is kept, and the output of its build unless that failed. Says
 * nothing when it cannot be removed. */
void tg_checkout_end(struct tg_checkout *checkout);

/* Path inside the checkout of a file of the project: `path` must lie below the root of the
 * repository that the current directory is in. It gets `text` there, so that both revisions run the
 * same. Lives in `arena`. */
enum tg_status tg_checkout_adopt(const struct tg_checkout *checkout, const char *path,
                                 const struct tg_text *text, struct tg_arena *arena,
                                 const char **inside, struct tg_diags *diags) TG_CHECKED;

#endif
