/* JUnit XML as Ant, Maven Surefire, pytest, CTest, googletest and others write it. The format has
 * no standard; what they agree on is read: suites, nested or not, with test cases in them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"
#include "reports/milestone/inputs.h"
#include "reports/milestone/xml.h"

enum outcome { OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILED, OUTCOME_ERROR };

struct suite { /* that is open */
    struct tg_milestone_suite counted;
    double said_s;     /* by the suite itself; NaN: not */
    bool cases_say_it; /* every case so far has a time */
};

struct junit {
    struct tg_arena *arena;
    struct tg_milestone_tests *tests;
    struct tg_milestone_suite *suites;
    size_t suite_room;
    const char **failures;
    struct suite open[TG_XML_MOST_DEPTH];
    size_t open_count;
    bool in_case, in_complaint; /* in <testcase>, and in its <failure> or <error> */
    size_t case_depth;
    enum outcome outcome;
    struct tg_text name, message;
};

/* "1,234.5" has been seen. NaN: no time. */
static double seconds_of(const char *text)
{
    char digits[32];
    size_t length = 0;
    for (; text && *text && length + 1 < sizeof digits; text++)
        if (*text != ',')
            digits[length++] = *text;
    digits[length] = '\0';
    char *end;
    double seconds = strtod(digits, &end);
    return length > 0 && *end == '\0' && isfinite(seconds) && seconds >= 0 ? seconds : NAN;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

/* ---- suites ---- */

static void open_suite(struct junit *junit, const char **attributes)
{
    struct suite *suite = &junit->open[junit->open_count++];
    *suite = (struct suite){
        .counted = {.name = tg_arena_strdup(junit->arena,
                                            or_empty(tg_xml_attribute(attributes, "name"))),
                    .seconds = 0},
        .said_s = seconds_of(tg_xml_attribute(attributes, "time")),
        .cases_say_it = true,
    };
}

static void add_suite(struct junit *junit, const struct tg_milestone_suite *suite)
{
    struct tg_milestone_tests *tests = junit->tests;
    if (tests->suite_count >= junit->suite_room) {
        junit->suite_room = 2 * (tests->suite_count + 8);
        struct tg_milestone_suite *grown =
            tg_arena_array(junit->arena, junit->suite_room, sizeof *grown);
        if (tests->suite_count)
            memcpy(grown, tests->suites, tests->suite_count * sizeof *grown);
        junit->suites = grown;
        tests->suites = grown;
    }
    junit->suites[tests->suite_count++] = *suite;
    tests->sum.tests += suite->tests;
    tests->sum.failed += suite->failed;
    tests->sum.errors += suite->errors;
    tests->sum.skipped += suite->skipped;
    tests->sum.seconds += suite->seconds;
}

static void close_suite(struct junit *junit)
{
    struct suite *suite = &junit->open[--junit->open_count];
    if (!isnan(suite->said_s))
        suite->counted.seconds = suite->said_s;
    else if (!suite->cases_say_it)
        suite->counted.seconds = NAN;
    if (suite->counted.tests > 0) /* else it only holds other suites */
        add_suite(junit, &suite->counted);
}

/* ---- cases ---- */

static void open_case(struct junit *junit, const char **attributes)
{
    static const char *const not_run[] = {"notrun", "disabled", "skipped"};
    struct suite *suite = &junit->open[junit->open_count - 1];
    const char *class_name = tg_xml_attribute(attributes, "classname");
    const char *status = tg_xml_attribute(attributes, "status");
    double seconds = seconds_of(tg_xml_attribute(attributes, "time"));
    junit->in_case = true;
    junit->outcome = status && is_one_of(status, not_run, 3) ? OUTCOME_SKIPPED : OUTCOME_PASSED;
    if (isnan(seconds))
        suite->cases_say_it = false;
    else
        suite->counted.seconds += seconds;
    tg_text_clear(&junit->name);
    tg_text_clear(&junit->message);
    const char *where = class_name && *class_name ? class_name : suite->counted.name;
    tg_text_addf(&junit->name, "%s%s%s", where, *where ? "." : "",
                 or_empty(tg_xml_attribute(attributes, "name")));
}

static void add_failure(struct junit *junit)
{
    struct tg_milestone_tests *tests = junit->tests;
    const char *message = tg_text_string(&junit->message);
    message += strspn(message, " \t\r\n");
    int length = (int)strcspn(message, "\r\n");
    if (tests->failure_count == TG_TESTS_MOST_FAILURES)
        return;
    if (!junit->failures) {
        junit->failures =
            tg_arena_array(junit->arena, TG_TESTS_MOST_FAILURES, sizeof *junit->failures);
        if (tests->failure_count)
            memcpy(junit->failures, tests->failures,
                   tests->failure_count * sizeof *junit->failures);
        tests->failures = junit->failures;
    }
    junit->failures[tests->failure_count++] =
        tg_arena_format(junit->arena, "%s%s%.*s", tg_text_string(&junit->name), length ? ": " : "",
                        length, message);
}

static void close_case(struct junit *junit)
{
    struct tg_milestone_suite *suite = &junit->open[junit->open_count - 1].counted;
    junit->in_case = false;
    suite->tests++;
    suite->skipped += junit->outcome == OUTCOME_SKIPPED;
    suite->failed += junit->outcome == OUTCOME_FAILED;
    suite->errors += junit->outcome == OUTCOME_ERROR;
    if (junit->outcome >= OUTCOME_FAILED)
        add_failure(junit);
}

/* What stands in a case: the worst of it counts, and the first complaint is told. */
static void take_outcome(struct junit *junit, const char *name, const char **attributes)
{
    enum outcome outcome = strcmp(name, "error") == 0     ? OUTCOME_ERROR
                           : strcmp(name, "failure") == 0 ? OUTCOME_FAILED
                           : strcmp(name, "skipped") == 0 ? OUTCOME_SKIPPED
                                                          : OUTCOME_PASSED;
    const char *message = tg_xml_attribute(attributes, "message");
    if (outcome >= OUTCOME_FAILED && junit->outcome < OUTCOME_FAILED) {
        junit->in_complaint = !message || !*message;
        tg_text_add(&junit->message, or_empty(message));
    }
    junit->outcome = outcome > junit->outcome ? outcome : junit->outcome;
}

/* ---- the document ---- */

static void start(struct tg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct junit *junit = context;
    bool suite = strcmp(name, "testsuite") == 0;
    if (tg_xml_depth(xml) == 0 && !suite && strcmp(name, "testsuites") != 0)
        tg_xml_refuse(xml, "the root of one is <testsuites> or <testsuite>",
                      "is no JUnit report: its root is <%s>", name);
    else if (junit->in_case)
        take_outcome(junit, name, attributes);
    else if (suite)
        open_suite(junit, attributes);
    else if (strcmp(name, "testcase") == 0 && junit->open_count == 0)
        tg_xml_refuse(xml, "a <testcase> stands in a <testsuite>",
                      "is no JUnit report: a test case outside of a suite");
    else if (strcmp(name, "testcase") == 0) {
        junit->case_depth = tg_xml_depth(xml);
        open_case(junit, attributes);
    }
}

static void end(struct tg_xml *xml, void *context, const char *name)
{
    struct junit *junit = context;
    junit->in_complaint = false;
    if (junit->in_case && tg_xml_depth(xml) == junit->case_depth)
        close_case(junit);
    else if (!junit->in_case && strcmp(name, "testsuite") == 0)
        close_suite(junit);
}

/* Of a stack trace of megabytes only the first line is told. */
static void text_of(struct tg_xml *xml, void *context, const char *text, size_t length)
{
    enum { LONGEST = 400 };
    (void)xml;
    struct junit *junit = context;
    size_t room = LONGEST - (junit->message.length < LONGEST ? junit->message.length : LONGEST);
    if (junit->in_complaint && room > 0)
        tg_text_add_bytes(&junit->message, text, length < room ? length : room);
}

enum tg_status tg_junit_parse(const char *text, size_t length, const char *path,
                              struct tg_arena *arena, struct tg_milestone_tests *tests,
                              struct tg_diags *diags)
{
    struct junit junit = {.arena = arena, .tests = tests};
    tests->sum.name = "";
    const struct tg_xml_reader reader = {
        .start = start, .end = end, .text = text_of, .context = &junit};
    int64_t tests_before = tests->sum.tests;
    enum tg_status status = tg_xml_read(text, length, path, &reader, diags);
    if (status == TG_OK && tests->sum.tests == tests_before) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path}, "has no test case"),
                     "run the tests, or leave the file out");
        status = TG_INVALID;
    }
    tests->given = tests->given || status == TG_OK;
    tg_text_free(&junit.name);
    tg_text_free(&junit.message);
    return status;
}

enum tg_status tg_junit_read(const char *path, struct tg_arena *arena,
                             struct tg_milestone_tests *tests, struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_INPUT_MOST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_junit_parse(tg_text_string(&text), text.length, path, arena, tests, diags);
    tg_text_free(&text);
    return status;
}
