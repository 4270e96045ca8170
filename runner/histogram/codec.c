#include "runner/histogram/codec.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* zlib takes its input by pointers to const */
#include <zlib.h>

/* The second lowest byte of a cookie is 0x10 in all that V2 writers make; readers ignore it. */
enum { PLAIN_COOKIE = 0x1c849303, COMPRESSED_COOKIE = 0x1c849304, COOKIE_WORD_SIZE = 0x10 };
enum {
    COMPRESSED_HEADER_BYTES = 8, /* cookie, length of what follows */
    HEADER_BYTES = 40, /* cookie, payload length, offset, digits, lowest, highest, ratio */
    VARINT_BYTES = 9,  /* at most */
};
#define RATIO_ONE UINT64_C(0x3ff0000000000000) /* the bits of 1.0 */

/* ---- writing ---- */

static void put_u32(unsigned char *at, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        at[i] = (unsigned char)(number >> (24 - 8 * i));
}

static void put_u64(unsigned char *at, uint64_t number)
{
    put_u32(at, (uint32_t)(number >> 32));
    put_u32(at + 4, (uint32_t)number);
}

/* ZigZag, then seven bits per byte, lowest first; a ninth byte holds all of the last eight bits. */
static void add_varint(struct tg_text *out, int64_t number)
{
    uint64_t bits = ((uint64_t)number << 1) ^ (uint64_t)(number >> 63);
    unsigned char bytes[VARINT_BYTES];
    size_t length = 0;
    while (length < VARINT_BYTES - 1 && bits > 0x7f) {
        bytes[length++] = (unsigned char)(bits | 0x80);
        bits >>= 7;
    }
    bytes[length++] = (unsigned char)bits;
    tg_text_add_bytes(out, bytes, length);
}

/* All counts up to that of the largest value; a run of zeros as its negated length. */
static void add_counts(struct tg_text *out, const struct tg_hdr *hdr)
{
    int32_t limit = tg_hdr_index(hdr, hdr->max) + 1;
    for (int32_t i = 0; i < limit;) {
        int32_t end = i;
        while (end < limit && hdr->counts[end] == 0)
            end++;
        int32_t zeros = end - i;
        if (zeros > 1)
            add_varint(out, -zeros);
        else
            add_varint(out, hdr->counts[i]);
        i += zeros > 1 ? zeros : 1;
    }
}

void tg_hdr_encode_plain(const struct tg_hdr *hdr, struct tg_text *out)
{
    unsigned char header[HEADER_BYTES] = {0};
    put_u32(header, PLAIN_COOKIE | COOKIE_WORD_SIZE);
    put_u32(header + 12, (uint32_t)hdr->config.digits);
    put_u64(header + 16, (uint64_t)hdr->config.lowest);
    put_u64(header + 24, (uint64_t)hdr->config.highest);
    put_u64(header + 32, RATIO_ONE);
    size_t start = out->length;
    tg_text_add_bytes(out, header, sizeof(header));
    add_counts(out, hdr);
    size_t payload = out->length - start - HEADER_BYTES;
    put_u32((unsigned char *)out->data + start + 4, (uint32_t)payload);
}

void tg_hdr_encode(const struct tg_hdr *hdr, struct tg_text *out)
{
    struct tg_text plain = {0};
    tg_hdr_encode_plain(hdr, &plain);
    uLongf length = compressBound(plain.length);
    unsigned char *bytes = tg_realloc(NULL, COMPRESSED_HEADER_BYTES + length);
    int result = compress2(bytes + COMPRESSED_HEADER_BYTES, &length, (unsigned char *)plain.data,
                           plain.length, Z_DEFAULT_COMPRESSION);
    if (result != Z_OK)
        abort(); /* memory ran out: nothing else can fail with compressBound bytes of room */
    put_u32(bytes, COMPRESSED_COOKIE | COOKIE_WORD_SIZE);
    put_u32(bytes + 4, (uint32_t)length);
    tg_text_add_bytes(out, bytes, COMPRESSED_HEADER_BYTES + length);
    free(bytes);
    tg_text_free(&plain);
}

void tg_hdr_encode_base64(const struct tg_hdr *hdr, struct tg_text *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct tg_text encoded = {0};
    tg_hdr_encode(hdr, &encoded);
    const unsigned char *bytes = (const unsigned char *)encoded.data;
    for (size_t i = 0; i < encoded.length; i += 3) {
        size_t left = encoded.length - i;
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= left > 2 ? (uint32_t)bytes[i + 2] : 0;
        char quad[4] = {digits[group >> 18], digits[group >> 12 & 63],
                        left > 1 ? digits[group >> 6 & 63] : '=',
                        left > 2 ? digits[group & 63] : '='};
        tg_text_add_bytes(out, quad, sizeof(quad));
    }
    tg_text_free(&encoded);
}

