/* A phase in words: its mode, its figures, and the lines under their table. */
#include "reports/run/phase_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum tg_support tg_percentile_support(int64_t count, double percentile)
{
    /* 1000 values have exactly one beyond p99.9, whatever 100 - 99.9 rounds to. */
    double beyond = (double)count * (100 - percentile) / 100 * (1 + 1e-9);
    if (beyond < 1)
        return TG_SUPPORT_NONE;
    return beyond < 10 ? TG_SUPPORT_WEAK : TG_SUPPORT_GOOD;
}

char *tg_short_duration(int64_t duration_ns, char out[])
{
    tg_format_duration(duration_ns, out);
    char *unit = strchr(out, ' ');
    if (!unit || !memchr(out, '.', (size_t)(unit - out)))
        return out;
    char *end = unit;
    while (end[-1] == '0')
        end--;
    if (end[-1] == '.')
        end--;
    memmove(end, unit, strlen(unit) + 1);
    return out;
}

const struct tg_hdr *tg_main_latency(const struct tg_phase_result *phase,
                                     const struct tg_op_result *op)
{
    return phase->open_loop && op->response ? op->response : op->service;
}

struct tg_hdr *tg_merged_latency(const struct tg_phase_result *phase, bool service)
{
    struct tg_hdr *all = NULL;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_hdr *hdr =
            service ? phase->ops[i].service : tg_main_latency(phase, &phase->ops[i]);
        if (!all)
            all = tg_hdr_new(&hdr->config);
        tg_hdr_add(all, hdr);
    }
    return all;
}

enum tg_support tg_percentile_text(const struct tg_hdr *hdr, double percentile,
                                   char out[TG_PERCENTILE_TEXT])
{
    char text[TG_UNIT_TEXT];
    enum tg_support support = tg_percentile_support(hdr->total, percentile);
    bool none = support == TG_SUPPORT_NONE;
    snprintf(out, TG_PERCENTILE_TEXT, "%s%s", support == TG_SUPPORT_WEAK ? "~" : "",
             none ? "-" : tg_format_duration(tg_hdr_percentile(hdr, percentile), text));
    return support;
}

/* ---- the mode line ---- */

const char *tg_phase_title(const struct tg_phase_result *phase, struct tg_arena *arena)
{
    char number[TG_UNIT_TEXT];
    struct tg_text line = {0};
    if (phase->open_loop)
        tg_text_addf(&line, "open loop %s %s", tg_format_rate(phase->rate_per_s, number),
                     phase->arrival == TG_ARRIVAL_POISSON ? "poisson" : "constant");
    else
        tg_text_add(&line, "closed loop");
    tg_text_addf(&line, ", %u worker%s", phase->workers, tg_plural(phase->workers, "s"));
    if (phase->planned_ns > 0)
        tg_text_addf(&line, ", %s", tg_short_duration(phase->planned_ns, number));
    else
        tg_text_addf(&line, ", %s operation%s",
                     tg_format_count((int64_t)phase->planned_count, number),
                     tg_plural(phase->planned_count, "s"));
    if (phase->warmup_ns > 0)
        tg_text_addf(&line, " (+%s warm-up)", tg_short_duration(phase->warmup_ns, number));
    if (phase->planned_ns == 0 || phase->interrupted)
        tg_text_addf(&line, ", took %s", tg_format_duration(phase->elapsed_ns, number));
    const char *title = tg_arena_strdup(arena, line.data);
    tg_text_free(&line);
    return title;
}

/* ---- the lines under the table ---- */

struct writer {
    struct tg_arena *arena;
    struct tg_phase_line *lines;
    size_t count, capacity;
    bool few_samples;
};

static void add_line(struct writer *writer, enum tg_style style, const char *label,
                     const struct tg_text *text)
{
    if (writer->count == writer->capacity) {
        writer->capacity = writer->capacity ? 2 * writer->capacity : 8;
        struct tg_phase_line *grown =
            tg_arena_array(writer->arena, writer->capacity, sizeof *grown);
        if (writer->count > 0)
            memcpy(grown, writer->lines, writer->count * sizeof *grown);
        writer->lines = grown;
    }
    writer->lines[writer->count++] = (struct tg_phase_line){
        .style = style,
        .label = label,
        .text = tg_arena_strdup(writer->arena, tg_text_string(text)),
    };
}

/* "p99 1.2 ms, max 3.4 ms" with the usual caution about few values. */
static void add_tail(struct writer *writer, struct tg_text *line, const struct tg_hdr *hdr)
{
    char number[TG_UNIT_TEXT];
    if (hdr->total == 0) {
        tg_text_add(line, "no value");
        return;
    }
    enum tg_support support = tg_percentile_support(hdr->total, 99);
    if (support != TG_SUPPORT_GOOD)
        writer->few_samples = true;
    if (support != TG_SUPPORT_NONE)
        tg_text_addf(line, "p99 %s%s, ", support == TG_SUPPORT_WEAK ? "~" : "",
                     tg_format_duration(tg_hdr_percentile(hdr, 99), number));
    tg_text_addf(line, "max %s", tg_format_duration(hdr->max, number));
}

/* "LABEL (N times) p99 ..., max ...", nothing when there is none. */
static void add_lag(struct writer *writer, struct tg_text *line, const char *label,
                    const struct tg_hdr *lag)
{
    char number[TG_UNIT_TEXT];
    if (!lag || lag->total == 0)
        return;
    tg_text_addf(line, "%s%s (%s time%s) ", line->length ? "; " : "", label,
                 tg_format_count(lag->total, number), tg_plural((size_t)lag->total, "s"));
    add_tail(writer, line, lag);
}

