/* What every command does with its options besides getopt_long. */
#ifndef TG_CLI_OPTIONS_H
#define TG_CLI_OPTIONS_H

#include <getopt.h>

/* After getopt_long returned '?' or ':' (with opterr = 0): says on standard error what is wrong
 * with the option, naming the nearest one there is. Returns TG_EXIT_ERROR. */
int tg_bad_option(const char *command, char *const *argv, int returned,
                  const struct option *options);

/* Says that `argument` is one too many for `command`. Returns TG_EXIT_ERROR. */
int tg_extra_argument(const char *command, const char *argument);

#endif
