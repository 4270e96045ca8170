#include "baselines/task.h"

#include <assert.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/json_reader.h"
#include "baselines/json_writer.h"
#include "common/file.h"
#include "common/json.h"
#include "common/text.h"

enum { MOST_OF_A_NAME = 64, MOST_BYTES = 4 << 20 };

enum record { BEFORE, AFTER };
static const char *const phases[] = {"before", "after"};

/* Neither a hidden folder nor what looks like an option. */
enum tg_status tg_task_check_name(const char *task, struct tg_diags *diags)
{
    static const char usable[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    size_t length = strlen(task);
    if (length > 0 && length <= MOST_OF_A_NAME && *task != '.' && *task != '-' &&
        strspn(task, usable) == length)
        return TG_OK;
    tg_diag_hint(
        tg_diag_error(diags, (struct tg_place){0}, "\"%s\" cannot be the name of a task", task),
        "up to %d letters, digits, \"-\", \"_\" and \".\", the first neither \"-\" nor \".\": 001, "
        "faster-recall",
        MOST_OF_A_NAME);
    return TG_INVALID;
}

/* ---- where ---- */

/* Both are allocated. */
static char *folder_of(const struct tg_task_key *key)
{
    return tg_format("%s/tasks/%s", key->home, key->task);
}

static char *path_of(const struct tg_task_key *key, enum record record)
{
    return tg_format("%s/tasks/%s/%s%s.json", key->home, key->task, phases[record],
                     key->competitive ? "-competitive" : "");
}

bool tg_task_has_before(const struct tg_task_key *key)
{
    char *path = path_of(key, BEFORE);
    bool there = tg_path_exists(path);
    free(path);
    return there;
}

static int by_text(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;
    return strcmp(*a, *b);
}

/* The names of all tasks, sorted, in `arena`. */
static const char **list_tasks(const char *home, struct tg_arena *arena, size_t *count)
{
    enum { MOST_TASKS = 4096 };
    const char **names = tg_arena_array(arena, MOST_TASKS, sizeof *names);
    char *path = tg_path_join(home, "tasks");
    DIR *folder = opendir(path);
    struct dirent *entry;
    *count = 0;
    while (folder && *count < MOST_TASKS && (entry = readdir(folder)))
        if (entry->d_name[0] != '.')
            names[(*count)++] = tg_arena_strdup(arena, entry->d_name);
    if (folder)
        closedir(folder);
    free(path);
    qsort(names, *count, sizeof *names, by_text);
    return names;
}

static void hint_tasks(struct tg_diag *diag, const char *task, const char *const *names,
                       size_t count)
{
    enum { LISTED = 12 };
    const char *nearest = tg_nearest_name(task, names, count);
    struct tg_text list = {0};
    for (size_t i = 0; i < count && i < LISTED; i++)
        tg_text_addf(&list, "%s%s", i ? ", " : "", names[i]);
    if (nearest)
        tg_diag_hint(diag, "did you mean \"%s\"?", nearest);
    else if (count > 0)
        tg_diag_hint(diag, "there is %s%s; `tailgate before %s` begins another",
                     tg_text_string(&list), count > LISTED ? ", ..." : "", task);
    else
        tg_diag_hint(diag, "`tailgate before %s` begins it, before the change is made", task);
    tg_text_free(&list);
}

/* There is no before record: of a known task, or is the task unknown? */
static enum tg_status say_what_there_is(const struct tg_task_key *key, struct tg_diags *diags)
{
    struct tg_arena arena = {0};
    size_t count;
    const char **names = list_tasks(key->home, &arena, &count);
    char *folder = folder_of(key);
    struct tg_task_key other = *key;
    other.competitive = !key->competitive;
    if (!tg_path_exists(folder)) {
        struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){0},
                                             "there is no task \"%s\" in %s", key->task, key->home);
        hint_tasks(diag, key->task, names, count);
    } else {
        struct tg_diag *diag = tg_diag_error(diags, (struct tg_place){0},
                                             "task \"%s\" has no %sbefore to compare with",
                                             key->task, key->competitive ? "competitive " : "");
        tg_diag_hint(diag, "run `tailgate before %s%s` with the code as it was before the change%s",
                     key->task, key->competitive ? " --competitive" : "",
                     !tg_task_has_before(&other)
                         ? ""
                         : (key->competitive ? ", or leave out --competitive"
                                             : ", or add --competitive: that one is there"));
    }
    free(folder);
    tg_arena_free(&arena);
    return TG_INVALID;
}

/* ---- writing ---- */

