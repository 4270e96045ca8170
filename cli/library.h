/* Whether the library of an engine can be loaded here. */
#ifndef TG_CLI_LIBRARY_H
#define TG_CLI_LIBRARY_H

#include <stdbool.h>

#include "runner/engine/engine.h"

enum { TG_LIBRARY_TEXT = 256 };

/* Loads and unloads the engine's default library. True when it loads, `text` is then its version,
 * "" where the library does not say it cheaply; else `text` is why not. An engine that needs no
 * library is always there. */
bool tg_library_probe(const struct tg_engine *engine, char text[TG_LIBRARY_TEXT]);

#endif
