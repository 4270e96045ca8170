#include "compare/verdict.h"

#include <assert.h>
#include <math.h>

#include "compare/normal.h"

const char *tg_gate_verdict_name(enum tg_gate_verdict verdict)
{
    static const char *const names[] = {"inconclusive", "pass", "improvement", "regression"};
    return names[verdict];
}

int tg_gate_exit_code(enum tg_gate_verdict verdict)
{
    switch (verdict) {
    case TG_GATE_PASS:
    case TG_GATE_IMPROVEMENT:
        return 0;
    case TG_GATE_REGRESSION:
        return 1;
    case TG_GATE_INCONCLUSIVE:
        break;
    }
    return 3;
}

struct tg_found tg_find(const struct tg_interval *interval, double margin)
{
    assert(margin > 0);
    bool worse = interval->lower > 0;
    bool better = interval->upper < 0;
    return (struct tg_found){
        .worse = worse,
        .better = better,
        .within = interval->upper < margin,
        .regressed = worse && interval->estimate >= margin,
        .improved = better && interval->estimate <= -margin,
    };
}

double tg_smallest_detectable(const struct tg_interval *interval, double power)
{
    assert(power >= 0.5 && power < 1);
    if (!isfinite(interval->lower) || !isfinite(interval->upper))
        return INFINITY;
    double half_width = 0.5 * (interval->upper - interval->lower);
    return half_width * (1 + tg_normal_quantile(power) / -tg_normal_quantile(interval->level));
}
