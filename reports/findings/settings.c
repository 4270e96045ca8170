/* Settings that are not what the scenario asked for. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "reports/findings/list.h"

/* Stores read back in their own words (NORMAL as 1): the engine knows what is the same. */
static bool same(const struct tg_engine *engine, const struct tg_setting_state *setting)
{
    if (engine && engine->same_setting)
        return engine->same_setting(setting->name, setting->requested, setting->actual);
    return strcasecmp(setting->requested, setting->actual) == 0;
}

void tg_find_in_settings(struct tg_finding_list *list, const struct tg_result *result)
{
    const struct tg_engine *engine =
        result->engine_kind ? tg_engine_find(result->engine_kind) : NULL;
    for (size_t i = 0; i < result->setting_count; i++) {
        const struct tg_setting_state *setting = &result->settings[i];
        if (!setting->requested || (setting->actual && same(engine, setting)))
            continue;
        struct tg_finding *finding = tg_finding_add(list, TG_FINDING_HIGH, "setting-differs");
        finding->where = tg_arena_format(list->arena, "setting %s", setting->name);
        finding->title =
            tg_arena_format(list->arena, "%s is not what the scenario asks for", setting->name);
        finding->evidence = setting->actual
                                ? tg_arena_format(list->arena, "asked for %s, read back %s",
                                                  setting->requested, setting->actual)
                                : tg_arena_format(list->arena, "asked for %s, cannot be read back",
                                                  setting->requested);
        finding->remedy = "correct the scenario or the build of the store, and measure again: the "
                          "figures belong to another configuration";
    }
}
