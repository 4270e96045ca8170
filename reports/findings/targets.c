/* Targets: missed, met with little to spare, without data. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/units.h"
#include "reports/findings/list.h"
#include "reports/run/target_text.h"

static struct tg_finding *add(struct tg_finding_list *list, const struct tg_target_result *target,
                              enum tg_finding_severity severity, const char *code, const char *what)
{
    char value[TG_UNIT_TEXT], ratio[TG_RATIO_TEXT];
    struct tg_finding *finding = tg_finding_add(list, severity, code);
    finding->where = tg_arena_format(list->arena, "phase %s", target->phase);
    finding->title = tg_arena_format(list->arena, "%s: %s", what, target->text);
    tg_target_ratio_text(target, ratio);
    if (!isnan(target->value))
        finding->evidence =
            tg_arena_format(list->arena, "measured %s%s%s", tg_target_value_text(target, value),
                            *ratio ? ", " : "", ratio);
    return finding;
}

static void find_in_target(struct tg_finding_list *list, const struct tg_result *result,
                           const struct tg_target_result *target)
{
    enum tg_target_standing standing = tg_target_standing(result, target);
    if (standing == TG_STANDING_NO_DATA) {
        add(list, target, TG_FINDING_INFO, "target-without-data", "no data for the target")
            ->remedy = "have the phase run the operation often enough for the figure";
    } else if (standing == TG_STANDING_IN_DOUBT) {
        /* No fault of the store; and what is met there proves nothing that could be praised. */
        if (target->status == TG_TARGET_MISSED)
            add(list, target, TG_FINDING_INFO, "target-missed",
                "target missed in a phase that says nothing")
                ->remedy = "measure the phase again";
    } else if (standing == TG_STANDING_MISSED) {
        add(list, target, TG_FINDING_HIGH, "target-missed", "target missed")->remedy =
            tg_finding_target_advice(list, result, target);
    } else if (isfinite(target->ratio) && target->ratio < list->limits->headroom) {
        add(list, target, TG_FINDING_MEDIUM, "little-headroom", "target met with little to spare")
            ->remedy = tg_arena_format(list->arena,
                                       "expect it to be missed with more data or load: %.3g times "
                                       "better than asked is the least that is not reported",
                                       list->limits->headroom);
    }
}

void tg_find_in_targets(struct tg_finding_list *list, const struct tg_result *result)
{
    for (size_t i = 0; i < result->target_count; i++)
        find_in_target(list, result, &result->targets[i]);
}
