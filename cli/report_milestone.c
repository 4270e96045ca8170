#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baselines/shelf.h"
#include "cli/cli.h"
#include "cli/project.h"
#include "cli/report.h"
#include "common/text.h"
#include "reports/layout/text_table.h"
#include "reports/milestone/folder.h"
#include "reports/milestone/load.h"

static const char help[] =
    "Usage: tailgate report milestone MILESTONE.toml --out DIR [OPTION]...\n\n"
    "Writes the documents of a milestone from stored results: validation_report.md,\n"
    "executive_summary.md, quick_reference.md, charts.md, summary.json, and pictures of the\n"
    "charts in charts/. MILESTONE.toml names the results, the comparison with before, the\n"
    "criteria and what is written by hand; docs/milestone.md describes it. Nothing is measured.\n"
    "Of a competitive task, tailgate.toml names the competitors, as for `tailgate compare`.\n\n"
    "  --out DIR      the folder to write, which must not exist yet, or be empty\n"
    "  --replace      replace an earlier report in DIR; anything else in it stops the command\n"
    "  --no-pictures  draw nothing: the charts are in the documents as text all the same\n"
    "  --json         print the summary as JSON, for programs\n"
    "  --help         show this\n\n"
    "Pictures need gnuplot. Exit codes: 0 approved, 1 rejected, or conditional for a score that "
    "is\n"
    "too low, 3 conditional because a must-criterion is not decided by what was measured, 4 "
    "usage,\n"
    "file or environment error.\n";

enum { OPT_OUT = 1, OPT_REPLACE, OPT_NO_PICTURES, OPT_JSON };

static const struct option options[] = {
    {"out", required_argument, NULL, OPT_OUT},
    {"replace", no_argument, NULL, OPT_REPLACE},
    {"no-pictures", no_argument, NULL, OPT_NO_PICTURES},
    {"json", no_argument, NULL, OPT_JSON},
    {0},
};

struct milestone_command {
    struct tg_milestone_output output;
    bool json;
};

static bool take_option(void *context, int code, const char *argument)
{
    struct milestone_command *command = context;
    switch (code) {
    case OPT_OUT:
        command->output.folder = argument;
        return true;
    case OPT_REPLACE:
        command->output.replace = true;
        return true;
    case OPT_NO_PICTURES:
        command->output.pictures = false;
        return true;
    default:
        command->json = true;
        return true;
    }
}

/* ---- what is printed ---- */

static void add_criteria(const struct tg_milestone *milestone, struct tg_text *out)
{
    static const struct tg_table_column columns[] = {
        {.title = "criterion"},
        {.title = "must"},
        {.title = "weight", .right = true, .keep = 1},
        {.title = "status"},
        {.title = "reached", .right = true},
    };
    struct tg_table table;
    tg_table_init(&table, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < milestone->criterion_count; i++) {
        const struct tg_milestone_criterion *criterion = &milestone->criteria[i];
        bool met = criterion->status == TG_CRITERION_MET;
        bool missed = criterion->status == TG_CRITERION_MISSED;
        tg_table_cell(&table, criterion->name);
        tg_table_cell(&table, criterion->must ? "must" : "");
        tg_table_cellf(&table, TG_PLAIN, "%.10g", criterion->weight);
        tg_table_cellf(&table,
                       met      ? TG_GREEN
                       : missed ? TG_RED
                                : TG_YELLOW,
                       "%s", tg_criterion_status_name(criterion->status));
        tg_table_cellf(&table, TG_PLAIN, "%.10g%%", floor(1000 * criterion->share) / 10);
    }
    tg_table_render(&table, 0, (size_t)tg_terminal_columns(), tg_use_color(stdout), out);
    tg_table_free(&table);
}

static void add_points(const char *title, const char *const *items, size_t count,
                       struct tg_text *out)
{
    if (count > 0)
        tg_text_addf(out, "\n%s\n", title);
    for (size_t i = 0; i < count; i++) {
        tg_text_add(out, "  ");
        tg_wrap_add(out, items[i], 2, 4, (size_t)tg_terminal_columns());
    }
}