/* ---- reading ---- */

static uint32_t get_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t get_i64(const unsigned char *at)
{
    return (int64_t)((uint64_t)get_u32(at) << 32 | get_u32(at + 4));
}

/* Reads one varint between *at and `end` and moves *at behind it. False when it is cut short. */
static bool get_varint(const unsigned char **at, const unsigned char *end, int64_t *number)
{
    uint64_t bits = 0;
    for (int i = 0; i < VARINT_BYTES; i++) {
        if (*at == end)
            return false;
        uint64_t byte = *(*at)++;
        bool last = i == VARINT_BYTES - 1;
        bits |= (last ? byte : byte & 0x7f) << (7 * i);
        if (last || byte < 0x80)
            break;
    }
    *number = (int64_t)(bits >> 1 ^ (0 - (bits & 1)));
    return true;
}

/* The 40 bytes before the counts, checked: the payload is no longer than the counts can need. */
static enum tg_status read_header(const unsigned char *header, struct tg_place at,
                                  struct tg_hdr_config *config, size_t *payload_length,
                                  struct tg_diags *diags)
{
    if ((get_u32(header) & ~UINT32_C(0xf0)) != PLAIN_COOKIE) {
        tg_diag_error(diags, at, "not an HdrHistogram V2 encoding (cookie 0x%08" PRIx32 ")",
                      get_u32(header));
        return TG_INVALID;
    }
    uint32_t digits = get_u32(header + 12);
    config->lowest = get_i64(header + 16);
    config->highest = get_i64(header + 24);
    config->digits = digits <= 5 ? (int)digits : -1;
    if (!tg_hdr_config_valid(config)) {
        tg_diag_error(diags, at,
                      "histogram with an impossible range: lowest %" PRId64 ", highest %" PRId64
                      ", %" PRIu32 " significant digits",
                      config->lowest, config->highest, digits);
        return TG_INVALID;
    }
    uint32_t length = get_u32(header + 4);
    size_t counts = (tg_hdr_size(config) - sizeof(struct tg_hdr)) / sizeof(int64_t);
    if (length > counts * VARINT_BYTES) {
        tg_diag_error(diags, at, "histogram claims %" PRIu32 " bytes for its %zu counts", length,
                      counts);
        return TG_INVALID;
    }
    *payload_length = length;
    return TG_OK;
}

/* Fills the counts of an empty histogram and what follows from them. NULL, or what is wrong. */
static const char *read_counts(const unsigned char *at, const unsigned char *end,
                               struct tg_hdr *hdr)
{
    int32_t first = hdr->counts_length;
    int32_t last = 0;
    for (int32_t index = 0; at < end;) {
        int64_t count;
        if (!get_varint(&at, end, &count))
            return "the last count of the histogram is cut short";
        int32_t left = hdr->counts_length - index;
        if (count < 0 ? count < -(int64_t)left : left == 0)
            return "the histogram holds counts beyond its range";
        if (count < 0) {
            index -= (int32_t)count;
            continue;
        }
        if (__builtin_add_overflow(hdr->total, count, &hdr->total))
            return "the counts of the histogram add up to more than 2^63";
        if (count > 0) {
            int64_t value = tg_hdr_value_at_index(hdr, index);
            hdr->counts[index] = count;
            hdr->sum += (double)tg_hdr_middle_equivalent(hdr, value) * (double)count;
            first = index < first ? index : first;
            last = index;
        }
        index++;
    }
    if (hdr->total > 0) {
        hdr->min = tg_hdr_value_at_index(hdr, first);
        hdr->max = tg_hdr_highest_equivalent(hdr, tg_hdr_value_at_index(hdr, last));
    }
    return NULL;
}

static enum tg_status read_payload(const unsigned char *payload, size_t length,
                                   const struct tg_hdr_config *config, struct tg_place at,
                                   struct tg_hdr **hdr, struct tg_diags *diags)
{
    struct tg_hdr *decoded = tg_hdr_new(config);
    const char *wrong = read_counts(payload, payload + length, decoded);
    if (wrong != NULL) {
        tg_diag_error(diags, at, "%s", wrong);
        free(decoded);
        return TG_INVALID;
    }
    *hdr = decoded;
    return TG_OK;
}

static enum tg_status decode_plain(const unsigned char *bytes, size_t length, struct tg_place at,
                                   struct tg_hdr **hdr, struct tg_diags *diags)
{
    if (length < HEADER_BYTES) {
        tg_diag_error(diags, at, "histogram cut short: %zu bytes, the header alone has %d", length,
                      HEADER_BYTES);
        return TG_INVALID;
    }
    struct tg_hdr_config config;
    size_t payload_length;
    enum tg_status status = read_header(bytes, at, &config, &payload_length, diags);
    if (status != TG_OK)
        return status;
    if (payload_length != length - HEADER_BYTES) {
        tg_diag_error(diags, at, "histogram of %zu bytes has %zu after its header", payload_length,
                      length - HEADER_BYTES);
        return TG_INVALID;
    }
    return read_payload(bytes + HEADER_BYTES, payload_length, &config, at, hdr, diags);
}

