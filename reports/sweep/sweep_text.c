#include <math.h>

#include "baselines/result_json.h"
#include "common/units.h"
#include "reports/run/report_view.h"
#include "reports/sweep/sweep_view.h"

enum { NARROWEST = 40, USUAL = 100 };

static const char *dash(const char *words)
{
    return *words ? words : "-";
}

/* ---- sizes ---- */

static void size_row(struct tg_table *table, const struct tg_result *run, struct tg_arena *arena)
{
    static const enum tg_style styles[] = {
        [TG_VERDICT_PASS] = TG_GREEN, [TG_VERDICT_FAIL] = TG_RED, [TG_VERDICT_INVALID] = TG_YELLOW};
    char text[TG_UNIT_TEXT];
    tg_table_cell(table, tg_format_count((int64_t)run->sweep.rows, text));
    tg_table_cell(table, tg_sweep_all_rows_words(run, arena));
    tg_table_cell(table, run->dataset_bytes > 0 ? tg_format_bytes(run->dataset_bytes, text) : "-");
    tg_table_cell(table, tg_sweep_set_up_words(run, arena));
    tg_table_cell(table, tg_format_duration(run->total_ns, text));
    tg_table_cellf(table, styles[run->verdict], "%s", tg_verdict_name(run->verdict));
    tg_table_cell(table, run->id ? run->id : "-");
}

static void add_sizes(struct tg_view *view, const struct tg_sweep_view *sweep,
                      struct tg_arena *arena)
{
    static const struct tg_table_column columns[] = {
        {.title = "rows", .right = true},
        {.title = "all tables", .right = true, .keep = 1},
        {.title = "data set", .right = true, .keep = 3},
        {.title = "set up", .keep = 2},
        {.title = "took", .right = true, .keep = 4},
        {.title = "verdict"},
        {.title = "result"},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < sweep->run_count; i++)
        size_row(&table, sweep->runs[i], arena);
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
    for (size_t i = 0; i < sweep->run_count; i++) {
        char rows[TG_UNIT_TEXT];
        tg_format_count((int64_t)sweep->runs[i]->sweep.rows, rows);
        for (size_t r = 0; r < sweep->runs[i]->reason_count; r++) {
            const char *reason =
                tg_arena_format(arena, "%s rows: %s", rows, sweep->runs[i]->reasons[r]);
            tg_text_add(view->out, "  - ");
            tg_wrap_add(view->out, reason, 4, 4, view->width);
        }
    }
}

/* ---- growth ---- */

enum { BEFORE_SIZES = 3, AFTER_SIZES = 3 }; /* columns */

/* The smallest and the largest size and the exponent are what counts: of the sizes those in between
 * are given up first. */
static struct tg_table_column *growth_columns(const struct tg_sweep_view *sweep, size_t *count,
                                              struct tg_arena *arena)
{
    size_t runs = sweep->run_count;
    *count = BEFORE_SIZES + runs + AFTER_SIZES;
    struct tg_table_column *columns = tg_arena_array(arena, *count, sizeof *columns);
    columns[0] = (struct tg_table_column){.title = "operation", .may_shorten = true};
    columns[1] = (struct tg_table_column){.title = "phase", .keep = 1, .may_shorten = true};
    columns[2] = (struct tg_table_column){.title = ""};
    for (size_t i = 0; i < runs; i++) {
        char text[TG_UNIT_TEXT];
        bool end = i == 0 || i + 1 == runs;
        columns[BEFORE_SIZES + i] = (struct tg_table_column){
            .title = tg_arena_strdup(arena, tg_format_count((int64_t)sweep->rows[i], text)),
            .right = true,
            .keep = end ? (unsigned)runs + 5 : (unsigned)i + 2,
        };
    }
    struct tg_table_column *after = &columns[BEFORE_SIZES + runs];
    after[0] = (struct tg_table_column){.title = "growth", .right = true};
    after[1] =
        (struct tg_table_column){.title = "interval", .right = true, .keep = (unsigned)runs + 4};
    after[2] =
        (struct tg_table_column){.title = "10x rows", .right = true, .keep = (unsigned)runs + 3};
    return columns;
}

static void growth_row(struct tg_table *table, const struct tg_sweep_view *sweep,
                       const char *const heads[BEFORE_SIZES], const double *figures_ns,
                       const struct tg_growth *growth, struct tg_arena *arena)
{
    for (size_t i = 0; i < BEFORE_SIZES; i++)
        tg_table_cell(table, heads[i]);
    for (size_t i = 0; i < sweep->run_count; i++) {
        char text[TG_UNIT_TEXT];
        tg_table_cell(
            table, isnan(figures_ns[i]) ? "-" : tg_format_duration(llround(figures_ns[i]), text));
    }
    tg_table_cell(table, dash(tg_sweep_exponent_words(growth, arena)));
    tg_table_cell(table, dash(tg_sweep_interval_words(growth, arena)));
    tg_table_cell(table, dash(tg_sweep_tenfold_words(growth, arena)));
}

