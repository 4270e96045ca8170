/* Charts in characters. The golden files were read by a person; the lengths of bars are compared
 * with the ratios of the values, which were chosen so. */
#include "tests/unit/golden.h"

#include "reports/chart/chart.h"
#include "tests/unit/chart_samples.h"

static const size_t widths[] = {40, 80, 120};
enum { WIDTHS = sizeof widths / sizeof *widths };

static int set_up(void **state)
{
    (void)state;
    fill_time_chart();
    return 0;
}

/* ---- what they look like ---- */

static void check_chart(const struct tg_chart *chart)
{
    struct tg_text all = {0};
    for (size_t i = 0; i < WIDTHS; i++) {
        tg_text_addf(&all, "%s==== %zu columns ====\n", i ? "\n" : "", widths[i]);
        tg_chart_text(chart, widths[i], &all);
    }
    char *name = tg_format("chart_%s.txt", chart->name);
    check_golden(name, &all);
    free(name);
    tg_text_free(&all);
}

static void bars_look_as_they_did(void **state)
{
    (void)state;
    check_chart(&edge_chart);
    check_chart(&target_chart);
    check_chart(&signed_chart);
    check_chart(&hostile_chart);
}

static void forests_look_as_they_did(void **state)
{
    (void)state;
    check_chart(&forest_chart);
}

static void lines_look_as_they_did(void **state)
{
    (void)state;
    check_chart(&time_chart);
    check_chart(&growth_chart);
}

/* ---- what holds for all of them ---- */

static const struct tg_chart *const every_chart[] = {
    &edge_chart, &target_chart, &signed_chart,  &forest_chart,
    &time_chart, &growth_chart, &hostile_chart,
};

static void assert_narrow(const struct tg_chart *chart, size_t columns)
{
    struct tg_text text = {0};
    tg_chart_text(chart, columns, &text);
    char *rest = text.data;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        if (tg_text_width(line) > columns)
            fail_msg("%s at %zu columns: %s", chart->name, columns, line);
        assert_false(tg_ends_with(line, " "));
    }
    tg_text_free(&text);
}

static void no_line_is_wider_than_asked(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof every_chart / sizeof *every_chart; i++)
        for (size_t columns = 40; columns <= 130; columns++)
            assert_narrow(every_chart[i], columns);
}

static void nothing_commands_the_terminal(void **state)
{
    (void)state;
    struct tg_text text = {0};
    tg_chart_text(&hostile_chart, 80, &text);
    for (size_t i = 0; i < text.length; i++)
        assert_true((unsigned char)text.data[i] >= 0x20 || text.data[i] == '\n');
    assert_null(strstr(text.data, "\xc2\x9b")); /* CSI in one character */
    assert_null(strchr(text.data, '\x7f'));
    tg_text_free(&text);
}

/* ---- how long bars are ---- */

