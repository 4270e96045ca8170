#include "reports/milestone/load.h"

#include <stdlib.h>
#include <string.h>

#include "baselines/baseline.h"
#include "baselines/comparison_store.h"
#include "baselines/result_store.h"
#include "baselines/task.h"
#include "common/file.h"
#include "reports/gate/stored_view.h"
#include "reports/milestone/inputs.h"
#include "reports/task/attempt.h"
#include "runner/scenario/scenario.h"

struct loading {
    const struct tg_milestone_file *file;
    const struct tg_milestone_place *place;
    struct tg_arena *arena;
    struct tg_milestone_data *data;
    struct tg_diags *diags;
};

/* ---- places ---- */

/* What the store says of a name has no place; the file that names it has one. */
static void place_diags(struct loading *loading, size_t first, const struct tg_place *at)
{
    for (size_t i = first; i < loading->diags->count; i++) {
        struct tg_diag *diag = &loading->diags->items[i];
        if (diag->path)
            continue;
        diag->path = tg_strdup(at->path);
        diag->line = at->line;
        diag->column = at->column;
    }
}

static const char *from_file(const struct loading *loading, const char *path)
{
    char *joined = tg_path_join(loading->file->folder, path);
    const char *whole = tg_arena_strdup(loading->arena, joined);
    free(joined);
    return whole;
}

/* A path is relative to the file; a name is looked up in the store. */
static const char *name_or_path(const struct loading *loading, const char *name)
{
    return strchr(name, '/') || tg_ends_with(name, ".json") ? from_file(loading, name) : name;
}

static void refuse_twin(struct loading *loading, const struct tg_place *at, const char *what,
                        const char *name)
{
    tg_diag_hint(tg_diag_error(loading->diags, *at, "%s %s is named twice", what, name),
                 "what it says would count twice; name it once");
}

static void add_caveat(struct loading *loading, const char *text)
{
    loading->data->caveats[loading->data->caveat_count++] = text;
}

/* ---- results ---- */

static bool is_loaded(const struct tg_milestone_data *data, const struct tg_result *result)
{
    for (size_t i = 0; i < data->result_count; i++)
        if (strcmp(data->results[i]->id, result->id) == 0)
            return true;
    return false;
}

/* Takes it over, unless it is there already. */
static bool keep_result(struct loading *loading, struct tg_result *result)
{
    struct tg_milestone_data *data = loading->data;
    if (is_loaded(data, result))
        return false;
    data->results[data->result_count++] = result;
    return true;
}

static struct tg_result *load_result(struct loading *loading, const char *name,
                                     const struct tg_place *at)
{
    struct tg_result *result = NULL;
    const size_t first = loading->diags->count;
    if (tg_store_load(loading->place->home, name, &result, loading->diags) != TG_OK) {
        place_diags(loading, first, at);
        return NULL;
    }
    if (!result->id)
        result->id = tg_arena_strdup(loading->arena, name);
    if (keep_result(loading, result))
        return result;
    refuse_twin(loading, at, "result", result->id);
    tg_result_free(result);
    return NULL;
}

/* A scenario by its file: its newest result, and whether it has been changed since. */
static void load_scenario_file(struct loading *loading, const struct tg_milestone_name *name)
{
    struct tg_scenario *scenario;
    const size_t first = loading->diags->count;
    if (tg_scenario_load(from_file(loading, name->text), NULL, 0, &scenario, loading->diags) !=
        TG_OK) {
        place_diags(loading, first, &name->place);
        return;
    }
    const struct tg_result *result = load_result(loading, scenario->name, &name->place);
    if (result && result->override_count == 0 && strcmp(result->scenario_hash, scenario->hash) != 0)
        add_caveat(loading, tg_arena_format(loading->arena,
                                            "%s was changed after result %s was measured: run it "
                                            "again for figures of the scenario as it is now",
                                            name->text, result->id));
    tg_scenario_free(scenario);
}

static void load_results(struct loading *loading)
{
    const struct tg_milestone_file *file = loading->file;
    loading->data->results = tg_arena_array(
        loading->arena, file->results.count + file->scenarios.count + file->before_count,
        sizeof(struct tg_result *));
    for (size_t i = 0; i < file->scenarios.count; i++) {
        const struct tg_milestone_name *name = &file->scenarios.items[i];
        if (tg_ends_with(name->text, ".toml"))
            load_scenario_file(loading, name);
        else
            load_result(loading, name->text, &name->place);
    }
    for (size_t i = 0; i < file->results.count; i++)
        load_result(loading, name_or_path(loading, file->results.items[i].text),
                    &file->results.items[i].place);
}

/* ---- comparisons ---- */

static enum tg_status read_comparison(struct loading *loading, const char *name,
                                      struct tg_comparison **out)
{
    char *path;
    enum tg_status status = tg_comparison_find(loading->place->home, name, &path, loading->diags);
    if (status != TG_OK)
        return status;
    status = tg_comparison_read(path, out, loading->diags);
    free(path);
    return status;
}

