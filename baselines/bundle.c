#include "baselines/bundle.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/file.h"
#include "common/hash.h"
#include "common/text.h"
#include "runner/scenario/toml.h"

enum { MOST_MANIFEST_BYTES = 16 << 20 };

/* ---- loading ---- */

static const char store_again[] = "store the variant again; it cannot be run without its artefacts";

static enum tg_status check_artefact(const struct tg_bundle *bundle,
                                     const struct tg_bundle_artefact *artefact,
                                     struct tg_diags *diags)
{
    char *path = tg_path_join(bundle->folder, artefact->name);
    struct stat info;
    char digest[TG_HASH_TEXT] = "";
    enum tg_status status = TG_OK;
    const char *what = NULL;
    if (lstat(path, &info) != 0)
        what = "is gone";
    else if (!S_ISREG(info.st_mode))
        what = "was altered";
    else
        status = tg_hash_file(path, digest, diags);
    if (!what && status == TG_OK && strcmp(digest, artefact->sha256) != 0)
        what = "was altered";
    if (what) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                                   "the artefact \"%s\" of bundle %s %s", artefact->name,
                                   bundle->id, what),
                     "%s", store_again);
        status = TG_INVALID;
    }
    free(path);
    return status;
}

/* All that is wrong with it, not the first only. */
static enum tg_status check_artefacts(const struct tg_bundle *bundle, struct tg_diags *diags)
{
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < bundle->artefact_count; i++) {
        enum tg_status one = check_artefact(bundle, &bundle->artefacts[i], diags);
        if (status == TG_OK)
            status = one;
    }
    return status;
}

static enum tg_status read_manifest(const char *folder, const char *id, struct tg_bundle **bundle,
                                    struct tg_diags *diags)
{
    char *path = tg_path_join(folder, "bundle.json");
    struct tg_text text = {0};
    enum tg_status status = tg_file_read(path, MOST_MANIFEST_BYTES, &text, diags);
    if (status == TG_OK)
        status = tg_bundle_parse(tg_text_string(&text), text.length, path, bundle, diags);
    if (status == TG_OK && strcmp((*bundle)->id, id) != 0) {
        tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                                   "is the manifest of bundle %s", (*bundle)->id),
                     "%s", store_again);
        tg_bundle_free(*bundle);
        status = TG_INVALID;
    }
    tg_text_free(&text);
    free(path);
    return status;
}

/* The folder of bundle `id`, or NULL with an error. Free with free(). */
static char *find_folder(const char *home, const char *id, struct tg_diags *diags)
{
    bool is_id =
        strlen(id) == TG_BUNDLE_ID - 1 && strspn(id, "0123456789abcdef") == TG_BUNDLE_ID - 1;
    char *folder = is_id ? tg_format("%s/bundles/%s", home, id) : NULL;
    if (folder && tg_path_exists(folder))
        return folder;
    free(folder);
    tg_diag_hint(
        tg_diag_error(diags, (struct tg_place){0}, "there is no bundle \"%s\" in %s", id, home),
        "it was removed, or belongs to another TAILGATE_HOME; store the variant again");
    return NULL;
}

enum tg_status tg_bundle_load(const char *home, const char *id, struct tg_bundle **bundle,
                              struct tg_diags *diags)
{
    char *folder = find_folder(home, id, diags);
    if (!folder)
        return TG_INVALID;
    struct tg_bundle *read = NULL;
    enum tg_status status = read_manifest(folder, id, &read, diags);
    if (status == TG_OK) {
        read->folder = tg_arena_strdup(&read->arena, folder);
        status = check_artefacts(read, diags);
        if (status == TG_OK)
            *bundle = read;
        else
            tg_bundle_free(read);
    }
    free(folder);
    return status;
}

const struct tg_bundle_artefact *tg_bundle_library(const struct tg_bundle *bundle)
{
    for (size_t i = 0; i < bundle->artefact_count; i++)
        if (bundle->artefacts[i].role == TG_BUNDLE_LIBRARY)
            return &bundle->artefacts[i];
    return NULL;
}

/* ---- running it again ---- */

/* Where the artefacts lie, for the scenario. */
struct files {
    struct tg_arena arena;
    const char *scenario;
    struct tg_scenario_files others;
};

static void locate(const struct tg_bundle *bundle, struct files *files)
{
    const char **schema = tg_arena_array(&files->arena, bundle->artefact_count, sizeof *schema);
    for (size_t i = 0; i < bundle->artefact_count; i++) {
        const struct tg_bundle_artefact *artefact = &bundle->artefacts[i];
        const char *path = tg_arena_format(&files->arena, "%s/%s", bundle->folder, artefact->name);
        if (artefact->role == TG_BUNDLE_SCHEMA)
            schema[files->others.schema_count++] = path;
        else if (artefact->role == TG_BUNDLE_LIBRARY)
            files->others.library = path; /* with a '/', so that the loader does not search */
        else
            files->scenario = path;
    }
    files->others.schema = schema;
}

