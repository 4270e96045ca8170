/* Index coverage, the plans and the indexes in full. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/index/plan_text.h"
#include "reports/layout/markup.h"
#include "reports/milestone/facts.h"
#include "reports/milestone/validation.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void add_count(struct tg_text *line, size_t count, const char *what, const char *whats)
{
    if (count > 0)
        tg_text_addf(line, "%s%zu %s", line->length ? ", " : "", count, count == 1 ? what : whats);
}

/* "table scan, sort" */
static void add_class(const struct tg_plan *plan, struct tg_text *out)
{
    tg_text_addf(out, "%s%s", tg_step_kind_name(tg_plan_access(plan)),
                 tg_plan_sorts(plan) ? ", sort" : "");
}

/* ---- the section ---- */

static void add_counts(const struct tg_coverage *coverage, struct tg_text *out)
{
    struct tg_plan_counts counts = tg_count_plans(coverage);
    struct tg_text line = {0};
    char share[TG_UNIT_TEXT];
    add_count(&line, counts.table_scans, "scans a table", "scan a table");
    add_count(&line, counts.automatic, "needs an automatic index", "need an automatic index");
    add_count(&line, counts.index_scans, "scans a whole index", "scan a whole index");
    if (counts.tableless > 0)
        tg_text_addf(&line, "%s%zu more read%s no table", line.length ? "; " : "", counts.tableless,
                     counts.tableless == 1 ? "s" : "");
    tg_text_addf(out, "**%zu of %zu statement%s (%s) reach%s rows by an index or a key**",
                 counts.by_search, counts.planned, tg_plural(counts.planned, "s"),
                 tg_format_percent((double)counts.by_search / (double)counts.planned, share),
                 counts.planned == 1 ? "es its" : " their");
    tg_text_addf(out, "%s%s. ", line.length ? "; " : "", tg_text_string(&line));
    tg_text_clear(&line);
    add_count(&line, counts.sorts, "statement sorts", "statements sort");
    tg_text_addf(out, "%s in a temporary B-tree. ",
                 counts.sorts > 0 ? tg_text_string(&line) : "None sorts");
    if (counts.indexes > 0)
        tg_text_addf(out, "%zu index%s on %zu table%s", counts.indexes,
                     tg_plural(counts.indexes, "es"), counts.tables, tg_plural(counts.tables, "s"));
    if (counts.indexes > 0 && counts.unused == 0)
        tg_text_add(out, ", each used by a statement or a constraint.");
    else if (counts.indexes > 0)
        tg_text_addf(out, ", %zu of them used by no statement.", counts.unused);
    tg_text_add(out, "\n\n");
    tg_text_free(&line);
}

/* Indexes of one table follow each other. Returns the first one of the next table. */
static size_t inventory_row(struct tg_grid *grid, const struct tg_coverage *coverage, size_t first)
{
    const char *table = coverage->indexes[first].info.table;
    struct tg_text unused = {0};
    size_t used = 0, partial = 0, automatic = 0;
    size_t i = first;
    for (; i < coverage->index_count && strcmp(coverage->indexes[i].info.table, table) == 0; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        used += index->users > 0;
        partial += index->info.where != NULL;
        automatic += index->info.automatic;
        if (index->users > 0 || index->info.automatic)
            continue;
        tg_text_add(&unused, unused.length ? ", " : "");
        tg_markdown_code(&unused, index->info.name);
    }
    tg_grid_code(grid, table);
    tg_grid_cellf(grid, "%zu", i - first);
    tg_grid_cellf(grid, "%zu", used);
    tg_grid_cellf(grid, "%zu", partial);
    tg_grid_cellf(grid, "%zu", automatic);
    tg_text_add(tg_grid_next(grid), unused.length ? unused.data : "none");
    tg_text_free(&unused);
    return i;
}

static void add_inventory(const struct tg_coverage *coverage, struct tg_text *out)
{
    static const struct tg_grid_column columns[] = {
        {"Table", false, NULL},
        {"Indexes", true, NULL},
        {"Used", true, NULL},
        {"Partial", true, "partial indexes"},
        {"Of constraints", true, "indexes of constraints"},
        {"Used by no statement", false, "used by no statement:"},
    };
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < coverage->index_count;)
        i = inventory_row(&grid, coverage, i);
    tg_grid_end(&grid, out);
}

static bool is_worth_a_look(const struct tg_plan *plan)
{
    enum tg_step_kind access = tg_plan_access(plan);
    return access == TG_STEP_TABLE_SCAN || access == TG_STEP_INDEX_SCAN ||
           access == TG_STEP_AUTO_INDEX || tg_plan_sorts(plan);
}

static void add_bad_plans(const struct tg_coverage *coverage, struct tg_text *out)
{
    static const struct tg_grid_column columns[] = {
        {"Statement", false, NULL},
        {"Plan", false, NULL},
        {"Remedy that was planned again", false, "remedy that was planned again:"},
    };
    struct tg_grid grid;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *statement = &coverage->statements[i];
        if (!is_worth_a_look(&statement->plan))
            continue;
        struct tg_arena scratch = {0};
        tg_grid_code(&grid, tg_coverage_statement_name(coverage, statement, &scratch));
        tg_arena_free(&scratch);
        add_class(&statement->plan, tg_grid_next(&grid));
        tg_grid_cellf(&grid, "%s",
                      statement->remedy_count > 0 ? statement->remedies[0].what : "none known");
    }
    tg_grid_end(&grid, out);
}

