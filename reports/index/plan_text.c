#include "reports/index/plan_text.h"

#include <stdlib.h>
#include <string.h>

#include "reports/layout/text_table.h"

enum { USUAL_WIDTH = 80, NARROWEST_REPORT = 40 };

struct view {
    const struct tg_coverage *coverage;
    struct tg_text *out;
    size_t width;
    bool color;
};

static bool is_bad(enum tg_step_kind kind)
{
    return kind == TG_STEP_TABLE_SCAN || kind == TG_STEP_INDEX_SCAN || kind == TG_STEP_AUTO_INDEX ||
           kind == TG_STEP_TEMP_BTREE;
}

static enum tg_style style_of(enum tg_step_kind kind)
{
    if (!is_bad(kind))
        return TG_PLAIN;
    return kind == TG_STEP_TABLE_SCAN || kind == TG_STEP_AUTO_INDEX ? TG_RED : TG_YELLOW;
}

static void add_title(struct view *view, const char *title)
{
    tg_text_add(view->out, "\n");
    tg_style_add(view->out, TG_BOLD, view->color, title);
    tg_text_add(view->out, "\n");
}

/* ---- all plans ---- */

/* The worst way in which the plan reaches rows, and whether it sorts: "table scan, sort". */
static void add_class(struct tg_table *table, const struct tg_plan *plan)
{
    enum tg_step_kind access = TG_STEP_OTHER;
    bool sorts = false;
    for (size_t i = 0; i < plan->step_count; i++) {
        struct tg_plan_step pair[] = {{.kind = access}, {.kind = plan->steps[i].kind}};
        if (plan->steps[i].kind == TG_STEP_TEMP_BTREE)
            sorts = true;
        else
            access = tg_plan_worst(&(struct tg_plan){.steps = pair, .step_count = 2});
    }
    enum tg_style style = style_of(sorts && !is_bad(access) ? TG_STEP_TEMP_BTREE : access);
    tg_table_cellf(table, style, "%s%s", plan->step_count > 0 ? tg_step_kind_name(access) : "-",
                   sorts ? ", sort" : "");
}

/* Names of the indexes that a plan uses, each once. */
static void add_indexes_used(const struct tg_plan *plan, struct tg_text *names)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const char *index = plan->steps[i].index;
        bool seen = !index;
        for (size_t j = 0; j < i && !seen; j++)
            seen = plan->steps[j].index && strcmp(plan->steps[j].index, index) == 0;
        if (!seen)
            tg_text_addf(names, "%s%s", names->length > 0 ? ", " : "", index);
    }
}

static void add_plan_row(struct view *view, struct tg_table *table,
                         const struct tg_coverage_statement *s)
{
    struct tg_text names = {0};
    struct tg_arena arena = {0};
    const char *name = tg_coverage_statement_name(view->coverage, s, &arena);
    add_indexes_used(&s->plan, &names);
    bool by_key = names.length == 0 && tg_plan_worst(&s->plan) == TG_STEP_SEARCH;
    tg_table_cell(table, name);
    add_class(table, &s->plan);
    tg_table_cell(table, by_key ? "primary key" : tg_text_string(&names));
    tg_text_free(&names);
    tg_arena_free(&arena);
}

static void add_plans(struct view *view)
{
    static const struct tg_table_column columns[] = {
        {.title = "statement"},
        {.title = "plan"},
        {.title = "index", .may_shorten = true},
    };
    const struct tg_coverage *coverage = view->coverage;
    struct tg_table table;
    if (coverage->statement_count == 0)
        return;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < coverage->statement_count; i++)
        add_plan_row(view, &table, &coverage->statements[i]);
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* ---- plans to look at ---- */

/* SQL in several lines stays as it was written: a comment ends with its line. */
static void add_sql(struct view *view, const char *sql, size_t indent)
{
    if (!strchr(sql, '\n')) {
        tg_text_pad(view->out, ' ', indent);
        tg_wrap_add(view->out, sql, indent, indent + 2, view->width);
        return;
    }
    while (*sql) {
        size_t length = strcspn(sql, "\n");
        char *line = tg_format("%.*s", (int)length, sql);
        tg_text_pad(view->out, ' ', indent);
        tg_style_add(view->out, TG_PLAIN, view->color, line);
        tg_text_add(view->out, "\n");
        free(line);
        sql += length + (sql[length] == '\n');
    }
}

size_t tg_plan_step_depth(const struct tg_plan *plan, const struct tg_plan_step *step)
{
    size_t depth = 0;
    int parent = step->parent;
    /* bounded by the number of steps: a stored document may hold a loop */
    for (size_t i = 0; parent != 0 && i < plan->step_count && depth < plan->step_count; i++) {
        if (plan->steps[i].id != parent)
            continue;
        depth++;
        parent = plan->steps[i].parent;
        i = (size_t)-1;
    }
    return depth;
}

static void add_steps(struct view *view, const struct tg_plan *plan, size_t indent)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct tg_plan_step *step = &plan->steps[i];
        size_t at = indent + 2 * tg_plan_step_depth(plan, step);
        tg_text_pad(view->out, ' ', at);
        if (at + tg_text_width(step->detail) > view->width) {
            tg_wrap_add(view->out, step->detail, at, at + 4, view->width);
        } else {
            tg_style_add(view->out, style_of(step->kind), view->color, step->detail);
            tg_text_add(view->out, "\n");
        }
    }
}

