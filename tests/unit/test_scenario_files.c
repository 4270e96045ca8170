/* Files that are no scenario at all, overrides, and the hashes. */
#include "scenario_support.h"

static const char base[] = "format = 1\n"
                           "name = \"base\"\n"
                           "[engine]\n"
                           "kind = \"sqlite\"\n"
                           "schema = \"schema.sql\"\n"
                           "[load.t]\n"
                           "rows = 100\n"
                           "id = { gen = \"sequential\" }\n"
                           "state = { gen = \"choice\", of = { on = 3, off = 1 } }\n"
                           "[op.get]\n"
                           "sql = \"SELECT * FROM t WHERE id = :id\"\n"
                           "id = { gen = \"pick\", of = \"t.id\" }\n"
                           "[[phase]]\n"
                           "name = \"first\"\n"
                           "mix = \"get\"\n"
                           "count = 10\n"
                           "[[phase]]\n"
                           "name = \"steady\"\n"
                           "mix = \"get\"\n"
                           "rate = 1000\n"
                           "for = \"60s\"\n"
                           "[targets]\n"
                           "steady = [\"get.p99 < 50ms\", \"errors == 0\"]\n";

static void assert_said(const char *bytes, size_t length, const char *expected)
{
    char *said;
    assert_null(load_bytes(bytes, length, NULL, 0, &said));
    assert_string_equal(said, expected);
    free(said);
}

/* ---- files ---- */

static void an_empty_file_is_refused(void **state)
{
    (void)state;
    static const char said[] = "0:0: error: the scenario is empty\n"
                               "  hint: it needs at least format, name, [engine] and a [[phase]]\n";
    assert_said("", 0, said);
    assert_said("# only this\n\n", 13, said);
}

static void bytes_that_are_no_text_are_refused_with_their_place(void **state)
{
    (void)state;
    assert_said("a = 1\nb\0c = 2\n", 14,
                "2:2: error: the byte 0x00 cannot stand in a scenario\n"
                "  hint: a scenario is a text file in the encoding UTF-8\n");
    /* The column counts characters: the letter before takes two bytes. */
    assert_said("a = \"\xC3\xA9\xFF\"\n", 10,
                "1:7: error: the byte 0xFF cannot stand in a scenario\n"
                "  hint: a scenario is a text file in the encoding UTF-8\n");
    /* RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF, nothing cut off. */
    static const char *const malformed[] = {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                            "\xF4\x90\x80\x80", "\xE2\x82"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        char *said;
        assert_null(load_bytes(malformed[i], strlen(malformed[i]), NULL, 0, &said));
        assert_non_null(strstr(said, "1:1: error: the byte 0x"));
        free(said);
    }
}

/* toml++ 3.3 takes such letters after a line-ending backslash, and outside of quotes, for
 * impossible. */
static void letters_beyond_ascii_are_read_where_they_may_stand(void **state)
{
    (void)state;
    char *text = tg_format("description = \"\"\"\\\n  \xC3\xA9t\xC3\xA9\"\"\"\n%s", base);
    char *said;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), NULL, 0, &said);
    assert_string_equal(said, "");
    assert_string_equal(scenario->description, "\xC3\xA9t\xC3\xA9");
    tg_scenario_free(scenario);
    free(said);
    free(text);
    assert_said("\xC3\xA9 = 1\n", 7,
                "1:1: error: malformed TOML: expected keys, tables, whitespace or comments, saw "
                "'\xC3\xA9'\n"
                "  hint: a key of other characters than A-Z a-z 0-9 _ - needs quotes\n");
}

static void a_huge_file_is_refused(void **state)
{
    (void)state;
    enum { BYTES = 10 << 20 };
    char *bytes = tg_calloc(BYTES, 1);
    memset(bytes, '#', BYTES);
    assert_said(bytes, BYTES,
                "0:0: error: is larger than the 4194304 bytes that such a file may have\n"
                "  hint: give the path of a scenario, which is a TOML file\n");
    free(bytes);
}

