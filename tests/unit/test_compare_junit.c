/* Parsed by expat, and held against what two schemas have in common: junit-10.xsd of Jenkins'
 * xunit-plugin and JUnit.xsd of windyroad/JUnit-Schema (Apache Ant). The second is the stricter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <expat.h>

#include "reports/compare/compare_junit.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_compare.h"
#include "tests/unit/sample_result.h"

enum { MOST_DEPTH = 4 };

struct reading {
    const char *path[MOST_DEPTH]; /* literals */
    size_t depth;
    size_t step; /* in a suite: 1 properties, 2 cases, 3 system-out, 4 system-err */
    size_t outcomes;
    size_t suites, tests, failures, errors, skipped;
    size_t said[4]; /* of the suite: tests, failures, errors, skipped */
    struct tg_text first_name;
};

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    fail_msg("the attribute %s is missing", name);
    return NULL;
}

static void check_only(const char **attributes, const char *allowed)
{
    for (; *attributes; attributes += 2) {
        char *word = tg_format(" %s ", attributes[0]);
        if (!strstr(allowed, word))
            fail_msg("no schema has the attribute%s", word);
        free(word);
    }
}

/* xs:decimal, and SUREFIRE_TIME of Jenkins: no exponent, no sign. */
static void check_seconds(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    assert_true(digits > 0 && text[digits] == '.');
    assert_int_equal(strlen(text), digits + 1 + strspn(text + digits + 1, "0123456789"));
}

static void check_not_empty(const char *text)
{
    assert_true(text[strspn(text, " \t\r\n")] != '\0');
}

static void begin_suite(struct reading *reading, const char **attributes)
{
    static const char *const counts[] = {"tests", "failures", "errors", "skipped"};
    char number[16];
    check_only(attributes,
               " name package id hostname timestamp tests failures errors skipped time ");
    check_not_empty(attribute(attributes, "name"));
    check_not_empty(attribute(attributes, "hostname"));
    attribute(attributes, "package");
    snprintf(number, sizeof number, "%zu", reading->suites++);
    assert_string_equal(attribute(attributes, "id"), number);
    const char *stamp = attribute(attributes, "timestamp");
    int year, month, day, hour, minute, second, end = 0;
    assert_int_equal(sscanf(stamp, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute,
                            &second, &end),
                     6);
    assert_int_equal(end, 19);
    assert_int_equal(strlen(stamp), 19);
    check_seconds(attribute(attributes, "time"));
    for (size_t i = 0; i < 4; i++)
        reading->said[i] = strtoul(attribute(attributes, counts[i]), NULL, 10);
    reading->tests = reading->failures = reading->errors = reading->skipped = 0;
    reading->step = 0;
}

/* The children of a suite, in the order of Ant's schema. */
static void begin_part(struct reading *reading, const char *name, const char **attributes)
{
    static const char *const order[] = {"properties", "testcase", "system-out", "system-err"};
    size_t step = 0;
    while (step < 4 && strcmp(order[step], name) != 0)
        step++;
    assert_true(step < 4);
    assert_true(step == 1 ? reading->step == 1 || reading->step == 2
                          : reading->step == step || (step == 2 && reading->step == 1));
    reading->step = step + 1;
    if (step != 1) {
        check_only(attributes, " ");
        return;
    }
    check_only(attributes, " name classname time ");
    check_not_empty(attribute(attributes, "name"));
    check_not_empty(attribute(attributes, "classname"));
    check_seconds(attribute(attributes, "time"));
    if (reading->tests++ == 0 && reading->first_name.length == 0)
        tg_text_add(&reading->first_name, attribute(attributes, "name"));
    reading->outcomes = 0;
}

