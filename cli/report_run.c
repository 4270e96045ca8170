#include <stdlib.h>
#include <string.h>

#include "baselines/result_store.h"
#include "baselines/sweep_store.h"
#include "cli/cli.h"
#include "cli/report.h"
#include "cli/report_format.h"
#include "cli/report_out.h"
#include "common/units.h"
#include "reports/run/run_page.h"

static const char help[] =
    "Usage: tailgate report run [RESULT] [OPTION]...\n\n"
    "Writes one page about a stored result: what ran where, the verdict, targets, latencies of\n"
    "every phase, findings with their remedies, index coverage, the configuration as it was read\n"
    "back, the platform. RESULT is its id or the beginning of it, the name of a scenario (its\n"
    "newest result), or a path; without it the newest of all. Nothing is measured.\n\n"
    "  --format FORMAT  markdown (the default), html: a page that stands alone, with pictures\n"
    "                   where gnuplot is installed, or json\n"
    "  --out FILE       write a file in place of standard output; one that this command made is\n"
    "                   replaced, any other never\n"
    "  --sweep          the size sweep that RESULT is one size of: how every operation grows, up\n"
    "                   to which size each target was met, and the findings of all sizes\n"
    "  --headroom RATIO report targets that are met by less than this (default 1.2: 20 % to "
    "spare)\n"
    "  --help\n\n"
    "Exit codes: 0 the page was written, whatever the verdict; 4 usage or environment error.\n";

enum { OPT_FORMAT = 1, OPT_OUT, OPT_SWEEP, OPT_HEADROOM };

static const struct option options[] = {
    {"format", required_argument, NULL, OPT_FORMAT},
    {"out", required_argument, NULL, OPT_OUT},
    {"sweep", no_argument, NULL, OPT_SWEEP},
    {"headroom", required_argument, NULL, OPT_HEADROOM},
    {0},
};

struct report_command {
    enum tg_report_format format;
    const char *out; /* NULL: standard output */
    bool sweep;
    struct tg_finding_limits limits;
};

static bool take_headroom(struct report_command *command, const char *argument)
{
    if (tg_parse_number(argument, &command->limits.headroom) && command->limits.headroom >= 1)
        return true;
    fprintf(stderr,
            "tailgate report run: error: --headroom: \"%s\" is not a ratio of 1 or more\n"
            "  hint: 1.5 reports targets that are met with less than 50 %% to spare\n",
            argument);
    return false;
}

static bool take_option(void *context, int code, const char *argument)
{
    struct report_command *command = context;
    switch (code) {
    case OPT_FORMAT:
        return tg_take_report_format("report run", argument, &command->format);
    case OPT_OUT:
        command->out = argument;
        return true;
    case OPT_SWEEP:
        command->sweep = true;
        return true;
    default:
        return take_headroom(command, argument);
    }
}

static void add_page(const struct report_command *command, const struct tg_result *result,
                     struct tg_text *out)
{
    if (command->format == TG_REPORT_JSON)
        tg_add_report_json(tg_run_report_json(result, &command->limits), out);
    else
        tg_run_page(result, &command->limits, tg_report_page_format(command->format), out);
}

static enum tg_status add_result(const struct report_command *command, const char *name,
                                 struct tg_text *out, struct tg_diags *diags)
{
    struct tg_result *result;
    enum tg_status status = tg_store_load(tg_store_home(), name, &result, diags);
    if (status != TG_OK)
        return status;
    add_page(command, result, out);
    tg_result_free(result);
    return TG_OK;
}

static enum tg_status add_sweep(const struct report_command *command, const char *name,
                                struct tg_text *out, struct tg_diags *diags)
{
    struct tg_sweep_runs runs;
    struct tg_arena arena = {0};
    enum tg_status status = tg_store_load_sweep(tg_store_home(), name, &runs, diags);
    if (status == TG_OK) {
        struct tg_sweep_view sweep =
            tg_sweep_view_make((const struct tg_result *const *)runs.items, runs.count, &arena);
        if (command->format == TG_REPORT_JSON)
            tg_add_report_json(tg_sweep_report_json(&sweep, &command->limits), out);
        else
            tg_sweep_page(&sweep, &command->limits, tg_report_page_format(command->format), out);
    }
    tg_arena_free(&arena);
    tg_sweep_runs_free(&runs);
    return status;
}

static int run(void *context, char **operands, int count)
{
    const struct report_command *command = context;
    const char *name = count > 0 ? operands[0] : NULL;
    const struct tg_report_out out = {command->out, TG_RUN_REPORT_COMMAND,
                                      command->sweep ? TG_SWEEP_REPORT_KIND : TG_RUN_REPORT_KIND};
    struct tg_diags diags = {0};
    struct tg_text text = {0};
    enum tg_status status = tg_report_out_check(&out, &diags);
    if (status == TG_OK)
        status = command->sweep ? add_sweep(command, name, &text, &diags)
                                : add_result(command, name, &text, &diags);
    if (status == TG_OK)
        status = tg_report_out_write(&out, &text, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_text_free(&text);
    return status == TG_OK ? TG_EXIT_PASS : TG_EXIT_ERROR;
}

int tg_report_kind_run(int argc, char **argv)
{
    struct report_command command = {.limits = tg_finding_limits_default()};
    const struct tg_command_line line = {
        .name = "report run",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .most_operands = 1,
        .run = run,
    };
    return tg_run_command(&line, argc, argv);
}
