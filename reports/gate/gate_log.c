#include "reports/gate/gate_log.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "common/text.h"
#include "reports/gate/gate_words.h"

enum { MOST_NAMED = 3, MOST_LOG_BYTES = 64 << 20 };

static const char heading[] = "# Performance log\n\n"
                              "One entry per comparison of a change with what was before it, the "
                              "oldest first.\n";

/* ---- metrics by name ---- */

/* Where the ".p99" of "session_get.p99" begins; NULL: it is no percentile. */
static const char *percentile_suffix(const char *metric)
{
    for (const char *dot = strchr(metric, '.'); dot; dot = strchr(dot + 1, '.'))
        if (dot[1] == 'p' && isdigit((unsigned char)dot[2]) &&
            dot[2 + strspn(dot + 2, "0123456789.")] == '\0')
            return dot;
    return NULL;
}

static const char *suffix_of(const char *metric)
{
    const char *suffix = percentile_suffix(metric);
    return suffix ? suffix : strrchr(metric, '.');
}

static double percentile_of(const struct tg_gate_row *row)
{
    const char *suffix = percentile_suffix(row->metric);
    return suffix && row->unit == TG_COMPARED_NS ? strtod(suffix + 2, NULL) : NAN;
}

static bool has_change(const struct tg_gate_row *row)
{
    return isfinite(row->pooled.change);
}

/* The percentile to speak of: 99, or else the highest there is; 0: the means; NaN: nothing. */
static double headline_percentile(const struct tg_gate_view *gate)
{
    double best = NAN;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        if (row->unit != TG_COMPARED_NS || !has_change(row))
            continue;
        double percentile = percentile_of(row);
        if (percentile == 99)
            return percentile;
        best = fmax(best, isnan(percentile) ? 0 : percentile);
    }
    return best;
}

static const struct tg_gate_row *worst_latency(const struct tg_gate_view *gate, double percentile)
{
    const struct tg_gate_row *worst = NULL;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        double own = percentile_of(row);
        if (row->unit == TG_COMPARED_NS && has_change(row) &&
            (own == percentile || (percentile == 0 && isnan(own))) &&
            (!worst || row->pooled.change > worst->pooled.change))
            worst = row;
    }
    return worst;
}

static const struct tg_gate_row *headline_rate(const struct tg_gate_view *gate)
{
    const struct tg_gate_row *worst = NULL;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        if (row->unit != TG_COMPARED_PER_S || !has_change(row))
            continue;
        if (strcmp(row->metric, "rate") == 0)
            return row;
        if (!worst || row->pooled.change < worst->pooled.change)
            worst = row;
    }
    return worst;
}

/* ---- words ---- */

/* "P99 latency +2.3%, throughput -0.8%"; false: nothing was compared. */
static bool add_changes(const struct tg_gate_view *gate, struct tg_text *out)
{
    double percentile = headline_percentile(gate);
    const struct tg_gate_row *latency = isnan(percentile) ? NULL : worst_latency(gate, percentile);
    const struct tg_gate_row *rate = headline_rate(gate);
    if (latency) {
        if (percentile > 0)
            tg_text_addf(out, "P%g latency ", percentile);
        else
            tg_text_add(out, "mean latency ");
        tg_gate_add_change(&latency->pooled, out);
    }
    if (rate) {
        tg_text_addf(out, "%sthroughput ", latency ? ", " : "");
        tg_gate_add_change(&rate->pooled, out);
    }
    if (latency || rate)
        return true;
    size_t named = 0;
    for (size_t i = 0; i < gate->row_count && named < MOST_NAMED; i++) {
        if (!has_change(&gate->rows[i]))
            continue;
        tg_text_addf(out, "%s%s ", named++ > 0 ? ", " : "", gate->rows[i].metric);
        tg_gate_add_change(&gate->rows[i].pooled, out);
    }
    return named > 0;
}

