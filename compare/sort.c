#include "compare/sort.h"

#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void tg_sort(double *values, size_t count)
{
    if (count > 1) /* qsort may not be handed a null pointer, not even with nothing behind it */
        qsort(values, count, sizeof *values, ascending);
}
