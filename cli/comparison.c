#include "cli/comparison.h"

#include <stdio.h>

#include "cli/cli.h"
#include "reports/gate/gate_json.h"
#include "reports/gate/gate_log.h"
#include "reports/gate/gate_text.h"

static void add_json(const struct tg_gate_view *view, struct tg_text *out)
{
    cJSON *document = tg_gate_to_json(view);
    out->data = tg_json_print(document);
    cJSON_Delete(document);
}

bool tg_log_comparison(const struct tg_gate_view *view, const char *path)
{
    struct tg_diags diags = {0};
    bool added;
    enum tg_status status = tg_gate_log_append(path, view, &added, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    if (status == TG_OK)
        fprintf(stderr, "%s: %s\n", path,
                added ? "added this comparison" : "has this comparison already");
    return status == TG_OK;
}

void tg_note_overrides(struct tg_comparison *comparison, enum tg_side side,
                       const struct tg_overrides *overrides)
{
    comparison->sides[side].overrides = tg_overrides_texts(overrides, &comparison->arena);
    comparison->sides[side].override_count = overrides->count;
}

void tg_note_surroundings(struct tg_comparison *comparison, struct tg_host *host)
{
    struct tg_git git;
    tg_host_read(&comparison->arena, host);
    tg_git_read(&comparison->arena, &git);
    comparison->git_commit = git.commit;
    comparison->git_dirty = git.dirty;
}

int tg_print_view(struct tg_gate_view *view, const struct tg_show *show)
{
    struct tg_text text = {0};
    view->stored = show->stored;
    view->details = show->details;
    view->detail_count = show->detail_count;
    view->positions = show->positions;
    view->position_count = show->position_count;
    bool logged = !show->log || tg_log_comparison(view, show->log);
    /* A verdict that is bad news already stays it. */
    if ((show->not_stored || !logged) && view->exit_code == TG_EXIT_PASS)
        view->exit_code = TG_EXIT_ERROR;
    if (show->json)
        add_json(view, &text);
    else
        tg_report_gate(view, tg_terminal_columns(), tg_use_color(stdout), &text);
    if (show->log && !show->json) {
        tg_text_add(&text, "\n");
        tg_gate_commit_line(view, &text);
    }
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
    return view->exit_code;
}

int tg_print_comparison(const struct tg_comparison *comparison, const struct tg_show *show)
{
    struct tg_arena arena = {0};
    struct tg_judgement judgement = tg_comparison_judge(comparison, &arena);
    struct tg_gate_view view =
        tg_gate_view_make(comparison, &judgement, show->allow_inconclusive, &arena);
    int exit_code = tg_print_view(&view, show);
    tg_arena_free(&arena);
    return exit_code;
}
