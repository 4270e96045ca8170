/* The engines there are. A new one is one file, one declaration here and one line in engine.c. */
#ifndef TG_RUNNER_ENGINE_REGISTRY_H
#define TG_RUNNER_ENGINE_REGISTRY_H

#include "runner/engine/engine.h"

extern const struct tg_engine tg_engine_noop;
extern const struct tg_engine tg_engine_sqlite;

#endif
