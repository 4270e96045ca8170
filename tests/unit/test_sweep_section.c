/* [sweep] in a scenario: the sizes, what follows them and what does not, what is wrong with one. */
#include "scenario_support.h"

static const char head[] = /* 25 lines */
    "format = 1\nname = \"s\"\n[engine]\nkind = \"sqlite\"\nschema = \"schema.sql\"\n"
    "[load.users]\nrows = 150\nid = { gen = \"sequential\" }\n"
    "[load.notes]\nrows = 1_000\nid = { gen = \"sequential\" }\n"
    "owner = { gen = \"zipf\", over = \"users\" }\ntag = { gen = \"uniform\", over = 70 }\n"
    "[load.kinds]\nrows = 4\nid = { gen = \"sequential\" }\n"
    "[op.get]\nsql = \"SELECT * FROM notes WHERE id = :id\"\n"
    "id = { gen = \"pick\", of = \"notes.id\" }\n"
    "[[phase]]\nname = \"p\"\nmix = \"get\"\ncount = 10\nwarmup = \"0s\"\n\n";

static struct tg_scenario *load(const char *section, const char *said)
{
    char *text = tg_format("%s%s", head, section);
    char *heard;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), NULL, 0, &heard);
    assert_string_equal(heard, said);
    free(heard);
    free(text);
    return scenario;
}

static void refuse(const char *section, const char *said)
{
    assert_null(load(section, said));
}

static void assert_rows(const struct tg_scenario *scenario, uint64_t users, uint64_t notes,
                        uint64_t kinds)
{
    assert_int_equal(scenario->loads[0].rows, users);
    assert_int_equal(scenario->loads[1].rows, notes);
    assert_int_equal(scenario->loads[2].rows, kinds);
}

static void sizes_are_read_and_change_nothing(void **state)
{
    (void)state;
    struct tg_scenario *scenario =
        load("[sweep]\nrows = [10, 1_000, 50_000]\n"
             "full = { rows = [60_000, 70_000], load = { users = 9 } }\n",
             "");
    const struct tg_sweep_spec *sweep = &scenario->sweep;
    assert_true(sweep->given);
    assert_string_equal(sweep->table, "notes"); /* the largest */
    assert_int_equal(sweep->size_count, 3);
    assert_int_equal(sweep->sizes[2], 50000);
    assert_int_equal(sweep->full_size_count, 2);
    assert_int_equal(sweep->full_sizes[1], 70000);
    assert_int_equal(sweep->full_load_count, 1);
    assert_string_equal(sweep->full_loads[0].table, "users");
    assert_int_equal(sweep->full_loads[0].rows, 9);
    assert_int_equal(sweep->at, 0);
    assert_rows(scenario, 150, 1000, 4);
    tg_scenario_free(scenario);
    scenario = load("", "");
    assert_false(scenario->sweep.given);
    tg_scenario_free(scenario);
}

/* 150 * 50 / 1000 = 7.5 and 4 * 50 / 1000 = 0.2: rounded, and no table is empty. */
static void tables_keep_their_ratio(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load("[sweep]\nrows = [10]\nat = 50\n", "");
    assert_int_equal(scenario->sweep.at, 50);
    assert_rows(scenario, 8, 50, 1);
    tg_scenario_free(scenario);
    scenario = load("[sweep]\nrows = [10]\nof = \"users\"\nat = 75\n", "");
    assert_string_equal(scenario->sweep.table, "users");
    assert_rows(scenario, 75, 500, 2);
    tg_scenario_free(scenario);
    scenario = load("[sweep]\nrows = [10]\nfixed = [\"notes\", \"kinds\"]\nat = 75\n", "");
    assert_string_equal(scenario->sweep.table, "users"); /* the largest that grows */
    assert_rows(scenario, 75, 1000, 4);
    tg_scenario_free(scenario);
    /* Products beyond 2^64: 10^11 of 1,000, and 4 * 10^11 / 1,000. */
    scenario = load("[sweep]\nrows = [10]\nat = 100_000_000_000\n", "");
    assert_rows(scenario, 15000000000, 100000000000, 400000000);
    tg_scenario_free(scenario);
}

static void generators_follow_tables_and_not_numbers(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load("[sweep]\nrows = [10]\nat = 20_000\n", "");
    const struct tg_load_spec *notes = &scenario->loads[1];
    assert_int_equal(notes->columns[1].spec.dist.over, 3000);           /* "users" */
    assert_int_equal(notes->columns[2].spec.dist.over, 70);             /* a number */
    assert_int_equal(scenario->ops[0].params[0].spec.dist.over, 20000); /* a pick */
    tg_scenario_free(scenario);
}

/* Data that is built for a size serves whoever writes the same rows. */
static void a_size_is_the_data_set_of_its_rows(void **state)
{
    (void)state;
    struct tg_scenario *scaled = load("[sweep]\nrows = [10]\nat = 500\n", "");
    static const struct tg_override rows[] = {{.key = "load.users.rows", .value = "75"},
                                              {.key = "load.notes.rows", .value = "500"},
                                              {.key = "load.kinds.rows", .value = "2"}};
    char *said;
    struct tg_scenario *written = load_bytes(head, strlen(head), rows, 3, &said);
    assert_string_equal(said, "");
    assert_string_equal(scaled->dataset_hash, written->dataset_hash);
    assert_string_not_equal(scaled->hash, written->hash);
    free(said);
    tg_scenario_free(scaled);
    tg_scenario_free(written);
}

