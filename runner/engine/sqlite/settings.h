/* Reading pragmas, for settings.c, describe.c and copy.c. */
#ifndef TG_RUNNER_ENGINE_SQLITE_SETTINGS_H
#define TG_RUNNER_ENGINE_SQLITE_SETTINGS_H

#include "runner/engine/sqlite/sqlite.h"

/* Not handed to SQLite: a handler of the engine waits in its place, and counts. */
#define TG_SQLITE_BUSY_TIMEOUT "busy_timeout"

/* The value of pragma `name` as the connection has it; NULL when it reads back nothing. Free with
 * free(). */
char *tg_sqlite_read_setting(const struct tg_sqlite_store *store, sqlite3 *db, const char *name);
/* "PRAGMA name = value": a number as it is, anything else as a string. Free with free(). */
char *tg_sqlite_pragma_sql(const struct tg_setting *setting);
/* Do both say the same? ON and 1, NORMAL and 1 for synchronous, wal and WAL. */
bool tg_sqlite_same_setting(const char *pragma, const char *requested, const char *actual);

#endif
