/* Indexes that could go: those that repeat another one, and those that no statement uses. Each is
 * tried: every statement is planned again without it. */
#include <string.h>
#include <strings.h>

#include "runner/drive/coverage.h"

/* ---- repetition ---- */

/* Does something rest on it that no other index does for it? */
static bool stays(const struct tg_coverage_index *index)
{
    return index->info.automatic || index->users > 0 || index->info.unique ||
           index->info.foreign_key;
}

static bool same_condition(const struct tg_index_info *a, const struct tg_index_info *b)
{
    return a->where == b->where || (a->where && b->where && strcmp(a->where, b->where) == 0);
}

/* Of two with the same columns the better one is kept: the automatic, the unique, the one in use,
 * the first. */
static bool gives_way(const struct tg_coverage_index *index, const struct tg_coverage_index *other)
{
    if (other->info.automatic || index->info.unique != other->info.unique)
        return other->info.automatic || other->info.unique;
    if ((index->users > 0) != (other->users > 0))
        return other->users > 0;
    return index > other;
}

/* Does `other` serve whatever `index` serves? */
static bool repeats(const struct tg_coverage_index *index, const struct tg_coverage_index *other,
                    bool *longer)
{
    const struct tg_index_info *a = &index->info, *b = &other->info;
    size_t length = strlen(a->columns);
    if (index == other || strcasecmp(a->table, b->table) != 0 || !same_condition(a, b) ||
        strncmp(a->columns, b->columns, length) != 0 || !stays(other))
        return false;
    *longer = b->columns[length] != '\0';
    if (*longer) /* a unique index of fewer columns enforces more */
        return !a->unique && strncmp(b->columns + length, ", ", 2) == 0;
    return (!a->unique || b->unique) && gives_way(index, other);
}

static void find_repetition(const struct tg_coverage *coverage, struct tg_coverage_index *index)
{
    for (size_t i = 0; i < coverage->index_count && !index->info.automatic; i++) {
        const struct tg_coverage_index *other = &coverage->indexes[i];
        bool longer;
        /* one with the same columns says it best */
        if (!repeats(index, other, &longer) || (index->duplicate_of && longer))
            continue;
        index->duplicate_of = other->info.name;
        index->longer = longer;
    }
}

/* ---- trials ---- */

struct trials {
    const struct tg_engine *engine;
    void *session;
    struct tg_arena *arena;
    struct tg_coverage *coverage;
    struct tg_diags *diags;
    const char **sql;      /* of every statement */
    struct tg_plan *plans; /* of the last trial */
    struct tg_plan *kept;  /* of the last one that was kept; first those of the store */
    const char **dropped;  /* those that are spare so far, and those on trial */
    size_t dropped_count;
};

static bool same_index(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Are two texts the same where each has the name of its index? */
static bool same_but_index(const struct tg_plan_step *a, const struct tg_plan_step *b)
{
    const char *name_a = a->index ? strstr(a->detail, a->index) : NULL;
    const char *name_b = b->index ? strstr(b->detail, b->index) : NULL;
    if (!name_a || !name_b)
        return strcmp(a->detail, b->detail) == 0;
    return name_a - a->detail == name_b - b->detail &&
           strncmp(a->detail, b->detail, (size_t)(name_a - a->detail)) == 0 &&
           strcmp(name_a + strlen(a->index), name_b + strlen(b->index)) == 0;
}

enum change { NO_CHANGE, OTHER_INDEX, OTHER_PLAN };

static enum change compare(const struct tg_plan *before, const struct tg_plan *after)
{
    enum change change = NO_CHANGE;
    if (before->step_count != after->step_count)
        return OTHER_PLAN;
    for (size_t i = 0; i < before->step_count; i++) {
        const struct tg_plan_step *a = &before->steps[i], *b = &after->steps[i];
        if (a->kind != b->kind || !same_but_index(a, b))
            return OTHER_PLAN;
        if (!same_index(a->index, b->index))
            change = OTHER_INDEX;
    }
    return change;
}

/* Plans everything without the `dropped` ones; the worst change, *possible as in engine.h. */
static enum tg_status plan_without(struct trials *t, enum change *worst, bool *possible)
{
    const struct tg_coverage *coverage = t->coverage;
    enum tg_status status = t->engine->without_indexes(t->session, t->dropped, t->dropped_count,
                                                       t->sql, coverage->statement_count, t->arena,
                                                       t->plans, possible, t->diags);
    *worst = NO_CHANGE;
    for (size_t i = 0; status == TG_OK && *possible && i < coverage->statement_count; i++) {
        enum change change = compare(&t->kept[i], &t->plans[i]);
        *worst = change > *worst ? change : *worst;
    }
    return status;
}

/* Notes the statements that are planned otherwise than now. */
static void note_changes(struct trials *t, struct tg_coverage_index *index)
{
    const struct tg_coverage *coverage = t->coverage;
    index->changes = tg_arena_array(t->arena, coverage->statement_count, sizeof *index->changes);
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *statement = &coverage->statements[i];
        if (compare(&t->kept[i], &t->plans[i]) == NO_CHANGE)
            continue;
        index->changes[index->change_count++] = (struct tg_coverage_change){
            .owner = statement->owner, .number = statement->number, .plan = t->plans[i]};
    }
}

