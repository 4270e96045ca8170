/* Pragmas: applied, then read back. SQLite ignores a pragma that it does not know and keeps the old
 * value of one that it cannot change, in both cases without an error; we do not. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/text.h"
#include "runner/engine/sqlite/settings.h"

enum { DEFAULT_BUSY_RETRIES = 10, MAX_BUSY_RETRIES = 1000000 };

static bool parse_int(const char *text, int64_t *number)
{
    bool hexadecimal = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *end;
    errno = 0;
    long long parsed = strtoll(text, &end, hexadecimal ? 16 : 10);
    if (end == text || *end != '\0' || errno != 0)
        return false;
    *number = parsed;
    return true;
}

static bool parse_bool(const char *text, bool *value)
{
    static const char *const YES[] = {"1", "true", "on", "yes"};
    static const char *const NO[] = {"0", "false", "off", "no"};
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++) {
        if (strcasecmp(text, YES[i]) == 0 || strcasecmp(text, NO[i]) == 0) {
            *value = strcasecmp(text, YES[i]) == 0;
            return true;
        }
    }
    return false;
}

static void read_option(struct tg_sqlite_store *store, const struct tg_setting *option,
                        struct tg_diags *diags)
{
    int64_t number;
    if (strcmp(option->name, "busy_retries") == 0) {
        if (!parse_int(option->value, &number) || number < 0 || number > MAX_BUSY_RETRIES)
            tg_diag_error(diags, option->place, "busy_retries is a whole number from 0 to %d",
                          MAX_BUSY_RETRIES);
        else
            store->busy_retries = (uint32_t)number;
    } else if (strcmp(option->name, "analyze") == 0) {
        if (!parse_bool(option->value, &store->analyze))
            tg_diag_error(diags, option->place, "analyze is true or false");
    } else {
        tg_diag_hint(tg_diag_error(diags, option->place, "the sqlite engine has no option \"%s\"",
                                   option->name),
                     "its options are busy_retries and analyze; pragmas go into engine.pragma");
    }
}

enum tg_status tg_sqlite_read_options(struct tg_sqlite_store *store, struct tg_diags *diags)
{
    size_t errors = diags->errors;
    store->busy_retries = DEFAULT_BUSY_RETRIES;
    for (size_t i = 0; i < store->spec.option_count; i++)
        read_option(store, &store->spec.options[i], diags);
    for (size_t i = 0; i < store->spec.setting_count; i++) {
        const struct tg_setting *setting = &store->spec.settings[i];
        int64_t number;
        if (strcasecmp(setting->name, TG_SQLITE_BUSY_TIMEOUT) != 0)
            continue;
        if (!parse_int(setting->value, &number) || number < 0 || number > INT_MAX)
            tg_diag_error(diags, setting->place,
                          "busy_timeout is a whole number of milliseconds, not \"%s\"",
                          setting->value);
        else
            store->busy_timeout_ms = (int)number;
    }
    return diags->errors == errors ? TG_OK : TG_INVALID;
}

/* Words that a pragma takes for the numbers that it reads back. */
static const struct {
    const char *pragma, *word, *number;
} WORDS[] = {
    {"synchronous", "off", "0"},         {"synchronous", "normal", "1"},
    {"synchronous", "full", "2"},        {"synchronous", "extra", "3"},
    {"temp_store", "default", "0"},      {"temp_store", "file", "1"},
    {"temp_store", "memory", "2"},       {"auto_vacuum", "none", "0"},
    {"auto_vacuum", "full", "1"},        {"auto_vacuum", "incremental", "2"},
    {"secure_delete", "fast", "2"},      {"encoding", "utf8", "utf-8"},
    {"encoding", "utf16le", "utf-16le"}, {"encoding", "utf16be", "utf-16be"},
};

static const char *as_number(const char *pragma, const char *value)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++) {
        if (strcasecmp(WORDS[i].pragma, pragma) == 0 && strcasecmp(WORDS[i].word, value) == 0)
            return WORDS[i].number;
    }
    return value;
}

bool tg_sqlite_same_setting(const char *pragma, const char *requested, const char *actual)
{
    requested = as_number(pragma, requested);
    actual = as_number(pragma, actual);
    int64_t a, b;
    bool yes_a, yes_b;
    if (strcasecmp(requested, actual) == 0)
        return true;
    if (parse_int(requested, &a) && parse_int(actual, &b))
        return a == b;
    if (parse_bool(requested, &yes_a) && parse_bool(actual, &yes_b))
        return yes_a == yes_b;
    /* "UTF-16" asks for the byte order of the machine. */
    return strcasecmp(requested, "utf-16") == 0 && strncasecmp(actual, "utf-16", 6) == 0;
}

