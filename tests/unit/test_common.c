#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/hash.h"
#include "common/json.h"
#include "common/text.h"

/* ---- text ---- */

static void a_text_grows_and_stays_terminated(void **state)
{
    (void)state;
    struct tg_text text = {0};
    assert_string_equal(tg_text_string(&text), "");
    tg_text_add(&text, "");
    assert_string_equal(text.data, "");
    for (int i = 0; i < 1000; i++)
        tg_text_addf(&text, "%d,", i % 10);
    assert_int_equal(text.length, 2000);
    assert_int_equal(strlen(text.data), 2000);
    assert_memory_equal(text.data + 1990, "5,6,7,8,9,", 10);
    tg_text_clear(&text);
    assert_string_equal(tg_text_string(&text), "");
    tg_text_pad(&text, '-', 3);
    tg_text_pad(&text, '-', 0);
    tg_text_add_bytes(&text, "a\0b", 3);
    assert_int_equal(text.length, 6);
    assert_memory_equal(text.data, "---a\0b", 7);
    tg_text_free(&text);
    assert_null(text.data);
    assert_int_equal(text.length, 0);
}

static void widths_are_those_of_a_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"abc", 3},
        {"1.5 µs", 6},
        {"∞", 1},
        {"e\xCC\x81", 1}, /* e and a combining acute accent */
        {"日本", 4},      /* East Asian wide */
        {"한국", 4},
        {"ｶﾅ", 2}, /* half-width katakana */
        {"😀", 2},
        {"\xFF\xFE", 2}, /* no UTF-8 at all: a column a byte */
        {"\xC3", 1},     /* cut off */
        {"\xE2\x82", 2}, /* cut off: two malformed bytes */
        {"a\xC0\xAF"
         "b",
         4}, /* an overlong encoding is malformed */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(tg_text_width(cases[i].text), cases[i].width);
}

static const char *nearest(const char *name)
{
    static const char *const names[] = {"rate", "workers", "warmup", "arrival", "count", "for"};
    return tg_nearest_name(name, names, sizeof names / sizeof *names);
}

static void a_misspelt_name_finds_the_one_that_was_meant(void **state)
{
    (void)state;
    assert_string_equal(nearest("ratee"), "rate"); /* one letter too many */
    assert_string_equal(nearest("rte"), "rate");   /* one missing */
    assert_string_equal(nearest("raet"), "rate");  /* neighbours swapped */
    assert_string_equal(nearest("RATE"), "rate");  /* case does not count */
    assert_string_equal(nearest("wrokers"), "workers");
    assert_string_equal(nearest("arivall"), "arrival"); /* two of seven letters */
    assert_string_equal(nearest("fro"), "for");
    assert_string_equal(nearest("fo"), "for"); /* one letter is always allowed */
    assert_null(nearest("duration"));
    assert_null(nearest("xxte")); /* two of four are too many */
    assert_null(nearest(""));
    assert_null(tg_nearest_name("rate", NULL, 0));
    char longer[200];
    memset(longer, 'r', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_null(nearest(longer));
}

static void the_nearest_of_several_wins(void **state)
{
    (void)state;
    const char *const names[] = {"abcdxy", "abcdez", "abcdef"};
    assert_string_equal(tg_nearest_name("abcdef", names, 3), "abcdef");
    assert_string_equal(tg_nearest_name("abcdeq", names, 3), "abcdez"); /* the first of equals */
}

static void prefixes_and_suffixes(void **state)
{
    (void)state;
    assert_true(tg_starts_with("tailgate", "tail"));
    assert_true(tg_starts_with("tailgate", ""));
    assert_false(tg_starts_with("tail", "tailgate"));
    assert_true(tg_ends_with("x.toml", ".toml"));
    assert_true(tg_ends_with("x", ""));
    assert_false(tg_ends_with("toml", ".toml"));
}

static void formatted_texts_are_whole(void **state)
{
    (void)state;
    char *text = tg_format("%0500d|%s", 7, "end");
    assert_int_equal(strlen(text), 504);
    assert_string_equal(text + 500, "|end");
    free(text);
}

/* ---- arena ---- */

static void an_arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = tg_arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    unsigned char *large = tg_arena_array(&arena, 1000, 1000);
    assert_int_equal(large[0] | large[999999], 0);
    tg_arena_free(&arena);
    assert_null(arena.newest);
    tg_arena_free(&arena);
}

