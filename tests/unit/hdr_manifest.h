/* Manifests of the histogram corpus: lines of KEY=VALUE fields that a reference implementation
 * wrote about a file or a log line ("file", "log", "tag", "start", "length") and the figures that
 * it reads from it ("total", "min", "max", "mean", "stddev", "p99.9", ...). */
#ifndef TG_TESTS_UNIT_HDR_MANIFEST_H
#define TG_TESTS_UNIT_HDR_MANIFEST_H

#include <stdbool.h>

#include "common/text.h"
#include "runner/histogram/hdr.h"

enum { MANIFEST_FIELD = 64 };

/* The whole file, or a failed test. Free with tg_text_free(). */
struct tg_text manifest_read_file(const char *path);
/* The next line of *at without its newline, comment lines passed over; false at the end. The text
 * is changed and lines are borrowed from it. */
bool manifest_next_line(char **at, char **line);
/* The value of `key` in `line`, or a failed test. */
void manifest_field(const char *line, const char *key, char value[MANIFEST_FIELD]);
/* Fails the test unless every figure of `line` is what `hdr` says. Returns how many there were. */
int manifest_assert_figures(const char *line, const struct tg_hdr *hdr);

#endif
