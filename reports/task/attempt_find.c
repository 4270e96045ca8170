/* Which `tailgate after` speaks for a task. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "baselines/comparison_store.h"
#include "baselines/result_store.h"
#include "reports/task/attempt.h"

const char *tg_attempt_option(const struct tg_task_key *key)
{
    return key->competitive ? " --competitive" : "";
}

const char *tg_attempt_when(int64_t unix_ms, const struct tg_git *git, struct tg_arena *arena)
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

/* Those against the before side as it is stored now: *count of them, oldest first. */
static enum tg_status read_attempts(const struct tg_attempt_source *source,
                                    struct tg_task_before *before,
                                    struct tg_task_attempt **attempts, size_t *count)
{
    size_t all;
    enum tg_status status = tg_task_read_before(&source->key, source->arena, before, source->diags);
    if (status == TG_OK)
        status = tg_task_read_attempts(&source->key, source->arena, attempts, &all, source->diags);
    if (status != TG_OK)
        return status;
    size_t of_this = 0;
    while (of_this < all && strcmp((*attempts)[all - 1 - of_this].bundle, before->bundle) == 0)
        of_this++;
    if (of_this == 0) {
        const char *missing =
            all == 0 ? "has no after yet" : "has a new before, which nothing was compared with yet";
        tg_diag_hint(tg_diag_error(source->diags, (struct tg_place){0}, "task \"%s\" %s",
                                   source->key.task, missing),
                     "run `tailgate after %s%s` with the changed code", source->key.task,
                     tg_attempt_option(&source->key));
        return TG_INVALID;
    }
    *attempts += all - of_this;
    *count = of_this;
    return TG_OK;
}

void tg_attempt_free(struct tg_attempt *attempt)
{
    tg_result_free(attempt->result);
    tg_comparison_free(attempt->comparison);
    *attempt = (struct tg_attempt){0};
}

/* Frees what *attempt held. A damaged file is named, and what to do about it. */
static enum tg_status load(const struct tg_attempt_source *source,
                           const struct tg_task_before *before,
                           const struct tg_task_attempt *stored, struct tg_attempt *attempt)
{
    tg_attempt_free(attempt);
    attempt->before = before;
    char *path = NULL;
    enum tg_status status =
        tg_store_load(source->key.home, stored->result, &attempt->result, source->diags);
    if (status == TG_OK && !attempt->result->id)
        attempt->result->id = stored->result;
    if (status == TG_OK && stored->comparison) {
        status = tg_comparison_find(source->key.home, stored->comparison, &path, source->diags);
        if (status == TG_OK)
            status = tg_comparison_read(path, &attempt->comparison, source->diags);
        free(path);
    }
    if (status != TG_OK)
        tg_diag_hint(tg_diag_add(source->diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                                 "so the verdict on task \"%s\" cannot be shown", source->key.task),
                     "restore the file, or run `tailgate after %s%s` again", source->key.task,
                     tg_attempt_option(&source->key));
    return status;
}

/* By its user: a store that died has told something. */
static bool interrupted(const struct tg_attempt *attempt)
{
    const struct tg_result *result = attempt->result;
    if (attempt->comparison)
        return attempt->comparison->end == TG_END_INTERRUPTED;
    bool any = false;
    for (size_t i = 0; i < result->phase_count; i++)
        any = any || result->phases[i].interrupted;
    return any && !result->crash;
}

/* In `arena`; NULL: it was not kept. */
static const char *variant_of(const struct tg_attempt *attempt, struct tg_arena *arena)
{
    const char *bundle = attempt->comparison ? attempt->comparison->sides[TG_AFTER].bundle : NULL;
    return bundle ? tg_arena_strdup(arena, bundle) : NULL;
}

/* Loads the newest of them that was judged; where none was, the newest that has a result. *shown is
 * its number, `count`: there is none. *variant is that of the very newest, as far as it is known.
 */
static enum tg_status load_judged(const struct tg_attempt_source *source,
                                  const struct tg_task_before *before,
                                  const struct tg_task_attempt *attempts, size_t count,
                                  struct tg_attempt *attempt, size_t *shown, const char **variant)
{
    *shown = count;
    *variant = NULL;
    for (size_t at = count; at-- > 0;) {
        if (!attempts[at].result)
            continue;
        if (*shown == count)
            *shown = at;
        enum tg_status status = load(source, before, &attempts[at], attempt);
        if (status != TG_OK)
            return status;
        if (at == count - 1)
            *variant = variant_of(attempt, source->arena);
        if (!interrupted(attempt)) {
            *shown = at;
            return TG_OK;
        }
    }
    return *shown < count ? load(source, before, &attempts[*shown], attempt) : TG_OK;
}

/* Why it has no result. */
static const char *reason_of(const struct tg_task_attempt *attempt)
{
    return attempt->reason ? attempt->reason : "it has not ended, or was killed";
}

static enum tg_status say_none_ended(const struct tg_attempt_source *source,
                                     const struct tg_task_attempt *newest)
{
    tg_diag_hint(
        tg_diag_error(source->diags, (struct tg_place){0},
                      "no after of task \"%s\" has a result; the newest (%s): %s", source->key.task,
                      tg_attempt_when(newest->started_unix_ms, &newest->git, source->arena),
                      reason_of(newest)),
        "run `tailgate after %s%s` again", source->key.task, tg_attempt_option(&source->key));
    return TG_INVALID;
}

enum tg_status tg_attempt_load(const struct tg_attempt_source *source, struct tg_attempt *attempt)
{
    struct tg_arena *arena = source->arena;
    struct tg_task_before *before = tg_arena_alloc(arena, sizeof *before);
    struct tg_task_attempt *attempts;
    const char *variant;
    size_t count, shown;
    *attempt = (struct tg_attempt){0};
    enum tg_status status = read_attempts(source, before, &attempts, &count);
    if (status == TG_OK)
        status = load_judged(source, before, attempts, count, attempt, &shown, &variant);
    if (status != TG_OK)
        return status;
    const struct tg_task_attempt *newest = &attempts[count - 1];
    if (shown == count)
        return say_none_ended(source, newest);
    if (shown == count - 1)
        return TG_OK;
    const char *judged = variant_of(attempt, arena);
    struct tg_newer_attempt *newer = tg_arena_alloc(arena, sizeof *newer);
    *newer = (struct tg_newer_attempt){
        .result = newest->result,
        .reason = newest->result ? NULL : reason_of(newest),
        .when = tg_attempt_when(newest->started_unix_ms, &newest->git, arena),
        .same_variant = variant && judged && strcmp(variant, judged) == 0,
    };
    attempt->newer = newer;
    return TG_OK;
}
