/* What other tools write about tests and coverage. The documents are of the shapes that pytest 7,
 * CTest 3.25, Maven Surefire 3, coverage.py 6, gcovr 6 and lcov 1.16 write; what is expected was
 * counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/milestone/inputs.h"

struct place {
    struct tg_arena arena;
    struct tg_diags diags;
    struct tg_milestone_tests tests;
    struct tg_milestone_code_coverage coverage;
};

static int set_up(void **state)
{
    *state = tg_calloc(1, sizeof(struct place));
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    tg_diags_free(&place->diags);
    tg_arena_free(&place->arena);
    free(place);
    return 0;
}

static enum tg_status junit(struct place *place, const char *text)
{
    return tg_junit_parse(text, strlen(text), "junit.xml", &place->arena, &place->tests,
                          &place->diags);
}

static enum tg_status cobertura(struct place *place, const char *text)
{
    return tg_cobertura_parse(text, strlen(text), "coverage.xml", &place->coverage, &place->diags);
}

static enum tg_status lcov(struct place *place, const char *text)
{
    return tg_lcov_parse(text, strlen(text), "coverage.info", &place->coverage, &place->diags);
}

/* One error, there, whose message has `message` in it. Forgets it. */
static void check_error(struct place *place, int line, int column, const char *message)
{
    assert_int_equal(place->diags.count, 1);
    const struct tg_diag *diag = &place->diags.items[0];
    if (!strstr(diag->message, message))
        fail_msg("\"%s\" does not say \"%s\"", diag->message, message);
    assert_int_equal(diag->line, line);
    assert_int_equal(diag->column, column);
    tg_diags_free(&place->diags);
}

/* ---- JUnit ---- */

static void check_suite(const struct tg_milestone_suite *suite, const char *name, int64_t tests,
                        int64_t failed, int64_t errors, int64_t skipped, double seconds)
{
    assert_string_equal(suite->name, name);
    assert_int_equal(suite->tests, tests);
    assert_int_equal(suite->failed, failed);
    assert_int_equal(suite->errors, errors);
    assert_int_equal(suite->skipped, skipped);
    if (isnan(seconds))
        assert_true(isnan(suite->seconds));
    else
        assert_float_equal(suite->seconds, seconds, 1e-9);
}

static void pytest_report(void **state)
{
    struct place *place = *state;
    assert_int_equal(
        junit(place,
              "<?xml version=\"1.0\" encoding=\"utf-8\"?><testsuites><testsuite name=\"pytest\" "
              "errors=\"1\" failures=\"1\" skipped=\"1\" tests=\"5\" time=\"0.460\">\n"
              "<testcase classname=\"tests.test_store.TestGet\" name=\"test_get\" time=\"0.1\"/>\n"
              "<testcase classname=\"tests.test_store\" name=\"test_put\" time=\"0.1\">"
              "<failure message=\"assert 3 == 4\">def test_put():\n&gt; assert 3 == 4</failure>"
              "</testcase>\n"
              "<testcase classname=\"tests.test_store\" name=\"test_slow\" time=\"0.0\">"
              "<skipped type=\"pytest.skip\" message=\"slow\">here</skipped></testcase>\n"
              "<testcase classname=\"tests.test_store\" name=\"test_broken\" time=\"0.2\">"
              "<error>\n  fixture 'db' not found\nmore</error><system-out>x</system-out>"
              "</testcase>\n"
              "<testcase classname=\"\" name=\"plain\" time=\"0.01\"></testcase>"
              "</testsuite></testsuites>"),
        TG_OK);
    assert_true(place->tests.given);
    assert_int_equal(place->tests.suite_count, 1);
    check_suite(&place->tests.suites[0], "pytest", 5, 1, 1, 1, 0.46);
    check_suite(&place->tests.sum, "", 5, 1, 1, 1, 0.46);
    assert_int_equal(place->tests.failure_count, 2);
    assert_string_equal(place->tests.failures[0], "tests.test_store.test_put: assert 3 == 4");
    assert_string_equal(place->tests.failures[1],
                        "tests.test_store.test_broken: fixture 'db' not found");
}

