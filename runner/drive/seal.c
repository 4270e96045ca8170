#include "runner/drive/seal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "common/file.h"
#include "common/text.h"

enum { CHUNK_BYTES = 1 << 18, MOST_SEAL_BYTES = 1 << 20 };

/* "CHECKSUM SIZE NAME". The CRC finds damage by accident, which is all there is to find. */
static int add_file(const char *path, const char *name, struct tg_text *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno;
    unsigned char *chunk = tg_calloc(1, CHUNK_BYTES);
    uLong crc = crc32(0, NULL, 0);
    long long size = 0;
    ssize_t got;
    while ((got = read(fd, chunk, CHUNK_BYTES)) > 0) {
        crc = crc32(crc, chunk, (uInt)got);
        size += got;
    }
    int error = got < 0 ? errno : 0;
    free(chunk);
    close(fd);
    tg_text_addf(out, "%08lx %lld %s\n", crc, size, name);
    return error;
}

static enum tg_status describe(const char *folder, struct tg_text *out, struct tg_diags *diags)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return tg_diag_errno(diags, folder, errno, "cannot read the folder");
    enum tg_status status = TG_OK;
    for (int i = 0; i < count; i++) {
        char *path = tg_path_join(folder, entries[i]->d_name);
        struct stat info;
        if (status == TG_OK && lstat(path, &info) == 0 && S_ISREG(info.st_mode)) {
            int error = add_file(path, entries[i]->d_name, out);
            if (error)
                status = tg_diag_errno(diags, path, error, "cannot read");
        }
        free(path);
        free(entries[i]);
    }
    free(entries);
    return status;
}

enum tg_status tg_seal_write(const char *seal, const char *folder, struct tg_diags *diags)
{
    struct tg_text text = {0};
    enum tg_status status = describe(folder, &text, diags);
    if (status == TG_OK)
        status = tg_file_write(seal, tg_text_string(&text), text.length, true, diags);
    tg_text_free(&text);
    return status;
}

enum tg_status tg_seal_check(const char *seal, const char *folder, bool *intact,
                             struct tg_diags *diags)
{
    *intact = tg_path_exists(seal) && tg_path_exists(folder);
    if (!*intact)
        return TG_OK;
    struct tg_text sealed = {0};
    struct tg_text found = {0};
    enum tg_status status = tg_file_read(seal, MOST_SEAL_BYTES, &sealed, diags);
    if (status == TG_OK)
        status = describe(folder, &found, diags);
    *intact = strcmp(tg_text_string(&sealed), tg_text_string(&found)) == 0;
    tg_text_free(&sealed);
    tg_text_free(&found);
    return status;
}
