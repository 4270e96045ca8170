#include "cli/task.h"

#include <stdio.h>

#include "baselines/result_store.h"
#include "cli/cli.h"

enum tg_status tg_task_open(struct tg_task_session *session, const char *task, bool competitive)
{
    *session = (struct tg_task_session){
        .key = {.home = tg_store_home(), .task = task, .competitive = competitive},
    };
    session->option = tg_attempt_option(&session->key);
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

struct tg_attempt_source tg_task_source(struct tg_task_session *session)
{
    return (struct tg_attempt_source){
        .key = session->key,
        .root = session->project.root,
        .competitors = session->project.competitors,
        .competitor_count = session->project.competitor_count,
        .arena = &session->arena,
        .diags = &session->diags,
    };
}
