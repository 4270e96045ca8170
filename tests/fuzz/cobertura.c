/* A Cobertura report. */
#include "tests/fuzz/code_coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    check_coverage_parser(tg_cobertura_parse, bytes, length);
    return 0;
}
