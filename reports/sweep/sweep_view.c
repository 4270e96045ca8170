#include "reports/sweep/sweep_view.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/run/target_text.h"

static const double confidence = 0.95;
enum { FEWEST_SIZES = 3 }; /* for an interval, and so for an extrapolation */

/* ---- runs ---- */

static int by_size(const void *a, const void *b)
{
    const struct tg_result *const *left = a;
    const struct tg_result *const *right = b;
    uint64_t rows[] = {(*left)->sweep.rows, (*right)->sweep.rows};
    if (rows[0] != rows[1])
        return rows[0] < rows[1] ? -1 : 1;
    int64_t started[] = {(*left)->started_unix_ms, (*right)->started_unix_ms};
    return started[0] < started[1] ? -1 : started[0] > started[1];
}

static void fill_runs(struct tg_sweep_view *view, const struct tg_result *const *runs, size_t count,
                      struct tg_arena *arena)
{
    const struct tg_result **sorted = tg_arena_array(arena, count, sizeof *sorted);
    double *rows = tg_arena_array(arena, count, sizeof *rows);
    memcpy(sorted, runs, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_size);
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && sorted[i]->sweep.rows == sorted[i + 1]->sweep.rows)
            continue;
        sorted[view->run_count] = sorted[i];
        rows[view->run_count++] = (double)sorted[i]->sweep.rows;
    }
    view->runs = sorted;
    view->rows = rows;
    const struct tg_result *first = sorted[0];
    view->id = first->sweep.id ? first->sweep.id : first->id;
    view->scenario = first->scenario;
    view->table = first->sweep.table;
    view->planned = first->sweep.planned;
    view->planned_count = first->sweep.planned_count;
}

static const struct tg_phase_result *phase_of(const struct tg_result *run, const char *name)
{
    for (size_t i = 0; i < run->phase_count; i++)
        if (strcmp(run->phases[i].name, name) == 0)
            return &run->phases[i];
    return NULL;
}

/* The phase, if what was measured in it is about the store at this size and complete. */
static const struct tg_phase_result *sound_phase(const struct tg_result *run, const char *name)
{
    const struct tg_phase_result *phase = phase_of(run, name);
    if (!phase || phase->invalid || phase->interrupted)
        return NULL;
    bool died = run->crash && phase == &run->phases[run->phase_count - 1];
    return died ? NULL : phase;
}

/* ---- operations ---- */

static const struct tg_op_result *op_of(const struct tg_phase_result *phase, const char *name)
{
    for (size_t i = 0; phase && i < phase->op_count; i++)
        if (strcmp(phase->ops[i].name, name) == 0)
            return &phase->ops[i];
    return NULL;
}

static double percentile_of(const struct tg_hdr *hdr, double percentile)
{
    if (!hdr || tg_percentile_support(hdr->total, percentile) != TG_SUPPORT_GOOD)
        return NAN;
    return (double)tg_hdr_percentile(hdr, percentile);
}

static struct tg_sweep_op make_op(const struct tg_sweep_view *view,
                                  const struct tg_phase_result *phase, const char *name,
                                  struct tg_arena *arena)
{
    double *p50_ns = tg_arena_array(arena, view->run_count, sizeof *p50_ns);
    double *p99_ns = tg_arena_array(arena, view->run_count, sizeof *p99_ns);
    double *rate_per_s = tg_arena_array(arena, view->run_count, sizeof *rate_per_s);
    for (size_t i = 0; i < view->run_count; i++) {
        const struct tg_phase_result *here = sound_phase(view->runs[i], phase->name);
        const struct tg_op_result *op = op_of(here, name);
        const struct tg_hdr *latency = !op ? NULL : phase->open_loop ? op->response : op->service;
        p50_ns[i] = percentile_of(latency, 50);
        p99_ns[i] = percentile_of(latency, 99);
        rate_per_s[i] = op && here->elapsed_ns > 0
                            ? (double)op->succeeded * (double)TG_NS_PER_S / (double)here->elapsed_ns
                            : NAN;
    }
    return (struct tg_sweep_op){
        .phase = phase->name,
        .op = name,
        .response = phase->open_loop,
        .p50_ns = p50_ns,
        .p99_ns = p99_ns,
        .rate_per_s = rate_per_s,
        .p50_growth = tg_growth_fit(view->rows, p50_ns, view->run_count, confidence),
        .p99_growth = tg_growth_fit(view->rows, p99_ns, view->run_count, confidence),
    };
}

