#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/selftest_record.h"
#include "cli/selftest.h"
#include "common/units.h"
#include "reports/gate/selftest_text.h"

static const char help[] =
    "Usage: tailgate selftest SCENARIO [OPTION]...\n"
    "       tailgate selftest --records FILE\n\n"
    "What would a gate see on this machine? Runs gates of the scenario against itself (A/A), and\n"
    "against itself with an operation slowed on purpose by a known amount, in turn; counts what\n"
    "they say, and advises margins and a budget for [gate].\n\n"
    "  --op NAME           the operation to slow (repeat: in turn; default: the first gated one)\n"
    "  --effect VALUE      by how much: 10%, 5us, { add = \"50%\", slowest = \"2%\" }, as in "
    "[inject]\n"
    "                      (repeat for more; default: its margin, and twice that); none: A/A "
    "alone\n"
    "  --no-aa             no A/A gates\n"
    "  --gates N           gates of each kind (default 10)\n"
    "  --for DURATION      begin no gate after that (default: no limit)\n"
    "  --budget DURATION   of each gate (default: that of [gate], else 60s)\n"
    "  --phase NAME        the phase whose mix is run (default: the first)\n"
    "  --set KEY=VALUE     override a key of the scenario (repeat for more)\n"
    "  --records FILE      append each gate to FILE as a line of JSON, and go on from those that\n"
    "                      are there; without SCENARIO: report on them and measure nothing\n"
    "  --json              the report as JSON\n"
    "  --quiet             no progress on standard error\n"
    "  --help\n\n"
    "Exit codes: 0 no false regression was seen, 1 a false regression: gates here are not to be\n"
    "trusted, 3 a kind of gate was not measured at all, 4 usage, scenario or environment error.\n";

enum {
    OPT_OP = 1,
    OPT_EFFECT,
    OPT_NO_AA,
    OPT_GATES,
    OPT_FOR,
    OPT_BUDGET,
    OPT_PHASE,
    OPT_SET,
    OPT_RECORDS,
    OPT_JSON,
    OPT_QUIET,
};

static const struct option options[] = {
    {"op", required_argument, NULL, OPT_OP},
    {"effect", required_argument, NULL, OPT_EFFECT},
    {"no-aa", no_argument, NULL, OPT_NO_AA},
    {"gates", required_argument, NULL, OPT_GATES},
    {"for", required_argument, NULL, OPT_FOR},
    {"budget", required_argument, NULL, OPT_BUDGET},
    {"phase", required_argument, NULL, OPT_PHASE},
    {"set", required_argument, NULL, OPT_SET},
    {"records", required_argument, NULL, OPT_RECORDS},
    {"json", no_argument, NULL, OPT_JSON},
    {"quiet", no_argument, NULL, OPT_QUIET},
    {0},
};

enum { MOST_GATES = 100000 };

struct command {
    struct tg_selftest test;
    struct tg_arena arena;
    bool json;
    bool to_measure; /* an option was given that has no meaning without a scenario */
};

static bool take_duration(const char *option, const char *argument, int64_t *duration_ns)
{
    if (tg_parse_duration_ns(argument, duration_ns) && *duration_ns > 0)
        return true;
    fprintf(stderr,
            "tailgate selftest: error: %s \"%s\" is not a duration above 0\n  hint: %s 60s\n",
            option, argument, option);
    return false;
}

static bool take_gates(const char *argument, size_t *gates)
{
    double number;
    if (tg_parse_number(argument, &number) && number >= 1 && number <= MOST_GATES &&
        number == (double)(size_t)number) {
        *gates = (size_t)number;
        return true;
    }
    fprintf(stderr,
            "tailgate selftest: error: --gates \"%s\" is not a whole number from 1 to %d\n  hint: "
            "--gates 10\n",
            argument, MOST_GATES);
    return false;
}

static void add_name(struct tg_arena *arena, const char ***names, size_t *count, const char *name)
{
    const char **grown = tg_arena_array(arena, *count + 1, sizeof *grown);
    if (*count > 0)
        memcpy(grown, *names, *count * sizeof *grown);
    grown[(*count)++] = name;
    *names = grown;
}