/* What the response times of the table are made of. */
static void add_waiting(struct writer *writer, const struct tg_phase_result *phase)
{
    struct tg_hdr *service = phase->open_loop ? tg_merged_latency(phase, true) : NULL;
    if (!service)
        return;
    struct tg_text line = {0};
    char number[TG_UNIT_TEXT];
    add_tail(writer, &line, service);
    add_line(writer, TG_PLAIN, "service", &line);
    tg_text_clear(&line);
    add_lag(writer, &line, "every worker busy", phase->busy_lag);
    add_lag(writer, &line, "worker woke late", phase->late_lag);
    if (phase->issued < phase->offered) {
        tg_text_addf(&line, "%s%s", line.length ? "; " : "",
                     tg_format_count(phase->issued, number));
        tg_text_addf(&line, " of %s operations that fell due were started",
                     tg_format_count(phase->offered, number));
    }
    if (line.length)
        add_line(writer, TG_PLAIN, "lag", &line);
    tg_text_free(&line);
    free(service);
}

static char *percent_of(double part, double whole, char out[TG_UNIT_TEXT])
{
    return tg_format_percent(whole > 0 ? part / whole : 0, out);
}

/* What the platform and the harness did beside the store. */
static void add_platform(struct writer *writer, const struct tg_phase_result *phase)
{
    char number[TG_UNIT_TEXT];
    struct tg_text line = {0};
    tg_text_add(&line, "hiccups ");
    add_tail(writer, &line, phase->hiccups);
    if (phase->steal_ns >= 0)
        tg_text_addf(&line, "; steal %s", tg_format_duration(phase->steal_ns, number));
    if (phase->cpu_pressure_ns >= 0)
        tg_text_addf(&line, "; pressure cpu %s",
                     percent_of((double)phase->cpu_pressure_ns, (double)phase->elapsed_ns, number));
    if (phase->io_pressure_ns >= 0)
        tg_text_addf(&line, "%s io %s", phase->cpu_pressure_ns >= 0 ? "," : "; pressure",
                     percent_of((double)phase->io_pressure_ns, (double)phase->elapsed_ns, number));
    struct tg_hdr *service = tg_merged_latency(phase, true);
    if (phase->harness_ns >= 0 && service && service->total > 0) {
        tg_text_addf(&line, "; harness %s per operation",
                     tg_format_duration(phase->harness_ns, number));
        tg_text_addf(&line, " (%s of the mean)",
                     percent_of((double)phase->harness_ns, tg_hdr_mean(service), number));
    }
    free(service);
    add_line(writer, TG_PLAIN, "platform", &line);
    tg_text_free(&line);
}

static void add_resources(struct writer *writer, const struct tg_phase_result *phase)
{
    char number[TG_UNIT_TEXT];
    struct tg_text line = {0};
    int64_t cpu_ns = phase->cpu_user_ns + phase->cpu_system_ns;
    if (phase->elapsed_ns > 0)
        tg_text_addf(&line, "%.2f CPUs (system %s)", (double)cpu_ns / (double)phase->elapsed_ns,
                     percent_of((double)phase->cpu_system_ns, (double)cpu_ns, number));
    if (phase->rss_peak_bytes > 0)
        tg_text_addf(&line, "%smemory %s", line.length ? ", " : "",
                     tg_format_bytes(phase->rss_peak_bytes, number));
    if (phase->files_bytes > 0 || phase->files_peak_bytes > 0) {
        tg_text_addf(&line, "%sfiles %s", line.length ? ", " : "",
                     tg_format_bytes(phase->files_bytes, number));
        if (phase->files_peak_bytes > phase->files_bytes)
            tg_text_addf(&line, " (peak %s)", tg_format_bytes(phase->files_peak_bytes, number));
    }
    int64_t retries = 0;
    for (size_t i = 0; i < phase->op_count; i++)
        retries += phase->ops[i].retries;
    if (retries > 0)
        tg_text_addf(&line, "%s%s waits for a lock or retries", line.length ? ", " : "",
                     tg_format_count(retries, number));
    if (line.length)
        add_line(writer, TG_PLAIN, "used", &line);
    tg_text_free(&line);
}

static void add_errors(struct writer *writer, const struct tg_phase_result *phase)
{
    char number[TG_UNIT_TEXT];
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        for (size_t j = 0; j < op->error_count; j++) {
            const struct tg_error_count *error = &op->errors[j];
            struct tg_text line = {0};
            tg_text_addf(&line, "%s: %s of %s", op->name, tg_format_count(error->count, number),
                         error->name);
            if (error->code != TG_EXPECT_ROWS_CODE)
                tg_text_addf(&line, " (%d)", error->code);
            if (error->text && *error->text)
                tg_text_addf(&line, ", first: %s", error->text);
            add_line(writer, TG_RED, "errors", &line);
            tg_text_free(&line);
        }
    }
}

static void add_notes(struct writer *writer, const struct tg_phase_result *phase)
{
    struct tg_text line = {0};
    if (phase->invalid) {
        tg_text_add(&line, phase->invalid);
        add_line(writer, TG_YELLOW, "invalid", &line);
        tg_text_clear(&line);
    }
    if (phase->interrupted) {
        tg_text_add(&line, "the figures are those measured until then");
        add_line(writer, TG_YELLOW, "interrupted", &line);
    }
    tg_text_free(&line);
}

const struct tg_phase_line *tg_phase_lines(const struct tg_phase_result *phase, size_t *count,
                                           bool *few_samples, struct tg_arena *arena)
{
    struct writer writer = {.arena = arena};
    add_waiting(&writer, phase);
    add_platform(&writer, phase);
    add_resources(&writer, phase);
    add_errors(&writer, phase);
    add_notes(&writer, phase);
    *count = writer.count;
    *few_samples = *few_samples || writer.few_samples;
    return writer.lines;
}