static void begin_leaf(struct reading *reading, const char *name, const char **attributes)
{
    if (strcmp(reading->path[2], "properties") == 0) {
        assert_string_equal(name, "property");
        check_only(attributes, " name value ");
        check_not_empty(attribute(attributes, "name"));
        attribute(attributes, "value");
        return;
    }
    assert_string_equal(reading->path[2], "testcase");
    assert_int_equal(reading->outcomes++, 0); /* xs:choice */
    check_only(attributes, " type message ");
    check_not_empty(attribute(attributes, "type"));
    attribute(attributes, "message");
    reading->failures += strcmp(name, "failure") == 0;
    reading->errors += strcmp(name, "error") == 0;
    reading->skipped += strcmp(name, "skipped") == 0;
    assert_int_equal(reading->failures + reading->errors + reading->skipped > 0, 1);
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    static const char *const known[] = {"testsuites", "testsuite", "properties", "property",
                                        "testcase",   "failure",   "error",      "skipped",
                                        "system-out", "system-err"};
    struct reading *reading = context;
    assert_true(reading->depth < MOST_DEPTH);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], name) == 0)
            reading->path[reading->depth] = known[i];
    switch (reading->depth++) {
    case 0:
        assert_string_equal(name, "testsuites");
        check_only(attributes, " ");
        break;
    case 1:
        assert_string_equal(name, "testsuite");
        begin_suite(reading, attributes);
        break;
    case 2:
        begin_part(reading, name, attributes);
        break;
    default:
        begin_leaf(reading, name, attributes);
    }
}

static void on_end(void *context, const char *name)
{
    struct reading *reading = context;
    reading->depth--;
    if (strcmp(name, "testsuite") != 0)
        return;
    assert_int_equal(reading->step, 4);
    assert_int_equal(reading->said[0], reading->tests);
    assert_int_equal(reading->said[1], reading->failures);
    assert_int_equal(reading->said[2], reading->errors);
    assert_int_equal(reading->said[3], reading->skipped);
}

static void check_valid(const struct tg_compare_view *view, struct reading *reading)
{
    struct tg_text text = {0};
    *reading = (struct reading){0};
    tg_compare_junit(view, "tailgate report compare", &text);
    XML_Parser parser = XML_ParserCreate(NULL);
    XML_SetUserData(parser, reading);
    XML_SetElementHandler(parser, on_begin, on_end);
    if (XML_Parse(parser, text.data, (int)text.length, 1) != XML_STATUS_OK)
        fail_msg("line %lu: %s\n%s", XML_GetCurrentLineNumber(parser),
                 XML_ErrorString(XML_GetErrorCode(parser)), text.data);
    XML_ParserFree(parser);
    tg_text_free(&text);
}

static void the_document(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct reading reading;
    struct tg_result *run = tg_sample_result();
    struct tg_compare_view view = sample_compare();
    run->id = "memory_store-20251121T000001Z";
    view.run = run;
    tg_compare_junit(&view, "tailgate report compare", &text);
    check_golden("compare-junit.xml", &text);
    check_valid(&view, &reading);
    assert_int_equal(reading.suites, 2);
    tg_text_free(&reading.first_name);
    tg_result_free(run);
    tg_text_free(&text);
}

static void every_ending_is_valid(void **state)
{
    (void)state;
    struct reading reading;
    struct tg_compare_view view = sample_compare();
    view.gate.started_unix_ms = INT64_MAX;
    view.gate.elapsed_ns = INT64_MAX;
    view.gate.scenario = view.gate.phase = "";
    view.host = NULL;
    view.commits[TG_BEFORE].commit = NULL;
    check_valid(&view, &reading);
    tg_text_free(&reading.first_name);
    view.gate.row_count = 0;
    view.gate.end = TG_END_CRASHED;
    view.gate.failed_side = TG_AFTER;
    view.gate.crash = "signal 6";
    check_valid(&view, &reading);
    assert_int_equal(reading.errors, 1);
    tg_text_free(&reading.first_name);
    struct tg_result *run = tg_sample_result();
    view.compared = false;
    view.run = run;
    check_valid(&view, &reading);
    assert_int_equal(reading.suites, 1);
    tg_text_free(&reading.first_name);
    tg_result_free(run);
}

static void hostile_names_are_names(void **state)
{
    (void)state;
    struct reading reading;
    struct tg_compare_view view = hostile_compare();
    check_valid(&view, &reading);
    /* Line breaks in an attribute are blanks to a reader (XML 1.0, section 3.3.3); what XML does
     * not have is U+FFFD. */
    assert_string_equal(reading.first_name.data,
                        "\"'; system(\"id\") <script>alert(1)</script> @octocat #12 | ` ``` \\ %0A "
                        "]]> --> </title> "
                        "::error::x ##[error]y\xEF\xBF\xBD\xEF\xBF\xBD[31m\xEF\xBF\xBD \xC2\xB5");
    tg_text_free(&reading.first_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document),
        cmocka_unit_test(every_ending_is_valid),
        cmocka_unit_test(hostile_names_are_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
