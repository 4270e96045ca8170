/* The measured call. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"

int tg_sqlite_bind(const struct tg_sqlite_api *api, sqlite3_stmt *handle, int position,
                   const struct tg_value *value)
{
    switch (value->type) {
    case TG_VALUE_INT:
        return api->bind_int64(handle, position, value->integer);
    case TG_VALUE_FLOAT:
        return api->bind_double(handle, position, value->real);
    case TG_VALUE_TEXT:
        return api->bind_text(handle, position, value->bytes, (int)value->length, SQLITE_STATIC);
    case TG_VALUE_BLOB:
        return api->bind_blob(handle, position, value->bytes, (int)value->length, SQLITE_STATIC);
    case TG_VALUE_NULL:
        break;
    }
    return api->bind_null(handle, position);
}

/* Copies a column of the current row; its bytes go into the slot's own buffer, because SQLite
 * drops them at the next step. */
static void capture(const struct tg_sqlite_api *api, sqlite3_stmt *handle, int column,
                    struct tg_sqlite_slot *slot)
{
    struct tg_value *value = &slot->value;
    int type = api->column_type(handle, column);
    *value = (struct tg_value){.type = TG_VALUE_NULL};
    if (type == SQLITE_INTEGER) {
        value->type = TG_VALUE_INT;
        value->integer = api->column_int64(handle, column);
    } else if (type == SQLITE_FLOAT) {
        value->type = TG_VALUE_FLOAT;
        value->real = api->column_double(handle, column);
    } else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
        const void *bytes = api->column_blob(handle, column);
        size_t length = (size_t)api->column_bytes(handle, column);
        if (length + 1 > slot->capacity) {
            slot->capacity = 2 * (length + 1);
            slot->buffer = tg_realloc(slot->buffer, slot->capacity);
        }
        if (length > 0)
            memcpy(slot->buffer, bytes, length);
        value->type = type == SQLITE_TEXT ? TG_VALUE_TEXT : TG_VALUE_BLOB;
        value->bytes = slot->buffer;
        value->length = (uint32_t)length;
    }
}

/* Reads every column as an application would, without making SQLite convert any. */
static void read_row(struct tg_sqlite_session *session, struct tg_sqlite_op *op,
                     const struct tg_sqlite_statement *statement)
{
    const struct tg_sqlite_api *api = &session->store->api;
    uint64_t sum = 0;
    for (int i = 0; i < statement->columns; i++) {
        switch (api->column_type(statement->handle, i)) {
        case SQLITE_INTEGER:
            sum += (uint64_t)api->column_int64(statement->handle, i);
            break;
        case SQLITE_FLOAT:
            sum += api->column_double(statement->handle, i) > 0;
            break;
        case SQLITE_TEXT:
        case SQLITE_BLOB:
            sum += api->column_blob(statement->handle, i) != NULL;
            sum += (uint64_t)api->column_bytes(statement->handle, i);
            break;
        default:
            break;
        }
    }
    session->sink += sum;
    for (size_t i = 0; i < statement->capture_count; i++) {
        const struct tg_sqlite_capture *wanted = &statement->captures[i];
        capture(api, statement->handle, wanted->column, &op->slots[wanted->slot]);
    }
}

/* SQLITE_OK or the extended code of what failed. */
static int run_statement(struct tg_sqlite_session *session, struct tg_sqlite_op *op,
                         const struct tg_sqlite_statement *statement, const struct tg_value *args,
                         int64_t *rows)
{
    const struct tg_sqlite_api *api = &session->store->api;
    int rc = SQLITE_OK;
    for (size_t i = 0; i < statement->bind_count && rc == SQLITE_OK; i++) {
        const struct tg_sqlite_binding *bind = &statement->binds[i];
        const struct tg_value *value =
            bind->slot >= 0 ? &op->slots[bind->slot].value : &args[bind->arg];
        rc = tg_sqlite_bind(api, statement->handle, bind->position, value);
    }
    if (rc != SQLITE_OK)
        return rc;
    *rows = 0;
    while ((rc = api->step(statement->handle)) == SQLITE_ROW) {
        (*rows)++;
        read_row(session, op, statement);
    }
    if (rc == SQLITE_DONE && statement->changes)
        *rows = api->changes(session->db);
    int reset = api->reset(statement->handle);
    return rc == SQLITE_DONE ? SQLITE_OK : reset != SQLITE_OK ? reset : rc;
}

static int run_frame(const struct tg_sqlite_api *api, sqlite3_stmt *handle)
{
    int rc = api->step(handle);
    int reset = api->reset(handle);
    return rc == SQLITE_DONE ? SQLITE_OK : reset != SQLITE_OK ? reset : rc;
}

static int run_body(struct tg_sqlite_session *session, struct tg_sqlite_op *op,
                    const struct tg_value *args, int64_t *rows)
{
    for (uint32_t row = 0; row < op->batch; row++) {
        for (size_t i = 0; i < op->slot_count; i++)
            op->slots[i].value.type = TG_VALUE_NULL;
        for (size_t i = 0; i < op->statement_count; i++) {
            int rc = run_statement(session, op, &op->statements[i], args, rows);
            if (rc != SQLITE_OK)
                return rc;
        }
        args += op->param_count;
    }
    return SQLITE_OK;
}

static int run_once(struct tg_sqlite_session *session, struct tg_sqlite_op *op,
                    const struct tg_value *args, int64_t *rows)
{
    const struct tg_sqlite_api *api = &session->store->api;
    if (!op->transaction)
        return run_body(session, op, args, rows);
    int rc = run_frame(api, op->begin);
    if (rc == SQLITE_OK)
        rc = run_body(session, op, args, rows);
    return rc == SQLITE_OK ? run_frame(api, session->commit) : rc;
}

static bool lock_refused(int code)
{
    return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;
}

void tg_sqlite_execute(void *opaque, uint32_t number, const struct tg_value *args,
                       struct tg_outcome *outcome)
{
    struct tg_sqlite_session *session = opaque;
    const struct tg_sqlite_api *api = &session->store->api;
    assert(number < session->op_count);
    struct tg_sqlite_op *op = &session->ops[number];
    session->waits = 0;
    uint32_t again = 0;
    int64_t rows;
    int rc;
    for (;;) {
        rows = 0;
        rc = run_once(session, op, args, &rows);
        if (rc == SQLITE_OK)
            break;
        snprintf(session->error, sizeof session->error, "%s", api->errmsg(session->db));
        if (!api->get_autocommit(session->db))
            (void)run_frame(api, session->rollback);
        if (!lock_refused(rc) || again == session->store->busy_retries)
            break;
        again++;
        /* A table lock of a shared cache is refused without asking the busy handler. */
        if ((rc & 0xff) == SQLITE_LOCKED)
            api->sleep(1);
    }
    *outcome = (struct tg_outcome){.error = rc, .retries = session->waits + again, .rows = rows};
}