static void add_remedies(struct view *view, const struct tg_coverage_statement *s)
{
    for (size_t i = 0; i < s->remedy_count; i++) {
        const struct tg_remedy *remedy = &s->remedies[i];
        tg_text_add(view->out, "  ");
        tg_style_add(view->out, TG_GREEN, view->color, "remedy");
        tg_text_add(view->out, " ");
        tg_wrap_add(view->out, remedy->what, 9, 4, view->width);
        add_sql(view, remedy->sql, 4);
        add_steps(view, &remedy->plan, 6);
    }
}

static void add_bad_plan(struct view *view, const struct tg_coverage_statement *s)
{
    struct tg_arena arena = {0};
    const char *name = tg_coverage_statement_name(view->coverage, s, &arena);
    tg_text_add(view->out, "\n");
    tg_style_add(view->out, TG_BOLD, view->color, name);
    tg_text_add(view->out, "\n");
    add_sql(view, s->sql, 2);
    add_steps(view, &s->plan, 4);
    add_remedies(view, s);
    tg_arena_free(&arena);
}

static void add_bad_plans(struct view *view)
{
    const struct tg_coverage *coverage = view->coverage;
    size_t bad = 0, remedies = 0;
    for (size_t i = 0; i < coverage->statement_count; i++) {
        bad += is_bad(tg_plan_worst(&coverage->statements[i].plan));
        remedies += coverage->statements[i].remedy_count;
    }
    if (bad == 0)
        return;
    add_title(view, "Plans that scan, sort, or build an index");
    if (remedies > 0)
        tg_wrap_add(view->out,
                    "Each remedy was planned again and its plan is shown; none is applied.", 0, 0,
                    view->width);
    for (size_t i = 0; i < coverage->statement_count; i++) {
        if (is_bad(tg_plan_worst(&coverage->statements[i].plan)))
            add_bad_plan(view, &coverage->statements[i]);
    }
}

/* ---- indexes ---- */

static void add_index_row(struct tg_table *table, const struct tg_coverage_index *index)
{
    const struct tg_index_info *info = &index->info;
    tg_table_cellf(table, TG_PLAIN, "  %s", info->name);
    if (index->users > 0 || info->automatic)
        tg_table_cellf(table, TG_PLAIN, "%zu", index->users);
    else
        tg_table_cellf(table, TG_YELLOW, "%s", "none");
    tg_table_cellf(table, TG_PLAIN, "%s%s%s%s", info->unique ? "unique: " : "", info->columns,
                   info->where ? " WHERE " : "", info->where ? info->where : "");
}

static void add_indexes(struct view *view)
{
    static const struct tg_table_column columns[] = {
        {.title = "table and index"},
        {.title = "users", .right = true},
        {.title = "columns", .may_shorten = true},
    };
    const struct tg_coverage *coverage = view->coverage;
    if (coverage->index_count == 0)
        return;
    size_t automatic = 0;
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        automatic += index->info.automatic;
        if (i == 0 || strcmp(index->info.table, index[-1].info.table) != 0) {
            tg_table_cellf(&table, TG_BOLD, "%s", index->info.table);
            tg_table_cell(&table, "");
            tg_table_cell(&table, "");
        }
        add_index_row(&table, index);
    }
    char *title = tg_format("Indexes: %zu, %zu of them automatic (for constraints)",
                            coverage->index_count, automatic);
    add_title(view, title);
    free(title);
    tg_text_add(view->out, "\n");
    tg_table_render(&table, 0, view->width, view->color, view->out);
    tg_table_free(&table);
}

/* An automatic index enforces a constraint whether a query uses it or not; so does a unique one,
 * which is marked. */
static void add_unused(struct view *view)
{
    const struct tg_coverage *coverage = view->coverage;
    struct tg_text names = {0};
    size_t count = 0;
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        if (index->users > 0 || index->info.automatic)
            continue;
        tg_text_addf(&names, "%s%s%s", count > 0 ? ", " : "", index->info.name,
                     index->info.unique ? " (unique)" : "");
        count++;
    }
    if (count > 0) {
        char *line = tg_format("No statement of the scenario uses %zu of them: %s", count,
                               tg_text_string(&names));
        tg_text_add(view->out, "\n");
        tg_wrap_add(view->out, line, 0, 2, view->width);
        free(line);
    }
    tg_text_free(&names);
}

/* ---- expectations ---- */

static void add_misses(struct view *view)
{
    const struct tg_coverage *coverage = view->coverage;
    if (coverage->miss_count == 0)
        return;
    add_title(view, "Expectations missed");
    for (size_t i = 0; i < coverage->miss_count; i++) {
        const struct tg_coverage_miss *miss = &coverage->misses[i];
        char *line = miss->place.path && miss->place.line > 0
                         ? tg_format("%s:%d:%d: %s: %s", miss->place.path, miss->place.line,
                                     miss->place.column, miss->owner, miss->message)
                         : tg_format("%s: %s", miss->owner, miss->message);
        tg_text_add(view->out, "  ");
        tg_wrap_add(view->out, line, 2, 4, view->width);
        free(line);
    }
}

void tg_report_plan(const struct tg_coverage *coverage, int columns, bool color,
                    struct tg_text *out)
{
    size_t width = columns <= 0 ? USUAL_WIDTH : (size_t)columns;
    struct view view = {
        .coverage = coverage,
        .out = out,
        .width = width < NARROWEST_REPORT ? NARROWEST_REPORT : width,
        .color = color,
    };
    add_plans(&view);
    add_bad_plans(&view);
    add_indexes(&view);
    add_unused(&view);
    add_misses(&view);
}
