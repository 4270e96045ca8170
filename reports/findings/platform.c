/* What the machine and the harness did to the measurement. */
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/text.h"
#include "common/units.h"
#include "reports/findings/list.h"

static double cpus_of(const struct tg_result *result)
{
    int64_t cpus = 1;
    cJSON *host = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    (void)tg_json_get_int64(host, "cpus", &cpus);
    cJSON_Delete(host);
    return cpus > 0 ? (double)cpus : 1;
}

/* One line of the evidence: "phase steady: 2.50 s stolen in 60.0 s, 2.1% of the time of 2 CPUs". */
static void add_steal(struct tg_finding_list *list, const struct tg_phase_result *phase,
                      double cpus, struct tg_text *evidence)
{
    if (phase->steal_ns < 0 || phase->elapsed_ns <= 0)
        return;
    double share = (double)phase->steal_ns / ((double)phase->elapsed_ns * cpus);
    if (share <= list->limits->steal)
        return;
    char steal[TG_UNIT_TEXT], percent[TG_UNIT_TEXT], elapsed[TG_UNIT_TEXT];
    tg_text_addf(evidence, "%sphase %s: %s stolen in %s, %s of the time of %.0f CPU%s",
                 evidence->length > 0 ? "\n" : "", phase->name,
                 tg_format_duration(phase->steal_ns, steal),
                 tg_format_duration(phase->elapsed_ns, elapsed), tg_format_percent(share, percent),
                 cpus, cpus > 1 ? "s" : "");
}

static void find_steal(struct tg_finding_list *list, const struct tg_result *result)
{
    double cpus = cpus_of(result);
    struct tg_text evidence = {0};
    char limit[TG_UNIT_TEXT];
    for (size_t i = 0; i < result->phase_count; i++)
        add_steal(list, &result->phases[i], cpus, &evidence);
    if (evidence.length > 0) {
        struct tg_finding *finding = tg_finding_add(list, TG_FINDING_INFO, "steal");
        finding->where = "the platform";
        finding->title =
            tg_arena_format(list->arena, "the platform took more than %s of the CPU time away",
                            tg_format_percent(list->limits->steal, limit));
        finding->evidence = tg_arena_strdup(list->arena, evidence.data);
        finding->remedy = "measure again when the host is quieter: the tail of the latencies may "
                          "be that of the platform";
    }
    tg_text_free(&evidence);
}

static void find_doubts(struct tg_finding_list *list, const struct tg_phase_result *phase)
{
    if (phase->invalid) {
        struct tg_finding *finding = tg_finding_add(list, TG_FINDING_INFO, "invalid-phase");
        finding->where = tg_finding_phase(list, phase);
        finding->title = "the phase says nothing about the store";
        finding->evidence = phase->invalid;
        finding->remedy = phase->issued > 0
                              ? "lower the rate, add workers, or take a quieter machine, and "
                                "measure again: neither what it met nor what it missed counts"
                              : "have the phase run for longer, and measure again";
    }
    if (phase->interrupted) {
        struct tg_finding *finding = tg_finding_add(list, TG_FINDING_INFO, "interrupted");
        finding->where = tg_finding_phase(list, phase);
        finding->title = "the phase was interrupted";
        finding->evidence = "its figures are those measured until then";
        finding->remedy = "measure again";
    }
}

void tg_find_in_platform(struct tg_finding_list *list, const struct tg_result *result)
{
    for (size_t i = 0; i < result->phase_count; i++)
        find_doubts(list, &result->phases[i]);
    find_steal(list, result);
}
