/* Markdown as GitHub reads it (GitHub Flavored Markdown 0.29, tables in section 4.10; a comment
 * holds 65,536 characters), HTML as any browser does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>

#include "reports/compare/compare_page.h"
#include "tests/unit/golden.h"
#include "tests/unit/sample_compare.h"
#include "tests/unit/sample_result.h"

static const char made_by[] = "tailgate report compare";

static void markdown(const struct tg_compare_view *view, size_t most_bytes, struct tg_text *text)
{
    tg_text_clear(text);
    tg_compare_markdown(view, made_by, most_bytes, text);
}

static void a_regression(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = sample_compare();
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    check_golden("compare.md", &text);
    tg_text_free(&text);
}

static void a_task(void **state)
{
    (void)state;
    static const char *const positions[] = {
        "session_get.p50: lead held over Neo4j 5.14's published p50 of 27.96 ms"};
    struct tg_text text = {0};
    struct tg_result *run = tg_sample_result();
    struct tg_compare_view view = sample_compare();
    run->id = "memory_store-20251121T000001Z";
    view.run = run;
    view.held_against = true;
    view.gate.task = "001";
    view.gate.competitive = true;
    view.gate.positions = positions;
    view.gate.position_count = 1;
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    check_golden("compare-task.md", &text);
    view.compared = false;
    view.held_against = false;
    view.gate.row_count = view.gate.moved_count = view.gate.position_count = 0;
    view.gate.verdict = "FAIL";
    view.gate.meaning = "in the run after the change: steady: target missed: rate >= 1_300/s";
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    check_golden("compare-run.md", &text);
    run->phases[0].invalid = "the harness could not offer the rate";
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    assert_null(strstr(text.data, "| missed |"));
    assert_non_null(strstr(text.data, "| in doubt |"));
    tg_result_free(run);
    tg_text_free(&text);
}

/* Without the style sheet, whose changes are of no interest here. */
static void the_page(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_text plain = {0};
    struct tg_compare_view view = sample_compare();
    tg_compare_html(&view, made_by, &text);
    const char *begin = strstr(text.data, "<style>");
    const char *end = strstr(text.data, "</style>");
    assert_true(begin && end);
    tg_text_add_bytes(&plain, text.data, (size_t)(begin - text.data));
    tg_text_add(&plain, end);
    check_golden("compare.html", &plain);
    tg_text_free(&plain);
    tg_text_free(&text);
}

/* ---- the first lines ---- */

static void the_verdict_is_the_first_line(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = sample_compare();
    view.gate.meaning = "in the run after the change, of which there is so much to say that it "
                        "does not fit into a line: steady: target missed: and more of the kind";
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    assert_true(tg_starts_with(text.data, "### ✗ REGRESSION\n<!-- made by: "));
    assert_true(tg_page_made_by(text.data, made_by));
    assert_non_null(strstr(text.data, view.gate.meaning));
    view = hostile_compare();
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    assert_true(tg_page_made_by(text.data, made_by));
    tg_text_free(&text);
}

/* The hidden comment by which a program finds its own: the line after the mark. */
static char *marker(const struct tg_compare_view *view)
{
    struct tg_text text = {0};
    markdown(view, TG_COMMENT_MOST_BYTES, &text);
    char *line = strstr(text.data, "<!-- tailgate compare: ");
    assert_non_null(line);
    char *found = tg_format("%.*s", (int)strcspn(line, "\n"), line);
    tg_text_free(&text);
    return found;
}

static void check_marker(const struct tg_compare_view *view, const char *expected)
{
    char *found = marker(view);
    assert_string_equal(found, expected);
    free(found);
}

static void a_comment_is_found_again(void **state)
{
    (void)state;
    struct tg_compare_view view = sample_compare();
    check_marker(&view, "<!-- tailgate compare: memory_store/steady -->");
    view.gate.id = "memory_store-20251122T000000Z"; /* the next comparison: the same comment */
    view.gate.good = true;
    check_marker(&view, "<!-- tailgate compare: memory_store/steady -->");
    view.gate.task = "001-a";
    check_marker(&view, "<!-- tailgate compare: 001%2Da -->");
    view.gate.competitive = true;
    check_marker(&view, "<!-- tailgate compare: 001%2Da competitive -->");
    view = hostile_compare();
    char *hostile = marker(&view);
    assert_ptr_equal(strstr(hostile, "-->"), hostile + strlen(hostile) - 3);
    free(hostile);
}

/* ---- limits ---- */

static void a_comment_fits(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    static struct tg_gate_row rows[MANY];
    struct tg_text text = {0};
    struct tg_compare_view view = sample_compare();
    for (size_t i = 0; i < MANY; i++)
        rows[i] = sample_rows[i % SAMPLE_ROWS];
    view.gate.rows = rows;
    view.gate.row_count = MANY;
    markdown(&view, TG_COMMENT_MOST_BYTES, &text);
    assert_true(text.length <= TG_COMMENT_MOST_BYTES);
    assert_non_null(strstr(text.data, "\nLeft out, because there is no room here: "));
    assert_non_null(strstr(text.data, "`tailgate report compare --comparison "
                                      "memory_store-20251121T000000Z --format html`"));
    assert_non_null(strstr(text.data, "<summary>How it was measured</summary>"));
    assert_null(strstr(text.data, "<summary>All metrics</summary>"));
    /* 167 of each of the first four kinds, 166 of the last two (1000 = 6 * 166 + 4); 20 of the
     * 333 regressions are shown, and none of the others: 8 rows are taken. */
    assert_non_null(strstr(text.data, "\n980 more metrics: 313 regression, 167 inconclusive, "
                                      "167 not gated, 166 improvement, 167 pass.\n"));
    /* With room for all there is all of it. */
    markdown(&view, SIZE_MAX, &text);
    assert_null(strstr(text.data, "Left out"));
    assert_non_null(strstr(text.data, "<summary>All metrics</summary>"));
    tg_text_free(&text);
}

