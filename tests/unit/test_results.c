#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "baselines/result_json.h"
#include "baselines/result_store.h"
#include "baselines/sweep_store.h"
#include "common/file.h"
#include "common/text.h"
#include "sample_result.h"
#include "shelf_names.h"
#include "tests/unit/json_damage.h"

/* ---- the document ---- */

static char *document_of(const struct tg_result *result)
{
    cJSON *json = tg_result_to_json(result);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    return text;
}

static const uint64_t planned[] = {1000, 10000, 100000};

static void put_into_sweep(struct tg_result *result, const char *id, uint64_t rows)
{
    result->sweep = (struct tg_sweep_place){
        .id = id, .table = "sessions", .rows = rows, .planned = planned, .planned_count = 3};
}

static char *sample_document(void)
{
    struct tg_result *result = tg_sample_result();
    put_into_sweep(result, "memory_store-20251120T235900Z", 100000);
    char *text = document_of(result);
    tg_result_free(result);
    return text;
}

/* The first message that parsing gives, or NULL when it succeeds. Free with free(). */
static char *complaint(const char *text, size_t length)
{
    struct tg_diags diags = {0};
    struct tg_result *result = NULL;
    char *message = NULL;
    enum tg_status status = tg_result_parse(text, length, "result.json", &result, &diags);
    if (status == TG_OK) {
        assert_int_equal(diags.count, 0);
        tg_result_free(result);
    } else {
        assert_null(result);
        assert_true(diags.errors > 0);
        assert_string_equal(diags.items[diags.count - 1].path, "result.json");
        message = tg_strdup(diags.items[diags.count - 1].message);
    }
    tg_diags_free(&diags);
    return message;
}

static struct tg_result *parsed(const char *text)
{
    struct tg_diags diags = {0};
    struct tg_result *result = NULL;
    enum tg_status status = tg_result_parse(text, strlen(text), "x", &result, &diags);
    if (status != TG_OK)
        fail_msg("%s", diags.items[0].message);
    tg_diags_free(&diags);
    return result;
}

static void a_document_survives_the_round_trip(void **state)
{
    (void)state;
    char *written = sample_document();
    struct tg_result *result = parsed(written);
    char *again = document_of(result);
    assert_string_equal(written, again);
    free(again);
    free(written);

    /* What a second writing would not notice if writer and reader agreed to lose it. */
    assert_true(result->seed == 0xDEADBEEFDEADBEEF);
    assert_int_equal(result->verdict, TG_VERDICT_FAIL);
    assert_int_equal(result->phase_count, 2);
    const struct tg_phase_result *steady = &result->phases[0];
    assert_true(steady->open_loop);
    assert_int_equal(steady->arrival, TG_ARRIVAL_CONSTANT);
    assert_int_equal(steady->ops[1].service->total, 11988);
    assert_int_equal(steady->ops[1].service->min, 90000); /* exact, not the edge of a bucket */
    assert_int_equal(steady->ops[1].service->max, 1200000);
    assert_true(fabs(tg_hdr_mean(steady->ops[1].service) - 645000) < 1); /* (90000+1200000)/2 */
    assert_int_equal(steady->ops[1].error_count, 2);
    assert_string_equal(steady->ops[1].errors[0].text, "database is locked");
    assert_int_equal(steady->busy_lag->total, 600);
    assert_int_equal(result->phases[1].cpu_pressure_ns, -1);
    assert_int_equal(result->phases[1].harness_ns, -1);
    assert_null(result->phases[1].ops[0].response);
    assert_true(isnan(result->targets[3].value));
    /* The 47,520th of 48,000 values from 32 to 180 us is 178.5 us; three digits are recorded. */
    assert_true(fabs(result->targets[0].ratio * 178500 / 50e6 - 1) < 1e-3);
    assert_true(result->git_dirty);
    tg_result_free(result);
}

static void empty_histograms_and_infinite_ratios_survive(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    tg_hdr_reset(result->phases[1].ops[0].service);
    result->phases[1].ops[0].service->out_of_range = 3;
    result->targets[0].value = 0;
    result->targets[0].ratio = INFINITY;
    result->host_json = NULL;
    result->git_commit = NULL;
    result->crash = "signal 9";
    result->crash_signal = 9;
    char *written = document_of(result);
    tg_result_free(result);
    result = parsed(written);
    assert_int_equal(result->phases[1].ops[0].service->total, 0);
    assert_int_equal(result->phases[1].ops[0].service->out_of_range, 3);
    assert_int_equal(result->phases[1].ops[0].service->min, INT64_MAX);
    assert_true(isinf(result->targets[0].ratio));
    assert_null(result->host_json);
    assert_null(result->git_commit);
    assert_string_equal(result->crash, "signal 9");
    char *again = document_of(result);
    assert_string_equal(written, again);
    free(again);
    free(written);
    tg_result_free(result);
}

