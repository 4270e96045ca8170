#include "runner/drive/coverage.h"

#include <assert.h>
#include <string.h>

static const char *const KIND_NAMES[] = {
    [TG_STEP_OTHER] = "other",
    [TG_STEP_SEARCH] = "search",
    [TG_STEP_COVERING_SEARCH] = "covering search",
    [TG_STEP_INDEX_SCAN] = "index scan",
    [TG_STEP_TABLE_SCAN] = "table scan",
    [TG_STEP_AUTO_INDEX] = "automatic index",
    [TG_STEP_TEMP_BTREE] = "temporary B-tree",
};

const char *tg_step_kind_name(enum tg_step_kind kind)
{
    assert((size_t)kind < sizeof KIND_NAMES / sizeof KIND_NAMES[0]);
    return KIND_NAMES[kind];
}

enum tg_step_kind tg_plan_worst(const struct tg_plan *plan)
{
    /* from harmless to bad */
    static const int RANK[] = {
        [TG_STEP_OTHER] = 0,      [TG_STEP_COVERING_SEARCH] = 1, [TG_STEP_SEARCH] = 2,
        [TG_STEP_TEMP_BTREE] = 3, [TG_STEP_INDEX_SCAN] = 4,      [TG_STEP_AUTO_INDEX] = 5,
        [TG_STEP_TABLE_SCAN] = 6,
    };
    enum tg_step_kind worst = TG_STEP_OTHER;
    for (size_t i = 0; i < plan->step_count; i++) {
        if (RANK[plan->steps[i].kind] > RANK[worst])
            worst = plan->steps[i].kind;
    }
    return worst;
}

const char *tg_coverage_statement_name(const struct tg_coverage *coverage,
                                       const struct tg_coverage_statement *s,
                                       struct tg_arena *arena)
{
    bool several = s->number > 1;
    for (size_t i = 0; i < coverage->statement_count && !several; i++)
        several = coverage->statements[i].number > 1 && coverage->statements[i].query == s->query &&
                  strcmp(coverage->statements[i].owner, s->owner) == 0;
    return several ? tg_arena_format(arena, "%s #%zu", s->owner, s->number) : s->owner;
}

/* ---- collecting ---- */

struct collector {
    const struct tg_scenario *scenario;
    const struct tg_engine *engine;
    void *session;
    bool with_remedies;
    struct tg_arena *arena;
    struct tg_coverage *coverage;
    struct tg_diags *diags;
};

static bool worth_a_remedy(const struct tg_plan *plan)
{
    enum tg_step_kind worst = tg_plan_worst(plan);
    return worst == TG_STEP_TABLE_SCAN || worst == TG_STEP_INDEX_SCAN ||
           worst == TG_STEP_AUTO_INDEX || worst == TG_STEP_TEMP_BTREE;
}

static enum tg_status collect_statement(struct collector *c, struct tg_place place,
                                        struct tg_coverage_statement *statement)
{
    enum tg_status status =
        c->engine->explain(c->session, statement->sql, place, c->arena, &statement->plan, c->diags);
    if (status != TG_OK || !c->with_remedies || !c->engine->remedies ||
        !worth_a_remedy(&statement->plan))
        return status;
    struct tg_list list = {0};
    status = c->engine->remedies(c->session, statement->sql, place, c->arena, &list, c->diags);
    statement->remedies = list.items;
    statement->remedy_count = list.count;
    return status;
}

static enum tg_status collect_statements(struct collector *c)
{
    const struct tg_scenario *scenario = c->scenario;
    struct tg_coverage *coverage = c->coverage;
    size_t most = scenario->query_count;
    for (size_t i = 0; i < scenario->op_count; i++)
        most += scenario->ops[i].engine.statement_count;
    coverage->statements = tg_arena_array(c->arena, most, sizeof *coverage->statements);
    enum tg_status worst = TG_OK, status;
    for (size_t i = 0; i < scenario->op_count; i++) {
        const struct tg_engine_op *op = &scenario->ops[i].engine;
        for (size_t j = 0; j < op->statement_count; j++) {
            struct tg_coverage_statement *s = &coverage->statements[coverage->statement_count++];
            *s = (struct tg_coverage_statement){
                .owner = tg_arena_strdup(c->arena, scenario->ops[i].name),
                .number = j + 1,
                .sql = tg_arena_strdup(c->arena, op->statements[j])};
            if ((status = collect_statement(c, op->statement_places[j], s)) != TG_OK)
                worst = status;
        }
    }
    for (size_t i = 0; i < scenario->query_count; i++) {
        const struct tg_query *query = &scenario->queries[i];
        struct tg_coverage_statement *s = &coverage->statements[coverage->statement_count++];
        *s = (struct tg_coverage_statement){.owner = tg_arena_strdup(c->arena, query->name),
                                            .query = true,
                                            .number = 1,
                                            .sql = tg_arena_strdup(c->arena, query->sql)};
        if ((status = collect_statement(c, query->sql_place, s)) != TG_OK)
            worst = status;
    }
    return worst;
}

static bool plan_uses(const struct tg_plan *plan, const char *index)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].index && strcmp(plan->steps[i].index, index) == 0)
            return true;
    }
    return false;
}

static enum tg_status collect_indexes(struct collector *c)
{
    struct tg_coverage *coverage = c->coverage;
    struct tg_list list = {0};
    if (!c->engine->indexes)
        return TG_OK;
    enum tg_status status = c->engine->indexes(c->session, c->arena, &list, c->diags);
    if (status != TG_OK)
        return status;
    const struct tg_index_info *infos = list.items;
    coverage->indexes = tg_arena_array(c->arena, list.count, sizeof *coverage->indexes);
    coverage->index_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        coverage->indexes[i].info = infos[i];
        for (size_t j = 0; j < coverage->statement_count; j++)
            coverage->indexes[i].users += plan_uses(&coverage->statements[j].plan, infos[i].name);
    }
    return TG_OK;
}

