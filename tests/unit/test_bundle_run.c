/* A bundle as a scenario that runs, with the real engine, after its originals are gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "baselines/bundle.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/text.h"
#include "runner/scenario/diff.h"

static const char schema_text[] = "CREATE TABLE t (id INTEGER PRIMARY KEY);\n";
static const char scenario_text[] = "format = 1\n"
                                    "name = \"notes\"\n"
                                    "[engine]\n"
                                    "kind = \"sqlite\"\n"
                                    "schema = [\"../schema.sql\"]\n"
                                    "[load.t]\n"
                                    "rows = 10\n"
                                    "id = { gen = \"sequential\" }\n"
                                    "[op.get]\n"
                                    "sql = \"SELECT * FROM t WHERE id = :id\"\n"
                                    "id = { gen = \"pick\", of = \"t.id\" }\n"
                                    "[op.unused]\n" /* a warning */
                                    "sql = \"SELECT 1\"\n"
                                    "[[phase]]\n"
                                    "name = \"steady\"\n"
                                    "mix = \"get\"\n"
                                    "count = 10\n"
                                    "[gate]\n"
                                    "budget = \"10s\"\n";

/* The working directory is a folder of its own: home and scenario are relative, as they mostly are.
 */
struct place {
    char folder[64];
    struct tg_diags diags;
    struct tg_arena arena;
    struct tg_list facts;
    struct tg_scenario *scenario; /* the original */
    struct tg_bundle *bundle;
};
static const char home[] = ".tailgate";

static void write_text(const char *path, const char *text)
{
    struct tg_diags diags = {0};
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &diags), TG_OK);
}

static void assert_fine(const struct tg_diags *diags, enum tg_status status)
{
    if (status != TG_OK)
        fail_msg("%s", diags->items[0].message);
}

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(place->folder) || chdir(place->folder) != 0 ||
        tg_make_folders("work/my lib", &place->diags) != TG_OK ||
        tg_make_folders("work/scenarios", &place->diags) != TG_OK)
        return -1;
    write_text("work/scenarios/notes.toml", scenario_text);
    write_text("work/schema.sql", schema_text);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    tg_bundle_free(place->bundle);
    tg_scenario_free(place->scenario);
    tg_arena_free(&place->arena);
    tg_diags_free(&place->diags);
    int failed = chdir("/") != 0 || tg_remove_tree(place->folder, &place->diags) != TG_OK;
    tg_diags_free(&place->diags);
    free(place);
    return failed;
}

/* Opens the store of `scenario` in a new folder, loads nothing, and asks what it is. */
static struct tg_list facts_of(struct place *place, const struct tg_scenario *scenario,
                               const char *folder)
{
    struct tg_store_spec spec = scenario->store;
    struct tg_list facts = {0};
    void *store = NULL;
    assert_fine(&place->diags, tg_make_folders(folder, &place->diags));
    spec.folder = folder;
    assert_fine(&place->diags, scenario->engine->open(&spec, true, &store, &place->diags));
    assert_fine(&place->diags,
                scenario->engine->describe(store, &place->arena, &facts, &place->diags));
    scenario->engine->close(store);
    return facts;
}

static const char *fact(const struct tg_list *facts, const char *name)
{
    const struct tg_named_value *items = facts->items;
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(items[i].name, name) == 0)
            return items[i].value;
    fail_msg("no fact \"%s\"", name);
    return NULL;
}

/* Loads the scenario with an override (NULL: none), opens it, bundles it. */
static void make_bundle(struct place *place, const struct tg_override *override)
{
    assert_fine(&place->diags, tg_scenario_load("work/scenarios/notes.toml", override,
                                                override != NULL, &place->scenario, &place->diags));
    place->facts = facts_of(place, place->scenario, "first store");
    const struct tg_bundle_source source = {.scenario = place->scenario,
                                            .overrides = override,
                                            .override_count = override != NULL,
                                            .facts = place->facts.items,
                                            .fact_count = place->facts.count};
    assert_fine(&place->diags, tg_bundle_save(home, &source, &place->bundle, &place->diags));
    tg_diags_free(&place->diags);
}

