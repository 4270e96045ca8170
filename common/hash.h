/* SHA-256, for fingerprints of streams and contents of files. The digests are those of sha256sum.
 */
#ifndef TG_COMMON_HASH_H
#define TG_COMMON_HASH_H

#include <sha2.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"

enum { TG_HASH_TEXT = 65 }; /* 64 hexadecimal digits and a NUL */

struct tg_hash {
    SHA2_CTX context;
};

void tg_hash_init(struct tg_hash *hash);
void tg_hash_bytes(struct tg_hash *hash, const void *bytes, size_t length);
/* Length first, then the bytes, so that ("ab", "c") and ("a", "bc") differ. */
void tg_hash_field(struct tg_hash *hash, const void *bytes, size_t length);
void tg_hash_string(struct tg_hash *hash, const char *text);
/* Eight bytes, least significant first, on every platform. */
void tg_hash_u64(struct tg_hash *hash, uint64_t number);
/* Ends the hash; `out` gets lower-case hexadecimal. */
void tg_hash_end(struct tg_hash *hash, char out[TG_HASH_TEXT]);

enum tg_status tg_hash_file(const char *path, char out[TG_HASH_TEXT],
                            struct tg_diags *diags) TG_CHECKED;

#endif
