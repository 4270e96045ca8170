#include "runner/drive/shuffle.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum { MOST_PAGES = 4096, MOST_GAPS = 1024, MOST_HEAP_BYTES = 1 << 20, HEAP_STEP_BYTES = 16 };

static void *reserve(size_t bytes)
{
    return mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

/* Fills the gaps above LOWEST, all smaller than MOST_BYTES, down to the single page: what fits into
 * one would lie there in every child. */
static void close_gaps(const char *lowest, size_t most_bytes, size_t page_bytes)
{
    int closed = 0;
    for (size_t bytes = most_bytes; bytes >= page_bytes && closed < MOST_GAPS; bytes /= 2) {
        char *place = reserve(bytes);
        for (; place != MAP_FAILED && place > lowest && closed < MOST_GAPS; closed++)
            place = reserve(bytes);
        if (place != MAP_FAILED)
            (void)munmap(place, bytes);
    }
}

void tg_shuffle_layout(void)
{
    uint32_t lots[2];
    if (getrandom(lots, sizeof lots, 0) != (ssize_t)sizeof lots)
        return;
    const size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    /* Kept for good: later mappings go below it. */
    char *distance = reserve((1 + lots[0] % MOST_PAGES) * page_bytes);
    if (distance != MAP_FAILED)
        close_gaps(distance, MOST_PAGES * page_bytes, page_bytes);
    intptr_t steps = lots[1] % (MOST_HEAP_BYTES / HEAP_STEP_BYTES);
    (void)sbrk(steps * HEAP_STEP_BYTES);
}