static void add_text(const struct tg_milestone *milestone, const char *folder, struct tg_text *out)
{
    enum tg_style style = milestone->decision == TG_DECISION_APPROVED   ? TG_GREEN
                          : milestone->decision == TG_DECISION_REJECTED ? TG_RED
                                                                        : TG_YELLOW;
    tg_text_addf(out, "%s, %s\n", milestone->project, milestone->name);
    tg_style_add(out, style, tg_use_color(stdout), tg_decision_name(milestone->decision));
    tg_text_addf(out, "  %s (exit code %d)\n", milestone->reason, milestone->exit_code);
    if (!isnan(milestone->score))
        tg_text_addf(out, "score %.10g of 100\n", milestone->score);
    tg_text_add(out, "\n");
    add_criteria(milestone, out);
    add_points("To be done", milestone->conditions, milestone->condition_count, out);
    add_points("To know", milestone->caveats, milestone->caveat_count, out);
    tg_text_addf(out, "\n%s/: %s, %s, %s, %s, %s", folder, TG_MILESTONE_VALIDATION,
                 TG_MILESTONE_EXECUTIVE, TG_MILESTONE_QUICK_REFERENCE, TG_MILESTONE_CHART_PAGE,
                 TG_MILESTONE_SUMMARY);
    if (milestone->picture_count > 0)
        tg_text_addf(out, ", %zu pictures in charts/", milestone->picture_count);
    tg_text_add(out, "\n");
    if (milestone->picture_note)
        tg_text_addf(out, "%s\n", milestone->picture_note);
}

/* ---- the command ---- */

static bool asks_for_competitors(const struct tg_milestone_file *file)
{
    bool any = false;
    for (size_t i = 0; i < file->before_count; i++)
        any = any || (file->befores[i].kind == TG_BEFORE_TASK && file->befores[i].competitive);
    return any;
}

/* The project says whom a competitive task is held against; nothing else needs it. */
static enum tg_status load(const struct tg_milestone_file *file, struct tg_project *project,
                           struct tg_arena *arena, struct tg_milestone_data *data,
                           struct tg_diags *diags)
{
    if (asks_for_competitors(file) && tg_project_load(project, diags) != TG_OK)
        return TG_INVALID;
    const struct tg_milestone_place place = {
        .home = tg_store_home(),
        .root = project->root,
        .competitors = project->competitors,
        .competitor_count = project->competitor_count,
    };
    return tg_milestone_load(file, &place, arena, data, diags);
}

static int report(const struct milestone_command *command, const char *path, struct tg_diags *diags)
{
    struct tg_arena arena = {0};
    struct tg_milestone_file file;
    struct tg_milestone_data data = {0};
    struct tg_project project = {0};
    struct tg_text out = {0};
    int exit_code = TG_EXIT_ERROR;
    enum tg_status status = tg_milestone_check_folder(&command->output, diags);
    if (status == TG_OK)
        status = tg_milestone_file_read(path, &arena, &file, diags);
    if (status == TG_OK)
        status = load(&file, &project, &arena, &data, diags);
    if (status == TG_OK) {
        struct tg_milestone *milestone = tg_milestone_make(&file, &data, &arena);
        status = tg_milestone_write(milestone, &command->output, &arena, diags);
        if (status == TG_OK && command->json)
            tg_milestone_summary(milestone, &out);
        else if (status == TG_OK)
            add_text(milestone, command->output.folder, &out);
        if (status == TG_OK)
            exit_code = milestone->exit_code;
    }
    fwrite(tg_text_string(&out), 1, out.length, stdout);
    tg_text_free(&out);
    tg_milestone_data_free(&data);
    tg_project_free(&project);
    tg_arena_free(&arena);
    return exit_code;
}

static int run(void *context, char **operands, int count)
{
    (void)count;
    const struct milestone_command *command = context;
    if (!command->output.folder || !*command->output.folder) {
        fputs("tailgate report milestone: error: where to write the report is not said\n"
              "  hint: add --out DIR\n",
              stderr);
        return TG_EXIT_ERROR;
    }
    struct tg_diags diags = {0};
    int exit_code = report(command, operands[0], &diags);
    tg_print_diags(&diags, stderr);
    tg_diags_free(&diags);
    return exit_code;
}

int tg_report_kind_milestone(int argc, char **argv)
{
    struct milestone_command command = {.output = {.pictures = true}};
    const struct tg_command_line line = {
        .name = "report milestone",
        .help = help,
        .options = options,
        .take = take_option,
        .context = &command,
        .least_operands = 1,
        .most_operands = 1,
        .run = run,
    };
    return tg_run_command(&line, argc, argv);
}
