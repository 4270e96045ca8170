#include "runner/workload/digits.h"

#include <assert.h>
#include <string.h>

#include "runner/workload/gen.h"

void tg_digits_fixed(char *out, unsigned width, uint64_t number)
{
    for (unsigned i = width; i-- > 0; number /= 10)
        out[i] = (char)('0' + number % 10);
}

/* Digits of `number` in `base`, right-aligned before `end`; returns how many. None for 0. */
static unsigned digits_before(char *end, uint64_t number, unsigned base, bool upper)
{
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned count = 0;
    if (base == 10) /* a constant divisor is a multiplication */
        for (; number > 0; number /= 10)
            *(end - ++count) = (char)('0' + number % 10);
    else
        for (; number > 0; number /= base)
            *(end - ++count) = digits[number % base];
    return count;
}

/* |number| without overflow. */
static uint64_t magnitude(int64_t number)
{
    return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

size_t tg_digits_int(char out[TG_DIGITS], int64_t number)
{
    char digits[TG_DIGITS];
    unsigned count = digits_before(digits + sizeof digits, magnitude(number), 10, false);
    if (count == 0)
        digits[sizeof digits - ++count] = '0';
    if (number < 0)
        digits[sizeof digits - ++count] = '-';
    memcpy(out, digits + sizeof digits - count, count);
    return count;
}

size_t tg_digits_real(char out[TG_REAL_TEXT], double number)
{
    const uint64_t million = 1000000;
    size_t length = 0;
    if (number < 0) {
        out[length++] = '-';
        number = -number;
    }
    unsigned exponent = 0;
    while (number >= 0x1p63) {
        number /= 10;
        exponent++;
    }
    uint64_t whole = (uint64_t)number;
    uint64_t decimals = (uint64_t)((number - (double)whole) * 1e6 + 0.5);
    if (decimals == million) {
        whole++;
        decimals = 0;
    }
    length += tg_digits_int(out + length, (int64_t)whole);
    if (exponent > 0) {
        out[length++] = 'e';
        length += tg_digits_int(out + length, exponent);
    } else {
        out[length++] = '.';
        tg_digits_fixed(out + length, 6, decimals);
        length += 6;
    }
    return length;
}

/* ---- printf forms ---- */

/* Copies literal text up to the next conversion or the end, "%%" as "%". Returns where it stopped.
 * `out` may be NULL. */
static const char *read_literal(const char *from, char *out, uint32_t *length)
{
    *length = 0;
    for (; *from && !(from[0] == '%' && from[1] != '%'); from++) {
        if (out)
            out[*length] = *from;
        ++*length;
        if (*from == '%')
            from++;
    }
    return from;
}

static const char *read_flags(const char *at, struct tg_int_format *format)
{
    for (;; at++) {
        switch (*at) {
        case '-':
            format->left = true;
            break;
        case '0':
            format->zero = true;
            break;
        case '+':
            format->plus = true;
            break;
        case ' ':
            format->space = true;
            break;
        case '#':
            format->alternate = true;
            break;
        default:
            return at;
        }
    }
}

static const char *read_number(const char *at, uint32_t *number)
{
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        if (*number <= TG_FORMAT_WIDTH_MAX)
            *number = *number * 10 + (uint32_t)(*at - '0');
    return at;
}

bool tg_int_format_parse(struct tg_int_format *format, const char *as, struct tg_arena *arena)
{
    *format = (struct tg_int_format){0};
    char *prefix = arena ? tg_arena_strdup(arena, as) : NULL;
    const char *at = read_literal(as, prefix, &format->prefix_length);
    if (*at != '%')
        return false;
    at = read_flags(at + 1, format);
    at = read_number(at, &format->width);
    if (*at == '.') {
        format->has_precision = true;
        at = read_number(at + 1, &format->precision);
    }
    if (*at == '\0' || !strchr("diuxXo", *at) || format->width > TG_FORMAT_WIDTH_MAX ||
        format->precision > TG_FORMAT_WIDTH_MAX)
        return false;
    format->conversion = *at == 'i' ? 'd' : *at;
    char *suffix = arena ? tg_arena_strdup(arena, at + 1) : NULL;
    at = read_literal(at + 1, suffix, &format->suffix_length);
    format->prefix = prefix;
    format->suffix = suffix;
    return *at == '\0';
}

bool tg_format_valid(const char *as)
{
    struct tg_int_format format;
    return tg_int_format_parse(&format, as, NULL);
}

/* What stands between padding and digits. Returns its length, at most 2. */
static uint32_t sign_or_base(const struct tg_int_format *format, int64_t number, char out[2])
{
    if (format->conversion == 'd') {
        out[0] = number < 0 ? '-' : format->plus ? '+' : ' ';
        return number < 0 || format->plus || format->space;
    }
    if (format->alternate && number != 0 && (format->conversion | 32) == 'x') {
        out[0] = '0';
        out[1] = format->conversion;
        return 2;
    }
    return 0;
}

/* Zeros that the precision, or '#' in octal, puts before `count` digits. */
static uint32_t leading_zeros(const struct tg_int_format *format, uint32_t count)
{
    const uint32_t least = format->has_precision ? format->precision : 1;
    if (least > count)
        return least - count;
    return format->conversion == 'o' && format->alternate ? 1 : 0;
}

static char *put(char *at, const char *bytes, uint32_t length)
{
    memcpy(at, bytes, length);
    return at + length;
}

static char *repeat(char *at, char character, uint32_t count)
{
    memset(at, character, count);
    return at + count;
}

char *tg_int_format_write(const struct tg_int_format *format, int64_t number,
                          struct tg_arena *arena, uint32_t *length)
{
    enum { DIGITS_MAX = 22 }; /* 64 bits in octal */
    const char conversion = format->conversion;
    const unsigned base = conversion == 'o' ? 8 : (conversion | 32) == 'x' ? 16 : 10;
    const uint64_t shown = conversion == 'd' ? magnitude(number) : (uint64_t)number;
    char digits[DIGITS_MAX];
    char sign[2];
    const uint32_t count = digits_before(digits + DIGITS_MAX, shown, base, conversion == 'X');
    const uint32_t sign_length = sign_or_base(format, number, sign);
    uint32_t zeros = leading_zeros(format, count);
    const uint32_t body = sign_length + zeros + count;
    uint32_t blanks = format->width > body ? format->width - body : 0;
    *length = format->prefix_length + blanks + body + format->suffix_length;
    if (format->zero && !format->left && !format->has_precision) {
        zeros += blanks;
        blanks = 0;
    }

    char *text = tg_arena_alloc(arena, (size_t)*length + 1);
    char *at = put(text, format->prefix, format->prefix_length);
    at = repeat(at, ' ', format->left ? 0 : blanks);
    at = put(at, sign, sign_length);
    at = repeat(at, '0', zeros);
    at = put(at, digits + DIGITS_MAX - count, count);
    at = repeat(at, ' ', format->left ? blanks : 0);
    put(at, format->suffix, format->suffix_length);
    return text;
}
