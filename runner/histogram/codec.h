/* HdrHistogram's V2 encodings: ZigZag LEB128 counts with run-length zeros, plain or deflated, as
 * written and read by the Java, C, JavaScript, Go, Rust and .NET implementations. */
#ifndef TG_RUNNER_HISTOGRAM_CODEC_H
#define TG_RUNNER_HISTOGRAM_CODEC_H

#include "common/diag.h"
#include "common/text.h"
#include "runner/histogram/hdr.h"

/* Appends the plain V2 encoding of `hdr` to `out`. Of the exact minimum, maximum and sum, and of
 * the values out of range, no encoding keeps anything. */
void tg_hdr_encode_plain(const struct tg_hdr *hdr, struct tg_text *out);
/* The V2 compressed encoding (zlib, default level): what to store and to exchange. */
void tg_hdr_encode(const struct tg_hdr *hdr, struct tg_text *out);
/* The same as base64, one line, no line break: the form used in interval logs. */
void tg_hdr_encode_base64(const struct tg_hdr *hdr, struct tg_text *out);

/* Decodes a V2 encoding, compressed or plain. Untrusted input: any bytes give a histogram or an
 * error (TG_INVALID), and neither the histogram nor what is inflated takes more than 64 MiB. *hdr
 * is allocated; free with free(). `at` names the source in the error. Minimum, maximum and sum are
 * taken from the buckets, as the reference does: lowest value of the first, highest of the last,
 * middles. The header's normalizing offset and conversion ratio mean nothing for integer values
 * and are passed over: the JavaScript implementation does not write them as the others do. */
enum tg_status tg_hdr_decode(const void *bytes, size_t length, struct tg_place at,
                             struct tg_hdr **hdr, struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_hdr_decode_base64(const char *text, size_t length, struct tg_place at,
                                    struct tg_hdr **hdr, struct tg_diags *diags) TG_CHECKED;

#endif
