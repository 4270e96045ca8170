#include "baselines/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/comparison.h"
#include "cli/itself.h"
#include "common/file.h"
#include "common/text.h"
#include "reports/gate/baseline_text.h"
#include "reports/layout/text_table.h"

static const char help[] =
    "Usage: tailgate baseline save NAME SCENARIO [--set KEY=VALUE]... [--phase NAME]\n"
    "                              [--budget DURATION] [--local] [--replace] [--quiet]\n"
    "       tailgate baseline list [--json]\n"
    "       tailgate baseline show NAME [--json]\n"
    "       tailgate baseline rm NAME\n\n"
    "Keeps what a scenario measures on this machine under a name, so that `tailgate gate`\n"
    "can compare with it on another day. A baseline is the plain file baselines/NAME.json,\n"
    "to be committed.\n\n"
    "  save      measure the scenario against itself, 16 launches, and store it\n"
    "  list      list all baselines\n"
    "  show      show one\n"
    "  rm        remove one\n\n"
    "  --set KEY=VALUE    override a key of the scenario (repeat for more)\n"
    "  --phase NAME       the phase whose mix is run (default: the first)\n"
    "  --budget DURATION  how long it may take (default: that of [gate], else 60s)\n"
    "  --local            store it under .tailgate/baselines, or $TAILGATE_HOME/baselines\n"
    "  --replace          in place of the baseline of that name\n"
    "  --quiet            no progress on standard error\n"
    "  --json             print JSON: of show, the stored document\n"
    "  --help\n\n"
    "Exit codes: 0 done, 1 the store crashed, 3 too little was measured for a baseline, 4 usage,\n"
    "scenario or environment error.\n";

enum {
    OPT_SET = 1,
    OPT_PHASE,
    OPT_BUDGET,
    OPT_LOCAL,
    OPT_REPLACE,
    OPT_QUIET,
    OPT_JSON,
};

static const struct option options[] = {
    {"set", required_argument, NULL, OPT_SET},       {"phase", required_argument, NULL, OPT_PHASE},
    {"budget", required_argument, NULL, OPT_BUDGET}, {"local", no_argument, NULL, OPT_LOCAL},
    {"replace", no_argument, NULL, OPT_REPLACE},     {"quiet", no_argument, NULL, OPT_QUIET},
    {"json", no_argument, NULL, OPT_JSON},           {0},
};

struct baseline_command {
    struct tg_overrides overrides;
    const char *phase;
    int64_t budget_ns; /* 0: the scenario's */
    bool local, replace, quiet, json;
    unsigned given; /* 1 << OPT_... of every option on the command line */
};

static bool take_option(void *context, int code, const char *argument)
{
    struct baseline_command *command = context;
    command->given |= 1U << code;
    switch (code) {
    case OPT_SET:
        return tg_overrides_add(&command->overrides, "--set", argument);
    case OPT_PHASE:
        command->phase = argument;
        return true;
    case OPT_BUDGET:
        return tg_take_budget("baseline", argument, &command->budget_ns);
    case OPT_LOCAL:
        command->local = true;
        return true;
    case OPT_REPLACE:
        command->replace = true;
        return true;
    case OPT_QUIET:
        command->quiet = true;
        return true;
    default:
        command->json = true;
        return true;
    }
}

/* ---- show ---- */

static void add_report(const char *name, const char *path, const struct tg_comparison *comparison,
                       struct tg_text *out)
{
    struct tg_arena arena = {0};
    struct tg_host here, there;
    tg_host_read(&arena, &here);
    bool known = comparison->host && tg_host_from_json(comparison->host, &arena, &there);
    const struct tg_baseline_shown shown = {
        .name = name,
        .path = path,
        .comparison = comparison,
        .host = known ? tg_host_line(&there, &arena) : NULL,
        .differs = tg_baseline_differs(comparison, &here, &arena),
    };
    tg_report_baseline(&shown, tg_terminal_columns(), tg_use_color(stdout), out);
    tg_arena_free(&arena);
}

static int show(struct baseline_command *command, char **operands, struct tg_text *out,
                struct tg_diags *diags)
{
    char *path;
    struct tg_comparison *comparison = NULL;
    if (tg_baseline_find(tg_store_home(), operands[0], &path, diags) != TG_OK)
        return TG_EXIT_ERROR;
    enum tg_status status = tg_baseline_read(path, &comparison, diags);
    if (status == TG_OK && command->json)
        status = tg_file_read(path, TG_COMPARISON_MOST_BYTES, out, diags);
    else if (status == TG_OK)
        add_report(operands[0], path, comparison, out);
    tg_comparison_free(comparison);
    free(path);
    return status == TG_OK ? TG_EXIT_PASS : TG_EXIT_ERROR;
}

/* ---- save ---- */

