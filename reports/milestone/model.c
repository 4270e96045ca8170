#include "reports/milestone/model.h"

#include <stdlib.h>
#include <time.h>

#include "baselines/host.h"
#include "runner/scenario/scenario.h"

void *tg_arena_grown(struct tg_arena *arena, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    *room = 2 * count + 8;
    void *grown = tg_arena_array(arena, *room, size);
    if (count > 0)
        memcpy(grown, items, count * size);
    return grown;
}

struct tg_label_set tg_milestone_label_set(const struct tg_making *making)
{
    size_t count = making->milestone->source_count;
    return (struct tg_label_set){tg_arena_array(making->arena, count, sizeof(bool)), count};
}

const char *tg_milestone_labels(const struct tg_making *making, const struct tg_label_set *set)
{
    enum { LISTED = 6 };
    struct tg_text text = {0};
    size_t listed = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->used[i])
            continue;
        if (listed < LISTED)
            tg_text_addf(&text, "%s%s", listed ? ", " : "", making->milestone->sources[i].label);
        listed++;
    }
    if (listed > LISTED)
        tg_text_addf(&text, " and %zu more", listed - LISTED);
    const char *labels = tg_arena_strdup(making->arena, tg_text_string(&text));
    tg_text_free(&text);
    return labels;
}

static const char *format_time(bool day_only, int64_t unix_ms, struct tg_arena *arena)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct tm utc;
    char text[40] = "";
    if (gmtime_r(&seconds, &utc) && day_only)
        strftime(text, sizeof text, "%Y-%m-%d", &utc);
    else if (gmtime_r(&seconds, &utc))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &utc);
    return tg_arena_strdup(arena, text);
}

const char *tg_milestone_when(int64_t unix_ms, struct tg_arena *arena)
{
    return format_time(false, unix_ms, arena);
}

/* ---- sources ---- */

static size_t add_source(struct tg_making *making, const char *label, const char *id,
                         const char *what)
{
    struct tg_milestone *milestone = making->milestone;
    milestone->sources[milestone->source_count] = (struct tg_milestone_source){label, id, what};
    return milestone->source_count++;
}

static void add_commit(struct tg_text *text, const char *commit, bool dirty)
{
    enum { SHORT_HASH = 12 };
    if (commit)
        tg_text_addf(text, ", commit %.*s%s", SHORT_HASH, commit,
                     dirty ? " with uncommitted changes" : "");
}

static void add_host(struct tg_text *text, const cJSON *json, struct tg_arena *arena)
{
    struct tg_host host;
    if (json && tg_host_from_json(json, arena, &host))
        tg_text_addf(text, "; %s", tg_host_line(&host, arena));
}

static const char *taken(struct tg_text *text, struct tg_arena *arena)
{
    const char *copy = tg_arena_strdup(arena, tg_text_string(text));
    tg_text_free(text);
    return copy;
}

bool tg_milestone_is_size(const char *override)
{
    return tg_starts_with(override, TG_SWEEP_AT "=");
}

static const char *describe_result(struct tg_making *making, const struct tg_result *result,
                                   bool of_sweep)
{
    struct tg_text text = {0};
    tg_text_addf(&text, "%s, %s", result->scenario,
                 tg_milestone_when(result->started_unix_ms, making->arena));
    bool any = false;
    for (size_t i = 0; i < result->override_count; i++) {
        if (of_sweep && tg_milestone_is_size(result->overrides[i]))
            continue;
        tg_text_addf(&text, "%s%s", any ? ", " : ", with ", result->overrides[i]);
        any = true;
    }
    add_commit(&text, result->git_commit, result->git_dirty);
    cJSON *host = result->host_json ? cJSON_Parse(result->host_json) : NULL;
    add_host(&text, host, making->arena);
    cJSON_Delete(host);
    return taken(&text, making->arena);
}

static const char *describe_gate(struct tg_making *making,
                                 const struct tg_milestone_loaded_gate *gate)
{
    const struct tg_comparison *comparison = gate->comparison;
    struct tg_text text = {0};
    if (!comparison) { /* the run after the change ended too badly */
        tg_text_addf(&text, "%s, nothing was compared",
                     describe_result(making, gate->task->run, false));
        return taken(&text, making->arena);
    }
    tg_text_addf(&text, "%s%s%s, phase %s, %s: %s against %s", gate->name, *gate->name ? ": " : "",
                 gate->view.scenario, gate->view.phase,
                 tg_milestone_when(gate->view.started_unix_ms, making->arena), gate->view.after,
                 gate->view.before);
    add_commit(&text, comparison->git_commit, comparison->git_dirty);
    add_host(&text, comparison->host, making->arena);
    return taken(&text, making->arena);
}