static cJSON *new_record(const struct tg_task_key *key, enum record record)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_TASK_KIND);
    tg_json_add_int64(json, "format", TG_TASK_FORMAT);
    tg_json_add_string(json, "tailgate", TG_VERSION);
    tg_json_add_string(json, "task", key->task);
    tg_json_add_string(json, "phase", phases[record]);
    tg_json_add_bool(json, "competitive", key->competitive);
    return json;
}

static void add_start(cJSON *json, int64_t unix_ms, const struct tg_git *git)
{
    tg_put_time(json, "started", unix_ms);
    tg_put_git(json, git->commit, git->dirty);
}

/* Takes `json`. */
static enum tg_status write_record(const struct tg_task_key *key, enum record record, cJSON *json,
                                   bool replace, struct tg_diags *diags)
{
    char *path = path_of(key, record);
    enum tg_status status = tg_put_document(path, json, replace, diags);
    free(path);
    return status;
}

enum tg_status tg_task_write_before(const struct tg_task_key *key,
                                    const struct tg_task_before *before, bool replace,
                                    struct tg_diags *diags)
{
    cJSON *json = new_record(key, BEFORE);
    tg_json_add_string(json, "scenario", before->scenario);
    tg_json_add_string(json, "bundle", before->bundle);
    tg_json_add_string(json, "result", before->result);
    add_start(json, before->started_unix_ms, &before->git);
    return write_record(key, BEFORE, json, replace, diags);
}

static void push_attempt(cJSON *array, const struct tg_task_attempt *attempt)
{
    cJSON *json = tg_json_push(array, tg_json_object());
    tg_json_add_string(json, "bundle", attempt->bundle);
    tg_json_add_string(json, "result", attempt->result);
    tg_json_add_string(json, "comparison", attempt->comparison);
    tg_json_add_string(json, "reason", attempt->reason);
    add_start(json, attempt->started_unix_ms, &attempt->git);
}

static bool begins(const struct tg_task_attempt *stored, const struct tg_task_attempt *attempt)
{
    return !stored->result && stored->started_unix_ms == attempt->started_unix_ms;
}

enum tg_status tg_task_add_attempt(const struct tg_task_key *key,
                                   const struct tg_task_attempt *attempt, struct tg_diags *diags)
{
    struct tg_arena arena = {0};
    struct tg_task_attempt *attempts = NULL;
    size_t count = 0;
    /* Two that add an attempt at the same time both keep theirs. */
    char *folder = folder_of(key);
    int lock = tg_lock_folder(folder);
    enum tg_status status = tg_task_read_attempts(key, &arena, &attempts, &count, diags);
    if (status == TG_OK) {
        assert(attempts || count == 0);
        cJSON *json = new_record(key, AFTER);
        cJSON *array = tg_json_add(json, "attempts", tg_json_array());
        bool placed = false;
        for (size_t i = 0; i < count; i++) {
            bool here = !placed && begins(&attempts[i], attempt);
            push_attempt(array, here ? attempt : &attempts[i]);
            placed = placed || here;
        }
        if (!placed)
            push_attempt(array, attempt);
        status = write_record(key, AFTER, json, true, diags);
    }
    tg_unlock_folder(lock);
    free(folder);
    tg_arena_free(&arena);
    return status;
}

/* ---- reading ---- */

static bool read_head(struct tg_reader *reader, struct tg_node root, const struct tg_task_key *key,
                      enum record record)
{
    const char *task;
    unsigned phase;
    bool competitive;
    if (!tg_need_kind(reader, root, TG_TASK_KIND, "task record", TG_TASK_FORMAT))
        return false;
    if (!tg_need_text(reader, root, "task", &task) ||
        !tg_need_word(reader, root, "phase", TG_WORDS(phases), &phase) ||
        !tg_need_bool(reader, root, "competitive", &competitive))
        return false;
    if (strcmp(task, key->task) == 0 && phase == (unsigned)record &&
        competitive == key->competitive)
        return true;
    tg_diag_error(reader->diags, (struct tg_place){.path = reader->path},
                  "is the record of another task or phase: %s %s%s", phases[phase], task,
                  competitive ? ", competitive" : "");
    return false;
}

static bool read_start(struct tg_reader *reader, struct tg_node node, int64_t *unix_ms,
                       struct tg_git *git)
{
    *git = (struct tg_git){0};
    return tg_need_amount(reader, node, "started_unix_ms", unix_ms) &&
           tg_need_git(reader, node, &git->commit, &git->dirty);
}

