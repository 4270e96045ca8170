/* Bundles on the disk: made, found again without their originals, damaged, shared, removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baselines/bundle.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/text.h"

static const char schema_text[] = "CREATE TABLE t (id INTEGER PRIMARY KEY);\n";
/* printf 'CREATE TABLE t (id INTEGER PRIMARY KEY);\n' | sha256sum */
#define SCHEMA_DIGEST "0884e3a1377e298c8b6932b7d78a5244a4e7fcf6066486be45fff155d85fd58b"
static const char index_text[] = "CREATE TABLE u (x);\n";
static const char library_text[] = "\x7F"
                                   "ELF\0not really";

static const char scenario_text[] = "format = 1\n"
                                    "name = \"notes\"\n"
                                    "[engine]\n"
                                    "kind = \"sqlite\"\n"
                                    "schema = [\"sql files/schema.sql\", \"schema.sql\"]\n"
                                    "[load.t]\n"
                                    "rows = 10\n"
                                    "id = { gen = \"sequential\" }\n"
                                    "[op.get]\n"
                                    "sql = \"SELECT * FROM t WHERE id = :id\"\n"
                                    "id = { gen = \"pick\", of = \"t.id\" }\n"
                                    "[[phase]]\n"
                                    "name = \"steady\"\n"
                                    "mix = \"get\"\n"
                                    "count = 10\n"
                                    "[gate]\n"
                                    "budget = \"10s\"\n";

struct place {
    char folder[64];
    char *work; /* of the originals; a name that needs care */
    char *home;
    char *library;
    char digest[TG_HASH_TEXT]; /* of the library */
    struct tg_diags diags;
};

static char *in_work(const struct place *place, const char *name)
{
    return tg_path_join(place->work, name);
}

static char *write_at(const char *folder, const char *name, const void *bytes, size_t length)
{
    struct tg_diags diags = {0};
    char *path = tg_path_join(folder, name);
    char *parent = tg_path_folder(path);
    if (tg_make_folders(parent, &diags) != TG_OK ||
        tg_file_write(path, bytes, length, true, &diags) != TG_OK)
        fail_msg("%s: %s", diags.items[0].path, diags.items[0].message);
    free(parent);
    return path;
}

static void write_work(const struct place *place, const char *name, const char *text)
{
    free(write_at(place->work, name, text, strlen(text)));
}

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    place->work = tg_path_join(place->folder, "Gr\xC3\xB6\xC3\x9F"
                                              "e 1");
    place->home = tg_path_join(place->folder, "my home");
    write_work(place, "my notes.toml", scenario_text);
    write_work(place, "sql files/schema.sql", schema_text);
    write_work(place, "schema.sql", index_text);
    place->library = write_at(place->work, "lib/lib store.so.1", library_text, sizeof library_text);
    *state = place;
    return tg_hash_file(place->library, place->digest, &place->diags) == TG_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    tg_diags_free(&place->diags);
    int failed = tg_remove_tree(place->folder, &place->diags) != TG_OK;
    tg_diags_free(&place->diags);
    free(place->work);
    free(place->home);
    free(place->library);
    free(place);
    return failed;
}

static void assert_fine(const struct tg_diags *diags, enum tg_status status)
{
    if (status != TG_OK)
        fail_msg("%s: %s", diags->items[0].path ? diags->items[0].path : "",
                 diags->items[0].message);
}

static struct tg_scenario *load_work(struct place *place, const struct tg_override *overrides,
                                     size_t count)
{
    char *path = in_work(place, "my notes.toml");
    struct tg_scenario *scenario = NULL;
    assert_fine(&place->diags, tg_scenario_load(path, overrides, count, &scenario, &place->diags));
    free(path);
    return scenario;
}

