#include "cli/gate_refs.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "common/file.h"
#include "common/hash.h"

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

/* ---- what is run of them ---- */

/* Does `path`, as it is written, lead to something in the folder `root`? Where a link there leads
 * was up to the revision and its build. */
static bool is_inside(const char *path, const char *root)
{
    size_t length = strlen(root);
    if (strncmp(path, root, length) != 0 || path[length] != '/')
        return false;
    int depth = 0;
    for (const char *at = path + length; *at && depth >= 0;) {
        at += strspn(at, "/");
        size_t name = strcspn(at, "/");
        if (name == 2 && strncmp(at, "..", name) == 0)
            depth--;
        else if (name > 0 && !(name == 1 && *at == '.'))
            depth++;
        at += name;
    }
    return depth > 0;
}

/* As dlopen takes it; "" for an engine that loads none. */
static const char *library_of(const struct tg_scenario *scenario)
{
    const char *usual = scenario->engine->default_library;
    return scenario->store.library ? scenario->store.library : usual ? usual : "";
}

static bool takes_part(const struct tg_checkout *checkout, const struct tg_scenario *scenario)
{
    bool takes = is_inside(library_of(scenario), checkout->root);
    for (size_t i = 0; i < scenario->store.schema_count; i++)
        takes = takes || is_inside(scenario->store.schema[i].path, checkout->root);
    return takes;
}

/* A name without a '/' is one for the dynamic linker, the same on both sides. */
static bool same_file(const char *a, const char *b)
{
    if (!strchr(a, '/') || !strchr(b, '/'))
        return strcmp(a, b) == 0;
    char *real_a = realpath(a, NULL);
    char *real_b = realpath(b, NULL);
    bool same = real_a && real_b && strcmp(real_a, real_b) == 0;
    free(real_a);
    free(real_b);
    return same;
}

static bool same_content(const char *a, const char *b)
{
    char digests[TG_SIDES][TG_HASH_TEXT];
    struct tg_diags ignored = {0}; /* what cannot be read cannot be loaded, which will be said */
    bool same =
        same_file(a, b) || (tg_hash_file(a, digests[TG_BEFORE], &ignored) == TG_OK &&
                            tg_hash_file(b, digests[TG_AFTER], &ignored) == TG_OK &&
                            memcmp(digests[TG_BEFORE], digests[TG_AFTER], TG_HASH_TEXT) == 0);
    tg_diags_free(&ignored);
    return same;
}

static bool same_schema(const struct tg_store_spec *a, const struct tg_store_spec *b)
{
    bool same = a->schema_count == b->schema_count;
    for (size_t i = 0; same && i < a->schema_count; i++)
        same = strcmp(a->schema[i].text, b->schema[i].text) == 0;
    return same;
}

static const char name_it[] = "name what --build makes, relative to the scenario, as in "
                              "engine.library = \"../build/libsqlite3.so\"";

/* An absolute path of its own on each side may be where a build installs what it made. */
static bool check_side(const struct tg_gate_refs *refs, enum tg_side side,
                       struct tg_scenario *const scenarios[TG_SIDES], struct tg_diags *diags)
{
    const char *library = library_of(scenarios[side]);
    bool same = same_file(library, library_of(scenarios[TG_SIDES - 1 - side]));
    if (!refs->revisions[side] || takes_part(&refs->checkouts[side], scenarios[side]) ||
        (strchr(library, '/') && !same))
        return true;
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                               "nothing is run that revision %s has or builds: library and schema "
                               "are not from its checkout",
                               refs->revisions[side]),
                 "%s", name_it);
    return false;
}

static bool same_revision(const struct tg_gate_refs *refs)
{
    const char *before = refs->checkouts[TG_BEFORE].commit;
    const char *after = refs->checkouts[TG_AFTER].commit;
    return before && after && strcmp(before, after) == 0;
}

enum tg_status tg_gate_refs_check(const struct tg_gate_refs *refs,
                                  struct tg_scenario *const scenarios[TG_SIDES],
                                  struct tg_diags *diags)
{
    if (!tg_gate_refs_given(refs) || same_revision(refs))
        return TG_OK;
    if (!check_side(refs, TG_BEFORE, scenarios, diags) ||
        !check_side(refs, TG_AFTER, scenarios, diags))
        return TG_INVALID;
    const char *libraries[TG_SIDES] = {library_of(scenarios[TG_BEFORE]),
                                       library_of(scenarios[TG_AFTER])};
    if (!same_content(libraries[TG_BEFORE], libraries[TG_AFTER]) ||
        !same_schema(&scenarios[TG_BEFORE]->store, &scenarios[TG_AFTER]->store))
        return TG_OK;
    if (same_file(libraries[TG_BEFORE], libraries[TG_AFTER]))
        tg_diag_hint(tg_diag_add(diags, TG_SEVERITY_WARNING, (struct tg_place){0},
                                 "the schema is the same on both sides, and the library (%s) is "
                                 "from no checkout: the revisions make no difference here",
                                 libraries[TG_BEFORE]),
                     "where a library is what they change, %s", name_it);
    else
        tg_diag_add(diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                    "the library and the schema are the same on both sides, byte by byte");
    return TG_OK;
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