/* 200,000 tables inside each other would take the stack of a parser that recurses. */
static void a_deep_file_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 200000 };
    struct tg_text text = {0};
    tg_text_add(&text, "a = \"\"\"x\"\"\"\"\nb = 'a.b.c'\n[a");
    for (int i = 0; i < DEPTH; i++)
        tg_text_add(&text, ".a");
    tg_text_add(&text, "]\n");
    assert_said(text.data, text.length,
                "3:33: error: a key of more than 16 parts\n"
                "  hint: nothing in a scenario is nested that deeply\n");
    tg_text_clear(&text);
    tg_text_add(&text, "a = ");
    tg_text_pad(&text, '[', DEPTH);
    char *said;
    assert_null(load_bytes(text.data, text.length, NULL, 0, &said));
    assert_non_null(strstr(said, "exceeded maximum nested value depth"));
    free(said);
    tg_text_free(&text);
}

static void a_folder_and_nothing_are_refused(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    assert_int_equal(tg_scenario_load(test_folder, NULL, 0, &scenario, &diags), TG_INVALID);
    char *said = render(&diags, test_folder);
    assert_string_equal(said, "0:0: error: is not a regular file\n"
                              "  hint: give the path of a scenario, which is a TOML file\n");
    free(said);
    char *path = tg_path_join(test_folder, "absent.toml");
    assert_int_equal(tg_scenario_load(path, NULL, 0, &scenario, &diags), TG_SYSTEM);
    said = render(&diags, path);
    assert_string_equal(said, "0:0: error: cannot open: No such file or directory\n"
                              "  hint: give the path of a scenario, which is a TOML file\n");
    free(said);
    free(path);
    assert_null(scenario);
    tg_scenario_free(NULL);
}

/* ---- overrides ---- */

static struct tg_scenario *load_with(const char *key, const char *value)
{
    const struct tg_override override = {.key = key, .value = value};
    char *said;
    struct tg_scenario *scenario = load_bytes(base, strlen(base), &override, 1, &said);
    assert_string_equal(said, "");
    free(said);
    return scenario;
}

static void assert_override_said(const char *key, const char *value, const char *expected)
{
    const struct tg_override override = {.key = key, .value = value};
    char *said;
    assert_null(load_bytes(base, strlen(base), &override, 1, &said));
    assert_string_equal(said, expected);
    free(said);
}

static void overrides_change_values(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load_with("seed", "0xFF");
    assert_int_equal(scenario->seed, 255);
    tg_scenario_free(scenario);
    scenario = load_with("phase.steady.rate", "30/min"); /* no TOML value: text */
    assert_true(scenario->phases[1].rate_per_s == 0.5);
    tg_scenario_free(scenario);
    scenario = load_with("phase[1].for", "5s");
    assert_int_equal(scenario->phases[1].duration_ns, INT64_C(5000000000));
    tg_scenario_free(scenario);
    scenario = load_with("targets.steady[1]", "errors <= 1%");
    assert_int_equal(scenario->target_count, 2);
    assert_int_equal(scenario->targets[1].metric.kind, TG_METRIC_ERROR_RATE);
    tg_scenario_free(scenario);
    scenario = load_with("targets.steady", "[\"rate > 5/s\"]");
    assert_int_equal(scenario->target_count, 1);
    assert_string_equal(scenario->targets[0].text, "rate > 5/s");
    tg_scenario_free(scenario);
}

static void overrides_add_what_is_not_there(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load_with("engine.pragma.cache_size", "-64000");
    assert_int_equal(scenario->store.setting_count, 1);
    assert_string_equal(scenario->store.settings[0].name, "cache_size");
    assert_string_equal(scenario->store.settings[0].value, "-64000");
    assert_string_equal(scenario->store.settings[0].place.path, "--set engine.pragma.cache_size");
    tg_scenario_free(scenario);
    scenario = load_with("targets.first[0]", "rate > 1/s");
    assert_int_equal(scenario->target_count, 3);
    assert_string_equal(scenario->targets[2].text, "rate > 1/s"); /* without its quotes */
    tg_scenario_free(scenario);
    scenario = load_with("targets.steady[2]", "rate > 1/s"); /* one past the end appends */
    assert_int_equal(scenario->target_count, 3);
    tg_scenario_free(scenario);
    scenario = load_with("load.t.\"odd.name\"", "{ gen = \"bool\" }");
    assert_string_equal(scenario->loads[0].columns[2].name, "odd.name");
    tg_scenario_free(scenario);
    scenario = load_with("description", "it's = [ a 'free' text");
    assert_string_equal(scenario->description, "it's = [ a 'free' text");
    tg_scenario_free(scenario);
}

