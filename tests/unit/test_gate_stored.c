/* Two comparisons made by hand, judged as two samples. The reference values are R 4.2.2's:
 *
 *   i <- 1:12; j <- 1:10
 *   sa <- 200 * (1 + 0.01 * sin(i)); sb <- 200 * (1 + 0.01 * cos(3 * i))
 *   na <- 203 * (1 + 0.01 * sin(2 * j)); nb <- 203 * (1 + 0.01 * cos(5 * j))
 *   two <- wilcox.test(log(sqrt(na * nb)), log(sqrt(sa * sb)), conf.int = TRUE, conf.level = 0.9)
 *   one <- wilcox.test(log(nb / na), conf.int = TRUE, conf.level = 0.9)
 *   two$estimate; two$conf.int; diff(two$conf.int) / diff(one$conf.int)
 *   median(sqrt(sa * sb)); median(sqrt(na * nb))
 *   ys <- trunc(100000 * (1 + 0.01 * sin(i))); yn <- trunc(100500 * (1 + 0.01 * sin(2 * j)))
 *   wilcox.test(log(yn), log(ys), conf.int = TRUE, conf.level = 0.9)
 *
 * Bounds at 0.5 %, and p-values beyond them, are those of NumPy 2.4.6 and SciPy 1.17.1, with k = 22
 * counted over all C(22, 10) arrangements:
 *
 *   d = numpy.sort(numpy.subtract.outer(numpy.log(yn), numpy.log(ys)), axis=None); d[21], d[-22]
 *   scipy.stats.mannwhitneyu(numpy.log(numpy.sqrt(na * nb)) - d[-22],
 *                            numpy.log(numpy.sqrt(sa * sb)), alternative="greater", method="exact")
 */
#include "tests/unit/compare_support.h"

#include <string.h>

#include "gate/stored.h"

enum { STORED = 12, NOW = 10 };

static struct tg_compared_metric usual(const char *name, enum tg_direction direction)
{
    bool rate = direction == TG_HIGHER_IS_BETTER;
    return (struct tg_compared_metric){.name = name,
                                       .unit = rate ? TG_COMPARED_PER_S : TG_COMPARED_NS,
                                       .direction = direction,
                                       .margin = 0.05};
}

/* What the yardstick of launch x took: `level_ns` (1 + 0.01 sin(wave x)). */
static void take_yardstick(struct tg_comparison *comparison, double level_ns, double wave)
{
    for (size_t i = 0; i < comparison->launch_count; i++)
        comparison->launches[i].yardstick_ns =
            (int64_t)(level_ns * (1 + 0.01 * sin(wave * (double)(i + 1))));
}

static struct tg_comparison *made(const struct tg_compared_metric *metrics, size_t metric_count,
                                  size_t launches)
{
    struct tg_comparison *comparison = tg_comparison_new();
    comparison->metrics =
        tg_arena_array(&comparison->arena, metric_count, sizeof *comparison->metrics);
    memcpy(comparison->metrics, metrics, metric_count * sizeof *metrics);
    comparison->metric_count = metric_count;
    comparison->ops = tg_arena_array(&comparison->arena, 1, sizeof *comparison->ops);
    comparison->op_count = 1;
    comparison->sides[TG_BEFORE].scenario_hash = comparison->sides[TG_AFTER].scenario_hash = "abc";
    for (size_t i = 0; i < launches; i++) {
        size_t number = tg_comparison_add_launch(comparison);
        comparison->launches[number].pairs = 10;
        for (int side = 0; side < TG_SIDES; side++)
            comparison->launches[number].operations[side] = 450;
    }
    take_yardstick(comparison, 100000, 1);
    return comparison;
}

static void set(struct tg_comparison *comparison, size_t metric, size_t launch, double before,
                double after)
{
    struct tg_compared_value *value = &comparison->metrics[metric].values[launch];
    value->pooled[TG_BEFORE] = before;
    value->pooled[TG_AFTER] = after;
}

static void fill_stored(struct tg_comparison *comparison, size_t metric)
{
    for (size_t i = 0; i < STORED; i++) {
        double x = (double)(i + 1);
        set(comparison, metric, i, 200 * (1 + 0.01 * sin(x)), 200 * (1 + 0.01 * cos(3 * x)));
    }
}