/* Bundles the scenario of the working folder with the library there. */
static enum tg_status try_save(struct place *place, const struct tg_override *overrides,
                               size_t count, struct tg_bundle **bundle)
{
    struct tg_scenario *scenario = load_work(place, overrides, count);
    const struct tg_named_value facts[] = {
        {"version", "1"}, {"library", place->library}, {"library_sha256", place->digest}};
    const struct tg_bundle_source source = {.scenario = scenario,
                                            .overrides = overrides,
                                            .override_count = count,
                                            .facts = facts,
                                            .fact_count = 3};
    enum tg_status status = tg_bundle_save(place->home, &source, bundle, &place->diags);
    tg_scenario_free(scenario);
    return status;
}

static struct tg_bundle *save(struct place *place, const struct tg_override *overrides,
                              size_t count)
{
    struct tg_bundle *bundle = NULL;
    assert_fine(&place->diags, try_save(place, overrides, count, &bundle));
    return bundle;
}

static char *artefact_path(const struct tg_bundle *bundle, size_t number)
{
    return tg_path_join(bundle->folder, bundle->artefacts[number].name);
}

static void assert_content(const char *path, const void *bytes, size_t length)
{
    struct tg_diags diags = {0};
    struct tg_text text = {0};
    assert_fine(&diags, tg_file_read(path, 1 << 20, &text, &diags));
    assert_int_equal(text.length, length);
    assert_memory_equal(text.data, bytes, length);
    tg_text_free(&text);
}

static void remove_work(struct place *place)
{
    assert_fine(&place->diags, tg_remove_tree(place->work, &place->diags));
}

/* Entries of HOME/NAME, hidden ones too. */
static size_t entries_of(const struct place *place, const char *name)
{
    char *path = tg_path_join(place->home, name);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    size_t count = 0;
    struct dirent *entry;
    while ((entry = readdir(folder)))
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(folder);
    free(path);
    return count;
}

static nlink_t links_of(const char *path)
{
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    return info.st_nlink;
}

/* ---- what is stored ---- */

static void everything_is_kept(void **state)
{
    struct place *place = *state;
    const struct tg_override overrides[] = {{.key = "engine.pragma.cache_size", .value = "-64"}};
    struct tg_scenario *scenario = load_work(place, overrides, 1);
    struct tg_bundle *bundle = save(place, overrides, 1);
    assert_int_equal(bundle->artefact_count, 4);
    static const char *const names[] = {"my notes.toml", "schema.sql", "2-schema.sql",
                                        "lib store.so.1"};
    static const char *const contents[] = {scenario_text, schema_text, index_text, library_text};
    static const size_t lengths[] = {sizeof scenario_text - 1, sizeof schema_text - 1,
                                     sizeof index_text - 1, sizeof library_text};
    for (size_t i = 0; i < 4; i++) {
        const struct tg_bundle_artefact *artefact = &bundle->artefacts[i];
        char *path = artefact_path(bundle, i);
        assert_string_equal(artefact->name, names[i]);
        assert_int_equal(artefact->bytes, lengths[i]);
        assert_content(path, contents[i], lengths[i]);
        struct stat info;
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0444);
        char *object = tg_format("%s/objects/%s", place->home, artefact->sha256);
        assert_content(object, contents[i], lengths[i]);
        assert_int_equal(links_of(object), 2); /* the same file: nothing is stored twice */
        free(object);
        free(path);
    }
    assert_string_equal(bundle->artefacts[1].sha256, SCHEMA_DIGEST);
    assert_string_equal(bundle->artefacts[3].path, place->library);
    assert_ptr_equal(tg_bundle_library(bundle), &bundle->artefacts[3]);
    assert_string_equal(bundle->scenario, "notes");
    assert_string_equal(bundle->scenario_path, scenario->path);
    assert_string_equal(bundle->scenario_hash, scenario->hash);
    assert_string_equal(bundle->dataset_hash, scenario->dataset_hash);
    assert_string_equal(bundle->overrides[0].key, "engine.pragma.cache_size");
    assert_string_equal(bundle->tailgate, TG_VERSION);
    assert_in_range(bundle->created_unix_ms, INT64_C(1700000000000), INT64_MAX);
    assert_int_equal(entries_of(place, "bundles"), 1);
    tg_bundle_free(bundle);
    tg_scenario_free(scenario);
}

