#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "common/json.h"
#include "runner/workload/digits.h"
#include "runner/workload/gen.h"
#include "tests/unit/chi_square.h"

#define TEXT(string)                                                                               \
    {                                                                                              \
        .type = TG_VALUE_TEXT, .length = sizeof(string) - 1, .bytes = (string)                     \
    }
#define ALL                                                                                        \
    {                                                                                              \
        .kind = TG_DIST_SEQUENTIAL, .over = UINT64_MAX                                             \
    }

static struct tg_arena arena;
static struct tg_arena scratch;
static const struct tg_gen_scope no_loads = {.seed = 7};

static int free_arenas(void **state)
{
    (void)state;
    tg_arena_free(&arena);
    tg_arena_free(&scratch);
    return 0;
}

static const struct tg_gen *compiled(const struct tg_gen_spec *spec)
{
    return tg_gen_compile(&arena, spec, &no_loads, "place");
}

static struct tg_value at(const struct tg_gen *gen, uint64_t index)
{
    return tg_gen_value(gen, index, &scratch);
}

static void assert_text(struct tg_value value, const char *text)
{
    assert_int_equal(value.type, TG_VALUE_TEXT);
    assert_string_equal(value.bytes, text);
    assert_int_equal(value.length, strlen(text));
}

/* ---- numbers as text ---- */

static void formats_are_told_from_other_texts(void **state)
{
    (void)state;
    static const char *const valid[] = {"%d",     "sess_%08d", "%5i%%", "%%%x", "%#X",
                                        "%-6.3u", "% d",       "%+o",   "%.d",  "%1000d"};
    static const char *const invalid[] = {
        "",     "plain", "%",   "%s", "%d%d", "%ld",    "%*d",     "%d%",
        "%.*d", "%5",    "%%d", "%f", "%hhd", "%1001d", "%.9999d", "%99999999999d"};
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        assert_true(tg_format_valid(valid[i]));
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        assert_false(tg_format_valid(invalid[i]));
}

/* The reference is the C library's snprintf with the length modifier that `as` leaves out. */
static void formats_write_what_printf_writes(void **state)
{
    (void)state;
    static const char *const flags[] = {"",   "-",  "0",  "+",  " ",  "#",
                                        "-0", "+0", " 0", "#0", "#-", "-+"};
    static const char *const sizes[] = {"",   "1",   "8",   "25",   ".0",
                                        ".3", ".22", "8.3", "12.0", "2.9"};
    static const int64_t numbers[] = {0,  1,   -1,   7,         8,         -42,
                                      99, 255, 4096, INT64_MAX, INT64_MIN, 1234567890123};
    for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            for (const char *conversion = "diuxXo"; *conversion; conversion++) {
                char as[40], full[40], expected[80];
                snprintf(as, sizeof as, "a%%%%%%%s%s%cz", flags[f], sizes[s], *conversion);
                snprintf(full, sizeof full, "a%%%%%%%s%sll%cz", flags[f], sizes[s], *conversion);
                struct tg_int_format format;
                assert_true(tg_int_format_parse(&format, as, &arena));
                for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
                    uint32_t length;
                    const char *text = tg_int_format_write(&format, numbers[n], &scratch, &length);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                    snprintf(expected, sizeof expected, full, (long long)numbers[n]);
#pragma GCC diagnostic pop
                    assert_string_equal(text, expected);
                    assert_int_equal(length, strlen(expected));
                }
            }
}

static void reals_have_six_decimals(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0, "0.000000"},
        {0.5, "0.500000"},
        {-0.25, "-0.250000"},
        {1.9999996, "2.000000"},
        {123456.000001, "123456.000001"},
        {-1e-9, "-0.000000"},
        {2251799813685248.5, "2251799813685248.500000"},
        {9007199254740993.0, "9007199254740992.000000"},
        {0x1p62, "4611686018427387904.000000"},
        {0x1p63, "922337203685477632e1"}, /* the double nearest to 2^63 / 10 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[TG_REAL_TEXT];
        const size_t length = tg_digits_real(text, cases[i].number);
        assert_int_equal(length, strlen(cases[i].text));
        assert_memory_equal(text, cases[i].text, length);
    }
    /* A huge number keeps its first digits and has room. */
    char text[TG_REAL_TEXT + 1];
    text[tg_digits_real(text, -0x1p1023)] = '\0';
    assert_true(fabs(strtod(text, NULL) / -0x1p1023 - 1) < 1e-12);
}