/* "within 5% target", "within targets of 3% to 20%" */
static void add_target(const struct tg_gate_view *gate, const char *preposition,
                       struct tg_text *out)
{
    double low = INFINITY;
    double high = 0;
    char least[TG_UNIT_TEXT], most[TG_UNIT_TEXT];
    for (size_t i = 0; i < gate->row_count; i++) {
        low = fmin(low, gate->rows[i].margin);
        high = fmax(high, gate->rows[i].margin);
    }
    snprintf(least, sizeof least, "%g%%", round(1e4 * low) / 100);
    snprintf(most, sizeof most, "%g%%", round(1e4 * high) / 100);
    if (strcmp(least, most) == 0)
        tg_text_addf(out, "%s %s target", preposition, least);
    else
        tg_text_addf(out, "%s targets of %s to %s", preposition, least, most);
}

/* "session_get.p99 +40.0%, rate -25.0% and 2 more"; returns how many there are. */
static size_t add_named(const struct tg_gate_view *gate, enum tg_gate_verdict verdict,
                        struct tg_text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        if (row->judged_as != verdict || !has_change(row) || count++ >= MOST_NAMED)
            continue;
        tg_text_addf(out, "%s%s ", count > 1 ? ", " : "", row->metric);
        tg_gate_add_change(&row->pooled, out);
    }
    if (count > MOST_NAMED)
        tg_text_addf(out, " and %zu more", count - MOST_NAMED);
    return count;
}

static void add_outcome(const struct tg_gate_view *gate, struct tg_text *out)
{
    struct tg_text names = {0};
    size_t open = 0;
    for (size_t i = 0; i < gate->row_count; i++)
        open += gate->rows[i].judged_as == TG_GATE_INCONCLUSIVE;
    if (gate->good) {
        add_target(gate, "within", out);
        if (add_named(gate, TG_GATE_IMPROVEMENT, &names) > 0)
            tg_text_addf(out, "; improved: %s", names.data);
    } else if (gate->failed) {
        tg_text_addf(out, "failed: %s", gate->meaning);
    } else if (gate->bad) {
        bool slower = add_named(gate, TG_GATE_REGRESSION, &names) > 0;
        tg_text_addf(out, "regression: %s", slower ? names.data : gate->meaning);
    } else if (open > 0 && gate->end != TG_END_INTERRUPTED && !gate->crash && !gate->fails_more) {
        tg_text_addf(out, "cannot tell: %zu of %zu metrics not proved ", open, gate->row_count);
        add_target(gate, "within", out);
    } else {
        tg_text_addf(out, "cannot tell: %s", gate->meaning);
    }
    tg_text_free(&names);
}

void tg_gate_commit_line(const struct tg_gate_view *gate, struct tg_text *out)
{
    struct tg_text changes = {0};
    bool compared = add_changes(gate, &changes);
    tg_text_addf(out, "Performance: %s (", compared ? changes.data : "not compared");
    add_outcome(gate, out);
    tg_text_add(out, ")\n");
    tg_text_free(&changes);
}

/* ---- entry ---- */

/* On one line, and no comment that hides what follows it. */
static void add_plain(struct tg_text *out, const char *text)
{
    for (const char *at = text; *at; at++) {
        char character = iscntrl((unsigned char)*at) ? ' ' : *at;
        if (character == '<')
            tg_text_add(out, "&lt;");
        else
            tg_text_add_bytes(out, &character, 1);
    }
}

/* "session_get p50 20.1 µs, p99 1.25 ms; rate 48,765/s": metrics of one operation together. */
static void add_values(const struct tg_gate_view *gate, enum tg_side side, struct tg_text *out)
{
    const char *previous = NULL;
    size_t previous_length = 0;
    for (size_t i = 0; i < gate->row_count; i++) {
        const struct tg_gate_row *row = &gate->rows[i];
        double value = side == TG_BEFORE ? row->before : row->after;
        const char *suffix = suffix_of(row->metric);
        size_t length = suffix ? (size_t)(suffix - row->metric) : 0;
        char text[TG_UNIT_TEXT];
        if (isnan(value))
            continue;
        bool same =
            previous && length == previous_length && strncmp(previous, row->metric, length) == 0;
        if (previous)
            tg_text_add(out, same ? ", " : "; ");
        if (!same && length > 0)
            tg_text_addf(out, "%.*s ", (int)length, row->metric);
        tg_text_addf(out, "%s %s", suffix ? suffix + 1 : row->metric,
                     tg_gate_value_text(row->unit, value, text));
        previous = row->metric;
        previous_length = length;
    }
    if (!previous)
        tg_text_add(out, "nothing was measured");
}

