#include "cli/library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Functions without arguments that return a library's version as text. */
static const char *const version_functions[] = {"sqlite3_libversion", "duckdb_library_version"};

bool tg_library_probe(const struct tg_engine *engine, char text[TG_LIBRARY_TEXT])
{
    text[0] = '\0';
    if (!engine->default_library)
        return true;
    void *library = dlopen(engine->default_library, RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        snprintf(text, TG_LIBRARY_TEXT, "%s", why ? why : "cannot be loaded");
        return false;
    }
    for (size_t i = 0; i < sizeof version_functions / sizeof *version_functions; i++) {
        void *symbol = dlsym(library, version_functions[i]);
        const char *(*version)(void);
        if (!symbol)
            continue;
        /* ISO C has no conversion from object to function pointer; POSIX promises the bits. */
        memcpy(&version, &symbol, sizeof version);
        snprintf(text, TG_LIBRARY_TEXT, "%s", version());
        break;
    }
    dlclose(library);
    return true;
}
