#include "reports/gate/gate_progress.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/layout/text_table.h"

enum { LEAST_NAME = 10, LEAST_BAR = 11, MOST_BAR = 41, INTERVAL = 18, VERDICT = 11, GAP = 2 };

struct line { /* of one metric */
    const struct tg_compared_metric *metric;
    const struct tg_metric_verdict *verdict;
    struct tg_interval interval; /* the worse one of the two estimates */
    size_t place;
};

struct layout {
    size_t name, interval, bar; /* 0: has no room */
};

static bool is_open(const struct tg_metric_verdict *verdict)
{
    return verdict->verdict == TG_GATE_INCONCLUSIVE;
}

/* A decided metric keeps what decided it; an open one shows what the next look would see. */
static struct tg_interval worse_interval(struct tg_gate *gate, size_t m)
{
    const struct tg_metric_verdict *verdict = &gate->metrics[m];
    struct tg_interval sides[TG_GATE_SIDES];
    for (int side = 0; side < TG_GATE_SIDES; side++)
        sides[side] = is_open(verdict) ? tg_gate_interim(gate, m, (enum tg_gate_side)side)
                                       : verdict->interval[side];
    const struct tg_interval *pooled = &sides[TG_GATE_POOLED];
    const struct tg_interval *typical = &sides[TG_GATE_TYPICAL];
    if (gate->config.metrics[m].pooled_only || typical->count == 0)
        return *pooled;
    if (isfinite(pooled->upper) || isfinite(typical->upper))
        return typical->upper > pooled->upper ? *typical : *pooled;
    return typical->estimate > pooled->estimate ? *typical : *pooled;
}

static struct line *collect(const struct tg_interleave_progress *progress, size_t *count)
{
    const struct tg_comparison *comparison = progress->comparison;
    struct line *lines = tg_calloc(comparison->metric_count + 1, sizeof *lines);
    *count = 0;
    for (size_t i = 0; i < comparison->metric_count; i++) {
        if (comparison->metrics[i].why_not)
            continue;
        lines[*count] = (struct line){
            .metric = &comparison->metrics[i],
            .verdict = &progress->gate->metrics[*count],
            .interval = worse_interval(progress->gate, *count),
            .place = *count,
        };
        (*count)++;
    }
    return lines;
}

/* ---- one line ---- */

void tg_interval_bar(const struct tg_interval *interval, double margin, size_t width,
                     struct tg_text *out)
{
    assert(width >= 9 && width % 2 == 1 && margin > 0);
    char bar[64];
    assert(width < sizeof bar);
    size_t centre = width / 2;
    double middle = (double)centre;
    double per_cell = 2 * margin / middle; /* twice the margin fits into either half */
    memset(bar, '-', width);
    bar[width] = '\0';
    if (isfinite(interval->lower) && isfinite(interval->upper)) {
        double from = fmax(0, round(middle + interval->lower / per_cell));
        double to = fmin((double)width - 1, round(middle + interval->upper / per_cell));
        if (from <= to)
            memset(bar + (size_t)from, '=', (size_t)(to - from) + 1);
    }
    size_t half = (size_t)round(margin / per_cell);
    bar[centre - half] = '|';
    bar[centre + half] = '|';
    double estimate = round(middle + interval->estimate / per_cell);
    if (estimate < 0)
        bar[0] = '<';
    else if (estimate >= (double)width)
        bar[width - 1] = '>';
    else if (!isnan(estimate))
        bar[(size_t)estimate] = '+';
    tg_text_addf(out, "[%s]", bar);
}

static void add_padded(struct tg_text *out, const char *text, size_t width, bool right)
{
    size_t used = tg_text_width(text);
    size_t space = used < width ? width - used : 0;
    if (right)
        tg_text_pad(out, ' ', space);
    tg_text_add(out, text);
    if (!right)
        tg_text_pad(out, ' ', space);
}

