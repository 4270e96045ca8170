#include "reports/layout/text_table.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NARROWEST = 8 };

void tg_table_init(struct tg_table *table, const struct tg_table_column *columns, size_t count)
{
    *table = (struct tg_table){.columns = columns, .column_count = count};
}

/* C0 controls and DEL; the C1 controls are two bytes in UTF-8 and terminals in UTF-8 mode act on
 * them too. */
static void blank_controls(char *text)
{
    for (char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        unsigned char next = (unsigned char)at[1];
        if (c < 0x20 || c == 0x7F)
            *at = ' ';
        else if (c == 0xC2 && next >= 0x80 && next < 0xA0)
            at[0] = at[1] = ' ';
    }
}

static void push_cell(struct tg_table *table, enum tg_style style, char *text)
{
    if (table->cell_count == table->capacity) {
        table->capacity = table->capacity ? table->capacity * 2 : 64;
        table->cells = tg_realloc(table->cells, table->capacity * sizeof *table->cells);
    }
    blank_controls(text);
    table->cells[table->cell_count++] = (struct tg_table_cell){text, style};
}

void tg_table_cell(struct tg_table *table, const char *text)
{
    push_cell(table, TG_PLAIN, tg_strdup(text));
}

void tg_table_cellf(struct tg_table *table, enum tg_style style, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    push_cell(table, style, tg_vformat(fmt, args));
    va_end(args);
}

void tg_table_free(struct tg_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        free(table->cells[i].text);
    free(table->cells);
    *table = (struct tg_table){0};
}

void tg_style_add(struct tg_text *out, enum tg_style style, bool color, const char *text)
{
    static const char *const starts[] = {
        [TG_PLAIN] = "",         [TG_BOLD] = "\033[1m", [TG_DIM] = "\033[2m",
        [TG_GREEN] = "\033[32m", [TG_RED] = "\033[31m", [TG_YELLOW] = "\033[33m",
    };
    char *clean = tg_strdup(text);
    blank_controls(clean);
    bool styled = color && style != TG_PLAIN && *clean;
    if (styled)
        tg_text_add(out, starts[style]);
    tg_text_add(out, clean);
    if (styled)
        tg_text_add(out, "\033[0m");
    free(clean);
}

/* ---- layout ---- */

/* Widths are per column; 0 means that the column was given up. */
static size_t layout_total(const size_t *widths, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += widths[i] ? widths[i] + (total ? GAP : 0) : 0;
    return total;
}

static void natural_widths(const struct tg_table *table, size_t *widths)
{
    size_t column = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        widths[i] = tg_text_width(table->columns[i].title);
        if (widths[i] == 0)
            widths[i] = 1;
    }
    for (size_t i = 0; i < table->cell_count; i++) {
        size_t width = tg_text_width(table->cells[i].text);
        if (width > widths[column])
            widths[column] = width;
        column = column + 1 < table->column_count ? column + 1 : 0;
    }
}

/* The column to give up next, or column_count when none may go. */
static size_t least_important(const struct tg_table *table, const size_t *widths)
{
    size_t least = table->column_count;
    for (size_t i = 0; i < table->column_count; i++) {
        unsigned keep = table->columns[i].keep;
        if (widths[i] && keep > 0 &&
            (least == table->column_count || keep < table->columns[least].keep))
            least = i;
    }
    return least;
}

static void fit(const struct tg_table *table, size_t *widths, size_t room)
{
    size_t count = table->column_count;
    while (layout_total(widths, count) > room) {
        size_t victim = least_important(table, widths);
        if (victim == count)
            break;
        widths[victim] = 0;
    }
    for (size_t i = 0; i < count && layout_total(widths, count) > room; i++) {
        if (!table->columns[i].may_shorten || widths[i] <= NARROWEST)
            continue;
        size_t excess = layout_total(widths, count) - room;
        widths[i] = widths[i] > NARROWEST + excess ? widths[i] - excess : NARROWEST;
    }
}

/* `text` in `width` columns, cut with ".." at the end when it is wider. Free with free(). */
static char *cut_to_width(const char *text, size_t width)
{
    char *cut = tg_format("%s..", text);
    size_t length = strlen(text);
    if (tg_text_width(text) <= width) {
        cut[length] = '\0';
        return cut;
    }
    while (length > 0 && tg_text_width(cut) > width) {
        do
            length--;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80);
        memcpy(cut + length, "..", 3);
    }
    return cut;
}

