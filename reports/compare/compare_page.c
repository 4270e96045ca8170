#include "reports/compare/compare_page.h"

#include <ctype.h>
#include <stdlib.h>

#include "baselines/result_json.h"
#include "reports/compare/compare_parts.h"
#include "reports/gate/gate_words.h"

enum { MOST_HEADLINE = 120, MOST_LABEL = 400, MOST_REASONS = 8, MOST_NOTE_BYTES = 1024 };

/* ---- the verdict ---- */

static const char *subject(const struct tg_gate_view *gate, struct tg_arena *arena)
{
    return tg_arena_format(arena, "%s%s%s%s%s%s", gate->task ? gate->task : "",
                           gate->task ? ": " : "", tg_shortened(gate->scenario, MOST_LABEL, arena),
                           *gate->phase ? ", phase " : "", /* it ended before there was one */
                           tg_shortened(gate->phase, MOST_LABEL, arena),
                           gate->competitive ? ", against competitors" : "");
}

/* A variant may be a whole SQL statement. */
static void add_labels(const struct tg_compare_view *view, struct tg_arena *arena,
                       struct tg_page *page)
{
    const struct tg_gate_view *gate = &view->gate;
    struct tg_text span = {0};
    if (!view->compared)
        return;
    tg_span_text(page, &span, "Before: ");
    tg_span_code(page, &span, tg_shortened(gate->before, MOST_LABEL, arena));
    tg_span_text(page, &span, ". After: ");
    tg_span_code(page, &span, tg_shortened(gate->after, MOST_LABEL, arena));
    tg_span_text(page, &span, ".");
    tg_page_paragraph(page, tg_text_string(&span));
    tg_text_free(&span);
}

static void add_reasons(const struct tg_compare_view *view, struct tg_arena *arena,
                        struct tg_page *page)
{
    const struct tg_result *run = view->run;
    if (!run || run->verdict == TG_VERDICT_PASS)
        return;
    tg_page_paragraphf(page, "The run after the change: %s.", tg_verdict_name(run->verdict));
    tg_page_list(page);
    for (size_t i = 0; i < run->reason_count && i < MOST_REASONS; i++)
        tg_page_itemf(page, "%s", tg_shortened(run->reasons[i], MOST_LABEL, arena));
    if (run->reason_count > MOST_REASONS)
        tg_page_itemf(page, "and %zu more", run->reason_count - (size_t)MOST_REASONS);
    tg_page_list_end(page);
}

/* What is shown of everything, however little room there is. */
static void add_head(const struct tg_compare_view *view, struct tg_arena *arena,
                     struct tg_page *page)
{
    const char *newer = tg_compare_newer_text(view, arena);
    if (newer)
        tg_page_paragraphf(page, "%s.", newer);
    add_labels(view, arena, page);
    if (view->compared)
        tg_compare_short_table(view, arena, page);
    else
        tg_page_paragraphf(page, "Nothing was compared.");
    add_reasons(view, arena, page);
}

/* ---- Markdown ---- */

/* The same for each comparison of one kind; nothing in it ends the HTML comment it stands in. */
static void add_marker(const struct tg_gate_view *gate, struct tg_text *out)
{
    char *key = gate->task ? tg_format("%s%s", gate->task, gate->competitive ? " competitive" : "")
                           : tg_format("%s/%s", gate->scenario, gate->phase);
    tg_text_add(out, "<!-- tailgate compare: ");
    size_t length = 0;
    for (const char *at = key; *at && length < MOST_LABEL; at++, length++) {
        if (isalnum((unsigned char)*at) || *at == '_' || *at == '.' || *at == '/' || *at == ' ')
            tg_text_add_bytes(out, at, 1);
        else
            tg_text_addf(out, "%%%02X", (unsigned char)*at);
    }
    tg_text_add(out, " -->\n\n");
    free(key);
}

static void add_headline(const struct tg_compare_view *view, const char *made_by,
                         struct tg_arena *arena, struct tg_page *page)
{
    const struct tg_gate_view *gate = &view->gate;
    struct tg_text meaning = {0};
    tg_span_text(page, &meaning, gate->meaning);
    bool fits = meaning.length <= MOST_HEADLINE; /* the mark has to follow soon */
    tg_text_addf(page->out, "### %s %s%s%s\n", tg_verdict_sign(gate->good, gate->bad),
                 gate->verdict, fits ? ": " : "", fits ? tg_text_string(&meaning) : "");
    tg_page_mark(made_by, page->out);
    tg_text_add(page->out, "\n");
    add_marker(gate, page->out);
    if (!fits)
        tg_page_paragraphf(page, "%s", tg_shortened(gate->meaning, MOST_LABEL, arena));
    tg_page_paragraphf(page, "%s", subject(gate, arena));
    tg_text_free(&meaning);
}

