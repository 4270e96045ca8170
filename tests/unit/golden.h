/* Golden files, tests/corpus/golden/: read by a person before they were committed. */
#ifndef TG_TESTS_UNIT_GOLDEN_H
#define TG_TESTS_UNIT_GOLDEN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/file.h"

/* TAILGATE_GOLDEN=write makes the files anew after a wanted change; look at the difference. */
static void check_golden(const char *name, const struct tg_text *text)
{
    struct tg_diags diags = {0};
    struct tg_text expected = {0};
    char *path = tg_format("tests/corpus/golden/%s", name);
    const char *mode = getenv("TAILGATE_GOLDEN");
    if (mode && strcmp(mode, "write") == 0)
        assert_int_equal(tg_file_write(path, text->data, text->length, true, &diags), TG_OK);
    assert_int_equal(tg_file_read(path, 1 << 20, &expected, &diags), TG_OK);
    if (strcmp(expected.data, text->data) != 0)
        fprintf(stderr, "differs from %s:\n%s", path, text->data);
    assert_string_equal(text->data, expected.data);
    tg_text_free(&expected);
    tg_diags_free(&diags);
    free(path);
}

#endif
