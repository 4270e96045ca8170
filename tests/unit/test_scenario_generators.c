/* Generators: the spec that is made of each, and every error with its place and words. Expected
 * values: read off the text by the rules of docs/scenario.md. */
#include "scenario_cases.h"

static struct tg_scenario *load(const char *text)
{
    char *said;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), NULL, 0, &said);
    assert_string_equal(said, "");
    free(said);
    return scenario;
}

static void assert_near(double actual, double expected)
{
    assert_true(actual > expected * (1 - 1e-12) && actual < expected * (1 + 1e-12));
}

/* The spec of `generator` as the column of a load of 100 rows; the scenario has to be freed. */
static struct tg_scenario *load_generator(const char *generator, const struct tg_gen_spec **spec)
{
    char *text = tg_format("format = 1\nname = \"g\"\n[engine]\nkind = \"sqlite\"\n"
                           "schema = \"schema.sql\"\n[load.t]\nrows = 100\nc = %s\n"
                           "[op.o]\nsql = \"SELECT 1\"\n"
                           "[[phase]]\nname = \"p\"\nmix = \"o\"\ncount = 1\n",
                           generator);
    struct tg_scenario *scenario = load(text);
    free(text);
    *spec = &scenario->loads[0].columns[0].spec;
    return scenario;
}

static void whole_number_generators(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum tg_dist_kind kind;
        uint64_t over;
        int64_t min, step;
    } expected[] = {
        {"{ gen = \"uniform\", over = 10 }", TG_DIST_UNIFORM, 10, 0, 1},
        {"{ gen = \"uniform\", min = 5, max = 14 }", TG_DIST_UNIFORM, 10, 5, 1},
        {"{ gen = \"uniform\", min = -5, max = 4, step = 3 }", TG_DIST_UNIFORM, 4, -5, 3},
        {"{ gen = \"int\", max = 9, by = \"gaussian\" }", TG_DIST_GAUSSIAN, 10, 0, 1},
        {"{ gen = \"zipf\", over = \"t\", start = 100 }", TG_DIST_ZIPF, 100, 100, 1},
        {"{ gen = \"latest\", over = 7, step = -2 }", TG_DIST_LATEST, 7, 0, -2},
        {"{ gen = \"hotset\", over = 7 }", TG_DIST_HOTSET, 7, 0, 1},
        {"{ gen = \"sequential\", over = 7 }", TG_DIST_SEQUENTIAL, 7, 0, 1},
        {"{ gen = \"sequential\" }", TG_DIST_SEQUENTIAL, INT64_MAX, 0, 1},
        {"{ gen = \"next\", start = 9 }", TG_DIST_NEXT, INT64_MAX, 9, 1},
        {"{ gen = \"int\", min = 0, max = 9223372036854775806 }", TG_DIST_UNIFORM, INT64_MAX, 0, 1},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct tg_gen_spec *spec;
        struct tg_scenario *scenario = load_generator(expected[i].text, &spec);
        assert_int_equal(spec->kind, TG_GEN_INT);
        assert_int_equal(spec->dist.kind, expected[i].kind);
        assert_int_equal(spec->dist.over, expected[i].over);
        assert_int_equal(spec->min, expected[i].min);
        assert_int_equal(spec->step, expected[i].step);
        assert_null(spec->as);
        assert_true(spec->null_fraction == 0);
        tg_scenario_free(scenario);
    }
}

static void distributions_take_their_options(void **state)
{
    (void)state;
    const struct tg_gen_spec *spec;
    struct tg_scenario *scenario = load_generator(
        "{ gen = \"hotset\", over = 7, hot = \"10%\", share = 0.9, scrambled = true, "
        "null = \"30%\", as = \"k%x\" }",
        &spec);
    assert_near(spec->dist.hot, 0.1);
    assert_near(spec->dist.hot_share, 0.9);
    assert_true(spec->dist.scrambled);
    assert_near(spec->null_fraction, 0.3);
    assert_string_equal(spec->as, "k%x");
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"gaussian\", over = 7, mean = 0.25, sd = 0.5 }", &spec);
    assert_true(spec->dist.mean == 0.25);
    assert_true(spec->dist.sd == 0.5);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"uniform\", over = 7 }", &spec);
    assert_true(spec->dist.theta == 0.99 && !spec->dist.scrambled);
    assert_true(spec->dist.hot == 0.2 && spec->dist.hot_share == 0.8);
    assert_true(spec->dist.mean == 0.5);
    assert_near(spec->dist.sd, 1.0 / 6);
    tg_scenario_free(scenario);
}