static void assert_no_difference(const struct tg_scenario *before, const struct tg_scenario *after)
{
    struct tg_arena arena = {0};
    struct tg_scenario_change *changes;
    size_t count;
    tg_scenario_diff(before, after, &arena, &changes, &count);
    assert_int_equal(count, 0);
    tg_arena_free(&arena);
}

/* Runs the bundle, the originals being gone, and checks that it is what was bundled. */
static void assert_runs_again(struct place *place)
{
    struct tg_scenario *again = NULL;
    assert_fine(&place->diags, tg_remove_tree("work", &place->diags));
    assert_fine(&place->diags, tg_bundle_scenario(place->bundle, NULL, 0, &again, &place->diags));
    assert_string_equal(again->hash, place->scenario->hash);
    assert_string_equal(again->dataset_hash, place->scenario->dataset_hash);
    assert_string_equal(again->store.schema[0].text, schema_text);
    assert_no_difference(place->scenario, again);
    struct tg_list facts = facts_of(place, again, "second store");
    char *expected = tg_format("%s/%s/%s", place->folder, place->bundle->folder,
                               tg_bundle_library(place->bundle)->name);
    assert_string_equal(fact(&facts, "library"), expected);
    assert_string_equal(fact(&facts, "library_sha256"), fact(&place->facts, "library_sha256"));
    free(expected);
    tg_scenario_free(again);
}

static void the_default_library_is_kept(void **state)
{
    struct place *place = *state;
    make_bundle(place, NULL);
    assert_string_equal(tg_bundle_library(place->bundle)->path, fact(&place->facts, "library"));
    assert_runs_again(place);
}

static void a_library_beside_the_scenario_is_kept(void **state)
{
    struct place *place = *state;
    const struct tg_override override = {.key = "engine.library", .value = "../my lib/copy.so"};
    struct tg_text library = {0};
    assert_fine(&place->diags, tg_scenario_load("work/scenarios/notes.toml", NULL, 0,
                                                &place->scenario, &place->diags));
    place->facts = facts_of(place, place->scenario, "no store");
    assert_fine(&place->diags,
                tg_file_read(fact(&place->facts, "library"), 1 << 28, &library, &place->diags));
    assert_fine(&place->diags, tg_file_write("work/my lib/copy.so", library.data, library.length,
                                             false, &place->diags));
    tg_text_free(&library);
    tg_scenario_free(place->scenario);
    make_bundle(place, &override);
    assert_string_equal(tg_bundle_library(place->bundle)->name, "copy.so");
    assert_string_equal(place->bundle->overrides[0].value, "../my lib/copy.so");
    assert_runs_again(place);
}

static void changed_originals_have_no_part_in_it(void **state)
{
    struct place *place = *state;
    make_bundle(place, NULL);
    write_text("work/scenarios/notes.toml", "broken");
    write_text("work/schema.sql", "broken");
    struct tg_bundle *loaded = NULL;
    struct tg_scenario *again = NULL;
    assert_fine(&place->diags, tg_bundle_load(home, place->bundle->id, &loaded, &place->diags));
    assert_fine(&place->diags, tg_bundle_scenario(loaded, NULL, 0, &again, &place->diags));
    tg_bundle_free(loaded); /* the scenario does not need it */
    assert_no_difference(place->scenario, again);
    tg_scenario_free(again);
}

static void further_overrides_are_applied(void **state)
{
    struct place *place = *state;
    const struct tg_override override = {.key = "gate.budget", .value = "20s"};
    const struct tg_override extra[] = {{.key = "gate.budget", .value = "30s"},
                                        {.key = "seed", .value = "5"}};
    make_bundle(place, &override);
    struct tg_scenario *again = NULL;
    assert_fine(&place->diags, tg_bundle_scenario(place->bundle, extra, 2, &again, &place->diags));
    assert_int_equal(again->gate.budget_ns, INT64_C(30000000000));
    assert_int_equal(again->seed, 5);
    assert_int_equal(place->diags.count, 1); /* the warning about the operation, once */
    tg_scenario_free(again);
    again = NULL;
    const struct tg_override wrong = {.key = "gate.budgett", .value = "30s"};
    assert_int_equal(tg_bundle_scenario(place->bundle, &wrong, 1, &again, &place->diags),
                     TG_INVALID);
    assert_null(again);
}

