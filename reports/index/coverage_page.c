#include "reports/index/coverage_page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"

/* ---- counts ---- */

static bool is_bad(enum tg_step_kind kind)
{
    return kind == TG_STEP_TABLE_SCAN || kind == TG_STEP_INDEX_SCAN || kind == TG_STEP_AUTO_INDEX;
}

enum tg_step_kind tg_coverage_access(const struct tg_plan *plan)
{
    enum tg_step_kind access = TG_STEP_OTHER;
    for (size_t i = 0; i < plan->step_count; i++) {
        struct tg_plan_step pair[] = {{.kind = access}, {.kind = plan->steps[i].kind}};
        if (plan->steps[i].kind != TG_STEP_TEMP_BTREE)
            access = tg_plan_worst(&(struct tg_plan){.steps = pair, .step_count = 2});
    }
    return access;
}

bool tg_coverage_sorts(const struct tg_plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].kind == TG_STEP_TEMP_BTREE)
            return true;
    }
    return false;
}

struct tg_coverage_counts tg_coverage_counts(const struct tg_coverage *coverage)
{
    struct tg_coverage_counts counts = {.indexes = coverage->index_count};
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_plan *plan = &coverage->statements[i].plan;
        if (plan->step_count == 0)
            continue;
        counts.statements++;
        counts.kinds[tg_coverage_access(plan)]++;
        counts.sorts += tg_coverage_sorts(plan);
    }
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        counts.automatic += index->info.automatic;
        counts.unused += index->users == 0 && !index->info.automatic;
    }
    return counts;
}

static void add_count(struct tg_text *out, size_t count, const char *one, const char *many)
{
    if (count > 0)
        tg_text_addf(out, "; %zu %s", count, count == 1 ? one : many);
}

void tg_coverage_sum(const struct tg_coverage *coverage, struct tg_page *page)
{
    struct tg_coverage_counts counts = tg_coverage_counts(coverage);
    size_t bad = counts.kinds[TG_STEP_TABLE_SCAN] + counts.kinds[TG_STEP_INDEX_SCAN] +
                 counts.kinds[TG_STEP_AUTO_INDEX];
    struct tg_text text = {0};
    if (counts.statements == 0)
        tg_text_add(&text, "No statement has a plan");
    else if (bad == 0)
        tg_text_addf(&text,
                     counts.statements == 1 ? "The %zu statement searches by an index or a key"
                                            : "All %zu statements search by an index or a key",
                     counts.statements);
    else
        tg_text_addf(&text, "%zu of %zu statements search by an index or a key",
                     counts.statements - bad, counts.statements);
    add_count(&text, counts.kinds[TG_STEP_TABLE_SCAN], "scans a table", "scan a table");
    add_count(&text, counts.kinds[TG_STEP_INDEX_SCAN], "walks a whole index", "walk a whole index");
    add_count(&text, counts.kinds[TG_STEP_AUTO_INDEX], "builds an index each time",
              "build an index each time");
    add_count(&text, counts.sorts, "sorts in a temporary B-tree", "sort in a temporary B-tree");
    tg_page_paragraphf(page, "%s.", text.data);
    if (counts.indexes > 0)
        tg_page_paragraphf(page,
                           "%zu index%s, %zu of them automatic (made for constraints); %zu that no "
                           "statement uses.",
                           counts.indexes, tg_plural(counts.indexes, "es"), counts.automatic,
                           counts.unused);
    tg_text_free(&text);
}

/* ---- per query ---- */

static void add_class(struct tg_page_table *table, const struct tg_plan *plan)
{
    enum tg_step_kind access = tg_coverage_access(plan);
    bool sorts = tg_coverage_sorts(plan);
    enum tg_tone tone = access == TG_STEP_TABLE_SCAN || access == TG_STEP_AUTO_INDEX ? TG_TONE_BAD
                        : is_bad(access) || sorts                                    ? TG_TONE_WARN
                                                  : TG_TONE_PLAIN;
    char *text = tg_format("%s%s", plan->step_count > 0 ? tg_step_kind_name(access) : "-",
                           sorts ? ", sort" : "");
    tg_cell_toned(table, tone, text);
    free(text);
}

/* Names of the indexes that a plan uses, each once, or the key. */
static void add_indexes_used(struct tg_page_table *table, const struct tg_plan *plan)
{
    struct tg_text names = {0};
    bool first = true;
    for (size_t i = 0; i < plan->step_count; i++) {
        const char *index = plan->steps[i].index;
        bool seen = !index;
        for (size_t j = 0; j < i && !seen; j++)
            seen = plan->steps[j].index && strcmp(plan->steps[j].index, index) == 0;
        if (seen)
            continue;
        tg_text_add(&names, first ? "" : ", ");
        tg_span_code(table->page, &names, index);
        first = false;
    }
    if (first && tg_coverage_access(plan) == TG_STEP_SEARCH)
        tg_span_text(table->page, &names, "primary key");
    tg_cell(table, tg_text_string(&names));
    tg_text_free(&names);
}

