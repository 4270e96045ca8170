/* The manifest of a bundle: round trip, every key damaged, contradictions, the id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "baselines/bundle.h"
#include "common/text.h"

#define DIGEST_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define DIGEST_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define DIGEST_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define DIGEST_D "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct tg_override overrides[] = {
    {.key = "engine.library", .value = "build/a=b.so"},
    {.key = "op.get.sql", .value = "SELECT \"id\",\n'\xC3\xA9' FROM t"},
};
static struct tg_bundle_artefact artefacts[] = {
    {TG_BUNDLE_SCENARIO, "notes.toml", "sc\xC3\xA8nes/my notes.toml", 1234, DIGEST_A},
    {TG_BUNDLE_SCHEMA, "schema.sql", "sc\xC3\xA8nes/schema.sql", 0, DIGEST_B},
    {TG_BUNDLE_LIBRARY, "libsqlite3.so.0.8.6", "/usr/lib/libsqlite3.so.0.8.6", INT64_C(1) << 53,
     DIGEST_C},
};

static struct tg_bundle sample(void)
{
    return (struct tg_bundle){
        .id = "e9a3c68e9afe5d8a",
        .scenario = "notes",
        .scenario_path = "sc\xC3\xA8nes/my notes.toml",
        .scenario_hash = DIGEST_D,
        .stream_fingerprint = DIGEST_A,
        .dataset_hash = DIGEST_B,
        .overrides = overrides,
        .override_count = 2,
        .artefacts = artefacts,
        .artefact_count = 3,
        .tailgate = "9.9.9",
        .created_unix_ms = INT64_C(1763683200123),
        .git_commit = "0123456789abcdef0123456789abcdef01234567",
        .git_dirty = true,
    };
}

/* Python's hashlib, after docs/bundle.md: t(x) = len(x).to_bytes(8, "little") + x for texts,
 * n(x) = x.to_bytes(8, "little") for numbers,
 * sha256(t("tailgate bundle 1") + t(name) + t(hash) + t(stream) + t(data) + n(2) + t(key) +
 * t(value)
 * ... + n(3) + t(role) + t(name) + n(bytes) + t(sha256) ...).hexdigest()[:16] */
static void the_id_is_that_of_the_documentation(void **state)
{
    (void)state;
    const struct tg_bundle bundle = sample();
    char id[TG_BUNDLE_ID];
    tg_bundle_make_id(&bundle, id);
    assert_string_equal(id, bundle.id);
}

static char *document_of(const struct tg_bundle *bundle)
{
    cJSON *json = tg_bundle_to_json(bundle);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    return text;
}

static char *sample_document(void)
{
    const struct tg_bundle bundle = sample();
    return document_of(&bundle);
}

/* The message that parsing gives, or NULL when it succeeds. Free with free(). */
static char *complaint(const char *text, size_t length)
{
    struct tg_diags diags = {0};
    struct tg_bundle *bundle = NULL;
    char *message = NULL;
    if (tg_bundle_parse(text, length, "bundle.json", &bundle, &diags) == TG_OK) {
        assert_int_equal(diags.count, 0);
    } else {
        assert_null(bundle);
        assert_int_equal(diags.errors, 1);
        assert_string_equal(diags.items[0].path, "bundle.json");
        message = tg_strdup(diags.items[0].message);
    }
    tg_bundle_free(bundle);
    tg_diags_free(&diags);
    return message;
}

static void check_complaint(const cJSON *json, const char *words)
{
    char *text = tg_json_print(json);
    char *message = complaint(text, strlen(text));
    if (!message || !strstr(message, words))
        fail_msg("\"%s\" does not say \"%s\"", message ? message : "(no complaint)", words);
    free(message);
    free(text);
}

