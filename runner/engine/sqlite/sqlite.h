/* The SQLite engine from the inside: what its files share. The library is loaded at run time;
 * sqlite3.h gives types and constants only, nothing here links against it. */
#ifndef TG_RUNNER_ENGINE_SQLITE_SQLITE_H
#define TG_RUNNER_ENGINE_SQLITE_SQLITE_H

#include <sqlite3.h>
#include <stdatomic.h>

#include "runner/engine/engine.h"

/* ---- library.c: the library and its functions ---- */

/* Every function of SQLite that the engine calls, without its prefix "sqlite3_". */
#define TG_SQLITE_REQUIRED(X)                                                                      \
    X(open_v2)                                                                                     \
    X(close_v2)                                                                                    \
    X(config)                                                                                      \
    X(initialize)                                                                                  \
    X(libversion)                                                                                  \
    X(libversion_number)                                                                           \
    X(sourceid)                                                                                    \
    X(threadsafe)                                                                                  \
    X(vfs_find)                                                                                    \
    X(sleep)                                                                                       \
    X(extended_result_codes)                                                                       \
    X(extended_errcode)                                                                            \
    X(errmsg)                                                                                      \
    X(errstr)                                                                                      \
    X(busy_handler)                                                                                \
    X(busy_timeout)                                                                                \
    X(db_readonly)                                                                                 \
    X(db_status)                                                                                   \
    X(get_autocommit)                                                                              \
    X(changes)                                                                                     \
    X(prepare_v2)                                                                                  \
    X(prepare_v3)                                                                                  \
    X(finalize)                                                                                    \
    X(step)                                                                                        \
    X(reset)                                                                                       \
    X(stmt_readonly)                                                                               \
    X(stmt_status)                                                                                 \
    X(bind_parameter_count)                                                                        \
    X(bind_parameter_name)                                                                         \
    X(bind_null)                                                                                   \
    X(bind_int64)                                                                                  \
    X(bind_double)                                                                                 \
    X(bind_text)                                                                                   \
    X(bind_blob)                                                                                   \
    X(column_count)                                                                                \
    X(column_name)                                                                                 \
    X(column_type)                                                                                 \
    X(column_int)                                                                                  \
    X(column_int64)                                                                                \
    X(column_double)                                                                               \
    X(column_text)                                                                                 \
    X(column_blob)                                                                                 \
    X(column_bytes)

/* Functions that an older or a trimmed library may lack: NULL then. */
#define TG_SQLITE_OPTIONAL(X)                                                                      \
    X(error_offset)                                                                                \
    X(compileoption_get)

struct tg_sqlite_api {
/* NOLINTNEXTLINE(bugprone-macro-parentheses): the name of a member takes none */
#define TG_SQLITE_MEMBER(name) __typeof__(sqlite3_##name) *name;
    TG_SQLITE_REQUIRED(TG_SQLITE_MEMBER)
    TG_SQLITE_OPTIONAL(TG_SQLITE_MEMBER)
#undef TG_SQLITE_MEMBER
};

#define TG_SQLITE_DEFAULT_LIBRARY "libsqlite3.so.0"

/* Loads `name` (as dlopen takes it), resolves its functions, and initialises it for sessions that
 * do not wait for each other. The library stays loaded until the process ends. */
enum tg_status tg_sqlite_library_load(const char *name, struct tg_sqlite_api *api,
                                      struct tg_diags *diags) TG_CHECKED;
/* Real path of the library that was loaded as `name`; free with free(). NULL when the loader does
 * not tell. */
char *tg_sqlite_library_path(const char *name);
/* "SQLITE_CONSTRAINT_UNIQUE"; an extended code that is not known is named by its primary code. */
const char *tg_sqlite_error_name(int code);

/* ---- store.c: the store and its connections ---- */

struct tg_sqlite_later { /* a schema statement that waits until the rows are loaded */
    char *sql;
    struct tg_place place;
};

struct tg_sqlite_store {
    struct tg_sqlite_api api;
    struct tg_store_spec spec;
    char *uri;  /* what connections open */
    char *path; /* of the database file; NULL in memory */
    bool memory;
    bool analyze;
    uint32_t busy_retries;
    int busy_timeout_ms;
    sqlite3 *keeper;  /* in memory: keeps the database alive between sessions */
    sqlite3 *builder; /* between open with build and the end of build */
    struct tg_sqlite_later *later;
    size_t later_count;
    atomic_uint sessions; /* open ones */
};

/* A connection with extended result codes and a busy timeout long enough for set-up work. */
enum tg_status tg_sqlite_connect(struct tg_sqlite_store *store, int flags, sqlite3 **db,
                                 struct tg_diags *diags) TG_CHECKED;
/* The same with the scenario's settings applied. */
enum tg_status tg_sqlite_connect_set(struct tg_sqlite_store *store, sqlite3 **db,
                                     struct tg_diags *diags) TG_CHECKED;
/* Adds "WHAT: message of the connection" and returns TG_STORE. */
enum tg_status tg_sqlite_fail(const struct tg_sqlite_store *store, sqlite3 *db,
                              struct tg_place place, struct tg_diags *diags, const char *fmt, ...)
    TG_PRINTF(5, 6);
/* Runs one statement and drops its rows. SQLite's extended result code, SQLITE_OK on success. */
int tg_sqlite_run(const struct tg_sqlite_store *store, sqlite3 *db, const char *sql) TG_CHECKED;
/* First column of the first row as text, copied with malloc; NULL: no row, NULL, or an error. */
char *tg_sqlite_text(const struct tg_sqlite_store *store, sqlite3 *db, const char *sql);
/* Text of column `column` of the current row, "" for NULL. Borrowed until the next step. */
const char *tg_sqlite_column(const struct tg_sqlite_api *api, sqlite3_stmt *statement, int column);
/* `text` between two of `quote`, those inside doubled: '"' makes a name of SQL, '\'' a string. Free
 * with free(). */
