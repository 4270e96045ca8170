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
