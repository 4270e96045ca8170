/* Text inside Markdown, HTML, XML and workflow commands: escaping, and tables. Whatever stands in a
 * name (quotes, backslashes, pipes, backticks, `<`, `@`, `%`, line breaks, invalid UTF-8) shows as
 * what it is and changes nothing around it. */
#ifndef TG_REPORTS_MARKUP_H
#define TG_REPORTS_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text.h"

/* `text` itself on one line: control characters become spaces, bytes that are no UTF-8 U+FFFD. */
void tg_plain_text(struct tg_text *out, const char *text);

/* Running text, or a cell of a table, of a Markdown page as GitHub and GitLab read it: no markup,
 * no HTML, no mention of a user or an issue comes of it. Line breaks become spaces. */
void tg_markdown_text(struct tg_text *out, const char *text);
/* `text` as a code span, whatever backticks are in it; safe in a cell of a table. */
void tg_markdown_code(struct tg_text *out, const char *text);
/* A fenced code block, with a fence longer than any run of backticks in `text`; `language` is a
 * literal, "" for none. */
void tg_markdown_block(struct tg_text *out, const char *language, const char *text);

/* A Markdown table, its columns padded so that the source reads well too. */
struct tg_markdown_table {
    struct tg_text *cells; /* row after row, the titles first */
    size_t count, capacity;
    size_t columns;
    const bool *right; /* per column: aligned to the right; borrowed */
};
/* `titles` and `right` have `columns` entries; titles are literals. */
void tg_markdown_table_init(struct tg_markdown_table *table, const char *const *titles,
                            const bool *right, size_t columns);
/* The next cell, of Markdown that is ready; NULL or "": an empty one. */
void tg_markdown_cell(struct tg_markdown_table *table, const char *markdown);
/* The next cell, of plain text, which is escaped. */
void tg_markdown_cellf(struct tg_markdown_table *table, const char *fmt, ...) TG_PRINTF(2, 3);
/* Appends the table with an empty line behind it, and frees it. */
void tg_markdown_table_end(struct tg_markdown_table *table, struct tg_text *out);

/* Text or a quoted attribute of an HTML or XML document. Characters that XML 1.0 does not have
 * become U+FFFD. */
void tg_xml_text(struct tg_text *out, const char *text);

/* A word of a command line as a POSIX shell reads it; quoted only where it has to be. Control
 * characters other than line breaks become spaces. */
void tg_shell_word(struct tg_text *out, const char *word);

/* The message of a GitHub workflow command, and the value of one of its properties. */
void tg_github_message(struct tg_text *out, const char *text);
void tg_github_property(struct tg_text *out, const char *text);

#endif
