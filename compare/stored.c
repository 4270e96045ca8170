#include "compare/stored.h"

#include <assert.h>
#include <math.h>

#include "compare/holm.h"
#include "compare/rank_sum.h"

const double tg_stored_alpha = 0.05;
const double tg_stored_machine = 0.005;
const double tg_stored_holm = 0.005;

static const double power = 0.8;

/* ln of the usable values, the sign turned for rates; how many there are. */
static size_t log_values(const double *values, size_t count, enum tg_direction direction,
                         double *logs)
{
    size_t usable = 0;
    for (size_t i = 0; i < count; i++) {
        double value = tg_log_change(1, values[i], direction);
        if (!isnan(value))
            logs[usable++] = value;
    }
    return usable;
}

struct samples { /* log values */
    double *before, *after;
    size_t m, n;
};

static struct samples samples_of(const struct tg_stored_metric *metric, struct tg_arena *scratch)
{
    struct samples samples = {
        .before = tg_arena_array(scratch, metric->before_count, sizeof *samples.before),
        .after = tg_arena_array(scratch, metric->after_count, sizeof *samples.after),
    };
    samples.m = log_values(metric->before, metric->before_count, metric->direction, samples.before);
    samples.n = log_values(metric->after, metric->after_count, metric->direction, samples.after);
    return samples;
}

struct tg_interval tg_stored_interval(const struct tg_stored_metric *metric, double level,
                                      struct tg_arena *scratch)
{
    struct samples samples = samples_of(metric, scratch);
    return tg_rank_sum_interval(samples.before, samples.m, samples.after, samples.n, level,
                                scratch);
}

/* The p-value of "after is greater, or less, than before by more than `shift`". */
static double p_beyond(const struct samples *samples, double shift, enum tg_alternative alternative,
                       struct tg_arena *scratch)
{
    double *after = tg_arena_array(scratch, samples->n, sizeof *after);
    for (size_t i = 0; i < samples->n; i++)
        after[i] = samples->after[i] - shift;
    return tg_rank_sum_p(samples->before, samples->m, after, samples->n, alternative, scratch);
}

struct p_values { /* one of each per metric, then scratch for Holm's procedure */
    double *worse;
    double *better;
    double *alone; /* worse, not adjusted */
    size_t *order;
};

static void test_metric(const struct tg_stored_metric *metric, struct tg_stored_verdict *verdict,
                        double *p_worse, double *p_better, struct tg_arena *scratch)
{
    assert(metric->machine_lower <= 0 && metric->machine_upper >= 0);
    struct samples samples = samples_of(metric, scratch);
    *p_worse = p_beyond(&samples, metric->machine_upper, TG_ALTERNATIVE_GREATER, scratch);
    *p_better = p_beyond(&samples, metric->machine_lower, TG_ALTERNATIVE_LESS, scratch);
    verdict->interval = tg_stored_interval(metric, tg_stored_alpha, scratch);
    verdict->detectable = tg_smallest_detectable(&verdict->interval, power);
    verdict->provable = verdict->interval.upper;
}

/* ---- failing operations ---- */

static double mean(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return count > 0 ? sum / (double)count : 0;
}

static void test_failures(const struct tg_stored_metric *metric, struct tg_stored_verdict *verdict,
                          double *p_worse, double *p_better, struct tg_arena *scratch)
{
    *p_worse = tg_rank_sum_p(metric->before, metric->before_count, metric->after,
                             metric->after_count, TG_ALTERNATIVE_GREATER, scratch);
    *p_better = 1;
    verdict->interval = (struct tg_interval){.count = metric->before_count + metric->after_count,
                                             .estimate = NAN,
                                             .lower = -INFINITY,
                                             .upper = INFINITY};
    verdict->detectable = verdict->provable = INFINITY;
}

static enum tg_gate_verdict judge_failures(const struct tg_stored_metric *metric, double p,
                                           double p_alone)
{
    double before = mean(metric->before, metric->before_count);
    double after = mean(metric->after, metric->after_count);
    if (after <= 0 || after < before * exp(metric->margin))
        return TG_GATE_PASS;
    if (p <= tg_stored_holm)
        return TG_GATE_REGRESSION;
    return before > 0 && p_alone > tg_stored_alpha ? TG_GATE_PASS : TG_GATE_INCONCLUSIVE;
}

/* ---- all ---- */

static enum tg_gate_verdict judge(const struct tg_stored_verdict *verdict, double margin,
                                  double p_better)
{
    struct tg_found finding = tg_find(&verdict->interval, margin);
    if (finding.regressed && verdict->p <= tg_stored_holm)
        return TG_GATE_REGRESSION;
    if (finding.improved && p_better <= tg_stored_holm)
        return TG_GATE_IMPROVEMENT;
    return finding.within ? TG_GATE_PASS : TG_GATE_INCONCLUSIVE;
}

enum tg_gate_verdict tg_stored_compare(const struct tg_stored_metric *metrics, size_t count,
                                       struct tg_stored_verdict *verdicts, struct tg_arena *scratch)
{
    assert(count >= 1);
    struct p_values p = {
        .worse = tg_arena_array(scratch, count, sizeof *p.worse),
        .better = tg_arena_array(scratch, count, sizeof *p.better),
        .alone = tg_arena_array(scratch, count, sizeof *p.alone),
        .order = tg_arena_array(scratch, count, sizeof *p.order),
    };
    for (size_t i = 0; i < count; i++) {
        if (metrics[i].failures)
            test_failures(&metrics[i], &verdicts[i], &p.alone[i], &p.better[i], scratch);
        else
            test_metric(&metrics[i], &verdicts[i], &p.alone[i], &p.better[i], scratch);
        p.worse[i] = p.alone[i];
    }
    tg_holm_adjust(p.worse, p.worse, p.order, count);
    tg_holm_adjust(p.better, p.better, p.order, count);
    enum tg_gate_verdict overall = TG_GATE_PASS;
    for (size_t i = 0; i < count; i++) {
        verdicts[i].p = p.worse[i];
        verdicts[i].verdict = metrics[i].failures
                                  ? judge_failures(&metrics[i], p.worse[i], p.alone[i])
                                  : judge(&verdicts[i], metrics[i].margin, p.better[i]);
        if (verdicts[i].verdict == TG_GATE_REGRESSION)
            overall = TG_GATE_REGRESSION;
        else if (verdicts[i].verdict == TG_GATE_INCONCLUSIVE && overall == TG_GATE_PASS)
            overall = TG_GATE_INCONCLUSIVE;
    }
    return overall;
}
