/* The score, the decision and its conditions, and what is proved at which level. */
#include <math.h>
#include <stdlib.h>

#include "common/text.h"
#include "compare/gate.h"
#include "reports/milestone/model.h"

/* ---- criteria ---- */

static bool has_measure(const struct tg_milestone_file *file, enum tg_measure measure)
{
    for (size_t i = 0; i < file->measure_count; i++)
        if (file->measures[i].measure == measure)
            return true;
    return false;
}

/* What was measured decides, also where no criterion asks about it. Without a weight beside
 * criteria of the file, so that it does not change their score. */
static void imply(struct tg_making *making, enum tg_measure measure, const char *name)
{
    struct tg_milestone *milestone = making->milestone;
    struct tg_milestone_measure *implied = tg_arena_alloc(making->arena, sizeof *implied);
    *implied = (struct tg_milestone_measure){
        .name = name,
        .weight = making->file->measure_count > 0 ? 0 : 1,
        .must = true,
        .implied = true,
        .measure = measure,
        .at_least = 1,
    };
    tg_milestone_measure(making, implied, &milestone->criteria[milestone->criterion_count++]);
}

void tg_milestone_judge_criteria(struct tg_making *making)
{
    enum { MOST_IMPLIED = 3 };
    const struct tg_milestone_file *file = making->file;
    struct tg_milestone *milestone = making->milestone;
    milestone->criteria = tg_arena_array(making->arena, file->measure_count + MOST_IMPLIED,
                                         sizeof *milestone->criteria);
    for (size_t i = 0; i < file->measure_count; i++)
        tg_milestone_measure(making, &file->measures[i],
                             &milestone->criteria[milestone->criterion_count++]);
    if (milestone->run_count > 0 && !has_measure(file, TG_MEASURE_TARGETS) &&
        !has_measure(file, TG_MEASURE_RESULTS))
        imply(making, TG_MEASURE_RESULTS, "Every result passes");
    if (milestone->comparison_count > 0 && !has_measure(file, TG_MEASURE_GATE))
        imply(making, TG_MEASURE_GATE, "Every comparison passes");
    if (milestone->sweep_count > 0 && !has_measure(file, TG_MEASURE_SIZES) &&
        !has_measure(file, TG_MEASURE_CAPACITY))
        imply(making, TG_MEASURE_SIZES, "Every size passes");
}

/* ---- score ---- */

/* Rounded down, so that no score is better than what was measured. Shares first, to what the
 * formula shows: it can be worked out by hand. */
static double rounded_down(double value, double parts)
{
    static const double rounding = 1e-9;
    return floor(value * parts + rounding) / parts;
}

static void add_score(struct tg_making *making)
{
    struct tg_milestone *milestone = making->milestone;
    struct tg_text text = {0};
    double sum = 0;
    double weights = 0;
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        criterion->share = rounded_down(criterion->share, 1e4);
        if (criterion->weight <= 0)
            continue;
        tg_text_addf(&text, "%s%.10g × %.10g", text.length ? " + " : "", criterion->weight,
                     criterion->share);
        sum += criterion->weight * criterion->share;
        weights += criterion->weight;
    }
    milestone->score = weights > 0 ? rounded_down(100 * sum / weights, 10) : NAN;
    milestone->score_formula =
        weights > 0 ? tg_arena_format(making->arena, "100 × (%s) / %.10g = %.10g",
                                      tg_text_string(&text), weights, milestone->score)
                    : "no criterion has a weight";
    tg_text_free(&text);
}

/* ---- decision ---- */

struct conditions {
    struct tg_making *making;
    const char **items;
    size_t count, room;
};

static void add_condition(struct conditions *conditions, const char *text)
{
    conditions->items =
        tg_arena_grown(conditions->making->arena, conditions->items, conditions->count,
                       &conditions->room, sizeof *conditions->items);
    conditions->items[conditions->count++] = text;
}

struct musts { /* how many of them are ... */
    size_t all, missed, open;
    const char *first_missed, *first_open;
};