static void add_misses(const struct tg_coverage *coverage, struct tg_page *page)
{
    if (coverage->miss_count == 0)
        return;
    tg_page_paragraphf(page, "Expectations of the scenario that are not met:");
    tg_page_list(page);
    for (size_t i = 0; i < coverage->miss_count; i++) {
        const struct tg_coverage_miss *miss = &coverage->misses[i];
        struct tg_text span = {0};
        tg_span_code(page, &span, miss->owner);
        tg_span_textf(page, &span, " %s", miss->message);
        if (miss->place.path && miss->place.line > 0)
            tg_span_textf(page, &span, " (%s:%d)", miss->place.path, miss->place.line);
        tg_page_item(page, tg_text_string(&span));
        tg_text_free(&span);
    }
    tg_page_list_end(page);
}

void tg_coverage_queries(const struct tg_coverage *coverage, struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "statement", .code = true},
        {.title = "plan"},
        {.title = "index"},
        {.title = "remedy that was planned"},
    };
    struct tg_arena arena = {0};
    struct tg_page_table table;
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *s = &coverage->statements[i];
        bool worth = is_bad(tg_coverage_access(&s->plan)) || tg_coverage_sorts(&s->plan);
        tg_cellf(&table, "%s", tg_coverage_statement_name(coverage, s, &arena));
        add_class(&table, &s->plan);
        add_indexes_used(&table, &s->plan);
        tg_cellf(&table, "%s",
                 s->remedy_count > 0 ? s->remedies[0].what
                 : worth             ? "none found"
                                     : "");
    }
    tg_page_table_end(&table);
    tg_arena_free(&arena);
    add_misses(coverage, page);
}

/* ---- per table ---- */

struct table_sum {
    const char *name;
    size_t indexes, automatic, unused;                       /* of its own */
    size_t searches, index_scans, table_scans, auto_indexes; /* steps of plans */
};

static struct table_sum *sum_of(struct table_sum *sums, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcasecmp(sums[i].name, name) == 0)
            return &sums[i];
    }
    sums[*count] = (struct table_sum){.name = name};
    return &sums[(*count)++];
}

static void add_step(struct table_sum *sum, enum tg_step_kind kind)
{
    sum->searches += kind == TG_STEP_SEARCH || kind == TG_STEP_COVERING_SEARCH;
    sum->index_scans += kind == TG_STEP_INDEX_SCAN;
    sum->table_scans += kind == TG_STEP_TABLE_SCAN;
    sum->auto_indexes += kind == TG_STEP_AUTO_INDEX;
}

static struct table_sum *sum_tables(const struct tg_coverage *coverage, size_t *count)
{
    size_t most = coverage->index_count;
    for (size_t i = 0; i < coverage->statement_count; i++)
        most += coverage->statements[i].plan.step_count;
    struct table_sum *sums = tg_calloc(most + 1, sizeof *sums);
    *count = 0;
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        struct table_sum *sum = sum_of(sums, count, index->info.table);
        sum->indexes++;
        sum->automatic += index->info.automatic;
        sum->unused += index->users == 0 && !index->info.automatic;
    }
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_plan *plan = &coverage->statements[i].plan;
        for (size_t j = 0; j < plan->step_count; j++) {
            if (plan->steps[j].table)
                add_step(sum_of(sums, count, plan->steps[j].table), plan->steps[j].kind);
        }
    }
    return sums;
}

static void count_cell(struct tg_page_table *table, size_t count, enum tg_tone tone)
{
    char *text = tg_format("%zu", count);
    tg_cell_toned(table, count > 0 ? tone : TG_TONE_PLAIN, text);
    free(text);
}

void tg_coverage_tables(const struct tg_coverage *coverage, struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "table", .code = true},      {.title = "indexes", .right = true},
        {.title = "automatic", .right = true}, {.title = "used by no statement", .right = true},
        {.title = "searched", .right = true},  {.title = "index walked", .right = true},
        {.title = "scanned", .right = true},   {.title = "index built", .right = true},
    };
    size_t count;
    struct table_sum *sums = sum_tables(coverage, &count);
    struct tg_page_table table;
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        tg_cellf(&table, "%s", sums[i].name);
        count_cell(&table, sums[i].indexes, TG_TONE_PLAIN);
        count_cell(&table, sums[i].automatic, TG_TONE_PLAIN);
        count_cell(&table, sums[i].unused, TG_TONE_WARN);
        count_cell(&table, sums[i].searches, TG_TONE_PLAIN);
        count_cell(&table, sums[i].index_scans, TG_TONE_WARN);
        count_cell(&table, sums[i].table_scans, TG_TONE_BAD);
        count_cell(&table, sums[i].auto_indexes, TG_TONE_BAD);
    }
    tg_page_table_end(&table);
    free(sums);
}

