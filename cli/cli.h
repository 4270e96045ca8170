/* What the commands share: exit codes, printing of diagnostics, options that several of them take.
 */
#ifndef TG_CLI_CLI_H
#define TG_CLI_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/arena.h"
#include "common/diag.h"
#include "common/exit_code.h"
#include "runner/scenario/scenario.h"

/* Every command takes its own arguments, argv[0] being its name, and returns the exit code. */
int tg_cmd_run(int argc, char **argv);
int tg_cmd_gate(int argc, char **argv);
int tg_cmd_before(int argc, char **argv);
int tg_cmd_after(int argc, char **argv);
int tg_cmd_compare(int argc, char **argv);
int tg_cmd_baseline(int argc, char **argv);
int tg_cmd_report(int argc, char **argv);
int tg_cmd_lint(int argc, char **argv);
int tg_cmd_selftest(int argc, char **argv);
int tg_cmd_plan(int argc, char **argv);
int tg_cmd_show(int argc, char **argv);
int tg_cmd_engines(int argc, char **argv);
int tg_cmd_doctor(int argc, char **argv);

/* "PATH:LINE:COL: error: MESSAGE" and an indented hint, for each; what is the same in all of that
 * is said once. */
void tg_print_diags(const struct tg_diags *diags, FILE *to);

/* Has all that was printed on standard output so far reached it? */
bool tg_output_written(void);

/* The exit code where what belongs to it could not be written: bad news stays bad news, as the code
 * can still tell it; a pass or an open question is an error. */
int tg_exit_code_unwritten(int exit_code);

/* Columns of the terminal that standard output is, COLUMNS when it is set, else 100. */
int tg_terminal_columns(void);
/* A terminal, and neither NO_COLOR is set nor TERM=dumb. */
bool tg_use_color(FILE *to);

/* ---- options ---- */

struct tg_command_line {
    const char *name;             /* of the command */
    const char *help;             /* printed by --help, whole */
    const struct option *options; /* for getopt_long, zero-terminated; without help */
    /* Takes option `code` (the `val` of its entry) and its argument. */
    bool (*take)(void *context, int code, const char *argument);
    void *context;
    int least_operands, most_operands; /* most < 0: any number */
    /* Does the command's work; for tg_run_command. Returns the exit code. */
    int (*run)(void *context, char **operands, int operand_count);
};

/* Parses. *operands points into argv. Returns false when the command is to end with *exit_code:
 * after --help, and after an error, which has been printed with what to do. */
bool tg_parse_command_line(const struct tg_command_line *line, int argc, char **argv,
                           char ***operands, int *operand_count, int *exit_code);

/* Parses, and runs the command if there is nothing wrong. Returns the exit code. */
int tg_run_command(const struct tg_command_line *line, int argc, char **argv);

/* tg_parse_command_line for a command that takes no operand and no option but --json. */
bool tg_parse_json_only(const char *name, const char *help, int argc, char **argv, bool *json,
                        int *exit_code);

/* The argument of --budget; false, and a printed message about `command`, when it is none. */
bool tg_take_budget(const char *command, const char *argument, int64_t *budget_ns);

struct tg_overrides { /* collected --set options */
    struct tg_override *items;
    size_t count;
    struct tg_arena arena;
};
/* Adds "KEY=VALUE", which stood behind `option` (a literal: "--set"); false (and a printed message)
 * when it has no '='. */
bool tg_overrides_add(struct tg_overrides *overrides, const char *option, const char *argument);
/* Adds those of `more` behind the others; texts stay `more`'s. Where two set the same key the later
 * one counts. */
void tg_overrides_join(struct tg_overrides *overrides, const struct tg_overrides *more);
/* The variant in words: "cache_size=-2000, delay=20us", "the scenario as it stands". Lives in
 * `overrides`. */
const char *tg_overrides_words(struct tg_overrides *overrides);
/* Each as "KEY=VALUE", `count` of them, in `arena`. */
const char **tg_overrides_texts(const struct tg_overrides *overrides, struct tg_arena *arena);
void tg_overrides_free(struct tg_overrides *overrides);

/* tg_scenario_load, with the diagnostics printed. NULL on failure. */
struct tg_scenario *tg_load_scenario(const char *path, const struct tg_overrides *overrides);

#endif
