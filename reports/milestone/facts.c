#include "reports/milestone/facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/milestone/model.h"
#include "reports/run/target_text.h"

/* ---- scenarios ---- */

const char *tg_scenario_to_tell(const struct tg_milestone *milestone, size_t source)
{
    const char *found = NULL;
    bool several = false;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const char *scenario = milestone->runs[i].result->scenario;
        several = several || strcmp(scenario, milestone->runs[0].result->scenario) != 0;
        if (milestone->runs[i].source == source)
            found = scenario;
    }
    return several ? found : NULL;
}

/* ---- targets ---- */

static int status_rank(const struct tg_ranked_target *ranked)
{
    if (ranked->doubt || ranked->target->status == TG_TARGET_NO_DATA)
        return 1;
    return ranked->target->status == TG_TARGET_MISSED ? 0 : 2;
}

static int by_ratio(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int worst_first(const void *a, const void *b)
{
    const struct tg_ranked_target *left = a;
    const struct tg_ranked_target *right = b;
    int order = status_rank(left) - status_rank(right);
    if (order == 0)
        order = by_ratio(left->target->ratio, right->target->ratio);
    if (order == 0 && left->source != right->source)
        order = left->source < right->source ? -1 : 1;
    if (order == 0 && left->target != right->target) /* of one run, in the order of the scenario */
        order = left->target < right->target ? -1 : 1;
    return order;
}

struct tg_ranking tg_rank_targets(const struct tg_milestone *milestone)
{
    struct tg_ranking ranking = {0};
    size_t count = 0;
    for (size_t i = 0; i < milestone->run_count; i++)
        count += milestone->runs[i].result->target_count;
    ranking.items = tg_calloc(count + 1, sizeof *ranking.items);
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_milestone_run *run = &milestone->runs[i];
        for (size_t k = 0; k < run->result->target_count; k++) {
            const struct tg_target_result *target = &run->result->targets[k];
            struct tg_ranked_target *ranked = &ranking.items[ranking.count++];
            *ranked = (struct tg_ranked_target){target, run->result, run->source, NULL};
            if (target->status != TG_TARGET_NO_DATA)
                ranked->doubt =
                    tg_target_doubt(run->result, tg_target_phase(run->result, target), target);
            ranking.missed += status_rank(ranked) == 0;
            ranking.open += status_rank(ranked) == 1;
            ranking.met += status_rank(ranked) == 2;
        }
    }
    qsort(ranking.items, ranking.count, sizeof *ranking.items, worst_first);
    return ranking;
}

void tg_ranking_free(struct tg_ranking *ranking)
{
    free(ranking->items);
    *ranking = (struct tg_ranking){0};
}

char *tg_ranked_name(const struct tg_milestone *milestone, const struct tg_ranked_target *ranked)
{
    const char *scenario = tg_scenario_to_tell(milestone, ranked->source);
    return tg_format("%s in phase %s%s%s", ranked->target->text, ranked->target->phase,
                     scenario ? " of " : "", scenario ? scenario : "");
}

char *tg_ranked_value(const struct tg_ranked_target *ranked, bool *few, char out[TG_UNIT_TEXT + 1])
{
    char value[TG_UNIT_TEXT];
    bool weak = tg_target_support(ranked->result, ranked->target) != TG_SUPPORT_GOOD;
    if (weak)
        *few = true;
    snprintf(out, TG_UNIT_TEXT + 1, "%s%s", weak ? "~" : "",
             tg_target_value_text(ranked->target, value));
    return out;
}

/* ---- plans ---- */

enum tg_step_kind tg_plan_access(const struct tg_plan *plan)
{
    enum tg_step_kind access = TG_STEP_OTHER;
    for (size_t i = 0; i < plan->step_count; i++) {
        struct tg_plan_step pair[] = {{.kind = access}, {.kind = plan->steps[i].kind}};
        if (plan->steps[i].kind != TG_STEP_TEMP_BTREE)
            access = tg_plan_worst(&(struct tg_plan){.steps = pair, .step_count = 2});
    }
    return access;
}

