/* A SQLite library with faults: the real one, which it is linked with, but for the statements that
 * ask for one in a comment. They work 50 times before, so that there is something measured. */
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GOOD_STEPS = 50, EXIT_CODE = 7 };

static void fail_as_asked(const char *sql)
{
    static atomic_int steps;
    if (!sql || strncmp(sql, "EXPLAIN", 7) == 0 || !strstr(sql, "/* bad: "))
        return;
    if (atomic_fetch_add(&steps, 1) < GOOD_STEPS)
        return;
    if (strstr(sql, "/* bad: abort */"))
        abort();
    if (strstr(sql, "/* bad: exit */"))
        _exit(EXIT_CODE);
    while (strstr(sql, "/* bad: hang */"))
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
