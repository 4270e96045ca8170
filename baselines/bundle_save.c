#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "baselines/bundle.h"
#include "baselines/host.h"
#include "baselines/json_writer.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/text.h"

/* More than any store's library has. */
static const size_t MOST_LIBRARY_BYTES = (size_t)1 << 30;

/* A bundle while it is made. */
struct save {
    struct tg_bundle *bundle;
    const char **contents; /* of each artefact; borrowed */
    struct tg_text library;
};

/* ---- what belongs to it ---- */

static bool name_is_free(const struct tg_bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->artefact_count; i++)
        if (strcmp(bundle->artefacts[i].name, name) == 0)
            return false;
    return *name != '.' && strcmp(name, "bundle.json") != 0;
}

/* The file's own name, with a number in front where that is taken. */
static const char *choose_name(struct tg_bundle *bundle, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *name = tg_arena_strdup(&bundle->arena, base);
    for (size_t number = 2; !name_is_free(bundle, name); number++)
        name = tg_arena_format(&bundle->arena, "%zu-%s", number, base);
    return name;
}

static void add_artefact(struct save *save, enum tg_bundle_role role, const char *path,
                         const char *bytes, size_t length)
{
    struct tg_bundle *bundle = save->bundle;
    char digest[TG_HASH_TEXT];
    struct tg_hash hash;
    tg_hash_init(&hash);
    tg_hash_bytes(&hash, bytes, length);
    tg_hash_end(&hash, digest);
    save->contents[bundle->artefact_count] = bytes;
    bundle->artefacts[bundle->artefact_count] = (struct tg_bundle_artefact){
        .role = role,
        .name = choose_name(bundle, path),
        .path = tg_arena_strdup(&bundle->arena, path),
        .bytes = (int64_t)length,
        .sha256 = tg_arena_strdup(&bundle->arena, digest),
    };
    bundle->artefact_count++;
}

static const char *fact(const struct tg_bundle_source *source, const char *name)
{
    for (size_t i = 0; i < source->fact_count; i++)
        if (strcmp(source->facts[i].name, name) == 0)
            return source->facts[i].value;
    return NULL;
}

static enum tg_status add_library(struct save *save, const struct tg_bundle_source *source,
                                  struct tg_diags *diags)
{
    const char *path = fact(source, "library");
    const char *digest = fact(source, "library_sha256");
    if (!path && !source->scenario->engine->default_library)
        return TG_OK;
    if (!path || !digest || path[0] != '/') {
        tg_diag_error(diags, (struct tg_place){0},
                      "the engine \"%s\" does not say which library it loaded",
                      source->scenario->engine->kind);
        return TG_INVALID;
    }
    enum tg_status status = tg_file_read(path, MOST_LIBRARY_BYTES, &save->library, diags);
    if (status != TG_OK)
        return status;
    add_artefact(save, TG_BUNDLE_LIBRARY, path, tg_text_string(&save->library),
                 save->library.length);
    /* What it was when the scenario was read has named the data set. */
    const char *read = source->scenario->library_sha256;
    if (strcmp(save->bundle->artefacts[save->bundle->artefact_count - 1].sha256, digest) == 0 &&
        (*read == '\0' || strcmp(read, digest) == 0))
        return TG_OK;
    tg_diag_hint(tg_diag_error(diags, (struct tg_place){.path = path},
                               "the library is not the one any more that was loaded"),
                 "measure again, and do not build meanwhile");
    return TG_INVALID;
}

static enum tg_status add_artefacts(struct save *save, const struct tg_bundle_source *source,
                                    struct tg_diags *diags)
{
    const struct tg_scenario *scenario = source->scenario;
    size_t most = scenario->store.schema_count + 2;
    save->contents = tg_arena_array(&save->bundle->arena, most, sizeof *save->contents);
    save->bundle->artefacts =
        tg_arena_array(&save->bundle->arena, most, sizeof *save->bundle->artefacts);
    add_artefact(save, TG_BUNDLE_SCENARIO, scenario->path, scenario->text, scenario->text_length);
    for (size_t i = 0; i < scenario->store.schema_count; i++) {
        const struct tg_script *script = &scenario->store.schema[i];
        add_artefact(save, TG_BUNDLE_SCHEMA, script->path, script->text, strlen(script->text));
    }
    return add_library(save, source, diags);
}

