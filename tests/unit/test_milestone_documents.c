/* The Markdown documents of a milestone. */
#include "sample_milestone.h"
#include "tests/unit/golden.h"

#include <math.h>

#include "common/text.h"

typedef void document(const struct tg_milestone *milestone, struct tg_text *out);

static void check_document(enum tg_sample_milestone kind, document *write, const char *golden)
{
    struct tg_milestone *milestone = tg_sample_milestone(kind);
    struct tg_text out = {0};
    write(milestone, &out);
    check_golden(golden, &out);
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

static void approved_with_everything(void **state)
{
    (void)state;
    check_document(TG_SAMPLE_APPROVED, tg_milestone_validation, "milestone-approved-validation.md");
    check_document(TG_SAMPLE_APPROVED, tg_milestone_executive, "milestone-approved-executive.md");
    check_document(TG_SAMPLE_APPROVED, tg_milestone_quick_reference, "milestone-approved-quick.md");
    check_document(TG_SAMPLE_APPROVED, tg_milestone_chart_page, "milestone-approved-charts.md");
}

static void rejected_with_failures(void **state)
{
    (void)state;
    check_document(TG_SAMPLE_REJECTED, tg_milestone_validation, "milestone-rejected-validation.md");
    check_document(TG_SAMPLE_REJECTED, tg_milestone_executive, "milestone-rejected-executive.md");
    check_document(TG_SAMPLE_REJECTED, tg_milestone_quick_reference, "milestone-rejected-quick.md");
    check_document(TG_SAMPLE_REJECTED, tg_milestone_chart_page, "milestone-rejected-charts.md");
}

static void with_almost_no_data(void **state)
{
    (void)state;
    check_document(TG_SAMPLE_BARE, tg_milestone_validation, "milestone-bare-validation.md");
    check_document(TG_SAMPLE_BARE, tg_milestone_executive, "milestone-bare-executive.md");
    check_document(TG_SAMPLE_BARE, tg_milestone_quick_reference, "milestone-bare-quick.md");
    check_document(TG_SAMPLE_BARE, tg_milestone_chart_page, "milestone-bare-charts.md");
}

/* ---- hostile names ---- */

/* Whatever ends a cell, a span, a block, a line or a command; GitHub would mention and link. */
#define HOSTILE                                                                                    \
    "a|b` `` ``` \\ * _x_ [l](http://h) <script>alert(1)</script> @user #1 & \"; system(\"id\") "  \
    "%s \xC3\xA9 \xFF\n# no heading\n| no | row |\n```"

static void make_hostile(struct tg_milestone *milestone)
{
    struct tg_result *run = tg_sample_milestone_run(milestone);
    struct tg_gate_view *gate = tg_sample_milestone_gate(milestone);
    gate->scenario = gate->phase = gate->before = gate->after = gate->meaning = HOSTILE;
    milestone->project = milestone->name = milestone->version = milestone->date = HOSTILE;
    milestone->file = milestone->summary = milestone->reason = HOSTILE;
    milestone->confidence = milestone->score_formula = HOSTILE;
    for (size_t i = 0; i < milestone->source_count; i++)
        milestone->sources[i].what = HOSTILE;
    for (size_t i = 0; i < milestone->criterion_count; i++)
        milestone->criteria[i].name = milestone->criteria[i].asked =
            milestone->criteria[i].evidence = HOSTILE;
    for (size_t i = 0; i < milestone->findings.count; i++) {
        struct tg_finding *finding = &milestone->findings.items[i];
        finding->where = finding->title = finding->evidence = HOSTILE;
        finding->remedy = finding->sql = finding->verification = HOSTILE;
    }
    run->scenario = run->scenario_path = HOSTILE;
    for (size_t i = 0; i < run->phase_count; i++) {
        run->phases[i].name = HOSTILE;
        for (size_t k = 0; k < run->phases[i].op_count; k++)
            run->phases[i].ops[k].name = HOSTILE;
    }
    for (size_t i = 0; i < milestone->latency_count; i++)
        milestone->latencies[i].op = HOSTILE;
    for (size_t i = 0; i < run->target_count; i++)
        run->targets[i].text = run->targets[i].phase = HOSTILE;
    for (size_t i = 0; i < run->coverage.statement_count; i++)
        run->coverage.statements[i].owner = run->coverage.statements[i].sql = HOSTILE;
    for (size_t i = 0; i < run->coverage.index_count; i++)
        run->coverage.indexes[i].info.name = run->coverage.indexes[i].info.columns = HOSTILE;
}

/* Behind the code span that begins at `at`, or `at` itself where none does: a run of backticks ends
 * at the next run of the same length (CommonMark 0.31, section 6.1). */
static const char *behind_span(const char *at)
{
    size_t length = strspn(at, "`");
    for (const char *end = at + length; length > 0 && *end; end += strspn(end, "`")) {
        end += strcspn(end, "`");
        if (strspn(end, "`") == length)
            return end + length;
    }
    return at;
}

/* Pipes that divide cells; nothing else of a line may be more than text. */
static size_t check_line(const char *line)
{
    static const char *const tags[] = {"<a id=\"",   "</a>",      "<code>",
                                       "</code>",    "<!-- -->",  "<details>",
                                       "</details>", "<summary>", "</summary>"};
    size_t pipes = 0;
    for (const char *at = line; *at;) {
        const char *behind = behind_span(at);
        if (behind > at) {
            at = behind;
            continue;
        }
        if (*at == '\\') {
            at += at[1] ? 2 : 1;
            continue;
        }
        bool ours = *at != '<';
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
            ours = ours || strncmp(at, tags[i], strlen(tags[i])) == 0;
        if (!ours || strncmp(at, "@user", 5) == 0)
            fail_msg("not escaped: %s", at);
        pipes += *at == '|';
        at++;
    }
    return pipes;
}

struct shape {
    size_t headings, rows, blocks;
};

static struct shape shape_of(const struct tg_text *text)
{
    struct shape shape = {0};
    char *copy = tg_strdup(text->data);
    char *rest = copy;
    size_t fence = 0, pipes = 0;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        size_t ticks = strspn(line, "`");
        if (fence > 0) { /* ends with at least as many, and nothing behind them */
            fence = ticks >= fence && !line[ticks] ? 0 : fence;
            continue;
        }
        if (ticks >= 3) {
            fence = ticks;
            shape.blocks++;
            continue;
        }
        size_t here = check_line(line);
        bool row = *line == '|';
        if (row && pipes > 0)
            assert_int_equal(here, pipes);
        pipes = row ? here : 0;
        shape.rows += row;
        shape.headings += *line == '#';
    }
    assert_int_equal(fence, 0);
    free(copy);
    return shape;
}

