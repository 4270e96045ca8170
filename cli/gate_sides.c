#include "cli/gate_sides.h"

#include <string.h>

#include "baselines/bundle.h"
#include "baselines/task.h"
#include "cli/comparison.h"
#include "common/text.h"

static const char *const bundle_options[TG_SIDES] = {"--before-bundle", "--after-bundle"};

/* Is the key of an override, such as "gate.margin.p50", in that section? */
static bool is_in(const char *key, const char *section)
{
    const char *name = key + (*key == '"');
    return strlen(section) == strcspn(name, ".[\"") && tg_starts_with(name, section);
}

/* Both sides do the same work and are judged by the same margins; what a phase or [gate] has of its
 * own on one side would be ignored, or compare two kinds of work. */
static bool check_own(const struct tg_overrides *own, struct tg_diags *diags)
{
    for (size_t i = 0; i < own->count; i++) {
        const struct tg_override *override = &own->items[i];
        if (!is_in(override->key, "gate") && !is_in(override->key, "phase"))
            continue;
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = override->option},
                                   "%s cannot differ between the variants", override->key),
                     "set it for both: --set %s=%s", override->key, override->value);
        return false;
    }
    return true;
}

static bool check_options(const struct tg_gate_sides *sides, struct tg_diags *diags)
{
    for (int side = 0; side < TG_SIDES; side++) {
        if (!check_own(&sides->overrides[side], diags))
            return false;
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

static bool is_bundle_id(const char *text)
{
    size_t digits = strspn(text, "0123456789abcdef");
    return digits == TG_BUNDLE_ID - 1 && text[digits] == '\0';
}

/* A task may be called like a bundle, and is meant then. */
static enum tg_status find_bundle(const char *home, const char *name, struct tg_arena *arena,
                                  const char **id, const char **label, struct tg_diags *diags)
{
    const struct tg_task_key key = {.home = home, .task = name};
    *id = name;
    *label = tg_arena_format(arena, "bundle %s", name);
    if (is_bundle_id(name) && !tg_task_has_before(&key))
        return TG_OK;
    struct tg_task_before before;
    enum tg_status status = tg_task_check_name(name, diags);
    if (status == TG_OK)
        status = tg_task_read_before(&key, arena, &before, diags);
    if (status == TG_OK) {
        *id = before.bundle;
        *label = tg_arena_format(arena, "before of task %s (bundle %s)", name, *id);
    }
    return status;
}

/* [gate] is that of the scenario, take_gate(); here its margins could be of metrics that the
 * bundle's own does not have. */
static void join_others(struct tg_overrides *to, const struct tg_overrides *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct tg_overrides one = {.items = &from->items[i], .count = 1};
        if (!is_in(from->items[i].key, "gate"))
            tg_overrides_join(to, &one);
    }
}

static enum tg_status load_bundle(struct tg_gate_sides *sides, enum tg_side side,
                                  const struct tg_overrides *given, struct tg_interleave_spec *spec,
                                  struct tg_comparison *comparison, struct tg_diags *diags)
{
    struct tg_bundle *bundle = NULL;
    const char *id;
    enum tg_status status = find_bundle(spec->home, sides->bundles[side], &sides->arena, &id,
                                        &spec->labels[side], diags);
    if (status == TG_OK)
        status = tg_bundle_load(spec->home, id, &bundle, diags);
    if (status != TG_OK)
        return status;
    struct tg_overrides extra = {0};
    join_others(&extra, given);
    status = tg_bundle_scenario(bundle, extra.items, extra.count, &spec->scenarios[side], diags);
    comparison->sides[side].bundle = tg_arena_strdup(&comparison->arena, bundle->id);
    struct tg_overrides all = {0};
    const struct tg_overrides stored = {.items = bundle->overrides,
                                        .count = bundle->override_count};
    tg_overrides_join(&all, &stored);
    tg_overrides_join(&all, &extra);
    tg_note_overrides(comparison, side, &all);
    tg_overrides_free(&all);
    tg_overrides_free(&extra);
    tg_bundle_free(bundle);
    return status;
}

/* Makes the [gate] of `from` that of `to`, whose operations may be others. */
static enum tg_status take_gate(struct tg_scenario *to, const struct tg_scenario *from,
                                struct tg_diags *diags)
{
    const struct tg_gate_spec *theirs = &from->gate;
    struct tg_metric *metrics = tg_arena_array(&to->arena, theirs->metric_count, sizeof *metrics);
    struct tg_named_margin *margins =
        tg_arena_array(&to->arena, theirs->margin_count, sizeof *margins);
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < theirs->metric_count; i++) {
        const char *text = theirs->metrics[i].text;
        const char *why, *hint;
        if (tg_metric_parse(to, text, &metrics[i], &why, &hint))
            continue;
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = from->path},
                                   "[gate] has \"%s\", and in the bundle %s", text, why),
                     "name what it has with --set gate.metrics=...%s%s", hint ? "; " : "",
                     hint ? hint : "");
        status = TG_INVALID;
    }
    for (size_t i = 0; i < theirs->margin_count; i++)
        margins[i] = (struct tg_named_margin){
            .name = tg_arena_strdup(&to->arena, theirs->margins[i].name),
            .fraction = theirs->margins[i].fraction,
        };
    to->gate = *theirs;
    to->gate.metrics = metrics;
    to->gate.margins = margins;
    return status;
}

/* The side before says what is gated; of a bundle it is what the scenario says. */
static enum tg_status gate_bundle(const struct tg_gate_sides *sides, const char *path,
                                  struct tg_interleave_spec *spec, struct tg_diags *diags)
{
    struct tg_scenario *scenario = NULL;
    enum tg_status status =
        tg_scenario_load(path, sides->both.items, sides->both.count, &scenario, diags);
    if (status == TG_OK)
        status = take_gate(spec->scenarios[TG_BEFORE], scenario, diags);
    tg_scenario_free(scenario);
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
    if (status == TG_OK)
        status = tg_gate_refs_check(&sides->refs, spec->scenarios, diags);
    if (status == TG_OK && sides->bundles[TG_BEFORE])
        status = gate_bundle(sides, path, spec, diags);
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
