#include "gate/enough.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "common/text.h"
#include "common/units.h"
#include "compare/failures.h"

static const double STALL_PERCENTILE = 99.9;

/* ---- stalls ---- */

void tg_gated_learn_stalls(struct tg_gated_set *set, const struct tg_launch *pilot)
{
    const struct tg_slice_pairs *pairs = &pilot->pairs[TG_CLOSED_LOOP];
    int64_t needed = tg_operations_needed(STALL_PERCENTILE, 1);
    struct tg_hdr *hdr = tg_hdr_new(&tg_hdr_latency_ns);
    for (size_t op = 0; op < pilot->op_count; op++) {
        tg_hdr_reset(hdr);
        for (uint32_t i = 0; i < pairs->count; i++)
            if (!tg_gated_contaminated(set, pairs, i))
                tg_hdr_add(hdr, pairs->slices[TG_BEFORE][i].ops[op]);
        set->stall_ns[op] = hdr->total >= needed ? tg_hdr_percentile(hdr, STALL_PERCENTILE) : 0;
    }
    free(hdr);
}

/* ---- enough operations? ---- */

/* Operations of the metric in a launch, on the side that has fewer. Those that were left undone are
 * among them: a side does not go unmeasured because it is slow. */
static int64_t operations(const struct tg_gated_set *set, const struct tg_gated *gated,
                          const struct tg_launch *launch)
{
    const struct tg_slice_pairs *pairs = &launch->pairs[gated->loop];
    int64_t fewest = INT64_MAX;
    for (int side = 0; side < TG_SIDES; side++) {
        int64_t total = 0;
        for (uint32_t i = 0; i < pairs->count; i++)
            for (size_t op = 0; op < launch->op_count; op++)
                if (tg_gated_takes_part(set, gated, op))
                    total += pairs->slices[side][i].ops[op]->total;
        fewest = total < fewest ? total : fewest;
    }
    return fewest;
}

/* How many of its operations have to lie beyond something for the metric to be gated; 0: it counts
 * none. *needed: how many operations that takes. */
static int64_t beyond_needed(const struct tg_gated *gated, int64_t *needed)
{
    *needed = 0;
    int64_t beyond = 0;
    double percentile = gated->metric.percentile;
    if (gated->metric.kind == TG_METRIC_STALLS) {
        beyond = TG_STALLS_EXPECTED;
        percentile = STALL_PERCENTILE;
    } else if (gated->metric.kind == TG_METRIC_PERCENTILE && percentile < 100) {
        beyond = TG_EXCEEDANCES;
    }
    if (beyond > 0)
        *needed = tg_operations_needed(percentile, beyond);
    return beyond;
}

/* How much longer slices have to be for the metric; 0: it has no need. */
static double shortfall(const struct tg_gated_set *set, const struct tg_gated *gated,
                        const struct tg_launch *pilot)
{
    int64_t needed;
    if (beyond_needed(gated, &needed) == 0)
        return 0;
    int64_t seen = operations(set, gated, pilot);
    return seen > 0 ? (double)needed / (double)seen : INFINITY;
}

double tg_gated_stretch(const struct tg_gated_set *set, enum tg_loop_kind loop,
                        const struct tg_launch *pilot, double least, double most)
{
    double stretch = least;
    for (size_t i = 0; i < set->count; i++) {
        double needed = set->items[i].loop == loop ? shortfall(set, &set->items[i], pilot) : 0;
        if (needed <= most && needed > stretch)
            stretch = needed;
    }
    return stretch;
}

static int64_t failed_in(const struct tg_slice_pairs *pairs)
{
    int64_t failed = 0;
    for (int side = 0; side < TG_SIDES; side++)
        for (uint32_t i = 0; i < pairs->count; i++)
            failed += pairs->slices[side][i].failed;
    return failed;
}

static const char *why_not(const struct tg_gated_set *set, const struct tg_gated *gated,
                           const struct tg_launch *pilot, double factor, struct tg_arena *arena)
{
    char expected[TG_UNIT_TEXT], least[TG_UNIT_TEXT];
    int64_t needed;
    int64_t beyond = beyond_needed(gated, &needed);
    int64_t seen = operations(set, gated, pilot);
    bool stalls = gated->metric.kind == TG_METRIC_STALLS;
    if (stalls && seen == 0)
        return "too few operations in a launch to know the p99.9 that a stall lies beyond";
    if (shortfall(set, gated, pilot) <= factor)
        return NULL;
    bool failing = failed_in(&pilot->pairs[gated->loop]) > 0;
    return tg_arena_format(
        arena, "a launch would have %s operations%s, and %" PRId64 " beyond %s take %s",
        tg_format_count(llround((double)seen * factor), expected), failing ? " that succeed" : "",
        beyond, stalls ? "the p99.9" : "it", tg_format_count(needed, least));
}

size_t tg_gated_exclude(const struct tg_gated_set *set, const struct tg_launch *pilot,
                        const double factor[TG_LOOP_KINDS], struct tg_comparison *comparison)
{
    size_t left = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct tg_gated *gated = &set->items[i];
        comparison->metrics[i].why_not =
            why_not(set, gated, pilot, factor[gated->loop], &comparison->arena);
        left += comparison->metrics[i].why_not == NULL;
    }
    return left;
}

double tg_gated_fewest(const struct tg_gated_set *set, enum tg_loop_kind loop,
                       const struct tg_launch *pilot, double factor,
                       const struct tg_comparison *comparison)
{
    double fewest = INFINITY;
    for (size_t i = 0; i < set->count; i++) {
        const struct tg_gated *gated = &set->items[i];
        if (gated->loop == loop && !comparison->metrics[i].why_not)
            fewest = fmin(fewest, (double)operations(set, gated, pilot) * factor);
    }
    return fewest;
}

/* ---- a pilot that says too little ---- */

bool tg_gated_slices_too_short(const struct tg_launch *pilot)
{
    const struct tg_slice_pairs *pairs = &pilot->pairs[TG_CLOSED_LOOP];
    for (int side = 0; side < TG_SIDES; side++) {
        uint32_t empty = 0;
        for (uint32_t i = 0; i < pairs->count; i++)
            empty += pairs->slices[side][i].succeeded + pairs->slices[side][i].failed == 0;
        if (empty > pairs->count / 2)
            return true;
    }
    return false;
}

bool tg_gated_fails_more(const struct tg_launch *pilot)
{
    struct tg_failures sum = {0};
    for (int loop = 0; loop < TG_LOOP_KINDS; loop++) {
        const struct tg_slice_pairs *pairs = &pilot->pairs[loop];
        for (uint32_t i = 0; i < pairs->count; i++) {
            const struct tg_slice *before = &pairs->slices[TG_BEFORE][i];
            const struct tg_slice *after = &pairs->slices[TG_AFTER][i];
            const struct tg_failures pair = {
                .failed_before = before->failed,
                .operations_before = before->succeeded + before->failed,
                .failed_after = after->failed,
                .operations_after = after->succeeded + after->failed,
            };
            tg_failures_add(&sum, &pair);
        }
    }
    return tg_fails_more(&sum);
}
