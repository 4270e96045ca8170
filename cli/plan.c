#include "cli/cli.h"
#include "cli/signals.h"
#include "common/json.h"
#include "common/text.h"
#include "reports/index/plan_text.h"
#include "runner/drive/cover.h"

static const char help[] =
    "Usage: tailgate plan SCENARIO [--set KEY=VALUE]... [--json]\n\n"
    "Shows the query plan of every statement of a scenario and of its extra queries, the indexes\n"
    "and who uses them, and remedies for plans that scan or sort: only those that were planned\n"
    "again and found to help. Works on a store of its own that has the schema and no rows (with\n"
    "the rows when engine.analyze is on, because statistics change plans). Runs no operation.\n\n"
    "  --set KEY=VALUE  override a key of the scenario: engine.pragma.case_sensitive_like=true\n"
    "  --json           print the coverage as JSON\n"
    "  --help           show this text\n\n"
    "Exit codes: 0 every plan is as the scenario expects, 1 one is not, 3 interrupted,\n"
    "4 usage, scenario or environment error, the store's library that crashes included.\n";

struct plan_command {
    struct tg_overrides overrides;
    bool json;
};

enum { OPT_SET = 1, OPT_JSON };

static const struct option options[] = {
    {"set", required_argument, NULL, OPT_SET},
    {"json", no_argument, NULL, OPT_JSON},
    {0},
};

static bool take_option(void *context, int code, const char *argument)
{
    struct plan_command *command = context;
    if (code == OPT_SET)
        return tg_overrides_add(&command->overrides, "--set", argument);
    command->json = true;
    return true;
}

static void print_coverage(const struct tg_coverage *coverage, bool json)
{
    struct tg_text text = {0};
    if (json) {
        cJSON *document = tg_coverage_to_json(coverage);
        text.data = tg_json_print(document);
        cJSON_Delete(document);
    } else {
        tg_report_plan(coverage, tg_terminal_columns(), tg_use_color(stdout), &text);
    }
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
}

static int plan_scenario(const struct plan_command *command, const char *path)
{
    struct tg_scenario *scenario = tg_load_scenario(path, &command->overrides);
    if (!scenario)
        return TG_EXIT_ERROR;
    struct tg_arena arena = {0};
    struct tg_diags diags = {0};
    struct tg_coverage coverage = {0};
    tg_catch_signals();
    enum tg_status status = tg_cover(scenario, tg_stop_requests(), &arena, &coverage, &diags);
    int exit_code = status == TG_INTERRUPTED ? TG_EXIT_UNKNOWN : TG_EXIT_ERROR;
    tg_print_diags(&diags, stderr);
    if (status == TG_OK) {
        print_coverage(&coverage, command->json);
        exit_code = coverage.miss_count > 0 ? TG_EXIT_FAIL : TG_EXIT_PASS;
    }
    tg_diags_free(&diags);
    tg_arena_free(&arena);
    tg_scenario_free(scenario);
    return exit_code;
}

static int run(void *context, char **operands, int count)
{
    (void)count;
    return plan_scenario(context, operands[0]);
}

int tg_cmd_plan(int argc, char **argv)
{
    struct plan_command command = {0};
    const struct tg_command_line line = {
        .name = "plan",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = 1,
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&command.overrides);
    return exit_code;
}