/* ---- limits ---- */

static bool is_latency(enum tg_metric_kind metric)
{
    return metric == TG_METRIC_PERCENTILE || metric == TG_METRIC_MEAN || metric == TG_METRIC_MIN ||
           metric == TG_METRIC_MAX;
}

static bool is_lower_limit(const struct tg_target_result *target)
{
    return target->compare == TG_GREATER || target->compare == TG_GREATER_EQUAL;
}

/* Figures that a line through logarithms can say something about. Counts of rare events are not. */
static bool can_grow(const struct tg_target_result *target)
{
    bool measure = is_latency(target->metric) || target->metric == TG_METRIC_RATE ||
                   target->metric == TG_METRIC_ELAPSED || target->metric == TG_METRIC_RSS ||
                   target->metric == TG_METRIC_CPU;
    return measure && target->compare != TG_EQUAL && target->limit > 0;
}

static const struct tg_target_result *target_in(const struct tg_result *run,
                                                const struct tg_target_result *target)
{
    for (size_t i = 0; i < run->target_count; i++)
        if (strcmp(run->targets[i].phase, target->phase) == 0 &&
            strcmp(run->targets[i].text, target->text) == 0)
            return &run->targets[i];
    return NULL;
}

/* How the target was judged in a run, by the rule of the run's own verdict; TG_TARGET_NO_DATA also
 * where that is in doubt. */
static enum tg_target_status status_in(const struct tg_result *run,
                                       const struct tg_target_result *target)
{
    const struct tg_target_result *here = target_in(run, target);
    enum tg_target_standing standing = here ? tg_target_standing(run, here) : TG_STANDING_NO_DATA;
    return standing == TG_STANDING_MET      ? TG_TARGET_MET
           : standing == TG_STANDING_MISSED ? TG_TARGET_MISSED
                                            : TG_TARGET_NO_DATA;
}

static double harm(const struct tg_target_result *target, double value)
{
    return is_lower_limit(target) ? 1 / value : value;
}

static double harm_in(const struct tg_result *run, const struct tg_target_result *target)
{
    const struct tg_target_result *here = target_in(run, target);
    if (!here || here->status == TG_TARGET_NO_DATA || !sound_phase(run, here->phase) ||
        tg_target_support(run, here) != TG_SUPPORT_GOOD)
        return NAN;
    return harm(here, here->value);
}

/* Where the line meets the limit, and where a steeper one through the largest size that meets the
 * target does. Both lie beyond that size. */
static void extrapolate(struct tg_sweep_limit *limit, double largest, double largest_harm)
{
    double limit_harm = harm(limit->target, limit->target->limit);
    const struct tg_growth *growth = &limit->growth;
    if (limit->missed_rows > 0 || growth->sizes < FEWEST_SIZES || isnan(growth->exponent))
        return;
    limit->degrades_rows =
        growth->low > 0 ? fmax(largest, tg_growth_reaches(growth, limit_harm)) : INFINITY;
    if (isnan(largest_harm))
        return;
    limit->degrades_soonest_rows =
        growth->high > 0 ? largest * pow(limit_harm / largest_harm, 1 / growth->high) : INFINITY;
    limit->degrades_soonest_rows = fmin(limit->degrades_soonest_rows, limit->degrades_rows);
}

static struct tg_sweep_limit make_limit(const struct tg_sweep_view *view,
                                        const struct tg_target_result *target,
                                        struct tg_arena *arena)
{
    struct tg_sweep_limit limit = {
        .target = target, .degrades_rows = NAN, .degrades_soonest_rows = NAN};
    double *harms = tg_arena_array(arena, view->run_count, sizeof *harms);
    for (size_t i = 0; i < view->run_count; i++)
        harms[i] = can_grow(target) ? harm_in(view->runs[i], target) : NAN;
    limit.growth = tg_growth_fit(view->rows, harms, view->run_count, confidence);
    bool all_met = true;
    size_t met = 0; /* of the largest size that meets it, one more than its place; 0: none does */
    for (size_t i = 0; i < view->run_count; i++) {
        enum tg_target_status status = status_in(view->runs[i], target);
        all_met = all_met && status == TG_TARGET_MET;
        if (all_met)
            limit.capacity_rows = view->rows[i];
        if (status == TG_TARGET_MET)
            met = i + 1;
        if (status == TG_TARGET_MISSED && limit.missed_rows <= 0)
            limit.missed_rows = view->rows[i];
    }
    if (met > 0)
        extrapolate(&limit, view->rows[met - 1], harms[met - 1]);
    return limit;
}

