#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/report.h"
#include "cli/words.h"

static const struct tg_word kinds[] = {
    {"run", tg_report_kind_run, "a page about one stored result"},
    {"index", tg_report_kind_index, "a page about the index coverage of a scenario"},
    {"compare", tg_report_kind_compare, "the verdict on a task, for a pull request or a CI job"},
    {"milestone", tg_report_kind_milestone, "the documents of a milestone, from stored results"},
};
static const struct tg_words words = {"tailgate report", "kind", kinds,
                                      sizeof kinds / sizeof *kinds};

static void print_usage(FILE *to)
{
    fputs("Usage: tailgate report KIND [ARGUMENT]...\n\n"
          "Writes what was measured for people and programs. Nothing is measured.\n\n"
          "Kinds:\n",
          to);
    tg_print_words(&words, to);
    fputs("\n  tailgate report KIND --help   what a kind takes\n", to);
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
    const struct tg_word *kind = tg_find_word(&words, argv[1]);
    return kind ? kind->run(argc - 1, argv + 1) : TG_EXIT_ERROR;
}
