/* Readers of code coverage: whatever the bytes are, one either gives a coverage that is one or says
 * an error. Shared by the fuzz targets of its formats. */
#ifndef TG_TESTS_FUZZ_CODE_COVERAGE_H
#define TG_TESTS_FUZZ_CODE_COVERAGE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "reports/milestone/inputs.h"
#include "tests/fuzz/fuzz.h"

typedef enum tg_status coverage_parser(const char *text, size_t length, const char *path,
                                       struct tg_milestone_code_coverage *coverage,
                                       struct tg_diags *diags);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_coverage_parser(coverage_parser *parse, const uint8_t *bytes, size_t length)
{
    struct tg_diags diags = {0};
    struct tg_milestone_code_coverage coverage = {0};
    struct tg_text text = {0}; /* as a file is read: with a NUL behind it */
    tg_text_add_bytes(&text, bytes, length);
    enum tg_status status = parse(tg_text_string(&text), length, "coverage", &coverage, &diags);
    check((status == TG_OK) == (diags.errors == 0));
    check(coverage.given == (status == TG_OK));
    if (status == TG_OK) {
        check(coverage.line_rate >= 0 && coverage.line_rate <= 1);
        check(isnan(coverage.branch_rate) ||
              (coverage.branch_rate >= 0 && coverage.branch_rate <= 1));
        check(coverage.lines_covered >= 0 && coverage.lines_covered <= coverage.lines);
    }
    tg_text_free(&text);
    tg_diags_free(&diags);
}

#endif
