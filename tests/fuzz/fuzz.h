#ifndef TG_TESTS_FUZZ_FUZZ_H
#define TG_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* The function that libFuzzer calls, and the replay program as well. Returns 0; whatever is wrong
 * aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
