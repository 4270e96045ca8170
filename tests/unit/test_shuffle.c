/* Children of one process lie in memory each in its own way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/drive/shuffle.h"

enum { CHILDREN = 8, MAPPING_BYTES = 1 << 20 };

struct places {
    uintptr_t mapping, heap;
};

/* Where the next mapping and the end of the heap of a child are. */
static struct places places_of_child(bool shuffle)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (shuffle)
            tg_shuffle_layout();
        void *mapping = mmap(NULL, MAPPING_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        const struct places places = {(uintptr_t)mapping, (uintptr_t)sbrk(0)};
        _exit(write(ends[1], &places, sizeof places) == (ssize_t)sizeof places ? 0 : 1);
    }
    struct places places;
    int how;
    assert_int_equal(read(ends[0], &places, sizeof places), sizeof places);
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
    close(ends[0]);
    close(ends[1]);
    return places;
}

/* How many of the children lie elsewhere than the first one. */
static void count_others(bool shuffle, int *mappings, int *heaps)
{
    const struct places first = places_of_child(shuffle);
    *mappings = *heaps = 0;
    for (int i = 1; i < CHILDREN; i++) {
        const struct places places = places_of_child(shuffle);
        *mappings += places.mapping != first.mapping;
        *heaps += places.heap != first.heap;
    }
}

/* A gap between two mappings, as a freed block leaves it, into which a mapping of a child fits. */
static void leave_a_gap(void)
{
    char *three = mmap(NULL, 3 * MAPPING_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(three != MAP_FAILED);
    assert_int_equal(munmap(three + MAPPING_BYTES, MAPPING_BYTES), 0);
}

/* That all eight drew the same has a chance of one in 4096 to the seventh power. */
static void children_do_not_share_a_layout(void **state)
{
    (void)state;
    leave_a_gap();
    int mappings, heaps;
    count_others(false, &mappings, &heaps);
    assert_int_equal(mappings, 0); /* fork() alone: what this is about */
    assert_int_equal(heaps, 0);
    count_others(true, &mappings, &heaps);
    assert_true(mappings > 0);
    assert_true(heaps > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(children_do_not_share_a_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
