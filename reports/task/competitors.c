/* The competitors that a project wants to be held against. */
#include <stdlib.h>
#include <string.h>

#include "baselines/shelf.h"
#include "common/file.h"
#include "common/text.h"
#include "reports/task/attempt.h"

/* The name of a competitor's file, without its ending. In `arena`. */
static const char *short_name(const struct tg_competitor *competitor, struct tg_arena *arena)
{
    const char *slash = strrchr(competitor->path, '/');
    const char *name = slash ? slash + 1 : competitor->path;
    return tg_arena_memdup(arena, name, strlen(name) - strlen(".toml"));
}

/* Keeps those that the project names, in its order. */
static enum tg_status choose(const struct tg_attempt_source *source,
                             struct tg_competitors *competitors)
{
    struct tg_arena *arena = &competitors->arena;
    const char **names = tg_arena_array(arena, competitors->count, sizeof *names);
    struct tg_competitor *chosen = tg_arena_array(arena, source->competitor_count, sizeof *chosen);
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < competitors->count; i++)
        names[i] = short_name(&competitors->items[i], arena);
    for (size_t i = 0; i < source->competitor_count; i++) {
        const char *wanted = source->competitors[i];
        size_t at = 0;
        while (at < competitors->count && strcmp(names[at], wanted) != 0)
            at++;
        if (at < competitors->count) {
            chosen[i] = competitors->items[at];
            continue;
        }
        char *path = tg_path_join(source->root, TG_PROJECT_FILE);
        struct tg_diag *diag = tg_diag_error(source->diags, (struct tg_place){.path = path},
                                             "there is no competitor \"%s\"", wanted);
        const char *nearest = tg_nearest_name(wanted, names, competitors->count);
        tg_diag_hint(diag, "did you mean \"%s\"? They are called after their files",
                     nearest ? nearest : names[0]);
        free(path);
        status = TG_INVALID;
    }
    competitors->items = chosen;
    competitors->count = source->competitor_count;
    return status;
}

enum tg_status tg_attempt_competitors(const struct tg_attempt_source *source,
                                      struct tg_competitors *competitors)
{
    char *folder = tg_competitors_folder(source->root, NULL);
    enum tg_status status = TG_INVALID;
    if (!folder)
        tg_diag_hint(tg_diag_error(source->diags, (struct tg_place){0},
                                   "there are no published figures of competitors"),
                     "put them into baselines/competitors/ of your project");
    else
        status = tg_competitors_load(folder, competitors, source->diags);
    if (status == TG_OK && source->competitor_count > 0) {
        status = choose(source, competitors);
        if (status != TG_OK)
            tg_competitors_free(competitors);
    }
    free(folder);
    return status;
}
