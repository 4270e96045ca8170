#include "reports/page/page.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "reports/layout/markup.h"
#include "reports/page/page_style.h"

static bool is_html(const struct tg_page *page)
{
    return page->format == TG_PAGE_HTML;
}

static const char *tone_class(enum tg_tone tone)
{
    static const char *const names[] = {
        [TG_TONE_PLAIN] = "",  [TG_TONE_GOOD] = "good", [TG_TONE_WARN] = "warn",
        [TG_TONE_BAD] = "bad", [TG_TONE_DIM] = "dim",
    };
    return names[tone];
}

/* ---- the frame ---- */

/* Nothing is fetched and nothing runs, whatever gets into the page. */
static const char head[] =
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<meta name=\"generator\" content=\"Tailgate " TG_VERSION "\">\n";

void tg_page_mark(const char *made_by, struct tg_text *out)
{
    tg_text_addf(out, "<!-- made by: %s -->", made_by);
}

/* The name has to end where the mark does: "report run" is no "report runs". */
static bool has_mark(const char *beginning, const char *before, const char *made_by,
                     const char *after)
{
    char *mark = tg_format("%s%s%s", before, made_by, after);
    const char *at = strstr(beginning, mark);
    bool found = at && at - beginning < TG_PAGE_MARK_BYTES;
    free(mark);
    return found;
}

bool tg_page_made_by(const char *beginning, const char *made_by)
{
    return has_mark(beginning, "<!-- made by: ", made_by, " -->") ||
           has_mark(beginning, "\"made_by\": \"", made_by, "\"");
}

void tg_page_begin(struct tg_page *page, enum tg_page_format format, const char *made_by,
                   const char *title, struct tg_text *out)
{
    *page = (struct tg_page){.format = format, .out = out};
    if (is_html(page))
        tg_text_add(out, "<!DOCTYPE html>\n");
    tg_page_mark(made_by, out);
    tg_text_add(out, "\n");
    if (!is_html(page)) {
        tg_text_add(out, "# ");
        tg_markdown_text(out, title);
        tg_text_add(out, "\n\n");
        return;
    }
    tg_text_add(out, "<html lang=\"en\">\n<head>\n");
    tg_text_add(out, head);
    tg_text_add(out, "<title>");
    tg_xml_text(out, title);
    tg_text_add(out, "</title>\n<style>\n");
    tg_text_add(out, page_style);
    tg_text_add(out, "</style>\n</head>\n<body>\n<main>\n<h1>");
    tg_xml_text(out, title);
    tg_text_add(out, "</h1>\n");
}

void tg_page_end(struct tg_page *page)
{
    while (page->folds > 0)
        tg_page_fold_end(page);
    if (page->note)
        tg_page_paragraphf(page, "%s", page->note);
    if (is_html(page))
        tg_text_add(page->out, "</main>\n</body>\n</html>\n");
}

/* ---- spans ---- */

void tg_span_text(const struct tg_page *page, struct tg_text *span, const char *text)
{
    if (is_html(page))
        tg_xml_text(span, text);
    else
        tg_markdown_text(span, text);
}

void tg_span_textf(const struct tg_page *page, struct tg_text *span, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_span_text(page, span, text);
    free(text);
}

/* Text between two marks; nothing for "", which Markdown would show as the marks themselves. */
static void add_marked(const struct tg_page *page, struct tg_text *span, const char *before,
                       const char *text, const char *after)
{
    if (!*text)
        return;
    tg_text_add(span, before);
    tg_span_text(page, span, text);
    tg_text_add(span, after);
}

void tg_span_strong(const struct tg_page *page, struct tg_text *span, const char *text)
{
    if (is_html(page)) {
        add_marked(page, span, "<strong>", text, "</strong>");
        return;
    }
    /* A blank next to the marks would undo them. */
    size_t length = strlen(text), first = 0;
    while (first < length && isspace((unsigned char)text[first]))
        first++;
    while (length > first && isspace((unsigned char)text[length - 1]))
        length--;
    char *inner = tg_format("%.*s", (int)(length - first), text + first);
    add_marked(page, span, "**", inner, "**");
    free(inner);
}

void tg_span_code(const struct tg_page *page, struct tg_text *span, const char *text)
{
    if (is_html(page))
        add_marked(page, span, "<code>", text, "</code>");
    else if (*text)
        tg_markdown_code(span, text);
}

void tg_span_toned(const struct tg_page *page, struct tg_text *span, enum tg_tone tone,
                   const char *text)
{
    if (!is_html(page) || tone == TG_TONE_PLAIN) {
        tg_span_text(page, span, text);
        return;
    }
    tg_text_addf(span, "<span class=\"%s\">", tone_class(tone));
    tg_xml_text(span, text);
    tg_text_add(span, "</span>");
}