static void mistakes_have_their_places(void **state)
{
    (void)state;
    refuse("[sweep]\n", "26:1: error: missing key \"rows\"\n"
                        "  hint: add rows = [1_000, 10_000, 100_000]\n");
    refuse("[sweep]\nrows = []\n", "27:8: error: \"rows\" names no size\n"
                                   "  hint: write [1_000, 10_000, 100_000]\n");
    refuse("[sweep]\nrows = 1_000\n", "27:8: error: \"rows\" must be an array, not an integer\n");
    refuse("[sweep]\nrows = [5, 7, 7, 6]\n",
           "27:15: error: 7 comes after 7\n"
           "  hint: sizes are listed once each, from the smallest to the largest\n"
           "27:18: error: 6 comes after 7\n"
           "  hint: sizes are listed once each, from the smallest to the largest\n");
    refuse("[sweep]\nrows = [0, 1.5]\n",
           "27:9: error: \"rows[0]\" must be from 1 to 100000000000, not 0\n"
           "27:12: error: \"rows[1]\" must be an integer, not a decimal number\n");
    refuse("[sweep]\nrows = [5]\nof = \"user\"\n",
           "28:6: error: no load defines the table \"user\"\n  hint: did you mean \"users\"?\n");
    refuse("[sweep]\nrows = [5]\nof = \"users\"\nfixed = [\"users\", \"nots\"]\n",
           "29:10: error: \"users\" cannot stay as it is: the sizes are of it\n"
           "  hint: take it out of fixed, or let \"of\" name another table\n"
           "29:19: error: no load defines the table \"nots\"\n  hint: did you mean \"notes\"?\n");
    refuse("[sweep]\nrows = [5]\nfixed = [\"users\", \"notes\", \"kinds\"]\n",
           "26:1: error: nothing grows: all tables are fixed\n  hint: take one out of fixed\n");
    refuse("[sweep]\nrows = [5]\nfull = { }\n",
           "28:8: error: \"full\" adds nothing\n  hint: write full = { rows = [10_000_000] } or "
           "full = { load = { TABLE = ROWS } }\n");
    refuse("[sweep]\nrows = [5]\nfull = { rows = [6, 5], load = { user = 3 }, more = 1 }\n",
           "28:21: error: 5 comes after 6\n"
           "  hint: sizes are listed once each, from the smallest to the largest\n"
           "28:34: error: no load defines the table \"user\"\n  hint: did you mean \"users\"?\n"
           "28:46: error: unknown key \"more\"\n  hint: known keys: rows, load\n");
    refuse("[sweep]\nrows = [5]\nat = 0\n",
           "28:6: error: \"at\" must be from 1 to 100000000000, not 0\n");
    refuse("[sweep]\nrows = [5]\nof = \"kinds\"\nat = 1_000_000_000\n",
           "29:6: error: \"notes\" would have more than 100000000000 rows with 1,000,000,000 in "
           "\"kinds\"\n  hint: choose smaller sizes, or add \"notes\" to fixed\n");
}

static void a_sweep_needs_tables(void **state)
{
    (void)state;
    static const char none[] = "format = 1\nname = \"s\"\n[engine]\nkind = \"noop\"\n[op.nothing]\n"
                               "[[phase]]\nname = \"p\"\nmix = \"nothing\"\ncount = 10\n"
                               "[sweep]\nrows = [5]\n";
    char *said;
    assert_null(load_bytes(none, strlen(none), NULL, 0, &said));
    assert_string_equal(said, "10:1: error: nothing grows: the scenario loads no table\n"
                              "  hint: add a [load.TABLE]\n");
    free(said);
}

/* A graph of 100 nodes needs its 300 rows, which it has in the scenario as it stands alone. */
static void a_size_that_generators_refuse_is_named(void **state)
{
    (void)state;
    static const char graph[] =
        "[load.edges]\nrows = 300\na = { gen = \"graph\", end = \"source\", nodes = 100, degree = "
        "3 }\n[sweep]\nof = \"notes\"\nrows = [1_000, 2_000]\n";
    char *text = tg_format("%s%s", head, graph);
    write_file("graph.toml", text, strlen(text));
    char *path = tg_path_join(test_folder, "graph.toml");
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    assert_int_equal(tg_scenario_load(path, NULL, 0, &scenario, &diags), TG_OK);
    tg_scenario_free(scenario);
    assert_int_equal(tg_scenario_load_size(path, NULL, 0, "notes", 1000, &scenario, &diags), TG_OK);
    tg_scenario_free(scenario);
    assert_int_equal(diags.count, 0);
    assert_int_equal(tg_scenario_load_size(path, NULL, 0, "notes", 2000, &scenario, &diags),
                     TG_INVALID);
    assert_int_equal(diags.errors, 1);
    assert_true(tg_starts_with(diags.items[0].message, "with 2,000 rows in \"notes\": "));
    assert_int_equal(diags.items[0].line, 28);
    tg_diags_free(&diags);
    free(path);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_read_and_change_nothing),
        cmocka_unit_test(tables_keep_their_ratio),
        cmocka_unit_test(generators_follow_tables_and_not_numbers),
        cmocka_unit_test(a_size_is_the_data_set_of_its_rows),
        cmocka_unit_test(mistakes_have_their_places),
        cmocka_unit_test(a_sweep_needs_tables),
        cmocka_unit_test(a_size_that_generators_refuse_is_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
