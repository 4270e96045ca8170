#include "baselines/shelf.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/file.h"
#include "common/text.h"

enum { MOST_OF_A_NAME = 10000 };

const char *tg_store_home(void)
{
    const char *home = getenv("TAILGATE_HOME");
    return home && *home ? home : ".tailgate";
}

/* "SCENARIO-20251121T000000Z", "...-2" for number 2. Free with free(). */
static char *make_id(const struct tg_shelf_item *item, long number)
{
    time_t seconds = (time_t)(item->started_unix_ms / 1000);
    struct tm utc = {0};
    char stamp[32] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    char *id = number > 1 ? tg_format("%s-%s-%ld", item->scenario, stamp, number)
                          : tg_format("%s-%s", item->scenario, stamp);
    /* Scenario names are plain already; a hidden or nested folder would not be found again. */
    for (char *at = id; *at; at++)
        if (!isalnum((unsigned char)*at) && (at == id || !strchr("_.-", *at)))
            *at = '_';
    return id;
}

/* Renames unless `to` exists. File systems without RENAME_NOREPLACE still refuse to replace a
 * folder that is not empty, and a thing's never is. */
static int rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    return rename(from, to) == 0 ? 0 : errno;
}

/* Moves the finished folder to its place, under the first id that is free. */
static enum tg_status publish(const struct tg_shelf *shelf, const char *from, const char *parent,
                              const char *folder, const struct tg_shelf_item *item, char **id,
                              char **stored_in, struct tg_diags *diags)
{
    for (long number = 1; number <= MOST_OF_A_NAME; number++) {
        char *name = make_id(item, number);
        char *target = folder ? tg_strdup(folder) : tg_path_join(parent, name);
        enum tg_status status = TG_OK;
        int error = !folder && tg_path_exists(target) ? EEXIST : 0;
        if (error == 0) {
            status = item->write(item->context, from, name, diags);
            error = status == TG_OK ? rename_new(from, target) : 0;
        }
        bool taken = error == EEXIST || error == ENOTEMPTY;
        if (error != 0 && (folder || !taken))
            status = tg_diag_errno(diags, target, error, "cannot store the %s", shelf->noun);
        if (status == TG_OK && error == 0) {
            *id = name;
            *stored_in = target;
            return TG_OK;
        }
        free(name);
        free(target);
        if (status != TG_OK)
            return status;
    }
    tg_diag_error(diags, (struct tg_place){.path = parent},
                  "has no name left for a %s of this second", shelf->noun);
    return TG_SYSTEM;
}

enum tg_status tg_shelf_put(const struct tg_shelf *shelf, const char *home, const char *folder,
                            const struct tg_shelf_item *item, char **id, char **stored_in,
                            struct tg_diags *diags)
{
    /* The temporary folder stands beside the final one: a rename cannot cross file systems. */
    char *parent = folder ? tg_path_folder(folder) : tg_path_join(home, shelf->folder);
    char *temporary = tg_format("%s/.new.%ld", parent, (long)getpid());
    enum tg_status status = tg_make_folders(parent, diags);
    if (status == TG_OK)
        status = tg_remove_tree(temporary, diags);
    if (status == TG_OK && mkdir(temporary, 0777) != 0)
        status = tg_diag_errno(diags, temporary, errno, "cannot create the folder");
    if (status == TG_OK) {
        status = publish(shelf, temporary, parent, folder, item, id, stored_in, diags);
        if (status == TG_OK) {
            tg_sync_folder(parent);
        } else {
            struct tg_diags ignored = {0}; /* the first error is the one to hear about */
            (void)!tg_remove_tree(temporary, &ignored);
            tg_diags_free(&ignored);
        }
    }
    free(temporary);
    free(parent);
    return status;
}
