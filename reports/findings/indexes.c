/* Indexes that cost every write and that no query needs. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "reports/findings/list.h"

/* "unique (id), used by 3 statements" */
static const char *describe(struct tg_finding_list *list, const struct tg_coverage_index *index)
{
    const struct tg_index_info *info = &index->info;
    return tg_arena_format(list->arena, "%s on %s%s (%s)%s%s; used by %zu statement%s", info->name,
                           info->table, info->unique ? ", unique" : "", info->columns,
                           info->where ? " WHERE " : "", info->where ? info->where : "",
                           index->users, tg_plural(index->users, "s"));
}

/* The index that takes its place in the plan of `change`; NULL: no single one does. */
static const char *replacement(const struct tg_coverage_index *index,
                               const struct tg_coverage_change *change)
{
    const char *name = NULL;
    for (size_t i = 0; i < change->plan.step_count; i++) {
        const struct tg_plan_step *step = &change->plan.steps[i];
        if (step->index && step->table && strcmp(step->table, index->info.table) == 0)
            name = step->index;
    }
    return name;
}

static const char *verification(struct tg_finding_list *list, const struct tg_coverage *coverage,
                                const struct tg_coverage_index *index)
{
    struct tg_text text = {0};
    size_t planned = 0;
    for (size_t i = 0; i < coverage->statement_count; i++)
        planned += coverage->statements[i].plan.step_count > 0;
    tg_text_addf(&text, "all %zu statements were planned again without it: ", planned);
    if (index->change_count == 0)
        tg_text_add(&text,
                    index->trial == TG_INDEX_SPARE ? "no plan changes" : "one of them cannot be");
    for (size_t i = 0; i < index->change_count; i++) {
        const struct tg_coverage_change *change = &index->changes[i];
        const char *name = replacement(index, change);
        tg_text_addf(&text, "%s%s", i > 0 ? "; " : "", change->owner);
        if (index->trial == TG_INDEX_SPARE && name)
            tg_text_addf(&text, " uses %s in the same way", name);
        for (size_t j = 0; index->trial == TG_INDEX_NEEDED && j < change->plan.step_count; j++)
            tg_text_addf(&text, "%s%s", j > 0 ? ", " : " becomes ", change->plan.steps[j].detail);
    }
    if (index->trial == TG_INDEX_SPARE && index->change_count > 0)
        tg_text_add(&text, "; no other plan changes");
    const char *copy = tg_arena_strdup(list->arena, tg_text_string(&text));
    tg_text_free(&text);
    return copy;
}

/* What removing it showed, below what the finding says already. */
static void add_trial(struct tg_finding_list *list, const struct tg_coverage *coverage,
                      const struct tg_coverage_index *index, struct tg_finding *finding)
{
    if (index->trial == TG_INDEX_NOT_TRIED)
        return;
    finding->verified = true;
    finding->verification = verification(list, coverage, index);
    if (index->trial == TG_INDEX_SPARE) {
        finding->sql = index->info.drop;
        return;
    }
    finding->severity = TG_FINDING_INFO;
    finding->remedy = "keep it: a plan needs it";
}

static void find_repeated(struct tg_finding_list *list, const struct tg_coverage *coverage,
                          const struct tg_coverage_index *index)
{
    const struct tg_index_info *info = &index->info;
    const char *other = index->duplicate_of
                            ? index->duplicate_of
                            : tg_arena_format(list->arena, "the key of %s", info->table);
    struct tg_finding *finding = index->longer
                                     ? tg_finding_add(list, TG_FINDING_LOW, "redundant-index")
                                     : tg_finding_add(list, TG_FINDING_MEDIUM, "duplicate-index");
    finding->where = tg_arena_format(list->arena, "%s on %s", info->name, info->table);
    finding->title = tg_arena_format(list->arena,
                                     index->longer ? "the index %s is the beginning of %s"
                                                   : "the index %s repeats %s",
                                     info->name, other);
    finding->evidence = describe(list, index);
    finding->remedy =
        tg_arena_format(list->arena, "remove it: %s serves whatever it serves%s", other,
                        info->unique ? ", and enforces the same uniqueness" : "");
    add_trial(list, coverage, index, finding);
}

static void find_unused(struct tg_finding_list *list, const struct tg_coverage *coverage,
                        const struct tg_coverage_index *index)
{
    const struct tg_index_info *info = &index->info;
    bool kept = info->unique || info->foreign_key;
    struct tg_finding *finding =
        tg_finding_add(list, kept ? TG_FINDING_INFO : TG_FINDING_LOW, "unused-index");
    finding->where = tg_arena_format(list->arena, "%s on %s", info->name, info->table);
    finding->title =
        tg_arena_format(list->arena, "no statement of the scenario uses the index %s", info->name);
    finding->evidence = describe(list, index);
    if (info->unique)
        finding->remedy = "it enforces uniqueness: remove it only where that is not needed";
    else if (info->foreign_key)
        finding->remedy = tg_arena_format(list->arena,
                                          "it serves the reference %s: without it, a row that is "
                                          "deleted there is looked for by a scan of %s",
                                          info->foreign_key, info->table);
    else
        finding->remedy = "remove it, unless something outside of the scenario needs it";
    add_trial(list, coverage, index, finding);
}

void tg_find_in_indexes(struct tg_finding_list *list, const struct tg_coverage *coverage)
{
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        if (index->info.automatic)
            continue;
        if (index->duplicate_of || index->info.repeats_key)
            find_repeated(list, coverage, index);
        else if (index->users == 0)
            find_unused(list, coverage, index);
    }
}
