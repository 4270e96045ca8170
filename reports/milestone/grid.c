#include <stdlib.h>
#include <string.h>

#include "reports/layout/markup.h"
#include "reports/milestone/document.h"

void tg_grid_begin(struct tg_grid *grid, const struct tg_grid_column *columns, size_t count)
{
    *grid = (struct tg_grid){.columns = columns, .column_count = count};
}

struct tg_text *tg_grid_next(struct tg_grid *grid)
{
    if (grid->count == grid->capacity) {
        grid->capacity = grid->capacity ? 2 * grid->capacity : 64;
        grid->cells = tg_realloc(grid->cells, grid->capacity * sizeof *grid->cells);
    }
    struct tg_text *cell = &grid->cells[grid->count++];
    *cell = (struct tg_text){0};
    return cell;
}

void tg_grid_skip(struct tg_grid *grid)
{
    (void)tg_grid_next(grid);
}

void tg_grid_code(struct tg_grid *grid, const char *name)
{
    struct tg_text *cell = tg_grid_next(grid);
    if (name)
        tg_markdown_code(cell, name);
}

void tg_grid_cellf(struct tg_grid *grid, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    tg_markdown_text(tg_grid_next(grid), text);
    free(text);
}

static const char *cell_text(const struct tg_grid *grid, size_t row, size_t column)
{
    return tg_text_string(&grid->cells[row * grid->column_count + column]);
}

static bool says_the_same(const struct tg_grid *grid, size_t rows, size_t column)
{
    for (size_t row = 1; row < rows; row++)
        if (strcmp(cell_text(grid, row, column), cell_text(grid, 0, column)) != 0)
            return false;
    return true;
}

/* Marks the columns that are shown, and says what the others have in common. */
static size_t choose_columns(const struct tg_grid *grid, size_t rows, bool *shown,
                             struct tg_text *same)
{
    size_t count = 0;
    for (size_t i = 0; i < grid->column_count; i++) {
        const struct tg_grid_column *column = &grid->columns[i];
        bool all_same = says_the_same(grid, rows, i);
        const char *text = cell_text(grid, 0, i);
        bool empty = all_same && !*text;
        bool folds = !empty && all_same && column->same && rows > 1;
        shown[i] = !empty && !folds;
        count += shown[i];
        if (folds)
            tg_text_addf(same, "%s %s %s",
                         same->length ? "," : "The same in every row:", column->same, text);
    }
    return count;
}

static void add_table(const struct tg_grid *grid, size_t rows, const bool *shown, size_t count,
                      struct tg_text *out)
{
    const char **titles = tg_calloc(count, sizeof *titles);
    bool *right = tg_calloc(count, sizeof *right);
    struct tg_markdown_table table;
    size_t at = 0;
    for (size_t i = 0; i < grid->column_count; i++) {
        if (!shown[i])
            continue;
        titles[at] = grid->columns[i].title;
        right[at++] = grid->columns[i].right;
    }
    tg_markdown_table_init(&table, titles, right, count);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < grid->column_count; i++)
            if (shown[i])
                tg_markdown_cell(&table, cell_text(grid, row, i));
    tg_markdown_table_end(&table, out);
    free(titles);
    free(right);
}

void tg_grid_end(struct tg_grid *grid, struct tg_text *out)
{
    size_t rows = grid->count / grid->column_count;
    bool *shown = tg_calloc(grid->column_count, sizeof *shown);
    struct tg_text same = {0};
    size_t count = rows > 0 ? choose_columns(grid, rows, shown, &same) : 0;
    if (count > 0)
        add_table(grid, rows, shown, count, out);
    if (same.length)
        tg_text_addf(out, "%s.\n\n", same.data);
    for (size_t i = 0; i < grid->count; i++)
        tg_text_free(&grid->cells[i]);
    free(grid->cells);
    free(shown);
    tg_text_free(&same);
    *grid = (struct tg_grid){0};
}
