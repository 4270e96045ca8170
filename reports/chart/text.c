#include "reports/chart/text.h"

#include <stdlib.h>
#include <string.h>

#include "reports/layout/markup.h"
#include "reports/layout/text_table.h"

enum { NARROWEST = 40 };

void tg_text_end_line(struct tg_text *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    tg_text_add(out, "\n");
}

static size_t longest_word(const char *text)
{
    size_t longest = 0;
    char *words = tg_strdup(text);
    char *rest = words;
    for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
        size_t width = tg_text_width(word);
        longest = width > longest ? width : longest;
    }
    free(words);
    return longest;
}

void tg_text_wrapped(struct tg_text *out, const char *text, size_t columns)
{
    struct tg_text plain = {0};
    tg_plain_text(&plain, text);
    if (longest_word(tg_text_string(&plain)) <= columns) {
        tg_wrap_add(out, tg_text_string(&plain), 0, 0, columns);
    } else {
        tg_label_fit(out, text, columns);
        tg_text_add(out, "\n");
    }
    tg_text_free(&plain);
}

void tg_text_scale_line(const struct tg_chart_axis *axis, const struct tg_scale *scale,
                        size_t columns, struct tg_text *out)
{
    char low[TG_UNIT_TEXT], high[TG_UNIT_TEXT];
    struct tg_text line = {0};
    if (axis->label)
        tg_text_add(&line, axis->label);
    if (!scale->empty)
        tg_text_addf(&line, "%s%sfrom %s to %s", line.length ? ", " : "",
                     scale->log ? "log scale " : "",
                     scale->low != 0 ? tg_label_tick(axis->unit, scale->low, low) : "0",
                     tg_label_tick(axis->unit, scale->high, high));
    if (line.length)
        tg_text_wrapped(out, tg_text_string(&line), columns);
    tg_text_free(&line);
}

static void add_sign(struct tg_text *line, bool used, const char *sign, const char *meaning)
{
    if (used)
        tg_text_addf(line, "%s%s %s", line->length ? "; " : "", sign, meaning);
}

static void add_signs(const struct tg_signs *signs, size_t columns, struct tg_text *out)
{
    struct tg_text line = {0};
    add_sign(&line, signs->mark != NULL, "┃", signs->mark);
    add_sign(&line, signs->margin, "░", "worse than the margin");
    add_sign(&line, signs->off_scale, "◀ ▶", "off the scale");
    add_sign(&line, signs->open, "◁ ▷", "no bound known");
    add_sign(&line, signs->bad, "!", "needs a look");
    add_sign(&line, signs->missing, "·", "nothing measured, or too few operations");
    add_sign(&line, signs->worst_of_several, "column:", "the highest of several points");
    if (line.length)
        tg_text_wrapped(out, tg_text_string(&line), columns);
    tg_text_free(&line);
}

void tg_chart_text(const struct tg_chart *chart, size_t columns, struct tg_text *out)
{
    struct tg_signs signs = {0};
    columns = columns < NARROWEST ? NARROWEST : columns;
    if (chart->title)
        tg_text_wrapped(out, chart->title, columns);
    tg_text_add(out, "\n");
    switch (chart->kind) {
    case TG_CHART_BARS:
        tg_text_bars(chart, columns, &signs, out);
        break;
    case TG_CHART_FOREST:
        tg_text_forest(chart, columns, &signs, out);
        break;
    case TG_CHART_LINES:
        tg_text_lines(chart, columns, &signs, out);
        break;
    }
    add_signs(&signs, columns, out);
    if (chart->source) {
        struct tg_text source = {0};
        tg_text_addf(&source, "source: %s", chart->source);
        tg_text_wrapped(out, tg_text_string(&source), columns);
        tg_text_free(&source);
    }
}