static void errors_of_overrides_name_them(void **state)
{
    (void)state;
    assert_override_said("phase.steady.ratee", "5",
                         "--set phase.steady.ratee: 0:0: error: unknown key \"ratee\"\n"
                         "  hint: did you mean \"rate\"?\n");
    assert_override_said("seed", "five",
                         "--set seed: 0:0: error: \"seed\" must be an integer, not a string\n");
    assert_override_said("targets.steady", "[1]",
                         "--set targets.steady: 0:0: error: \"steady[0]\" must be a string, not an "
                         "integer\n");
    assert_override_said("phase.stedy.rate", "5",
                         "--set phase.stedy.rate: 0:0: error: no element of \"phase\" has the name "
                         "\"stedy\"\n  hint: did you mean \"steady\"?\n");
    assert_override_said("phase[2].rate", "5",
                         "--set phase[2].rate: 0:0: error: missing key \"name\"\n"
                         "  hint: add name = \"steady\"\n"
                         "--set phase[2].rate: 0:0: error: missing key \"mix\"\n"
                         "  hint: add mix = \"main\"\n"
                         "--set phase[2].rate: 0:0: error: missing key \"for\"\n"
                         "  hint: add for = \"10s\", or count = 1000\n");
    assert_override_said("phase[3].rate", "5",
                         "--set phase[3].rate: 0:0: error: \"phase\" has 2 elements, counted from "
                         "0\n");
    assert_override_said("seed.x", "5",
                         "--set seed.x: 0:0: error: \"seed\" must be an integer, "
                         "not a table\n");
    assert_override_said("name[0]", "5",
                         "--set name[0]: 0:0: error: \"name\" is a string and has no elements\n");
    static const char *const malformed[] = {
        "",     ".",   "a.",  "a..b",  "a[",
        "a[x]", "a[1", "\"a", "a[1]b", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        char *expected =
            tg_format("--set %s: 0:0: error: \"%s\" is no key\n  hint: write keys with dots "
                      "between them, as in phase.steady.rate or targets.steady[0]\n",
                      malformed[i], malformed[i]);
        assert_override_said(malformed[i], "1", expected);
        free(expected);
    }
}

/* ---- hashes ---- */

struct hashes {
    char scenario[TG_HASH_TEXT];
    char dataset[TG_HASH_TEXT];
};

static struct hashes hashes_of(const char *text, const struct tg_override *overrides, size_t count)
{
    char *said;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), overrides, count, &said);
    assert_string_equal(said, "");
    free(said);
    if (!scenario)
        abort(); /* the assertion above has said why */
    struct hashes hashes;
    memcpy(hashes.scenario, scenario->hash, sizeof hashes.scenario);
    memcpy(hashes.dataset, scenario->dataset_hash, sizeof hashes.dataset);
    tg_scenario_free(scenario);
    return hashes;
}

