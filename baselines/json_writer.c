#include "baselines/json_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/file.h"
#include "common/text.h"

void tg_put_known(cJSON *object, const char *key, int64_t value)
{
    if (value < 0)
        tg_json_add(object, key, cJSON_CreateNull());
    else
        tg_json_add_int64(object, key, value);
}

void tg_put_named_values(cJSON *object, const char *key, const struct tg_named_value *items,
                         size_t count)
{
    cJSON *array = tg_json_add(object, key, tg_json_array());
    for (size_t i = 0; i < count; i++) {
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "name", items[i].name);
        tg_json_add_string(item, "value", items[i].value);
    }
}

void tg_put_seed(cJSON *object, uint64_t seed)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, seed);
    tg_json_add_string(object, "seed", digits);
}

void tg_put_git(cJSON *object, const char *commit, bool dirty)
{
    cJSON *git = tg_json_add(object, "git", commit ? tg_json_object() : cJSON_CreateNull());
    if (commit) {
        tg_json_add_string(git, "commit", commit);
        tg_json_add_bool(git, "dirty", dirty);
    }
}

void tg_put_time(cJSON *object, const char *key, int64_t unix_ms)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc = {0};
    char text[32] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    char *precise = tg_format("%s_unix_ms", key);
    tg_json_add_string(object, key, text);
    tg_json_add_int64(object, precise, unix_ms);
    free(precise);
}

enum tg_status tg_put_document(const char *path, cJSON *json, bool replace, struct tg_diags *diags)
{
    char *text = tg_json_print(json);
    char *folder = tg_path_folder(path);
    enum tg_status status = tg_make_folders(folder, diags);
    if (status == TG_OK)
        status = tg_file_write(path, text, strlen(text), replace, diags);
    free(folder);
    free(text);
    cJSON_Delete(json);
    return status;
}
