#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/report_view.h"

enum { INDENT = 2, HANGING_INDENT = 4 };

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

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

/* Response times count where operations fell due, service times where the next one waits for the
 * last. */
static const struct tg_hdr *main_latency(const struct tg_phase_result *phase,
                                         const struct tg_op_result *op)
{
    return phase->open_loop && op->response ? op->response : op->service;
}

/* All operations of the phase together; NULL without operations. Free with free(). */
static struct tg_hdr *merged(const struct tg_phase_result *phase, bool service)
{
    struct tg_hdr *all = NULL;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_hdr *hdr =
            service ? phase->ops[i].service : main_latency(phase, &phase->ops[i]);
        if (!all)
            all = tg_hdr_new(&hdr->config);
        tg_hdr_add(all, hdr);
    }
    return all;
}

/* ---- the mode line ---- */

static void add_title(struct tg_view *view, const struct tg_phase_result *phase)
{
    char number[TG_UNIT_TEXT];
    struct tg_text line = {0};
    if (phase->open_loop)
        tg_text_addf(&line, "open loop %s %s", tg_format_rate(phase->rate_per_s, number),
                     phase->arrival == TG_ARRIVAL_POISSON ? "poisson" : "constant");
    else
        tg_text_add(&line, "closed loop");
    tg_text_addf(&line, ", %u worker%s", phase->workers, plural(phase->workers));
    if (phase->planned_ns > 0)
        tg_text_addf(&line, ", %s", tg_short_duration(phase->planned_ns, number));
    else
        tg_text_addf(&line, ", %s operation%s",
                     tg_format_count((int64_t)phase->planned_count, number),
                     plural((int64_t)phase->planned_count));
    if (phase->warmup_ns > 0)
        tg_text_addf(&line, " (+%s warm-up)", tg_short_duration(phase->warmup_ns, number));
    if (phase->planned_ns == 0 || phase->interrupted)
        tg_text_addf(&line, ", took %s", tg_format_duration(phase->elapsed_ns, number));

    tg_text_add(view->out, "\n");
    tg_style_add(view->out, TG_BOLD, view->color, phase->name);
    tg_text_add(view->out, ": ");
    tg_wrap_add(view->out, line.data, tg_text_width(phase->name) + 2, INDENT, view->width);
    tg_text_free(&line);
}

/* ---- the table ---- */

static const struct tg_table_column op_columns[] = {
    {.title = "", .may_shorten = true}, /* names the time that the columns are about */
    {.title = "count", .right = true, .keep = 5},
    {.title = "rate", .right = true, .keep = 4},
    {.title = "mean", .right = true, .keep = 1},
    {.title = "p50", .right = true, .keep = 8},
    {.title = "p95", .right = true, .keep = 3},
    {.title = "p99", .right = true},
    {.title = "p99.9", .right = true, .keep = 6},
    {.title = "max", .right = true, .keep = 2},
    {.title = "errors", .right = true, .keep = 7},
};

static void duration_cell(struct tg_table *table, const struct tg_hdr *hdr, double duration_ns)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, hdr->total ? tg_format_duration((int64_t)(duration_ns + 0.5), text) : "-");
}

static void percentile_cell(struct tg_view *view, struct tg_table *table, const struct tg_hdr *hdr,
                            double percentile)
{
    char text[TG_UNIT_TEXT];
    enum tg_support support = tg_percentile_support(hdr->total, percentile);
    if (support != TG_SUPPORT_GOOD && hdr->total > 0)
        view->few_samples = true;
    if (support == TG_SUPPORT_NONE) {
        tg_table_cellf(table, TG_DIM, "-");
        return;
    }
    tg_format_duration(tg_hdr_percentile(hdr, percentile), text);
    if (support == TG_SUPPORT_WEAK)
        tg_table_cellf(table, TG_DIM, "~%s", text);
    else
        tg_table_cell(table, text);
}

static void op_row(struct tg_view *view, struct tg_table *table, const char *name,
                   const struct tg_hdr *hdr, int64_t succeeded, int64_t failed, int64_t elapsed_ns)
{
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, name);
    tg_table_cell(table, tg_format_count(succeeded, text));
    tg_table_cell(table, elapsed_ns > 0
                             ? tg_format_rate((double)succeeded * 1e9 / (double)elapsed_ns, text)
                             : "-");
    duration_cell(table, hdr, tg_hdr_mean(hdr));
    percentile_cell(view, table, hdr, 50);
    percentile_cell(view, table, hdr, 95);
    percentile_cell(view, table, hdr, 99);
    percentile_cell(view, table, hdr, 99.9);
    duration_cell(table, hdr, (double)hdr->max);
    tg_table_cellf(table, failed ? TG_RED : TG_PLAIN, "%s", tg_format_count(failed, text));
}