/* ---- blocks ---- */

void tg_page_section(struct tg_page *page, int level, const char *title)
{
    static const char hashes[] = "####";
    assert(level >= 2 && level <= 4);
    if (is_html(page)) {
        tg_text_addf(page->out, "<h%d>", level);
        tg_xml_text(page->out, title);
        tg_text_addf(page->out, "</h%d>\n", level);
        return;
    }
    tg_text_addf(page->out, "%.*s ", level, hashes);
    tg_markdown_text(page->out, title);
    tg_text_add(page->out, "\n\n");
}

void tg_page_paragraph(struct tg_page *page, const char *span)
{
    if (is_html(page))
        tg_text_addf(page->out, "<p>%s</p>\n", span);
    else
        tg_text_addf(page->out, "%s\n\n", span);
}

void tg_page_paragraphf(struct tg_page *page, const char *fmt, ...)
{
    struct tg_text span = {0};
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_span_text(page, &span, text);
    tg_page_paragraph(page, tg_text_string(&span));
    tg_text_free(&span);
    free(text);
}

void tg_page_banner(struct tg_page *page, enum tg_tone tone, const char *word, const char *span)
{
    struct tg_text line = {0};
    if (is_html(page)) {
        tg_text_addf(page->out, "<div class=\"banner %s\">", tone_class(tone));
        tg_span_strong(page, &line, word);
        tg_text_addf(page->out, "%s %s</div>\n", tg_text_string(&line), span);
    } else {
        tg_span_strong(page, &line, word);
        tg_text_addf(&line, "%s%s", *span ? " " : "", span);
        tg_page_paragraph(page, tg_text_string(&line));
    }
    tg_text_free(&line);
}

void tg_page_list(struct tg_page *page)
{
    if (is_html(page))
        tg_text_add(page->out, "<ul>\n");
}

void tg_page_item(struct tg_page *page, const char *span)
{
    tg_text_addf(page->out, is_html(page) ? "<li>%s</li>\n" : "- %s\n", span);
}

void tg_page_itemf(struct tg_page *page, const char *fmt, ...)
{
    struct tg_text span = {0};
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_span_text(page, &span, text);
    tg_page_item(page, tg_text_string(&span));
    tg_text_free(&span);
    free(text);
}

void tg_page_list_end(struct tg_page *page)
{
    tg_text_add(page->out, is_html(page) ? "</ul>\n" : "\n");
}

void tg_page_block(struct tg_page *page, const char *language, const char *text)
{
    if (!is_html(page)) {
        tg_markdown_block(page->out, language, text);
        tg_text_add(page->out, "\n");
        return;
    }
    tg_text_addf(page->out, "<pre%s tabindex=\"0\">", *language ? " class=\"wrap\"" : "");
    tg_xml_text(page->out, text);
    tg_text_add(page->out, "</pre>\n");
}

/* Inside an HTML element Markdown is not read, but names of users and numbers of issues are: a
 * comment behind the sign keeps them what they are. */
static void add_summary(struct tg_text *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "@#");
        bool sign = text[length] != '\0';
        char *piece = tg_format("%.*s", (int)(length + sign), text);
        tg_xml_text(out, piece);
        tg_text_add(out, sign ? "<!-- -->" : "");
        text += length + sign;
        free(piece);
    }
}

void tg_page_fold(struct tg_page *page, const char *summary)
{
    page->folds++;
    tg_text_add(page->out, "<details>\n<summary>");
    add_summary(page->out, summary);
    tg_text_add(page->out, is_html(page) ? "</summary>\n" : "</summary>\n\n");
}

void tg_page_fold_end(struct tg_page *page)
{
    assert(page->folds > 0);
    page->folds--;
    tg_text_add(page->out, is_html(page) ? "</details>\n" : "</details>\n\n");
}

/* What of an SVG document has no place in a URL between double quotes. */
static void add_svg_url(struct tg_text *out, const char *svg)
{
    tg_text_add(out, "data:image/svg+xml,");
    for (; *svg; svg++) {
        unsigned char byte = (unsigned char)*svg;
        if (isalnum(byte) || strchr(" -_.~!*'();:@=+$,/?[]", byte))
            tg_text_add_bytes(out, svg, 1);
        else
            tg_text_addf(out, "%%%02X", byte);
    }
}