/* The exit code of a measurement that makes no baseline, with its reason; 0: it makes one. */
static int check_measured(const struct tg_comparison *comparison, struct tg_diags *diags)
{
    if (comparison->end == TG_END_INTERRUPTED)
        return TG_EXIT_UNKNOWN; /* has been said */
    if (comparison->end == TG_END_CRASHED || comparison->end == TG_END_KILLED) {
        tg_diag_error(diags, (struct tg_place){.path = comparison->scenario_path},
                      "the store died, and no baseline is stored");
        return comparison->end == TG_END_CRASHED ? TG_EXIT_FAIL : TG_EXIT_UNKNOWN;
    }
    if (comparison->launch_count >= TG_BASELINE_LEAST_LAUNCHES)
        return TG_EXIT_PASS;
    struct tg_place at = {.path = comparison->scenario_path};
    if (comparison->end == TG_END_NOT_GATED)
        tg_diag_hint(tg_diag_error(diags, at, "no metric has enough operations in a launch"),
                     "raise --budget, or choose others in [gate]");
    else
        tg_diag_hint(tg_diag_error(
                         diags, at, "the budget had room for %zu launch%s, and a baseline takes %d",
                         comparison->launch_count, tg_plural(comparison->launch_count, "es"),
                         TG_BASELINE_LEAST_LAUNCHES),
                     "raise --budget");
    return TG_EXIT_UNKNOWN;
}

static enum tg_status store(const struct baseline_command *command, enum tg_baseline_place place,
                            const char *name, struct tg_comparison *comparison,
                            struct tg_diags *diags)
{
    struct tg_host host;
    tg_note_surroundings(comparison, &host);
    return tg_baseline_save(tg_store_home(), place, name, command->replace, comparison, &host,
                            diags);
}

static int save(struct baseline_command *command, char **operands, struct tg_text *out,
                struct tg_diags *diags)
{
    enum tg_baseline_place place = command->local ? TG_BASELINE_LOCAL : TG_BASELINE_PROJECT;
    const struct tg_itself itself = {
        .path = operands[1],
        .overrides = &command->overrides,
        .phase = command->phase,
        .budget_ns = command->budget_ns,
        .quiet = command->quiet,
    };
    struct tg_comparison *comparison = tg_comparison_new();
    int exit_code = TG_EXIT_ERROR;
    if (tg_baseline_check(tg_store_home(), place, operands[0], command->replace, diags) == TG_OK &&
        tg_measure_itself(&itself, comparison, diags) == TG_OK)
        exit_code = check_measured(comparison, diags);
    if (exit_code == TG_EXIT_PASS &&
        store(command, place, operands[0], comparison, diags) == TG_OK) {
        char *path = tg_baseline_path(tg_store_home(), place, operands[0]);
        add_report(operands[0], path, comparison, out);
        free(path);
    } else if (exit_code == TG_EXIT_PASS) {
        exit_code = TG_EXIT_ERROR;
    }
    tg_comparison_free(comparison);
    return exit_code;
}

/* ---- list ---- */

static const char *const place_words[] = {
    [TG_BASELINE_PROJECT] = "project",
    [TG_BASELINE_LOCAL] = "local",
};

static void add_list(const struct tg_baseline_list *list, const struct tg_host *host,
                     struct tg_arena *arena, struct tg_text *out)
{
    static const struct tg_table_column columns[] = {
        {.title = "baseline", .may_shorten = true},
        {.title = "kept", .keep = 1},
        {.title = "scenario"},
        {.title = "phase", .keep = 2},
        {.title = "measured", .keep = 4},
        {.title = "comparable here"},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < list->count; i++) {
        const struct tg_baseline_entry *entry = &list->entries[i];
        const struct tg_comparison *comparison = entry->comparison;
        tg_table_cell(&table, entry->name);
        tg_table_cell(&table, place_words[entry->place]);
        tg_table_cell(&table, comparison ? comparison->scenario : "-");
        tg_table_cell(&table, comparison ? comparison->phase : "-");
        tg_table_cell(&table,
                      comparison ? tg_minute_text(comparison->started_unix_ms, arena) : "-");
        if (!comparison)
            tg_table_cellf(&table, TG_RED, "damaged");
        else
            tg_table_cell(&table, tg_baseline_differs(comparison, host, arena) ? "no" : "yes");
    }
    tg_table_render(&table, 0, (size_t)tg_terminal_columns(), tg_use_color(stdout), out);
    tg_table_free(&table);
}

