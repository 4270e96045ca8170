#include "cli/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "cli/measure.h"
#include "cli/signals.h"
#include "common/file.h"
#include "common/text.h"
#include "common/units.h"
#include "runner/drive/room.h"

struct size {
    uint64_t rows;
    struct tg_overrides overrides; /* that the scenario was loaded with */
    struct tg_scenario *scenario;
    struct tg_result *result; /* NULL: not measured */
};

struct sweep {
    const struct tg_sweep_command *command;
    const struct tg_sweep_spec *spec;
    struct tg_arena arena;
    uint64_t *planned;
    struct size *sizes; /* one for each of `planned` */
    size_t count;
    size_t measured;
    int exit_code;
};

/* ---- what will be measured ---- */

/* The sizes, with --full merged with its own. */
static void plan(struct sweep *sweep)
{
    const struct tg_sweep_spec *spec = sweep->spec;
    size_t more = sweep->command->full ? spec->full_size_count : 0;
    size_t a = 0;
    size_t b = 0;
    sweep->planned = tg_arena_array(&sweep->arena, spec->size_count + more, sizeof *sweep->planned);
    sweep->sizes = tg_arena_array(&sweep->arena, spec->size_count + more, sizeof *sweep->sizes);
    while (a < spec->size_count || b < more) {
        uint64_t left = a < spec->size_count ? spec->sizes[a] : UINT64_MAX;
        uint64_t right = b < more ? spec->full_sizes[b] : UINT64_MAX;
        uint64_t rows = left < right ? left : right;
        a += left == rows;
        b += right == rows;
        sweep->planned[sweep->count] = rows;
        sweep->sizes[sweep->count++].rows = rows;
    }
}

static void set(struct tg_overrides *overrides, const char *key, uint64_t value)
{
    char *text = tg_format("%s=%" PRIu64, key, value);
    if (!tg_overrides_add(overrides, "--set", text))
        abort(); /* it has a '=' */
    free(text);
}

/* The size as overrides: what is stored with the result measures the same again. */
static void set_size(const struct sweep *sweep, struct size *size)
{
    const struct tg_sweep_spec *spec = sweep->spec;
    tg_overrides_join(&size->overrides, sweep->command->overrides);
    for (size_t i = 0; sweep->command->full && i < spec->full_load_count; i++) {
        const char *key =
            tg_arena_format(&size->overrides.arena, "load.\"%s\".rows", spec->full_loads[i].table);
        set(&size->overrides, key, spec->full_loads[i].rows);
    }
    set(&size->overrides, TG_SWEEP_AT, size->rows);
}

/* All of them before the first is measured: an error in one shows at once, and an edit of the file
 * meanwhile does no harm. */
static enum tg_status load_sizes(struct sweep *sweep, struct tg_diags *diags)
{
    enum tg_status status = TG_OK;
    for (size_t i = 0; i < sweep->count && status == TG_OK; i++) {
        struct size *size = &sweep->sizes[i];
        set_size(sweep, size);
        status = tg_scenario_load_size(sweep->command->path, size->overrides.items,
                                       size->overrides.count, sweep->spec->table, size->rows,
                                       &size->scenario, diags);
    }
    return status;
}

static enum tg_status check_place(const struct sweep *sweep, struct tg_diags *diags)
{
    const char *home = tg_store_home();
    enum tg_status status = tg_store_check(home, diags);
    if (status == TG_OK && sweep->command->out)
        status = tg_check_new_folder(sweep->command->out, diags);
    if (status == TG_OK)
        status = tg_room_check(sweep->sizes[sweep->count - 1].scenario, home, diags);
    return status;
}

/* ---- room for the next size, from what the one before took ---- */

static double all_rows(const struct tg_scenario *scenario)
{
    double rows = 0;
    for (size_t i = 0; i < scenario->load_count; i++)
        rows += (double)scenario->loads[i].rows;
    return rows;
}

/* A warning, no error: indexes grow otherwise than tables, and a file system may share blocks. */
static void foresee_room(const struct sweep *sweep, size_t number)
{
    const struct size *before = &sweep->sizes[number - 1];
    int64_t room = tg_room_free_disk_bytes(tg_store_home());
    double rows = all_rows(before->scenario);
    if (rows <= 0 || before->result->dataset_bytes == 0 || room < 0)
        return;
    double bytes =
        (double)before->result->dataset_bytes * all_rows(sweep->sizes[number].scenario) / rows;
    if (2 * bytes <= (double)room)
        return;
    struct tg_diags diags = {0};
    char count[TG_UNIT_TEXT], need[TG_UNIT_TEXT], have[TG_UNIT_TEXT];
    struct tg_diag *diag = tg_diag_add(
        &diags, TG_SEVERITY_WARNING, (struct tg_place){.path = tg_store_home()},
        "by the size before, %s rows of %s take about %s, kept once and copied once; %s are free",
        tg_format_count((int64_t)sweep->sizes[number].rows, count), sweep->spec->table,
        tg_format_bytes((int64_t)bytes, need), tg_format_bytes(room, have));
    tg_diag_hint(diag, "make room, or end it with Ctrl-C: what was measured is kept");
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
}

/* ---- measuring ---- */

/* An error over a miss over "cannot tell". */
static int worse(int a, int b)
{
    static const int rank[] = {[TG_EXIT_PASS] = 0,
                               [TG_EXIT_FAIL] = 2,
                               [TG_EXIT_COMPETITIVE] = 2,
                               [TG_EXIT_UNKNOWN] = 1,
                               [TG_EXIT_ERROR] = 3};
    return rank[b] > rank[a] ? b : a;
}

