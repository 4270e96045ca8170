#include "reports/findings/list.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char *tg_finding_severity_name(enum tg_finding_severity severity)
{
    static const char *const names[] = {
        [TG_FINDING_CRITICAL] = "critical", [TG_FINDING_HIGH] = "high",
        [TG_FINDING_MEDIUM] = "medium",     [TG_FINDING_LOW] = "low",
        [TG_FINDING_INFO] = "info",
    };
    assert(severity < TG_FINDING_SEVERITIES);
    return names[severity];
}

struct tg_finding_limits tg_finding_limits_default(void)
{
    return (struct tg_finding_limits){.headroom = 1.2, .steal = 0.02, .wal_growth = 4};
}

struct tg_finding *tg_finding_add(struct tg_finding_list *list, enum tg_finding_severity severity,
                                  const char *code)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 16;
        struct tg_finding *grown = tg_arena_array(list->arena, list->capacity, sizeof *grown);
        if (list->count > 0)
            memcpy(grown, list->items, list->count * sizeof *grown);
        list->items = grown;
    }
    struct tg_finding *finding = &list->items[list->count++];
    *finding = (struct tg_finding){
        .code = code, .severity = severity, .evidence = "", .source = list->source};
    return finding;
}

/* By severity, and stable: insertion, as there are a few dozen at most. */
static void sort(struct tg_finding *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tg_finding finding = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].severity > finding.severity; at--)
            items[at] = items[at - 1];
        items[at] = finding;
    }
}

struct tg_findings tg_finding_list_end(struct tg_finding_list *list)
{
    sort(list->items, list->count);
    return (struct tg_findings){.items = list->items, .count = list->count};
}

const char *tg_finding_phase(struct tg_finding_list *list, const struct tg_phase_result *phase)
{
    return tg_arena_format(list->arena, "phase %s", phase->name);
}

struct tg_findings tg_findings_of_result(const struct tg_result *result,
                                         const struct tg_finding_limits *limits,
                                         struct tg_arena *arena)
{
    struct tg_finding_list list = {
        .arena = arena, .limits = limits, .source = result->id ? result->id : ""};
    tg_find_in_integrity(&list, result);
    tg_find_in_targets(&list, result);
    tg_find_in_errors(&list, result);
    if (result->has_coverage) {
        tg_find_in_plans(&list, &result->coverage);
        tg_find_in_indexes(&list, &result->coverage);
    }
    tg_find_in_settings(&list, result);
    tg_find_in_log(&list, result);
    tg_find_in_platform(&list, result);
    return tg_finding_list_end(&list);
}

struct tg_findings tg_findings_of_coverage(const struct tg_coverage *coverage, const char *source,
                                           struct tg_arena *arena)
{
    struct tg_finding_list list = {.arena = arena, .source = source};
    tg_find_in_plans(&list, coverage);
    tg_find_in_indexes(&list, coverage);
    return tg_finding_list_end(&list);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* What is grave is the same only where its figures are: two results that fall short are two. */
static bool same_finding(const struct tg_finding *a, const struct tg_finding *b)
{
    return same_text(a->code, b->code) && same_text(a->where, b->where) &&
           same_text(a->title, b->title) && same_text(a->remedy, b->remedy) &&
           same_text(a->sql, b->sql) &&
           (a->severity > TG_FINDING_HIGH || same_text(a->evidence, b->evidence));
}

static bool said_already(const struct tg_finding_list *list, const struct tg_finding *finding)
{
    for (size_t i = 0; i < list->count; i++) {
        if (same_finding(&list->items[i], finding))
            return true;
    }
    return false;
}

struct tg_findings tg_findings_join(const struct tg_findings *lists, size_t count,
                                    struct tg_arena *arena)
{
    struct tg_finding_list all = {.arena = arena};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < lists[i].count; j++) {
            const struct tg_finding *finding = &lists[i].items[j];
            if (!said_already(&all, finding))
                *tg_finding_add(&all, finding->severity, finding->code) = *finding;
        }
    }
    return tg_finding_list_end(&all);
}
