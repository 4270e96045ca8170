#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "baselines/competitors.h"
#include "common/file.h"
#include "common/text.h"

/* ---- a folder for each test ---- */

struct place {
    char folder[sizeof "/tmp/tailgate-competitors-XXXXXX"];
    struct tg_diags diags;
    struct tg_competitors competitors;
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    strcpy(place->folder, "/tmp/tailgate-competitors-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_remove_tree(place->folder, &place->diags), TG_OK);
    tg_competitors_free(&place->competitors);
    tg_diags_free(&place->diags);
    free(place);
    return 0;
}

static void write_file(struct place *place, const char *name, const char *text)
{
    char *path = tg_path_join(place->folder, name);
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &place->diags), TG_OK);
    free(path);
}

/* Loading the folder fails with exactly these lines; the folder's name is left out of them. */
static void check_refused(struct place *place, const char *expected)
{
    struct tg_text text = {0};
    assert_int_not_equal(tg_competitors_load(place->folder, &place->competitors, &place->diags),
                         TG_OK);
    for (size_t i = 0; i < place->diags.count; i++) {
        const struct tg_diag *diag = &place->diags.items[i];
        assert_true(tg_starts_with(diag->path, place->folder));
        tg_text_addf(&text, "%s:%d:%d: %s\n", diag->path + strlen(place->folder), diag->line,
                     diag->column, diag->message);
        if (diag->hint)
            tg_text_addf(&text, "  %s\n", diag->hint);
    }
    assert_string_equal(tg_text_string(&text), expected);
    assert_int_equal(place->competitors.count, 0);
    assert_null(place->competitors.items);
    tg_text_free(&text);
}

#define GOOD                                                                                       \
    "format = 1\nname = \"A\"\nversion = \"1\"\nsource = \"a page\"\nread = 2025-11-09\n"          \
    "hardware = \"not stated\"\nworkload = \"w\"\ndata = \"d\"\napplies_to = [\"get\"]\n"

/* ---- the files that are shipped ---- */

static const struct tg_competitor *find(const struct tg_competitors *competitors, const char *name)
{
    for (size_t i = 0; i < competitors->count; i++) {
        if (strcmp(competitors->items[i].name, name) == 0)
            return &competitors->items[i];
    }
    fail_msg("no competitor %s", name);
    return NULL;
}

static void check_figure(struct tg_published figure, double low, double high)
{
    assert_true((isnan(low) && isnan(figure.low)) || fabs(figure.low - low) < 1e-6);
    assert_true((isnan(high) && isnan(figure.high)) || fabs(figure.high - high) < 1e-6);
}

/* The figures as the workflow's table of published competitors has them, read 2025-11-09. */
static void the_shipped_competitors(void **state)
{
    struct place *place = *state;
    struct tg_competitors *all = &place->competitors;
    assert_int_equal(tg_competitors_load("baselines/competitors", all, &place->diags), TG_OK);
    static const struct {
        const char *name, *version, *operation;
        double p50_ms, p99_low_ms, p99_high_ms, rate_low, rate_high, recall;
    } expected[] = {
        {"Milvus", "2.3", "search", 450, 708, 708, 2098, 2098, 1},
        {"Neo4j", "5.14", "recall", 18, 27.96, 27.96, 280, 280, NAN},
        {"Qdrant", "1.7", "search", 18, 22, 24, 626, 626, 0.995},
        {"Redis Stack", "7.2", "search", NAN, 8, 8, NAN, NAN, NAN},
        {"Weaviate", "1.22", "search", NAN, 70, 150, 200, 400, NAN},
    };
    assert_int_equal(all->count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < all->count; i++) {
        const struct tg_competitor *one = find(all, expected[i].name);
        assert_ptr_equal(one, &all->items[i]); /* in the order of the files */
        assert_string_equal(one->version, expected[i].version);
        assert_string_equal(one->read, "2025-11-09");
        assert_string_equal(one->hardware, "not stated");
        assert_true(tg_competitor_applies(one, expected[i].operation));
        assert_false(tg_competitor_applies(one, "store"));
        check_figure(one->figures[TG_FIGURE_P50], 1e6 * expected[i].p50_ms,
                     1e6 * expected[i].p50_ms);
        check_figure(one->figures[TG_FIGURE_P99], 1e6 * expected[i].p99_low_ms,
                     1e6 * expected[i].p99_high_ms);
        check_figure(one->figures[TG_FIGURE_RATE], expected[i].rate_low, expected[i].rate_high);
        check_figure(one->recall, expected[i].recall, expected[i].recall);
    }
    assert_string_equal(find(all, "Qdrant")->source, "qdrant.tech/benchmarks");
    assert_string_equal(find(all, "Weaviate")->data, "1,000,000 vectors");
}