/* ---- expectations ---- */

struct expectation { /* of one operation or query, over the plans of its statements */
    struct collector *collector;
    const struct tg_plan_expect *expect;
    const struct tg_coverage_statement *statements;
    size_t count;
};

static void add_miss(struct expectation *e, const char *message)
{
    struct tg_coverage *coverage = e->collector->coverage;
    struct tg_place place = e->expect->place;
    if (place.path)
        place.path = tg_arena_strdup(e->collector->arena, place.path);
    coverage->misses[coverage->miss_count++] = (struct tg_coverage_miss){
        .owner = e->statements[0].owner, .message = message, .place = place};
}

/* "expects ..., but ... (statement 2): DETAIL", for the first step of kind `kind`. */
static bool expect_none(struct expectation *e, enum tg_step_kind kind, const char *expected)
{
    for (size_t i = 0; i < e->count; i++) {
        const struct tg_plan *plan = &e->statements[i].plan;
        for (size_t j = 0; j < plan->step_count; j++) {
            if (plan->steps[j].kind != kind)
                continue;
            struct tg_arena *arena = e->collector->arena;
            const char *which =
                e->count > 1 ? tg_arena_format(arena, " of statement %zu", e->statements[i].number)
                             : "";
            add_miss(e, tg_arena_format(arena, "expects no %s, the plan%s has: %s", expected, which,
                                        plan->steps[j].detail));
            return false;
        }
    }
    return true;
}

/* What the plans use in place of the index that was expected. */
static const char *used_instead(const struct expectation *e)
{
    struct tg_arena *arena = e->collector->arena;
    const char *used = NULL, *last = NULL;
    for (size_t i = 0; i < e->count; i++) {
        const struct tg_plan *plan = &e->statements[i].plan;
        for (size_t j = 0; j < plan->step_count; j++) {
            const char *index = plan->steps[j].index;
            if (!index || (last && strcmp(index, last) == 0))
                continue;
            used = used ? tg_arena_format(arena, "%s and %s", used, index) : index;
            last = index;
        }
    }
    for (size_t i = 0; i < e->count && !used; i++) {
        if (e->statements[i].plan.step_count > 0)
            used = tg_arena_format(arena, "no index: %s", e->statements[i].plan.steps[0].detail);
    }
    return used ? used : "none";
}

static void expect_index(struct expectation *e)
{
    const struct tg_coverage *coverage = e->collector->coverage;
    for (size_t i = 0; i < e->count; i++) {
        if (plan_uses(&e->statements[i].plan, e->expect->index))
            return;
    }
    bool exists = !e->collector->engine->indexes;
    for (size_t i = 0; i < coverage->index_count; i++)
        exists = exists || strcmp(coverage->indexes[i].info.name, e->expect->index) == 0;
    add_miss(e, tg_arena_format(e->collector->arena, "expects index %s%s, the plan uses %s",
                                e->expect->index, exists ? "" : " (there is no such index)",
                                used_instead(e)));
}

static void check_expectation(struct expectation *e)
{
    const struct tg_plan_expect *expect = e->expect;
    if (!expect->given || e->count == 0)
        return;
    if (expect->index)
        expect_index(e);
    if (expect->scan == 0) {
        if (expect_none(e, TG_STEP_TABLE_SCAN, "scan"))
            expect_none(e, TG_STEP_INDEX_SCAN, "scan");
    } else if (expect->table_scan == 0) {
        expect_none(e, TG_STEP_TABLE_SCAN, "table scan");
    }
    if (expect->temp_btree == 0)
        expect_none(e, TG_STEP_TEMP_BTREE, "temporary B-tree");
    if (expect->auto_index == 0)
        expect_none(e, TG_STEP_AUTO_INDEX, "automatic index");
}

static void check_expectations(struct collector *c)
{
    enum { MOST_PER_OWNER = 4 };
    const struct tg_scenario *scenario = c->scenario;
    size_t owners = scenario->op_count + scenario->query_count, at = 0;
    c->coverage->misses =
        tg_arena_array(c->arena, MOST_PER_OWNER * owners, sizeof *c->coverage->misses);
    for (size_t i = 0; i < owners; i++) {
        bool op = i < scenario->op_count;
        struct expectation e = {
            .collector = c,
            .expect = op ? &scenario->ops[i].plan : &scenario->queries[i - scenario->op_count].plan,
            .statements = &c->coverage->statements[at],
            .count = op ? scenario->ops[i].engine.statement_count : 1,
        };
        check_expectation(&e);
        at += e.count;
    }
}

enum tg_status tg_coverage_collect(const struct tg_scenario *scenario, void *session,
                                   bool with_remedies, struct tg_arena *arena,
                                   struct tg_coverage *coverage, struct tg_diags *diags)
{
    *coverage = (struct tg_coverage){0};
    struct collector c = {.scenario = scenario,
                          .engine = scenario->engine,
                          .session = session,
                          .with_remedies = with_remedies,
                          .arena = arena,
                          .coverage = coverage,
                          .diags = diags};
    if (!c.engine->explain) {
        tg_diag_error(diags, (struct tg_place){.path = scenario->path},
                      "the %s engine has no query plans", c.engine->kind);
        return TG_INVALID;
    }
    enum tg_status status = collect_statements(&c);
    if (status == TG_OK)
        status = collect_indexes(&c);
    if (status == TG_OK && with_remedies)
        status = tg_coverage_try_indexes(c.engine, session, arena, coverage, diags);
    if (status == TG_OK)
        check_expectations(&c);
    return status;
}
