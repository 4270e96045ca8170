/* Sentences, read by a person before they were written down here. Percentages by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "reports/gate/position_text.h"

static const double ms = 1e6;

static const struct tg_competitor neo4j = {
    .name = "Neo4j",
    .version = "5.14",
    .figures = {{18e6, 18e6}, {27.96e6, 27.96e6}, {280, 280}},
};
static const struct tg_competitor weaviate = {
    .name = "Weaviate",
    .version = "1.22",
    .figures = {{NAN, NAN}, {70e6, 150e6}, {200, 400}},
};

static void check_between(const struct tg_competitor *competitor, enum tg_figure figure, double low,
                          double value, double high, const char *expected)
{
    struct tg_text out = {0};
    struct tg_measured ours = {.value = value, .low = low, .high = high};
    tg_position_text(competitor, figure, tg_position(figure, ours, competitor->figures[figure]),
                     &out);
    assert_string_equal(tg_text_string(&out), expected);
    tg_text_free(&out);
}

static void check(const struct tg_competitor *competitor, enum tg_figure figure, double value,
                  const char *expected)
{
    check_between(competitor, figure, value, value, value, expected);
}

static void positions_as_sentences(void **state)
{
    (void)state;
    check(&neo4j, TG_FIGURE_P99, 10.85 * ms,
          "61.2% faster than Neo4j 5.14's published p99 of 27.96 ms; not measured here");
    check(&neo4j, TG_FIGURE_P50, 22.5 * ms, /* 4.5 / 18 */
          "25.0% slower than Neo4j 5.14's published p50 of 18 ms; not measured here");
    check(&neo4j, TG_FIGURE_P50, 18 * ms,
          "level with Neo4j 5.14's published p50 of 18 ms; not measured here");
    check_between(
        &neo4j, TG_FIGURE_P50, 17 * ms, 18 * ms, 19 * ms,
        "too uncertain to be placed beside Neo4j 5.14's published p50 of 18 ms; not measured here");
    check(&neo4j, TG_FIGURE_RATE, 350, /* 70 / 280 */
          "25.0% more than Neo4j 5.14's published rate of 280/s; not measured here");
    check(&neo4j, TG_FIGURE_RATE, 210,
          "25.0% less than Neo4j 5.14's published rate of 280/s; not measured here");
    check(&weaviate, TG_FIGURE_P99, 35 * ms,
          "50.0% faster than Weaviate 1.22's published p99 of 70 to 150 ms; not measured here");
    check(&weaviate, TG_FIGURE_P99, 100 * ms,
          "within Weaviate 1.22's published p99 of 70 to 150 ms; not measured here");
    check(&weaviate, TG_FIGURE_RATE, 300,
          "within Weaviate 1.22's published rate of 200 to 400/s; not measured here");
    check(&weaviate, TG_FIGURE_P50, 1 * ms, "");
    check(&neo4j, TG_FIGURE_P99, 0, "");
}

static void great_and_small_differences(void **state)
{
    (void)state;
    check(&neo4j, TG_FIGURE_RATE, 111160, /* 280 * 397 */
          "397 times Neo4j 5.14's published rate of 280/s; not measured here");
    check(&neo4j, TG_FIGURE_P50, 225 * ms, /* 18 * 12.5 */
          "12.5 times Neo4j 5.14's published p50 of 18 ms; not measured here");
    check(&neo4j, TG_FIGURE_P50, 4000, /* 18,000,000 / 4,000 */
          "4,500 times as fast as Neo4j 5.14's published p50 of 18 ms; not measured here");
    check(&neo4j, TG_FIGURE_P50, 1.81 * ms, /* 9.94 times: 16.19 / 18 */
          "89.9% faster than Neo4j 5.14's published p50 of 18 ms; not measured here");
    check(&neo4j, TG_FIGURE_P50, 17.999 * ms, /* 0.0056 % */
          "less than 0.1% faster than Neo4j 5.14's published p50 of 18 ms; not measured here");
    check(&neo4j, TG_FIGURE_RATE, 0.01,
          "more than 99.9% less than Neo4j 5.14's published rate of 280/s; not measured here");
}

static void check_published(enum tg_figure figure, double low, double high, const char *expected)
{
    struct tg_text out = {0};
    tg_published_text(figure, (struct tg_published){low, high}, &out);
    assert_string_equal(tg_text_string(&out), expected);
    tg_text_free(&out);
}

