/* What a gate that is under way looks like. Expected bars are drawn by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>

#include "common/units.h"
#include "reports/gate/gate_progress.h"
#include "tests/unit/golden.h"

/* ---- bars ---- */

static void check_bar(double lower, double estimate, double upper, const char *expected)
{
    struct tg_text out = {0};
    const struct tg_interval interval = {
        .count = 10, .lower = lower, .estimate = estimate, .upper = upper};
    tg_interval_bar(&interval, 0.05, 17, &out);
    assert_string_equal(out.data, expected);
    tg_text_free(&out);
}

/* 17 cells, the middle one is no change; 8 cells are 0.1, so that a cell is 0.0125 and the margin
 * of 0.05 lies 4 cells from the middle. */
static void bars(void **state)
{
    (void)state;
    check_bar(-0.025, 0, 0.025, "[----|-==+==-|----]");
    check_bar(0.0125, 0.025, 0.1, "[----|----=+=|====]");
    check_bar(-0.3, 0.05, 0.3, "[====|=======+====]");
    /* Off the scale, and on its last cell. */
    check_bar(0.2, 0.3, 0.4, "[----|-------|--->]");
    check_bar(-0.4, -0.3, 0, "[<===|====---|----]");
    check_bar(0.1, 0.1, 0.1, "[----|-------|---+]");
    /* No bounds so far, and nothing at all. */
    check_bar(-INFINITY, -0.0125, INFINITY, "[----|--+----|----]");
    check_bar(-INFINITY, NAN, INFINITY, "[----|-------|----]");
}

static void a_bar_is_as_wide_as_asked_for(void **state)
{
    (void)state;
    for (size_t width = 9; width < 60; width += 2) {
        struct tg_text out = {0};
        const struct tg_interval interval = {.lower = -0.5, .upper = 0.5};
        tg_interval_bar(&interval, 0.01, width, &out);
        assert_int_equal(out.length, width + 2);
        tg_text_free(&out);
    }
}

/* ---- the block ---- */

enum { METRICS = 6 };

struct under_way {
    struct tg_comparison *comparison;
    struct tg_interleave_progress progress;
    struct tg_launch_estimate estimates[METRICS];
};

/* Metrics that pass at the first look, look slower, stay open (one for its typical estimate alone),
 * improve; one could not be gated. */
static const struct {
    const char *name;
    double pooled, typical, spread; /* log changes; spread: over launches, about the middle one */
    enum tg_direction direction;
    bool excluded;
} metrics[METRICS] = {
    {"session_get.p50", 0.01, 0.01, 0.001, TG_LOWER_IS_BETTER, false},
    {"session_get.p99", 0.02, 0.04, 0.01, TG_LOWER_IS_BETTER, false},
    {"session_get.p99.9", 0, 0, 0, TG_LOWER_IS_BETTER, true},
    {"namespace_query.p95", 0.2, 0.2, 0.001, TG_LOWER_IS_BETTER, false},
    {"memory_put.p50", -0.2, -0.2, 0.001, TG_LOWER_IS_BETTER, false},
    {"rate", 0.03, 0.03, 0.02, TG_HIGHER_IS_BETTER, false},
};

static void set_up(struct under_way *self)
{
    *self = (struct under_way){.comparison = tg_comparison_new()};
    struct tg_comparison *comparison = self->comparison;
    comparison->metric_count = METRICS;
    comparison->metrics = tg_arena_array(&comparison->arena, METRICS, sizeof *comparison->metrics);
    for (size_t i = 0; i < METRICS; i++)
        comparison->metrics[i] =
            (struct tg_compared_metric){.name = metrics[i].name,
                                        .direction = metrics[i].direction,
                                        .margin = 0.05,
                                        .why_not = metrics[i].excluded ? "too few" : NULL};
    struct tg_gate_config config = tg_comparison_config(comparison, &comparison->arena);
    self->progress = (struct tg_interleave_progress){
        .comparison = comparison,
        .gate = tg_gate_new(&comparison->arena, &config),
        .left_ns = 33 * TG_NS_PER_S,
    };
}

static void tear_down(struct under_way *self)
{
    tg_comparison_free(self->comparison);
}

/* The launch's place between -1 and 1 decides how far it is off. */
static void launches(struct under_way *self, size_t count)
{
    for (size_t launch = 0; launch < count; launch++) {
        double place = ((double)launch - (double)(count - 1) / 2) / (double)count * 2;
        struct tg_launch_estimate *estimate = self->estimates;
        for (size_t i = 0; i < METRICS; i++) {
            if (metrics[i].excluded)
                continue;
            *estimate++ = (struct tg_launch_estimate){
                .pooled = metrics[i].pooled + place * metrics[i].spread,
                .typical = metrics[i].typical + place * metrics[i].spread};
        }
        tg_gate_add(self->progress.gate, &(struct tg_gate_launch){.metrics = self->estimates});
    }
}

static void add_block(struct under_way *self, size_t columns, size_t rows, bool color,
                      struct tg_text *out)
{
    tg_text_addf(out, "==== %zu launches, %zu columns, %zu rows\n", self->progress.gate->launches,
                 columns, rows);
    tg_report_gate_progress(&self->progress, columns, rows, color, out);
    tg_text_add(out, "\n");
}

static void blocks(void **state)
{
    (void)state;
    struct under_way self;
    struct tg_text out = {0};
    set_up(&self);
    add_block(&self, 100, 23, false, &out);
    launches(&self, 3);
    add_block(&self, 100, 23, false, &out);
    launches(&self, 7);
    add_block(&self, 100, 23, false, &out);
    add_block(&self, 100, 23, true, &out);
    add_block(&self, 79, 6, false, &out);
    add_block(&self, 60, 5, false, &out);
    add_block(&self, 40, 4, false, &out);
    add_block(&self, 20, 1, false, &out);
    tg_report_gate_progress_line(&self.progress, &out);
    tg_text_add(&out, "\n");
    check_golden("gate-progress.txt", &out);
    tg_text_free(&out);
    tear_down(&self);
}

static void a_block_fits_the_terminal(void **state)
{
    (void)state;
    struct under_way self;
    set_up(&self);
    launches(&self, 10);
    for (size_t columns = 10; columns <= 120; columns++)
        for (size_t rows = 1; rows <= 10; rows++) {
            struct tg_text out = {0};
            size_t lines = 0;
            tg_report_gate_progress(&self.progress, columns, rows, false, &out);
            char *rest = out.data;
            for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
                assert_in_range(tg_text_width(line), 0, columns);
                lines++;
            }
            assert_in_range(lines, 1, rows);
            tg_text_free(&out);
        }
    tear_down(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars),
        cmocka_unit_test(a_bar_is_as_wide_as_asked_for),
        cmocka_unit_test(blocks),
        cmocka_unit_test(a_block_fits_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