/* The newest attempt against the before side as it is stored now, as `tailgate compare` judges it.
 */
static enum tg_status load_task(struct loading *loading, const struct tg_milestone_before *before,
                                struct tg_milestone_loaded_gate *gate)
{
    const struct tg_attempt_source source = {
        .key = {loading->place->home, before->name, before->competitive},
        .root = loading->place->root,
        .competitors = loading->place->competitors,
        .competitor_count = loading->place->competitor_count,
        .arena = loading->arena,
        .diags = loading->diags,
    };
    struct tg_attempt attempt = {0};
    struct tg_compare_view *view = tg_arena_alloc(loading->arena, sizeof *view);
    enum tg_status status = tg_task_check_name(before->name, loading->diags);
    if (status == TG_OK)
        status = tg_attempt_load(&source, &attempt);
    if (status == TG_OK)
        status = tg_attempt_view(&source, &attempt, false, view);
    gate->comparison = attempt.comparison;
    /* The run after the change is a result like those that the file names, once. */
    if (status != TG_OK || !keep_result(loading, attempt.result))
        gate->own_run = attempt.result;
    if (status != TG_OK)
        return status;
    gate->name = tg_arena_format(loading->arena, "task %s%s", before->name,
                                 before->competitive ? ", competitive" : "");
    gate->task = view;
    gate->view = view->gate;
    const char *newer = tg_compare_newer_text(view, loading->arena);
    if (newer)
        add_caveat(loading, tg_arena_format(loading->arena, "%s: %s", gate->name, newer));
    return TG_OK;
}

static enum tg_status read_baseline(struct loading *loading, const char *name,
                                    struct tg_comparison **out)
{
    char *path;
    enum tg_status status = tg_baseline_find(loading->place->home, name, &path, loading->diags);
    if (status != TG_OK)
        return status;
    status = tg_baseline_read(path, out, loading->diags);
    free(path);
    return status;
}

static enum tg_status load_baselines(struct loading *loading,
                                     const struct tg_milestone_before *before,
                                     struct tg_milestone_loaded_gate *gate)
{
    enum tg_status status = read_baseline(loading, before->name, &gate->stored);
    if (status == TG_OK)
        status = read_baseline(loading, before->now, &gate->comparison);
    if (status != TG_OK)
        return status;
    if (strcmp(gate->stored->scenario, gate->comparison->scenario) != 0) {
        tg_diag_hint(tg_diag_error(loading->diags, before->place,
                                   "the baselines \"%s\" and \"%s\" are of different scenarios: %s "
                                   "and %s",
                                   before->name, before->now, gate->stored->scenario,
                                   gate->comparison->scenario),
                     "figures of different work cannot be compared");
        return TG_INVALID;
    }
    gate->name = tg_arena_format(loading->arena, "baseline %s against baseline %s", before->now,
                                 before->name);
    return TG_OK;
}

static const char *baselines_differ(struct loading *loading,
                                    const struct tg_milestone_loaded_gate *gate)
{
    struct tg_host host;
    if (!gate->comparison->host ||
        !tg_host_from_json(gate->comparison->host, loading->arena, &host))
        return "the machine of the newer one is not known";
    return tg_baseline_differs(gate->stored, &host, loading->arena);
}

