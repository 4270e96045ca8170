/* Baselines on the disk: names, both places, what is refused. Runs in a folder of its own, because
 * those of the project are found from the working directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "baselines/baseline.h"
#include "common/file.h"
#include "common/text.h"
#include "sample_comparison.h"

#define HOME "home"

struct place {
    char folder[64];
    struct tg_diags diags;
    struct tg_comparison *comparison;
    struct tg_host host;
    struct tg_arena arena;
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(place->folder) || chdir(place->folder) != 0)
        return -1;
    place->comparison = tg_sample_comparison(3);
    place->comparison->sides[TG_AFTER].scenario_hash =
        place->comparison->sides[TG_BEFORE].scenario_hash;
    tg_host_read(&place->arena, &place->host);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    int failed = chdir("/") != 0 || tg_remove_tree(place->folder, &place->diags) != TG_OK;
    tg_comparison_free(place->comparison);
    tg_diags_free(&place->diags);
    tg_arena_free(&place->arena);
    free(place);
    return failed;
}

static enum tg_status save(struct place *place, enum tg_baseline_place where, const char *name,
                           bool replace)
{
    enum tg_status status = tg_baseline_check(HOME, where, name, replace, &place->diags);
    if (status == TG_OK)
        status = tg_baseline_save(HOME, where, name, replace, place->comparison, &place->host,
                                  &place->diags);
    return status;
}

static enum tg_status find(struct place *place, const char *name, const char *expected)
{
    char *path = NULL;
    enum tg_status status = tg_baseline_find(HOME, name, &path, &place->diags);
    if (status == TG_OK)
        assert_string_equal(path, expected);
    free(path);
    return status;
}

static void write_text(struct place *place, const char *path, const char *text)
{
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &place->diags), TG_OK);
}

/* The newest error and its hint hold these words. */
static void check_said(struct place *place, const char *message, const char *hint)
{
    assert_true(place->diags.count > 0);
    const struct tg_diag *diag = &place->diags.items[place->diags.count - 1];
    if (!strstr(diag->message, message) || !diag->hint || !strstr(diag->hint, hint))
        fail_msg("says: %s\n%s", diag->message, diag->hint ? diag->hint : "");
}

static void names_lead_nowhere_else(void **state)
{
    struct place *place = *state;
    char longest[102];
    memset(longest, 'x', sizeof longest);
    longest[101] = '\0';
    const char *const bad[] = {"",    ".",    "..",          "../main", "a/b",  ".hidden", "-rf",
                               "a b", "a\nb", "caf\xc3\xa9", "*",       "a\\b", longest};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t errors = place->diags.errors;
        assert_int_equal(save(place, TG_BASELINE_PROJECT, bad[i], true), TG_INVALID);
        assert_int_equal(find(place, bad[i], ""), TG_INVALID);
        assert_int_equal(tg_baseline_remove(HOME, bad[i], &place->diags), TG_INVALID);
        assert_int_equal(place->diags.errors, errors + 3);
    }
    assert_false(tg_path_exists("baselines"));
    longest[100] = '\0';
    const char *const good[] = {"main", "1.4-rc2", "a_b", "0", longest};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(save(place, TG_BASELINE_PROJECT, good[i], false), TG_OK);
}

static void what_is_saved_is_found_and_read(void **state)
{
    struct place *place = *state;
    struct tg_comparison *read;
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", false), TG_OK);
    assert_int_equal(save(place, TG_BASELINE_LOCAL, "mine", false), TG_OK);
    assert_int_equal(find(place, "main", "baselines/main.json"), TG_OK);
    assert_int_equal(find(place, "mine", HOME "/baselines/mine.json"), TG_OK);
    assert_int_equal(tg_baseline_read("baselines/main.json", &read, &place->diags), TG_OK);
    cJSON *stored = tg_comparison_to_json(read);
    cJSON *held = tg_comparison_to_json(place->comparison);
    assert_true(cJSON_Compare(stored, held, true));
    assert_null(tg_baseline_differs(read, &place->host, &place->arena));
    cJSON_Delete(stored);
    cJSON_Delete(held);
    tg_comparison_free(read);
}

/* For a diff: sqrt(before * after) of each launch, the middle one of three, to four digits. */
static void the_file_says_the_medians(void **state)
{
    struct place *place = *state;
    struct tg_compared_value *values = place->comparison->metrics[0].values;
    const double pairs[3][2] = {{20000, 20000}, {10000, 22500}, {90000, 90000}};
    for (size_t i = 0; i < 3; i++)
        for (int side = 0; side < TG_SIDES; side++)
            values[i].pooled[side] = pairs[i][side];
    struct tg_text text = {0};
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", false), TG_OK);
    assert_int_equal(tg_file_read("baselines/main.json", 1 << 20, &text, &place->diags), TG_OK);
    assert_non_null(strstr(
        text.data, "\"medians\": {\n    \"session_get.p50\": 20000,\n    \"memory_put.p99\":"));
    assert_non_null(strstr(text.data, "\"memory_put.p99.9\": null")); /* not gated: no values */
    tg_text_free(&text);
}

static void nothing_is_lost_by_saving(void **state)
{
    struct place *place = *state;
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", false), TG_OK);
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", false), TG_INVALID);
    check_said(place, "there is a baseline \"main\"", "--replace");
    assert_int_equal(save(place, TG_BASELINE_LOCAL, "main", true), TG_INVALID);
    check_said(place, "there is a baseline \"main\"", "rm main");
    place->comparison->started_unix_ms += 1000;
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", true), TG_OK);
    struct tg_comparison *read;
    assert_int_equal(tg_baseline_read("baselines/main.json", &read, &place->diags), TG_OK);
    assert_int_equal(read->started_unix_ms, place->comparison->started_unix_ms);
    tg_comparison_free(read);
    write_text(place, "baselines/list.json", "{\"kind\": \"shopping-list\"}");
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "list", true), TG_INVALID);
    check_said(place, "is not a baseline", "choose another name");
}