/* Eighths of a cell that the bar in the row of `label` takes. */
static int eighths_of(const char *text, const char *label)
{
    static const char *const blocks[] = {"▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    const char *row = strstr(text, label);
    assert_non_null(row);
    int eighths = 0;
    for (row++; *row && *row != '\n'; row++)
        for (int i = 0; i < 8; i++)
            eighths += tg_starts_with(row, blocks[i]) ? i + 1 : 0;
    return eighths;
}

static void assert_near(int value, int expected)
{
    assert_in_range(value, expected - 1, expected + 1);
}

static void bars_are_as_long_as_their_values(void **state)
{
    (void)state;
    struct tg_text text = {0};
    tg_chart_text(&edge_chart, 100, &text);
    int all = eighths_of(text.data, "\nall ");
    assert_true(all > 200);
    assert_int_equal(all % 8, 0);
    assert_int_equal(eighths_of(text.data, "\nzero "), 0);
    assert_int_equal(eighths_of(text.data, "\nmissing "), 0);
    assert_near(eighths_of(text.data, "\nsmallest"), all / 100);
    assert_near(eighths_of(text.data, "\nan eighth"), all / 8);
    assert_near(eighths_of(text.data, "\nhalf"), all / 2);
    assert_near(eighths_of(text.data, "\n表データ"), all / 4);
    tg_text_free(&text);
}

/* A decade is as long as any other: 1 of 10 to 1,000 are halfway from 1 to 1,000. */
static void log_bars_are_as_long_as_their_logarithms(void **state)
{
    (void)state;
    static const char *const categories[] = {"least", "hundred", "most", "nothing"};
    static const double values[] = {10, 100, 10000, 0};
    const struct tg_chart_series series = {.name = "n", .count = 4, .y = values};
    const struct tg_chart chart = {.name = "log",
                                   .kind = TG_CHART_BARS,
                                   .y = {"things", TG_CHART_COUNT, false},
                                   .categories = categories,
                                   .category_count = 4,
                                   .series = &series,
                                   .series_count = 1};
    struct tg_text text = {0};
    tg_chart_text(&chart, 80, &text);
    int most = eighths_of(text.data, "\nmost"); /* four decades from 1 */
    assert_near(eighths_of(text.data, "\nleast"), most / 4);
    assert_near(eighths_of(text.data, "\nhundred"), most / 2);
    assert_int_equal(eighths_of(text.data, "\nnothing"), 0);
    assert_non_null(strstr(text.data, "log scale from 1 to 10,000"));
    tg_text_free(&text);
}

/* 100 times as much is still linear, anything more is not. */
static void the_scale_is_chosen_by_the_ratio(void **state)
{
    (void)state;
    static const char *const categories[] = {"one", "two"};
    double values[] = {1, 100};
    const struct tg_chart_series series = {.name = "n", .count = 2, .y = values};
    const struct tg_chart chart = {.name = "ratio",
                                   .kind = TG_CHART_BARS,
                                   .y = {"things", TG_CHART_COUNT, false},
                                   .categories = categories,
                                   .category_count = 2,
                                   .series = &series,
                                   .series_count = 1};
    struct tg_text text = {0};
    tg_chart_text(&chart, 80, &text);
    assert_null(strstr(text.data, "log scale"));
    values[1] = 101;
    tg_text_clear(&text);
    tg_chart_text(&chart, 80, &text);
    assert_non_null(strstr(text.data, "log scale"));
    values[0] = 1e-200; /* farther than a scale reaches: marked, not squeezed */
    values[1] = 1e200;
    tg_text_clear(&text);
    tg_chart_text(&chart, 80, &text);
    assert_non_null(strstr(text.data, "\none  ◀"));
    assert_non_null(strstr(text.data, "off the scale"));
    tg_text_free(&text);
}

/* ---- nothing to show ---- */

/* Where intervals were put together until each had values enough for a p99, a series has fewer
 * points than the others: between them nothing is missing. What is missing has a sign that is
 * explained. */
static void only_what_is_missing_looks_so(void **state)
{
    (void)state;
    static const size_t counts[] = {2, 7, 20, 23, 30, 59};
    struct tg_chart_series series[4];
    struct tg_chart chart = time_chart;
    double x[TIME_POINTS], y[TIME_POINTS];
    struct tg_text out = {0};
    fill_time_chart();
    memcpy(series, time_series, sizeof series);
    chart.series = series;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        for (size_t k = 0; k < counts[i]; k++) {
            x[k] = ((double)k + 0.5) * TIME_POINTS / (double)counts[i];
            y[k] = 150e3;
        }
        series[0].count = counts[i];
        series[0].x = x;
        series[0].y = y;
        tg_text_clear(&out);
        tg_chart_text(&chart, 80, &out);
        if (strstr(out.data, "·"))
            fail_msg("%zu points have gaps:\n%s", counts[i], out.data);
    }
    y[3] = NAN;
    tg_text_clear(&out);
    tg_chart_text(&chart, 80, &out);
    assert_non_null(strstr(out.data, "·"));
    assert_non_null(strstr(out.data, "· nothing measured, or too few operations"));
    tg_text_free(&out);
}

/* A single value has no steps between values to be as wide as: it stands at its own time, a quarter
 * of the way, and nothing is claimed of the rest. */
static void a_single_point_is_drawn_where_it_is(void **state)
{
    (void)state;
    static const double x[] = {15}, y[] = {150e3};
    struct tg_chart_series series[4];
    struct tg_chart chart = time_chart;
    struct tg_text out = {0};
    fill_time_chart();
    memcpy(series, time_series, sizeof series);
    chart.series = series;
    series[0].count = 1;
    series[0].x = x;
    series[0].y = y;
    tg_chart_text(&chart, 80, &out);
    const char *row = strstr(out.data, "150 µs to 150 µs");
    for (int i = 0; i < 4; i++) /* the lowest row of its band */
        row = strchr(row, '\n') + 1;
    row = strstr(row, "│") + strlen("│");
    size_t before = 0, behind = 0;
    while (tg_starts_with(row + before * strlen("·"), "·"))
        before++;
    row += before * strlen("·");
    assert_true(tg_starts_with(row, "█"));
    row += strlen("█");
    while (tg_starts_with(row + behind * strlen("·"), "·"))
        behind++;
    assert_int_equal(row[behind * strlen("·")], '\n');
    assert_in_range(before, behind / 3 - 1, behind / 3 + 1);
    tg_text_free(&out);
}

