/* Pages about runs and index coverage. The golden files were looked at, the HTML ones in a browser,
 * before they were committed. Without gnuplot, so that they are the same everywhere. */
#include "golden.h"

#include <unistd.h>

#include "reports/index/coverage_page.h"
#include "reports/run/run_page.h"
#include "reports/run/run_text.h"
#include "sample_result.h"
#include "sample_sweep.h"

static const char sample_id[] = "memory_store-20251121T000000Z";

static void check_page(enum tg_page_format format, const char *golden)
{
    struct tg_result *result = tg_sample_result();
    struct tg_finding_limits limits = tg_finding_limits_default();
    struct tg_text out = {0};
    result->id = sample_id;
    tg_run_page(result, &limits, format, &out);
    check_golden(golden, &out);
    tg_text_free(&out);
    tg_result_free(result);
}

static void a_run(void **state)
{
    (void)state;
    check_page(TG_PAGE_MARKDOWN, "report-run.md");
    check_page(TG_PAGE_HTML, "report-run.html");
}

/* What a phase missed or met that says nothing about the store, as a page shows it and as a text.
 */
static void targets_in_doubt(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    struct tg_finding_limits limits = tg_finding_limits_default();
    struct tg_text out = {0};
    result->phases[0].invalid = "the harness could not offer the rate";
    tg_run_page(result, &limits, TG_PAGE_MARKDOWN, &out);
    assert_null(strstr(out.data, "MISSED"));
    assert_null(strstr(out.data, "needs a look"));
    assert_non_null(strstr(out.data, "| in doubt | `rate` "));
    assert_non_null(strstr(out.data, "| in doubt | `session_get.p99` "));
    assert_non_null(strstr(out.data, "| met      | `sessions_read.p99` "));
    tg_text_clear(&out);
    tg_report_run(result, 100, false, &out);
    assert_null(strstr(out.data, "MISSED"));
    assert_non_null(strstr(out.data, "IN DOUBT  steady  rate "));
    tg_text_free(&out);
    tg_result_free(result);
}

static void index_coverage(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    struct tg_text out = {0};
    tg_index_page(&result->coverage, "memory_store", "scenarios/m.toml", TG_PAGE_MARKDOWN, &out);
    check_golden("report-index.md", &out);
    tg_text_free(&out);
    tg_result_free(result);
}

static void a_sweep(void **state)
{
    (void)state;
    struct tg_result *runs[SAMPLE_SIZES];
    struct tg_finding_limits limits = tg_finding_limits_default();
    struct tg_arena arena = {0};
    struct tg_text out = {0};
    tg_sample_sweep(runs);
    struct tg_sweep_view sweep =
        tg_sweep_view_make((const struct tg_result *const *)runs, SAMPLE_SIZES, &arena);
    tg_sweep_page(&sweep, &limits, TG_PAGE_MARKDOWN, &out);
    check_golden("report-sweep.md", &out);
    cJSON *json = tg_sweep_report_json(&sweep, &limits);
    const char *kind = "";
    assert_true(tg_json_get_string(tg_json_get(json, "sweep"), "kind", &kind));
    assert_string_equal(kind, TG_SWEEP_KIND);
    assert_true(cJSON_IsArray(tg_json_get(json, "findings")));
    cJSON_Delete(json);
    tg_text_free(&out);
    tg_arena_free(&arena);
    tg_sample_sweep_free(runs);
}

static void documents(void **state)
{
    (void)state;
    struct tg_result *result = tg_sample_result();
    struct tg_finding_limits limits = tg_finding_limits_default();
    result->id = sample_id;
    cJSON *json = tg_run_report_json(result, &limits);
    char *printed = tg_json_print(json);
    struct tg_text text = {0};
    tg_text_add(&text, printed);
    assert_null(strstr(printed, "\"hdr\""));
    assert_non_null(strstr(printed, "\"p99_9_ns\""));
    char *kind = tg_format("\"kind\": \"%s\"", TG_RUN_REPORT_KIND);
    assert_non_null(strstr(printed, kind));
    assert_true(strstr(printed, kind) - printed < TG_PAGE_MARK_BYTES);
    free(kind);
    tg_text_free(&text);
    free(printed);
    cJSON_Delete(json);
    json = tg_index_report_json(&result->coverage, "memory_store", "scenarios/m.toml");
    const cJSON *sum = tg_json_get(json, "sum");
    int64_t number = -1;
    assert_true(tg_json_get_int64(sum, "table_scans", &number));
    assert_int_equal(number, 1); /* as the sample says: one search, one scan that sorts */
    assert_true(tg_json_get_int64(sum, "searches", &number));
    assert_int_equal(number, 1);
    assert_true(tg_json_get_int64(sum, "sorts", &number));
    assert_int_equal(number, 1);
    assert_true(tg_json_get_int64(sum, "unused_indexes", &number));
    assert_int_equal(number, 1);
    cJSON_Delete(json);
    tg_result_free(result);
}