/* ---- simple generators ---- */

static void integers_are_min_plus_step_times_draw(void **state)
{
    (void)state;
    struct tg_gen_spec spec = {.kind = TG_GEN_INT, .dist = ALL, .min = -5, .step = 3};
    assert_int_equal(at(compiled(&spec), 4).integer, 7);
    spec.as = "user_%03d";
    assert_text(at(compiled(&spec), 4), "user_007");
    spec.dist = (struct tg_dist_spec){.kind = TG_DIST_UNIFORM, .over = 11};
    spec.as = NULL;
    spec.step = 1;
    const struct tg_gen *gen = compiled(&spec);
    uint64_t counts[11] = {0};
    double p[11];
    for (uint64_t i = 0; i < 50000; i++)
        counts[at(gen, i).integer + 5]++;
    for (size_t i = 0; i < 11; i++)
        p[i] = 1.0 / 11;
    assert_true(chi_square_fits(counts, p, 11));
}

static void next_starts_where_the_scope_says(void **state)
{
    (void)state;
    const struct tg_gen_spec spec = {
        .kind = TG_GEN_INT, .dist = {.kind = TG_DIST_NEXT, .over = 1}, .min = 1, .step = 1};
    struct tg_gen_scope scope = no_loads;
    scope.next_first = 5000;
    const struct tg_gen *gen = tg_gen_compile(&arena, &spec, &scope, "place");
    assert_int_equal(at(gen, 3).integer, 5004);
}

static void floats_are_uniform_or_normal(void **state)
{
    (void)state;
    enum { BINS = 20, HALF = 10, COUNT = 50000 };
    const struct tg_gen_spec uniform = {.kind = TG_GEN_FLOAT, .float_min = -2, .float_max = 3};
    const struct tg_gen_spec normal = {
        .kind = TG_GEN_FLOAT, .float_normal = true, .mean = 10, .sd = 2};
    const struct tg_gen *u = compiled(&uniform);
    const struct tg_gen *n = compiled(&normal);
    uint64_t u_counts[BINS] = {0}, n_counts[BINS] = {0};
    double u_p[BINS], n_p[BINS];
    for (uint64_t i = 0; i < COUNT; i++) {
        const double x = at(u, i).real;
        assert_true(x >= -2 && x < 3);
        u_counts[(size_t)((x + 2) * 4)]++;
        /* Bins of a quarter of the standard deviation around the mean, the outer ones open. */
        const double bin = floor((at(n, i).real - 10) / 0.5) + HALF;
        n_counts[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : (size_t)bin]++;
    }
    for (int i = 0; i < BINS; i++) {
        const double low = i == 0 ? -INFINITY : (i - HALF) * 0.25;
        const double high = i == BINS - 1 ? INFINITY : (i + 1 - HALF) * 0.25;
        u_p[i] = 1.0 / BINS;
        n_p[i] = 0.5 * (erf(high / sqrt(2)) - erf(low / sqrt(2)));
    }
    assert_true(chi_square_fits(u_counts, u_p, BINS));
    assert_true(chi_square_fits(n_counts, n_p, BINS));
    /* So narrow an interval that rounding would reach its end. */
    const struct tg_gen_spec narrow = {
        .kind = TG_GEN_FLOAT, .float_min = 1, .float_max = nextafter(1, 2)};
    for (uint64_t i = 0; i < 100; i++)
        assert_true(at(compiled(&narrow), i).real == 1);
}

