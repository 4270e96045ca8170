/* An arena: many small allocations, freed together. One per command or per loaded document. */
#ifndef TG_COMMON_ARENA_H
#define TG_COMMON_ARENA_H

#include <stddef.h>

#include "common/diag.h"

struct tg_arena {
    struct tg_arena_block *newest; /* NULL: nothing allocated so far */
};

/* Zeroed memory, aligned for any type, alive until tg_arena_free or tg_arena_reset. Memory that
 * runs out aborts the program: there is nothing useful left to do. */
void *tg_arena_alloc(struct tg_arena *arena, size_t size);
/* `count` zeroed elements of `size` bytes; aborts on overflow of the product. */
void *tg_arena_array(struct tg_arena *arena, size_t count, size_t size);
char *tg_arena_strdup(struct tg_arena *arena, const char *text);
/* `length` bytes of `bytes` and a terminating NUL. */
char *tg_arena_memdup(struct tg_arena *arena, const void *bytes, size_t length);
char *tg_arena_format(struct tg_arena *arena, const char *fmt, ...) TG_PRINTF(2, 3);
/* Forgets all allocations but keeps the largest block for the next ones. */
void tg_arena_reset(struct tg_arena *arena);
void tg_arena_free(struct tg_arena *arena);

#endif
