#include "reports/run/target_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tg_target_words tg_target_words(const struct tg_target_result *target)
{
    size_t metric = strcspn(target->text, "<>=");
    const char *limit = target->text + metric;
    while (metric > 0 && target->text[metric - 1] == ' ')
        metric--;
    return (struct tg_target_words){(int)metric, limit};
}

/* Any double as the nearest whole number that fits: values may come from an edited document. */
static int64_t whole(double value)
{
    if (fabs(value) > 9e18)
        return value > 0 ? INT64_MAX : INT64_MIN + 1;
    return llround(value);
}

char *tg_target_value_text(const struct tg_target_result *target, char out[TG_UNIT_TEXT])
{
    snprintf(out, TG_UNIT_TEXT, "-");
    if (isnan(target->value))
        return out;
    switch (target->metric) {
    case TG_METRIC_PERCENTILE:
    case TG_METRIC_MEAN:
    case TG_METRIC_MIN:
    case TG_METRIC_MAX:
    case TG_METRIC_ELAPSED:
        tg_format_duration(whole(target->value), out);
        break;
    case TG_METRIC_RATE:
        tg_format_rate(target->value, out);
        break;
    case TG_METRIC_RSS:
        tg_format_bytes(whole(target->value), out);
        break;
    case TG_METRIC_ERROR_RATE:
    case TG_METRIC_CPU:
        snprintf(out, TG_UNIT_TEXT, "%.3g%%", 100 * target->value);
        break;
    case TG_METRIC_COUNT:
    case TG_METRIC_ERRORS:
    case TG_METRIC_RETRIES:
        tg_format_count(whole(target->value), out);
        break;
    case TG_METRIC_STALLS: /* of a gate, never a target */
        break;
    }
    return out;
}

static int64_t samples_of(const struct tg_op_result *op, const char *latency)
{
    const struct tg_hdr *hdr = op->service;
    if (tg_starts_with(latency, "response."))
        hdr = op->response;
    else if (tg_starts_with(latency, "lag."))
        hdr = op->lag;
    return hdr ? hdr->total : 0;
}

/* The key says what the target is about: SCENARIO/PHASE/OP/LATENCY.pNN. */
enum tg_support tg_target_support(const struct tg_result *result,
                                  const struct tg_target_result *target)
{
    const char *latency = strrchr(target->key, '/');
    const char *percentile = latency ? strstr(latency, ".p") : NULL;
    if (target->metric != TG_METRIC_PERCENTILE || !percentile || isnan(target->value))
        return TG_SUPPORT_GOOD;
    char *prefix = tg_format("%.*s", (int)(latency - target->key), target->key);
    const char *slash = strrchr(prefix, '/');
    const char *op = slash ? slash + 1 : prefix;
    int64_t samples = 0;
    for (size_t i = 0; i < result->phase_count; i++) {
        const struct tg_phase_result *phase = &result->phases[i];
        for (size_t j = 0; strcmp(phase->name, target->phase) == 0 && j < phase->op_count; j++)
            if (strcmp(op, "*") == 0 || strcmp(op, phase->ops[j].name) == 0)
                samples += samples_of(&phase->ops[j], latency + 1);
    }
    free(prefix);
    return tg_percentile_support(samples, strtod(percentile + 2, NULL));
}

char *tg_target_ratio_text(const struct tg_target_result *target, char out[TG_RATIO_TEXT])
{
    bool upper = target->compare == TG_LESS || target->compare == TG_LESS_EQUAL;
    bool better = target->ratio >= 1;
    char number[TG_UNIT_TEXT];
    if (!isfinite(target->ratio) || target->ratio <= 0)
        snprintf(out, TG_RATIO_TEXT, "%s", "");
    else if (fabs(target->ratio - 1) < 0.005)
        snprintf(out, TG_RATIO_TEXT, "%s", "at the limit");
    else
        snprintf(out, TG_RATIO_TEXT, "%s× %s",
                 tg_format_ratio(better ? target->ratio : 1 / target->ratio, number),
                 better  ? "better"
                 : upper ? "over"
                         : "short");
    return out;
}

/* ---- what it is about ---- */

const char *tg_target_op(const struct tg_target_result *target, struct tg_arena *arena)
{
    const char *end = strrchr(target->key, '/');
    const char *op = end;
    while (op && op > target->key && op[-1] != '/')
        op--;
    if (!end || (end - op == 1 && *op == '*'))
        return NULL;
    return tg_arena_memdup(arena, op, (size_t)(end - op));
}

const struct tg_phase_result *tg_target_phase(const struct tg_result *result,
                                              const struct tg_target_result *target)
{
    for (size_t i = 0; i < result->phase_count; i++)
        if (strcmp(result->phases[i].name, target->phase) == 0)
            return &result->phases[i];
    return NULL;
}

/* ---- doubt ---- */

const char *tg_phase_doubt(const struct tg_result *result, const struct tg_phase_result *phase)
{
    if (phase->invalid)
        return phase->invalid;
    if (phase->interrupted)
        return "it was interrupted";
    if (result->crash && phase == &result->phases[result->phase_count - 1])
        return result->crash;
    return NULL;
}

/* The same rules as those of the run's verdict: what went wrong before a store ended itself counts,
 * what went wrong until somebody killed it does not. */
const char *tg_phase_excuse(const struct tg_result *result, const struct tg_phase_result *phase)
{
    const char *doubt = tg_phase_doubt(result, phase);
    bool crashed = tg_result_crashed(result) && doubt == result->crash;
    return crashed ? NULL : doubt;
}

/* Operations that fell due and were never started are in no histogram, and have waited longest:
 * could a limit on response times or lags that holds without them not hold with them? */
static bool rests_on_those_started(const struct tg_phase_result *phase,
                                   const struct tg_target_result *target)
{
    const char *slash = strrchr(target->key, '/');
    const char *metric = slash ? slash + 1 : target->key; /* "response.p99" */
    double unstarted = (double)(phase->offered - phase->issued);
    bool upper = target->compare == TG_LESS || target->compare == TG_LESS_EQUAL;
    if (!upper || unstarted <= 0 || tg_starts_with(metric, "service."))
        return false;
    if (target->metric != TG_METRIC_PERCENTILE)
        return target->metric == TG_METRIC_MEAN || target->metric == TG_METRIC_MAX;
    const char *percentile = strrchr(metric, 'p');
    return 100 * unstarted >
           (100 - (percentile ? strtod(percentile + 1, NULL) : 100)) * (double)phase->offered;
}

const char *tg_target_doubt(const struct tg_result *result, const struct tg_phase_result *phase,
                            const struct tg_target_result *target)
{
    if (!phase)
        return "the phase was not run";
    if (target->status == TG_TARGET_MISSED)
        return tg_phase_excuse(result, phase);
    const char *doubt = tg_phase_doubt(result, phase);
    if (!doubt && target->status == TG_TARGET_MET && rests_on_those_started(phase, target))
        doubt = "operations that fell due were never started";
    return doubt;
}

enum tg_target_standing tg_target_standing(const struct tg_result *result,
                                           const struct tg_target_result *target)
{
    if (target->status == TG_TARGET_NO_DATA)
        return TG_STANDING_NO_DATA;
    if (tg_target_doubt(result, tg_target_phase(result, target), target))
        return TG_STANDING_IN_DOUBT;
    return target->status == TG_TARGET_MET ? TG_STANDING_MET : TG_STANDING_MISSED;
}
