/* What tells two scenarios apart, key by key, after their overrides. */
#ifndef TG_RUNNER_SCENARIO_DIFF_H
#define TG_RUNNER_SCENARIO_DIFF_H

#include "common/arena.h"
#include "runner/scenario/scenario.h"

enum tg_change_kind {
    /* What one side of a comparison may have of its own, because it changes the store and not the
     * work: engine.* but its kind, the schema, the statements of operations with what is expected
     * of them, [query], [inject], the description. */
    TG_CHANGE_VARIANT,
    /* All else: what is measured, or what it is held against. */
    TG_CHANGE_MATTERS,
};

struct tg_scenario_change {
    enum tg_change_kind kind;
    const char *key;    /* as --set takes it: "phase.steady.rate", "targets.steady[0]" */
    const char *before; /* the value as TOML, on one line; NULL: not there */
    const char *after;
};

/* The keys in which the two differ, sorted; both lists live in `arena`. Values are compared as they
 * are written, so that "60s" and "1min" differ. Schema files are compared by content alone: those
 * keys are engine.schema[N], and a value is the name and the SHA-256 of the file. Where nothing but
 * the order of a table's keys differs, and it has a meaning (phases, the operations of a mix),
 * the values are the keys in their order. */
void tg_scenario_diff(const struct tg_scenario *before, const struct tg_scenario *after,
                      struct tg_arena *arena, struct tg_scenario_change **changes, size_t *count);

#endif
