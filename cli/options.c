#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/cli.h"
#include "common/text.h"
#include "common/units.h"

enum { MOST_OPTIONS = 32, HELP_CODE = 1000 };

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Both sides of a comparison may come from one file, which is read for each. */
static bool was_said(const struct tg_diags *diags, size_t number)
{
    const struct tg_diag *diag = &diags->items[number];
    for (size_t i = 0; i < number; i++) {
        const struct tg_diag *other = &diags->items[i];
        if (diag->line == other->line && diag->column == other->column &&
            diag->severity == other->severity && same_text(diag->path, other->path) &&
            same_text(diag->message, other->message) && same_text(diag->hint, other->hint))
            return true;
    }
    return false;
}

void tg_print_diags(const struct tg_diags *diags, FILE *to)
{
    static const char *const words[] = {"note", "warning", "error"};
    for (size_t i = 0; i < diags->count; i++) {
        const struct tg_diag *diag = &diags->items[i];
        if (was_said(diags, i))
            continue;
        fputs(diag->path ? diag->path : "tailgate", to);
        if (diag->line > 0)
            fprintf(to, ":%d", diag->line);
        if (diag->line > 0 && diag->column > 0)
            fprintf(to, ":%d", diag->column);
        fprintf(to, ": %s: %s\n", words[diag->severity], diag->message);
        if (diag->hint)
            fprintf(to, "  hint: %s\n", diag->hint);
    }
}