static void interval_words(const struct line *line, char out[], size_t size)
{
    double ends[2] = {tg_shown_change(line->interval.lower, line->metric->direction),
                      tg_shown_change(line->interval.upper, line->metric->direction)};
    if (isfinite(line->interval.lower) && isfinite(line->interval.upper))
        snprintf(out, size, "%+.1f .. %+.1f%%", 100 * fmin(ends[0], ends[1]),
                 100 * fmax(ends[0], ends[1]));
    else
        snprintf(out, size, "-");
}

static void add_name(struct tg_text *out, const char *name, size_t width)
{
    size_t length = strlen(name); /* names are ASCII */
    if (length > width)
        tg_text_addf(out, "%.*s..", (int)width - 2, name);
    else
        add_padded(out, name, width, false);
}

static void add_line(const struct line *line, const struct layout *layout, bool color,
                     struct tg_text *out)
{
    char words[64];
    double change = tg_shown_change(line->interval.estimate, line->metric->direction);
    add_name(out, line->metric->name, layout->name);
    snprintf(words, sizeof words, isnan(change) ? "-" : "%+.1f%%", 100 * change);
    add_padded(out, words, 7 + GAP, true);
    if (layout->interval) {
        interval_words(line, words, sizeof words);
        add_padded(out, words, layout->interval + GAP, true);
    }
    if (layout->bar) {
        tg_text_pad(out, ' ', GAP);
        tg_interval_bar(&line->interval, log1p(line->metric->margin), layout->bar, out);
    }
    tg_text_pad(out, ' ', GAP);
    enum tg_gate_verdict verdict = line->verdict->verdict;
    if (verdict == TG_GATE_INCONCLUSIVE)
        tg_style_add(out, TG_YELLOW, color, line->verdict->flagged ? "slower?" : "open");
    else
        tg_style_add(out, verdict == TG_GATE_REGRESSION ? TG_RED : TG_GREEN, color,
                     tg_gate_verdict_name(verdict));
    tg_text_add(out, "\n");
}

static struct layout lay_out(const struct line *lines, size_t count, size_t columns)
{
    struct layout layout = {.interval = INTERVAL};
    size_t longest = LEAST_NAME;
    size_t fixed = (GAP + 7) + (GAP + VERDICT);
    size_t ends = GAP + 2; /* gap and brackets */
    for (size_t i = 0; i < count; i++)
        longest = strlen(lines[i].metric->name) > longest ? strlen(lines[i].metric->name) : longest;
    size_t room = columns > fixed ? columns - fixed : 0;
    if (room < longest + GAP + INTERVAL + ends + LEAST_BAR)
        layout.interval = 0;
    size_t others = longest + (layout.interval ? GAP + INTERVAL : 0) + ends;
    if (room >= others + LEAST_BAR) {
        layout.bar = room - others < MOST_BAR ? room - others : MOST_BAR;
        layout.bar -= layout.bar % 2 == 0;
    }
    layout.name = longest <= room ? longest : room < LEAST_NAME ? LEAST_NAME : room;
    return layout;
}

static void add_titles(const struct layout *layout, bool color, struct tg_text *out)
{
    struct tg_text line = {0};
    add_padded(&line, "metric", layout->name, false);
    add_padded(&line, "change", 7 + GAP, true);
    if (layout->interval)
        add_padded(&line, "interval", layout->interval + GAP, true);
    if (layout->bar) {
        tg_text_pad(&line, ' ', GAP);
        add_padded(&line, "better", layout->bar + 2 - strlen("worse"), false);
        tg_text_add(&line, "worse");
    }
    tg_style_add(out, TG_DIM, color, line.data);
    tg_text_add(out, "\n");
    tg_text_free(&line);
}

/* ---- the block ---- */

static int urgency(const struct line *line)
{
    return !is_open(line->verdict) ? 0 : line->verdict->flagged ? 2 : 1;
}

