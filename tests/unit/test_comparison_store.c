#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baselines/comparison_store.h"
#include "common/file.h"
#include "common/text.h"
#include "sample_comparison.h"
#include "shelf_names.h"

struct place {
    char folder[64];
    char *home;
    struct tg_diags diags;
    struct tg_comparison *comparison;
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    place->home = tg_path_join(place->folder, "home");
    place->comparison = tg_sample_comparison(2);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    int failed = tg_remove_tree(place->folder, &place->diags) != TG_OK;
    tg_comparison_free(place->comparison);
    tg_diags_free(&place->diags);
    free(place->home);
    free(place);
    return failed;
}

static struct tg_text contents(const char *path)
{
    struct tg_diags diags = {0};
    struct tg_text text = {0};
    if (tg_file_read(path, 1 << 20, &text, &diags) != TG_OK)
        fail_msg("cannot read %s", path);
    return text;
}

static void save(struct place *place)
{
    if (tg_comparison_save(place->home, place->comparison, NULL, &place->diags) != TG_OK)
        fail_msg("%s", place->diags.items[0].message);
}

/* What is stored under `name` reads as what is held. */
static void check_stored(struct place *place, const char *name)
{
    char *path = NULL;
    struct tg_comparison *read = NULL;
    assert_int_equal(tg_comparison_find(place->home, name, &path, &place->diags), TG_OK);
    assert_int_equal(tg_comparison_read(path, &read, &place->diags), TG_OK);
    assert_string_equal(read->id, place->comparison->id);
    cJSON *stored = tg_comparison_to_json(read);
    cJSON *held = tg_comparison_to_json(place->comparison);
    assert_true(cJSON_Compare(stored, held, true));
    cJSON_Delete(stored);
    cJSON_Delete(held);
    tg_comparison_free(read);
    free(path);
}

static void a_comparison_is_stored_under_its_scenario_and_second(void **state)
{
    struct place *place = *state;
    save(place);
    assert_string_equal(place->comparison->id, "memory_store-20251121T000000Z");
    check_stored(place, NULL);
    char *path =
        tg_path_join(place->home, "comparisons/memory_store-20251121T000000Z/comparison.json");
    check_stored(place, path);
    free(path);
    char *folder = tg_path_join(place->home, "comparisons");
    char *id = tg_path_join(folder, place->comparison->id);
    assert_int_equal(tg_remove_tree(id, &place->diags), TG_OK);
    assert_int_equal(rmdir(folder), 0); /* there was nothing beside it */
    free(id);
    free(folder);
}

static void the_host_is_added_when_it_is_known(void **state)
{
    struct place *place = *state;
    struct tg_host host;
    struct tg_host read;
    tg_host_read(&place->comparison->arena, &host);
    assert_int_equal(tg_comparison_save(place->home, place->comparison, &host, &place->diags),
                     TG_OK);
    assert_true(tg_host_from_json(place->comparison->host, &place->comparison->arena, &read));
    assert_string_equal(read.fingerprint, host.fingerprint);
    check_stored(place, NULL);
}

static void one_of_the_same_second_is_never_overwritten(void **state)
{
    struct place *place = *state;
    save(place);
    char *path = NULL;
    assert_int_equal(tg_comparison_find(place->home, NULL, &path, &place->diags), TG_OK);
    struct tg_text first = contents(path);
    place->comparison->task = "another";
    for (int i = 2; i <= 11; i++) {
        char *id = tg_format("memory_store-20251121T000000Z-%d", i);
        save(place);
        assert_string_equal(place->comparison->id, id);
        free(id);
    }
    struct tg_text after = contents(path);
    assert_string_equal(first.data, after.data);
    check_stored(place, NULL); /* the 11th is the newest, though "-11" sorts before "-2" */
    tg_text_free(&first);
    tg_text_free(&after);
    free(path);
}

