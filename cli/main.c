#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/words.h"

static const struct tg_word commands[] = {
    {"run", tg_cmd_run, "run a scenario and judge it against its targets"},
    {"gate", tg_cmd_gate, "compare two variants and prove that one is no slower"},
    {"selftest", tg_cmd_selftest, "what a gate would see on this machine"},
    {"before", tg_cmd_before, "begin a task: measure, and keep what is needed to do it again"},
    {"after", tg_cmd_after, "end a task: measure, and compare with what before has kept"},
    {"compare", tg_cmd_compare, "show the verdict on a task again"},
    {"baseline", tg_cmd_baseline, "keep measurements under a name, to compare with them later"},
    {"report", tg_cmd_report, "write what was measured for people and programs"},
    {"lint", tg_cmd_lint, "check scenarios without running them"},
    {"plan", tg_cmd_plan, "query plans, index coverage and verified remedies"},
    {"show", tg_cmd_show, "show a stored result"},
    {"engines", tg_cmd_engines, "list the engines and whether they can be used here"},
    {"doctor", tg_cmd_doctor, "check how well this machine can measure"},
};
static const struct tg_words words = {"tailgate", "command", commands,
                                      sizeof commands / sizeof *commands};

static void print_usage(FILE *to)
{
    fputs("Usage: tailgate COMMAND [ARGUMENT]...\n\n"
          "Runs deterministic workloads against a store and says whether it meets its targets.\n\n"
          "Commands:\n",
          to);
    tg_print_words(&words, to);
    fputs("\n"
          "  tailgate COMMAND --help   what a command takes\n"
          "  tailgate --version\n\n"
          "Exit codes: 0 pass, 1 regression or a target missed, 2 competitive regression,\n"
          "3 cannot tell, 4 usage, scenario or environment error.\n"
          "State is kept in .tailgate/, or where TAILGATE_HOME says.\n",
          to);
}

/* A full disk or a closed pipe must not look like a pass, nor leave it at an open question. */
static int flush_output(int exit_code)
{
    if (tg_output_written())
        return exit_code;
    fputs("tailgate: error: cannot write to standard output\n", stderr);
    return tg_exit_code_unwritten(exit_code);
}

/* Where a standard stream is closed, the next file to be opened would take its place, and what is
 * printed would go into it. This makes writing there an error instead. */
static void hold_standard_streams(void)
{
    int fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = dup(fd);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    hold_standard_streams();
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* ignored by a parent, how our own children ended is not known */
    if (argc < 2) {
        print_usage(stderr);
        return TG_EXIT_ERROR;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0) {
        puts("tailgate " TG_VERSION);
        return flush_output(TG_EXIT_PASS);
    }
    bool help = strcmp(name, "help") == 0;
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (help && argc == 2)) {
        print_usage(stdout);
        return flush_output(TG_EXIT_PASS);
    }
    const struct tg_word *command = tg_find_word(&words, help ? argv[2] : name);
    if (!command)
        return TG_EXIT_ERROR;
    if (help) {
        char option[] = "--help";
        char *arguments[] = {argv[2], option, NULL};
        return flush_output(command->run(2, arguments));
    }
    return flush_output(command->run(argc - 1, argv + 1));
}
