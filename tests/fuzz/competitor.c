/* The file of a competitor: whatever the bytes are, the reader either gives one or says at least
 * one error; and what it gives is fit to be compared with. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "baselines/competitors.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int fd = memfd_create("competitor", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        abort();
    char *path = tg_format("/proc/self/fd/%d", fd);
    struct tg_arena arena = {0};
    struct tg_diags diags = {0};
    struct tg_competitor competitor;
    enum tg_status status = tg_competitor_read(path, &arena, &competitor, &diags);
    check((status == TG_OK) == (diags.errors == 0));
    if (status == TG_OK) {
        check(competitor.name && *competitor.name && competitor.applies_to_count > 0);
        size_t published = 0;
        for (int i = 0; i < TG_FIGURE_COUNT; i++) {
            const struct tg_published *figure = &competitor.figures[i];
            const struct tg_measured ours = {.value = 1, .low = 1, .high = 1};
            bool usable = tg_position(i, ours, *figure).relation != TG_RELATION_NONE;
            check(usable != (isnan(figure->low) && isnan(figure->high)));
            published += usable;
        }
        check(published > 0);
    }
    tg_diags_free(&diags);
    tg_arena_free(&arena);
    free(path);
    close(fd);
    return 0;
}
