/* What to know before reading a milestone's figures. */
#include <stdlib.h>

#include "baselines/host.h"
#include "reports/milestone/model.h"

struct caveats {
    struct tg_making *making;
    const char **items;
    size_t count, room;
};

static void add(struct caveats *caveats, const char *text)
{
    caveats->items = tg_arena_grown(caveats->making->arena, caveats->items, caveats->count,
                                    &caveats->room, sizeof *caveats->items);
    caveats->items[caveats->count++] = text;
}

struct origin { /* of a source: what was it measured on and with? */
    size_t source;
    const char *commit; /* NULL: unknown */
    bool dirty, known_host;
    struct tg_host host;
    bool told;
};

struct origins {
    struct origin *items;
    size_t count;
};

static void add_origin(struct origins *origins, size_t source, const char *commit, bool dirty,
                       const cJSON *host, struct tg_arena *arena)
{
    struct origin *origin = &origins->items[origins->count++];
    *origin = (struct origin){.source = source, .commit = commit, .dirty = dirty};
    origin->known_host = host && tg_host_from_json(host, arena, &origin->host);
}

static void add_result_origin(struct origins *origins, size_t source,
                              const struct tg_result *result, struct tg_arena *arena)
{
    cJSON *host = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    add_origin(origins, source, result->git_commit, result->git_dirty, host, arena);
    cJSON_Delete(host);
}

static struct origins find_origins(struct tg_making *making)
{
    const struct tg_milestone *milestone = making->milestone;
    struct origins origins = {
        tg_arena_array(making->arena, milestone->source_count, sizeof *origins.items), 0};
    for (size_t i = 0; i < milestone->run_count; i++)
        add_result_origin(&origins, milestone->runs[i].source, milestone->runs[i].result,
                          making->arena);
    for (size_t i = 0; i < milestone->comparison_count; i++) {
        const struct tg_comparison *comparison = making->data->gates[i].comparison;
        if (!comparison) /* its run is among the results */
            continue;
        add_origin(&origins, milestone->comparisons[i].source, comparison->git_commit,
                   comparison->git_dirty, comparison->host, making->arena);
    }
    for (size_t i = 0; i < milestone->sweep_count; i++)
        add_result_origin(&origins, milestone->sweeps[i].source, milestone->sweeps[i].view.runs[0],
                          making->arena);
    return origins;
}

/* One sentence for each machine that is not the first one's. */
static void tell_hosts(struct caveats *caveats, struct origins *origins)
{
    struct tg_making *making = caveats->making;
    const struct origin *first = NULL;
    for (size_t i = 0; i < origins->count; i++) {
        struct origin *origin = &origins->items[i];
        if (!origin->known_host || origin->told)
            continue;
        if (!first) {
            first = origin;
            continue;
        }
        const char *difference = tg_host_difference(&first->host, &origin->host, making->arena);
        if (!difference)
            continue;
        struct tg_label_set set = tg_milestone_label_set(making);
        for (size_t k = i; k < origins->count; k++) {
            struct origin *other = &origins->items[k];
            bool same =
                other->known_host && strcmp(other->host.fingerprint, origin->host.fingerprint) == 0;
            set.used[other->source] = set.used[other->source] || same;
            other->told = other->told || same;
        }
        add(caveats, tg_arena_format(making->arena,
                                     "Measured on another machine than %s: %s (%s). Their figures "
                                     "do not compare",
                                     making->milestone->sources[first->source].label,
                                     tg_milestone_labels(making, &set), difference));
    }
}

static void tell_commits(struct caveats *caveats, const struct origins *origins)
{
    enum { SHORT_HASH = 12 };
    struct tg_making *making = caveats->making;
    struct tg_label_set others = tg_milestone_label_set(making);
    struct tg_label_set dirty = tg_milestone_label_set(making);
    const struct origin *first = NULL;
    size_t other_count = 0;
    size_t dirty_count = 0;
    for (size_t i = 0; i < origins->count; i++) {
        const struct origin *origin = &origins->items[i];
        dirty.used[origin->source] = origin->dirty;
        dirty_count += origin->dirty;
        if (!origin->commit)
            continue;
        if (!first)
            first = origin;
        others.used[origin->source] = strcmp(origin->commit, first->commit) != 0;
        other_count += others.used[origin->source];
    }
    if (other_count > 0)
        add(caveats, tg_arena_format(making->arena, "Measured at another commit than %s (%.*s): %s",
                                     making->milestone->sources[first->source].label, SHORT_HASH,
                                     first->commit, tg_milestone_labels(making, &others)));
    if (dirty_count > 0)
        add(caveats, tg_arena_format(making->arena,
                                     "Measured with uncommitted changes, which the commit does not "
                                     "show: %s",
                                     tg_milestone_labels(making, &dirty)));
}

static void tell_override(struct caveats *caveats, const char *label, const char *override)
{
    add(caveats,
        tg_arena_format(caveats->making->arena, "%s was run with %s, not the scenario as it stands",
                        label, override));
}

/* All sizes were run with the same. */
static void tell_sweep(struct caveats *caveats, const struct tg_milestone_sweep *sweep)
{
    const struct tg_result *largest = sweep->view.runs[sweep->view.run_count - 1];
    for (size_t i = 0; i < largest->override_count; i++)
        if (!tg_milestone_is_size(largest->overrides[i]))
            tell_override(caveats, caveats->making->milestone->sources[sweep->source].label,
                          largest->overrides[i]);
}

static void tell_run(struct caveats *caveats, const struct tg_milestone_run *run)
{
    struct tg_arena *arena = caveats->making->arena;
    const char *label = caveats->making->milestone->sources[run->source].label;
    for (size_t i = 0; i < run->result->override_count; i++)
        tell_override(caveats, label, run->result->overrides[i]);
    for (size_t i = 0; i < run->result->phase_count; i++) {
        const struct tg_phase_result *phase = &run->result->phases[i];
        const char *doubt = tg_phase_doubt(run->result, phase);
        if (doubt)
            add(caveats, tg_arena_format(arena, "%s, phase %s proves nothing: %s", label,
                                         phase->name, doubt));
    }
}

void tg_milestone_add_caveats(struct tg_making *making)
{
    struct caveats caveats = {.making = making};
    struct origins origins = find_origins(making);
    for (size_t i = 0; i < making->data->caveat_count; i++)
        add(&caveats, making->data->caveats[i]);
    tell_hosts(&caveats, &origins);
    tell_commits(&caveats, &origins);
    for (size_t i = 0; i < making->milestone->run_count; i++)
        tell_run(&caveats, &making->milestone->runs[i]);
    for (size_t i = 0; i < making->milestone->sweep_count; i++)
        tell_sweep(&caveats, &making->milestone->sweeps[i]);
    making->milestone->caveats = caveats.items;
    making->milestone->caveat_count = caveats.count;
}