static void add_runs(struct tg_making *making)
{
    const struct tg_milestone_data *data = making->data;
    struct tg_milestone *milestone = making->milestone;
    milestone->runs = tg_arena_array(making->arena, data->result_count, sizeof *milestone->runs);
    for (size_t i = 0; i < data->result_count; i++) {
        const struct tg_result *result = data->results[i];
        milestone->runs[milestone->run_count++] = (struct tg_milestone_run){
            result, add_source(making, tg_arena_format(making->arena, "R%zu", i + 1), result->id,
                               describe_result(making, result, false))};
    }
}

static void add_comparisons(struct tg_making *making)
{
    const struct tg_milestone_data *data = making->data;
    struct tg_milestone *milestone = making->milestone;
    milestone->comparisons =
        tg_arena_array(making->arena, data->gate_count, sizeof *milestone->comparisons);
    for (size_t i = 0; i < data->gate_count; i++) {
        const struct tg_milestone_loaded_gate *gate = &data->gates[i];
        struct tg_findings *findings = tg_arena_alloc(making->arena, sizeof *findings);
        *findings = (struct tg_findings){0};
        if (gate->comparison) /* else its run is a source of its own, with what was found in it */
            *findings = tg_findings_of_gate(&gate->view, &making->file->limits, making->arena);
        milestone->comparisons[milestone->comparison_count++] = (struct tg_milestone_comparison){
            &gate->view, findings,
            add_source(making, tg_arena_format(making->arena, "C%zu", i + 1),
                       gate->comparison ? gate->view.id : gate->name, describe_gate(making, gate)),
            gate->task};
    }
}

static void add_sweeps(struct tg_making *making)
{
    const struct tg_milestone_data *data = making->data;
    struct tg_milestone *milestone = making->milestone;
    milestone->sweeps = tg_arena_array(making->arena, data->sweep_count, sizeof *milestone->sweeps);
    for (size_t i = 0; i < data->sweep_count; i++) {
        const struct tg_sweep_runs *loaded = &data->sweeps[i];
        struct tg_milestone_sweep *sweep = &milestone->sweeps[milestone->sweep_count++];
        sweep->view = tg_sweep_view_make((const struct tg_result *const *)loaded->items,
                                         loaded->count, making->arena);
        const char *what = tg_arena_format(
            making->arena, "%zu sizes of %s", sweep->view.run_count,
            describe_result(making, sweep->view.runs[sweep->view.run_count - 1], true));
        sweep->source =
            add_source(making, tg_arena_format(making->arena, "S%zu", i + 1), sweep->view.id, what);
    }
}

/* Inputs that were read together are one source. */
static void add_inputs(struct tg_making *making)
{
    const struct tg_milestone_file *file = making->file;
    struct tg_milestone *milestone = making->milestone;
    size_t number = 0;
    milestone->tests = making->data->tests;
    milestone->code_coverage = making->data->code_coverage;
    if (milestone->tests.given) {
        const char *id = file->junit.count > 1
                             ? tg_arena_format(making->arena, "%s and %zu more",
                                               file->junit.items[0].text, file->junit.count - 1)
                             : file->junit.items[0].text;
        milestone->tests.source = add_source(
            making, tg_arena_format(making->arena, "I%zu", ++number), id, "tests, JUnit XML");
    }
    if (milestone->code_coverage.given)
        milestone->code_coverage.source = add_source(
            making, tg_arena_format(making->arena, "I%zu", ++number),
            file->cobertura.text ? file->cobertura.text : file->lcov.text,
            file->cobertura.text ? "code coverage, Cobertura XML" : "code coverage, lcov");
    if (file->findings.count > 0)
        add_source(making, "M", file->path, "written by hand");
}

/* Does a statement of the result use the index that a finding is about? */
static bool uses_index(const struct tg_result *result, const struct tg_finding *finding,
                       struct tg_arena *arena)
{
    const struct tg_coverage *coverage = &result->coverage;
    for (size_t i = 0; result->has_coverage && i < coverage->index_count; i++) {
        const struct tg_index_info *info = &coverage->indexes[i].info;
        if (coverage->indexes[i].users > 0 &&
            strcmp(finding->where, tg_arena_format(arena, "%s on %s", info->name, info->table)) ==
                0)
            return true;
    }
    return false;
}

