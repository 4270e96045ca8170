/* Errors as cases: a right scenario, of which each case replaces one line, and what is then said.
 * Included once per test program. */
#ifndef TG_TESTS_SCENARIO_CASES_H
#define TG_TESTS_SCENARIO_CASES_H

#include "scenario_support.h"

static const char *const base[] = {
    /*  1 */ "format = 1",
    /*  2 */ "name = \"base\"",
    /*  3 */ "[engine]",
    /*  4 */ "kind = \"sqlite\"",
    /*  5 */ "schema = \"schema.sql\"",
    /*  6 */ "[load.t]",
    /*  7 */ "rows = 100",
    /*  8 */ "id = { gen = \"sequential\" }",
    /*  9 */ "[op.get]",
    /* 10 */ "sql = \"SELECT * FROM t WHERE id = :id\"",
    /* 11 */ "id = { gen = \"pick\", of = \"t.id\" }",
    /* 12 */ "[[phase]]",
    /* 13 */ "name = \"steady\"",
    /* 14 */ "mix = \"get\"",
    /* 15 */ "count = 10",
};

enum { LINES = sizeof base / sizeof *base };

struct error_case {
    int line; /* replaced by `text` */
    const char *text;
    const char *said;
};

static inline void check_case(const struct error_case *one)
{
    struct tg_text text = {0};
    for (int i = 1; i <= LINES; i++)
        tg_text_addf(&text, "%s\n", i == one->line ? one->text : base[i - 1]);
    char *said;
    struct tg_scenario *scenario = load_bytes(text.data, text.length, NULL, 0, &said);
    if (strcmp(said, one->said) != 0)
        print_error("in the case: %s\n", one->text);
    assert_string_equal(said, one->said);
    free(said);
    tg_text_free(&text);
    tg_scenario_free(scenario);
}

static inline void check_cases(const struct error_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}

#define CHECK(cases) check_cases(cases, sizeof(cases) / sizeof *(cases))

#endif
