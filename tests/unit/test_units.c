#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>

#include "common/units.h"

/* ---- in ---- */

static void durations_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ns;
    } cases[] = {
        {"50ms", 50000000},
        {"1.5s", 1500000000},
        {"380ns", 380},
        {"10us", 10000},
        {"10µs", 10000},        /* MICRO SIGN */
        {"10\xCE\xBCs", 10000}, /* GREEK SMALL LETTER MU */
        {"2m", 120000000000},
        {"2min", 120000000000},
        {"1h", 3600000000000},
        {"0", 0},
        {"0s", 0},
        {"1 ms", 1000000},
        {"1_000_000ns", 1000000},
        {"0.5ns", 1}, /* to the nearest, halves away from zero */
        {"0.1ns", 0},
        {"2e3s", 2000000000000},
        {"1e-3s", 1000000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ns = -1;
        if (!tg_parse_duration_ns(cases[i].text, &ns) || ns != cases[i].ns)
            fail_msg("%s: %lld", cases[i].text, (long long)ns);
    }
}

static void what_is_no_duration_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",        "5",
        "ms",      "-5ms",
        "+5ms",    " 5ms",
        "5ms ",    "5  ms",
        "5ms5",    "5 ",
        "1..5s",   "1.5.2s",
        "1__0s",   "1_s",
        "_1s",     ".5s",
        "5MS",     "5S",
        "5e",      "5e+s",
        "1e400s",  "99999h99",
        "1e30s",   "9300000000s",
        "nan",     "infs",
        "0x10s",   "5days",
        "5 ms ms", "12345678901234567890123456789012345678901234567890123456789012345678s",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ns = 77;
        if (tg_parse_duration_ns(cases[i], &ns))
            fail_msg("\"%s\" was read as %lld ns", cases[i], (long long)ns);
        assert_int_equal(ns, 77);
    }
}

static void sizes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t bytes;
    } cases[] = {
        {"4096", 4096},         {"4096B", 4096},         {"64KiB", 65536}, {"256MiB", 268435456},
        {"1.5GiB", 1610612736}, {"1TiB", 1099511627776}, {"64kB", 64000},  {"3MB", 3000000},
        {"2GB", 2000000000},    {"1_024", 1024},         {"0", 0},         {"10 MiB", 10485760},
    };
    int64_t bytes;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(tg_parse_bytes(cases[i].text, &bytes));
        assert_int_equal(bytes, cases[i].bytes);
    }
    static const char *const refused[] = {"",     "MiB",  "-1",     "1 MiB ",
                                          "1mib", "1MIB", "9e6TiB", "1e19"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_false(tg_parse_bytes(refused[i], &bytes));
}

static void fractions_rates_and_numbers_are_read(void **state)
{
    (void)state;
    double value;
    assert_true(tg_parse_fraction("5%", &value) && fabs(value - 0.05) < 1e-15);
    assert_true(tg_parse_fraction("0.05", &value) && value == 0.05);
    assert_true(tg_parse_fraction("12.5 %", &value) && value == 0.125);
    assert_true(tg_parse_fraction("100%", &value) && value == 1);
    assert_false(tg_parse_fraction("5%%", &value));
    assert_false(tg_parse_fraction("-5%", &value));
    assert_false(tg_parse_fraction("%", &value));

    assert_true(tg_parse_rate_per_s("800/s", &value) && value == 800);
    assert_true(tg_parse_rate_per_s("1_000/s", &value) && value == 1000);
    assert_true(tg_parse_rate_per_s("30/min", &value) && value == 0.5);
    assert_true(tg_parse_rate_per_s("800 ops/s", &value) && value == 800);
    assert_true(tg_parse_rate_per_s("3600/h", &value) && fabs(value - 1) < 1e-15);
    assert_true(tg_parse_rate_per_s("2.5", &value) && value == 2.5);
    assert_false(tg_parse_rate_per_s("800/ms", &value));
    assert_false(tg_parse_rate_per_s("/s", &value));
    assert_false(tg_parse_rate_per_s("800/s/s", &value));

    assert_true(tg_parse_number("1_000.5", &value) && value == 1000.5);
    assert_true(tg_parse_number("1e3", &value) && value == 1000);
    assert_false(tg_parse_number("1k", &value));
    assert_false(tg_parse_number("1 ", &value));
    assert_false(tg_parse_number("", &value));
    assert_false(tg_parse_number("-1", &value));
}

/* ---- out ---- */