static void hostile_names_change_nothing_around_them(void **state)
{
    (void)state;
    static document *const documents[] = {tg_milestone_validation, tg_milestone_executive,
                                          tg_milestone_quick_reference, tg_milestone_chart_page};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_REJECTED);
        struct tg_text plain = {0}, hostile = {0};
        documents[i](milestone, &plain);
        make_hostile(milestone);
        documents[i](milestone, &hostile);
        struct shape before = shape_of(&plain);
        struct shape after = shape_of(&hostile);
        assert_int_equal(after.headings, before.headings);
        /* Evidence in several lines becomes a block, an SQL remedy is given to each finding, and
         * targets that now say the same share a row. */
        assert_true(after.blocks >= before.blocks);
        assert_true(after.rows > 0);
        tg_text_free(&plain);
        tg_text_free(&hostile);
        tg_sample_milestone_free(milestone);
    }
}

/* ---- decisions ---- */

/* The documents never soften a decision: no line of a rejected one but its criteria, targets and
 * comparisons speaks of approval. */
static void rejected_reads_as_rejected(void **state)
{
    (void)state;
    static document *const documents[] = {tg_milestone_validation, tg_milestone_executive,
                                          tg_milestone_quick_reference, tg_milestone_chart_page};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_REJECTED);
        struct tg_text out = {0};
        documents[i](milestone, &out);
        assert_non_null(strstr(out.data, "**Status: ❌ REJECTED**"));
        assert_null(strstr(out.data, "APPROVED"));
        assert_null(strstr(out.data, "[x] Approved"));
        tg_text_free(&out);
        tg_sample_milestone_free(milestone);
    }
}

/* memory_put of phase steady: 11,988 operations of 645 us on average are 7.73 s; session_get:
 * 48,000 of 70 us are 3.36 s. 7.73 of 11.09 s are 69.7 %, 11,988 of 59,988 operations 20.0 %. */
