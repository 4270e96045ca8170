/* A SQLite library with a fault: the real one, which it is linked with, but for BAD_SQLITE="FAULT N
 * TEXT" in the environment. Then the step after N of the statements that contain TEXT aborts, exits
 * or hangs. */
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_CODE = 7 };

static void fail_as_asked(const char *sql)
{
    static atomic_int steps;
    const char *order = getenv("BAD_SQLITE");
    char fault[8];
    int good_steps, text = 0;
    if (!order || sscanf(order, "%7s %d %n", fault, &good_steps, &text) != 2 || text == 0)
        return;
    if (!sql || strncmp(sql, "EXPLAIN", 7) == 0 || !strstr(sql, order + text))
        return;
    if (atomic_fetch_add(&steps, 1) < good_steps)
        return;
    if (strcmp(fault, "abort") == 0)
        abort();
    if (strcmp(fault, "exit") == 0)
        _exit(EXIT_CODE);
    while (strcmp(fault, "hang") == 0)
        sleep(1);
}

int sqlite3_step(sqlite3_stmt *statement)
{
    int (*real)(sqlite3_stmt *);
    void *symbol = dlsym(RTLD_NEXT, "sqlite3_step");
    memcpy(&real, &symbol, sizeof real);
    fail_as_asked(sqlite3_sql(statement));
    return real(statement);
}
