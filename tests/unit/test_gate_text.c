#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/units.h"
#include "reports/gate/gate_text.h"
#include "reports/run/report_view.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_gate.h"

static void check_report(const char *name, int columns, bool color)
{
    struct tg_text out = {0};
    tg_report_gate(&sample_gate, columns, color, &out);
    check_golden(name, &out);
    tg_text_free(&out);
}

static void a_gate_at_100_columns(void **state)
{
    (void)state;
    check_report("gate-100.txt", 100, false);
}

static void a_gate_at_60_columns(void **state)
{
    (void)state;
    check_report("gate-60.txt", 60, false);
}

static void a_gate_in_colour(void **state)
{
    (void)state;
    check_report("gate-100-colour.txt", 100, true);
}

static void no_line_is_wider_than_asked_for(void **state)
{
    (void)state;
    /* A word is never broken: the library's path takes 35 columns behind a label of 12. Commands
     * stand on lines of their own, to be copied. */
    for (int columns = 50; columns <= 130; columns++) {
        struct tg_text out = {0};
        tg_report_gate(&sample_gate, columns, false, &out);
        char *rest = out.data;
        for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
            if (!strstr(line, " tailgate "))
                assert_in_range(tg_text_width(line), 0, columns);
        tg_text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_at_100_columns),
        cmocka_unit_test(a_gate_at_60_columns),
        cmocka_unit_test(a_gate_in_colour),
        cmocka_unit_test(no_line_is_wider_than_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
