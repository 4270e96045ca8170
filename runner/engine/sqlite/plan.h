/* Planning a statement on any connection, for plan.c and remedy.c. */
#ifndef TG_RUNNER_ENGINE_SQLITE_PLAN_H
#define TG_RUNNER_ENGINE_SQLITE_PLAN_H

#include "runner/engine/sqlite/sqlite.h"

/* The classified EXPLAIN QUERY PLAN of `sql`; zero steps for a statement that has none. SQLite's
 * code. */
int tg_sqlite_plan(const struct tg_sqlite_api *api, sqlite3 *db, const char *sql,
                   struct tg_arena *arena, struct tg_plan *plan) TG_CHECKED;

#endif
