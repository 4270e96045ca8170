#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "runner/engine/sqlite/sqlite.h"

enum { OLDEST = 3025000 }; /* window functions, with which we read the schema */

struct symbol {
    const char *name;
    size_t offset; /* of its pointer in struct tg_sqlite_api */
    bool required;
};

#define REQUIRED(name) {"sqlite3_" #name, offsetof(struct tg_sqlite_api, name), true},
#define OPTIONAL(name) {"sqlite3_" #name, offsetof(struct tg_sqlite_api, name), false},
static const struct symbol SYMBOLS[] = {TG_SQLITE_REQUIRED(REQUIRED) TG_SQLITE_OPTIONAL(OPTIONAL)};

static enum tg_status resolve(void *handle, const char *name, struct tg_sqlite_api *api,
                              struct tg_diags *diags)
{
    for (size_t i = 0; i < sizeof SYMBOLS / sizeof SYMBOLS[0]; i++) {
        void *address = dlsym(handle, SYMBOLS[i].name);
        if (!address && SYMBOLS[i].required) {
            bool old = dlsym(handle, "sqlite3_open_v2") != NULL;
            tg_diag_hint(tg_diag_error(diags, (struct tg_place){0}, "%s has no %s: it is %s", name,
                                       SYMBOLS[i].name,
                                       old ? "too old a SQLite" : "not a SQLite library"),
                         "engine.library names a shared library of SQLite 3.25 or later");
            return TG_SYSTEM;
        }
        /* A data pointer cannot be assigned to a function pointer in C; POSIX makes them alike. */
        memcpy((char *)api + SYMBOLS[i].offset, &address, sizeof address);
    }
    return TG_OK;
}

enum tg_status tg_sqlite_library_load(const char *name, struct tg_sqlite_api *api,
                                      struct tg_diags *diags)
{
    if (!name)
        name = TG_SQLITE_DEFAULT_LIBRARY;
    /* Never closed: stores of one process may share it, and SQLite keeps state behind it. */
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                   "cannot load the SQLite library: %s", dlerror()),
                     "engine.library is a path or a name that the dynamic loader finds");
        return TG_SYSTEM;
    }
    enum tg_status status = resolve(handle, name, api, diags);
    if (status != TG_OK) {
        dlclose(handle);
        return status;
    }
    if (api->libversion_number() < OLDEST) {
        tg_diag_error(diags, (struct tg_place){0}, "%s is SQLite %s: 3.25 or later is needed", name,
                      api->libversion());
        return TG_SYSTEM;
    }
    /* Memory statistics take a global lock on every allocation, and a connection is used by one
     * thread at a time anyway. Both are refused (and set already) when another store of this
     * process has initialised the library. An in-memory database may outgrow SQLite's 1 GiB. */
    (void)api->config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)api->config(SQLITE_CONFIG_MULTITHREAD);
    (void)api->config(SQLITE_CONFIG_MEMDB_MAXSIZE, (sqlite3_int64)1 << 40);
    int rc = api->initialize();
    if (rc != SQLITE_OK) {
        tg_diag_error(diags, (struct tg_place){0}, "%s does not start: %s", name,
                      tg_sqlite_error_name(rc));
        return TG_SYSTEM;
    }
    return TG_OK;
}

/* By the handle, not by the address of a function: a library that wraps the real one has that
 * one's functions, and is what was loaded all the same. */
char *tg_sqlite_library_path(const char *name)
{
    char *path = NULL;
    struct link_map *map = NULL;
    void *handle = dlopen(name ? name : TG_SQLITE_DEFAULT_LIBRARY, RTLD_LAZY | RTLD_NOLOAD);
    if (!handle)
        return NULL;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) == 0 && map->l_name && *map->l_name) {
        path = realpath(map->l_name, NULL);
        if (!path)
            path = tg_strdup(map->l_name);
    }
    dlclose(handle);
    return path;
}

#define CODE(name)                                                                                 \
    {                                                                                              \
        name, #name                                                                                \
    }