static void booleans_constants_and_returned(void **state)
{
    (void)state;
    const struct tg_gen_spec boolean = {.kind = TG_GEN_BOOL, .probability = 0.3};
    const struct tg_gen *gen = compiled(&boolean);
    uint64_t counts[2] = {0};
    for (uint64_t i = 0; i < 50000; i++)
        counts[at(gen, i).integer]++;
    assert_true(chi_square_fits(counts, (const double[]){0.7, 0.3}, 2));
    const struct tg_gen_spec constant = {.kind = TG_GEN_CONST, .constant = TEXT("fr")};
    assert_text(at(compiled(&constant), 9), "fr");
    const struct tg_gen_spec returned = {.kind = TG_GEN_RETURNED, .column = "id"};
    assert_int_equal(at(compiled(&returned), 9).type, TG_VALUE_NULL);
}

static void choices_follow_their_weights(void **state)
{
    (void)state;
    const struct tg_gen_choice choices[] = {
        {TEXT("a"), 7}, {{.type = TG_VALUE_INT, .integer = 5}, 0}, {TEXT("b"), 3}};
    const struct tg_gen_spec spec = {.kind = TG_GEN_CHOICE, .choices = choices, .choice_count = 3};
    const struct tg_gen *gen = compiled(&spec);
    uint64_t counts[2] = {0};
    for (uint64_t i = 0; i < 50000; i++) {
        const struct tg_value value = at(gen, i);
        assert_int_equal(value.type, TG_VALUE_TEXT);
        counts[value.bytes[0] == 'b']++;
    }
    assert_true(chi_square_fits(counts, (const double[]){0.7, 0.3}, 2));
}

static void nulls_leave_the_other_values_alone(void **state)
{
    (void)state;
    struct tg_gen_spec spec = {
        .kind = TG_GEN_INT, .dist = {.kind = TG_DIST_UNIFORM, .over = 1000000}, .step = 1};
    const struct tg_gen *plain = compiled(&spec);
    struct tg_gen_spec with_nulls = spec;
    with_nulls.null_fraction = 0.3;
    const struct tg_gen *gen = compiled(&with_nulls);
    uint64_t counts[2] = {0};
    uint64_t tenths[10] = {0};
    double even[10];
    for (uint64_t i = 0; i < 50000; i++) {
        const struct tg_value value = at(gen, i);
        counts[value.type == TG_VALUE_NULL]++;
        if (value.type == TG_VALUE_NULL)
            continue;
        assert_int_equal(value.integer, at(plain, i).integer);
        tenths[value.integer / 100000]++;
    }
    for (size_t i = 0; i < 10; i++)
        even[i] = 0.1;
    assert_true(chi_square_fits(counts, (const double[]){0.7, 0.3}, 2));
    assert_true(chi_square_fits(tenths, even, 10)); /* NULLs do not choose among the values */
    with_nulls.null_fraction = 1;
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(at(compiled(&with_nulls), i).type, TG_VALUE_NULL);
}

/* ---- text ---- */

static void texts_are_words_of_the_exact_length(void **state)
{
    (void)state;
    uint64_t letters[26] = {0};
    uint64_t spaces = 0, all = 0;
    for (uint64_t length = 0; length <= 100; length++) {
        const struct tg_gen_spec spec = {
            .kind = TG_GEN_TEXT, .min_length = (uint32_t)length, .max_length = (uint32_t)length};
        const struct tg_gen *gen = compiled(&spec);
        for (uint64_t i = 0; i < 200; i++) {
            const struct tg_value text = at(gen, 200 * length + i);
            assert_int_equal(text.length, length);
            assert_int_equal(text.bytes[length], '\0');
            for (uint32_t c = 0; c < length; c++) {
                if (text.bytes[c] == ' ') {
                    assert_true(c > 0 && c + 1 < length && text.bytes[c - 1] != ' ');
                    spaces++;
                } else {
                    assert_true(text.bytes[c] >= 'a' && text.bytes[c] <= 'z');
                    letters[text.bytes[c] - 'a']++;
                }
                all++;
            }
        }
        tg_arena_reset(&scratch);
    }
    /* A space is a number from 26 on (6 of 32) after another one (26 of 32): 15.2 %, a little less
     * because of the ends. */
    assert_true(spaces > all * 14 / 100 && spaces < all * 155 / 1000);
    for (size_t i = 0; i < 26; i++)
        assert_true(letters[i] > all * 3 / 100);
    /* Ends that fall on a space become an e, so the rest of the alphabet shows the evenness. */
    double even[20];
    for (size_t i = 0; i < 20; i++)
        even[i] = 1.0 / 20;
    assert_true(chi_square_fits(letters + 6, even, 20));
    tg_arena_reset(&scratch);
}

