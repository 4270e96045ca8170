/* Expected syntax: "Workflow commands for GitHub Actions", docs.github.com: a line each,
 * "::NAME KEY=VALUE,...::MESSAGE"; outputs between delimiters that stand alone on a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reports/compare/compare_github.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_compare.h"
#include "tests/unit/sample_result.h"

static void the_annotations(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_result *run = tg_sample_result();
    struct tg_compare_view view = sample_compare();
    view.run = run;
    tg_compare_annotations(&view, "scenarios/memory_store/gate.toml", &text);
    check_golden("compare-github.txt", &text);
    tg_result_free(run);
    tg_text_free(&text);
}

/* Lines of the text, each of which has to be a command; how many are of `level`. */
static size_t count_commands(const struct tg_text *text, const char *level)
{
    char *copy = tg_strdup(tg_text_string(text));
    char *command = tg_format("::%s ", level);
    size_t count = 0;
    char *rest = copy;
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        if (!tg_starts_with(line, "::error ") && !tg_starts_with(line, "::warning ") &&
            !tg_starts_with(line, "::notice "))
            fail_msg("no command: %s", line);
        const char *message = strstr(line + 2, "::");
        assert_non_null(message);
        assert_null(strpbrk(line, "\r"));
        count += tg_starts_with(line, command);
    }
    free(copy);
    free(command);
    return count;
}

static void a_pass_is_a_notice(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = sample_compare();
    view.gate.row_count = 1;
    view.gate.bad = false;
    view.gate.good = true;
    view.gate.exit_code = 0;
    view.gate.verdict = "PASS";
    view.gate.meaning = "every metric proved within its margin";
    tg_compare_annotations(&view, NULL, &text);
    assert_string_equal(text.data, "::notice title=Tailgate%3A PASS::memory_store, phase steady: "
                                   "every metric proved within its margin (exit code 0)\n");
    tg_text_free(&text);
}

static void what_cannot_be_told_is_a_warning(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = sample_compare();
    view.gate.rows = &sample_rows[2];
    view.gate.row_count = 2;
    view.gate.bad = false;
    view.gate.verdict = "CANNOT TELL";
    tg_compare_annotations(&view, NULL, &text);
    assert_int_equal(count_commands(&text, "warning"), 2);
    assert_int_equal(count_commands(&text, "error"), 0);
    assert_non_null(
        strstr(text.data, "memory_put.p95 (inconclusive), memory_put.p99.9 (not-gated"));
    tg_text_free(&text);
}

/* GitHub shows ten of a step, and drops the others without a word. */
static void no_more_errors_than_github_shows(void **state)
{
    (void)state;
    for (size_t bad = 8; bad <= 12; bad++) {
        struct tg_text text = {0};
        struct tg_gate_row rows[12];
        struct tg_compare_view view = sample_compare();
        for (size_t i = 0; i < bad; i++)
            rows[i] = sample_rows[1];
        view.gate.rows = rows;
        view.gate.row_count = bad;
        tg_compare_annotations(&view, NULL, &text);
        assert_int_equal(count_commands(&text, "error"), bad < 9 ? bad + 1 : 10);
        char *more = tg_format("%zu more", bad - 8);
        assert_true((strstr(text.data, "more::") != NULL) == (bad > 9));
        assert_true(bad <= 9 || strstr(text.data, more));
        free(more);
        tg_text_free(&text);
    }
}

static void hostile_names_give_no_commands(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = hostile_compare();
    tg_compare_annotations(&view, HOSTILE, &text);
    assert_int_equal(count_commands(&text, "error"), 3);
    assert_int_equal(count_commands(&text, "warning"), 1);
    tg_text_free(&text);
}

/* Reads outputs as the runner does; the value of `name`, to be freed. */
static char *output(const struct tg_text *text, const char *name)
{
    char *copy = tg_strdup(tg_text_string(text));
    char *rest = copy;
    char *found = NULL;
    while (rest && *rest) {
        char *head = strsep(&rest, "\n");
        char *delimiter = strstr(head, "<<");
        assert_non_null(delimiter);
        *delimiter = '\0';
        delimiter += 2;
        struct tg_text value = {0};
        char *line;
        for (bool first = true; (line = strsep(&rest, "\n")) && strcmp(line, delimiter) != 0;
             first = false)
            tg_text_addf(&value, "%s%s", first ? "" : "\n", line);
        assert_non_null(line); /* the delimiter came */
        if (strcmp(head, name) == 0) {
            assert_null(found);
            found = tg_strdup(tg_text_string(&value));
        }
        tg_text_free(&value);
    }
    free(copy);
    return found;
}

static void check_output(const struct tg_text *text, const char *name, const char *expected)
{
    char *value = output(text, name);
    assert_non_null(value);
    assert_string_equal(value, expected);
    free(value);
}

static void outputs_are_what_they_are(void **state)
{
    (void)state;
    static const char *const ids[] = {
        "memory_store-20251121T000000Z", HOSTILE, "a\nend_of_output\nverdict=pass",
        "end_of_output_\nend_of_output\nverdict<<end_of_output\npass"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct tg_text text = {0};
        struct tg_compare_view view = sample_compare();
        view.gate.id = ids[i];
        tg_compare_outputs(&view, &text);
        check_output(&text, "verdict", "regression");
        check_output(&text, "exit_code", "1");
        check_output(&text, "comparison", ids[i]);
        tg_text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_annotations),
        cmocka_unit_test(a_pass_is_a_notice),
        cmocka_unit_test(what_cannot_be_told_is_a_warning),
        cmocka_unit_test(no_more_errors_than_github_shows),
        cmocka_unit_test(hostile_names_give_no_commands),
        cmocka_unit_test(outputs_are_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