/* No <testsuites>; a status says what was not run; no time of the suite. */
static void ctest_report(void **state)
{
    struct place *place = *state;
    assert_int_equal(
        junit(place, "<testsuite name=\"Linux-c++\" tests=\"3\">"
                     "<testcase name=\"unit/a\" classname=\"unit/a\" time=\"0.25\" status=\"run\">"
                     "<system-out>ok</system-out></testcase>"
                     "<testcase name=\"unit/b\" classname=\"unit/b\" time=\"0.5\" "
                     "status=\"fail\"><failure message=\"\"/></testcase>"
                     "<testcase name=\"c\" classname=\"c\" time=\"0\" status=\"disabled\"/>"
                     "</testsuite>"),
        TG_OK);
    check_suite(&place->tests.sum, "", 3, 1, 0, 1, 0.75);
    assert_string_equal(place->tests.failures[0], "unit/b.unit/b");
}

/* Suites in suites; one that only holds others is none. Times with a thousands separator, and
 * missing ones. A rerun that passed is a pass. Several files add up. */
static void nested_suites_and_several_files(void **state)
{
    struct place *place = *state;
    assert_int_equal(junit(place,
                           "<testsuites><testsuite name=\"outer\"><testsuite name=\"a\" "
                           "time=\"1,234.5\"><testcase name=\"x\"><flakyFailure message=\"once\"/>"
                           "</testcase></testsuite><testsuite name=\"b\"><testcase name=\"y\"/>"
                           "</testsuite></testsuite></testsuites>"),
                     TG_OK);
    assert_int_equal(junit(place, "<testsuite name=\"c\"><testcase name=\"z\"><error/>"
                                  "<failure message=\"late\"/></testcase></testsuite>"),
                     TG_OK);
    assert_int_equal(place->tests.suite_count, 3);
    check_suite(&place->tests.suites[0], "a", 1, 0, 0, 0, 1234.5);
    check_suite(&place->tests.suites[1], "b", 1, 0, 0, 0, NAN);
    check_suite(&place->tests.suites[2], "c", 1, 0, 1, 0, NAN);
    assert_int_equal(place->tests.sum.tests, 3);
    assert_int_equal(place->tests.failure_count, 1);
    assert_string_equal(place->tests.failures[0], "c.z");
}

static void only_the_first_failures_are_told(void **state)
{
    struct place *place = *state;
    struct tg_text text = {0};
    tg_text_add(&text, "<testsuite name=\"s\">");
    for (int i = 0; i < 3 * TG_TESTS_MOST_FAILURES; i++)
        tg_text_addf(&text, "<testcase name=\"t%d\"><failure/></testcase>", i);
    tg_text_add(&text, "</testsuite>");
    assert_int_equal(junit(place, text.data), TG_OK);
    assert_int_equal(place->tests.sum.failed, 3 * TG_TESTS_MOST_FAILURES);
    assert_int_equal(place->tests.failure_count, TG_TESTS_MOST_FAILURES);
    assert_string_equal(place->tests.failures[TG_TESTS_MOST_FAILURES - 1], "s.t19");
    tg_text_free(&text);
}

/* A suite inside a case is no suite, wherever its end stands. */
static void elements_in_wrong_places(void **state)
{
    struct place *place = *state;
    assert_int_equal(junit(place, "<testsuite name=\"a\"><testcase name=\"x\"><testsuite>"
                                  "<testcase name=\"y\"/></testsuite></testcase>"
                                  "<testcase name=\"z\"/></testsuite>"),
                     TG_OK);
    assert_int_equal(place->tests.sum.tests, 2);
}

