/* HdrHistogram interval logs (format version 1.3): one line per interval and tag, readable by every
 * HdrHistogram tool. Values are nanoseconds; the reference's convention for the column
 * "Interval_Max" is milliseconds, i.e. the largest value divided by 1,000,000. */
#ifndef TG_RUNNER_HISTOGRAM_LOG_H
#define TG_RUNNER_HISTOGRAM_LOG_H

#include <stdint.h>

#include "common/diag.h"
#include "common/text.h"
#include "runner/histogram/hdr.h"

enum { TG_HDR_TAG = 128 }; /* room for a tag and its NUL */

/* The header: comment lines, format version, [StartTime], [BaseTime] (the same: the times of the
 * intervals count from there), legend. `comment` may hold several lines or be NULL; start_unix_ms
 * is milliseconds since the epoch, >= 0. */
void tg_hdr_log_header(struct tg_text *out, const char *comment, int64_t start_unix_ms);
/* One interval. `tag` holds no comma, white space or line break and is shorter than TG_HDR_TAG
 * bytes (NULL: no tag); times are seconds since the start of the log. */
void tg_hdr_log_interval(struct tg_text *out, const char *tag, double start_s, double length_s,
                         const struct tg_hdr *hdr);

struct tg_hdr_log_line {
    char tag[TG_HDR_TAG]; /* "" when the line has none */
    double start_s;       /* as written: relative to the base time of the log */
    double length_s;
    struct tg_hdr *hdr; /* owned by the reader, valid until the callback returns */
};

/* Calls `each` for every interval line of a log, until it returns something else than TG_OK, which
 * is then returned. Accepts logs with and without tags, legend, start and base time, of format 1.0
 * to 1.3; the first malformed line ends the reading with TG_INVALID, its line and column. *start_s
 * and *base_s (either may be NULL) get the times of the header lines in seconds since the epoch, 0
 * where absent. */
enum tg_status
tg_hdr_log_read(const char *text, size_t length, const char *path, double *start_s, double *base_s,
                enum tg_status (*each)(void *context, const struct tg_hdr_log_line *line),
                void *context, struct tg_diags *diags) TG_CHECKED;

#endif