static struct musts count_musts(const struct tg_milestone *milestone, struct conditions *conditions)
{
    struct musts musts = {0};
    struct tg_arena *arena = conditions->making->arena;
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        musts.all += criterion->must;
        if (!criterion->must || criterion->status == TG_CRITERION_MET)
            continue;
        bool missed = criterion->status == TG_CRITERION_MISSED;
        if (missed && musts.missed++ == 0)
            musts.first_missed = criterion->name;
        if (!missed && musts.open++ == 0)
            musts.first_open = criterion->name;
        add_condition(conditions,
                      tg_arena_format(arena, "%s: asked: %s; measured: %s", criterion->name,
                                      criterion->asked, criterion->evidence));
    }
    return musts;
}

static size_t count_critical(const struct tg_milestone *milestone, struct conditions *conditions)
{
    size_t critical = 0;
    for (size_t i = 0; i < milestone->findings.count; i++) {
        const struct tg_finding *finding = &milestone->findings.items[i];
        if (finding->severity != TG_FINDING_CRITICAL)
            continue;
        critical++;
        add_condition(conditions, tg_arena_format(conditions->making->arena, "%s%s%s%s",
                                                  finding->title, *finding->where ? " (" : "",
                                                  finding->where, *finding->where ? ")" : ""));
    }
    return critical;
}

static void decide(struct tg_making *making, const struct musts *musts, size_t critical,
                   bool low_score)
{
    struct tg_milestone *milestone = making->milestone;
    struct tg_arena *arena = making->arena;
    if (critical > 0) {
        milestone->decision = TG_DECISION_REJECTED;
        milestone->reason =
            tg_arena_format(arena, "%zu critical finding%s", critical, tg_plural(critical, "s"));
    } else if (musts->missed > 0) {
        milestone->decision = TG_DECISION_REJECTED;
        milestone->reason =
            musts->missed == 1
                ? tg_arena_format(arena, "the must-criterion \"%s\" is missed", musts->first_missed)
                : tg_arena_format(arena, "%zu must-criteria are missed, the first: \"%s\"",
                                  musts->missed, musts->first_missed);
    } else if (musts->open > 0) {
        milestone->decision = TG_DECISION_CONDITIONAL;
        milestone->reason = tg_arena_format(
            arena, "the must-criterion \"%s\" is not decided by what was measured%s",
            musts->first_open, musts->open > 1 ? ", nor are others" : "");
    } else if (low_score) {
        milestone->decision = TG_DECISION_CONDITIONAL;
        milestone->reason =
            isnan(milestone->score)
                ? tg_arena_format(arena,
                                  "there is no score, as no criterion has a weight, and %.10g is "
                                  "asked for",
                                  milestone->approve_at)
                : tg_arena_format(arena, "the score is %.10g, and %.10g is asked for",
                                  milestone->score, milestone->approve_at);
    } else {
        milestone->decision = TG_DECISION_APPROVED;
        milestone->reason =
            musts->all > 0 ? "every must-criterion is met" : "no criterion is a must";
    }
    bool only_data = milestone->decision == TG_DECISION_CONDITIONAL && !low_score;
    milestone->exit_code = milestone->decision == TG_DECISION_APPROVED ? 0 : only_data ? 3 : 1;
}

/* ---- confidence ---- */

static bool no_row_is_worse(const struct tg_gate_view *gate)
{
    bool proved = gate->row_count > 0 && !gate->fails_more;
    for (size_t i = 0; i < gate->row_count; i++)
        proved = proved && (gate->rows[i].judged_as == TG_GATE_PASS ||
                            gate->rows[i].judged_as == TG_GATE_IMPROVEMENT);
    return proved;
}

static bool a_row_is_worse(const struct tg_gate_view *gate)
{
    bool any = gate->fails_proved;
    for (size_t i = 0; i < gate->row_count; i++)
        any = any || gate->rows[i].judged_as == TG_GATE_REGRESSION;
    return any;
}