static void describe(struct tg_bundle *bundle, const struct tg_bundle_source *source)
{
    const struct tg_scenario *scenario = source->scenario;
    struct tg_arena *arena = &bundle->arena;
    struct tg_arena scratch = {0};
    char fingerprint[TG_HASH_TEXT];
    tg_workload_fingerprint(tg_workload_compile(&scratch, &scenario->workload), fingerprint);
    tg_arena_free(&scratch);
    bundle->scenario = tg_arena_strdup(arena, scenario->name);
    bundle->scenario_path = tg_arena_strdup(arena, scenario->path);
    bundle->scenario_hash = tg_arena_strdup(arena, scenario->hash);
    bundle->stream_fingerprint = tg_arena_strdup(arena, fingerprint);
    bundle->dataset_hash = tg_arena_strdup(arena, scenario->dataset_hash);
    bundle->override_count = source->override_count;
    bundle->overrides = tg_arena_array(arena, source->override_count, sizeof *bundle->overrides);
    for (size_t i = 0; i < source->override_count; i++)
        bundle->overrides[i] =
            (struct tg_override){.key = tg_arena_strdup(arena, source->overrides[i].key),
                                 .value = tg_arena_strdup(arena, source->overrides[i].value)};
}

/* When, from what and by whom. */
static void describe_origin(struct tg_bundle *bundle)
{
    struct timespec now;
    struct tg_git git;
    clock_gettime(CLOCK_REALTIME, &now);
    tg_git_read(&bundle->arena, &git);
    bundle->created_unix_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    bundle->tailgate = TG_VERSION;
    bundle->git_commit = git.commit;
    bundle->git_dirty = git.dirty;
}

/* ---- writing ---- */

static bool is_intact(const char *path, const char *sha256)
{
    struct stat info;
    char digest[TG_HASH_TEXT];
    struct tg_diags ignored = {0};
    bool intact = lstat(path, &info) == 0 && S_ISREG(info.st_mode) &&
                  tg_hash_file(path, digest, &ignored) == TG_OK && strcmp(digest, sha256) == 0;
    tg_diags_free(&ignored);
    return intact;
}

/* An object always has a name in some bundle as well: one that has none is garbage at any moment.
 */
static enum tg_status write_artefact(const char *objects, const char *folder,
                                     const struct tg_bundle_artefact *artefact, const char *bytes,
                                     struct tg_diags *diags)
{
    char *object = tg_path_join(objects, artefact->sha256);
    char *target = tg_path_join(folder, artefact->name);
    enum tg_status status = TG_OK;
    bool shared = is_intact(object, artefact->sha256);
    if (!shared)
        (void)unlink(object); /* damaged: nobody else shall get it */
    if (!shared || link(object, target) != 0) {
        status = tg_file_write(target, bytes, (size_t)artefact->bytes, false, diags);
        if (status == TG_OK && chmod(target, 0444) != 0)
            status = tg_diag_errno(diags, target, errno, "cannot make it read-only");
        if (status == TG_OK && link(target, object) != 0 && errno != EEXIST)
            status = tg_diag_errno(diags, object, errno, "cannot link the artefact");
    }
    free(object);
    free(target);
    return status;
}

static enum tg_status write_manifest(const char *folder, const struct tg_bundle *bundle,
                                     struct tg_diags *diags)
{
    char *path = tg_path_join(folder, "bundle.json");
    enum tg_status status = tg_put_document(path, tg_bundle_to_json(bundle), false, diags);
    free(path);
    return status;
}

static enum tg_status fill_folder(const struct save *save, const char *objects, const char *folder,
                                  struct tg_diags *diags)
{
    const struct tg_bundle *bundle = save->bundle;
    enum tg_status status = tg_make_folders(folder, diags);
    for (size_t i = 0; i < bundle->artefact_count && status == TG_OK; i++)
        status = write_artefact(objects, folder, &bundle->artefacts[i], save->contents[i], diags);
    tg_sync_folder(objects);
    return status == TG_OK ? write_manifest(folder, bundle, diags) : status;
}