/* `factor` times as much as in the reference. */
static void fill_now(struct tg_comparison *comparison, size_t metric, double factor)
{
    for (size_t i = 0; i < NOW; i++) {
        double x = (double)(i + 1);
        set(comparison, metric, i, factor * 203 * (1 + 0.01 * sin(2 * x)),
            factor * 203 * (1 + 0.01 * cos(5 * x)));
    }
}

struct pair {
    struct tg_comparison *stored, *now;
    struct tg_arena arena;
};

/* One metric in both: now `factor` times the reference. */
static void one_metric(struct pair *pair, enum tg_direction direction, double factor)
{
    struct tg_compared_metric metric = usual("a.p50", direction);
    *pair = (struct pair){.stored = made(&metric, 1, STORED), .now = made(&metric, 1, NOW)};
    fill_stored(pair->stored, 0);
    fill_now(pair->now, 0, factor);
}

static void pair_free(struct pair *pair)
{
    tg_comparison_free(pair->stored);
    tg_comparison_free(pair->now);
    tg_arena_free(&pair->arena);
}

static enum tg_gate_verdict verdict_of(enum tg_direction direction, double factor)
{
    struct pair pair;
    one_metric(&pair, direction, factor);
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    enum tg_gate_verdict verdict = judgement.rows[0].verdict.verdict;
    assert_int_equal(judgement.exit_code, verdict == TG_GATE_REGRESSION     ? 1
                                          : verdict == TG_GATE_INCONCLUSIVE ? 3
                                                                            : 0);
    pair_free(&pair);
    return verdict;
}

static void the_figures_are_those_of_r(void **state)
{
    (void)state;
    struct pair pair;
    one_metric(&pair, TG_LOWER_IS_BETTER, 1);
    assert_true(tg_compares_itself(pair.stored));
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.row_count, 1);
    const struct tg_stored_row *row = &judgement.rows[0];
    assert_null(row->why_not);
    assert_near(row->before, 199.96186766446311);
    assert_near(row->after, 202.92296434531460);
    assert_near(row->verdict.interval.estimate, 0.015061551598412493);
    assert_near(row->verdict.interval.lower, 0.011633506785535985);
    assert_near(row->verdict.interval.upper, 0.020302841401188765);
    assert_near(row->wider, 0.75206840425881016);
    assert_near(judgement.wider, row->wider);
    /* Holm over two hypotheses, the other one (failures) with p = 1. The yardstick is `made`'s: yn
     * are the first ten of ys. */
    assert_near(judgement.yardstick.wide.upper, 0.012003482270650068);
    assert_near(row->verdict.p, 2 * 0.07011873575341068);
    assert_int_equal(judgement.verdict, TG_GATE_PASS);
    assert_int_equal(judgement.exit_code, 0);
    pair_free(&pair);
}

static void each_change_gets_its_verdict(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(TG_LOWER_IS_BETTER, 1), TG_GATE_PASS);
    assert_int_equal(verdict_of(TG_LOWER_IS_BETTER, 1.1), TG_GATE_REGRESSION);
    assert_int_equal(verdict_of(TG_LOWER_IS_BETTER, 0.9), TG_GATE_IMPROVEMENT);
    assert_int_equal(verdict_of(TG_HIGHER_IS_BETTER, 1.1), TG_GATE_IMPROVEMENT);
    assert_int_equal(verdict_of(TG_HIGHER_IS_BETTER, 0.9), TG_GATE_REGRESSION);
    /* 0.01506 + ln 1.033 = 0.0475: below ln 1.05 = 0.0488, its bound above it. */
    assert_int_equal(verdict_of(TG_LOWER_IS_BETTER, 1.033), TG_GATE_INCONCLUSIVE);
}

static void what_is_not_comparable_has_no_verdict(void **state)
{
    (void)state;
    struct pair pair;
    for (int slower = 0; slower < 2; slower++) {
        one_metric(&pair, TG_LOWER_IS_BETTER, slower ? 1.5 : 1);
        struct tg_stored_judgement judgement =
            tg_stored_judge(pair.stored, pair.now, false, &pair.arena);
        assert_int_equal(judgement.verdict, TG_GATE_INCONCLUSIVE);
        assert_int_equal(judgement.exit_code, 3);
        assert_false(isnan(judgement.rows[0].verdict.interval.estimate));
        pair_free(&pair);
    }
}

