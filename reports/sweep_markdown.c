#include <math.h>

#include "baselines/result_json.h"
#include "common/units.h"
#include "reports/markup.h"
#include "reports/sweep_view.h"

static void code_cell(struct tg_markdown_table *table, const char *text)
{
    struct tg_text code = {0};
    if (*text)
        tg_markdown_code(&code, text);
    tg_markdown_cell(table, tg_text_string(&code));
    tg_text_free(&code);
}

static void words_cell(struct tg_markdown_table *table, const char *words)
{
    if (*words)
        tg_markdown_cellf(table, "%s", words);
    else
        tg_markdown_cell(table, "-");
}

/* ---- sizes ---- */

static void add_sizes(const struct tg_sweep_view *sweep, struct tg_arena *arena,
                      struct tg_text *out)
{
    static const char *const titles[] = {"Rows", "Of all tables", "Data set", "Set up",
                                         "Took", "Verdict",       "Result"};
    static const bool right[] = {true, true, true, false, true, false, false};
    struct tg_markdown_table table;
    tg_markdown_table_init(&table, titles, right, sizeof titles / sizeof *titles);
    for (size_t i = 0; i < sweep->run_count; i++) {
        const struct tg_result *run = sweep->runs[i];
        char text[TG_UNIT_TEXT];
        words_cell(&table, tg_format_count((int64_t)run->sweep.rows, text));
        words_cell(&table, tg_sweep_all_rows_words(run, arena));
        words_cell(&table, run->dataset_bytes > 0 ? tg_format_bytes(run->dataset_bytes, text) : "");
        words_cell(&table, tg_sweep_set_up_words(run, arena));
        words_cell(&table, tg_format_duration(run->total_ns, text));
        words_cell(&table, tg_verdict_name(run->verdict));
        code_cell(&table, run->id ? run->id : "");
    }
    tg_markdown_table_end(&table, out);
}

/* ---- growth ---- */

enum { BEFORE_SIZES = 3, AFTER_SIZES = 3 }; /* columns */

static void growth_row(struct tg_markdown_table *table, const struct tg_sweep_view *sweep,
                       const char *const heads[BEFORE_SIZES], const double *figures_ns,
                       const struct tg_growth *growth, struct tg_arena *arena)
{
    code_cell(table, heads[0]);
    code_cell(table, heads[1]);
    tg_markdown_cell(table, heads[2]);
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
                       struct tg_text *out)
{
    size_t columns = BEFORE_SIZES + sweep->run_count + AFTER_SIZES;
    const char **titles = tg_arena_array(arena, columns, sizeof *titles);
    bool *right = tg_arena_array(arena, columns, sizeof *right);
    titles[0] = "Operation";
    titles[1] = "Phase";
    titles[2] = "";
    for (size_t i = 0; i < sweep->run_count; i++) {
        char text[TG_UNIT_TEXT];
        titles[BEFORE_SIZES + i] =
            tg_arena_strdup(arena, tg_format_count((int64_t)sweep->rows[i], text));
    }
    const char **after = &titles[BEFORE_SIZES + sweep->run_count];
    after[0] = "Growth";
    after[1] = "95 % interval";
    after[2] = "10x rows";
    for (size_t i = BEFORE_SIZES; i < columns; i++)
        right[i] = true;
    struct tg_markdown_table table;
    tg_markdown_table_init(&table, titles, right, columns);
    for (size_t i = 0; i < sweep->op_count; i++) {
        const struct tg_sweep_op *op = &sweep->ops[i];
        const char *p50[] = {op->op, op->phase, "p50"};
        const char *p99[] = {"", "", "p99"};
        growth_row(&table, sweep, p50, op->p50_ns, &op->p50_growth, arena);
        growth_row(&table, sweep, p99, op->p99_ns, &op->p99_growth, arena);
    }
    tg_markdown_table_end(&table, out);
}

/* ---- capacity ---- */

static void limit_row(struct tg_markdown_table *table, const struct tg_sweep_view *sweep,
                      const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    code_cell(table, limit->target->text);
    code_cell(table, limit->target->phase);
    words_cell(table, tg_sweep_capacity_words(sweep, limit, arena));
    words_cell(table, tg_sweep_degrades_words(sweep, limit, arena));
    words_cell(table, tg_sweep_soonest_words(sweep, limit, arena));
}

static void add_capacity(const struct tg_sweep_view *sweep, struct tg_arena *arena,
                         struct tg_text *out)
{
    static const char *const titles[] = {"Target", "Phase", "Measured: met up to (rows)",
                                         "Extrapolated: breaks at", "Soonest"};
    static const bool right[] = {false, false, false, false, false};
    size_t limits = sweep->other_count;
    for (size_t i = 0; i < sweep->op_count; i++)
        limits += sweep->ops[i].limit_count;
    if (limits == 0)
        return;
    struct tg_markdown_table table;
    tg_markdown_table_init(&table, titles, right, sizeof titles / sizeof *titles);
    for (size_t i = 0; i < sweep->op_count; i++)
        for (size_t j = 0; j < sweep->ops[i].limit_count; j++)
            limit_row(&table, sweep, &sweep->ops[i].limits[j], arena);
    for (size_t i = 0; i < sweep->other_count; i++)
        limit_row(&table, sweep, &sweep->others[i], arena);
    tg_markdown_table_end(&table, out);
}

void tg_markdown_sweep(const struct tg_sweep_view *sweep, struct tg_text *out)
{
    struct tg_arena scratch = {0};
    tg_markdown_text(out, tg_sweep_sizes_words(sweep, &scratch));
    tg_text_add(out, ".\n\n");
    add_sizes(sweep, &scratch, out);
    add_growth(sweep, &scratch, out);
    add_capacity(sweep, &scratch, out);
    size_t notes;
    const char *const *note = tg_sweep_notes(sweep, &notes, &scratch);
    for (size_t i = 0; i < notes; i++) {
        tg_markdown_text(out, note[i]);
        tg_text_add(out, "\n\n");
    }
    tg_arena_free(&scratch);
}
