/* The engine interface: the seam between the harness and a store under test. One file per engine,
 * one line in the registry (engine.c). The struct of functions is plain C data, so that a plugin
 * behind dlopen, a client library, or a program that speaks lines can stand behind it.
 *
 * Life of a store: open -> build (or files copied from a cached data set) -> sessions -> verify ->
 * close. A store is opened in the process that measures. Sessions are used by one thread each,
 * different sessions concurrently; everything else is called from one thread while no session
 * executes. */
#ifndef TG_RUNNER_ENGINE_ENGINE_H
#define TG_RUNNER_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"
#include "runner/workload/value.h"

#define TG_ENGINE_ABI 2 /* grows with every incompatible change of this header */

/* ---- what the scenario hands over; all borrowed, alive as long as the store ---- */

struct tg_setting { /* a store setting (for SQLite a pragma), as written in the scenario */
    const char *name;
    const char *value;
    struct tg_place place;
};

struct tg_script {    /* schema text */
    const char *path; /* for messages; as the user wrote it */
    const char *text;
};

struct tg_engine_op {
    const char *name;
    const char *const
        *statements; /* statement texts, run in order as one transaction when > 1 or batch > 1 */
    const struct tg_place *statement_places; /* one each, for messages */
    size_t statement_count;
    const char *const *params; /* names of the arguments, in the order they are passed */
    const char *const
        *returned; /* per param: column of an earlier statement's row that fills it, or NULL */
    size_t param_count;
    uint32_t batch; /* >= 1: the statements run this many times, each with its own arguments */
    bool immediate; /* the transaction takes its write lock at once */
    struct tg_place place;
};

struct tg_store_spec {
    const char *library;  /* of the store, as dlopen takes it; NULL: the engine's default */
    const char *database; /* as the engine understands it; for SQLite ":memory:" or a file name.
                             NULL: default */
    const char *folder;   /* where the store keeps its files: an existing folder of its own */
    const struct tg_setting *settings;
    size_t setting_count;
    const struct tg_setting
        *options; /* what the engine reads beyond settings: its own keys of [engine] */
    size_t option_count;
    const struct tg_script *schema;
    size_t schema_count;
    const struct tg_engine_op *ops;
    size_t op_count;
};

/* Rows to load into one table, asked for one by one. */
struct tg_row_source {
    const char *table;
    const char *const *columns;
    size_t column_count;
    uint64_t rows;
    /* Fills column_count values for row `index`; they live until the next call. */
    void (*row)(void *context, uint64_t index, struct tg_value *values);
    void *context;
};

/* ---- what an engine answers ---- */

struct tg_outcome {   /* of one operation */
    int error;        /* 0: success; else the engine's own code, see error_name */
    uint32_t retries; /* waits for a lock and transactions run again */
    int64_t rows;     /* rows that the statements returned plus, for those that return none, rows
                         changed;     of the last statement of the last batch row */
};

enum tg_step_kind {
    TG_STEP_OTHER,
    TG_STEP_SEARCH,          /* search through an index or the key */
    TG_STEP_COVERING_SEARCH, /* search answered by the index alone */
    TG_STEP_INDEX_SCAN,      /* whole index walked */
    TG_STEP_TABLE_SCAN,      /* whole table walked */
    TG_STEP_AUTO_INDEX,      /* an index built for this query and thrown away */
    TG_STEP_TEMP_BTREE,      /* sort or distinct in a temporary structure */
};

struct tg_plan_step {
    enum tg_step_kind kind;
    int id, parent;     /* of the engine's tree; parent 0 is the root */
    const char *table;  /* name of the table (alias resolved where the engine can), or NULL */
    const char *index;  /* name of the index, or NULL (a search by primary key has none) */
    const char *detail; /* the engine's own words */
};

struct tg_plan {
    struct tg_plan_step *steps;
    size_t step_count;
};

struct tg_index_info {
    const char *table;
    const char *name;
    const char *columns; /* "status, last_update_time DESC" */
    const char *where;   /* condition of a partial index, or NULL */
    bool unique;
    bool automatic;   /* made by the store for a constraint, not by a statement of the user */
    bool repeats_key; /* its one column is the key that the table itself is ordered by */
    const char *foreign_key; /* "session_id -> sessions": the reference whose column it begins with,
                                and serves when a row of the other table goes; NULL: none */
    const char *drop;        /* the statement that removes it; NULL: automatic */
};

struct tg_remedy {       /* a change that was tried and found to help */
    const char *what;    /* one sentence */
    const char *sql;     /* the rewritten query or the statement to add */
    struct tg_plan plan; /* the plan with the remedy in place, as verified */
};

struct tg_named_value {
    const char *name;
    const char *value;
};