/* One scenario does not run all that is run: what it does not use, another one may. */
static bool is_used_elsewhere(const struct tg_milestone *milestone,
                              const struct tg_finding *finding, struct tg_arena *arena)
{
    bool used = false;
    if (strcmp(finding->code, "unused-index") != 0)
        return false;
    for (size_t i = 0; i < milestone->run_count && !used; i++)
        used = uses_index(milestone->runs[i].result, finding, arena);
    for (size_t i = 0; i < milestone->sweep_count && !used; i++)
        used = uses_index(milestone->sweeps[i].view.runs[0], finding, arena);
    return used;
}

static void drop_used_indexes(struct tg_making *making)
{
    struct tg_findings *findings = &making->milestone->findings;
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++)
        if (!is_used_elsewhere(making->milestone, &findings->items[i], making->arena))
            findings->items[kept++] = findings->items[i];
    findings->count = kept;
}

static void join_findings(struct tg_making *making)
{
    struct tg_milestone *milestone = making->milestone;
    size_t most = milestone->run_count + milestone->comparison_count + milestone->sweep_count + 1;
    struct tg_findings *lists = tg_arena_array(making->arena, most, sizeof *lists);
    size_t count = 0;
    for (size_t i = 0; i < milestone->run_count; i++)
        lists[count++] =
            tg_findings_of_result(milestone->runs[i].result, &making->file->limits, making->arena);
    for (size_t i = 0; i < milestone->comparison_count; i++)
        lists[count++] = *milestone->comparisons[i].findings;
    for (size_t i = 0; i < milestone->sweep_count; i++) {
        const struct tg_sweep_view *view = &milestone->sweeps[i].view;
        lists[count] = tg_findings_of_sweep(view, &making->file->limits, making->arena);
        for (size_t k = 0; k < lists[count].count; k++)
            lists[count].items[k].source = view->id; /* that of the sizes is listed nowhere */
        count++;
    }
    lists[count++] = making->file->findings;
    milestone->findings = tg_findings_join(lists, count, making->arena);
    drop_used_indexes(making);
}

void tg_milestone_add_sources(struct tg_making *making)
{
    const struct tg_milestone_data *data = making->data;
    enum { INPUTS = 3 };
    making->milestone->sources = tg_arena_array(
        making->arena, data->result_count + data->gate_count + data->sweep_count + INPUTS,
        sizeof *making->milestone->sources);
    add_runs(making);
    add_comparisons(making);
    add_sweeps(making);
    add_inputs(making);
    join_findings(making);
}

/* ---- the whole ---- */

static const char *newest_day(const struct tg_making *making)
{
    const struct tg_milestone_data *data = making->data;
    int64_t newest_ms = 0;
    for (size_t i = 0; i < data->result_count; i++)
        if (data->results[i]->started_unix_ms > newest_ms)
            newest_ms = data->results[i]->started_unix_ms;
    for (size_t i = 0; i < data->gate_count; i++)
        if (data->gates[i].view.started_unix_ms > newest_ms)
            newest_ms = data->gates[i].view.started_unix_ms;
    for (size_t i = 0; i < data->sweep_count; i++)
        for (size_t k = 0; k < data->sweeps[i].count; k++)
            if (data->sweeps[i].items[k]->started_unix_ms > newest_ms)
                newest_ms = data->sweeps[i].items[k]->started_unix_ms;
    return format_time(true, newest_ms, making->arena);
}

struct tg_milestone *tg_milestone_make(const struct tg_milestone_file *file,
                                       const struct tg_milestone_data *data, struct tg_arena *arena)
{
    struct tg_milestone *milestone = tg_arena_alloc(arena, sizeof *milestone);
    struct tg_making making = {file, data, arena, milestone};
    *milestone = (struct tg_milestone){
        .project = file->project,
        .name = file->name,
        .version = file->version,
        .file = file->path,
        .summary = file->summary,
        .approve_at = file->approve_at,
        .next_steps = file->next_steps,
        .next_step_count = file->next_step_count,
        .achievements = file->achievements,
        .meaning = file->meaning,
        .risks = file->risks,
        .key_files = file->key_files,
        .run_commands = file->run_commands,
    };
    milestone->date = *file->date ? file->date : newest_day(&making);
    tg_milestone_add_sources(&making);
    tg_milestone_add_caveats(&making);
    tg_milestone_add_rows(&making);
    tg_milestone_judge_criteria(&making);
    tg_milestone_decide(&making);
    tg_milestone_add_advice(&making);
    return milestone;
}