static void artefacts_cannot_be_overridden(void **state)
{
    struct place *place = *state;
    static const struct tg_override wrong[] = {
        {.key = "engine.library", .value = "libsqlite3.so.0"},
        {.key = "engine.schema", .value = "other.sql"},
        {.key = "engine.schema[0]", .value = "other.sql"},
        {.key = "\"engine\".\"schema\"", .value = "other.sql"},
    };
    make_bundle(place, NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct tg_scenario *again = NULL;
        tg_diags_free(&place->diags);
        assert_int_equal(tg_bundle_scenario(place->bundle, &wrong[i], 1, &again, &place->diags),
                         TG_INVALID);
        assert_null(again);
        assert_int_equal(place->diags.errors, 1);
        char *said =
            tg_format("engine.%s of a bundle cannot be changed", i == 0 ? "library" : "schema");
        assert_string_equal(place->diags.items[place->diags.count - 1].message, said);
        free(said);
    }
    const struct tg_override more = {.key = "engine.schema", .value = "[\"a.sql\", \"b.sql\"]"};
    struct tg_scenario *again = NULL;
    tg_diags_free(&place->diags);
    assert_int_equal(tg_bundle_scenario(place->bundle, &more, 1, &again, &place->diags),
                     TG_INVALID);
    assert_string_equal(place->diags.items[0].message,
                        "2 schema files are named, and the bundle has 1");
}

/* As another version would have written it: other hashes, and the id that follows from them. */
static void assert_other_version(struct place *place, const char **field, const char *what)
{
    struct tg_scenario *again = NULL;
    char id[TG_BUNDLE_ID];
    const char *kept = *field;
    *field = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    tg_bundle_make_id(place->bundle, id);
    const char *kept_id = place->bundle->id;
    place->bundle->id = id;
    place->bundle->tailgate = "0.0.1";
    char *folder = tg_format("%s/bundles/%s", home, id);
    assert_int_equal(rename(place->bundle->folder, folder), 0);
    cJSON *json = tg_bundle_to_json(place->bundle);
    char *text = tg_json_print(json);
    char *path = tg_path_join(folder, "bundle.json");
    write_text(path, text);
    struct tg_bundle *older = NULL;
    assert_fine(&place->diags, tg_bundle_load(home, id, &older, &place->diags));
    const struct tg_override extra = {.key = "gate.budget", .value = "30s"};
    for (size_t count = 0; count < 2; count++) {
        tg_diags_free(&place->diags);
        assert_int_equal(tg_bundle_scenario(older, &extra, count, &again, &place->diags),
                         TG_INVALID);
        assert_null(again);
        char *said = tg_format("was made by another build of Tailgate (0.0.1): this one "
                               "(" TG_VERSION ") would %s",
                               what);
        const struct tg_diag *last = &place->diags.items[place->diags.count - 1];
        assert_string_equal(last->message, said);
        assert_string_equal(last->path, folder);
        free(said);
    }
    tg_bundle_free(older);
    assert_int_equal(rename(folder, place->bundle->folder), 0);
    *field = kept;
    place->bundle->id = kept_id;
    free(path);
    free(text);
    cJSON_Delete(json);
    free(folder);
}

static void other_versions_are_told(void **state)
{
    struct place *place = *state;
    make_bundle(place, NULL);
    assert_other_version(place, &place->bundle->stream_fingerprint, "run other operations");
    assert_other_version(place, &place->bundle->dataset_hash, "load other data");
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(the_default_library_is_kept),
        IN_PLACE(a_library_beside_the_scenario_is_kept),
        IN_PLACE(changed_originals_have_no_part_in_it),
        IN_PLACE(further_overrides_are_applied),
        IN_PLACE(artefacts_cannot_be_overridden),
        IN_PLACE(other_versions_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
