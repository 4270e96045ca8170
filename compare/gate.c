#include "compare/gate.h"

#include <assert.h>
#include <math.h>

#include "compare/holm.h"
#include "compare/signed_rank.h"

static const double power = 0.8;

struct series { /* values of one estimate of one metric */
    double *values;
    size_t count;
};

struct estimates {
    struct series first; /* launches of the looks */
    struct series fresh; /* launches of the confirmations */
    struct series all;   /* both */
};

struct failures { /* over the launches of the looks, or of the confirmations */
    struct tg_failures sum;
    struct tg_failure_signs signs;
};

struct tg_gate_state {
    struct tg_arena *arena;
    struct estimates *estimates; /* metric * TG_GATE_SIDES + side */
    struct failures first_failures;
    struct failures fresh_failures;
    int64_t failures_tried; /* failures after when errors were last put to a confirmation */
    bool errors_tested;     /* errors take part in the confirmation under way */
    double level_left;      /* of config.confirm_level */
    double level;           /* of the confirmation under way */
    double *walsh;
    size_t *candidates; /* metrics in a confirmation; errors are the one after the last metric */
    size_t *order;
    double *p;
};

struct tg_gate_config tg_gate_defaults(struct tg_arena *scratch)
{
    return (struct tg_gate_config){
        .plan = tg_look_plan(TG_SPEND_EARLY, 0.05, tg_gate_looks,
                             sizeof tg_gate_looks / sizeof *tg_gate_looks, scratch),
        .confirm_level = 0.01,
        .confirm_launches = 10,
        .confirm_more = 6,
    };
}

size_t tg_confirm_launches(size_t candidates, double level, size_t least)
{
    assert(candidates >= 1 && level > 0);
    size_t n = least;
    while (ldexp(5, -(int)n) > level / (double)candidates)
        n++;
    return n;
}

static struct estimates *estimates_of(struct tg_gate *gate, size_t metric, enum tg_gate_side side)
{
    return &gate->state->estimates[metric * TG_GATE_SIDES + side];
}

static size_t sides_of(const struct tg_gate *gate, size_t metric)
{
    return gate->config.metrics[metric].pooled_only ? TG_GATE_TYPICAL : TG_GATE_SIDES;
}

static struct series new_series(struct tg_arena *arena, size_t capacity)
{
    return (struct series){.values = tg_arena_array(arena, capacity, sizeof(double))};
}

struct tg_gate *tg_gate_new(struct tg_arena *arena, const struct tg_gate_config *config)
{
    assert(config->plan.count >= 1);
    assert(config->confirm_level > 0 && config->confirm_level < 0.5);
    assert(config->confirm_launches >= 1 && config->confirm_more >= 1);
    const struct tg_look_plan *plan = &config->plan;
    size_t count = config->metric_count;
    struct tg_gate *gate = tg_arena_alloc(arena, sizeof *gate);
    struct tg_gate_state *state = tg_arena_alloc(arena, sizeof *state);
    *gate = (struct tg_gate){
        .config = *config,
        .metrics = tg_arena_array(arena, count, sizeof *gate->metrics),
        .next_answer_in = plan->looks[0].launches,
        .state = state,
    };
    /* The most that can come: a confirmation of everything at each look, the level halved before.
     */
    size_t first = plan->looks[plan->count - 1].launches;
    size_t fresh = tg_confirm_launches(count + 1, ldexp(config->confirm_level, -(int)plan->count),
                                       config->confirm_launches) +
                   plan->count * config->confirm_more;
    size_t all = first + fresh;
    *state = (struct tg_gate_state){
        .arena = arena,
        .level_left = config->confirm_level,
        .estimates = tg_arena_array(arena, count * TG_GATE_SIDES, sizeof *state->estimates),
        .walsh = tg_arena_array(arena, tg_walsh_count(all), sizeof *state->walsh),
        .candidates = tg_arena_array(arena, count + 1, sizeof *state->candidates),
        .order = tg_arena_array(arena, count + 1, sizeof *state->order),
        .p = tg_arena_array(arena, count + 1, sizeof *state->p),
    };
    for (size_t m = 0; m < count; m++) {
        assert(config->metrics[m].margin > 0);
        for (size_t side = 0; side < TG_GATE_SIDES; side++) {
            *estimates_of(gate, m, side) = (struct estimates){
                new_series(arena, first), new_series(arena, fresh), new_series(arena, all)};
            gate->metrics[m].interval[side] = tg_signed_rank_interval(NULL, 0, 0, NULL);
        }
    }
    return gate;
}

static void append(struct series *series, double value)
{
    if (!isnan(value))
        series->values[series->count++] = value;
}

static void add_failures(struct failures *failures, const struct tg_gate_launch *launch)
{
    tg_failures_add(&failures->sum, &launch->failures);
    tg_failure_signs_add(&failures->signs, &launch->failures);
}

/* Launches without a value for a metric make its sample smaller, not its level larger. */
static struct tg_interval interval_of(struct tg_gate *gate, const struct series *series,
                                      double level)
{
    return tg_signed_rank_interval(series->values, series->count, level, gate->state->walsh);
}

