#include "baselines/comparison_store.h"

#include <stdlib.h>
#include <string.h>

#include "baselines/json_writer.h"
#include "baselines/shelf.h"
#include "common/file.h"
#include "common/text.h"

static const struct tg_shelf comparisons = {
    .folder = "comparisons",
    .document = "comparison.json",
    .noun = "comparison",
    .make = "tailgate gate SCENARIO",
};

static enum tg_status write_stored(void *context, const char *folder, const char *id,
                                   struct tg_diags *diags)
{
    struct tg_comparison *comparison = context;
    comparison->id = tg_arena_strdup(&comparison->arena, id);
    char *path = tg_path_join(folder, comparisons.document);
    enum tg_status status = tg_put_document(path, tg_comparison_to_json(comparison), true, diags);
    free(path);
    return status;
}

enum tg_status tg_comparison_save(const char *home, struct tg_comparison *comparison,
                                  const struct tg_host *host, struct tg_diags *diags)
{
    if (host) {
        cJSON_Delete(comparison->host);
        comparison->host = tg_host_to_json(host);
    }
    const struct tg_shelf_item item = {comparison->scenario, comparison->started_unix_ms,
                                       write_stored, comparison};
    char *id = NULL;
    char *folder = NULL;
    enum tg_status status = tg_shelf_put(&comparisons, home, NULL, &item, &id, &folder, diags);
    comparison->id = id ? tg_arena_strdup(&comparison->arena, id) : NULL;
    free(id);
    free(folder);
    return status;
}

enum tg_status tg_comparison_find(const char *home, const char *name, char **path,
                                  struct tg_diags *diags)
{
    return tg_shelf_find(&comparisons, home, name, path, diags);
}

enum tg_status tg_comparison_read(const char *path, struct tg_comparison **comparison,
                                  struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, TG_COMPARISON_MOST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_comparison_parse(tg_text_string(&text), text.length, path, comparison, diags);
    tg_text_free(&text);
    return status;
}
