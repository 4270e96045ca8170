/* A Cobertura report: whatever the bytes are, the reader either gives a coverage that is one or
 * says an error. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "reports/milestone/inputs.h"
#include "tests/fuzz/fuzz.h"

static void check(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct tg_diags diags = {0};
    struct tg_milestone_code_coverage coverage = {0};
    struct tg_text text = {0}; /* as a file is read: with a NUL behind it */
    tg_text_add_bytes(&text, bytes, length);
    enum tg_status status =
        tg_cobertura_parse(tg_text_string(&text), length, "coverage.xml", &coverage, &diags);
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
    return 0;
}
