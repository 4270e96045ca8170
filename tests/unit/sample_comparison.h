/* A comparison made by hand, with every part filled. The values are chosen, not measured. */
#ifndef TG_TESTS_SAMPLE_COMPARISON_H
#define TG_TESTS_SAMPLE_COMPARISON_H

#include "gate/comparison.h"

enum { TG_SAMPLE_LAUNCHES = 21 };

/* Of a task, decided, with `launches` launches and five metrics: session_get.p50 and rate hold,
 * memory_put.p99 is a fifth slower after, memory_put.stalls counts rare stalls (pooled only) and
 * memory_put.p99.9 could not be gated. Two operations, one of which never ran. With all of
 * TG_SAMPLE_LAUNCHES it is a regression, confirmed on 11 fresh launches. Free with
 * tg_comparison_free. */
struct tg_comparison *tg_sample_comparison(size_t launches);

/* The ways in which such a gate can end, and the exit code of each. */
struct tg_sample_ending {
    size_t launches;
    enum tg_comparison_end end;
    enum tg_side failed_side;
    bool gated; /* without the metric that could not be */
    int exit_code;
};
enum { TG_SAMPLE_ENDINGS = 13 };
extern const struct tg_sample_ending tg_sample_endings[TG_SAMPLE_ENDINGS];
/* The sample comparison, no longer competitive, with this end. Free with tg_comparison_free. */
struct tg_comparison *tg_sample_ended(const struct tg_sample_ending *ending);

#endif