static void a_manifest_survives_the_round_trip(void **state)
{
    (void)state;
    char *written = sample_document();
    struct tg_diags diags = {0};
    struct tg_bundle *bundle = NULL;
    assert_int_equal(tg_bundle_parse(written, strlen(written), "x", &bundle, &diags), TG_OK);
    char *again = document_of(bundle);
    assert_string_equal(written, again);
    /* What a second writing would not notice if writer and reader agreed to lose it. */
    assert_string_equal(bundle->overrides[0].key, "engine.library");
    assert_string_equal(bundle->overrides[0].value, "build/a=b.so");
    assert_string_equal(bundle->overrides[1].value, overrides[1].value);
    assert_string_equal(bundle->artefacts[0].path, "sc\xC3\xA8nes/my notes.toml");
    assert_int_equal(bundle->artefacts[1].role, TG_BUNDLE_SCHEMA);
    assert_true(bundle->artefacts[2].bytes == INT64_C(1) << 53);
    assert_string_equal(tg_bundle_library(bundle)->sha256, DIGEST_C);
    assert_true(bundle->git_dirty);
    assert_non_null(strstr(written, "\"created\": \"2025-11-21T00:00:00Z\"")); /* date -u -d @... */
    assert_null(bundle->folder);
    tg_bundle_free(bundle);
    tg_bundle_free(NULL);
    free(again);
    free(written);
}

static void no_repository_survives_as_well(void **state)
{
    (void)state;
    struct tg_bundle bundle = sample();
    bundle.git_commit = NULL;
    char *written = document_of(&bundle);
    struct tg_diags diags = {0};
    struct tg_bundle *read = NULL;
    assert_int_equal(tg_bundle_parse(written, strlen(written), "x", &read, &diags), TG_OK);
    assert_null(read->git_commit);
    tg_bundle_free(read);
    free(written);
}

/* ---- damage ---- */

/* Each key in turn is taken away, then given a type that it never has. */
static void damage_each(cJSON *root, cJSON *json, size_t *damaged)
{
    for (cJSON *child = json->child; child; child = child->next) {
        damage_each(root, child, damaged);
        if (!child->string || strcmp(child->string, "created") == 0) /* for people alone */
            continue;
        char *name = child->string;
        child->string = tg_strdup("something else");
        check_complaint(root, name);
        free(child->string);
        child->string = name;
        int type = child->type;
        cJSON *children = child->child;
        char *value = child->valuestring;
        child->type = cJSON_Raw; /* a nested array is right nowhere */
        child->valuestring = tg_strdup("[[]]");
        child->child = NULL;
        check_complaint(root, name);
        free(child->valuestring);
        child->valuestring = value;
        child->type = type;
        child->child = children;
        (*damaged)++;
    }
}

static void each_missing_or_mistyped_key_is_an_error_that_names_it(void **state)
{
    (void)state;
    char *text = sample_document();
    cJSON *json = cJSON_Parse(text);
    size_t damaged = 0;
    damage_each(json, json, &damaged);
    assert_int_equal(damaged, 8 + 6 + 2 * 2 + 3 * 5 + 2); /* of the sample, `created` aside */
    char *repaired = tg_json_print(json);
    assert_string_equal(repaired, text);
    free(repaired);
    cJSON_Delete(json);
    free(text);
}

static cJSON *at(cJSON *json, const char *path)
{
    char *copy = tg_strdup(path);
    char *rest = copy;
    for (char *key = strsep(&rest, "."); key; key = strsep(&rest, "."))
        json = cJSON_IsArray(json) ? cJSON_GetArrayItem(json, (int)strtol(key, NULL, 10))
                                   : cJSON_GetObjectItemCaseSensitive(json, key);
    free(copy);
    assert_non_null(json);
    return json;
}

