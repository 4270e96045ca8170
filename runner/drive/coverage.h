/* Index coverage: the plan of every statement of a scenario, the indexes there are, who uses them,
 * what the scenario expected, and remedies that were verified. Engine-independent: works on what
 * engine.h answers. */
#ifndef TG_RUNNER_DRIVE_COVERAGE_H
#define TG_RUNNER_DRIVE_COVERAGE_H

#include "common/json.h"
#include "runner/scenario/scenario.h"

struct tg_coverage_statement {
    const char *owner; /* operation or query name */
    bool query;        /* a [query.NAME], not an operation */
    size_t number;     /* 1-based statement number in the operation */
    const char *sql;
    struct tg_plan plan;
    struct tg_remedy *remedies;
    size_t remedy_count;
};

struct tg_coverage_change { /* a statement that is planned otherwise without an index */
    const char *owner;
    size_t number;
    struct tg_plan plan; /* without it */
};

enum tg_index_trial { /* what planning every statement again without an index showed */
                      TG_INDEX_NOT_TRIED, /* nothing speaks for removing it, or it cannot be tried
                                           */
                      TG_INDEX_SPARE,  /* no plan changes, but for the name of the index that takes
                                          its place */
                      TG_INDEX_NEEDED, /* a plan changes */
};

struct tg_coverage_index {
    struct tg_index_info info;
    size_t users; /* statements whose plan names it */
    /* Another index of the table that serves whatever this one serves: the same columns, with
     * `longer` and more behind them, and the same condition. NULL: none. */
    const char *duplicate_of;
    bool longer;
    /* Tried together with all others that turned out to be spare: all of them can go at once. */
    enum tg_index_trial trial;
    struct tg_coverage_change *changes;
    size_t change_count;
};

struct tg_coverage_miss { /* an expectation that the plan does not meet */
    const char *owner;
    const char *message; /* "expects index idx_x, the plan uses idx_y" */
    struct tg_place place;
};

struct tg_coverage {
    struct tg_coverage_statement *statements;
    size_t statement_count;
    struct tg_coverage_index *indexes;
    size_t index_count;
    struct tg_coverage_miss *misses;
    size_t miss_count;
};

/* Plans everything in one open session. `with_remedies` also looks for remedies, and tries which
 * indexes could go. A statement that has no plan (BEGIN, a pragma) is listed with zero steps.
 * *coverage lives in `arena`. TG_INVALID when the engine has no plans. */
enum tg_status tg_coverage_collect(const struct tg_scenario *scenario, void *session,
                                   bool with_remedies, struct tg_arena *arena,
                                   struct tg_coverage *coverage, struct tg_diags *diags) TG_CHECKED;

/* The worst step of a plan, in the order table scan, automatic index, index scan, temporary B-tree,
 * search, covering search; TG_STEP_OTHER for an empty plan. */
enum tg_step_kind tg_plan_worst(const struct tg_plan *plan);
/* "table scan", "covering search", ...; static. */
const char *tg_step_kind_name(enum tg_step_kind kind);

/* The owner, with the statement's number where it has several: "task_dequeue #2". The owner's own
 * text, or in `arena`. */
const char *tg_coverage_statement_name(const struct tg_coverage *coverage,
                                       const struct tg_coverage_statement *statement,
                                       struct tg_arena *arena);

/* Part of tg_coverage_collect: which indexes repeat another one, and what planning without them and
 * without those that no statement uses shows. */
enum tg_status tg_coverage_try_indexes(const struct tg_engine *engine, void *session,
                                       struct tg_arena *arena, struct tg_coverage *coverage,
                                       struct tg_diags *diags) TG_CHECKED;

/* Document part "coverage" of a result; docs/result.md. */
cJSON *tg_coverage_to_json(const struct tg_coverage *coverage);
/* False when `json` is not such a part. Texts are copied into `arena`. */
bool tg_coverage_from_json(const cJSON *json, struct tg_arena *arena, struct tg_coverage *coverage);
/* That of a worker's answer; one that cannot be read is an error. */
enum tg_status tg_coverage_take(const cJSON *answer, struct tg_arena *arena,
                                struct tg_coverage *coverage, struct tg_diags *diags) TG_CHECKED;

#endif
