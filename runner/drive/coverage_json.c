/* Document part "coverage" of a result, both ways. */
#include <limits.h>
#include <string.h>

#include "runner/drive/coverage.h"

/* ---- writing ---- */

static void add_steps(cJSON *object, const struct tg_plan *plan)
{
    cJSON *steps = tg_json_add(object, "steps", tg_json_array());
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct tg_plan_step *step = &plan->steps[i];
        cJSON *json = tg_json_push(steps, tg_json_object());
        tg_json_add_string(json, "kind", tg_step_kind_name(step->kind));
        tg_json_add_int64(json, "id", step->id);
        tg_json_add_int64(json, "parent", step->parent);
        tg_json_add_string(json, "table", step->table);
        tg_json_add_string(json, "index", step->index);
        tg_json_add_string(json, "detail", step->detail);
    }
}

static void add_statement(cJSON *array, const struct tg_coverage_statement *statement)
{
    cJSON *json = tg_json_push(array, tg_json_object());
    tg_json_add_string(json, "owner", statement->owner);
    tg_json_add_bool(json, "query", statement->query);
    tg_json_add_int64(json, "number", (int64_t)statement->number);
    tg_json_add_string(json, "sql", statement->sql);
    tg_json_add_string(json, "worst", tg_step_kind_name(tg_plan_worst(&statement->plan)));
    add_steps(json, &statement->plan);
    cJSON *remedies = tg_json_add(json, "remedies", tg_json_array());
    for (size_t i = 0; i < statement->remedy_count; i++) {
        cJSON *remedy = tg_json_push(remedies, tg_json_object());
        tg_json_add_string(remedy, "what", statement->remedies[i].what);
        tg_json_add_string(remedy, "sql", statement->remedies[i].sql);
        add_steps(remedy, &statement->remedies[i].plan);
    }
}

/* null: not tried. */
static void add_trial(cJSON *json, const struct tg_coverage_index *index)
{
    if (index->trial == TG_INDEX_NOT_TRIED) {
        tg_json_add(json, "without", cJSON_CreateNull());
        return;
    }
    cJSON *trial = tg_json_add(json, "without", tg_json_object());
    tg_json_add_bool(trial, "spare", index->trial == TG_INDEX_SPARE);
    cJSON *changes = tg_json_add(trial, "changes", tg_json_array());
    for (size_t i = 0; i < index->change_count; i++) {
        cJSON *change = tg_json_push(changes, tg_json_object());
        tg_json_add_string(change, "owner", index->changes[i].owner);
        tg_json_add_int64(change, "number", (int64_t)index->changes[i].number);
        add_steps(change, &index->changes[i].plan);
    }
}

static void add_index(cJSON *array, const struct tg_coverage_index *index)
{
    const struct tg_index_info *info = &index->info;
    cJSON *json = tg_json_push(array, tg_json_object());
    tg_json_add_string(json, "table", info->table);
    tg_json_add_string(json, "name", info->name);
    tg_json_add_string(json, "columns", info->columns);
    tg_json_add_string(json, "where", info->where);
    tg_json_add_bool(json, "unique", info->unique);
    tg_json_add_bool(json, "automatic", info->automatic);
    tg_json_add_int64(json, "users", (int64_t)index->users);
    tg_json_add_bool(json, "repeats_key", info->repeats_key);
    tg_json_add_string(json, "foreign_key", info->foreign_key);
    tg_json_add_string(json, "drop", info->drop);
    tg_json_add_string(json, "duplicate_of", index->duplicate_of);
    tg_json_add_bool(json, "longer", index->longer);
    add_trial(json, index);
}

cJSON *tg_coverage_to_json(const struct tg_coverage *coverage)
{
    cJSON *json = tg_json_object();
    cJSON *statements = tg_json_add(json, "statements", tg_json_array());
    for (size_t i = 0; i < coverage->statement_count; i++)
        add_statement(statements, &coverage->statements[i]);
    cJSON *indexes = tg_json_add(json, "indexes", tg_json_array());
    for (size_t i = 0; i < coverage->index_count; i++)
        add_index(indexes, &coverage->indexes[i]);
    cJSON *misses = tg_json_add(json, "misses", tg_json_array());
    for (size_t i = 0; i < coverage->miss_count; i++) {
        const struct tg_coverage_miss *miss = &coverage->misses[i];
        cJSON *item = tg_json_push(misses, tg_json_object());
        tg_json_add_string(item, "owner", miss->owner);
        tg_json_add_string(item, "message", miss->message);
        tg_json_add_string(item, "path", miss->place.path);
        tg_json_add_int64(item, "line", miss->place.line);
        tg_json_add_int64(item, "column", miss->place.column);
    }
    return json;
}

