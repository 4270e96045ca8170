#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/report.h"
#include "cli/report_format.h"
#include "cli/report_out.h"
#include "cli/signals.h"
#include "reports/index/coverage_page.h"
#include "runner/drive/cover.h"

static const char help[] =
    "Usage: tailgate report index SCENARIO [OPTION]...\n\n"
    "Writes one page about the index coverage of a scenario: how each statement reaches its rows,\n"
    "what each table has and lacks, indexes that repeat each other or that no statement uses,\n"
    "remedies that were planned again, and every plan in full. Plans as `tailgate plan` does, on "
    "a\n"
    "store of its own; runs no operation.\n\n"
    "  --format FORMAT  markdown (the default), html: a page that stands alone, with pictures\n"
    "                   where gnuplot is installed, or json\n"
    "  --out FILE       write a file in place of standard output; one that this command made is\n"
    "                   replaced, any other never\n"
    "  --set KEY=VALUE  override a key of the scenario: engine.pragma.case_sensitive_like=true\n"
    "  --help\n\n"
    "Exit codes: 0 the page was written, whatever it says; 3 interrupted; 4 usage, scenario or\n"
    "environment error. `tailgate plan` exits with 1 where an expectation is missed.\n";

enum { OPT_FORMAT = 1, OPT_OUT, OPT_SET };

static const struct option options[] = {
    {"format", required_argument, NULL, OPT_FORMAT},
    {"out", required_argument, NULL, OPT_OUT},
    {"set", required_argument, NULL, OPT_SET},
    {0},
};

struct index_command {
    enum tg_report_format format;
    const char *out; /* NULL: standard output */
    struct tg_overrides overrides;
};

static bool take_option(void *context, int code, const char *argument)
{
    struct index_command *command = context;
    switch (code) {
    case OPT_FORMAT:
        return tg_take_report_format("report index", argument, &command->format);
    case OPT_OUT:
        command->out = argument;
        return true;
    default:
        return tg_overrides_add(&command->overrides, "--set", argument);
    }
}

static void add_report(const struct index_command *command, const struct tg_scenario *scenario,
                       const struct tg_coverage *coverage, struct tg_text *out)
{
    if (command->format == TG_REPORT_JSON)
        tg_add_report_json(tg_index_report_json(coverage, scenario->name, scenario->path), out);
    else
        tg_index_page(coverage, scenario->name, scenario->path,
                      tg_report_page_format(command->format), out);
}

static enum tg_status report(const struct index_command *command,
                             const struct tg_scenario *scenario, struct tg_diags *diags)
{
    const struct tg_report_out out = {command->out, TG_INDEX_REPORT_COMMAND, TG_INDEX_REPORT_KIND};
    struct tg_arena arena = {0};
    struct tg_coverage coverage = {0};
    struct tg_text text = {0};
    enum tg_status status = tg_report_out_check(&out, diags);
    if (status == TG_OK) {
        tg_catch_signals();
        status = tg_cover(scenario, tg_stop_requests(), &arena, &coverage, diags);
    }
    if (status == TG_OK) {
        add_report(command, scenario, &coverage, &text);
        status = tg_report_out_write(&out, &text, diags);
    }
    tg_text_free(&text);
    tg_arena_free(&arena);
    return status;
}

static int run(void *context, char **operands, int count)
{
    const struct index_command *command = context;
    struct tg_scenario *scenario = tg_load_scenario(operands[0], &command->overrides);
    (void)count;
    if (!scenario)
        return TG_EXIT_ERROR;
    struct tg_diags diags = {0};
    enum tg_status status = report(command, scenario, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_scenario_free(scenario);
    return status == TG_OK            ? TG_EXIT_PASS
           : status == TG_INTERRUPTED ? TG_EXIT_UNKNOWN
                                      : TG_EXIT_ERROR;
}

int tg_report_kind_index(int argc, char **argv)
{
    struct index_command command = {0};
    const struct tg_command_line line = {
        .name = "report index",
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
