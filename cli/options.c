#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "common/text.h"

static int complain(const char *command, struct tg_diags *diags)
{
    struct tg_diag *diag = &diags->items[diags->count - 1];
    if (!diag->hint)
        tg_diag_hint(diag, "`tailgate %s --help` lists the options", command);
    tg_print_diags(diags, stderr);
    tg_diags_free(diags);
    return TG_EXIT_ERROR;
}

static const char *nearest_option(const char *name, const struct option *options)
{
    enum { MOST = 64 };
    const char *names[MOST];
    size_t count = 0;
    for (; options[count].name && count < MOST; count++)
        names[count] = options[count].name;
    return tg_nearest_name(name, names, count);
}

int tg_bad_option(const char *command, char *const *argv, int returned,
                  const struct option *options)
{
    struct tg_diags diags = {0};
    /* getopt_long is past the word it refused, and gives optopt for a short option alone, or for a
     * long one whose argument is wrong. */
    const char *word = argv[optind - 1];
    if (!tg_starts_with(word, "--")) {
        tg_diag_error(&diags, (struct tg_place){0}, "unknown option \"-%c\"", optopt);
        return complain(command, &diags);
    }
    char *name = tg_format("%.*s", (int)strcspn(word + 2, "="), word + 2);
    if (returned == ':') {
        tg_diag_error(&diags, (struct tg_place){0}, "option \"--%s\" needs a value", name);
    } else if (optopt) {
        tg_diag_error(&diags, (struct tg_place){0}, "option \"--%s\" takes no value", name);
    } else {
        const char *nearest = nearest_option(name, options);
        struct tg_diag *diag =
            tg_diag_error(&diags, (struct tg_place){0}, "unknown option \"--%s\"", name);
        if (nearest)
            tg_diag_hint(diag, "did you mean \"--%s\"?", nearest);
    }
    free(name);
    return complain(command, &diags);
}

int tg_extra_argument(const char *command, const char *argument)
{
    struct tg_diags diags = {0};
    tg_diag_error(&diags, (struct tg_place){0}, "unexpected argument \"%s\"", argument);
    return complain(command, &diags);
}
