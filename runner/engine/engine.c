#include "runner/engine/engine.h"

#include <string.h>

#include "runner/engine/registry.h"

static const struct tg_engine *const ENGINES[] = {
    &tg_engine_sqlite,
    &tg_engine_noop,
};

enum { ENGINE_COUNT = sizeof ENGINES / sizeof ENGINES[0] };

const struct tg_engine *tg_engine_find(const char *kind)
{
    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        if (strcmp(ENGINES[i]->kind, kind) == 0)
            return ENGINES[i];
    }
    return NULL;
}

const struct tg_engine *const *tg_engines(size_t *count)
{
    *count = ENGINE_COUNT;
    return ENGINES;
}
