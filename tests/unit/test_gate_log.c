/* The entry of the performance log and the line for the commit message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "reports/gate/gate_log.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_gate.h"

/* ---- the commit line ---- */

static struct tg_gate_row latency(const char *metric, double change, enum tg_gate_verdict verdict)
{
    return (struct tg_gate_row){.metric = metric,
                                .unit = TG_COMPARED_NS,
                                .before = 1000,
                                .after = 1000 * (1 + change),
                                .pooled = {change, change - 0.01, change + 0.01},
                                .margin = 0.05,
                                .judged_as = verdict};
}

static struct tg_gate_row rate(const char *metric, double change, enum tg_gate_verdict verdict)
{
    struct tg_gate_row row = latency(metric, change, verdict);
    row.unit = TG_COMPARED_PER_S;
    return row;
}

static struct tg_gate_view judged(const struct tg_gate_row *rows, size_t count, int exit_code)
{
    return (struct tg_gate_view){
        .id = "x-1",
        .rows = rows,
        .row_count = count,
        .good = exit_code == 0,
        .bad = exit_code == 1,
        .exit_code = exit_code,
        .meaning = "what it means",
    };
}

static void check_line(const struct tg_gate_view *gate, const char *expected)
{
    struct tg_text out = {0};
    tg_gate_commit_line(gate, &out);
    assert_string_equal(out.data, expected);
    tg_text_free(&out);
}

#define CHECK_LINE(rows, exit_code, expected)                                                      \
    do {                                                                                           \
        struct tg_gate_view view = judged(rows, sizeof(rows) / sizeof *(rows), exit_code);         \
        check_line(&view, expected);                                                               \
    } while (0)

static void a_pass_has_the_words_of_the_workflow(void **state)
{
    (void)state;
    const struct tg_gate_row rows[] = {
        latency("get.p50", 0.03, TG_GATE_PASS),  latency("get.p99", -0.01, TG_GATE_PASS),
        latency("put.p99", 0.023, TG_GATE_PASS), latency("put.p99.9", 0.04, TG_GATE_PASS),
        rate("put.rate", -0.04, TG_GATE_PASS),   rate("rate", -0.008, TG_GATE_PASS),
    };
    CHECK_LINE(rows, 0, "Performance: P99 latency +2.3%, throughput -0.8% (within 5% target)\n");
}

static void a_change_of_nothing_has_no_direction_down(void **state)
{
    (void)state;
    const struct tg_gate_row rows[] = {latency("get.p99", -0.0004, TG_GATE_PASS)};
    CHECK_LINE(rows, 0, "Performance: P99 latency +0.0% (within 5% target)\n");
}

static void improvements_are_named(void **state)
{
    (void)state;
    struct tg_gate_row rows[] = {
        latency("get.response.p95", -0.3, TG_GATE_IMPROVEMENT),
        latency("get.p50", -0.2, TG_GATE_IMPROVEMENT),
        rate("rate", 0.25, TG_GATE_IMPROVEMENT),
        rate("get.rate", 0.3, TG_GATE_IMPROVEMENT),
        latency("put.p50", 0, TG_GATE_PASS),
    };
    rows[4].margin = 0.125;
    CHECK_LINE(rows, 0,
               "Performance: P95 latency -30.0%, throughput +25.0% (within targets of 5% to 12.5%; "
               "improved: get.response.p95 -30.0%, get.p50 -20.0%, rate +25.0% and 1 more)\n");
}

static void a_regression_is_called_one(void **state)
{
    (void)state;
    const struct tg_gate_row rows[] = {
        latency("get.p50", 0.12, TG_GATE_REGRESSION),
        latency("get.p99", 0.02, TG_GATE_PASS),
        rate("get.rate", -0.01, TG_GATE_PASS),
        rate("put.rate", -0.02, TG_GATE_PASS),
    };
    CHECK_LINE(rows, 1,
               "Performance: P99 latency +2.0%, throughput -2.0% (regression: get.p50 +12.0%)\n");
    /* Failing operations alone: no metric to name. */
    CHECK_LINE(((struct tg_gate_row[]){rows[1]}), 1,
               "Performance: P99 latency +2.0% (regression: what it means)\n");
}

static void what_is_open_is_never_within_its_target(void **state)
{
    (void)state;
    const struct tg_gate_row rows[] = {
        latency("get.p99", 0.02, TG_GATE_PASS),
        latency("get.p50", 0.01, TG_GATE_INCONCLUSIVE),
    };
    CHECK_LINE(rows, 3,
               "Performance: P99 latency +2.0% (cannot tell: 1 of 2 metrics not proved within 5% "
               "target)\n");
    /* --allow-inconclusive changes the exit code alone. */
    struct tg_gate_view view = judged(rows, 2, 0);
    view.good = false;
    check_line(&view, "Performance: P99 latency +2.0% (cannot tell: 1 of 2 metrics not proved "
                      "within 5% target)\n");
    view.end = TG_END_INTERRUPTED;
    check_line(&view, "Performance: P99 latency +2.0% (cannot tell: what it means)\n");
}

