/* Stored comparisons: one folder each, HOME/comparisons/ID/, with comparison.json. */
#ifndef TG_BASELINES_COMPARISON_STORE_H
#define TG_BASELINES_COMPARISON_STORE_H

#include "baselines/comparison_json.h"
#include "baselines/host.h"
#include "common/diag.h"

/* Stores `comparison` into HOME/comparisons/ID/comparison.json and gives it its id,
 * SCENARIO-YYYYMMDDTHHMMSSZ (UTC, the start), with -2, -3, ... behind it when that is taken. The
 * part "host" is made from `host`; NULL leaves the comparison's own. On failure nothing is left
 * behind, and the id is NULL. */
enum tg_status tg_comparison_save(const char *home, struct tg_comparison *comparison,
                                  const struct tg_host *host, struct tg_diags *diags) TG_CHECKED;

/* Path of the document that `name` means: a path to it or to its folder, an id, the name of a
 * scenario (its newest comparison), a prefix of exactly one id; NULL: the newest of all. *path is
 * allocated on success alone; free with free(). An unknown name is an error that says what there
 * is. */
enum tg_status tg_comparison_find(const char *home, const char *name, char **path,
                                  struct tg_diags *diags) TG_CHECKED;

/* Reads a document. *comparison is set on success alone; free with tg_comparison_free. */
enum tg_status tg_comparison_read(const char *path, struct tg_comparison **comparison,
                                  struct tg_diags *diags) TG_CHECKED;

#endif
