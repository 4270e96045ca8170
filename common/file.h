/* Files: whole reads, atomic writes, folders, copies. */
#ifndef TG_COMMON_FILE_H
#define TG_COMMON_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"
#include "common/text.h"

/* Reads a regular file of at most `limit_bytes` into `text` (appended). */
enum tg_status tg_file_read(const char *path, size_t limit_bytes, struct tg_text *text,
                            struct tg_diags *diags) TG_CHECKED;

/* Writes `path` so that it is either absent or whole: a temporary name in the same folder, synced,
 * then linked under its final name. Refuses to replace an existing file unless `replace`. */
enum tg_status tg_file_write(const char *path, const void *bytes, size_t length, bool replace,
                             struct tg_diags *diags) TG_CHECKED;

/* mkdir -p. */
enum tg_status tg_make_folders(const char *path, struct tg_diags *diags) TG_CHECKED;
/* Creates `path` if need be and proves that a file can be written there. */
enum tg_status tg_check_writable_folder(const char *path, struct tg_diags *diags) TG_CHECKED;
/* rm -r; a path that does not exist is fine. Does not follow links. */
enum tg_status tg_remove_tree(const char *path, struct tg_diags *diags) TG_CHECKED;
/* Copies the regular files of folder `from` (not its sub-folders) into the existing folder `to`;
 * shares blocks where the file system can (reflink). The copies are on the disk when it returns:
 * nobody after it pays for writing them. */
enum tg_status tg_copy_folder(const char *from, const char *to, struct tg_diags *diags) TG_CHECKED;

/* Sum of the sizes of the regular files in folder `path` (not its sub-folders); 0 when there is
 * none. */
int64_t tg_folder_bytes(const char *path);
/* The same of those whose names end with `suffix`; -1 when there is none. */
int64_t tg_folder_bytes_of(const char *path, const char *suffix);
/* Waits until no other process has the folder, and takes it: for files in it that are read, added
 * to and written anew. Give the descriptor to tg_unlock_folder. Where it cannot be locked, nobody
 * is kept out. */
int tg_lock_folder(const char *path);
void tg_unlock_folder(int lock);
/* Makes what was created or renamed in the folder durable, where the file system can. */
void tg_sync_folder(const char *path);

bool tg_path_exists(const char *path);
/* "DIR/NAME", or NAME alone when it is absolute or DIR is NULL, empty or ".". Free with free(). */
char *tg_path_join(const char *dir, const char *name);
/* The folder part of `path`, "." when it has none. Free with free(). */
char *tg_path_folder(const char *path);
/* The nearest folder, from the working directory upwards, that has a file `name`: ".", "..",
 * "../..". NULL: none has. Free with free(). */
char *tg_path_find_upwards(const char *name);

#endif