/* Is the target about this operation's latency? The key is SCENARIO/PHASE/OP/METRIC. */
static bool is_about(const struct tg_target_result *target, const struct tg_sweep_op *op)
{
    const char *metric = strrchr(target->key, '/');
    size_t length = strlen(op->op);
    size_t head = metric ? (size_t)(metric - target->key) : 0;
    return is_latency(target->metric) && strcmp(target->phase, op->phase) == 0 && head > length &&
           target->key[head - length - 1] == '/' &&
           strncmp(target->key + head - length, op->op, length) == 0;
}

/* The targets of the sweep: those of the largest run that has any. Runs of one sweep share them. */
static const struct tg_result *judged_run(const struct tg_sweep_view *view)
{
    for (size_t i = view->run_count; i-- > 0;)
        if (view->runs[i]->target_count > 0)
            return view->runs[i];
    return view->runs[0];
}

static void fill_limits(struct tg_sweep_view *view, struct tg_sweep_op *ops, struct tg_arena *arena)
{
    const struct tg_result *judged = judged_run(view);
    bool *taken = tg_arena_array(arena, judged->target_count, sizeof *taken);
    for (size_t i = 0; i < view->op_count; i++) {
        struct tg_sweep_limit *limits = tg_arena_array(arena, judged->target_count, sizeof *limits);
        for (size_t t = 0; t < judged->target_count; t++) {
            if (!is_about(&judged->targets[t], &ops[i]))
                continue;
            taken[t] = true;
            limits[ops[i].limit_count++] = make_limit(view, &judged->targets[t], arena);
        }
        ops[i].limits = limits;
    }
    struct tg_sweep_limit *others = tg_arena_array(arena, judged->target_count, sizeof *others);
    for (size_t t = 0; t < judged->target_count; t++)
        if (!taken[t])
            others[view->other_count++] = make_limit(view, &judged->targets[t], arena);
    view->others = others;
}

/* ---- all ---- */

/* The run that came farthest: one that was cut short lacks phases. */
static const struct tg_result *fullest_run(const struct tg_sweep_view *view)
{
    const struct tg_result *fullest = view->runs[0];
    for (size_t i = 1; i < view->run_count; i++)
        if (view->runs[i]->phase_count > fullest->phase_count)
            fullest = view->runs[i];
    return fullest;
}

struct tg_sweep_view tg_sweep_view_make(const struct tg_result *const *runs, size_t count,
                                        struct tg_arena *arena)
{
    assert(count > 0);
    struct tg_sweep_view view = {0};
    fill_runs(&view, runs, count, arena);
    const struct tg_result *fullest = fullest_run(&view);
    size_t most = 0;
    for (size_t p = 0; p < fullest->phase_count; p++)
        most += fullest->phases[p].op_count;
    struct tg_sweep_op *ops = tg_arena_array(arena, most, sizeof *ops);
    for (size_t p = 0; p < fullest->phase_count; p++) {
        const struct tg_phase_result *phase = &fullest->phases[p];
        for (size_t i = 0; i < phase->op_count; i++)
            ops[view.op_count++] = make_op(&view, phase, phase->ops[i].name, arena);
    }
    view.ops = ops;
    fill_limits(&view, ops, arena);
    return view;
}

enum tg_verdict tg_sweep_verdict(const struct tg_sweep_view *sweep)
{
    enum tg_verdict worst =
        sweep->run_count < sweep->planned_count ? TG_VERDICT_INVALID : TG_VERDICT_PASS;
    for (size_t i = 0; i < sweep->run_count; i++) {
        enum tg_verdict verdict = sweep->runs[i]->verdict;
        if (verdict == TG_VERDICT_FAIL || worst == TG_VERDICT_PASS)
            worst = verdict;
    }
    return worst;
}