static void text_lengths_are_drawn(void **state)
{
    (void)state;
    const struct tg_gen_spec spec = {
        .kind = TG_GEN_TEXT, .min_length = 5, .max_length = 14, .dist = {.kind = TG_DIST_UNIFORM}};
    const struct tg_gen *gen = compiled(&spec);
    uint64_t counts[10] = {0};
    double p[10];
    for (uint64_t i = 0; i < 20000; i++)
        counts[at(gen, i).length - 5]++;
    for (size_t i = 0; i < 10; i++)
        p[i] = 0.1;
    assert_true(chi_square_fits(counts, p, 10));
}

/* ---- timestamps ---- */

/* The reference is the C library's gmtime_r. */
static void timestamps_are_iso_texts(void **state)
{
    (void)state;
    struct tg_gen_spec spec = {
        .kind = TG_GEN_TIMESTAMP, .dist = ALL, .start_unix_ns = INT64_C(1735689600000000000)};
    spec.step = 1000000000;
    assert_text(at(compiled(&spec), 0), "2025-01-01T00:00:00Z");
    assert_text(at(compiled(&spec), 5097600), "2025-03-01T00:00:00Z"); /* 59 days on */
    spec.step = 1500000;
    assert_text(at(compiled(&spec), 1), "2025-01-01T00:00:00.001Z");
    spec.step = 1500000000;
    assert_text(at(compiled(&spec), 1), "2025-01-01T00:00:01.500Z");
    spec.step = INT64_C(86400000000000);
    spec.start_unix_ns = INT64_C(-9200000000000000000); /* 1678 */
    const struct tg_gen *gen = compiled(&spec);
    const uint64_t last = 212000;
    for (uint64_t day = 0; day < last; day += 1 + day % 3) {
        char expected[32];
        const time_t second = -9200000000 + (time_t)day * 86400;
        struct tm tm;
        gmtime_r(&second, &tm);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm);
        assert_text(at(gen, day), expected);
        tg_arena_reset(&scratch);
    }
}

static void timestamps_can_be_numbers(void **state)
{
    (void)state;
    struct tg_gen_spec spec = {.kind = TG_GEN_TIMESTAMP,
                               .dist = ALL,
                               .start_unix_ns = -1500000000,
                               .step = 1000000,
                               .time_form = TG_TIME_UNIX_S};
    assert_int_equal(at(compiled(&spec), 0).integer, -2);
    assert_int_equal(at(compiled(&spec), 1500).integer, 0);
    spec.time_form = TG_TIME_UNIX_MS;
    assert_int_equal(at(compiled(&spec), 0).integer, -1500);
    assert_int_equal(at(compiled(&spec), 2).integer, -1498);
    spec.time_form = TG_TIME_ISO;
    assert_text(at(compiled(&spec), 0), "1969-12-31T23:59:58.500Z");
}

/* ---- JSON ---- */