static void scalar_generators(void **state)
{
    (void)state;
    const struct tg_gen_spec *spec;
    struct tg_scenario *scenario =
        load_generator("{ gen = \"float\", min = -1, max = 2.5 }", &spec);
    assert_int_equal(spec->kind, TG_GEN_FLOAT);
    assert_true(spec->float_min == -1 && spec->float_max == 2.5 && !spec->float_normal);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"float\", by = \"gaussian\", mean = 3, sd = 2 }", &spec);
    assert_true(spec->float_normal && spec->mean == 3 && spec->sd == 2);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"text\", length = \"4KiB\" }", &spec);
    assert_int_equal(spec->kind, TG_GEN_TEXT);
    assert_int_equal(spec->min_length, 4096);
    assert_int_equal(spec->max_length, 4096);
    assert_int_equal(spec->dist.over, 1);
    tg_scenario_free(scenario);
    scenario = load_generator(
        "{ gen = \"text\", min_length = 10, max_length = 19, by = \"zipf\", theta = 1.5 }", &spec);
    assert_int_equal(spec->min_length, 10);
    assert_int_equal(spec->max_length, 19);
    assert_int_equal(spec->dist.kind, TG_DIST_ZIPF);
    assert_int_equal(spec->dist.over, 10);
    assert_true(spec->dist.theta == 1.5);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"bool\", p = \"25%\" }", &spec);
    assert_int_equal(spec->kind, TG_GEN_BOOL);
    assert_true(spec->probability == 0.25);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"const\", value = 1.5, null = 1 }", &spec);
    assert_int_equal(spec->kind, TG_GEN_CONST);
    assert_int_equal(spec->constant.type, TG_VALUE_FLOAT);
    assert_true(spec->constant.real == 1.5 && spec->null_fraction == 1);
    tg_scenario_free(scenario);
    scenario = load_generator("\"caf\xC3\xA9\"", &spec);
    assert_int_equal(spec->constant.type, TG_VALUE_TEXT);
    assert_int_equal(spec->constant.length, 5);
    assert_string_equal(spec->constant.bytes, "caf\xC3\xA9");
    tg_scenario_free(scenario);
    scenario = load_generator(
        "{ gen = \"timestamp\", start = \"2024-02-29T23:59:59.25+01:30\", by = \"uniform\", "
        "over = 60 }",
        &spec);
    /* date -u -d '2024-02-29T22:29:59Z' +%s */
    assert_int_equal(spec->start_unix_ns, INT64_C(1709245799) * 1000000000 + 250000000);
    assert_int_equal(spec->step, INT64_C(1000000000));
    assert_int_equal(spec->dist.over, 60);
    assert_int_equal(spec->time_form, TG_TIME_ISO);
    tg_scenario_free(scenario);
}

static void choices_keep_their_order(void **state)
{
    (void)state;
    const struct tg_gen_spec *spec;
    struct tg_scenario *scenario =
        load_generator("{ gen = \"choice\", of = { zebra = 7, ant = 3.5 } }", &spec);
    assert_int_equal(spec->kind, TG_GEN_CHOICE);
    assert_int_equal(spec->choice_count, 2);
    assert_string_equal(spec->choices[0].value.bytes, "zebra");
    assert_int_equal(spec->choices[0].value.length, 5);
    assert_true(spec->choices[0].weight == 7);
    assert_string_equal(spec->choices[1].value.bytes, "ant");
    assert_true(spec->choices[1].weight == 3.5);
    tg_scenario_free(scenario);
    scenario =
        load_generator("{ gen = \"choice\", of = [\"a\", 2, false], weights = [1, 0, 2] }", &spec);
    assert_int_equal(spec->choice_count, 3);
    assert_int_equal(spec->choices[1].value.integer, 2);
    assert_int_equal(spec->choices[2].value.type, TG_VALUE_INT);
    assert_int_equal(spec->choices[2].value.integer, 0);
    assert_true(spec->choices[1].weight == 0 && spec->choices[2].weight == 2);
    tg_scenario_free(scenario);
}

