#include "baselines/checkout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "common/hash.h"
#include "common/program.h"

enum {
    PATIENCE_MS = 5000,
    CHECKOUT_PATIENCE_MS = 300000, /* of a large project */
};

/* ---- git ---- */

/* The first line of git's answer, in `arena`; NULL: it failed, or said nothing. */
static const char *ask_git(struct tg_arena *arena, const char *const *arguments)
{
    struct tg_text answer = {0};
    const char *line = NULL;
    if (tg_program_ask(arguments, PATIENCE_MS, &answer) && answer.length > 0)
        line = tg_arena_memdup(arena, answer.data, strcspn(answer.data, "\n"));
    tg_text_free(&answer);
    return line;
}

static const char *find_top(struct tg_arena *arena, struct tg_diags *diags)
{
    const char *top =
        ask_git(arena, (const char *const[]){"git", "rev-parse", "--show-toplevel", NULL});
    if (!top)
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "the current directory is in no git repository"),
                     "go to your project, or compare with --before and --after");
    return top;
}

static const char *find_commit(const char *revision, struct tg_arena *arena, struct tg_diags *diags)
{
    const char *commit = ask_git(
        arena, (const char *const[]){"git", "rev-parse", "--verify", "--quiet", "--end-of-options",
                                     tg_arena_format(arena, "%s^{commit}", revision), NULL});
    if (!commit)
        tg_diag_hint(
            tg_diag_error(diags, (struct tg_place){0}, "git knows no revision \"%s\"", revision),
            "\"git log --oneline\" and \"git tag\" show what there is");
    return commit;
}

/* ---- locks ---- */

static const char *lock_path(const char *root, struct tg_arena *arena)
{
    return tg_arena_format(arena, "%s.lock", root);
}

/* *lock is -1 when another process has the folder `root`. Where nothing can be locked, nobody is
 * kept out. */
static enum tg_status take_lock(const char *root, struct tg_arena *arena, int *lock,
                                struct tg_diags *diags)
{
    const char *path = lock_path(root, arena);
    *lock = -1;
    while (true) {
        struct stat info;
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd < 0)
            return tg_diag_errno(diags, path, errno, "cannot open");
        bool taken = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
        if (!taken && fstat(fd, &info) == 0 && info.st_nlink > 0) {
            *lock = fd;
            return TG_OK;
        }
        close(fd);
        if (taken)
            return TG_OK;
        /* It was let go, and removed, between the two calls. */
    }
}

static void let_go(const char *root, int lock)
{
    struct tg_arena arena = {0};
    (void)remove(lock_path(root, &arena)); /* before others can take it */
    close(lock);
    tg_arena_free(&arena);
}

static enum tg_status wait_for_lock(const struct tg_checkout_spec *spec, const char *root,
                                    struct tg_arena *arena, int *lock, struct tg_diags *diags)
{
    const struct timespec pause = {.tv_nsec = 100000000};
    enum tg_status status = take_lock(root, arena, lock, diags);
    if (status == TG_OK && *lock < 0)
        tg_observe_step(
            &spec->observer,
            tg_arena_format(arena, "waiting for another gate, which builds %s", spec->revision));
    while (status == TG_OK && *lock < 0) {
        if (spec->stop && *spec->stop)
            return TG_INTERRUPTED;
        nanosleep(&pause, NULL);
        status = take_lock(root, arena, lock, diags);
    }
    return status;
}

/* ---- making ---- */

/* A file of the checkout, so that it goes when the user removes that. */
static const char *mark_of(const struct tg_checkout *checkout, struct tg_arena *arena)
{
    return tg_arena_format(arena, "%s/.tailgate-built", checkout->root);
}

static const char *log_of(const struct tg_checkout *checkout, struct tg_arena *arena)
{
    return tg_arena_format(arena, "%s.log", checkout->root);
}

/* An absolute path below HOME, one for each commit and command: of the checkout that is kept. */
static enum tg_status choose_root(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                                  struct tg_checkout *checkout, struct tg_diags *diags)
{
    struct tg_hash hash;
    char digest[TG_HASH_TEXT];
    const char *folder = tg_arena_format(arena, "%s/checkouts", spec->home);
    enum tg_status status = tg_make_folders(folder, diags);
    if (status != TG_OK)
        return status;
    char *absolute = realpath(folder, NULL);
    if (!absolute)
        return tg_diag_errno(diags, folder, errno, "cannot find");
    tg_hash_init(&hash);
    tg_hash_string(&hash, spec->build);
    tg_hash_end(&hash, digest);
    checkout->root = tg_arena_format(arena, "%s/%.12s-%.8s", absolute, checkout->commit, digest);
    free(absolute);
    return TG_OK;
}

static void remove_checkout(const struct tg_checkout *checkout)
{
    struct tg_arena arena = {0};
    struct tg_diags ignored = {0};
    struct tg_text answer = {0};
    (void)remove(mark_of(checkout, &arena)); /* first: what is half gone is not used again */
    if (!checkout->build_failed)
        (void)remove(log_of(checkout, &arena));
    (void)tg_program_ask((const char *const[]){"git", "worktree", "remove", "--force", "--force",
                                               checkout->root, NULL},
                         CHECKOUT_PATIENCE_MS, &answer);
    if (tg_remove_tree(checkout->root, &ignored) != TG_OK)
        tg_diags_free(&ignored);
    (void)tg_program_ask((const char *const[]){"git", "worktree", "prune", NULL}, PATIENCE_MS,
                         &answer);
    tg_text_free(&answer);
    tg_arena_free(&arena);
}

