/* A page for people, described once and rendered as Markdown or as one HTML file. The HTML stands
 * alone: styles and pictures are inside, nothing is fetched, nothing runs; it is light or dark as
 * the reader's system is, and on a phone tables and pictures scroll inside their own boxes.
 *
 *     struct tg_page page;
 *     tg_page_begin(&page, TG_PAGE_HTML, "tailgate report run", "Run of memory_store", out);
 *     tg_page_section(&page, 2, "Targets");
 *     tg_page_paragraphf(&page, "%zu targets of %s", count, name);    plain text, escaped
 *     tg_page_end(&page);
 *
 * Text inside a block that is more than plain is a span: a struct tg_text filled by tg_span_*, in
 * the format of the page. Everything plain is escaped here; a span never is, so what comes from
 * outside gets into one through tg_span_* alone. */
#ifndef TG_REPORTS_PAGE_H
#define TG_REPORTS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"
#include "common/text.h"
#include "reports/chart/chart.h"

enum tg_page_format { TG_PAGE_MARKDOWN, TG_PAGE_HTML };

/* How something is meant. HTML shows it as a colour, Markdown not at all: the words have to say it
 * too. */
enum tg_tone { TG_TONE_PLAIN, TG_TONE_GOOD, TG_TONE_WARN, TG_TONE_BAD, TG_TONE_DIM };

struct tg_page {
    enum tg_page_format format;
    struct tg_text *out; /* borrowed */
    size_t folds;        /* open ones */
    const char *note;    /* said once at the end; NULL: nothing. tg_page_chart sets it */
};

/* `made_by` is the command that makes it, a literal such as "tailgate report run". It stands in a
 * comment at the top, by which --out knows a file that it may replace (tg_page_made_by). `title` is
 * the heading of level 1. `out` is appended to. */
void tg_page_begin(struct tg_page *page, enum tg_page_format format, const char *made_by,
                   const char *title, struct tg_text *out);
/* Closes the folds that are open, and says once how to get pictures where there was a chart and no
 * gnuplot. */
void tg_page_end(struct tg_page *page);

/* Does the beginning of a file (its first TG_PAGE_MARK_BYTES are enough) say that `made_by` made
 * it? Also of JSON whose first key is "made_by", and of XML with the comment tg_page_mark. */
enum { TG_PAGE_MARK_BYTES = 256 };
bool tg_page_made_by(const char *beginning, const char *made_by);
/* "<!-- made by: tailgate report run -->", for formats that have no page. */
void tg_page_mark(const char *made_by, struct tg_text *out);

/* ---- spans ---- */

void tg_span_text(const struct tg_page *page, struct tg_text *span, const char *text);
void tg_span_textf(const struct tg_page *page, struct tg_text *span, const char *fmt, ...)
    TG_PRINTF(3, 4);
void tg_span_strong(const struct tg_page *page, struct tg_text *span, const char *text);
void tg_span_code(const struct tg_page *page, struct tg_text *span, const char *text);
/* Text with a tone: a coloured word in HTML. */
void tg_span_toned(const struct tg_page *page, struct tg_text *span, enum tg_tone tone,
                   const char *text);

/* ---- blocks ---- */

/* A heading of level 2 to 4. */
void tg_page_section(struct tg_page *page, int level, const char *title);
void tg_page_paragraph(struct tg_page *page, const char *span);
void tg_page_paragraphf(struct tg_page *page, const char *fmt, ...) TG_PRINTF(2, 3);
/* The verdict: a word that is seen first, and what it means (a span, may be ""). */
void tg_page_banner(struct tg_page *page, enum tg_tone tone, const char *word, const char *span);

/* A list of points. */
void tg_page_list(struct tg_page *page);
void tg_page_item(struct tg_page *page, const char *span);
void tg_page_itemf(struct tg_page *page, const char *fmt, ...) TG_PRINTF(2, 3);
void tg_page_list_end(struct tg_page *page);

/* Text as it is, in a fixed font. `language` is a literal: "sql" or "text" for lines that may be
 * wrapped, "" for lines that may not (charts in characters). */
void tg_page_block(struct tg_page *page, const char *language, const char *text);

/* Details that are closed until the reader opens them; may hold any block, also further folds. */
void tg_page_fold(struct tg_page *page, const char *summary);
void tg_page_fold_end(struct tg_page *page);

/* A picture, or its replacement in characters: `svg` is a whole SVG document (kept apart from the
 * page, as an image: its names and styles meet nothing else), NULL: there is none. Markdown always
 * shows `text`. `title` stands for the picture where it cannot be seen; `caption` is shown below
 * it, "": none. Both are plain text. */
void tg_page_figure(struct tg_page *page, const char *title, const char *svg, const char *text,
                    const char *caption);
/* The chart as a figure: drawn by gnuplot in HTML where it is there and works, else in characters.
 * NULL: nothing is added. */
void tg_page_chart(struct tg_page *page, const struct tg_chart *chart);

/* ---- tables ---- */

struct tg_page_column {
    const char *title; /* a literal, shown as it is; "" for none */
    bool right;        /* numbers */
    bool code;         /* plain cells (tg_cellf) are code */
};

struct tg_page_table {
    struct tg_page *page;
    const struct tg_page_column *columns; /* borrowed */
    size_t column_count;
    struct tg_page_cell {
        struct tg_text span;
        enum tg_tone tone;
    } * cells; /* row after row */
    size_t count, capacity;
};

void tg_page_table(struct tg_page *page, struct tg_page_table *table,
                   const struct tg_page_column *columns, size_t column_count);
/* The next cell, a span; NULL or "": an empty one. */
void tg_cell(struct tg_page_table *table, const char *span);
/* The next cell, of plain text. */
void tg_cellf(struct tg_page_table *table, const char *fmt, ...) TG_PRINTF(2, 3);
void tg_cell_toned(struct tg_page_table *table, enum tg_tone tone, const char *text);
/* Appends the table, or nothing where it has no row, and frees it. */
void tg_page_table_end(struct tg_page_table *table);

#endif