static const struct {
    int code;
    const char *name;
} CODES[] = {
    CODE(SQLITE_OK),
    CODE(SQLITE_ERROR),
    CODE(SQLITE_INTERNAL),
    CODE(SQLITE_PERM),
    CODE(SQLITE_ABORT),
    CODE(SQLITE_BUSY),
    CODE(SQLITE_LOCKED),
    CODE(SQLITE_NOMEM),
    CODE(SQLITE_READONLY),
    CODE(SQLITE_INTERRUPT),
    CODE(SQLITE_IOERR),
    CODE(SQLITE_CORRUPT),
    CODE(SQLITE_NOTFOUND),
    CODE(SQLITE_FULL),
    CODE(SQLITE_CANTOPEN),
    CODE(SQLITE_PROTOCOL),
    CODE(SQLITE_EMPTY),
    CODE(SQLITE_SCHEMA),
    CODE(SQLITE_TOOBIG),
    CODE(SQLITE_CONSTRAINT),
    CODE(SQLITE_MISMATCH),
    CODE(SQLITE_MISUSE),
    CODE(SQLITE_NOLFS),
    CODE(SQLITE_AUTH),
    CODE(SQLITE_FORMAT),
    CODE(SQLITE_RANGE),
    CODE(SQLITE_NOTADB),
    CODE(SQLITE_NOTICE),
    CODE(SQLITE_WARNING),
    CODE(SQLITE_ROW),
    CODE(SQLITE_DONE),
    CODE(SQLITE_ERROR_MISSING_COLLSEQ),
    CODE(SQLITE_ERROR_RETRY),
    CODE(SQLITE_ERROR_SNAPSHOT),
    CODE(SQLITE_IOERR_READ),
    CODE(SQLITE_IOERR_SHORT_READ),
    CODE(SQLITE_IOERR_WRITE),
    CODE(SQLITE_IOERR_FSYNC),
    CODE(SQLITE_IOERR_DIR_FSYNC),
    CODE(SQLITE_IOERR_TRUNCATE),
    CODE(SQLITE_IOERR_FSTAT),
    CODE(SQLITE_IOERR_UNLOCK),
    CODE(SQLITE_IOERR_RDLOCK),
    CODE(SQLITE_IOERR_DELETE),
    CODE(SQLITE_IOERR_BLOCKED),
    CODE(SQLITE_IOERR_NOMEM),
    CODE(SQLITE_IOERR_ACCESS),
    CODE(SQLITE_IOERR_CHECKRESERVEDLOCK),
    CODE(SQLITE_IOERR_LOCK),
    CODE(SQLITE_IOERR_CLOSE),
    CODE(SQLITE_IOERR_DIR_CLOSE),
    CODE(SQLITE_IOERR_SHMOPEN),
    CODE(SQLITE_IOERR_SHMSIZE),
    CODE(SQLITE_IOERR_SHMLOCK),
    CODE(SQLITE_IOERR_SHMMAP),
    CODE(SQLITE_IOERR_SEEK),
    CODE(SQLITE_IOERR_DELETE_NOENT),
    CODE(SQLITE_IOERR_MMAP),
    CODE(SQLITE_IOERR_GETTEMPPATH),
    CODE(SQLITE_IOERR_CONVPATH),
    CODE(SQLITE_IOERR_VNODE),
    CODE(SQLITE_IOERR_AUTH),
    CODE(SQLITE_IOERR_BEGIN_ATOMIC),
    CODE(SQLITE_IOERR_COMMIT_ATOMIC),
    CODE(SQLITE_IOERR_ROLLBACK_ATOMIC),
    CODE(SQLITE_IOERR_DATA),
    CODE(SQLITE_IOERR_CORRUPTFS),
    CODE(SQLITE_LOCKED_SHAREDCACHE),
    CODE(SQLITE_LOCKED_VTAB),
    CODE(SQLITE_BUSY_RECOVERY),
    CODE(SQLITE_BUSY_SNAPSHOT),
    CODE(SQLITE_BUSY_TIMEOUT),
    CODE(SQLITE_CANTOPEN_NOTEMPDIR),
    CODE(SQLITE_CANTOPEN_ISDIR),
    CODE(SQLITE_CANTOPEN_FULLPATH),
    CODE(SQLITE_CANTOPEN_CONVPATH),
    CODE(SQLITE_CANTOPEN_DIRTYWAL),
    CODE(SQLITE_CANTOPEN_SYMLINK),
    CODE(SQLITE_CORRUPT_VTAB),
    CODE(SQLITE_CORRUPT_SEQUENCE),
    CODE(SQLITE_CORRUPT_INDEX),
    CODE(SQLITE_READONLY_RECOVERY),
    CODE(SQLITE_READONLY_CANTLOCK),
    CODE(SQLITE_READONLY_ROLLBACK),
    CODE(SQLITE_READONLY_DBMOVED),
    CODE(SQLITE_READONLY_CANTINIT),
    CODE(SQLITE_READONLY_DIRECTORY),
    CODE(SQLITE_ABORT_ROLLBACK),
    CODE(SQLITE_CONSTRAINT_CHECK),
    CODE(SQLITE_CONSTRAINT_COMMITHOOK),
    CODE(SQLITE_CONSTRAINT_FOREIGNKEY),
    CODE(SQLITE_CONSTRAINT_FUNCTION),
    CODE(SQLITE_CONSTRAINT_NOTNULL),
    CODE(SQLITE_CONSTRAINT_PRIMARYKEY),
    CODE(SQLITE_CONSTRAINT_TRIGGER),
    CODE(SQLITE_CONSTRAINT_UNIQUE),
    CODE(SQLITE_CONSTRAINT_VTAB),
    CODE(SQLITE_CONSTRAINT_ROWID),
    CODE(SQLITE_CONSTRAINT_PINNED),
    CODE(SQLITE_CONSTRAINT_DATATYPE),
    CODE(SQLITE_NOTICE_RECOVER_WAL),
    CODE(SQLITE_NOTICE_RECOVER_ROLLBACK),
    CODE(SQLITE_WARNING_AUTOINDEX),
    CODE(SQLITE_AUTH_USER),
};
#undef CODE

static const char *find_code(int code)
{
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        if (CODES[i].code == code)
            return CODES[i].name;
    }
    return NULL;
}

const char *tg_sqlite_error_name(int code)
{
    const char *name = find_code(code);
    if (!name)
        name = find_code(code & 0xff);
    return name ? name : "SQLITE_UNKNOWN";
}
