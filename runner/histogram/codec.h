/* HdrHistogram's V2 encodings: ZigZag LEB128 counts with run-length zeros, plain or deflated, as
 * written and read by the Java, C, JavaScript, Go, Rust and .NET implementations. */
#ifndef TG_RUNNER_HISTOGRAM_CODEC_H
#define TG_RUNNER_HISTOGRAM_CODEC_H

#include "common/diag.h"
#include "common/text.h"
#include "runner/histogram/hdr.h"

/* Appends the V2 compressed encoding (zlib, default level) of `hdr` to `out`. */
void tg_hdr_encode(const struct tg_hdr *hdr, struct tg_text *out);
/* The same as base64, one line, no line break: the form used in interval logs. */
void tg_hdr_encode_base64(const struct tg_hdr *hdr, struct tg_text *out);

/* Decodes a V2 encoding, compressed or plain. Untrusted input: any bytes give a histogram or an
 * error, at most 64 MiB are inflated. *hdr is allocated; free with free(). `at` names the source in
 * the error. Exact min, max and sum are not part of the encoding and are taken from the buckets, as
 * the reference does. */
enum tg_status tg_hdr_decode(const void *bytes, size_t length, struct tg_place at,
                             struct tg_hdr **hdr, struct tg_diags *diags) TG_CHECKED;
enum tg_status tg_hdr_decode_base64(const char *text, size_t length, struct tg_place at,
                                    struct tg_hdr **hdr, struct tg_diags *diags) TG_CHECKED;

#endif
