/* What the query plans say: scans, sorts, indexes built on the fly, expectations missed. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "reports/findings/list.h"

/* The first step of the kind, or NULL. */
static const struct tg_plan_step *step_of(const struct tg_plan *plan, enum tg_step_kind kind)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].kind == kind)
            return &plan->steps[i];
    }
    return NULL;
}

static const char *object_of(const struct tg_plan_step *step, const char *otherwise)
{
    return step->table ? step->table : otherwise;
}

const char *tg_finding_bad_access(struct tg_finding_list *list, const struct tg_plan *plan,
                                  const char **code)
{
    const struct tg_plan_step *step;
    if ((step = step_of(plan, TG_STEP_TABLE_SCAN))) {
        *code = "table-scan";
        return tg_arena_format(list->arena, "reads every row of %s", object_of(step, "a table"));
    }
    if ((step = step_of(plan, TG_STEP_AUTO_INDEX))) {
        *code = "automatic-index";
        return tg_arena_format(list->arena, "builds an index on %s each time it runs",
                               object_of(step, "an intermediate result"));
    }
    if ((step = step_of(plan, TG_STEP_INDEX_SCAN))) {
        *code = "index-scan";
        return tg_arena_format(list->arena, "walks the whole index %s", step->index);
    }
    return NULL;
}

/* The SQL, and below it the plan in the engine's words. */
static const char *evidence_of(struct tg_finding_list *list,
                               const struct tg_coverage_statement *statement)
{
    struct tg_text text = {0};
    tg_text_addf(&text, "%s", statement->sql);
    for (size_t i = 0; i < statement->plan.step_count; i++)
        tg_text_addf(&text, "\n%s", statement->plan.steps[i].detail);
    const char *evidence = tg_arena_strdup(list->arena, tg_text_string(&text));
    tg_text_free(&text);
    return evidence;
}

/* What often helps where nothing was found that does: not tried, and so no more than advice. */
static const char *advice_for(const struct tg_coverage_statement *statement, const char *code)
{
    static const struct {
        const char *code, *advice;
    } advices[] = {
        {"table-scan",
         "an index on the columns that it is filtered or joined by may spare it the other rows; "
         "one that wants them all gets cheaper only by asking for less, or less often"},
        {"automatic-index", "create an index on the columns that it joins by"},
        {"index-scan",
         "an index that begins with the columns that it is filtered by may spare it the other "
         "entries; one that wants them all gets cheaper only by asking for less, or less often"},
        {"temporary-b-tree",
         "an index that goes on with the columns of ORDER BY or GROUP BY, behind those that it is "
         "filtered by, may give the rows in order"},
        {"plan-expectation",
         "change the statement or its indexes until the plan is the one that is expected, or the "
         "expectation where this plan is as good; tailgate plan shows it"},
    };
    if (statement && strcasestr(statement->sql, " offset "))
        return "go on from the last row of the page before rather than with OFFSET, which reads "
               "all that it skips";
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (strcmp(advices[i].code, code) == 0)
            return advices[i].advice;
    return NULL;
}

/* The best remedy: each was planned again before it was kept. `statement` may be NULL. */
static void set_remedy(struct tg_finding_list *list, struct tg_finding *finding,
                       const struct tg_coverage_statement *statement)
{
    if (!statement || statement->remedy_count == 0) {
        finding->remedy = advice_for(statement, finding->code);
        return;
    }
    const struct tg_remedy *remedy = &statement->remedies[0];
    struct tg_text plan = {0};
    for (size_t i = 0; i < remedy->plan.step_count; i++)
        tg_text_addf(&plan, "%s%s", i > 0 ? "; " : "", remedy->plan.steps[i].detail);
    finding->remedy = remedy->what;
    finding->sql = remedy->sql;
    finding->verified = true;
    finding->verification =
        tg_arena_format(list->arena, "planned again: %s", tg_text_string(&plan));
    tg_text_free(&plan);
}

static void find_in_statement(struct tg_finding_list *list, const struct tg_coverage *coverage,
                              const struct tg_coverage_statement *statement)
{
    const char *code = "temporary-b-tree";
    const char *access = tg_finding_bad_access(list, &statement->plan, &code);
    bool sorts = step_of(&statement->plan, TG_STEP_TEMP_BTREE) != NULL;
    if (!access && !sorts)
        return;
    /* To sort what an index has found costs by the rows found, not by those of the table. */
    struct tg_finding *finding =
        tg_finding_add(list, access ? TG_FINDING_MEDIUM : TG_FINDING_LOW, code);
    finding->where = tg_coverage_statement_name(coverage, statement, list->arena);
    finding->title =
        tg_arena_format(list->arena, "%s %s%s%s", finding->where, access ? access : "",
                        access && sorts ? " and " : "", sorts ? "sorts in a temporary B-tree" : "");
    finding->evidence = evidence_of(list, statement);
    set_remedy(list, finding, statement);
}

/* The one statement of the owner that has a plan; NULL: there are several, and a miss does not say
 * which it is of. */
static const struct tg_coverage_statement *only_statement_of(const struct tg_coverage *coverage,
                                                             const char *owner)
{
    const struct tg_coverage_statement *only = NULL;
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *statement = &coverage->statements[i];
        if (strcmp(statement->owner, owner) != 0 || statement->plan.step_count == 0)
            continue;
        if (only)
            return NULL;
        only = statement;
    }
    return only;
}

static void find_miss(struct tg_finding_list *list, const struct tg_coverage *coverage,
                      const struct tg_coverage_miss *miss)
{
    struct tg_finding *finding = tg_finding_add(list, TG_FINDING_HIGH, "plan-expectation");
    finding->where = miss->owner;
    finding->title = tg_arena_format(list->arena, "the plan of %s is not what the scenario expects",
                                     miss->owner);
    finding->evidence = miss->place.path && miss->place.line > 0
                            ? tg_arena_format(list->arena, "%s:%d:%d: %s", miss->place.path,
                                              miss->place.line, miss->place.column, miss->message)
                            : miss->message;
    set_remedy(list, finding, only_statement_of(coverage, miss->owner));
}

void tg_find_in_plans(struct tg_finding_list *list, const struct tg_coverage *coverage)
{
    for (size_t i = 0; i < coverage->miss_count; i++)
        find_miss(list, coverage, &coverage->misses[i]);
    for (size_t i = 0; i < coverage->statement_count; i++)
        find_in_statement(list, coverage, &coverage->statements[i]);
}