static void the_same_variant_twice_is_one_bundle(void **state)
{
    struct place *place = *state;
    const struct tg_override other = {.key = "engine.pragma.cache_size", .value = "-65"};
    struct tg_bundle *first = save(place, NULL, 0);
    struct tg_bundle *second = save(place, NULL, 0);
    assert_string_equal(first->id, second->id);
    assert_true(first->created_unix_ms == second->created_unix_ms); /* of the first time */
    tg_bundle_free(second);
    /* From another folder as well: it is the content that counts. */
    char *moved = tg_path_join(place->folder, "moved");
    assert_int_equal(rename(place->work, moved), 0);
    free(place->work);
    free(place->library);
    place->work = moved;
    place->library = in_work(place, "lib/lib store.so.1");
    second = save(place, NULL, 0);
    assert_string_equal(first->id, second->id);
    tg_bundle_free(second);
    assert_int_equal(entries_of(place, "bundles"), 1);
    /* Another setting is another bundle, of the same artefacts. */
    second = save(place, &other, 1);
    assert_string_not_equal(first->id, second->id);
    assert_int_equal(entries_of(place, "bundles"), 2);
    assert_int_equal(entries_of(place, "objects"), 4);
    tg_bundle_free(second);
    /* Another library is another bundle and one artefact more. */
    free(write_at(place->work, "lib/lib store.so.1", "new", 3));
    assert_fine(&place->diags, tg_hash_file(place->library, place->digest, &place->diags));
    second = save(place, NULL, 0);
    assert_string_not_equal(first->id, second->id);
    assert_int_equal(entries_of(place, "objects"), 5);
    tg_bundle_free(second);
    tg_bundle_free(first);
}

/* Stores the bundle once `gate` ends, in a process of its own, and whether that went well is its
 * exit code. */
static pid_t store_when_told(struct place *place, const int gate[2])
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    char byte;
    struct tg_bundle *bundle = NULL;
    close(gate[1]);
    bool told = read(gate[0], &byte, 1) == 0;
    _exit(told && try_save(place, NULL, 0, &bundle) == TG_OK ? 0 : 1);
}

