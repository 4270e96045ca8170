/* Words that choose what runs: the commands of tailgate, the kinds of a report. */
#ifndef TG_CLI_WORDS_H
#define TG_CLI_WORDS_H

#include <stddef.h>
#include <stdio.h>

struct tg_word {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the word; returns the exit code */
    const char *summary;
};

struct tg_words {
    const char *program; /* what stands before the word: "tailgate report" */
    const char *noun;    /* "kind"; its plural takes an s */
    const struct tg_word *items;
    size_t count;
};

/* The word called `name`. One that there is not is complained of on standard error, with the one
 * that was probably meant, and NULL. */
const struct tg_word *tg_find_word(const struct tg_words *words, const char *name);
/* A line for each: its name and what it does. */
void tg_print_words(const struct tg_words *words, FILE *to);

#endif
