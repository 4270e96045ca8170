#include "common/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void tg_hash_init(struct tg_hash *hash)
{
    SHA256Init(&hash->context);
}

void tg_hash_bytes(struct tg_hash *hash, const void *bytes, size_t length)
{
    if (length > 0)
        SHA256Update(&hash->context, bytes, length);
}

void tg_hash_u64(struct tg_hash *hash, uint64_t number)
{
    unsigned char bytes[8];
    for (unsigned i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    tg_hash_bytes(hash, bytes, sizeof bytes);
}

void tg_hash_field(struct tg_hash *hash, const void *bytes, size_t length)
{
    tg_hash_u64(hash, length);
    tg_hash_bytes(hash, bytes, length);
}

void tg_hash_string(struct tg_hash *hash, const char *text)
{
    tg_hash_field(hash, text, strlen(text));
}

void tg_hash_end(struct tg_hash *hash, char out[TG_HASH_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256Final(digest, &hash->context);
    for (size_t i = 0; i < sizeof digest; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * sizeof digest] = '\0';
}

enum tg_status tg_hash_file(const char *path, char out[TG_HASH_TEXT], struct tg_diags *diags)
{
    enum { CHUNK = 1 << 16 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return tg_diag_errno(diags, path, errno, "cannot open");
    unsigned char *chunk = malloc(CHUNK);
    if (!chunk)
        abort();
    struct tg_hash hash;
    tg_hash_init(&hash);
    ssize_t got;
    while ((got = read(fd, chunk, CHUNK)) > 0)
        tg_hash_bytes(&hash, chunk, (size_t)got);
    int error = errno;
    free(chunk);
    close(fd);
    if (got < 0)
        return tg_diag_errno(diags, path, error, "cannot read");
    tg_hash_end(&hash, out);
    return TG_OK;
}