void tg_page_figure(struct tg_page *page, const char *title, const char *svg, const char *text,
                    const char *caption)
{
    if (!is_html(page)) {
        tg_page_block(page, "", text);
        if (*caption)
            tg_page_paragraphf(page, "%s", caption);
        return;
    }
    tg_text_add(page->out, "<figure>\n");
    if (svg) {
        tg_text_add(page->out, "<div class=\"scroll\" tabindex=\"0\"><img src=\"");
        add_svg_url(page->out, svg);
        tg_text_add(page->out, "\" alt=\"");
        tg_xml_text(page->out, title);
        tg_text_add(page->out, "\"></div>\n");
    } else {
        tg_page_block(page, "", text);
    }
    if (*caption) {
        tg_text_add(page->out, "<figcaption>");
        tg_xml_text(page->out, caption);
        tg_text_add(page->out, "</figcaption>\n");
    }
    tg_text_add(page->out, "</figure>\n");
}

/* ---- tables ---- */

void tg_page_table(struct tg_page *page, struct tg_page_table *table,
                   const struct tg_page_column *columns, size_t column_count)
{
    assert(column_count > 0);
    *table = (struct tg_page_table){.page = page, .columns = columns, .column_count = column_count};
}

static struct tg_page_cell *next_cell(struct tg_page_table *table)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 8 * table->column_count;
        table->cells = tg_realloc(table->cells, table->capacity * sizeof *table->cells);
    }
    table->cells[table->count] = (struct tg_page_cell){0};
    return &table->cells[table->count++];
}

void tg_cell(struct tg_page_table *table, const char *span)
{
    struct tg_page_cell *cell = next_cell(table);
    if (span)
        tg_text_add(&cell->span, span);
}

static void fill_cell(struct tg_page_table *table, struct tg_page_cell *cell, const char *text)
{
    size_t column = (size_t)(cell - table->cells) % table->column_count;
    if (strcmp(text, "-") == 0) /* nothing: in a cell it begins no list */
        tg_text_add(&cell->span, text);
    else if (table->columns[column].code)
        tg_span_code(table->page, &cell->span, text);
    else
        tg_span_text(table->page, &cell->span, text);
}

void tg_cellf(struct tg_page_table *table, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    fill_cell(table, next_cell(table), text);
    free(text);
}

void tg_cell_toned(struct tg_page_table *table, enum tg_tone tone, const char *text)
{
    struct tg_page_cell *cell = next_cell(table);
    cell->tone = tone;
    fill_cell(table, cell, text);
}

static void add_html_row(const struct tg_page_table *table, size_t row)
{
    struct tg_text *out = table->page->out;
    tg_text_add(out, "<tr>");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct tg_page_cell *cell = &table->cells[row * table->column_count + i];
        const char *tone = tone_class(cell->tone), *number = table->columns[i].right ? "n" : "";
        if (*tone || *number)
            tg_text_addf(out, "<td class=\"%s%s%s\">", number, *tone && *number ? " " : "", tone);
        else
            tg_text_add(out, "<td>");
        tg_text_addf(out, "%s</td>", tg_text_string(&cell->span));
    }
    tg_text_add(out, "</tr>\n");
}

static void add_html_table(const struct tg_page_table *table)
{
    struct tg_text *out = table->page->out;
    /* Two columns are a name and a text, which may break anywhere rather than be scrolled. */
    tg_text_addf(out, "<div class=\"scroll\" tabindex=\"0\"><table%s>\n<thead><tr>",
                 table->column_count == 2 ? " class=\"pair\"" : "");
    for (size_t i = 0; i < table->column_count; i++) {
        tg_text_add(out, table->columns[i].right ? "<th scope=\"col\" class=\"n\">"
                                                 : "<th scope=\"col\">");
        tg_xml_text(out, table->columns[i].title);
        tg_text_add(out, "</th>");
    }
    tg_text_add(out, "</tr></thead>\n<tbody>\n");
    for (size_t row = 0; row < table->count / table->column_count; row++)
        add_html_row(table, row);
    tg_text_add(out, "</tbody>\n</table></div>\n");
}

static void add_markdown_table(const struct tg_page_table *table)
{
    const char **titles = tg_calloc(table->column_count, sizeof *titles);
    bool *right = tg_calloc(table->column_count, sizeof *right);
    struct tg_markdown_table markdown;
    for (size_t i = 0; i < table->column_count; i++) {
        titles[i] = table->columns[i].title;
        right[i] = table->columns[i].right;
    }
    tg_markdown_table_init(&markdown, titles, right, table->column_count);
    for (size_t i = 0; i < table->count; i++)
        tg_markdown_cell(&markdown, tg_text_string(&table->cells[i].span));
    tg_markdown_table_end(&markdown, table->page->out);
    free(right);
    free(titles);
}

void tg_page_table_end(struct tg_page_table *table)
{
    assert(table->count % table->column_count == 0);
    if (table->count > 0 && is_html(table->page))
        add_html_table(table);
    else if (table->count > 0)
        add_markdown_table(table);
    for (size_t i = 0; i < table->count; i++)
        tg_text_free(&table->cells[i].span);
    free(table->cells);
    *table = (struct tg_page_table){0};
}