static void what_is_no_junit_report(void **state)
{
    struct place *place = *state;
    assert_int_equal(junit(place, "PASS: all tests\n"), TG_INVALID);
    check_error(place, 1, 1, "is not XML");
    assert_int_equal(junit(place, "<testsuite name=\"a\">\n  <testcase name=\"x\">\n</testsuite>"),
                     TG_INVALID);
    check_error(place, 3, 3, "is not XML: mismatched tag");
    assert_int_equal(junit(place, ""), TG_INVALID);
    check_error(place, 1, 1, "is not XML");
    assert_int_equal(junit(place, "<html><body/></html>"), TG_INVALID);
    check_error(place, 1, 1, "its root is <html>");
    assert_int_equal(junit(place, "<testsuites><testcase name=\"x\"/></testsuites>"), TG_INVALID);
    check_error(place, 1, 13, "outside of a suite");
    assert_int_equal(junit(place, "<testsuites/>"), TG_INVALID);
    check_error(place, 0, 0, "has no test case");
}

/* Entities that grow, entities from elsewhere, and depth. */
static void xml_that_means_harm(void **state)
{
    struct place *place = *state;
    assert_int_equal(junit(place, "<!DOCTYPE t [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b "
                                  "\"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><testsuite name=\"&b;\"/>"),
                     TG_INVALID);
    check_error(place, 1, 13, "declares a document type of its own"); /* at its "[" */
    assert_int_equal(junit(place,
                           "<!DOCTYPE t SYSTEM \"/etc/passwd\">\n"
                           "<testsuite><testcase name=\"x\">&secret;</testcase></testsuite>"),
                     TG_INVALID);
    check_error(place, 2, 31, "the entity \"secret\" is not known");
    struct tg_text deep = {0};
    for (int i = 0; i < 100000; i++)
        tg_text_add(&deep, "<testsuite>");
    assert_int_equal(junit(place, deep.data), TG_INVALID);
    check_error(place, 1, 64 * 11 + 1, "nested more than 64 deep");
    tg_text_free(&deep);
}

/* ---- Cobertura ---- */

static void cobertura_reports(void **state)
{
    struct place *place = *state;
    const struct tg_milestone_code_coverage *coverage = &place->coverage;
    /* Cobertura's own document type is outside, and stays there. */
    assert_int_equal(
        cobertura(place,
                  "<?xml version=\"1.0\" ?>\n<!DOCTYPE coverage SYSTEM "
                  "'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>\n<coverage "
                  "version=\"6.5\" lines-valid=\"400\" lines-covered=\"350\" line-rate=\"0.875\" "
                  "branches-covered=\"3\" branches-valid=\"4\" branch-rate=\"0.75\">"
                  "<packages><package name=\"p\" line-rate=\"0.1\"/></packages></coverage>"),
        TG_OK);
    assert_true(coverage->given);
    assert_int_equal(coverage->lines, 400);
    assert_int_equal(coverage->lines_covered, 350);
    assert_float_equal(coverage->line_rate, 0.875, 1e-12);
    assert_float_equal(coverage->branch_rate, 0.75, 1e-12);
    /* Rates alone; and no branches at all, of which a rate of 1 says nothing. */
    assert_int_equal(cobertura(place, "<coverage line-rate=\"0.5\"/>"), TG_OK);
    assert_int_equal(coverage->lines, 0);
    assert_float_equal(coverage->line_rate, 0.5, 1e-12);
    assert_true(isnan(coverage->branch_rate));
    assert_int_equal(cobertura(place, "<coverage line-rate=\"1\" branches-valid=\"0\" "
                                      "branch-rate=\"1\"/>"),
                     TG_OK);
    assert_true(isnan(coverage->branch_rate));
}

