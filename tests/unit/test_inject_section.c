/* [inject] in a scenario: what is read, what it changes and what it leaves alone. Its errors are in
 * test_scenario_errors.c. */
#include "scenario_support.h"

#include <math.h>

static const char head[] = "format = 1\nname = \"s\"\n[engine]\nkind = \"sqlite\"\n"
                           "schema = \"schema.sql\"\n[load.t]\nrows = 10\n"
                           "id = { gen = \"sequential\" }\n"
                           "[op.get]\nsql = \"SELECT 1\"\n[op.put]\nsql = \"SELECT 2\"\n"
                           "[op.list]\nsql = \"SELECT 3\"\n[op.del]\nsql = \"SELECT 4\"\n"
                           "[mix.main]\nget = 1\nput = 1\nlist = 1\ndel = 1\n"
                           "[[phase]]\nname = \"p\"\nmix = \"main\"\ncount = 10\n";

/* `head` and `section`; `said` are the warnings to be seen. */
static struct tg_scenario *load(const char *section, const struct tg_override *overrides,
                                size_t count, const char *said)
{
    char *text = tg_format("%s%s", head, section);
    char *heard;
    struct tg_scenario *scenario = load_bytes(text, strlen(text), overrides, count, &heard);
    assert_string_equal(heard, said);
    assert_non_null(scenario);
    free(heard);
    free(text);
    return scenario;
}

static void assert_rule(const struct tg_inject *inject, double add_share, int64_t add_ns, double of,
                        double slowest)
{
    assert_true(fabs(inject->add_share - add_share) < 1e-12);
    assert_int_equal(inject->add_ns, add_ns);
    assert_true(fabs(inject->of - of) < 1e-12);
    assert_true(fabs(inject->slowest - slowest) < 1e-12);
}

static void rules_are_kept_by_operation(void **state)
{
    (void)state;
    struct tg_scenario *scenario = load(
        "[inject]\n"
        "list = { add = \"50%\", slowest = \"2%\" }\n"
        "get = \"10%\"\n"
        "put = { add = \"5us\", of = 0.25 }\n",
        NULL, 0, "26:1: warning: the results of this scenario are slowed on purpose: [inject]\n");
    assert_rule(&scenario->injects[0], 0.1, 0, 1, 1);
    assert_rule(&scenario->injects[1], 0, 5000, 0.25, 1);
    assert_rule(&scenario->injects[2], 0.5, 0, 1, 0.02);
    assert_rule(&scenario->injects[3], 0, 0, 0, 0); /* not slowed */
    tg_scenario_free(scenario);
}

static void the_largest_sizes_are_allowed(void **state)
{
    (void)state;
    struct tg_scenario *scenario =
        load("[inject]\nget = { add = \"1000%\", of = \"100%\" }\nput = \"1s\"\n", NULL, 0,
             "26:1: warning: the results of this scenario are slowed on purpose: [inject]\n");
    assert_rule(&scenario->injects[0], 10, 0, 1, 1);
    assert_rule(&scenario->injects[1], 0, 1000000000, 1, 1);
    tg_scenario_free(scenario);
}

static void without_a_rule_nothing_is_said_and_nothing_is_slowed(void **state)
{
    (void)state;
    static const char *const sections[] = {"", "[inject]\n"};
    for (size_t i = 0; i < 2; i++) {
        struct tg_scenario *scenario = load(sections[i], NULL, 0, "");
        assert_null(scenario->injects);
        tg_scenario_free(scenario);
    }
}

static void the_command_line_makes_the_section(void **state)
{
    (void)state;
    static const struct tg_override overrides[] = {
        {.key = "inject.get", .value = "10%"},
        {.key = "inject.put", .value = "5us"},
        {.key = "inject.list", .value = "{ add = \"50%\", slowest = \"2%\" }"},
        {.key = "inject.del.add", .value = "7%"},
        {.key = "inject.del.of", .value = "3%"},
    };
    struct tg_scenario *scenario =
        load("", overrides, 5,
             "--set inject.get: 0:0: warning: the results of this scenario are slowed on purpose: "
             "[inject]\n");
    assert_rule(&scenario->injects[0], 0.1, 0, 1, 1);
    assert_rule(&scenario->injects[1], 0, 5000, 1, 1);
    assert_rule(&scenario->injects[2], 0.5, 0, 1, 0.02);
    assert_rule(&scenario->injects[3], 0.07, 0, 0.03, 1);
    tg_scenario_free(scenario);
}

static void the_command_line_changes_the_section(void **state)
{
    (void)state;
    static const struct tg_override override = {.key = "inject.get", .value = "20%"};
    struct tg_scenario *scenario =
        load("[inject]\nget = { add = \"10%\", of = \"1%\" }\n", &override, 1,
             "26:1: warning: the results of this scenario are slowed on purpose: [inject]\n");
    assert_rule(&scenario->injects[0], 0.2, 0, 1, 1);
    tg_scenario_free(scenario);
}

/* It is another scenario, but the same work on the same data. */
static void the_stream_and_the_data_set_stay_as_they_are(void **state)
{
    (void)state;
    static const struct tg_override override = {.key = "inject.get", .value = "10%"};
    struct tg_scenario *plain = load("", NULL, 0, "");
    struct tg_scenario *slowed =
        load("", &override, 1,
             "--set inject.get: 0:0: warning: the results of this scenario are slowed on purpose: "
             "[inject]\n");
    assert_string_not_equal(plain->hash, slowed->hash);
    assert_string_equal(plain->dataset_hash, slowed->dataset_hash);
    char fingerprints[2][TG_HASH_TEXT];
    struct tg_scenario *scenarios[] = {plain, slowed};
    for (size_t i = 0; i < 2; i++) {
        struct tg_arena arena = {0};
        tg_workload_fingerprint(tg_workload_compile(&arena, &scenarios[i]->workload),
                                fingerprints[i]);
        tg_arena_free(&arena);
    }
    assert_string_equal(fingerprints[0], fingerprints[1]);
    tg_scenario_free(plain);
    tg_scenario_free(slowed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_are_kept_by_operation),
        cmocka_unit_test(the_largest_sizes_are_allowed),
        cmocka_unit_test(without_a_rule_nothing_is_said_and_nothing_is_slowed),
        cmocka_unit_test(the_command_line_makes_the_section),
        cmocka_unit_test(the_command_line_changes_the_section),
        cmocka_unit_test(the_stream_and_the_data_set_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
