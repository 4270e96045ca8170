#include "cli/gate_sides.h"

#include <string.h>

#include "baselines/bundle.h"
#include "baselines/task.h"
#include "cli/comparison.h"

static const char *const bundle_options[TG_SIDES] = {"--before-bundle", "--after-bundle"};

static bool check_options(const struct tg_gate_sides *sides, struct tg_diags *diags)
{
    for (int side = 0; side < TG_SIDES; side++) {
        if (!sides->bundles[side] || !sides->refs.revisions[side])
            continue;
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "a variant is a revision or a bundle, not both"),
                     "leave %s or --%s-ref out", bundle_options[side],
                     side == TG_AFTER ? "after" : "before");
        return false;
    }
    return true;
}

/* An id is 16 hexadecimal digits; anything else is the name of a task. */
static bool is_bundle_id(const char *text)
{
    size_t digits = strspn(text, "0123456789abcdef");
    return digits == TG_BUNDLE_ID - 1 && text[digits] == '\0';
}

static enum tg_status find_bundle(const char *home, const char *name, struct tg_arena *arena,
                                  const char **id, struct tg_diags *diags)
{
    *id = name;
    if (is_bundle_id(name))
        return TG_OK;
    const struct tg_task_key key = {.home = home, .task = name};
    struct tg_task_before before;
    enum tg_status status = tg_task_check_name(name, diags);
    if (status == TG_OK)
        status = tg_task_read_before(&key, arena, &before, diags);
    if (status == TG_OK)
        *id = before.bundle;
    return status;
}

static enum tg_status load_bundle(struct tg_gate_sides *sides, enum tg_side side,
                                  const struct tg_overrides *extra, struct tg_interleave_spec *spec,
                                  struct tg_comparison *comparison, struct tg_diags *diags)
{
    struct tg_arena *arena = &sides->arena;
    struct tg_bundle *bundle = NULL;
    const char *name = sides->bundles[side];
    const char *id;
    enum tg_status status = find_bundle(spec->home, name, arena, &id, diags);
    if (status == TG_OK)
        status = tg_bundle_load(spec->home, id, &bundle, diags);
    if (status != TG_OK)
        return status;
    status = tg_bundle_scenario(bundle, extra->items, extra->count, &spec->scenarios[side], diags);
    spec->labels[side] = is_bundle_id(name)
                             ? tg_arena_format(arena, "bundle %s", id)
                             : tg_arena_format(arena, "before of task %s (bundle %s)", name, id);
    comparison->sides[side].bundle = tg_arena_strdup(&comparison->arena, bundle->id);
    struct tg_overrides all = {0};
    const struct tg_overrides stored = {.items = bundle->overrides,
                                        .count = bundle->override_count};
    tg_overrides_join(&all, &stored);
    tg_overrides_join(&all, extra);
    tg_note_overrides(comparison, side, &all);
    tg_overrides_free(&all);
    tg_bundle_free(bundle);
    return status;
}

static enum tg_status load_side(struct tg_gate_sides *sides, enum tg_side side, const char *path,
                                const char *revision, struct tg_interleave_spec *spec,
                                struct tg_comparison *comparison, struct tg_diags *diags)
{
    struct tg_overrides overrides = {0};
    const struct tg_overrides *own = &sides->overrides[side];
    const char *words = tg_overrides_words(&sides->overrides[side]);
    enum tg_status status;
    tg_overrides_join(&overrides, &sides->both);
    tg_overrides_join(&overrides, own);
    if (sides->bundles[side]) {
        status = load_bundle(sides, side, &overrides, spec, comparison, diags);
    } else {
        status =
            tg_scenario_load(path, overrides.items, overrides.count, &spec->scenarios[side], diags);
        tg_note_overrides(comparison, side, &overrides);
        spec->labels[side] = revision ? revision : words;
    }
    if (status == TG_OK && (revision || sides->bundles[side]) && own->count > 0)
        spec->labels[side] = tg_arena_format(&sides->arena, "%s, %s", spec->labels[side], words);
    tg_overrides_free(&overrides);
    return status;
}

enum tg_status tg_gate_sides_load(struct tg_gate_sides *sides, const char *path,
                                  struct tg_interleave_spec *spec, struct tg_comparison *comparison,
                                  struct tg_diags *diags)
{
    const struct tg_checkout_spec checkout = {
        .home = spec->home, .stop = spec->stop, .observer = spec->observer};
    const char *paths[TG_SIDES] = {path, path};
    const char *revisions[TG_SIDES] = {NULL, NULL};
    if (!check_options(sides, diags))
        return TG_INVALID;
    enum tg_status status =
        tg_gate_refs_make(&sides->refs, &checkout, path, &sides->arena, paths, revisions, diags);
    for (int side = 0; side < TG_SIDES && status == TG_OK; side++) {
        if (revisions[side])
            comparison->sides[side].commit =
                tg_arena_strdup(&comparison->arena, sides->refs.checkouts[side].commit);
        status = load_side(sides, (enum tg_side)side, paths[side], revisions[side], spec,
                           comparison, diags);
    }
    return status;
}

void tg_gate_sides_end(struct tg_gate_sides *sides)
{
    tg_gate_refs_end(&sides->refs);
    tg_overrides_free(&sides->both);
    for (int side = 0; side < TG_SIDES; side++)
        tg_overrides_free(&sides->overrides[side]);
    tg_arena_free(&sides->arena);
}
