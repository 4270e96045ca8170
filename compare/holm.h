/* Several hypotheses, any of which could fail a gate: the chance that even one of them is rejected
 * wrongly stays at the level, whatever their dependence (Holm 1979, Scandinavian Journal of
 * Statistics 6: 65-70). */
#ifndef TG_COMPARE_HOLM_H
#define TG_COMPARE_HOLM_H

#include <stddef.h>

/* adjusted[i] = the smallest level at which hypothesis i is rejected: R's p.adjust(p, "holm").
 * `p` and `adjusted`: `count` numbers in [0, 1], in the same order; they may be the same
 * array. `order` is scratch for `count` indices. */
void tg_holm_adjust(const double *p, double *adjusted, size_t *order, size_t count);

#endif
