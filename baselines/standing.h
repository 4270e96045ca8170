/* Where a gated store stands beside what competitors have published, before and after. */
#ifndef TG_BASELINES_STANDING_H
#define TG_BASELINES_STANDING_H

#include "baselines/competitors.h"
#include "gate/comparison.h"

struct tg_standing {
    const struct tg_competitor *competitor;
    const char *metric; /* as the comparison calls it */
    enum tg_figure figure;
    struct tg_measured ours[TG_SIDES];
    struct tg_position positions[TG_SIDES];
    enum tg_lead lead;
};

/* One for each gated metric and each competitor that has published the figure for its operation:
 * the p50 and p99 of an operation's service or response time, and the rate in closed loop where the
 * operation is alone in its mix. Ours is the Hodges-Lehmann estimate over the launches' logarithms,
 * between the signed-rank bounds that the true median exceeds on either side with a probability of
 * at most 0.5 % each (compare/signed_rank.h): fewer than 8 launches have no bounds. In the order of
 * the metrics; lives in `arena`, and borrows from both. */
void tg_standings(const struct tg_comparison *comparison, const struct tg_competitors *competitors,
                  struct tg_arena *arena, struct tg_standing **standings, size_t *count);

#endif
