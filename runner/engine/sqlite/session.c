/* A session: one connection, every operation prepared before anything is timed. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"

/* SQLite's own back-off for PRAGMA busy_timeout, so that waits last as long as in an application
 * that uses it; ours counts them. */
static const int BACKOFF_MS[] = {1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100};
enum { BACKOFF_STEPS = sizeof BACKOFF_MS / sizeof BACKOFF_MS[0] };

static int wait_when_busy(void *context, int earlier)
{
    struct tg_sqlite_session *session = context;
    int waited_ms = 0;
    for (int i = 0; i < earlier; i++)
        waited_ms += BACKOFF_MS[i < BACKOFF_STEPS ? i : BACKOFF_STEPS - 1];
    int delay_ms = BACKOFF_MS[earlier < BACKOFF_STEPS ? earlier : BACKOFF_STEPS - 1];
    int left_ms = session->store->busy_timeout_ms - waited_ms;
    if (delay_ms > left_ms)
        delay_ms = left_ms;
    if (delay_ms <= 0)
        return 0;
    session->waits++;
    session->store->api.sleep(delay_ms);
    return 1;
}

/* ---- opening ---- */

static int find_name(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return (int)i;
    }
    return -1;
}

/* Slots are numbered over the returned parameters alone; -1: this parameter is not returned. */
static int32_t slot_of(const struct tg_engine_op *spec, size_t param)
{
    if (!spec->returned || !spec->returned[param])
        return -1;
    int32_t slot = 0;
    for (size_t i = 0; i < param; i++)
        slot += spec->returned[i] != NULL;
    return slot;
}

/* Where the value of a parameter comes from; false when it has no name or no argument. */
static bool bind_parameter(const struct tg_sqlite_api *api, sqlite3_stmt *handle,
                           const struct tg_engine_op *spec, int position,
                           struct tg_sqlite_binding *bind)
{
    const char *name = api->bind_parameter_name(handle, position);
    int arg = name ? find_name(name + 1, spec->params, spec->param_count) : -1;
    if (arg < 0)
        return false;
    *bind = (struct tg_sqlite_binding){
        .position = position, .arg = (uint32_t)arg, .slot = slot_of(spec, (size_t)arg)};
    return true;
}

static enum tg_status bind_parameters(struct tg_sqlite_session *session,
                                      const struct tg_engine_op *spec, size_t number,
                                      struct tg_sqlite_statement *statement, struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &session->store->api;
    int count = api->bind_parameter_count(statement->handle);
    statement->binds = tg_arena_array(&session->arena, (size_t)count, sizeof *statement->binds);
    for (int position = 1; position <= count; position++) {
        if (bind_parameter(api, statement->handle, spec, position,
                           &statement->binds[statement->bind_count])) {
            statement->bind_count++;
            continue;
        }
        const char *name = api->bind_parameter_name(statement->handle, position);
        struct tg_diag *diag = tg_diag_error(diags, spec->statement_places[number],
                                             "operation %s: parameter %s has no argument",
                                             spec->name, name ? name : "?");
        tg_diag_hint(diag, "parameters are written :name, each with a generator of that name");
        return TG_INVALID;
    }
    return TG_OK;
}

/* Which columns of this statement a returned parameter of the operation wants. */
static void capture_columns(struct tg_sqlite_session *session, const struct tg_engine_op *spec,
                            struct tg_sqlite_statement *statement)
{
    const struct tg_sqlite_api *api = &session->store->api;
    size_t most = (size_t)statement->columns * spec->param_count;
    statement->captures = tg_arena_array(&session->arena, most, sizeof *statement->captures);
    for (int column = 0; column < statement->columns; column++) {
        const char *name = api->column_name(statement->handle, column);
        for (size_t i = 0; i < spec->param_count; i++) {
            int32_t slot = slot_of(spec, i);
            if (slot >= 0 && name && strcasecmp(name, spec->returned[i]) == 0)
                statement->captures[statement->capture_count++] =
                    (struct tg_sqlite_capture){.column = column, .slot = (uint32_t)slot};
        }
    }
}

static bool slot_captured(const struct tg_sqlite_op *op, size_t before, uint32_t slot)
{
    for (size_t i = 0; i < before; i++) {
        const struct tg_sqlite_statement *statement = &op->statements[i];
        for (size_t j = 0; j < statement->capture_count; j++) {
            if (statement->captures[j].slot == slot)
                return true;
        }
    }
    return false;
}

/* A returned value has to come from a statement in front of the one that uses it. */
static enum tg_status check_returned(const struct tg_engine_op *spec, const struct tg_sqlite_op *op,
                                     size_t number, struct tg_diags *diags)
{
    const struct tg_sqlite_statement *statement = &op->statements[number];
    for (size_t i = 0; i < statement->bind_count; i++) {
        const struct tg_sqlite_binding *bind = &statement->binds[i];
        if (bind->slot < 0 || slot_captured(op, number, (uint32_t)bind->slot))
            continue;
        tg_diag_error(diags, spec->statement_places[number],
                      "operation %s: no statement before this one returns a column \"%s\" for :%s",
                      spec->name, spec->returned[bind->arg], spec->params[bind->arg]);
        return TG_INVALID;
    }
    return TG_OK;
}

static enum tg_status statement_error(struct tg_sqlite_session *session,
                                      const struct tg_engine_op *spec, size_t number,
                                      struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &session->store->api;
    const char *sql = spec->statements[number];
    int offset = api->error_offset ? api->error_offset(session->db) : -1;
    struct tg_diag *diag = tg_diag_error(diags, spec->statement_places[number], "operation %s: %s",
                                         spec->name, api->errmsg(session->db));
    if (offset >= 0 && (size_t)offset < strlen(sql))
        tg_diag_hint(diag, "the statement is wrong at character %d: %.40s", offset + 1,
                     sql + offset);
    return TG_STORE;
}