/* By the comparison itself: what a run or a competitor adds to its verdict takes no proof away. */
static bool is_proved(const struct tg_gate_view *gate, enum tg_gate_verdict verdict)
{
    if (gate->end != TG_END_DECIDED && gate->end != TG_END_BUDGET)
        return false;
    return verdict == TG_GATE_PASS ? no_row_is_worse(gate) : a_row_is_worse(gate);
}

/* Labels of the comparisons between two variants that end with this verdict; NULL: none does. */
static const char *proved(struct tg_making *making, enum tg_gate_verdict verdict)
{
    const struct tg_milestone *milestone = making->milestone;
    struct tg_label_set set = tg_milestone_label_set(making);
    bool any = false;
    for (size_t i = 0; i < milestone->comparison_count; i++) {
        const struct tg_milestone_comparison *comparison = &milestone->comparisons[i];
        if (comparison->gate->baseline || !is_proved(comparison->gate, verdict))
            continue;
        set.used[comparison->source] = true;
        any = true;
    }
    return any ? tg_milestone_labels(making, &set) : NULL;
}

static void add_confidence(struct tg_making *making)
{
    const struct tg_gate_config config = tg_gate_defaults(making->arena);
    const char *passes = proved(making, TG_GATE_PASS);
    const char *regressions = proved(making, TG_GATE_REGRESSION);
    struct tg_text text = {0};
    if (passes)
        tg_text_addf(&text,
                     "Every gated metric of %s is proved to be worse by less than its margin; "
                     "a gate says so wrongly with a probability of at most %.10g%% "
                     "(Hodges-Lehmann estimate, exact Wilcoxon signed-rank bounds over launches).",
                     passes, 100 * config.plan.alpha);
    if (regressions)
        tg_text_addf(&text,
                     "%sA regression in %s is confirmed on fresh launches; a gate calls one "
                     "wrongly with a probability of at most %.10g%% (signed-rank test, Holm's "
                     "procedure).",
                     text.length ? " " : "", regressions, 100 * config.confirm_level);
    making->milestone->confidence =
        text.length ? tg_arena_strdup(making->arena, tg_text_string(&text)) : NULL;
    tg_text_free(&text);
}

void tg_milestone_decide(struct tg_making *making)
{
    struct tg_milestone *milestone = making->milestone;
    struct conditions conditions = {.making = making};
    add_score(making);
    struct musts musts = count_musts(milestone, &conditions);
    size_t critical = count_critical(milestone, &conditions);
    bool low_score = !isnan(milestone->approve_at) && !(milestone->score >= milestone->approve_at);
    if (low_score && isnan(milestone->score))
        add_condition(&conditions, tg_arena_format(making->arena,
                                                   "Score: %.10g is asked for, and no criterion "
                                                   "has a weight",
                                                   milestone->approve_at));
    else if (low_score)
        add_condition(&conditions,
                      tg_arena_format(making->arena, "Score: %.10g is asked for, and it is %.10g",
                                      milestone->approve_at, milestone->score));
    decide(making, &musts, critical, low_score);
    milestone->conditions = conditions.items;
    milestone->condition_count = conditions.count;
    add_confidence(making);
}

const char *tg_decision_name(enum tg_decision decision)
{
    static const char *const names[] = {
        [TG_DECISION_APPROVED] = "APPROVED",
        [TG_DECISION_CONDITIONAL] = "CONDITIONAL",
        [TG_DECISION_REJECTED] = "REJECTED",
    };
    return names[decision];
}

const char *tg_criterion_status_name(enum tg_criterion_status status)
{
    static const char *const names[TG_CRITERION_STATUSES] = {
        [TG_CRITERION_MET] = "met",
        [TG_CRITERION_MISSED] = "missed",
        [TG_CRITERION_INCONCLUSIVE] = "inconclusive",
        [TG_CRITERION_NO_DATA] = "no data",
    };
    return names[status];
}
