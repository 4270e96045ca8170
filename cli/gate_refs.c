#include "cli/gate_refs.h"

#include <string.h>

#include "cli/cli.h"
#include "common/file.h"

enum { BISECT_SKIP = 125, BISECT_ABORT = 128, MOST_SCENARIO_BYTES = 16 << 20 };

bool tg_gate_refs_given(const struct tg_gate_refs *refs)
{
    return refs->revisions[TG_BEFORE] || refs->revisions[TG_AFTER];
}

static bool check_options(const struct tg_gate_refs *refs, struct tg_diags *diags)
{
    if (tg_gate_refs_given(refs) && !refs->build) {
        tg_diag_hint(
            tg_diag_error(diags, (struct tg_place){0}, "--before-ref and --after-ref need --build"),
            "say how a revision is built, as in --build 'make -j2'");
        return false;
    }
    if (refs->build && !tg_gate_refs_given(refs)) {
        tg_diag_hint(
            tg_diag_error(diags, (struct tg_place){0}, "--build needs --before-ref or --after-ref"),
            "as in --before-ref main --after-ref HEAD");
        return false;
    }
    return true;
}

static enum tg_status make_checkouts(struct tg_gate_refs *refs, const struct tg_checkout_spec *spec,
                                     struct tg_arena *arena, const char *labels[TG_SIDES],
                                     struct tg_diags *diags)
{
    enum tg_status status = TG_OK;
    for (int side = 0; side < TG_SIDES && status == TG_OK; side++) {
        struct tg_checkout_spec one = *spec;
        struct tg_checkout *checkout = &refs->checkouts[side];
        if (!refs->revisions[side])
            continue;
        one.revision = refs->revisions[side];
        one.build = refs->build;
        one.keep = side == TG_BEFORE;
        status = tg_checkout_make(&one, arena, checkout, diags);
        if (status == TG_OK)
            labels[side] =
                strncmp(one.revision, checkout->commit, strlen(one.revision)) == 0
                    ? tg_arena_format(arena, "revision %.12s", checkout->commit)
                    : tg_arena_format(arena, "revision %s (%.12s)", one.revision, checkout->commit);
    }
    return status;
}

enum tg_status tg_gate_refs_make(struct tg_gate_refs *refs, const struct tg_checkout_spec *spec,
                                 const char *scenario, struct tg_arena *arena,
                                 const char *paths[TG_SIDES], const char *labels[TG_SIDES],
                                 struct tg_diags *diags)
{
    struct tg_text text = {0};
    if (!check_options(refs, diags))
        return TG_INVALID;
    if (!tg_gate_refs_given(refs))
        return TG_OK;
    /* Read before the builds, which may take minutes, and written after them: a checkout that is
     * kept is another gate's as well. */
    enum tg_status status = tg_file_read(scenario, MOST_SCENARIO_BYTES, &text, diags);
    if (status == TG_OK)
        status = make_checkouts(refs, spec, arena, labels, diags);
    for (int side = 0; side < TG_SIDES && status == TG_OK; side++)
        if (refs->revisions[side])
            status = tg_checkout_adopt(&refs->checkouts[side], scenario, &text, arena, &paths[side],
                                       diags);
    tg_text_free(&text);
    return status;
}

void tg_gate_refs_end(struct tg_gate_refs *refs)
{
    for (int side = 0; side < TG_SIDES; side++)
        tg_checkout_end(&refs->checkouts[side]);
}

int tg_bisect_exit_code(int exit_code, bool skip)
{
    if (skip || exit_code == TG_EXIT_UNKNOWN)
        return BISECT_SKIP;
    return exit_code == TG_EXIT_ERROR ? BISECT_ABORT : exit_code;
}
