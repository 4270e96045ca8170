/* What to do about a target that was missed: what its phase shows of the reason. Nothing of it was
 * tried. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/findings/list.h"
#include "reports/layout/markup.h"
#include "reports/run/target_text.h"

struct question {
    struct tg_finding_list *list;
    const struct tg_result *result;
    const struct tg_phase_result *phase;
    const struct tg_target_result *target;
    const char *op; /* NULL: the whole phase */
    const struct tg_op_result *costliest;
    double share; /* of the time of all operations, that the costliest takes */
};

static double time_of(const struct tg_hdr *hdr)
{
    return hdr && hdr->total > 0 ? (double)hdr->total * tg_hdr_mean(hdr) : 0;
}

static int64_t tail_of(const struct tg_hdr *lag)
{
    return lag && lag->total > 0 ? tg_hdr_percentile(lag, 99) : 0;
}

/* None where there are no several operations among which one could stand out. */
static void find_costliest(struct question *question)
{
    const struct tg_phase_result *phase = question->phase;
    double most = 0;
    double sum = 0;
    for (size_t i = 0; i < phase->op_count; i++) {
        double time = time_of(phase->ops[i].service);
        sum += time;
        if (time > most)
            question->costliest = &phase->ops[i];
        most = fmax(most, time);
    }
    if (phase->op_count < 2)
        question->costliest = NULL;
    question->share = sum > 0 ? most / sum : 0;
}

/* "memory_put takes 70% of the time that the operations of the phase take"; NULL. */
static const char *where_time_goes(const struct question *question)
{
    return question->costliest
               ? tg_arena_format(question->list->arena,
                                 "%s takes %.0f%% of the time that the operations of the phase "
                                 "take",
                                 question->costliest->name, 100 * question->share)
               : NULL;
}

/* The operation that the target is about, else the one that counts most. */
static const char *op_in_question(const struct question *question)
{
    const struct tg_phase_result *phase = question->phase;
    if (question->op)
        return question->op;
    if (question->costliest)
        return question->costliest->name;
    return phase->op_count == 1 ? phase->ops[0].name : NULL;
}

/* A plan that reaches its rows badly costs on every run, and more with more data. */
static const char *bad_access_of(const struct question *question, const char *op)
{
    const struct tg_coverage *coverage = &question->result->coverage;
    for (size_t i = 0; question->result->has_coverage && i < coverage->statement_count; i++) {
        const struct tg_coverage_statement *statement = &coverage->statements[i];
        const char *code;
        const char *access = strcmp(statement->owner, op) == 0
                                 ? tg_finding_bad_access(question->list, &statement->plan, &code)
                                 : NULL;
        if (access)
            return access;
    }
    return NULL;
}

static const char *bad_plan(const struct question *question)
{
    struct tg_arena *arena = question->list->arena;
    const char *op = op_in_question(question);
    const char *access = op ? bad_access_of(question, op) : NULL;
    const char *time = question->op ? NULL : where_time_goes(question);
    if (!access)
        return NULL;
    return time
               ? tg_arena_format(arena,
                                 "%s: begin with its plan, which %s: it has a finding of its own",
                                 time, access)
               : tg_arena_format(arena,
                                 "begin with the plan of %s, which %s: it has a finding of its own",
                                 op, access);
}

static const char *profile(const struct question *question)
{
    const struct tg_result *result = question->result;
    struct tg_text text = {0};
    if (!result->scenario_path)
        return "profile the phase: perf record -g, then perf report";
    tg_text_add(&text, "profile the phase: perf record -g -- tailgate run --no-coverage ");
    tg_shell_word(&text, result->scenario_path);
    tg_text_add(&text, " --phase ");
    tg_shell_word(&text, question->phase->name);
    for (size_t i = 0; i < result->override_count; i++) {
        tg_text_add(&text, " --set ");
        tg_shell_word(&text, result->overrides[i]);
    }
    tg_text_add(&text, ", then perf report");
    const char *copy = tg_arena_strdup(question->list->arena, tg_text_string(&text));
    tg_text_free(&text);
    return copy;
}

