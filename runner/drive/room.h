/* Is there room for a data set? Said before it is built, not after the disk is full. */
#ifndef TG_RUNNER_DRIVE_ROOM_H
#define TG_RUNNER_DRIVE_ROOM_H

#include <stdint.h>

#include "runner/scenario/scenario.h"

/* Bytes of all values of all loads, estimated from a sample of each load's rows. What a store makes
 * of them takes more: keys, indexes, pages. */
int64_t tg_room_least_bytes(const struct tg_scenario *scenario);

/* Bytes that can still be written to the file system of the folder `path`, of memory that can still
 * be had; -1: not known. */
int64_t tg_room_free_disk_bytes(const char *path);
int64_t tg_room_free_memory_bytes(void);

/* An error when the values alone take more than there is: of memory for a store in memory, of the
 * file system of `home` for one in files. */
enum tg_status tg_room_check(const struct tg_scenario *scenario, const char *home,
                             struct tg_diags *diags) TG_CHECKED;

#endif