bool tg_output_written(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

int tg_exit_code_unwritten(int exit_code)
{
    bool open = exit_code == TG_EXIT_PASS || exit_code == TG_EXIT_UNKNOWN;
    return open ? TG_EXIT_ERROR : exit_code;
}

int tg_terminal_columns(void)
{
    const char *variable = getenv("COLUMNS");
    long columns = variable ? strtol(variable, NULL, 10) : 0;
    if (columns > 0 && columns < INT_MAX)
        return (int)columns;
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 100;
}

bool tg_use_color(FILE *to)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(fileno(to)) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

static void complain(const struct tg_command_line *line, const char *what, const char *which)
{
    fprintf(stderr, "tailgate %s: error: %s%s%s%s\n", line->name, what, which ? " \"" : "",
            which ? which : "", which ? "\"" : "");
}

static int usage_error(const struct tg_command_line *line, const char *nearest)
{
    if (nearest)
        fprintf(stderr, "  hint: did you mean \"--%s\"?\n", nearest);
    else
        fprintf(stderr, "  hint: \"tailgate %s --help\" says what it takes\n", line->name);
    return TG_EXIT_ERROR;
}

static int unknown_option(const struct tg_command_line *line, const char *argument)
{
    const char *names[MOST_OPTIONS];
    size_t count = 0;
    for (const struct option *option = line->options; option->name; option++)
        names[count++] = option->name;
    names[count++] = "help";
    char *name = tg_strdup(argument + strspn(argument, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *nearest =
        tg_starts_with(argument, "--") ? tg_nearest_name(name, names, count) : NULL;
    free(name);
    complain(line, "unknown option", argument);
    return usage_error(line, nearest);
}

static bool check_operands(const struct tg_command_line *line, int count, char **operands,
                           int *exit_code)
{
    bool few = count < line->least_operands;
    bool many = line->most_operands >= 0 && count > line->most_operands;
    if (!few && !many)
        return true;
    if (few)
        complain(line, "an argument is missing", NULL);
    else
        complain(line, "does not know what to do with", operands[line->most_operands]);
    *exit_code = usage_error(line, NULL);
    return false;
}

bool tg_parse_command_line(const struct tg_command_line *line, int argc, char **argv,
                           char ***operands, int *operand_count, int *exit_code)
{
    struct option options[MOST_OPTIONS + 2] = {{"help", no_argument, NULL, HELP_CODE}};
    size_t count = 1;
    for (const struct option *option = line->options; option->name && count < MOST_OPTIONS;
         option++)
        options[count++] = *option;
    options[count] = (struct option){0};
    opterr = 0;
    optind = 0; /* glibc: start over, permuting operands to the end */
    int code;
    while (true) {
        int at = optind > 0 ? optind : 1;
        code = getopt_long(argc, argv, ":h", options, NULL);
        if (code == -1)
            break;
        if (code == HELP_CODE || code == 'h') {
            fputs(line->help, stdout);
            *exit_code = TG_EXIT_PASS;
            return false;
        }
        if (code == ':') {
            complain(line, "an argument is missing after", argv[optind - 1]);
            *exit_code = usage_error(line, NULL);
            return false;
        }
        if (code == '?') {
            const char *argument = optind > at ? argv[optind - 1] : argv[at];
            *exit_code = unknown_option(line, argument);
            return false;
        }
        if (!line->take(line->context, code, optarg)) {
            *exit_code = TG_EXIT_ERROR;
            return false;
        }
    }
    *operands = argv + optind;
    *operand_count = argc - optind;
    return check_operands(line, *operand_count, *operands, exit_code);
}

static bool take_json(void *context, int code, const char *argument)
{
    (void)code;
    (void)argument;
    *(bool *)context = true;
    return true;
}

int tg_run_command(const struct tg_command_line *line, int argc, char **argv)
{
    char **operands;
    int count;
    int exit_code = TG_EXIT_ERROR;
    if (tg_parse_command_line(line, argc, argv, &operands, &count, &exit_code))
        exit_code = line->run(line->context, operands, count);
    return exit_code;
}

bool tg_parse_json_only(const char *name, const char *help, int argc, char **argv, bool *json,
                        int *exit_code)
{
    static const struct option options[] = {{"json", no_argument, NULL, 1}, {0}};
    const struct tg_command_line line = {
        .name = name, .help = help, .options = options, .take = take_json, .context = json};
    char **operands;
    int count;
    *json = false;
    return tg_parse_command_line(&line, argc, argv, &operands, &count, exit_code);
}

bool tg_take_budget(const char *command, const char *argument, int64_t *budget_ns)
{
    if (tg_parse_duration_ns(argument, budget_ns) && *budget_ns > 0)
        return true;
    fprintf(stderr,
            "tailgate %s: error: --budget \"%s\" is not a duration above 0\n  hint: --budget 60s\n",
            command, argument);
    return false;
}

bool tg_overrides_add(struct tg_overrides *overrides, const char *option, const char *argument)
{
    const char *equals = strchr(argument, '=');
    if (!equals || equals == argument) {
        fprintf(stderr, "tailgate: error: %s %s: KEY=VALUE is expected\n", option, argument);
        fprintf(stderr, "  hint: for example %s engine.pragma.cache_size=-64000\n", option);
        return false;
    }
    overrides->items =
        tg_realloc(overrides->items, (overrides->count + 1) * sizeof *overrides->items);
    overrides->items[overrides->count++] = (struct tg_override){
        .key = tg_arena_memdup(&overrides->arena, argument, (size_t)(equals - argument)),
        .value = tg_arena_strdup(&overrides->arena, equals + 1),
        .option = option,
    };
    return true;
}

void tg_overrides_join(struct tg_overrides *overrides, const struct tg_overrides *more)
{
    size_t count = overrides->count + more->count;
    overrides->items = tg_realloc(overrides->items, (count + 1) * sizeof *overrides->items);
    for (size_t i = 0; i < more->count; i++)
        overrides->items[overrides->count++] = more->items[i];
}

const char *tg_overrides_words(struct tg_overrides *overrides)
{
    const char *words = "the scenario as it stands";
    for (size_t i = 0; i < overrides->count; i++)
        words = tg_arena_format(&overrides->arena, "%s%s%s=%s", i ? words : "", i ? ", " : "",
                                overrides->items[i].key, overrides->items[i].value);
    return words;
}

const char **tg_overrides_texts(const struct tg_overrides *overrides, struct tg_arena *arena)
{
    const char **texts = tg_arena_array(arena, overrides->count, sizeof *texts);
    for (size_t i = 0; i < overrides->count; i++)
        texts[i] =
            tg_arena_format(arena, "%s=%s", overrides->items[i].key, overrides->items[i].value);
    return texts;
}

void tg_overrides_free(struct tg_overrides *overrides)
{
    free(overrides->items);
    tg_arena_free(&overrides->arena);
    *overrides = (struct tg_overrides){0};
}

struct tg_scenario *tg_load_scenario(const char *path, const struct tg_overrides *overrides)
{
    struct tg_diags diags = {0};
    struct tg_scenario *scenario = NULL;
    enum tg_status status =
        tg_scenario_load(path, overrides->items, overrides->count, &scenario, &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    return status == TG_OK ? scenario : NULL;
}
