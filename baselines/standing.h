/* Where a store stands beside what competitors have published, before and after. */
#ifndef TG_BASELINES_STANDING_H
#define TG_BASELINES_STANDING_H

#include "baselines/competitors.h"
#include "gate/comparison.h"
#include "runner/drive/result.h"

struct tg_standing {
    const struct tg_competitor *competitor;
    const char *operation;
    const char *metric; /* as the comparison calls it, or would: "recall.p99" */
    enum tg_figure figure;
    bool of_runs;        /* of one plain run each, not of a gated metric */
    double rate_per_s;   /* of_runs: the rate of their phase; 0: in closed loop */
    bool weak[TG_SIDES]; /* of_runs: fewer than 10 operations lie beyond this percentile */
    struct tg_measured ours[TG_SIDES];
    struct tg_position positions[TG_SIDES];
    enum tg_lead lead;
};

/* First, in the order of the metrics, one for each gated metric and each competitor that has
 * published the figure for its operation: the p50 and p99 of an operation's service or response
 * time, and the rate in closed loop where the operation is alone in its mix. Ours is the median
 * over the launches, between order statistics that the true median exceeds on either side with a
 * probability of at most 0.5 % each, whatever the shape of its distribution (compare/median.h):
 * fewer than 8 launches have no bounds. The chance that any of these leads is called lost that is
 * not is at most 0.5 % in all (Holm, over every metric and competitor listed): with 10 launches a
 * lead can be lost when there are 5 of them, with 16 when there are 300. Beyond that it is in
 * doubt.
 *
 * Then, in the order of the operations, one for each published figure that no gated metric covers:
 * from `runs`, the run of each side as a whole (NULL: there is none), in the phase that was
 * compared; the response time where it has a rate, else the service time. One run has no bounds
 * (infinite ones), so that it can neither have a lead nor lose one; its position is that of the
 * value. A side has none when its run says nothing (tg_standing_why_not), when not one operation
 * lies beyond a percentile, and when so many were never started that the percentile may be one of
 * theirs.
 *
 * Lives in `arena`, and borrows from all but `runs`. */
void tg_standings(const struct tg_comparison *comparison,
                  const struct tg_result *const runs[TG_SIDES],
                  const struct tg_competitors *competitors, struct tg_arena *arena,
                  struct tg_standing **standings, size_t *count);

/* Why the phase called `phase` of a run says nothing about the store, in words; NULL: it does. In
 * `arena`. */
const char *tg_standing_why_not(const struct tg_result *run, const char *phase,
                                struct tg_arena *arena);

#endif