/* Numbers for people and other programs, which the reader makes again or does not need. */
/* What results lack that were stored by earlier versions. */
static const char *const later[] = {"log_peak_bytes", "sweep", "left_out", NULL};
static const char *const derived[] = {"tailgate", "started",     "exit_code",  "ratio",
                                      "mean_ns",  "p50_ns",      "p95_ns",     "p99_ns",
                                      "p99_9_ns", "fingerprint", "rate_per_s", NULL};
static const char *const free_form[] = {"host", "coverage", NULL};

static void each_missing_or_mistyped_key_is_an_error_that_names_it(void **state)
{
    (void)state;
    char *text = sample_document();
    const struct damage damage = {complaint, derived, free_form, later, NULL, 0};
    assert_in_range(damage_document(text, damage), 150, 1000);
    free(text);
}

static void truncated_documents_are_refused(void **state)
{
    (void)state;
    char *text = sample_document();
    check_truncated(text, complaint);
    free(text);
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    static const struct contradiction cases[] = {
        {"kind", "\"letter\"", "not a result"},
        {"format", "2", "format 2"},
        {"format", "0", "format is out of range"},
        {"verdict", "\"perhaps\"", "verdict is a word"},
        {"scenario.seed", "\"-1\"", "seed is not a whole number"},
        {"scenario.seed", "\"\"", "seed is not a whole number"},
        {"scenario.seed", "\"18446744073709551616\"", "seed is not a whole number"},
        {"phases.0.workers", "0", "phases[0].workers is out of range"},
        {"phases.0.workers", "1.5", "not a whole number"},
        {"phases.0.rate_per_s", "0", "has to be above 0"},
        {"phases.0.interval_log", "\"../../secret\"", "plain file name"},
        {"phases.0.ops.0.succeeded", "-1", "phases[0].ops[0].succeeded is out of range"},
        {"phases.0.ops.0.succeeded", "1e999", "succeeded"},
        {"phases.0.ops.0.service.count", "47999", "differs from what the histogram holds"},
        {"phases.0.ops.0.service.min_ns", "5", "not in its buckets"},
        {"phases.0.ops.0.service.max_ns", "999999", "not in its buckets"},
        {"phases.0.ops.0.service.max_ns", "\"4611686018427387903\"", "not in its buckets"},
        {"phases.0.ops.0.service.sum_ns", "12", "cannot be the sum"},
        {"phases.0.ops.0.service.sum_ns", "1e300", "cannot be the sum"},
        {"phases.0.ops.0.succeeded", "1e15", "out of range"},
        {"total_ns", "\"9223372036854775807\"", "total_ns is out of range"},
        {"phases.0.ops.0.service.hdr", "\"HISTFAAA\"", "service.hdr does not decode"},
        {"phases.0.ops.0.service.hdr", "\"\"", "service.hdr does not decode"},
        {"phases.0.ops.0.errors", "[7]", "errors[0].code is missing"},
        {"coverage", "7", "coverage"},
        {"sweep", "7", "sweep"},
        {"sweep.rows", "0", "sweep.rows is out of range"},
        {"sweep.planned", "[]", "sweep.planned is empty"},
        {"sweep.planned", "[1000, 0]", "no size"},
        {"sweep.planned", "[1e30]", "no size"},
        {"sweep.planned", "[\"1000\"]", "no size"},
        {"integrity.crash_signal", "1e6", "crash_signal is out of range"},
    };
    char *text = sample_document();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_contradiction(text, &cases[i], complaint);
    free(text);
}

/* ---- the store ---- */

