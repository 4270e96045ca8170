#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "common/units.h"

static void durations_are_read_as_people_write_them(void **state)
{
    (void)state;
    int64_t ns = 0;
    assert_true(tg_parse_duration_ns("50ms", &ns));
    assert_int_equal(ns, 50000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
