/* What `tailgate selftest` measures. */
#ifndef TG_CLI_SELFTEST_H
#define TG_CLI_SELFTEST_H

#include "cli/cli.h"
#include "gate/selftest.h"

struct tg_selftest {
    const char *path; /* of the scenario */
    struct tg_overrides overrides;
    const char *phase;    /* NULL: the first */
    const char **effects; /* values of [inject] */
    size_t effect_count;  /* 0 with `usual_effects` set: the margin, and twice the margin */
    bool usual_effects;
    const char **ops;    /* to slow, in turn */
    size_t op_count;     /* 0: the first gated one */
    bool aa;             /* gates of the variant against itself, too */
    size_t gates;        /* of each kind */
    int64_t budget_ns;   /* 0: the scenario's */
    int64_t for_ns;      /* begin no gate after that; 0: no limit */
    const char *records; /* file to append to, and to go on from; NULL: none */
    bool quiet;
};

/* Measures. *gates are those of `records` and the new ones, in `arena`; after an error as well, if
 * any were measured before it. *incomplete: something ended it before each kind had a gate.
 * Problems have been printed. */
enum tg_status tg_selftest_run(struct tg_selftest *test, struct tg_arena *arena,
                               struct tg_tested_gate **gates, size_t *count,
                               bool *incomplete) TG_CHECKED;

#endif
