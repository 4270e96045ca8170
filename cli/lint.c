#include "cli/lint.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "common/text.h"
#include "runner/scenario/scenario.h"

static const char usage[] =
    "Usage: tailgate lint FILE... [--set KEY=VALUE]...\n"
    "\n"
    "Checks scenarios without running anything: every error of every file is listed, with\n"
    "file, line, column and a hint.\n"
    "\n"
    "  --set KEY=VALUE  change a key before the check; KEY is a dotted path such as\n"
    "                   phase.steady.rate or targets.steady[0]\n"
    "  --help           show this text\n"
    "\n"
    "Exit code: 0 when no file has an error, 4 otherwise.\n";

static void print_count(const char *separator, size_t count, const char *one, const char *many)
{
    printf("%s%zu %s", separator, count, count == 1 ? one : many);
}

static bool lint_file(const char *path, const struct tg_override *overrides, size_t count)
{
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    enum tg_status status = tg_scenario_load(path, overrides, count, &scenario, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    if (status != TG_OK)
        return false;
    printf("%s: ok (", path);
    print_count("", scenario->load_count, "table", "tables");
    print_count(", ", scenario->op_count, "operation", "operations");
    print_count(", ", scenario->phase_count, "phase", "phases");
    printf(")\n");
    tg_scenario_free(scenario);
    return true;
}

/* Splits KEY=VALUE in place. */
static bool parse_override(char *text, struct tg_override *override)
{
    char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        fprintf(stderr, "tailgate lint: --set needs KEY=VALUE, not \"%s\"\n", text);
        return false;
    }
    *equals = '\0';
    *override = (struct tg_override){.key = text, .value = equals + 1};
    return true;
}

static int lint_files(char **paths, const struct tg_override *overrides, size_t override_count)
{
    if (!*paths) {
        fputs("tailgate lint: no file is given\nTry 'tailgate lint --help'.\n", stderr);
        return TG_EXIT_ERROR;
    }
    int code = TG_EXIT_PASS;
    for (; *paths; paths++) {
        if (!lint_file(*paths, overrides, override_count))
            code = TG_EXIT_ERROR;
    }
    return code;
}

int tg_cmd_lint(int argc, char **argv)
{
    static const struct option options[] = {
        {"set", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct tg_override *overrides = tg_calloc((size_t)argc, sizeof *overrides);
    size_t override_count = 0;
    bool help = false;
    bool wrong = false;
    int option;
    optind = 1;
    while (!help && !wrong && (option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h')
            help = true;
        else
            wrong = option != 's' || !parse_override(optarg, &overrides[override_count++]);
    }
    int code = TG_EXIT_PASS;
    if (help)
        fputs(usage, stdout);
    else if (wrong)
        code = TG_EXIT_ERROR; /* said above, or by getopt_long */
    else
        code = lint_files(argv + optind, overrides, override_count);
    free(overrides);
    return code;
}