static enum tg_status check_out(const struct tg_checkout_spec *spec,
                                const struct tg_checkout *checkout, struct tg_diags *diags)
{
    struct tg_text ignored = {0};
    remove_checkout(checkout); /* what an earlier attempt left behind */
    bool done =
        tg_program_ask((const char *const[]){"git", "worktree", "add", "--force", "--detach",
                                             checkout->root, checkout->commit, NULL},
                       CHECKOUT_PATIENCE_MS, &ignored);
    tg_text_free(&ignored);
    if (done)
        return TG_OK;
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = checkout->root},
                               "git cannot check out \"%s\" here", spec->revision),
                 "try: git worktree add --detach %s %.12s", checkout->root, checkout->commit);
    return TG_SYSTEM;
}

static enum tg_status build(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                            struct tg_checkout *checkout, struct tg_diags *diags)
{
    const char *log = log_of(checkout, arena);
    const struct tg_program_job job = {
        .command = spec->build, .folder = checkout->root, .log = log, .stop = spec->stop};
    int exit_code = 0;
    tg_observe_step(&spec->observer,
                    tg_arena_format(arena, "building %s (%.12s): %s", spec->revision,
                                    checkout->commit, spec->build));
    enum tg_status status = tg_program_run(&job, &exit_code, diags);
    if (status == TG_OK && exit_code != 0) {
        checkout->build_failed = true;
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "the build of %s (%.12s) failed with exit code %d",
                                   spec->revision, checkout->commit, exit_code),
                     "its output is in %s", log);
        status = TG_INVALID;
    }
    if (status == TG_OK)
        status = tg_file_write(mark_of(checkout, arena), "", 0, true, diags);
    return status;
}

static enum tg_status make(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                           struct tg_checkout *checkout, struct tg_diags *diags)
{
    enum tg_status status = check_out(spec, checkout, diags);
    return status == TG_OK ? build(spec, arena, checkout, diags) : status;
}

static enum tg_status make_kept(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                                struct tg_checkout *checkout, struct tg_diags *diags)
{
    int lock;
    enum tg_status status = wait_for_lock(spec, checkout->root, arena, &lock, diags);
    if (status != TG_OK)
        return status;
    if (!tg_path_exists(mark_of(checkout, arena))) /* nobody has made it meanwhile */
        status = make(spec, arena, checkout, diags);
    let_go(checkout->root, lock);
    return status;
}

static enum tg_status make_own(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                               struct tg_checkout *checkout, struct tg_diags *diags)
{
    const char *kept = checkout->root;
    checkout->lock = -1;
    for (int number = 1; checkout->lock < 0; number++) {
        checkout->root = tg_arena_format(arena, "%s.%d", kept, number);
        enum tg_status status = take_lock(checkout->root, arena, &checkout->lock, diags);
        if (status != TG_OK)
            return status;
    }
    checkout->own = true;
    return make(spec, arena, checkout, diags);
}

enum tg_status tg_checkout_make(const struct tg_checkout_spec *spec, struct tg_arena *arena,
                                struct tg_checkout *checkout, struct tg_diags *diags)
{
    *checkout = (struct tg_checkout){0};
    if (!find_top(arena, diags))
        return TG_INVALID;
    checkout->commit = find_commit(spec->revision, arena, diags);
    if (!checkout->commit)
        return TG_INVALID;
    enum tg_status status = choose_root(spec, arena, checkout, diags);
    if (status != TG_OK || tg_path_exists(mark_of(checkout, arena)))
        return status;
    return spec->keep ? make_kept(spec, arena, checkout, diags)
                      : make_own(spec, arena, checkout, diags);
}

void tg_checkout_end(struct tg_checkout *checkout)
{
    if (!checkout->own)
        return;
    remove_checkout(checkout);
    let_go(checkout->root, checkout->lock);
    checkout->own = false;
}

/* ---- files of the project ---- */

static const char *path_below(const char *top, const char *path, struct tg_arena *arena)
{
    char *real_top = realpath(top, NULL);
    char *real_path = realpath(path, NULL);
    const char *below = NULL;
    size_t length = real_top ? strlen(real_top) : 0;
    if (real_top && real_path && strncmp(real_path, real_top, length) == 0 &&
        real_path[length] == '/')
        below = tg_arena_strdup(arena, real_path + length + 1);
    free(real_top);
    free(real_path);
    return below;
}

enum tg_status tg_checkout_adopt(const struct tg_checkout *checkout, const char *path,
                                 const struct tg_text *text, struct tg_arena *arena,
                                 const char **inside, struct tg_diags *diags)
{
    const char *top = find_top(arena, diags);
    if (!top)
        return TG_INVALID;
    const char *below = path_below(top, path, arena);
    if (!below) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                                   "the scenario lies outside of the repository %s", top),
                     "paths in it have to lead to what each revision built: move it into the "
                     "project");
        return TG_INVALID;
    }
    *inside = tg_arena_format(arena, "%s/%s", checkout->root, below);
    char *folder = tg_path_folder(*inside);
    enum tg_status status = tg_make_folders(folder, diags);
    free(folder);
    if (status == TG_OK)
        status = tg_file_write(*inside, tg_text_string(text), text->length, true, diags);
    return status;
}
