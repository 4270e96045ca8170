#include <stdlib.h>
#include <string.h>

#include "baselines/bundle.h"
#include "baselines/json_reader.h"
#include "baselines/json_writer.h"
#include "common/hash.h"
#include "common/text.h"

static const char *const roles[] = {"scenario", "schema", "library"};

void tg_bundle_make_id(const struct tg_bundle *bundle, char id[TG_BUNDLE_ID])
{
    struct tg_hash hash;
    char digest[TG_HASH_TEXT];
    tg_hash_init(&hash);
    tg_hash_string(&hash, "tailgate bundle 1");
    tg_hash_string(&hash, bundle->scenario);
    tg_hash_string(&hash, bundle->scenario_hash);
    tg_hash_string(&hash, bundle->stream_fingerprint);
    tg_hash_string(&hash, bundle->dataset_hash);
    tg_hash_u64(&hash, bundle->override_count);
    for (size_t i = 0; i < bundle->override_count; i++) {
        tg_hash_string(&hash, bundle->overrides[i].key);
        tg_hash_string(&hash, bundle->overrides[i].value);
    }
    tg_hash_u64(&hash, bundle->artefact_count);
    for (size_t i = 0; i < bundle->artefact_count; i++) {
        const struct tg_bundle_artefact *artefact = &bundle->artefacts[i];
        tg_hash_string(&hash, roles[artefact->role]);
        tg_hash_string(&hash, artefact->name);
        tg_hash_u64(&hash, (uint64_t)artefact->bytes);
        tg_hash_string(&hash, artefact->sha256);
    }
    tg_hash_end(&hash, digest);
    memcpy(id, digest, TG_BUNDLE_ID - 1);
    id[TG_BUNDLE_ID - 1] = '\0';
}

/* ---- writing ---- */

static void add_scenario(cJSON *json, const struct tg_bundle *bundle)
{
    cJSON *scenario = tg_json_add(json, "scenario", tg_json_object());
    tg_json_add_string(scenario, "name", bundle->scenario);
    tg_json_add_string(scenario, "path", bundle->scenario_path);
    tg_json_add_string(scenario, "hash", bundle->scenario_hash);
    tg_json_add_string(scenario, "stream_fingerprint", bundle->stream_fingerprint);
    tg_json_add_string(scenario, "dataset_hash", bundle->dataset_hash);
    cJSON *overrides = tg_json_add(scenario, "overrides", tg_json_array());
    for (size_t i = 0; i < bundle->override_count; i++) {
        cJSON *item = tg_json_push(overrides, tg_json_object());
        tg_json_add_string(item, "key", bundle->overrides[i].key);
        tg_json_add_string(item, "value", bundle->overrides[i].value);
    }
}

cJSON *tg_bundle_to_json(const struct tg_bundle *bundle)
{
    cJSON *json = tg_json_object();
    tg_json_add_string(json, "kind", TG_BUNDLE_KIND);
    tg_json_add_int64(json, "format", TG_BUNDLE_FORMAT);
    tg_json_add_string(json, "tailgate", bundle->tailgate);
    tg_json_add_string(json, "id", bundle->id);
    tg_put_time(json, "created", bundle->created_unix_ms);
    add_scenario(json, bundle);
    cJSON *artefacts = tg_json_add(json, "artefacts", tg_json_array());
    for (size_t i = 0; i < bundle->artefact_count; i++) {
        const struct tg_bundle_artefact *artefact = &bundle->artefacts[i];
        cJSON *item = tg_json_push(artefacts, tg_json_object());
        tg_json_add_string(item, "role", roles[artefact->role]);
        tg_json_add_string(item, "name", artefact->name);
        tg_json_add_string(item, "path", artefact->path);
        tg_json_add_int64(item, "bytes", artefact->bytes);
        tg_json_add_string(item, "sha256", artefact->sha256);
    }
    tg_put_git(json, bundle->git_commit, bundle->git_dirty);
    return json;
}

/* ---- reading ---- */

static bool need_digest(struct tg_reader *reader, struct tg_node node, const char *key,
                        const char **out)
{
    if (!tg_need_text(reader, node, key, out))
        return false;
    if (strlen(*out) == TG_HASH_TEXT - 1 && strspn(*out, "0123456789abcdef") == TG_HASH_TEXT - 1)
        return true;
    return tg_read_wrong(reader, node, key, "is not a SHA-256 of 64 hexadecimal digits");
}

/* The name leads to a file of the bundle's own folder and nowhere else. */
static bool need_file_name(struct tg_reader *reader, struct tg_node node, const char *key,
                           const char **out)
{
    if (!tg_need_text(reader, node, key, out))
        return false;
    bool plain = **out && **out != '.' && !strchr(*out, '/') && strcmp(*out, "bundle.json") != 0;
    return plain || tg_read_wrong(reader, node, key, "is not a plain file name");
}

