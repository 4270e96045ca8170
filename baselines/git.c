#include <string.h>

#include "baselines/host.h"
#include "common/program.h"
#include "common/text.h"

enum { PATIENCE_MS = 2000 };

void tg_git_read(struct tg_arena *arena, struct tg_git *git)
{
    /* No locks: we look; we do not get in anyone's way. */
    static const char *const ask_commit[] = {
        "git", "--no-optional-locks", "rev-parse", "--verify", "HEAD", NULL};
    static const char *const ask_changes[] = {"git",         "--no-optional-locks",  "status",
                                              "--porcelain", "--untracked-files=no", NULL};

    *git = (struct tg_git){0};
    struct tg_text answer = {0};
    if (tg_program_ask(ask_commit, PATIENCE_MS, &answer)) {
        size_t length = strspn(tg_text_string(&answer), "0123456789abcdef");
        if (length >= 40)
            git->commit = tg_arena_memdup(arena, answer.data, length);
    }
    tg_text_clear(&answer);
    /* A repository that does not answer in time may have changes: say so rather than vouch. */
    if (git->commit)
        git->dirty = !tg_program_ask(ask_changes, PATIENCE_MS, &answer) || answer.length > 0;
    tg_text_free(&answer);
}
