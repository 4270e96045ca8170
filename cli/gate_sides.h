/* The two variants of a gate, as the command line gives them: the scenario with overrides, what a
 * git revision builds, or a stored bundle. */
#ifndef TG_CLI_GATE_SIDES_H
#define TG_CLI_GATE_SIDES_H

#include "cli/cli.h"
#include "cli/gate_refs.h"
#include "gate/interleave.h"

struct tg_gate_sides {
    struct tg_arena arena;    /* of what loading finds out: labels, paths, checkouts */
    struct tg_overrides both; /* --set */
    struct tg_overrides overrides[TG_SIDES];
    const char *bundles[TG_SIDES]; /* id, or a task for its variant before; NULL: none */
    struct tg_gate_refs refs;
};

/* Checks out and builds what is asked for, loads both variants and describes them in spec and
 * comparison. `path` is the scenario, which says what is gated, of bundles as well. The caller
 * frees spec->scenarios; its labels live as long as `sides`. */
enum tg_status tg_gate_sides_load(struct tg_gate_sides *sides, const char *path,
                                  struct tg_interleave_spec *spec, struct tg_comparison *comparison,
                                  struct tg_diags *diags) TG_CHECKED;

/* Removes checkouts that are not needed again, and frees. */
void tg_gate_sides_end(struct tg_gate_sides *sides);

#endif
