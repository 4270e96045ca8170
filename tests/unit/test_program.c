/* Other programs: how they ended, whatever their parent had in mind for its children. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "common/program.h"

enum { PATIENCE_MS = 60000 };

struct place {
    char folder[64];
    char log[96];
};

static int set_up(void **state)
{
    static struct place place;
    strcpy(place.folder, "/tmp/tailgate-program.XXXXXX");
    if (!mkdtemp(place.folder))
        return -1;
    snprintf(place.log, sizeof place.log, "%s/log", place.folder);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    struct tg_diags diags = {0};
    return tg_remove_tree(place->folder, &diags) == TG_OK ? 0 : -1;
}

static int run(const struct place *place, const char *command)
{
    const struct tg_program_job job = {
        .command = command, .folder = place->folder, .log = place->log};
    struct tg_diags diags = {0};
    int exit_code = -1;
    assert_int_equal(tg_program_run(&job, &exit_code, &diags), TG_OK);
    tg_diags_free(&diags);
    return exit_code;
}

static bool ask(const char *command, struct tg_text *answer)
{
    return tg_program_ask((const char *const[]){"sh", "-c", command, NULL}, PATIENCE_MS, answer);
}

static void a_run_ends_as_its_command_does(void **state)
{
    struct place *place = *state;
    struct tg_text log = {0};
    struct tg_diags diags = {0};
    assert_int_equal(run(place, "echo said; echo complained >&2; exit 3"), 3);
    assert_int_equal(tg_file_read(place->log, 1000, &log, &diags), TG_OK);
    assert_string_equal(tg_text_string(&log), "said\ncomplained\n");
    tg_text_free(&log);
    assert_int_equal(run(place, "kill -KILL $$"), 128 + SIGKILL);
    assert_int_equal(run(place, "test \"$(pwd)\" = \"$(cd . && pwd)\" && exit 0"), 0);
    assert_int_equal(run(place, "nonesuch-program"), 127);
}

static void an_answer_is_one_of_a_program_that_succeeds(void **state)
{
    (void)state;
    struct tg_text answer = {0};
    assert_true(ask("echo yes", &answer));
    assert_string_equal(tg_text_string(&answer), "yes\n");
    tg_text_clear(&answer);
    assert_false(ask("echo no; exit 1", &answer));
    assert_false(
        tg_program_ask((const char *const[]){"nonesuch-program", NULL}, PATIENCE_MS, &answer));
    assert_false(
        tg_program_ask((const char *const[]){"sleep", "100", NULL}, 10, &answer)); /* killed */
    tg_text_free(&answer);
}

/* Where SIGCHLD is ignored nobody is told how a child ended: that is no success. */
static void an_end_that_is_not_known_is_no_success(void **state)
{
    struct place *place = *state;
    const struct tg_program_job job = {
        .command = "exit 3", .folder = place->folder, .log = place->log};
    struct tg_text answer = {0};
    struct tg_diags diags = {0};
    int exit_code = -1;
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(tg_program_run(&job, &exit_code, &diags), TG_SYSTEM);
    assert_false(ask("echo no; exit 1", &answer));
    signal(SIGCHLD, SIG_DFL);
    tg_text_free(&answer);
    tg_diags_free(&diags);
}

static volatile sig_atomic_t stop;

static void request_stop(int number)
{
    (void)number;
    stop = 1;
}

/* Also one that takes no hints, which would go on for minutes. */
static void a_stop_ends_the_command_and_its_children(void **state)
{
    struct place *place = *state;
    const struct tg_program_job job = {
        .command = "trap '' TERM; touch here; sleep 120; sleep 120",
        .folder = place->folder,
        .log = place->log,
        .stop = &stop,
    };
    struct tg_diags diags = {0};
    int exit_code = -1;
    signal(SIGALRM, request_stop);
    alarm(1);
    time_t start = time(NULL);
    assert_int_equal(tg_program_run(&job, &exit_code, &diags), TG_INTERRUPTED);
    assert_true(time(NULL) - start < 100);
    signal(SIGALRM, SIG_DFL);
    tg_diags_free(&diags);
}

