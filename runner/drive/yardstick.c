#include "runner/drive/yardstick.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "common/text.h"
#include "runner/drive/clock.h"
#include "runner/workload/random.h"

/* About 0.1 ms of today's machines, a fifth of it waiting for memory. */
enum { STEPS = 1000, DRAWS_PER_STEP = 4 };
enum { WORDS_PER_LINE = 8 };

static const size_t BYTES = TG_YARDSTICK_WORDS * sizeof(uint64_t);

struct yardstick_thread {
    struct tg_yardstick *yardstick;
    pthread_t thread;
    uint64_t at; /* the last draw, where the next piece goes on */
    int64_t elapsed_ns;
    int64_t pieces;
};

struct tg_yardstick {
    uint64_t *words;
    int64_t length_ns;
    uint32_t thread_count;
    struct yardstick_thread threads[];
};

struct tg_yardstick *tg_yardstick_new(uint32_t threads, struct tg_diags *diags)
{
    assert(threads >= 1);
    uint64_t *words = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (words == MAP_FAILED) {
        (void)tg_diag_errno(diags, NULL, errno, "no memory for the yardstick");
        return NULL;
    }
    /* Huge pages are there on one day and not on the next. */
    (void)madvise(words, BYTES, MADV_NOHUGEPAGE);
    for (uint64_t i = 0; i < TG_YARDSTICK_WORDS; i += 2) {
        struct tg_random_block block = tg_philox(0, i, 0);
        words[i] = block.word[0];
        words[i + 1] = block.word[1];
    }
    struct tg_yardstick *yardstick =
        tg_calloc(1, sizeof *yardstick + threads * sizeof *yardstick->threads);
    yardstick->words = words;
    yardstick->thread_count = threads;
    for (uint32_t i = 0; i < threads; i++)
        yardstick->threads[i] = (struct yardstick_thread){.yardstick = yardstick, .at = i};
    return yardstick;
}

void tg_yardstick_free(struct tg_yardstick *yardstick)
{
    if (!yardstick)
        return;
    munmap(yardstick->words, BYTES);
    free(yardstick);
}

uint64_t tg_yardstick_piece(const uint64_t *words, uint64_t start)
{
    uint64_t draw = start;
    for (uint64_t step = 0; step < STEPS; step++) {
        for (uint64_t i = 0; i < DRAWS_PER_STEP; i++)
            draw = tg_philox(draw, step, i).word[0];
        draw ^= words[draw % TG_YARDSTICK_WORDS];
    }
    return draw;
}

/* What the store left of the caches is not to count: a store that needs more of them would make the
 * machine look slower. */
static uint64_t settle(const uint64_t *words)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < TG_YARDSTICK_WORDS; i += WORDS_PER_LINE)
        sum += words[i];
    return sum;
}

static void *thread_main(void *context)
{
    struct yardstick_thread *self = context;
    const struct tg_yardstick *yardstick = self->yardstick;
    uint64_t draw = tg_yardstick_piece(yardstick->words, self->at + settle(yardstick->words));
    int64_t start_ns = tg_now_ns();
    self->pieces = 0;
    do {
        draw = tg_yardstick_piece(yardstick->words, draw);
        self->pieces++;
        self->elapsed_ns = tg_now_ns() - start_ns;
    } while (self->elapsed_ns < yardstick->length_ns);
    self->at = draw; /* used, so that the compiler cannot leave the work out */
    return NULL;
}

enum tg_status tg_yardstick_run(struct tg_yardstick *yardstick, int64_t length_ns, int64_t *work_ns,
                                struct tg_diags *diags)
{
    enum tg_status status = TG_OK;
    uint32_t started = 0;
    yardstick->length_ns = length_ns;
    while (started < yardstick->thread_count && status == TG_OK) {
        struct yardstick_thread *thread = &yardstick->threads[started];
        int error = pthread_create(&thread->thread, NULL, thread_main, thread);
        if (error)
            status = tg_diag_errno(diags, NULL, error, "cannot start a thread of the yardstick");
        else
            started++;
    }
    int64_t elapsed_ns = 0;
    int64_t pieces = 0;
    for (uint32_t i = 0; i < started; i++) {
        pthread_join(yardstick->threads[i].thread, NULL);
        elapsed_ns += yardstick->threads[i].elapsed_ns;
        pieces += yardstick->threads[i].pieces;
    }
    if (status != TG_OK)
        return status;
    assert(pieces > 0);
    *work_ns = elapsed_ns / pieces;
    return TG_OK;
}
