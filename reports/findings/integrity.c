/* Data that was lost or damaged, and stores that died. */
#include <stdlib.h>

#include "common/text.h"
#include "common/units.h"
#include "reports/findings/list.h"

static void find_violations(struct tg_finding_list *list, const struct tg_result *result)
{
    enum { MOST_SHOWN = 5 };
    char number[TG_UNIT_TEXT];
    struct tg_text text = {0};
    for (size_t i = 0; i < result->violation_count && i < MOST_SHOWN; i++)
        tg_text_addf(&text, "%s%s", i > 0 ? "\n" : "", result->violations[i]);
    if (result->violation_count > MOST_SHOWN)
        tg_text_addf(&text, "\nand %s more",
                     tg_format_count((int64_t)(result->violation_count - MOST_SHOWN), number));
    struct tg_finding *finding = tg_finding_add(list, TG_FINDING_CRITICAL, "integrity");
    finding->where = "the store";
    finding->title = "the store's data are damaged after the run";
    finding->evidence = tg_arena_strdup(list->arena, tg_text_string(&text));
    finding->remedy = "do not release: find the operation that does it by running the phases alone";
    tg_text_free(&text);
}

static void find_crash(struct tg_finding_list *list, const struct tg_result *result)
{
    bool from_outside = tg_result_killed(result);
    struct tg_finding *finding =
        tg_finding_add(list, from_outside ? TG_FINDING_INFO : TG_FINDING_CRITICAL,
                       from_outside ? "killed" : "crash");
    finding->where = "the store";
    finding->title = from_outside ? "the process of the store was killed from outside"
                                  : "the process of the store crashed";
    finding->evidence = result->crash;
    finding->remedy = from_outside
                          ? "look for the kernel's out-of-memory messages, and measure again"
                          : "do not release: run the phase again with a build that leaves a core";
}

void tg_find_in_integrity(struct tg_finding_list *list, const struct tg_result *result)
{
    if (result->crash)
        find_crash(list, result);
    if (result->violation_count > 0)
        find_violations(list, result);
    if (!result->verified && !result->crash) {
        struct tg_finding *finding = tg_finding_add(list, TG_FINDING_INFO, "not-checked");
        finding->where = "the store";
        finding->title = "the store's integrity was not checked after the run";
        finding->evidence = "the run ended before the check";
        finding->remedy = "measure again without an interruption";
    }
}
