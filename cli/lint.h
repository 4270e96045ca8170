/* tailgate lint FILE... [--set KEY=VALUE]: checks scenarios without running anything. */
#ifndef TG_CLI_LINT_H
#define TG_CLI_LINT_H

/* argv[0] is "lint". Returns the exit code: 0 when no file has an error, else 4. */
int tg_cmd_lint(int argc, char **argv);

#endif