struct place {
    char folder[64];
    char *home;
    struct tg_diags diags;
    struct tg_result *result;
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    snprintf(place->folder, sizeof place->folder, "/tmp/tailgate-test-XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    place->home = tg_path_join(place->folder, "home");
    place->result = tg_sample_result();
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    int failed = tg_remove_tree(place->folder, &place->diags) != TG_OK;
    tg_result_free(place->result);
    tg_diags_free(&place->diags);
    free(place->home);
    free(place);
    return failed;
}

static struct tg_text contents(const char *folder, const char *file)
{
    struct tg_diags diags = {0};
    struct tg_text text = {0};
    char *path = tg_path_join(folder, file);
    if (tg_file_read(path, 1 << 24, &text, &diags) != TG_OK)
        fail_msg("cannot read %s", path);
    free(path);
    return text;
}

static size_t entries_of(const struct place *place)
{
    struct tg_arena arena = {0};
    struct tg_diags diags = {0};
    struct tg_store_entry *entries;
    size_t count;
    assert_int_equal(tg_store_list(place->home, false, &arena, &entries, &count, &diags), TG_OK);
    tg_arena_free(&arena);
    return count;
}

static void save(struct place *place)
{
    enum tg_status status = tg_store_save(place->home, NULL, place->result, NULL, &place->diags);
    if (status != TG_OK)
        fail_msg("%s", place->diags.items[0].message);
}

static void a_result_is_stored_with_its_logs(void **state)
{
    struct place *place = *state;
    save(place);
    assert_string_equal(place->result->id, "memory_store-20251121T000000Z");
    assert_null(place->result->phases[0].interval_log);
    assert_string_equal(place->result->phases[0].interval_log_file, "steady.hlog");
    assert_string_equal(place->result->phases[1].interval_log_file, "");

    struct tg_text log = contents(place->home, "results/memory_store-20251121T000000Z/steady.hlog");
    assert_string_equal(log.data, "#[a log]\n");
    tg_text_free(&log);
    struct tg_result *loaded = NULL;
    assert_int_equal(tg_store_load(place->home, NULL, &loaded, &place->diags), TG_OK);
    char *stored = document_of(loaded);
    char *held = document_of(place->result);
    assert_string_equal(stored, held);
    free(held);
    free(stored);
    tg_result_free(loaded);
    assert_int_equal(entries_of(place), 1); /* no temporary folder beside it */
}

/* The first run of a sweep gives it its id; the others say which it was. Results of other
 * scenarios, of other sweeps and of none lie beside them, and damaged ones. */
static void the_runs_of_a_sweep_are_found_by_any_of_them(void **state)
{
    struct place *place = *state;
    save(place); /* belongs to no sweep */
    const char *none = tg_arena_strdup(&place->result->arena, place->result->id);
    put_into_sweep(place->result, NULL, 1000);
    save(place);
    const char *id = tg_arena_strdup(&place->result->arena, place->result->id);
    put_into_sweep(place->result, id, 100000);
    save(place);
    const char *largest = tg_arena_strdup(&place->result->arena, place->result->id);
    put_into_sweep(place->result, id, 10000);
    save(place);
    put_into_sweep(place->result, NULL, 10000);
    save(place); /* another sweep of the same scenario */
    char *broken = tg_path_join(place->home, "results/memory_store-broken");
    assert_int_equal(mkdir(broken, 0777), 0);
    char *document = tg_path_join(broken, "result.json");
    assert_int_equal(tg_file_write(document, "{", 1, true, &place->diags), TG_OK);
    free(document);
    free(broken);

    const char *const names[] = {id, largest};
    for (size_t i = 0; i < 2; i++) {
        struct tg_sweep_runs runs;
        assert_int_equal(tg_store_load_sweep(place->home, names[i], &runs, &place->diags), TG_OK);
        assert_int_equal(runs.count, 3);
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(runs.items[j]->sweep.rows, planned[j]);
            assert_string_equal(runs.items[j]->sweep.id, id);
            assert_string_equal(runs.items[j]->sweep.table, "sessions");
            assert_int_equal(runs.items[j]->sweep.planned_count, 3);
            assert_int_equal(runs.items[j]->sweep.planned[2], 100000);
        }
        tg_sweep_runs_free(&runs);
    }
    struct tg_sweep_runs runs;
    assert_int_equal(tg_store_load_sweep(place->home, none, &runs, &place->diags), TG_INVALID);
    assert_int_equal(runs.count, 0);
    assert_non_null(strstr(place->diags.items[0].message, "belongs to no size sweep"));
}

static void an_existing_result_is_never_overwritten(void **state)
{
    struct place *place = *state;
    save(place);
    struct tg_text first =
        contents(place->home, "results/memory_store-20251121T000000Z/result.json");
    for (int i = 2; i <= 3; i++) {
        char *id = tg_format("memory_store-20251121T000000Z-%d", i);
        save(place);
        assert_string_equal(place->result->id, id);
        free(id);
    }
    struct tg_text after =
        contents(place->home, "results/memory_store-20251121T000000Z/result.json");
    assert_string_equal(first.data, after.data);
    tg_text_free(&first);
    tg_text_free(&after);
    assert_int_equal(entries_of(place), 3);

    /* An explicit folder is not renamed out of the way, not even an empty one. */
    char *folder = tg_path_join(place->folder, "mine");
    assert_int_equal(mkdir(folder, 0777), 0);
    assert_int_equal(tg_store_save(place->home, folder, place->result, NULL, &place->diags),
                     TG_SYSTEM);
    assert_null(place->result->id);
    assert_non_null(strstr(place->diags.items[0].message, "exists"));
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(tg_store_save(place->home, folder, place->result, NULL, &place->diags), TG_OK);
    struct tg_text explicit = contents(folder, "result.json");
    assert_non_null(strstr(explicit.data, TG_RESULT_KIND));
    tg_text_free(&explicit);
    free(folder);
}