static void what_is_no_cobertura_report(void **state)
{
    struct place *place = *state;
    place->coverage.lines = 7;
    assert_int_equal(cobertura(place, "<report name=\"jacoco\"/>"), TG_INVALID);
    check_error(place, 1, 1, "its root is <report>");
    assert_int_equal(cobertura(place, "<coverage generated=\"1\"/>"), TG_INVALID); /* Clover */
    check_error(place, 1, 1, "has no line-rate");
    assert_int_equal(cobertura(place, "<coverage line-rate=\"87.5\"/>"), TG_INVALID);
    check_error(place, 1, 1, "line-rate is \"87.5\"");
    assert_int_equal(cobertura(place, "<coverage lines-valid=\"4\" lines-covered=\"5\"/>"),
                     TG_INVALID);
    check_error(place, 1, 1, "5 of 4 lines");
    assert_int_equal(cobertura(place, "<coverage line-rate=\"0.5\">"), TG_INVALID);
    check_error(place, 1, 27, "is not XML");
    assert_int_equal(place->coverage.lines, 7); /* left alone */
}

/* ---- lcov ---- */

static void lcov_tracefile(void **state)
{
    struct place *place = *state;
    /* Two tests of a.c: lines 1, 2, 3 of which 1 and 3 were reached by one or the other, line 2 by
     * none; b.c has one line with the same number. 3 of 4 lines, 2 of 3 branches. */
    assert_int_equal(lcov(place, "TN:first\nSF:/src/a.c\nFN:1,main\nFNDA:1,main\nFNF:1\nFNH:1\n"
                                 "DA:1,1\nDA:2,0\nDA:3,0\nBRDA:3,0,0,-\nBRDA:3,0,1,-\nBRF:2\n"
                                 "LF:3\nLH:1\nend_of_record\n"
                                 "TN:second\nSF:/src/a.c\nDA:1,0\nDA:3,4,abcdef\r\n"
                                 "BRDA:3,0,0,4\nBRDA:3,0,1,0\nLF:2\nLH:1\nend_of_record\n"
                                 "# a comment\n\nSF:/src/b.c\nDA:1,1e+3\nBRDA:1,0,0,1\n"
                                 "end_of_record"),
                     TG_OK);
    assert_int_equal(place->coverage.lines, 4);
    assert_int_equal(place->coverage.lines_covered, 3);
    assert_float_equal(place->coverage.line_rate, 0.75, 1e-12);
    assert_float_equal(place->coverage.branch_rate, 2.0 / 3, 1e-12);
    assert_int_equal(lcov(place, "SF:a\nDA:1,0\nend_of_record\n"), TG_OK);
    assert_true(isnan(place->coverage.branch_rate));
}

static void what_is_no_tracefile(void **state)
{
    struct place *place = *state;
    assert_int_equal(lcov(place, "TN:\n<coverage/>\n"), TG_INVALID);
    check_error(place, 2, 0, "is no record");
    assert_int_equal(lcov(place, "DA:1,1\n"), TG_INVALID);
    check_error(place, 1, 0, "outside of a section");
    assert_int_equal(lcov(place, "SF:a\nend_of_record\nDA:1,1\n"), TG_INVALID);
    check_error(place, 3, 0, "outside of a section");
    assert_int_equal(lcov(place, "SF:a\nDA:1,\n5\n"), TG_INVALID);
    check_error(place, 2, 0, "is no count of a line");
    assert_int_equal(lcov(place, "SF:a\nDA:x,1\n"), TG_INVALID);
    check_error(place, 2, 0, "is no count of a line");
    assert_int_equal(lcov(place, "SF:a\nBRDA:1,0,0,\n"), TG_INVALID);
    check_error(place, 2, 0, "is no count of a branch");
    assert_int_equal(lcov(place, "TN:\n"), TG_INVALID);
    check_error(place, 1, 0, "has no line of code");
    assert_int_equal(tg_lcov_parse("SF:a\0b", 6, "coverage.info", &place->coverage, &place->diags),
                     TG_INVALID);
    check_error(place, 1, 0, "is no text");
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(pytest_report),
        CASE(ctest_report),
        CASE(nested_suites_and_several_files),
        CASE(only_the_first_failures_are_told),
        CASE(elements_in_wrong_places),
        CASE(what_is_no_junit_report),
        CASE(xml_that_means_harm),
        CASE(cobertura_reports),
        CASE(what_is_no_cobertura_report),
        CASE(lcov_tracefile),
        CASE(what_is_no_tracefile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