static void durations_have_three_digits_and_the_unit_that_fits(void **state)
{
    (void)state;
    static const struct {
        int64_t ns;
        const char *text;
    } cases[] = {
        {0, "0 ns"},
        {1, "1 ns"},
        {999, "999 ns"},
        {1000, "1.00 µs"},
        {1234, "1.23 µs"},
        {9994, "9.99 µs"},
        {9996, "10.0 µs"},
        {99940, "99.9 µs"},
        {99960, "100 µs"},
        {999499, "999 µs"},
        {999500, "1.00 ms"}, /* never "1000 µs" */
        {45600000, "45.6 ms"},
        {999499999, "999 ms"},
        {999500000, "1.00 s"},
        {1500000000, "1.50 s"},
        {99949000000, "99.9 s"},
        {99950000000, "1m 40s"}, /* never "100 s" */
        {125000000000, "2m 05s"},
        {119600000000, "2m 00s"}, /* never "1m 60s" */
        {3599400000000, "59m 59s"},
        {3599500000000, "1h 00m"},
        {5400000000000, "1h 30m"},
        {90061000000000, "25h 01m"},
        {7199000000000, "2h 00m"}, /* never "1h 60m" */
        {-1234, "-1.23 µs"},
        {INT64_MAX, "2562047h 47m"},
    };
    char text[TG_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(tg_format_duration(cases[i].ns, text), cases[i].text);
}

static void sizes_have_three_digits(void **state)
{
    (void)state;
    static const struct {
        int64_t bytes;
        const char *text;
    } cases[] = {
        {0, "0 B"},
        {512, "512 B"},
        {1023, "1023 B"},
        {1024, "1.00 KiB"},
        {1536, "1.50 KiB"},
        {268435456, "256 MiB"},
        {1048575, "1.00 MiB"}, /* never "1024 KiB" */
        {1610612736, "1.50 GiB"},
        {-1536, "-1.50 KiB"},
        {INT64_MAX, "8388608 TiB"},
    };
    char text[TG_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(tg_format_bytes(cases[i].bytes, text), cases[i].text);
}

static void counts_are_grouped(void **state)
{
    (void)state;
    char text[TG_UNIT_TEXT];
    assert_string_equal(tg_format_count(0, text), "0");
    assert_string_equal(tg_format_count(999, text), "999");
    assert_string_equal(tg_format_count(1000, text), "1,000");
    assert_string_equal(tg_format_count(1234567, text), "1,234,567");
    assert_string_equal(tg_format_count(-999, text), "-999");
    assert_string_equal(tg_format_count(-123456, text), "-123,456");
    assert_string_equal(tg_format_count(INT64_MIN, text), "-9,223,372,036,854,775,808");
}

static void rates_are_whole_from_a_hundred_on(void **state)
{
    (void)state;
    char text[TG_UNIT_TEXT];
    assert_string_equal(tg_format_rate(12345.4, text), "12,345/s");
    assert_string_equal(tg_format_rate(98.74, text), "98.7/s");
    assert_string_equal(tg_format_rate(99.96, text), "100/s");
    assert_string_equal(tg_format_rate(9.5, text), "9.50/s");
    assert_string_equal(tg_format_rate(0.51, text), "0.51/s");
    assert_string_equal(tg_format_rate(0.00123, text), "0.00123/s"); /* never "0.00/s" */
    assert_string_equal(tg_format_rate(0, text), "0.00/s");
    assert_string_equal(tg_format_rate(1e300, text), "1.00e+300/s");
    assert_string_equal(tg_format_rate(NAN, text), "-/s");
}

static void ratios_have_three_digits_however_large(void **state)
{
    (void)state;
    static const struct {
        double ratio;
        const char *text;
    } cases[] = {
        {1.234, "1.23"},     {45.64, "45.6"},
        {454.5, "454"}, /* to even, as printf */
        {13392.7, "13,400"}, {999.5, "1,000"},
        {999499, "999,000"}, {999500, "1,000,000"},
        {0.5, "0.50"},       {0.00456, "0.00456"},
        {0, "0.00"},         {1e18, "1,000,000,000,000,000,000"},
        {1e30, "1.00e+30"},  {INFINITY, "∞"},
        {-INFINITY, "-∞"},   {NAN, "-"},
        {-2.5, "-2.50"},
    };
    char text[TG_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(tg_format_ratio(cases[i].ratio, text), cases[i].text);
}

static void percents_are_short(void **state)
{
    (void)state;
    const struct {
        double fraction;
        const char *text;
    } cases[] = {
        {0, "0%"},          {0.00001, "<0.1%"}, {0.001, "0.1%"},       {0.0421, "4.2%"},
        {0.0994, "9.9%"},   {0.09951, "10%"},   {0.48, "48%"},         {3.3, "330%"},
        {0.9949, "99%"},    {0.995, "99.5%"},   {399. / 400, "99.7%"}, /* never 100% before all is
                                                                        */
        {0.99996, "99.9%"}, {1, "100%"},        {1.004, "100%"},
    };
    char text[TG_UNIT_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(tg_format_percent(cases[i].fraction, text), cases[i].text);
}

/* What was written is read back to three digits. */
static void durations_come_back(void **state)
{
    (void)state;
    char text[TG_UNIT_TEXT];
    for (int64_t ns = 1; ns < 90 * TG_NS_PER_S; ns += ns / 3 + 1) {
        int64_t back = 0;
        assert_true(tg_parse_duration_ns(tg_format_duration(ns, text), &back));
        assert_true(fabs((double)(back - ns)) <= 0.00501 * (double)ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(sizes_are_read),
        cmocka_unit_test(fractions_rates_and_numbers_are_read),
        cmocka_unit_test(durations_have_three_digits_and_the_unit_that_fits),
        cmocka_unit_test(sizes_have_three_digits),
        cmocka_unit_test(counts_are_grouped),
        cmocka_unit_test(rates_are_whole_from_a_hundred_on),
        cmocka_unit_test(ratios_have_three_digits_however_large),
        cmocka_unit_test(percents_are_short),
        cmocka_unit_test(durations_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
