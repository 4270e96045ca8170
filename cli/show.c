#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "baselines/sweep_store.h"
#include "cli/cli.h"
#include "cli/sweep.h"
#include "common/file.h"
#include "common/text.h"
#include "reports/layout/text_table.h"
#include "reports/run/run_text.h"

static const char help[] =
    "Usage: tailgate show [RESULT] [--json]\n"
    "       tailgate show --sweep [RESULT] [--json]\n"
    "       tailgate show --list [--json]\n"
    "\n"
    "Shows a stored result. RESULT is its id or the beginning of it, the name of a\n"
    "scenario (its newest result), or a path; without it the newest of all.\n"
    "\n"
    "  --json   print the stored document\n"
    "  --sweep  show the size sweep that the result is one size of: every size, how the\n"
    "           operations grow, and up to which size each target was met\n"
    "  --list   list all stored results, newest first\n"
    "  --help   show this\n"
    "\n"
    "Results are kept under .tailgate/results, or under $TAILGATE_HOME/results.\n"
    "The exit code is 0 when the result was shown, whatever its verdict; 4 on errors.\n";

/* The document as it was stored, after proving that it is one. */
static enum tg_status add_document(const char *path, struct tg_text *out, struct tg_diags *diags)
{
    struct tg_result *result;
    enum tg_status status = tg_file_read(path, TG_RESULT_MOST_BYTES, out, diags);
    if (status == TG_OK)
        status = tg_result_parse(tg_text_string(out), out->length, path, &result, diags);
    if (status == TG_OK)
        tg_result_free(result);
    return status;
}

static enum tg_status show(const char *name, bool json, struct tg_text *out, struct tg_diags *diags)
{
    char *path;
    enum tg_status status = tg_store_find(tg_store_home(), name, &path, diags);
    if (status != TG_OK)
        return status;
    struct tg_result *result = NULL;
    if (json) {
        status = add_document(path, out, diags);
    } else {
        status = tg_store_read(path, &result, diags);
        if (status == TG_OK)
            tg_report_run(result, tg_terminal_columns(), tg_use_color(stdout), out);
    }
    tg_result_free(result);
    free(path);
    return status;
}

static enum tg_status show_sweep(const char *name, bool json, struct tg_text *out,
                                 struct tg_diags *diags)
{
    struct tg_sweep_runs runs;
    enum tg_status status = tg_store_load_sweep(tg_store_home(), name, &runs, diags);
    if (status == TG_OK)
        tg_add_sweep((const struct tg_result *const *)runs.items, runs.count, json, out);
    tg_sweep_runs_free(&runs);
    return status;
}

static void add_entries(const struct tg_store_entry *entries, size_t count, struct tg_text *out)
{
    static const struct tg_table_column columns[] = {
        {.title = "result"},
        {.title = "verdict", .keep = 2},
        {.title = "started (UTC)", .keep = 1},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        const struct tg_store_entry *entry = &entries[i];
        const char *at = entry->started;
        bool pass = strcmp(entry->verdict, "pass") == 0;
        tg_table_cell(&table, entry->id);
        tg_table_cellf(&table, pass ? TG_GREEN : TG_RED, "%s", entry->verdict);
        tg_table_cellf(&table, TG_PLAIN, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", at, at + 4, at + 6,
                       at + 9, at + 11, at + 13);
    }
    tg_table_render(&table, 0, (size_t)tg_terminal_columns(), tg_use_color(stdout), out);
    tg_table_free(&table);
}

static void add_entries_json(const struct tg_store_entry *entries, size_t count,
                             struct tg_text *out)
{
    cJSON *array = tg_json_array();
    for (size_t i = 0; i < count; i++) {
        cJSON *item = tg_json_push(array, tg_json_object());
        tg_json_add_string(item, "id", entries[i].id);
        tg_json_add_string(item, "scenario", entries[i].scenario);
        tg_json_add_string(item, "started", entries[i].started);
        tg_json_add_string(item, "verdict", entries[i].verdict);
    }
    char *text = tg_json_print(array);
    tg_text_add(out, text);
    free(text);
    cJSON_Delete(array);
}

static enum tg_status list(bool json, struct tg_text *out, struct tg_diags *diags)
{
    struct tg_arena arena = {0};
    struct tg_store_entry *entries;
    size_t count;
    enum tg_status status = tg_store_list(tg_store_home(), true, &arena, &entries, &count, diags);
    if (status == TG_OK && json)
        add_entries_json(entries, count, out);
    else if (status == TG_OK && count > 0)
        add_entries(entries, count, out);
    else if (status == TG_OK)
        tg_text_addf(out, "no result in %s yet: `tailgate run SCENARIO` makes one\n",
                     tg_store_home());
    tg_arena_free(&arena);
    return status;
}

enum { OPT_JSON = 1, OPT_SWEEP, OPT_LIST };

static const struct option options[] = {
    {"json", no_argument, NULL, OPT_JSON},
    {"sweep", no_argument, NULL, OPT_SWEEP},
    {"list", no_argument, NULL, OPT_LIST},
    {0},
};

struct show_command {
    bool json, sweep, list;
};

static bool take_option(void *context, int code, const char *argument)
{
    (void)argument;
    struct show_command *command = context;
    command->json = command->json || code == OPT_JSON;
    command->sweep = command->sweep || code == OPT_SWEEP;
    command->list = command->list || code == OPT_LIST;
    return true;
}

static int run(void *context, char **operands, int count)
{
    const struct show_command *command = context;
    const char *extra = command->sweep ? "--sweep" : count > 0 ? operands[0] : NULL;
    if (command->list && extra) {
        fprintf(stderr,
                "tailgate show: error: --list does not know what to do with \"%s\"\n"
                "  hint: it lists all results; leave out one of the two\n",
                extra);
        return TG_EXIT_ERROR;
    }
    struct tg_diags diags = {0};
    struct tg_text out = {0};
    enum tg_status status = command->list    ? list(command->json, &out, &diags)
                            : command->sweep ? show_sweep(operands[0], command->json, &out, &diags)
                                             : show(operands[0], command->json, &out, &diags);
    if (status == TG_OK)
        fwrite(tg_text_string(&out), 1, out.length, stdout);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_text_free(&out);
    return status == TG_OK ? TG_EXIT_PASS : TG_EXIT_ERROR;
}

int tg_cmd_show(int argc, char **argv)
{
    struct show_command command = {0};
    const struct tg_command_line line = {
        .name = "show",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .most_operands = 1,
        .run = run,
    };
    return tg_run_command(&line, argc, argv);
}