static void add_table(struct tg_view *view, const struct tg_phase_result *phase)
{
    struct tg_table table;
    struct tg_table_column columns[sizeof op_columns / sizeof *op_columns];
    memcpy(columns, op_columns, sizeof columns);
    columns[0].title = phase->open_loop ? "response time" : "service time";
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    int64_t succeeded = 0;
    int64_t failed = 0;
    for (size_t i = 0; i < phase->op_count; i++) {
        const struct tg_op_result *op = &phase->ops[i];
        succeeded += op->succeeded;
        failed += op->failed;
        op_row(view, &table, op->name, main_latency(phase, op), op->succeeded, op->failed,
               phase->elapsed_ns);
    }
    if (phase->op_count > 1) {
        struct tg_hdr *all = merged(phase, false);
        op_row(view, &table, "(all)", all, succeeded, failed, phase->elapsed_ns);
        free(all);
    }
    tg_table_render(&table, INDENT, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* ---- the lines under it ---- */

static void add_line(struct tg_view *view, enum tg_style style, const char *label,
                     const struct tg_text *text)
{
    tg_text_pad(view->out, ' ', INDENT);
    tg_style_add(view->out, style, view->color, label);
    tg_text_add(view->out, ": ");
    tg_wrap_add(view->out, tg_text_string(text), INDENT + tg_text_width(label) + 2, HANGING_INDENT,
                view->width);
}

/* "p99 1.2 ms, max 3.4 ms" with the usual caution about few values. */
static void add_tail(struct tg_view *view, struct tg_text *line, const struct tg_hdr *hdr)
{
    char number[TG_UNIT_TEXT];
    if (hdr->total == 0) {
        tg_text_add(line, "no value");
        return;
    }
    enum tg_support support = tg_percentile_support(hdr->total, 99);
    if (support != TG_SUPPORT_GOOD)
        view->few_samples = true;
    if (support != TG_SUPPORT_NONE)
        tg_text_addf(line, "p99 %s%s, ", support == TG_SUPPORT_WEAK ? "~" : "",
                     tg_format_duration(tg_hdr_percentile(hdr, 99), number));
    tg_text_addf(line, "max %s", tg_format_duration(hdr->max, number));
}

/* "LABEL (N times) p99 ..., max ...", nothing when there is none. */
static void add_lag(struct tg_view *view, struct tg_text *line, const char *label,
                    const struct tg_hdr *lag)
{
    char number[TG_UNIT_TEXT];
    if (!lag || lag->total == 0)
        return;
    tg_text_addf(line, "%s%s (%s time%s) ", line->length ? "; " : "", label,
                 tg_format_count(lag->total, number), plural(lag->total));
    add_tail(view, line, lag);
}

/* What the response times of the table are made of. */
static void add_waiting(struct tg_view *view, const struct tg_phase_result *phase)
{
    struct tg_hdr *service = phase->open_loop ? merged(phase, true) : NULL;
    if (!service)
        return;
    struct tg_text line = {0};
    char number[TG_UNIT_TEXT];
    add_tail(view, &line, service);
    add_line(view, TG_PLAIN, "service", &line);
    tg_text_clear(&line);
    add_lag(view, &line, "every worker busy", phase->busy_lag);
    add_lag(view, &line, "worker woke late", phase->late_lag);
    if (phase->issued < phase->offered) {
        tg_text_addf(&line, "%s%s", line.length ? "; " : "",
                     tg_format_count(phase->issued, number));
        tg_text_addf(&line, " of %s operations that fell due were started",
                     tg_format_count(phase->offered, number));
    }
    if (line.length)
        add_line(view, TG_PLAIN, "lag", &line);
    tg_text_free(&line);
    free(service);
}

static char *percent_of(double part, double whole, char out[TG_UNIT_TEXT])
{
    return tg_format_percent(whole > 0 ? part / whole : 0, out);
}

/* What the platform and the harness did beside the store. */
static void add_platform(struct tg_view *view, const struct tg_phase_result *phase)
{
    char number[TG_UNIT_TEXT];
    struct tg_text line = {0};
    tg_text_add(&line, "hiccups ");
    add_tail(view, &line, phase->hiccups);
    if (phase->steal_ns >= 0)
        tg_text_addf(&line, "; steal %s", tg_format_duration(phase->steal_ns, number));
    if (phase->cpu_pressure_ns >= 0)
        tg_text_addf(&line, "; pressure cpu %s",
                     percent_of((double)phase->cpu_pressure_ns, (double)phase->elapsed_ns, number));
    if (phase->io_pressure_ns >= 0)
        tg_text_addf(&line, "%s io %s", phase->cpu_pressure_ns >= 0 ? "," : "; pressure",
                     percent_of((double)phase->io_pressure_ns, (double)phase->elapsed_ns, number));
    struct tg_hdr *service = merged(phase, true);
    if (phase->harness_ns >= 0 && service && service->total > 0) {
        tg_text_addf(&line, "; harness %s per operation",
                     tg_format_duration(phase->harness_ns, number));
        tg_text_addf(&line, " (%s of the mean)",
                     percent_of((double)phase->harness_ns, tg_hdr_mean(service), number));
    }
    free(service);
    add_line(view, TG_PLAIN, "platform", &line);
    tg_text_free(&line);
}

static void add_resources(struct tg_view *view, const struct tg_phase_result *phase)
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
        add_line(view, TG_PLAIN, "used", &line);
    tg_text_free(&line);
}

static void add_errors(struct tg_view *view, const struct tg_phase_result *phase)
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
            add_line(view, TG_RED, "errors", &line);
            tg_text_free(&line);
        }
    }
}

static void add_notes(struct tg_view *view, const struct tg_phase_result *phase)
{
    struct tg_text line = {0};
    if (phase->invalid) {
        tg_text_add(&line, phase->invalid);
        add_line(view, TG_YELLOW, "invalid", &line);
        tg_text_clear(&line);
    }
    if (phase->interrupted) {
        tg_text_add(&line, "the figures are those measured until then");
        add_line(view, TG_YELLOW, "interrupted", &line);
    }
    tg_text_free(&line);
}

void tg_view_phase(struct tg_view *view, const struct tg_phase_result *phase)
{
    add_title(view, phase);
    add_table(view, phase);
    add_waiting(view, phase);
    add_platform(view, phase);
    add_resources(view, phase);
    add_errors(view, phase);
    add_notes(view, phase);
}