bool tg_plan_sorts(const struct tg_plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == TG_STEP_TEMP_BTREE)
            return true;
    return false;
}

struct tg_plan_counts tg_count_plans(const struct tg_coverage *coverage)
{
    struct tg_plan_counts counts = {.indexes = coverage->index_count};
    for (size_t i = 0; i < coverage->statement_count; i++) {
        const struct tg_plan *plan = &coverage->statements[i].plan;
        enum tg_step_kind access = tg_plan_access(plan);
        counts.sorts += tg_plan_sorts(plan);
        counts.tableless += plan->step_count > 0 && access == TG_STEP_OTHER;
        if (access == TG_STEP_OTHER)
            continue;
        counts.planned++;
        counts.by_search += access == TG_STEP_SEARCH || access == TG_STEP_COVERING_SEARCH;
        counts.index_scans += access == TG_STEP_INDEX_SCAN;
        counts.automatic += access == TG_STEP_AUTO_INDEX;
        counts.table_scans += access == TG_STEP_TABLE_SCAN;
    }
    for (size_t i = 0; i < coverage->index_count; i++) {
        const struct tg_coverage_index *index = &coverage->indexes[i];
        counts.unused += index->users == 0 && !index->info.automatic;
        counts.tables += i == 0 || strcmp(index->info.table, index[-1].info.table) != 0;
    }
    return counts;
}

/* ---- issues, shares ---- */

size_t tg_count_issues(const struct tg_findings *findings)
{
    size_t count = 0;
    while (count < findings->count && findings->items[count].severity < TG_FINDING_INFO)
        count++;
    return count;
}

double tg_floored_percent(double share)
{
    static const double rounding = 1e-9; /* 0.157 is 15.7 % */
    return floor(1000 * share + rounding) / 10;
}

/* ---- time ---- */

static double service_ns(const struct tg_op_result *op)
{
    return op->service->total > 0 ? tg_hdr_mean(op->service) * (double)op->service->total : 0;
}

static bool largest_share(const struct tg_phase_result *phase, struct tg_time_share *share)
{
    double all_ns = 0, most_ns = 0;
    int64_t operations = 0;
    const struct tg_op_result *most = NULL;
    for (size_t i = 0; i < phase->op_count; i++) {
        double own_ns = service_ns(&phase->ops[i]);
        all_ns += own_ns;
        operations += phase->ops[i].succeeded;
        if (own_ns > most_ns) {
            most_ns = own_ns;
            most = &phase->ops[i];
        }
    }
    if (phase->op_count < 2 || !most || operations <= 0)
        return false;
    share->phase = phase;
    share->op = most;
    share->time = most_ns / all_ns;
    share->operations = (double)most->succeeded / (double)operations;
    return true;
}

static int larger_first(const void *a, const void *b)
{
    double left = ((const struct tg_time_share *)a)->time;
    double right = ((const struct tg_time_share *)b)->time;
    return (left < right) - (left > right);
}

struct tg_time_share *tg_time_shares(const struct tg_milestone *milestone, size_t *count)
{
    size_t phases = 0;
    for (size_t i = 0; i < milestone->run_count; i++)
        phases += milestone->runs[i].result->phase_count;
    struct tg_time_share *shares = tg_calloc(phases + 1, sizeof *shares);
    *count = 0;
    for (size_t i = 0; i < milestone->run_count; i++) {
        const struct tg_milestone_run *run = &milestone->runs[i];
        for (size_t k = 0; k < run->result->phase_count; k++) {
            shares[*count].source = run->source;
            *count += largest_share(&run->result->phases[k], &shares[*count]);
        }
    }
    qsort(shares, *count, sizeof *shares, larger_first);
    return shares;
}
