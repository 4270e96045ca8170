#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "common/units.h"

static const int64_t PLAIN_LINE_EVERY_NS = 10 * TG_NS_PER_S;

void tg_progress_measure(struct tg_progress *progress)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0)
        return;
    if (size.ws_col > 0)
        progress->columns = size.ws_col;
    if (size.ws_row > 0)
        progress->rows = size.ws_row;
}

void tg_progress_init(struct tg_progress *progress, bool quiet)
{
    const char *term = getenv("TERM");
    *progress = (struct tg_progress){
        .quiet = quiet,
        .terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0,
        .color = tg_use_color(stderr),
        .columns = 80,
        .rows = 24,
    };
    tg_progress_measure(progress);
}

/* Adds what moves the cursor to where the drawn lines begin. */
static void go_back(const struct tg_progress *progress, struct tg_text *out)
{
    tg_text_add(out, "\r");
    if (progress->drawn > 1)
        tg_text_addf(out, "\033[%dA", progress->drawn - 1);
}

void tg_progress_clear(struct tg_progress *progress)
{
    struct tg_text out = {0};
    if (progress->drawn == 0)
        return;
    go_back(progress, &out);
    fprintf(stderr, "%s%s", out.data, progress->drawn > 1 ? "\033[J" : "\033[K");
    tg_text_free(&out);
    progress->drawn = 0;
}

/* In one piece, and every line wipes only what stood behind it: nothing flickers. */
void tg_progress_draw(struct tg_progress *progress, const struct tg_text *text)
{
    struct tg_text out = {0};
    int lines = 1;
    go_back(progress, &out);
    for (const char *at = tg_text_string(text); *at; at++) {
        if (*at == '\n') {
            tg_text_add(&out, "\033[K");
            lines++;
        }
        tg_text_add_bytes(&out, at, 1);
    }
    tg_text_add(&out, lines < progress->drawn ? "\033[J" : "\033[K");
    fwrite(out.data, 1, out.length, stderr);
    fflush(stderr);
    tg_text_free(&out);
    progress->drawn = lines;
}

/* Cuts at the width of the terminal, so that the line never wraps and can be wiped. */
static void draw_line(struct tg_progress *progress, struct tg_text *line)
{
    while (line->length > 0 && tg_text_width(line->data) >= (size_t)progress->columns) {
        do {
            line->length--;
        } while (line->length > 0 && ((unsigned char)line->data[line->length] & 0xC0) == 0x80);
        line->data[line->length] = '\0';
    }
    tg_progress_draw(progress, line);
}

static void describe_time(struct tg_text *line, const struct tg_event *event)
{
    char done[TG_UNIT_TEXT], count[TG_UNIT_TEXT];
    if (event->planned_ns > 0) {
        double left_s = (double)(event->planned_ns - event->elapsed_ns) / 1e9;
        tg_text_addf(line, "%.0f s left", left_s > 0 ? left_s : 0.0);
    } else {
        tg_text_addf(line, "%s of %s operations", tg_format_count(event->operations, done),
                     tg_format_count((int64_t)event->planned_count, count));
    }
}

static void describe_phase(struct tg_text *line, const struct tg_event *event)
{
    char rate[TG_UNIT_TEXT], p99[TG_UNIT_TEXT], failed[TG_UNIT_TEXT];
    tg_text_addf(line, "[%u/%u] %s: ", event->phase + 1, event->phase_count, event->text);
    describe_time(line, event);
    if (event->warming_up) {
        tg_text_add(line, ", warming up");
        return;
    }
    tg_text_addf(line, ", %s", tg_format_rate(event->rate_per_s, rate));
    if (event->p99_ns > 0)
        tg_text_addf(line, ", p99 %s", tg_format_duration(event->p99_ns, p99));
    if (event->failed > 0)
        tg_text_addf(line, ", %s failed", tg_format_count(event->failed, failed));
}

static void notify_plain(struct tg_progress *progress, const struct tg_event *event)
{
    struct tg_text line = {0};
    if (event->kind == TG_EVENT_STEP) {
        tg_text_add(&line, event->text);
    } else if (event->kind == TG_EVENT_PHASE) {
        progress->last_line_ns = 0;
        tg_text_addf(&line, "[%u/%u] %s", event->phase + 1, event->phase_count, event->text);
    } else if (event->kind == TG_EVENT_PROGRESS &&
               event->elapsed_ns - progress->last_line_ns >= PLAIN_LINE_EVERY_NS) {
        progress->last_line_ns = event->elapsed_ns;
        describe_phase(&line, event);
    }
    if (line.length > 0)
        fprintf(stderr, "%s\n", line.data);
    tg_text_free(&line);
}

void tg_progress_notify(void *context, const struct tg_event *event)
{
    struct tg_progress *progress = context;
    if (progress->quiet)
        return;
    if (!progress->terminal) {
        notify_plain(progress, event);
        return;
    }
    struct tg_text line = {0};
    if (event->kind == TG_EVENT_STEP)
        tg_text_addf(&line, "%s ...", event->text);
    else if (event->kind != TG_EVENT_PHASE_END)
        describe_phase(&line, event);
    if (line.length > 0)
        draw_line(progress, &line);
    tg_text_free(&line);
}
