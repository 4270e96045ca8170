/* What the values of a data set take at least, counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runner/drive/room.h"

/* 40 bytes of text, a real of 8, a NULL, 300 in 2 bytes and -1 in none: 50 bytes a row. */
static const struct tg_gen_named columns[] = {
    {"text",
     {.kind = TG_GEN_TEXT, .min_length = 40, .max_length = 40, .dist = {.kind = TG_DIST_UNIFORM}}},
    {"real", {.kind = TG_GEN_FLOAT, .float_min = 0, .float_max = 1}},
    {"none", {.kind = TG_GEN_CONST, .constant = {.type = TG_VALUE_NULL}}},
    {"number", {.kind = TG_GEN_CONST, .constant = {.type = TG_VALUE_INT, .integer = 300}}},
    {"negative", {.kind = TG_GEN_CONST, .constant = {.type = TG_VALUE_INT, .integer = -1}}},
};

static const struct tg_engine in_files = {.kind = "test", .files = true};
static const struct tg_engine nowhere = {.kind = "test"};

static struct tg_scenario scenario_of(struct tg_load_spec *loads, size_t count)
{
    struct tg_scenario scenario = {
        .path = "room.toml", .engine = &in_files, .loads = loads, .load_count = count};
    scenario.workload = (struct tg_workload_spec){.seed = 1, .loads = loads, .load_count = count};
    return scenario;
}

static void rows_are_counted(void **state)
{
    (void)state;
    struct tg_load_spec loads[] = {{"t", 1000, columns, 5}, {"u", 3, columns, 5}};
    struct tg_scenario scenario = scenario_of(loads, 2);
    assert_int_equal(tg_room_least_bytes(&scenario), 50 * 1003);
    scenario = scenario_of(loads, 0);
    assert_int_equal(tg_room_least_bytes(&scenario), 0);
}

static enum tg_status check(const struct tg_scenario *scenario, const char *words)
{
    struct tg_diags diags = {0};
    enum tg_status status = tg_room_check(scenario, "/tmp", &diags);
    if (words)
        assert_non_null(strstr(diags.items[0].message, words));
    tg_diags_free(&diags);
    return status;
}

static void what_cannot_fit_is_refused(void **state)
{
    (void)state;
    struct tg_load_spec loads[] = {{"t", 10, columns, 5}};
    struct tg_scenario scenario = scenario_of(loads, 1);
    assert_int_equal(check(&scenario, NULL), TG_OK);
    loads[0].rows = UINT64_C(1) << 60; /* 57 EB */
    assert_int_equal(check(&scenario, "of disk space"), TG_SYSTEM);
    scenario.store.database = ":memory:";
    assert_int_equal(check(&scenario, "of memory"), TG_SYSTEM);
    /* An engine that keeps nothing needs no room. */
    scenario.store.database = NULL;
    scenario.engine = &nowhere;
    assert_int_equal(check(&scenario, NULL), TG_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_counted),
        cmocka_unit_test(what_cannot_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