static void without_p99_rate_or_anything(void **state)
{
    (void)state;
    const struct tg_gate_row means[] = {
        latency("get.mean", 0.01, TG_GATE_PASS),
        latency("put.mean", 0.03, TG_GATE_PASS),
    };
    CHECK_LINE(means, 0, "Performance: mean latency +3.0% (within 5% target)\n");
    struct tg_gate_row stalls[] = {latency("stalls", 0.5, TG_GATE_PASS)};
    stalls[0].unit = TG_COMPARED_SHARE;
    stalls[0].margin = 1;
    CHECK_LINE(stalls, 0, "Performance: stalls +50.0% (within 100% target)\n");
    struct tg_gate_row none[] = {latency("get.p99", NAN, TG_GATE_INCONCLUSIVE)};
    CHECK_LINE(none, 3,
               "Performance: not compared (cannot tell: 1 of 1 metrics not proved within 5% "
               "target)\n");
    struct tg_gate_view crashed = judged(NULL, 0, 1);
    crashed.crash = "signal 6";
    check_line(&crashed, "Performance: not compared (regression: what it means)\n");
}

/* ---- the entry ---- */

static void the_entry(void **state)
{
    (void)state;
    static const char *const positions[] = {
        "61.2% faster than Neo4j 5.14's published p99 of 27.96 ms; not measured here"};
    struct tg_text out = {0};
    tg_gate_log_entry(&sample_gate, &out);
    struct tg_gate_view passed = sample_gate;
    passed.good = true;
    passed.bad = false;
    passed.task = "001";
    passed.competitive = true;
    passed.meaning = "every metric proved within its margin";
    passed.before = "a label\n<!-- that hides";
    passed.positions = positions;
    passed.position_count = 1;
    tg_text_add(&out, "\n");
    tg_gate_log_entry(&passed, &out);
    check_golden("gate-log.md", &out);
    tg_text_free(&out);
}

/* ---- the file ---- */

static char folder[] = "/tmp/tailgate-log-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    return tg_remove_tree(folder, &diags) == TG_OK ? 0 : -1;
}

static void check_appended(const char *path, const char *id, bool expected)
{
    struct tg_diags diags = {0};
    struct tg_gate_view gate = sample_gate;
    bool added = !expected;
    gate.id = id;
    assert_int_equal(tg_gate_log_check(path, &diags), TG_OK);
    assert_int_equal(tg_gate_log_append(path, &gate, &added, &diags), TG_OK);
    assert_int_equal(added, expected);
    assert_int_equal(diags.count, 0);
}

static size_t count(const char *path, const char *what)
{
    struct tg_diags diags = {0};
    struct tg_text text = {0};
    size_t found = 0;
    assert_int_equal(tg_file_read(path, 1 << 20, &text, &diags), TG_OK);
    for (const char *at = strstr(text.data, what); at; at = strstr(at + 1, what))
        found++;
    tg_text_free(&text);
    return found;
}

static void one_entry_per_comparison(void **state)
{
    (void)state;
    char *path = tg_format("%s/PERFORMANCE_LOG.md", folder);
    check_appended(path, "gate-1", true);
    check_appended(path, "gate-1", false);
    check_appended(path, "gate-12", true); /* of which gate-1 is the beginning */
    check_appended(path, "gate-1", false);
    assert_int_equal(count(path, "# Performance log\n"), 1);
    assert_int_equal(count(path, "\n\n<!-- tailgate: gate-1"), 2);
    assert_int_equal(count(path, "- Status: "), 2);
    free(path);
}

/* A log of one's own keeps its text, its name and the link that leads to it. */
static void a_log_of_ones_own(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    struct stat info;
    char *path = tg_format("%s/own.md", folder);
    char *link = tg_format("%s/link.md", folder);
    assert_int_equal(tg_file_write(path, "# Ours", 6, false, &diags), TG_OK);
    assert_int_equal(symlink("own.md", link), 0);
    check_appended(link, "gate-1", true);
    assert_int_equal(count(path, "# Ours\n\n<!-- tailgate: gate-1 -->\n## "), 1);
    assert_int_equal(count(path, "# Performance log"), 0);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    free(link);
    free(path);
}

static void what_cannot_be_a_log(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    char *nowhere = tg_format("%s/none/LOG.md", folder);
    assert_int_not_equal(tg_gate_log_check(folder, &diags), TG_OK);
    assert_int_not_equal(tg_gate_log_check(nowhere, &diags), TG_OK);
    assert_int_equal(diags.count, 2);
    bool added = true;
    assert_int_not_equal(tg_gate_log_append(nowhere, &sample_gate, &added, &diags), TG_OK);
    assert_false(added);
    free(nowhere);
    tg_diags_free(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_has_the_words_of_the_workflow),
        cmocka_unit_test(a_change_of_nothing_has_no_direction_down),
        cmocka_unit_test(improvements_are_named),
        cmocka_unit_test(a_regression_is_called_one),
        cmocka_unit_test(what_is_open_is_never_within_its_target),
        cmocka_unit_test(without_p99_rate_or_anything),
        cmocka_unit_test(the_entry),
        cmocka_unit_test(one_entry_per_comparison),
        cmocka_unit_test(a_log_of_ones_own),
        cmocka_unit_test(what_cannot_be_a_log),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