static void only_baselines_are_removed(void **state)
{
    struct place *place = *state;
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", false), TG_OK);
    write_text(place, "baselines/list.json", "{\"kind\": \"shopping-list\"}");
    write_text(place, "baselines/torn.json", "{\"kind\": \"tailgate-comp");
    assert_int_equal(tg_baseline_remove(HOME, "list", &place->diags), TG_INVALID);
    assert_int_equal(tg_baseline_remove(HOME, "torn", &place->diags), TG_INVALID);
    check_said(place, "is not a baseline", "yourself");
    assert_int_equal(tg_baseline_remove(HOME, "mian", &place->diags), TG_INVALID);
    check_said(place, "no baseline \"mian\"", "did you mean \"main\"?");
    assert_true(tg_path_exists("baselines/list.json") && tg_path_exists("baselines/torn.json"));
    assert_int_equal(tg_baseline_remove(HOME, "main", &place->diags), TG_OK);
    assert_false(tg_path_exists("baselines/main.json"));
}

static void the_list_has_all_of_both_places(void **state)
{
    struct place *place = *state;
    struct tg_baseline_list list;
    assert_int_equal(tg_baseline_list(HOME, &list, &place->diags), TG_OK);
    assert_int_equal(list.count, 0);
    tg_baseline_list_free(&list);
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "b", false), TG_OK);
    assert_int_equal(save(place, TG_BASELINE_LOCAL, "a", false), TG_OK);
    place->comparison->sides[TG_AFTER].scenario_hash = "another";
    assert_int_equal(save(place, TG_BASELINE_LOCAL, "two-variants", false), TG_OK);
    write_text(place, "baselines/torn.json", "{\"kind\": \"tailgate-comp");
    write_text(place, "baselines/list.json", "{\"kind\": \"shopping-list\"}");
    write_text(place, "baselines/README.md", "Baselines of this project.");
    assert_int_equal(tg_baseline_list(HOME, &list, &place->diags), TG_OK);
    static const struct {
        const char *name;
        enum tg_baseline_place place;
        bool damaged;
    } expected[] = {{"a", TG_BASELINE_LOCAL, false},
                    {"b", TG_BASELINE_PROJECT, false},
                    {"torn", TG_BASELINE_PROJECT, true},
                    {"two-variants", TG_BASELINE_LOCAL, true}};
    assert_int_equal(list.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(list.entries[i].name, expected[i].name);
        assert_int_equal(list.entries[i].place, expected[i].place);
        assert_int_equal(list.entries[i].comparison == NULL, expected[i].damaged);
    }
    tg_baseline_list_free(&list);
    assert_int_equal(place->diags.count, 0);
}

static void two_variants_are_no_baseline(void **state)
{
    struct place *place = *state;
    struct tg_comparison *read;
    place->comparison->sides[TG_AFTER].scenario_hash = "another";
    assert_int_equal(save(place, TG_BASELINE_PROJECT, "main", false), TG_OK);
    assert_int_equal(tg_baseline_read("baselines/main.json", &read, &place->diags), TG_INVALID);
    check_said(place, "is not a baseline", "baseline save");
}

static void another_machine_or_version_differs(void **state)
{
    struct place *place = *state;
    struct tg_comparison *comparison = place->comparison;
    const char *differs;
    /* The sample's part "host" lacks nearly everything. */
    differs = tg_baseline_differs(comparison, &place->host, &place->arena);
    assert_string_equal(differs, "it does not say on which machine it was measured");
    cJSON_Delete(comparison->host);
    comparison->host = NULL;
    assert_non_null(tg_baseline_differs(comparison, &place->host, &place->arena));

    comparison->host = tg_host_to_json(&place->host);
    assert_null(tg_baseline_differs(comparison, &place->host, &place->arena));
    cJSON *libraries = cJSON_GetObjectItemCaseSensitive(comparison->host, "libraries");
    cJSON_ReplaceItemInObjectCaseSensitive(libraries, "libc", cJSON_CreateString("glibc 1"));
    assert_null(tg_baseline_differs(comparison, &place->host, &place->arena));
    cJSON_ReplaceItemInObjectCaseSensitive(libraries, "tailgate", cJSON_CreateString("0.0.1"));
    differs = tg_baseline_differs(comparison, &place->host, &place->arena);
    assert_true(tg_starts_with(differs, "Tailgate 0.0.1 there, "));
    cJSON_ReplaceItemInObjectCaseSensitive(comparison->host, "cpu_model",
                                           cJSON_CreateString("Z80"));
    differs = tg_baseline_differs(comparison, &place->host, &place->arena);
    assert_true(tg_starts_with(differs, "CPU Z80 there, "));
    assert_non_null(strstr(differs, "; Tailgate 0.0.1 there, "));
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(names_lead_nowhere_else),      IN_PLACE(what_is_saved_is_found_and_read),
        IN_PLACE(the_file_says_the_medians),    IN_PLACE(nothing_is_lost_by_saving),
        IN_PLACE(only_baselines_are_removed),   IN_PLACE(the_list_has_all_of_both_places),
        IN_PLACE(two_variants_are_no_baseline), IN_PLACE(another_machine_or_version_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