char *tg_sqlite_read_setting(const struct tg_sqlite_store *store, sqlite3 *db, const char *name)
{
    if (strcasecmp(name, TG_SQLITE_BUSY_TIMEOUT) == 0)
        return tg_format("%d", store->busy_timeout_ms);
    /* The only setting that SQLite does not read back, but shows by what it does. */
    if (strcasecmp(name, "case_sensitive_like") == 0)
        return tg_sqlite_text(store, db, "SELECT NOT 'a' LIKE 'A'");
    char *sql = tg_format("PRAGMA %s", name);
    char *value = tg_sqlite_text(store, db, sql);
    free(sql);
    return value;
}

static bool is_pragma_name(const char *name)
{
    if (!isalpha((unsigned char)name[0]) && name[0] != '_')
        return false;
    for (const char *p = name; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_')
            return false;
    }
    return true;
}

char *tg_sqlite_pragma_sql(const struct tg_setting *setting)
{
    int64_t number;
    if (parse_int(setting->value, &number))
        return tg_format("PRAGMA %s = %s", setting->name, setting->value);
    char *value = tg_sqlite_quote(setting->value, '\'');
    char *sql = tg_format("PRAGMA %s = %s", setting->name, value);
    free(value);
    return sql;
}

/* The library's own list, for a hint; empty where it was built without. */
static void hint_nearest_pragma(const struct tg_sqlite_store *store, sqlite3 *db, const char *name,
                                struct tg_diag *diag)
{
    char *all = tg_sqlite_text(store, db, "SELECT group_concat(name, ' ') FROM pragma_pragma_list");
    const char *names[256];
    size_t count = 0;
    char *rest = NULL;
    for (char *word = all ? strtok_r(all, " ", &rest) : NULL; word && count < 256;
         word = strtok_r(NULL, " ", &rest))
        names[count++] = word;
    const char *nearest = tg_nearest_name(name, names, count);
    if (nearest && strcmp(nearest, name) != 0)
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
    free(all);
}

static enum tg_status check_setting(const struct tg_sqlite_store *store, sqlite3 *db,
                                    const struct tg_setting *setting, struct tg_diags *diags)
{
    char *actual = tg_sqlite_read_setting(store, db, setting->name);
    enum tg_status status = TG_OK;
    if (!actual) {
        struct tg_diag *diag = tg_diag_error(
            diags, setting->place, "SQLite %s has no setting \"%s\" that can be read back%s",
            store->api.libversion(), setting->name,
            store->memory ? " for an in-memory database" : "");
        hint_nearest_pragma(store, db, setting->name, diag);
        status = TG_STORE;
    } else if (!tg_sqlite_same_setting(setting->name, setting->value, actual)) {
        struct tg_diag *diag = tg_diag_error(diags, setting->place, "%s is %s, not %s",
                                             setting->name, actual, setting->value);
        if (store->memory && strcasecmp(setting->name, "journal_mode") == 0)
            tg_diag_hint(diag,
                         "an in-memory database has no log or journal on disk: name a file in "
                         "engine.database, or set journal_mode to MEMORY or OFF");
        else
            tg_diag_hint(diag,
                         "SQLite kept its own: the documentation of PRAGMA %s says what it takes",
                         setting->name);
        status = TG_STORE;
    }
    free(actual);
    return status;
}

static enum tg_status apply_setting(const struct tg_sqlite_store *store, sqlite3 *db,
                                    const struct tg_setting *setting, struct tg_diags *diags)
{
    if (!is_pragma_name(setting->name)) {
        tg_diag_error(diags, setting->place, "\"%s\" is not the name of a pragma", setting->name);
        return TG_INVALID;
    }
    if (strcasecmp(setting->name, TG_SQLITE_BUSY_TIMEOUT) == 0)
        return TG_OK; /* sessions wait in a handler of our own, which counts */
    char *sql = tg_sqlite_pragma_sql(setting);
    int rc = tg_sqlite_run(store, db, sql);
    free(sql);
    if (rc != SQLITE_OK)
        return tg_sqlite_fail(store, db, setting->place, diags, "%s = %s", setting->name,
                              setting->value);
    return check_setting(store, db, setting, diags);
}

/* These shape the file and have to come before anything is written to it. */
static bool shapes_file(const char *name)
{
    return strcasecmp(name, "page_size") == 0 || strcasecmp(name, "auto_vacuum") == 0 ||
           strcasecmp(name, "encoding") == 0;
}

enum tg_status tg_sqlite_apply_settings(struct tg_sqlite_store *store, sqlite3 *db,
                                        struct tg_diags *diags)
{
    enum tg_status worst = TG_OK;
    for (int shape = 1; shape >= 0; shape--) {
        for (size_t i = 0; i < store->spec.setting_count; i++) {
            const struct tg_setting *setting = &store->spec.settings[i];
            if (shapes_file(setting->name) != (shape == 1))
                continue;
            enum tg_status status = apply_setting(store, db, setting, diags);
            if (status != TG_OK)
                worst = status;
        }
    }
    return worst;
}
