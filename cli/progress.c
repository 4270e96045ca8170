#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/text.h"
#include "common/units.h"

static const int64_t PLAIN_LINE_EVERY_NS = 10 * TG_NS_PER_S;

void tg_progress_init(struct tg_progress *progress, bool quiet)
{
    const char *term = getenv("TERM");
    struct winsize size;
    *progress = (struct tg_progress){
        .quiet = quiet,
        .terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0,
        .columns = 80,
    };
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        progress->columns = size.ws_col;
}

void tg_progress_clear(struct tg_progress *progress)
{
    if (progress->drawn)
        fputs("\r\033[K", stderr);
    progress->drawn = false;
}

/* Cuts at the width of the terminal, so that the line never wraps and can be wiped. */
static void draw(struct tg_progress *progress, struct tg_text *line)
{
    while (line->length > 0 && tg_text_width(line->data) >= (size_t)progress->columns) {
        do {
            line->length--;
        } while (line->length > 0 && ((unsigned char)line->data[line->length] & 0xC0) == 0x80);
        line->data[line->length] = '\0';
    }
    fprintf(stderr, "\r%s\033[K", tg_text_string(line));
    fflush(stderr);
    progress->drawn = true;
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
        draw(progress, &line);
    tg_text_free(&line);
}

static char *words_of_launches(const struct tg_interleave_progress *gated)
{
    return tg_format("%zu of %zu launches, %.0f s left", gated->comparison->launch_count,
                     gated->launches, (double)gated->left_ns / 1e9);
}

static char *words_of_gate(const struct tg_interleave_progress *gated)
{
    const struct tg_gate *gate = gated->gate;
    size_t decided = 0;
    for (size_t i = 0; i < gate->config.metric_count; i++)
        decided += gate->metrics[i].verdict != TG_GATE_INCONCLUSIVE;
    bool confirming = gate->step == TG_GATE_CONFIRM;
    return tg_format("%zu launches, %zu of %zu metrics proved; %s after %zu more, %.0f s left",
                     gate->launches + gate->fresh_launches, decided, gate->config.metric_count,
                     confirming ? "a slowdown is confirmed or not" : "next look",
                     gate->next_answer_in, (double)gated->left_ns / 1e9);
}

/* On a terminal after each launch; elsewhere, where every line stays, after those that answered. */
void tg_progress_gate(void *context, const struct tg_interleave_progress *gated)
{
    struct tg_progress *progress = context;
    bool done = gated->gate && gated->gate->step == TG_GATE_DONE;
    if (done || (!progress->terminal && !gated->answered))
        return;
    char *text = gated->gate ? words_of_gate(gated) : words_of_launches(gated);
    tg_progress_notify(progress, &(struct tg_event){.kind = TG_EVENT_STEP, .text = text});
    free(text);
}
