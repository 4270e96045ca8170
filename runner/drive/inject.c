#include "runner/drive/inject.h"

#include <math.h>
#include <stdlib.h>

#include "common/text.h"
#include "runner/drive/clock.h"
#include "runner/histogram/hdr.h"
#include "runner/workload/random.h"

struct rule { /* one operation's */
    struct tg_inject inject;
    uint64_t *keys; /* "of" below 1: of the random numbers, by phase; else NULL */
    /* "slowest" below 1; else NULL */
    struct tg_hdr *services; /* all service times so far, without waits */
    int64_t threshold_ns;    /* what takes longer is one of the slowest */
    int64_t refresh_at;      /* number of service times at which the threshold is looked up again */
};

struct tg_injector {
    int64_t half_reading_ns; /* half the cost of reading the clock */
    size_t count;
    struct rule rules[]; /* by operation */
};

static uint64_t *make_keys(const struct tg_scenario *scenario, size_t op)
{
    uint64_t *keys = tg_calloc(scenario->phase_count, sizeof *keys);
    for (size_t p = 0; p < scenario->phase_count; p++) {
        char *place = tg_format("inject/%s/%s", scenario->phases[p].name, scenario->ops[op].name);
        keys[p] = tg_random_key(scenario->seed, place);
        free(place);
    }
    return keys;
}

struct tg_injector *tg_injector_new(const struct tg_scenario *scenario)
{
    size_t count = scenario->op_count;
    struct tg_injector *injector =
        tg_calloc(1, sizeof *injector + count * sizeof injector->rules[0]);
    injector->half_reading_ns = tg_clock_overhead_ps() / 2000;
    injector->count = count;
    for (size_t i = 0; i < count; i++) {
        struct rule *rule = &injector->rules[i];
        rule->inject = scenario->injects[i];
        if (rule->inject.of < 1)
            rule->keys = make_keys(scenario, i);
        if (rule->inject.slowest < 1)
            rule->services = tg_hdr_new(&tg_hdr_latency_ns);
        rule->threshold_ns = INT64_MAX;
        rule->refresh_at = TG_INJECT_LEARNS;
    }
    return injector;
}

void tg_injector_free(struct tg_injector *injector)
{
    if (!injector)
        return;
    for (size_t i = 0; i < injector->count; i++) {
        free(injector->rules[i].keys);
        free(injector->rules[i].services);
    }
    free(injector);
}

static bool is_chosen(const struct rule *rule, uint32_t phase, uint64_t index, int64_t service_ns)
{
    if (rule->services)
        return service_ns > rule->threshold_ns;
    if (!rule->keys)
        return true;
    uint64_t draw = tg_philox(rule->keys[phase], index, 0).word[0];
    return (double)(draw >> 11) < rule->inject.of * 0x1p53;
}

/* Looking up a percentile takes microseconds: seldom enough not to be felt in the rate, often
 * enough for the threshold to follow what is recorded. */
static void learn(struct rule *rule, int64_t service_ns)
{
    struct tg_hdr *services = rule->services;
    tg_hdr_record(services, service_ns);
    if (services->total < rule->refresh_at)
        return;
    rule->threshold_ns = tg_hdr_percentile(services, 100 * (1 - rule->inject.slowest));
    int64_t eighth = services->total / 8;
    rule->refresh_at = services->total + (eighth > TG_INJECT_LEARNS ? eighth : TG_INJECT_LEARNS);
}

int64_t tg_inject(struct tg_injector *injector, uint32_t phase, uint32_t op, uint64_t index,
                  int64_t start_ns, int64_t end_ns)
{
    struct rule *rule = &injector->rules[op];
    const struct tg_inject *inject = &rule->inject;
    if (inject->add_share <= 0 && inject->add_ns == 0)
        return end_ns;
    int64_t service_ns = end_ns - start_ns;
    int64_t wait_ns = inject->add_ns;
    if (inject->add_share > 0)
        wait_ns = llrint(inject->add_share * (double)service_ns);
    int64_t now_ns = end_ns;
    /* Choosing takes some time as well. It is part of the wait where there is one, and comes after
     * the end where there is none. */
    if (is_chosen(rule, phase, index, service_ns)) {
        int64_t until_ns = end_ns + wait_ns - injector->half_reading_ns;
        while (now_ns < until_ns)
            now_ns = tg_now_ns();
    }
    if (rule->services)
        learn(rule, service_ns);
    return now_ns;
}
