/* The manifest of a bundle. What is accepted has the id of its content, names files of its own
 * folder only, and can be written again as something that reads the same. */
#include <stdlib.h>
#include <string.h>

#include "baselines/bundle.h"
#include "tests/fuzz/fuzz.h"

static void check(int condition)
{
    if (!condition)
        abort();
}

static char *document_of(const struct tg_bundle *bundle)
{
    cJSON *json = tg_bundle_to_json(bundle);
    char *text = tg_json_print(json);
    cJSON_Delete(json);
    return text;
}

static void check_content(const struct tg_bundle *bundle)
{
    char id[TG_BUNDLE_ID];
    tg_bundle_make_id(bundle, id);
    check(strcmp(id, bundle->id) == 0);
    for (size_t i = 0; i < bundle->artefact_count; i++) {
        const struct tg_bundle_artefact *artefact = &bundle->artefacts[i];
        check(*artefact->name && *artefact->name != '.' && !strchr(artefact->name, '/'));
        check(strlen(artefact->sha256) == 64 && artefact->bytes >= 0);
    }
}

static void round_trip(const struct tg_bundle *bundle)
{
    struct tg_diags diags = {0};
    struct tg_bundle *again = NULL;
    char *first = document_of(bundle);
    check(tg_bundle_parse(first, strlen(first), "first", &again, &diags) == TG_OK);
    char *second = document_of(again);
    check(strcmp(first, second) == 0);
    tg_bundle_free(again);
    free(second);
    free(first);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tg_diags diags = {0};
    struct tg_bundle *bundle = NULL;
    enum tg_status status =
        tg_bundle_parse((const char *)data, size, "bundle.json", &bundle, &diags);
    check((status == TG_OK) == (bundle != NULL) && (status == TG_OK) == (diags.errors == 0));
    if (bundle) {
        check_content(bundle);
        round_trip(bundle);
    }
    tg_bundle_free(bundle);
    tg_diags_free(&diags);
    return 0;
}
