/* Records of a self-test: one line of JSON per gate, appended to a file, so that a self-test can be
 * stopped, gone on with, and pooled from parts. docs/selftest.md has the format. */
#ifndef TG_BASELINES_SELFTEST_RECORD_H
#define TG_BASELINES_SELFTEST_RECORD_H

#include "common/json.h"
#include "gate/selftest.h"

cJSON *tg_tested_to_json(const struct tg_tested_gate *gate);

/* Appends a line, whole and on the disk, or fails. Creates the file if need be. */
enum tg_status tg_tested_append(const char *path, const struct tg_tested_gate *gate,
                                struct tg_diags *diags) TG_CHECKED;
/* Proves that it can be appended to, and creates it. */
enum tg_status tg_tested_check(const char *path, struct tg_diags *diags) TG_CHECKED;

/* All records of a file, in its order. Everything lives in `arena`. */
enum tg_status tg_tested_read(const char *path, struct tg_arena *arena,
                              struct tg_tested_gate **gates, size_t *count,
                              struct tg_diags *diags) TG_CHECKED;

#endif