static void results_are_found_by_short_names(void **state)
{
    struct place *place = *state;
    const struct names names = {tg_store_find, place->home, "results", "result.json",
                                &place->diags};
    check_not_found(&names, NULL, "holds no result yet", "tailgate run");
    check_not_found(&names, "anything", "holds no result yet", "tailgate run");
    save(place);
    for (int i = 0; i < 10; i++)
        save(place);
    place->result->started_unix_ms -= INT64_C(86400000);
    place->result->scenario = "mixed";
    save(place);
    assert_string_equal(place->result->id, "mixed-20251120T000000Z");

    /* The 11th of one second is newer than the 2nd, though "-11" sorts before "-2". */
    check_found(&names, NULL, "memory_store-20251121T000000Z-11");
    check_found(&names, "memory_store", "memory_store-20251121T000000Z-11");
    check_found(&names, "mixed", "mixed-20251120T000000Z");
    check_found(&names, "mi", "mixed-20251120T000000Z");
    check_found(&names, "memory_store-20251121T000000Z", "memory_store-20251121T000000Z");
    check_found(&names, "memory_store-20251121T000000Z-3", "memory_store-20251121T000000Z-3");
    char *path = tg_path_join(place->home, "results/mixed-20251120T000000Z");
    check_found(&names, path, "mixed-20251120T000000Z");
    char *file = tg_path_join(path, "result.json");
    check_found(&names, file, "mixed-20251120T000000Z");
    free(file);
    free(path);

    check_not_found(&names, "memory", "begins the name of 11 results", "--list");
    check_not_found(&names, "mixde", "there is no result \"mixde\"", "did you mean \"mixed\"?");
    check_not_found(&names, "something_else", "there is no result", "names all 12");
    check_not_found(&names, "", "there is no result", NULL);
    check_not_found(&names, "/no/such/place", "neither", NULL);
}

static void damaged_results_are_listed_as_such(void **state)
{
    struct place *place = *state;
    save(place);
    place->result->started_unix_ms += 1000;
    save(place);
    char *path = tg_format("%s/results/%s/result.json", place->home, place->result->id);
    assert_int_equal(truncate(path, 1000), 0);
    struct tg_arena arena = {0};
    struct tg_store_entry *entries;
    size_t count;
    assert_int_equal(tg_store_list(place->home, true, &arena, &entries, &count, &place->diags),
                     TG_OK);
    assert_int_equal(count, 2);
    assert_string_equal(entries[0].id, "memory_store-20251121T000001Z");
    assert_string_equal(entries[0].verdict, "damaged");
    assert_string_equal(entries[1].verdict, "fail");
    assert_string_equal(entries[1].scenario, "memory_store");
    assert_string_equal(entries[1].started, "20251121T000000Z");
    struct tg_result *result = NULL;
    assert_int_equal(tg_store_load(place->home, NULL, &result, &place->diags), TG_INVALID);
    assert_null(result);
    tg_arena_free(&arena);
    free(path);
}

static void an_unwritable_store_is_found_out_before_the_run(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_store_check(place->home, &place->diags), TG_OK);
    char *file = tg_path_join(place->folder, "file");
    assert_int_equal(tg_file_write(file, "", 0, false, &place->diags), TG_OK);
    assert_int_equal(tg_store_check(file, &place->diags), TG_SYSTEM);
    assert_non_null(strstr(place->diags.items[0].hint, "TAILGATE_HOME"));
    free(file);
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
    enum tg_status status = tg_store_save(place->home, NULL, place->result, NULL, &place->diags);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, TG_SYSTEM);
    assert_int_equal(place->diags.errors, 1);
    assert_null(place->result->id);
    assert_non_null(place->result->phases[0].interval_log);
    char *results = tg_path_join(place->home, "results");
    assert_int_equal(rmdir(results), 0); /* it is empty */
    free(results);
    save(place);
}

#define IN_PLACE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_survives_the_round_trip),
        cmocka_unit_test(empty_histograms_and_infinite_ratios_survive),
        cmocka_unit_test(each_missing_or_mistyped_key_is_an_error_that_names_it),
        cmocka_unit_test(truncated_documents_are_refused),
        cmocka_unit_test(contradictions_are_refused),
        IN_PLACE(a_result_is_stored_with_its_logs),
        IN_PLACE(the_runs_of_a_sweep_are_found_by_any_of_them),
        IN_PLACE(an_existing_result_is_never_overwritten),
        IN_PLACE(results_are_found_by_short_names),
        IN_PLACE(damaged_results_are_listed_as_such),
        IN_PLACE(an_unwritable_store_is_found_out_before_the_run),
        IN_PLACE(a_failed_save_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
