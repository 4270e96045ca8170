#include "cli/task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "baselines/result_store.h"
#include "cli/cli.h"
#include "common/file.h"
#include "common/text.h"

enum tg_status tg_task_open(struct tg_task_session *session, const char *task, bool competitive)
{
    *session = (struct tg_task_session){
        .key = {.home = tg_store_home(), .task = task, .competitive = competitive},
        .option = competitive ? " --competitive" : "",
    };
    session->gate = competitive ? &session->project.competitive : &session->project.internal;
    enum tg_status status = tg_project_load(&session->project, &session->diags);
    enum tg_status named = tg_task_check_name(task, &session->diags);
    return status != TG_OK ? status : named;
}

void tg_task_close(struct tg_task_session *session)
{
    fflush(stdout); /* what was said comes before what went wrong with it */
    tg_print_diags(&session->diags, stderr);
    tg_diags_free(&session->diags);
    tg_project_free(&session->project);
    tg_arena_free(&session->arena);
}

const char *tg_task_when(int64_t unix_ms, const struct tg_git *git, struct tg_arena *arena)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc = {0};
    char stamp[32] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M UTC", &utc);
    if (!git->commit)
        return tg_arena_strdup(arena, stamp);
    return tg_arena_format(arena, "%s, commit %.12s%s", stamp, git->commit,
                           git->dirty ? " with changes" : "");
}

/* ---- competitors ---- */

/* The name of a competitor's file, without its ending. In `arena`. */
static const char *short_name(const struct tg_competitor *competitor, struct tg_arena *arena)
{
    const char *slash = strrchr(competitor->path, '/');
    const char *name = slash ? slash + 1 : competitor->path;
    return tg_arena_memdup(arena, name, strlen(name) - strlen(".toml"));
}

/* Keeps those that the project names, in its order. */
static enum tg_status choose(struct tg_task_session *session, struct tg_competitors *competitors)
{
    const struct tg_project *project = &session->project;
    struct tg_arena *arena = &competitors->arena;
    const char **names = tg_arena_array(arena, competitors->count, sizeof *names);
    struct tg_competitor *chosen = tg_arena_array(arena, project->competitor_count, sizeof *chosen);
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < competitors->count; i++)
        names[i] = short_name(&competitors->items[i], arena);
    for (size_t i = 0; i < project->competitor_count; i++) {
        const char *wanted = project->competitors[i];
        size_t at = 0;
        while (at < competitors->count && strcmp(names[at], wanted) != 0)
            at++;
        if (at < competitors->count) {
            chosen[i] = competitors->items[at];
            continue;
        }
        char *path = tg_path_join(project->root, TG_PROJECT_FILE);
        struct tg_diag *diag = tg_diag_error(&session->diags, (struct tg_place){.path = path},
                                             "there is no competitor \"%s\"", wanted);
        const char *nearest = tg_nearest_name(wanted, names, competitors->count);
        tg_diag_hint(diag, "did you mean \"%s\"? They are called after their files",
                     nearest ? nearest : names[0]);
        free(path);
        status = TG_INVALID;
    }
    competitors->items = chosen;
    competitors->count = project->competitor_count;
    return status;
}

enum tg_status tg_task_competitors(struct tg_task_session *session,
                                   struct tg_competitors *competitors)
{
    char *folder = tg_competitors_folder(session->project.root, NULL);
    enum tg_status status = TG_INVALID;
    if (!folder)
        tg_diag_hint(tg_diag_error(&session->diags, (struct tg_place){0},
                                   "there are no published figures of competitors"),
                     "put them into baselines/competitors/ of your project");
    else
        status = tg_competitors_load(folder, competitors, &session->diags);
    if (status == TG_OK && session->project.competitor_count > 0) {
        status = choose(session, competitors);
        if (status != TG_OK)
            tg_competitors_free(competitors);
    }
    free(folder);
    return status;
}