enum tg_status tg_task_parse_before(const struct tg_task_key *key, const char *text, size_t length,
                                    const char *path, struct tg_arena *arena,
                                    struct tg_task_before *before, struct tg_diags *diags)
{
    cJSON *json = tg_json_parse(text, length, path, diags);
    struct tg_reader reader = {.arena = arena, .diags = diags, .path = path};
    struct tg_node root = {json, ""};
    bool ok = json && read_head(&reader, root, key, BEFORE) &&
              tg_need_text(&reader, root, "scenario", &before->scenario) &&
              tg_need_text(&reader, root, "bundle", &before->bundle) &&
              tg_need_text(&reader, root, "result", &before->result) &&
              read_start(&reader, root, &before->started_unix_ms, &before->git);
    cJSON_Delete(json);
    return ok ? TG_OK : TG_INVALID;
}

static bool read_attempts(struct tg_reader *reader, struct tg_node root,
                          struct tg_task_attempt **attempts, size_t *count)
{
    const cJSON *array;
    const cJSON *item;
    size_t number = 0;
    if (!tg_need_array(reader, root, "attempts", &array, count))
        return false;
    *attempts = tg_arena_array(reader->arena, *count, sizeof **attempts);
    cJSON_ArrayForEach(item, array)
    {
        struct tg_task_attempt *attempt = &(*attempts)[number];
        struct tg_node at = tg_read_element(reader, root, "attempts", item, number++);
        if (!tg_need_text(reader, at, "bundle", &attempt->bundle) ||
            !tg_need_text_or_null(reader, at, "result", &attempt->result) ||
            !tg_need_text_or_null(reader, at, "comparison", &attempt->comparison) ||
            (tg_json_get(item, "reason") && /* records of earlier versions have none */
             !tg_need_text_or_null(reader, at, "reason", &attempt->reason)) ||
            !read_start(reader, at, &attempt->started_unix_ms, &attempt->git))
            return false;
    }
    return true;
}

enum tg_status tg_task_parse_attempts(const struct tg_task_key *key, const char *text,
                                      size_t length, const char *path, struct tg_arena *arena,
                                      struct tg_task_attempt **attempts, size_t *count,
                                      struct tg_diags *diags)
{
    cJSON *json = tg_json_parse(text, length, path, diags);
    struct tg_reader reader = {.arena = arena, .diags = diags, .path = path};
    struct tg_node root = {json, ""};
    bool ok = json && read_head(&reader, root, key, AFTER) &&
              read_attempts(&reader, root, attempts, count);
    cJSON_Delete(json);
    return ok ? TG_OK : TG_INVALID;
}

/* What is wrong with a record is said as an error of its file; this is what to do about it. */
static enum tg_status damaged(const struct tg_task_key *key, enum record record,
                              enum tg_status status, struct tg_diags *diags)
{
    struct tg_diag *last = &diags->items[diags->count - 1];
    if (status == TG_INVALID && !last->hint && record == BEFORE)
        tg_diag_hint(last,
                     "restore the file, or run `tailgate before %s%s --replace` with the code "
                     "as it was before the change",
                     key->task, key->competitive ? " --competitive" : "");
    else if (status == TG_INVALID && !last->hint)
        tg_diag_hint(last,
                     "restore the file, or move it away: then `tailgate after %s%s` begins a "
                     "new one",
                     key->task, key->competitive ? " --competitive" : "");
    return status;
}

enum tg_status tg_task_read_before(const struct tg_task_key *key, struct tg_arena *arena,
                                   struct tg_task_before *before, struct tg_diags *diags)
{
    if (!tg_task_has_before(key))
        return say_what_there_is(key, diags);
    char *path = path_of(key, BEFORE);
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, MOST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_task_parse_before(key, tg_text_string(&text), text.length, path, arena, before,
                                      diags);
    if (status != TG_OK)
        status = damaged(key, BEFORE, status, diags);
    tg_text_free(&text);
    free(path);
    return status;
}

enum tg_status tg_task_read_attempts(const struct tg_task_key *key, struct tg_arena *arena,
                                     struct tg_task_attempt **attempts, size_t *count,
                                     struct tg_diags *diags)
{
    char *path = path_of(key, AFTER);
    struct tg_text text = {0};
    enum tg_status status = TG_OK;
    *attempts = NULL;
    *count = 0;
    if (tg_path_exists(path)) {
        status = tg_file_read(path, MOST_BYTES, &text, diags);
        if (status == TG_OK)
            status = tg_task_parse_attempts(key, tg_text_string(&text), text.length, path, arena,
                                            attempts, count, diags);
        if (status != TG_OK)
            status = damaged(key, AFTER, status, diags);
    }
    tg_text_free(&text);
    free(path);
    return status;
}
