/* Numbers as text, without locale and without the C library's rounding. */
#ifndef TG_RUNNER_WORKLOAD_DIGITS_H
#define TG_RUNNER_WORKLOAD_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"

/* Writes exactly `width` decimal digits of `number` (its last ones) to `out`, no NUL. */
void tg_digits_fixed(char *out, unsigned width, uint64_t number);

enum { TG_DIGITS = 24 }; /* room for any 64-bit number in decimal */
/* Decimal digits with a '-' where needed, no NUL; returns how many bytes. */
size_t tg_digits_int(char out[TG_DIGITS], int64_t number);

enum { TG_REAL_TEXT = 40 };
/* A JSON number: six decimals, half away from zero ("-0.250000"); magnitudes from 2^63 on as a
 * whole number and a power of ten ("1234567890123456789e291"). No NUL; returns how many bytes.
 * `number` is finite. */
size_t tg_digits_real(char out[TG_REAL_TEXT], double number);

/* A printf form with one integer conversion, taken apart. */
struct tg_int_format {
    const char *prefix; /* literal text, "%%" resolved */
    const char *suffix;
    uint32_t prefix_length;
    uint32_t suffix_length;
    uint32_t width;
    uint32_t precision;
    bool has_precision, left, zero, plus, space, alternate;
    char conversion; /* d, u, x, X or o */
};

enum { TG_FORMAT_WIDTH_MAX = 1000 }; /* of width and precision */
/* Reads `as` (see tg_format_valid in gen.h); the texts go to `arena`. False: not such a form. With
 * `arena` NULL only checks. */
bool tg_int_format_parse(struct tg_int_format *format, const char *as, struct tg_arena *arena);
/* What printf would write for `number` taken as long long (d) or unsigned long long (u, x, X, o).
 * NUL-terminated, in `arena`. */
char *tg_int_format_write(const struct tg_int_format *format, int64_t number,
                          struct tg_arena *arena, uint32_t *length);

#endif