static void documents_vectors_and_graphs(void **state)
{
    (void)state;
    const struct tg_gen_spec *spec;
    struct tg_scenario *scenario = load_generator(
        "{ gen = \"json\", count = 3, fields = { z = 1, a = { gen = \"json\", fields = { b = { gen "
        "= \"bool\" } } } } }",
        &spec);
    assert_int_equal(spec->kind, TG_GEN_JSON);
    assert_int_equal(spec->count, 3);
    assert_int_equal(spec->field_count, 2);
    assert_string_equal(spec->fields[0].name, "z");
    assert_int_equal(spec->fields[0].spec->kind, TG_GEN_CONST);
    assert_string_equal(spec->fields[1].name, "a");
    assert_int_equal(spec->fields[1].spec->count, -1);
    assert_int_equal(spec->fields[1].spec->fields[0].spec->kind, TG_GEN_BOOL);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"json_events\", count = 2 }", &spec);
    static const char *const names[] = {"id", "author", "timestamp", "content"};
    assert_int_equal(spec->kind, TG_GEN_JSON);
    assert_int_equal(spec->count, 2);
    assert_int_equal(spec->field_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(spec->fields[i].name, names[i]);
    tg_scenario_free(scenario);
    scenario = load_generator("{ gen = \"vector\", dims = 16, clusters = 4, sd = 0.3 }", &spec);
    assert_int_equal(spec->kind, TG_GEN_VECTOR);
    assert_int_equal(spec->dims, 16);
    assert_int_equal(spec->clusters, 4);
    assert_true(spec->cluster_sd == 0.3);
    tg_scenario_free(scenario);
    scenario =
        load_generator("{ gen = \"graph\", end = \"target\", nodes = 50, degree = 2 }", &spec);
    assert_int_equal(spec->kind, TG_GEN_GRAPH);
    assert_int_equal(spec->graph_end, TG_GRAPH_TARGET);
    assert_int_equal(spec->nodes, 50);
    assert_int_equal(spec->degree, 2);
    tg_scenario_free(scenario);
}

/* ---- errors ---- */