static void json_documents_are_valid(void **state)
{
    (void)state;
    const struct tg_gen_spec number = {.kind = TG_GEN_INT, .dist = ALL, .step = 1};
    const struct tg_gen_spec real = {.kind = TG_GEN_CONST,
                                     .constant = {.type = TG_VALUE_FLOAT, .real = 0.125}};
    const struct tg_gen_spec text = {.kind = TG_GEN_CONST,
                                     .constant = TEXT("a\"b\\c\n\x01 d\xc3\xa9")};
    const struct tg_gen_spec yes = {.kind = TG_GEN_BOOL, .probability = 1};
    const struct tg_gen_spec no = {.kind = TG_GEN_BOOL, .probability = 0};
    const struct tg_gen_spec nothing = {.kind = TG_GEN_BOOL, .null_fraction = 1};
    const struct tg_gen_spec vector = {.kind = TG_GEN_VECTOR, .dims = 1};
    const struct tg_gen_field inner_fields[] = {{"n", &number}};
    const struct tg_gen_spec inner = {
        .kind = TG_GEN_JSON, .fields = inner_fields, .field_count = 1, .count = 3};
    const struct tg_gen_spec none = {
        .kind = TG_GEN_JSON, .fields = inner_fields, .field_count = 1, .count = 0};
    const struct tg_gen_spec empty = {.kind = TG_GEN_JSON, .count = -1};
    const struct tg_gen_field fields[] = {
        {"number", &number}, {"real", &real},       {"te\"xt", &text}, {"yes", &yes},
        {"no", &no},         {"nothing", &nothing}, {"inner", &inner}, {"none", &none},
        {"empty", &empty},   {"vector", &vector}};
    const struct tg_gen_spec spec = {
        .kind = TG_GEN_JSON, .fields = fields, .field_count = 10, .count = -1};
    const struct tg_value value = at(compiled(&spec), 2);
    const char *vector_text = strstr(value.bytes, "\"vector\":[-") ? "[-1.000000]" : "[1.000000]";
    char expected[400];
    snprintf(expected, sizeof expected, "%s%s}",
             "{\"number\":2,\"real\":0.125000,\"te\\\"xt\":\"a\\\"b\\\\c\\u000a\\u0001 d\xc3\xa9\","
             "\"yes\":true,\"no\":false,\"nothing\":null,\"inner\":[{\"n\":6},{\"n\":7},{\"n\":8}],"
             "\"none\":[],\"empty\":{},\"vector\":",
             vector_text);
    assert_text(value, expected);

    /* cJSON reads back what was meant. */
    struct tg_diags diags = {0};
    cJSON *json = tg_json_parse(value.bytes, value.length, "value", &diags);
    assert_non_null(json);
    const char *read = NULL;
    assert_true(tg_json_get_string(json, "te\"xt", &read));
    assert_string_equal(read, "a\"b\\c\n\x01 d\xc3\xa9");
    cJSON_Delete(json);
    tg_diags_free(&diags);
}

/* ---- picks ---- */