/* Would the time inside the store have met a limit on response times? Then the rest is waiting. */
static bool only_waits(const struct question *question)
{
    const struct tg_target_result *target = question->target;
    const char *percentile = strrchr(target->key, 'p');
    const struct tg_metric service = {
        .op = -1,
        .latency = TG_LATENCY_SERVICE,
        .kind = target->metric,
        .percentile = percentile ? strtod(percentile + 1, NULL) : 0,
    };
    bool upper = target->compare == TG_LESS || target->compare == TG_LESS_EQUAL;
    return upper && strstr(target->key, "/response.") &&
           tg_result_metric(question->phase, &service, question->op) < target->limit;
}

static const char *about_waiting(const struct question *question, const char *why)
{
    const struct tg_phase_result *phase = question->phase;
    struct tg_arena *arena = question->list->arena;
    if (tail_of(phase->late_lag) > tail_of(phase->busy_lag))
        return tg_arena_format(arena,
                               "%sworkers woke late, which is the machine's doing. Measure on a "
                               "quieter one",
                               why);
    const char *time = where_time_goes(question);
    return tg_arena_format(arena, "%soperations wait because every worker is busy. Add workers%s%s",
                           why, time ? "; " : ", or make the operations cheaper", time ? time : "");
}

static const char *about_latency(const struct question *question)
{
    if (strstr(question->target->key, "/lag.")) /* over before the store has anything to do */
        return about_waiting(question, "");
    if (only_waits(question))
        return about_waiting(question, "the service time would have met the limit: ");
    const char *plan = bad_plan(question);
    return plan ? plan : profile(question);
}

/* A rate, a number of operations, or how long they took. */
static const char *about_pace(const struct question *question)
{
    const struct tg_target_result *target = question->target;
    const struct tg_phase_result *phase = question->phase;
    struct tg_arena *arena = question->list->arena;
    bool lower = target->compare == TG_GREATER || target->compare == TG_GREATER_EQUAL;
    char rate[TG_UNIT_TEXT];
    if (target->metric == TG_METRIC_RATE && lower && phase->open_loop &&
        target->limit > phase->rate_per_s)
        return tg_arena_format(arena,
                               "the phase offers %s, which is less than the target asks for: "
                               "raise its rate, or lower the target",
                               tg_format_rate(phase->rate_per_s, rate));
    bool upper = target->compare == TG_LESS || target->compare == TG_LESS_EQUAL;
    if (target->metric == TG_METRIC_ELAPSED ? !upper : !lower)
        return profile(question); /* it was too fast: nothing cheaper helps */
    const char *plan = bad_plan(question);
    const char *time = where_time_goes(question);
    if (plan || !time)
        return plan ? plan : profile(question);
    return tg_arena_format(arena, "%s: make it cheaper, or add workers", time);
}

static const char *advise(const struct question *question)
{
    switch (question->target->metric) {
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
        return about_latency(question);
    case TG_METRIC_RATE:
    case TG_METRIC_COUNT:
    case TG_METRIC_ELAPSED:
        return about_pace(question);
    case TG_METRIC_ERRORS:
    case TG_METRIC_ERROR_RATE:
        return "see which operations fail, and why: the findings about errors name them";
    case TG_METRIC_RETRIES:
        return "keep write transactions short, and begin those that write with immediate = true";
    case TG_METRIC_RSS:
        return "let the store keep less in memory (the size of its cache), and see whether a "
               "longer phase needs more: then something is never freed";
    case TG_METRIC_CPU:
    case TG_METRIC_STALLS: /* of a gate, never a target */
        break;
    }
    return profile(question);
}

const char *tg_finding_target_advice(struct tg_finding_list *list, const struct tg_result *result,
                                     const struct tg_target_result *target)
{
    struct question question = {
        .list = list,
        .result = result,
        .phase = tg_target_phase(result, target),
        .target = target,
        .op = tg_target_op(target, list->arena),
    };
    find_costliest(&question);
    return advise(&question);
}
