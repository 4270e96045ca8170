#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "baselines/task.h"
#include "common/file.h"
#include "common/text.h"

struct place {
    char home[sizeof "/tmp/tailgate-task-XXXXXX"];
    struct tg_task_key key;
    struct tg_arena arena;
    struct tg_diags diags;
};

static int set_up(void **state)
{
    struct place *place = tg_calloc(1, sizeof *place);
    strcpy(place->home, "/tmp/tailgate-task-XXXXXX");
    assert_non_null(mkdtemp(place->home));
    place->key = (struct tg_task_key){.home = place->home, .task = "001"};
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    assert_int_equal(tg_remove_tree(place->home, &place->diags), TG_OK);
    tg_arena_free(&place->arena);
    tg_diags_free(&place->diags);
    free(place);
    return 0;
}

static const struct tg_task_before before = {
    .scenario = "scenarios/orders.toml",
    .bundle = "0123456789abcdef",
    .result = "orders-20251121T120000Z",
    .started_unix_ms = 1763726400000,
    .git = {.commit = "8f434346648f6b96df89dda901c5176b10a6d839", .dirty = true},
};

static void store_before(struct place *place)
{
    assert_int_equal(tg_task_write_before(&place->key, &before, false, &place->diags), TG_OK);
}

static enum tg_status read_before(struct place *place, struct tg_task_before *read)
{
    return tg_task_read_before(&place->key, &place->arena, read, &place->diags);
}

/* The last error says `message`, and its hint `hint`. */
static void check_last(struct place *place, const char *message, const char *hint)
{
    assert_true(place->diags.count > 0);
    const struct tg_diag *last = &place->diags.items[place->diags.count - 1];
    if (!strstr(last->message, message))
        fail_msg("\"%s\" is not in \"%s\"", message, last->message);
    if (!last->hint || !strstr(last->hint, hint))
        fail_msg("\"%s\" is not in \"%s\"", hint, last->hint ? last->hint : "no hint");
}

static void spoil(struct place *place, const char *record, const char *text)
{
    char *path = tg_format("%s/tasks/001/%s.json", place->home, record);
    assert_int_equal(tg_file_write(path, text, strlen(text), true, &place->diags), TG_OK);
    free(path);
}

static char *content(struct place *place, const char *record)
{
    char *path = tg_format("%s/tasks/001/%s.json", place->home, record);
    struct tg_text text = {0};
    assert_int_equal(tg_file_read(path, 1 << 20, &text, &place->diags), TG_OK);
    free(path);
    return text.data;
}

static void reads_what_it_wrote(void **state)
{
    struct place *place = *state;
    struct tg_task_before read = {0};
    assert_false(tg_task_has_before(&place->key));
    store_before(place);
    assert_true(tg_task_has_before(&place->key));
    assert_int_equal(read_before(place, &read), TG_OK);
    assert_string_equal(read.scenario, before.scenario);
    assert_string_equal(read.bundle, before.bundle);
    assert_string_equal(read.result, before.result);
    assert_int_equal(read.started_unix_ms, before.started_unix_ms);
    assert_string_equal(read.git.commit, before.git.commit);
    assert_true(read.git.dirty);
}

static void never_replaces_unasked(void **state)
{
    struct place *place = *state;
    struct tg_task_before other = before;
    struct tg_task_before read;
    other.result = "orders-20251122T120000Z";
    other.git = (struct tg_git){0};
    store_before(place);
    assert_int_not_equal(tg_task_write_before(&place->key, &other, false, &place->diags), TG_OK);
    assert_int_equal(read_before(place, &read), TG_OK);
    assert_string_equal(read.result, before.result);
    assert_int_equal(tg_task_write_before(&place->key, &other, true, &place->diags), TG_OK);
    assert_int_equal(read_before(place, &read), TG_OK);
    assert_string_equal(read.result, other.result);
    assert_null(read.git.commit);
}