static enum tg_status store(const struct sweep *sweep, struct tg_result *result,
                            const struct tg_host *host, struct tg_diags *diags)
{
    const char *out = sweep->command->out;
    if (!out)
        return tg_store_save(tg_store_home(), NULL, result, host, diags);
    char *folder = tg_format("%s/%" PRIu64, out, result->sweep.rows);
    enum tg_status status = tg_store_save(tg_store_home(), folder, result, host, diags);
    free(folder);
    return status;
}

static void announce(const struct sweep *sweep, size_t number)
{
    char rows[TG_UNIT_TEXT];
    if (!sweep->command->quiet)
        fprintf(stderr, "size %zu of %zu: %s rows of %s\n", number + 1, sweep->count,
                tg_format_count((int64_t)sweep->planned[number], rows), sweep->spec->table);
}

static void note_unmeasured(const struct sweep *sweep, size_t number, struct tg_diags *diags)
{
    char rows[TG_UNIT_TEXT];
    tg_diag_add(diags, TG_SEVERITY_NOTE, (struct tg_place){0},
                "so the size of %s rows of %s was not measured%s",
                tg_format_count((int64_t)sweep->planned[number], rows), sweep->spec->table,
                number > 0 ? "; the results of the smaller ones are kept" : "");
}

/* False: that was the last one. */
static bool measure_size(struct sweep *sweep, size_t number, struct tg_diags *diags)
{
    const struct tg_sweep_command *command = sweep->command;
    struct size *size = &sweep->sizes[number];
    const struct tg_sweep_place place = {
        .id = number > 0 ? sweep->sizes[0].result->id : NULL,
        .table = sweep->spec->table,
        .rows = size->rows,
        .planned = sweep->planned,
        .planned_count = sweep->count,
    };
    const struct tg_measuring measuring = {
        .overrides = &size->overrides,
        .coverage = command->coverage,
        .quiet = command->quiet,
        .sweep = &place,
    };
    struct tg_host host;
    struct tg_result *result = tg_result_new();
    announce(sweep, number);
    if (number > 0)
        foresee_room(sweep, number);
    enum tg_status status = tg_measure(size->scenario, &measuring, result, &host, diags);
    if (status != TG_OK) {
        tg_result_free(result);
        note_unmeasured(sweep, number, diags);
        sweep->exit_code =
            worse(sweep->exit_code, status == TG_INTERRUPTED ? TG_EXIT_UNKNOWN : TG_EXIT_ERROR);
        return false;
    }
    size->result = result;
    sweep->measured++;
    status = store(sweep, result, &host, diags);
    sweep->exit_code = worse(
        sweep->exit_code, status == TG_OK ? tg_verdict_exit_code(result->verdict) : TG_EXIT_ERROR);
    return status == TG_OK && *tg_stop_requests() == 0;
}

/* ---- all ---- */

void tg_add_sweep(const struct tg_result *const *runs, size_t count, bool json, struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_sweep_view view = tg_sweep_view_make(runs, count, &arena);
    if (json) {
        cJSON *document = tg_sweep_to_json(&view);
        char *text = tg_json_print(document);
        tg_text_add(out, text);
        free(text);
        cJSON_Delete(document);
    } else {
        tg_report_sweep(&view, tg_terminal_columns(), tg_use_color(stdout), out);
    }
    tg_arena_free(&arena);
}

static void print_measured(struct sweep *sweep)
{
    if (sweep->measured == 0)
        return;
    const struct tg_result **runs = tg_arena_array(&sweep->arena, sweep->measured, sizeof *runs);
    for (size_t i = 0; i < sweep->measured; i++)
        runs[i] = sweep->sizes[i].result;
    struct tg_text out = {0};
    tg_add_sweep(runs, sweep->measured, sweep->command->json, &out);
    fputs(tg_text_string(&out), stdout);
    tg_text_free(&out);
}

static void free_sweep(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->count; i++) {
        tg_result_free(sweep->sizes[i].result);
        tg_scenario_free(sweep->sizes[i].scenario);
        tg_overrides_free(&sweep->sizes[i].overrides);
    }
    tg_arena_free(&sweep->arena);
}

enum tg_status tg_check_sweep(const char *path, const struct tg_overrides *overrides,
                              const struct tg_scenario *scenario, struct tg_diags *diags)
{
    const struct tg_sweep_spec *spec = &scenario->sweep;
    bool more = spec->full_size_count + spec->full_load_count > 0;
    enum tg_status status = TG_OK;
    for (int full = 0; full <= (more ? 1 : 0) && status == TG_OK; full++) {
        const struct tg_sweep_command command = {
            .path = path, .overrides = overrides, .full = full == 1};
        struct sweep sweep = {.command = &command, .spec = spec};
        plan(&sweep);
        status = load_sizes(&sweep, diags);
        free_sweep(&sweep);
    }
    return status;
}

int tg_run_sweep(const struct tg_sweep_command *command, const struct tg_scenario *scenario,
                 struct tg_diags *diags)
{
    struct sweep sweep = {.command = command, .spec = &scenario->sweep};
    plan(&sweep);
    bool good = load_sizes(&sweep, diags) == TG_OK && check_place(&sweep, diags) == TG_OK;
    if (good && command->out)
        good = tg_make_folders(command->out, diags) == TG_OK;
    if (!good)
        sweep.exit_code = TG_EXIT_ERROR;
    for (size_t i = 0; i < sweep.count && good; i++)
        good = measure_size(&sweep, i, diags);
    print_measured(&sweep);
    int exit_code = sweep.exit_code;
    free_sweep(&sweep);
    return exit_code;
}