/* The least important first, until there is nothing left to leave out. */
static void parts_go_in_order(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = sample_compare();
    markdown(&view, SIZE_MAX, &text);
    size_t whole = text.length;
    markdown(&view, whole, &text); /* the note is reckoned with */
    assert_non_null(strstr(text.data, "no room here: Changes with their intervals and margins. "));
    markdown(&view, 0, &text);
    assert_null(strstr(text.data, "<details>"));
    assert_non_null(strstr(text.data, "; What to do next. "));
    assert_non_null(strstr(text.data, "| **regression** |"));
    tg_text_free(&text);
}

static void endless_names_fit(void **state)
{
    (void)state;
    enum { LONG = 20000 };
    static char name[LONG + 1];
    static struct tg_gate_row rows[30];
    struct tg_text text = {0};
    struct tg_result *run = tg_sample_result();
    struct tg_compare_view view = sample_compare();
    for (size_t i = 0; i < LONG; i++)
        name[i] = i % 2 ? 'a' : '@'; /* the longest when escaped */
    for (size_t i = 0; i < 30; i++) {
        rows[i] = sample_rows[1];
        rows[i].metric = name;
        rows[i].note = name;
    }
    for (size_t i = 0; i < run->reason_count; i++)
        run->reasons[i] = name;
    view.run = run;
    view.gate.rows = rows;
    view.gate.row_count = 30;
    view.gate.scenario = view.gate.phase = view.gate.before = view.gate.after = name;
    view.gate.meaning = name;
    markdown(&view, TG_COMPARE_LEAST_BYTES, &text);
    assert_true(text.length <= TG_COMPARE_LEAST_BYTES);
    tg_result_free(run);
    tg_text_free(&text);
}

/* ---- hostile names ---- */

/* Cells of a line of a table: bars that no backslash stands before. */
static size_t count_cells(const char *line, size_t length)
{
    size_t cells = 0;
    for (size_t i = 0; i < length; i++)
        cells += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    return cells;
}

static void hostile_names_stay_in_their_cells(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_compare_view view = hostile_compare();
    size_t previous = 0;
    size_t rows = 0;
    markdown(&view, SIZE_MAX, &text);
    for (const char *line = text.data; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        size_t length = strcspn(line, "\n");
        size_t cells = *line == '|' ? count_cells(line, length) : 0;
        if (cells > 0 && previous > 0)
            assert_int_equal(cells, previous);
        previous = cells;
        rows += cells > 0;
    }
    assert_in_range(rows, 20, 100);
    assert_null(strstr(text.data, "\x1b"));
    tg_text_free(&text);
}

/* Every tag of the page is one of those that it is made of, and has no attribute but these. */
static void hostile_names_give_no_elements(void **state)
{
    (void)state;
    static const char allowed[] =
        " !DOCTYPE !-- html head meta title style body main h1 h2 h3 h4 p div table thead tbody tr "
        "th td ul li pre code strong span details summary figure figcaption img ";
    struct tg_text text = {0};
    struct tg_compare_view view = hostile_compare();
    tg_compare_html(&view, made_by, &text);
    size_t tags = 0;
    for (const char *at = strchr(text.data, '<'); at; at = strchr(at + 1, '<')) {
        const char *name = at + (at[1] == '/' ? 2 : 1);
        size_t length = 0;
        while (isalnum((unsigned char)name[length]) || strchr("!-", name[length]))
            length++;
        char *word = tg_format(" %.*s ", (int)length, name);
        if (length == 0 || !strstr(allowed, word))
            fail_msg("an element that the page does not have: %.40s", at);
        free(word);
        const char *close = strchr(at, '>');
        assert_non_null(close);
        for (const char *on = strstr(at, " on"); on; on = NULL)
            assert_true(on > close || !strchr(on, '='));
        tags++;
    }
    assert_true(tags > 100);
    assert_non_null(strstr(text.data, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    tg_text_free(&text);
}

int main(void)
{
    /* No gnuplot: pages then have the charts in characters, the same everywhere. */
    setenv("PATH", "/nonexistent", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_regression),
        cmocka_unit_test(a_task),
        cmocka_unit_test(the_page),
        cmocka_unit_test(the_verdict_is_the_first_line),
        cmocka_unit_test(a_comment_is_found_again),
        cmocka_unit_test(a_comment_fits),
        cmocka_unit_test(parts_go_in_order),
        cmocka_unit_test(endless_names_fit),
        cmocka_unit_test(hostile_names_stay_in_their_cells),
        cmocka_unit_test(hostile_names_give_no_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
