/* Indexes that cost every write and help no query. */
#include <stdlib.h>
#include <string.h>

#include "reports/findings/list.h"

static void find_unused(struct tg_finding_list *list, const struct tg_index_info *info)
{
    struct tg_finding *finding =
        tg_finding_add(list, info->unique ? TG_FINDING_INFO : TG_FINDING_LOW, "unused-index");
    finding->where = tg_arena_format(list->arena, "%s on %s", info->name, info->table);
    finding->title =
        tg_arena_format(list->arena, "no statement of the scenario uses the index %s", info->name);
    finding->evidence = tg_arena_format(list->arena, "%s%s (%s)%s%s", info->unique ? "unique " : "",
                                        info->table, info->columns, info->where ? " WHERE " : "",
                                        info->where ? info->where : "");
    finding->remedy = info->unique ? "keep it where the uniqueness that it enforces is needed"
                                   : "remove it, if nothing outside of the scenario needs it";
}

void tg_find_in_indexes(struct tg_finding_list *list, const struct tg_coverage *coverage)
{
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        if (index->users == 0 && !index->info.automatic)
            find_unused(list, &index->info);
    }
}
