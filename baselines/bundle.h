/* Bundles: all that a variant needs to be run again later, whatever becomes of the originals.
 * HOME/bundles/ID/ holds the manifest bundle.json (docs/bundle.md) and the artefacts under their
 * own names. HOME/objects/ holds every artefact once more, as a hard link named after its content:
 * that is how bundles share them. A bundle appears whole or not at all and is never changed. */
#ifndef TG_BASELINES_BUNDLE_H
#define TG_BASELINES_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/json.h"
#include "runner/engine/engine.h"
#include "runner/scenario/scenario.h"

enum { TG_BUNDLE_FORMAT = 1 };
#define TG_BUNDLE_KIND "tailgate-bundle"

enum tg_bundle_role { TG_BUNDLE_SCENARIO, TG_BUNDLE_SCHEMA, TG_BUNDLE_LIBRARY };

struct tg_bundle_artefact {
    enum tg_bundle_role role;
    const char *name; /* of the file in the bundle's folder */
    const char *path; /* where it came from */
    int64_t bytes;
    const char *sha256;
};

struct tg_bundle {
    struct tg_arena arena;
    const char *id;     /* 16 hexadecimal digits, made of all that has no (*) here */
    const char *folder; /* HOME/bundles/ID; NULL when it was parsed only (*) */
    const char *scenario;
    const char *scenario_path; /* as it was given (*) */
    const char *scenario_hash;
    const char *stream_fingerprint;
    const char *dataset_hash;
    struct tg_override *overrides;
    size_t override_count;
    struct tg_bundle_artefact *artefacts; /* the scenario, its schema files in order, the library */
    size_t artefact_count;
    const char *tailgate;    /* version that made it (*) */
    int64_t created_unix_ms; /* (*) */
    const char *git_commit;  /* of the working directory then; NULL: none (*) */
    bool git_dirty;          /* (*) */
};

struct tg_bundle_source {
    const struct tg_scenario *scenario;
    const struct tg_override *overrides; /* that it was loaded with */
    size_t override_count;
    /* What the store said of itself when it was opened (tg_result.facts): "library" is the path of
     * the file that was loaded and "library_sha256" its content. None for an engine without one. */
    const struct tg_named_value *facts;
    size_t fact_count;
};

/* Stores the variant as it was loaded: texts come from memory, so that an edit since then has no
 * part in it; a library that changed since then is an error (TG_INVALID). What is there already is
 * kept: the same variant gives the same bundle, with the date of the first time. *bundle is set on
 * success alone; free with tg_bundle_free. */
enum tg_status tg_bundle_save(const char *home, const struct tg_bundle_source *source,
                              struct tg_bundle **bundle, struct tg_diags *diags) TG_CHECKED;

/* Reads a bundle and checks that every artefact is there with its content; each that is gone or was
 * altered is an error (TG_INVALID). *bundle is set on success alone; free with tg_bundle_free. */
enum tg_status tg_bundle_load(const char *home, const char *id, struct tg_bundle **bundle,
                              struct tg_diags *diags) TG_CHECKED;

/* The variant, made of the artefacts of the bundle alone. `extra` overrides are applied after its
 * own; those that would name another library or schema are refused, they are what the bundle keeps.
 * TG_INVALID as well when this version of Tailgate would run another stream or load other data
 * than the one that made the bundle. *scenario is set on success alone; free with
 * tg_scenario_free. It does not need the bundle any more. */
enum tg_status tg_bundle_scenario(const struct tg_bundle *bundle, const struct tg_override *extra,
                                  size_t extra_count, struct tg_scenario **scenario,
                                  struct tg_diags *diags) TG_CHECKED;

void tg_bundle_free(struct tg_bundle *bundle);

/* The library's artefact, NULL when there is none. */
const struct tg_bundle_artefact *tg_bundle_library(const struct tg_bundle *bundle);

/* ---- the manifest ---- */

enum { TG_BUNDLE_ID = 17 }; /* 16 digits and a NUL */

/* The id that the content of `bundle` gives. */
void tg_bundle_make_id(const struct tg_bundle *bundle, char id[TG_BUNDLE_ID]);

/* The document bundle.json. Free with cJSON_Delete. */
cJSON *tg_bundle_to_json(const struct tg_bundle *bundle);

/* The bundle that a document describes. Untrusted input: any bytes give a bundle whose id is right,
 * or errors at `path`. Looks at no artefact. *bundle is set on success alone. */
enum tg_status tg_bundle_parse(const char *text, size_t length, const char *path,
                               struct tg_bundle **bundle, struct tg_diags *diags) TG_CHECKED;

#endif