static bool improved(struct tg_gate *gate, size_t m, double level)
{
    /* Nobody confirms an improvement: Bonferroni over the metrics instead. */
    double shared = level / (double)gate->config.metric_count;
    for (size_t side = 0; side < sides_of(gate, m); side++) {
        struct tg_interval interval =
            interval_of(gate, &estimates_of(gate, m, side)->first, shared);
        if (!tg_find(&interval, gate->config.metrics[m].margin).improved)
            return false;
    }
    return true;
}

static bool passed(const struct tg_metric_verdict *metric)
{
    return metric->verdict == TG_GATE_PASS || metric->verdict == TG_GATE_IMPROVEMENT;
}

/* What a look finds of one metric, were it the first. */
static struct tg_metric_verdict look_at(struct tg_gate *gate, size_t m, double level)
{
    struct tg_metric_verdict now = {.provable = -INFINITY};
    double margin = gate->config.metrics[m].margin;
    bool within = true;
    bool better = true;
    now.interval[TG_GATE_TYPICAL] = gate->metrics[m].interval[TG_GATE_TYPICAL];
    for (size_t side = 0; side < sides_of(gate, m); side++) {
        struct tg_interval interval = interval_of(gate, &estimates_of(gate, m, side)->first, level);
        struct tg_found finding = tg_find(&interval, margin);
        now.interval[side] = interval;
        now.worse |= finding.worse;
        within &= finding.within;
        better &= finding.improved;
        if (finding.regressed &&
            (!now.flagged || interval.lower > now.interval[now.flagged_side].lower)) {
            now.flagged = true;
            now.flagged_side = (enum tg_gate_side)side;
        }
        now.detectable = fmax(now.detectable, tg_smallest_detectable(&interval, power));
        now.provable = fmax(now.provable, interval.upper);
    }
    if (better && improved(gate, m, level))
        now.verdict = TG_GATE_IMPROVEMENT;
    else if (within)
        now.verdict = TG_GATE_PASS;
    now.decided_at = passed(&now) ? gate->launches : 0;
    return now;
}

/* A pass stays one at later looks, which the other metrics need: its error was spent once. Only
 * what looks like a regression takes it back. */
static void look_at_metric(struct tg_gate *gate, size_t m, double level)
{
    struct tg_metric_verdict *metric = &gate->metrics[m];
    struct tg_metric_verdict now = look_at(gate, m, level);
    now.fresh_count = metric->fresh_count;
    now.fresh_p = metric->fresh_p;
    now.fresh_level = metric->fresh_level;
    now.all_estimate = metric->all_estimate;
    if (!passed(metric) || now.flagged || now.verdict > metric->verdict)
        *metric = now;
}

static void look_at_errors(struct tg_gate *gate, double level)
{
    const struct failures *seen = &gate->state->first_failures;
    gate->errors.flagged = tg_fails_more(&seen->sum) && (seen->sum.failed_before == 0 ||
                                                         tg_failure_signs_p(&seen->signs) <= level);
    gate->errors.verdict = gate->errors.flagged ? TG_GATE_INCONCLUSIVE : TG_GATE_PASS;
}

/* Puts everything that is flagged to a confirmation; false when nothing is, or nothing new. What
 * fresh launches have said before is kept, and some are added: which metrics are put to it, and
 * when, is chosen by the launches of the looks, so that each confirmation is a test at its level,
 * whether or not there was an earlier one; and their chances add up, whatever they have in common.
 */
static bool start_confirmation(struct tg_gate *gate, bool last)
{
    struct tg_gate_state *state = gate->state;
    size_t candidates = 0;
    for (size_t m = 0; m < gate->config.metric_count; m++)
        candidates += gate->metrics[m].flagged;
    /* Failures that were tried once and have not become more would only cost time again. */
    state->errors_tested =
        gate->errors.flagged && state->first_failures.sum.failed_after > state->failures_tried;
    candidates += state->errors_tested;
    if (candidates == 0)
        return false;
    if (state->errors_tested)
        state->failures_tried = state->first_failures.sum.failed_after;
    state->level = last ? state->level_left : 0.5 * state->level_left;
    state->level_left -= state->level;
    size_t seen = gate->fresh_launches;
    gate->fresh_wanted =
        tg_confirm_launches(candidates, state->level, gate->config.confirm_launches);
    if (seen > 0 && gate->fresh_wanted < seen + gate->config.confirm_more)
        gate->fresh_wanted = seen + gate->config.confirm_more;
    gate->step = TG_GATE_CONFIRM;
    gate->next_answer_in = gate->fresh_wanted - seen;
    return true;
}

/* After a look that flagged nothing, or a confirmation. */
static void conclude(struct tg_gate *gate, bool last)
{
    bool all_pass = gate->config.metric_count > 0 && gate->errors.verdict == TG_GATE_PASS;
    bool any_regression = gate->errors.verdict == TG_GATE_REGRESSION;
    for (size_t m = 0; m < gate->config.metric_count; m++) {
        all_pass &= passed(&gate->metrics[m]);
        any_regression |= gate->metrics[m].verdict == TG_GATE_REGRESSION;
    }
    if (any_regression)
        gate->verdict = TG_GATE_REGRESSION;
    else if (all_pass)
        gate->verdict = TG_GATE_PASS;
    if (any_regression || all_pass || last) {
        gate->step = TG_GATE_DONE;
        gate->next_answer_in = 0;
    } else {
        gate->step = TG_GATE_MEASURE;
        gate->next_answer_in = gate->config.plan.looks[gate->looks].launches - gate->launches;
    }
}