static void keeps_the_competitive_side_apart(void **state)
{
    struct place *place = *state;
    struct tg_task_before read;
    store_before(place);
    place->key.competitive = true;
    assert_false(tg_task_has_before(&place->key));
    assert_int_equal(read_before(place, &read), TG_INVALID);
    check_last(place, "no competitive before", "tailgate before 001 --competitive");
    check_last(place, "no competitive before", "leave out --competitive");
    place->key.competitive = false;
    assert_int_equal(read_before(place, &read), TG_OK);
}

static void says_which_tasks_there_are(void **state)
{
    struct place *place = *state;
    struct tg_task_before read;
    assert_int_equal(read_before(place, &read), TG_INVALID);
    check_last(place, "no task \"001\"", "tailgate before 001");
    store_before(place);
    place->key.task = "faster-recall";
    store_before(place);
    place->key.task = "faster-recal";
    assert_int_equal(read_before(place, &read), TG_INVALID);
    check_last(place, "no task \"faster-recal\"", "did you mean \"faster-recall\"?");
    place->key.task = "other";
    assert_int_equal(read_before(place, &read), TG_INVALID);
    check_last(place, "no task \"other\"", "there is 001, faster-recall;");
}

static void names_cannot_lead_elsewhere(void **state)
{
    struct place *place = *state;
    static const char *const bad[] = {"", ".", "..", "../up", "a/b", ".hidden", "a b", "é"};
    static const char *const good[] = {"001", "faster-recall", "v1.2_b", "A"};
    char longest[66];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(tg_task_check_name(bad[i], &place->diags), TG_INVALID);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(tg_task_check_name(good[i], &place->diags), TG_OK);
    memset(longest, 'a', sizeof longest);
    longest[65] = '\0';
    assert_int_equal(tg_task_check_name(longest, &place->diags), TG_INVALID);
    longest[64] = '\0';
    assert_int_equal(tg_task_check_name(longest, &place->diags), TG_OK);
}

static void keeps_every_attempt(void **state)
{
    struct place *place = *state;
    struct tg_task_attempt *read;
    size_t count;
    assert_int_equal(
        tg_task_read_attempts(&place->key, &place->arena, &read, &count, &place->diags), TG_OK);
    assert_int_equal(count, 0);
    for (int i = 1; i <= 3; i++) {
        const struct tg_task_attempt attempt = {
            .bundle = before.bundle,
            .result = tg_arena_format(&place->arena, "orders-%d", i),
            .comparison = i == 2 ? NULL : tg_arena_format(&place->arena, "compared-%d", i),
            .started_unix_ms = 1000 * i,
        };
        assert_int_equal(tg_task_add_attempt(&place->key, &attempt, &place->diags), TG_OK);
    }
    assert_int_equal(
        tg_task_read_attempts(&place->key, &place->arena, &read, &count, &place->diags), TG_OK);
    assert_int_equal(count, 3);
    assert_string_equal(read[0].result, "orders-1");
    assert_string_equal(read[0].comparison, "compared-1");
    assert_null(read[1].comparison);
    assert_string_equal(read[2].comparison, "compared-3");
    assert_int_equal(read[2].started_unix_ms, 3000);
    assert_string_equal(read[2].bundle, before.bundle);
}

/* What has begun is there from then on, and its end takes the place of it. */
static void keeps_the_beginning_until_the_end(void **state)
{
    struct place *place = *state;
    struct tg_task_attempt *read;
    size_t count;
    struct tg_task_attempt attempts[] = {
        {.bundle = before.bundle, .started_unix_ms = 1000},
        {.bundle = before.bundle, .started_unix_ms = 2000},
    };
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(tg_task_add_attempt(&place->key, &attempts[i], &place->diags), TG_OK);
    attempts[0].reason = "the disk is full";
    assert_int_equal(tg_task_add_attempt(&place->key, &attempts[0], &place->diags), TG_OK);
    attempts[1].result = "orders";
    for (size_t i = 0; i < 2; i++) /* the second time, there is no beginning any more */
        assert_int_equal(tg_task_add_attempt(&place->key, &attempts[1], &place->diags), TG_OK);
    assert_int_equal(
        tg_task_read_attempts(&place->key, &place->arena, &read, &count, &place->diags), TG_OK);
    assert_int_equal(count, 3);
    assert_null(read[0].result);
    assert_string_equal(read[0].reason, "the disk is full");
    assert_string_equal(read[1].result, "orders");
    assert_null(read[1].reason);
    assert_string_equal(read[2].result, "orders");
}