static bool is_stored(const char *home, const char *id)
{
    struct tg_diags ignored = {0};
    struct tg_bundle *bundle = NULL;
    bool stored = tg_bundle_load(home, id, &bundle, &ignored) == TG_OK;
    if (stored)
        tg_bundle_free(bundle);
    tg_diags_free(&ignored);
    return stored;
}

/* Two steps, where a file system cannot swap. What was there is moved aside before it is removed,
 * so that there is no bundle only between two calls. */
static enum tg_status replace_bundle(const char *temporary, const char *folder, const char *home,
                                     const char *id, struct tg_diags *diags)
{
    char *aside = tg_format("%s.old", temporary);
    enum tg_status status = tg_remove_tree(aside, diags);
    if (status == TG_OK && rename(folder, aside) != 0 && errno != ENOENT)
        status = tg_diag_errno(diags, folder, errno, "cannot move the damaged bundle aside");
    if (status == TG_OK && rename(temporary, folder) != 0) {
        int error = errno;
        if (!is_stored(home, id)) /* another process came first */
            status = tg_diag_errno(diags, folder, error, "cannot store the bundle");
    }
    struct tg_diags ignored = {0};
    (void)!tg_remove_tree(aside, &ignored);
    tg_diags_free(&ignored);
    free(aside);
    return status;
}

/* Moves the finished folder to its place. An intact bundle that another process has put there
 * meanwhile stays, since its owner is about to run it; a damaged one is swapped for ours, so that
 * at no moment there is none. File systems that cannot swap (EINVAL) have such a moment. */
static enum tg_status publish(const char *temporary, const char *folder, const char *home,
                              const char *id, struct tg_diags *diags)
{
    if (rename(temporary, folder) == 0)
        return TG_OK;
    bool taken = errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR;
    if (!taken)
        return tg_diag_errno(diags, folder, errno, "cannot store the bundle");
    if (is_stored(home, id))
        return TG_OK;
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, folder, RENAME_EXCHANGE) == 0)
        return TG_OK;
    if (errno != EINVAL && errno != ENOSYS)
        return tg_diag_errno(diags, folder, errno, "cannot store the bundle");
    return replace_bundle(temporary, folder, home, id, diags);
}

/* Writes beside the final folder and moves the whole there. */
static enum tg_status write_bundle(const struct save *save, const char *home,
                                   struct tg_diags *diags)
{
    char *objects = tg_path_join(home, "objects");
    char *bundles = tg_path_join(home, "bundles");
    char *temporary = tg_format("%s/.new.%ld", bundles, (long)getpid());
    char *folder = tg_path_join(bundles, save->bundle->id);
    enum tg_status status = tg_make_folders(objects, diags);
    if (status == TG_OK)
        status = tg_remove_tree(temporary, diags);
    if (status == TG_OK)
        status = fill_folder(save, objects, temporary, diags);
    if (status == TG_OK)
        status = publish(temporary, folder, home, save->bundle->id, diags);
    tg_sync_folder(bundles);
    struct tg_diags ignored = {0}; /* the first error is the one to hear about */
    (void)!tg_remove_tree(temporary, &ignored);
    tg_diags_free(&ignored);
    free(folder);
    free(temporary);
    free(bundles);
    free(objects);
    return status;
}

enum tg_status tg_bundle_save(const char *home, const struct tg_bundle_source *source,
                              struct tg_bundle **bundle, struct tg_diags *diags)
{
    char id[TG_BUNDLE_ID] = "";
    struct save save = {.bundle = tg_calloc(1, sizeof *save.bundle)};
    enum tg_status status = add_artefacts(&save, source, diags);
    if (status == TG_OK) {
        describe(save.bundle, source);
        tg_bundle_make_id(save.bundle, id);
        save.bundle->id = id;
        struct tg_diags ignored = {0};
        bool stored = tg_bundle_load(home, id, bundle, &ignored) == TG_OK;
        tg_diags_free(&ignored);
        if (!stored) {
            describe_origin(save.bundle);
            status = write_bundle(&save, home, diags);
            if (status == TG_OK)
                status = tg_bundle_load(home, id, bundle, diags);
        }
    }
    tg_text_free(&save.library);
    tg_bundle_free(save.bundle);
    return status;
}