/* Its own overrides and then the others. */
static enum tg_status load(const struct tg_bundle *bundle, const struct files *files,
                           const struct tg_override *extra, size_t extra_count,
                           struct tg_scenario **scenario, struct tg_diags *diags)
{
    size_t count = bundle->override_count + extra_count;
    struct tg_override *all = tg_calloc(count, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] =
            i < bundle->override_count ? bundle->overrides[i] : extra[i - bundle->override_count];
    enum tg_status status =
        tg_scenario_load_stored(files->scenario, &files->others, all, count, scenario, diags);
    free(all);
    return status;
}

static enum tg_status check_version(const struct tg_bundle *bundle,
                                    const struct tg_scenario *scenario, struct tg_diags *diags)
{
    struct tg_arena scratch = {0};
    char fingerprint[TG_HASH_TEXT];
    tg_workload_fingerprint(tg_workload_compile(&scratch, &scenario->workload), fingerprint);
    tg_arena_free(&scratch);
    const char *other = NULL;
    if (strcmp(fingerprint, bundle->stream_fingerprint) != 0)
        other = "run other operations";
    else if (strcmp(scenario->dataset_hash, bundle->dataset_hash) != 0)
        other = "load other data";
    if (!other)
        return TG_OK;
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = bundle->folder},
                               "was made by another build of Tailgate (%s): this one (" TG_VERSION
                               ") would %s",
                               bundle->tailgate, other),
                 "store the variant again, with this one");
    return TG_INVALID;
}

/* What [engine] says under `key`. Free with free(). */
static char *engine_text(const struct tg_scenario *scenario, const char *key)
{
    const struct tg_toml_node *node = tg_toml_get(tg_toml_get(scenario->root, "engine"), key);
    struct tg_text text = {0};
    tg_text_add(&text, "");
    if (node)
        tg_toml_canonical(node, &text);
    return text.data;
}

/* The files of the bundle stand in for whatever the scenario names: another name would be ignored.
 */
static enum tg_status check_names(const struct tg_scenario *own, const struct tg_scenario *changed,
                                  struct tg_diags *diags)
{
    static const char *const keys[] = {"library", "schema"};
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *before = engine_text(own, keys[i]);
        char *after = engine_text(changed, keys[i]);
        if (strcmp(before, after) != 0) {
            tg_diag_hint(tg_diag_error(diags, (struct tg_place){0},
                                       "engine.%s of a bundle cannot be changed", keys[i]),
                         "a bundle is run with its own artefacts");
            status = TG_INVALID;
        }
        free(before);
        free(after);
    }
    return status;
}

static const char *first_error(const struct tg_diags *diags)
{
    for (size_t i = 0; i < diags->count; i++)
        if (diags->items[i].severity == TG_SEVERITY_ERROR)
            return diags->items[i].message;
    return "no reason is known";
}

/* The variant without further overrides is the one that the manifest speaks of. */
static enum tg_status check_changed(const struct tg_bundle *bundle, const struct files *files,
                                    const struct tg_scenario *changed, struct tg_diags *diags)
{
    struct tg_scenario *own = NULL;
    struct tg_diags quiet = {0}; /* the warnings are known already */
    enum tg_status status = load(bundle, files, NULL, 0, &own, &quiet);
    if (status != TG_OK)
        tg_diag_error(diags, (struct tg_place){.path = bundle->folder},
                      "cannot be run as it was stored: %s", first_error(&quiet));
    else
        status = check_version(bundle, own, diags);
    if (status == TG_OK)
        status = check_names(own, changed, diags);
    tg_diags_free(&quiet);
    tg_scenario_free(own);
    return status;
}

enum tg_status tg_bundle_scenario(const struct tg_bundle *bundle, const struct tg_override *extra,
                                  size_t extra_count, struct tg_scenario **scenario,
                                  struct tg_diags *diags)
{
    struct files files = {0};
    struct tg_scenario *read = NULL;
    locate(bundle, &files);
    enum tg_status status = load(bundle, &files, extra, extra_count, &read, diags);
    if (status == TG_OK)
        status = extra_count == 0 ? check_version(bundle, read, diags)
                                  : check_changed(bundle, &files, read, diags);
    if (status == TG_OK)
        *scenario = read;
    else
        tg_scenario_free(read);
    tg_arena_free(&files.arena);
    return status;
}