static void charts_without_values_say_so(void **state)
{
    (void)state;
    static const char *const categories[] = {"one"};
    static const double nothing[] = {NAN};
    static const double zero[] = {0};
    struct tg_chart_series series = {.name = "n", .count = 1, .x = zero, .y = nothing};
    struct tg_chart chart = {.name = "none",
                             .title = "Nothing",
                             .categories = categories,
                             .category_count = 1,
                             .series = &series,
                             .series_count = 1};
    static const enum tg_chart_kind kinds[] = {TG_CHART_BARS, TG_CHART_FOREST, TG_CHART_LINES};
    for (size_t i = 0; i < 3; i++) {
        struct tg_text text = {0};
        chart.kind = kinds[i];
        tg_chart_text(&chart, 80, &text);
        assert_non_null(strstr(text.data, "no data"));
        tg_text_free(&text);
    }
    chart.series_count = chart.category_count = 0;
    for (size_t i = 0; i < 3; i++) {
        struct tg_text text = {0};
        chart.kind = kinds[i];
        tg_chart_text(&chart, 80, &text);
        assert_true(tg_starts_with(text.data, "Nothing\n"));
        tg_text_free(&text);
    }
    series.y = zero;
    chart.series_count = chart.category_count = 1;
    chart.kind = TG_CHART_BARS;
    struct tg_text text = {0};
    tg_chart_text(&chart, 80, &text);
    assert_null(strstr(text.data, "no data"));
    assert_int_equal(eighths_of(text.data, "\none"), 0);
    tg_text_free(&text);
}

/* ---- whatever the numbers are ---- */

/* Numerical Recipes' generator: the same charts everywhere. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static double random_value(uint32_t *seed)
{
    static const double odd[] = {0,     -0.0,   1,      -1,   NAN,    INFINITY, -INFINITY, 1e-308,
                                 1e308, -1e308, 5e-324, 1e18, 9.3e18, 0.05,     99.9,      100};
    uint32_t choice = next_random(seed) % 32;
    if (choice < 16)
        return odd[choice];
    double value = exp((double)(next_random(seed) % 200) - 100);
    return choice < 20 ? -value : choice < 26 ? value : (double)(next_random(seed) % 1000);
}

enum { MOST_SERIES = 3, MOST_VALUES = 40, ROWS = 6 };

static void show_random_chart(uint32_t seed)
{
    static const char *const categories[ROWS] = {"a", "bb", "ccc.p99", "d d", "ee", "f"};
    double values[MOST_SERIES][4][MOST_VALUES];
    bool flags[MOST_VALUES];
    struct tg_chart_series series[MOST_SERIES];
    struct tg_chart chart = {.name = "x",
                             .kind = (enum tg_chart_kind)(next_random(&seed) % 3),
                             .categories = categories,
                             .category_count = next_random(&seed) % (ROWS + 1),
                             .series = series,
                             .series_count = next_random(&seed) % (MOST_SERIES + 1)};
    chart.x.unit = (enum tg_chart_unit)(next_random(&seed) % (TG_CHART_PERCENTILE + 1));
    chart.y.unit = (enum tg_chart_unit)(next_random(&seed) % (TG_CHART_PERCENTILE + 1));
    chart.x.log = next_random(&seed) % 2 == 0;
    chart.y.log = next_random(&seed) % 2 == 0;
    for (size_t i = 0; i < MOST_SERIES; i++) {
        for (size_t k = 0; k < 4; k++)
            for (size_t j = 0; j < MOST_VALUES; j++)
                values[i][k][j] = random_value(&seed);
        bool intervals = next_random(&seed) % 2 == 0;
        series[i] = (struct tg_chart_series){
            .name = "n",
            .style = (enum tg_chart_style)(next_random(&seed) % (TG_CHART_LIMIT + 1)),
            .count = chart.kind == TG_CHART_LINES ? next_random(&seed) % MOST_VALUES
                                                  : chart.category_count,
            .x = values[i][0],
            .y = values[i][1],
            .low = intervals ? values[i][2] : NULL,
            .high = intervals ? values[i][3] : NULL,
            .bad = next_random(&seed) % 2 == 0 ? flags : NULL,
        };
    }
    for (size_t j = 0; j < MOST_VALUES; j++)
        flags[j] = next_random(&seed) % 4 == 0;
    chart.margins = next_random(&seed) % 2 == 0 ? values[0][3] : NULL;
    chart.higher_is_better = next_random(&seed) % 2 == 0 ? flags : NULL;
    for (size_t columns = 40; columns <= 100; columns += 30)
        assert_narrow(&chart, columns);
}

static void any_numbers_make_a_chart(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 2000; seed++)
        show_random_chart(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_look_as_they_did),
        cmocka_unit_test(forests_look_as_they_did),
        cmocka_unit_test(lines_look_as_they_did),
        cmocka_unit_test(no_line_is_wider_than_asked),
        cmocka_unit_test(nothing_commands_the_terminal),
        cmocka_unit_test(bars_are_as_long_as_their_values),
        cmocka_unit_test(log_bars_are_as_long_as_their_logarithms),
        cmocka_unit_test(the_scale_is_chosen_by_the_ratio),
        cmocka_unit_test(only_what_is_missing_looks_so),
        cmocka_unit_test(a_single_point_is_drawn_where_it_is),
        cmocka_unit_test(charts_without_values_say_so),
        cmocka_unit_test(any_numbers_make_a_chart),
    };
    return cmocka_run_group_tests_name("chart_text", tests, set_up, NULL);
}
