#include "common/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum tg_status tg_file_read(const char *path, size_t limit_bytes, struct tg_text *text,
                            struct tg_diags *diags)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a named pipe would make us wait */
    if (fd < 0)
        return tg_diag_errno(diags, path, errno, "cannot open");
    struct stat info;
    if (fstat(fd, &info) == 0 && !S_ISREG(info.st_mode)) {
        close(fd);
        tg_diag_error(diags, (struct tg_place){.path = path}, "is not a regular file");
        return TG_INVALID;
    }
    char chunk[16384];
    size_t total = 0;
    ssize_t got;
    while ((got = read(fd, chunk, sizeof chunk)) > 0) {
        total += (size_t)got;
        if (total > limit_bytes) {
            close(fd);
            tg_diag_error(diags, (struct tg_place){.path = path},
                          "is larger than the %zu bytes that such a file may have", limit_bytes);
            return TG_INVALID;
        }
        tg_text_add_bytes(text, chunk, (size_t)got);
    }
    int error = errno;
    close(fd);
    return got < 0 ? tg_diag_errno(diags, path, error, "cannot read") : TG_OK;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t wrote = write(fd, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return errno;
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return 0;
}

void tg_sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
}

int tg_lock_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && flock(fd, LOCK_EX) != 0 && errno == EINTR)
        ;
    return fd;
}

void tg_unlock_folder(int lock)
{
    if (lock >= 0)
        close(lock);
}

enum tg_status tg_file_write(const char *path, const void *bytes, size_t length, bool replace,
                             struct tg_diags *diags)
{
    char *temporary = tg_format("%s.tmp.%ld", path, (long)getpid());
    char *folder = tg_path_folder(path);
    int error = 0;
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        error = errno;
    } else {
        error = write_all(fd, bytes, length);
        if (error == 0 && fsync(fd) != 0)
            error = errno;
        if (close(fd) != 0 && error == 0)
            error = errno;
        /* link() fails where the name exists already, rename() replaces it. */
        if (error == 0 && (replace ? rename(temporary, path) : link(temporary, path)) != 0)
            error = errno;
        if (error != 0 || !replace)
            unlink(temporary);
        /* The name is durable only once the folder itself is. */
        tg_sync_folder(folder);
    }
    free(temporary);
    free(folder);
    return error ? tg_diag_errno(diags, path, error, "cannot write") : TG_OK;
}

enum tg_status tg_make_folders(const char *path, struct tg_diags *diags)
{
    char *partial = tg_strdup(path);
    int error = 0;
    for (char *at = partial + (*partial == '/'); error == 0; at++) {
        char saved = *at;
        if (saved != '/' && saved != '\0')
            continue;
        *at = '\0';
        if (mkdir(partial, 0777) != 0 && errno != EEXIST)
            error = errno;
        *at = saved;
        if (saved == '\0')
            break;
    }
    free(partial);
    struct stat info;
    if (error == 0 && (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)))
        error = ENOTDIR;
    return error ? tg_diag_errno(diags, path, error, "cannot create the folder") : TG_OK;
}

enum tg_status tg_check_writable_folder(const char *path, struct tg_diags *diags)
{
    enum tg_status status = tg_make_folders(path, diags);
    if (status != TG_OK)
        return status;
    char *probe = tg_format("%s/.probe.%ld", path, (long)getpid());
    int fd = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int error = fd < 0 ? errno : write_all(fd, "probe\n", 6);
    if (fd >= 0) {
        if (error == 0 && fsync(fd) != 0)
            error = errno;
        close(fd);
        unlink(probe);
    }
    free(probe);
    return error ? tg_diag_errno(diags, path, error, "cannot write into the folder") : TG_OK;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

enum tg_status tg_remove_tree(const char *path, struct tg_diags *diags)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return tg_diag_errno(diags, path, errno, "cannot remove");
    return TG_OK;
}

static int copy_bytes(int from, int to)
{
    if (ioctl(to, FICLONE, from) == 0)
        return 0;
    char chunk[1 << 16];
    ssize_t got;
    while ((got = read(from, chunk, sizeof chunk)) > 0) {
        int error = write_all(to, chunk, (size_t)got);
        if (error)
            return error;
    }
    return got < 0 ? errno : 0;
}

static int copy_file(const char *from, const char *to)
{
    int source = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (source < 0)
        return errno;
    int target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int error = target < 0 ? errno : copy_bytes(source, target);
    if (error == 0 && fsync(target) != 0)
        error = errno;
    if (target >= 0 && close(target) != 0 && error == 0)
        error = errno;
    close(source);
    return error;
}

enum tg_status tg_copy_folder(const char *from, const char *to, struct tg_diags *diags)
{
    DIR *folder = opendir(from);
    if (!folder)
        return tg_diag_errno(diags, from, errno, "cannot read the folder");
    enum tg_status status = TG_OK;
    struct dirent *entry;
    while (status == TG_OK && (entry = readdir(folder))) {
        char *source = tg_path_join(from, entry->d_name);
        char *target = tg_path_join(to, entry->d_name);
        struct stat info;
        if (lstat(source, &info) == 0 && S_ISREG(info.st_mode)) {
            int error = copy_file(source, target);
            if (error)
                status = tg_diag_errno(diags, target, error, "cannot copy %s", source);
        }
        free(source);
        free(target);
    }
    closedir(folder);
    return status;
}

int64_t tg_folder_bytes_of(const char *path, const char *suffix)
{
    int64_t total = -1;
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        struct stat info;
        if (tg_ends_with(entry->d_name, suffix) &&
            fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISREG(info.st_mode))
            total = (total < 0 ? 0 : total) + (int64_t)info.st_size;
    }
    if (folder)
        closedir(folder);
    return total;
}

int64_t tg_folder_bytes(const char *path)
{
    int64_t total = tg_folder_bytes_of(path, "");
    return total < 0 ? 0 : total;
}

bool tg_path_exists(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0;
}

char *tg_path_join(const char *dir, const char *name)
{
    if (!dir || !*dir || strcmp(dir, ".") == 0 || name[0] == '/')
        return tg_strdup(name);
    return tg_format("%s%s%s", dir, tg_ends_with(dir, "/") ? "" : "/", name);
}

char *tg_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return tg_strdup(".");
    if (slash == path)
        return tg_strdup("/");
    return tg_format("%.*s", (int)(slash - path), path);
}

char *tg_path_find_upwards(const char *name)
{
    enum { MOST_LEVELS = 128 };
    struct tg_text folder = {0};
    char *found = NULL;
    struct stat here, parent;
    tg_text_add(&folder, ".");
    for (int level = 0; level < MOST_LEVELS && !found; level++) {
        char *path = tg_path_join(tg_text_string(&folder), name);
        if (tg_path_exists(path))
            found = tg_strdup(tg_text_string(&folder));
        free(path);
        bool known = stat(tg_text_string(&folder), &here) == 0;
        if (level == 0)
            tg_text_clear(&folder);
        tg_text_add(&folder, level == 0 ? ".." : "/..");
        known = known && stat(tg_text_string(&folder), &parent) == 0;
        if (!known || (here.st_dev == parent.st_dev && here.st_ino == parent.st_ino))
            break; /* the root is its own parent */
    }
    tg_text_free(&folder);
    return found;
}