/* Whatever a scenario is called, the page stays what it is. */
static void names_cannot_break_out(void **state)
{
    (void)state;
    static const char name[] = "</title><script>alert(1)</script>\"'|`@you\n# x \xC3\x28";
    struct tg_result *result = tg_sample_result();
    struct tg_finding_limits limits = tg_finding_limits_default();
    struct tg_text html = {0}, markdown = {0};
    result->scenario = name;
    result->phases[0].name = name;
    result->phases[0].ops[0].name = name;
    result->targets[0].text = name;
    result->coverage.statements[0].owner = name;
    result->coverage.statements[0].sql = name;
    tg_run_page(result, &limits, TG_PAGE_HTML, &html);
    assert_null(strstr(html.data, "<script>"));
    assert_null(strstr(html.data, "</title><"));
    tg_run_page(result, &limits, TG_PAGE_MARKDOWN, &markdown);
    assert_null(strstr(markdown.data, "\n# x"));
    assert_null(strstr(markdown.data, " @you"));
    tg_text_free(&html);
    tg_text_free(&markdown);
    result->coverage.statements[0].owner = "session_get"; /* static in the sample */
    result->coverage.statements[0].sql = "SELECT * FROM sessions WHERE id = :id";
    tg_result_free(result);
}

/* ---- the page itself ---- */

static void nothing_runs_and_nothing_is_fetched(void **state)
{
    (void)state;
    struct tg_page page;
    struct tg_text out = {0};
    tg_page_begin(&page, TG_PAGE_HTML, "tailgate report x", "T", &out);
    tg_page_figure(&page, "a \"title\"", "<svg a='#b'>\xC2\xB5%</svg>", "text", "caption");
    tg_page_end(&page);
    assert_non_null(strstr(out.data, "default-src 'none'"));
    assert_null(strstr(out.data, "http://"));
    assert_null(strstr(out.data, "https://"));
    assert_null(strstr(out.data, "<svg"));
    assert_non_null(strstr(out.data, "src=\"data:image/svg+xml,%3Csvg a='%23b'%3E%C2%B5%25%3C/svg"
                                     "%3E\" alt=\"a &quot;title&quot;\""));
    tg_text_free(&out);
}

static void folds_that_are_open_are_closed(void **state)
{
    (void)state;
    struct tg_page page;
    struct tg_text out = {0};
    tg_page_begin(&page, TG_PAGE_MARKDOWN, "tailgate report x", "T", &out);
    tg_page_fold(&page, "a <b> @you #1");
    tg_page_fold(&page, "inner");
    tg_page_end(&page);
    assert_string_equal(out.data,
                        "<!-- made by: tailgate report x -->\n# T\n\n"
                        "<details>\n<summary>a &lt;b&gt; @<!-- -->you #<!-- -->1</summary>"
                        "\n\n<details>\n<summary>inner</summary>\n\n"
                        "</details>\n\n</details>\n\n");
    tg_text_free(&out);
}

static void tables_in_both(void **state)
{
    (void)state;
    static const struct tg_page_column columns[] = {{.title = "a", .code = true},
                                                    {.title = "n", .right = true}};
    struct tg_text html = {0}, markdown = {0};
    struct tg_page pages[] = {{.format = TG_PAGE_HTML, .out = &html},
                              {.format = TG_PAGE_MARKDOWN, .out = &markdown}};
    for (int i = 0; i < 2; i++) {
        struct tg_page_table table;
        tg_page_table(&pages[i], &table, columns, 2);
        tg_cellf(&table, "%s", "x<y");
        tg_cell_toned(&table, TG_TONE_BAD, "12");
        tg_cellf(&table, "%s", "");
        tg_cellf(&table, "-");
        tg_page_table_end(&table);
        tg_page_table(&pages[i], &table, columns, 2); /* without a row: nothing */
        tg_page_table_end(&table);
    }
    assert_string_equal(markdown.data, "| a     |   n |\n| ----- | --: |\n| `x<y` |  12 |\n"
                                       "|       |   - |\n\n");
    assert_non_null(strstr(html.data, "<td><code>x&lt;y</code></td><td class=\"n bad\">12</td>"));
    tg_text_free(&html);
    tg_text_free(&markdown);
}

static void files_are_known_by_their_mark(void **state)
{
    (void)state;
    struct tg_page page;
    for (int format = 0; format < 2; format++) {
        struct tg_text out = {0};
        tg_page_begin(&page, (enum tg_page_format)format, "tailgate report run", "T", &out);
        assert_true(tg_page_made_by(out.data, "tailgate report run"));
        assert_false(tg_page_made_by(out.data, "tailgate report"));
        assert_false(tg_page_made_by(out.data, "tailgate report runs"));
        tg_text_free(&out);
    }
    assert_false(tg_page_made_by("made by: tailgate report run", "tailgate report run"));
    assert_false(tg_page_made_by("", "tailgate report run"));
}

int main(void)
{
    setenv("PATH", "/nonexistent", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run),
        cmocka_unit_test(targets_in_doubt),
        cmocka_unit_test(index_coverage),
        cmocka_unit_test(a_sweep),
        cmocka_unit_test(documents),
        cmocka_unit_test(names_cannot_break_out),
        cmocka_unit_test(nothing_runs_and_nothing_is_fetched),
        cmocka_unit_test(folds_that_are_open_are_closed),
        cmocka_unit_test(tables_in_both),
        cmocka_unit_test(files_are_known_by_their_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
