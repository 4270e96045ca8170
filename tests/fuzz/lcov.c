/* An lcov tracefile. */
#include "tests/fuzz/code_coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    check_coverage_parser(tg_lcov_parse, bytes, length);
    return 0;
}