/* Inflates exactly `length` bytes into `out`. */
static bool inflate_exactly(z_stream *stream, unsigned char *out, size_t length)
{
    stream->next_out = out;
    stream->avail_out = (uInt)length;
    int result = Z_OK;
    while (stream->avail_out > 0 && result == Z_OK)
        result = inflate(stream, Z_NO_FLUSH);
    return stream->avail_out == 0;
}

/* True when the stream ends here: nothing left in it, its checksum right, nothing behind it. */
static bool inflate_ends(z_stream *stream)
{
    unsigned char beyond;
    stream->next_out = &beyond;
    stream->avail_out = 1;
    return inflate(stream, Z_NO_FLUSH) == Z_STREAM_END && stream->avail_out == 1 &&
           stream->avail_in == 0;
}

static enum tg_status decode_stream(z_stream *stream, struct tg_place at, struct tg_hdr **hdr,
                                    struct tg_diags *diags)
{
    unsigned char header[HEADER_BYTES];
    if (!inflate_exactly(stream, header, sizeof(header))) {
        tg_diag_error(diags, at, "histogram damaged: its header does not inflate");
        return TG_INVALID;
    }
    struct tg_hdr_config config;
    size_t length;
    enum tg_status status = read_header(header, at, &config, &length, diags);
    if (status != TG_OK)
        return status;
    unsigned char *payload = tg_realloc(NULL, length + 1);
    if (inflate_exactly(stream, payload, length) && inflate_ends(stream)) {
        status = read_payload(payload, length, &config, at, hdr, diags);
    } else {
        tg_diag_error(diags, at, "histogram damaged: its counts do not inflate to %zu bytes",
                      length);
        status = TG_INVALID;
    }
    free(payload);
    return status;
}

static enum tg_status decode_compressed(const unsigned char *bytes, size_t length,
                                        struct tg_place at, struct tg_hdr **hdr,
                                        struct tg_diags *diags)
{
    uint32_t claimed = get_u32(bytes + 4);
    if (claimed != length - COMPRESSED_HEADER_BYTES) {
        tg_diag_error(diags, at, "histogram of %" PRIu32 " compressed bytes has %zu", claimed,
                      length - COMPRESSED_HEADER_BYTES);
        return TG_INVALID;
    }
    z_stream stream = {0};
    if (inflateInit(&stream) != Z_OK)
        abort(); /* memory ran out */
    stream.next_in = bytes + COMPRESSED_HEADER_BYTES;
    stream.avail_in = claimed;
    enum tg_status status = decode_stream(&stream, at, hdr, diags);
    inflateEnd(&stream);
    return status;
}

enum tg_status tg_hdr_decode(const void *bytes, size_t length, struct tg_place at,
                             struct tg_hdr **hdr, struct tg_diags *diags)
{
    *hdr = NULL;
    if (length < COMPRESSED_HEADER_BYTES) {
        tg_diag_error(diags, at, "histogram cut short: %zu bytes", length);
        return TG_INVALID;
    }
    if ((get_u32(bytes) & ~UINT32_C(0xf0)) == COMPRESSED_COOKIE)
        return decode_compressed(bytes, length, at, hdr, diags);
    return decode_plain(bytes, length, at, hdr, diags);
}

/* The value of a base64 digit, or -1. */
static int base64_digit(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

enum tg_status tg_hdr_decode_base64(const char *text, size_t length, struct tg_place at,
                                    struct tg_hdr **hdr, struct tg_diags *diags)
{
    *hdr = NULL;
    size_t digits = length;
    while (digits > 0 && length - digits < 2 && text[digits - 1] == '=')
        digits--;
    unsigned char *bytes = tg_realloc(NULL, length / 4 * 3 + 3);
    size_t count = 0;
    uint32_t bits = 0;
    bool valid = length % 4 == 0;
    for (size_t i = 0; i < digits && valid; i++) {
        int digit = base64_digit(text[i]);
        valid = digit >= 0;
        bits = bits << 6 | ((uint32_t)digit & 63);
        if (i % 4 != 0)
            bytes[count++] = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    enum tg_status status = TG_INVALID;
    if (valid)
        status = tg_hdr_decode(bytes, count, at, hdr, diags);
    else
        tg_diag_error(diags, at, "histogram is not valid base64");
    free(bytes);
    return status;
}
