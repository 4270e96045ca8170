/* What results and comparisons are found by, which are kept on shelves of the same kind. */
#ifndef TG_TESTS_UNIT_SHELF_NAMES_H
#define TG_TESTS_UNIT_SHELF_NAMES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <string.h>

#include "common/diag.h"
#include "common/text.h"

struct names {
    enum tg_status (*find)(const char *home, const char *name, char **path, struct tg_diags *diags);
    const char *home;
    const char *folder;   /* of the shelf */
    const char *document; /* of each thing */
    struct tg_diags *diags;
};

/* `name` (NULL: none) means the thing of that id. */
static void check_found(const struct names *names, const char *name, const char *id)
{
    char *path = NULL;
    char *expected = tg_format("%s/%s/%s/%s", names->home, names->folder, id, names->document);
    if (names->find(names->home, name, &path, names->diags) != TG_OK)
        fail_msg("%s", names->diags->items[names->diags->count - 1].message);
    assert_string_equal(path, expected);
    free(path);
    free(expected);
}

/* ... or nothing, and that is said. `hint` may be NULL. */
static void check_not_found(const struct names *names, const char *name, const char *message,
                            const char *hint)
{
    char *path = NULL;
    assert_int_equal(names->find(names->home, name, &path, names->diags), TG_INVALID);
    assert_null(path);
    const struct tg_diag *diag = &names->diags->items[names->diags->count - 1];
    assert_non_null(strstr(diag->message, message));
    if (hint)
        assert_non_null(strstr(diag->hint, hint));
}

#endif