static void metrics_of_one_alone_are_not_compared(void **state)
{
    (void)state;
    struct tg_compared_metric stored[] = {usual("a.p50", TG_LOWER_IS_BETTER),
                                          usual("a.p95", TG_LOWER_IS_BETTER),
                                          usual("a.p99", TG_LOWER_IS_BETTER)};
    struct tg_compared_metric now[] = {usual("a.p50", TG_LOWER_IS_BETTER),
                                       usual("a.p95", TG_LOWER_IS_BETTER),
                                       usual("a.p99", TG_LOWER_IS_BETTER)};
    struct pair pair = {.stored = made(stored, 2, STORED), .now = made(now, 1, NOW)};
    fill_stored(pair.stored, 0);
    fill_stored(pair.stored, 1);
    fill_now(pair.now, 0, 1);
    /* What the scenario no longer asks for does not stop a pass ... */
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.row_count, 2);
    assert_string_equal(judgement.rows[1].metric->name, "a.p95");
    assert_non_null(judgement.rows[1].why_not);
    assert_false(judgement.rows[1].asked);
    assert_int_equal(judgement.exit_code, 0);
    pair_free(&pair);

    /* ... what it asks for and the baseline does not have does: because it lacks it, or because it
     * was not gated there, or is not now. */
    for (int way = 0; way < 3; way++) {
        stored[1].why_not = way == 1 ? "too few operations" : NULL;
        now[1].why_not = way == 2 ? "too few operations" : NULL;
        pair = (struct pair){.stored = made(stored, way == 0 ? 1 : 2, STORED),
                             .now = made(now, 2, NOW)};
        fill_stored(pair.stored, 0);
        fill_now(pair.now, 0, 1);
        judgement = tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
        assert_int_equal(judgement.row_count, 2);
        assert_non_null(judgement.rows[1].why_not);
        assert_true(judgement.rows[1].asked);
        assert_int_equal(judgement.exit_code, 3);
        fill_now(pair.now, 0, 1.2); /* but does not hide a regression */
        judgement = tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
        assert_int_equal(judgement.exit_code, 1);
        pair_free(&pair);
    }
}

/* Of the same name, but not the same figure. */
static void metrics_of_another_kind_are_not_the_same(void **state)
{
    (void)state;
    struct tg_compared_metric closed = usual("a.p50", TG_LOWER_IS_BETTER);
    struct tg_compared_metric open = closed;
    open.open_loop = true;
    struct pair pair = {.stored = made(&closed, 1, STORED), .now = made(&open, 1, NOW)};
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.row_count, 2);
    assert_int_equal(judgement.exit_code, 3);
    pair_free(&pair);

    /* Stalls lie beyond a limit that each measurement finds for itself. */
    struct tg_compared_metric stalls = usual("stalls", TG_LOWER_IS_BETTER);
    stalls.unit = TG_COMPARED_SHARE;
    pair = (struct pair){.stored = made(&stalls, 1, STORED), .now = made(&stalls, 1, NOW)};
    judgement = tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.row_count, 1);
    assert_non_null(judgement.rows[0].why_not);
    assert_int_equal(judgement.exit_code, 3);
    pair_free(&pair);
}

static void launches_without_a_value_are_no_launches(void **state)
{
    (void)state;
    struct pair pair;
    one_metric(&pair, TG_LOWER_IS_BETTER, 1.5);
    for (size_t i = 2; i < NOW; i++)
        set(pair.now, 0, i, i % 2 ? NAN : 200, i % 2 ? 200 : NAN);
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.rows[0].verdict.interval.count, STORED + 2);
    /* 1 of C(14, 2) = 91 arrangements, twice: above 1 %. */
    assert_near(judgement.rows[0].verdict.p, 2.0 / 91);
    assert_int_equal(judgement.exit_code, 3);
    pair_free(&pair);
}

