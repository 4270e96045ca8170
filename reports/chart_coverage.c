/* Charts of plans and indexes. */
#include <string.h>

#include "reports/chart_data.h"
#include "reports/chart_make.h"

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
                                   planned == 1 ? "" : "s");
    chart->y = (struct tg_chart_axis){"statements", TG_CHART_COUNT, false};
    tg_chart_set_categories(chart, names, count);
    tg_chart_set_series(chart, series, 1);
    return chart;
}

/* Number of the table in `tables`, which grows by it when it is new. */
static size_t table_number(const char *table, const char **tables, size_t *count)
{
    size_t at = 0;
    while (at < *count && strcmp(tables[at], table) != 0)
        at++;
    if (at == *count)
        tables[(*count)++] = table;
    return at;
}

struct tg_chart *tg_chart_indexes(const struct tg_coverage *coverage, const char *source,
                                  struct tg_arena *arena)
{
    enum { USED, FOR_A_CONSTRAINT, UNUSED, GROUPS };
    static const char *const names[] = {"used by a statement", "of a constraint alone",
                                        "used by none"};
    if (coverage->index_count == 0)
        return NULL;
    const char **tables = tg_arena_array(arena, coverage->index_count, sizeof *tables);
    double *counts[GROUPS];
    bool *bad = tg_arena_array(arena, coverage->index_count, sizeof *bad);
    size_t table_count = 0;
    bool any[GROUPS] = {[USED] = true, [UNUSED] = true};
    for (size_t i = 0; i < GROUPS; i++)
        counts[i] = tg_arena_array(arena, coverage->index_count, sizeof **counts);
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        size_t table = table_number(index->info.table, tables, &table_count);
        size_t group = index->users > 0 ? USED : index->info.automatic ? FOR_A_CONSTRAINT : UNUSED;
        counts[group][table]++;
        any[group] = true;
        bad[table] |= group == UNUSED;
    }
    struct tg_chart *chart = tg_chart_new(arena, TG_CHART_BARS, "indexes", NULL, source);
    struct tg_chart_series *series = tg_arena_array(arena, GROUPS, sizeof *series);
    size_t series_count = 0;
    for (size_t i = 0; i < GROUPS; i++)
        if (any[i])
            series[series_count++] = (struct tg_chart_series){.name = names[i],
                                                              .count = table_count,
                                                              .y = counts[i],
                                                              .bad = i == UNUSED ? bad : NULL};
    chart->title = tg_arena_format(arena, "%zu index%s by table", coverage->index_count,
                                   coverage->index_count == 1 ? "" : "es");
    chart->y = (struct tg_chart_axis){"indexes", TG_CHART_COUNT, false};
    tg_chart_set_categories(chart, tables, table_count);
    tg_chart_set_series(chart, series, series_count);
    return chart;
}