static void allocations_do_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    struct tg_arena arena = {0};
    uint32_t *numbers[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        numbers[i] = tg_arena_alloc(&arena, sizeof **numbers * (1 + i % 5));
        *numbers[i] = i;
    }
    for (uint32_t i = 0; i < COUNT; i++)
        assert_int_equal(*numbers[i], i);
    tg_arena_free(&arena);
}

static void an_arena_that_was_reset_keeps_its_largest_block(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    tg_arena_reset(&arena);
    assert_null(arena.newest);
    memset(tg_arena_alloc(&arena, 3000), 0xFF, 3000);
    memset(tg_arena_alloc(&arena, 100000), 0xFF, 100000);
    struct tg_arena_block *largest = arena.newest;
    tg_arena_reset(&arena);
    assert_ptr_equal(arena.newest, largest);
    const unsigned char *again = tg_arena_alloc(&arena, 90000);
    assert_ptr_equal(arena.newest, largest); /* no new block */
    for (size_t i = 0; i < 90000; i++)
        assert_int_equal(again[i], 0);
    tg_arena_free(&arena);
}

static void an_arena_copies_texts(void **state)
{
    (void)state;
    struct tg_arena arena = {0};
    char original[] = "text";
    const char *copy = tg_arena_strdup(&arena, original);
    original[0] = 'T';
    assert_string_equal(copy, "text");
    assert_string_equal(tg_arena_format(&arena, "%d-%s", 42, "x"), "42-x");
    assert_memory_equal(tg_arena_memdup(&arena, "a\0b", 3), "a\0b", 4);
    assert_string_equal(tg_arena_memdup(&arena, NULL, 0), "");
    tg_arena_free(&arena);
}

/* ---- diagnostics ---- */

static void diagnostics_own_what_they_say(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    char path[] = "a.toml";
    struct tg_diag *diag =
        tg_diag_error(&diags, (struct tg_place){path, 3, 5}, "unknown key \"%s\"", "ratee");
    tg_diag_hint(diag, "first");
    tg_diag_hint(diag, "did you mean \"%s\"?", "rate");
    path[0] = 'x';
    tg_diag_add(&diags, TG_SEVERITY_WARNING, (struct tg_place){0}, "w");
    assert_int_equal(tg_diag_errno(&diags, "f", 2, "cannot open"), TG_SYSTEM);
    assert_int_equal(diags.count, 3);
    assert_int_equal(diags.errors, 2);
    assert_string_equal(diags.items[0].path, "a.toml");
    assert_int_equal(diags.items[0].line, 3);
    assert_int_equal(diags.items[0].column, 5);
    assert_string_equal(diags.items[0].message, "unknown key \"ratee\"");
    assert_string_equal(diags.items[0].hint, "did you mean \"rate\"?");
    assert_null(diags.items[1].path);
    assert_null(diags.items[1].hint);
    /* 2 is ENOENT everywhere. */
    assert_string_equal(diags.items[2].message, "cannot open: No such file or directory");
    tg_diags_free(&diags);
    assert_int_equal(diags.count, 0);
    tg_diags_free(&diags);
}

static void diagnostics_sort_by_place_and_stay_stable(void **state)
{
    (void)state;
    static const struct tg_place places[] = {
        {"b", 1, 1}, {"a", 9, 1},  {"a", 2, 7}, {"a", 0, 0}, {"a", 2, 3},
        {"a", 2, 7}, {NULL, 0, 0}, {"a", 0, 0}, {"b", 1, 1},
    };
    /* Indices in the order that is wanted: no path, then a: whole file, 2:3, 2:7, 9:1, then b. */
    static const char *const wanted = "637425108";
    struct tg_diags diags = {0};
    for (int i = 0; i < 9; i++)
        tg_diag_error(&diags, places[i], "%d", i);
    tg_diags_sort(&diags);
    for (size_t i = 0; i < 9; i++)
        assert_int_equal(diags.items[i].message[0], wanted[i]);
    tg_diags_free(&diags);
    tg_diags_sort(&diags);
}