static void take_look(struct tg_gate *gate, const struct tg_look *look)
{
    gate->looks++;
    for (size_t m = 0; m < gate->config.metric_count; m++)
        look_at_metric(gate, m, look->level);
    look_at_errors(gate, look->level);
}

/* The p-values of the candidates, metrics first, into state->p; how many there are. */
static size_t test_candidates(struct tg_gate *gate)
{
    struct tg_gate_state *state = gate->state;
    size_t count = 0;
    for (size_t m = 0; m < gate->config.metric_count; m++) {
        if (!gate->metrics[m].flagged)
            continue;
        const struct series *fresh = &estimates_of(gate, m, gate->metrics[m].flagged_side)->fresh;
        state->candidates[count] = m;
        state->p[count++] =
            tg_signed_rank_p(fresh->values, fresh->count, 0, TG_ALTERNATIVE_GREATER, state->walsh);
        gate->metrics[m].fresh_count = fresh->count;
    }
    if (state->errors_tested) {
        state->candidates[count] = gate->config.metric_count;
        state->p[count++] = tg_failure_signs_p(&state->fresh_failures.signs);
        gate->errors.fresh_count = gate->fresh_launches;
    }
    return count;
}

static void finish_confirmation(struct tg_gate *gate)
{
    struct tg_gate_state *state = gate->state;
    size_t count = test_candidates(gate);
    tg_holm_adjust(state->p, state->p, state->order, count);
    for (size_t i = 0; i < count; i++) {
        bool significant = state->p[i] <= state->level;
        size_t m = state->candidates[i];
        if (m == gate->config.metric_count) {
            gate->errors.fresh_p = state->p[i];
            gate->errors.fresh_level = state->level;
            if (significant)
                gate->errors.verdict = TG_GATE_REGRESSION;
            continue;
        }
        struct tg_metric_verdict *metric = &gate->metrics[m];
        const struct series *all = &estimates_of(gate, m, metric->flagged_side)->all;
        metric->all_estimate = interval_of(gate, all, 0).estimate;
        metric->fresh_p = state->p[i];
        metric->fresh_level = state->level;
        if (significant && metric->all_estimate >= gate->config.metrics[m].margin) {
            metric->verdict = TG_GATE_REGRESSION;
            metric->decided_at = gate->launches;
        }
    }
    gate->confirmations++;
}

static void add_values(struct tg_gate *gate, const struct tg_gate_launch *launch, bool fresh)
{
    for (size_t m = 0; m < gate->config.metric_count; m++) {
        const double values[TG_GATE_SIDES] = {launch->metrics[m].pooled,
                                              launch->metrics[m].typical};
        for (size_t side = 0; side < sides_of(gate, m); side++) {
            struct estimates *estimates = estimates_of(gate, m, (enum tg_gate_side)side);
            append(fresh ? &estimates->fresh : &estimates->first, values[side]);
            append(&estimates->all, values[side]);
        }
    }
    add_failures(fresh ? &gate->state->fresh_failures : &gate->state->first_failures, launch);
    tg_failures_add(&gate->errors.total, &launch->failures);
}

void tg_gate_add(struct tg_gate *gate, const struct tg_gate_launch *launch)
{
    assert(gate->step != TG_GATE_DONE);
    bool fresh = gate->step == TG_GATE_CONFIRM;
    add_values(gate, launch, fresh);
    if (fresh)
        gate->fresh_launches++;
    else
        gate->launches++;
    if (--gate->next_answer_in > 0)
        return;
    if (fresh)
        finish_confirmation(gate);
    else
        take_look(gate, &gate->config.plan.looks[gate->looks]);
    bool last = gate->looks == gate->config.plan.count;
    if (fresh || !start_confirmation(gate, last))
        conclude(gate, last);
}

void tg_gate_finish(struct tg_gate *gate)
{
    const struct tg_look_plan *plan = &gate->config.plan;
    if (gate->step == TG_GATE_DONE)
        return;
    if (gate->step == TG_GATE_CONFIRM) {
        finish_confirmation(gate);
    } else {
        size_t seen = gate->looks == 0 ? 0 : plan->looks[gate->looks - 1].launches;
        if (gate->launches > seen) {
            struct tg_look look =
                tg_last_look(plan, gate->looks, gate->launches, gate->state->arena);
            take_look(gate, &look);
        }
    }
    conclude(gate, true);
}

struct tg_interval tg_gate_interim(struct tg_gate *gate, size_t metric, enum tg_gate_side side)
{
    const struct tg_look_plan *plan = &gate->config.plan;
    size_t look = gate->looks < plan->count ? gate->looks : plan->count - 1;
    return interval_of(gate, &estimates_of(gate, metric, side)->first, plan->looks[look].level);
}