static void published_figures_keep_their_digits(void **state)
{
    (void)state;
    check_published(TG_FIGURE_P99, 27.96 * ms, 27.96 * ms, "27.96 ms");
    check_published(TG_FIGURE_P99, 22 * ms, 24 * ms, "22 to 24 ms");
    check_published(TG_FIGURE_P99, 800e3, 1.5 * ms, "800 µs to 1.5 ms");
    check_published(TG_FIGURE_P99, 1500 * ms, 1500 * ms, "1.5 s");
    check_published(TG_FIGURE_P99, 380, 380, "380 ns");
    check_published(TG_FIGURE_RATE, 2098, 2098, "2,098/s");
    check_published(TG_FIGURE_RATE, 0.5, 1234567, "0.5 to 1,234,567/s");
    check_published(TG_FIGURE_RATE, NAN, NAN, "-");
}

static void check_lead(const struct tg_competitor *competitor, enum tg_figure figure,
                       struct tg_measured before, struct tg_measured after, const char *expected)
{
    const struct tg_published theirs = competitor->figures[figure];
    struct tg_text out = {0};
    tg_lead_text(competitor, figure, tg_position(figure, before, theirs),
                 tg_position(figure, after, theirs), tg_lead(figure, before, after, theirs), &out);
    assert_string_equal(tg_text_string(&out), expected);
    tg_text_free(&out);
}

static void leads_as_sentences(void **state)
{
    (void)state;
    const struct tg_measured fast = {9 * ms, 8 * ms, 10 * ms};
    const struct tg_measured slow = {27 * ms, 25 * ms, 29 * ms};
    const struct tg_measured unsure = {17 * ms, 15 * ms, 19 * ms};
    check_lead(&neo4j, TG_FIGURE_P50, fast, slow,
               "lead lost over Neo4j 5.14's published p50 of 18 ms: 50.0% faster than that before, "
               "50.0% slower than that after; not measured here");
    check_lead(&neo4j, TG_FIGURE_P50, fast, fast,
               "lead kept over Neo4j 5.14's published p50 of 18 ms: 50.0% faster than that before, "
               "50.0% faster than that after; not measured here");
    check_lead(&neo4j, TG_FIGURE_P50, fast, unsure,
               "lead in doubt over Neo4j 5.14's published p50 of 18 ms: 50.0% faster than that "
               "before, uncertain after; not measured here");
    check_lead(&weaviate, TG_FIGURE_RATE, (struct tg_measured){4000, 3900, 4100},
               (struct tg_measured){300, 290, 310},
               "lead lost over Weaviate 1.22's published rate of 200 to 400/s: 10.0 times that "
               "before, within that after; not measured here");
    check_lead(&neo4j, TG_FIGURE_P50, slow, fast, "");
}

static void runs_as_sentences(void **state)
{
    (void)state;
    struct tg_standing standing = {
        .competitor = &neo4j,
        .metric = "recall.p99",
        .figure = TG_FIGURE_P99,
        .of_runs = true,
        .rate_per_s = 1000,
        .ours = {{.value = 10.85 * ms}, {.value = 30.756 * ms}},
    };
    for (int side = 0; side < TG_SIDES; side++) {
        const double value = standing.ours[side].value;
        standing.positions[side] = tg_position(
            TG_FIGURE_P99, (struct tg_measured){value, value, value}, neo4j.figures[TG_FIGURE_P99]);
    }
    struct tg_text out = {0};
    tg_runs_position_text(&standing, &out);
    /* 17.11 / 27.96; 2.796 / 27.96 */
    assert_string_equal(tg_text_string(&out),
                        "recall.p99, one run each at 1,000/s: 10.8 ms before, 61.2% faster than "
                        "Neo4j 5.14's published p99 of 27.96 ms; 30.8 ms after, 10.0% slower than "
                        "theirs, which was not measured here");
    tg_text_clear(&out);
    standing.positions[TG_BEFORE].relation = TG_RELATION_NONE;
    standing.weak[TG_AFTER] = true;
    standing.rate_per_s = 0;
    tg_runs_position_text(&standing, &out);
    assert_string_equal(tg_text_string(&out),
                        "recall.p99, one run in closed loop: ~30.8 ms after, 10.0% slower than "
                        "Neo4j 5.14's published p99 of 27.96 ms, which was not measured here");
    tg_text_clear(&out);
    standing.figure = TG_FIGURE_RATE;
    standing.metric = "recall.rate";
    standing.weak[TG_AFTER] = false;
    standing.ours[TG_AFTER].value = 560;
    standing.positions[TG_AFTER] = tg_position(TG_FIGURE_RATE, (struct tg_measured){560, 560, 560},
                                               neo4j.figures[TG_FIGURE_RATE]);
    tg_runs_position_text(&standing, &out);
    assert_string_equal(tg_text_string(&out),
                        "recall.rate, one run in closed loop: 560/s after, 100.0% more than "
                        "Neo4j 5.14's published rate of 280/s, which was not measured here");
    tg_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(positions_as_sentences),
        cmocka_unit_test(great_and_small_differences),
        cmocka_unit_test(published_figures_keep_their_digits),
        cmocka_unit_test(leads_as_sentences),
        cmocka_unit_test(runs_as_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
