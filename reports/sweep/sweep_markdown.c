/* A sweep on a page, and as Markdown. */
#include <math.h>

#include "baselines/result_json.h"
#include "common/units.h"
#include "reports/sweep/sweep_page.h"

static void words_cell(struct tg_page_table *table, const char *words)
{
    tg_cellf(table, "%s", *words ? words : "-");
}

/* ---- sizes ---- */

static void add_sizes(const struct tg_sweep_view *sweep, struct tg_arena *arena,
                      struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "Rows", .right = true},     {.title = "All tables", .right = true},
        {.title = "Data set", .right = true}, {.title = "Set up"},
        {.title = "Took", .right = true},     {.title = "Verdict"},
        {.title = "Result", .code = true},
    };
    struct tg_page_table table;
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < sweep->run_count; i++) {
        const struct tg_result *run = sweep->runs[i];
        char text[TG_UNIT_TEXT];
        words_cell(&table, tg_format_count((int64_t)run->sweep.rows, text));
        words_cell(&table, tg_sweep_all_rows_words(run, arena));
        words_cell(&table, run->dataset_bytes > 0 ? tg_format_bytes(run->dataset_bytes, text) : "");
        words_cell(&table, tg_sweep_set_up_words(run, arena));
        words_cell(&table, tg_format_duration(run->total_ns, text));
        words_cell(&table, tg_verdict_name(run->verdict));
        tg_cellf(&table, "%s", run->id ? run->id : "");
    }
    tg_page_table_end(&table);
}

/* ---- growth ---- */

enum { BEFORE_SIZES = 3, AFTER_SIZES = 3 }; /* columns */

static void growth_row(struct tg_page_table *table, const struct tg_sweep_view *sweep,
                       const char *const heads[BEFORE_SIZES], const double *figures_ns,
                       const struct tg_growth *growth, struct tg_arena *arena)
{
    for (size_t i = 0; i < BEFORE_SIZES; i++)
        tg_cellf(table, "%s", heads[i]);
    for (size_t i = 0; i < sweep->run_count; i++) {
        char text[TG_UNIT_TEXT];
        words_cell(table,
                   isnan(figures_ns[i]) ? "" : tg_format_duration(llround(figures_ns[i]), text));
    }
    words_cell(table, tg_sweep_exponent_words(growth, arena));
    words_cell(table, tg_sweep_interval_words(growth, arena));
    words_cell(table, tg_sweep_tenfold_words(growth, arena));
}

static void add_growth(const struct tg_sweep_view *sweep, struct tg_arena *arena,
                       struct tg_page *page)
{
    size_t columns = BEFORE_SIZES + sweep->run_count + AFTER_SIZES;
    struct tg_page_column *titles = tg_arena_array(arena, columns, sizeof *titles);
    titles[0] = (struct tg_page_column){.title = "Operation", .code = true};
    titles[1] = (struct tg_page_column){.title = "Phase", .code = true};
    titles[2] = (struct tg_page_column){.title = ""};
    for (size_t i = 0; i < sweep->run_count; i++) {
        char text[TG_UNIT_TEXT];
        titles[BEFORE_SIZES + i].title =
            tg_arena_strdup(arena, tg_format_count((int64_t)sweep->rows[i], text));
    }
    struct tg_page_column *after = &titles[BEFORE_SIZES + sweep->run_count];
    after[0].title = "Growth";
    after[1].title = "95 % interval";
    after[2].title = "10x rows";
    for (size_t i = BEFORE_SIZES; i < columns; i++)
        titles[i].right = true;
    struct tg_page_table table;
    tg_page_table(page, &table, titles, columns);
    for (size_t i = 0; i < sweep->op_count; i++) {
        const struct tg_sweep_op *op = &sweep->ops[i];
        const char *p50[] = {op->op, op->phase, "p50"};
        const char *p99[] = {"", "", "p99"};
        growth_row(&table, sweep, p50, op->p50_ns, &op->p50_growth, arena);
        growth_row(&table, sweep, p99, op->p99_ns, &op->p99_growth, arena);
    }
    tg_page_table_end(&table);
}

/* ---- capacity ---- */

static void limit_row(struct tg_page_table *table, const struct tg_sweep_view *sweep,
                      const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    tg_cellf(table, "%s", limit->target->text);
    tg_cellf(table, "%s", limit->target->phase);
    words_cell(table, tg_sweep_capacity_words(sweep, limit, arena));
    words_cell(table, tg_sweep_degrades_words(sweep, limit, arena));
    words_cell(table, tg_sweep_soonest_words(sweep, limit, arena));
}

static void add_capacity(const struct tg_sweep_view *sweep, struct tg_arena *arena,
                         struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "Target", .code = true},
        {.title = "Phase", .code = true},
        {.title = "Met up to, measured"},
        {.title = "Breaks, extrapolated"},
        {.title = "Soonest"},
    };
    size_t limits = sweep->other_count;
    for (size_t i = 0; i < sweep->op_count; i++)
        limits += sweep->ops[i].limit_count;
    if (limits == 0)
        return;
    struct tg_page_table table;
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < sweep->op_count; i++)
        for (size_t j = 0; j < sweep->ops[i].limit_count; j++)
            limit_row(&table, sweep, &sweep->ops[i].limits[j], arena);
    for (size_t i = 0; i < sweep->other_count; i++)
        limit_row(&table, sweep, &sweep->others[i], arena);
    tg_page_table_end(&table);
}

void tg_sweep_on_page(const struct tg_sweep_view *sweep, struct tg_page *page)
{
    struct tg_arena scratch = {0};
    tg_page_paragraphf(page, "%s.", tg_sweep_sizes_words(sweep, &scratch));
    add_sizes(sweep, &scratch, page);
    add_growth(sweep, &scratch, page);
    add_capacity(sweep, &scratch, page);
    size_t notes;
    const char *const *note = tg_sweep_notes(sweep, &notes, &scratch);
    for (size_t i = 0; i < notes; i++)
        tg_page_paragraphf(page, "%s", note[i]);
    tg_arena_free(&scratch);
}

void tg_markdown_sweep(const struct tg_sweep_view *sweep, struct tg_text *out)
{
    struct tg_page page = {.format = TG_PAGE_MARKDOWN, .out = out};
    tg_sweep_on_page(sweep, &page);
}