/* ---- hash: expected values by coreutils' sha256sum ---- */

static void check_hash(const void *bytes, size_t length, const char *expected)
{
    struct tg_hash hash;
    char digest[TG_HASH_TEXT];
    tg_hash_init(&hash);
    tg_hash_bytes(&hash, bytes, length);
    tg_hash_end(&hash, digest);
    assert_string_equal(digest, expected);
}

static void hashes_are_those_of_sha256sum(void **state)
{
    (void)state;
    check_hash("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_hash("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    /* printf 'a%.0s' {1..1000000} | sha256sum */
    char *million = tg_calloc(1, 1000000);
    memset(million, 'a', 1000000);
    check_hash(million, 1000000,
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    struct tg_hash hash;
    char digest[TG_HASH_TEXT];
    tg_hash_init(&hash);
    for (size_t at = 0; at < 1000000; at += 333)
        tg_hash_bytes(&hash, million + at, at + 333 <= 1000000 ? 333 : 1000000 - at);
    tg_hash_end(&hash, digest);
    assert_string_equal(digest, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

static void numbers_and_fields_enter_the_same_on_every_platform(void **state)
{
    (void)state;
    struct tg_hash hash;
    char digest[TG_HASH_TEXT];
    tg_hash_init(&hash);
    tg_hash_u64(&hash, UINT64_C(0x0102030405060708));
    tg_hash_end(&hash, digest);
    /* printf '\x08\x07\x06\x05\x04\x03\x02\x01' | sha256sum */
    assert_string_equal(digest, "380b980886b7a3e726b5c2776160d7842b8f139eaea1e6acf7442cdf890e6287");
    tg_hash_init(&hash);
    tg_hash_string(&hash, "ab");
    tg_hash_field(&hash, "c", 1);
    tg_hash_end(&hash, digest);
    /* printf '\x02\0\0\0\0\0\0\0ab\x01\0\0\0\0\0\0\0c' | sha256sum */
    assert_string_equal(digest, "43ee655579de01ca739b3f95c1c2d3f46d353b2c0df818064ea594506cdb2617");
}

/* ---- JSON ---- */

static cJSON *parse(const char *text, struct tg_diags *diags)
{
    return tg_json_parse(text, strlen(text), "x.json", diags);
}

static void check_json_refused(const char *text, int line, int column)
{
    struct tg_diags diags = {0};
    assert_null(parse(text, &diags));
    assert_int_equal(diags.errors, 1);
    assert_string_equal(diags.items[0].path, "x.json");
    assert_int_equal(diags.items[0].line, line);
    assert_int_equal(diags.items[0].column, column);
    tg_diags_free(&diags);
}

static void json_is_read_strictly(void **state)
{
    (void)state;
    check_json_refused("", 1, 1);
    check_json_refused("{\"a\":1} x", 1, 9);
    check_json_refused("{\"a\":1}\n\n{}", 3, 1);
    check_json_refused("{\"a\": [1,\n 2, oops]}", 2, 5);
    check_json_refused("{\"a\":1,\"b\":{\"c\":1,\"c\":2}}", 0, 0);
    check_json_refused("[{\"k\":1},{\"k\":1,\"K\":2,\"k\":1}]", 0, 0);
    struct tg_diags diags = {0};
    assert_null(tg_json_parse("{}\0{}", 5, "x", &diags)); /* a NUL is not white space */
    tg_diags_free(&diags);
    char *deep = tg_calloc(1, 100001);
    memset(deep, '[', 100000);
    assert_null(parse(deep, &diags));
    tg_diags_free(&diags);
    free(deep);
    cJSON *json = parse(" {\"a\": 1, \"A\": 2}\r\n\t ", &diags);
    assert_non_null(json);
    cJSON_Delete(json);
    json = parse("7", &diags);
    assert_non_null(json);
    cJSON_Delete(json);
}

/* A hostile document must not take quadratic time: a hundred thousand keys are read at once. */
static void many_keys_are_no_problem(void **state)
{
    (void)state;
    struct tg_text text = {0};
    struct tg_diags diags = {0};
    tg_text_add(&text, "{\"0\":0");
    for (int i = 1; i < 100000; i++)
        tg_text_addf(&text, ",\"%d\":0", i);
    tg_text_add(&text, "}");
    cJSON *json = tg_json_parse(text.data, text.length, "x", &diags);
    assert_non_null(json);
    cJSON_Delete(json);
    text.data[text.length - 1] = ',';
    tg_text_add(&text, "\"77777\":1}");
    assert_null(tg_json_parse(text.data, text.length, "x", &diags));
    tg_diags_free(&diags);
    tg_text_free(&text);
}

static void json_readers_insist_on_name_and_type(void **state)
{
    (void)state;
    struct tg_diags diags = {0};
    cJSON *json =
        parse("{\"Name\":\"n\",\"int\":9007199254740991,\"big\":\"9223372036854775807\","
              "\"low\":\"-9223372036854775808\",\"over\":\"9223372036854775808\","
              "\"half\":1.5,\"huge\":1e999,\"far\":9007199254740992,\"yes\":true,"
              "\"null\":null,\"empty\":\"\",\"trail\":\"12x\",\"space\":\" 12\",\"plus\":\"+12\"}",
              &diags);
    assert_non_null(json);
    const char *text = "untouched";
    int64_t number = 77;
    double real = 77;
    bool flag = false;
    assert_false(tg_json_get_string(json, "name", &text)); /* case counts */
    assert_false(tg_json_get_string(json, "int", &text));
    assert_false(tg_json_get_string(json, "null", &text));
    assert_string_equal(text, "untouched");
    assert_true(tg_json_get_string(json, "Name", &text));
    assert_string_equal(text, "n");
    static const char *const no_integers[] = {"over",  "half",  "huge",  "far",  "yes",   "null",
                                              "empty", "trail", "space", "plus", "absent"};
    for (size_t i = 0; i < sizeof no_integers / sizeof *no_integers; i++)
        assert_false(tg_json_get_int64(json, no_integers[i], &number));
    assert_int_equal(number, 77);
    assert_true(tg_json_get_int64(json, "int", &number));
    assert_true(number == INT64_C(9007199254740991));
    assert_true(tg_json_get_int64(json, "big", &number));
    assert_true(number == INT64_MAX);
    assert_true(tg_json_get_int64(json, "low", &number));
    assert_true(number == INT64_MIN);
    assert_false(tg_json_get_double(json, "huge", &real));
    assert_false(tg_json_get_double(json, "Name", &real));
    assert_true(tg_json_get_double(json, "half", &real) && real == 1.5);
    assert_false(tg_json_get_bool(json, "int", &flag));
    assert_true(tg_json_get_bool(json, "yes", &flag) && flag);
    cJSON_Delete(json);
}

static void json_is_written_to_be_read(void **state)
{
    (void)state;
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "text", "a \"b\"\n\x01µ");
    tg_json_add_string(json, "none", NULL);
    tg_json_add_double(json, "tenth", 0.1);
    tg_json_add_double(json, "third", 1.0 / 3);
    tg_json_add_double(json, "sum", 0.1 + 0.2);
    tg_json_add_double(json, "large", 1e300);
    tg_json_add_double(json, "nan", 0.0 / 0.0);
    tg_json_add_double(json, "inf", 1.0 / 0.0);
    tg_json_add_int64(json, "small", INT64_C(-9007199254740991));
    tg_json_add_int64(json, "big", INT64_MAX);
    tg_json_add_bool(json, "yes", true);
    cJSON *list = tg_json_add(json, "list", tg_json_array());
    tg_json_push(list, cJSON_CreateNumber(1));
    tg_json_push(list, tg_json_object());
    char *text = tg_json_print(json);
    /* The digits of the fractions are those of Python's repr. */
    assert_string_equal(text, "{\n"
                              "  \"text\": \"a \\\"b\\\"\\n\\u0001µ\",\n"
                              "  \"none\": null,\n"
                              "  \"tenth\": 0.1,\n"
                              "  \"third\": 0.3333333333333333,\n"
                              "  \"sum\": 0.30000000000000004,\n"
                              "  \"large\": 1e+300,\n"
                              "  \"nan\": null,\n"
                              "  \"inf\": null,\n"
                              "  \"small\": -9007199254740991,\n"
                              "  \"big\": \"9223372036854775807\",\n"
                              "  \"yes\": true,\n"
                              "  \"list\": [\n"
                              "    1,\n"
                              "    {}\n"
                              "  ]\n"
                              "}\n");
    free(text);
    cJSON_Delete(json);
}

/* An element of an array goes on one line when it holds nothing nested and takes 120 columns at
 * most. */
static void json_puts_the_rows_of_a_table_on_lines(void **state)
{
    (void)state;
    cJSON *json = tg_json_object();
    cJSON *rows = tg_json_add(json, "rows", tg_json_array());
    tg_json_add_double(tg_json_push(rows, tg_json_object()), "x\n", 0.5);
    tg_json_push(tg_json_push(rows, tg_json_array()), cJSON_CreateNull());
    cJSON *pair = tg_json_push(rows, tg_json_array());
    tg_json_push(pair, cJSON_CreateNumber(1));
    tg_json_push(pair, cJSON_CreateNumber(2));
    tg_json_push(tg_json_push(rows, tg_json_array()), tg_json_object());
    tg_json_push(pair = tg_json_push(rows, tg_json_array()), cJSON_CreateNumber(1));
    tg_json_push(tg_json_push(pair, tg_json_array()), cJSON_CreateNumber(2));
    cJSON *only = tg_json_add(json, "no row", tg_json_object());
    tg_json_add_bool(only, "yes", true);
    char *text = tg_json_print(json);
    assert_string_equal(text, "{\n"
                              "  \"rows\": [\n"
                              "    {\"x\\n\": 0.5},\n"
                              "    [null],\n"
                              "    [1, 2],\n"
                              "    [{}],\n"
                              "    [\n"
                              "      1,\n"
                              "      [2]\n"
                              "    ]\n"
                              "  ],\n"
                              "  \"no row\": {\n"
                              "    \"yes\": true\n"
                              "  }\n"
                              "}\n");
    free(text);
    cJSON_Delete(json);
}

/* The lines of an array with one element, {"k": "xxx..."}, that takes `columns`. */
static size_t lines_of_row(size_t columns)
{
    struct tg_text value = {0};
    tg_text_pad(&value, 'x', columns - strlen("{\"k\": \"\"}"));
    cJSON *json = tg_json_array();
    tg_json_add_string(tg_json_push(json, tg_json_object()), "k", value.data);
    char *text = tg_json_print(json);
    size_t lines = 0;
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    free(text);
    cJSON_Delete(json);
    tg_text_free(&value);
    return lines;
}

static void json_rows_have_a_width(void **state)
{
    (void)state;
    assert_int_equal(lines_of_row(120), 3);
    assert_int_equal(lines_of_row(121), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows_and_stays_terminated),
        cmocka_unit_test(widths_are_those_of_a_terminal),
        cmocka_unit_test(a_misspelt_name_finds_the_one_that_was_meant),
        cmocka_unit_test(the_nearest_of_several_wins),
        cmocka_unit_test(prefixes_and_suffixes),
        cmocka_unit_test(formatted_texts_are_whole),
        cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(allocations_do_not_overlap),
        cmocka_unit_test(an_arena_that_was_reset_keeps_its_largest_block),
        cmocka_unit_test(an_arena_copies_texts),
        cmocka_unit_test(diagnostics_own_what_they_say),
        cmocka_unit_test(diagnostics_sort_by_place_and_stay_stable),
        cmocka_unit_test(hashes_are_those_of_sha256sum),
        cmocka_unit_test(numbers_and_fields_enter_the_same_on_every_platform),
        cmocka_unit_test(json_is_read_strictly),
        cmocka_unit_test(many_keys_are_no_problem),
        cmocka_unit_test(json_readers_insist_on_name_and_type),
        cmocka_unit_test(json_is_written_to_be_read),
        cmocka_unit_test(json_puts_the_rows_of_a_table_on_lines),
        cmocka_unit_test(json_rows_have_a_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
