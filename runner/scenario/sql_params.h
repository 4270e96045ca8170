/* What a scenario has to know of an SQL statement without a parser: its parameters, whether it
 * writes, whether it is one statement. */
#ifndef TG_RUNNER_SCENARIO_SQL_PARAMS_H
#define TG_RUNNER_SCENARIO_SQL_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

struct tg_sql {
    const char **params; /* names of :name, @name and $name without the sign, each once, in order */
    size_t param_count;
    bool positional;  /* has a ? parameter */
    bool several;     /* something follows the statement's semicolon */
    bool writes;      /* begins with INSERT, UPDATE, DELETE, REPLACE, CREATE, DROP or ALTER, or with
                         WITH and has one of the first four */
    char keyword[16]; /* first word in capitals, cut to fit; "" when there is none */
};

/* Scans `text`, outside of strings, quoted names and comments; casts (::type) are no parameters.
 * What is returned lives in `arena`. */
struct tg_sql tg_sql_scan(struct tg_arena *arena, const char *text);

#endif
