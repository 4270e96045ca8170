#include "reports/compare/compare_view.h"

#include <string.h>

#include "baselines/result_json.h"
#include "reports/gate/gate_json.h"

static const char *host_line(const cJSON *json, struct tg_arena *arena)
{
    struct tg_host host;
    return json && tg_host_from_json(json, arena, &host) ? tg_host_line(&host, arena) : NULL;
}

const char *tg_compare_run_host(const struct tg_result *run, struct tg_arena *arena)
{
    cJSON *json = run->host_json ? cJSON_Parse(run->host_json) : NULL;
    const char *line = host_line(json, arena);
    cJSON_Delete(json);
    return line;
}

/* A bundle may be older than what the working directory holds. */
static struct tg_git commit_of(const struct tg_comparison *comparison, enum tg_side side)
{
    const struct tg_compared_side *variant = &comparison->sides[side];
    if (variant->commit)
        return (struct tg_git){.commit = variant->commit};
    if (variant->bundle)
        return (struct tg_git){0};
    return (struct tg_git){comparison->git_commit, comparison->git_dirty};
}

struct tg_compare_view tg_compare_view_make(const struct tg_comparison *comparison,
                                            bool allow_inconclusive, struct tg_arena *arena)
{
    struct tg_judgement judgement = tg_comparison_judge(comparison, arena);
    struct tg_compare_view view = {
        .gate = tg_gate_view_make(comparison, &judgement, allow_inconclusive, arena),
        .compared = true,
        .host = host_line(comparison->host, arena),
        .commits = {commit_of(comparison, TG_BEFORE), commit_of(comparison, TG_AFTER)},
    };
    /* The competitive margin is another one: what is beyond it has an exit code of its own. A
     * crash is no matter of margins. */
    if (view.gate.competitive && view.gate.bad && view.gate.end != TG_END_CRASHED)
        view.gate.exit_code = 2;
    return view;
}

bool tg_compare_is_stale(const struct tg_compare_view *view)
{
    return view->newer && !view->newer->same_variant;
}

const char *tg_compare_newer_text(const struct tg_compare_view *view, struct tg_arena *arena)
{
    const struct tg_newer_attempt *newer = view->newer;
    if (!newer)
        return NULL;
    if (!newer->result)
        return tg_arena_format(arena,
                               "The newest attempt (%s) has no result (%s); an earlier one is "
                               "shown, and a pass of it does not count here",
                               newer->when, newer->reason);
    return tg_arena_format(
        arena, "The newest attempt (%s, result %s) was interrupted; an earlier one is shown, of %s",
        newer->when, newer->result,
        newer->same_variant ? "the same variant"
                            : "another variant, and a pass of it does not count here");
}

static void add_newer(const struct tg_newer_attempt *newer, cJSON *json)
{
    cJSON *object = tg_json_add(json, "newer", newer ? tg_json_object() : cJSON_CreateNull());
    if (!newer)
        return;
    tg_json_add_string(object, "result", newer->result);
    tg_json_add_string(object, "reason", newer->reason);
    tg_json_add_bool(object, "same_variant", newer->same_variant);
}

static void add_run(const struct tg_result *run, cJSON *json)
{
    cJSON *object = tg_json_add(json, "run", tg_json_object());
    tg_json_add_string(object, "result", run->id);
    tg_json_add_string(object, "verdict", tg_verdict_name(run->verdict));
    cJSON *reasons = tg_json_add(object, "reasons", tg_json_array());
    for (size_t i = 0; i < run->reason_count; i++)
        tg_json_push(reasons, cJSON_CreateString(run->reasons[i]));
}

cJSON *tg_compare_to_json(const struct tg_compare_view *view)
{
    cJSON *json = tg_gate_to_json(&view->gate);
    if (view->run) {
        add_run(view->run, json);
        add_newer(view->newer, json);
    }
    return json;
}