static void the_share_of_time_is_that_of_the_sums(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_milestone_validation(milestone, &out);
    assert_non_null(strstr(out.data, "`memory_put` |           70% |                 20% |"));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* The signs of the table are explained also where no target's value carries one. */
static void signs_are_explained(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_sample_milestone_run(milestone)->target_count = 0;
    for (size_t i = 0; i < milestone->latency_count; i++)
        milestone->latencies[i].target = NULL;
    tg_milestone_validation(milestone, &out);
    const char *sign = strstr(out.data, "\\~3.37 ms");
    assert_non_null(sign);
    assert_non_null(strstr(sign, "fewer than ten operations lie beyond it"));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* A percentile with no operation beyond it shows as "-" in the table, and the value that the target
 * was held against carries its sign: 50 operations have half of one beyond their p99. */
static void few_operations_are_marked(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_milestone_validation(milestone, &out);
    const char *row = strstr(out.data, "| `sessions_read`");
    assert_non_null(row);
    char *line = tg_format("%.*s", (int)strcspn(row, "\n"), row);
    assert_non_null(strstr(line, "|      \\- |"));
    assert_non_null(strstr(line, ": \\~3.50 ms"));
    free(line);
    tg_text_free(&out);
    tg_milestone_executive(milestone, &out);
    const char *highlights = strstr(out.data, "## Highlights");
    const char *said = strstr(out.data, "sessions_read.p99");
    assert_non_null(highlights);
    assert_true(said > highlights); /* no achievement */
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* A figure of a phase that was interrupted proves nothing: met reads as met nowhere, and the doubt
 * is said. */
static void what_is_in_doubt_is_not_met(void **state)
{
    (void)state;
    static document *const documents[] = {tg_milestone_validation, tg_milestone_executive,
                                          tg_milestone_quick_reference, tg_milestone_chart_page};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
        struct tg_result *run = tg_sample_milestone_run(milestone);
        struct tg_text out = {0};
        for (size_t k = 0; k < run->phase_count; k++)
            run->phases[k].interrupted = true;
        for (size_t k = 0; k < milestone->latency_count; k++)
            milestone->latencies[k].doubt = "it was interrupted";
        for (size_t k = 0; k < milestone->throughput_count; k++)
            milestone->throughputs[k].doubt = "it was interrupted";
        for (size_t k = 0; k < milestone->concurrency_count; k++)
            milestone->concurrency[k].doubt = "it was interrupted";
        milestone->criterion_count = 0;
        documents[i](milestone, &out);
        assert_null(strstr(out.data, "✅ met"));
        assert_null(strstr(out.data, "of the results are met"));
        assert_non_null(strstr(out.data, "⚠️ in doubt"));
        if (documents[i] == tg_milestone_validation)
            assert_non_null(strstr(out.data, "- In doubt, phase burst: it was interrupted [R1]"));
        tg_text_free(&out);
        tg_sample_milestone_free(milestone);
    }
}

static size_t count_of(const struct tg_text *text, const char *what)
{
    size_t count = 0;
    for (const char *at = strstr(text->data, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

/* session_get has 48,000 operations and a p99 of 179 us, memory_put 11,988 and 1.98 ms; of the 50
 * of sessions_read none lies beyond the p99, and their p50 is 1.87 ms. */
static void the_slowest_operation_is_one_of_those_that_can_tell(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_milestone_executive(milestone, &out);
    assert_non_null(strstr(out.data, "- For users: of the 2 operations with enough samples for a "
                                     "p99 the slowest at it is memory_put in phase steady: "));
    assert_non_null(strstr(out.data, "- For users: 1 operation has too few samples for a p99; the "
                                     "slowest by its median (1.87 ms) is sessions_read in phase "
                                     "burst"));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* memory_put, with a target that is in doubt in its first row and one that is not in its second: it
 * is told by the second. */
static void an_operation_is_not_passed_over_for_one_target_in_doubt(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_milestone_row rows[2];
    struct tg_text out = {0};
    for (size_t i = 0; i < milestone->latency_count; i++)
        if (strcmp(milestone->latencies[i].op, "memory_put") == 0)
            rows[0] = rows[1] = milestone->latencies[i];
    rows[0].doubt = "operations that fell due were never started";
    milestone->latencies = rows;
    milestone->latency_count = 2;
    tg_milestone_executive(milestone, &out);
    assert_non_null(strstr(out.data, "- For users: the slowest operation at its p99 is memory_put "
                                     "in phase steady: "));
    assert_null(strstr(out.data, "of those that were started"));
    tg_text_clear(&out);
    /* What is in no histogram is not among the 99 of 100. */
    tg_sample_milestone_run(milestone)->phases[0].offered = 60100;
    tg_sample_milestone_run(milestone)->phases[0].issued = 60000;
    tg_milestone_executive(milestone, &out);
    assert_non_null(strstr(out.data, "99 of 100 within 1.98 ms, of those that were started [R1]"));
    tg_text_clear(&out);
    rows[0].doubt = NULL; /* twice the same: it counts once */
    rows[0].p99_ns = rows[1].p99_ns = NAN;
    tg_milestone_executive(milestone, &out);
    assert_non_null(strstr(out.data, "- For users: 1 operation has too few samples for a p99; "));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* 8,699 of 8,700 lines are 99.99 %, and not all. */
static void nearly_all_is_not_all(void **state)
{
    (void)state;
    static document *const documents[] = {tg_milestone_validation, tg_milestone_executive};
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    milestone->code_coverage.line_rate = 8699. / 8700;
    for (size_t i = 0; i < 2; i++) {
        struct tg_text out = {0};
        documents[i](milestone, &out);
        assert_non_null(strstr(out.data, "Code coverage: 99.9% of the lines"));
        tg_text_free(&out);
    }
    tg_sample_milestone_free(milestone);
}

/* A plan that reaches no table (a list of values, a table-valued function) is no miss: the
 * criterion does not count it either. */
static void plans_without_a_table_are_counted_apart(void **state)
{
    (void)state;
    static struct tg_plan_step values[] = {
        {.kind = TG_STEP_OTHER, .id = 2, .detail = "SCAN CONSTANT ROW"}};
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_sample_milestone_run(milestone)->coverage.statements[1].plan = (struct tg_plan){values, 1};
    tg_milestone_quick_reference(milestone, &out);
    assert_non_null(strstr(out.data, "**1 of 1 statement (100%) reaches its rows by an index or a "
                                     "key**; 1 more reads no table."));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* A list of values that is sorted reads no table, and is sorted all the same. The one statement of
 * the sample that sorts has become another one. */
static void plans_without_a_table_may_sort(void **state)
{
    (void)state;
    static struct tg_plan_step values[] = {
        {.kind = TG_STEP_OTHER, .id = 2, .detail = "SCAN CONSTANT ROW"},
        {.kind = TG_STEP_TEMP_BTREE, .id = 9, .detail = "USE TEMP B-TREE FOR ORDER BY"}};
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_sample_milestone_run(milestone)->coverage.statements[1].plan = (struct tg_plan){values, 2};
    tg_milestone_quick_reference(milestone, &out);
    assert_non_null(strstr(out.data, "1 more reads no table. 1 statement sorts in a temporary "
                                     "B-tree."));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* Two of the targets of a sweep's larger sizes are missed: what is counted are those of the
 * results, and that is said wherever they are. */
static void targets_of_the_results_are_not_all_targets(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    tg_milestone_executive(milestone, &out);
    assert_non_null(strstr(out.data, " 8 of 8 targets of the results met. "));
    assert_non_null(strstr(out.data, "- All 8 targets of the results are met\n"));
    assert_null(strstr(out.data, "Nothing is known to be missing"));
    assert_non_null(strstr(out.data, "- 1 of 6 targets of scale missed at a size that was "
                                     "measured: "));
    tg_text_clear(&out);
    tg_milestone_quick_reference(milestone, &out);
    assert_non_null(strstr(out.data, "\n8 of 8 targets of the results met, "));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* As on the pages of runs: a remedy is what was tried, all else is advice. One of the six issues of
 * the sample was planned again without its index. Only a finding that was written by hand may come
 * without either. */
static void what_was_not_verified_is_advice(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    milestone->findings.items[5].verification =
        "planned again with an index: it sorts all the same";
    tg_milestone_validation(milestone, &out);
    assert_int_equal(count_of(&out, "\nTried: planned again with an index"), 1);
    assert_int_equal(count_of(&out, "\nVerified: "), 1);
    assert_int_equal(count_of(&out, "\nAdvice: "), 5);
    assert_int_equal(count_of(&out, "\nRemedy: remove it"), 1);
    assert_int_equal(count_of(&out, "\nRemedy: "), 1);
    assert_int_equal(count_of(&out, "| advice   |"), 5);
    assert_int_equal(count_of(&out, "| verified |"), 1);
    assert_null(strstr(out.data, "proposed"));
    tg_text_clear(&out);
    tg_milestone_quick_reference(milestone, &out);
    assert_int_equal(count_of(&out, " *Advice:* "), 4); /* of the five that it lists */
    assert_int_equal(count_of(&out, " *Verified:* "), 1);
    assert_null(strstr(out.data, "*Remedy:*"));
    tg_text_clear(&out);
    tg_milestone_executive(milestone, &out);
    assert_non_null(strstr(out.data, "6 issues are open, 1 with a verified remedy\n"));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* Five of many recommendations, without how each was verified: that is in the validation report. */
static void summaries_are_short(void **state)
{
    (void)state;
    static document *const documents[] = {tg_milestone_executive, tg_milestone_quick_reference};
    static struct tg_milestone_advice advice[11];
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    for (size_t i = 0; i < 11; i++)
        advice[i] = (struct tg_milestone_advice){"P3", "do that", true};
    for (size_t i = 0; i < 2; i++) {
        struct tg_text out = {0};
        documents[i](milestone, &out);
        assert_null(strstr(out.data, "planned again"));
        tg_text_free(&out);
    }
    milestone->recommendations = advice;
    milestone->recommendation_count = 11;
    for (size_t i = 0; i < 2; i++) {
        struct tg_text out = {0};
        documents[i](milestone, &out);
        assert_int_equal(count_of(&out, "- P3: do that\n"), 5);
        assert_non_null(strstr(out.data, "6 more recommendations: [validation_report.md]"));
        tg_text_free(&out);
    }
    struct tg_text out = {0};
    tg_milestone_quick_reference(milestone, &out);
    /* A page: lines that are neither empty nor leave no trace, as "[R1]: #sources" does. */
    assert_true(count_of(&out, "\n") - count_of(&out, "\n\n") - count_of(&out, "]: #") <= 85);
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

/* Severity info is about the measurement, not the store. */
static void notes_are_no_issues(void **state)
{
    (void)state;
    struct tg_milestone *milestone = tg_sample_milestone(TG_SAMPLE_APPROVED);
    struct tg_text out = {0};
    for (size_t i = 0; i < milestone->findings.count; i++)
        milestone->findings.items[i].severity = TG_FINDING_INFO;
    tg_milestone_executive(milestone, &out);
    assert_null(strstr(out.data, "open issue"));
    assert_null(strstr(out.data, "are open"));
    assert_non_null(strstr(out.data, "No issue is open."));
    tg_text_clear(&out);
    tg_milestone_quick_reference(milestone, &out);
    assert_null(strstr(out.data, "**Issue"));
    tg_text_free(&out);
    tg_sample_milestone_free(milestone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(approved_with_everything),
        cmocka_unit_test(rejected_with_failures),
        cmocka_unit_test(with_almost_no_data),
        cmocka_unit_test(hostile_names_change_nothing_around_them),
        cmocka_unit_test(rejected_reads_as_rejected),
        cmocka_unit_test(few_operations_are_marked),
        cmocka_unit_test(signs_are_explained),
        cmocka_unit_test(what_is_in_doubt_is_not_met),
        cmocka_unit_test(the_share_of_time_is_that_of_the_sums),
        cmocka_unit_test(the_slowest_operation_is_one_of_those_that_can_tell),
        cmocka_unit_test(an_operation_is_not_passed_over_for_one_target_in_doubt),
        cmocka_unit_test(nearly_all_is_not_all),
        cmocka_unit_test(plans_without_a_table_are_counted_apart),
        cmocka_unit_test(plans_without_a_table_may_sort),
        cmocka_unit_test(targets_of_the_results_are_not_all_targets),
        cmocka_unit_test(what_was_not_verified_is_advice),
        cmocka_unit_test(summaries_are_short),
        cmocka_unit_test(notes_are_no_issues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
