#include "runner/histogram/log.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runner/histogram/codec.h"

/* ---- writing ---- */

static void add_comment(struct tg_text *out, const char *comment)
{
    while (*comment != '\0') {
        size_t length = strcspn(comment, "\n");
        tg_text_add(out, "#");
        tg_text_add_bytes(out, comment, length);
        tg_text_add(out, "\n");
        comment += length + (comment[length] == '\n');
    }
}

void tg_hdr_log_header(struct tg_text *out, const char *comment, int64_t start_unix_ms)
{
    assert(start_unix_ms >= 0);
    time_t seconds = (time_t)(start_unix_ms / 1000);
    int ms = (int)(start_unix_ms % 1000);
    struct tm utc;
    char date[64] = "";
    if (gmtime_r(&seconds, &utc) != NULL)
        strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", &utc);
    if (comment != NULL)
        add_comment(out, comment);
    tg_text_add(out, "#[Histogram log format version 1.3]\n");
    tg_text_addf(out, "#[StartTime: %" PRId64 ".%03d (seconds since epoch), %s]\n",
                 start_unix_ms / 1000, ms, date);
    tg_text_addf(out, "#[BaseTime: %" PRId64 ".%03d (seconds since epoch)]\n", start_unix_ms / 1000,
                 ms);
    tg_text_add(out, "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
                     "\"Interval_Compressed_Histogram\"\n");
}

static bool tag_valid(const char *tag)
{
    size_t length = strlen(tag);
    return length > 0 && length < TG_HDR_TAG && strcspn(tag, ", \t\r\n\v\f") == length;
}

void tg_hdr_log_interval(struct tg_text *out, const char *tag, double start_s, double length_s,
                         const struct tg_hdr *hdr)
{
    if (tag != NULL) {
        assert(tag_valid(tag));
        tg_text_addf(out, "Tag=%s,", tag);
    }
    tg_text_addf(out, "%.3f,%.3f,%.3f,", start_s, length_s, (double)hdr->max / 1e6);
    tg_hdr_encode_base64(hdr, out);
    tg_text_add(out, "\n");
}

/* ---- reading ---- */

/* A part of the text: never NUL-terminated. */
struct slice {
    const char *at;
    size_t length;
};

struct reader {
    const char *path;
    struct tg_diags *diags;
    int line_number;
    struct slice line; /* the whole current line */
    struct slice rest; /* what is left of it */
    double start_s;
    double base_s;
};

static struct tg_place place_of(const struct reader *reader, const char *at)
{
    return (struct tg_place){reader->path, reader->line_number, (int)(at - reader->line.at) + 1};
}

static bool starts_with(struct slice text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.at, prefix, length) == 0;
}

static bool is_blank(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!isspace((unsigned char)text.at[i]))
            return false;
    return true;
}

/* Takes the text up to the first `end` off the rest of the line, and that character with it. */
static struct slice take_field(struct reader *reader, char end)
{
    struct slice field = reader->rest;
    const char *found = memchr(field.at, end, field.length);
    if (found == NULL) {
        reader->rest.at += field.length;
        reader->rest.length = 0;
        return field;
    }
    field.length = (size_t)(found - field.at);
    reader->rest.at = found + 1;
    reader->rest.length -= field.length + 1;
    return field;
}

/* A finite decimal number, possibly behind spaces (the JavaScript writer pads). */
static enum tg_status read_number(struct reader *reader, struct slice field, const char *what,
                                  double *number)
{
    char copy[64] = "";
    char *end = copy;
    if (field.length < sizeof(copy)) {
        memcpy(copy, field.at, field.length);
        if (strspn(copy, " 0123456789+-.eE") == field.length)
            *number = strtod(copy, &end);
    }
    if (end == copy || *end != '\0' || !isfinite(*number)) {
        tg_diag_error(reader->diags, place_of(reader, field.at), "%s is not a number", what);
        return TG_INVALID;
    }
    return TG_OK;
}

/* "#[StartTime: 1441812279.474 (seconds since epoch), ..." and the like; other comments pass. */
static enum tg_status read_comment(struct reader *reader)
{
    double *time_s = NULL;
    if (starts_with(reader->rest, "#[StartTime: "))
        time_s = &reader->start_s;
    else if (starts_with(reader->rest, "#[BaseTime: "))
        time_s = &reader->base_s;
    if (time_s == NULL)
        return TG_OK;
    take_field(reader, ':');
    while (reader->rest.length > 0 && *reader->rest.at == ' ')
        take_field(reader, ' ');
    return read_number(reader, take_field(reader, ' '), "the time of the log", time_s);
}

static enum tg_status read_tag(struct reader *reader, struct tg_hdr_log_line *line)
{
    line->tag[0] = '\0';
    if (!starts_with(reader->rest, "Tag="))
        return TG_OK;
    struct slice field = take_field(reader, ',');
    struct slice tag = {field.at + 4, field.length - 4};
    if (tag.length >= sizeof(line->tag)) {
        tg_diag_error(reader->diags, place_of(reader, tag.at),
                      "a tag of %zu bytes; at most %zu are read", tag.length,
                      sizeof(line->tag) - 1);
        return TG_INVALID;
    }
    memcpy(line->tag, tag.at, tag.length);
    line->tag[tag.length] = '\0';
    if (!tag_valid(line->tag) || strlen(line->tag) != tag.length) {
        tg_diag_error(reader->diags, place_of(reader, tag.at),
                      "a tag must not be empty and holds no white space");
        return TG_INVALID;
    }
    return TG_OK;
}

static enum tg_status read_interval(struct reader *reader, struct tg_hdr_log_line *line)
{
    double ignored_max;
    enum tg_status status = read_tag(reader, line);
    if (status == TG_OK)
        status = read_number(reader, take_field(reader, ','), "the start of the interval",
                             &line->start_s);
    if (status == TG_OK)
        status = read_number(reader, take_field(reader, ','), "the length of the interval",
                             &line->length_s);
    if (status == TG_OK)
        status = read_number(reader, take_field(reader, ','), "the maximum of the interval",
                             &ignored_max);
    if (status == TG_OK)
        status = tg_hdr_decode_base64(reader->rest.at, reader->rest.length,
                                      place_of(reader, reader->rest.at), &line->hdr, reader->diags);
    return status;
}

enum tg_status
tg_hdr_log_read(const char *text, size_t length, const char *path, double *start_s, double *base_s,
                enum tg_status (*each)(void *context, const struct tg_hdr_log_line *line),
                void *context, struct tg_diags *diags)
{
    struct reader reader = {.path = path, .diags = diags};
    const char *end = text + length;
    enum tg_status status = TG_OK;
    while (text < end && status == TG_OK) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        const char *line_end = newline != NULL ? newline : end;
        reader.line = (struct slice){text, (size_t)(line_end - text)};
        if (reader.line.length > 0 && line_end[-1] == '\r')
            reader.line.length--;
        reader.rest = reader.line;
        reader.line_number++;
        text = newline != NULL ? newline + 1 : end;
        if (starts_with(reader.line, "#")) {
            status = read_comment(&reader);
        } else if (!is_blank(reader.line) && !starts_with(reader.line, "\"StartTimestamp\"")) {
            struct tg_hdr_log_line line = {.tag = ""};
            status = read_interval(&reader, &line);
            if (status == TG_OK)
                status = each(context, &line);
            free(line.hdr);
        }
    }
    if (start_s != NULL)
        *start_s = reader.start_s;
    if (base_s != NULL)
        *base_s = reader.base_s;
    return status;
}
