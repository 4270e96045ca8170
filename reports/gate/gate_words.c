#include "reports/gate/gate_words.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "reports/run/report_view.h"

const char *tg_gate_verdict_word(const struct tg_gate_view *gate)
{
    return gate->good ? "pass" : gate->failed ? "fail" : gate->bad ? "regression" : "inconclusive";
}

/* "-0.0%" would be a decrease by nothing. */
static double shown_percent(double change)
{
    double percent = round(1000 * change) / 10;
    return percent == 0 ? 0.0 : percent;
}

void tg_gate_add_change(const struct tg_gate_change *change, struct tg_text *out)
{
    if (isfinite(change->change))
        tg_text_addf(out, "%+.1f%%", shown_percent(change->change));
    else
        tg_text_add(out, "-");
}

static bool is_bounded(const struct tg_gate_change *change)
{
    return isfinite(change->low) && isfinite(change->high);
}

void tg_gate_add_interval(const struct tg_gate_change *change, struct tg_text *out)
{
    if (is_bounded(change))
        tg_text_addf(out, "%+.1f .. %+.1f%%", shown_percent(change->low),
                     shown_percent(change->high));
    else
        tg_text_add(out, "-");
}

void tg_gate_add_change_and_interval(const struct tg_gate_change *change, struct tg_text *out)
{
    tg_gate_add_change(change, out);
    if (!is_bounded(change))
        return;
    tg_text_add(out, " (");
    tg_gate_add_interval(change, out);
    tg_text_add(out, ")");
}

void tg_gate_add_row(const struct tg_gate_row *row, struct tg_text *out)
{
    char before[TG_UNIT_TEXT], after[TG_UNIT_TEXT], margin[TG_UNIT_TEXT];
    if (!isnan(row->before) && !isnan(row->after)) {
        tg_text_addf(out, "%s -> %s, ", tg_gate_value_text(row->unit, row->before, before),
                     tg_gate_value_text(row->unit, row->after, after));
        tg_gate_add_change_and_interval(&row->pooled, out);
        tg_text_add(out, ", ");
    }
    tg_text_addf(out, "margin %s", tg_format_percent(row->margin, margin));
}

void tg_gate_add_launches(const struct tg_gate_view *gate, struct tg_text *out)
{
    char slice[TG_UNIT_TEXT];
    tg_text_addf(out, "%zu", gate->launches);
    if (gate->fresh_launches > 0)
        tg_text_addf(out, ", and %zu fresh ones to confirm", gate->fresh_launches);
    tg_text_addf(out, "; each %u pairs of %s", gate->pairs,
                 tg_short_duration(gate->slice_ns, slice));
    if (gate->open_slice_ns > 0)
        tg_text_addf(out, ", and %u of %s at the rate", gate->open_pairs,
                     tg_short_duration(gate->open_slice_ns, slice));
}

void tg_gate_add_platform(const struct tg_gate_view *gate, struct tg_text *out)
{
    char share[TG_UNIT_TEXT], dropped[TG_UNIT_TEXT], seen[TG_UNIT_TEXT];
    bool known = !isnan(gate->steal_share);
    if (known)
        tg_text_addf(out, "steal %s of the time; ", tg_format_percent(gate->steal_share, share));
    tg_text_addf(out, "%s of %s slice pairs dropped for %s",
                 tg_format_count(gate->pairs_dropped, dropped),
                 tg_format_count(gate->pairs_seen, seen), known ? "it" : "stolen CPU time");
}

static void add_failed(int64_t failed, int64_t operations, const char *side, struct tg_text *out)
{
    char count[TG_UNIT_TEXT], of[TG_UNIT_TEXT], share[TG_UNIT_TEXT];
    double fraction = operations > 0 ? (double)failed / (double)operations : NAN;
    tg_text_addf(out, "%s of %s %s (%s)", tg_format_count(failed, count),
                 tg_format_count(operations, of), side,
                 tg_gate_value_text(TG_COMPARED_SHARE, fraction, share));
}

void tg_gate_add_errors(const struct tg_gate_view *view, struct tg_text *out)
{
    if (view->failed_before == 0 && view->failed_after == 0) {
        tg_text_add(out, "0 before, 0 after");
        return;
    }
    add_failed(view->failed_before, view->operations_before, "before", out);
    tg_text_add(out, ", ");
    add_failed(view->failed_after, view->operations_after, "after", out);
}

const char *const *tg_gate_notes(const struct tg_gate_view *gate, size_t *count,
                                 struct tg_arena *arena)
{
    const char **notes = tg_arena_array(arena, gate->row_count, sizeof *notes);
    bool *said = tg_arena_array(arena, gate->row_count, sizeof *said);
    *count = 0;
    for (size_t i = 0; i < gate->row_count; i++) {
        const char *note = gate->rows[i].note;
        struct tg_text names = {0};
        if (!note || said[i])
            continue;
        for (size_t k = i; k < gate->row_count; k++) {
            if (!gate->rows[k].note || strcmp(gate->rows[k].note, note) != 0)
                continue;
            tg_text_addf(&names, "%s%s", names.length ? ", " : "", gate->rows[k].metric);
            said[k] = true;
        }
        notes[(*count)++] = tg_arena_format(arena, "%s: %s", tg_text_string(&names), note);
        tg_text_free(&names);
    }
    return notes;
}

static struct tm utc_of(int64_t unix_ms)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc;
    const int last_year = 9999 - 1900;
    if (gmtime_r(&seconds, &utc) && utc.tm_year >= 0 && utc.tm_year <= last_year)
        return utc;
    return (struct tm){.tm_year = 70, .tm_mday = 1};
}

void tg_gate_add_start(const struct tg_gate_view *gate, struct tg_text *out)
{
    struct tm utc = utc_of(gate->started_unix_ms);
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &utc);
    tg_text_add(out, text);
}

void tg_gate_add_time_stamp(int64_t unix_ms, struct tg_text *out)
{
    struct tm utc = utc_of(unix_ms);
    char text[32];
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    tg_text_add(out, text);
}
