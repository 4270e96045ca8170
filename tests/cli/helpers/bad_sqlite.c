/* A SQLite library with a fault: the real one, which it is linked with, but for BAD_SQLITE="FAULT N
 * TEXT" in the environment. Then the step after N of the statements that contain TEXT aborts,
 * exits, hangs, or is killed as if from outside: FAULT is abort, exit, hang or kill. With
 * FAULT@close it is well, and the closing of its connection is not. */
#include <dlfcn.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_CODE = 7 };

struct order {
    char fault[8];
    char at[8]; /* "close", or nothing */
    int good_steps;
    const char *text; /* NULL: there is no order */
};

static atomic_int steps;          /* of statements that contain the text */
static _Atomic(sqlite3 *) doomed; /* the connection that is not to be closed well; NULL: none */

static struct order read_order(void)
{
    struct order order = {.text = NULL};
    const char *words = getenv("BAD_SQLITE");
    int text = 0;
    if (words &&
        sscanf(words, "%7[a-z]@%7s %d %n", order.fault, order.at, &order.good_steps, &text) != 3) {
        order.at[0] = '\0';
        (void)sscanf(words, "%7s %d %n", order.fault, &order.good_steps, &text);
    }
    if (text > 0)
        order.text = words + text;
    return order;
}

static void fail(const struct order *order)
{
    if (strcmp(order->fault, "abort") == 0)
        abort();
    if (strcmp(order->fault, "exit") == 0)
        _exit(EXIT_CODE);
    if (strcmp(order->fault, "kill") == 0)
        raise(SIGKILL);
    while (strcmp(order->fault, "hang") == 0)
        sleep(1);
}

static void before_step(sqlite3_stmt *statement)
{
    struct order order = read_order();
    const char *sql = sqlite3_sql(statement);
    if (!order.text || !sql || strncmp(sql, "EXPLAIN", 7) == 0 || !strstr(sql, order.text))
        return;
    if (atomic_fetch_add(&steps, 1) < order.good_steps)
        return;
    if (strcmp(order.at, "close") == 0)
        atomic_store(&doomed, sqlite3_db_handle(statement));
    else
        fail(&order);
}

static void before_close(sqlite3 *db)
{
    struct order order = read_order();
    if (db && db == atomic_load(&doomed))
        fail(&order);
}

int sqlite3_step(sqlite3_stmt *statement)
{
    int (*real)(sqlite3_stmt *);
    void *symbol = dlsym(RTLD_NEXT, "sqlite3_step");
    memcpy(&real, &symbol, sizeof real);
    before_step(statement);
    return real(statement);
}

int sqlite3_close_v2(sqlite3 *db)
{
    int (*real)(sqlite3 *);
    void *symbol = dlsym(RTLD_NEXT, "sqlite3_close_v2");
    memcpy(&real, &symbol, sizeof real);
    before_close(db);
    return real(db);
}
