/* Tables for terminals: columns aligned by display width, numbers to the right, an ASCII rule under
 * the titles. A table that is too wide gives up its least important columns rather than its shape,
 * and says which. */
#ifndef TG_REPORTS_TEXT_TABLE_H
#define TG_REPORTS_TEXT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text.h"

enum tg_style { TG_PLAIN, TG_BOLD, TG_DIM, TG_GREEN, TG_RED, TG_YELLOW };

struct tg_table_column {
    const char *title;
    unsigned keep;    /* when space is short the smallest goes first; 0: is never given up */
    bool right;       /* aligned to the right: numbers */
    bool may_shorten; /* when nothing is left to give up, cells are cut to fit, ending in ".." */
};

struct tg_table_cell {
    char *text;
    enum tg_style style;
};

struct tg_table {
    const struct tg_table_column *columns; /* borrowed */
    size_t column_count;
    struct tg_table_cell *cells; /* row after row */
    size_t cell_count;
    size_t capacity;
};

/* Cells are added row after row, `column_count` to a row; a row is complete before the table is
 * rendered. The text is copied; line breaks and other control characters become spaces. */
void tg_table_init(struct tg_table *table, const struct tg_table_column *columns, size_t count);
void tg_table_cell(struct tg_table *table, const char *text);
void tg_table_cellf(struct tg_table *table, enum tg_style style, const char *fmt, ...)
    TG_PRINTF(3, 4);
/* Appends the table, every line behind `indent` spaces and, if it can be, at most `width` columns
 * wide in all. */
void tg_table_render(const struct tg_table *table, size_t indent, size_t width, bool color,
                     struct tg_text *out);
void tg_table_free(struct tg_table *table);

/* Appends `text` in `style`; without `color` the text alone. Control characters become spaces, so
 * that a stored text cannot command the terminal. */
void tg_style_add(struct tg_text *out, enum tg_style style, bool color, const char *text);
/* Appends `text` broken at spaces into lines of at most `width` columns (words are never broken,
 * nor is a number cut off its unit);
 * the first line starts at column `at`, further ones behind `indent` spaces. Ends with a line
 * break. */
void tg_wrap_add(struct tg_text *out, const char *text, size_t at, size_t indent, size_t width);

#endif