/* ---- what is refused ---- */

static void nothing_is_left_out_or_unknown(void **state)
{
    write_file(*state, "a.toml", "nam = \"A\"\n[published]\np90 = \"1ms\"\n");
    check_refused(*state,
                  "/a.toml:1:1: missing key \"format\"\n  add format = 1\n"
                  "/a.toml:1:1: missing key \"name\"\n  add name = \"Neo4j\"\n"
                  "/a.toml:1:1: missing key \"version\"\n  add version = \"5.14\"\n"
                  "/a.toml:1:1: missing key \"source\"\n"
                  "  add source = \"neo4j.com, performance guide\"\n"
                  "/a.toml:1:1: missing key \"read\"\n  add read = 2025-11-09\n"
                  "/a.toml:1:1: missing key \"hardware\"\n  add hardware = \"not stated\"\n"
                  "/a.toml:1:1: missing key \"workload\"\n"
                  "  add workload = \"nearest-neighbour search\"\n"
                  "/a.toml:1:1: missing key \"data\"\n  add data = \"1,000,000 x 768\"\n"
                  "/a.toml:1:1: missing key \"applies_to\"\n  add applies_to = [\"search\"]\n"
                  "/a.toml:1:1: unknown key \"nam\"\n  did you mean \"name\"?\n"
                  "/a.toml:2:1: no figure is published\n"
                  "  add p50, p99 or rate; leave out what the source does not say\n"
                  "/a.toml:3:1: unknown key \"p90\"\n  did you mean \"p50\"?\n");
}

static void values_are_checked(void **state)
{
    write_file(*state, "a.toml",
               "format = 2\nname = \"\"\nversion = 5.14\nsource = \"s\"\nread = \"2025-11-09\"\n"
               "hardware = \"h\"\nworkload = \"w\"\ndata = \"d\"\napplies_to = [\"re call\", 3]\n"
               "[published]\np50 = \"18\"\np99 = [\"24ms\", \"22ms\"]\nrate = [1, 2, 3]\n"
               "recall = \"101%\"\n");
    check_refused(*state,
                  "/a.toml:1:10: \"format\" must be 1, not 2\n"
                  "  this version of Tailgate reads format 1\n"
                  "/a.toml:2:8: \"name\" is empty\n"
                  "  what the source does not say is \"not stated\"\n"
                  "/a.toml:3:11: \"version\" must be a string, not a decimal number\n"
                  "/a.toml:5:8: \"read\" must be a date\n"
                  "  write the day when the source was read, without quotes: 2025-11-09\n"
                  "/a.toml:9:15: \"re call\" cannot be an operation\n"
                  "  operations are letters, digits and '_', and do not start with a digit\n"
                  "/a.toml:9:26: \"applies_to[1]\" must be a string, not an integer\n"
                  "/a.toml:11:7: \"p50\" is no duration: \"18\"\n"
                  "  write a number and a unit: ns, us, ms, s, min or h, as in \"50ms\"\n"
                  "/a.toml:12:7: \"p99\" is no range: it ends where it begins, or before\n"
                  "  the lower end comes first; a single figure needs no brackets\n"
                  "/a.toml:13:8: \"rate\" has 3 values\n"
                  "  a range has two: its lower and its upper end\n"
                  "/a.toml:14:10: \"recall\" must be from 0% to 100%, not 101%\n");
}