static void make_view(struct loading *loading, const struct tg_milestone_before *before,
                      struct tg_milestone_loaded_gate *gate)
{
    if (gate->task) /* has been judged */
        return;
    if (!gate->stored) {
        struct tg_judgement judgement = tg_comparison_judge(gate->comparison, loading->arena);
        gate->view = tg_gate_view_make(gate->comparison, &judgement, false, loading->arena);
        return;
    }
    const struct tg_stored_source source = {.name = before->name,
                                            .stored = gate->stored,
                                            .now = gate->comparison,
                                            .differs = baselines_differ(loading, gate)};
    struct tg_stored_judgement judgement =
        tg_stored_judge(gate->stored, gate->comparison, !source.differs, loading->arena);
    gate->view = tg_stored_view(&source, &judgement, false, loading->arena);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The same measurement, and of two baselines the same older one. */
static bool same_gate(const struct tg_milestone_loaded_gate *a,
                      const struct tg_milestone_loaded_gate *b)
{
    return strcmp(a->view.id, b->view.id) == 0 &&
           same_text(a->stored ? a->stored->id : NULL, b->stored ? b->stored->id : NULL);
}

/* The last one against those before it. */
static void refuse_gate_twins(struct loading *loading, const struct tg_place *at)
{
    const struct tg_milestone_data *data = loading->data;
    const struct tg_milestone_loaded_gate *last = &data->gates[data->gate_count - 1];
    for (size_t i = 0; i + 1 < data->gate_count; i++)
        if (data->gates[i].view.id && same_gate(&data->gates[i], last)) {
            refuse_twin(loading, at, "comparison", last->view.id);
            return;
        }
}

static void load_gates(struct loading *loading)
{
    const struct tg_milestone_file *file = loading->file;
    struct tg_milestone_data *data = loading->data;
    data->gates = tg_arena_array(loading->arena, file->before_count, sizeof *data->gates);
    for (size_t i = 0; i < file->before_count; i++) {
        const struct tg_milestone_before *before = &file->befores[i];
        struct tg_milestone_loaded_gate *gate = &data->gates[data->gate_count++];
        const size_t first = loading->diags->count;
        gate->name = "";
        enum tg_status status =
            before->kind == TG_BEFORE_TASK ? load_task(loading, before, gate)
            : before->kind == TG_BEFORE_BASELINE
                ? load_baselines(loading, before, gate)
                : read_comparison(loading, name_or_path(loading, before->name), &gate->comparison);
        if (status == TG_OK) {
            make_view(loading, before, gate);
            refuse_gate_twins(loading, &before->place);
        } else {
            place_diags(loading, first, &before->place);
        }
    }
}

/* ---- sweeps ---- */

static void refuse_sweep_twins(struct loading *loading, const struct tg_place *at)
{
    const struct tg_milestone_data *data = loading->data;
    const char *last = data->sweeps[data->sweep_count - 1].items[0]->sweep.id;
    for (size_t i = 0; i + 1 < data->sweep_count; i++)
        if (strcmp(data->sweeps[i].items[0]->sweep.id, last) == 0) {
            refuse_twin(loading, at, "size sweep", last);
            return;
        }
}

static void load_sweeps(struct loading *loading)
{
    const struct tg_milestone_names *names = &loading->file->sweeps;
    struct tg_milestone_data *data = loading->data;
    data->sweeps = tg_arena_array(loading->arena, names->count, sizeof *data->sweeps);
    for (size_t i = 0; i < names->count; i++) {
        const size_t first = loading->diags->count;
        if (tg_store_load_sweep(loading->place->home, name_or_path(loading, names->items[i].text),
                                &data->sweeps[data->sweep_count], loading->diags) == TG_OK) {
            data->sweep_count++;
            refuse_sweep_twins(loading, &names->items[i].place);
        } else {
            place_diags(loading, first, &names->items[i].place);
        }
    }
}

/* ---- inputs ---- */

/* Is it a file that an earlier entry names, in these or other words? */
static bool is_twin_file(const struct loading *loading, size_t number)
{
    const struct tg_milestone_names *names = &loading->file->junit;
    char *own = realpath(from_file(loading, names->items[number].text), NULL);
    bool twin = false;
    for (size_t i = 0; i < number && own && !twin; i++) {
        char *other = realpath(from_file(loading, names->items[i].text), NULL);
        twin = other && strcmp(own, other) == 0;
        free(other);
    }
    free(own);
    return twin;
}

static void load_inputs(struct loading *loading)
{
    const struct tg_milestone_file *file = loading->file;
    struct tg_milestone_data *data = loading->data;
    enum tg_status status = TG_OK; /* what is wrong is in the diagnostics */
    for (size_t i = 0; i < file->junit.count; i++) {
        const struct tg_milestone_name *name = &file->junit.items[i];
        if (is_twin_file(loading, i))
            refuse_twin(loading, &name->place, "file", name->text);
        else
            status = tg_junit_read(from_file(loading, name->text), loading->arena, &data->tests,
                                   loading->diags);
    }
    if (file->cobertura.text)
        status = tg_cobertura_read(from_file(loading, file->cobertura.text), &data->code_coverage,
                                   loading->diags);
    if (file->lcov.text)
        status =
            tg_lcov_read(from_file(loading, file->lcov.text), &data->code_coverage, loading->diags);
    (void)status;
}

enum tg_status tg_milestone_load(const struct tg_milestone_file *file,
                                 const struct tg_milestone_place *place, struct tg_arena *arena,
                                 struct tg_milestone_data *data, struct tg_diags *diags)
{
    const size_t errors_before = diags->errors;
    struct loading loading = {file, place, arena, data, diags};
    *data = (struct tg_milestone_data){0};
    const size_t most = file->scenarios.count + file->before_count;
    data->caveats = tg_arena_array(arena, most, sizeof *data->caveats);
    load_results(&loading);
    load_gates(&loading);
    load_sweeps(&loading);
    load_inputs(&loading);
    return diags->errors > errors_before ? TG_INVALID : TG_OK;
}

void tg_milestone_data_free(struct tg_milestone_data *data)
{
    for (size_t i = 0; i < data->result_count; i++)
        tg_result_free(data->results[i]);
    for (size_t i = 0; i < data->gate_count; i++) {
        tg_comparison_free(data->gates[i].comparison);
        tg_comparison_free(data->gates[i].stored);
        tg_result_free(data->gates[i].own_run);
    }
    for (size_t i = 0; i < data->sweep_count; i++)
        tg_sweep_runs_free(&data->sweeps[i]);
}