/* ---- indexes ---- */

static const char *remark_on(const struct tg_coverage_index *index, struct tg_arena *arena)
{
    const struct tg_index_info *info = &index->info;
    const char *trial = index->trial == TG_INDEX_SPARE    ? "; can go"
                        : index->trial == TG_INDEX_NEEDED ? "; a plan needs it"
                                                          : "";
    if (index->duplicate_of)
        return tg_arena_format(arena, "%s %s%s", index->longer ? "the beginning of" : "repeats",
                               index->duplicate_of, trial);
    if (info->repeats_key)
        return tg_arena_format(arena, "repeats the key of the table%s", trial);
    if (info->automatic)
        return "made for a constraint";
    if (index->users == 0 && info->unique)
        return "used by no statement; enforces uniqueness";
    if (index->users == 0 && info->foreign_key)
        return tg_arena_format(arena, "used by no statement; serves %s", info->foreign_key);
    return index->users == 0 ? tg_arena_format(arena, "used by no statement%s", trial) : "";
}

void tg_coverage_indexes(const struct tg_coverage *coverage, struct tg_page *page)
{
    static const struct tg_page_column columns[] = {
        {.title = "table", .code = true},
        {.title = "index", .code = true},
        {.title = "columns", .code = true},
        {.title = "only where", .code = true},
        {.title = "unique"},
        {.title = "users", .right = true},
        {.title = "remark"},
    };
    struct tg_arena arena = {0};
    struct tg_page_table table;
    tg_page_table(page, &table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        const char *remark = remark_on(index, &arena);
        bool first = i == 0 || strcmp(index[-1].info.table, index->info.table) != 0;
        tg_cellf(&table, "%s", first ? index->info.table : "");
        tg_cellf(&table, "%s", index->info.name);
        tg_cellf(&table, "%s", index->info.columns);
        tg_cellf(&table, "%s", index->info.where ? index->info.where : "");
        tg_cellf(&table, "%s", index->info.unique ? "yes" : "");
        tg_cellf(&table, "%zu", index->users);
        tg_cell_toned(&table, *remark && !index->info.automatic ? TG_TONE_WARN : TG_TONE_PLAIN,
                      remark);
    }
    tg_page_table_end(&table);
    tg_arena_free(&arena);
}

/* ---- plans in full ---- */

/* Steps below each other, indented by what they are part of. Bounded, as a stored document may hold
 * a loop. */
static size_t depth_of(const struct tg_plan *plan, size_t step)
{
    size_t depth = 0;
    int parent = plan->steps[step].parent;
    while (parent != 0 && depth < plan->step_count) {
        size_t at = 0;
        while (at < plan->step_count && plan->steps[at].id != parent)
            at++;
        if (at == plan->step_count)
            break;
        parent = plan->steps[at].parent;
        depth++;
    }
    return depth;
}

static void add_plan(const struct tg_plan *plan, struct tg_page *page)
{
    struct tg_text text = {0};
    for (size_t i = 0; i < plan->step_count; i++) {
        tg_text_pad(&text, ' ', 2 * depth_of(plan, i));
        tg_text_addf(&text, "%s\n", plan->steps[i].detail);
    }
    if (text.length > 0)
        tg_page_block(page, "text", text.data);
    tg_text_free(&text);
}

void tg_coverage_plans(const struct tg_coverage *coverage, struct tg_page *page)
{
    struct tg_arena arena = {0};
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *s = &coverage->statements[i];
        tg_page_section(page, 3, tg_coverage_statement_name(coverage, s, &arena));
        tg_page_block(page, "sql", s->sql);
        add_plan(&s->plan, page);
        if (s->plan.step_count == 0)
            tg_page_paragraphf(page, "No plan: it reads no table.");
        for (size_t j = 0; j < s->remedy_count; j++) {
            tg_page_paragraphf(page, "Remedy, planned again: %s.", s->remedies[j].what);
            tg_page_block(page, "sql", s->remedies[j].sql);
            add_plan(&s->remedies[j].plan, page);
        }
    }
    tg_arena_free(&arena);
}
