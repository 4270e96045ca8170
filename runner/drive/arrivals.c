#include "runner/drive/arrivals.h"

#include "common/text.h"

#include <stdlib.h>

void tg_arrivals_init(struct tg_arrivals *arrivals, const struct tg_phase *phase, uint64_t seed)
{
    char *place = tg_format("%s/arrival", phase->name);
    *arrivals = (struct tg_arrivals){
        .kind = phase->arrival,
        .gap_ns = 1e9 / phase->rate_per_s,
        .key = tg_random_key(seed, place),
    };
    free(place);
}

int64_t tg_arrivals_due_ns(struct tg_arrivals *arrivals, uint64_t ordinal)
{
    if (arrivals->kind == TG_ARRIVAL_CONSTANT)
        return (int64_t)((double)ordinal * arrivals->gap_ns);
    if (ordinal < arrivals->ordinal) {
        arrivals->ordinal = 0;
        arrivals->due_ns = 0;
    }
    for (; arrivals->ordinal < ordinal; arrivals->ordinal++) {
        struct tg_random random;
        tg_random_at(&random, arrivals->key, arrivals->ordinal);
        /* 1 - u lies in (0, 1]: the logarithm exists. */
        arrivals->due_ns -= tg_det_log(1.0 - tg_random_unit(&random)) * arrivals->gap_ns;
    }
    return (int64_t)arrivals->due_ns;
}

uint64_t tg_arrivals_before(struct tg_arrivals *arrivals, int64_t time_ns)
{
    if (time_ns <= 0)
        return 0;
    uint64_t ordinal = 0;
    if (arrivals->kind == TG_ARRIVAL_CONSTANT) {
        /* The estimate may be off by one either way through rounding. */
        ordinal = (uint64_t)((double)time_ns / arrivals->gap_ns);
        ordinal -= ordinal > 0;
    }
    while (tg_arrivals_due_ns(arrivals, ordinal) < time_ns)
        ordinal++;
    return ordinal;
}
