/* A JUnit report: whatever the bytes are, the reader either gives tests that add up or says an
 * error. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "reports/milestone/inputs.h"
#include "tests/fuzz/fuzz.h"

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_suite(const struct tg_milestone_suite *suite)
{
    check(suite->tests > 0 && suite->failed >= 0 && suite->errors >= 0 && suite->skipped >= 0);
    check(suite->failed + suite->errors + suite->skipped <= suite->tests);
    check(isnan(suite->seconds) || suite->seconds >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct tg_arena arena = {0};
    struct tg_diags diags = {0};
    struct tg_milestone_tests tests = {0};
    enum tg_status status =
        tg_junit_parse((const char *)bytes, length, "junit.xml", &arena, &tests, &diags);
    check((status == TG_OK) == (diags.errors == 0));
    check(tests.given == (status == TG_OK));
    if (status == TG_OK) {
        int64_t sum = 0;
        for (size_t i = 0; i < tests.suite_count; i++) {
            check_suite(&tests.suites[i]);
            sum += tests.suites[i].tests;
        }
        check_suite(&tests.sum);
        check(sum == tests.sum.tests);
        check(tests.failure_count <= TG_TESTS_MOST_FAILURES);
        for (size_t i = 0; i < tests.failure_count; i++)
            check(tests.failures[i] != NULL);
    }
    tg_diags_free(&diags);
    tg_arena_free(&arena);
    return 0;
}