static bool read_scenario(struct tg_reader *reader, struct tg_node root, struct tg_bundle *bundle)
{
    struct tg_node at;
    const cJSON *array;
    size_t count;
    if (!tg_need_object(reader, root, "scenario", &at) ||
        !tg_need_text(reader, at, "name", &bundle->scenario) ||
        !tg_need_text(reader, at, "path", &bundle->scenario_path) ||
        !need_digest(reader, at, "hash", &bundle->scenario_hash) ||
        !need_digest(reader, at, "stream_fingerprint", &bundle->stream_fingerprint) ||
        !need_digest(reader, at, "dataset_hash", &bundle->dataset_hash) ||
        !tg_need_array(reader, at, "overrides", &array, &count))
        return false;
    bundle->overrides = tg_arena_array(reader->arena, count, sizeof *bundle->overrides);
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_override *override = &bundle->overrides[bundle->override_count];
        struct tg_node here =
            tg_read_element(reader, at, "overrides", item, bundle->override_count++);
        if (!tg_need_text(reader, here, "key", &override->key) ||
            !tg_need_text(reader, here, "value", &override->value))
            return false;
    }
    return true;
}

static bool read_artefact(struct tg_reader *reader, struct tg_node at,
                          struct tg_bundle_artefact *artefact)
{
    unsigned role;
    if (!tg_need_word(reader, at, "role", TG_WORDS(roles), &role) ||
        !need_file_name(reader, at, "name", &artefact->name) ||
        !tg_need_text(reader, at, "path", &artefact->path) ||
        !tg_need_amount(reader, at, "bytes", &artefact->bytes) ||
        !need_digest(reader, at, "sha256", &artefact->sha256))
        return false;
    artefact->role = (enum tg_bundle_role)role;
    return true;
}

static bool read_artefacts(struct tg_reader *reader, struct tg_node root, struct tg_bundle *bundle)
{
    const cJSON *array;
    size_t count;
    if (!tg_need_array(reader, root, "artefacts", &array, &count))
        return false;
    bundle->artefacts = tg_arena_array(reader->arena, count, sizeof *bundle->artefacts);
    size_t of_role[sizeof roles / sizeof *roles] = {0};
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        struct tg_bundle_artefact *artefact = &bundle->artefacts[bundle->artefact_count];
        struct tg_node at =
            tg_read_element(reader, root, "artefacts", item, bundle->artefact_count++);
        if (!read_artefact(reader, at, artefact))
            return false;
        of_role[artefact->role]++;
    }
    if (of_role[TG_BUNDLE_SCENARIO] != 1)
        return tg_read_wrong(reader, root, "artefacts", "does not hold exactly one scenario");
    return of_role[TG_BUNDLE_LIBRARY] <= 1 ||
           tg_read_wrong(reader, root, "artefacts", "holds more than one library");
}

static bool read_origin(struct tg_reader *reader, struct tg_node root, struct tg_bundle *bundle)
{
    return tg_need_text(reader, root, "tailgate", &bundle->tailgate) &&
           tg_need_amount(reader, root, "created_unix_ms", &bundle->created_unix_ms) &&
           tg_need_git(reader, root, &bundle->git_commit, &bundle->git_dirty);
}

/* The id is made of the content, so that an edit of the manifest shows. */
static bool read_id(struct tg_reader *reader, struct tg_node root, struct tg_bundle *bundle)
{
    char id[TG_BUNDLE_ID];
    if (!tg_need_text(reader, root, "id", &bundle->id))
        return false;
    tg_bundle_make_id(bundle, id);
    if (strcmp(id, bundle->id) == 0)
        return true;
    tg_diag_hint(tg_diag_error(reader->diags, (struct tg_place){.path = reader->path},
                               "the manifest was altered: its content is that of bundle %s", id),
                 "store the variant again");
    return false;
}

enum tg_status tg_bundle_parse(const char *text, size_t length, const char *path,
                               struct tg_bundle **bundle, struct tg_diags *diags)
{
    cJSON *json = tg_json_parse(text, length, path, diags);
    if (!json)
        return TG_INVALID;
    struct tg_bundle *read = tg_calloc(1, sizeof *read);
    struct tg_reader reader = {.arena = &read->arena, .diags = diags, .path = path};
    struct tg_node root = {json, ""};
    bool ok = tg_need_kind(&reader, root, TG_BUNDLE_KIND, "bundle", TG_BUNDLE_FORMAT) &&
              read_scenario(&reader, root, read) && read_artefacts(&reader, root, read) &&
              read_origin(&reader, root, read) && read_id(&reader, root, read);
    cJSON_Delete(json);
    if (!ok) {
        tg_bundle_free(read);
        return TG_INVALID;
    }
    *bundle = read;
    return TG_OK;
}

void tg_bundle_free(struct tg_bundle *bundle)
{
    if (!bundle)
        return;
    struct tg_arena arena = bundle->arena;
    free(bundle);
    tg_arena_free(&arena);
}