static void add_misses(const struct tg_coverage *coverage, struct tg_text *out)
{
    for (size_t i = 0; i < coverage->miss_count; i++) {
        const struct tg_coverage_miss *miss = &coverage->misses[i];
        tg_text_add(out, "- ❌ Expectation missed: ");
        tg_markdown_code(out, miss->owner);
        tg_text_add(out, " ");
        tg_markdown_text(out, miss->message);
        if (miss->place.path && miss->place.line > 0) {
            char *place = tg_format("%s:%d", miss->place.path, miss->place.line);
            tg_text_add(out, " (");
            tg_markdown_code(out, place);
            tg_text_add(out, ")");
            free(place);
        }
        tg_text_add(out, "\n");
    }
    if (coverage->miss_count > 0)
        tg_text_add(out, "\n");
}

static bool has_any_plan(const struct tg_coverage *coverage)
{
    for (size_t i = 0; i < coverage->statement_count; i++)
        if (coverage->statements[i].plan.step_count > 0)
            return true;
    return false;
}

bool tg_show_plan_counts(const struct tg_result *result, struct tg_text *out)
{
    if (!result->has_coverage || tg_count_plans(&result->coverage).planned == 0)
        return false;
    add_counts(&result->coverage, out);
    return true;
}

static bool show_coverage(const struct tg_result *result, struct tg_text *out)
{
    if (!tg_show_plan_counts(result, out))
        return false;
    add_misses(&result->coverage, out);
    add_bad_plans(&result->coverage, out);
    add_inventory(&result->coverage, out);
    return true;
}

void tg_add_index_coverage(struct tg_document *document)
{
    tg_document_section(document, 2, "Index coverage");
    if (tg_document_per_run(document, show_coverage))
        tg_text_add(document->out, "Every plan is in [appendix A](#appendix-a-query-plans), every "
                                   "index in [appendix B](#appendix-b-indexes).\n\n");
    else
        tg_document_sayf(document, "No run looked at query plans.");
}

/* ---- the appendices ---- */

static void add_plan_block(const struct tg_plan *plan, struct tg_text *out)
{
    struct tg_text steps = {0};
    for (size_t i = 0; i < plan->step_count; i++) {
        tg_text_pad(&steps, ' ', 2 * tg_plan_step_depth(plan, &plan->steps[i]));
        tg_text_addf(&steps, "%s\n", plan->steps[i].detail);
    }
    tg_markdown_block(out, "text", tg_text_string(&steps));
    tg_text_add(out, "\n");
    tg_text_free(&steps);
}

static void add_statement(const struct tg_coverage *coverage,
                          const struct tg_coverage_statement *statement, struct tg_text *out)
{
    struct tg_arena scratch = {0};
    tg_text_add(out, "#### ");
    tg_markdown_code(out, tg_coverage_statement_name(coverage, statement, &scratch));
    tg_arena_free(&scratch);
    tg_text_add(out, ": ");
    add_class(&statement->plan, out);
    tg_text_addf(out, "%s\n\n", statement->query ? " (planned, not run)" : "");
    tg_markdown_block(out, "sql", statement->sql + strspn(statement->sql, "\n"));
    tg_text_add(out, "\n");
    add_plan_block(&statement->plan, out);
    for (size_t i = 0; i < statement->remedy_count; i++) {
        const struct tg_remedy *remedy = &statement->remedies[i];
        tg_text_add(out, "Remedy, planned again: ");
        tg_markdown_text(out, remedy->what);
        tg_text_add(out, "\n\n");
        tg_markdown_block(out, "sql", remedy->sql);
        tg_text_add(out, "\n");
        add_plan_block(&remedy->plan, out);
    }
}

static bool show_plans(const struct tg_result *result, struct tg_text *out)
{
    const struct tg_coverage *coverage = &result->coverage;
    size_t length = out->length;
    for (size_t i = 0; result->has_coverage && i < coverage->statement_count; i++)
        if (coverage->statements[i].plan.step_count > 0)
            add_statement(coverage, &coverage->statements[i], out);
    return out->length > length;
}

/* That nothing is known stands in the report itself; no appendix repeats it. */
static bool has_plans(const struct tg_milestone *milestone)
{
    for (size_t i = 0; i < milestone->run_count; i++)
        if (milestone->runs[i].result->has_coverage &&
            has_any_plan(&milestone->runs[i].result->coverage))
            return true;
    return false;
}

void tg_add_plan_appendix(struct tg_document *document)
{
    if (!has_plans(document->milestone))
        return;
    tg_document_section(document, 2, "Appendix A: query plans");
    tg_document_per_run(document, show_plans);
}

static bool show_indexes(const struct tg_result *result, struct tg_text *out)
{
    static const struct tg_grid_column columns[] = {
        {"Table", false, "table"}, {"Index", false, NULL},
        {"Columns", false, NULL},  {"Only where", false, NULL},
        {"Kind", false, "kind"},   {"Statements that use it", true, NULL},
    };
    const struct tg_coverage *coverage = &result->coverage;
    struct tg_grid grid;
    if (!result->has_coverage || coverage->index_count == 0)
        return false;
    tg_grid_begin(&grid, columns, COUNT(columns));
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_index_info *info = &coverage->indexes[i].info;
        tg_grid_code(&grid, info->table);
        tg_grid_code(&grid, info->name);
        tg_grid_code(&grid, info->columns);
        tg_grid_code(&grid, info->where);
        tg_grid_cellf(&grid, "%s",
                      info->automatic ? "of a constraint"
                      : info->unique  ? "unique"
                                      : "plain");
        tg_grid_cellf(&grid, "%zu", coverage->indexes[i].users);
    }
    tg_grid_end(&grid, out);
    return true;
}

void tg_add_index_appendix(struct tg_document *document)
{
    if (!has_plans(document->milestone))
        return;
    tg_document_section(document, 2, "Appendix B: indexes");
    if (!tg_document_per_run(document, show_indexes))
        tg_document_sayf(document, "The store has no index.");
}
