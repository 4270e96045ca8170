#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/file.h"
#include "runner/histogram/log.h"
#include "tests/unit/hdr_manifest.h"

#define CORPUS "tests/corpus/histogram/"
#define EMPTY "HISTFAAAACF42pNpmSzMwMDAyAABzFAayGd2M9ixgMH+A1QEAFKmBEw=" /* made by Java */

/* Where the next line of the manifest is, and how many were compared. */
struct manifest {
    char *at;
    int lines;
};

static enum tg_status compare_line(void *context, const struct tg_hdr_log_line *line)
{
    struct manifest *manifest = context;
    char *expected;
    do
        assert_true(manifest_next_line(&manifest->at, &expected));
    while (!tg_starts_with(expected, "log="));
    char value[MANIFEST_FIELD];
    manifest_field(expected, "tag", value);
    assert_string_equal(line->tag, value);
    manifest_field(expected, "start", value);
    assert_true(line->start_s == strtod(value, NULL));
    manifest_field(expected, "length", value);
    assert_true(line->length_s == strtod(value, NULL));
    assert_true(manifest_assert_figures(expected, line->hdr) >= 15);
    manifest->lines++;
    return TG_OK;
}

/* Compares a reference's log with its manifest; returns the number of lines. */
static int check_log(const char *folder, double expected_base_s)
{
    char *path = tg_path_join(folder, "manifest.txt");
    struct tg_text text = manifest_read_file(path);
    free(path);
    path = tg_path_join(folder, "tagged.hlog");
    struct tg_text log = manifest_read_file(path);
    struct manifest manifest = {text.data, 0};
    struct tg_diags diags = {0};
    double start_s;
    double base_s;
    enum tg_status status = tg_hdr_log_read(log.data, log.length, path, &start_s, &base_s,
                                            compare_line, &manifest, &diags);
    if (status != TG_OK)
        fail_msg("%s:%d: %s", path, diags.items[0].line, diags.items[0].message);
    assert_true(start_s == 1760000000.250);
    assert_true(base_s == expected_base_s);
    free(path);
    tg_text_free(&text);
    tg_text_free(&log);
    return manifest.lines;
}

static void reads_the_log_that_java_wrote(void **state)
{
    (void)state;
    assert_int_equal(check_log(CORPUS "java", 1760000000.250), 9);
}

static void reads_the_log_that_javascript_wrote(void **state)
{
    (void)state;
    assert_int_equal(check_log(CORPUS "javascript", 0), 6); /* it writes no base time */
}

static void writes_the_lines_of_format_1_3(void **state)
{
    (void)state;
    struct tg_text log = {0};
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    tg_hdr_log_header(&log, "first\nsecond", INT64_C(1441812279474));
    tg_hdr_log_interval(&log, "get", 0.127, 1.007, hdr);
    tg_hdr_record(hdr, 2769000);
    tg_hdr_log_interval(&log, NULL, 1.134, 0.999, hdr);
    /* Header lines as in the documentation of HdrHistogram's HistogramLogReader; the date is
     * `date -u -d @1441812279`. The maximum is in ms. */
    static const char expected[] =
        "#first\n#second\n"
        "#[Histogram log format version 1.3]\n"
        "#[StartTime: 1441812279.474 (seconds since epoch), 2015-09-09T15:24:39Z]\n"
        "#[BaseTime: 1441812279.474 (seconds since epoch)]\n"
        "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_"
        "Histogram\"\n"
        "Tag=get,0.127,1.007,0.000,HISTFAAAA";
    assert_memory_equal(log.data, expected, sizeof(expected) - 1);
    const char *second = strchr(log.data + sizeof(expected), '\n');
    assert_non_null(second);
    static const char untagged[] = "\n1.134,0.999,2.769,HISTFAAAA";
    assert_memory_equal(second, untagged, sizeof(untagged) - 1);
    assert_int_equal(log.data[log.length - 1], '\n');
    free(hdr);
    tg_text_free(&log);
}

/* What a test saw of a log. */
struct seen {
    int lines;
    int64_t total;
    double last_start_s;
    char last_tag[TG_HDR_TAG];
    enum tg_status answer;
};

static enum tg_status see(void *context, const struct tg_hdr_log_line *line)
{
    struct seen *seen = context;
    seen->lines++;
    seen->total += line->hdr->total;
    seen->last_start_s = line->start_s;
    memcpy(seen->last_tag, line->tag, sizeof(seen->last_tag));
    return seen->answer;
}

static void reads_what_it_wrote(void **state)
{
    (void)state;
    struct tg_text log = {0};
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    tg_hdr_log_header(&log, NULL, 500);
    for (int i = 0; i < 20; i++) {
        tg_hdr_record(hdr, i);
        tg_hdr_log_interval(&log, i % 2 == 0 ? NULL : "put", i * 0.05, 0.05, hdr);
    }
    struct seen seen = {0};
    struct tg_diags diags = {0};
    double start_s;
    double base_s;
    assert_int_equal(
        tg_hdr_log_read(log.data, log.length, "x", &start_s, &base_s, see, &seen, &diags), TG_OK);
    assert_int_equal(seen.lines, 20);
    assert_int_equal(seen.total, 20 * 21 / 2);
    assert_true(seen.last_start_s == 0.95);
    assert_string_equal(seen.last_tag, "put");
    assert_true(start_s == 0.5 && base_s == 0.5);
    free(hdr);
    tg_text_free(&log);
}