static bool is_blank(const char *sql)
{
    return sql[strspn(sql, " \t\r\n\f;")] == '\0';
}

static enum tg_status prepare_statement(struct tg_sqlite_session *session,
                                        const struct tg_engine_op *spec, struct tg_sqlite_op *op,
                                        size_t number, struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &session->store->api;
    struct tg_sqlite_statement *statement = &op->statements[number];
    const char *tail = NULL;
    if (api->prepare_v3(session->db, spec->statements[number], -1, SQLITE_PREPARE_PERSISTENT,
                        &statement->handle, &tail) != SQLITE_OK)
        return statement_error(session, spec, number, diags);
    if (!statement->handle || !is_blank(tail)) {
        tg_diag_hint(tg_diag_error(diags, spec->statement_places[number],
                                   "operation %s: this is not exactly one statement", spec->name),
                     "write several statements as an array");
        return TG_INVALID;
    }
    statement->columns = api->column_count(statement->handle);
    statement->changes = statement->columns == 0 && !api->stmt_readonly(statement->handle);
    enum tg_status status = bind_parameters(session, spec, number, statement, diags);
    if (status != TG_OK)
        return status;
    capture_columns(session, spec, statement);
    return check_returned(spec, op, number, diags);
}

static enum tg_status prepare_op(struct tg_sqlite_session *session, const struct tg_engine_op *spec,
                                 struct tg_sqlite_op *op, struct tg_diags *diags)
{
    *op = (struct tg_sqlite_op){
        .statements =
            tg_arena_array(&session->arena, spec->statement_count, sizeof *op->statements),
        .statement_count = spec->statement_count,
        .param_count = spec->param_count,
        .batch = spec->batch,
        .transaction = spec->statement_count > 1 || spec->batch > 1,
        .begin = spec->immediate ? session->begin_immediate : session->begin,
    };
    for (size_t i = 0; i < spec->param_count; i++)
        op->slot_count += slot_of(spec, i) >= 0;
    op->slots = tg_arena_array(&session->arena, op->slot_count, sizeof *op->slots);
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < spec->statement_count && status == TG_OK; i++)
        status = prepare_statement(session, spec, op, i, diags);
    return status;
}

static enum tg_status prepare_all(struct tg_sqlite_session *session, struct tg_diags *diags)
{
    const struct tg_sqlite_api *api = &session->store->api;
    const struct tg_store_spec *spec = &session->store->spec;
    const struct {
        const char *sql;
        sqlite3_stmt **handle;
    } frame[] = {
        {"BEGIN", &session->begin},
        {"BEGIN IMMEDIATE", &session->begin_immediate},
        {"COMMIT", &session->commit},
        {"ROLLBACK", &session->rollback},
    };
    for (size_t i = 0; i < sizeof frame / sizeof frame[0]; i++) {
        if (api->prepare_v3(session->db, frame[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                            frame[i].handle, NULL) != SQLITE_OK)
            return tg_sqlite_fail(session->store, session->db, (struct tg_place){0}, diags, "%s",
                                  frame[i].sql);
    }
    session->ops = tg_arena_array(&session->arena, spec->op_count, sizeof *session->ops);
    session->op_count = spec->op_count;
    enum tg_status worst = TG_OK;
    for (size_t i = 0; i < spec->op_count; i++) {
        enum tg_status status = prepare_op(session, &spec->ops[i], &session->ops[i], diags);
        if (status != TG_OK)
            worst = status;
    }
    return worst;
}

enum tg_status tg_sqlite_session_open(void *opaque, void **out, struct tg_diags *diags)
{
    struct tg_sqlite_store *store = opaque;
    if (!store->api.threadsafe() && atomic_load(&store->sessions) > 0) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "this SQLite was built without threads: it can serve one "
                                   "session only"),
                     "use one worker, or a library built with SQLITE_THREADSAFE");
        return TG_STORE;
    }
    sqlite3 *db;
    enum tg_status status = tg_sqlite_connect_set(store, &db, diags);
    if (status != TG_OK)
        return status;
    struct tg_sqlite_session *session = tg_calloc(1, sizeof *session);
    session->store = store;
    session->db = db;
    atomic_fetch_add(&store->sessions, 1);
    status = prepare_all(session, diags);
    if (status != TG_OK) {
        tg_sqlite_session_close(session);
        return status;
    }
    store->api.busy_handler(db, wait_when_busy, session);
    *out = session;
    return TG_OK;
}

void tg_sqlite_session_close(void *opaque)
{
    struct tg_sqlite_session *session = opaque;
    const struct tg_sqlite_api *api = &session->store->api;
    for (size_t i = 0; i < session->op_count; i++) {
        struct tg_sqlite_op *op = &session->ops[i];
        for (size_t j = 0; j < op->statement_count; j++)
            api->finalize(op->statements[j].handle);
        for (size_t j = 0; j < op->slot_count; j++)
            free(op->slots[j].buffer);
    }
    api->finalize(session->begin);
    api->finalize(session->begin_immediate);
    api->finalize(session->commit);
    api->finalize(session->rollback);
    api->close_v2(session->db);
    atomic_fetch_sub(&session->store->sessions, 1);
    tg_arena_free(&session->arena);
    free(session);
}

const char *tg_sqlite_error_text(void *opaque)
{
    const struct tg_sqlite_session *session = opaque;
    return session->error;
}
