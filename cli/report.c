#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/report.h"
#include "common/text.h"

struct report_kind {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};

static const struct report_kind kinds[] = {
    {"run", tg_report_kind_run, "a page about one stored result"},
    {"index", tg_report_kind_index, "a page about the index coverage of a scenario"},
    {"compare", tg_report_kind_compare, "the verdict on a task, for a pull request or a CI job"},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void print_usage(FILE *to)
{
    fputs("Usage: tailgate report KIND [ARGUMENT]...\n\n"
          "Writes what was measured for people and programs. Nothing is measured.\n\n"
          "Kinds:\n",
          to);
    for (size_t i = 0; i < KINDS; i++)
        fprintf(to, "  %-9s  %s\n", kinds[i].name, kinds[i].summary);
    fputs("\n  tailgate report KIND --help   what a kind takes\n", to);
}

static int unknown_kind(const char *name)
{
    const char *names[KINDS];
    for (size_t i = 0; i < KINDS; i++)
        names[i] = kinds[i].name;
    const char *nearest = tg_nearest_name(name, names, KINDS);
    bool option = name[0] == '-';
    fprintf(stderr, "tailgate report: error: unknown %s \"%s\"\n", option ? "option" : "kind",
            name);
    if (nearest && !option)
        fprintf(stderr, "  hint: did you mean \"%s\"?\n", nearest);
    else
        fputs("  hint: \"tailgate report --help\" lists the kinds\n", stderr);
    return TG_EXIT_ERROR;
}

int tg_cmd_report(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return TG_EXIT_ERROR;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return TG_EXIT_PASS;
    }
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp(kinds[i].name, argv[1]) == 0)
            return kinds[i].run(argc - 1, argv + 1);
    return unknown_kind(argv[1]);
}