static void reads_bare_lines_of_older_formats(void **state)
{
    (void)state;
    static const char log[] = "# a comment\r\n\r\n0.1,0.2,0.000," EMPTY "\r\n  \n"
                              "-3,1e1,  0.5," EMPTY; /* no newline at the end */
    struct seen seen = {0};
    struct tg_diags diags = {0};
    double start_s;
    assert_int_equal(tg_hdr_log_read(log, sizeof(log) - 1, "x", &start_s, NULL, see, &seen, &diags),
                     TG_OK);
    assert_int_equal(seen.lines, 2);
    assert_true(seen.last_start_s == -3);
    assert_true(start_s == 0);
}

static void stops_when_the_callback_says_so(void **state)
{
    (void)state;
    static const char log[] = "0,1,0," EMPTY "\n1,1,0," EMPTY "\n";
    struct seen seen = {.answer = TG_INTERRUPTED};
    struct tg_diags diags = {0};
    assert_int_equal(tg_hdr_log_read(log, sizeof(log) - 1, "x", NULL, NULL, see, &seen, &diags),
                     TG_INTERRUPTED);
    assert_int_equal(seen.lines, 1);
    assert_int_equal(diags.count, 0);
}

static void malformed_lines_are_errors_with_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int column;
        const char *message;
    } cases[] = {
        {"0,1,0", 6, "histogram cut short: 0 bytes"},
        {"zero,1,0," EMPTY, 1, "the start of the interval is not a number"},
        {"0,,0," EMPTY, 3, "the length of the interval is not a number"},
        {"0,0x10,0," EMPTY, 3, "the length of the interval is not a number"},
        {"0,1,inf," EMPTY, 5, "the maximum of the interval is not a number"},
        {"0,1,1e999," EMPTY, 5, "the maximum of the interval is not a number"},
        {"0,1,0," EMPTY ",", 7, "histogram is not valid base64"},
        {"0,1,0," EMPTY " ", 7, "histogram is not valid base64"},
        {"Tag=a,0,1,0,AAAA", 13, "histogram cut short: 3 bytes"},
        {"Tag=,0,1,0," EMPTY, 5, "a tag must not be empty and holds no white space"},
        {"Tag=a b,0,1,0," EMPTY, 5, "a tag must not be empty and holds no white space"},
        {"#[StartTime: soon]", 14, "the time of the log is not a number"},
        {"#[BaseTime: ", 13, "the time of the log is not a number"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *log = tg_format("0,1,0," EMPTY "\n%s\n0,1,0," EMPTY "\n", cases[i].line);
        struct seen seen = {0};
        struct tg_diags diags = {0};
        assert_int_equal(
            tg_hdr_log_read(log, strlen(log), "x.hlog", NULL, NULL, see, &seen, &diags),
            TG_INVALID);
        assert_int_equal(seen.lines, 1);
        assert_int_equal(diags.count, 1);
        assert_string_equal(diags.items[0].message, cases[i].message);
        assert_string_equal(diags.items[0].path, "x.hlog");
        assert_int_equal(diags.items[0].line, 2);
        assert_int_equal(diags.items[0].column, cases[i].column);
        tg_diags_free(&diags);
        free(log);
    }
}

static void a_nul_in_a_tag_is_an_error(void **state)
{
    (void)state;
    static const char log[] = "Tag=a\0b,0,1,0," EMPTY "\n";
    struct seen seen = {0};
    struct tg_diags diags = {0};
    assert_int_equal(tg_hdr_log_read(log, sizeof(log) - 1, "x", NULL, NULL, see, &seen, &diags),
                     TG_INVALID);
    assert_int_equal(diags.items[0].column, 5);
    tg_diags_free(&diags);
}

static void tags_of_up_to_127_bytes_are_read(void **state)
{
    (void)state;
    for (size_t length = TG_HDR_TAG - 1; length <= TG_HDR_TAG; length++) {
        struct tg_text log = {0};
        tg_text_add(&log, "Tag=");
        tg_text_pad(&log, 't', length);
        tg_text_add(&log, ",0,1,0," EMPTY "\n");
        struct seen seen = {0};
        struct tg_diags diags = {0};
        enum tg_status status =
            tg_hdr_log_read(log.data, log.length, "x", NULL, NULL, see, &seen, &diags);
        assert_int_equal(status, length < TG_HDR_TAG ? TG_OK : TG_INVALID);
        assert_int_equal(strlen(seen.last_tag), length < TG_HDR_TAG ? length : 0);
        tg_diags_free(&diags);
        tg_text_free(&log);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_log_that_java_wrote),
        cmocka_unit_test(reads_the_log_that_javascript_wrote),
        cmocka_unit_test(writes_the_lines_of_format_1_3),
        cmocka_unit_test(reads_what_it_wrote),
        cmocka_unit_test(reads_bare_lines_of_older_formats),
        cmocka_unit_test(stops_when_the_callback_says_so),
        cmocka_unit_test(malformed_lines_are_errors_with_a_place),
        cmocka_unit_test(a_nul_in_a_tag_is_an_error),
        cmocka_unit_test(tags_of_up_to_127_bytes_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
