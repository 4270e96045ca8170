/* gate --before-ref and --after-ref: variants made from git revisions of the user's project. */
#ifndef TG_CLI_GATE_REFS_H
#define TG_CLI_GATE_REFS_H

#include <stdbool.h>

#include "baselines/checkout.h"
#include "runner/drive/launch.h"
#include "runner/scenario/scenario.h"

struct tg_gate_refs {
    const char *revisions[TG_SIDES]; /* NULL: the working directory as it is */
    const char *build;               /* NULL: none given */
    struct tg_checkout checkouts[TG_SIDES];
};

/* Any revision given? */
bool tg_gate_refs_given(const struct tg_gate_refs *refs);

/* Checks out and builds what is asked for. Where a revision is given, paths[side] becomes the
 * scenario inside the checkout and labels[side] the revision and its commit, in `arena`. */
enum tg_status tg_gate_refs_make(struct tg_gate_refs *refs, const struct tg_checkout_spec *spec,
                                 const char *scenario, struct tg_arena *arena,
                                 const char *paths[TG_SIDES], const char *labels[TG_SIDES],
                                 struct tg_diags *diags) TG_CHECKED;

/* Do two revisions, or one and something else, have a part in what is run? TG_INVALID: of one of
 * them nothing is, neither its library nor its schema. Where both sides run the same all the same,
 * that is noted: they may differ in words alone. */
enum tg_status tg_gate_refs_check(const struct tg_gate_refs *refs,
                                  struct tg_scenario *const scenarios[TG_SIDES],
                                  struct tg_diags *diags) TG_CHECKED;

/* Removes the checkout of the variant after, whose turn will not come again; that of the variant
 * before stays for the next gate against it. */
void tg_gate_refs_end(struct tg_gate_refs *refs);

/* For "git bisect run", which knows 0 for good, 1 to 124 for bad, 125 for "cannot be tested", and
 * above 127 for "stop". `skip`: the revision under test could not be built. */
int tg_bisect_exit_code(int exit_code, bool skip);

#endif
