/* Ascending order of numbers. */
#ifndef TG_COMPARE_SORT_H
#define TG_COMPARE_SORT_H

#include <stddef.h>

/* None of `values` is NaN. */
void tg_sort(double *values, size_t count);

#endif
