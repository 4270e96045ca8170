#include "common/units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads the number at the front of `text`; *unit is set to what follows it, past one optional
 * space. */
static bool leading_number(const char *text, double *number, const char **unit)
{
    char digits[64];
    size_t length = 0;
    const char *at = text;
    if (!isdigit((unsigned char)*at))
        return false;
    while (isdigit((unsigned char)*at) || *at == '.' || *at == '_') {
        bool grouping = *at == '_';
        if (grouping && !isdigit((unsigned char)at[1]))
            return false;
        if (!grouping) {
            if (length + 1 >= sizeof digits)
                return false;
            digits[length++] = *at;
        }
        at++;
    }
    if ((*at == 'e' || *at == 'E') &&
        (isdigit((unsigned char)at[1]) ||
         ((at[1] == '+' || at[1] == '-') && isdigit((unsigned char)at[2])))) {
        do {
            if (length + 1 >= sizeof digits)
                return false;
            digits[length++] = *at++;
        } while (isdigit((unsigned char)*at) || *at == '+' || *at == '-');
    }
    digits[length] = '\0';
    char *end;
    errno = 0;
    *number = strtod(digits, &end);
    if (*end != '\0' || errno == ERANGE || !isfinite(*number))
        return false;
    *unit = *at == ' ' && at[1] ? at + 1 : at;
    return true;
}

struct unit {
    const char *name;
    double scale;
};

static bool scaled_int64(const char *text, const struct unit *units, size_t count, int64_t *value)
{
    double number;
    const char *unit;
    if (!leading_number(text, &number, &unit))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(unit, units[i].name) != 0)
            continue;
        double scaled = number * units[i].scale;
        if (scaled > 9.2e18)
            return false;
        *value = (int64_t)llround(scaled);
        return true;
    }
    return false;
}

bool tg_parse_duration_ns(const char *text, int64_t *duration_ns)
{
    static const struct unit units[] = {
        {"ns", 1},  {"us", 1e3},   {"µs", 1e3}, {"μs", 1e3},   {"ms", 1e6},
        {"s", 1e9}, {"min", 60e9}, {"m", 60e9}, {"h", 3600e9},
    };
    if (strcmp(text, "0") == 0) {
        *duration_ns = 0;
        return true;
    }
    return scaled_int64(text, units, sizeof units / sizeof *units, duration_ns);
}

bool tg_parse_bytes(const char *text, int64_t *bytes)
{
    static const struct unit units[] = {
        {"", 1},
        {"B", 1},
        {"KiB", 1024},
        {"MiB", 1024.0 * 1024},
        {"GiB", 1024.0 * 1024 * 1024},
        {"TiB", 1024.0 * 1024 * 1024 * 1024},
        {"kB", 1e3},
        {"KB", 1e3},
        {"MB", 1e6},
        {"GB", 1e9},
        {"TB", 1e12},
    };
    return scaled_int64(text, units, sizeof units / sizeof *units, bytes);
}

bool tg_parse_number(const char *text, double *number)
{
    const char *unit;
    return leading_number(text, number, &unit) && *unit == '\0';
}

bool tg_parse_fraction(const char *text, double *fraction)
{
    const char *unit;
    double number;
    if (!leading_number(text, &number, &unit))
        return false;
    if (strcmp(unit, "%") == 0)
        number /= 100;
    else if (*unit != '\0')
        return false;
    *fraction = number;
    return true;
}

bool tg_parse_rate_per_s(const char *text, double *rate_per_s)
{
    static const struct unit units[] = {
        {"", 1}, {"/s", 1}, {"ops/s", 1}, {"/sec", 1}, {"/min", 1.0 / 60}, {"/h", 1.0 / 3600},
    };
    const char *unit;
    double number;
    if (!leading_number(text, &number, &unit))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].name) == 0) {
            *rate_per_s = number * units[i].scale;
            return true;
        }
    }
    return false;
}

/* Decimals that give three significant digits to `number` in [1, 1000), and never only zeros to a
 * smaller one. */
static int three_digits(double number)
{
    if (number > 0 && number < 0.00995)
        return 2 - (int)floor(log10(number));
    return number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
}