char *tg_sqlite_quote(const char *text, char quote);

/* ---- settings.c: pragmas ---- */

/* Reads what belongs to the engine, not to a pragma: options and busy_timeout. */
enum tg_status tg_sqlite_read_options(struct tg_sqlite_store *store,
                                      struct tg_diags *diags) TG_CHECKED;
/* Applies every requested pragma, those that shape the file first, and reads each back. */
enum tg_status tg_sqlite_apply_settings(struct tg_sqlite_store *store, sqlite3 *db,
                                        struct tg_diags *diags) TG_CHECKED;

/* ---- schema.c, build.c, verify.c ---- */

/* Runs the schema in `db`; with `later`, statements that make indexes and triggers are put aside
 * in store->later. */
enum tg_status tg_sqlite_run_schema(struct tg_sqlite_store *store, sqlite3 *db, bool later,
                                    struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_sqlite_build(void *store, const struct tg_row_source *sources, size_t count,
                               struct tg_diags *diags);
enum tg_status tg_sqlite_check_foreign_keys(struct tg_sqlite_store *store, sqlite3 *db,
                                            struct tg_place place,
                                            struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_sqlite_verify(void *store, struct tg_diags *diags);

/* ---- session.c, execute.c ---- */

struct tg_sqlite_binding { /* where a value of a statement's parameter comes from */
    int position;          /* 1-based parameter of the statement */
    uint32_t arg;          /* argument of the operation */
    int32_t slot;          /* >= 0: a returned value, in place of the argument */
};

struct tg_sqlite_capture { /* a result column that a later statement wants */
    int column;
    uint32_t slot;
};

struct tg_sqlite_slot { /* a returned value: the last one wins */
    struct tg_value value;
    char *buffer; /* of texts and blobs; grows, never shrinks */
    size_t capacity;
};

struct tg_sqlite_statement {
    sqlite3_stmt *handle;
    struct tg_sqlite_binding *binds;
    size_t bind_count;
    struct tg_sqlite_capture *captures;
    size_t capture_count;
    int columns;
    bool changes; /* returns no rows, but changes some */
};

struct tg_sqlite_op {
    struct tg_sqlite_statement *statements;
    size_t statement_count;
    struct tg_sqlite_slot *slots;
    size_t slot_count;
    size_t param_count;
    uint32_t batch;
    bool transaction;
    sqlite3_stmt *begin; /* of the session, with `transaction` */
};

enum { TG_SQLITE_ERROR_TEXT = 512 };

struct tg_sqlite_session {
    struct tg_sqlite_store *store;
    sqlite3 *db;
    sqlite3_stmt *begin, *begin_immediate, *commit, *rollback;
    struct tg_sqlite_op *ops;
    size_t op_count;
    struct tg_arena arena; /* of everything above but the slots' buffers */
    uint32_t waits;        /* of the operation that runs */
    uint64_t sink;         /* keeps the reading of result columns alive */
    char error[TG_SQLITE_ERROR_TEXT];
};

enum tg_status tg_sqlite_session_open(void *store, void **session, struct tg_diags *diags);
void tg_sqlite_session_close(void *session);
void tg_sqlite_execute(void *session, uint32_t op, const struct tg_value *args,
                       struct tg_outcome *outcome);
const char *tg_sqlite_error_text(void *session);
/* Binds without a copy: the value has to stay until the statement is reset. SQLite's code. */
int tg_sqlite_bind(const struct tg_sqlite_api *api, sqlite3_stmt *handle, int position,
                   const struct tg_value *value) TG_CHECKED;

/* ---- describe.c, plan.c, indexes.c, remedy.c, copy.c: the rest of the interface ---- */

/* An empty database with the schema and the statistics of the session's store; what its own library
 * refuses is missing, so compare the plans before trusting them. NULL when there is none. Close
 * with close_v2. */
sqlite3 *tg_sqlite_copy_schema(const struct tg_sqlite_session *session);
/* A plain name stays as it is, any other is quoted. In `arena`. */
char *tg_sqlite_name_for_sql(struct tg_arena *arena, const char *name);

enum tg_status tg_sqlite_describe(void *store, struct tg_arena *arena, struct tg_list *facts,
                                  struct tg_diags *diags);
enum tg_status tg_sqlite_settings(void *store, struct tg_arena *arena, struct tg_list *states,
                                  struct tg_diags *diags);
enum tg_status tg_sqlite_counters(void *session, struct tg_arena *arena, struct tg_list *counters,
                                  struct tg_diags *diags);
enum tg_status tg_sqlite_explain(void *session, const char *sql, struct tg_place place,
                                 struct tg_arena *arena, struct tg_plan *plan,
                                 struct tg_diags *diags);
enum tg_status tg_sqlite_indexes(void *session, struct tg_arena *arena, struct tg_list *indexes,
                                 struct tg_diags *diags);
enum tg_status tg_sqlite_remedies(void *session, const char *sql, struct tg_place place,
                                  struct tg_arena *arena, struct tg_list *remedies,
                                  struct tg_diags *diags);
enum tg_status tg_sqlite_without_indexes(void *session, const char *const *dropped,
                                         size_t dropped_count, const char *const *sql, size_t count,
                                         struct tg_arena *arena, struct tg_plan *plans,
                                         bool *possible, struct tg_diags *diags);

#endif
