#include "common/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

enum { FIRST_BLOCK_BYTES = 4096 };

struct tg_arena_block {
    struct tg_arena_block *older;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

void *tg_arena_alloc(struct tg_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX / 4)
        abort();
    size = (size + align - 1) & ~(align - 1);
    struct tg_arena_block *block = arena->newest;
    if (!block || block->size - block->used < size) {
        size_t want = block ? block->size * 2 : FIRST_BLOCK_BYTES;
        if (want < size)
            want = size;
        block = tg_realloc(NULL, sizeof *block + want);
        block->older = arena->newest;
        block->used = 0;
        block->size = want;
        arena->newest = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memset(memory, 0, size);
}

void *tg_arena_array(struct tg_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        abort();
    return tg_arena_alloc(arena, count * size);
}

char *tg_arena_memdup(struct tg_arena *arena, const void *bytes, size_t length)
{
    char *copy = tg_arena_alloc(arena, length + 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *tg_arena_strdup(struct tg_arena *arena, const char *text)
{
    return tg_arena_memdup(arena, text, strlen(text));
}

char *tg_arena_format(struct tg_arena *arena, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = tg_vformat(fmt, args);
    va_end(args);
    char *copy = tg_arena_strdup(arena, text);
    free(text);
    return copy;
}

void tg_arena_reset(struct tg_arena *arena)
{
    /* Blocks only grow, so the newest is the largest. */
    struct tg_arena_block *kept = arena->newest;
    if (!kept)
        return;
    arena->newest = kept->older;
    tg_arena_free(arena);
    kept->older = NULL;
    kept->used = 0;
    arena->newest = kept;
}

void tg_arena_free(struct tg_arena *arena)
{
    while (arena->newest) {
        struct tg_arena_block *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
}
