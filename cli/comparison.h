/* Showing a comparison: what gate, after and compare have in common. */
#ifndef TG_CLI_COMPARISON_H
#define TG_CLI_COMPARISON_H

#include <stdbool.h>

#include "gate/comparison.h"

/* Judges and prints the report; returns the exit code. */
int tg_print_comparison(const struct tg_comparison *comparison, bool allow_inconclusive);

#endif