char *tg_format_duration(int64_t duration_ns, char out[TG_UNIT_TEXT])
{
    const char *sign = duration_ns < 0 ? "-" : "";
    double ns = fabs((double)duration_ns);
    if (ns < 999.5)
        snprintf(out, TG_UNIT_TEXT, "%s%.0f ns", sign, ns);
    else if (ns < 999.5e3)
        snprintf(out, TG_UNIT_TEXT, "%s%.*f µs", sign, three_digits(ns / 1e3), ns / 1e3);
    else if (ns < 999.5e6)
        snprintf(out, TG_UNIT_TEXT, "%s%.*f ms", sign, three_digits(ns / 1e6), ns / 1e6);
    else if (ns < 99.95e9)
        snprintf(out, TG_UNIT_TEXT, "%s%.*f s", sign, three_digits(ns / 1e9), ns / 1e9);
    else if (ns < 3599.5e9)
        snprintf(out, TG_UNIT_TEXT, "%s%.0fm %02.0fs", sign, floor((ns + 0.5e9) / 60e9),
                 floor(fmod(ns + 0.5e9, 60e9) / 1e9));
    else
        snprintf(out, TG_UNIT_TEXT, "%s%.0fh %02.0fm", sign, floor((ns + 30e9) / 3600e9),
                 floor(fmod(ns + 30e9, 3600e9) / 60e9));
    return out;
}

char *tg_format_bytes(int64_t bytes, char out[TG_UNIT_TEXT])
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (fabs(size) >= 1023.5 && unit + 1 < sizeof names / sizeof *names) {
        size /= 1024;
        unit++;
    }
    snprintf(out, TG_UNIT_TEXT, "%.*f %s", unit == 0 ? 0 : three_digits(fabs(size)), size,
             names[unit]);
    return out;
}

char *tg_format_count(int64_t count, char out[TG_UNIT_TEXT])
{
    char plain[24];
    int length = snprintf(plain, sizeof plain, "%lld", (long long)count);
    int digits = length - (count < 0);
    char *to = out;
    for (int i = 0; i < length; i++) {
        int left = length - i;
        if (i > (count < 0) && left % 3 == 0 && left < digits)
            *to++ = ',';
        *to++ = plain[i];
    }
    *to = '\0';
    return out;
}

char *tg_format_ratio(double ratio, char out[TG_UNIT_TEXT])
{
    if (!isfinite(ratio)) {
        snprintf(out, TG_UNIT_TEXT, "%s", isnan(ratio) ? "-" : ratio > 0 ? "∞" : "-∞");
        return out;
    }
    if (fabs(ratio) < 999.5) {
        snprintf(out, TG_UNIT_TEXT, "%.*f", three_digits(fabs(ratio)), ratio);
        return out;
    }
    if (fabs(ratio) > 9e18) {
        snprintf(out, TG_UNIT_TEXT, "%.2e", ratio);
        return out;
    }
    /* Three significant digits, then grouped as a whole number. */
    double scale = pow(10, floor(log10(fabs(ratio))) - 2);
    return tg_format_count(llround(ratio / scale) * (int64_t)scale, out);
}

char *tg_format_rate(double rate_per_s, char out[TG_UNIT_TEXT])
{
    char number[TG_UNIT_TEXT];
    if (!isfinite(rate_per_s))
        snprintf(number, sizeof number, "-");
    else if (fabs(rate_per_s) > 9e18)
        snprintf(number, sizeof number, "%.2e", rate_per_s);
    else if (rate_per_s < 99.95)
        snprintf(number, sizeof number, "%.*f", three_digits(fabs(rate_per_s)), rate_per_s);
    else
        tg_format_count(llround(rate_per_s), number);
    snprintf(out, TG_UNIT_TEXT, "%.28s/s", number);
    return out;
}

char *tg_format_percent(double fraction, char out[TG_UNIT_TEXT])
{
    double percent = 100 * fraction;
    if (percent > 0 && percent < 0.1)
        snprintf(out, TG_UNIT_TEXT, "<0.1%%");
    else if (percent >= 99.5 && percent < 100)
        snprintf(out, TG_UNIT_TEXT, "%.1f%%", floor(10 * percent) / 10);
    else
        snprintf(out, TG_UNIT_TEXT, "%.*f%%", percent > 0 && percent < 9.95 ? 1 : 0, percent);
    return out;
}
