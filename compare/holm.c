#include "compare/holm.h"

#include <math.h>

void tg_holm_adjust(const double *p, double *adjusted, size_t *order, size_t count)
{
    for (size_t i = 0; i < count; i++) { /* insertion: a gate has tens of metrics */
        size_t at = i;
        for (; at > 0 && p[order[at - 1]] > p[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    double highest = 0;
    for (size_t i = 0; i < count; i++) {
        highest = fmax(highest, fmin(1, (double)(count - i) * p[order[i]]));
        adjusted[order[i]] = highest;
    }
}
