#include "runner/drive/shuffle.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

enum { MOST_PAGES = 4096, MOST_HEAP_BYTES = 1 << 20, HEAP_STEP_BYTES = 16 };

void tg_shuffle_layout(void)
{
    uint32_t lots[2];
    if (getrandom(lots, sizeof lots, 0) != (ssize_t)sizeof lots)
        return;
    size_t hole = (1 + lots[0] % MOST_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
    /* Kept for good: later mappings go below it. */
    (void)mmap(NULL, hole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    intptr_t steps = lots[1] % (MOST_HEAP_BYTES / HEAP_STEP_BYTES);
    (void)sbrk(steps * HEAP_STEP_BYTES);
}