struct tg_setting_state {
    const char *name;
    const char *requested; /* NULL: not asked for by the scenario */
    const char *actual;    /* as read back from the store */
};

struct tg_list { /* of whatever the function says; lives in the arena that was passed */
    void *items;
    size_t count;
};

struct tg_engine {
    uint32_t abi;
    const char *kind;            /* as in engine.kind */
    const char *summary;         /* one line for `tailgate engines` */
    const char *default_library; /* NULL: needs none */
    bool files; /* the data set lives in files of the store's folder and can be copied there */
    const char *const
        *options; /* keys of [engine] it reads beyond kind, library, database, pragma, schema */
    size_t option_count;
    bool takes_sql;         /* its statements are SQL with :name parameters */
    const char *log_suffix; /* how the names of its write-ahead logs in the store's folder end;
                               NULL: it has none, or they cannot be told */

    /* Loads the library and opens the store. With `build`, the database is made from scratch
     * (schema without its indexes); else the files are there. Settings are applied and read back:
     * one that did not take is an error at its place. */
    enum tg_status (*open)(const struct tg_store_spec *spec, bool build, void **store,
                           struct tg_diags *diags);
    /* After open with build: loads the rows, then makes the indexes and triggers of the schema,
     * checks what was loaded (foreign keys), leaves the files in a state that can be copied. */
    enum tg_status (*build)(void *store, const struct tg_row_source *sources, size_t count,
                            struct tg_diags *diags);
    /* One connection, every operation prepared. */
    enum tg_status (*session_open)(void *store, void **session, struct tg_diags *diags);
    /* Runs operation `op` with batch * param_count `args`. The measured call: allocates nothing of
     * its own. */
    void (*execute)(void *session, uint32_t op, const struct tg_value *args,
                    struct tg_outcome *outcome);
    /* Text of the last failure in this session; borrowed, until the next execute. */
    const char *(*error_text)(void *session);
    /* Name of an error code ("SQLITE_BUSY"); static. */
    const char *(*error_name)(int code);
    void (*session_close)(void *session);
    /* Integrity of the data after a run: every violation is an error in `diags`, and TG_STORE is
     * returned. */
    enum tg_status (*verify)(void *store, struct tg_diags *diags);
    void (*close)(void *store);

    /* What the store says of itself. Any of these may be NULL: the engine has no such thing. */
    /* struct tg_named_value: "version" and "library" (its path) where there are such, and what else
     * tells one build from another. */
    enum tg_status (*describe)(void *store, struct tg_arena *arena, struct tg_list *facts,
                               struct tg_diags *diags);
    /* struct tg_setting_state: every requested setting and the ones that matter to performance. */
    enum tg_status (*settings)(void *store, struct tg_arena *arena, struct tg_list *states,
                               struct tg_diags *diags);
    /* Do both say the same about a setting? NORMAL and 1, wal and WAL. NULL: when they read the
     * same. */
    bool (*same_setting)(const char *name, const char *requested, const char *actual);
    /* Cumulative counters of a session (cache hits, full-scan steps, sorts): struct tg_named_value
     * whose values are whole numbers. */
    enum tg_status (*counters)(void *session, struct tg_arena *arena, struct tg_list *counters,
                               struct tg_diags *diags);
    enum tg_status (*explain)(void *session, const char *sql, struct tg_place place,
                              struct tg_arena *arena, struct tg_plan *plan, struct tg_diags *diags);
    /* struct tg_index_info, by table then name. */
    enum tg_status (*indexes)(void *session, struct tg_arena *arena, struct tg_list *indexes,
                              struct tg_diags *diags);
    /* Remedies for what is wrong in the plan of `sql` (a scan, a sort): struct tg_remedy, best
     * first, each verified by planning again; an empty list when none helps. Changes nothing in the
     * store. */
    enum tg_status (*remedies)(void *session, const char *sql, struct tg_place place,
                               struct tg_arena *arena, struct tg_list *remedies,
                               struct tg_diags *diags);
    /* Plans `count` statements as if the indexes named in `dropped` were not there: plans[i] is
     * that of sql[i]. Changes nothing in the store. *possible is false, and the plans are empty,
     * where it cannot be found out. */
    enum tg_status (*without_indexes)(void *session, const char *const *dropped,
                                      size_t dropped_count, const char *const *sql, size_t count,
                                      struct tg_arena *arena, struct tg_plan *plans, bool *possible,
                                      struct tg_diags *diags);
};

/* The engine of that kind, or NULL. */
const struct tg_engine *tg_engine_find(const char *kind);
/* All engines, in the order of the registry. */
const struct tg_engine *const *tg_engines(size_t *count);

#endif
