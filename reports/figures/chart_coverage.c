/* Charts of plans and indexes. */
#include <string.h>

#include "common/text.h"
#include "reports/figures/chart_data.h"
#include "reports/figures/chart_make.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

struct tg_chart *tg_chart_plans(const struct tg_coverage *coverage, const char *source,
                                struct tg_arena *arena)
{
    static const struct {
        enum tg_step_kind kind;
        bool bad;
    } kinds[] = {
        {TG_STEP_SEARCH, false},     {TG_STEP_COVERING_SEARCH, false}, {TG_STEP_TEMP_BTREE, false},
        {TG_STEP_INDEX_SCAN, false}, {TG_STEP_AUTO_INDEX, true},       {TG_STEP_TABLE_SCAN, true},
    };
    double counts[TG_STEP_TEMP_BTREE + 1] = {0};
    size_t planned = 0;
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_plan *plan = &coverage->statements[i].plan;
        if (plan->step_count == 0)
            continue;
        planned++;
        counts[tg_plan_worst(plan)]++;
    }
    if (planned == 0)
        return NULL;
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_BARS, "plans", NULL, source);
    const char **names = tg_arena_array(arena, COUNT(kinds) + 1, sizeof *names);
    double *values = tg_chart_numbers(arena, COUNT(kinds) + 1);
    bool *bad = tg_arena_array(arena, COUNT(kinds) + 1, sizeof *bad);
    size_t count = COUNT(kinds);
    for (size_t i = 0; i < count; i++) {
        names[i] = tg_step_kind_name(kinds[i].kind);
        values[i] = counts[kinds[i].kind];
        bad[i] = kinds[i].bad && values[i] > 0;
    }
    if (counts[TG_STEP_OTHER] > 0) {
        names[count] = tg_step_kind_name(TG_STEP_OTHER);
        values[count++] = counts[TG_STEP_OTHER];
    }
    struct tg_chart_series *series = tg_arena_alloc(arena, sizeof *series);
    *series =
        (struct tg_chart_series){.name = "statements", .count = count, .y = values, .bad = bad};
    chart->title = tg_arena_format(arena, "The costliest step of each of %zu plan%s", planned,
                                   tg_plural(planned, "s"));
    chart->y = (struct tg_chart_axis){"statements", TG_CHART_COUNT, false};
    tg_chart_set_categories(chart, names, count);
    tg_chart_set_series(chart, series, 1);
    return chart;
}

struct table {
    const char *name;
    size_t indexes, unused;
};

static struct table *table_of(const char *name, struct table *tables, size_t *count)
{
    size_t at = 0;
    while (at < *count && strcmp(tables[at].name, name) != 0)
        at++;
    if (at == *count)
        tables[(*count)++].name = name;
    return &tables[at];
}

struct tg_chart *tg_chart_indexes(const struct tg_coverage *coverage, const char *source,
                                  struct tg_arena *arena)
{
    if (coverage->index_count == 0)
        return NULL;
    struct table *tables = tg_arena_array(arena, coverage->index_count, sizeof *tables);
    size_t count = 0;
    size_t unused = 0;
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        struct table *table = table_of(index->info.table, tables, &count);
        bool idle = index->users == 0 && !index->info.automatic; /* else it keeps a constraint */
        table->indexes++;
        table->unused += idle;
        unused += idle;
    }
    const char **names = tg_arena_array(arena, count, sizeof *names);
    double *values = tg_chart_numbers(arena, count);
    bool *bad = tg_arena_array(arena, count, sizeof *bad);
    for (size_t i = 0; i < count; i++) {
        bad[i] = tables[i].unused > 0;
        names[i] = bad[i]
                       ? tg_arena_format(arena, "%s (%zu unused)", tables[i].name, tables[i].unused)
                       : tables[i].name;
        values[i] = (double)tables[i].indexes;
    }
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_BARS, "indexes", NULL, source);
    struct tg_chart_series *series = tg_arena_alloc(arena, sizeof *series);
    *series = (struct tg_chart_series){.name = "indexes", .count = count, .y = values, .bad = bad};
    chart->title = tg_arena_format(arena, "%zu index%s by table, %zu unused", coverage->index_count,
                                   tg_plural(coverage->index_count, "es"), unused);
    chart->y = (struct tg_chart_axis){"indexes", TG_CHART_COUNT, false};
    tg_chart_set_categories(chart, names, count);
    tg_chart_set_series(chart, series, 1);
    return chart;
}