static void no_figure_is_zero(void **state)
{
    write_file(*state, "a.toml",
               GOOD "[published]\np50 = \"0ms\"\np99 = [\"0\", \"5ms\"]\nrate = 0\n");
    check_refused(*state, "/a.toml:11:7: \"p50\" must be at least 1 ns, not \"0ms\"\n"
                          "/a.toml:12:8: \"p99[0]\" must be at least 1 ns, not \"0\"\n"
                          "/a.toml:13:8: \"rate\" must be above 0 and at most 1e+09 per second, "
                          "not 0\n");
}

static void sections_are_tables_and_are_there(void **state)
{
    write_file(*state, "a.toml", GOOD);
    write_file(*state, "b.toml", GOOD "published = 3\n");
    write_file(*state, "c.toml", "format = 1 1\n");
    write_file(*state, "notes.txt", "not for us");
    check_refused(*state,
                  "/a.toml:1:1: missing [published]\n"
                  "  add [published] with p50, p99 or rate\n"
                  "/b.toml:10:13: \"published\" must be a table, not an integer\n"
                  "/c.toml:1:12: malformed TOML: expected a comment or whitespace, saw '1'\n"
                  "  one key and value per line\n");
}

static void a_folder_without_competitors(void **state)
{
    check_refused(*state, ":0:0: no competitor is described here\n"
                          "  each has a .toml file; docs/competitors.md says what is in it\n");
}

static void no_folder(void **state)
{
    struct place *place = *state;
    assert_int_equal(
        tg_competitors_load("/tmp/tailgate-is-not-here", &place->competitors, &place->diags),
        TG_SYSTEM);
    assert_int_equal(place->diags.count, 1);
    assert_string_equal(place->diags.items[0].path, "/tmp/tailgate-is-not-here");
    assert_non_null(place->diags.items[0].hint);
}

static void the_same_twice(void **state)
{
    struct place *place = *state;
    write_file(place, "a.toml", GOOD "[published]\nrate = 3\n");
    write_file(place, "b.toml", GOOD "[published]\nrate = 4\n");
    char *expected = tg_format("/b.toml:0:0: A 1 is described in %s/a.toml as well\n"
                               "  remove one of the two, or tell them apart by their versions\n",
                               place->folder);
    check_refused(place, expected);
    free(expected);
}

/* ---- where they are ---- */

static void check_folder(struct place *place, const char *project, const char *program,
                         const char *expected)
{
    char *project_path = tg_path_join(place->folder, project);
    char *program_path = tg_path_join(place->folder, program);
    char *found = tg_competitors_folder(project_path, program_path);
    if (expected) {
        assert_non_null(found);
        assert_true(tg_starts_with(found, place->folder));
        assert_string_equal(found + strlen(place->folder) + 1, expected);
    } else {
        assert_null(found);
    }
    free(found);
    free(program_path);
    free(project_path);
}

static void make_folder(struct place *place, const char *name)
{
    char *path = tg_path_join(place->folder, name);
    assert_int_equal(tg_make_folders(path, &place->diags), TG_OK);
    free(path);
}

static void the_project_comes_before_the_installation(void **state)
{
    struct place *place = *state;
    make_folder(place, "usr/bin");
    make_folder(place, "plain");
    make_folder(place, "source/build/dev");
    check_folder(place, "plain", "usr/bin", NULL);
    make_folder(place, "usr/share/tailgate/competitors");
    make_folder(place, "source/baselines/competitors");
    make_folder(place, "project/baselines/competitors");
    check_folder(place, "project", "usr/bin", "project/baselines/competitors");
    check_folder(place, "plain", "usr/bin", "usr/bin/../share/tailgate/competitors");
    check_folder(place, "plain", "source/build/dev",
                 "source/build/dev/../../baselines/competitors");
    char *without = tg_competitors_folder(NULL, place->folder);
    assert_null(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_shipped_competitors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_left_out_or_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_figure_is_zero, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sections_are_tables_and_are_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_without_competitors, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_folder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_project_comes_before_the_installation, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