static void add_cell(struct tg_text *out, const char *text, enum tg_style style, bool right,
                     size_t width, bool color)
{
    char *shown = cut_to_width(text, width);
    size_t used = tg_text_width(shown);
    size_t space = used < width ? width - used : 0;
    if (right)
        tg_text_pad(out, ' ', space);
    tg_style_add(out, style, color, shown);
    if (!right)
        tg_text_pad(out, ' ', space);
    free(shown);
}

static void end_line(struct tg_text *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    tg_text_add(out, "\n");
}

/* `cells` is a row, or NULL for the titles. */
static void add_row(const struct tg_table *table, const size_t *widths,
                    const struct tg_table_cell *cells, size_t indent, bool color,
                    struct tg_text *out)
{
    tg_text_pad(out, ' ', indent);
    bool first = true;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!widths[i])
            continue;
        if (!first)
            tg_text_pad(out, ' ', GAP);
        first = false;
        const struct tg_table_column *column = &table->columns[i];
        add_cell(out, cells ? cells[i].text : column->title, cells ? cells[i].style : TG_PLAIN,
                 column->right, widths[i], color);
    }
    end_line(out);
}

static void add_rule(const struct tg_table *table, const size_t *widths, size_t indent,
                     struct tg_text *out)
{
    tg_text_pad(out, ' ', indent);
    bool first = true;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!widths[i])
            continue;
        if (!first)
            tg_text_pad(out, ' ', GAP);
        first = false;
        tg_text_pad(out, '-', widths[i]);
    }
    tg_text_add(out, "\n");
}

static void add_given_up(const struct tg_table *table, const size_t *widths, size_t indent,
                         size_t width, struct tg_text *out)
{
    struct tg_text names = {0};
    for (size_t i = 0; i < table->column_count; i++)
        if (!widths[i])
            tg_text_addf(&names, "%s%s", names.length ? ", " : "(not shown at this width: ",
                         table->columns[i].title);
    if (names.length) {
        tg_text_add(&names, ")");
        tg_text_pad(out, ' ', indent);
        tg_wrap_add(out, names.data, indent, indent, width);
    }
    tg_text_free(&names);
}

void tg_table_render(const struct tg_table *table, size_t indent, size_t width, bool color,
                     struct tg_text *out)
{
    assert(table->column_count > 0 && table->cell_count % table->column_count == 0);
    size_t *widths = tg_calloc(table->column_count, sizeof *widths);
    natural_widths(table, widths);
    fit(table, widths, width > indent ? width - indent : 0);
    add_row(table, widths, NULL, indent, color, out);
    add_rule(table, widths, indent, out);
    for (size_t i = 0; i < table->cell_count; i += table->column_count)
        add_row(table, widths, &table->cells[i], indent, color, out);
    add_given_up(table, widths, indent, width, out);
    free(widths);
}

/* "60" of "60 s" and "~1.5" of "~1.5 ms": a number stays with the word behind it, but not when
 * punctuation parts them. */
static bool is_number(const char *word)
{
    size_t length = strlen(word);
    return length > 0 && strspn(word, "~0123456789.,") == length &&
           isdigit((unsigned char)word[length - 1]);
}

/* Cuts the next piece off *rest: a word, or a number with the word behind it. NULL at the end. */
static char *next_piece(char **rest)
{
    char *piece = *rest + strspn(*rest, " ");
    char *end = piece + strcspn(piece, " ");
    if (end == piece)
        return NULL;
    bool last = *end == '\0';
    *end = '\0';
    if (!last && is_number(piece) && end[1] && end[1] != ' ') {
        *end = ' ';
        end += 1 + strcspn(end + 1, " ");
        last = *end == '\0';
        *end = '\0';
    }
    *rest = last ? end : end + 1;
    return piece;
}

void tg_wrap_add(struct tg_text *out, const char *text, size_t at, size_t indent, size_t width)
{
    char *copy = tg_strdup(text);
    blank_controls(copy);
    size_t column = at;
    bool line_is_empty = true;
    char *rest = copy;
    for (char *piece = next_piece(&rest); piece; piece = next_piece(&rest)) {
        size_t need = tg_text_width(piece);
        if (!line_is_empty && column + 1 + need > width) {
            tg_text_add(out, "\n");
            tg_text_pad(out, ' ', indent);
            column = indent;
            line_is_empty = true;
        }
        if (!line_is_empty) {
            tg_text_add(out, " ");
            column++;
        }
        tg_text_add(out, piece);
        column += need;
        line_is_empty = false;
    }
    tg_text_add(out, "\n");
    free(copy);
}