static void several_processes_may_store_the_same(void **state)
{
    enum { PROCESSES = 4, ROUNDS = 12 };
    struct place *place = *state;
    struct tg_bundle *bundle = save(place, NULL, 0);
    for (int round = 0; round < ROUNDS; round++) {
        /* In turn: none is there yet; a damaged one is. */
        if (round % 2 == 0)
            assert_fine(&place->diags, tg_remove_tree(place->home, &place->diags));
        else
            free(write_at(bundle->folder, "bundle.json", "{", 1));
        int gate[2];
        pid_t children[PROCESSES];
        assert_int_equal(pipe(gate), 0);
        for (size_t i = 0; i < PROCESSES; i++)
            children[i] = store_when_told(place, gate);
        close(gate[0]);
        close(gate[1]);
        for (size_t i = 0; i < PROCESSES; i++) {
            int how = -1;
            assert_int_equal(waitpid(children[i], &how, 0), children[i]);
            assert_int_equal(how, 0);
        }
        assert_int_equal(entries_of(place, "bundles"), 1);
    }
    /* One that is there and intact stays the very same. */
    struct stat before, after;
    struct tg_bundle *again = save(place, NULL, 0);
    assert_int_equal(stat(bundle->folder, &before), 0);
    tg_bundle_free(again);
    again = save(place, NULL, 0);
    assert_int_equal(stat(bundle->folder, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    tg_bundle_free(again);
    tg_bundle_free(bundle);
}

static void what_was_loaded_is_stored_not_what_is_there_now(void **state)
{
    struct place *place = *state;
    struct tg_scenario *scenario = load_work(place, NULL, 0);
    const struct tg_named_value facts[] = {{"library", place->library},
                                           {"library_sha256", place->digest}};
    const struct tg_bundle_source source = {.scenario = scenario, .facts = facts, .fact_count = 2};
    write_work(place, "my notes.toml", "edited meanwhile");
    write_work(place, "schema.sql", "edited meanwhile");
    struct tg_bundle *bundle = NULL;
    /* As if another library had been there when the scenario was read: its data set is named so. */
    memset(scenario->library_sha256, 'a', TG_HASH_TEXT - 1);
    assert_int_equal(tg_bundle_save(place->home, &source, &bundle, &place->diags), TG_INVALID);
    assert_string_equal(place->diags.items[0].message,
                        "the library is not the one any more that was loaded");
    tg_diags_free(&place->diags);
    place->diags = (struct tg_diags){0};
    scenario->library_sha256[0] = '\0';
    assert_fine(&place->diags, tg_bundle_save(place->home, &source, &bundle, &place->diags));
    char *path = artefact_path(bundle, 0);
    assert_content(path, scenario_text, sizeof scenario_text - 1);
    free(path);
    path = artefact_path(bundle, 2);
    assert_content(path, index_text, sizeof index_text - 1);
    free(path);
    tg_bundle_free(bundle);
    /* The library is on the disk alone: one that changed is not what was measured. */
    free(write_at(place->work, "lib/lib store.so.1", "rebuilt", 7));
    bundle = NULL;
    assert_int_equal(tg_bundle_save(place->home, &source, &bundle, &place->diags), TG_INVALID);
    assert_null(bundle);
    assert_string_equal(place->diags.items[0].path, place->library);
    assert_string_equal(place->diags.items[0].message,
                        "the library is not the one any more that was loaded");
    assert_non_null(place->diags.items[0].hint);
    tg_scenario_free(scenario);
}

static void a_library_has_to_be_known_where_the_engine_has_one(void **state)
{
    struct place *place = *state;
    struct tg_scenario *scenario = load_work(place, NULL, 0);
    const struct tg_named_value unknown[] = {{"library", "unknown"}, {"library_sha256", ""}};
    struct tg_bundle_source source = {.scenario = scenario};
    struct tg_bundle *bundle = NULL;
    assert_int_equal(tg_bundle_save(place->home, &source, &bundle, &place->diags), TG_INVALID);
    source.facts = unknown;
    source.fact_count = 2;
    assert_int_equal(tg_bundle_save(place->home, &source, &bundle, &place->diags), TG_INVALID);
    assert_int_equal(place->diags.errors, 2);
    assert_string_equal(place->diags.items[1].message,
                        "the engine \"sqlite\" does not say which library it loaded");
    tg_scenario_free(scenario);
    /* The noop engine has none. */
    write_work(place, "my notes.toml",
               "format = 1\nname = \"n\"\n[engine]\nkind = \"noop\"\n[op.a]\n"
               "[[phase]]\nname = \"p\"\nmix = \"a\"\ncount = 1\n");
    scenario = load_work(place, NULL, 0);
    source = (struct tg_bundle_source){.scenario = scenario};
    assert_fine(&place->diags, tg_bundle_save(place->home, &source, &bundle, &place->diags));
    assert_int_equal(bundle->artefact_count, 1);
    assert_null(tg_bundle_library(bundle));
    tg_scenario_free(scenario);
    remove_work(place);
    assert_fine(&place->diags, tg_bundle_scenario(bundle, NULL, 0, &scenario, &place->diags));
    assert_string_equal(scenario->engine->kind, "noop");
    assert_null(scenario->store.library);
    tg_scenario_free(scenario);
    tg_bundle_free(bundle);
}

static void names_that_lead_elsewhere_are_changed(void **state)
{
    struct place *place = *state;
    write_work(place, ".hidden.sql", schema_text);
    write_work(place, "bundle.json", index_text);
    const struct tg_override overrides[] = {
        {.key = "engine.schema", .value = "[\".hidden.sql\", \"bundle.json\", \"../up.sql\"]"}};
    free(write_at(place->folder, "up.sql", index_text, strlen(index_text)));
    struct tg_bundle *bundle = save(place, overrides, 1);
    assert_string_equal(bundle->artefacts[1].name, "2-.hidden.sql");
    assert_string_equal(bundle->artefacts[2].name, "2-bundle.json");
    assert_string_equal(bundle->artefacts[3].name, "up.sql");
    tg_bundle_free(bundle);
}

/* A limit on the size of files fails a write as a full disk does, without needing one. */
static void a_failed_save_leaves_no_bundle(void **state)
{
    struct place *place = *state;
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit tiny = {.rlim_cur = sizeof scenario_text, .rlim_max = old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    struct tg_bundle *bundle = NULL;
    enum tg_status status = try_save(place, NULL, 0, &bundle); /* the manifest is larger */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, TG_SYSTEM);
    assert_null(bundle);
    assert_int_equal(place->diags.errors, 1);
    assert_int_equal(entries_of(place, "bundles"), 0);
    tg_bundle_free(save(place, NULL, 0));
    assert_int_equal(entries_of(place, "bundles"), 1);
}

/* ---- damage ---- */

/* Loads the bundle and expects `count` errors, the first with this message about this file. */
static void assert_damaged(struct place *place, const char *id, size_t count, const char *path,
                           const char *message)
{
    struct tg_bundle *bundle = NULL;
    tg_diags_free(&place->diags);
    assert_int_equal(tg_bundle_load(place->home, id, &bundle, &place->diags), TG_INVALID);
    assert_null(bundle);
    assert_int_equal(place->diags.errors, count);
    assert_string_equal(place->diags.items[0].message, message);
    assert_string_equal(place->diags.items[0].path, path);
    assert_non_null(place->diags.items[0].hint);
    tg_diags_free(&place->diags);
}

static void damaged_artefacts_are_found(void **state)
{
    struct place *place = *state;
    struct tg_bundle *bundle = save(place, NULL, 0);
    char *path = artefact_path(bundle, 3);
    char *altered =
        tg_format("the artefact \"lib store.so.1\" of bundle %s was altered", bundle->id);
    char *gone = tg_format("the artefact \"lib store.so.1\" of bundle %s is gone", bundle->id);
    char changed[sizeof library_text];
    memcpy(changed, library_text, sizeof changed);
    changed[9] ^= 1;
    free(write_at(bundle->folder, "lib store.so.1", changed, sizeof changed)); /* same length */
    assert_damaged(place, bundle->id, 1, path, altered);
    free(write_at(bundle->folder, "lib store.so.1", changed, 3));
    assert_damaged(place, bundle->id, 1, path, altered);
    unlink(path);
    assert_damaged(place, bundle->id, 1, path, gone);
    assert_int_equal(symlink(place->library, path), 0); /* same content, but not kept */
    assert_damaged(place, bundle->id, 1, path, altered);
    unlink(path);
    char *scenario = artefact_path(bundle, 0);
    unlink(scenario);
    char *first = tg_format("the artefact \"my notes.toml\" of bundle %s is gone", bundle->id);
    assert_damaged(place, bundle->id, 2, scenario, first);
    /* Storing the variant again makes it good. */
    struct tg_bundle *again = save(place, NULL, 0);
    assert_string_equal(again->id, bundle->id);
    tg_bundle_free(again);
    free(first);
    free(scenario);
    free(gone);
    free(altered);
    free(path);
    tg_bundle_free(bundle);
}

/* An edit in place goes through the hard link to every bundle that shares the artefact. */
static void a_damaged_object_is_not_shared_any_more(void **state)
{
    struct place *place = *state;
    const struct tg_override other = {.key = "engine.pragma.cache_size", .value = "-65"};
    struct tg_bundle *bundle = save(place, NULL, 0);
    char *object = tg_format("%s/objects/%s", place->home, bundle->artefacts[3].sha256);
    assert_int_equal(chmod(object, 0644), 0);
    FILE *file = fopen(object, "r+");
    assert_non_null(file);
    fputc('X', file);
    fclose(file);
    char *path = artefact_path(bundle, 3);
    char *altered =
        tg_format("the artefact \"lib store.so.1\" of bundle %s was altered", bundle->id);
    assert_damaged(place, bundle->id, 1, path, altered);
    struct tg_bundle *sound = save(place, &other, 1);
    assert_content(object, library_text, sizeof library_text);
    assert_damaged(place, bundle->id, 1, path, altered);
    tg_bundle_free(sound);
    free(altered);
    free(path);
    free(object);
    tg_bundle_free(bundle);
}

static void a_damaged_manifest_is_found(void **state)
{
    struct place *place = *state;
    struct tg_bundle *bundle = save(place, NULL, 0);
    char *path = tg_path_join(bundle->folder, "bundle.json");
    struct tg_bundle *read = NULL;
    free(write_at(bundle->folder, "bundle.json", "{", 1));
    assert_int_equal(tg_bundle_load(place->home, bundle->id, &read, &place->diags), TG_INVALID);
    assert_string_equal(place->diags.items[0].path, path);
    unlink(path);
    assert_int_equal(tg_bundle_load(place->home, bundle->id, &read, &place->diags), TG_SYSTEM);
    assert_string_equal(place->diags.items[1].path, path);
    assert_null(read);
    /* That of another bundle is sound in itself. */
    const struct tg_override other = {.key = "engine.pragma.cache_size", .value = "-65"};
    struct tg_bundle *second = save(place, &other, 1);
    char *theirs = tg_path_join(second->folder, "bundle.json");
    assert_int_equal(link(theirs, path), 0);
    char *said = tg_format("is the manifest of bundle %s", second->id);
    assert_damaged(place, bundle->id, 1, path, said);
    free(said);
    free(theirs);
    tg_bundle_free(second);
    tg_bundle_free(save(place, NULL, 0));
    free(path);
    tg_bundle_free(bundle);
}

static void unknown_bundles_are_named(void **state)
{
    struct place *place = *state;
    static const char *const ids[] = {
        "0123456789abcdef", "", "..", "../bundles/x", "0123456789ABCDEF", "0123456789abcdef0"};
    struct tg_bundle *bundle = save(place, NULL, 0);
    struct tg_bundle *read = NULL;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_int_equal(tg_bundle_load(place->home, ids[i], &read, &place->diags), TG_INVALID);
        char *said = tg_format("there is no bundle \"%s\" in %s", ids[i], place->home);
        assert_string_equal(place->diags.items[0].message, said);
        free(said);
        tg_diags_free(&place->diags);
    }
    assert_null(read);
    tg_bundle_free(bundle);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(everything_is_kept),
        IN_PLACE(the_same_variant_twice_is_one_bundle),
        IN_PLACE(several_processes_may_store_the_same),
        IN_PLACE(what_was_loaded_is_stored_not_what_is_there_now),
        IN_PLACE(a_library_has_to_be_known_where_the_engine_has_one),
        IN_PLACE(names_that_lead_elsewhere_are_changed),
        IN_PLACE(a_failed_save_leaves_no_bundle),
        IN_PLACE(damaged_artefacts_are_found),
        IN_PLACE(a_damaged_object_is_not_shared_any_more),
        IN_PLACE(a_damaged_manifest_is_found),
        IN_PLACE(unknown_bundles_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