/* ---- reading ---- */

/* A text that has to be there. */
static bool read_text(const cJSON *json, const char *key, struct tg_arena *arena, const char **out)
{
    const char *text;
    if (!tg_json_get_string(json, key, &text))
        return false;
    *out = tg_arena_strdup(arena, text);
    return true;
}

/* A text or null. */
static bool read_text_or_null(const cJSON *json, const char *key, struct tg_arena *arena,
                              const char **out)
{
    if (cJSON_IsNull(tg_json_get(json, key))) {
        *out = NULL;
        return true;
    }
    return read_text(json, key, arena, out);
}

static bool read_size(const cJSON *json, const char *key, size_t *out)
{
    int64_t number;
    if (!tg_json_get_int64(json, key, &number) || number < 0)
        return false;
    *out = (size_t)number;
    return true;
}

static bool read_int(const cJSON *json, const char *key, int *out)
{
    int64_t number;
    if (!tg_json_get_int64(json, key, &number) || number < INT_MIN || number > INT_MAX)
        return false;
    *out = (int)number;
    return true;
}

/* The elements of an array into zeroed memory of the arena. */
static bool read_array(const cJSON *json, const char *key, size_t size, struct tg_arena *arena,
                       const cJSON **first, void **items, size_t *count)
{
    const cJSON *array = tg_json_get(json, key);
    if (!cJSON_IsArray(array))
        return false;
    *first = array->child;
    *count = (size_t)cJSON_GetArraySize(array);
    *items = tg_arena_array(arena, *count, size);
    return true;
}

static bool read_kind(const cJSON *json, enum tg_step_kind *kind)
{
    const char *name;
    if (!tg_json_get_string(json, "kind", &name))
        return false;
    for (int i = TG_STEP_OTHER; i <= TG_STEP_TEMP_BTREE; i++) {
        if (strcmp(tg_step_kind_name((enum tg_step_kind)i), name) == 0) {
            *kind = (enum tg_step_kind)i;
            return true;
        }
    }
    return false;
}

static bool read_steps(const cJSON *json, struct tg_arena *arena, struct tg_plan *plan)
{
    const cJSON *item;
    void *items;
    if (!read_array(json, "steps", sizeof *plan->steps, arena, &item, &items, &plan->step_count))
        return false;
    plan->steps = items;
    for (struct tg_plan_step *step = items; item; item = item->next, step++) {
        if (!read_kind(item, &step->kind) || !read_int(item, "id", &step->id) ||
            !read_int(item, "parent", &step->parent) ||
            !read_text_or_null(item, "table", arena, &step->table) ||
            !read_text_or_null(item, "index", arena, &step->index) ||
            !read_text(item, "detail", arena, &step->detail))
            return false;
    }
    return true;
}

static bool read_remedies(const cJSON *json, struct tg_arena *arena,
                          struct tg_coverage_statement *statement)
{
    const cJSON *item;
    void *items;
    if (!read_array(json, "remedies", sizeof *statement->remedies, arena, &item, &items,
                    &statement->remedy_count))
        return false;
    statement->remedies = items;
    for (struct tg_remedy *remedy = items; item; item = item->next, remedy++) {
        if (!read_text(item, "what", arena, &remedy->what) ||
            !read_text(item, "sql", arena, &remedy->sql) || !read_steps(item, arena, &remedy->plan))
            return false;
    }
    return true;
}

static bool read_statements(const cJSON *json, struct tg_arena *arena, struct tg_coverage *coverage)
{
    const cJSON *item;
    void *items;
    if (!read_array(json, "statements", sizeof *coverage->statements, arena, &item, &items,
                    &coverage->statement_count))
        return false;
    coverage->statements = items;
    for (struct tg_coverage_statement *s = items; item; item = item->next, s++) {
        if (!read_text(item, "owner", arena, &s->owner) ||
            !tg_json_get_bool(item, "query", &s->query) || !read_size(item, "number", &s->number) ||
            !read_text(item, "sql", arena, &s->sql) || !read_steps(item, arena, &s->plan) ||
            !read_remedies(item, arena, s))
            return false;
    }
    return true;
}