static void picks_give_the_loaded_values(void **state)
{
    (void)state;
    enum { ROWS = 50, TWICE = 100 };
    const struct tg_gen_named users[] = {
        {"id", {.kind = TG_GEN_INT, .dist = ALL, .min = 100, .step = 1}},
        {"name", {.kind = TG_GEN_TEXT, .min_length = 10, .max_length = 10, .null_fraction = 0.2}},
    };
    const struct tg_gen_named posts[] = {
        {"author",
         {.kind = TG_GEN_PICK,
          .table = "users",
          .column = "id",
          .dist = {.kind = TG_DIST_ZIPF, .theta = 0.99}}},
        {"chain",
         {.kind = TG_GEN_PICK,
          .table = "posts",
          .column = "author",
          .as = "u%04d",
          .dist = {.kind = TG_DIST_LATEST, .theta = 1.5}}},
    };
    const struct tg_load_spec loads[] = {{"users", ROWS, users, 2}, {"posts", ROWS, posts, 2}};
    const struct tg_gen_scope scope = {.seed = 7, .loads = loads, .load_count = 2};
    const struct tg_gen *name = tg_gen_compile(&arena, &users[1].spec, &scope, "load/users/name");
    const struct tg_gen *author =
        tg_gen_compile(&arena, &posts[0].spec, &scope, "load/posts/author");
    const struct tg_gen *chain = tg_gen_compile(&arena, &posts[1].spec, &scope, "load/posts/chain");

    uint64_t counts[ROWS] = {0};
    for (uint64_t i = 0; i < 20000; i++) {
        const int64_t id = at(author, i).integer;
        assert_in_range(id, 100, 100 + ROWS - 1);
        counts[id - 100]++;
    }
    double p[ROWS], sum = 0;
    for (size_t i = 0; i < ROWS; i++)
        sum += p[i] = pow((double)i + 1, -0.99);
    for (size_t i = 0; i < ROWS; i++)
        p[i] /= sum;
    assert_true(chi_square_fits(counts, p, ROWS));

    /* One after the other, every row's name comes back, NULLs included. */
    const struct tg_gen_spec walk = {.kind = TG_GEN_PICK,
                                     .table = "users",
                                     .column = "name",
                                     .dist = {.kind = TG_DIST_SEQUENTIAL}};
    const struct tg_gen *walker = tg_gen_compile(&arena, &walk, &scope, "phase/p/op/name");
    for (uint64_t i = 0; i < TWICE; i++) {
        const struct tg_value loaded = at(name, i % ROWS);
        const struct tg_value picked = at(walker, i);
        assert_int_equal(picked.type, loaded.type);
        if (loaded.type == TG_VALUE_TEXT)
            assert_string_equal(picked.bytes, loaded.bytes);
    }

    /* A pick of a pick: some author of some post, formatted; text stays as it is. */
    for (uint64_t i = 0; i < 100; i++) {
        const struct tg_value value = at(chain, i);
        bool known = false;
        for (uint64_t row = 0; row < ROWS && !known; row++) {
            char expected[16];
            snprintf(expected, sizeof expected, "u%04d", (int)at(author, row).integer);
            known = strcmp(expected, value.bytes) == 0;
        }
        assert_true(known);
    }
    struct tg_gen_spec text = walk;
    text.as = "%d";
    const struct tg_value same = at(tg_gen_compile(&arena, &text, &scope, "phase/p/op/name"), 0);
    assert_int_equal(same.type, at(walker, 0).type);
}

/* What is popular for one is popular for all: the scrambling belongs to the workload. */
static void scrambled_places_share_their_hot_numbers(void **state)
{
    (void)state;
    const struct tg_gen_spec spec = {.kind = TG_GEN_INT,
                                     .dist = {.kind = TG_DIST_HOTSET,
                                              .over = 1000,
                                              .hot = 0.001,
                                              .hot_share = 1,
                                              .scrambled = true},
                                     .step = 1};
    const struct tg_gen *a = tg_gen_compile(&arena, &spec, &no_loads, "phase/p/a/id");
    const struct tg_gen *b = tg_gen_compile(&arena, &spec, &no_loads, "phase/p/b/id");
    assert_int_equal(at(a, 0).integer, at(b, 1).integer);
    assert_int_equal(at(a, 0).integer, tg_permute(tg_random_key(7, "scramble"), 1000, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_told_from_other_texts),
        cmocka_unit_test(formats_write_what_printf_writes),
        cmocka_unit_test(reals_have_six_decimals),
        cmocka_unit_test(integers_are_min_plus_step_times_draw),
        cmocka_unit_test(next_starts_where_the_scope_says),
        cmocka_unit_test(floats_are_uniform_or_normal),
        cmocka_unit_test(booleans_constants_and_returned),
        cmocka_unit_test(choices_follow_their_weights),
        cmocka_unit_test(nulls_leave_the_other_values_alone),
        cmocka_unit_test(texts_are_words_of_the_exact_length),
        cmocka_unit_test(text_lengths_are_drawn),
        cmocka_unit_test(timestamps_are_iso_texts),
        cmocka_unit_test(timestamps_can_be_numbers),
        cmocka_unit_test(json_documents_are_valid),
        cmocka_unit_test(picks_give_the_loaded_values),
        cmocka_unit_test(scrambled_places_share_their_hot_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, free_arenas);
}
