/* --set KEY=VALUE: changes to the tree before it is validated. */
#ifndef TG_RUNNER_SCENARIO_OVERRIDE_H
#define TG_RUNNER_SCENARIO_OVERRIDE_H

#include "runner/scenario/scenario.h"
#include "runner/scenario/toml.h"

/* Applies one override to `root`; what it sets has the place "--set KEY". False with an error when
 * the key leads nowhere. */
bool tg_override_apply(struct tg_arena *arena, struct tg_toml_node *root,
                       const struct tg_override *override, struct tg_diags *diags) TG_CHECKED;

#endif