static int most_urgent_first(const void *a, const void *b)
{
    const struct line *left = a;
    const struct line *right = b;
    if (urgency(left) != urgency(right))
        return urgency(right) - urgency(left);
    return left->place < right->place ? -1 : 1;
}

static int in_order(const void *a, const void *b)
{
    const struct line *left = a;
    const struct line *right = b;
    return left->place < right->place ? -1 : 1;
}

static size_t count_decided(const struct tg_gate *gate)
{
    size_t decided = 0;
    for (size_t i = 0; i < gate->config.metric_count; i++)
        decided += !is_open(&gate->metrics[i]);
    return decided;
}

static void add_proved(const struct tg_interleave_progress *progress, struct tg_text *out)
{
    const struct tg_gate *gate = progress->gate;
    tg_text_addf(out, "%zu of %zu metrics proved", count_decided(gate), gate->config.metric_count);
    if (gate->errors.total.failed_before + gate->errors.total.failed_after > 0)
        tg_text_addf(out, "; %lld operations failed before, %lld after",
                     (long long)gate->errors.total.failed_before,
                     (long long)gate->errors.total.failed_after);
}

static void add_time(const struct tg_interleave_progress *progress, struct tg_text *out)
{
    const struct tg_gate *gate = progress->gate;
    tg_text_addf(out, "%zu launches, %s after %zu more, %.0f s left",
                 gate->launches + gate->fresh_launches,
                 gate->step == TG_GATE_CONFIRM ? "a slowdown confirmed or not" : "next look",
                 gate->next_answer_in, (double)progress->left_ns / 1e9);
}

/* Cuts the last line at the width; it is ASCII. */
static void add_cut(struct tg_text *out, const char *line, size_t columns)
{
    tg_text_add_bytes(out, line, strlen(line) < columns ? strlen(line) : columns);
}

void tg_report_gate_progress(const struct tg_interleave_progress *progress, size_t columns,
                             size_t rows, bool color, struct tg_text *out)
{
    size_t count;
    struct line *lines = collect(progress, &count);
    struct layout layout = lay_out(lines, count, columns);
    size_t narrowest = layout.name + GAP + 7 + GAP + VERDICT;
    size_t shown = rows > count ? count : rows > 2 ? rows - 2 : 0;
    if (narrowest > columns)
        shown = 0;
    if (shown < count) {
        qsort(lines, count, sizeof *lines, most_urgent_first);
        qsort(lines, shown, sizeof *lines, in_order);
    }
    if (shown > 0 && rows >= count + 2)
        add_titles(&layout, color, out);
    for (size_t i = 0; i < shown; i++)
        add_line(&lines[i], &layout, color, out);
    if (shown > 0 && shown < count)
        tg_text_addf(out, "and %zu more\n", count - shown);
    struct tg_text last = {0};
    add_time(progress, &last);
    tg_text_add(&last, "; ");
    add_proved(progress, &last);
    add_cut(out, last.data, columns);
    tg_text_free(&last);
    free(lines);
}

/* ---- lines that stay ---- */

static double width_of(const struct line *line)
{
    return line->interval.upper - line->interval.lower;
}

static void add_widest(const struct tg_interleave_progress *progress, struct tg_text *out)
{
    size_t count;
    struct line *lines = collect(progress, &count);
    const struct line *widest = NULL;
    char words[64];
    for (size_t i = 0; i < count; i++)
        if (is_open(lines[i].verdict) && isfinite(width_of(&lines[i])) &&
            (!widest || width_of(&lines[i]) > width_of(widest)))
            widest = &lines[i];
    if (widest) {
        interval_words(widest, words, sizeof words);
        tg_text_addf(out, "; widest open: %s %s", widest->metric->name, words);
    }
    free(lines);
}

void tg_report_gate_progress_line(const struct tg_interleave_progress *progress,
                                  struct tg_text *out)
{
    add_time(progress, out);
    tg_text_add(out, "; ");
    add_proved(progress, out);
    add_widest(progress, out);
}
