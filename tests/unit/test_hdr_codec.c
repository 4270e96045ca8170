#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "common/file.h"
#include "runner/histogram/codec.h"
#include "tests/unit/hdr_manifest.h"

#define CORPUS "tests/corpus/histogram/"

static struct tg_hdr *decode(const char *path)
{
    struct tg_text text = manifest_read_file(path);
    struct tg_diags diags = {0};
    struct tg_place at = {path, 0, 0};
    struct tg_hdr *hdr;
    enum tg_status status = tg_ends_with(path, ".base64")
                                ? tg_hdr_decode_base64(text.data, text.length, at, &hdr, &diags)
                                : tg_hdr_decode(text.data, text.length, at, &hdr, &diags);
    if (status != TG_OK)
        fail_msg("%s: %s", path, diags.items[0].message);
    tg_text_free(&text);
    return hdr;
}

/* Every file that `folder`'s manifest lists, against what the reference said about it. Returns how
 * many. */
static int check_folder(const char *folder)
{
    char *path = tg_path_join(folder, "manifest.txt");
    struct tg_text manifest = manifest_read_file(path);
    free(path);
    int files = 0;
    char *at = manifest.data;
    for (char *line; manifest_next_line(&at, &line);) {
        if (!tg_starts_with(line, "file="))
            continue;
        char name[MANIFEST_FIELD];
        manifest_field(line, "file", name);
        path = tg_path_join(folder, name);
        struct tg_hdr *hdr = decode(path);
        assert_true(manifest_assert_figures(line, hdr) >= 15);
        free(hdr);
        free(path);
        files++;
    }
    tg_text_free(&manifest);
    return files;
}

static void decodes_what_java_wrote(void **state)
{
    (void)state;
    assert_int_equal(check_folder(CORPUS "java"), 16);
}

static void decodes_what_javascript_wrote(void **state)
{
    (void)state;
    assert_int_equal(check_folder(CORPUS "javascript"), 4);
}

/* The plain encoding of `hdr` is, byte by byte, the file that Java wrote. */
static void assert_encodes_as(const struct tg_hdr *hdr, const char *path)
{
    struct tg_text expected = manifest_read_file(path);
    struct tg_text encoded = {0};
    tg_hdr_encode_plain(hdr, &encoded);
    assert_int_equal(encoded.length, expected.length);
    assert_memory_equal(encoded.data, expected.data, expected.length);
    tg_text_free(&encoded);
    tg_text_free(&expected);
}

static void encodes_as_java_does(void **state)
{
    (void)state;
    const char *const paths[] = {CORPUS "java/million.plain", CORPUS "java/near_limit.plain",
                                 CORPUS "java/heavy.plain", CORPUS "java/widest.plain"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct tg_hdr *hdr = decode(paths[i]);
        assert_encodes_as(hdr, paths[i]);
        free(hdr);
    }
}

/* The values of MakeHistograms.java, recorded here. */
static void records_as_java_does(void **state)
{
    (void)state;
    const int64_t hour_ns = INT64_C(3600000000000);
    const int64_t near[] = {hour_ns, hour_ns - 1, hour_ns + 1, (INT64_C(1) << 42) - 1, 0, 1};
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
        for (int64_t j = 0; j < near[i] % 7 + 1; j++)
            tg_hdr_record(hdr, near[i]);
    assert_encodes_as(hdr, CORPUS "java/near_limit.plain");

    tg_hdr_reset(hdr);
    for (int bit = 0; bit < 63; bit++)
        tg_hdr_record_many(hdr, INT64_C(3) * bit * bit, INT64_C(1) << bit);
    assert_encodes_as(hdr, CORPUS "java/heavy.plain");
    free(hdr);

    struct tg_hdr *widest = tg_hdr_new(&(struct tg_hdr_config){1, INT64_MAX, 3});
    for (int bit = 0; bit < 63; bit++)
        tg_hdr_record_many(widest, INT64_MAX >> bit, bit + 1);
    assert_encodes_as(widest, CORPUS "java/widest.plain");
    free(widest);
}

static void assert_same(const struct tg_hdr *one, const struct tg_hdr *other)
{
    assert_int_equal(one->config.lowest, other->config.lowest);
    assert_int_equal(one->config.highest, other->config.highest);
    assert_int_equal(one->config.digits, other->config.digits);
    assert_int_equal(one->total, other->total);
    assert_int_equal(one->min, other->min);
    assert_int_equal(one->max, other->max);
    assert_true(one->sum == other->sum);
    assert_int_equal(one->counts_length, other->counts_length);
    assert_memory_equal(one->counts, other->counts, (size_t)one->counts_length * 8);
}