static void add_list_json(const struct tg_baseline_list *list, const struct tg_host *host,
                          struct tg_arena *arena, struct tg_text *out)
{
    cJSON *array = tg_json_array();
    for (size_t i = 0; i < list->count; i++) {
        const struct tg_baseline_entry *entry = &list->entries[i];
        const struct tg_comparison *comparison = entry->comparison;
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "name", entry->name);
        tg_json_add_string(item, "kept", place_words[entry->place]);
        tg_json_add_string(item, "path", entry->path);
        tg_json_add_bool(item, "damaged", comparison == NULL);
        if (!comparison)
            continue;
        tg_json_add_string(item, "scenario", comparison->scenario);
        tg_json_add_string(item, "phase", comparison->phase);
        tg_json_add_int64(item, "started_unix_ms", comparison->started_unix_ms);
        tg_json_add_int64(item, "launches", (int64_t)comparison->launch_count);
        const char *differs = tg_baseline_differs(comparison, host, arena);
        tg_json_add_bool(item, "comparable", differs == NULL);
        tg_json_add_string(item, "differs", differs);
    }
    char *text = tg_json_print(array);
    tg_text_add(out, text);
    free(text);
    cJSON_Delete(array);
}

static int list(struct baseline_command *command, char **operands, struct tg_text *out,
                struct tg_diags *diags)
{
    (void)operands;
    struct tg_arena arena = {0};
    struct tg_baseline_list found;
    struct tg_host host;
    enum tg_status status = tg_baseline_list(tg_store_home(), &found, diags);
    tg_host_read(&arena, &host);
    if (status == TG_OK && command->json)
        add_list_json(&found, &host, &arena, out);
    else if (status == TG_OK && found.count > 0)
        add_list(&found, &host, &arena, out);
    else if (status == TG_OK)
        tg_text_add(out, "no baseline yet: `tailgate baseline save NAME SCENARIO` makes one\n");
    tg_baseline_list_free(&found);
    tg_arena_free(&arena);
    return status == TG_OK ? TG_EXIT_PASS : TG_EXIT_ERROR;
}

static int rm(struct baseline_command *command, char **operands, struct tg_text *out,
              struct tg_diags *diags)
{
    (void)command;
    (void)out;
    enum tg_status status = tg_baseline_remove(tg_store_home(), operands[0], diags);
    return status == TG_OK ? TG_EXIT_PASS : TG_EXIT_ERROR;
}

/* ---- the command ---- */

static const struct action {
    const char *name;
    const char *operands; /* in words */
    int operand_count;
    unsigned options; /* 1 << OPT_... of those it takes */
    int (*run)(struct baseline_command *command, char **operands, struct tg_text *out,
               struct tg_diags *diags);
} actions[] = {
    {"save", "a NAME and a SCENARIO", 2, ~(1U << OPT_JSON), save},
    {"list", "nothing", 0, 1U << OPT_JSON, list},
    {"show", "a NAME", 1, 1U << OPT_JSON, show},
    {"rm", "a NAME", 1, 0, rm},
};
enum { ACTIONS = sizeof actions / sizeof *actions };

static const struct action *find_action(const char *name)
{
    const char *names[ACTIONS];
    for (size_t i = 0; i < ACTIONS; i++) {
        names[i] = actions[i].name;
        if (strcmp(name, names[i]) == 0)
            return &actions[i];
    }
    const char *nearest = tg_nearest_name(name, names, ACTIONS);
    fprintf(stderr, "tailgate baseline: error: does not know how to \"%s\"\n", name);
    if (nearest)
        fprintf(stderr, "  hint: did you mean \"%s\"?\n", nearest);
    else
        fputs("  hint: save, list, show or rm\n", stderr);
    return NULL;
}

static bool fits(const struct action *action, const struct baseline_command *command, int count)
{
    if (count != action->operand_count) {
        fprintf(stderr, "tailgate baseline %s: error: takes %s\n", action->name, action->operands);
        fputs("  hint: \"tailgate baseline --help\" shows how\n", stderr);
        return false;
    }
    for (const struct option *option = options; option->name; option++) {
        if (!(command->given & ~action->options & 1U << option->val))
            continue;
        fprintf(stderr, "tailgate baseline %s: error: --%s means nothing here\n", action->name,
                option->name);
        fputs("  hint: leave it out\n", stderr);
        return false;
    }
    return true;
}

static int run(void *context, char **operands, int count)
{
    struct baseline_command *command = context;
    const struct action *action = find_action(operands[0]);
    if (!action || !fits(action, command, count - 1))
        return TG_EXIT_ERROR;
    struct tg_diags diags = {0};
    struct tg_text out = {0};
    int exit_code = action->run(command, operands + 1, &out, &diags);
    fwrite(tg_text_string(&out), 1, out.length, stdout);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_text_free(&out);
    return exit_code;
}

int tg_cmd_baseline(int argc, char **argv)
{
    struct baseline_command command = {0};
    const struct tg_command_line line = {
        .name = "baseline",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = -1,
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&command.overrides);
    return exit_code;
}
