/* What ran where, line by line: the head of every report on a run. */
#ifndef TG_REPORTS_RUN_FACTS_H
#define TG_REPORTS_RUN_FACTS_H

#include "common/arena.h"
#include "runner/drive/result.h"

struct tg_run_fact {
    const char *label; /* "scenario"; "": goes on with what is above */
    const char *text;
};

/* Scenario, overrides, engine, host, commit, data set, sweep, stream, start; *count of them, in
 * `arena`. */
const struct tg_run_fact *tg_run_facts(const struct tg_result *result, size_t *count,
                                       struct tg_arena *arena);

#endif