static void contradictions_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *value;
        const char *complaint;
    } cases[] = {
        {"kind", "\"tailgate-result\"", "not a bundle"},
        {"format", "2", "format 2; this version reads format 1"},
        {"format", "0", "format is out of range"},
        {"id", "\"e9a3c68e9afe5d8b\"", "altered: its content is that of bundle e9a3c68e9afe5d8a"},
        {"id", "\"../../..\"", "altered"},
        {"scenario.name", "\"nodes\"", "altered"},
        {"scenario.hash", "\"abc\"", "scenario.hash is not a SHA-256"},
        {"scenario.hash", "\"" DIGEST_C "\"", "altered"},
        {"scenario.stream_fingerprint", "\"" DIGEST_C "0\"", "stream_fingerprint is not a SHA-256"},
        {"scenario.stream_fingerprint", "\"" DIGEST_C "\"", "altered"},
        {"scenario.dataset_hash", "\"\"", "dataset_hash is not a SHA-256"},
        {"scenario.dataset_hash", "\"" DIGEST_C "\"", "altered"},
        {"scenario.overrides", "[]", "altered"},
        {"scenario.overrides.0.key", "\"engine.librari\"", "altered"},
        {"scenario.overrides.1.value", "\"SELECT 1\"", "altered"},
        {"artefacts", "[]", "artefacts does not hold exactly one scenario"},
        {"artefacts.0.role", "\"plugin\"", "artefacts[0].role is a word that this version"},
        {"artefacts.0.role", "\"schema\"", "does not hold exactly one scenario"},
        {"artefacts.1.role", "\"scenario\"", "does not hold exactly one scenario"},
        {"artefacts.1.role", "\"library\"", "holds more than one library"},
        {"artefacts.2.role", "\"schema\"", "altered"},
        {"artefacts.0.name", "\"../secret\"", "artefacts[0].name is not a plain file name"},
        {"artefacts.0.name", "\"/etc/passwd\"", "not a plain file name"},
        {"artefacts.0.name", "\"..\"", "not a plain file name"},
        {"artefacts.0.name", "\"\"", "not a plain file name"},
        {"artefacts.0.name", "\"bundle.json\"", "not a plain file name"},
        {"artefacts.0.name", "\"other.toml\"", "altered"},
        {"artefacts.1.bytes", "-1", "artefacts[1].bytes is out of range"},
        {"artefacts.1.bytes", "0.5", "artefacts[1].bytes is missing or is not a whole number"},
        {"artefacts.1.bytes", "1", "altered"},
        {"artefacts.2.sha256", "\"" DIGEST_A "\"", "altered"},
        {"artefacts.2.sha256", "\"CCCC\"", "artefacts[2].sha256 is not a SHA-256"},
        {"created_unix_ms", "\"9223372036854775807\"", "created_unix_ms is out of range"},
        {"git.dirty", "1", "git.dirty is missing or is neither true nor false"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = sample_document();
        cJSON *json = cJSON_Parse(text);
        cJSON *item = at(json, cases[i].path);
        cJSON_Delete(item->child);
        free(item->valuestring);
        item->child = NULL;
        item->valuestring = tg_strdup(cases[i].value);
        item->type = cJSON_Raw;
        check_complaint(json, cases[i].complaint);
        cJSON_Delete(json);
        free(text);
    }
}

static void truncated_documents_are_refused(void **state)
{
    (void)state;
    char *text = sample_document();
    size_t length = strlen(text);
    for (size_t cut = 0; cut < length - 1; cut++) { /* the last byte is a newline */
        char *message = complaint(text, cut);
        assert_non_null(message);
        free(message);
    }
    char *longer = tg_format("%s{}", text);
    char *message = complaint(longer, strlen(longer));
    assert_non_null(message);
    free(message);
    free(longer);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_id_is_that_of_the_documentation),
        cmocka_unit_test(a_manifest_survives_the_round_trip),
        cmocka_unit_test(no_repository_survives_as_well),
        cmocka_unit_test(each_missing_or_mistyped_key_is_an_error_that_names_it),
        cmocka_unit_test(contradictions_are_refused),
        cmocka_unit_test(truncated_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
