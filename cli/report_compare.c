#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/comparison_store.h"
#include "baselines/result_store.h"
#include "cli/cli.h"
#include "cli/report.h"
#include "cli/report_github.h"
#include "cli/report_out.h"
#include "cli/task.h"
#include "common/text.h"
#include "reports/compare/compare_github.h"
#include "reports/compare/compare_junit.h"
#include "reports/compare/compare_page.h"
#include "reports/gate/gate_json.h"

static const char help[] =
    "Usage: tailgate report compare TASK [OPTION]...\n"
    "       tailgate report compare --comparison ID [OPTION]...\n\n"
    "Writes the verdict on a task, or on a comparison that `tailgate gate` has stored, for a pull\n"
    "request or a CI job. Nothing is measured: it is judged again from what is stored.\n\n"
    "  --format FORMAT       markdown (the default): a comment on a pull request\n"
    "                        json: the verdict for programs, as `tailgate compare` prints it\n"
    "                        junit: test cases, one for each gated metric and target\n"
    "                        github: annotations, and the summary and outputs of the step\n"
    "                        html: a page that stands alone, with pictures\n"
    "  --comparison ID       a stored comparison in place of a task: its id, the beginning of it,\n"
    "                        the name of a scenario (its newest), or a path\n"
    "  --competitive         that of the competitive scenario of the task\n"
    "  --out FILE            write a file in place of standard output; one that this command made\n"
    "                        is replaced, any other never\n"
    "  --allow-inconclusive  exit with 0 instead of 3 when nothing could be decided\n"
    "  --exit-zero           exit with 0 whatever the verdict, when the report could be written\n"
    "  --help\n\n"
    "Exit codes, those of the verdict: 0 every metric proved within its margin and every target\n"
    "met, 1 a regression, a target missed, or the store failed, 2 a competitive regression,\n"
    "3 cannot tell, 4 usage or environment error.\n";

static const char made_by[] = "tailgate report compare";

enum { OPT_FORMAT = 1, OPT_COMPARISON, OPT_COMPETITIVE, OPT_OUT, OPT_ALLOW, OPT_EXIT_ZERO };

static const struct option options[] = {
    {"format", required_argument, NULL, OPT_FORMAT},
    {"comparison", required_argument, NULL, OPT_COMPARISON},
    {"competitive", no_argument, NULL, OPT_COMPETITIVE},
    {"out", required_argument, NULL, OPT_OUT},
    {"allow-inconclusive", no_argument, NULL, OPT_ALLOW},
    {"exit-zero", no_argument, NULL, OPT_EXIT_ZERO},
    {0},
};

enum format { MARKDOWN, JSON, JUNIT, GITHUB, HTML, FORMATS };
static const char *const format_names[FORMATS] = {"markdown", "json", "junit", "github", "html"};

struct report_command {
    enum format format;
    const char *comparison; /* NULL: of a task */
    const char *out;        /* NULL: standard output */
    bool competitive, allow_inconclusive, exit_zero;
};

/* ---- the command line ---- */

static bool take_format(struct report_command *command, const char *name)
{
    for (int i = 0; i < FORMATS; i++)
        if (strcmp(format_names[i], name) == 0) {
            command->format = (enum format)i;
            return true;
        }
    const char *nearest = tg_nearest_name(name, format_names, FORMATS);
    fprintf(stderr, "tailgate report compare: error: unknown format \"%s\"\n", name);
    if (nearest)
        fprintf(stderr, "  hint: did you mean \"%s\"?\n", nearest);
    else
        fputs("  hint: markdown, json, junit, github or html\n", stderr);
    return false;
}

static bool take_option(void *context, int code, const char *argument)
{
    struct report_command *command = context;
    switch (code) {
    case OPT_FORMAT:
        return take_format(command, argument);
    case OPT_COMPARISON:
        command->comparison = argument;
        return true;
    case OPT_OUT:
        command->out = argument;
        return true;
    case OPT_COMPETITIVE:
        command->competitive = true;
        return true;
    case OPT_ALLOW:
        command->allow_inconclusive = true;
        return true;
    default:
        command->exit_zero = true;
        return true;
    }
}

/* What is wrong with the options together, and what to do; NULL: nothing. */
static const char *what_is_wrong(const struct report_command *command, bool task,
                                 const char **remedy)
{
    if (!task && !command->comparison) {
        *remedy = "name a task, or a comparison that `tailgate gate` has stored: --comparison ID";
        return "nothing to report on";
    }
    *remedy = "leave out one of the two";
    if (task && command->comparison)
        return "a task and --comparison exclude each other";
    if (command->comparison && command->competitive)
        return "--competitive is said of a task; a comparison knows itself whether it is one";
    *remedy = "standard output is where GitHub reads annotations; the summary and the outputs go "
              "to the files that it names";
    if (command->out && command->format == GITHUB)
        return "--format github takes no --out";
    return NULL;
}