static void comparisons_are_found_by_short_names(void **state)
{
    struct place *place = *state;
    const struct names names = {tg_comparison_find, place->home, "comparisons", "comparison.json",
                                &place->diags};
    check_not_found(&names, NULL, "holds no comparison yet", "tailgate gate");
    save(place);
    save(place);
    place->comparison->started_unix_ms -= INT64_C(86400000);
    place->comparison->scenario = "mixed";
    save(place);
    check_found(&names, NULL, "memory_store-20251121T000000Z-2");
    check_found(&names, "memory_store", "memory_store-20251121T000000Z-2");
    check_found(&names, "memory_store-20251121T000000Z", "memory_store-20251121T000000Z");
    check_found(&names, "mi", "mixed-20251120T000000Z");
    char *folder = tg_path_join(place->home, "comparisons/mixed-20251120T000000Z");
    check_found(&names, folder, "mixed-20251120T000000Z");
    check_not_found(&names, "memory", "begins the name of 2 comparisons", "is one of them");
    check_not_found(&names, "mixde", "there is no comparison \"mixde\"", "did you mean \"mixed\"?");
    check_not_found(&names, "something_else", "there is no comparison", "the newest is memory_st");
    check_not_found(&names, "/no/such/place", "neither a comparison.json", NULL);
    /* Results have a store of their own. */
    char *other = tg_path_join(place->home, "results/other-20251122T000000Z");
    assert_int_equal(tg_make_folders(other, &place->diags), TG_OK);
    check_found(&names, NULL, "memory_store-20251121T000000Z-2");
    free(other);
    free(folder);
}

static void a_damaged_file_is_refused(void **state)
{
    struct place *place = *state;
    save(place);
    char *path = NULL;
    struct tg_comparison *read = NULL;
    assert_int_equal(tg_comparison_find(place->home, NULL, &path, &place->diags), TG_OK);
    assert_int_equal(truncate(path, 1000), 0);
    assert_int_equal(tg_comparison_read(path, &read, &place->diags), TG_INVALID);
    assert_int_equal(truncate(path, TG_COMPARISON_MOST_BYTES + 1), 0);
    assert_int_equal(tg_comparison_read(path, &read, &place->diags), TG_INVALID);
    assert_non_null(strstr(place->diags.items[place->diags.count - 1].message, "is larger than"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(tg_comparison_read(path, &read, &place->diags), TG_SYSTEM);
    assert_null(read);
    free(path);
}

/* Works for root as well, whom permissions do not stop. */
static void a_store_that_cannot_be_written_is_an_error(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_file_write(place->home, "", 0, false, &place->diags), TG_OK);
    assert_int_equal(tg_comparison_save(place->home, place->comparison, NULL, &place->diags),
                     TG_SYSTEM);
    assert_int_equal(place->diags.errors, 1);
    assert_null(place->comparison->id);
}

/* A limit on the size of files fails a write as a full disk does, without needing one. */
static void a_failed_save_leaves_nothing_behind(void **state)
{
    struct place *place = *state;
    struct rlimit old;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct rlimit tiny = {.rlim_cur = 1000, .rlim_max = old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    enum tg_status status = tg_comparison_save(place->home, place->comparison, NULL, &place->diags);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, TG_SYSTEM);
    assert_int_equal(place->diags.errors, 1);
    assert_null(place->comparison->id);
    char *folder = tg_path_join(place->home, "comparisons");
    assert_int_equal(rmdir(folder), 0); /* it is empty */
    free(folder);
    save(place);
    check_stored(place, NULL);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(a_comparison_is_stored_under_its_scenario_and_second),
        IN_PLACE(the_host_is_added_when_it_is_known),
        IN_PLACE(one_of_the_same_second_is_never_overwritten),
        IN_PLACE(comparisons_are_found_by_short_names),
        IN_PLACE(a_damaged_file_is_refused),
        IN_PLACE(a_store_that_cannot_be_written_is_an_error),
        IN_PLACE(a_failed_save_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
