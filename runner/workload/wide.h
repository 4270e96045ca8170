/* The full product of two 64-bit numbers. */
#ifndef TG_RUNNER_WORKLOAD_WIDE_H
#define TG_RUNNER_WORKLOAD_WIDE_H

#include <stdint.h>

/* Upper 64 bits of a * b; the lower ones go to *low. */
static inline uint64_t tg_multiply_wide(uint64_t a, uint64_t b, uint64_t *low)
{
#ifdef __SIZEOF_INT128__
    const unsigned __int128 product = (unsigned __int128)a * b;
    *low = (uint64_t)product;
    return (uint64_t)(product >> 64);
#else
    const uint64_t a0 = (uint32_t)a, a1 = a >> 32;
    const uint64_t b0 = (uint32_t)b, b1 = b >> 32;
    const uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
    const uint64_t carry = a0 * b1 + (uint32_t)middle;
    *low = a * b;
    return a1 * b1 + (middle >> 32) + (carry >> 32);
#endif
}

#endif