/* Uniqueness has to be enforced, and a row of another table that goes is looked for here. */
static bool is_needed_anyway(const struct tg_coverage_index *index)
{
    bool repeated = index->duplicate_of || index->info.repeats_key;
    return index->info.automatic || !index->info.drop ||
           (!repeated && (index->info.unique || index->info.foreign_key));
}

static void keep_plans(struct trials *t)
{
    if (t->coverage->statement_count > 0)
        memcpy(t->kept, t->plans, t->coverage->statement_count * sizeof *t->kept);
}

/* One more, on top of those that are spare. */
static enum tg_status try_one(struct trials *t, struct tg_coverage_index *index)
{
    enum change worst;
    bool possible;
    t->dropped[t->dropped_count++] = index->info.name;
    enum tg_status status = plan_without(t, &worst, &possible);
    if (status == TG_OK && possible) {
        index->trial = worst == OTHER_PLAN ? TG_INDEX_NEEDED : TG_INDEX_SPARE;
        note_changes(t, index);
    }
    if (index->trial == TG_INDEX_SPARE)
        keep_plans(t);
    else
        t->dropped_count--;
    return status;
}

/* Those that no statement uses go all at once: as a rule nothing changes. */
static enum tg_status try_unused(struct trials *t)
{
    const struct tg_coverage *coverage = t->coverage;
    enum change worst = NO_CHANGE;
    bool possible = false;
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        if (index->users == 0 && !is_needed_anyway(index))
            t->dropped[t->dropped_count++] = index->info.name;
    }
    enum tg_status status = plan_without(t, &worst, &possible);
    bool spare = possible && worst == NO_CHANGE;
    if (!spare)
        t->dropped_count = 0;
    for (size_t i = 0; i < coverage->index_count && status == TG_OK; i++) {
        struct tg_coverage_index *index = &coverage->indexes[i];
        if (index->users > 0 || is_needed_anyway(index))
            continue;
        if (spare)
            index->trial = TG_INDEX_SPARE;
        else
            status = try_one(t, index);
    }
    return status;
}

static enum tg_status try_repeated(struct trials *t)
{
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < t->coverage->index_count && status == TG_OK; i++) {
        struct tg_coverage_index *index = &t->coverage->indexes[i];
        if (index->users > 0 && (index->duplicate_of || index->info.repeats_key) &&
            !is_needed_anyway(index))
            status = try_one(t, index);
    }
    return status;
}

enum tg_status tg_coverage_try_indexes(const struct tg_engine *engine, void *session,
                                       struct tg_arena *arena, struct tg_coverage *coverage,
                                       struct tg_diags *diags)
{
    for (size_t i = 0; i < coverage->index_count; i++)
        find_repetition(coverage, &coverage->indexes[i]);
    if (!engine->without_indexes)
        return TG_OK;
    struct trials t = {
        .engine = engine,
        .session = session,
        .arena = arena,
        .coverage = coverage,
        .diags = diags,
        .sql = tg_arena_array(arena, coverage->statement_count, sizeof *t.sql),
        .plans = tg_arena_array(arena, coverage->statement_count, sizeof *t.plans),
        .kept = tg_arena_array(arena, coverage->statement_count, sizeof *t.kept),
        .dropped = tg_arena_array(arena, coverage->index_count, sizeof *t.dropped),
    };
    for (size_t i = 0; i < coverage->statement_count; i++) {
        t.sql[i] = coverage->statements[i].sql;
        t.kept[i] = coverage->statements[i].plan;
    }
    /* With nothing dropped the plans have to be those of the store, or trials mean nothing. */
    enum change worst;
    bool possible;
    enum tg_status status = plan_without(&t, &worst, &possible);
    if (status != TG_OK || !possible || worst != NO_CHANGE)
        return status;
    status = try_unused(&t);
    return status == TG_OK ? try_repeated(&t) : status;
}