static void errors_of_generators(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {8, "id = { gen = \"sequental\" }",
         "8:14: error: \"sequental\" is not a value of \"gen\"\n"
         "  hint: did you mean \"sequential\"?\n"},
        {8, "id = { over = 5 }",
         "8:6: error: missing key \"gen\"\n"
         "  hint: add gen = \"uniform\", \"format\", \"pick\", ...\n"},
        {8, "id = { gen = 5 }", "8:14: error: \"gen\" must be a string, not an integer\n"},
        {8, "id = { gen = \"uniform\" }",
         "8:6: error: missing key \"over\"\n"
         "  hint: add over = 1000 (the number of values), or min and max\n"},
        {8, "id = { gen = \"uniform\", over = 0 }",
         "8:32: error: \"over\" must be at least 1, not 0\n"},
        {8, "id = { gen = \"uniform\", over = \"tt\" }",
         "8:32: error: \"over\" names no loaded table: \"tt\"\n"
         "  hint: did you mean \"t\"?\n"},
        {8, "id = { gen = \"int\", min = 5, max = 4 }",
         "8:36: error: \"max\" is below \"min\": 4 < 5\n"},
        {8, "id = { gen = \"int\", min = 5, start = 5, max = 9 }",
         "8:30: error: \"start\" and \"min\" say the same: give one of them\n"},
        {8, "id = { gen = \"int\", over = 5, max = 9 }",
         "8:31: error: give \"over\" or \"max\", not both\n"},
        {8, "id = { gen = \"int\", min = 0, max = 9, step = -1 }",
         "8:36: error: \"max\" needs a \"step\" of at least 1\n"},
        {8, "id = { gen = \"int\", over = 9, step = 0 }", "8:38: error: \"step\" must not be 0\n"},
        {8, "id = { gen = \"int\", min = -9223372036854775808, max = 9223372036854775807 }",
         "8:55: error: \"min\" to \"max\" are more than 2^63 - 1 values\n"},
        {8, "id = { gen = \"sequential\", start = 9223372036854775800 }",
         "8:6: error: the highest value of \"id\" does not fit into 64 bits\n"},
        {8, "id = { gen = \"zipf\", over = 5, theta = 0 }",
         "8:40: error: \"theta\" must be above 0 and at most 10, not 0\n"},
        {8, "id = { gen = \"uniform\", over = 5, theta = 0.5 }",
         "8:35: error: unknown key \"theta\"\n"
         "  hint: known keys: gen, as, step, min, start, over, max, null\n"},
        {8, "id = { gen = \"hotset\", over = 5, hot = 1.0 }",
         "8:40: error: \"hot\" must be above 0% and below 100%\n"},
        {8, "id = { gen = \"gaussian\", over = 5, mean = 2 }",
         "8:43: error: \"mean\" must be from 0 to 1, not 2\n"},
        {8, "id = { gen = \"zipf\", over = 5, scrambled = 1 }",
         "8:44: error: \"scrambled\" must be true or false, not an integer\n"},
        {8, "id = { gen = \"sequential\", null = \"130%\" }",
         "8:35: error: \"null\" must be from 0% to 100%, not 130%\n"},
        {8, "id = { gen = \"sequential\", null = \"some\" }",
         "8:35: error: \"null\" is no fraction: \"some\"\n"
         "  hint: write \"5%\" or 0.05\n"},
        {8, "id = { gen = \"format\" }",
         "8:6: error: missing key \"as\"\n  hint: add as = \"user_%d\"\n"},
        {8, "id = { gen = \"format\", as = \"user_%s\" }",
         "8:29: error: \"as\" must hold exactly one integer conversion: \"user_%s\"\n"
         "  hint: write %d for the bare number, %08d for eight digits, %% for a %\n"},
        {8, "id = { gen = \"float\", min = 2 }",
         "8:6: error: \"max\" must be above \"min\": 1, 2\n"},
        {8, "id = { gen = \"text\" }",
         "8:6: error: missing key \"length\"\n"
         "  hint: add length = 100, or min_length = 50 and max_length = 200\n"},
        {8, "id = { gen = \"text\", length = \"long\" }",
         "8:31: error: \"length\" is no number of bytes: \"long\"\n"
         "  hint: write 200 or \"4KiB\"\n"},
        {8, "id = { gen = \"text\", min_length = 9, max_length = 8 }",
         "8:35: error: \"min_length\" must be from 0 to 8, not 9\n"},
        {8, "id = { gen = \"text\", length = 9, max_length = 8 }",
         "8:22: error: give \"length\", or \"min_length\" and \"max_length\"\n"},
        {8, "id = { gen = \"choice\", of = [] }", "8:29: error: \"of\" is empty\n"},
        {8, "id = { gen = \"choice\", of = [1, 2], weights = [1] }",
         "8:47: error: 1 weights for 2 values\n"},
        {8, "id = { gen = \"choice\", of = [1, 2], weights = [0, 0] }",
         "8:47: error: the weights sum to zero\n"},
        {8, "id = { gen = \"choice\", of = { a = -1 } }",
         "8:35: error: \"a\" must be from 0 to 1e+15, not -1\n"},
        {8, "id = { gen = \"timestamp\", start = \"yesterday\" }",
         "8:35: error: \"start\" is no date and time: \"yesterday\"\n"
         "  hint: write \"2025-01-01T00:00:00Z\", between the years 1678 and 2261\n"},
        {8, "id = { gen = \"timestamp\", step = \"1\" }",
         "8:34: error: \"step\" is no duration: \"1\"\n"
         "  hint: write a number and a unit: ns, us, ms, s, min or h, as in \"50ms\"\n"},
        {8, "id = { gen = \"timestamp\", form = \"iso8601\" }",
         "8:34: error: \"iso8601\" is not a value of \"form\"\n"
         "  hint: known values: iso, unix, unix_ms\n"},
        {8, "id = { gen = \"bool\", p = true }",
         "8:26: error: \"p\" must be a fraction such as \"5%\" or 0.05, not a boolean\n"},
        {8, "id = { gen = \"const\" }",
         "8:6: error: missing key \"value\"\n  hint: add value = \"...\"\n"},
        {8, "id = { gen = \"json\" }",
         "8:6: error: missing key \"fields\"\n"
         "  hint: add fields = { NAME = { gen = \"...\" } }\n"},
        {8, "id = { gen = \"json\", fields = { a = { gen = \"zip\", over = 3 } } }",
         "8:45: error: \"zip\" is not a value of \"gen\"\n"
         "  hint: did you mean \"zipf\"?\n"},
        {8, "id = { gen = \"json\", count = -1, fields = {} }",
         "8:30: error: \"count\" must be from 0 to 100000, not -1\n"},
        {8, "id = { gen = \"vector\", dims = 0 }",
         "8:31: error: \"dims\" must be from 1 to 65536, not 0\n"},
        {8, "id = { gen = \"vector\", sd = 0.1 }",
         "8:24: error: \"sd\" needs \"clusters\": without them vectors have no centre\n"},
        {8, "id = { gen = \"graph\", end = \"source\", nodes = 40, degree = 3 }",
         "8:6: error: a graph of 40 nodes and degree 3 has 120 edges, but the load has 100 rows\n"
         "  hint: set rows = 120\n"},
        {8, "id = { gen = \"graph\", end = \"target\", nodes = 10, degree = 10 }",
         "8:47: error: \"nodes\" must be above \"degree\": 10, 10\n"},
        {11, "id = { gen = \"graph\", end = \"target\", nodes = 50, degree = 2 }",
         "11:6: error: a graph can only be the column of a load\n"},
        {11, "id = { gen = \"timestamp\", by = \"uniform\" }",
         "11:6: error: missing key \"over\"\n"
         "  hint: add over = 1000 (the number of different times)\n"},
        {11, "id = { gen = \"timestamp\", by = \"next\", over = 5 }",
         "11:40: error: unknown key \"over\"\n"
         "  hint: known keys: gen, start, step, form, by, null\n"},
        {11, "id = { gen = \"text\", max_length = 5, by = \"next\" }",
         "11:6: error: a length cannot be drawn by \"next\": it would grow without end\n"},
    };
    CHECK(cases);
}