/* Of those that are kept, the one that goes first; none: the count. */
static size_t least_kept(const struct tg_text *parts)
{
    size_t least = tg_compare_part_count;
    for (size_t i = 0; i < tg_compare_part_count; i++)
        if (parts[i].length > 0 && (least == tg_compare_part_count ||
                                    tg_compare_parts[i].keep < tg_compare_parts[least].keep))
            least = i;
    return least;
}

static size_t total_length(const struct tg_text *parts)
{
    size_t length = 0;
    for (size_t i = 0; i < tg_compare_part_count; i++)
        length += parts[i].length;
    return length;
}

static void add_note(const struct tg_compare_view *view, const char *names, struct tg_page *page)
{
    struct tg_text span = {0};
    tg_span_textf(page, &span, "Left out, because there is no room here: %s.", names);
    if (view->again) {
        char *command = tg_format("%s --format html", view->again);
        tg_span_text(page, &span, " All of it: ");
        tg_span_code(page, &span, command);
        free(command);
    }
    tg_page_paragraph(page, tg_text_string(&span));
    tg_text_free(&span);
}

/* Empties parts until the others fit into `room`; says which. */
static void leave_out(struct tg_text *parts, size_t room, const struct tg_compare_view *view,
                      struct tg_page *page)
{
    struct tg_text names = {0};
    while (total_length(parts) > room) {
        size_t least = least_kept(parts);
        tg_text_addf(&names, "%s%s", names.length ? "; " : "", tg_compare_parts[least].title);
        tg_text_clear(&parts[least]);
    }
    for (size_t i = 0; i < tg_compare_part_count; i++)
        tg_text_add(page->out, tg_text_string(&parts[i]));
    if (names.length > 0)
        add_note(view, names.data, page);
    tg_text_free(&names);
}

void tg_compare_markdown(const struct tg_compare_view *view, const char *made_by, size_t most_bytes,
                         struct tg_text *out)
{
    struct tg_arena arena = {0};
    size_t start = out->length;
    struct tg_page page = {.format = TG_PAGE_MARKDOWN, .out = out};
    struct tg_text *parts = tg_calloc(tg_compare_part_count, sizeof *parts);
    add_headline(view, made_by, &arena, &page);
    add_head(view, &arena, &page);
    for (size_t i = 0; i < tg_compare_part_count; i++) {
        struct tg_text body = {0};
        struct tg_page part = {.format = TG_PAGE_MARKDOWN, .out = &body};
        tg_compare_parts[i].add(view, &arena, &part);
        if (body.length > 0) {
            part.out = &parts[i];
            tg_page_fold(&part, tg_compare_parts[i].title);
            tg_text_add(&parts[i], body.data);
            tg_page_fold_end(&part);
        }
        tg_text_free(&body);
    }
    size_t head = out->length - start + MOST_NOTE_BYTES;
    leave_out(parts, most_bytes > head ? most_bytes - head : 0, view, &page);
    for (size_t i = 0; i < tg_compare_part_count; i++)
        tg_text_free(&parts[i]);
    free(parts);
    tg_arena_free(&arena);
}

/* ---- HTML ---- */

void tg_compare_html(const struct tg_compare_view *view, const char *made_by, struct tg_text *out)
{
    const struct tg_gate_view *gate = &view->gate;
    struct tg_arena arena = {0};
    struct tg_text meaning = {0};
    struct tg_page page;
    tg_page_begin(&page, TG_PAGE_HTML, made_by, subject(gate, &arena), out);
    tg_span_text(&page, &meaning, gate->meaning);
    char *word = tg_format("%s %s", tg_verdict_sign(gate->good, gate->bad), gate->verdict);
    tg_page_banner(&page,
                   gate->bad    ? TG_TONE_BAD
                   : gate->good ? TG_TONE_GOOD
                                : TG_TONE_WARN,
                   word, tg_text_string(&meaning));
    add_head(view, &arena, &page);
    for (size_t i = 0; i < tg_compare_part_count; i++) {
        struct tg_text body = {0};
        struct tg_page part = {.format = TG_PAGE_HTML, .out = &body};
        tg_compare_parts[i].add(view, &arena, &part);
        if (body.length > 0) {
            tg_page_section(&page, 2, tg_compare_parts[i].title);
            tg_text_add(out, body.data);
        }
        if (part.note)
            page.note = part.note;
        tg_text_free(&body);
    }
    tg_page_end(&page);
    free(word);
    tg_text_free(&meaning);
    tg_arena_free(&arena);
}