static void add_growth(struct tg_view *view, const struct tg_sweep_view *sweep,
                       struct tg_arena *arena)
{
    size_t column_count;
    struct tg_table_column *columns = growth_columns(sweep, &column_count, arena);
    struct tg_table table;
    tg_table_init(&table, columns, column_count);
    for (size_t i = 0; i < sweep->op_count; i++) {
        const struct tg_sweep_op *op = &sweep->ops[i];
        const char *p50[] = {op->op, op->phase, "p50"};
        const char *p99[] = {"", "", "p99"};
        growth_row(&table, sweep, p50, op->p50_ns, &op->p50_growth, arena);
        growth_row(&table, sweep, p99, op->p99_ns, &op->p99_growth, arena);
    }
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* ---- capacity ---- */

static void limit_row(struct tg_table *table, const struct tg_sweep_view *sweep,
                      const struct tg_sweep_limit *limit, struct tg_arena *arena)
{
    bool all = limit->capacity_rows >= sweep->rows[sweep->run_count - 1];
    tg_table_cell(table, limit->target->text);
    tg_table_cell(table, limit->target->phase);
    tg_table_cellf(table,
                   all                      ? TG_GREEN
                   : limit->missed_rows > 0 ? TG_RED
                                            : TG_YELLOW,
                   "%s", tg_sweep_capacity_words(sweep, limit, arena));
    tg_table_cell(table, dash(tg_sweep_degrades_words(sweep, limit, arena)));
    tg_table_cell(table, dash(tg_sweep_soonest_words(sweep, limit, arena)));
}

static void add_capacity(struct tg_view *view, const struct tg_sweep_view *sweep,
                         struct tg_arena *arena)
{
    static const struct tg_table_column columns[] = {
        {.title = "target", .may_shorten = true},
        {.title = "phase", .keep = 2, .may_shorten = true},
        {.title = "met up to, measured"},
        {.title = "breaks, extrapolated", .keep = 3},
        {.title = "soonest", .keep = 1},
    };
    struct tg_table table;
    size_t limits = sweep->other_count;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < sweep->op_count; i++) {
        limits += sweep->ops[i].limit_count;
        for (size_t j = 0; j < sweep->ops[i].limit_count; j++)
            limit_row(&table, sweep, &sweep->ops[i].limits[j], arena);
    }
    for (size_t i = 0; i < sweep->other_count; i++)
        limit_row(&table, sweep, &sweep->others[i], arena);
    if (limits > 0) {
        tg_text_add(view->out, "\n");
        tg_table_render(&table, 0, view->width, view->color, view->out);
    }
    tg_table_free(&table);
}

/* ---- verdict ---- */

static void add_verdict(struct tg_view *view, const struct tg_sweep_view *sweep)
{
    static const struct {
        const char *word;
        const char *meaning;
        enum tg_style style;
    } verdicts[] = {
        [TG_VERDICT_PASS] = {"PASS", "every target met", TG_GREEN},
        [TG_VERDICT_FAIL] = {"FAIL", "the store fell short", TG_RED},
        [TG_VERDICT_INVALID] = {"INVALID", "cannot tell", TG_YELLOW},
    };
    enum tg_verdict verdict = tg_sweep_verdict(sweep);
    size_t sizes = 0;
    for (size_t i = 0; i < sweep->run_count; i++)
        sizes += sweep->runs[i]->verdict == verdict;
    tg_text_add(view->out, "\n");
    if (sizes == 0) { /* no run is at fault but one that is missing */
        tg_view_line(view, TG_YELLOW, "INVALID", "cannot tell: %zu of %zu sizes measured",
                     sweep->run_count, sweep->planned_count);
        return;
    }
    tg_view_line(view, verdicts[verdict].style, verdicts[verdict].word,
                 "%s at %zu of %zu sizes (exit code %d)", verdicts[verdict].meaning, sizes,
                 sweep->run_count, tg_verdict_exit_code(verdict));
}

void tg_report_sweep(const struct tg_sweep_view *sweep, int columns, bool color,
                     struct tg_text *out)
{
    struct tg_arena scratch = {0};
    size_t width = columns <= 0 ? USUAL : (size_t)columns;
    struct tg_view view = {
        .out = out, .width = width < NARROWEST ? NARROWEST : width, .color = color};
    tg_view_line(&view, TG_DIM, "sweep", "%s: %s", sweep->scenario,
                 tg_sweep_sizes_words(sweep, &scratch));
    if (sweep->id)
        tg_view_line(&view, TG_DIM, "id", "%s", sweep->id);
    tg_text_add(out, "\n");
    add_sizes(&view, sweep, &scratch);
    tg_text_add(out, "\n");
    add_growth(&view, sweep, &scratch);
    add_capacity(&view, sweep, &scratch);
    size_t notes;
    const char *const *note = tg_sweep_notes(sweep, &notes, &scratch);
    for (size_t i = 0; i < notes; i++) {
        tg_text_add(out, "\n");
        tg_wrap_add(out, note[i], 0, 0, view.width);
    }
    add_verdict(&view, sweep);
    tg_arena_free(&scratch);
}
