/* The seal of a cached data set: names, sizes and checksums of its files. What was cut short,
 * changed or lost since it was built is not measured, and not blamed on the store. */
#ifndef TG_RUNNER_DRIVE_SEAL_H
#define TG_RUNNER_DRIVE_SEAL_H

#include <stdbool.h>

#include "common/diag.h"

/* Writes the file `seal` about the files in `folder`; not about folders in it. */
enum tg_status tg_seal_write(const char *seal, const char *folder,
                             struct tg_diags *diags) TG_CHECKED;

/* *intact: the files in `folder` are those that were sealed. A failure is that of reading a file.
 */
enum tg_status tg_seal_check(const char *seal, const char *folder, bool *intact,
                             struct tg_diags *diags) TG_CHECKED;

#endif
