#include <stdio.h>

#include "cli/cli.h"
#include "cli/sweep.h"

static const char help[] =
    "Usage: tailgate lint FILE... [--set KEY=VALUE]...\n\n"
    "Checks scenarios without running anything: every error of every file is listed, with\n"
    "file, line, column and a hint.\n\n"
    "  --set KEY=VALUE  change a key before the check; KEY is a dotted path such as\n"
    "                   phase.steady.rate or targets.steady[0]\n"
    "  --help           show this text\n\n"
    "Exit code: 0 when no file has an error, 4 otherwise.\n";

static void print_count(const char *separator, size_t count, const char *one, const char *many)
{
    printf("%s%zu %s", separator, count, count == 1 ? one : many);
}

static bool lint_sizes(const char *path, const struct tg_overrides *overrides,
                       const struct tg_scenario *scenario)
{
    struct tg_diags diags = {0};
    enum tg_status status = tg_check_sweep(path, overrides, scenario, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    return status == TG_OK;
}

static bool lint_file(const char *path, const struct tg_overrides *overrides)
{
    struct tg_scenario *scenario = tg_load_scenario(path, overrides);
    if (!scenario)
        return false;
    if (scenario->sweep.given && scenario->sweep.at == 0 &&
        !lint_sizes(path, overrides, scenario)) {
        tg_scenario_free(scenario);
        return false;
    }
    printf("%s: ok (", path);
    print_count("", scenario->load_count, "table", "tables");
    print_count(", ", scenario->op_count, "operation", "operations");
    print_count(", ", scenario->phase_count, "phase", "phases");
    if (scenario->sweep.given)
        print_count(", ", scenario->sweep.size_count, "size", "sizes");
    printf(")\n");
    tg_scenario_free(scenario);
    return true;
}

enum { OPT_SET = 1 };

static const struct option options[] = {{"set", required_argument, NULL, OPT_SET}, {0}};

static bool take_option(void *context, int code, const char *argument)
{
    (void)code;
    return tg_overrides_add(context, "--set", argument);
}

static int run(void *context, char **operands, int count)
{
    int exit_code = TG_EXIT_PASS;
    for (int i = 0; i < count; i++)
        if (!lint_file(operands[i], context))
            exit_code = TG_EXIT_ERROR;
    return exit_code;
}

int tg_cmd_lint(int argc, char **argv)
{
    struct tg_overrides overrides = {0};
    const struct tg_command_line line = {
        .name = "lint",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &overrides,
        .least_operands = 1,
        .most_operands = -1,
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&overrides);
    return exit_code;
}