/* ---- reports ---- */

static void add_report(const struct report_command *command, const struct tg_compare_view *view,
                       struct tg_arena *arena, struct tg_text *out)
{
    cJSON *json;
    char *printed;
    switch (command->format) {
    case JSON:
        json = tg_compare_to_json(view);
        printed = tg_json_print(json);
        tg_text_add(out, printed);
        free(printed);
        cJSON_Delete(json);
        break;
    case JUNIT:
        tg_compare_junit(view, made_by, out);
        break;
    case GITHUB:
        tg_compare_annotations(view, tg_github_scenario(view, arena), out);
        break;
    case HTML:
        tg_compare_html(view, made_by, out);
        break;
    default:
        tg_compare_markdown(view, made_by, TG_COMMENT_MOST_BYTES, out);
    }
}

static int report(const struct report_command *command, const struct tg_compare_view *view,
                  struct tg_arena *arena, struct tg_diags *diags)
{
    const struct tg_report_out out = {command->out, made_by, TG_VERDICT_KIND};
    struct tg_text text = {0};
    enum tg_status status = tg_report_out_check(&out, diags);
    if (status == TG_OK) {
        add_report(command, view, arena, &text);
        status = tg_report_out_write(&out, &text, diags);
    }
    if (status == TG_OK && command->format == GITHUB)
        status = tg_github_files(view, made_by, diags);
    tg_text_free(&text);
    int exit_code = command->exit_zero ? TG_EXIT_PASS : view->gate.exit_code;
    return status == TG_OK ? exit_code : tg_exit_code_unwritten(exit_code);
}

/* Ids that come out of a document are words for a shell or are not named. */
static const char *again_for(const char *id, struct tg_arena *arena)
{
    bool plain = id && *id && *id != '-' &&
                 id[strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_-.")] == '\0';
    return plain ? tg_arena_format(arena, "tailgate report compare --comparison %s", id) : NULL;
}

static int report_comparison(const struct report_command *command)
{
    struct tg_arena arena = {0};
    struct tg_diags diags = {0};
    struct tg_comparison *comparison = NULL;
    char *path = NULL;
    int exit_code = TG_EXIT_ERROR;
    enum tg_status status = tg_comparison_find(tg_store_home(), command->comparison, &path, &diags);
    if (status == TG_OK)
        status = tg_comparison_read(path, &comparison, &diags);
    if (status == TG_OK) {
        struct tg_compare_view view =
            tg_compare_view_make(comparison, command->allow_inconclusive, &arena);
        view.again = again_for(comparison->id, &arena);
        exit_code = report(command, &view, &arena, &diags);
    }
    fflush(stdout);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    tg_comparison_free(comparison);
    tg_arena_free(&arena);
    free(path);
    return exit_code;
}

static int report_task(const struct report_command *command, const char *task)
{
    struct tg_task_session session;
    struct tg_attempt newest = {0};
    struct tg_compare_view view;
    int exit_code = TG_EXIT_ERROR;
    const enum tg_status opened = tg_task_open(&session, task, command->competitive);
    const struct tg_attempt_source source = tg_task_source(&session);
    if (opened == TG_OK && tg_attempt_load(&source, &newest) == TG_OK &&
        tg_attempt_view(&source, &newest, command->allow_inconclusive, &view) == TG_OK) {
        view.again =
            tg_arena_format(&session.arena, "tailgate report compare %s%s", task, session.option);
        exit_code = report(command, &view, &session.arena, &session.diags);
    }
    tg_task_close(&session);
    tg_attempt_free(&newest);
    return exit_code;
}

static int run(void *context, char **operands, int count)
{
    const struct report_command *command = context;
    const char *remedy;
    const char *wrong = what_is_wrong(command, count > 0, &remedy);
    if (wrong) {
        fprintf(stderr, "tailgate report compare: error: %s\n  hint: %s\n", wrong, remedy);
        return TG_EXIT_ERROR;
    }
    return command->comparison ? report_comparison(command) : report_task(command, operands[0]);
}

int tg_report_kind_compare(int argc, char **argv)
{
    struct report_command command = {0};
    const struct tg_command_line line = {
        .name = "report compare",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .most_operands = 1,
        .run = run,
    };
    return tg_run_command(&line, argc, argv);
}