static void add_heading(const struct tg_gate_view *gate, struct tg_text *out)
{
    tg_text_add(out, "## ");
    tg_gate_add_start(gate, out);
    tg_text_addf(out, ": %s%s%s, phase %s%s\n\n", gate->task ? gate->task : "",
                 gate->task ? ", " : "", gate->scenario, gate->phase,
                 gate->competitive ? " (competitive)" : "");
}

static void add_marker(const struct tg_gate_view *gate, struct tg_text *out)
{
    tg_text_addf(out, "<!-- tailgate: %s -->\n", gate->id);
}

static void add_status(const struct tg_gate_view *gate, struct tg_text *out)
{
    struct tg_text outcome = {0};
    add_outcome(gate, &outcome);
    tg_text_addf(out, "\n- Status: %s %s", gate->good ? "✓" : gate->bad ? "✗" : "?", outcome.data);
    if (!strstr(outcome.data, gate->meaning))
        tg_text_addf(out, " (%s)", gate->meaning);
    tg_text_add(out, "\n");
    tg_text_free(&outcome);
}

void tg_gate_log_entry(const struct tg_gate_view *gate, struct tg_text *out)
{
    char took[TG_UNIT_TEXT];
    add_marker(gate, out);
    add_heading(gate, out);
    tg_text_add(out, "- Before: ");
    add_values(gate, TG_BEFORE, out);
    tg_text_add(out, "\n- After: ");
    add_values(gate, TG_AFTER, out);
    tg_text_add(out, "\n- Change: ");
    if (!add_changes(gate, out))
        tg_text_add(out, "not compared");
    add_status(gate, out);
    for (size_t i = 0; i < gate->position_count; i++) {
        tg_text_add(out, "- vs competitors: ");
        add_plain(out, gate->positions[i]);
        tg_text_add(out, "\n");
    }
    tg_text_add(out, "- Variants: before ");
    add_plain(out, gate->before);
    tg_text_add(out, "; after ");
    add_plain(out, gate->after);
    tg_text_addf(out, "\n- Measured: %zu launch%s in %s; errors ",
                 gate->launches + gate->fresh_launches,
                 tg_plural(gate->launches + gate->fresh_launches, "es"),
                 tg_format_duration(gate->elapsed_ns, took));
    tg_gate_add_errors(gate, out);
    tg_text_add(out, "\n");
}

/* ---- file ---- */

/* The file that `path` leads to, so that a link to it stays one. Free with free(). */
static char *resolved(const char *path)
{
    char *target = realpath(path, NULL);
    return target ? target : tg_strdup(path);
}

enum tg_status tg_gate_log_check(const char *path, struct tg_diags *diags)
{
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                                   "is not a file that a log can be added to"),
                     "for example PERFORMANCE_LOG.md");
        return TG_INVALID;
    }
    char *file = resolved(path);
    char *folder = tg_path_folder(file);
    enum tg_status status = TG_OK;
    if (tg_path_exists(folder))
        status = tg_check_writable_folder(folder, diags);
    else
        status = tg_diag_errno(diags, path, ENOENT, "cannot add to the log");
    free(folder);
    free(file);
    return status;
}

enum tg_status tg_gate_log_append(const char *path, const struct tg_gate_view *gate, bool *added,
                                  struct tg_diags *diags)
{
    struct tg_text text = {0};
    struct tg_text marker = {0};
    char *file = resolved(path);
    char *folder = tg_path_folder(file);
    int lock = tg_lock_folder(folder);
    enum tg_status status = TG_OK;
    *added = false;
    if (tg_path_exists(file))
        status = tg_file_read(file, MOST_LOG_BYTES, &text, diags);
    add_marker(gate, &marker);
    if (status == TG_OK && !strstr(tg_text_string(&text), marker.data)) {
        if (text.length == 0)
            tg_text_add(&text, heading);
        else if (text.data[text.length - 1] != '\n')
            tg_text_add(&text, "\n");
        tg_text_add(&text, "\n");
        tg_gate_log_entry(gate, &text);
        status = tg_file_write(file, text.data, text.length, true, diags);
        *added = status == TG_OK;
    }
    tg_unlock_folder(lock);
    tg_text_free(&marker);
    tg_text_free(&text);
    free(folder);
    free(file);
    return status;
}
