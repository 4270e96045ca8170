#include "compare/position.h"

#include <math.h>

const char *tg_figure_name(enum tg_figure figure)
{
    static const char *const names[TG_FIGURE_COUNT] = {"p50", "p99", "rate"};
    return names[figure];
}

/* Comparisons with NaN are false, so a missing value is not usable. */
static bool is_usable(struct tg_measured ours, struct tg_published theirs)
{
    return isfinite(ours.value) && ours.value > 0 && ours.low <= ours.value &&
           ours.value <= ours.high && isfinite(theirs.high) && theirs.low > 0 &&
           theirs.low <= theirs.high;
}

/* Our interval and their range on an axis on which less is better. */
struct axis {
    double best, worst; /* ours */
    double their_best, their_worst;
};

static struct axis axis_of(enum tg_figure figure, struct tg_measured ours,
                           struct tg_published theirs)
{
    if (figure == TG_FIGURE_RATE)
        return (struct axis){-ours.high, -ours.low, -theirs.high, -theirs.low};
    return (struct axis){ours.low, ours.high, theirs.low, theirs.high};
}

static enum tg_relation relation_of(const struct axis *axis)
{
    if (axis->worst < axis->their_best)
        return TG_RELATION_AHEAD;
    if (axis->best > axis->their_worst)
        return TG_RELATION_BEHIND;
    if (axis->best >= axis->their_best && axis->worst <= axis->their_worst)
        return TG_RELATION_LEVEL;
    return TG_RELATION_UNCLEAR;
}

struct tg_position tg_position(enum tg_figure figure, struct tg_measured ours,
                               struct tg_published theirs)
{
    struct tg_position position = {.relation = TG_RELATION_NONE, .advantage = NAN};
    if (!is_usable(ours, theirs))
        return position;
    struct axis axis = axis_of(figure, ours, theirs);
    position.relation = relation_of(&axis);
    /* On this axis the formulas of a latency and of a rate are one. */
    double value = figure == TG_FIGURE_RATE ? -ours.value : ours.value;
    if (position.relation == TG_RELATION_AHEAD)
        position.advantage = (axis.their_best - value) / fabs(axis.their_best);
    else if (position.relation == TG_RELATION_BEHIND)
        position.advantage = (axis.their_worst - value) / fabs(axis.their_worst);
    return position;
}

enum tg_lead tg_lead(enum tg_figure figure, struct tg_measured before, struct tg_measured after,
                     struct tg_published theirs)
{
    if (!is_usable(before, theirs) || !is_usable(after, theirs))
        return TG_LEAD_NONE;
    struct axis was = axis_of(figure, before, theirs);
    struct axis is = axis_of(figure, after, theirs);
    if (was.worst >= was.their_best)
        return TG_LEAD_NONE;
    if (is.worst < is.their_best)
        return TG_LEAD_KEPT;
    return is.best >= is.their_best ? TG_LEAD_LOST : TG_LEAD_IN_DOUBT;
}
