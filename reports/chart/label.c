#include "reports/chart/label.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/layout/markup.h"

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* How many bytes of the front of `text` take at most `columns`. */
static size_t head_bytes(const char *text, size_t columns)
{
    size_t bytes = 0, width = 0;
    while (text[bytes]) {
        char one[8] = {0}; /* a code point */
        size_t length = 0;
        do {
            one[length] = text[bytes + length];
            length++;
        } while (continues(text[bytes + length]) && length < sizeof one - 1);
        width += tg_text_width(one);
        if (width > columns)
            break;
        bytes += length;
    }
    return bytes;
}

size_t tg_label_fit(struct tg_text *out, const char *text, size_t columns)
{
    struct tg_text plain = {0};
    tg_plain_text(&plain, text);
    const char *whole = tg_text_string(&plain);
    size_t width = tg_text_width(whole);
    if (width <= columns) {
        tg_text_add(out, whole);
        tg_text_free(&plain);
        return width;
    }
    size_t room = columns - 1;
    const char *tail = whole + plain.length;
    const char *shorter = tail;
    while (tg_text_width(shorter) <= room / 2 && shorter > whole) {
        tail = shorter;
        do
            shorter--;
        while (continues(*shorter));
    }
    size_t tail_width = tg_text_width(tail);
    char *head = tg_strdup(whole);
    head[head_bytes(head, room - tail_width)] = '\0';
    tg_text_addf(out, "%s…%s", head, tail);
    width = tg_text_width(head) + 1 + tail_width;
    free(head);
    tg_text_free(&plain);
    return width;
}

void tg_label_column(struct tg_text *out, const char *text, size_t columns, bool right)
{
    struct tg_text fitted = {0};
    size_t width = tg_label_fit(&fitted, text, columns);
    tg_text_pad(out, ' ', right ? columns - width : 0);
    tg_text_add(out, tg_text_string(&fitted));
    tg_text_pad(out, ' ', right ? 0 : columns - width);
    tg_text_free(&fitted);
}

/* Any double as the nearest whole number that fits. */
static int64_t whole_number(double value)
{
    if (fabs(value) > 9e18)
        return value > 0 ? INT64_MAX : INT64_MIN + 1;
    return llround(value);
}

/* Three significant digits, without an exponent where there need not be one. */
static int decimals_for(double number)
{
    int decimals = number != 0 ? 2 - (int)floor(log10(fabs(number))) : 0;
    return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

static void format_percent(double fraction, char out[TG_UNIT_TEXT])
{
    double percent = 100 * fraction;
    if (fabs(percent) > 1e9 || (percent != 0 && fabs(percent) < 1e-6))
        snprintf(out, TG_UNIT_TEXT, "%.2e%%", percent);
    else
        snprintf(out, TG_UNIT_TEXT, "%.*f%%", decimals_for(percent), percent);
}

static void format_change(double fraction, char out[TG_UNIT_TEXT])
{
    double percent = 100 * fraction;
    if (fabs(percent) > 1e9)
        snprintf(out, TG_UNIT_TEXT, "%+.2e%%", percent);
    else
        snprintf(out, TG_UNIT_TEXT, "%+.1f%%", percent);
}

static void format_count(double value, char out[TG_UNIT_TEXT])
{
    if (value == floor(value))
        tg_format_count(whole_number(value), out);
    else
        tg_format_ratio(value, out);
}

static void format_percentile(double percentile, char out[TG_UNIT_TEXT])
{
    if (percentile <= 0)
        snprintf(out, TG_UNIT_TEXT, "min");
    else if (percentile >= 100)
        snprintf(out, TG_UNIT_TEXT, "max");
    else
        snprintf(out, TG_UNIT_TEXT, "p%.9g", percentile);
}

/* Of plain numbers: beyond what anybody measures, where digits would go on and on. */
static bool needs_exponent(enum tg_chart_unit unit, double value)
{
    bool plain = unit == TG_CHART_PER_S || unit == TG_CHART_COUNT || unit == TG_CHART_RATIO ||
                 unit == TG_CHART_SECONDS;
    return plain && value != 0 && (fabs(value) < 1e-6 || fabs(value) > 1e15);
}

static void format_finite(enum tg_chart_unit unit, double value, char out[TG_UNIT_TEXT])
{
    char number[TG_UNIT_TEXT];
    if (needs_exponent(unit, value)) {
        snprintf(out, TG_UNIT_TEXT, "%.2e", value);
        return;
    }
    switch (unit) {
    case TG_CHART_NS:
        tg_format_duration(whole_number(value), out);
        return;
    case TG_CHART_PER_S:
        tg_format_rate(value, out);
        return;
    case TG_CHART_FRACTION:
        format_percent(value, out);
        return;
    case TG_CHART_CHANGE:
        format_change(value, out);
        return;
    case TG_CHART_BYTES:
        tg_format_bytes(whole_number(value), out);
        return;
    case TG_CHART_COUNT:
        format_count(value, out);
        return;
    case TG_CHART_RATIO:
        snprintf(out, TG_UNIT_TEXT, "%.28s×", tg_format_ratio(value, number));
        return;
    case TG_CHART_SECONDS:
        snprintf(out, TG_UNIT_TEXT, "%.28s s", tg_format_ratio(value, number));
        return;
    case TG_CHART_PERCENTILE:
        format_percentile(value, out);
        return;
    }
}

char *tg_label_value(enum tg_chart_unit unit, double value, char out[TG_UNIT_TEXT])
{
    if (isnan(value))
        snprintf(out, TG_UNIT_TEXT, "no data");
    else if (isinf(value))
        snprintf(out, TG_UNIT_TEXT, "%s", value < 0 ? "-∞" : unit == TG_CHART_CHANGE ? "+∞" : "∞");
    else
        format_finite(unit, value, out);
    return out;
}

char *tg_label_tick(enum tg_chart_unit unit, double value, char out[TG_UNIT_TEXT])
{
    tg_label_value(unit, value, out);
    if (unit == TG_CHART_CHANGE && value == 0)
        snprintf(out, TG_UNIT_TEXT, "0%%");
    char *point = strchr(out, '.');
    if (!point || unit == TG_CHART_PERCENTILE)
        return out;
    char *end = point + 1 + strspn(point + 1, "0123456789");
    char *kept = end;
    while (kept[-1] == '0')
        kept--;
    if (kept - 1 == point)
        kept--;
    memmove(kept, end, strlen(end) + 1);
    return out;
}

const char *tg_label_interval(const struct tg_chart *chart, const struct tg_chart_series *series,
                              size_t index, struct tg_arena *arena)
{
    char low[TG_UNIT_TEXT], high[TG_UNIT_TEXT];
    if (!series->low || !series->high || isnan(series->y[index]))
        return "";
    return tg_arena_format(arena, "(%s .. %s)",
                           tg_label_value(chart->y.unit, series->low[index], low),
                           tg_label_value(chart->y.unit, series->high[index], high));
}
