/* tailgate gate SCENARIO --baseline NAME */
#ifndef TG_CLI_BASELINE_GATE_H
#define TG_CLI_BASELINE_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/comparison.h"

struct tg_baseline_gate {
    const char *baseline;           /* its name */
    const char *path;               /* of the scenario */
    struct tg_overrides *overrides; /* of what is measured now */
    const char *phase;              /* NULL: the baseline's */
    int64_t budget_ns;              /* 0: the baseline's */
    bool across_hosts;              /* show what is not comparable */
    const struct tg_show *show;
    bool quiet;
};

/* Measures, compares, prints the report; returns the exit code. */
int tg_gate_baseline(const struct tg_baseline_gate *gate);

#endif