static bool read_changes(const cJSON *json, struct tg_arena *arena, struct tg_coverage_index *index)
{
    const cJSON *item;
    void *items;
    if (!read_array(json, "changes", sizeof *index->changes, arena, &item, &items,
                    &index->change_count))
        return false;
    index->changes = items;
    for (struct tg_coverage_change *change = items; item; item = item->next, change++) {
        if (!read_text(item, "owner", arena, &change->owner) ||
            !read_size(item, "number", &change->number) || !read_steps(item, arena, &change->plan))
            return false;
    }
    return true;
}

/* What can be said about removing it, which earlier versions did not write. */
static bool read_trial(const cJSON *json, struct tg_arena *arena, struct tg_coverage_index *index)
{
    struct tg_index_info *info = &index->info;
    bool spare;
    if (!tg_json_get(json, "without"))
        return true;
    if (!tg_json_get_bool(json, "repeats_key", &info->repeats_key) ||
        !read_text_or_null(json, "foreign_key", arena, &info->foreign_key) ||
        !read_text_or_null(json, "drop", arena, &info->drop) ||
        !read_text_or_null(json, "duplicate_of", arena, &index->duplicate_of) ||
        !tg_json_get_bool(json, "longer", &index->longer))
        return false;
    const cJSON *trial = tg_json_get(json, "without");
    if (cJSON_IsNull(trial))
        return true;
    if (!tg_json_get_bool(trial, "spare", &spare))
        return false;
    index->trial = spare ? TG_INDEX_SPARE : TG_INDEX_NEEDED;
    return read_changes(trial, arena, index);
}

static bool read_indexes(const cJSON *json, struct tg_arena *arena, struct tg_coverage *coverage)
{
    const cJSON *item;
    void *items;
    if (!read_array(json, "indexes", sizeof *coverage->indexes, arena, &item, &items,
                    &coverage->index_count))
        return false;
    coverage->indexes = items;
    for (struct tg_coverage_index *index = items; item; item = item->next, index++) {
        struct tg_index_info *info = &index->info;
        if (!read_text(item, "table", arena, &info->table) ||
            !read_text(item, "name", arena, &info->name) ||
            !read_text(item, "columns", arena, &info->columns) ||
            !read_text_or_null(item, "where", arena, &info->where) ||
            !tg_json_get_bool(item, "unique", &info->unique) ||
            !tg_json_get_bool(item, "automatic", &info->automatic) ||
            !read_size(item, "users", &index->users) || !read_trial(item, arena, index))
            return false;
    }
    return true;
}

static bool read_misses(const cJSON *json, struct tg_arena *arena, struct tg_coverage *coverage)
{
    const cJSON *item;
    void *items;
    if (!read_array(json, "misses", sizeof *coverage->misses, arena, &item, &items,
                    &coverage->miss_count))
        return false;
    coverage->misses = items;
    for (struct tg_coverage_miss *miss = items; item; item = item->next, miss++) {
        if (!read_text(item, "owner", arena, &miss->owner) ||
            !read_text(item, "message", arena, &miss->message) ||
            !read_text_or_null(item, "path", arena, &miss->place.path) ||
            !read_int(item, "line", &miss->place.line) ||
            !read_int(item, "column", &miss->place.column))
            return false;
    }
    return true;
}

bool tg_coverage_from_json(const cJSON *json, struct tg_arena *arena, struct tg_coverage *coverage)
{
    *coverage = (struct tg_coverage){0};
    return cJSON_IsObject(json) && read_statements(json, arena, coverage) &&
           read_indexes(json, arena, coverage) && read_misses(json, arena, coverage);
}

enum tg_status tg_coverage_take(const cJSON *answer, struct tg_arena *arena,
                                struct tg_coverage *coverage, struct tg_diags *diags)
{
    if (tg_coverage_from_json(tg_json_get(answer, "coverage"), arena, coverage))
        return TG_OK;
    tg_diag_error(diags, (struct tg_place){0}, "the plans of the statements cannot be read");
    return TG_SYSTEM;
}