/* The base with the first `from` made `to`. Free with free(). */
static char *edited(const char *from, const char *to)
{
    const char *at = strstr(base, from);
    assert_non_null(at);
    return tg_format("%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
}

static void assert_edit(const char *from, const char *to, bool same_scenario, bool same_dataset)
{
    char *text = edited(from, to);
    const struct hashes before = hashes_of(base, NULL, 0);
    const struct hashes after = hashes_of(text, NULL, 0);
    assert_int_equal(strcmp(before.scenario, after.scenario) == 0, same_scenario);
    assert_int_equal(strcmp(before.dataset, after.dataset) == 0, same_dataset);
    free(text);
}

static void hashes_follow_the_content_not_the_layout(void **state)
{
    (void)state;
    assert_int_equal(strlen(hashes_of(base, NULL, 0).scenario), 64);
    assert_edit("rows = 100", "rows = 1_00 # comment", true, true);
    assert_edit("name = \"base\"\n", "name = 'base'\n\n", true, true);
    assert_edit("id = { gen = \"sequential\" }\n", "id.gen = \"sequential\"\n", true, true);
    assert_edit("name = \"steady\"\nmix = \"get\"\n", "mix = \"get\"\nname = \"steady\"\n", true,
                true);
}

static void hashes_see_what_matters(void **state)
{
    (void)state;
    assert_edit("rate = 1000", "rate = 1001", false, true);
    assert_edit("get.p99", "get.p95", false, true);
    assert_edit("rows = 100", "rows = 101", false, false);
    assert_edit("name = \"base\"", "name = \"base\"\nseed = 2", false, false);
    assert_edit("kind = \"sqlite\"", "kind = \"sqlite\"\npragma.page_size = 8192", false, false);
    assert_edit("kind = \"sqlite\"", "kind = \"sqlite\"\nbusy_retries = 3", false, false);
    assert_edit("kind = \"sqlite\"", "kind = \"sqlite\"\nlibrary = \"libother.so\"", false, false);
    /* The order of weighted values decides which value a draw gives. */
    assert_edit("on = 3, off = 1", "off = 1, on = 3", false, false);
}

static void the_schema_is_part_of_the_hashes(void **state)
{
    (void)state;
    static const char one[] = "CREATE TABLE t (id INTEGER PRIMARY KEY);\n";
    static const char other[] = "CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT;\n";
    const struct hashes before = hashes_of(base, NULL, 0);
    write_file("schema.sql", other, strlen(other));
    const struct hashes after = hashes_of(base, NULL, 0);
    write_file("schema.sql", one, strlen(one));
    assert_string_not_equal(before.scenario, after.scenario);
    assert_string_not_equal(before.dataset, after.dataset);
}

/* The scenario stays what it is; the data is what this build of the library made. */
static void a_library_that_was_built_again_builds_its_data_anew(void **state)
{
    (void)state;
    char *text = edited("kind = \"sqlite\"", "kind = \"sqlite\"\nlibrary = \"./lib.so\"");
    const struct hashes missing = hashes_of(text, NULL, 0);
    write_file("lib.so", "one", 3);
    const struct hashes before = hashes_of(text, NULL, 0);
    write_file("lib.so", "two", 3);
    const struct hashes after = hashes_of(text, NULL, 0);
    assert_string_equal(before.scenario, after.scenario);
    assert_string_not_equal(before.dataset, after.dataset);
    assert_string_not_equal(before.dataset, missing.dataset);
    free(text);
}

static void an_override_hashes_like_the_edited_file(void **state)
{
    (void)state;
    const struct tg_override overrides[] = {{.key = "load.t.rows", .value = "7"},
                                            {.key = "phase.steady.workers", .value = "3"}};
    const struct hashes set = hashes_of(base, overrides, 2);
    char *once = edited("rows = 100", "rows = 7");
    const char *at = strstr(once, "rate = 1000");
    char *text = tg_format("%.*sworkers = 3\n%s", (int)(at - once), once, at);
    const struct hashes written = hashes_of(text, NULL, 0);
    assert_string_equal(set.scenario, written.scenario);
    assert_string_equal(set.dataset, written.dataset);
    free(text);
    free(once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_is_refused),
        cmocka_unit_test(bytes_that_are_no_text_are_refused_with_their_place),
        cmocka_unit_test(letters_beyond_ascii_are_read_where_they_may_stand),
        cmocka_unit_test(a_huge_file_is_refused),
        cmocka_unit_test(a_deep_file_is_refused),
        cmocka_unit_test(a_folder_and_nothing_are_refused),
        cmocka_unit_test(overrides_change_values),
        cmocka_unit_test(overrides_add_what_is_not_there),
        cmocka_unit_test(errors_of_overrides_name_them),
        cmocka_unit_test(hashes_follow_the_content_not_the_layout),
        cmocka_unit_test(hashes_see_what_matters),
        cmocka_unit_test(the_schema_is_part_of_the_hashes),
        cmocka_unit_test(a_library_that_was_built_again_builds_its_data_anew),
        cmocka_unit_test(an_override_hashes_like_the_edited_file),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