static void round_trips_compressed_and_base64(void **state)
{
    (void)state;
    const char *const paths[] = {CORPUS "java/empty.hdr", CORPUS "java/single.hdr",
                                 CORPUS "java/million.hdr", CORPUS "java/digits5.hdr"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct tg_hdr *hdr = decode(paths[i]);
        struct tg_text encoded = {0};
        struct tg_diags diags = {0};
        struct tg_hdr *back;
        tg_hdr_encode(hdr, &encoded);
        assert_int_equal(
            tg_hdr_decode(encoded.data, encoded.length, (struct tg_place){0}, &back, &diags),
            TG_OK);
        assert_same(back, hdr);
        free(back);
        tg_text_clear(&encoded);
        tg_hdr_encode_base64(hdr, &encoded);
        assert_int_equal(
            tg_hdr_decode_base64(encoded.data, encoded.length, (struct tg_place){0}, &back, &diags),
            TG_OK);
        assert_same(back, hdr);
        free(back);
        free(hdr);
        tg_text_free(&encoded);
    }
}

/* Decoding fails with TG_INVALID, one error that says `message`, and no histogram. */
static void assert_refused(const void *bytes, size_t length, const char *message)
{
    struct tg_diags diags = {0};
    struct tg_hdr *hdr;
    enum tg_status status =
        tg_hdr_decode(bytes, length, (struct tg_place){"x.hdr", 0, 0}, &hdr, &diags);
    assert_int_equal(status, TG_INVALID);
    assert_null(hdr);
    assert_int_equal(diags.errors, 1);
    assert_string_equal(diags.items[0].path, "x.hdr");
    if (strstr(diags.items[0].message, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", diags.items[0].message, message);
    tg_diags_free(&diags);
}

/* Where the fields of a plain encoding are. */
enum { PAYLOAD_LENGTH = 4, DIGITS = 12, LOWEST = 16, HIGHEST = 24, PAYLOAD = 40 };

/* A plain encoding of a histogram up to 1 h with 3 digits and this payload. */
static struct tg_text plain_with(const void *payload, size_t length)
{
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    struct tg_text encoded = {0};
    tg_hdr_encode_plain(hdr, &encoded);
    encoded.length = PAYLOAD;
    tg_text_add_bytes(&encoded, payload, length);
    encoded.data[PAYLOAD_LENGTH + 3] = (char)length;
    free(hdr);
    return encoded;
}

static void refuses_what_is_cut_short(void **state)
{
    (void)state;
    const char *const paths[] = {CORPUS "java/near_limit.plain", CORPUS "java/single.hdr"};
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        struct tg_text text = manifest_read_file(paths[i]);
        for (size_t length = 0; length < text.length; length++)
            assert_refused(text.data, length, "");
        tg_text_add(&text, "x");
        assert_refused(text.data, text.length, "");
        tg_text_free(&text);
    }
}

static void refuses_headers_that_cannot_be(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        const char bytes[9];
        size_t length;
        const char *message;
    } cases[] = {
        {0, "\x1c\x84\x93\x08", 4, "not an HdrHistogram V2 encoding (cookie 0x1c849308)"},
        {DIGITS, "\0\0\0\6", 4, "6 significant digits"},
        {DIGITS, "\0\0\1\3", 4, "259 significant digits"},
        {DIGITS, "\xff\xff\xff\xff", 4, "significant digits"},
        {LOWEST, "\0\0\0\0\0\0\0\0", 8, "impossible range: lowest 0"},
        {LOWEST, "\xff\0\0\0\0\0\0\0", 8, "impossible range: lowest -"},
        {LOWEST, "\x3f\xff\xff\xff\xff\xff\xff\xff", 8, "impossible range"},
        {HIGHEST, "\0\0\0\0\0\0\0\1", 8, "highest 1,"},
        {HIGHEST, "\x80\0\0\0\0\0\0\0", 8, "highest -9223372036854775808"},
        {PAYLOAD_LENGTH, "\xff\xff\xff\xff", 4, "claims 4294967295 bytes for its 33792 counts"},
        {PAYLOAD_LENGTH, "\0\0\0\2", 4, "histogram of 2 bytes has 1 after its header"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tg_text encoded = plain_with("\0", 1);
        memcpy(encoded.data + cases[i].at, cases[i].bytes, cases[i].length);
        assert_refused(encoded.data, encoded.length, cases[i].message);
        tg_text_free(&encoded);
    }
}

static void refuses_counts_that_cannot_be(void **state)
{
    (void)state;
    /* ZigZag: 2n is n, 2n - 1 is -n; 0x80 and more: another byte follows. */
    static const struct {
        const char bytes[24];
        size_t length;
        const char *message;
    } cases[] = {
        {"\x80", 1, "cut short"},
        {"\xff\xff\xff\xff\xff\xff\xff\xff", 8, "cut short"},
        /* -33792 zeros are all there are: one more zero, or one more count, are too many. */
        {"\x81\x90\x04", 3, "beyond its range"},
        {"\xff\x8f\x04\x00", 4, "beyond its range"},
        {"\xff\xff\xff\xff\xff\xff\xff\xff\xff", 9, "beyond its range"},
        /* Twice 2^62. */
        {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80", 18,
         "add up to more than 2^63"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tg_text encoded = plain_with(cases[i].bytes, cases[i].length);
        assert_refused(encoded.data, encoded.length, cases[i].message);
        tg_text_free(&encoded);
    }
}

static void accepts_exactly_all_zeros(void **state)
{
    (void)state;
    struct tg_text encoded = plain_with("\xff\x8f\x04", 3); /* -33792 */
    struct tg_diags diags = {0};
    struct tg_hdr *hdr;
    assert_int_equal(
        tg_hdr_decode(encoded.data, encoded.length, (struct tg_place){0}, &hdr, &diags), TG_OK);
    assert_int_equal(hdr->total, 0);
    assert_int_equal(hdr->max, 0);
    free(hdr);
    tg_text_free(&encoded);
}

/* A compressed encoding whose stream inflates to `length` bytes of `plain`. */
static struct tg_text compressed_with(const void *plain, size_t length)
{
    unsigned char bytes[256] = "\x1c\x84\x93\x14";
    uLongf size = sizeof(bytes) - 8;
    assert_int_equal(compress(bytes + 8, &size, plain, length), Z_OK);
    bytes[7] = (unsigned char)size;
    struct tg_text encoded = {0};
    tg_text_add_bytes(&encoded, bytes, 8 + size);
    return encoded;
}

static void refuses_damaged_streams(void **state)
{
    (void)state;
    struct tg_text plain = plain_with("\2\2", 2);
    struct tg_text good = compressed_with(plain.data, plain.length);
    struct tg_diags diags = {0};
    struct tg_hdr *hdr;
    assert_int_equal(tg_hdr_decode(good.data, good.length, (struct tg_place){0}, &hdr, &diags),
                     TG_OK);
    assert_int_equal(hdr->total, 2);
    free(hdr);

    good.data[good.length - 1] ^= 1;
    assert_refused(good.data, good.length, "do not inflate to 2 bytes"); /* the checksum */
    tg_text_free(&good);

    struct tg_text shorter = compressed_with(plain.data, plain.length - 1);
    assert_refused(shorter.data, shorter.length, "do not inflate to 2 bytes");
    tg_text_free(&shorter);

    tg_text_add(&plain, "x");
    struct tg_text longer = compressed_with(plain.data, plain.length);
    assert_refused(longer.data, longer.length, "do not inflate to 2 bytes");
    tg_text_free(&longer);
    tg_text_free(&plain);

    struct tg_text header = compressed_with("short", 5);
    assert_refused(header.data, header.length, "its header does not inflate");
    tg_text_free(&header);
}

static void refuses_bad_base64(void **state)
{
    (void)state;
    static const char *const cases[] = {"HISTFAAAACF42pNpmSzMwMDAyAABzFAayGd2M9ixgMH+A1QEAFKmBEw",
                                        "HIST*AAAACF42pNpmSzMwMDAyAABzFAayGd2M9ixgMH+A1QEAFKmBEw=",
                                        "HISTFAAAACF42pNpmSzMwMDAyAABzFAayGd2M9ixgMH+A1QEAFKmB==="};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tg_diags diags = {0};
        struct tg_hdr *hdr;
        assert_int_equal(
            tg_hdr_decode_base64(cases[i], strlen(cases[i]), (struct tg_place){0}, &hdr, &diags),
            TG_INVALID);
        assert_string_equal(diags.items[0].message, "histogram is not valid base64");
        assert_null(hdr);
        tg_diags_free(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_what_java_wrote),
        cmocka_unit_test(decodes_what_javascript_wrote),
        cmocka_unit_test(encodes_as_java_does),
        cmocka_unit_test(records_as_java_does),
        cmocka_unit_test(round_trips_compressed_and_base64),
        cmocka_unit_test(refuses_what_is_cut_short),
        cmocka_unit_test(refuses_headers_that_cannot_be),
        cmocka_unit_test(refuses_counts_that_cannot_be),
        cmocka_unit_test(accepts_exactly_all_zeros),
        cmocka_unit_test(refuses_damaged_streams),
        cmocka_unit_test(refuses_bad_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