/* Two steps of a CI job may end in the same moment. */
static void keeps_attempts_that_come_together(void **state)
{
    enum { CHILDREN = 8, EACH = 10 };
    struct place *place = *state;
    struct tg_task_attempt *read;
    size_t count;
    store_before(place);
    for (int child = 0; child < CHILDREN; child++) {
        if (fork() != 0)
            continue;
        const struct tg_task_attempt attempt = {.bundle = before.bundle, .result = "orders"};
        struct tg_diags diags = {0};
        bool all = true;
        for (int i = 0; i < EACH; i++)
            all = all && tg_task_add_attempt(&place->key, &attempt, &diags) == TG_OK;
        _exit(all ? 0 : 1);
    }
    for (int child = 0; child < CHILDREN; child++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(
        tg_task_read_attempts(&place->key, &place->arena, &read, &count, &place->diags), TG_OK);
    assert_int_equal(count, CHILDREN * EACH);
}

/* Each of these is one edit away from a good record. */
static void refuses_damaged_records(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *from, *to, *message;
    } edits[] = {
        {"}\n", "", "JSON"},
        {"tailgate-task", "tailgate-result", "is not a task record"},
        {"\"format\": 1", "\"format\": 2", "format 2"},
        {"\"task\": \"001\"", "\"task\": \"002\"", "another task"},
        {"\"phase\": \"before\"", "\"phase\": \"after\"", "another task"},
        {"\"competitive\": false", "\"competitive\": true", "another task"},
        {"\"bundle\": \"0123456789abcdef\"", "\"bundle\": 7", "bundle"},
        {"\"result\"", "\"risult\"", "result"},
        {"\"dirty\": true", "\"dirty\": 1", "dirty"},
    };
    struct tg_task_before read;
    store_before(place);
    char *good = content(place, "before");
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        /* The last occurrence: "}" stands more than once. */
        const char *at = NULL;
        for (const char *next = good; (next = strstr(next, edits[i].from)); next++)
            at = next;
        assert_non_null(at);
        char *bad =
            tg_format("%.*s%s%s", (int)(at - good), good, edits[i].to, at + strlen(edits[i].from));
        spoil(place, "before", bad);
        if (read_before(place, &read) != TG_INVALID)
            fail_msg("%s was accepted", edits[i].to);
        struct tg_diag *last = &place->diags.items[place->diags.count - 1];
        if (!strstr(last->message, edits[i].message))
            fail_msg("\"%s\" is not in \"%s\"", edits[i].message, last->message);
        assert_non_null(last->hint);
        free(bad);
    }
    spoil(place, "before", good);
    assert_int_equal(read_before(place, &read), TG_OK);
    free(good);
}

static void damaged_attempts_stay_as_they_are(void **state)
{
    struct place *place = *state;
    const struct tg_task_attempt attempt = {.bundle = "b", .result = "r"};
    static const char damaged[] = "{ \"kind\": \"tailgate-task\", ";
    assert_int_equal(tg_task_add_attempt(&place->key, &attempt, &place->diags), TG_OK);
    spoil(place, "after", damaged);
    assert_int_equal(tg_task_add_attempt(&place->key, &attempt, &place->diags), TG_INVALID);
    check_last(place, "JSON", "restore the file");
    char *now = content(place, "after");
    assert_string_equal(now, damaged);
    free(now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_what_it_wrote, set_up, tear_down),
        cmocka_unit_test_setup_teardown(never_replaces_unasked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_competitive_side_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(says_which_tasks_there_are, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_cannot_lead_elsewhere, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_every_attempt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_beginning_until_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_attempts_that_come_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_damaged_records, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damaged_attempts_stay_as_they_are, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
