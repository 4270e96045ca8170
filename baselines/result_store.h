/* Stored results: one folder each, HOME/results/ID/, with result.json and the interval log of every
 * phase. A folder appears whole or not at all, and is never changed afterwards. */
#ifndef TG_BASELINES_RESULT_STORE_H
#define TG_BASELINES_RESULT_STORE_H

#include <stddef.h>

#include "baselines/host.h"
#include "baselines/result_json.h"
#include "baselines/shelf.h"
#include "common/diag.h"
#include "runner/drive/result.h"

/* Proves before a run that its result can be stored afterwards. Makes HOME, and a .gitignore in it.
 */
enum tg_status tg_store_check(const char *home, struct tg_diags *diags) TG_CHECKED;

/* Stores `result` and gives it its id, SCENARIO-YYYYMMDDTHHMMSSZ (UTC, the start of the run), with
 * -2, -3, ... behind it when that is taken. The part "host" is made from `host`; NULL leaves the
 * result's own. Writes into `folder`, which must not exist yet, or, when that is NULL, into a
 * folder of HOME/results named after the id. Interval logs are stored and freed. On failure nothing
 * is left behind and the result still holds all its figures. */
enum tg_status tg_store_save(const char *home, const char *folder, struct tg_result *result,
                             const struct tg_host *host, struct tg_diags *diags) TG_CHECKED;

/* Path of the result.json that `name` means: a path to it or to its folder, an id, the name of a
 * scenario (its newest result), a prefix of exactly one id; NULL: the newest of all. *path is
 * allocated on success alone; free with free(). An unknown name is an error that says what there
 * is. */
enum tg_status tg_store_find(const char *home, const char *name, char **path,
                             struct tg_diags *diags) TG_CHECKED;

/* Reads a result.json. *result is set on success alone; free with tg_result_free. */
enum tg_status tg_store_read(const char *path, struct tg_result **result,
                             struct tg_diags *diags) TG_CHECKED;

/* tg_store_find and tg_store_read. */
enum tg_status tg_store_load(const char *home, const char *name, struct tg_result **result,
                             struct tg_diags *diags) TG_CHECKED;

/* All stored results, newest first, in `arena`; none when there is no store yet. Verdicts need
 * every document to be read and are NULL without `with_verdicts`. */
enum tg_status tg_store_list(const char *home, bool with_verdicts, struct tg_arena *arena,
                             struct tg_store_entry **entries, size_t *count,
                             struct tg_diags *diags) TG_CHECKED;

#endif
