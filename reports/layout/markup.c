#include "reports/layout/markup.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

/* How many bytes the UTF-8 sequence at `at` has; 0: it is none (overlong forms, surrogates and what
 * lies beyond U+10FFFF are none; RFC 3629). */
static size_t sequence_length(const unsigned char *at)
{
    static const struct {
        unsigned char low, high, second_low, second_high;
        size_t length;
    } forms[] = {
        {0x01, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (*at < forms[i].low || *at > forms[i].high)
            continue;
        if (forms[i].length > 1 && (at[1] < forms[i].second_low || at[1] > forms[i].second_high))
            return 0;
        for (size_t k = 2; k < forms[i].length; k++)
            if (at[k] < 0x80 || at[k] > 0xBF)
                return 0;
        return forms[i].length;
    }
    return 0;
}

/* C0, DEL, and C1, which are two bytes. */
static bool is_control(const char *at, size_t length)
{
    unsigned char second = (unsigned char)at[1];
    return length == 1 ? iscntrl((unsigned char)*at) != 0
                       : length == 2 && (unsigned char)*at == 0xC2 && second < 0xA0;
}

/* Appends the character at *at as it is, or U+FFFD for a byte that begins none; control characters
 * become spaces. Moves on. */
static void add_plain(struct tg_text *out, const char **at)
{
    size_t length = sequence_length((const unsigned char *)*at);
    if (length == 0)
        tg_text_add(out, REPLACEMENT);
    else if (is_control(*at, length))
        tg_text_add(out, " ");
    else
        tg_text_add_bytes(out, *at, length);
    *at += length == 0 ? 1 : length;
}

void tg_plain_text(struct tg_text *out, const char *text)
{
    while (*text)
        add_plain(out, &text);
}

/* ---- Markdown ---- */

static bool is_word(char character)
{
    return isalnum((unsigned char)character) || (unsigned char)character >= 0x80;
}

/* Would `at` begin a list, a rule or an underline, were it the first of a line? */
static bool begins_block(const char *text, const char *at)
{
    bool followed = at[1] == ' ' || at[1] == *at || !at[1];
    if (at == text)
        return followed && strchr("-+=", *at);
    return (*at == '.' || *at == ')') && followed &&
           strspn(text, "0123456789") == (size_t)(at - text);
}

static bool needs_backslash(const char *text, const char *at)
{
    if (*at == '_')
        return at == text || !is_word(at[-1]) || !is_word(at[1]);
    return strchr("\\`*{}[]<>#|~&$", *at) != NULL || begins_block(text, at);
}

void tg_markdown_text(struct tg_text *out, const char *text)
{
    const char *at = text;
    while (*at) {
        const char character = *at;
        bool reference = (character == '@' && is_word(at[1])) ||
                         (character == '#' && isdigit((unsigned char)at[1]));
        if (needs_backslash(text, at))
            tg_text_add(out, "\\");
        add_plain(out, &at);
        if (reference) /* a comment between the sign and the name: neither notifies anybody */
            tg_text_add(out, "<!-- -->");
    }
}

static size_t longest_run(const char *text, char character)
{
    size_t longest = 0;
    size_t run = 0;
    for (; *text; text++) {
        run = *text == character ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void tg_markdown_code(struct tg_text *out, const char *text)
{
    /* A pipe would end the cell, and a backslash before it would show outside of tables. */
    if (strchr(text, '|') || !*text) {
        tg_text_add(out, "<code>");
        tg_markdown_text(out, text);
        tg_text_add(out, "</code>");
        return;
    }
    size_t fence = longest_run(text, '`') + 1;
    bool padded = text[0] == '`' || text[strlen(text) - 1] == '`' ||
                  (text[0] == ' ' && text[strlen(text) - 1] == ' ');
    tg_text_pad(out, '`', fence);
    tg_text_add(out, padded ? " " : "");
    while (*text)
        add_plain(out, &text);
    tg_text_add(out, padded ? " " : "");
    tg_text_pad(out, '`', fence);
}

void tg_markdown_block(struct tg_text *out, const char *language, const char *text)
{
    size_t fence = longest_run(text, '`') + 1;
    fence = fence < 3 ? 3 : fence;
    tg_text_pad(out, '`', fence);
    tg_text_addf(out, "%s\n", language);
    while (*text) {
        if (*text == '\n' || *text == '\t')
            tg_text_add_bytes(out, text++, 1);
        else
            add_plain(out, &text);
    }
    if (!tg_ends_with(tg_text_string(out), "\n"))
        tg_text_add(out, "\n");
    tg_text_pad(out, '`', fence);
    tg_text_add(out, "\n");
}

void tg_markdown_table_init(struct tg_markdown_table *table, const char *const *titles,
                            const bool *right, size_t columns)
{
    *table = (struct tg_markdown_table){.columns = columns, .right = right};
    for (size_t i = 0; i < columns; i++)
        tg_markdown_cell(table, titles[i]);
}

static struct tg_text *next_cell(struct tg_markdown_table *table)
{
    if (table->count == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 64;
        table->cells = tg_realloc(table->cells, table->capacity * sizeof *table->cells);
    }
    struct tg_text *cell = &table->cells[table->count++];
    *cell = (struct tg_text){0};
    return cell;
}

void tg_markdown_cell(struct tg_markdown_table *table, const char *markdown)
{
    tg_text_add(next_cell(table), markdown ? markdown : "");
}

void tg_markdown_cellf(struct tg_markdown_table *table, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_markdown_text(next_cell(table), text);
    free(text);
}

static void add_row(const struct tg_markdown_table *table, size_t row, const size_t *widths,
                    struct tg_text *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        const char *cell = tg_text_string(&table->cells[row * table->columns + i]);
        size_t space = widths[i] - tg_text_width(cell);
        tg_text_add(out, "| ");
        tg_text_pad(out, ' ', table->right[i] ? space : 0);
        tg_text_add(out, cell);
        tg_text_pad(out, ' ', table->right[i] ? 1 : space + 1);
    }
    tg_text_add(out, "|\n");
}

static void add_rule(const struct tg_markdown_table *table, const size_t *widths,
                     struct tg_text *out)
{
    for (size_t i = 0; i < table->columns; i++) {
        tg_text_add(out, "| ");
        tg_text_pad(out, '-', widths[i] - (table->right[i] ? 1 : 0));
        tg_text_add(out, table->right[i] ? ": " : " ");
    }
    tg_text_add(out, "|\n");
}

void tg_markdown_table_end(struct tg_markdown_table *table, struct tg_text *out)
{
    assert(table->columns > 0);
    size_t *widths = tg_calloc(table->columns, sizeof *widths);
    for (size_t i = 0; i < table->count; i++) {
        size_t width = tg_text_width(tg_text_string(&table->cells[i]));
        size_t *column = &widths[i % table->columns];
        *column = width > *column ? width : *column;
    }
    for (size_t i = 0; i < table->columns; i++)
        widths[i] = widths[i] < 3 ? 3 : widths[i];
    for (size_t row = 0; row < table->count / table->columns; row++) {
        add_row(table, row, widths, out);
        if (row == 0)
            add_rule(table, widths, out);
    }
    tg_text_add(out, "\n");
    for (size_t i = 0; i < table->count; i++)
        tg_text_free(&table->cells[i]);
    free(table->cells);
    free(widths);
    *table = (struct tg_markdown_table){0};
}

/* ---- HTML, XML, workflow commands ---- */

void tg_xml_text(struct tg_text *out, const char *text)
{
    while (*text) {
        size_t length = sequence_length((const unsigned char *)text);
        unsigned char first = (unsigned char)*text;
        const char *entity = first == '&'    ? "&amp;"
                             : first == '<'  ? "&lt;"
                             : first == '>'  ? "&gt;"
                             : first == '"'  ? "&quot;"
                             : first == '\'' ? "&#39;"
                                             : NULL;
        bool none = length == 0 || (first < 0x20 && !strchr("\t\n\r", first)) ||
                    (length == 3 && memcmp(text, "\xEF\xBF", 2) == 0 &&
                     (unsigned char)text[2] >= 0xBE); /* U+FFFE, U+FFFF */
        if (entity)
            tg_text_add(out, entity);
        else if (none)
            tg_text_add(out, REPLACEMENT);
        else
            tg_text_add_bytes(out, text, length);
        text += length == 0 ? 1 : length;
    }
}

static void add_percent_encoded(struct tg_text *out, const char *text, const char *special)
{
    for (; *text; text++) {
        if (strchr(special, *text))
            tg_text_addf(out, "%%%02X", (unsigned char)*text);
        else
            tg_text_add_bytes(out, text, 1);
    }
}

void tg_github_message(struct tg_text *out, const char *text)
{
    add_percent_encoded(out, text, "%\r\n");
}

void tg_github_property(struct tg_text *out, const char *text)
{
    add_percent_encoded(out, text, "%\r\n:,");
}

/* ---- command lines ---- */

static bool is_plain_in_a_shell(const char *word)
{
    return *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789_-+=./:,@%")] == '\0';
}

void tg_shell_word(struct tg_text *out, const char *word)
{
    if (is_plain_in_a_shell(word)) {
        tg_text_add(out, word);
        return;
    }
    tg_text_add(out, "'");
    for (const char *at = word; *at; at++) {
        if (*at == '\'')
            tg_text_add(out, "'\\''");
        else /* no stored text commands the terminal; SQL may have several lines */
            tg_text_add_bytes(out, iscntrl((unsigned char)*at) && *at != '\n' ? " " : at, 1);
    }
    tg_text_add(out, "'");
}
