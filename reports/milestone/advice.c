/* Recommendations: those of the file, and what the tool found and tried, by priority. */
#include <stdlib.h>

#include "reports/milestone/model.h"

/* What is about the measurement alone is no advice about the store. */
static const char *const priorities[TG_FINDING_SEVERITIES] = {
    [TG_FINDING_CRITICAL] = "P1", [TG_FINDING_HIGH] = "P2", [TG_FINDING_MEDIUM] = "P3",
    [TG_FINDING_LOW] = "P4",      [TG_FINDING_INFO] = NULL,
};

struct advice {
    struct tg_making *making;
    struct tg_milestone_advice *items;
    size_t count, room;
};

static void add(struct advice *advice, const struct tg_milestone_advice *one)
{
    for (size_t i = 0; i < advice->count; i++)
        if (strcmp(advice->items[i].text, one->text) == 0)
            return; /* the more urgent one is there already */
    advice->items = tg_arena_grown(advice->making->arena, advice->items, advice->count,
                                   &advice->room, sizeof *advice->items);
    advice->items[advice->count++] = *one;
}

/* How it was verified stands with the issue, in the validation report. */
static const char *text_of(const struct tg_finding *finding, size_t number, struct tg_arena *arena)
{
    return tg_arena_format(arena, "%s%s%s (verified, issue %zu)", finding->where,
                           *finding->where ? ": " : "", finding->remedy, number);
}

static void add_found(struct advice *advice, enum tg_finding_severity severity)
{
    const struct tg_findings *findings = &advice->making->milestone->findings;
    for (size_t i = 0; i < findings->count; i++) {
        const struct tg_finding *finding = &findings->items[i];
        if (finding->severity != severity || !finding->verified || !finding->remedy)
            continue;
        add(advice, &(struct tg_milestone_advice){
                        .priority = priorities[severity],
                        .text = text_of(finding, i + 1, advice->making->arena),
                        .by_tool = true,
                    });
    }
}

/* A criterion that is no must and not met is no condition, but not to be forgotten. */
static void add_unmet(struct advice *advice)
{
    const struct tg_milestone *milestone = advice->making->milestone;
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        if (criterion->must || criterion->status == TG_CRITERION_MET)
            continue;
        add(advice, &(struct tg_milestone_advice){
                        .priority = priorities[TG_FINDING_HIGH],
                        .text = tg_arena_format(
                            advice->making->arena, "%s the criterion \"%s\": %s",
                            criterion->status == TG_CRITERION_MISSED ? "Meet" : "Get the data for",
                            criterion->name, criterion->evidence),
                        .by_tool = true,
                    });
    }
}

void tg_milestone_add_advice(struct tg_making *making)
{
    const struct tg_milestone_file *file = making->file;
    struct advice advice = {.making = making};
    for (int severity = 0; priorities[severity]; severity++) {
        for (size_t i = 0; i < file->recommendation_count; i++)
            if (strcmp(file->recommendations[i].priority, priorities[severity]) == 0)
                add(&advice, &file->recommendations[i]);
        if (severity == TG_FINDING_HIGH)
            add_unmet(&advice);
        add_found(&advice, (enum tg_finding_severity)severity);
    }
    making->milestone->recommendations = advice.items;
    making->milestone->recommendation_count = advice.count;
}