static bool take_option(void *context, int code, const char *argument)
{
    struct command *command = context;
    struct tg_selftest *test = &command->test;
    command->to_measure |= code != OPT_RECORDS && code != OPT_JSON;
    switch (code) {
    case OPT_OP:
        add_name(&command->arena, &test->ops, &test->op_count, argument);
        return true;
    case OPT_EFFECT:
        test->usual_effects = false;
        if (strcmp(argument, "none") != 0)
            add_name(&command->arena, &test->effects, &test->effect_count, argument);
        return true;
    case OPT_NO_AA:
        test->aa = false;
        return true;
    case OPT_GATES:
        return take_gates(argument, &test->gates);
    case OPT_FOR:
        return take_duration("--for", argument, &test->for_ns);
    case OPT_BUDGET:
        return take_duration("--budget", argument, &test->budget_ns);
    case OPT_PHASE:
        test->phase = argument;
        return true;
    case OPT_SET:
        return tg_overrides_add(&test->overrides, "--set", argument);
    case OPT_RECORDS:
        test->records = argument;
        return true;
    case OPT_JSON:
        command->json = true;
        return true;
    default:
        test->quiet = true;
        return true;
    }
}

static bool records_alike(const struct command *command, const struct tg_tested_gate *gates,
                          size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const char *unlike = tg_tested_unlike(&gates[0], &gates[i]);
        if (!unlike)
            continue;
        fprintf(stderr,
                "%s:%zu: error: %s than in the first line\n  hint: gates can only be counted "
                "together where all else is the same\n",
                command->test.records, i + 1, unlike);
        return false;
    }
    return true;
}

static enum tg_status read_only(struct command *command, struct tg_tested_gate **gates,
                                size_t *count)
{
    struct tg_diags diags = {0};
    enum tg_status status =
        tg_tested_read(command->test.records, &command->arena, gates, count, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    if (status == TG_OK && !records_alike(command, *gates, *count))
        status = TG_INVALID;
    if (status != TG_OK)
        *count = 0;
    return status;
}

static void print_summary(const struct command *command, const struct tg_selftest_summary *summary,
                          const struct tg_tested_gate *gates, size_t count)
{
    if (command->json) {
        cJSON *json = tg_selftest_to_json(summary, gates, count);
        char *text = tg_json_print(json);
        fputs(text, stdout);
        free(text);
        cJSON_Delete(json);
        return;
    }
    struct tg_text text = {0};
    tg_report_selftest(summary, gates, count, tg_terminal_columns(), tg_use_color(stdout), &text);
    fputs(tg_text_string(&text), stdout);
    tg_text_free(&text);
}

static int run_selftest(struct command *command)
{
    struct tg_selftest *test = &command->test;
    struct tg_tested_gate *gates = NULL;
    size_t count = 0;
    bool incomplete = false;
    enum tg_status status = TG_OK;
    if (!test->path && (!test->records || command->to_measure)) {
        fputs("tailgate selftest: error: an argument is missing\n  hint: name a scenario; without "
              "one there is only \"tailgate selftest --records FILE\", with --json or without\n",
              stderr);
        return TG_EXIT_ERROR;
    }
    if (!test->aa && test->effect_count == 0 && !test->usual_effects) {
        fputs("tailgate selftest: error: --no-aa and --effect none leave nothing to measure\n  "
              "hint: leave one of them out\n",
              stderr);
        return TG_EXIT_ERROR;
    }
    if (test->path)
        status = tg_selftest_run(test, &command->arena, &gates, &count, &incomplete);
    else
        status = read_only(command, &gates, &count);
    if (status != TG_OK && count == 0)
        return TG_EXIT_ERROR;
    struct tg_selftest_summary summary = tg_selftest_sum(gates, count, incomplete, &command->arena);
    if (status != TG_OK)
        summary.exit_code = TG_EXIT_ERROR; /* hours of gates before the error still count */
    print_summary(command, &summary, gates, count);
    return summary.exit_code;
}

static int run(void *context, char **operands, int count)
{
    struct command *command = context;
    command->test.path = count > 0 ? operands[0] : NULL;
    return run_selftest(command);
}

int tg_cmd_selftest(int argc, char **argv)
{
    struct command command = {.test = {.usual_effects = true, .aa = true, .gates = 10}};
    const struct tg_command_line line = {
        .name = "selftest",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 0,
        .most_operands = 1,
        .run = run,
    };
    int exit_code = tg_run_command(&line, argc, argv);
    tg_overrides_free(&command.test.overrides);
    tg_arena_free(&command.arena);
    return exit_code;
}
