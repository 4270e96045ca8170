/* What the sizes of a sweep have to say, each thing once. */
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/findings/list.h"

/* What is said of several sizes in the same words says which one it is about. */
static const char *where_of(const struct tg_findings *findings, size_t number,
                            const struct tg_sweep_view *sweep, struct tg_arena *arena)
{
    const struct tg_finding *finding = &findings->items[number];
    char rows[TG_UNIT_TEXT];
    bool again = false;
    for (size_t i = 0; i < findings->count && !again; i++)
        again = i != number && strcmp(findings->items[i].title, finding->title) == 0 &&
                strcmp(findings->items[i].where, finding->where) == 0;
    for (size_t i = 0; i < sweep->run_count && again; i++)
        if (sweep->runs[i]->id && strcmp(sweep->runs[i]->id, finding->source) == 0)
            return tg_arena_format(arena, "%s, %s rows", finding->where,
                                   tg_format_count((int64_t)sweep->runs[i]->sweep.rows, rows));
    return finding->where;
}

struct tg_findings tg_findings_of_sweep(const struct tg_sweep_view *sweep,
                                        const struct tg_finding_limits *limits,
                                        struct tg_arena *arena)
{
    struct tg_findings *lists = tg_arena_array(arena, sweep->run_count, sizeof *lists);
    for (size_t i = 0; i < sweep->run_count; i++)
        lists[i] = tg_findings_of_result(sweep->runs[i], limits, arena);
    struct tg_findings joined = tg_findings_join(lists, sweep->run_count, arena);
    const char **where = tg_arena_array(arena, joined.count, sizeof *where);
    for (size_t i = 0; i < joined.count; i++)
        where[i] = where_of(&joined, i, sweep, arena);
    for (size_t i = 0; i < joined.count; i++)
        joined.items[i].where = where[i];
    return joined;
}