/* Fails `failed` of 1,000 operations in each of the last `launches` launches. */
static void let_fail(struct tg_comparison *comparison, size_t launches, int64_t failed)
{
    for (size_t i = comparison->launch_count - launches; i < comparison->launch_count; i++) {
        comparison->launches[i].failed[TG_AFTER] = failed;
        comparison->launches[i].operations[TG_BEFORE] = 500;
        comparison->launches[i].operations[TG_AFTER] = 500;
    }
}

static enum tg_gate_verdict failures_of(size_t stored_launches, int64_t stored_failed,
                                        size_t now_launches, int64_t now_failed)
{
    struct pair pair;
    one_metric(&pair, TG_LOWER_IS_BETTER, 1);
    let_fail(pair.stored, stored_launches, stored_failed);
    let_fail(pair.now, now_launches, now_failed);
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    enum tg_gate_verdict verdict = judgement.failures;
    assert_int_equal(judgement.exit_code, verdict == TG_GATE_REGRESSION     ? 1
                                          : verdict == TG_GATE_INCONCLUSIVE ? 3
                                                                            : 0);
    pair_free(&pair);
    return verdict;
}

static void failures_are_judged_beside_the_metrics(void **state)
{
    (void)state;
    assert_int_equal(failures_of(0, 0, 0, 0), TG_GATE_PASS);
    assert_int_equal(failures_of(0, 0, NOW, 1), TG_GATE_REGRESSION);
    assert_int_equal(failures_of(0, 0, 1, 400), TG_GATE_INCONCLUSIVE);
    assert_int_equal(failures_of(STORED, 5, NOW, 5), TG_GATE_PASS);
    assert_int_equal(failures_of(STORED, 5, NOW, 50), TG_GATE_REGRESSION);
    assert_int_equal(failures_of(STORED, 50, NOW, 5), TG_GATE_PASS);
    assert_int_equal(failures_of(STORED, 100, NOW, 104), TG_GATE_PASS); /* 4 % more of them */
    assert_int_equal(failures_of(STORED, 100, NOW, 106), TG_GATE_REGRESSION);
    assert_int_equal(failures_of(2, 5, 2, 50), TG_GATE_PASS); /* nothing unusual */
}

/* Twice as many operations, with the same share; and of dropped slices all are counted. */
static void neither_dropped_slices_nor_speed_make_failures_more(void **state)
{
    (void)state;
    struct pair pair;
    one_metric(&pair, TG_LOWER_IS_BETTER, 1);
    let_fail(pair.stored, STORED, 20);
    let_fail(pair.now, NOW, 20);
    for (size_t i = 0; i < NOW; i++) {
        struct tg_compared_launch *launch = &pair.now->launches[i];
        launch->pairs_dropped = 5;
        launch->failed[TG_AFTER] *= 2;
        for (int side = 0; side < TG_SIDES; side++)
            launch->operations[side] *= 2;
    }
    struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.failures, TG_GATE_PASS);
    assert_int_equal(judgement.exit_code, 0);
    pair_free(&pair);
}

static void an_early_end_is_the_answer(void **state)
{
    (void)state;
    static const struct {
        enum tg_comparison_end end;
        int exit_code;
    } ends[] = {{TG_END_DECIDED, 0},   {TG_END_BUDGET, 0}, {TG_END_INTERRUPTED, 3},
                {TG_END_NOT_GATED, 3}, {TG_END_KILLED, 3}, {TG_END_CRASHED, 1}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct pair pair;
        one_metric(&pair, TG_LOWER_IS_BETTER, 1);
        pair.now->end = ends[i].end;
        assert_int_equal(tg_stored_judge(pair.stored, pair.now, true, &pair.arena).exit_code,
                         ends[i].exit_code);
        take_yardstick(pair.now, 150000, 2); /* the machine does not interrupt, or crash */
        assert_int_equal(tg_stored_judge(pair.stored, pair.now, true, &pair.arena).exit_code,
                         ends[i].exit_code == 0 ? 3 : ends[i].exit_code);
        pair_free(&pair);
    }
}

/* ---- the yardstick ---- */