/* ---- filters ---- */

static enum tg_filter_end filter(const char *command, const char *input, int64_t patience_ms,
                                 struct tg_text *output, struct tg_text *complaints, int *code)
{
    const char *const arguments[] = {"sh", "-c", command, NULL};
    const struct tg_filter made = {
        .arguments = arguments,
        .input = input,
        .input_length = strlen(input),
        .output_limit = 4 << 20,
        .patience_ms = patience_ms,
    };
    return tg_program_filter(&made, output, complaints, code);
}

/* Much more than any pipe holds, both ways at once. */
static void a_filter_is_fed_and_read_at_once(void **state)
{
    (void)state;
    enum { BYTES = 3 << 20 };
    struct tg_text input = {0}, output = {0}, complaints = {0};
    int code = -1;
    tg_text_pad(&input, 'x', BYTES);
    assert_int_equal(
        filter("cat; echo so >&2; exit 4", input.data, PATIENCE_MS, &output, &complaints, &code),
        TG_FILTER_EXITED);
    assert_int_equal(code, 4);
    assert_int_equal(output.length, BYTES);
    assert_string_equal(complaints.data, "so\n");

    /* What is not read is no harm: neither a wait nor a signal. */
    assert_int_equal(filter("exit 0", input.data, PATIENCE_MS, &output, &complaints, &code),
                     TG_FILTER_EXITED);
    assert_int_equal(code, 0);
    assert_int_equal(filter("exec <&-; sleep 0.05; echo late", input.data, PATIENCE_MS, &output,
                            &complaints, &code),
                     TG_FILTER_EXITED);
    assert_string_equal(output.data + BYTES, "late\n"); /* added to what was there */
    tg_text_free(&input);
    tg_text_free(&output);
    tg_text_free(&complaints);
}

static void a_filter_has_its_limits(void **state)
{
    (void)state;
    struct tg_text output = {0}, complaints = {0};
    int code = -1;
    assert_int_equal(filter("yes", "", PATIENCE_MS, &output, &complaints, &code),
                     TG_FILTER_TOO_MUCH);
    assert_int_equal(output.length, 4 << 20);
    /* On a busy machine it may take a while to say that much. */
    for (int64_t patience_ms = 100; complaints.length < 4096; patience_ms *= 4) {
        assert_true(patience_ms < PATIENCE_MS);
        tg_text_clear(&complaints);
        assert_int_equal(
            filter("yes >&2 & sleep 1000", "", patience_ms, &output, &complaints, &code),
            TG_FILTER_HUNG);
    }
    assert_int_equal(complaints.length, 4096);
    assert_int_equal(filter("kill -TERM $$", "", PATIENCE_MS, &output, &complaints, &code),
                     TG_FILTER_KILLED);
    assert_int_equal(code, 128 + SIGTERM);
    const char *const nobody[] = {"nonesuch-program", NULL};
    const struct tg_filter absent = {
        .arguments = nobody, .input = "", .output_limit = 1, .patience_ms = PATIENCE_MS};
    assert_int_equal(tg_program_filter(&absent, &output, &complaints, &code), TG_FILTER_ABSENT);
    assert_int_equal(code, ENOENT);
    tg_text_free(&output);
    tg_text_free(&complaints);
}

static void programs_are_looked_for_in_path(void **state)
{
    (void)state;
    char *path = tg_strdup(getenv("PATH"));
    assert_true(tg_program_in_path("sh"));
    assert_false(tg_program_in_path("nonesuch-program"));
    setenv("PATH", "", 1);
    assert_false(tg_program_in_path("sh"));
    setenv("PATH", path, 1);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_ends_as_its_command_does),
        cmocka_unit_test(an_answer_is_one_of_a_program_that_succeeds),
        cmocka_unit_test(an_end_that_is_not_known_is_no_success),
        cmocka_unit_test(a_stop_ends_the_command_and_its_children),
        cmocka_unit_test(a_filter_is_fed_and_read_at_once),
        cmocka_unit_test(a_filter_has_its_limits),
        cmocka_unit_test(programs_are_looked_for_in_path),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
