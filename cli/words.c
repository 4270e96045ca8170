#include "cli/words.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

static void complain(const struct tg_words *words, const char *name)
{
    const char **names = tg_calloc(words->count, sizeof *names);
    for (size_t i = 0; i < words->count; i++)
        names[i] = words->items[i].name;
    bool option = name[0] == '-';
    const char *nearest = option ? NULL : tg_nearest_name(name, names, words->count);
    fprintf(stderr, "%s: error: unknown %s \"%s\"\n", words->program,
            option ? "option" : words->noun, name);
    if (nearest)
        fprintf(stderr, "  hint: did you mean \"%s\"?\n", nearest);
    else
        fprintf(stderr, "  hint: \"%s --help\" lists the %ss\n", words->program, words->noun);
    free(names);
}

const struct tg_word *tg_find_word(const struct tg_words *words, const char *name)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i].name, name) == 0)
            return &words->items[i];
    complain(words, name);
    return NULL;
}

void tg_print_words(const struct tg_words *words, FILE *to)
{
    size_t width = 0;
    for (size_t i = 0; i < words->count; i++)
        if (strlen(words->items[i].name) > width)
            width = strlen(words->items[i].name);
    for (size_t i = 0; i < words->count; i++)
        fprintf(to, "  %-*s  %s\n", (int)width, words->items[i].name, words->items[i].summary);
}