/* Now is `store` times the reference, and the yardstick takes `machine` times that of R. */
static struct tg_stored_judgement with_yardstick(struct pair *pair, double store, double machine)
{
    one_metric(pair, TG_LOWER_IS_BETTER, store);
    take_yardstick(pair->now, machine * 100500, 2);
    return tg_stored_judge(pair->stored, pair->now, true, &pair->arena);
}

static void the_yardstick_is_compared_as_a_metric_is(void **state)
{
    (void)state;
    struct pair pair;
    const struct tg_stored_judgement judgement = with_yardstick(&pair, 1, 1);
    const struct tg_stored_yardstick *yardstick = &judgement.yardstick;
    assert_null(yardstick->why_not);
    assert_near(yardstick->interval.estimate, 0.0057381369109945624);
    assert_near(yardstick->interval.lower, 0.00019051534458291997);
    assert_near(yardstick->interval.upper, 0.00995900793706816501);
    assert_near(yardstick->wide.lower, -0.006664792827431043);
    assert_near(yardstick->wide.upper, 0.017633424778733087);
    assert_near(yardstick->margin, 0.05);
    assert_true(yardstick->same);
    assert_true(judgement.judged);
    assert_int_equal(judgement.exit_code, 0);
    pair_free(&pair);
}

static void only_the_same_machine_is_judged(void **state)
{
    (void)state;
    static const struct {
        double store, machine;
        int exit_code;
        const char *meaning;
    } cases[] = {
        {1, 1, 0, "every metric proved within"},
        {1.1, 1, 1, "slower than the baseline, on a machine as fast"},
        {1.1, 1.1, 3, "the machine itself was slower by 10.6% (10.0 .. 11.1%): the yardstick"},
        {1, 1.1, 3, "the machine itself was slower"},
        {1.1, 0.9, 3, "the machine itself was faster by 9.5% (9.1 .. 10.0%): the yardstick"},
        {1, 0.9, 3, "the machine itself was faster"}, /* which would hide a slower store */
        {0.9, 1, 0, "every metric proved within"},
        /* Upper bounds of R: 0.0395 and 0.0492, on either side of ln 1.05 = 0.0488. */
        {1.1, 1.03, 1, "slower than the baseline"},
        {1.1, 1.04, 3, "the machine itself was slower"},
        /* The upper bound of the store is 0.0203; a machine that is faster by 0.0200 or 0.0303 at
         * its lower bound makes 0.0403 or 0.0506 of it. */
        {1, 0.98, 0, "every metric proved within"},
        {1, 0.97, 3, "not every metric was proved"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        const struct tg_stored_judgement judgement =
            with_yardstick(&pair, cases[i].store, cases[i].machine);
        assert_int_equal(judgement.exit_code, cases[i].exit_code);
        assert_memory_equal(judgement.meaning, cases[i].meaning, strlen(cases[i].meaning));
        assert_int_equal(judgement.judged, strstr(judgement.meaning, "machine itself") == NULL);
        pair_free(&pair);
    }
}

static void a_restless_machine_is_not_shown_to_be_the_same(void **state)
{
    (void)state;
    struct pair pair;
    one_metric(&pair, TG_LOWER_IS_BETTER, 1.1);
    for (size_t i = 0; i < NOW; i++)
        pair.now->launches[i].yardstick_ns = i % 2 ? 80000 : 120000;
    const struct tg_stored_judgement judgement =
        tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
    assert_int_equal(judgement.exit_code, 3);
    assert_non_null(strstr(judgement.meaning, "not shown to be as fast as then"));

    for (size_t i = 1; i < NOW; i++) /* one launch says nothing at any level */
        pair.now->launches[i].yardstick_ns = 0;
    pair.now->launches[0].yardstick_ns = 100000;
    assert_non_null(
        strstr(tg_stored_judge(pair.stored, pair.now, true, &pair.arena).meaning, "too few"));
    pair_free(&pair);
}

static void without_a_yardstick_nothing_is_judged(void **state)
{
    (void)state;
    for (int way = 0; way < 4; way++) {
        struct pair pair;
        one_metric(&pair, TG_LOWER_IS_BETTER, way < 2 ? 1.5 : 1);
        let_fail(pair.now, NOW, 500);
        struct tg_comparison *lacking = way % 2 ? pair.now : pair.stored;
        for (size_t i = 0; i < lacking->launch_count; i++)
            lacking->launches[i].yardstick_ns = 0;
        const struct tg_stored_judgement judgement =
            tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
        assert_int_equal(judgement.exit_code, 3);
        assert_false(judgement.judged);
        assert_true(isnan(judgement.yardstick.interval.estimate));
        assert_non_null(strstr(judgement.meaning, way % 2 ? "measured now" : "save it again"));
        pair_free(&pair);
    }
}

static void the_smallest_margin_is_the_yardsticks(void **state)
{
    (void)state;
    for (int both = 0; both < 2; both++) {
        struct tg_compared_metric metrics[] = {usual("a.p50", TG_LOWER_IS_BETTER),
                                               usual("a.p99", TG_LOWER_IS_BETTER)};
        metrics[both].margin = 0.2;
        size_t count = both ? 2 : 1;
        struct pair pair = {.stored = made(metrics, count, STORED),
                            .now = made(metrics, count, NOW)};
        for (size_t i = 0; i < count; i++) {
            fill_stored(pair.stored, i);
            fill_now(pair.now, i, 1);
        }
        take_yardstick(pair.now, 1.1 * 100500, 2);
        assert_int_equal(tg_stored_judge(pair.stored, pair.now, true, &pair.arena).exit_code,
                         both ? 3 : 0);
        pair_free(&pair);
    }
}

/* Between 7 and 17 % slower, or faster, on a machine that is so by 8 %, where 10 % are allowed. */
static void what_the_machine_may_have_done_is_not_the_stores_doing(void **state)
{
    (void)state;
    static const struct {
        bool faster;
        double machine;
        enum tg_gate_verdict verdict;
    } cases[] = {
        {false, 1, TG_GATE_REGRESSION},
        {false, 1.08, TG_GATE_INCONCLUSIVE},
        {true, 1, TG_GATE_IMPROVEMENT},
        {true, 1 / 1.08, TG_GATE_PASS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pair pair;
        one_metric(&pair, TG_LOWER_IS_BETTER, 1);
        pair.now->metrics[0].margin = 0.1;
        for (size_t k = 0; k < NOW; k++) {
            double factor = k % 2 ? 1.07 : 1.17;
            double value = cases[i].faster ? 200 / factor : 200 * factor;
            set(pair.now, 0, k, value, value);
        }
        take_yardstick(pair.now, cases[i].machine * 100000, 1);
        const struct tg_stored_judgement judgement =
            tg_stored_judge(pair.stored, pair.now, true, &pair.arena);
        assert_true(judgement.yardstick.same);
        assert_int_equal(judgement.rows[0].verdict.verdict, cases[i].verdict);
        assert_int_equal(judgement.rows[0].may_be_machine, i == 1);
        pair_free(&pair);
    }
}

static void a_baseline_compares_a_variant_with_itself(void **state)
{
    (void)state;
    struct tg_comparison comparison = {
        .sides = {{.scenario_hash = "abc"}, {.scenario_hash = "abd"}}};
    assert_false(tg_compares_itself(&comparison));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_figures_are_those_of_r),
        cmocka_unit_test(each_change_gets_its_verdict),
        cmocka_unit_test(what_is_not_comparable_has_no_verdict),
        cmocka_unit_test(metrics_of_one_alone_are_not_compared),
        cmocka_unit_test(metrics_of_another_kind_are_not_the_same),
        cmocka_unit_test(launches_without_a_value_are_no_launches),
        cmocka_unit_test(failures_are_judged_beside_the_metrics),
        cmocka_unit_test(neither_dropped_slices_nor_speed_make_failures_more),
        cmocka_unit_test(an_early_end_is_the_answer),
        cmocka_unit_test(the_yardstick_is_compared_as_a_metric_is),
        cmocka_unit_test(only_the_same_machine_is_judged),
        cmocka_unit_test(a_restless_machine_is_not_shown_to_be_the_same),
        cmocka_unit_test(without_a_yardstick_nothing_is_judged),
        cmocka_unit_test(the_smallest_margin_is_the_yardsticks),
        cmocka_unit_test(what_the_machine_may_have_done_is_not_the_stores_doing),
        cmocka_unit_test(a_baseline_compares_a_variant_with_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