static void errors_of_picks(void **state)
{
    (void)state;
    static const struct error_case cases[] = {
        {11, "id = { gen = \"pick\", of = \"tt.id\" }",
         "11:27: error: no load defines the table \"tt\"\n"
         "  hint: did you mean \"t\"?\n"},
        {11, "id = { gen = \"pick\", of = \"t.ident\" }",
         "11:27: error: the load of \"t\" defines no column \"ident\"\n"
         "  hint: its columns: id\n"},
        {11, "id = { gen = \"pick\", of = \"t.ids\" }",
         "11:27: error: the load of \"t\" defines no column \"ids\"\n"
         "  hint: did you mean \"id\"?\n"},
        {11, "id = { gen = \"pick\", of = \"t\" }",
         "11:27: error: \"of\" names no column of a table: \"t\"\n"
         "  hint: write TABLE.COLUMN\n"},
        {11, "id = { gen = \"pick\" }",
         "11:6: error: missing key \"of\"\n  hint: add of = \"TABLE.COLUMN\"\n"},
        {11, "id = { gen = \"pick\", of = \"t.id\", as = \"x\" }",
         "11:40: error: \"as\" must hold exactly one integer conversion: \"x\"\n"
         "  hint: write %d for the bare number, %08d for eight digits, %% for a %\n"},
        {8, "id = { gen = \"pick\", of = \"t.id\" }",
         "8:27: error: the values of \"t.id\" would be picked from themselves\n"
         "  hint: one of the columns on this circle needs a generator of its own\n"},
        {8,
         "id = { gen = \"pick\", of = \"t.b\" }\nb = { gen = \"pick\", of = \"u.c\" }\n"
         "[load.u]\nrows = 3\nc = { gen = \"json\", fields = { d = { gen = \"pick\", of = \"t.id\" "
         "} } }",
         "12:57: error: the values of \"u.c\" would be picked from themselves\n"
         "  hint: one of the columns on this circle needs a generator of its own\n"},
        {8,
         "id = { gen = \"text\", length = 3 }\nb = { gen = \"pick\", of = \"t.id\", as = \"%d\" }",
         "9:26: error: \"as\" writes integers, and \"t.id\" is none\n"},
    };
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_number_generators),
        cmocka_unit_test(distributions_take_their_options),
        cmocka_unit_test(scalar_generators),
        cmocka_unit_test(choices_keep_their_order),
        cmocka_unit_test(documents_vectors_and_graphs),
        cmocka_unit_test(errors_of_generators),
        cmocka_unit_test(errors_of_picks),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
