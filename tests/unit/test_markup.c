/* Expected texts are written by hand after CommonMark 0.30 (sections 2.4, 6.1), the GFM table
 * extension (section 4.10), XML 1.0 (section 2.2) and GitHub's workflow commands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reports/layout/markup.h"

typedef void adder(struct tg_text *out, const char *text);

static void check(adder *add, const char *text, const char *expected)
{
    struct tg_text out = {0};
    add(&out, text);
    assert_string_equal(tg_text_string(&out), expected);
    tg_text_free(&out);
}

static void markdown_text_is_no_markup(void **state)
{
    (void)state;
    check(tg_markdown_text, "session_get.p99", "session_get.p99");
    check(tg_markdown_text, "_a_ *b* `c`", "\\_a\\_ \\*b\\* \\`c\\`");
    check(tg_markdown_text, "a|b", "a\\|b");
    check(tg_markdown_text, "<script>&amp;", "\\<script\\>\\&amp;");
    check(tg_markdown_text, "[x](http://y)", "\\[x\\](http://y)");
    check(tg_markdown_text, "two\nlines\r", "two lines ");
    check(tg_markdown_text, "back\\slash", "back\\\\slash");
}

static void markdown_text_begins_no_block(void **state)
{
    (void)state;
    check(tg_markdown_text, "- item", "\\- item");
    check(tg_markdown_text, "-3.5 %", "-3.5 %");
    check(tg_markdown_text, "---", "\\---");
    check(tg_markdown_text, "-", "\\-");
    check(tg_markdown_text, "12. item", "12\\. item");
    check(tg_markdown_text, "12.5 ms", "12.5 ms");
    check(tg_markdown_text, "a - b 1. c", "a - b 1. c");
    check(tg_markdown_text, "# title", "\\# title");
}

static void markdown_text_calls_nobody(void **state)
{
    (void)state;
    check(tg_markdown_text, "@octocat", "@<!-- -->octocat");
    check(tg_markdown_text, "a @ b", "a @ b");
    check(tg_markdown_text, "#12", "\\#<!-- -->12");
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    check(tg_markdown_text, "\xC0\xAF\xED\xA0\x80",
          "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
          "\xEF\xBF\xBD\xEF\xBF\xBD");
    check(tg_markdown_text, "\xC2\xB5s \xE2\x96\x8F \xF0\x9F\x98\x80",
          "\xC2\xB5s \xE2\x96\x8F \xF0\x9F\x98\x80");
    check(tg_xml_text, "cut \xE2\x96", "cut \xEF\xBF\xBD\xEF\xBF\xBD");
    check(tg_xml_text, "\xEF\xBF\xBF\x01", "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void plain_text_is_one_line(void **state)
{
    (void)state;
    check(tg_plain_text, "a*b|<c>", "a*b|<c>");
    check(tg_plain_text, "two\nlines\t\x1b[31m\x7f", "two lines  [31m ");
    check(tg_plain_text, "\xC2\x85\xC2\x9B\xC2\xA0", "  \xC2\xA0"); /* C1, and not NBSP */
    check(tg_plain_text, "\xFF", "\xEF\xBF\xBD");
}

static void code_spans_hold_backticks(void **state)
{
    (void)state;
    check(tg_markdown_code, "SELECT 1", "`SELECT 1`");
    check(tg_markdown_code, "a`b", "``a`b``");
    check(tg_markdown_code, "`a``", "``` `a`` ```");
    check(tg_markdown_code, "a || b", "<code>a \\|\\| b</code>");
    check(tg_markdown_code, "a\nb", "`a b`");
}

static void blocks_outlast_their_content(void **state)
{
    (void)state;
    struct tg_text out = {0};
    tg_markdown_block(&out, "sql", "SELECT 1;\n```\nx");
    assert_string_equal(tg_text_string(&out), "````sql\nSELECT 1;\n```\nx\n````\n");
    tg_text_free(&out);
}

static void xml_is_escaped(void **state)
{
    (void)state;
    check(tg_xml_text, "a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;");
    check(tg_xml_text, "tab\tline\n", "tab\tline\n");
}

static void workflow_commands_are_escaped(void **state)
{
    (void)state;
    check(tg_github_message, "50%\nno: really, no", "50%25%0Ano: really, no");
    check(tg_github_property, "a:b,c\r", "a%3Ab%2Cc%0D");
}

static void tables_are_padded(void **state)
{
    (void)state;
    static const char *const titles[] = {"metric", "p99"};
    static const bool right[] = {false, true};
    struct tg_markdown_table table;
    struct tg_text out = {0};
    tg_markdown_table_init(&table, titles, right, 2);
    tg_markdown_cell(&table, "`get|`");
    tg_markdown_cellf(&table, "%d \xC2\xB5s", 12);
    tg_markdown_cellf(&table, "a|b");
    tg_markdown_cell(&table, NULL);
    tg_markdown_table_end(&table, &out);
    assert_string_equal(tg_text_string(&out), "| metric |   p99 |\n"
                                              "| ------ | ----: |\n"
                                              "| `get|` | 12 \xC2\xB5s |\n"
                                              "| a\\|b   |       |\n\n");
    tg_text_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_text_is_no_markup),
        cmocka_unit_test(markdown_text_begins_no_block),
        cmocka_unit_test(markdown_text_calls_nobody),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced),
        cmocka_unit_test(plain_text_is_one_line),
        cmocka_unit_test(code_spans_hold_backticks),
        cmocka_unit_test(blocks_outlast_their_content),
        cmocka_unit_test(xml_is_escaped),
        cmocka_unit_test(workflow_commands_are_escaped),
        cmocka_unit_test(tables_are_padded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
